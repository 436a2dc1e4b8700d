"""A later table over an earlier one: what it may change, and what is not in it any more."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from itgov.files.edit import Change, Set
from itgov.importing.draft import RECORDED, Import, ReportedRow
from itgov.importing.edits import Edits
from itgov.importing.existing import Known
from itgov.importing.merge import INVESTMENT
from itgov.importing.report import GoneInvestment
from itgov.importing.trouble import refuse
from itgov.model.stages import OVER, Over, ended_after
from itgov.model.text import plural
from itgov.model.types import GONE, SEEN

WhenGone = Literal["keep", Over]
"""What becomes of the stage of an investment that is not in the tables any more."""


class Later(Struct, frozen=True):
    """What a later table may do to what an earlier one brought."""

    gone: WhenGone = "keep"
    is_whole: bool = False
    """Whether the tables are all of their register: what is in none of them is gone, also of units
    that they do not speak of."""
    moves: bool = False
    """Whether what the tables have under another unit is moved to that unit's file."""


class Reports:
    """The reports that tables are: on which days they speak of which units.

    A file is one report, as of its latest day; where it has an investment on several days, it holds the
    reports of these days.  What was imported before speaks for the reports of its days.
    """

    def __init__(
        self, imports: list[Import], before: Iterable[Known], mapping: str, is_whole: bool
    ) -> None:
        self.is_whole = is_whole
        self._histories = {
            path
            for i in imports
            for path in {row.path for row in i.reports}
            if len({row.day for row in i.reports if row.path == path}) > 1
        }
        self._last: dict[str, datetime.date] = {}
        for row in (row for i in imports for row in i.reports):
            self._last[row.path] = max(row.day, self._last.get(row.path, row.day))
        self._days: dict[str, set[datetime.date]] = {}
        for row in (row for i in imports for row in i.reports):
            self._days.setdefault(row.unit, set()).add(self._day_of(row))
        self._own = {unit: frozenset(days) for unit, days in self._days.items()}
        for known in before:
            if known.seen is not None and known.imported.get("from") == mapping:
                self._days.setdefault(known.file.unit or "", set()).add(known.seen)
        self._all = {day for days in self._days.values() for day in days}

    def _day_of(self, row: ReportedRow) -> datetime.date:
        return row.day if row.path in self._histories else self._last[row.path]

    def seen(self, found: Import) -> datetime.date | None:
        """Return the day of the latest report that an investment is in."""
        return max(map(self._day_of, found.reports), default=None)

    def is_after(self, found: Import, other: Import) -> bool:
        """Say whether an investment is in reports only that are later than all that another is in."""
        first = min(map(self._day_of, found.reports), default=None)
        last = self.seen(other)
        return first is not None and last is not None and first > last

    def speak_of(self, unit: str | None) -> bool:
        """Say whether a unit's investments would be in the tables if they were still there."""
        return self.is_whole or unit in self._own

    def missing_since(self, unit: str | None, seen: datetime.date | None) -> datetime.date | None:
        """Return the day of the first report after `seen` that an investment is not in."""
        return min(
            (day for day in self.days_of(unit or "") if seen is None or day > seen), default=None
        )

    def days_of(self, unit: str) -> set[datetime.date]:
        """Return the days of the reports that speak of a unit."""
        return self._all if self.is_whole else self._days.get(unit, set())

    def is_of_day(self, unit: str, day: datetime.date | None) -> bool:
        """Say whether a table that speaks of a unit is of a day."""
        days = self._own.values() if self.is_whole else [self._own.get(unit, frozenset())]
        return any(day in own for own in days)

    def mark(
        self, found: Import, known: Known | None, when_gone: WhenGone
    ) -> GoneInvestment | None:
        """Note with an investment of the tables since when it is not in them any more."""
        days = (self.seen(found), known.seen if known is not None else None)
        found.seen = max((d for d in days if d is not None), default=None)
        marker = found.record.custom[RECORDED]
        if found.seen is not None and found.as_of is not None and found.seen > found.as_of:
            marker[SEEN] = found.seen
        found.gone = self.missing_since(found.unit, found.seen)
        if found.gone is None:
            return None
        record = found.record
        marker[GONE] = found.gone
        if when_gone != "keep" and record.stage not in OVER:
            ended = ended_after(record.stage, when_gone, record.ended, found.gone)
            found.record = replace(record, stage=when_gone, ended=ended)
            found.stated |= {"stage", "ended"}
        is_new = known is None or known.gone != found.gone
        spend = sum(row.weight for row in record.spend)
        return GoneInvestment(record.id, found.unit, found.gone, spend, is_new)


def mark_gone(edits: Edits, reports: Reports, mapping: str, when_gone: WhenGone) -> None:
    """Mark what an earlier import brought and the tables do not have any more."""
    report = edits.report
    for known in edits.existing.known_of(mapping):
        if edits.is_matched(known):
            continue
        unit = known.file.unit or ""
        if not reports.speak_of(unit):
            report.not_judged[unit] = report.not_judged.get(unit, 0) + 1
            continue
        since = reports.missing_since(unit, known.seen)
        if since is None:
            if known.gone is None and reports.is_of_day(unit, known.seen):
                report.missing_same_day.append(known.id)
            continue
        since = min(since, known.gone or since)
        report.gone.append(GoneInvestment(known.id, unit, since, known.spend, since != known.gone))
        changes = list(_changes(known, since, when_gone))
        if changes:
            edits.change(known, changes)


def _changes(known: Known, since: datetime.date, when_gone: WhenGone) -> Iterator[Change]:
    route = ("investments", known.index)
    if known.gone != since:
        yield Set((*route, "custom", RECORDED, GONE), since)
    stage, ended = known.record.get("stage"), known.record.get("ended")
    if when_gone != "keep" and stage not in OVER:
        yield Set((*route, "stage"), when_gone, INVESTMENT)
        after = ended_after(stage, when_gone, ended, since)
        if after != ended:
            yield Set((*route, "ended"), after, INVESTMENT)


def check_day(found: list[tuple[Import, Known | None]]) -> None:
    """Refuse tables whose day is only assumed over values whose day was stated."""
    stated = [
        k.as_of
        for i, k in found
        if i.is_assumed and k is not None and k.as_of is not None and not k.is_assumed
    ]
    if stated:
        count = plural(len(stated), "investment")
        raise refuse(
            f"nothing says of which day these tables are, and {count} would be changed whose values are "
            f"of {max(stated)}",
            fix="Say their day, as in `--as-of 2026-12-31`, or go on with `--anyway`.",
        )
