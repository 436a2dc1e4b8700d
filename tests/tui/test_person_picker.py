"""Whom the letters find that are typed where a person is asked for."""

from __future__ import annotations

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
