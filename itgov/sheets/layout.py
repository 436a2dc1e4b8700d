"""What a sheet asks for: its pages, their columns, and the rows that a portfolio gives them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any, Literal

from msgspec import Struct

from itgov.files.linked import Linked
from itgov.model.fields import Kind, field, holders
from itgov.model.finding import SubjectKind
from itgov.model.nobody import is_named
from itgov.model.portfolio import Portfolio, UnitEntry
from itgov.model.types import BusinessUnit, Engagement, Investment, Outcome, Result

Form = Literal["text", "person", "date", "number", "choice"]
PageName = Literal["units", "investments", "outcomes", "results", "satisfaction"]


class SheetColumn(Struct, frozen=True):
    """A field that is filled in."""

    field: str
    title: str
    form: Form = "text"
    choices: tuple[str, ...] = ()
    needed: bool = False
    """Whether a row without it has something missing."""
    width: int = 18


class Worksheet(Struct, frozen=True):
    """One worksheet: a row for each subject of a kind."""

    name: PageName
    kind: SubjectKind
    about: tuple[str, ...]
    """The titles of the columns that say what the row is about, and are not read back."""
    columns: tuple[SheetColumn, ...]
    says: str
    """What is to be done here, for the page of instructions."""

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles of all columns: the id, what the row is about, what is filled in."""
        return ("id", *self.about, *(c.title for c in self.columns))


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

    @property
    def label(self) -> str:
        """The person as a cell shows them: "Amara Okafor (amara.okafor)"."""
        return f"{self.name} ({self.id})"


_FORMS: dict[Kind, Form] = {
    "person": "person",
    "day": "date",
    "choice": "choice",
    "number": "number",
    "money": "number",
    "measured": "number",
}


def _column(
    record: type[Struct], *path: str, title: str = "", needed: bool = False, width: int = 0
) -> SheetColumn:
    """Return the column of a field, whose form, choices and title are those of its type."""
    for key in path[:-1]:
        record = field(record, key).record or record
    asked = field(record, path[-1])
    form = _FORMS.get(asked.kind, "text")
    wide = width or (34 if form == "person" else 18)
    return SheetColumn(".".join(path), title or asked.label, form, asked.choices, needed, wide)


UNITS = Worksheet(
    "units", "business_unit", ("name",),
    (
        _column(BusinessUnit, "head", needed=True),
        _column(BusinessUnit, "relationship_manager", needed=True),
    ),
    "Head and relationship manager of each business unit.",
)  # fmt: skip
INVESTMENTS = Worksheet(
    "investments", "investment", ("unit", "title"),
    (
        *(
            _column(Investment, holder.key, needed=holder.meaning.mandatory)
            for holder in holders(Investment)
            if holder.key != "delivery_lead"  # IT's own affair, which the business is not asked
        ),
        _column(Investment, "stage", needed=True),
        _column(Investment, "confidence"),
        _column(Investment, "confidence_by"),
        _column(Investment, "confidence_on"),
        _column(Investment, "last_reviewed"),
        _column(Investment, "next_review", needed=True),
    ),
    "Owner, relationship manager and status of each investment and service.",
)  # fmt: skip
OUTCOMES = Worksheet(
    "outcomes", "outcome", ("unit", "investment"),
    (
        _column(Outcome, "statement", width=44),
        _column(Outcome, "measure", needed=True, width=36),
        _column(Outcome, "unit", title="measured in", needed=True, width=14),
        _column(Outcome, "direction", title="better is", width=12),
        _column(Outcome, "baseline", needed=True),
        _column(Outcome, "target", needed=True),
        _column(Outcome, "due", needed=True),
        _column(Outcome, "value", title="value a year"),
    ),
    "Outcomes: the change for the business, its measure, baseline, target and due date.",
)  # fmt: skip
RESULTS = Worksheet(
    "results", "outcome", ("unit", "outcome", "measure", "last result"),
    (
        _column(Result, "date"),
        _column(Result, "actual"),
        _column(Result, "value"),
        _column(Result, "evidence", width=44),
    ),
    "New measurements. For a second one of the same outcome, add a row with the same id.",
)  # fmt: skip
SATISFACTION = Worksheet(
    "satisfaction", "engagement", ("unit", "date", "summary"),
    (
        _column(Engagement, "satisfaction", "score", title="satisfaction (1 to 5)", needed=True),
        _column(Engagement, "satisfaction", "by", title="said by"),
    ),
    "The business side's satisfaction with each engagement of the past year: 1 poor, 5 excellent.",
)  # fmt: skip
PAGES = (UNITS, INVESTMENTS, OUTCOMES, RESULTS, SATISFACTION)
PAGE = {page.name: page for page in PAGES}


class Sheet(Struct, frozen=True):
    """What a portfolio asks the business to fill in."""

    organisation: str
    as_of: datetime.date
    people: tuple[SheetPerson, ...]
    rows: dict[PageName, list[SheetRow]]


def lay_out(linked: Linked, unit: str | None = None, missing: bool = False) -> Sheet:
    """Return the sheet of a portfolio, or of one unit; `missing`: only rows that lack something."""
    portfolio = linked.portfolio
    rows: dict[PageName, list[SheetRow]] = {page.name: [] for page in PAGES}
    for entry in portfolio.units.values():
        if unit is None or entry.record.id == unit:
            for page, row in _rows(entry, portfolio.today):
                if row.is_missing or not missing:
                    rows[page.name].append(row)
    return Sheet(portfolio.organisation.record.id, portfolio.today, people(portfolio), rows)


def people(portfolio: Portfolio) -> tuple[SheetPerson, ...]:
    """Return who can be named, the business side first; who has left is not among them."""
    found = [
        SheetPerson(p.id, p.name, p.email or "", p.side or "", tuple(p.formerly))
        for p in (entry.record for entry in portfolio.people.values())
        if p.left is None or p.left > portfolio.today
    ]
    return tuple(sorted(found, key=lambda p: (p.side != "business", p.name.casefold(), p.id)))


def canonical(value: Any) -> str:
    """Return a recorded value in the form in which values are compared: 5, 2026-03-31, amara."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        value = int(value)
    return str(value).strip()


def _rows(unit: UnitEntry, today: datetime.date) -> Iterator[tuple[Worksheet, SheetRow]]:
    name = unit.name
    yield UNITS, _row(UNITS, unit.record.id, (name,), unit.record)
    for entry in unit.investments:
        record = entry.record
        about = (name, record.title)
        yield INVESTMENTS, _row(INVESTMENTS, record.id, about, record, record.withheld)
        for outcome in entry.outcomes:
            goal = outcome.record
            id_ = f"{record.id}/{goal.id}"
            yield OUTCOMES, _row(OUTCOMES, id_, about, goal, record.withheld)
            last = max(goal.results, key=lambda r: r.date, default=None)
            shown = f"{last.date}: {canonical(last.actual) or 'no figure'}" if last else ""
            about_result = (name, goal.statement or goal.id, goal.measure or "", shown)
            yield RESULTS, SheetRow(id_, about_result, ("", "", "", ""), last is None)
    for engagement in unit.engagements:
        meeting = engagement.record
        if 0 <= (today - meeting.date).days <= 366 or meeting.satisfaction is not None:
            told = (name, meeting.date.isoformat(), meeting.summary or "")
            if 0 <= (today - meeting.date).days <= 366:
                yield SATISFACTION, _row(SATISFACTION, engagement.id, told, meeting)


def _row(
    page: Worksheet, id_: str, about: tuple[str, ...], record: Any, withheld: Any = ()
) -> SheetRow:
    values = []
    for column in page.columns:
        value = record
        for step in column.field.split("."):
            value = getattr(value, step, None)
        values.append(canonical(value))
    lacks = any(
        is_lacking(column, value) and column.field not in withheld and not _is_over(column, record)
        for column, value in zip(page.columns, values, strict=True)
    )
    return SheetRow(id_, about, tuple(values), lacks)


def is_lacking(column: SheetColumn, value: str) -> bool:
    """Say whether a value is needed and not there; a placeholder, TBD, names nobody."""
    return column.needed and not (is_named(value) if column.form == "person" else value)


def _is_over(column: SheetColumn, record: Any) -> bool:
    """Say whether nobody expects a next review any more."""
    return column.field == "next_review" and record.stage in ("retired", "stopped")
