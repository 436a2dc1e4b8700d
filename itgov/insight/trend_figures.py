"""The figures of one commit: a pure function of its files, the rules and the as-of date."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from msgspec.structs import replace

from itgov.files.cached_files import ParsedFiles
from itgov.files.file_findings import unusable_values
from itgov.files.git_snapshot import Snapshot
from itgov.files.linked import Linked
from itgov.files.load import ReadFile, read_file
from itgov.files.parallel import Progress
from itgov.files.repository import NoRepository, Repository
from itgov.files.sources import RawFile, Version
from itgov.insight.flow import Flow
from itgov.insight.governed import Governed
from itgov.insight.trend_managers import manager_points
from itgov.insight.trend_points import (
    CommitFigures,
    SeverityCounts,
    State,
    UnitPoint,
    Unread,
    ValuePoint,
)
from itgov.insight.value import measure_value
from itgov.insight.value_types import Buckets, MoneyLine, ValueReport
from itgov.model.finding import Finding
from itgov.model.reach import REACHES
from itgov.rules.catalogue import RuleBook

_MOST_UNREAD = 20


class _BlobReader:
    """Parses each file content once ever, by the blob that git keeps it in.

    One with unusable values is parsed once more where it follows another: how rules end depends on the
    record in which such a value stands, and only the text tells that.
    """

    def __init__(self) -> None:
        self._files = ParsedFiles()
        self._with_text: dict[str, tuple[str, ReadFile]] = {}
        """By path, the last such file and its blob."""

    def read(self, version: Version[Snapshot], progress: Progress | None) -> list[ReadFile]:
        """Read the portfolio files of a commit."""
        snapshot = version.source
        return [
            self._read(path, blob, partial(snapshot.read, path, blob))
            for path, blob in snapshot.listing(version.portfolios)
        ]

    def _read(self, path: str, blob: str | None, load: Callable[[], RawFile]) -> ReadFile:
        file = self._files.read(path, blob, load)
        if blob is None or not unusable_values(file):
            return file
        known = self._with_text.get(path)
        if known is None or known[0] != blob:
            known = self._with_text[path] = blob, read_file(load())
        return known[1]


class FigureMaker:
    """Makes the figures of many commits, reading each file and compiling each rule once.

    Without a `book`, each commit is judged by its own rules.  With `managers`, what is credited to
    every relationship manager is made as well.
    """

    def __init__(
        self, repository: Repository, book: RuleBook | None, managers: bool = False
    ) -> None:
        self.flow = Flow(repository, reader=_BlobReader(), workers=False)
        self._book = book
        self._managers = managers
        self._books: dict[tuple[str, ...], RuleBook] = {}

    def figures(self, version: Version[Snapshot], day: datetime.date) -> CommitFigures:
        """Return the figures of a commit's files as of a day."""
        book = self._book or self._rules(version)
        try:
            if book.broken:
                return _unjudged(self.flow.linked(day, version, book), book)
            found = self.flow.at(day, book, version, history=self._managers)
            people = found.linked.portfolio.people
            managers = manager_points(people, found.tenure) if self._managers else ()
            return replace(_judged(found), managers=managers)
        except NoRepository:
            return CommitFigures("no portfolio")

    def _rules(self, version: Version[Snapshot]) -> RuleBook:
        key = tuple(f"{f} {version.source.identity(f)}" for f in version.rules)
        found = self._books.get(key)
        if found is None:
            found = self._books[key] = self.flow.rules(version)
        return found


def _judged(found: Governed) -> CommitFigures:
    by_unit: dict[str | None, list[Finding]] = {}
    for finding in found.judged.findings:
        by_unit.setdefault(finding.business_unit, []).append(finding)
    lines = {line.id: line for line in found.value.units}
    units = [
        UnitPoint(
            id=health.id,
            name=health.name,
            score=health.score,
            band=health.band,
            coverage=health.coverage,
            capped_by=health.capped_by.because if health.capped_by is not None else None,
            findings=_counts(by_unit.get(health.id, ())),
            budget=_money(lines[health.id].budget),
            actual=_money(lines[health.id].actual),
            value=_value(lines[health.id]),
        )
        for health in found.health.units
    ]
    unread = _unread(found.linked.findings)
    state: State = "partly read" if unread else "whole"
    return _figures(state, unread, found.linked, found.value, _counts(found.judged.findings), units)


def _unjudged(linked: Linked, book: RuleBook) -> CommitFigures:
    value = measure_value(linked)
    lines = {line.id: line for line in value.units}
    units = [
        UnitPoint(
            id=unit.record.id,
            name=unit.name,
            score=None,
            band="not judged",
            coverage=0.0,
            capped_by=None,
            findings=SeverityCounts(),
            budget=_money(lines[unit.record.id].budget),
            actual=_money(lines[unit.record.id].actual),
            value=_value(lines[unit.record.id]),
        )
        for unit in linked.portfolio.units.values()
    ]
    unread = (*_unread(book.problems), *_unread(linked.findings))
    return _figures("rules broken", unread, linked, value, SeverityCounts(), units)


def _figures(
    state: State,
    unread: tuple[Unread, ...],
    linked: Linked,
    value: ValueReport,
    findings: SeverityCounts,
    units: Sequence[UnitPoint],
) -> CommitFigures:
    return CommitFigures(
        state=state,
        unread=unread[:_MOST_UNREAD],
        findings=findings,
        budget=_money(value.total.budget),
        actual=_money(value.total.actual),
        value=_value(value.total),
        investments=value.total.items,
        files=linked.files,
        units=tuple(units),
        organisation=value.organisation,
        currency=value.currency or "",
    )


def _value(line: MoneyLine) -> ValuePoint | None:
    if line.value is None:
        return None
    return ValuePoint(*(getattr(line.value, name) for name in ValuePoint.__struct_fields__))


def _counts(findings: Iterable[Finding]) -> SeverityCounts:
    return SeverityCounts(**Counter("waived" if f.waived else f.severity for f in findings))


def _money(buckets: Buckets) -> Buckets:
    """Return amounts as what is kept of an earlier measurement has them: 0.0, never 0."""
    return Buckets(*(float(buckets.of(reach)) for reach in REACHES))


def _unread(findings: Sequence[Finding]) -> tuple[Unread, ...]:
    """Return the first thing wrong in each file of which something could not be used."""
    found: dict[str, Unread] = {}
    for f in findings:
        if f.severity == "error" and f.rule.startswith(("YML-", "MOD-", "RUL-")):
            path = f.path.encode("utf-8", "backslashreplace").decode()  # a name that is no UTF-8
            found.setdefault(path, Unread(path, f.line, f.column, f"{f.rule}: {f.message}"))
    return tuple(found.values())
