"""A sheet in which nobody filled anything in changes no byte, whatever the files say."""

from __future__ import annotations

import datetime
import io
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from itgov.files.link import link
from itgov.files.linked import Linked
from itgov.files.load import read_file
from itgov.files.sources import RawFile
from itgov.files.write import document, plain
from itgov.model.types import (
    BusinessUnit,
    Engagement,
    Investment,
    Objective,
    Organisation,
    Outcome,
    Person,
    Result,
    Satisfaction,
    Spend,
)
from itgov.sheets.flat import read_csv, write_csv
from itgov.sheets.layout import lay_out
from itgov.sheets.read_workbook import read_workbook
from itgov.sheets.write_workbook import write_workbook

from ..support.examples import many
from .conftest import taken

TODAY = datetime.date(2026, 11, 23)
ODD = [
    "=1+1", "=cmd|' /C calc'!A0", "@SUM(A1)", "+44 20", "-5", "'quoted", "''", "\u00a0edge\u00a0",
    "007", "1e5", "2026-03-31", "1,234.5", "TRUE", "#REF!", "(clear)", "(example)", "#", "itgov sheet 2",
    "a\nb", "a\r\nb", "tab\there", "x" * 9_000, "_x000D_", "_x0041_", "Ünï çødé", "שלום", "\u202eevil",
    "soft\u00adhyphen", "e\u0301", "a; b", "n/a", "TBD", "https://example.org/a?b=c", "50%",
    "\uff1dSUM", "two  blanks", "&lt;", "]]>", "{{x}}",
]  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(ODD),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20),
).filter(str.strip)
NAMES = st.one_of(
    st.none(), st.sampled_from(["ann", "bob", "gone", "nobody.here", "TBD", "Bob Bo"])
)
DAYS = st.one_of(st.none(), st.dates(datetime.date(1900, 3, 1), datetime.date(2200, 1, 1)))
NUMBERS = st.one_of(
    st.none(),
    st.integers(-(10**15), 10**15),
    st.floats(-1e15, 1e15, allow_nan=False),
    st.sampled_from([0.1, 1e22, 1e-9, 0.30000000000000004, 123456789012345680.0]),
)
IDS = TEXTS.filter(lambda text: not {*"\r\n\t"} & {*text})
MAYBE = st.one_of(st.none(), TEXTS)
RESULTS = st.builds(
    Result, date=DAYS.filter(bool), actual=NUMBERS, value=NUMBERS, evidence=MAYBE,
    confirmed_by=NAMES,
)  # fmt: skip
OUTCOMES = st.builds(
    Outcome, id=IDS, statement=MAYBE, measure=MAYBE, unit=MAYBE,
    direction=st.sampled_from([None, "up", "down"]), baseline=NUMBERS, target=NUMBERS, due=DAYS,
    value=NUMBERS, results=st.lists(RESULTS, max_size=2),
)  # fmt: skip
INVESTMENTS = st.builds(
    Investment, id=IDS, title=TEXTS, outcome_owner=NAMES, relationship_manager=NAMES,
    sponsor=NAMES, stage=st.sampled_from([None, "live", "stopped"]), confidence_by=NAMES,
    next_review=DAYS, start=DAYS, objective=MAYBE, summary=MAYBE,
    spend=st.lists(st.builds(Spend, year=st.integers(2024, 2027), budget=NUMBERS, actual=NUMBERS),
                   max_size=3),
    outcomes=st.lists(OUTCOMES, max_size=2),
)  # fmt: skip
ENGAGEMENTS = st.builds(
    Engagement,
    date=st.dates(datetime.date(2026, 10, 1), datetime.date(2026, 10, 4)),
    by=NAMES, with_=st.lists(NAMES.filter(bool), max_size=3), summary=MAYBE,
    satisfaction=st.one_of(st.none(), st.builds(Satisfaction, score=st.integers(1, 5), by=NAMES)),
)  # fmt: skip
UNITS = st.builds(
    BusinessUnit, id=IDS, name=MAYBE, head=NAMES, relationship_manager=NAMES,
    objectives=st.lists(st.builds(Objective, id=IDS, statement=MAYBE), max_size=2),
)  # fmt: skip
PEOPLE = [
    Person(id="ann", name="Ann Archer", email="ann@example.org", side="business"),
    Person(id="bob", name="Bob Bo", side="it"),
    Person(id="bob2", name="Bob Bo"),
    Person(id="gone", name="Gone By", left=datetime.date(2026, 1, 1)),
]


@st.composite
def portfolios(draw: Any) -> dict[str, bytes]:
    people = draw(st.lists(st.builds(Person, id=IDS, name=TEXTS, email=MAYBE), max_size=2))
    whole = {
        "organisation": plain(Organisation(id=draw(IDS))),
        "people": [plain(p) for p in (*PEOPLE, *people)],
    }
    files = {"organisation.yaml": document(whole)}
    for number in range(draw(st.integers(0, 2))):
        unit = {"business_unit": plain(draw(UNITS))}
        for name, records in (("investments", INVESTMENTS), ("engagements", ENGAGEMENTS)):
            found = draw(st.lists(records, max_size=2))
            if found:
                unit[name] = [plain(r) for r in found]
        files[f"{number}.yaml"] = document(unit)
    return {f"portfolios/{name}": text.encode() for name, text in files.items()}


def linked_of(files: dict[str, bytes]) -> Linked:
    return link([read_file(RawFile(p, raw)) for p, raw in sorted(files.items())], TODAY)


def resaved(raw: bytes) -> bytes:
    """The workbook as openpyxl reads it and saves it again."""
    stream = io.BytesIO()
    book = openpyxl.load_workbook(io.BytesIO(raw))
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("kind", ["workbook", "saved again", "csv"])
@settings(max_examples=many(100), suppress_health_check=list(HealthCheck))
@given(files=portfolios())
def test_nothing_filled_in_changes_nothing(kind: str, files: dict[str, bytes]) -> None:
    portfolio = linked_of(files)
    sheet = lay_out(portfolio)
    if kind == "csv":
        incoming = read_csv(write_csv(sheet), "s.csv")
    else:
        raw = write_workbook(sheet)
        incoming = read_workbook(resaved(raw) if kind == "saved again" else raw, "s.xlsx")
    intake = taken(portfolio, incoming)
    assert intake.refused == []
    assert (intake.taken, intake.added, intake.moved, intake.blanked) == ([], [], [], [])
    assert intake.notes == []
    assert intake.proposal.is_empty
