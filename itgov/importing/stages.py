"""From a word for how far something has come to a stage."""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

from itgov.importing.languages import other_phrases, plain_words, value_phrases

MISSING = "missing"


class Meaning(Struct, frozen=True):
    """What a word for a stage means."""

    stage: str
    is_sure: bool = True


@lru_cache(maxsize=2000)
def meaning_of(word: str) -> Meaning:
    """Return the stage that a text says in whole words that are not denied, or `missing`.

    The longest phrase counts: *not started* is proposed, *approved for delivery* what comes first.
    """
    for clause in re.split(r"[,;:.()/]|\s[-–—]\s", word):
        for field, is_sure in (("stage", True), ("unsure_stage", False)):
            if (found := _said(plain_words(clause), field)) is not None:
                return Meaning(found, is_sure)
    return Meaning(MISSING)


def stage_of(word: str) -> str:
    """Return the stage that a word probably means, or `missing`."""
    return meaning_of(word).stage


def _said(text: str, field: str) -> str | None:
    found = [
        (end - start, -start, stage)
        for stage, phrases in value_phrases(field).items()
        for start, end in phrases.spans(text)
    ]
    denied = [end for _, end in other_phrases("denials").spans(text)]
    for length, at, stage in sorted(found, reverse=True):
        start = -at
        if not any(end <= start for end in denied) or _is_whole(start, length, denied):
            return stage
    return None


def _is_whole(start: int, length: int, denied: list[int]) -> bool:
    """Say whether a denial belongs to the phrase itself, as in `not started`."""
    return any(start < end <= start + length for end in denied) and not any(
        end <= start for end in denied
    )
