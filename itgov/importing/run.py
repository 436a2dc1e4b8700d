"""An import from end to end: bind files to the mapping's tables, read, merge, write, report."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Sequence
from pathlib import Path

from itgov.importing import mapping as m
from itgov.importing.collect import collect
from itgov.importing.draft import Import
from itgov.importing.existing import FOLDER, Existing, Known, PortfolioFile, read_existing
from itgov.importing.load import (
    Loaded,
    check_columns,
    columns_of,
    load_mapping,
    other_columns,
    ready_mappings,
    table_of,
    uses,
)
from itgov.importing.merge import UNIT, UNIT_FILE, update
from itgov.importing.report import FileChange, ImportReport, UpdatedInvestment
from itgov.importing.tables import Source, Table, header_key, read_table
from itgov.importing.trouble import ImportRefused, Trouble, refuse
from itgov.importing.update import Change, EditRefused, Insert, Set, apply, digest, save
from itgov.importing.write import Plain, document, plain
from itgov.model.derive import money_of
from itgov.model.text import did_you_mean
from itgov.model.types import BusinessUnit, Organisation, Person

SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")
_RESERVED = {"organisation", "con", "prn", "aux", "nul"}


def run_import(
    mapping: m.Mapping | Path | str,
    files: Sequence[Path | str],
    target: Path,
    *,
    dry_run: bool = False,
) -> ImportReport:
    """Import tables into the portfolio repository `target` and return what was done.

    `mapping` is a mapping file or the name of one that comes with the package.  `files` are
    tables, folders of tables, or `name=FILE` to say which table of the mapping a file is.  Raise
    ImportRefused, with places, where the mapping, a table or the portfolio cannot be used; cells
    that cannot be read do not stop the import and are listed in the report.
    """
    loaded = load_mapping(mapping)
    tables = bind(loaded, files)
    existing = read_existing(target)
    _check_organisation(loaded.mapping.organisation, existing)
    collected = collect(loaded.mapping, tables, existing.people())
    name = loaded.mapping.mapping.name
    report = ImportReport(name, str(target), dry_run, collected.accounts, collected.problems)
    _truth(report, collected.imports, loaded.mapping)
    edits = _Edits(existing, target, report)
    edits.organisation(loaded.mapping.organisation, collected.people)
    for imported in collected.imports:
        known = existing.find(imported, name)
        if known is None:
            edits.add(imported)
        else:
            edits.update(known, imported, name)
    edits.vanished(collected.imports, name)
    edits.write(dry_run)
    return report


def detect(files: Sequence[Path | str]) -> str:
    """Return the name of the ready mapping whose tables these files are; raise ImportRefused."""
    fitting: list[str] = []
    for name, path in ready_mappings().items():
        try:
            bind(load_mapping(path), files)
        except ImportRefused:
            continue
        fitting.append(name)
    if len(fitting) == 1:
        return fitting[0]
    said = f"several mappings fit these files: {', '.join(fitting)}" if fitting else "no ready mapping fits these files"
    raise refuse(said, fix="Say which with `--mapping`, or draft one with `itgov import --guess FILE`.")


# -- files to tables -----------------------------------------------------------------------


def bind(loaded: Loaded, files: Sequence[Path | str]) -> dict[str, list[Table]]:
    """Return the files read as the mapping's tables; raise ImportRefused with all that is wrong."""
    mapping = loaded.mapping
    chosen, asked = _expand(files, mapping)
    if not chosen:
        raise refuse("no table is given", fix="Name CSV or XLSX files, or a folder that holds them.")
    tables: dict[str, list[Table]] = {}
    troubles: list[Trouble] = []
    for path, name in chosen:
        try:
            table = _read(loaded, path, name)
        except ImportRefused as refused:
            troubles += refused.problems
            continue
        if table is not None:
            tables.setdefault(table.name, []).append(table)
        elif path in asked:
            fix = f"Say which with `NAME={path.name}`: {', '.join(mapping.tables)}."
            troubles.append(Trouble(f"this file matches no table of the mapping `{mapping.mapping.name}`", path.as_posix(), fix=fix))
    for name, spec in mapping.tables.items():
        if name not in tables and not spec.may_be_absent and not troubles:
            patterns = ", ".join(spec.files) or f"{name}=FILE"
            troubles.append(loaded.at(("tables", name), f"no file is given for the table `{name}`", f"Add one ({patterns}).", key=True))
    check_columns(loaded, [t for ts in tables.values() for t in ts], troubles.append)
    if troubles:
        raise ImportRefused(troubles)
    ordered = {name: tables[name] for name in mapping.tables if name in tables}
    return {name: sorted(found, key=lambda t: t.path) for name, found in ordered.items()}


def _expand(files: Sequence[Path | str], mapping: m.Mapping) -> tuple[list[tuple[Path, str | None]], set[Path]]:
    """Return the files with the table that each was said to be, and those that were named."""
    chosen: list[tuple[Path, str | None]] = []
    asked: set[Path] = set()
    for file in files:
        name, _, rest = str(file).partition("=")
        if isinstance(file, str) and rest and not Path(file).exists():
            if name not in mapping.tables:
                known = ", ".join(mapping.tables)
                raise refuse(f"the mapping has no table `{name}`{did_you_mean(name, mapping.tables)}", fix=f"Its tables: {known}.")
            chosen.append((Path(rest), name))
            continue
        path = Path(file)
        if path.is_dir():
            chosen += [(p, None) for p in sorted(path.iterdir()) if p.suffix.casefold() in SUFFIXES and p.is_file()]
        else:
            asked.add(path)
            chosen.append((path, None))
    return list(dict.fromkeys(chosen)), asked


def _read(loaded: Loaded, path: Path, name: str | None) -> Table | None:
    """Return a file as the table it is said to be, else by its name, else by its columns."""
    tables = loaded.mapping.tables
    if name is None:
        named = [n for n, t in tables.items() if any(fnmatch.fnmatch(path.name.casefold(), p.casefold()) for p in t.files)]
        if len(named) == 1 or len(tables) == 1:
            name = named[0] if named else next(iter(tables))
    if name is not None:
        return read_table(name, path, _source(tables[name]))
    fitting: list[Table] = []
    for candidate, spec in tables.items():
        table = read_table(candidate, path, _source(spec))
        needed = _columns(loaded.mapping, candidate)
        if needed and all(table.position(c) is not None for c in needed):
            fitting.append(table)
    return fitting[0] if len(fitting) == 1 else None


def _columns(mapping: m.Mapping, table: str) -> set[str]:
    """Return the columns that a table must have."""
    found = {header_key(c) for u in uses(mapping) if u.table == table for _, c in columns_of(u.spec)}
    found |= {header_key(c) for _, t, c in other_columns(mapping) if t == table}
    return found - {header_key(c) for c in mapping.tables[table].optional}


def _source(spec: m.TableSpec) -> Source:
    return Source(spec.encoding, spec.delimiter, spec.sheet, spec.header_row)


# -- the portfolio -------------------------------------------------------------------------


def _check_organisation(wanted: m.Organisation, existing: Existing) -> None:
    """Refuse to mix currencies or fiscal years: the amounts would mean something else."""
    file = existing.organisation
    record = file.data.get("organisation") if file is not None else None
    if file is None or not isinstance(record, dict):
        return
    troubles: list[Trouble] = []
    for name, default in (("currency", None), ("fiscal_year_start", 1)):
        have, want = record.get(name, default), getattr(wanted, name)
        if have is not None and want is not None and have != want:
            entry = file.document.find(("organisation", name)) or 0
            line, column = file.document.position(file.document.values[entry])
            troubles.append(
                Trouble(f"`{name}` is {have} here, but {want} in the mapping", file.document.path, line, column, "Import into another folder, or mend one of the two.")
            )
    if troubles:
        raise ImportRefused(troubles)


def _truth(report: ImportReport, imports: list[Import], mapping: m.Mapping) -> None:
    """Fill in what governance wants to know: who is named, and what the money is for."""
    report.investments = len(imports)
    report.currency = mapping.organisation.currency
    report.units = sorted({i.unit for i in imports})
    for imported in imports:
        record = imported.record
        report.without_owner += record.outcome_owner is None
        report.without_manager += record.relationship_manager is None
        spend = sum(money_of(row) for row in record.spend)
        report.spend += spend
        report.spend_without_outcome += spend if not record.outcomes and "outcomes" not in record.withheld else 0


class _Edits:
    """Everything that the import changes, gathered by file before anything is written."""

    def __init__(self, existing: Existing, target: Path, report: ImportReport) -> None:
        self.existing = existing
        self.target = target
        self.report = report
        self.changes: dict[Path, list[Change]] = {}
        self.inserts: dict[Path, list[Plain]] = {}
        self.fresh: dict[str, list[Import]] = {}
        self.texts: dict[Path, str] = {}
        self.counts: dict[Path, FileChange] = {}
        self.matched: set[tuple[Path, int]] = set()

    def count(self, path: Path) -> FileChange:
        shown = path.relative_to(self.target).as_posix()
        return self.counts.setdefault(path, FileChange(shown, "unchanged"))

    def organisation(self, wanted: m.Organisation, people: dict[str, Person]) -> None:
        file = self.existing.organisation
        if file is None:
            record = Organisation(
                id=wanted.id, name=wanted.name, currency=wanted.currency, fiscal_year_start=wanted.fiscal_year_start
            )
            data: dict[str, Plain] = {"organisation": plain(record)}
            if people:
                data["people"] = [plain(p) for p in people.values()]
            self.texts[self.target / FOLDER / "organisation.yaml"] = document(data, "organisation")
            return
        if people:
            added = [plain(p) for p in people.values()]
            listed = isinstance(file.data.get("people"), list)
            order = ("organisation", "people", "relationship_managers")
            self.changes[file.path] = [Insert(("people",), p) for p in added] if listed else [Set(("people",), list(added), order)]

    def add(self, imported: Import) -> None:
        self.report.new.append(imported.record.id)
        home = self.existing.home(imported.unit)
        if home is None:
            self.fresh.setdefault(imported.unit, []).append(imported)
        else:
            self.inserts.setdefault(home.path, []).append(plain(imported.record))
            self.count(home.path).new += 1

    def update(self, known: Known, imported: Import, mapping: str) -> None:
        path = known.file.path
        self.matched.add((path, known.index))
        found = update(known, imported, mapping)
        shown = self.count(path).path
        if known.file.unit != imported.unit and (known.as_of is None or imported.as_of is None or imported.as_of >= known.as_of):
            self.report.notes.append(f"{known.id}: the table has it under `{imported.unit}`; it was left in {shown}")
        self.report.notes += [f"{known.id}: {note}" for note in found.notes]
        if found.changes:
            self.changes.setdefault(path, []).extend(found.changes)
            self.count(path).updated += 1
            self.report.updated.append(UpdatedInvestment(known.id, shown, found.fields))
        else:
            self.report.unchanged += 1

    def vanished(self, imports: list[Import], mapping: str) -> None:
        latest = max((i.as_of for i in imports if i.as_of is not None), default=None)
        for known in self.existing.known:
            if known.imported.get("from") != mapping or (known.file.path, known.index) in self.matched:
                continue
            if latest is None or known.as_of is None or known.as_of < latest:
                self.report.vanished.append(known.id)

    def write(self, dry_run: bool) -> None:
        for unit, imports in self.fresh.items():
            path = self._new_path(unit)
            name = next((i.unit_name for i in imports if i.unit_name), None)
            record = plain(BusinessUnit(id=unit, name=name))
            data: dict[str, Plain] = {"business_unit": record, "investments": [plain(i.record) for i in imports]}
            self.texts[path] = document(data, "portfolio")
            self.count(path).new = len(imports)
        files = [*self.existing.files, *([self.existing.organisation] if self.existing.organisation else [])]
        for file in files:
            self._write(file.path, lambda file=file: self._edited(file), digest(file.raw), dry_run)  # type: ignore[misc]
        for path, text in self.texts.items():
            self._write(path, text.encode, None, dry_run)
        self.report.files = sorted(self.counts.values(), key=lambda f: f.path)

    def _edited(self, file: PortfolioFile) -> bytes:
        changes = list(self.changes.get(file.path, []))
        added = self.inserts.get(file.path, [])
        if added and file.investments:
            changes += [Insert(("investments",), a) for a in added]
        elif added:
            changes.append(Set(("investments",), list(added), UNIT_FILE))
        return apply(file.raw, changes, file.document.path)

    def _write(self, path: Path, make: object, was: str | None, dry_run: bool) -> None:
        count = self.count(path)
        try:
            raw: bytes = make()  # type: ignore[operator]
            changed = was is None or digest(raw) != was
            if changed and not dry_run:
                save(self.target, path, raw, was)
            count.state = "new" if was is None else "changed" if changed else "unchanged"
        except EditRefused as error:
            count.state, count.reason = "refused", str(error)

    def _new_path(self, unit: str) -> Path:
        folder = self.target / FOLDER
        stem = f"{unit}-unit" if unit in _RESERVED else unit
        taken = {os.path.normcase(f.path.name) for f in self.existing.files} | {os.path.normcase(p.name) for p in self.texts}
        name, number = f"{stem}.yaml", 1
        while os.path.normcase(name) in taken or (folder / name).exists():
            number += 1
            name = f"{stem}-{number}.yaml"
        return folder / name


__all__ = ["bind", "detect", "run_import", "table_of", "UNIT"]
