"""What comes due, and what an item waits for: each kind, its day, and when it is late."""

from __future__ import annotations

import datetime
import json
from typing import Any

import msgspec
import pytest

from itgov.files.link import link
from itgov.files.load import read_file
from itgov.files.sources import RawFile
from itgov.insight.due import all_dues, this_quarter
from itgov.insight.roadmap import Dependency, dates_of, dependency_problems
from itgov.model.minutes import Minutes
from itgov.model.portfolio import MinutesEntry, Portfolio, Source

TODAY = datetime.date(2026, 11, 23)


def portfolio(
    *items: dict[str, Any], today: datetime.date = TODAY, fiscal: int = 1, **unit: Any
) -> Portfolio:
    organisation = {
        "organisation": {"id": "o", "fiscal_year_start": fiscal},
        "people": [{"id": "ann", "name": "Ann", "side": "business"}],
        "relationship_managers": unit.pop("managers", []),
    }
    file = {
        "business_unit": {"id": "u", "relationship_manager": "tom", **unit.pop("own", {})},
        "investments": [{"title": i["id"], **i} for i in items],
        **unit,
    }
    raw = [
        RawFile(f"portfolios/{name}.yaml", json.dumps(text).encode())  # JSON is YAML
        for name, text in (("organisation", organisation), ("u", file))
    ]
    return link([read_file(r) for r in raw], today).portfolio


def told(found: Portfolio) -> list[tuple[str, str, bool, str]]:
    return [(str(d.day), d.kind, d.late, d.subject.id) for d in all_dues(found)]


def test_a_review_is_late_from_the_day_after_and_not_of_what_is_over() -> None:
    items = [
        {"id": "A", "next_review": "2026-11-22", "stage": "live"},
        {"id": "B", "next_review": "2026-11-23"},
        {"id": "C", "next_review": "2026-11-01", "stage": "retired"},
        {"id": "D", "next_review": "2026-11-01", "stage": "stopped"},
    ]
    assert told(portfolio(*items)) == [
        ("2026-11-22", "review", True, "A"),
        ("2026-11-23", "review", False, "B"),
    ]


FULL = {"measure": "m", "baseline": 1, "target": 3}
LINK = {"evidence": "https://example.org/e"}


@pytest.mark.parametrize(
    ("due", "results", "expected"),
    [
        ("2027-03-01", [], [("2027-03-01", "outcome", False)]),
        ("2026-08-25", [], [("2026-08-25", "outcome", False)]),  # within the grace of 90 days
        ("2026-08-24", [], [("2026-08-24", "outcome", True)]),
        ("2026-08-24", [{"date": "2026-06-01", "actual": 2}], []),
        ("2027-03-01", [{"date": "2026-06-01", "actual": 2}], [("2027-03-01", "outcome", False)]),
        ("2027-03-01", [{"date": "2026-06-01", "actual": 3, **LINK}], []),
        ("2026-08-24", [{"date": "2026-12-01", "actual": 2}], [("2026-08-24", "outcome", True)]),
    ],
)
def test_an_outcome_is_due_until_it_has_a_result_or_its_target(
    due: str, results: list[Any], expected: list[Any]
) -> None:
    item = {"id": "A", "outcomes": [{"id": "x", **FULL, "due": due, "results": results}]}
    assert [d[:3] for d in told(portfolio(item))] == expected


@pytest.mark.parametrize(("last", "late"), [("2025-11-23", False), ("2025-11-22", True)])
def test_something_live_is_measured_again_within_a_year(last: str, late: bool) -> None:
    outcome = {"id": "x", **FULL, "results": [{"date": last, "actual": 2}]}
    found = told(portfolio({"id": "A", "stage": "live", "outcomes": [outcome]}))
    day = datetime.date.fromisoformat(last) + datetime.timedelta(365)
    assert found == [(str(day), "result", late, "A/x")]
    assert told(portfolio({"id": "A", "stage": "delivering", "outcomes": [outcome]})) == []


def test_waivers_actions_steps_and_positions_are_due_until_they_are_over() -> None:
    waivers = [{"rule": "VAL-004", "until": d} for d in ("2026-11-22", "2026-11-23")]
    actions = [
        {"what": "late", "due": "2026-11-01"},
        {"what": "done", "due": "2026-11-01", "done": "2026-11-02"},
        {"what": "no day"},
    ]
    managers = [
        {
            "person": "tom",
            "serves": ["u"],
            "position": "bridge",
            "native_by": "2027-06-30",
            "steps": [
                {"what": "moves", "due": "2026-03-31"},
                {"what": "has moved", "due": "2026-03-31", "done": "2026-03-30"},
            ],
        }
    ]
    found = portfolio(
        {"id": "A", "waivers": waivers},
        engagements=[
            {"date": "2026-10-01", "actions": actions},
            {"date": "2026-12-01", "actions": [{"what": "not agreed yet", "due": "2026-12-31"}]},
        ],
        managers=managers,
    )
    assert told(found) == [
        ("2026-03-31", "step", True, "tom"),
        ("2026-11-01", "action", True, "u/2026-10-01"),
        ("2026-11-23", "waiver", False, "A"),
        ("2027-06-30", "position", False, "tom"),
    ]
    assert {d.unit for d in all_dues(found)} == {"u"}


@pytest.mark.parametrize(
    ("fiscal", "first", "last"),
    [(1, "2026-10-01", "2026-12-31"), (4, "2026-10-01", "2026-12-31"), (6, "2026-09-01", "2026-11-30"), (12, "2026-09-01", "2026-11-30")],
)  # fmt: skip
def test_the_quarter_is_the_organisations_own(fiscal: int, first: str, last: str) -> None:
    assert [str(d) for d in this_quarter(portfolio(fiscal=fiscal))] == [first, last]


def test_the_calendars_ends_are_no_trouble() -> None:
    last = datetime.date(9999, 12, 31)
    found = portfolio({"id": "A", "next_review": "0001-01-01", "start": "9999-12-31"}, today=last, fiscal=4)  # fmt: skip
    assert this_quarter(found) == (datetime.date(9999, 10, 1), last)
    assert told(found) == [("0001-01-01", "review", True, "A")]
    first = portfolio({"id": "A"}, today=datetime.date(1, 1, 1), fiscal=4)
    assert this_quarter(first)[1] == datetime.date(1, 3, 31)


def waits(needed: dict[str, Any], **own: Any) -> Dependency:
    """Return what is said of B, which A depends on."""
    found = portfolio({"id": "A", "depends_on": ["B"], **own}, {"id": "B", **needed})
    entries = {e.record.id: e for e in found.investments()}
    return dependency_problems(entries["A"], entries)[0]


def test_an_investment_that_ends_after_what_depends_on_it_starts_is_told() -> None:
    late = waits({"end": "2026-04-01"}, start="2026-03-31")
    assert late.problem == "B ends 2026-04-01, after A starts (2026-03-31)"
    assert not waits({"end": "2026-03-31"}, start="2026-03-31").problem
    assert not waits({"end": "2026-04-01"}, start="2026-03-31", stage="stopped").problem
    assert waits({"end": "2026-04-01", "ended": "2026-03-01"}, start="2026-03-31").problem == ""


def test_a_service_is_to_last_as_long_as_what_depends_on_it() -> None:
    service = {"type": "service", "end": "2027-01-01"}
    assert not waits(service, start="2026-01-01", end="2026-12-31").problem
    assert "before A ends (2027-06-30)" in waits(service, end="2027-06-30").problem
    assert "A has no end date" in waits(service).problem
    assert not waits({"type": "service"}, start="2026-01-01").unknown


def test_what_cannot_be_told_for_lack_of_a_date_is_said() -> None:
    assert waits({}, start="2026-01-01").unknown == "the end date of B is not recorded"
    assert waits({"end": "2026-01-01"}).unknown == "the start date of A is not recorded"
    gone = portfolio({"id": "A", "depends_on": ["Z"]})
    entries = {e.record.id: e for e in gone.investments()}
    assert dependency_problems(entries["A"], entries)[0].unknown == "not in the portfolio"
    assert (
        waits({"stage": "stopped", "ended": "2026-05-01"}).problem
        == "B is stopped since 2026-05-01"
    )


def test_the_dates_of_an_item_are_those_of_its_file() -> None:
    item = {
        "id": "A",
        "start": "2026-01-01",
        "end": "2027-01-01",
        "ended": "2026-12-01",
        "gates": [{"gate": "business-case", "on": "2025-12-01"}, {"gate": "no day"}],
        "last_reviewed": "2026-06-01",
        "next_review": "2026-11-01",
    }
    found = portfolio(item)
    entry = next(found.investments())
    dates = dates_of(entry, tuple(all_dues(found)), {"A": entry})
    assert (str(dates.start), str(dates.end), dates.is_reversed) == ("2026-01-01", "2026-12-01", False)  # fmt: skip
    assert [(str(m.day), m.kind, m.late) for m in dates.marks] == [
        ("2025-12-01", "gate", False),
        ("2026-06-01", "reviewed", False),
        ("2026-11-01", "review", True),
    ]


def test_an_action_agreed_in_a_session_is_due_until_it_is_done_or_in_the_unit_s_file() -> None:
    found = portfolio(
        {"id": "A"},
        engagements=[{"date": "2026-10-01", "actions": [{"what": "written", "due": "2026-12-01"}]}],
    )
    decisions = [
        {"decision": "action", "what": what, "due": "2026-12-01", "action": f"s/{number}"}
        for number, what in enumerate(("agreed", "written", "done"))
    ]
    subject = {"kind": "investment", "id": "A"}
    items = [
        {"subject": {"kind": "business_unit", "id": "u"}, "business_unit": "u"},
        {"subject": subject, "business_unit": "u", "decisions": decisions},
    ]
    done = [{"decision": "done", "action": "s/2"}]
    for day, agenda in (("2026-10-02", items), ("2026-11-02", [{**items[1], "decisions": done}])):
        session = {"review": {"id": f"s-{day}", "date": day}, "items": agenda}
        record = msgspec.convert(session, Minutes)
        found.minutes.append(MinutesEntry(record, Source(f"reviews/{day}.yaml", ())))
    dues = all_dues(found)
    assert [(d.what, d.subject.id) for d in dues] == [("written", "u/2026-10-01"), ("agreed", "A")]
    assert dues[1].source == Source("reviews/2026-10-02.yaml", ("items", 1))
