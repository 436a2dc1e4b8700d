"""Everything that an import changes in the portfolio's files, gathered before any is written."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from itgov.files.edit import Change, Insert, Set, apply
from itgov.files.save import EditRefused, digest, save
from itgov.files.write import Plain, document, plain
from itgov.importing import mapping as m
from itgov.importing.draft import Import
from itgov.importing.existing import Existing, Known, PortfolioFile
from itgov.importing.merge import UNIT_FILE, update
from itgov.importing.replaced import replaced
from itgov.importing.report import ImportedFile, ImportReport, UpdatedInvestment
from itgov.importing.totals import ColumnTotal
from itgov.importing.unwritten import leave_out, leave_out_unwritten
from itgov.model.types import BusinessUnit, Organisation, Person

_RESERVED = re.compile(r"organisation|con|prn|aux|nul|com\d|lpt\d")
"""Names that no unit's file may have."""


class Edits:
    """Everything that the import changes, gathered by file before anything is written."""

    def __init__(self, existing: Existing, target: Path, report: ImportReport) -> None:
        self.existing = existing
        self.target = target
        self.report = report
        self.changes: dict[Path, list[Change]] = {}
        self.inserts: dict[Path, list[Plain]] = {}
        self.fresh: dict[str, list[Import]] = {}
        self.texts: dict[Path, str] = {}
        self.counts: dict[Path, ImportedFile] = {}
        self.matched: set[tuple[Path, int]] = set()
        self.start_month = 1
        self.elsewhere: list[tuple[str, str, str | None]] = []
        """What the tables have under another unit than its file: its id, and that unit's id and name."""
        self._is_stale = False
        self.brought: dict[Path, list[Import]] = {}
        """The investments that each file would take."""
        self.count_again: Callable[[], list[ColumnTotal]] | None = None
        """The control totals, after something was found not to be written."""

    def count(self, path: Path) -> ImportedFile:
        """Return the record of what becomes of a file."""
        shown = path.relative_to(self.target).as_posix()
        return self.counts.setdefault(path, ImportedFile(shown, "unchanged"))

    def organisation(self, wanted: m.Organisation, people: dict[str, Person]) -> None:
        """Write the organisation where there is none, and add the people it does not know."""
        file = self.existing.organisation
        self.start_month = wanted.fiscal_year_start
        if file is None:
            record = Organisation(
                id=wanted.id,
                name=wanted.name,
                currency=wanted.currency,
                fiscal_year_start=wanted.fiscal_year_start,
            )
            data: dict[str, Plain] = {"organisation": plain(record)}
            if people:
                data["people"] = [plain(p) for p in people.values()]
            self.texts[self.target / self.existing.folder / "organisation.yaml"] = document(
                data, "organisation"
            )
            return
        if people:
            added = [plain(p) for p in people.values()]
            listed = isinstance(file.data.get("people"), list)
            order = ("organisation", "people", "relationship_managers")
            self.changes[file.path] = (
                [Insert(("people",), p) for p in added]
                if listed
                else [Set(("people",), list(added), order)]
            )

    def add(self, imported: Import) -> None:
        """Take an investment that is new."""
        self.report.new.append(imported.record.id)
        if imported.older:
            said = (f"{field} (as of {day})" for field, day in sorted(imported.older.items()))
            self.report.kept.append(f"{imported.record.id}: {', '.join(said)}")
        home = self.existing.home(imported.unit)
        if home is None:
            self.fresh.setdefault(imported.unit, []).append(imported)
        else:
            self.inserts.setdefault(home.path, []).append(plain(imported.record))
            self.brought.setdefault(home.path, []).append(imported)
            self.count(home.path).new += 1

    def update(self, known: Known, imported: Import, mapping: str) -> None:
        """Bring what the tables say into an investment that is there."""
        path = known.file.path
        if self.is_matched(known):
            self.report.notes.append(
                f"{known.id}: two records of the tables are this one; `{imported.record.title}` "
                "was left out"
            )
            self._recount(leave_out(imported, "twice"))
            return
        self.matched.add((path, known.index))
        found = update(known, imported, mapping, self.start_month)
        self.brought.setdefault(path, []).append(imported)
        self._recount(leave_out_unwritten(known, imported))
        shown = self.count(path).path
        if known.file.unit != imported.unit and (
            known.as_of is None or imported.as_of is None or imported.as_of >= known.as_of
        ):
            self.elsewhere.append((known.id, imported.unit, imported.unit_name))
            self.report.notes.append(
                f"{known.id}: the table has it under `{imported.unit}`; it stays in {shown}"
            )
        if found.is_older:
            assumed = ", an assumed day" if known.is_assumed else ""
            said = f"{known.id}: as of {imported.as_of}, there as of {known.as_of}{assumed}"
            self.report.older.append(said)
        if found.kept:
            self.report.kept.append(f"{known.id}: {found.kept}")
        self.report.notes += [f"{known.id}: {note}" for note in found.notes]
        if found.changes:
            self.changes.setdefault(path, []).extend(found.changes)
            self.count(path).updated += 1
            days = (known.as_of, imported.as_of)
            is_newer = days[0] != days[1] and None not in days
            over = replaced(known, found.changes, is_newer)
            self.report.updated.append(UpdatedInvestment(known.id, shown, found.fields, over))
        else:
            self.report.unchanged += 1

    def is_matched(self, known: Known) -> bool:
        """Say whether the tables have an investment that is there."""
        return (known.file.path, known.index) in self.matched

    def change(self, known: Known, changes: list[Change]) -> None:
        """Change an investment that the tables do not have."""
        self.changes.setdefault(known.file.path, []).extend(changes)
        self.count(known.file.path).marked += 1

    def write(self, dry_run: bool) -> None:
        """Write every file that changes, or say why it cannot be."""
        for unit, imports in self.fresh.items():
            path = self._new_path(unit)
            name = next((i.unit_name for i in imports if i.unit_name), None)
            record = plain(BusinessUnit(id=unit, name=name))
            data: dict[str, Plain] = {
                "business_unit": record,
                "investments": [plain(i.record) for i in imports],
            }
            self.texts[path] = document(data, "portfolio")
            self.count(path).new = len(imports)
            self.brought[path] = imports
        files = [
            *self.existing.files,
            *([self.existing.organisation] if self.existing.organisation else []),
        ]
        for file in files:
            self._write(file.path, partial(self._edited, file), digest(file.raw), dry_run)
        for path, text in self.texts.items():
            self._write(path, partial(str.encode, text), None, dry_run)
        self.report.files = sorted(self.counts.values(), key=lambda f: f.path)
        self.totals()

    def totals(self) -> None:
        """Let the control totals say what the files take, where that is less than was read."""
        if self._is_stale and self.count_again is not None:
            self.report.totals = self.count_again()
            self._is_stale = False

    def _recount(self, is_stale: bool) -> None:
        self._is_stale = self._is_stale or is_stale

    def _edited(self, file: PortfolioFile) -> bytes:
        # what is put into lists comes last: it would have the file read again for each investment
        changes = sorted(self.changes.get(file.path, []), key=lambda c: isinstance(c, Insert))
        added = self.inserts.get(file.path, [])
        if added and file.investments:
            changes += [Insert(("investments",), a) for a in added]
        elif added:
            changes.append(Set(("investments",), list(added), UNIT_FILE))
        return apply(file.raw, changes, file.document.path)

    def _write(self, path: Path, make: Callable[[], bytes], was: str | None, dry_run: bool) -> None:
        count = self.count(path)
        try:
            raw = make()
            changed = was is None or digest(raw) != was
            if changed and not dry_run:
                save(self.target, path, raw, was)
            count.state = "new" if was is None else "changed" if changed else "unchanged"
        except EditRefused as error:
            count.state, count.reason = "refused", str(error)
            for imported in self.brought.get(path, []):
                self._recount(leave_out(imported, "refused"))

    def _new_path(self, unit: str) -> Path:
        folder = self.target / self.existing.folder
        taken = [*(f.path for f in self.existing.files), *self.texts]
        return folder / new_unit_name(unit, taken, lambda name: (folder / name).exists())


def new_unit_name(
    unit: str, taken: Iterable[str | Path], is_there: Callable[[str], bool] | None = None
) -> str:
    """Return the name of a new unit's file, which no path that is taken ends in."""
    names = {os.path.normcase(os.path.basename(path)) for path in taken}
    return free_unit_name(
        unit,
        lambda name: os.path.normcase(name) in names or (is_there is not None and is_there(name)),
    )


def free_unit_name(unit: str, is_taken: Callable[[str], bool]) -> str:
    """Return the name of a new unit's file: of the names that come into question the first that is free."""
    stem = f"{unit}-unit" if _RESERVED.fullmatch(unit) else unit
    name, number = f"{stem}.yaml", 1
    while is_taken(name):
        number += 1
        name = f"{stem}-{number}.yaml"
    return name
