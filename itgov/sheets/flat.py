"""The sheet as a CSV file: a line for each field, with its value now and room for a new one."""

from __future__ import annotations

import csv
import io

from itgov.files.write import CONTROL
from itgov.importing.cells import MAX_ROWS
from itgov.importing.formulas import guarded, unguarded
from itgov.importing.intake import RefusedCell
from itgov.importing.tables import decode
from itgov.sheets.entries import PeopleByName, told
from itgov.sheets.incoming import Entered, Incoming, NewResult, SheetRefused
from itgov.sheets.layout import PAGE, PAGES, RESULTS, Sheet, Worksheet

HEADER = ("organisation", "page", "id", "about", "field", "current", "new")


def write_csv(sheet: Sheet) -> bytes:
    """Return the CSV file of a sheet."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(HEADER)
    people = PeopleByName(sheet.people)
    for page in PAGES:
        for row in sheet.rows[page.name]:
            for column, value in zip(page.columns, row.values, strict=True):
                shown = people.label(value) if column.form == "person" and value else value
                told_apart = shown if column.form == "number" else guarded(shown)
                about = guarded(" / ".join(a for a in row.about if a))
                cells = (sheet.organisation, page.name, row.id, about, column.title, told_apart, "")
                first = [guarded(c) for c in cells[:3]]
                writer.writerow([CONTROL.sub("", c) for c in (*first, *cells[3:])])
    return stream.getvalue().encode("utf-8-sig")  # the mark tells spreadsheets the encoding


def read_csv(raw: bytes, path: str) -> Incoming:
    """Return what a CSV file says; raise SheetRefused where it is not part of this sheet."""
    text, _, notes = decode(raw, path)
    delimiter = max(",;\t", key=text.split("\n", 1)[0].count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise SheetRefused(f"this CSV file cannot be read: {error}") from error
    header = [cell.strip().casefold() for cell in rows[0]] if rows else []
    missing = [name for name in HEADER if name not in header and name != "about"]
    if missing or len(rows) > MAX_ROWS:
        why = f"it has no column `{missing[0]}`" if missing else "it is too long"
        raise SheetRefused(f"this file was not written by `itgov sheet out`: {why}")
    at = {name: header.index(name) for name in HEADER if name in header}
    incoming = Incoming("", notes=notes)
    results: dict[tuple[str, int], list[Entered]] = {}
    rounds: dict[tuple[str, str], int] = {}
    line = 1
    for row in rows[1:]:
        line += 1 + sum(cell.count("\n") for cell in row)
        cells = {n: unguarded(told(row[i])) if i < len(row) else "" for n, i in at.items()}
        if not any(cells.values()):
            continue
        where = f"line {line}"
        organisation = cells["organisation"]
        incoming.organisation = incoming.organisation or organisation
        if organisation != incoming.organisation:
            raise SheetRefused(f"{where}: the lines come from two portfolios")
        page = next((p for n, p in PAGE.items() if n == cells["page"].casefold()), None)
        field = _field(page, cells["field"])
        if page is None or field is None:
            if cells["new"]:
                what = "page" if page is None else "field"
                incoming.refused.append(RefusedCell(where, f"there is no {what} `{cells[what]}`"))
            continue
        new = row[at["new"]].strip() if at["new"] < len(row) else ""
        if new.startswith("="):
            incoming.refused.append(RefusedCell(where, "contains a formula; write its value"))
            continue
        entry = Entered(page, cells["id"], field, cells["new"], where, cells["current"])
        if page is not RESULTS:
            if cells["new"]:
                incoming.cells.append(entry)
        elif cells["new"]:
            number = rounds[cells["id"], field] = rounds.get((cells["id"], field), -1) + 1
            results.setdefault((cells["id"], number), []).append(entry)
    incoming.results = [NewResult(key[0], tuple(entries)) for key, entries in results.items()]
    incoming.drop_twins()
    return incoming


def _field(page: Worksheet | None, title: str) -> str | None:
    word = " ".join(title.split()).casefold()
    columns = page.columns if page is not None else ()
    return next((c.field for c in columns if word in (c.title, c.field)), None)
