"""From what somebody typed into a cell to a value: people, dates, numbers, words."""

from __future__ import annotations

import contextlib
import datetime
import re
from typing import Any

from itgov.files.write import CONTROL, Plain
from itgov.importing.values import BadCell
from itgov.importing.values import date as read_date
from itgov.importing.values import number as read_number
from itgov.model.person_names import KnownPerson, NotOnePerson, PersonNames
from itgov.model.text import did_you_mean
from itgov.sheets.layout import SheetColumn, SheetPerson, canonical

MAX_TEXT = 10_000


class PeopleByName:
    """Who can be meant by what a cell says (`PersonNames`), and how a cell shows them."""

    def __init__(self, known: tuple[SheetPerson, ...]) -> None:
        self.known = {p.id: p for p in known}
        self._names = PersonNames(
            [KnownPerson(p.id, p.name, (p.email, *p.formerly)) for p in known]
        )

    def named(self, text: str) -> str:
        """Return the id of the person that a text names; raise BadCell where that is not clear."""
        try:
            return self._names.named(text)
        except NotOnePerson as problem:
            raise BadCell(problem.says) from problem

    def label(self, id_: str) -> str:
        """Return a person as a cell shows them."""
        person = self.known.get(id_)
        return person.label if person is not None else id_


def told(value: Any) -> str:
    """Return a cell's content as text without blanks around it; dates and numbers canonical."""
    if isinstance(value, datetime.datetime):
        value = value.date() if value.time() == datetime.time() else value
    if isinstance(value, str):
        text = value.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")
        return text.replace("\xa0", " ").strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    return canonical(value)


def entered(column: SheetColumn, value: Any, people: PeopleByName) -> str:
    """Return a filled cell's value in canonical form; raise BadCell where it is none."""
    text = told(value)
    if column.form == "person":
        return people.named(text)
    if column.form == "date":
        return _date(value, text)
    if column.form == "number":
        return _number(value, text)
    if column.form == "choice":
        return _choice(column, text)
    if CONTROL.search(text):
        raise BadCell("contains control characters")
    if len(text) > MAX_TEXT:
        raise BadCell(f"has more than {MAX_TEXT:,} characters")
    return text


def plain_value(column: SheetColumn, text: str) -> Plain:
    """Return a canonical value as it is written into a file."""
    if column.form == "date":
        return datetime.date.fromisoformat(text)
    if column.form == "number":
        return float(text) if re.search(r"[.eEn]", text) else int(text)
    return text


_NUMBERS = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")


def _one_way(one: int, two: int, year: int) -> datetime.date:
    """Return the day that two numbers and a year mean, if they can be read in one way only."""
    ways = []
    for day, month in {(one, two), (two, one)}:
        with contextlib.suppress(ValueError):
            ways.append(datetime.date(year, month, day))
    if not ways:
        raise BadCell("is a date that does not exist")
    if len(ways) > 1:
        said = " or ".join(day.isoformat() for day in sorted(ways))
        raise BadCell(f"can be read in two ways; write {said}")
    return ways[0]


def _date(value: Any, text: str) -> str:
    cell = value.date() if isinstance(value, datetime.datetime) else text
    if isinstance(cell, str) and (numbers := _NUMBERS.fullmatch(cell)) is not None:
        return _one_way(*map(int, numbers.groups())).isoformat()
    if isinstance(value, (int, float)):
        raise BadCell("is not a date (use 2026-03-31)")
    try:
        return read_date(cell, []).isoformat()
    except BadCell as error:
        why = str(error).partition(";")[0]
        raise BadCell(f"{why} (use 2026-03-31)") from error


def _number(value: Any, text: str) -> str:
    if isinstance(value, (bool, datetime.date)):
        raise BadCell("is not a number")
    try:
        return canonical(read_number(value if isinstance(value, (int, float)) else text))
    except (BadCell, ValueError) as error:
        why = str(error).partition(";")[0] if isinstance(error, BadCell) else "is not a number"
        raise BadCell(f"{why} (use 1234.5)") from error


def _choice(column: SheetColumn, text: str) -> str:
    word = "-".join(text.casefold().replace("_", " ").replace("-", " ").split())
    if word in column.choices:
        return word
    raise BadCell(f"is not one of {', '.join(column.choices)}{did_you_mean(word, column.choices)}")
