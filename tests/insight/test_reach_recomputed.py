"""Reach, marks, buckets and whole items, computed once more from the YAML alone, to the cent."""

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

DAY = datetime.date(2026, 11, 23)
STEPS = ("none", "outcome", "measure", "target", "result", "evidence", "moved", "met")
Json = dict[str, Any]


# -- the definitions, from docs/value.md, without any of the program's code ------------------


def evidence(result: Json, files: set[str]) -> bool:
    said = result.get("evidence")
    return said is not None and (said.startswith("https://example") or said in files)


def reach(outcome: Json, files: set[str]) -> tuple[str, list[str]]:
    """Return how far an outcome reaches, and its marks but for `stale`."""
    base, goal, way = (outcome.get(k) for k in ("baseline", "target", "direction"))
    leads = None
    if base is not None and goal is not None and base != goal:
        leads = "up" if goal > base else "down"
    known = None if way and leads and way != leads else way or leads
    sign = -1 if known == "down" else 1
    results = [r for r in outcome.get("results", []) if r["date"] <= DAY]
    results.sort(key=lambda r: r["date"])  # the order of the file within a day
    marks = []
    due = outcome.get("due")
    if due is not None and (DAY - due).days > 90 and not results:
        marks.append("overdue")
    figures = [r for r in results if r.get("actual") is not None]
    if known and goal is not None and figures:
        there = [sign * f["actual"] >= sign * goal for f in figures]
        if any(there) and not there[-1]:
            marks.append("faded")
    if outcome.get("measure") in NO_MEASURE:
        return "outcome", marks
    if base is None or goal is None:
        return "measure", marks
    if not results:
        return "target", marks
    if not any(evidence(r, files) for r in results):
        return "result", marks
    if known is None:
        return "evidence", marks
    counts, shown = sign * base, False
    for figure in figures:
        value = sign * figure["actual"]
        if evidence(figure, files) or (value <= counts and (shown or value < sign * goal)):
            counts, shown = value, True
    if shown and counts >= sign * goal:
        return "met", marks
    return "moved" if counts > sign * base else "evidence", marks


def money(items: list[tuple[Json, list[str]]], field: str) -> dict[str, Fraction]:
    found = dict.fromkeys(STEPS, Fraction(0))
    for item, reaches in items:
        for row in item["spend"]:
            for step in reaches:
                found[step] += Fraction(str(row[field])) / len(reaches)
    return found


def whole(items: list[tuple[Json, list[str]]]) -> dict[str, Fraction]:
    found = dict.fromkeys(STEPS, Fraction(0))
    for item, reaches in items:
        for step in STEPS:
            if all(STEPS.index(r) >= STEPS.index(step) for r in reaches):
                found[step] += sum(Fraction(str(row["budget"])) for row in item["spend"])
    return found


# -- random portfolios -----------------------------------------------------------------------

FIGURES = st.one_of(st.none(), st.integers(0, 6), st.sampled_from([2.5, 3.5]))
DAYS = st.sampled_from(
    [datetime.date(*d) for d in [(2025, 1, 1), (2025, 11, 22), (2026, 6, 30), (2026, 8, 24), (2026, 11, 23), (2026, 11, 24)]]
)  # fmt: skip
EVIDENCE = st.sampled_from(
    [
        None,
        "https://example.org/e",
        "proof/q2.pdf",
        "proof/none.pdf",
        "I said so",
        "../x.pdf",
        "TBD",
        "https://TBD/x",
    ]
)
RESULTS = st.lists(
    st.builds(lambda d, a, e: {"date": d, "actual": a, "evidence": e}, DAYS, FIGURES, EVIDENCE),
    max_size=4,
)
NO_MEASURE = (None, "TBD", " n/a ", "?", "to be defined", "tbd (Q3)", "${MEASURE}", "keine Angabe")
OUTCOMES = st.fixed_dictionaries(
    {"results": RESULTS},
    optional={
        "measure": st.sampled_from(["m", "Open tickets", "Staff", *NO_MEASURE[1:]]), "baseline": st.integers(1, 5), "target": st.integers(1, 5),
        "direction": st.sampled_from(["up", "down"]), "due": DAYS,
    },
)  # fmt: skip
FULL = OUTCOMES.map(lambda o: {"measure": "m", "baseline": 2, "target": 4, **o})
CENTS = st.integers(0, 10**9).map(lambda cents: cents / 100)
ROWS = st.lists(
    st.builds(
        lambda y, b, a: {"year": y, "budget": b, "actual": a}, st.integers(2025, 2027), CENTS, CENTS
    ),
    max_size=3,
)
ITEMS = st.fixed_dictionaries(
    {"spend": ROWS, "outcomes": st.lists(st.one_of(FULL, OUTCOMES), max_size=4)},
    optional={
        "stage": st.sampled_from(["live", "delivering"]),
        "purpose": st.sampled_from(["run", "grow"]),
    },
)


@given(units=st.lists(st.lists(ITEMS, max_size=3), min_size=1, max_size=3))
def test_the_verb_says_what_the_files_say(
    units: list[list[Json]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("p")
    (root / "portfolios").mkdir()
    (root / "proof").mkdir()
    (root / "proof" / "q2.pdf").write_text("x")
    for place, items in enumerate(units):
        for number, item in enumerate(items):
            item |= {"id": f"A-{place}-{number}", "title": "T"}
            item["outcomes"] = [{**o, "id": f"o{n}"} for n, o in enumerate(item["outcomes"])]
        file = {"business_unit": {"id": f"u{place}"}, "investments": items}
        (root / "portfolios" / f"u{place}.yaml").write_text(yaml.safe_dump(file))
    said = told(root, "--tree")
    files = {"proof/q2.pdf"}
    everything: list[tuple[Json, list[str]]] = []
    for place in range(len(units)):
        read = yaml.safe_load((root / "portfolios" / f"u{place}.yaml").read_text())["investments"]
        mine = [(i, [reach(o, files)[0] for o in i["outcomes"]] or ["none"]) for i in read]
        everything += mine
        compare(said["units"][place], mine)
        for (item, reaches), node in zip(mine, said["tree"][place]["items"], strict=True):
            assert node["reach"] == min(reaches, key=STEPS.index)
            for outcome, shown in zip(item["outcomes"], node["outcomes"], strict=True):
                step, marks = reach(outcome, files)
                past = [r["date"] for r in outcome["results"] if r["date"] <= DAY]
                if past and (DAY - max(past)).days > 365 and item.get("stage") == "live":
                    marks.append("stale")
                assert shown["reach"] == step
                assert [m for m in ("overdue", "faded", "stale") if shown[m]] == marks
    compare(said["total"], everything)
    for purpose in said["purposes"]:
        compare(purpose, [e for e in everything if e[0].get("purpose", "") == purpose["id"]])
    for year in said["years"]:
        rows = [
            ({"spend": [r for r in i["spend"] if r["year"] == int(year["id"])]}, reaches)
            for i, reaches in everything
        ]
        compare(year, rows)


def compare(line: Json, items: list[tuple[Json, list[str]]]) -> None:
    wanted = {"budget": money(items, "budget"), "actual": money(items, "actual")}
    for field, buckets in {**wanted, "budget_whole": whole(items)}.items():
        assert tuple(line[field]) == STEPS
        for step in STEPS:
            assert abs(Fraction(str(line[field][step])) - buckets[step]) < Fraction(1, 200), field
    for field in wanted:
        spent = sum(Fraction(str(row[field])) for item, _ in items for row in item["spend"])
        parts = sum(Fraction(str(amount)) for amount in line[field].values())
        assert abs(parts - spent) < Fraction(1, 1000)


def told(root: Path, *arguments: str) -> Json:
    output = root / "value.json"
    code = main(
        ["value", str(root), "--as-of", str(DAY), "--format", "json", "--output", str(output), *arguments]
    )  # fmt: skip
    assert code == 0
    found: Json = json.loads(output.read_text())
    return found
