"""The figures of one commit: a pure function of its files, the rules and the as-of date."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from itgov.files.cached_files import ParsedFiles
from itgov.files.commit_folders import CommitFolders
from itgov.files.link import link
from itgov.files.linked import Linked
from itgov.files.load import read_minutes
from itgov.insight.health import measure_health
from itgov.insight.trend_points import Counts, Figures, Money, UnitPoint, Unread
from itgov.insight.trend_replay import Replay
from itgov.insight.value import measure_value
from itgov.insight.valuetypes import Buckets, Line
from itgov.model.facts import REACHES
from itgov.model.finding import Finding
from itgov.model.portfolio import Portfolio
from itgov.rules.book import RuleBook, load_rules

_MOST_UNREAD = 20


class FigureMaker:
    """Makes the figures of many commits, reading each file and compiling each rule once.

    Without a `book`, each commit is judged by its own rules.
    """

    def __init__(self, book: RuleBook | None, files: ParsedFiles) -> None:
        self.files = files
        self._replay = Replay(book) if book is not None else None
        self._replays: dict[tuple[str, ...], Replay] = {}

    def figures(
        self,
        site: CommitFolders,
        day: datetime.date,
        tell: Callable[[Portfolio], None] | None = None,
    ) -> Figures:
        """Return the figures of a commit's files as of a day.

        `tell` fills in what git knew of the portfolio at that commit, where a rule asks for it.
        """
        snapshot = site.snapshot
        listing = snapshot.listing(site.portfolios)
        if not listing:
            return Figures("no portfolio")
        read = [
            self.files.read(path, blob, partial(snapshot.read, path, blob))
            for path, blob in listing
        ]
        minutes = [read_minutes(raw) for raw in snapshot.files(site.reviews)]
        linked = link(read, day, minutes)
        if tell is not None:
            tell(linked.portfolio)
        replay = self._rules(site)
        unread = _unread(linked.findings)
        value = measure_value(linked)
        lines = {line.id: line for line in value.units}
        if replay.book.broken:
            unread = (*_unread(replay.book.problems), *unread)
            findings, units = Counts(), _unjudged(linked, lines)
        else:
            findings, units = _judged(linked, replay, lines)
        return Figures(
            state="rules broken" if replay.book.broken else "partly read" if unread else "whole",
            unread=unread[:_MOST_UNREAD],
            findings=findings,
            budget=_money(value.total.budget),
            actual=_money(value.total.actual),
            investments=value.total.items,
            files=len(listing),
            units=units,
            organisation=value.organisation,
            currency=value.currency or "",
        )

    def _rules(self, site: CommitFolders) -> Replay:
        if self._replay is not None:
            return self._replay
        key = tuple(f"{f} {site.snapshot.identity(f)}" for f in site.rules)
        found = self._replays.get(key)
        if found is None:
            found = self._replays[key] = Replay(load_rules(site.snapshot, site.rules))
        return found


def _judged(
    linked: Linked, replay: Replay, lines: dict[str, Line]
) -> tuple[Counts, tuple[UnitPoint, ...]]:
    judged = replay.judge(linked)
    by_unit: dict[str | None, list[Finding]] = {}
    for finding in judged.findings:
        by_unit.setdefault(finding.business_unit, []).append(finding)
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
        )
        for health in measure_health(linked, judged, replay.book).units
    ]
    return _counts(judged.findings), tuple(units)


def _unjudged(linked: Linked, lines: dict[str, Line]) -> tuple[UnitPoint, ...]:
    return tuple(
        UnitPoint(
            id=unit.record.id,
            name=unit.record.name or unit.record.id,
            score=None,
            band="not judged",
            coverage=0.0,
            capped_by=None,
            findings=Counts(),
            budget=_money(lines[unit.record.id].budget),
            actual=_money(lines[unit.record.id].actual),
        )
        for unit in linked.portfolio.units.values()
    )


def _counts(findings: Iterable[Finding]) -> Counts:
    return Counts(**Counter("waived" if f.waived else f.severity for f in findings))


def _money(buckets: Buckets) -> Money:
    return Money(**{reach: float(buckets.of(reach)) for reach in REACHES})


def _unread(findings: Sequence[Finding]) -> tuple[Unread, ...]:
    """Return the first thing wrong in each file of which something could not be used."""
    found: dict[str, Unread] = {}
    for f in findings:
        if f.severity == "error" and f.rule.startswith(("YML-", "MOD-", "RUL-")):
            path = f.path.encode("utf-8", "backslashreplace").decode()  # a name that is no UTF-8
            found.setdefault(path, Unread(path, f.line, f.column, f"{f.rule}: {f.message}"))
    return tuple(found.values())
