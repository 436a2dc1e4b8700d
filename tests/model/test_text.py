"""Words that were probably meant, and texts without their accents."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from itgov.model.text import closest, did_you_mean, without_accents


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


@given(st.text(st.characters(codec="utf-8"), max_size=20))
def test_accents_are_taken_from_a_text_as_from_the_whole_of_it(text):
    apart = unicodedata.normalize("NFD", text)
    assert without_accents(text) == "".join(c for c in apart if not unicodedata.combining(c))
