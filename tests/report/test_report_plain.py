"""The sanitiser that every text from data goes through."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itgov.report.plain import cut, cut_bytes, plain

ANYTHING = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Claims handling platform",
        "café — 自動車 🚗",
        "5 > 3 & 2",
        "a::b",
        "## Heading",
        "1\u00a0000",
    ],
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb\tc\r\nd", "a b c  d"),
        ("a\u2028b\u0085c", "a b c"),
        ("\x1b[31mred", "<U+001B>[31mred"),
        ("a\x00b\x7fc\x9bd", "a<U+0000>b<U+007F>c<U+009B>d"),
        ("safe\u202etxt.exe", "safe<U+202E>txt.exe"),
        ("\u2066a\u2069\u200e\u200f\u061c", "<U+2066>a<U+2069><U+200E><U+200F><U+061C>"),
        ("OWN\u200b-001\ufeff\u00ad", "OWN<U+200B>-001<U+FEFF><U+00AD>"),
        ("\ud800x\udcff", "<U+D800>x<U+DCFF>"),
        ("\U000e0041", "<U+E0041>"),
        ("\u3164", "<U+3164>"),
    ],
)
def test_what_deceives_is_spelt_out(text: str, shown: str) -> None:
    assert plain(text) == shown


@pytest.mark.parametrize(
    "text", ["::stop-commands::x", "  ::error::x", "a ##[add-mask]x", "##vso[task.x]", "###[error]"]
)
def test_commands_to_a_ci_runner_are_broken(text: str) -> None:
    shown = plain(text)
    assert not shown.lstrip().startswith("::")
    assert "##[" not in shown
    assert "##vso[" not in shown


@given(ANYTHING)
@settings(deadline=None, database=None)
def test_nothing_harmful_is_left(text: str) -> None:
    shown = plain(text)
    shown.encode("utf-8")
    categories = {unicodedata.category(char) for char in shown}
    assert categories.isdisjoint({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
    assert plain(shown) == shown


@given(ANYTHING, st.integers(4, 50))
@settings(deadline=None, database=None)
def test_cutting_keeps_to_the_limit(text: str, limit: int) -> None:
    assert len(cut(text, limit)) <= limit
    assert len(cut_bytes(plain(text), limit).encode()) <= limit


def test_cutting_shows_that_it_cut() -> None:
    assert cut("abcdef", 4) == "abc…"
    assert cut("abcd", 4) == "abcd"
    assert cut_bytes("ééé", 5) == "é…"
    assert cut_bytes("ééé", 6) == "ééé"
