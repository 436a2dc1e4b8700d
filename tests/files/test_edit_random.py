"""Random edits of odd documents: the data are as meant, and the rest of the text is as it was.

What is meant is worked out on data that PyYAML has read, by `odd_yaml` and not by the program.
"""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from itgov.files.edit import Change, apply
from itgov.files.reader import read
from itgov.files.save import EditRefused

_spec = importlib.util.spec_from_file_location("odd_yaml", Path(__file__).parent / "odd_yaml.py")
assert _spec is not None
assert _spec.loader is not None
odd = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(odd)

INEVITABLE = (
    "nothing else is in the file",
    "stands for what other places say as well",
    "other places say the same by",
    "the text in its last lines would get a line end that it has not",
)
"""Why an edit of a sound document has to be refused."""


def some_document(random: Random) -> tuple[str, Any]:
    """Return an odd document with its data."""
    while True:
        text = odd.OddYaml(random).document()
        _, data, problems = read("x.yaml", text.encode())
        if not problems and isinstance(data, dict):
            return text, odd.loaded(text)


def edited(text: str, changes: list[Change]) -> tuple[str | None, str]:
    """Return a text with the changes made, or None and why they are refused."""
    try:
        return apply(text.encode(), changes, "x.yaml").decode(), ""
    except EditRefused as refused:
        return None, str(refused)


@settings(max_examples=300)
@given(st.integers(0, 2**32))
def test_an_edit_does_what_is_meant_and_touches_nothing_else(seed: int) -> None:
    random = Random(seed)
    text, data = some_document(random)
    for _ in range(2):
        change = odd.some_change(random, data)
        after, why = edited(text, [change])
        if after is None:
            assert re.match(r"x\.yaml:\d+: the file cannot be edited in place: ", why)
            continue
        meant = odd.expected(data, change)
        assert odd.exact(odd.loaded(after)) == odd.exact(meant), (change, text, after)
        assert odd.touched_elsewhere(text, after, change) == "", (change, text, after)


@settings(max_examples=150)
@given(st.integers(0, 2**32))
def test_several_edits_do_what_each_of_them_would_after_the_one_before(seed: int) -> None:
    random = Random(seed)
    text, data = some_document(random)
    changes: list[Change] = []
    for _ in range(3):
        changes.append(odd.some_change(random, data))
        data = odd.expected(data, changes[-1])
    after, _ = edited(text, changes)
    assert after is None or odd.exact(odd.loaded(after)) == odd.exact(data), (changes, text, after)


def test_hardly_an_edit_is_refused_that_could_be_made() -> None:
    random = Random(10)
    refused = []
    for _ in range(300):
        text, data = some_document(random)
        change = odd.some_change(random, data)
        _, why = edited(text, [change])
        if why and not any(known in why for known in INEVITABLE):
            refused.append((why, change, text))
    assert len(refused) <= 1, refused
