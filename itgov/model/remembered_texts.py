"""What is told of texts by the words for nobody, remembered until these words change."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

Told = TypeVar("Told")

_MOST = 16_384
_forget: list[Callable[[], None]] = []


def remembered(tell: Callable[[str], Told]) -> Callable[[str], Told]:
    """Remember what a function tells of texts, the last 16,384 of them, until `forget`."""
    known = lru_cache(maxsize=_MOST)(tell)
    _forget.append(known.cache_clear)
    return known


def forget() -> None:
    """Forget all of it, for a repository that adds other words or titles of roles."""
    for clear in _forget:
        clear()
