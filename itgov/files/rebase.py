"""Making a change again on a text that somebody else has changed in other places meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from itgov.files.reader import read

_Region = tuple[int, int, list[bytes]]
"""The lines of the base that are replaced, from and up to, and by what."""


def rebased(base: bytes, target: bytes, current: bytes) -> bytes | None:
    """Return `current` with what led from `base` to `target` done to it as well.

    None where that touches lines that `current` has changed, or lines beside them, or where what
    comes out is no sound file: then only a person can tell what is meant.
    """
    if current == base:
        return target
    lines = base.splitlines(keepends=True)
    ours = list(_regions(lines, target.splitlines(keepends=True)))
    theirs = list(_regions(lines, current.splitlines(keepends=True)))
    if any(a[0] <= b[1] and b[0] <= a[1] for a in ours for b in theirs):
        return None
    result: list[bytes] = []
    at = 0
    for start, end, put in sorted(ours + theirs, key=lambda r: r[:2]):
        result += [*lines[at:start], *put]
        at = end
    made = b"".join([*result, *lines[at:]])
    return None if read("", made)[2] else made


def _regions(before: list[bytes], after: list[bytes]) -> Iterator[_Region]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal":
            yield i1, i2, after[j1:j2]
