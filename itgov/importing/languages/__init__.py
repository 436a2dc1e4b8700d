"""The words by which columns and values are known, one file for each language.

A language is added by a file beside `en.yaml`, with its keys; nothing else names a language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path

from msgspec import Struct, field

from itgov.files.convert import convert
from itgov.files.reader import read
from itgov.model.errors import ItgovError

_FOLDER = Path(__file__).parent
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


class ColumnWords(Struct, forbid_unknown_fields=True, rename={"is_": "is"}):
    """What a column of one field is called: the surest first."""

    is_: list[str] = []
    perhaps: list[str] = []
    """Names that leave it open, so that it is asked."""
    never: list[str] = []
    """Words that make it something else, whatever fits."""


class MoneyWords(Struct, forbid_unknown_fields=True):
    """What a column of amounts is called, and what only looks like one."""

    actual: ColumnWords = field(default_factory=ColumnWords)
    forecast: ColumnWords = field(default_factory=ColumnWords)
    budget: ColumnWords = field(default_factory=ColumnWords)
    whole_life: list[str] = []
    benefit: list[str] = []
    never: list[str] = []
    """Scores, changes, counts, codes: numbers that are no money spent."""
    cost: list[str] = []
    """Words of money that is spent, or will be: with a day until which, it was spent."""
    total: list[str] = []
    annual: list[str] = []
    """Words of an amount for each year."""
    parts: list[str] = []
    """Words of a part of the money: capital and revenue, own and bought."""
    older: list[str] = []
    """Words of an amount that another one has replaced."""


class ValueWords(Struct, forbid_unknown_fields=True):
    """What stands for each value of a field."""

    confidence: dict[str, list[str]] = {}
    health: dict[str, list[str]] = {}
    """What stands for a rating where a column is named so: *on track*."""
    level: dict[str, list[str]] = {}
    """The same for how much confidence there is: *high*."""
    stage: dict[str, list[str]] = {}
    unsure_stage: dict[str, list[str]] = {}
    type: dict[str, list[str]] = {}
    purpose: dict[str, list[str]] = {}
    direction: dict[str, list[str]] = {}
    truth: dict[str, list[str]] = {}


class Language(Struct, forbid_unknown_fields=True):
    """The words of one language."""

    language: str
    columns: dict[str, ColumnWords] = {}
    money: MoneyWords = field(default_factory=MoneyWords)
    values: ValueWords = field(default_factory=ValueWords)
    scales: dict[str, list[str]] = {}
    counts: list[str] = []
    """Names of columns that may only count the rows."""
    confidence_names: list[str] = []
    """Names of ratings by how much confidence there is."""
    remarks: list[str] = []
    first_names: list[str] = []
    """Names of columns with the first names alone of people, beside one of `last_names`."""
    last_names: list[str] = []
    unit_words: list[str] = []
    denials: list[str] = []
    """Words before a stage that deny it: *not*."""
    doubts: list[str] = []
    """Words anywhere beside a stage by which it is not, or not yet, what it says: *on hold*."""
    nothing: list[str] = []
    withheld: list[str] = []
    months: list[str] = []
    quarter: list[str] = []
    half: list[str] = []
    fiscal: list[str] = []
    until: list[str] = []
    """Words before the day until which an amount is counted: *to*."""
    abbreviations: dict[str, str] = {}
    """Words as they are cut short in the names of columns: `mgr` for manager."""
    register_words: list[str] = []
    """Words of a title that are of the table, and not of whose it is: *project register*."""


class WordsProblem(ItgovError):
    """A file of words that does not fit; the text says where."""


@cache
def languages() -> tuple[Language, ...]:
    """Return the languages, English first."""
    paths = sorted(_FOLDER.glob("*.yaml"), key=lambda p: (p.stem != "en", p.stem))
    return tuple(read_language(p.name, p.read_bytes()) for p in paths)


def read_language(name: str, raw: bytes) -> Language:
    """Read one file of words; raise WordsProblem where it does not fit."""
    document, data, problems = read(name, raw)
    found = None
    if not problems:
        found, problems = convert(document, data, Language)
    if problems or found is None:
        raise WordsProblem(f"{name}: {'; '.join(p.message for p in problems) or 'it is empty'}")
    return found


# -- phrases -------------------------------------------------------------------------------


@lru_cache(maxsize=20_000)
def plain_words(text: str) -> str:
    """Return the words of a text in small letters without accents, each after one blank."""
    text = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", text)
    apart = unicodedata.normalize("NFKD", text.replace("'", " ").replace("\u2019", " "))
    bare = "".join(c for c in apart if not unicodedata.combining(c)).casefold()
    return " ".join(re.sub(r"[_\W]+", " ", bare.replace("œ", "oe")).split())


def _pattern(phrase: str) -> str:
    at_start, at_end = phrase.startswith("="), phrase[:1] == "=" or phrase.endswith("=")
    phrase = phrase.strip("=")
    both = dict.fromkeys([phrase, phrase.casefold().translate(_UMLAUTS)])
    ways = [_way(one) for one in both]
    found = "|".join(way for way in ways if way)
    start, end = "^" if at_start else r"\b", "$" if at_end else r"\b"
    return f"{start}(?:{found}){end}" if found else ""


def _way(phrase: str) -> str:
    marked = phrase.replace("*", "\ue000").replace("?", "\ue001")
    kept = "".join(c if c in "\ue000\ue001" else plain_words(c) or " " for c in marked)
    if not any(c.isalnum() for c in kept):
        return ""
    return " ".join(
        re.escape(word).replace("\ue000", r"\w*").replace("\ue001", r"\w") for word in kept.split()
    )


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Return a phrase's pattern; most are never searched, as no phrase of their list fits."""
    return re.compile(pattern)


class Phrases:
    """Phrases of all languages, in the order of how sure they are."""

    def __init__(self, lists: Iterable[list[str]]) -> None:
        ranked = [
            (rank, " ".join(phrase.strip("=").replace("*", "").split()), p)
            for words in lists
            for rank, phrase in enumerate(words)
            if (p := _pattern(phrase))
        ]
        ranked.sort(key=lambda found: found[0])
        self._each = ranked
        self._any = re.compile("|".join(p for *_, p in ranked) or r"(?!)")

    def __contains__(self, words: str) -> bool:
        return self._any.search(words) is not None

    def surest(self, *names: str) -> tuple[int, str] | None:
        """Return the surest phrase that fits one of the names, and how far down it stands."""
        if not any(name in self for name in names):
            return None
        fits = (f[:2] for f in self._each if any(_compiled(f[2]).search(name) for name in names))
        return next(fits)

    def rank(self, *names: str) -> int | None:
        """Return how far down in its list the surest phrase stands that fits one of the names."""
        found = self.surest(*names)
        return None if found is None else found[0]

    def cut(self, words: str) -> str:
        """Return a text without each phrase that stands in it."""
        if words in self:
            for *_, pattern in self._each:
                words = " ".join(_compiled(pattern).sub(" ", words).split())
        return words

    def spans(self, words: str) -> Iterator[tuple[int, int]]:
        """Yield where each phrase stands in a text."""
        if words in self:
            for *_, pattern in self._each:
                yield from (match.span() for match in _compiled(pattern).finditer(words))


class ColumnPhrases(Struct):
    """What a field's columns are called, in all languages."""

    surely: Phrases
    perhaps: Phrases
    never: Phrases

    @classmethod
    def of(cls, words: Iterable[ColumnWords]) -> ColumnPhrases:
        """Join the words of all languages."""
        found = list(words)
        return cls(
            Phrases(w.is_ for w in found),
            Phrases(w.perhaps for w in found),
            Phrases(w.never for w in found),
        )


@cache
def column_phrases(name: str) -> ColumnPhrases:
    """Return what the columns of a field are called."""
    none = ColumnWords()
    return ColumnPhrases.of(known.columns.get(name, none) for known in languages())


@cache
def money_phrases(kind: str) -> ColumnPhrases:
    """Return what columns of amounts of one kind are called."""
    found = [getattr(known.money, kind) for known in languages()]
    return ColumnPhrases.of(w if isinstance(w, ColumnWords) else ColumnWords(is_=w) for w in found)


@cache
def other_phrases(key: str) -> Phrases:
    """Return the words of a list that stands at the top of a language's file."""
    return Phrases(getattr(known, key) for known in languages())


@lru_cache(maxsize=5000)
def in_full(words: str) -> tuple[str, ...]:
    """Return the words of a name without abbreviations, for each language that knows one of them."""
    found: dict[str, None] = {}
    for known in languages():
        full = " ".join(known.abbreviations.get(word, word) for word in words.split())
        if full != words:
            found[full] = None
    return tuple(found)


@cache
def scale_phrases(name: str) -> Phrases:
    """Return the words for a thousand, million or billion."""
    return Phrases(known.scales.get(name, []) for known in languages())


@cache
def value_phrases(name: str) -> dict[str, Phrases]:
    """Return the words for each value of a field."""
    lists = [getattr(known.values, name) for known in languages()]
    values = dict.fromkeys(value for found in lists for value in found)
    return {value: Phrases(found.get(value, []) for found in lists) for value in values}


@cache
def value_words(name: str) -> dict[str, str]:
    """Return what each word for a value of a field means: words as they are, and as plain ones."""
    found: dict[str, str] = {}
    for known in languages():
        for value, words in getattr(known.values, name).items():
            for word in words:
                for form in (word.casefold(), plain_words(word), plain_words(_spelt(word))):
                    if form:
                        found.setdefault(form, value)
    return found


def _spelt(word: str) -> str:
    return word.casefold().translate(_UMLAUTS)


@cache
def words_for_nothing() -> frozenset[str]:
    """Return what stands for "nothing" where a date, number, rating or the like is expected."""
    return frozenset(" ".join(w.split()).casefold() for known in languages() for w in known.nothing)


CUT_SHORT = {"sept": 9, "mrz": 3}
"""Months as they are cut short otherwise than by the first letters of their names."""


@cache
def month_names() -> tuple[tuple[str, int], ...]:
    """Return the names of the months, as plain words, with their numbers."""
    return tuple(
        (form, number)
        for known in languages()
        for number, name in enumerate(known.months, 1)
        for form in dict.fromkeys((plain_words(name), plain_words(_spelt(name))))
    )


@lru_cache(maxsize=2000)
def month_of(name: str) -> int | None:
    """Return the month that a name, or at least three letters of it, stands for in some language."""
    word = plain_words(name)
    if len(word) < 3:
        return None
    whole = {number for known, number in month_names() if known == word}
    found = whole or {number for known, number in month_names() if known.startswith(word)}
    return found.pop() if len(found) == 1 else CUT_SHORT.get(word) if not found else None
