"""The sheet as a CSV file: a line for each field, with its value now and room for a new one."""

from __future__ import annotations

import csv
import io

from itgov.files.write import CONTROL
from itgov.importing.formulas import guarded, unguarded
from itgov.importing.intake import RefusedCell
from itgov.importing.text_tables import decode
from itgov.sheets.entries import shown_value, told
from itgov.sheets.incoming import Entered, Incoming, NewRow, SheetRefused
from itgov.sheets.layout import Sheet
from itgov.sheets.names import PeopleByName
from itgov.sheets.pages import PAGE, RESULTS, Worksheet

MAX_LINES = 2_000_000
HEADER = ("organisation", "page", "id", "about", "field", "current", "new")


def write_csv(sheet: Sheet) -> bytes:
    """Return the CSV file of a sheet."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(HEADER)
    people = PeopleByName(sheet.people)
    for page in sheet.pages:
        for row in sheet.rows[page.name]:
            for column, value in zip(page.columns, row.values, strict=True):
                is_person = column.form in ("person", "people")
                shown = shown_value(column, value, people) if is_person else value
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
    if missing or len(rows) > MAX_LINES:
        why = f"it has no column `{missing[0]}`" if missing else "it is too long"
        raise SheetRefused(f"this file was not written by `itgov sheet out`: {why}")
    at = {name: header.index(name) for name in HEADER if name in header}
    reading = _Reading(Incoming("", notes=notes))
    line = 1
    for row in rows[1:]:
        line += 1 + sum(cell.count("\n") for cell in row)
        cells = {n: unguarded(told(row[i])) if i < len(row) else "" for n, i in at.items()}
        if any(cells.values()):
            new = row[at["new"]].strip() if at["new"] < len(row) else ""
            reading.line(cells, f"line {line}", new.startswith("="))
    return reading.finish()


class _Reading:
    """A CSV file while it is read."""

    def __init__(self, incoming: Incoming) -> None:
        self.incoming = incoming
        self.known: set[tuple[str, str]] = set()
        """Page and id of the rows that the sheet had: only these say what they are about."""
        self.entries: list[Entered] = []
        self.results: dict[tuple[str, int], list[Entered]] = {}
        self.rounds: dict[tuple[str, str], int] = {}

    def line(self, cells: dict[str, str], where: str, is_formula: bool) -> None:
        """Take one line."""
        incoming = self.incoming
        organisation = cells["organisation"]
        incoming.organisation = incoming.organisation or organisation
        if organisation != incoming.organisation:
            raise SheetRefused(f"{where}: the lines come from two portfolios")
        page = PAGE.get(cells["page"].casefold())  # type: ignore[call-overload]
        if page is not None and (cells["current"] or cells.get("about")):
            self.known.add((page.name, cells["id"]))
        if not cells["new"]:
            return
        field = _field(page, cells["field"])
        if page is None or field is None:
            what = "page" if page is None else "field"
            self.refuse(where, f"there is no {what} `{cells[what]}`")
        elif is_formula:
            self.refuse(where, "contains a formula; write its value")
        elif not cells["id"]:
            self.refuse(where, "the line has no id; a new row has one id on all of its lines")
        else:
            self._take(Entered(page, cells["id"], field, cells["new"], where, cells["current"]))

    def _take(self, entry: Entered) -> None:
        if entry.page is not RESULTS:
            self.entries.append(entry)
            return
        key = (entry.id, entry.field)
        number = self.rounds[key] = self.rounds.get(key, -1) + 1
        self.results.setdefault((entry.id, number), []).append(entry)

    def refuse(self, where: str, why: str) -> None:
        self.incoming.refused.append(RefusedCell(where, why))

    def finish(self) -> Incoming:
        """Return what all lines say: those of one id that the sheet did not have are a new row."""
        incoming = self.incoming
        if not incoming.organisation:
            raise SheetRefused("this file has no lines of a sheet")
        fresh: dict[tuple[str, str], list[Entered]] = {}
        for entry in self.entries:
            key = (entry.page.name, entry.id)
            if key in self.known:
                incoming.cells.append(entry)
            else:
                fresh.setdefault(key, []).append(entry)
        for (_, id_), entries in fresh.items():
            first = entries[0]
            fields = [e.field for e in entries]
            twice = next((e for e in entries if fields.count(e.field) > 1), None)
            if twice is not None:
                self.refuse(first.cell, f"the new row {id_} has two values for `{twice.field}`")
            else:
                incoming.rows.append(NewRow(first.page, id_, tuple(entries), first.cell))
        for (id_, _), entries in self.results.items():
            incoming.rows.append(NewRow(RESULTS, id_, tuple(entries), entries[0].cell))
        incoming.drop_twins()
        return incoming


def _field(page: Worksheet | None, title: str) -> str | None:
    """Return the field that a line is about, by its title or its key; of new rows also the parent."""
    if page is None:
        return None
    word = " ".join(title.split()).casefold()
    for column in page.record_columns:
        if word in (column.title, column.field):
            return column.field
    return page.about_field(word) if word == page.parent else None
