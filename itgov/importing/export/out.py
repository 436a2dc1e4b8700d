"""Writing an export: whole or not at all, over nothing but an earlier export."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from itgov.files.sources import Version
from itgov.importing.export.computed import Facts, LeftOut, all_tables, left_out
from itgov.importing.export.read import ExportFormat, format_of
from itgov.importing.export.rows import placed_rows, twins_of
from itgov.importing.export.tables import Table, Value
from itgov.importing.export.write_csv import write_csv
from itgov.importing.export.write_sqlite import write_sqlite
from itgov.importing.export.write_xlsx import MAX_CELL, write_xlsx
from itgov.insight.governed import Governed
from itgov.model.errors import ItgovError
from itgov.model.filtered import FoundItems

_OF_FILE_MANAGERS = (".ds_store", "thumbs.db", "desktop.ini")


class ExportRefused(ItgovError):
    """The export cannot be written there; the text says why and what to do."""


class Export(Struct):
    """What was written."""

    rows: dict[str, int]
    """Rows of each table, in their order."""
    left_out: list[LeftOut]

    @property
    def lost(self) -> list[LeftOut]:
        """What should be in a table and is not."""
        return [each for each in self.left_out if each.is_loss]

    @property
    def not_held(self) -> dict[str, int]:
        """How much of what no table is meant for was left out, by kind."""
        found: dict[str, int] = {}
        for each in self.left_out:
            if not each.is_loss:
                found[each.what] = found.get(each.what, 0) + each.count
        return found


def write_export(
    governed: Governed,
    version: Version[Any],
    format: ExportFormat,
    output: Path,
    unit: str | None = None,
    found: FoundItems | None = None,
) -> Export:
    """Write the tables of a portfolio, or of one business unit, and return what was written.

    With `found`, of items only these; units, people, engagements and health stay those of all.

    `output` is a folder for CSV, else a file.  Raises `ExportRefused` where something else than an
    earlier export is there, and OSError where it cannot be written; then nothing has changed.
    """
    refuse_what_is_there(format, output)
    facts = Facts(governed, unit, left_out(governed.linked, version), found)
    tables = _tables(facts)
    output = output.absolute()
    output.parent.mkdir(parents=True, exist_ok=True)
    if format == "csv":
        folder = Path(tempfile.mkdtemp(prefix=f".{output.name[:50]}.", dir=output.parent))
        try:
            os.chmod(folder, 0o777 & ~_umask())
            counts = write_csv(folder, tables)
            _take_place(folder, output)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return Export(counts, facts.left_out)
    temporary = output.parent / f".{output.name[:50]}.{os.urandom(4).hex()}.tmp"
    try:
        if format == "xlsx":
            counts = write_xlsx(temporary, tables, _note_too_long(facts))
        else:
            counts = write_sqlite(temporary, tables)
        os.replace(temporary, output)
    finally:
        temporary.unlink(missing_ok=True)
    return Export(counts, facts.left_out)


def _tables(facts: Facts) -> Iterator[tuple[Table, Iterator[list[Value]]]]:
    portfolio = facts.governed.linked.portfolio
    twins = twins_of(portfolio)
    for table in all_tables().values():
        if table.is_taken_back:
            yield (
                table,
                (row for *_, row in placed_rows(table, portfolio, facts.unit, twins, facts.found)),
            )
        else:
            yield table, facts.rows(table.name)


def _note_too_long(facts: Facts) -> Any:
    def note(table: Table, at: int) -> None:
        why = f"a cell of a workbook holds {MAX_CELL:,} characters; use csv or sqlite"
        where = f"{table.name}.{table.columns[at].name}"
        for index, each in enumerate(facts.left_out):
            if each.where == where:
                facts.left_out[index] = LeftOut("long text", where, each.count + 1, True, why)
                return
        facts.left_out.append(LeftOut("long text", where, 1, True, why))

    return note


def refuse_what_is_there(format: ExportFormat, output: Path) -> None:
    """Raise `ExportRefused` where something other than an earlier export would be replaced."""
    if not os.path.lexists(output):
        return
    if format == "csv":
        if not output.is_dir():
            raise ExportRefused(f"`{output}` is a file, and CSV tables go into a folder")
        names = [n for n in os.listdir(output) if n.casefold() not in _OF_FILE_MANAGERS]
        foreign = sorted(n for n in names if n.removesuffix(".csv") not in all_tables())
        if foreign:
            raise ExportRefused(
                f"`{output}` holds `{foreign[0]}`, which is not part of an export; name a new folder"
            )
        if names and format_of(output) != "csv":
            raise ExportRefused(f"`{output}` holds tables that are no export; name a new folder")
        return
    if output.is_dir():
        raise ExportRefused(f"`{output}` is a folder; name a file")
    if output.stat().st_size and format_of(output) != format:
        raise ExportRefused(f"`{output}` is there and no export of this format; use another name")


def _take_place(folder: Path, output: Path) -> None:
    """Give a folder its name; what has it goes, and comes back where that fails."""
    real = Path(os.path.realpath(output))
    if not real.exists():
        os.replace(folder, real)
        return
    aside = real.parent / f".{real.name[:50]}.{os.urandom(4).hex()}.old"
    os.replace(real, aside)
    try:
        os.replace(folder, real)
    except OSError:
        os.replace(aside, real)
        raise
    shutil.rmtree(aside)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
