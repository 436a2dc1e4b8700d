"""A portfolio written in a test, linked for an as-of date."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest

from itgov.files.link import link
from itgov.files.load import read_file
from itgov.files.sources import RawFile
from itgov.model.portfolio import Portfolio

BOTH = "by: lena, with: [amara], "
AS_OF = datetime.date(2026, 11, 23)

PEOPLE = """\
people:
  - {id: amara, name: Amara Okafor, side: business}
  - {id: lena, name: Lena Fischer, side: it}
  - {id: tom, name: Tom Reyes, side: it}
  - {id: unknown-side, name: Sam}
"""


def _portfolio(
    unit: str = "",
    organisation: str = "organisation: {id: o}\n",
    people: str = PEOPLE,
    today: datetime.date = AS_OF,
    sound: bool = True,
    **more: str,
) -> Portfolio:
    files = {"organisation": organisation + people, **more}
    if unit:
        files["u"] = unit
    read = [read_file(RawFile(f"portfolios/{n}.yaml", t.encode())) for n, t in files.items()]
    linked = link(read, today)
    if sound:
        assert linked.findings == []
    return linked.portfolio


@pytest.fixture(scope="session")
def portfolio() -> Callable[..., Portfolio]:
    """Link a unit's file (and the people above) into a portfolio."""
    return _portfolio


@pytest.fixture(scope="session")
def investment() -> Callable[..., Any]:
    """Facts of one investment, given its fields in YAML, indented by two."""

    def facts(fields: str, **options: Any) -> Any:
        text = f"business_unit: {{id: u}}\ninvestments:\n- id: A\n  title: A\n{fields}\n"
        return _portfolio(text, **options).units["u"].investments[0].facts

    return facts


@pytest.fixture(scope="session")
def outcome() -> Callable[..., Any]:
    """Facts of one outcome, given its fields as a flow mapping's inside."""

    def facts(fields: str, **options: Any) -> Any:
        text = (
            "business_unit: {id: u}\ninvestments:\n"
            f"- {{id: A, title: A, outcomes: [{{id: x{', ' if fields else ''}{fields}}}]}}\n"
        )
        return _portfolio(text, **options).units["u"].investments[0].outcomes[0].facts

    return facts


@pytest.fixture(scope="session")
def unit() -> Callable[..., Any]:
    """Facts of a unit, given what its file says after its id."""

    def facts(text: str, **options: Any) -> Any:
        head = "business_unit: {id: u, relationship_manager: lena}\n"
        return _portfolio(f"{head}{text}\n", **options).units["u"].facts

    return facts


@pytest.fixture(scope="session")
def engagements(unit: Callable[..., Any]) -> Callable[..., Any]:
    """Facts of a unit, given its engagements as flow mappings' insides.

    Both sides took part in each that does not say otherwise.
    """

    def facts(*items: str, **options: Any) -> Any:
        lines = "".join(
            f"- {{{item if 'by: ' in _who(item) else BOTH + item}}}\n" for item in items
        )
        return unit(f"engagements:\n{lines}", **options)

    return facts


def _who(item: str) -> str:
    """Return an engagement without the score and the opportunities in it."""
    return re.sub(r"\{[^}]*\}", "", item)
