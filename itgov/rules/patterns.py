"""Patterns of rules: RE2, compiled once."""

from __future__ import annotations

from functools import lru_cache
from typing import Any


@lru_cache(maxsize=256)
def _pattern(pattern: str) -> Any:
    import re2  # only where a rule has patterns

    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        raise ValueError(f"`{pattern}` is not a pattern: {_plain(error)}") from None


def _plain(error: Exception) -> str:
    reason = error.args[0] if error.args else ""
    return reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)


def matches(text: str, pattern: str) -> bool:
    """Say whether a pattern is found in a text.  Raises `ValueError` where it is no pattern."""
    return (_in_short if len(text) <= _SHORT else _in)(text, pattern)


def _in(text: str, pattern: str) -> bool:
    return _pattern(pattern).search(text) is not None


_in_short = lru_cache(maxsize=16_384)(_in)
"""Names and measures are the same in many records."""
_SHORT = 100


def pattern_problem(pattern: str) -> str | None:
    """Return what is wrong with a pattern of `matches`, or None."""
    try:
        _pattern(pattern)
    except ValueError as error:
        return str(error)
    return None
