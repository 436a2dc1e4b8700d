"""Signs, and engagements that count, computed once more from the YAML alone."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from itgov.cli.main import main
from itgov.files.repository import find_repository
from itgov.insight.flow import Flow

from .test_reach_recomputed import ROWS

DAY = datetime.date(2026, 11, 23)
Json = dict[str, Any]

SIDES = {
    "ann": "business",
    "bob": "business",
    "ivy": "it",
    "jon": None,
    "mia": "business",
    "max": "it",
}
"""Mia and Max are relationship managers; Jon's side is not recorded."""
MANAGERS = ("mia", "max")


# -- the definitions, from docs/managers.md, without any of the program's code ---------------


class Files:
    """What the files say, read by PyYAML."""

    def __init__(self, root: Path) -> None:
        said = yaml.safe_load((root / "portfolios/organisation.yaml").read_text())
        self.people = {p["id"]: p for p in said["people"]}
        self.posts = {m["person"]: m for m in said["relationship_managers"]}
        self.units: dict[str, Json] = {}
        for path in sorted((root / "portfolios").glob("u*.yaml")):
            file = yaml.safe_load(path.read_text())
            self.units[file["business_unit"]["id"]] = file

    def manager_of(self, unit: Json, item: Json) -> str | None:
        return item.get("relationship_manager") or unit["business_unit"].get("relationship_manager")

    def serves(self, person: str) -> set[str]:
        found = set(self.posts[person].get("serves", [])) & self.units.keys()
        for name, unit in self.units.items():
            named = [unit["business_unit"].get("relationship_manager")]
            named += [
                i.get("relationship_manager")
                for i in unit["investments"]
                if i.get("stage") != "stopped"
            ]
            if person in named:
                found.add(name)
        return found

    def gone(self, person: str | None, day: datetime.date) -> bool:
        left = self.people.get(person or "", {}).get("left")
        return left is not None and left < day

    def is_business(self, person: str | None, day: datetime.date) -> bool:
        side = self.people.get(person or "", {}).get("side")
        return side == "business" and person not in self.posts and not self.gone(person, day)

    def managers_on(self, name: str, day: datetime.date) -> set[str]:
        unit = self.units[name]["business_unit"]
        now = unit.get("relationship_manager")
        rows = [(h["person"], h.get("from"), h.get("to")) for h in unit.get("held", [])]
        then = {
            p
            for p, since, to in rows
            if (since is None or since <= day) and (to is None or day <= to)
        }
        ends = [
            DAY if to is None else min(to, DAY)
            for p, since, to in rows
            if since is None or since <= min(to or DAY, DAY)
        ]
        if len(then) > 1:
            then = set()
        elif not then and (not ends or day > max(ends)) and now:
            then = {now}
        then |= {p for p in self.posts if p != now and name in self.serves(p)}
        return {p for p in then if not self.gone(p, day)}

    def present(self, engagement: Json) -> set[str]:
        return {p for p in (engagement.get("by"), *engagement.get("with", [])) if p}

    def met(self, name: str, engagement: Json) -> tuple[bool, bool]:
        """Say whether the manager, and whether the business, took part."""
        there, managers = self.present(engagement), self.managers_on(name, engagement["date"])
        return bool(there & managers), any(
            self.is_business(p, engagement["date"]) for p in there - managers
        )

    def weight(self, row: Json) -> float:
        return row.get("budget") or 0

    def signs(self, person: str) -> set[tuple[str, str | None, str]]:
        post, found = self.posts[person], set()
        if post.get("represents"):
            found.add(("represents", None, post["represents"]))
        served = self.serves(person)
        heard: dict[str | None, str] = {}
        answers = [
            a for a in post.get("represents_seen_by", []) if a["on"] <= DAY and a.get("says")
        ]
        for answer in sorted(answers, key=lambda a: a["on"]):
            if self.is_business(answer.get("by"), answer["on"]):
                unit = self.people[answer["by"]].get("business_unit")
                heard[unit if unit in served else None] = answer["says"]
        found |= {("seen-by-business", unit, side) for unit, side in heard.items()}
        boss = self.people.get(post.get("reports_to") or "", {}).get("side")
        if boss == "business":
            found.add(("reports-to", None, "customer"))
        elif boss == "it":
            since = post.get("position_since")
            late = since is not None and (DAY - since).days > 365
            found.add(("reports-to", None, "supplier" if late else "middle"))
        judge = self.people.get(post.get("appraised_by") or "", {}).get("side")
        if judge:
            found.add(("appraised-by", None, "customer" if judge == "business" else "supplier"))
        found |= self.measured(post, served) | self.stepped(post)
        for unit in served:
            found |= self.in_unit(person, unit)
        return found

    def measured(self, post: Json, served: set[str]) -> set[tuple[str, str | None, str]]:
        named = set(post.get("measured_by", []))
        outcomes = {
            f"{i['id']}/{o['id']}": (name, o.get("measure") == "m")
            for name, unit in self.units.items() for i in unit["investments"] for o in i["outcomes"]
        }  # fmt: skip
        known = [outcomes[n] for n in named if n in outcomes]
        if known and not any(u in served for u, _ in known):
            return {("measured-by", None, "supplier")}
        if known and len(known) == len(named) and all(u in served and has for u, has in known):
            return {("measured-by", None, "customer")}
        return set()

    def stepped(self, post: Json) -> set[tuple[str, str | None, str]]:
        ended = []
        for step in post.get("steps", []):
            done, due = step.get("done"), step.get("due")
            if done is None or done > DAY:
                ended += ["bad"] if due is not None and due < DAY else []
            elif not self.is_business(step.get("confirmed_by"), done):
                ended.append("bad")
            else:
                ended.append("good" if due is None or done <= due else "late")
        if "bad" in ended:
            return {("steps", None, "middle")}
        return {("steps", None, "customer")} if ended and "late" not in ended else set()

    def in_unit(self, person: str, name: str) -> set[tuple[str, str | None, str]]:
        unit, found = self.units[name], set()
        for item in unit["investments"]:
            if item.get("stage") != "stopped" and self.manager_of(unit, item) == person:
                if item.get("delivery_lead") == person:
                    found.add(("delivers", name, "supplier"))
                if item.get("outcome_owner") == person:
                    found.add(("owns-outcome", name, "middle"))
        taken = missed = 0
        for engagement in unit["engagements"]:
            managers = self.managers_on(name, engagement["date"])
            there = self.present(engagement)
            if not 0 <= (DAY - engagement["date"]).days <= 365 or person not in managers:
                continue
            if not self.met(name, engagement)[1]:
                continue
            taken += person in there
            missed += person not in there
        if taken + missed and taken / (taken + missed) >= 0.75:
            found.add(("takes-part", name, "customer"))
        elif taken < missed:
            found.add(("takes-part", name, "supplier"))
        return found | self.raised(person, name)

    def raised(self, person: str, name: str) -> set[tuple[str, str | None, str]]:
        stories: dict[str, Json] = {}
        for engagement in sorted(self.units[name]["engagements"], key=lambda e: e["date"]):
            if engagement["date"] > DAY or self.met(name, engagement) != (True, True):
                continue
            for said in engagement["opportunities"]:
                story = stories.setdefault(said["id"], {"on": engagement["date"]})
                story.setdefault("by", said.get("raised_by"))
                story["by"] = story["by"] or said.get("raised_by")
                story["item"] = said.get("investment") or story.get("item")
        items = {i["id"]: i for unit in self.units.values() for i in unit["investments"]}
        adds, keeps = 0, 0
        for story in stories.values():
            item = items.get(story["item"] or "")
            if story["by"] != person or item is None:
                continue
            year = story["on"].year  # the fiscal year is the calendar's
            spend: dict[int, float] = {}
            for row in item["spend"]:
                spend[row["year"]] = spend.get(row["year"], 0) + self.weight(row)
            before = spend.get(year - 1)
            start = item.get("start")
            if before is None and start is not None and start.year >= year:
                before = 0
            if before is None:
                continue
            later = sorted(y for y in spend if y >= year)
            if item.get("stage") == "stopped":
                keeps += 1
            elif later:
                adds, keeps = (
                    adds + (spend[later[-1]] > before),
                    keeps + (spend[later[-1]] <= before),
                )
        if adds + keeps and keeps >= adds:
            return {("opportunities", name, "customer")}
        return {("opportunities", name, "supplier")} if adds > 3 * keeps else set()


# -- random portfolios -----------------------------------------------------------------------

WHO = st.sampled_from([*SIDES, "ghost", None])
DAYS = st.sampled_from(
    [datetime.date(*d) for d in [(2024, 5, 1), (2025, 11, 22), (2025, 11, 23), (2026, 3, 1), (2026, 8, 25), (2026, 11, 22), (2026, 11, 23), (2026, 11, 24)]]
)  # fmt: skip
SIDE = st.sampled_from(["customer", "supplier", "middle", None])
UNITS = ("u0", "u1")


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Json]:
    """Draw a mapping without the fields that come out as nothing."""
    drawn = st.fixed_dictionaries(fields)
    return drawn.map(lambda d: {k.rstrip("_"): v for k, v in d.items() if v is not None})


MAYBE_DAY = st.one_of(st.none(), DAYS)
OPPORTUNITIES = st.lists(
    some(id=st.sampled_from("ab"), raised_by=WHO, investment=st.sampled_from(["u0-0", "u1-0", None])),
    max_size=2, unique_by=lambda o: o["id"],
)  # fmt: skip
ENGAGEMENTS = st.lists(
    some(date=DAYS, by=WHO, with_=st.lists(WHO.filter(bool), max_size=2), opportunities=OPPORTUNITIES,
         satisfaction=some(score=st.integers(1, 5), by=WHO)),
    max_size=5,
)  # fmt: skip
ITEMS = st.lists(
    some(
        relationship_manager=WHO, delivery_lead=WHO, outcome_owner=WHO, spend=ROWS,
        stage=st.sampled_from(["stopped", None]), start=MAYBE_DAY,
        outcomes=st.lists(some(measure=st.sampled_from(["m", "TBD", None])), max_size=2),
    ),
    max_size=2,
)  # fmt: skip
HELD = st.lists(
    some(role=st.just("relationship_manager"), person=WHO.filter(bool), from_=MAYBE_DAY, to=MAYBE_DAY)
    .filter(lambda h: h.get("from") is None or h.get("to") is None or h["from"] <= h["to"]),
    max_size=1,
)  # fmt: skip
POSTS = some(
    serves=st.lists(st.sampled_from(UNITS), max_size=1), represents=SIDE, position_since=MAYBE_DAY,
    reports_to=st.sampled_from(["ann", "ivy", "jon", "ghost", None]),
    appraised_by=st.sampled_from(["ann", "ivy", "jon", "ghost", None]),
    measured_by=st.lists(st.sampled_from(["u0-0/o0", "u0-0/o1", "u1-0/o0", "u0-0/none"]), max_size=2),
    represents_seen_by=st.lists(some(on=DAYS, by=WHO, says=SIDE), max_size=3),
    steps=st.lists(some(what=st.just("w"), due=MAYBE_DAY, done=MAYBE_DAY, confirmed_by=WHO), max_size=2),
)  # fmt: skip
UNIT = st.tuples(ITEMS, ENGAGEMENTS, WHO, HELD)
LEFT = st.dictionaries(st.sampled_from([*SIDES]), DAYS, max_size=3)
"""Who left, and on which day."""


def write(root: Path, posts: tuple[Json, Json], units: tuple[Any, ...], left: Json) -> None:
    (root / "portfolios").mkdir()
    people = [{"id": p, "name": p, **({"side": s} if s else {})} for p, s in SIDES.items()]
    people = [{**p, **({"left": left[p["id"]]} if p["id"] in left else {})} for p in people]
    people[0]["business_unit"], people[1]["business_unit"] = UNITS
    organisation = {
        "organisation": {"id": "o"},
        "people": people,
        "relationship_managers": [{"person": p, **m} for p, m in zip(MANAGERS, posts, strict=True)],
    }
    (root / "portfolios/organisation.yaml").write_text(yaml.safe_dump(organisation))
    for name, (items, engagements, manager, held) in zip(UNITS, units, strict=True):
        for number, item in enumerate(items):
            item |= {"id": f"{name}-{number}", "title": "T"}
            item["outcomes"] = [{**o, "id": f"o{n}"} for n, o in enumerate(item["outcomes"])]
        unit = {"id": name, "held": held, **({"relationship_manager": manager} if manager else {})}
        file = {"business_unit": unit, "investments": items, "engagements": engagements}
        (root / f"portfolios/{name}.yaml").write_text(yaml.safe_dump(file))


@given(posts=st.tuples(POSTS, POSTS), units=st.tuples(UNIT, UNIT), left=LEFT)
def test_signs_and_counting_engagements_are_what_the_files_say(
    posts: tuple[Json, Json],
    units: tuple[Any, ...],
    left: Json,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    root = tmp_path_factory.mktemp("p")
    write(root, posts, units, left)
    files = Files(root)
    for card in told(root):
        signs = [(s["sign"], s["unit"], s["side"]) for s in card["signs"]]
        assert len(signs) == len(set(signs))
        assert set(signs) == files.signs(card["person"])
        assert all((s["sign"] == "represents") == s["declared"] for s in card["signs"])
    portfolio = Flow(find_repository(root)).linked(DAY).portfolio
    for name in UNITS:
        unit, read = portfolio.units[name], files.units[name]["engagements"]
        counting = [files.met(name, e) == (True, True) for e in read]
        assert [e.facts.counts for e in unit.engagements] == counting
        past = [(e, c) for e, c in zip(read, counting, strict=True) if e["date"] <= DAY]
        assert unit.facts.engagement_count == sum(c for _, c in past)
        assert unit.facts.engagements_not_counted == sum(not c for _, c in past)
        ages = [(DAY - e["date"]).days for e, c in past if c]
        assert unit.facts.days_since_engagement == min(ages, default=None)
        scores = [
            e["satisfaction"]["score"]
            for e, c in past
            if c
            and (DAY - e["date"]).days <= 365
            and files.is_business(e["satisfaction"].get("by"), e["date"])
            and e["satisfaction"].get("by") not in files.managers_on(name, e["date"])
        ]
        wanted = sum(scores) / len(scores) if scores else None
        assert unit.facts.satisfaction == wanted


def told(root: Path) -> list[Json]:
    output = root / "managers.json"
    arguments = ["--as-of", str(DAY), "--format", "json", "--output", str(output)]
    assert main(["managers", str(root), *arguments]) == 0
    found: list[Json] = json.loads(output.read_text())["managers"]
    return found
