"""An import from end to end: bind files to the mapping's tables, read, merge, write, report."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from itgov.files.uninterrupted import uninterrupted
from itgov.importing import mapping as m
from itgov.importing.binding import bind, newer_columns
from itgov.importing.collect import Collected, collect
from itgov.importing.draft import Import
from itgov.importing.edits import Edits
from itgov.importing.existing import Known, Record, check_organisation, read_existing
from itgov.importing.load import Loaded, load_mapping
from itgov.importing.moving import move_elsewhere
from itgov.importing.near_names import perhaps_same
from itgov.importing.next_year import Later, Reports, check_day, mark_gone
from itgov.importing.repeated_ids import repeated_ids
from itgov.importing.report import ImportReport
from itgov.importing.tables import SourceTable
from itgov.importing.trouble import (
    CellProblem,
    ImportProblem,
    ImportRefused,
    rows_text,
    shown,
)
from itgov.importing.unread_dates import unread_dates
from itgov.importing.unread_money import unread_money
from itgov.model.nobody import is_named


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
    with uninterrupted():
        planned.write(target, how)
    return planned.report


class Planned(Struct):
    """An import that is made and not written yet."""

    report: ImportReport
    edits: Edits
    imports: list[Import]

    def write(self, target: Path, how: HowToImport) -> None:
        """Write the files, and move what is asked to be moved.  Raise EditRefused."""
        self.edits.write(how.dry_run)
        if how.later.moves and not how.dry_run:
            move_elsewhere(target, self.edits)


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
    report.unread_money = list(unread_money(loaded.mapping, tables, collected.accounts))
    report.notes += repeated_ids(loaded.mapping, tables)
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
    report.perhaps_same = perhaps_same(found, missing, reports.is_after)
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
