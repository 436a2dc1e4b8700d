"""What a filter finds: words, fields, what is not there, amounts and dates."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itgov.files.repository import find_repository
from itgov.insight.flow import Flow
from itgov.model.filter_query import MISSING, Kind, Searchable, exactly, parse
from itgov.tui.columns import Columns
from itgov.tui.state.people import People
from itgov.tui.state.room import Room
from itgov.tui.views.finding_rows import FINDINGS, Findings
from itgov.tui.views.health_rows import COSTLY, CostlyRow, HealthRows
from itgov.tui.views.manager_rows import MANAGERS, ManagerRows
from itgov.tui.views.people_rows import PEOPLE
from itgov.tui.views.portfolio_rows import ITEMS
from itgov.tui.views.value_columns import TREE, Chain
from itgov.tui.views.value_rows import ValueRows

from .conftest import OpenRoom

FIELDS: dict[str, Kind] = {
    "title": "text",
    "stage": "text",
    "owner": "text",
    "spend": "amount",
    "review": "day",
}


def row(**fields: str | float | None) -> Searchable:
    return Searchable(
        "\n".join(str(v) for v in fields.values() if v is not None).lower(), dict(fields)
    )


ROWS = {
    "A": row(title="claims [core]", stage="live", owner="amara okafor", spend=5_000_000.0, review="2026-11-01"),
    "B": row(title="claims: pilot", stage="delivering", owner=None, spend=250_000.0, review=None),
    "C": row(title="payroll", stage="proposed", owner="zoë o'neil", spend=None, review="2027-02-01"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "ABC"),
        ("claims", "AB"),
        ("claims !pilot", "A"),
        ("CLAIMS", "AB"),
        ("stage:live", "A"),  # not delivering
        ("!stage:live", "BC"),
        ("sta:deliv", "B"),
        ("owner:-", "B"),
        ("!owner:-", "AC"),
        ("owner:okafor", "A"),
        ("owner:=okafor", ""),
        ('owner:="amara okafor"', "A"),
        ("stage:=LIVE", "A"),
        ("!stage:=live", "BC"),
        ("spend:=250k", "B"),
        ('owner:"zoë o\'neil"', "C"),
        ("spend:>1m", "A"),
        ("spend:<=250k", "B"),
        ("spend:=250,000", "B"),
        ("spend:-", "C"),
        ("review:<2026-12", "A"),
        ("review:>=2027-02-01", "C"),
        ("[core]", "A"),
        ("claims:", "B"),  # no field: as it stands
        ("stage:", "ABC"),  # half typed
        ("!", "ABC"),
        ("spend:>", "ABC"),
        ("OWNER:zoe", "C"),
        ("zoe", "C"),
        ("owner:ZÖE", "C"),
        ("review:<2027", "A"),  # not what has no review
        ("review:<=2026-11", "A"),  # all of November
        ("review:>2026-11", "C"),
        ("review:2026-11", "A"),
        ("review:-", "B"),
        ("stage:live or payroll", "AC"),
        ("claims stage:live OR spend:-", "AC"),
        ("claims stage:proposed or spend:<1m", "B"),
        ("or", "ABC"),
        ("claims or", "AB"),
        ('"or"', "A"),  # claims [core]
    ],
)
def test_rows_are_found(text: str, found: str) -> None:
    assert "".join(parse(text, FIELDS).select(ROWS.items())) == found


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("review:<2026-13", "`2026-13` is not a date (use 2026-12-31, 2026-12, 2026 or today+30)"),
        ("spend>1m", "`spend>1m` is looked for as a word (use spend:>1m for the field)"),
        ("owner=", "`owner=` is looked for as a word (use owner:= for the field)"),
        ("review:2026-02-30", "`2026-02-30` is not a date (use 2026-12-31, 2026-12, 2026 or today+30)"),
        ("rev:soon", "`soon` is not a date (use 2026-12-31, 2026-12, 2026 or today+30)"),
        ("spend:>abc", "`abc` is not an amount (use 250000, 250k or 1.5m)"),
        ("!spend:=lots", "`lots` is not an amount (use 250000, 250k or 1.5m)"),
        ("stage:>live", "`stage` is text and cannot be compared by `>` (use stage:live)"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_said_and_finds_nothing(text: str, problem: str) -> None:
    for typed, found in ((text, ""), (f"claims {text}", ""), (f"payroll or {text}", "C")):
        query = parse(typed, FIELDS)
        assert query.problem == problem
        assert "".join(query.select(ROWS.items())) == found


def test_a_beginning_of_several_fields_names_them() -> None:
    query = parse("s:live", FIELDS)
    assert query.problem == "`s` may be stage, spend: type more of it"
    assert query.select(ROWS.items()) == []


_DAYS = st.dates(datetime.date(2025, 11, 1), datetime.date(2027, 2, 28))
_SIGNS = {"<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b, "=": lambda a, b: a == b}  # fmt: skip


@given(_DAYS, _DAYS, st.sampled_from([4, 7, 10]), st.sampled_from(sorted(_SIGNS)), st.booleans())
def test_a_day_is_compared_with_a_day_a_month_or_a_year_as_a_whole(
    day: datetime.date, other: datetime.date, length: int, sign: str, negated: bool
) -> None:
    parts = {4: 1, 7: 2, 10: 3}[length]
    one, two = ((d.year, d.month, d.day)[:parts] for d in (day, other))
    text = f"{'!' * negated}review:{sign}{other.isoformat()[:length]}"
    found = parse(text, FIELDS).matches(row(review=day.isoformat()))
    assert found is (_SIGNS[sign](one, two) is not negated)


_TERMS: dict[str, str] = {
    "claims": "AB", "!claims": "C", "stage:live": "A", "!stage:live": "BC", "owner:-": "B",
    "spend:>1m": "A", "!spend:>1m": "BC", "review:-": "B", "zoe": "C", "payroll": "C", "spend:abc": "",
}  # fmt: skip
"""Words of a filter and what each finds."""


@given(st.lists(st.lists(st.sampled_from(sorted(_TERMS)), min_size=1, max_size=3), min_size=1, max_size=4))  # fmt: skip
def test_alternatives_find_what_any_of_them_finds(alternatives: list[list[str]]) -> None:
    text = " or ".join(" ".join(words) for words in alternatives)
    wanted = {key for key in "ABC" if any(all(key in _TERMS[w] for w in ws) for ws in alternatives)}
    assert set(parse(text, FIELDS).select(ROWS.items())) == wanted


def test_a_field_that_is_none_is_said_and_looked_for_as_it_stands() -> None:
    query = parse("onwer:amara", FIELDS)
    assert query.problem == "There is no field `onwer`; did you mean `owner`?"
    assert query.select(ROWS.items()) == []


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_filter(text: str) -> None:
    query = parse(text, FIELDS)
    chosen = query.select(ROWS.items())
    assert chosen == [key for key, searched in ROWS.items() if query.matches(searched)]


@given(st.text(alphabet='abc!:"<>=-.5mk st', max_size=20))
def test_a_negated_filter_of_one_word_finds_the_others(text: str) -> None:
    plain, turned = parse(text, FIELDS), parse(f"!{text}", FIELDS)
    if len(plain.words) == 1 and len(turned.words) == 1 and not plain.words[0].negated and turned.words[0].negated:  # fmt: skip
        assert set(plain.select(ROWS.items())) | set(turned.select(ROWS.items())) == set("ABC")


@given(st.text(min_size=1))
def test_a_filter_made_for_an_id_finds_what_has_that_id(identifier: str) -> None:
    text = exactly("owner", identifier)
    named = row(owner=f"{identifier}\na name".lower())
    assert parse(text, FIELDS).matches(named)


@given(st.from_regex(r"[a-z][a-z0-9 .:/@_-]{0,12}[a-z0-9]", fullmatch=True))
def test_a_filter_made_for_an_id_finds_no_longer_one(identifier: str) -> None:
    query = parse(exactly("owner", identifier), FIELDS)
    assert not query.matches(row(owner=f"{identifier}1"))
    assert not query.matches(row(owner=f"x{identifier}"))


def test_what_nobody_has_named_is_found_however_it_is_written() -> None:
    named, blank, tbd = (
        Searchable("", {"owner": value})
        for value in ("ann\nann", MISSING + "\n", MISSING + "\ntbd")
    )
    for typed in ("owner:-", "owner:nobody"):
        query = parse(typed, FIELDS)
        assert [query.matches(row) for row in (named, blank, tbd)] == [False, True, True]
    assert parse("owner:tbd", FIELDS).matches(tbd)


def test_a_day_is_compared_with_today() -> None:
    day = datetime.date(2026, 11, 23)
    row = Searchable("", {"review": "2026-11-30"})
    for typed, found in (
        ("<today", False),
        (">today", True),
        ("<today+8", True),
        ("<=today+6", False),
    ):
        assert parse(f"review:{typed}", FIELDS, day).matches(row) is found


def test_an_unknown_field_names_those_that_there_are() -> None:
    assert parse("foo:x", {"owner": "text", "stage": "text"}).problem == (
        "There is no field `foo`; fields: owner, stage"
    )


def test_a_filter_that_is_not_understood_says_so_after_enter(opened: OpenRoom) -> None:
    command = ("space" if k == " " else "colon" if k == ":" else k for k in ":filter spnd:5")
    for keys in (("slash", *"spnd", "colon", "5", "enter"), (*command, "enter")):
        shown = opened.run("2", *keys)
        assert shown.count("There is no field `spnd`") == 2  # on the border, and on the last line


def test_a_filter_says_how_much_it_finds_in_other_units(opened: OpenRoom) -> None:
    shown = opened.run(
        "shift+tab", "down", "slash", *"stage", "colon", *"live", "enter", size=(140, 40)
    )
    assert " in other units: " in shown
    whole = opened.run("slash", *"stage", "colon", *"live", "enter", size=(140, 40))
    assert "in other units" not in whole


def test_a_field_holds_what_its_column_says(sample: Path) -> None:
    repository = find_repository(sample)
    room = Room(repository, Flow(repository).at(datetime.date(2026, 11, 23)))
    health, value = HealthRows(room, room.governed.health), ValueRows(room)
    costly = [
        CostlyRow(health.units[unit], c) for unit, cs in health.costly.items() for c in cs.values()
    ]
    chains = [Chain(i, o) for i in value.items.values() for o in i.entry.outcomes]
    tables: list[tuple[Columns[Any], Collection[Any]]] = [
        (ITEMS, room.items.values()),
        (FINDINGS, Findings(room).rows.values()),
        (COSTLY, costly),
        (TREE, chains),
        (MANAGERS, ManagerRows(room).served.values()),
        (PEOPLE, People(room).rows.values()),
    ]
    for columns, rows in tables:
        assert rows
        for name, find in columns.finds.items():
            kind = columns.fields[name]
            values = {find(row) for row in rows} - {None, ""}
            assert all(isinstance(v, float) is (kind == "amount") for v in values), name
            if kind == "day":
                assert all(datetime.date.fromisoformat(str(v)) for v in values), name
