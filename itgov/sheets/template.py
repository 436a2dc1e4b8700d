"""The blank template, which becomes a new portfolio: every page, and an example on each."""

from __future__ import annotations

import datetime

from itgov.sheets.layout import Sheet, SheetRow
from itgov.sheets.pages import TEMPLATE_PAGES, PageName, Worksheet

EXAMPLE = "(example)"
"""The id of a row that shows how a page is filled in, and is not taken in."""
_ROWS: dict[PageName, dict[str, str]] = {
    "organisation": {"name": "Northwind Mutual", "currency": "GBP", "fiscal_year_start": "4"},
    "units": {"name": "Retail banking", "head": "Amara Okafor", "relationship_manager": "Lena Fischer"},
    "objectives": {"@unit": "Retail banking", "statement": "Settle nine in ten claims within a week"},
    "investments": {
        "@unit": "Retail banking", "title": "Claims handling platform", "type": "investment",
        "outcome_owner": "Amara Okafor", "relationship_manager": "Lena Fischer",
        "stage": "delivering", "next_review": "2027-03-31", "purpose": "transform",
        "objective": "Settle nine in ten claims within a week",
    },
    "outcomes": {
        "@unit": "Retail banking", "@investment": "Claims handling platform",
        "statement": "Claims are settled faster", "measure": "Median days from claim to decision",
        "unit": "days", "direction": "down", "baseline": "21", "target": "5", "due": "2027-12-31",
        "value": "1200000",
    },
    "spend": {
        "@unit": "Retail banking", "@investment": "Claims handling platform", "year": "2026",
        "budget": "900000", "actual": "310000", "forecast": "950000",
    },
    "results": {
        "@unit": "Retail banking", "@outcome": "Claims are settled faster", "date": "2026-06-30",
        "actual": "12.5", "evidence": "https://example.org/q2.pdf",
    },
    "engagements": {
        "@unit": "Retail banking", "date": "2026-10-12", "kind": "review", "by": "Lena Fischer",
        "with": "Amara Okafor", "summary": "Agreed to move the pilot to March",
        "satisfaction.score": "4", "satisfaction.by": "Amara Okafor",
    },
    "people": {"name": "Amara Okafor", "side": "business", "email": "amara.okafor@example.org"},
}  # fmt: skip
_WORDS = (
    "This is a template for a new portfolio. Begin with the pages organisation and units.",
    f"The grey rows whose id is {EXAMPLE} show how a page is filled in. They are not taken in, and may "
    "be deleted.",
)


def example_of(page: Worksheet) -> dict[str, str]:
    """Return what the example on a page says, by field."""
    return _ROWS[page.name]


def template(today: datetime.date) -> Sheet:
    """Return the sheet of no portfolio yet, with one row of an example on each page."""
    rows: dict[PageName, list[SheetRow]] = {}
    for page in TEMPLATE_PAGES:
        said = example_of(page)
        about = tuple(said.get(page.about_field(title), "") for title in page.about)
        values = tuple(said.get(column.field, "") for column in page.columns)
        rows[page.name] = [SheetRow(EXAMPLE, about, values, False)]
    return Sheet("", today, (), rows, TEMPLATE_PAGES, _WORDS)
