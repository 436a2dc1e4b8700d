"""The words of a filter: `claims !retired owner:amara spend:>1m or review:<today`.

Each word has to be found, or each of those after an `or`.  `field:value` looks for the beginning of
a word in one field only, `!` negates a word, quotes hold words together, and a field that is a
number or a date can be compared: `<`, `>`, `<=`, `>=`.  `field:=value` wants just that, and `field:-`
finds what has nothing there.  A date is a day, a month or a year, `today`, `today+30` or `today-7`.
Letters are compared without case and accents.
"""

from __future__ import annotations

import datetime
import operator
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Generic, Literal, TypeVar

from msgspec import Struct, structs

from itgov.model.nobody import is_named
from itgov.model.text import amount_of, without_accents

WORD = re.compile(
    r'(?P<not>!?)(?:(?P<field>[A-Za-z_][\w-]*):)?(?:(?P<sign><=|>=|<|>|=)?"(?P<quoted>[^"]*)"?|(?P<bare>\S*))'
)
"""A word of a filter, from wherever it is looked for."""
COMPARED = re.compile(r"(<=|>=|<|>|=)(.+)")
"""A sign of a comparison, and what is compared with."""
_COLON_LEFT_OUT = re.compile(r"([A-Za-z_][\w-]*)[<>=]")
_TODAY = re.compile(r"today([+-]\d{1,5})?")
_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)
SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
}
"""Only ever given two numbers or two texts."""

Value = str | float | None
Kind = Literal["text", "amount", "day"]
"""What a field holds: text in lower case, a number, an ISO date."""


Row = TypeVar("Row")


class Searchable(Struct, frozen=True, gc=False):
    """What a filter looks at in one row: all its words in lower case, and its fields by name.

    Texts of fields are in lower case; numbers and ISO dates can be compared.
    """

    text: str
    fields: dict[str, Value]


class FilterField(Struct, Generic[Row], frozen=True):
    """A field that a filter can name in rows of one type, and what it finds there.

    `find` returns text in lower case, a number or an ISO date, as `holds` says.
    """

    key: str
    find: Callable[[Row], Value]
    holds: Kind = "text"


class FilterFields(Generic[Row]):
    """The fields that a filter can name in rows of one type, in the order in which it lists them."""

    def __init__(self, *fields: FilterField[Row]) -> None:
        self.finds = {f.key: f.find for f in fields}
        self.kinds: dict[str, Kind] = {f.key: f.holds for f in fields}

    def searchable(self, row: Row, text: str) -> Searchable:
        """Return what a filter looks at: the text, which is in lower case, and the fields."""
        return Searchable(text, _Found(self.finds, row))  # type: ignore[arg-type]


class _Found(Generic[Row]):
    """The fields of a row by name, worked out when a filter first asks for one."""

    __slots__ = ("finds", "row")

    def __init__(self, finds: dict[str, Callable[[Row], Value]], row: Row) -> None:
        self.finds = finds
        self.row = row

    def get(self, name: str) -> Value:
        find = self.finds.get(name)
        return find(self.row) if find is not None else None


MISSING = "-\nnobody"
"""What stands in a field for a person whom nobody has named, before what was written instead."""


def person_value(identifier: str | None, name: str) -> str:
    """Return what stands in a field for a person: the id and the name, which `owner:="Ann Lee"` finds
    whether or not several people have it."""
    name = name.removesuffix(f" ({identifier})")
    written = f"{identifier}\n{name}".lower() if identifier else ""
    return written if is_named(identifier) else f"{MISSING}\n{written}"


def is_missing(value: Value) -> bool:
    """Say whether a field names nobody, though something may be written there."""
    return isinstance(value, str) and value.startswith(MISSING + "\n")


@lru_cache(maxsize=64)
def at_word(text: str) -> re.Pattern[str]:
    """Return what finds a text where a word begins: `live` is not in `delivering`."""
    return re.compile(r"(?<![^\W_])" + re.escape(text))


class Word(Struct, frozen=True):
    """One word of a filter; nothing is found by one that is `mistaken`, turned round or not."""

    text: str
    field: str | None = None
    negated: bool = False
    compare: str | None = None
    amount: float | None = None
    kind: Kind = "text"
    mistaken: bool = False

    @property
    def turned(self) -> Word:
        """The word that holds where this one does not."""
        return structs.replace(self, negated=not self.negated)

    def matches(self, row: Searchable) -> bool:
        """Say whether it holds for a row."""
        if self.mistaken:
            return False
        if self.field is None:
            return (self.text in without_accents(row.text)) is not self.negated
        return self.holds_for(row.fields.get(self.field)) is not self.negated

    def holds_for(self, value: Value) -> bool:
        """Say whether a value of its field is what it looks for, negated or not."""
        if self.text == "-" and self.compare is None:
            return value is None or value == "" or is_missing(value)
        if value is None or value == "":
            return False
        if isinstance(value, float):
            compare = SIGNS[self.compare or "="]
            return self.amount is not None and compare(value, self.amount)
        if self.kind == "day" and self.compare is not None:  # a month is compared as a whole
            return SIGNS[self.compare](value[: len(self.text)], self.text)
        value = without_accents(value)
        if self.compare == "=":
            return self.text in value.split("\n")  # a field may hold a name and an id
        return at_word(self.text).search(value) is not None


class Query(Struct, frozen=True):
    """A filter as typed: alternatives, each of some words; `problem` says what is not understood."""

    any_of: tuple[tuple[Word, ...], ...] = ()
    problem: str | None = None

    @property
    def words(self) -> tuple[Word, ...]:
        """The words of all alternatives."""
        return tuple([word for words in self.any_of for word in words])

    def matches(self, row: Searchable) -> bool:
        """Say whether every word of an alternative holds for a row."""
        return not self.any_of or any(all(w.matches(row) for w in words) for words in self.any_of)

    def select(self, rows: Iterable[tuple[str, Searchable]]) -> list[str]:
        """Return the ids of the rows that it finds, in their order."""
        return [key for key, row in rows if self.matches(row)]

    @property
    def highlights(self) -> Sequence[str]:
        """The texts worth marking in what is shown."""
        return [
            w.text
            for w in self.words
            if w.text and not w.negated and w.compare is None and w.text != "-"
        ]


def parse(text: str, fields: Mapping[str, Kind], today: datetime.date | None = None) -> Query:
    """Return the filter that a text means, for rows that have `fields`.

    A field may be shortened while that is unambiguous.  What looks like a field and is none is
    looked for as it stands, and so is a field before a sign without a colon; a value that its field
    cannot have finds nothing.  `problem` says each of these.
    `today` is what that word means.
    """
    any_of: list[tuple[Word, ...]] = []
    words: list[Word] = []
    problem: str | None = None
    for match in WORD.finditer(text):
        if not match[0].strip():
            continue
        if match[0].lower() == "or":
            any_of.append(tuple(words))
            words = []
            continue
        try:
            word = _word(match, fields, today)
        except _NotMeant as wrong:
            problem, word = problem or wrong.problem, wrong.word
        if word is not None:
            words.append(word)
    any_of.append(tuple(words))
    return Query(tuple([each for each in any_of if each]), problem)


class _NotMeant(Exception):
    """A word that cannot be meant: what is wrong with it, and what is looked for instead."""

    def __init__(self, problem: str, word: Word | None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.word = word


def _word(
    match: re.Match[str], fields: Mapping[str, Kind], today: datetime.date | None
) -> Word | None:
    """Return a word of a filter; None where it is only half typed.  Raises `_NotMeant`."""
    is_quoted, negated = match["quoted"] is not None, bool(match["not"])
    value = _typed(match["quoted"] if is_quoted else match["bare"])
    if match["field"] is None:
        if not is_quoted and (meant := _COLON_LEFT_OUT.match(value)) and meant[1] in fields:
            field_first = f"{meant[1]}:{value.removeprefix(meant[1])}"
            said = f"`{value}` is looked for as a word (use {field_first} for the field)"
            raise _NotMeant(said, Word(value, negated=negated))
        return Word(value, negated=negated) if value else None
    field = choice_named(match["field"].lower(), fields)
    if field is None:
        as_it_stands = Word(_typed(match[0].removeprefix("!")), negated=negated)
        raise _NotMeant(_no_field(match["field"], fields), as_it_stands)
    if not value or value in SIGNS:
        return None
    compared = None if is_quoted else COMPARED.fullmatch(value)
    sign, wanted = (compared[1], compared[2]) if compared else (match["sign"], value)
    kind = fields[field]
    if wanted == "-" and sign is None:
        return Word(wanted, field, negated)
    wrong = None
    if kind == "day":
        sign, wanted = sign or "=", _day(wanted, today)
        if not _is_day(wanted):
            wrong = f"`{wanted}` is not a date (use 2026-12-31, 2026-12, 2026 or today+30)"
    elif kind == "amount":
        if amount_of(wanted) is None:
            wrong = f"`{wanted}` is not an amount (use 250000, 250k or 1.5m)"
    elif sign not in (None, "="):
        wrong = f"`{field}` is text and cannot be compared by `{sign}` (use {field}:{wanted})"
    if wrong is not None:
        raise _NotMeant(wrong, Word(wanted, field, negated, sign, mistaken=True))
    return Word(wanted, field, negated, sign, amount_of(wanted) if kind == "amount" else None, kind)


def _typed(text: str) -> str:
    return without_accents(text.lower())


def _no_field(typed: str, fields: Collection[str]) -> str:
    from itgov.model.text import did_you_mean

    begun = [name for name in fields if name.startswith(typed.lower())]
    if begun:
        return f"`{typed}` may be {', '.join(begun)}: type more of it"
    known = f"; fields: {', '.join(fields)}"
    return f"There is no field `{typed}`{did_you_mean(typed, fields, known)}"


def _day(text: str, today: datetime.date | None) -> str:
    """Return the ISO date that `today` or `today+30` means; any other text as it is."""
    match = _TODAY.fullmatch(text)
    if match is None or today is None:
        return text
    try:
        return (today + datetime.timedelta(days=int(match[1] or 0))).isoformat()
    except OverflowError:
        return text


def _is_day(text: str) -> bool:
    """Say whether a text is an ISO date, or the month or year of some."""
    if _DAY.fullmatch(text) is None:
        return False
    try:
        datetime.date.fromisoformat(text + "0000-01-01"[len(text) :])
    except ValueError:
        return False
    return True


def exactly(field: str, value: str) -> str:
    """Return the filter that wants just `value` in a field, as far as a filter can say it."""
    if '"' in value or not value.isprintable():
        part = max(re.split(r'["\W]+', value), key=len)
        return f"{field}:{part}" if part else ""
    return f'{field}:="{value}"' if " " in value else f"{field}:={value}"


def choice_named(typed: str, known: Collection[str]) -> str | None:
    """Return the one of the known words that is typed, or that alone begins so."""
    if typed in known:
        return typed
    found = [k for k in known if k.startswith(typed)]
    return found[0] if len(found) == 1 else None
