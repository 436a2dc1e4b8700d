"""Engagement health, computed once more from the YAML, health.yaml and the findings alone."""

from __future__ import annotations

import datetime
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from itgov.cli.main import main

from .test_reach_recomputed import ITEMS

DAY = datetime.date(2026, 11, 23)
Json = dict[str, Any]
KINDS = {
    "T-001": ("investment", "summary"), "T-002": ("outcome", "measure"), "T-003": ("business_unit", "head"),
    "T-004": ("relationship_manager", "title"), "T-005": ("engagement", "summary"),
}  # fmt: skip
RULES = {
    "rules": [
        {"id": rule, "name": rule.lower(), "for": kind, "require": [field]}
        for rule, (kind, field) in KINDS.items()
    ]
}
WEIGHTS = st.sampled_from([0.5, 1, 2.5, 10])
HEALTHS = st.builds(
    lambda weights, enough, decisive, fixed: {
        "enough_evidence": enough,
        "caps": [{"when": "business_unit.has_manager == false", "at_most": 49}],
        "dimensions": [
            {"id": "items", "weight": weights[0], "rules": ["T-001", "T-002"]},
            {"id": "people", "weight": weights[1], "rules": ["T-004", "T-003"], "decisive": decisive},
            {"id": "talk", "weight": weights[2], "rules": ["T-005"]},
            {"id": "fixed", "weight": weights[3], "score": "dyn(null)" if fixed is None else f"dyn({fixed})"},
        ],
    },
    st.tuples(WEIGHTS, WEIGHTS, WEIGHTS, WEIGHTS), st.sampled_from([0, 0.6, 1]),
    st.sampled_from([[], ["T-004"], ["T-003"]]), st.sampled_from([None, 0.0, 0.4, 1.0]),
)  # fmt: skip
WORDS = st.sampled_from([{}, {"summary": "Said"}])
UNITS = st.lists(
    st.fixed_dictionaries(
        {
            "head": st.booleans(),
            "items": st.lists(st.tuples(ITEMS, WORDS), max_size=3),
            "talks": st.lists(WORDS, max_size=2),
        }
    ),
    min_size=1, max_size=3,
)  # fmt: skip
MANAGERS = st.lists(
    st.fixed_dictionaries(
        {
            "serves": st.lists(st.sampled_from(["u0", "u1"]), unique=True, max_size=2),
            "left": st.sampled_from([None, DAY, DAY + datetime.timedelta(days=1)]),
            "title": st.booleans(),
        }
    ),
    max_size=3,
)


# -- the definitions, from docs/health.md, without any of the program's code -------------------


def subjects(unit: Json, managers: list[Json]) -> dict[str, dict[str, Fraction]]:
    """Return the weight of each subject of a unit, by kind."""
    items = unit.get("investments", [])
    spends = [sum(Fraction(str(row["budget"])) for row in i["spend"]) for i in items]
    if not sum(spends):
        spends = [Fraction(1)] * len(items)
    whole = sum(spends) or Fraction(1)
    name = unit["business_unit"]["id"]
    mine = [m["person"] for m in managers if name in m["serves"]]
    talks = unit.get("engagements", [])
    return {
        "investment": {i["id"]: spend for i, spend in zip(items, spends, strict=True)},
        "outcome": {
            f"{i['id']}/{o['id']}": spend / len(i["outcomes"])
            for i, spend in zip(items, spends, strict=True)
            for o in i["outcomes"]
        },
        "business_unit": {name: whole},
        "relationship_manager": {m: whole / len(mine) for m in mine},
        "engagement": {f"{name}/{t['date']}": whole / len(talks) for t in talks},
    }


def measured(
    health: Json, weights: dict[str, dict[str, Fraction]], failed: set[tuple[str, str]]
) -> Any:
    """Return each dimension's score, the whole before caps, and the coverage."""
    found: dict[str, Fraction | None] = {}
    held = judged = Fraction(0)
    for dimension in health["dimensions"]:
        weight = Fraction(str(dimension["weight"]))
        if "score" in dimension:
            said = dimension["score"].removeprefix("dyn(").removesuffix(")")
            score = None if said == "null" else Fraction(said)
        else:
            every = [(r, s, w) for r in dimension["rules"] for s, w in weights[KINDS[r][0]].items()]
            whole = sum(w for _, _, w in every)
            if every and not whole:  # nothing of it has any spend
                every, whole = [(r, s, Fraction(1)) for r, s, _ in every], Fraction(len(every))
            passed = sum(w for r, s, w in every if (r, s) not in failed)
            score = passed / whole if every else None
            if any(r in dimension["decisive"] for r, s, _ in every if (r, s) in failed):
                score = Fraction(0)
        found[dimension["id"]] = score
        if score is not None:
            held += weight * score
            judged += weight
    total = sum(Fraction(str(d["weight"])) for d in health["dimensions"])
    return found, 100 * held / judged if judged else None, judged / total


@given(units=UNITS, managers=MANAGERS, health=HEALTHS)
def test_a_score_is_what_findings_and_health_say(
    units: list[Json], managers: list[Json], health: Json, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for dimension in health["dimensions"]:
        if "rules" in dimension:
            dimension.setdefault("decisive", [])
    root = tmp_path_factory.mktemp("p")
    people = [{"id": f"m{n}", "name": "M", "side": "it"} for n in range(len(managers))]
    posts = []
    for person, manager in zip(people, managers, strict=True):
        if manager["left"]:
            person["left"] = manager["left"]
        post = {
            "person": person["id"],
            "serves": [u for u in manager["serves"] if u < f"u{len(units)}"],
        }
        posts.append(post | ({"title": "T"} if manager["title"] else {}))
    write(root / "portfolios/organisation.yaml", {
        "organisation": {"id": "o", "name": "O"},
        "people": [*people, {"id": "h", "name": "H", "side": "business"}],
        "relationship_managers": posts,
    })  # fmt: skip
    write(root / "rules/own.yaml", RULES)
    write(root / "rules/health.yaml", {"health": health})
    for place, unit in enumerate(units):
        record = {"id": f"u{place}"} | ({"head": "h"} if unit["head"] else {})
        items = []
        for number, (item, words) in enumerate(unit["items"]):
            outcomes = [{**o, "id": f"o{n}"} for n, o in enumerate(item["outcomes"])]
            items.append(
                {**item, **words, "id": f"A-{place}-{number}", "title": "T", "outcomes": outcomes}
            )
        talks = [
            {"date": DAY - datetime.timedelta(days=n), **words}
            for n, words in enumerate(unit["talks"])
        ]
        file = {"business_unit": record, "investments": items, "engagements": talks}
        write(root / f"portfolios/u{place}.yaml", file)
    judged = told(root, "check", 0, 1)["findings"]
    failed = {(f["rule"], f["subject"]["id"]) for f in judged if f["rule"] in KINDS}
    said = told(root, "health", 0)["units"]
    rules = yaml.safe_load((root / "rules/health.yaml").read_text())["health"]
    listed = yaml.safe_load((root / "portfolios/organisation.yaml").read_text())
    gone = {p["id"] for p in listed["people"] if p.get("left") and p["left"] <= DAY}
    for place, unit in enumerate(said):
        read = yaml.safe_load((root / f"portfolios/u{place}.yaml").read_text())
        posts = listed["relationship_managers"]
        shares, score, coverage = measured(rules, subjects(read, posts), failed)
        for dimension in unit["dimensions"]:
            close(dimension["score"], shares[dimension["id"]], Fraction(1, 10**9))
        close(unit["measured"], score, Fraction(1, 10**6))
        close(unit["coverage"], coverage, Fraction(1, 10**6))
        served = any(f"u{place}" in m["serves"] and m["person"] not in gone for m in posts)
        if score is not None and not served:
            score = min(score, Fraction(49))
        enough = coverage >= Fraction(str(rules["enough_evidence"]))
        close(unit["score"], score if enough else None, Fraction(1, 10**6))


def close(said: float | None, wanted: Fraction | None, by: Fraction) -> None:
    assert (said is None) == (wanted is None)
    if said is not None and wanted is not None:
        assert abs(Fraction(said) - wanted) < by


def write(path: Path, data: Json) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump(data))


def told(root: Path, verb: str, *codes: int) -> Json:
    output = root / f"{verb}.json"
    more = ["--no-trend"] if verb == "health" else []
    arguments = [verb, str(root), "--as-of", str(DAY), "--format", "json", "--output", str(output)]
    assert main([*arguments, *more]) in codes
    found: Json = json.loads(output.read_text())
    return found
