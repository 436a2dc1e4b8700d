"""A small portfolio as files in a folder, its sheets, and cells filled in as people do."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from itgov.files.link import link
from itgov.files.linked import Linked
from itgov.files.load import read_file
from itgov.files.proposal import Proposal
from itgov.files.sources import RawFile
from itgov.importing.intake import Intake
from itgov.sheets.flat import read_csv, write_csv
from itgov.sheets.incoming import Incoming
from itgov.sheets.layout import lay_out
from itgov.sheets.read_workbook import read_workbook
from itgov.sheets.taking import take_in
from itgov.sheets.write_workbook import write_workbook

AS_OF = datetime.date(2026, 11, 23)
FILES = {
    "organisation.yaml": """\
organisation: {id: northwind, name: Northwind}
people:
  - {id: lena.fischer, name: Lena Fischer, side: it, email: lena@example.org}
  - {id: amara.okafor, name: Amara Okafor, side: business, email: amara@example.org}
  - {id: sam.lee, name: Sam Lee, side: business}
  - {id: sam.lee2, name: Sam Lee, side: business}
  - {id: gone.by, name: Gone By, side: business, left: 2026-01-01}
""",
    "retail.yaml": """\
business_unit:
  id: retail
  name: Retail
  head: gone.by
investments:
  - id: RET-001
    title: "=HYPERLINK(1)"   # hostile
    stage: delivering
    outcome_owner: TBD
    next_review: 2026-12-01
    outcomes:
      - id: cycle
        measure: -5 to +5
        unit: days
        baseline: 21
        due: 2026-12-31
        results:
          - {date: 2026-06-30, actual: 12.5}
  - id: RET-002
    title: Kiosks
    outcome_owner: amara.okafor
    relationship_manager: lena.fischer
    stage: live
    next_review: 2027-01-01
    outcomes:
      - {id: calls, statement: Fewer calls}
engagements:
  - date: 2026-10-12
    summary: The pilot
  - date: 2020-01-01
""",
}


def _linked(files: dict[str, str]) -> Linked:
    raw = [RawFile(f"portfolios/{name}", text.encode()) for name, text in files.items()]
    return link([read_file(f) for f in raw], AS_OF)


def taken(portfolio: Linked, incoming: Incoming) -> Intake:
    """What a sheet does to a portfolio, whose files are only in memory."""

    def relink(proposal: Proposal) -> Linked:
        texts = {path: d.raw for path, d in portfolio.documents.items()}
        texts |= {f.path: f.after for f in proposal.files}
        read = [read_file(RawFile(path, raw)) for path, raw in sorted(texts.items())]
        return link(read, portfolio.portfolio.today)

    return take_in(portfolio, incoming, relink)


class Workbook:
    """A workbook that itgov wrote, to be filled in."""

    def __init__(self, raw: bytes) -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(raw))

    def at(self, page: str, row: str, title: str) -> Any:
        """The cell of a row, by its id, under a title."""
        worksheet = self.book[page]
        titles = [cell.value for cell in worksheet[1]]
        [number] = [c.row for c in worksheet["A"] if c.value == row][:1]
        return worksheet.cell(number, titles.index(title) + 1)

    def fill(self, page: str, row: str, title: str, value: Any) -> str:
        """Fill a cell in, and return its address."""
        cell = self.at(page, row, title)
        cell.value = value
        return f"{page}!{cell.coordinate}"

    def add(self, page: str, **cells: Any) -> int:
        """Fill in a row of its own below the others, and return its number."""
        worksheet = self.book[page]
        titles = [cell.value for cell in worksheet[1]]
        number = worksheet.max_row + 1
        for title, value in cells.items():
            worksheet.cell(number, titles.index(title) + 1).value = value
        return int(number)

    @property
    def raw(self) -> bytes:
        stream = io.BytesIO()
        self.book.save(stream)
        return stream.getvalue()


@pytest.fixture
def linked() -> Callable[..., Linked]:
    """Link the portfolio, with some of its files as given."""
    return lambda **files: _linked({**FILES, **{f"{n}.yaml": t for n, t in files.items()}})


@pytest.fixture
def workbook() -> Callable[..., Workbook]:
    """The workbook of a portfolio."""
    return lambda portfolio, **given: Workbook(write_workbook(lay_out(portfolio, **given)))


@pytest.fixture
def take() -> Callable[..., Intake]:
    """Take a workbook (or bytes) into a portfolio."""

    def take(portfolio: Linked, sheet: Workbook | bytes) -> Intake:
        raw = sheet if isinstance(sheet, bytes) else sheet.raw
        return taken(portfolio, read_workbook(raw, "x.xlsx"))

    return take


@pytest.fixture
def lines() -> Callable[..., list[dict[str, str]]]:
    """The lines of the CSV file of a portfolio."""

    def lines(portfolio: Linked) -> list[dict[str, str]]:
        text = write_csv(lay_out(portfolio)).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    return lines


@pytest.fixture
def take_lines() -> Callable[..., Intake]:
    """Take lines of a CSV file into a portfolio."""

    def take(portfolio: Linked, rows: list[dict[str, str]], delimiter: str = ",") -> Intake:
        stream = io.StringIO()
        writer = csv.DictWriter(stream, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
        return taken(portfolio, read_csv(stream.getvalue().encode(), "x.csv"))

    return take


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The portfolio as a repository on disk."""
    folder = tmp_path / "portfolios"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text)
    return tmp_path
