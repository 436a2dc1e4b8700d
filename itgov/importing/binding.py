"""Which file is which table of a mapping, and which ready mapping files are for."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from itgov.importing import mapping as m
from itgov.importing.load import Loaded, check_columns, load_mapping, ready_mappings
from itgov.importing.other_sheets import like_sheets
from itgov.importing.table_files import TableSource
from itgov.importing.tables import SourceTable, header_key, read_names, read_table
from itgov.importing.trouble import (
    ImportProblem,
    ImportRefused,
    NoMappingFits,
    refuse,
    shown,
)
from itgov.importing.walk import columns_of, key_columns, other_columns, table_of, uses
from itgov.model.text import did_you_mean

Reads = Callable[[str, Path, TableSource], SourceTable]
SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")

_NEAR = 2
"""Most columns that a file may lack for a ready mapping to be said to nearly fit."""

_NEAR_FIX = (
    "Copy {path}, name in it the column that the table has (or list the missing one under "
    "`optional:`), and import with `--mapping COPY`."
)
_YEAR = re.compile(r"20\d\d")


def bind(
    loaded: Loaded, files: Sequence[Path | str], read: Reads = read_table
) -> dict[str, list[SourceTable]]:
    """Return the files read as the mapping's tables; raise ImportRefused with all that is wrong.

    With `read_names`, for a mapping that is only tried, without their rows.
    """
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
            table = _read(loaded, path, name, read)
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
    if read is read_table:
        _find_like_sheets(mapping, [t for ts in tables.values() for t in ts])
    ordered = {name: tables[name] for name in mapping.tables if name in tables}
    return {name: sorted(found, key=lambda t: t.path) for name, found in ordered.items()}


def _find_like_sheets(mapping: m.Mapping, tables: list[SourceTable]) -> None:
    """Note in each table which like it stand on sheets that are no table of the mapping."""
    named = {spec.sheet for spec in mapping.tables.values() if spec.sheet is not None}
    sheets: dict[str, set[str]] = {}
    for table in tables:
        if table.read is not None:
            sheets.setdefault(table.path, set(named)).add(table.read.sheet)
    for table in tables:
        is_read = sheets.get(table.path, named)
        table.other_sheets = like_sheets(table, _source(mapping, table.name), is_read)
        is_read.update(t.read.sheet for t in table.other_sheets if t.read is not None)


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


def _read(loaded: Loaded, path: Path, name: str | None, read: Reads) -> SourceTable | None:
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
        return read(name, path, _source(loaded.mapping, name))
    fitting: list[tuple[set[str], SourceTable]] = []
    near: list[tuple[set[str], SourceTable]] = []
    for candidate in tables:
        table = read(candidate, path, _source(loaded.mapping, candidate))
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
    return TableSource(*where, reads, tuple(t.fill_down), key_columns(mapping, name), t.headings)


def detect(files: Sequence[Path | str]) -> str:
    """Return the name of the ready mapping whose tables these files are; raise ImportRefused."""
    fitting: list[str] = []
    near: list[ImportProblem] = []
    for name, path in ready_mappings().items():
        loaded = load_mapping(path)
        try:
            tables = bind(loaded, files, read_names)
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

    `DCA 2026` beside `DCA 2025`, say, or beside `DCA`: the mapping would take last year's for this
    year's.
    """
    read: dict[tuple[str, str], tuple[int, str]] = {}
    for use in uses(mapping):
        for _, column in columns_of(use.spec):
            for year in _YEAR.findall(column) or (0,):
                key = (use.table, _without_year(column))
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
                key = (name, _without_year(header))
                if len(years) == 1 and key in present and int(years[0]) > read[key][0]:
                    said = f"{table.path} has `{shown(header)}`, but `{present[key]}` would be read"
                    found[said] = table
    return [(table, said) for said, table in found.items()]


def _without_year(name: str) -> str:
    return re.sub(r"[\W_]+", "", header_key(_YEAR.sub("", name)))
