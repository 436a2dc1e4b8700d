"""What a filter finds: words, fields, what is not there, amounts and dates."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itgov.tui.state.query import MISSING, Searchable, exactly, parse

FIELDS = ("title", "stage", "owner", "spend", "review")


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
    ],
)
def test_rows_are_found(text: str, found: str) -> None:
    assert "".join(parse(text, FIELDS).select(ROWS.items())) == found


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
        query = parse(typed, ["owner"])
        assert [query.matches(row) for row in (named, blank, tbd)] == [False, True, True]
    assert parse("owner:tbd", ["owner"]).matches(tbd)


def test_a_day_is_compared_with_today() -> None:
    day = datetime.date(2026, 11, 23)
    row = Searchable("", {"review": "2026-11-30"})
    for typed, found in (
        ("<today", False),
        (">today", True),
        ("<today+8", True),
        ("<=today+6", False),
    ):
        assert parse(f"review:{typed}", ["review"], day).matches(row) is found


def test_an_unknown_field_names_those_that_there_are() -> None:
    assert parse("foo:x", ["owner", "stage"]).problem == (
        "There is no field `foo`; fields: owner, stage"
    )


def test_a_filter_that_is_not_understood_says_so_after_enter(room: Any, sample: Path) -> None:
    command = ("space" if k == " " else "colon" if k == ":" else k for k in ":filter spnd:5")
    for keys in (("slash", *"spnd", "colon", "5", "enter"), (*command, "enter")):
        shown = room.run(sample, "2", *keys)
        assert shown.count("There is no field `spnd`") == 2  # on the border, and on the last line
