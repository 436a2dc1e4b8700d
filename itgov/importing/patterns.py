"""What a mapping's lists of texts and patterns make of a cell's text."""

from __future__ import annotations

import re
from functools import lru_cache

from itgov.importing import values as v
from itgov.importing.mapping import Scalar
from itgov.importing.walk import compiled


def matching(
    patterns: dict[str, str] | dict[str, Scalar] | dict[str, bool], text: str
) -> Scalar | None:
    """Return what a text stands for: by itself, or by a pattern with `*` for anything."""
    if not patterns:
        return None
    key = v.key_of(text)
    for pattern, meant in patterns.items():
        wanted = v.key_of(pattern)
        if wanted == key or ("*" in wanted and _glob(wanted).match(key)):
            return meant
    return None


@lru_cache(maxsize=500)
def _glob(pattern: str) -> re.Pattern[str]:
    return re.compile(
        ".*?".join(re.escape(p) for p in re.split(r"\*+", pattern)) + r"\Z", re.DOTALL
    )


def extracted(pattern: str, text: str) -> str:
    """Return what a pattern, or its first group, matches; raise BadCell where it does not."""
    found = compiled(pattern).search(text)
    if found is None:
        raise v.BadCell("does not match the pattern")
    return found[1] or "" if found.re.groups else found[0]


def reason_of(text: str) -> str:
    """Return the first sentence of a reason, at most 200 characters."""
    first = re.split(r"(?<=[.)])\s+(?=[A-Z])", text)[0]
    return first if len(first) <= 200 else first[:199] + "…"
