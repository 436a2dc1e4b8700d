"""The words of a filter: `claims !retired owner:amara spend:>1m`.

Each word has to be found.  `field:value` looks for the beginning of a word in one field only, `!`
negates a word, quotes hold words together, and a field that is a number or a date can be compared:
`<`, `>`, `<=`, `>=`.  `field:=value` wants just that, and `field:-` finds what has nothing there.  A
date can be compared with `today`, `today+30` and `today-7`.
"""

from __future__ import annotations

import datetime
import operator
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct, structs

from itgov.model.nobody import is_named
from itgov.model.text import amount_of

_WORD = re.compile(
    r'(?P<not>!?)(?:(?P<field>[A-Za-z_][\w-]*):)?(?:(?P<sign><=|>=|<|>|=)?"(?P<quoted>[^"]*)"?|(?P<bare>\S*))'
)
_COMPARED = re.compile(r"(<=|>=|<|>|=)(.+)")
_TODAY = re.compile(r"today([+-]\d{1,5})?")
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
}
"""Only ever given two numbers or two texts."""

Value = str | float | None


class Searchable(Struct, frozen=True, gc=False):
    """What a filter looks at in one row: all its words in lower case, and its fields by name.

    Texts of fields are in lower case; numbers and ISO dates can be compared.
    """

    text: str
    fields: dict[str, Value]


MISSING = "-\nnobody"
"""What stands in a field for a person whom nobody has named, before what was written instead."""


def person_value(identifier: str | None, name: str) -> str:
    """Return what stands in a field for a person: the id and the name."""
    written = f"{identifier}\n{name}".lower() if identifier else ""
    return written if is_named(identifier) else f"{MISSING}\n{written}"


def _is_missing(value: Value) -> bool:
    return isinstance(value, str) and value.startswith(MISSING + "\n")


@lru_cache(maxsize=64)
def _at_word(text: str) -> re.Pattern[str]:
    """Return what finds a text where a word begins: `live` is not in `delivering`."""
    return re.compile(r"(?<![^\W_])" + re.escape(text))


class Word(Struct, frozen=True):
    """One word of a filter."""

    text: str
    field: str | None = None
    negated: bool = False
    compare: str | None = None
    amount: float | None = None

    @property
    def turned(self) -> Word:
        """The word that holds where this one does not."""
        return structs.replace(self, negated=not self.negated)

    def matches(self, row: Searchable) -> bool:
        """Say whether it holds for a row."""
        if self.field is None:
            return (self.text in row.text) is not self.negated
        return self.holds_for(row.fields.get(self.field)) is not self.negated

    def holds_for(self, value: Value) -> bool:
        """Say whether a value of its field is what it looks for, negated or not."""
        if self.text == "-" and self.compare is None:
            return value is None or value == "" or _is_missing(value)
        if value is None:
            return False
        if self.compare is None:
            if isinstance(value, float):
                return self.amount is not None and value == self.amount
            return _at_word(self.text).search(value) is not None
        if isinstance(value, float):
            return self.amount is not None and _COMPARE[self.compare](value, self.amount)
        if self.compare == "=":
            return self.text in value.split("\n")  # a field may hold a name and an id
        return _COMPARE[self.compare](value, self.text)


class Query(Struct, frozen=True):
    """A filter as typed; `problem` says what of it is not understood."""

    words: tuple[Word, ...] = ()
    problem: str | None = None

    def matches(self, row: Searchable) -> bool:
        """Say whether every word holds for a row."""
        return all(word.matches(row) for word in self.words)

    def select(self, rows: Iterable[tuple[str, Searchable]]) -> list[str]:
        """Return the ids of the rows for which every word holds, in their order."""
        return [key for key, row in rows if self.matches(row)]

    @property
    def highlights(self) -> Sequence[str]:
        """The texts worth marking in what is shown."""
        return [w.text for w in self.words if not w.negated and w.compare is None and w.text != "-"]


def parse(text: str, fields: Collection[str], today: datetime.date | None = None) -> Query:
    """Return the filter that a text means, for rows that have `fields`.

    A field may be shortened while that is unambiguous.  What looks like a field and is none is
    looked for as it stands, and `problem` says so.  `today` is what that word means.
    """
    from itgov.model.text import did_you_mean

    words: list[Word] = []
    problem = None
    for match in _WORD.finditer(text):
        if not match[0].strip():
            continue
        value = match["quoted"] if match["quoted"] is not None else match["bare"]
        value = value.lower()
        field, negated = match["field"], bool(match["not"])
        if field is not None:
            known = choice_named(field.lower(), fields)
            if known is None:
                meant = did_you_mean(field, fields, f"; fields: {', '.join(fields)}")
                problem = f"There is no field `{field}`{meant}"
                value, field = match[0].removeprefix("!").lower(), None
            else:
                field = known
        if not value or (field is not None and value in _COMPARE):
            continue  # half typed
        if field is None:
            words.append(Word(value, negated=negated))
            continue
        compared = _COMPARED.fullmatch(value) if match["quoted"] is None else None
        sign, wanted = (compared[1], compared[2]) if compared else (match["sign"], value)
        if sign and today is not None:
            wanted = _day(wanted, today)
        words.append(Word(wanted, field, negated, sign, amount_of(wanted)))
    return Query(tuple(words), problem)


def _day(text: str, today: datetime.date) -> str:
    """Return the ISO date that `today` or `today+30` means; any other text as it is."""
    match = _TODAY.fullmatch(text)
    if match is None:
        return text
    return (today + datetime.timedelta(days=int(match[1] or 0))).isoformat()


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
