"""Random edits of odd documents: the data are as meant, and the rest of the text is as it was.

What is meant is worked out on data that PyYAML has read, by `odd_yaml_expected` and not by the program.
"""

from __future__ import annotations

import re
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from itgov.files.edit import Change, apply
from itgov.files.reader import read
from itgov.files.save import EditRefused

from ..support.examples import many
from .odd_yaml import OddYaml, some_change
from .odd_yaml_expected import exact, expected, loaded, touched_elsewhere

INEVITABLE = (
    "nothing else is in the file",
    "is an alias of a value used elsewhere too",
    "other places refer to the same value by",
    "the text in its last lines would get a line end that it has not",
)
"""Why an edit of a sound document has to be refused."""


def some_document(random: Random) -> tuple[str, Any]:
    """Return an odd document with its data."""
    while True:
        text = OddYaml(random).document()
        _, data, problems = read("x.yaml", text.encode())
        if not problems and isinstance(data, dict):
            return text, loaded(text)


def edited(text: str, changes: list[Change]) -> tuple[str | None, str]:
    """Return a text with the changes made, or None and why they are refused."""
    try:
        return apply(text.encode(), changes, "x.yaml").decode(), ""
    except EditRefused as refused:
        return None, str(refused)


@settings(max_examples=many(300))
@given(st.integers(0, 2**32))
def test_an_edit_does_what_is_meant_and_touches_nothing_else(seed: int) -> None:
    random = Random(seed)
    text, data = some_document(random)
    for _ in range(2):
        change = some_change(random, data)
        after, why = edited(text, [change])
        if after is None:
            assert re.match(r"x\.yaml:\d+: the file cannot be edited in place: ", why)
            continue
        meant = expected(data, change)
        assert exact(loaded(after)) == exact(meant), (change, text, after)
        assert touched_elsewhere(text, after, change) == "", (change, text, after)


@settings(max_examples=many(150))
@given(st.integers(0, 2**32))
def test_several_edits_do_what_each_of_them_would_after_the_one_before(seed: int) -> None:
    random = Random(seed)
    text, data = some_document(random)
    changes: list[Change] = []
    for _ in range(3):
        changes.append(some_change(random, data))
        data = expected(data, changes[-1])
    after, _ = edited(text, changes)
    assert after is None or exact(loaded(after)) == exact(data), (changes, text, after)


def test_hardly_an_edit_is_refused_that_could_be_made() -> None:
    random = Random(10)
    refused = []
    for _ in range(300):
        text, data = some_document(random)
        change = some_change(random, data)
        _, why = edited(text, [change])
        if why and not any(known in why for known in INEVITABLE):
            refused.append((why, change, text))
    assert len(refused) <= 1, refused
