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


class _Said(Struct, frozen=True):
    """A phrase of a stage in a text."""

    stage: str
    start: int
    end: int


_PART_DONE = re.compile(r"(?<![\d.,])\d{1,2}(?:[.,]\d+)?\s?%")
"""A share of a whole: `80%`, but not `100.0%`."""
_BEFORE_LIVE = ("proposed", "approved", "delivering")


@lru_cache(maxsize=2000)
def meaning_of(word: str) -> Meaning:
    """Return the stage that a text says in whole words that are not denied, or `missing`.

    The longest phrase counts: *not started* is proposed, *approved for delivery* what comes first;
    *stopped* counts before any other.  What is doubted anywhere in the text has no stage (*live (on
    hold)*, *80% complete*), nor has that of which only an earlier stage is complete.
    """
    clauses = [plain_words(clause) for clause in re.split(r"[,;:.()/]|\s[-–—]\s", word)]
    for at, clause in enumerate(clauses):
        for field, is_sure in (("stage", True), ("unsure_stage", False)):
            if not (said := _said(clause, field)):
                continue
            found = next((s for s in said if s.stage == "stopped"), said[0])
            others = clauses[:at] + clauses[at + 1 :]
            stages = {s.stage for s in said}
            if found.stage not in ("stopped", "retired") and (
                _PART_DONE.search(word)
                or _is_doubted(clause, found)
                or any(map(_is_doubted, others))
                or ("live" in stages and not stages.isdisjoint(_BEFORE_LIVE))
            ):
                return Meaning(MISSING)
            return Meaning(found.stage, is_sure)
    return Meaning(MISSING)


def stage_of(word: str) -> str:
    """Return the stage that a word probably means, or `missing`."""
    return meaning_of(word).stage


def _said(text: str, field: str) -> list[_Said]:
    """Return the phrases of a text that are not denied nor parts of longer ones, the longest first."""
    found = [
        _Said(stage, start, end)
        for stage, phrases in value_phrases(field).items()
        for start, end in phrases.spans(text)
    ]
    denied = [end for _, end in other_phrases("denials").spans(text)]
    found.sort(key=lambda s: (s.end - s.start, -s.start, s.stage), reverse=True)
    kept: list[_Said] = []
    for said in found:
        if any(said.start < other.end and other.start < said.end for other in kept):
            continue
        if not any(end <= said.start for end in denied) or _is_whole(
            said.start, said.end - said.start, denied
        ):
            kept.append(said)
    return kept


def _is_doubted(text: str, said: _Said | None = None) -> bool:
    """Say whether a word beside a phrase takes its stage back."""
    return any(
        said is None or start < said.start or end > said.end
        for start, end in other_phrases("doubts").spans(text)
    )


def _is_whole(start: int, length: int, denied: list[int]) -> bool:
    """Say whether a denial belongs to the phrase itself, as in `not started`."""
    return any(start < end <= start + length for end in denied) and not any(
        end <= start for end in denied
    )
