"""The one form in which ids, titles and keys are compared, and what a text differs in from it.

The same letters can be written in two ways (`ü` as one character, or as `u` and an accent), and with
characters that nobody sees: texts that differ in nothing else are the same.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from itgov.model.drawn_texts import UNSEEN
from itgov.model.lazy_patterns import lazy_pattern

_UNSEEN_CHARACTER = lazy_pattern(UNSEEN)
_BLANK = lazy_pattern(r"[^\S ]")


@lru_cache(maxsize=16_384)
def one_form(text: str) -> str:
    """Return a text in normal form C without unseen characters, and without blanks at its ends.

    What has nothing else in it stays as it is: no text becomes empty.
    """
    if text.isascii():
        return text
    seen = _BLANK.sub(" ", _UNSEEN_CHARACTER.sub("", text)).strip()
    return unicodedata.normalize("NFC", seen) or text


def unseen_in(text: str) -> list[str]:
    """Return the characters of a text that `one_form` leaves out or makes plain blanks, as U+XXXX."""
    if text.isascii():
        return []
    found = [c for c in text if _UNSEEN_CHARACTER.match(c) or _BLANK.match(c)]
    return [f"U+{ord(c):04X}" for c in dict.fromkeys(found)]


def characters_apart(word: str, other: str) -> str:
    """Return what tells two texts apart that look alike; empty where it is plain to see.

    Named are the characters beyond ASCII that only one of them has.
    """
    apart = [c for c in dict.fromkeys(word + other) if (c in word) != (c in other)]
    if all(c.isascii() for c in apart):
        return ""
    named = [
        f"{'' if c in word else 'no '}U+{ord(c):04X} ({unicodedata.name(c, 'unnamed').lower()})"
        for c in apart
        if not c.isascii()
    ]
    return f"written with {', '.join(named[:3])}{' and more' if named[3:] else ''}"
