"""Texts that differ in composition and in unseen characters only are the same."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itgov.model.one_form import characters_apart, one_form, unseen_in
from itgov.model.text import did_you_mean

SEEN = st.characters(categories=["L", "N", "P", "S"], exclude_characters="\u2800")
UNSEEN = st.sampled_from("\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u180b\ufe0f\u3164")
EDGE = st.text(st.sampled_from("\u00a0\u2003\u3000\u200b"), max_size=2)


@given(st.text(SEEN, min_size=1), st.lists(st.tuples(st.integers(0, 30), UNSEEN), max_size=4), EDGE)
def test_what_is_drawn_alike_is_the_same(
    text: str, unseen: list[tuple[int, str]], edge: str
) -> None:
    wanted = one_form(text)
    written = unicodedata.normalize("NFD", text)
    assert one_form(written) == wanted
    for at, character in unseen:
        written = written[:at] + character + written[at:]
    # a hidden character between a letter and its accent keeps them apart for no reader
    assert one_form(edge + written + edge) == wanted
    assert one_form(wanted) == wanted


@pytest.mark.parametrize("text", ["a", " a ", "", "a  b", "\u200b", "\u00a0"])
def test_plain_text_stays_and_none_becomes_empty(text: str) -> None:
    assert one_form(text) == text


def test_blanks_of_other_kinds_are_blanks() -> None:
    assert one_form("Benefit\u00a0owner\u3000") == "Benefit owner"
    assert unseen_in("jo\u200b.marsh\u00a0\u200b") == ["U+200B", "U+00A0"]
    assert unseen_in("zoë") == []


def test_look_alikes_are_told_apart_by_what_they_are() -> None:
    assert "U+0430 (cyrillic small letter a)" in did_you_mean("j\u0430ne.d", ["jane.d", "bo"])
    assert did_you_mean("jane.c", ["jane.d"]) == "; did you mean `jane.d`?"
    assert (
        characters_apart("zoe", "zoë")
        == "written with no U+00EB (latin small letter e with diaeresis)"
    )
