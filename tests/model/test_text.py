"""Names that name nobody, and words that were probably meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itgov.model.text import closest, did_you_mean, is_named


@pytest.mark.parametrize(
    "word",
    ["TBD", "tbc", " N/A ", "n / a", "<vacant>", "[TBD]", "{name}"[0:0], "?", "???", "-", "–", "…", "...", "x", "XXX",
     "none", "Nobody", "(to be confirmed)", "'unknown'", "**TBD**", "_tbd_", "tbd!", "TBD.", "", "  ", "\u200b", "N.N.",
     "to  be   appointed", "vacant;"],
)  # fmt: skip
def test_a_placeholder_names_nobody(word):
    assert not is_named(word)


@pytest.mark.parametrize(
    "word", ["amara.okafor", "Xu", "Ng", "Li", "O", "李", "Ø", "Tbdr", "no.one.else", "x.y", "42"]
)
def test_a_name_names_somebody(word):
    assert is_named(word)


@pytest.mark.parametrize("value", [None, 5, True, [], ["amara"], {}])
def test_what_is_no_text_names_nobody(value):
    assert not is_named(value)


def test_the_word_that_was_meant():
    known = ["outcome_owner", "outcomes", "sponsor"]
    assert closest("outcome_ower", known) == "outcome_owner"
    assert closest("Sponsor", known) == "sponsor"
    assert closest("zzz", known) is None
    assert closest("", known) is None
    assert did_you_mean("sponser", known) == "; did you mean `sponsor`?"
    assert did_you_mean("zzz", known) == ""


@given(st.text(max_size=30), st.lists(st.text(max_size=10), max_size=5))
def test_a_suggestion_is_always_one_of_the_known(word, known):
    near = closest(word, known)
    assert near is None or near in known
    is_named(word)
