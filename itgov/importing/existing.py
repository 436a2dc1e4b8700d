"""The portfolio that an import goes into: its files, and which of its investments is which row."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from itgov.files.document import Document
from itgov.files.file_names import is_read, walk
from itgov.files.reader import read
from itgov.files.repository import BrokenConfig, read_config
from itgov.importing.draft import RECORDED, Import
from itgov.importing.mapping import Organisation
from itgov.importing.trouble import ImportProblem, ImportRefused, located
from itgov.importing.values import key_of
from itgov.model.types import GONE, OLDER, PERHAPS, SEEN, Person

Record = dict[str, Any]
"""A record as the reader gives it: what a file says, before any type."""

FOLDER = "portfolios"


class PortfolioFile(Struct):
    """One file of the portfolio, as it was read."""

    path: Path
    raw: bytes
    document: Document
    data: Record

    @property
    def unit(self) -> str | None:
        """The id of the unit that the file is about."""
        unit = self.data.get("business_unit")
        found = unit.get("id") if isinstance(unit, dict) else unit
        return str(found) if found is not None else None

    @property
    def is_main(self) -> bool:
        """Whether the file holds the unit's own record."""
        return isinstance(self.data.get("business_unit"), dict)

    @property
    def investments(self) -> list[Record]:
        """The investments of the file; nothing where it has none."""
        found = self.data.get("investments")
        return [i if isinstance(i, dict) else {} for i in found] if isinstance(found, list) else []


class Known(Struct):
    """An investment of the portfolio: the file it is in, its index there, and what it says."""

    file: PortfolioFile
    index: int
    record: Record

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.record.get("id", ""))

    @property
    def imported(self) -> Record:
        """What `custom.imported` says; nothing where it was not imported."""
        custom = self.record.get("custom")
        found = custom.get(RECORDED) if isinstance(custom, dict) else None
        return found if isinstance(found, dict) else {}

    @property
    def as_of(self) -> datetime.date | None:
        """The day that the imported values are of."""
        return _day(self.imported.get("as_of"))

    @property
    def seen(self) -> datetime.date | None:
        """The day of the latest table that has it."""
        return _day(self.imported.get(SEEN)) or self.as_of

    @property
    def gone(self) -> datetime.date | None:
        """The day of the first table that no longer had it."""
        return _day(self.imported.get(GONE))

    @property
    def perhaps(self) -> str | None:
        """The id of an investment that is perhaps the same, as an import noted."""
        found = self.imported.get(PERHAPS)
        return str(found) if found is not None else None

    @property
    def older(self) -> dict[str, str]:
        """Amounts that a newer table leaves blank, with the day of the table that has them."""
        found = self.imported.get(OLDER)
        return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}

    @property
    def spend(self) -> int | float:
        """What its years of spend weigh in all."""
        rows = self.record.get("spend")
        found: int | float = 0
        for row in rows if isinstance(rows, list) else []:
            amounts = [row.get(n) for n in ("budget", "forecast", "actual")]
            found += next((a for a in amounts if isinstance(a, (int, float))), 0)
        return found

    @property
    def is_assumed(self) -> bool:
        """Whether nobody said that day: it is that of a file's last change."""
        return self.imported.get("as_of_assumed") is True

    @property
    def keys(self) -> list[str]:
        """The keys by which rows are matched to it."""
        found = self.imported.get("keys")
        return [str(k) for k in found] if isinstance(found, list) else []


def _day(value: object) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(str(value))
    except ValueError:
        return None


class Existing(Struct):
    """The portfolio as it is before the import."""

    files: list[PortfolioFile]
    organisation: PortfolioFile | None
    known: list[Known]
    by_id: dict[str, Known]
    by_key: dict[str, Known]
    folder: str = FOLDER
    """The folder of the portfolio files, as itgov.yaml names it."""

    def find(self, imported: Import, mapping: str) -> Known | None:
        """Return the investment that rows are about: by id, or by a key it was imported with."""
        found = self.by_id.get(key_of(imported.record.id))
        if found is not None:
            return found
        return next(
            (k for key in imported.keys if (k := self.by_key.get(f"{mapping} {key}"))), None
        )

    def known_of(self, mapping: str) -> list[Known]:
        """Return the investments that a mapping brought."""
        return [k for k in self.known if k.imported.get("from") == mapping]

    def take(self, file: PortfolioFile) -> None:
        """Take a file as it is now, in place of what it was."""
        self.files = [*(f for f in self.files if f.path != file.path), file]
        for index, record in enumerate(file.investments):
            known = Known(file, index, record)
            self.by_id[key_of(known.id)] = known

    def people(self) -> dict[str, Person]:
        """Return the people whom the organisation knows."""
        found: dict[str, Person] = {}
        listed = self.organisation.data.get("people") if self.organisation else None
        for person in listed if isinstance(listed, list) else []:
            if isinstance(person, dict) and isinstance(person.get("id"), str):
                email, formerly = person.get("email"), person.get("formerly")
                found[person["id"]] = Person(
                    id=person["id"],
                    name=str(person.get("name", person["id"])),
                    email=email if isinstance(email, str) else None,
                    formerly=[str(f) for f in formerly] if isinstance(formerly, list) else [],
                )
        return found

    def home(self, unit: str) -> PortfolioFile | None:
        """Return the file to which a unit's new investments are added."""
        files = [f for f in self.files if f.unit == unit]
        return next((f for f in files if f.is_main), files[0] if files else None)


def _folder(target: Path) -> str:
    try:
        return read_config(target, folders=False).paths.portfolios
    except BrokenConfig as broken:
        problem = broken.problems[0]
        raise ImportRefused([located(broken.document, problem)]) from None


def read_existing(target: Path) -> Existing:
    """Read the portfolio in `target`; raise ImportRefused where a file is not sound YAML."""
    existing = Existing([], None, [], {}, {}, _folder(target))
    troubles: list[ImportProblem] = []
    inside = walk(target / existing.folder)
    for path in sorted(Path(at, name) for at, inner, names in inside for name in (*inner, *names)):
        if not is_read(path.name):
            continue
        shown = path.relative_to(target).as_posix()
        if not path.resolve().is_relative_to(target.resolve()):
            troubles.append(ImportProblem("a symlink that leaves the repository", shown))
            continue
        if path.is_fifo() or path.is_socket() or path.is_char_device():
            troubles.append(ImportProblem("this is not a regular file", shown))
            continue
        try:
            raw = path.read_bytes()
        except OSError as error:
            troubles.append(ImportProblem(f"the file cannot be read: {error.strerror}", shown))
            continue
        document, data, problems = read(shown, raw)
        if problems:
            troubles += [located(document, p) for p in problems]
        elif isinstance(data, dict):
            file = PortfolioFile(path, raw, document, data)
            if "organisation" in data or path.name == "organisation.yaml":
                existing.organisation = file
            else:
                existing.files.append(file)
    if troubles:
        raise ImportRefused(troubles)
    for file in existing.files:
        for index, record in enumerate(file.investments):
            known = Known(file, index, record)
            existing.known.append(known)
            existing.by_id.setdefault(key_of(known.id), known)
            for key in known.keys:
                existing.by_key.setdefault(f"{known.imported.get('from')} {key}", known)
    for known in existing.known:  # last: what has an id itself goes before what had it
        formerly = known.record.get("formerly")
        for old in formerly if isinstance(formerly, list) else []:
            existing.by_id.setdefault(key_of(str(old)), known)
    return existing


def check_organisation(wanted: Organisation, existing: Existing) -> None:
    """Refuse to mix currencies or fiscal years: the amounts would mean something else."""
    file = existing.organisation
    record = file.data.get("organisation") if file is not None else None
    if file is None or not isinstance(record, dict):
        return
    troubles: list[ImportProblem] = []
    for name, default in (("currency", None), ("fiscal_year_start", 1)):
        have, want = record.get(name, default), getattr(wanted, name)
        if have is not None and want is not None and have != want:
            place = file.document.place(("organisation", name))
            troubles.append(
                ImportProblem(
                    f"`{name}` is {have} here, but {want} in the mapping",
                    place.path,
                    place.line,
                    place.column,
                    "Import into another folder, or correct one of the two.",
                )
            )
    if troubles:
        raise ImportRefused(troubles)
