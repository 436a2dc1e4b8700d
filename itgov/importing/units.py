"""In what amounts are counted: pounds, thousands or millions, as names and cells say."""

from __future__ import annotations

import re
from functools import lru_cache

from itgov.importing.cells import Cell
from itgov.importing.languages import plain_words, scale_phrases
from itgov.importing.values import own_power

_CODES = "(?:eur|chf|gbp|usd|cad|aud|nzd|sek|nok|dkk|pln)"
_SIGN = rf"(?:[£$€]|\b{_CODES}\b)"
_SCALES = (
    (1_000_000_000, "billion", rf"{_SIGN}\s?(?:bn|mrd)\b|\b(?:bn|mrd)\.?\s?{_SIGN}|\(bn\)"),
    (1_000_000, "million", rf"{_SIGN}\s?'?m(?:m|n|io)?\b|\bm(?:n|io)?\.?\s?{_SIGN}|\(m\)|\bm(?:eur|chf|gbp|usd)\b|\b(?:eur|chf|gbp|usd)m\b"),
    (1_000, "thousand", rf"{_SIGN}\s?(?:k|t(?:sd)?)\b|\b(?:[kt]|tsd)\.?\s?{_SIGN}|\(k\)|'?\b000'?s?\b|\b[kt](?:eur|chf|gbp|usd)\b|\b(?:eur|chf|gbp|usd)k\b"),
)  # fmt: skip
"""What amounts are multiplied by, the words for it, and the signs that say so in a column's name.

The largest first: thousands of millions are a billion.
"""


@lru_cache(maxsize=5000)
def unit_in_name(name: str) -> int:
    """Return what a column's name says that its amounts count; 1 where it says nothing of it."""
    plain, words = name.casefold(), plain_words(name)
    return next(
        (
            s
            for s, word, signs in _SCALES
            if re.search(signs, plain) or words in scale_phrases(word)
        ),
        1,
    )


_UNIT = re.compile(rf"in|[kmt]|bn|mm|mn|mio|tsd|mrd|000s?|[kmt]?{_CODES}[km]?")


def without_unit(words: str) -> str:
    """Return the words of a name without those that say a currency, or what amounts count."""
    for _, scale, _ in _SCALES:
        words = scale_phrases(scale).cut(words)
    return " ".join(word for word in words.split() if not _UNIT.fullmatch(word))


def says_unit(cell: Cell) -> bool:
    """Say whether a cell says itself what it counts: `0.9m`."""
    return isinstance(cell, str) and own_power(cell) is not None
