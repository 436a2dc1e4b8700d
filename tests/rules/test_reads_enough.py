"""A rule that is given only what it reads ends as one that is given everything."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ..support.examples import many

NAMES = ["ann", "tom", "bob", "zed", "u", "2026-11-23"]
TEXTS = {
    "investment": ["investment.outcome_owner", "investment.sponsor", "investment.objective", "investment.title", "investment.custom.who", "investment.custom['who']", "investment.outcomes[0].statement", "investment.gates[0].approved_by"],
    "outcome": ["outcome.statement", "outcome.id", "investment.sponsor", "investment.outcomes[0].statement"],
    "business_unit": ["business_unit.id", "business_unit.name"],
    "engagement": ["engagement.by", "engagement.with[0]", "engagement.actions[0].owner", "engagement.summary"],
    "organisation": ["organisation.name"],
    "person": ["person.id", "person.business_unit"],
    "relationship_manager": ["relationship_manager.reports_to", "relationship_manager.person", "relationship_manager.serves[0]"],
}  # fmt: skip
LISTS = {
    "investment": ["investment.business_changes", "investment.gates.map(g, g.approved_by)", "investment.outcomes.filter(o, o.target > 1).map(o, o.statement)", "investment.custom.map(k, k)"],
    "outcome": ["investment.outcomes.map(o, o.statement)", "investment.business_changes"],
    "engagement": ["engagement.with", "engagement.actions.map(a, a.owner)"],
    "relationship_manager": ["relationship_manager.serves"],
}  # fmt: skip
EVERYWHERE = ["organisation.id", "organisation.waivers[0].approved_by", "today", "'ann'", "'bob'"]
LISTS_EVERYWHERE = ["organisation.waivers.map(w, w.approved_by)", "organisation.business_units"]
IN_UNITS = ("investment", "outcome", "engagement")


class Writer:
    """Writes expressions by chance; `variables` are those of loops around, which hold texts."""

    def __init__(self, r: random.Random, kind: str) -> None:
        self.r, self.kind = r, kind
        unit = ["business_unit.head", "business_unit.relationship_managers[0]"]
        units = ["business_unit.relationship_managers"]
        here = kind in (*IN_UNITS, "business_unit")
        self.texts = [*TEXTS[kind], *EVERYWHERE, *(unit if here else [])]
        self.lists = [*LISTS.get(kind, []), *LISTS_EVERYWHERE, *(units if here else [])]
        self.variables: list[str] = []

    def text(self, depth: int) -> str:
        chosen = self.r.random()
        if depth < 1 or chosen < 0.45:
            return self.r.choice([*self.texts, *self.variables * 4])
        some = self.text(depth - 1)
        if chosen < 0.6:
            return f"relationship_managers[{some}].reports_to"
        if chosen < 0.7:
            return f"people[{some}].business_unit"
        if chosen < 0.8:
            return f"({self.condition(depth - 1)} ? {some} : {self.text(depth - 1)})"
        if chosen < 0.88:
            return f"{self.list(depth - 1)}[0]"
        if chosen < 0.94 and self.kind in ("investment", "outcome"):
            return f"investment.custom[{some}]"
        return f"({some} + {self.text(depth - 1)})"

    def list(self, depth: int) -> str:
        chosen = self.r.random()
        if depth < 1 or chosen < 0.6:
            return self.r.choice(self.lists)
        if chosen < 0.8:
            return f"[{self.text(depth - 1)}, {self.text(depth - 1)}]"
        return self.loop(self.list(depth - 1), self.r.choice(["map", "filter"]), depth)

    def loop(self, over: str, macro: str, depth: int) -> str:
        name = self.r.choice(["x", "y", "people_", "investment", "people"])
        self.variables.append(name)
        body = self.text(depth - 1) if macro == "map" else self.condition(depth - 1)
        self.variables.pop()
        return f"{over}.{macro}({name}, {body})"

    def condition(self, depth: int) -> str:
        r, some = self.r, self.text(depth - 1)
        found = [
            f"{some} in people",
            f"{some} in relationship_managers",
            f"people[{some}].side == 'it'",
            f"people[{some}].left != null",
            f"has(people[{some}].side)",
            f"relationship_managers[{some}].represents == 'customer'",
            f"{some} == {self.text(depth - 1)}",
            f"{some} != null",
        ]
        if depth > 0:
            one, other = self.condition(depth - 1), self.condition(depth - 1)
            found = [r.choice(found), f"({one} && {other})", f"({one} || {other})", f"!({one})"]
            found.append(f"({one} ? {other} : {some} == 'u')")
            found += [f"people[{some}].left == null || {one}", f"{some} in people && {other}"]
            found.append(f"{self.list(depth - 1)}.size() > 1")
            for macro in ("all", "exists", "exists_one"):
                found.append(self.loop(self.list(depth - 1), macro, depth))
            found += [f"{some} in {self.list(depth - 1)}"]
            if r.random() < 0.05:  # in what order a map is gone through is not promised
                found += ["people.size() > 3", f"people.exists(p, people[p].side == {some})"]
        return r.choice(found)

    def message(self) -> str:
        some = [self.text(2), self.list(1), f"people[{self.text(1)}].name", self.condition(1)]
        return (
            "people say: {"
            + r"} {".join(self.r.sample(some, self.r.choice([0, 1, 2])) or ["1"])
            + "}"
        )


def write(root: Path, seed: int) -> None:
    """Write a repository in which much is missing, and rules that look up whoever they can."""
    r = random.Random(seed)  # one seed makes one repository: easy to come back to

    def some(**choices):
        return {k: r.choice(v) for k, v in choices.items() if r.random() < 0.6}

    rules = []
    for number in range(r.choice([1, 1, 1, 2, 5])):
        kind = r.choice([*TEXTS, "investment", "business_unit", "outcome"])
        writer = Writer(r, kind)
        rule = {
            "id": f"X-{number:03d}",
            "name": f"x{number}",
            "for": kind,
            "assert": writer.condition(3),
        }
        if r.random() < 0.3:
            rule["when"] = writer.condition(2)
        if r.random() < 0.7:
            rule["message"] = writer.message()
        rules.append(rule)
    waivers = [[{"rule": "X-001", "approved_by": n}] for n in NAMES]
    files = {
        "rules/r.yaml": {"rules": rules},
        "portfolios/organisation.yaml": {
            "organisation": {"id": r.choice(["o", "bob"]), **some(name=NAMES, waivers=waivers)},
            "people": [
                {"id": n, "name": n.title(), **some(side=["business", "it"], business_unit=NAMES, left=["2026-01-01"])}
                for n in NAMES if r.random() < 0.8
            ],
            "relationship_managers": [
                {"person": n, "serves": ["u"], **some(reports_to=NAMES, represents=["customer", "middle"])}
                for n in NAMES if r.random() < 0.5
            ],
        },
    }  # fmt: skip
    for unit in ("u", "v"):
        files[f"portfolios/{unit}.yaml"] = {
            "business_unit": {"id": unit, **some(head=NAMES, name=NAMES)},
            "investments": [
                {
                    "id": f"{unit}-{i}",
                    "title": r.choice(["who", *NAMES]),
                    **some(
                        outcome_owner=NAMES, sponsor=NAMES, objective=NAMES,
                        business_changes=[["ann"], ["zed", "x"]], custom=[{"who": "zed"}, {"tom": "bob"}],
                        gates=[[{"gate": "g", "approved_by": n}] for n in NAMES],
                    ),
                    "outcomes": [
                        {"id": f"o{n}", **some(target=[1, 5.5], statement=NAMES)}
                        for n in range(r.choice([0, 1, 2]))
                    ],
                }
                for i in range(r.choice([0, 1, 3]))
            ],
            "engagements": [
                {"date": f"2026-0{i + 1}-01", "with": r.sample(NAMES, r.choice([0, 1, 2])), **some(by=NAMES, summary=NAMES, actions=[[{"what": "w", "owner": "ann"}], [{"what": "w"}]])}
                for i in range(r.choice([0, 1, 2]))
            ],
        }  # fmt: skip
    for path, content in files.items():
        full = root / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


@settings(max_examples=many(200))
@given(seed=st.integers(0, 2**32))
@example(seed=0)
def test_what_a_rule_reads_is_all_that_it_needs(tmp_path_factory, differences, seed) -> None:
    root = tmp_path_factory.mktemp("reads")
    write(root, seed)
    found, _ = differences(root)
    assert found == []


WAIVED = """\
organisation:
  id: o
  waivers: [{rule: X-009, reason: r, until: 2027-01-01, approved_by: ann}]
people: [{id: ann, name: Ann, side: business}]
"""


@pytest.mark.parametrize("message", ["unknown", "unknown people", "{business_unit.id}"])
def test_the_words_of_a_message_decide_nothing(repo, rule, rules, message) -> None:
    condition = "organisation.waivers.all(w, w.approved_by in people)"
    there = repo(
        rules(rule(condition, kind="business_unit", message=f'"{message}"')), organisation=WAIVED
    )
    assert there.judge("--select", "X-001") == []


def test_history_rules_without_git_are_counted_beside_a_message_that_fails(repo, rule, rules):
    there = repo(
        rules(
            rule("investment.outcome_owner_changes < 9", identifier="X-001"),
            rule("false", identifier="X-002", message="'{people[investment.title].name}'"),
        )
    )
    assert [f["rule"] for f in there.judge() if f.get("unevaluated")] == ["HIS-000"]
