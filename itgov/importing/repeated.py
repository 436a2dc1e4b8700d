"""An import by the mapping that an earlier one kept: only what changes each time is asked."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from itgov.importing import mapping as m
from itgov.importing.binding import bind, newer_columns
from itgov.importing.drafting import Drafted
from itgov.importing.interview import FOLDER, Interview
from itgov.importing.load import Loaded, load_mapping
from itgov.importing.looks import ColumnLook, column_look, date_formats
from itgov.importing.periods import period_of
from itgov.importing.questions import BadAnswer, Question
from itgov.importing.run import HowToImport
from itgov.importing.table_questions import day_of
from itgov.importing.tables import SourceTable, read_names
from itgov.importing.titles import title_of
from itgov.importing.trouble import ImportRefused
from itgov.importing.walk import value_columns
from itgov.importing.year_questions import year_again


def own_mapping(target: Path, files: Sequence[Path]) -> Path | None:
    """Return the mapping that an earlier import kept in `target` and that fits files; None for none.

    Of several that fit, the one that was kept last.
    """
    found: list[Path] = []
    for path in (target / FOLDER).glob("*.yaml"):
        try:
            loaded = load_mapping(path)
            tables = bind(loaded, files, read_names)
        except ImportRefused:
            continue
        if not newer_columns(loaded.mapping, tables):
            found.append(path)
    return max(found, key=lambda path: (path.stat().st_mtime_ns, path.name), default=None)


class RepeatedImport(Interview):
    """The questions that a kept mapping leaves: of which day a table is, and of which year."""

    def __init__(
        self,
        path: Path,
        files: Sequence[Path],
        target: Path,
        answers: dict[str, str] | None = None,
        how: HowToImport | None = None,
    ) -> None:
        """Begin with the mapping at `path`; raise ImportRefused."""
        super().__init__(files, target, answers, how=how)
        self.loaded = load_mapping(path)
        self.path = path
        self._table = next(iter(bind(self.loaded, self.files[:1]).values()))[0]
        self._asking = self._asked(list(self._questions()))

    @property
    def mapping_path(self) -> Path:
        """Where the mapping is kept already."""
        return self.path

    @property
    def as_of(self) -> datetime.date | None:
        """The day that was answered."""
        said = self._said("as_of")
        return datetime.date.fromisoformat(said) if said else None

    def drafted(self) -> Drafted:
        """Return the questions that are open; the mapping stays as it is."""
        found = [q for q in self._asking if self._said(q.field) is None]
        return Drafted(self.loaded.document.text, found)

    def mapping(self) -> Loaded:
        """Return the mapping, with the year that was answered."""
        year = self._said("year")
        mapping = self.loaded.mapping
        if year is None:
            return self.loaded
        sources = [
            msgspec.structs.replace(source, spend=[_of_year(row, year) for row in source.spend])
            for source in mapping.investments
        ]
        return Loaded(msgspec.structs.replace(mapping, investments=sources), self.loaded.document)

    def table(self) -> SourceTable:
        """Return the table as it is read."""
        return self._table

    def write_mapping(self) -> Path:
        """Leave the mapping as it is."""
        return self.path

    def _merging(self) -> list[Question]:
        return []

    def _said(self, field: str) -> str | None:
        """Return what was answered; what was given beforehand only where the question takes it."""
        if field in self.answers or field not in self.given:
            return self.answers.get(field)
        question = next((q for q in self._asking if q.field == field), None)
        try:
            return question.read(self.given[field]) if question is not None else None
        except BadAnswer:
            return None

    def _questions(self) -> Iterator[Question]:
        sources = self.loaded.mapping.investments
        if any(s.as_of is None or _is_fixed(s.as_of) for s in sources):
            looks = [column_look(self._table, h) for h in self._table.headers if h]
            dated = [c for c in looks if c.cells and date_formats(c) is not None]
            titles = [_column(s.title) for s in sources]
            named = [c for c in looks if c.name in titles] or looks[:1]
            yield day_of(
                self.files[0],
                dated,
                named[0] if named else ColumnLook("", [], 0),
                title_of(self._table),
            )
        fixed = [row for s in sources for row in s.spend if _is_asked_year(row)]
        if fixed:
            columns = [c for row in fixed for c in _columns(row)]
            looks = [column_look(self._table, c) for c in columns]
            spec = fixed[0].year
            last = int(str(spec.value)) if isinstance(spec, m.Spec) else 0
            yield year_again(looks, last)


def _is_fixed(spec: m.Field) -> bool:
    return isinstance(spec, m.Spec) and spec.value is not None


def _is_asked_year(row: m.SpendRow) -> bool:
    """Say whether a year stands in the mapping that no name of a column says."""
    if row.total or not isinstance(row.year, m.Spec) or row.year.value is None:
        return False
    return not any((said := period_of(c)) is not None and said.year for c in _columns(row))


def _columns(row: m.SpendRow) -> list[str]:
    specs = [s for s in (row.budget, row.actual, row.forecast) if s is not None]
    return [c for spec in specs for c in value_columns(spec)]


def _column(spec: m.Field) -> str:
    return next(iter(value_columns(spec)), "")


def _of_year(row: m.SpendRow, year: str) -> m.SpendRow:
    if not _is_asked_year(row):
        return row
    return msgspec.structs.replace(row, year=m.Spec(value=int(year)))
