"""Whatever surrounds a table: its money is imported, or named as not imported, and never lost.

What a table should sum to is known from the amounts that it was made of, and is added up from the
YAML by a plain script.
"""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from itgov.importing import ImportRefused, run_import
from itgov.importing.drafting import proved_draft

MAPPING = """\
mapping: {name: shapes}
organisation: {id: o, currency: EUR}
tables: {t: {files: ["*"]}}
investments:
  - table: t
    id: Nr
    title: Vorhaben
    unit: {name: Bereich}
    start: {column: Beginn, formats: [DD.MM.YYYY]}
    spend: [{year: {value: 2026}, budget: Budget, actual: Ist}]
"""
HEADER = ["Nr", "Vorhaben", "Bereich", "Beginn", "Budget", "Ist"]
UNITS = {"k€": 1_000, "€ m": 1_000_000, "T€": 1_000, "€": 1, "": 1}
TOTALS = ("Total", "Summe", "Gesamtsumme", "Grand total:", "Total général", "Zwischensumme", "")
NOTES = ("Source: PMO", "Quelle: Register", "* ohne MwSt.", "Stand: Januar 2026")


class Shape(Struct):
    """A table and what stands around it."""

    rows: list[tuple[str, Decimal, Decimal]]
    """Unit, budget and actual."""
    above: list[list[str]]
    unit: str | None
    total: str | None
    subtotals: bool
    again: bool
    blank_after: list[int]
    notes: list[str]
    decimal: str
    thousands: str
    minus: str
    delimiter: str
    encoding: str
    says_separator: bool
    is_workbook: bool

    def amount(self, amount: Decimal) -> str:
        """Write an amount with two decimals."""
        text = f"{abs(amount):,.2f}".replace(",", "\0").replace(".", self.decimal)
        text = text.replace("\0", self.thousands)
        return self.minus.format(text) if amount < 0 else text

    def cells(self) -> list[list[str]]:
        """Return the rows of the file."""
        made = [*self.above, HEADER]
        if self.unit is not None:
            made.append(["", "", "", "", self.unit or "€", self.unit or "€"])
        since = [Decimal(0), Decimal(0)]
        for at, (unit, budget, actual) in enumerate(self.rows):
            number = f"V-{at}"
            made.append(
                [
                    number,
                    f"Vorhaben {at}",
                    unit,
                    "01.02.2026",
                    self.amount(budget),
                    self.amount(actual),
                ]
            )
            since = [since[0] + budget, since[1] + actual]
            if self.subtotals and at % 3 == 2:
                made.append(["", f"Summe {unit}", "", "", *map(self.amount, since)])
                since = [Decimal(0), Decimal(0)]
            if self.again and at % 4 == 3:
                made.append(HEADER)
            if at in self.blank_after:
                made.append([""] * 6)
        if self.total is not None:
            sums = [sum((row[i] for row in self.rows), Decimal(0)) for i in (1, 2)]
            made.append(["", self.total, "", "", *map(self.amount, sums)])
        return [*made, *([[""] * 6] if self.notes else []), *([note] for note in self.notes)]


MONEY = st.decimals(-9_999, 99_999_999, places=2)
SHAPES = st.builds(
    Shape,
    rows=st.lists(st.tuples(st.sampled_from(["HR", "IT"]), MONEY, MONEY), min_size=1, max_size=9),
    above=st.lists(
        st.sampled_from(
            [["Vorhaben der Gruppe"], ["Stand", "Januar"], [""], ["vertraulich", "", "x"]]
        ),
        max_size=3,
    ),
    unit=st.one_of(st.none(), st.sampled_from(sorted(UNITS))),
    total=st.one_of(st.none(), st.sampled_from(TOTALS)),
    subtotals=st.booleans(),
    again=st.booleans(),
    blank_after=st.lists(st.integers(0, 8), max_size=2),
    notes=st.lists(st.sampled_from(NOTES), max_size=2),
    decimal=st.sampled_from([".", ","]),
    thousands=st.sampled_from(["", " ", "'", "\u202f", "sign"]),
    minus=st.sampled_from(["-{}", "({})", "{}-", "\u2212{}"]),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"]),
    says_separator=st.booleans(),
    is_workbook=st.booleans(),
)


def written(shape: Shape, folder: Path) -> Path:
    """Write the file."""
    if shape.thousands == "sign":
        shape.thousands = "," if shape.decimal == "." else "."
    if shape.encoding == "cp1252":  # it has neither of these signs
        shape.thousands = shape.thousands.replace("\u202f", "\xa0")
        shape.minus = shape.minus.replace("\u2212", "-")
    cells = shape.cells()
    if shape.is_workbook:
        book = openpyxl.Workbook()
        for row in cells:
            book.active.append([cell or None for cell in row])
        book.save(folder / "t.xlsx")
        return folder / "t.xlsx"
    text = io.StringIO()
    if shape.says_separator:
        text.write(f"sep={shape.delimiter}\r\n")
    csv.writer(text, delimiter=shape.delimiter).writerows(cells)
    (folder / "t.csv").write_bytes(text.getvalue().encode(shape.encoding))
    return folder / "t.csv"


def in_yaml(folder: Path, field: str) -> Decimal:
    """Add up a field of all spend in the files."""
    found = Decimal(0)
    for path in sorted((folder / "portfolios").glob("*.yaml")):
        loaded = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        for item in loaded.get("investments", []):
            found += sum((Decimal(str(r.get(field, 0))) for r in item.get("spend", [])), Decimal(0))
    return found


@given(shape=SHAPES)
def test_no_money_is_lost_whatever_the_shape(
    tmp_path_factory: pytest.TempPathFactory, shape: Shape
) -> None:
    folder = tmp_path_factory.mktemp("shape")
    path = written(shape, folder)
    (folder / "m.yaml").write_text(MAPPING, encoding="utf-8")
    report = run_import(folder / "m.yaml", [path], folder / "out")
    scale = UNITS[shape.unit or ""]
    for at, (total, field) in enumerate(zip(report.totals, ("budget", "actual"), strict=True), 1):
        wanted = sum((row[at] for row in shape.rows), Decimal(0)) * scale
        assert in_yaml(folder / "out", field) == Decimal(str(total.imported))
        assert Decimal(str(total.imported)) == wanted, report.render_text()
    assert report.investments == len(shape.rows)
    if shape.total == "" and len(shape.rows) == 1:  # the same amounts once more may be a sum or not
        assert report.is_sound or "NOT IMPORTED" in report.render_text()
    else:
        assert report.is_sound, report.render_text()


@given(shape=SHAPES)
def test_a_draft_loses_no_money_without_a_word_whatever_the_shape(
    tmp_path_factory: pytest.TempPathFactory, shape: Shape
) -> None:
    folder = tmp_path_factory.mktemp("drafted")
    path = written(shape, folder)
    try:
        made = proved_draft(path, answers={"currency": "EUR", "scale": "1", "merge": "add"})
        (folder / "m.yaml").write_text(made.text, encoding="utf-8")
        report = run_import(folder / "m.yaml", [path], folder / "out")
    except ImportRefused:
        return
    scale = UNITS[shape.unit or ""]
    wanted = sum((row[1] + row[2] for row in shape.rows), Decimal(0)) * scale
    held = in_yaml(folder / "out", "budget") + in_yaml(folder / "out", "actual")
    kept = sum((Decimal(str(t.imported)) for t in report.totals if "custom" in t.field), Decimal(0))
    assert held + kept == wanted or not report.is_sound, made.text + report.render_text()
