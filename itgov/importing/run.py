"""An import from end to end: bind files to the mapping's tables, read, merge, write, report."""

from __future__ import annotations

import datetime
import fnmatch
import re
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from itgov.importing import mapping as m
from itgov.importing.collect import Collected, collect
from itgov.importing.draft import Import
from itgov.importing.edits import Edits
from itgov.importing.existing import Known, Record, check_organisation, read_existing
from itgov.importing.load import Loaded, check_columns, load_mapping, ready_mappings
from itgov.importing.moving import move_elsewhere
from itgov.importing.near_names import perhaps_same
from itgov.importing.next_year import Later, Reports, check_day, mark_gone
from itgov.importing.report import ImportReport
from itgov.importing.tables import SourceTable, TableSource, header_key, read_table
from itgov.importing.totals import unread_dates
from itgov.importing.trouble import (
    CellProblem,
    ImportProblem,
    ImportRefused,
    NoMappingFits,
    refuse,
    rows_text,
    shown,
)
from itgov.importing.walk import columns_of, key_columns, other_columns, table_of, uses
from itgov.model.nobody import is_named
from itgov.model.text import did_you_mean

_NEAR = 2
"""Most columns that a file may lack for a ready mapping to be said to nearly fit."""

_NEAR_FIX = (
    "Copy {path}, name in it the column that the table has (or list the missing one under "
    "`optional:`), and import with `--mapping COPY`."
)
_YEAR = re.compile(r"20\d\d")
SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")


class HowToImport(Struct, frozen=True):
    """What is asked for beside mapping and tables: the options of `itgov import`."""

    dry_run: bool = False
    strict: bool = False
    anyway: bool = False
    later: Later = Later()
    """What becomes of what is not in the tables any more."""
    as_of: datetime.date | None = None
    """The day of tables that state none."""


def run_import(
    mapping: m.Mapping | Path | str,
    files: Sequence[Path | str],
    target: Path,
    how: HowToImport | None = None,
) -> ImportReport:
    """Import tables into the portfolio repository `target` and return what was done.

    `mapping` is a mapping file or the name of one that comes with the package.  `files` are
    tables, folders of tables, or `name=FILE` to say which table of the mapping a file is.  Raise
    ImportRefused, with places, where the mapping, a table or the portfolio cannot be used; cells
    that cannot be read do not stop the import and are listed in the report, unless `how` is
    `strict`.  Where nothing would be imported, or most of a column of money or dates cannot be read,
    it is refused, unless it goes on `anyway`.
    """
    how = how or HowToImport()
    planned = plan_import(mapping, files, target, how)
    planned.edits.write(how.dry_run)
    if how.later.moves and not how.dry_run:
        move_elsewhere(target, planned.edits)
    return planned.report


class Planned(Struct):
    """An import that is made and not written yet: `edits.write` writes it."""

    report: ImportReport
    edits: Edits
    imports: list[Import]


def plan_import(
    mapping: m.Mapping | Path | str,
    files: Sequence[Path | str],
    target: Path,
    how: HowToImport | None = None,
) -> Planned:
    """Make an import without writing it; what is refused is that of `run_import`."""
    how = how or HowToImport()
    loaded = load_mapping(mapping)
    tables = bind(loaded, files)
    for table, said in newer_columns(loaded.mapping, tables):
        table.notes.append(f"CHECK THE MAPPING: {said}")
    existing = read_existing(target)
    check_organisation(loaded.mapping.organisation, existing)
    collected = collect(loaded.mapping, tables, existing.people(), how.as_of)
    name = loaded.mapping.mapping.name
    report = ImportReport(name, str(target), how.dry_run, collected.accounts, collected.problems)
    report.currency = loaded.mapping.organisation.currency
    report.units = sorted({i.unit for i in collected.imports})
    if how.strict and report.left_out:
        raise ImportRefused([_as_trouble(p) for p in report.left_out])
    report.totals, report.unaccounted = collected.totals, collected.unaccounted
    report.days = collected.days
    report.conflicts = [c for i in collected.imports for c in i.conflicts]
    if not how.anyway:
        _check_answered(loaded)
        check_worth(loaded.mapping, tables, collected)
    later = how.later
    is_whole = later.is_whole or loaded.mapping.mapping.scope == "whole"
    reports = Reports(collected.imports, existing.known, name, is_whole)
    report.when_gone = later.gone
    found = [(i, existing.find(i, name)) for i in collected.imports]
    marks = (reports.mark(imported, known, later.gone) for imported, known in found)
    report.gone = [mark for mark in marks if mark is not None]
    if not how.anyway:
        check_day(found)
    edits = Edits(existing, target, report)
    edits.count_again = collected.totals_now
    edits.organisation(loaded.mapping.organisation, collected.people)
    here = {(k.file.path, k.index) for _, k in found if k is not None}
    missing = [k for k in existing.known_of(name) if (k.file.path, k.index) not in here]
    report.perhaps_same = perhaps_same(found, missing)
    for imported, known in found:
        _truth(report, imported, known)
        if known is None:
            edits.add(imported)
        else:
            edits.update(known, imported, name)
    mark_gone(edits, reports, name, later.gone)
    edits.totals()
    return Planned(report, edits, collected.imports)


def _check_answered(loaded: Loaded) -> None:
    """Refuse a draft with an open question about its money, or about what is one investment."""
    fix = (
        "Answer it in the mapping and take the word out of `unanswered`, or go on with `--anyway`."
    )
    if loaded.mapping.unanswered:
        raise ImportRefused(
            [
                loaded.at(("unanswered", i), f"the question `{word}` is not answered", fix)
                for i, word in enumerate(loaded.mapping.unanswered)
            ]
        )


def check_worth(
    mapping: m.Mapping, tables: dict[str, list[SourceTable]], collected: Collected
) -> None:
    """Refuse to write what is probably read wrongly: nothing at all, or hardly a column."""
    fix = "Correct the mapping, or go on with `--anyway`."
    troubles: list[ImportProblem] = []
    if not collected.imports:
        for account in collected.accounts:
            why = "; ".join(
                f"rows {rows_text(rows)}: {reason}" for reason, rows in account.skipped.items()
            )
            said = f"no row is an investment ({why or 'there are no rows'})"
            troubles.append(ImportProblem(said, account.path, fix=fix))
    for total in collected.totals:
        if total.is_mostly_unread:
            said = (
                f"{len(total.unread):,} of {total.filled:,} cells of the column `{total.column}` "
                "are no amounts"
            )
            troubles.append(ImportProblem(said, total.path, fix=fix))
    troubles += [
        ImportProblem(f"most cells of the column `{shown(column)}` are no dates", path, fix=fix)
        for path, column in unread_dates(mapping, tables, collected.problems)
    ]
    if troubles:
        raise ImportRefused(troubles)


def detect(files: Sequence[Path | str]) -> str:
    """Return the name of the ready mapping whose tables these files are; raise ImportRefused."""
    fitting: list[str] = []
    near: list[ImportProblem] = []
    for name, path in ready_mappings().items():
        loaded = load_mapping(path)
        try:
            tables = bind(loaded, files)
        except ImportRefused as refused:
            lacks = dict.fromkeys(p.message for p in refused.problems)
            if len(lacks) <= _NEAR and all(" has no column " in message for message in lacks):
                said = f"the ready mapping `{name}` nearly fits: {'; '.join(lacks)}"
                near.append(ImportProblem(said, fix=_NEAR_FIX.format(path=path)))
            continue
        if newer := newer_columns(loaded.mapping, tables):
            said = f"the ready mapping `{name}` nearly fits: {'; '.join(s for _, s in newer)}"
            near.append(ImportProblem(said, fix=_NEAR_FIX.format(path=path)))
            continue
        fitting.append(name)
    if not fitting:
        raise NoMappingFits(near)
    if len(fitting) == 1:
        return fitting[0]
    said = f"several mappings fit these files: {', '.join(fitting)}"
    raise refuse(said, fix="Choose one with `--mapping`.")


def newer_columns(
    mapping: m.Mapping, tables: dict[str, list[SourceTable]]
) -> list[tuple[SourceTable, str]]:
    """Return the tables with a column for a later year than the one that a mapping reads.

    `DCA 2026` beside `DCA 2025`, say: the mapping would take last year's for this year's.
    """
    read: dict[tuple[str, str], tuple[int, str]] = {}
    for use in uses(mapping):
        for _, column in columns_of(use.spec):
            for year in _YEAR.findall(column):
                key = (use.table, header_key(_YEAR.sub("0", column)))
                read[key] = max(read.get(key, (0, "")), (int(year), column))
    found: dict[str, SourceTable] = {}
    for name, sources in tables.items():
        for table in sources:
            present = {
                key: column
                for key, (_, column) in read.items()
                if table.position(column) is not None
            }
            for header in table.headers:
                years = _YEAR.findall(header)
                key = (name, header_key(_YEAR.sub("0", header)))
                if len(years) == 1 and key in present and int(years[0]) > read[key][0]:
                    said = f"{table.path} has `{shown(header)}`, but `{present[key]}` would be read"
                    found[said] = table
    return [(table, said) for said, table in found.items()]


# -- files to tables -----------------------------------------------------------------------


def bind(loaded: Loaded, files: Sequence[Path | str]) -> dict[str, list[SourceTable]]:
    """Return the files read as the mapping's tables; raise ImportRefused with all that is wrong."""
    mapping = loaded.mapping
    chosen, asked = _expand(files, mapping)
    if not chosen:
        raise refuse(
            "no table is given", fix="Name CSV or XLSX files, or a folder that holds them."
        )
    tables: dict[str, list[SourceTable]] = {}
    troubles: list[ImportProblem] = []
    for path, name in chosen:
        try:
            table = _read(loaded, path, name)
        except ImportRefused as refused:
            troubles += refused.problems
            continue
        if table is not None:
            tables.setdefault(table.name, []).append(table)
        elif path in asked:
            fix = f"Choose one with `NAME={path.name}`: {', '.join(mapping.tables)}."
            troubles.append(
                ImportProblem(
                    f"this file matches no table of the mapping `{mapping.mapping.name}`",
                    path.as_posix(),
                    fix=fix,
                )
            )
    for name, spec in mapping.tables.items():
        if name not in tables and not spec.may_be_absent and not troubles:
            patterns = ", ".join(spec.files) or f"{name}=FILE"
            troubles.append(
                loaded.at(
                    ("tables", name),
                    f"no file is given for the table `{name}`",
                    f"Add one ({patterns}).",
                    key=True,
                )
            )
    main = list(dict.fromkeys(table_of(mapping, source) for source in mapping.investments))
    if not troubles and not any(name in tables for name in main):
        fix = f"Add one of {', '.join(main)}."
        troubles.append(ImportProblem("no file has the investments", loaded.document.path, fix=fix))
    check_columns(loaded, [t for ts in tables.values() for t in ts], troubles.append)
    if troubles:
        raise ImportRefused(troubles)
    ordered = {name: tables[name] for name in mapping.tables if name in tables}
    return {name: sorted(found, key=lambda t: t.path) for name, found in ordered.items()}


def _expand(
    files: Sequence[Path | str], mapping: m.Mapping
) -> tuple[list[tuple[Path, str | None]], set[Path]]:
    """Return the files with the table that each was said to be, and those that were named."""
    chosen: list[tuple[Path, str | None]] = []
    asked: set[Path] = set()
    for file in files:
        name, _, rest = str(file).partition("=")
        if isinstance(file, str) and rest and not Path(file).exists():
            if name not in mapping.tables:
                known = ", ".join(mapping.tables)
                raise refuse(
                    f"the mapping has no table `{name}`{did_you_mean(name, mapping.tables)}",
                    fix=f"Its tables: {known}.",
                )
            chosen.append((Path(rest), name))
            continue
        path = Path(file)
        if path.is_dir():
            chosen += [
                (p, None)
                for p in sorted(path.iterdir())
                if p.suffix.casefold() in SUFFIXES and p.is_file()
            ]
        else:
            asked.add(path)
            chosen.append((path, None))
    return list(dict.fromkeys(chosen)), asked


def _read(loaded: Loaded, path: Path, name: str | None) -> SourceTable | None:
    """Return a file as the table it is said to be, else by its name, else by its columns."""
    tables = loaded.mapping.tables
    if name is None:
        named = [
            n
            for n, t in tables.items()
            if any(fnmatch.fnmatch(path.name.casefold(), p.casefold()) for p in t.files)
        ]
        if len(named) == 1 or len(tables) == 1:
            name = named[0] if named else next(iter(tables))
    if name is not None:
        return read_table(name, path, _source(loaded.mapping, name))
    fitting: list[tuple[set[str], SourceTable]] = []
    near: list[tuple[set[str], SourceTable]] = []
    for candidate in tables:
        table = read_table(candidate, path, _source(loaded.mapping, candidate))
        needed = _columns(loaded.mapping, candidate)
        lacks = sum(table.position(c) is None for c in needed)
        if needed and not lacks:
            fitting.append((needed, table))
        elif lacks <= _NEAR and lacks * 2 < len(needed):
            near.append((needed, table))
    # where a report has all columns of an earlier one and more, the mapping's table for it reads
    # more of them
    found = fitting or near
    return next((t for reads, t in found if all(reads >= other for other, _ in found)), None)


def _columns(mapping: m.Mapping, table: str) -> set[str]:
    """Return the columns that a table must have."""
    found = {
        header_key(c) for u in uses(mapping) if u.table == table for _, c in columns_of(u.spec)
    }
    found |= {header_key(c) for _, t, c in other_columns(mapping) if t == table}
    return found - {header_key(c) for c in mapping.tables[table].optional}


def _source(mapping: m.Mapping, name: str) -> TableSource:
    t, reads = mapping.tables[name], frozenset(_columns(mapping, name))
    where = (t.encoding, t.delimiter, t.sheet, t.header_row, t.transposed)
    return TableSource(*where, reads, tuple(t.fill_down), key_columns(mapping, name))


# -- the portfolio -------------------------------------------------------------------------


def _truth(report: ImportReport, imported: Import, known: Known | None) -> None:
    """Count what governance wants to know: who is named, and whether the money is for something.

    What people have added to an investment that was there counts with what the tables say.
    """
    record = imported.record
    there: Record = known.record if known is not None else {}
    report.investments += 1
    owners = (record.outcome_owner, there.get("outcome_owner"))
    managers = (record.relationship_manager, there.get("relationship_manager"))
    report.without_owner += not any(is_named(p) for p in owners)
    report.without_manager += not any(is_named(p) for p in managers)
    spend = sum(row.weight for row in record.spend)
    report.spend += spend
    if not (record.outcomes or "outcomes" in record.withheld or there.get("outcomes")):
        report.spend_without_outcome += spend


def _as_trouble(problem: CellProblem) -> ImportProblem:
    return ImportProblem(
        str(problem), fix="Correct the cell, or import without --strict to leave it out."
    )
