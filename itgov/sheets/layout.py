"""The rows that a portfolio gives each page of a sheet."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from itgov.files.linked import Linked
from itgov.model.fields import field
from itgov.model.nobody import is_named
from itgov.model.portfolio import Portfolio, UnitEntry
from itgov.model.stages import OVER
from itgov.sheets.pages import (
    ENGAGEMENTS,
    INVESTMENTS,
    OBJECTIVES,
    OUTCOMES,
    PAGES,
    PEOPLE,
    RESULTS,
    SPEND,
    UNITS,
    PageName,
    SheetColumn,
    Worksheet,
)

BETWEEN = "; "
"""What stands between several people in one cell."""


class SheetRow(Struct, frozen=True):
    """One subject with the values of the page's columns; empty where there is none."""

    id: str
    about: tuple[str, ...]
    values: tuple[str, ...]
    is_missing: bool


class SheetPerson(Struct, frozen=True):
    """Somebody who can be named in a cell."""

    id: str
    name: str
    email: str
    side: str
    formerly: tuple[str, ...] = ()
    left: datetime.date | None = None
    """The day they left, if that is over: they are known, and cannot be named any more."""

    @property
    def label(self) -> str:
        """The person as a cell shows them: "Amara Okafor (amara.okafor)"."""
        return f"{self.name} ({self.id})"


class Sheet(Struct, frozen=True):
    """What a portfolio asks the business to fill in."""

    organisation: str
    """Its id; empty in a blank template."""
    as_of: datetime.date
    people: tuple[SheetPerson, ...]
    rows: dict[PageName, list[SheetRow]]

    pages: tuple[Worksheet, ...] = PAGES
    """Its pages, in their order."""
    further_words: tuple[str, ...] = ()
    """What its page of instructions says beside."""
    twice: tuple[str, ...] = ()
    """Pages and ids that the files have twice: only the first is in the sheet."""


def lay_out(linked: Linked, unit: str | None = None, missing: bool = False) -> Sheet:
    """Return the sheet of a portfolio, or of one unit; `missing`: only rows that lack something.

    The page of people is always whole: it is what is chosen from.
    """
    portfolio = linked.portfolio
    rows: dict[PageName, list[SheetRow]] = {page.name: [] for page in PAGES}
    known = people(portfolio)
    rows["people"] = [_row(PEOPLE, p.id, (p.label,), portfolio.people[p.id].record) for p in known]
    seen: set[tuple[str, str]] = set()
    twice: dict[str, None] = {}
    for entry in portfolio.units.values():
        if unit is None or entry.record.id == unit:
            for page, row in _rows(entry, portfolio.today):
                if (page.name, row.id) in seen:
                    twice[f"{page.name} {row.id}"] = None
                elif row.is_missing or not missing:
                    rows[page.name].append(row)
                seen.add((page.name, row.id))
    id_ = portfolio.organisation.record.id
    return Sheet(id_, portfolio.today, known, rows, twice=tuple(twice))


def people(portfolio: Portfolio, *, gone: bool = False) -> tuple[SheetPerson, ...]:
    """Return who can be named, the business side first; with `gone` also who has left."""
    found = [
        SheetPerson(
            p.id,
            p.name,
            p.email or "",
            p.side or "",
            tuple(p.formerly),
            p.left if p.has_left(portfolio.today) else None,
        )
        for p in (entry.record for entry in portfolio.people.values())
    ]
    shown = [p for p in found if gone or p.left is None]
    return tuple(sorted(shown, key=lambda p: (p.side != "business", p.name.casefold(), p.id)))


def canonical(value: Any) -> str:
    """Return a recorded value in the form in which values are compared: 5, 2026-03-31, amara."""
    if value is None:
        return ""
    if isinstance(value, list):
        return BETWEEN.join(map(canonical, value))
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        value = int(value)
    return str(value).strip()


def value_of(record: Any, path: str) -> str:
    """Return what a record says under a field, or a part of one, in canonical form."""
    for step in path.split("."):
        if record is None:
            return ""
        record = getattr(record, _name(type(record), step))
    return canonical(record)


def _name(record: Any, key: str) -> str:
    return field(record, key).name


def _rows(unit: UnitEntry, today: datetime.date) -> Iterator[tuple[Worksheet, SheetRow]]:
    name, own = unit.name, unit.record.id
    yield UNITS, _row(UNITS, own, (name,), unit.record)
    for objective in unit.record.objectives:
        yield OBJECTIVES, _row(OBJECTIVES, f"{own}/{objective.id}", (name,), objective)
    for entry in unit.investments:
        record = entry.record
        about = (name, record.title)
        yield INVESTMENTS, _row(INVESTMENTS, record.id, about, record, record.withheld)
        for year in record.spend:
            said = (name, record.title, str(year.year))
            yield SPEND, _row(SPEND, f"{record.id}/{year.year}", said, year)
        for outcome in entry.outcomes:
            goal = outcome.record
            id_ = f"{record.id}/{goal.id}"
            yield OUTCOMES, _row(OUTCOMES, id_, about, goal, record.withheld)
            last = max(goal.results, key=lambda r: r.date, default=None)
            shown = f"{last.date}: {canonical(last.actual) or 'no figure'}" if last else ""
            about_result = (name, goal.statement or goal.id, goal.measure or "", shown)
            yield RESULTS, SheetRow(id_, about_result, ("",) * len(RESULTS.columns), last is None)
    for engagement in unit.engagements:
        meeting = engagement.record
        if 0 <= (today - meeting.date).days <= 366:
            told = (name, meeting.date.isoformat())
            yield ENGAGEMENTS, _row(ENGAGEMENTS, engagement.id, told, meeting)


def _row(
    page: Worksheet, id_: str, about: tuple[str, ...], record: Any, withheld: Any = ()
) -> SheetRow:
    values = tuple(value_of(record, column.field) for column in page.columns)
    lacks = any(
        is_lacking(column, value) and column.field not in withheld and not _is_over(column, record)
        for column, value in zip(page.columns, values, strict=True)
    )
    return SheetRow(id_, about, values, lacks)


def is_lacking(column: SheetColumn, value: str) -> bool:
    """Say whether a value is needed and not there; a placeholder, TBD, names nobody."""
    return column.needed and not (is_named(value) if column.form == "person" else value)


def _is_over(column: SheetColumn, record: Any) -> bool:
    """Say whether nobody expects a next review any more."""
    return column.field == "next_review" and record.stage in OVER
