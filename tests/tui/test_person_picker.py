"""Whom the letters find that are typed where a person is asked for."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from itgov.tui.state.fuzzy import Finder, begins_words

PEOPLE = [
    ("Hannah Vogel", "hannah.vogel", "h.vogel@northwind.example"),
    ("Oliver Stanton", "oliver.stanton", ""),
    ("Yvonne Clarke", "yvonne.clarke", ""),
    ("Bridget Lowell", "bridget.lowell", ""),
    ("Julia Novak", "julia.novak", ""),
]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("hanvog", ["Hannah Vogel"]),
        ("hv", ["Hannah Vogel"]),
        ("vogel", ["Hannah Vogel"]),
        ("h.vogel@", ["Hannah Vogel"]),
        ("ol", ["Oliver Stanton"]),
        ("none", []),
        ("tbd", []),
        ("everyone", []),
        ("nobody", []),
        ("?", []),
        ("vogelhan", []),
    ],
)
def test_letters_that_begin_no_word_of_a_name_find_nobody(typed: str, found: list[str]) -> None:
    assert [PEOPLE[i][0] for i in Finder(PEOPLE, ranked=True, strict=True).find(typed)] == found


def test_a_name_of_many_words_is_looked_through_in_time_that_grows_with_it() -> None:
    assert not begins_words("a" * 59 + "b", ["a"] * 5_000)
    assert begins_words("a" * 59 + "b", ["a"] * 5_000 + ["b"])


@pytest.mark.parametrize("typed", ["", "alexandra"])
def test_people_of_one_long_name_are_told_apart_at_80_columns(
    room: Any, sample: Path, typed: str
) -> None:
    path = sample / "portfolios/organisation.yaml"
    name = "Alexandra Konstantinopoulou-Papadopoulos"
    people = "".join(
        f"  - {{id: alexandra.k{end}, name: {name}, side: business}}\n" for end in (1, 2)
    )
    path.write_text(path.read_text(encoding="utf-8").replace("people:\n", f"people:\n{people}", 1))
    shown = room.run(sample, "slash", *"len-001", "enter", "o", *typed, size=(80, 24))
    assert shown.count("…") >= 2
    assert re.search(r"Alexandra.*…\S*k1\)", shown)
    assert re.search(r"Alexandra.*…\S*k2\)", shown)
