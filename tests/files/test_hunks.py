"""Changes between two states of a file: all of them, and each taken back by itself."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itgov.files.hunks import hunks, lines_of, without
from itgov.files.proposal import diff_of
from itgov.files.save import ChangedMeanwhile

from ..support.examples import many

LINE = st.sampled_from([b"a\n", b"b\r\n", b"k: 1\n", b"k: 2\n", b"  - x: 3\n", b"\n", b"\xff\n"])
TEXT = st.tuples(st.lists(LINE, max_size=30), st.sampled_from([b"", b"end", b"k: 9"])).map(
    lambda made: b"".join(made[0]) + made[1]
)


@given(TEXT, TEXT)
def test_without_any_change_a_file_is_as_it_was(before: bytes, after: bytes) -> None:
    left = after
    for hunk in reversed(hunks(before, after)):
        left = without(left, hunk, "a.yaml")
    assert left == before


@given(TEXT, TEXT, st.integers(0, 4))
@settings(max_examples=many(50))
def test_the_diff_shows_each_line_that_differs_where_it_is(
    before: bytes, after: bytes, context: int
) -> None:
    old, new = lines_of(before), lines_of(after)
    shown = list(diff_of(before, after, context))
    removed = {line.old for line in shown if line.kind == "removed"}
    added = {line.new for line in shown if line.kind == "added"}
    for line in shown:
        for at, lines in ((line.old, old), (line.new, new)):
            if at is not None:
                assert lines[at - 1].decode(errors="replace").rstrip("\r\n") == line.text
    kept = [line for n, line in enumerate(old, 1) if n not in removed]
    assert kept == [line for n, line in enumerate(new, 1) if n not in added]
    around = [line for line in shown if line.kind == "context"]
    assert [line.old for line in around] == sorted({line.old or 0 for line in around})


def test_values_of_the_same_keys_are_a_change_each() -> None:
    before = b"a:\n  stage: live\n  owner: x\n  end: 1\n"
    after = b"a:\n  stage: stopped\n  owner: y\n  end: 1\n"
    stage, owner = hunks(before, after)
    assert (stage.old, stage.removed, stage.added) == (
        1,
        (b"  stage: live\n",),
        (b"  stage: stopped\n",),
    )
    assert without(after, stage, "a.yaml") == b"a:\n  stage: live\n  owner: y\n  end: 1\n"
    assert without(after, owner, "a.yaml") == b"a:\n  stage: stopped\n  owner: x\n  end: 1\n"


def test_a_change_that_is_no_longer_there_is_not_taken_back() -> None:
    (hunk,) = hunks(b"a\nb\n", b"a\nc\n")
    with pytest.raises(ChangedMeanwhile, match=r"a\.yaml"):
        without(b"a\nd\n", hunk, "a.yaml")


def test_few_changes_in_very_many_lines_are_found_each() -> None:
    before = [b"  - id: %d\n" % n if n % 3 else b"    stage: live\n" for n in range(9000)]
    after = list(before)
    after[30] = b"    stage: stopped\n"
    after[8001] = b"    stage: stopped\n"
    after[4000:4000] = [b"  - id: new\n", b"    stage: live\n"]
    found = hunks(b"".join(before), b"".join(after))
    assert [(h.old, len(h.removed), len(h.added)) for h in found] == [
        (30, 1, 1),
        (4000, 0, 2),
        (8001, 1, 1),
    ]


@given(TEXT, TEXT)
@settings(max_examples=many(50))
def test_long_stretches_too_are_wholly_told(before: bytes, after: bytes) -> None:
    left = after
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("itgov.files.hunks._MOST_LINES", 2)
        found = hunks(before, after)
    for hunk in reversed(found):
        left = without(left, hunk, "a.yaml")
    assert left == before
