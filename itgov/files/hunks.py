"""Where two states of a file differ, change by change, and taking one of them back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from msgspec import Struct

from itgov.files.save import ChangedMeanwhile

MOST_LINES = 20_000
"""Lines that are compared one by one; where more differ, they are one change."""
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
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    a, b = old[start : len(old) - end], new[start : len(new) - end]
    if not a and not b:
        return []
    if max(len(a), len(b)) > MOST_LINES:
        return [Hunk(start, start, tuple(a), tuple(b))]
    found: list[Hunk] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, a, b).get_opcodes():
        if tag != "equal":
            found += _parts(Hunk(start + i1, start + j1, tuple(a[i1:i2]), tuple(b[j1:j2])))
    return found


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
