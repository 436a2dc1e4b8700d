"""`grace_days` of health.yaml: one grace for rules, health and value alike."""

from __future__ import annotations

import json

import pytest

from itgov.model.reach import GRACE_DAYS
from itgov.rules.book import check_standard

from ..support.rule_repo import MakeRepo, repo

__all__ = ["repo"]

UNIT = """\
business_unit: {id: u, name: Unit, relationship_manager: tom}
investments:
  - id: A-1
    title: Alpha
    stage: live
    outcome_owner: ann
    relationship_manager: tom
    spend: [{year: 2026, budget: 100}]
    outcomes: [{id: faster, measure: Days, baseline: 9, target: 5, due: DUE}]
"""
STANDARD = "extends: standard\n"
HEALTH = "health: {grace_days: 10, dimensions: [{id: d, title: D, weight: 1, rules: [VAL-008]}]}\n"


def test_the_standard_pack_writes_down_the_default() -> None:
    assert check_standard().health.grace_days == GRACE_DAYS


@pytest.mark.parametrize(
    ("health", "due", "days", "late"),
    [
        (None, "2026-08-25", 90, False),
        (None, "2026-08-24", 90, True),
        (HEALTH, "2026-11-13", 10, False),
        (HEALTH, "2026-11-12", 10, True),
        (HEALTH.replace("10", "0"), "2026-11-23", 0, False),
        (HEALTH.replace("10", "0"), "2026-11-22", 0, True),
    ],
)
def test_rules_health_and_value_agree_on_what_is_late(
    repo: MakeRepo, health: str | None, due: str, days: int, late: bool
) -> None:
    own = {"rules/own.yaml": STANDARD} | ({"rules/health.yaml": health} if health else {})
    found = repo(own, UNIT.replace("DUE", due))
    assert any(f["rule"] == "VAL-008" for f in found.judge()) is late

    def told(verb: str) -> dict:  # type: ignore[type-arg]
        ran = found.run(verb, found.root, "--as-of", "2026-11-23", "--format", "json")
        assert ran.code == 0, ran.err
        return json.loads(ran.out)  # type: ignore[no-any-return]

    value = told("value")
    assert value["grace_days"] == days
    assert value["total"]["overdue"]["budget"] == (100 if late else 0)
    (unit,) = told("health")["units"]
    assert any(f["rule"] == "VAL-008" for f in unit["findings"]) is late
    text = found.run("value", found.root, "--as-of", "2026-11-23").out
    assert (f"Overdue, no result {days} days after the due date" in text) is late


@pytest.mark.parametrize("days", ["-1", "1.5", "soon", "4000"])
def test_a_grace_that_is_no_number_of_days_is_an_error(repo: MakeRepo, days: str) -> None:
    health = HEALTH.replace("10", days)
    found = repo({"rules/own.yaml": STANDARD, "rules/health.yaml": health})
    (error,) = [f for f in found.rules_check() if f["severity"] == "error"]
    assert (error["path"], error["line"]) == ("rules/health.yaml", 1)
    assert error["column"] == health.index(days) + 1


def test_what_is_due_within_the_grace_fails_no_rule(repo: MakeRepo) -> None:
    unit = UNIT.replace("DUE", "2026-09-01").replace("stage: live", "stage: live, end: 2024-03-31")
    rules = {f["rule"] for f in repo({"rules/own.yaml": STANDARD}, unit).judge()}
    assert not rules & {"VAL-008", "VAL-011", "VAL-015"}
