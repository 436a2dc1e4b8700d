"""Texts that people type: amounts, and words that are misspelt."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from itgov.model.lazy_patterns import lazy_pattern

_AMOUNT = lazy_pattern(r"(-?[\d,._]*\d)\s*(k|m|bn|b|%)?")
_SIZES = {"k": 1e3, "m": 1e6, "b": 1e9, "bn": 1e9, "%": 0.01, None: 1.0}

_OTHERS = lazy_pattern(r"[^\x00-\x7f]+")
"""Letters and signs that are no ASCII, as many as stand beside each other."""


def nearest(word: str, known: Iterable[str]) -> list[str]:
    """Return the known words that are near `word`, in their order: of all, the 50 nearest.

    Of many, those near are those near among what is near in some of them and in all others.
    """
    import difflib  # costs 3 ms to import; only needed once something is wrong

    candidates: dict[str, str] = {}
    for name in known:
        candidates.setdefault(name.casefold(), name)
    near = set(difflib.get_close_matches(word.casefold(), candidates, n=50, cutoff=0.72))
    return [name for folded, name in candidates.items() if folded in near]


def closest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that was probably meant by `word`, or None if none is near."""
    import difflib

    near = nearest(word, known)

    def likeness(name: str) -> tuple[float, str]:
        ratio = difflib.SequenceMatcher(None, name.casefold(), word.casefold()).ratio()
        return -ratio, name.casefold()

    return min(near, key=likeness, default=None)


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return "; did you mean `x`?" for the known word nearest to `word`, or `otherwise`."""
    near = closest(word, known)
    if near is None:
        return otherwise
    from itgov.model.one_form import characters_apart

    apart = characters_apart(word, near)
    return f"; did you mean `{near}`?{f' What is here is {apart}.' if apart else ''}"


def amount_of(text: str) -> float | None:
    """Return the amount that a text means, such as 1,200, 5m or 0.5bn; None where it is none."""
    match = _AMOUNT.fullmatch(text)
    if match is None:
        return None
    try:
        return float(match[1].replace(",", "").replace("_", "")) * _SIZES[match[2]]
    except ValueError:
        return None


def without_accents(text: str) -> str:
    """Return a text without its accents: "Zoe" for "Zoë"."""
    return text if text.isascii() else _OTHERS.sub(_without_its_accents, text)


def _without_its_accents(letters: re.Match[str]) -> str:
    return _without_accents(letters[0])


@lru_cache(maxsize=20_000)
def _without_accents(text: str) -> str:
    apart = unicodedata.normalize("NFD", text)
    return "".join([c for c in apart if not unicodedata.combining(c)])


def plural(count: int, noun: str) -> str:
    """Return "1 error", "3 errors", "2 people"."""
    many = "people" if noun == "person" else f"{noun}s"
    return f"{count:,} {noun if count == 1 else many}"
