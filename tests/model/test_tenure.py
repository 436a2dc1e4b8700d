"""Who held a post on a day: told once more, day by day, from what is written down."""

from __future__ import annotations

import datetime
from itertools import pairwise
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from itgov.files.link import link
from itgov.files.load import read_file
from itgov.files.sources import RawFile
from itgov.model.portfolio import Portfolio
from itgov.model.tenure import Span, Spans, Tenures

DAY = datetime.date(2026, 11, 23)
Json = dict[str, Any]
PEOPLE = [{"id": p, "name": p} for p in ("ann", "bob", "cleo")]


def portfolio(unit: Json, item: Json) -> Portfolio:
    files = {
        "organisation": {"organisation": {"id": "o"}, "people": PEOPLE},
        "u": {"business_unit": {"id": "u", **unit}, "investments": [{"id": "A", "title": "A", **item}]},
    }  # fmt: skip
    raw = [RawFile(f"portfolios/{n}.yaml", yaml.safe_dump(t).encode()) for n, t in files.items()]
    return link([read_file(r) for r in raw], DAY).portfolio


def spans(unit: Json, item: Json, role: str = "relationship_manager") -> Spans:
    made = portfolio(unit, item)
    entry = made.units["u"]
    return Tenures(made).of_item(entry.investments[0], entry, role)  # type: ignore[arg-type]


def told(found: Spans) -> list[tuple[str | None, str | None, str | None, str]]:
    return [
        (s.person, s.from_ and str(s.from_), s.to and str(s.to), s.gap or s.source) for s in found
    ]


def within(span: Span, day: datetime.date) -> bool:
    return (span.from_ is None or span.from_ <= day) and (span.to is None or day <= span.to)


def row(person: str, first: str | None = None, last: str | None = None) -> Json:
    days = {"from": first, "to": last}
    return {
        "role": "relationship_manager",
        "person": person,
        **{k: v for k, v in days.items() if v},
    }


def test_without_any_record_it_is_assumed_to_be_who_is_named_today() -> None:
    assert told(spans({}, {"relationship_manager": "ann"})) == [("ann", None, None, "assumed")]
    assert told(spans({"relationship_manager": "bob"}, {})) == [("bob", None, None, "assumed")]
    assert told(spans({}, {})) == [(None, None, None, "vacant")]


def test_who_is_named_today_is_assumed_from_the_day_after_the_last_end() -> None:
    item = {"relationship_manager": "ann", "held": [row("bob", "2024-01-01", "2025-03-31")]}
    assert told(spans({}, item)) == [
        (None, None, "2023-12-31", "not recorded"),
        ("bob", "2024-01-01", "2025-03-31", "held"),
        ("ann", "2025-04-01", None, "assumed"),
    ]


def test_a_gap_is_vacant_and_an_overlap_is_nobodys() -> None:
    held = [
        row("bob", "2024-01-01", "2024-06-30"),
        row("cleo", "2024-06-01", "2024-12-31"),
        row("ann", "2025-02-01"),
    ]
    assert told(spans({}, {"relationship_manager": "ann", "held": held})) == [
        (None, None, "2023-12-31", "not recorded"),
        ("bob", "2024-01-01", "2024-05-31", "held"),
        (None, "2024-06-01", "2024-06-30", "overlap"),
        ("cleo", "2024-07-01", "2024-12-31", "held"),
        (None, "2025-01-01", "2025-01-31", "vacant"),
        ("ann", "2025-02-01", None, "held"),
    ]


def test_the_units_record_is_told_where_the_item_has_none() -> None:
    unit = {"relationship_manager": "ann", "held": [row("bob", None, "2025-12-31")]}
    assert told(spans(unit, {"relationship_manager": "ann"})) == [
        ("bob", None, "2025-12-31", "held"),
        ("ann", "2026-01-01", None, "assumed"),
    ]
    item = {"relationship_manager": "ann", "held": [row("cleo", "2025-01-01", "2025-06-30")]}
    assert told(spans(unit, item)) == [
        ("bob", None, "2024-12-31", "held"),
        ("cleo", "2025-01-01", "2025-06-30", "held"),
        ("bob", "2025-07-01", "2025-12-31", "held"),
        ("ann", "2026-01-01", None, "assumed"),
    ]


@pytest.mark.parametrize(
    ("held", "wrong"),
    [
        ([row("bob", "2024-01-01", "2025-03-31"), row("ann", "2025-04-01")], []),
        ([row("bob", "2024-01-01", "2025-03-31"), row("bob", "2025-01-01", "2025-06-30")], []),
        (
            [row("bob", None, "2025-04-30"), row("ann", "2025-04-01")],
            ["relationship manager bob and ann from 2025-04-01 to 2025-04-30"],
        ),
        ([row("bob")], ["relationship manager bob without an end, but ann is named now"]),
        ([row("bob", "2027-01-01")], []),
        (
            [row("ann", "2025-04-02", "2025-04-01")],
            ["relationship manager ann from 2025-04-02 to 2025-04-01"],
        ),
    ],
)
def test_what_contradicts_itself_is_said(held: list[Json], wrong: list[str]) -> None:
    for unit, item in (({}, {"held": held}), ({"held": held}, {})):
        named = {"relationship_manager": "ann"}
        found = portfolio({**named, **unit}, {**named, **item}).units["u"]
        facts = found.facts if unit else found.investments[0].facts
        assert facts.held_faults == wrong


def test_so_many_rows_that_nobody_wrote_them_are_not_all_looked_at() -> None:
    rows = [
        row("bob", f"{1900 + n // 12}-{n % 12 + 1:02}-01", f"{1900 + n // 12}-{n % 12 + 1:02}-02")
        for n in range(300)
    ]
    item = {"relationship_manager": "ann", "held": [*rows, row("cleo", "2026-01-01", "2026-02-01")]}
    faults = portfolio({}, item).units["u"].investments[0].facts.held_faults
    assert faults == ["relationship manager has 301 rows, those after 200 left out"]
    assert told(spans({}, item))[-1][0] == "ann"
    clash = [row(person) for person in ("bob", "cleo") for _ in range(50)]
    faults = portfolio({}, {"held": clash}).units["u"].investments[0].facts.held_faults
    assert len(faults) == 6
    assert faults[-1].endswith(" more")


# -- day by day ----------------------------------------------------------------------------------

FIRST = DAY - datetime.timedelta(days=12)
DAYS = st.integers(0, 14).map(lambda n: FIRST + datetime.timedelta(days=n))
HELD = st.lists(
    st.fixed_dictionaries(
        {
            "role": st.sampled_from(["relationship_manager", "outcome_owner"]),
            "person": st.sampled_from(["ann", "bob", "cleo"]),
        },
        optional={"from": DAYS, "to": DAYS},
    ),
    max_size=4,
)
NAMED = st.fixed_dictionaries(
    {"held": HELD}, optional={"relationship_manager": st.sampled_from(["ann", "bob", "TBD"])}
)


def holder(rows: list[Json], day: datetime.date) -> tuple[bool, str | None]:
    """Return whether `held` knows a day, and whose it is."""
    ends = [
        (r.get("from", datetime.date.min), min(r.get("to", DAY), DAY), r["person"]) for r in rows
    ]
    ends = [e for e in ends if e[0] <= e[1]]
    if not ends or not min(e[0] for e in ends) <= day <= max(e[1] for e in ends):
        return False, None
    people = {p for first, last, p in ends if first <= day <= last}
    return True, people.pop() if len(people) == 1 else None


def expected(unit: Json, item: Json, role: str, day: datetime.date) -> str | None:
    lists = [[r for r in each["held"] if r["role"] == role] for each in (item, unit)]
    for rows in lists:
        known, person = holder(rows, day)
        if known:
            return person
    later = day
    while later <= DAY:
        if any(holder(rows, later)[0] for rows in lists):
            return None
        later += datetime.timedelta(days=1)
    names = (each.get(role) for each in (item, unit))
    return next((n for n in names if n not in (None, "TBD")), None)


@given(unit=NAMED, item=NAMED, role=st.sampled_from(["relationship_manager", "outcome_owner"]))
def test_every_day_is_told_once_and_rightly(unit: Json, item: Json, role: str) -> None:
    found = spans(unit, item, role)
    assert found[0].from_ is None
    assert found[-1].to is None
    for before, after in pairwise(found):
        assert before.to is not None
        assert after.from_ == before.to + datetime.timedelta(days=1)
    for back in range(16):
        day = DAY - datetime.timedelta(days=back)
        (span,) = [s for s in found if within(s, day)]
        assert span.person == expected(unit, item, role, day), day
        assert (span.person is None) == (span.gap is not None)
