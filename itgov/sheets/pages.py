"""What a sheet asks for: its pages and their columns, as the types of the fields say them."""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct

from itgov.model.fields import Kind, described, field, holders
from itgov.model.finding import SubjectKind
from itgov.model.types import (
    BusinessUnit,
    Engagement,
    Investment,
    Objective,
    Organisation,
    Outcome,
    Person,
    Result,
    Spend,
)

Form = Literal["text", "person", "people", "unit", "objective", "date", "number", "choice"]
PageName = Literal[
    "organisation", "people", "units", "objectives", "investments", "outcomes", "spend", "results",
    "engagements",
]  # fmt: skip


class SheetColumn(Struct, frozen=True):
    """A field that is filled in."""

    field: str
    title: str
    form: Form = "text"
    choices: tuple[str, ...] = ()
    needed: bool = False
    """Whether a row without it has something missing."""
    width: int = 18
    help: str = ""
    """What the field holds."""


class Worksheet(Struct, frozen=True):
    """One worksheet: a row for each subject of a kind, and room for new ones."""

    name: PageName
    kind: SubjectKind
    """What a row is, or is a part of."""
    about: tuple[str, ...]
    """The titles of the columns that say what the row is about; they are read in new rows only."""
    columns: tuple[SheetColumn, ...]
    says: str
    """What is to be done here, for the page of instructions."""
    parent: str = ""
    """The title under which a new row names what it is a part of."""
    parent_page: PageName | None = None
    keys: tuple[SheetColumn, ...] = ()
    """Columns of `about` that a new row fills in, all of which it must have."""

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles of all columns: the id, what the row is about, what is filled in."""
        return ("id", *self.about, *(c.title for c in self.columns))

    @property
    def fixed(self) -> int:
        """The number of columns that are not filled in in a row that is there."""
        return len(self.about) + 1

    def about_field(self, title: str) -> str:
        """Return under which field a cell of `about` is known: a key's, else one that no record has."""
        return next((c.field for c in self.keys if c.title == title), f"@{title}")

    @property
    def record_columns(self) -> tuple[SheetColumn, ...]:
        """The columns that give a new row its values."""
        return (*self.keys, *self.columns)

    @property
    def asked(self) -> tuple[str, ...]:
        """The titles without which a row cannot be new."""
        return (*((self.parent,) if self.parent else ()), *(c.title for c in self.keys))

    def column(self, field: str) -> SheetColumn | None:
        """Return the column that fills a field in; None where there is none."""
        return next((c for c in self.record_columns if c.field == field), None)


_OF_AN_ID = re.compile(r"^The ids? of (the|its)\b")
"""How fields that hold ids are described: a cell takes names."""
_FORMS: dict[Kind, Form] = {
    "person": "person",
    "business_unit": "unit",
    "objective": "objective",
    "day": "date",
    "choice": "choice",
    "number": "number",
    "money": "number",
    "measured": "number",
}


def _column(
    record: type[Struct], *path: str, title: str = "", needed: bool = False, width: int = 0
) -> SheetColumn:
    """Return the column of a field, whose form, choices, title and help are those of its type."""
    for key in path[:-1]:
        record = field(record, key).record or record
    asked = field(record, path[-1])
    form = _FORMS.get(asked.kind, "text")
    if form == "person" and asked.many:
        form = "people"
    wide = width or (34 if form in ("person", "people") else 18)
    words = _OF_AN_ID.sub(lambda found: found[1].capitalize(), described(record)[path[-1]].words)
    if form == "people":
        words += " Several with ; between them."
    return SheetColumn(
        ".".join(path), title or asked.label, form, asked.choices, needed, wide, words
    )


ORGANISATION = Worksheet(
    "organisation", "organisation", ("name",),
    (
        _column(Organisation, "currency", needed=True),
        _column(Organisation, "fiscal_year_start"),
    ),
    "One row: the name of the organisation, the currency of all amounts (GBP) and the month in "
    "which its fiscal year begins (4 for April).",
    keys=(_column(Organisation, "name"),),
)  # fmt: skip
PEOPLE = Worksheet(
    "people", "person", ("person",),
    (
        _column(Person, "side", needed=True),
        _column(Person, "email", title="e-mail", width=36),
        _column(Person, "business_unit"),
    ),
    "Everybody who can be named. A name that other pages use for the first time is added by itself; "
    "its side and e-mail address are filled in here.",
    keys=(_column(Person, "name", title="person"),),
)  # fmt: skip
UNITS = Worksheet(
    "units", "business_unit", ("name",),
    (
        _column(BusinessUnit, "head", needed=True),
        _column(BusinessUnit, "relationship_manager", needed=True),
    ),
    "Head and relationship manager of each business unit.",
    keys=(_column(BusinessUnit, "name"),),
)  # fmt: skip
OBJECTIVES = Worksheet(
    "objectives", "business_unit", ("unit",),
    (_column(Objective, "statement", needed=True, width=80),),
    "What each business unit wants to achieve.",
    parent="unit", parent_page="units",
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
        _column(Investment, "type"),
        _column(Investment, "purpose"),
        _column(Investment, "start"),
        _column(Investment, "end"),
        _column(Investment, "objective"),
        _column(Investment, "summary", width=44),
    ),
    "Owner, relationship manager and status of each investment and service.",
    parent="unit", parent_page="units", keys=(_column(Investment, "title"),),
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
    parent="investment", parent_page="investments",
)  # fmt: skip
SPEND = Worksheet(
    "spend", "investment", ("unit", "investment", "year"),
    (
        _column(Spend, "budget"),
        _column(Spend, "actual"),
        _column(Spend, "forecast"),
    ),
    "Money of each investment and service by fiscal year, in the organisation's currency. A fiscal "
    "year has the number of the calendar year in which it begins.",
    parent="investment", parent_page="investments", keys=(_column(Spend, "year"),),
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
    parent="outcome", parent_page="outcomes",
)  # fmt: skip
ENGAGEMENTS = Worksheet(
    "engagements", "engagement", ("unit", "date"),
    (
        _column(Engagement, "kind"),
        _column(Engagement, "by"),
        _column(Engagement, "with", width=44),
        _column(Engagement, "summary", width=44),
        _column(Engagement, "satisfaction", "score", title="satisfaction (1 to 5)", needed=True),
        _column(Engagement, "satisfaction", "by", title="said by"),
    ),
    "Engagements of the past year, and the business side's satisfaction with each: 1 poor, 5 "
    "excellent.",
    parent="unit", parent_page="units", keys=(_column(Engagement, "date"),),
)  # fmt: skip
PAGES = (
    UNITS, OBJECTIVES, INVESTMENTS, OUTCOMES, SPEND, RESULTS, ENGAGEMENTS, PEOPLE,
)  # fmt: skip
"""The pages of a portfolio's sheet."""
TEMPLATE_PAGES = (ORGANISATION, *PAGES)
"""The pages of a blank template."""
PAGE = {page.name: page for page in TEMPLATE_PAGES}
