"""Placeholders that name nobody, and suggestions for a misspelt word."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_PLACEHOLDERS = frozenset(
    [
        "tbd",
        "tba",
        "tbc",
        "tbn",
        "todo",
        "none",
        "nil",
        "null",
        "nobody",
        "noone",
        "vacant",
        "vacancy",
        "unknown",
        "unassigned",
        "unnamed",
        "na",
        "n/a",
        "?",
        "??",
        "???",
        "-",
        "--",
        "---",
        ".",
        "..",
        "...",
        "x",
        "xx",
        "xxx",
        "nn",
        "n.n",
        "pending",
        "open",
        "undefined",
    ]
) | {
    "n / a",
    "no one",
    "not applicable",
    "not assigned",
    "not known",
    "not named",
    "not yet",
    "to be announced",
    "to be appointed",
    "to be confirmed",
    "to be decided",
    "to be defined",
    "to be determined",
    "to be named",
    "being recruited",
}

_AROUND = re.compile(r"^[\s<(\[{*_\"']+|[\s>)\]}*_\"'!?:;,.]+$")


def is_named(value: object) -> bool:
    """Say whether `value` names somebody: a text that is neither blank nor a placeholder.

    Placeholders are recognised whatever their case and the brackets around them: `TBD`, `<tbc>`,
    `n/a`, `vacant`, `?`.
    """
    return isinstance(value, str) and _names(value)


@lru_cache(maxsize=16_384)
def _names(value: str) -> bool:
    word = " ".join(_AROUND.sub("", value).casefold().split())
    return bool(word) and word not in _PLACEHOLDERS and any(c.isalnum() for c in word)


def closest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that was probably meant by `word`, or None if none is near."""
    import difflib  # costs 3 ms to import; only needed once something is wrong

    candidates: dict[str, str] = {}
    for name in known:
        candidates.setdefault(name.casefold(), name)
    near = difflib.get_close_matches(word.casefold(), candidates, n=50, cutoff=0.72)
    if not near:
        return None

    def likeness(candidate: str) -> float:
        return difflib.SequenceMatcher(None, candidate, word.casefold()).ratio()

    best = max(likeness(c) for c in near)
    return candidates[min(c for c in near if likeness(c) == best)]


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return "; did you mean `x`?" for the known word nearest to `word`, or `otherwise`."""
    near = closest(word, known)
    return f"; did you mean `{near}`?" if near else otherwise
