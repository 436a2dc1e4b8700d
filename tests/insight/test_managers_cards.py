"""Scorecards: who serves what, where they stand, and what pulls them to two sides."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest

from itgov.files.link import link
from itgov.files.load import read_file
from itgov.files.repository import find_repository
from itgov.files.sources import RawFile
from itgov.insight.flow import Flow
from itgov.insight.manager_types import ManagersReport, Scorecard
from itgov.insight.managers import measure_managers
from itgov.insight.tenure_types import TenureCard
from itgov.insight.trend_managers import follow, manager_point
from itgov.rules.catalogue import RuleBook
from itgov.rules.judge import judge
from itgov.rules.language import Health

TODAY = datetime.date(2026, 11, 23)
PEOPLE = [
    {"id": "rm", "name": "Rena", "side": "business"},
    {"id": "boss", "name": "Boss", "side": "it"},
    {"id": "head", "name": "Head", "side": "business"},
]


def measure(manager: dict, *units: dict) -> ManagersReport:
    organisation = {
        "organisation": {"id": "o", "vocabulary": {"relationship_manager": "Partner"}},
        "people": PEOPLE,
        "relationship_managers": [{"person": "rm", **manager}],
    }
    files = [("organisation", organisation), *((u["business_unit"]["id"], u) for u in units)]
    raw = [RawFile(f"portfolios/{n}.yaml", json.dumps(u).encode()) for n, u in files]
    linked = link([read_file(r) for r in raw], TODAY)
    return measure_managers(linked, judge(linked, RuleBook([], Health(), None, {}, [])))


def card(manager: dict, *units: dict) -> Scorecard:
    return measure(manager, *units).managers[0]


def item(name: str, **fields: object) -> dict:
    return {
        "id": name,
        "title": "T",
        "spend": [{"year": 2026, "budget": 100, "actual": 50}],
        **fields,
    }


def test_managers_of_one_name_are_told_apart_by_their_ids() -> None:
    organisation = {
        "organisation": {"id": "o"},
        "people": [{"id": "a.lee", "name": "Ann Lee"}, {"id": "b.lee", "name": "Ann Lee"}],
        "relationship_managers": [{"person": "a.lee"}, {"person": "b.lee"}],
    }
    raw = RawFile("portfolios/organisation.yaml", json.dumps(organisation).encode())
    linked = link([read_file(raw)], TODAY)
    report = measure_managers(linked, judge(linked, RuleBook([], Health(), None, {}, [])))
    assert {m.name for m in report.managers} == {"Ann Lee (a.lee)", "Ann Lee (b.lee)"}


def test_the_trend_of_a_manager_has_no_figures_of_another_of_the_same_name() -> None:
    one, other, before = (manager_point(TenureCard(i, "Ann Lee")) for i in ("a.lee", "b.lee", "al"))
    followed = follow("a.lee", [[other, before], [other, one]])
    assert followed is not None
    assert followed.among([other]) is None
    assert followed.among([other, before]) is before  # the id was another then


def test_an_item_that_names_nobody_falls_to_its_units_manager() -> None:
    unit = {
        "business_unit": {"id": "a", "relationship_manager": "rm"},
        "investments": [
            item("A"),
            item("B", relationship_manager="TBD"),
            item("C", relationship_manager="rm"),
            item("D", relationship_manager="head"),
            item("E", stage="retired"),
        ],
    }
    report = measure({"dedication": 0.5}, unit)
    load = report.managers[0].load
    assert (load.items, load.inherited, load.spend) == (3, 2, 300)
    assert load.per_full_time == 6
    assert load.units == ("a",)
    assert report.unlisted == ("head",)
    assert (report.uncovered, report.uncovered_spend) == (1, 100)


def test_value_for_money_holds_what_is_retired_as_well() -> None:
    outcome = {
        "id": "x", "measure": "m", "baseline": 1, "target": 2, "value": 80,
        "due": "2025-11-24",
        "results": [{"date": "2026-11-23", "actual": 2, "value": 20, "evidence": "https://example.org/e"}],
    }  # fmt: skip
    unit = {
        "business_unit": {"id": "a", "relationship_manager": "rm"},
        "investments": [item("A", outcomes=[outcome]), item("B", stage="retired")],
    }
    found = card({}, unit)
    assert (found.budget.met, found.budget.none) == (100, 100)
    assert (found.value.judged.planned, found.value.judged.realised) == pytest.approx(
        (80, 20), abs=0.01
    )
    assert found.value.per_spend == pytest.approx(20 / 50, abs=0.001)


@pytest.mark.parametrize(
    ("manager", "expectation", "overdue"),
    [
        ({"position": "bridge"}, "not agreed", None),
        ({"position": "bridge", "native_by": "2026-11-22"}, "overdue", 1),
        ({"position": "embedded", "native_by": "2026-11-24"}, "ahead", -1),
        ({"position": "native", "native_by": "2026-11-22"}, "arrived", 1),
    ],
)
def test_position_against_the_agreed_date(
    manager: dict, expectation: str, overdue: int | None
) -> None:
    standing = card({**manager, "position_since": "2026-11-13"}).standing
    assert (standing.expectation, standing.days_overdue) == (expectation, overdue)
    assert standing.days == 10


def test_what_appraises_them_and_how_it_stands() -> None:
    outcome = {
        "id": "x", "measure": "m", "baseline": 0, "target": 10, "due": "2026-11-01", "value": 9,
        "results": [{"date": "2026-01-01", "actual": 4, "value": 3, "evidence": "https://e.org"}],
    }  # fmt: skip
    unit = {
        "business_unit": {"id": "a", "relationship_manager": "rm"},
        "investments": [item("A", outcomes=[outcome])],
    }
    known, unknown = card({"measured_by": ["A/x", "A/y"]}, unit).appraised_by
    assert (known.met, known.progress, known.overdue, known.served) == (False, 0.4, False, True)
    assert (known.planned, known.realised, known.reach) == (9, 3, "moved")
    assert not unknown.known


def test_experience_counts_only_with_evidence_and_on_the_customers_side() -> None:
    def has(**fields: str) -> tuple[bool, bool]:
        found = card({"experience": [fields]})
        return found.evidenced_services, found.evidenced_investments

    assert has(area="services", perspective="customer", evidence="https://example.org/e") == (
        True,
        False,
    )
    assert has(area="investments", perspective="customer", evidence="https://example.org/e") == (
        False,
        True,
    )
    assert has(area="services", perspective="supplier", evidence="https://example.org/e") == (
        False,
        False,
    )
    assert has(area="services", perspective="customer") == (False, False)


def test_the_sample_names_the_bridge_that_lasted_too_long() -> None:
    repository = find_repository(Path(__file__))
    governed = Flow(repository).at(TODAY)
    report = measure_managers(governed.linked, governed.judged)
    cards = {m.person: m for m in report.managers}
    assert "REL-014" in cards["martin.cole"].standing.breaks
    assert [c.sign for c in cards["martin.cole"].against] == [
        "represents", "seen-by-business", "reports-to", "appraised-by", "measured-by", "delivers"
    ]  # fmt: skip
    assert cards["nadia.rahimi"].against == ()
    assert cards["nadia.rahimi"].standing.expectation == "arrived"
