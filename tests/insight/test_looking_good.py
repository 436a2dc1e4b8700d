"""A table of attempts to look good without being good, and what each does to the figures."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest

from itgov.files.link import link
from itgov.files.load import read_file
from itgov.files.sources import RawFile
from itgov.insight.value import measure_value

TODAY = datetime.date(2026, 11, 23)
LINK = {"evidence": "https://example.org/q2"}
FULL = {"measure": "m", "baseline": 20, "target": 10}


def outcome(name: str = "o", *results: dict, **more: Any) -> dict:
    return {"id": name, **FULL, "results": list(results), **more}


def result(actual: float | None, *more: dict, day: str = "2026-06-30") -> dict:
    found: dict = {"date": day, "actual": actual}
    for fields in more:
        found |= fields
    return found


def shares(outcomes: list[dict], files: frozenset[str] = frozenset()) -> tuple[dict, dict, set]:
    """Return the percentages of the budget by reach and of whole items, and the rules broken."""
    item = {"id": "A", "title": "T", "spend": [{"year": 2026, "budget": 100}], "outcomes": outcomes}
    file = {"business_unit": {"id": "u"}, "investments": [item]}
    read = read_file(RawFile("portfolios/u.yaml", json.dumps(file).encode()))
    linked = link([read], TODAY, has_file=files.__contains__)
    total = measure_value(linked).total
    steps = total.budget.__struct_fields__
    by_reach = {s: round(total.budget.of(s)) for s in steps if total.budget.of(s)}
    least = max((s for s in steps if total.budget_whole.of(s)), key=steps.index)
    return by_reach, {least: round(total.budget_whole.of(least))}, {f.rule for f in linked.findings}


GOOD = outcome("good", result(9, LINK))
ATTEMPTS = {
    "one result per outcome, without evidence": (
        [outcome("a", result(9)), outcome("b", result(9))],
        ({"result": 100}, {"result": 100}, set()),
    ),
    "the owner's own words as evidence": (
        [outcome("a", result(9, {"evidence": "Confirmed by me in the steering meeting"}))],
        ({"result": 100}, {"result": 100}, set()),
    ),
    "a placeholder as a measure": (
        [outcome("a", result(9, LINK), measure="TBD")],
        ({"outcome": 100}, {"outcome": 100}, set()),
    ),
    "a link to a placeholder": (
        [outcome("a", result(9, {"evidence": "https://TBD/q2"}))],
        ({"result": 100}, {"result": 100}, {"REF-007"}),
    ),
    "a link that is no address": (
        [outcome("a", result(9, {"evidence": "http://n/a"}))],
        ({"result": 100}, {"result": 100}, {"REF-007"}),
    ),
    "a link that ends with a placeholder": (
        [outcome("a", result(9, {"evidence": "https://example.org/q2/tbd"}))],
        ({"result": 100}, {"result": 100}, {"REF-007"}),
    ),
    "a link to a page that is called open": (
        [outcome("a", result(9, {"evidence": "https://example.org/open"}))],
        ({"met": 100}, {"met": 100}, set()),
    ),
    "a single letter as evidence": (
        [outcome("a", result(9, {"evidence": "x"}))],
        ({"result": 100}, {"result": 100}, set()),
    ),
    "a file that is not there": (
        [outcome("a", result(9, {"evidence": "evidence/q3.pdf"}))],
        ({"result": 100}, {"result": 100}, {"REF-007"}),
    ),
    "a file outside the repository": (
        [outcome("a", result(9, {"evidence": "../q2.pdf"}))],
        ({"result": 100}, {"result": 100}, {"REF-007"}),
    ),
    "a file that is there": (
        [outcome("a", result(9, {"evidence": "evidence/q2.pdf"}))],
        ({"met": 100}, {"met": 100}, set()),
    ),
    "evidence of something else, the good figure without": (
        [outcome("a", result(None, LINK), result(9, day="2026-07-01"))],
        ({"evidence": 100}, {"evidence": 100}, set()),
    ),
    "a target lowered below the baseline, its direction recorded": (
        [outcome("a", result(19, LINK), target=25, direction="down")],
        ({"evidence": 100}, {"evidence": 100}, set()),
    ),
    "one good outcome beside five empty ones": (
        [GOOD, *({"id": f"e{n}"} for n in range(5))],
        ({"met": 17, "outcome": 83}, {"outcome": 100}, set()),
    ),
    "nine trivial outcomes met beside the one that matters": (
        [outcome("matters", result(20, LINK)), *({**GOOD, "id": f"t{n}"} for n in range(9))],
        ({"met": 90, "evidence": 10}, {"evidence": 100}, set()),
    ),
    "bad news held back for want of evidence": (
        [outcome("a", result(9, LINK), result(25, day="2026-09-30"))],
        ({"evidence": 100}, {"evidence": 100}, set()),
    ),
    "a better figure of a day before, or to come": (
        [outcome("a", result(9, LINK, day="2025-01-01"), result(25, LINK), result(8, LINK, day="2026-11-24"))],
        ({"evidence": 100}, {"evidence": 100}, set()),
    ),
    "a result without a figure after a bad one": (
        [outcome("a", result(25, LINK), result(None, LINK, day="2026-09-30"))],
        ({"evidence": 100}, {"evidence": 100}, set()),
    ),
    "any figure of a level to be kept, no direction": (
        [outcome("a", result(99, LINK), baseline=10)],
        ({"evidence": 100}, {"evidence": 100}, set()),
    ),
}  # fmt: skip


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_what_an_attempt_does_to_the_figures(attempt: str) -> None:
    outcomes, wanted = ATTEMPTS[attempt]
    assert shares(outcomes, frozenset({"evidence/q2.pdf"})) == wanted
