"""Where two states of a file differ, change by change, and taking one of them back."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from msgspec import Struct

from itgov.files.save import ChangedMeanwhile

_MOST_LINES = 2_000
"""Lines of a stretch up to which every line is compared with every other that is like it."""
_MOST_DEPTH = 50
_LOOKED_AT = 8000
"""Bytes in which git too looks for a null byte to tell a binary file."""
_KEY = re.compile(rb"\s*(?:- +)?\{?[^\s:{}\[\]#'\"]+:")


class Hunk(Struct, frozen=True):
    """Lines that were replaced, with their line ends; `old` and `new` are where, from 0."""

    old: int
    new: int
    removed: tuple[bytes, ...]
    added: tuple[bytes, ...]


def hunks(before: bytes, after: bytes) -> list[Hunk]:
    """Return every change from one state of a file to another, in order.

    Neighbouring lines of which only the values of the same keys differ are a change each.
    """
    old, new = lines_of(before), lines_of(after)
    found: list[Hunk] = []
    for i1, i2, j1, j2 in _regions(old, new, (0, len(old)), (0, len(new))):
        found += _parts(Hunk(i1, j1, tuple(old[i1:i2]), tuple(new[j1:j2])))
    return found


def _regions(
    old: Sequence[bytes],
    new: Sequence[bytes],
    of_old: tuple[int, int],
    of_new: tuple[int, int],
    depth: int = 0,
) -> Iterator[tuple[int, int, int, int]]:
    """Yield where two stretches of lines differ, each as a stretch of either.

    Long stretches are cut at the lines that either has once, so that the time grows with the lines.
    """
    (i1, i2), (j1, j2) = of_old, of_new
    while i1 < i2 and j1 < j2 and old[i1] == new[j1]:
        i1, j1 = i1 + 1, j1 + 1
    while i1 < i2 and j1 < j2 and old[i2 - 1] == new[j2 - 1]:
        i2, j2 = i2 - 1, j2 - 1
    if i1 == i2 and j1 == j2:
        return
    if i1 == i2 or j1 == j2:
        yield i1, i2, j1, j2
    elif max(i2 - i1, j2 - j1) <= _MOST_LINES:
        for tag, a1, a2, b1, b2 in SequenceMatcher(None, old[i1:i2], new[j1:j2]).get_opcodes():
            if tag != "equal":
                yield i1 + a1, i1 + a2, j1 + b1, j1 + b2
    else:
        anchors = _anchors(old, new, (i1, i2), (j1, j2)) if depth < _MOST_DEPTH else []
        if not anchors:
            yield i1, i2, j1, j2
            return
        for i, j in [*anchors, (i2, j2)]:
            yield from _regions(old, new, (i1, i), (j1, j), depth + 1)
            i1, j1 = i, j


def _anchors(
    old: Sequence[bytes], new: Sequence[bytes], of_old: tuple[int, int], of_new: tuple[int, int]
) -> list[tuple[int, int]]:
    """Return places of lines that each stretch has once, as many as stand in one order in both."""
    counts = Counter(old[slice(*of_old)]), Counter(new[slice(*of_new)])
    places = {new[j]: j for j in range(*of_new)}
    pairs = [
        (i, places[line]) for i in range(*of_old) if counts[0][line := old[i]] == counts[1][line] == 1
    ]  # fmt: skip
    ends: list[
        int
    ] = []  # of the best chain of each length, the place in the new one that it ends at
    last: list[int] = []  # and the pair there
    before: list[int] = []  # for each pair, the one before it in its chain
    for at, (_, j) in enumerate(pairs):
        length = bisect_left(ends, j)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [j]
        last[length : length + 1] = [at]
    chain = []
    step = last[-1] if last else -1
    while step >= 0:
        chain.append(pairs[step])
        step = before[step]
    return chain[::-1]


def _parts(whole: Hunk) -> Iterator[Hunk]:
    """Yield each line by itself where the same keys have other values."""
    pairs = list(zip(whole.removed, whole.added, strict=False))
    keys = [(_KEY.match(one), _KEY.match(other)) for one, other in pairs]
    if len(whole.removed) != len(whole.added) or not all(
        one is not None and other is not None and one.group() == other.group()
        for one, other in keys
    ):
        yield whole
        return
    for at, (one, other) in enumerate(pairs):
        yield Hunk(whole.old + at, whole.new + at, (one,), (other,))


def without(after: bytes, hunk: Hunk, path: str) -> bytes:
    """Return a file without one of its changes.

    Raise ChangedMeanwhile where the lines are no longer those of the change.
    """
    lines = lines_of(after)
    end = hunk.new + len(hunk.added)
    if tuple(lines[hunk.new : end]) != hunk.added:
        raise ChangedMeanwhile(f"{path}: was changed meanwhile, and the change is no longer there")
    return b"".join([*lines[: hunk.new], *hunk.removed, *lines[end:]])


def lines_of(raw: bytes) -> list[bytes]:
    """Return the lines of a file, each with its line end: another line end is another line."""
    return re.findall(rb"[^\n]*\n|[^\n]+", raw)


def is_binary(raw: bytes) -> bool:
    """Say whether a content is no text, as git tells."""
    return b"\0" in raw[:_LOOKED_AT]
