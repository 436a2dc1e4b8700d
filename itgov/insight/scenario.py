"""Weigh: what would follow from scenarios, beside today.

A scenario is laid over the records in memory; all that follows is linked, judged and measured by the
same functions as today.  No file is changed.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, structs

from itgov.files.linked import Linked
from itgov.insight.flow import ApartJudge
from itgov.insight.governed import Governed
from itgov.insight.health import measure_health
from itgov.insight.scenario_changes import Calendar, Laid, lay
from itgov.insight.scenario_notes import notes_on
from itgov.insight.scenario_types import (
    ChangeLine,
    Dependencies,
    Dependency,
    FindingsThen,
    LoadThen,
    Orphaned,
    Requirement,
    UnitThen,
    Weighed,
    WhatIf,
    YearMoney,
    YearValue,
)
from itgov.model.dependencies import dependants
from itgov.model.errors import ItgovError
from itgov.model.finding import Finding
from itgov.model.fiscal import first_day, last_day
from itgov.model.plan import PARTS, outcome_money, parts_of
from itgov.model.portfolio import InvestmentEntry, OutcomeEntry, Portfolio, ScenarioEntry
from itgov.model.replaced import replaced
from itgov.model.scenario import Change, contradiction, impossible, unfit
from itgov.model.scenario_words import change_words
from itgov.rules.catalogue import RuleBook


class CannotWeigh(ItgovError):
    """A scenario that cannot be laid over the portfolio as it is today; `reason` has no path."""

    def __init__(self, entry: ScenarioEntry, reason: str) -> None:
        super().__init__(f"{entry.source.path}: `{entry.record.id}` cannot be weighed: {reason}")
        self.reason = reason
        self.path = entry.source.path


def calendar_of(portfolio: Portfolio) -> Calendar:
    """Return the as-of date of a portfolio with its fiscal year."""
    return Calendar(portfolio.today, portfolio.organisation.record.fiscal_year_start)


def weigh(
    linked: Linked,
    book: RuleBook,
    scenarios: Sequence[ScenarioEntry],
    judge: ApartJudge | None = None,
) -> WhatIf:
    """Return what would follow from each of some scenarios; `judge` is one to be used again.

    Raises `CannotWeigh` where one changes what is not there, or what cannot be changed so.
    """
    portfolio = linked.portfolio
    when = calendar_of(portfolio)
    organisation = portfolio.organisation.record
    return WhatIf(
        as_of=portfolio.today,
        organisation=organisation.name or organisation.id,
        currency=organisation.currency,
        fiscal_year=when.year,
        horizon=datetime.date.fromordinal(when.horizon),
        scenarios=tuple(w.weighed for w in weighings(linked, book, scenarios, judge)),
    )


def cannot_weigh(linked: Linked, entry: ScenarioEntry) -> CannotWeigh | None:
    """Return why a scenario cannot be weighed as the portfolio is today, or None."""
    if (wrong := broken_file(linked, entry)) is not None:
        return CannotWeigh(entry, wrong)
    try:
        lay_all(linked.portfolio, entry, calendar_of(linked.portfolio))
    except CannotWeigh as cannot:
        return cannot
    return None


class Weighing(Struct):
    """A scenario weighed, and what that was made of."""

    weighed: Weighed
    laid: dict[str, Laid]
    """The records that it changes, by id."""
    now: MeasuredVersion
    then: MeasuredVersion
    """Both judged on the units that differ alone."""


def weighings(
    linked: Linked,
    book: RuleBook,
    scenarios: Sequence[ScenarioEntry],
    judge: ApartJudge | None = None,
) -> list[Weighing]:
    """Weigh some scenarios as `weigh` does, and keep what each figure was made of."""
    portfolio = linked.portfolio
    when = calendar_of(portfolio)
    for entry in scenarios:
        if (wrong := broken_file(linked, entry)) is not None:
            raise CannotWeigh(entry, wrong)
    laid = [lay_all(portfolio, entry, when) for entry in scenarios]
    versions = [linked, *(_with(linked, each) for each in laid)]
    governed, units = (judge or ApartJudge()).judge(versions, book)
    now = MeasuredVersion(governed[0], units)
    found = []
    for entry, changed, later in zip(scenarios, laid, governed[1:], strict=True):
        then = MeasuredVersion(later, units)
        found.append(Weighing(_weighed(entry, changed, now, then, when), changed, now, then))
    return found


def broken_file(linked: Linked, entry: ScenarioEntry) -> str | None:
    """Return why a scenario as its file has it cannot be weighed: the file was read only in part."""
    path = entry.source.path
    found = [f for f in linked.findings if f.path == path]
    if not found or all(e.record is not entry.record for e in linked.portfolio.scenarios):
        return None
    more = f"; and {len(found) - 1:,} more" if len(found) > 1 else ""
    return f"{found[0].message}{more}"


def lay_all(portfolio: Portfolio, entry: ScenarioEntry, when: Calendar) -> dict[str, Laid]:
    """Return the records that a scenario changes, by id.

    Raises `CannotWeigh` where one is not there, or cannot be changed so.
    """
    by_item: dict[str, list[Change]] = {}
    wrong: list[str] = []
    for change in entry.record.changes:
        if (what := unfit(change)) is not None:
            wrong.append(what[0])
            continue
        by_item.setdefault(change.investment, []).append(change)
    known = {e.record.id: e.record for e in portfolio.investments() if e.record.id in by_item}
    for name, changes in by_item.items():
        record = known.get(name)
        if record is None:
            wrong.append(f"there is no investment `{name}`")
            continue
        found = [contradiction(changes), *(impossible(record, c, when.year) for c in changes)]
        wrong += [each for each in found if each is not None]
    if wrong:
        raise CannotWeigh(entry, "; ".join(wrong))
    return {name: lay(known[name], changes, when) for name, changes in by_item.items()}


def _with(linked: Linked, laid: dict[str, Laid]) -> Linked:
    records = {name: each.record for name, each in laid.items()}
    return structs.replace(linked, portfolio=replaced(linked.portfolio, records))


class MeasuredVersion:
    """A version of the portfolio, and what is asked of it more than once."""

    def __init__(self, governed: Governed, units: frozenset[str]) -> None:
        self.governed = governed
        self.linked: Linked = governed.linked
        self.portfolio = governed.linked.portfolio
        self.report = measure_health(governed.linked, governed.judged, governed.book, units)
        self.health = {u.id: u for u in self.report.units}
        self.items = {e.record.id: e for e in self.portfolio.investments()}
        self.findings: dict[str, Finding] = {
            f.fingerprint: f for f in governed.judged.findings if not f.waived
        }


def _weighed(
    entry: ScenarioEntry,
    laid: dict[str, Laid],
    now: MeasuredVersion,
    then: MeasuredVersion,
    when: Calendar,
) -> Weighed:
    record = entry.record
    value, moved = value_by_year(now.items, laid, when)
    stopped = [c.investment for c in record.changes if c.kind == "stop"]
    fixed = now.findings.keys() - then.findings.keys()
    new = [f for key, f in then.findings.items() if key not in now.findings]
    requirements = [
        Requirement(i, law) for i in stopped if (law := now.items[i].record.required_by)
    ]
    return Weighed(
        id=record.id,
        title=record.title,
        path=entry.source.path,
        changes=tuple(_line(change, now, when) for change in record.changes),
        money=money_by_year(laid),
        money_moved=sum(moved_of(each.freed) for each in laid.values()) / PARTS,
        value=value,
        value_moved=moved,
        value_undated=_undated(stopped, now),
        orphaned=_orphaned(stopped, now, then),
        dependants=tuple(_dependants(record.changes, now.items)),
        required=tuple(r.investment for r in requirements),
        requirements=tuple(requirements),
        managers=tuple(_loads(now, then)),
        health=tuple(_health(now, then)),
        findings=FindingsThen(fixed=len(fixed), new=len(new)),
        new_findings=tuple(new),
        notes=tuple(notes_on(record.changes, now.items, when)),
    )


def _line(change: Change, now: MeasuredVersion, when: Calendar) -> ChangeLine:
    record, says = now.items[change.investment].record, change_words(change, now.portfolio)
    freed = lay(record, [change], when).freed.values()
    moved = min(sum(f for f in freed if f > 0), -sum(f for f in freed if f < 0))
    return ChangeLine(change, record.id, record.title, says, sum(freed) / PARTS, moved / PARTS)


def money_by_year(laid: Mapping[str, Laid]) -> tuple[YearMoney, ...]:
    """Return money freed and added by fiscal year."""
    years: dict[int, list[int]] = {}
    for one in laid.values():
        for year, amount in one.freed.items():
            sums = years.setdefault(year, [0, 0])
            sums[amount < 0] += abs(amount)
    return tuple(
        YearMoney(y, freed / PARTS, added / PARTS) for y, (freed, added) in sorted(years.items())
    )


def value_by_year(
    items: Mapping[str, InvestmentEntry], laid: Mapping[str, Laid], when: Calendar
) -> tuple[tuple[YearValue, ...], float]:
    """Return planned value lost and gained by fiscal year, and how much of it only comes later."""
    years = {year: [0, 0] for year in range(when.year, when.year + 4)}
    moved = 0
    for _outcome, by_year in value_differences(items, laid, when):
        for year, difference in by_year.items():
            years[year][difference > 0] += abs(difference)
        moved += moved_of(by_year)
    found = (YearValue(y, lost / PARTS, gained / PARTS) for y, (lost, gained) in years.items())
    return tuple(y for y in found if y.lost or y.gained), moved / PARTS


def value_differences(
    items: Mapping[str, InvestmentEntry], laid: Mapping[str, Laid], when: Calendar
) -> Iterator[tuple[OutcomeEntry, dict[int, int]]]:
    """Yield each outcome of what is changed, and its planned millionths less today's by fiscal year."""
    tomorrow = when.today.toordinal() + 1
    for name, each in laid.items():
        changed = {outcome.id: outcome for outcome in each.record.outcomes}
        for old in items[name].outcomes:
            if each.record.stage == "stopped" and items[name].record.stage == "proposed":
                continue  # what was only proposed promised nothing, and still does
            new = changed[old.record.id]
            plan = outcome_money(new, each.record, when.today, when.start_month, ())
            by_year = {}
            for year in range(when.year, when.year + 4):
                days = max(first_day(year, when.start_month), tomorrow), last_day(year, when.start_month)  # fmt: skip
                by_year[year] = plan.planned_parts(*days) - old.money.planned_parts(*days)
            yield old, by_year


def moved_of(by_year: Mapping[int, int]) -> int:
    """Return what one thing loses in some years and gains in others."""
    lost, gained = (sum(max(s * d, 0) for d in by_year.values()) for s in (-1, 1))
    return min(lost, gained)


def _undated(stopped: Iterable[str], now: MeasuredVersion) -> float:
    outcomes = [o for i in stopped for o in now.items[i].outcomes]
    return sum(o.money.yearly for o in outcomes if o.money.undated) / PARTS


def _orphaned(stopped: Sequence[str], now: MeasuredVersion, then: MeasuredVersion) -> Orphaned:
    outcomes = [f"{i}/{o.record.id}" for i in stopped for o in now.items[i].outcomes]
    before, after = _objectives(now), _objectives(then)
    return Orphaned(tuple(outcomes), tuple(sorted(before - after)))


def _objectives(version: MeasuredVersion) -> set[str]:
    """Return the objectives that something active is for."""
    return {
        f"{unit.record.id}/{e.record.objective}"
        for unit in version.portfolio.units.values()
        for e in unit.investments
        if e.facts.is_active and e.record.objective is not None
    }


def _dependants(changes: Sequence[Change], items: Mapping[str, InvestmentEntry]) -> list[str]:
    """Return what depends on something that is stopped while it goes on itself."""
    ends = {c.investment: c.on for c in changes if c.kind == "stop" and c.on is not None}
    found: set[str] = set()
    for name, day in ends.items():
        found |= {
            other
            for other in dependants(items, [name])
            if ends.get(other) is None or ends[other] > day
        }
    return sorted(found)


def _loads(now: MeasuredVersion, then: MeasuredVersion) -> Iterable[LoadThen]:
    before, after = _carried(now.portfolio), _carried(then.portfolio)
    for person in sorted({*before, *after}):
        (items, spend), (items_then, spend_then) = (
            before.get(person, (0, 0)),
            after.get(person, (0, 0)),
        )
        if (items, spend) != (items_then, spend_then):
            entry = now.portfolio.people.get(person)
            name = entry.name if entry is not None else person
            yield LoadThen(person, name, items, items_then, spend / PARTS, spend_then / PARTS)


def _carried(portfolio: Portfolio) -> dict[str, tuple[int, int]]:
    """Return how many active items each relationship manager carries, and their spend in millionths."""
    found: dict[str, tuple[int, int]] = {}
    for person, entry in carried(portfolio):
        items, spend = found.get(person, (0, 0))
        found[person] = items + 1, spend + parts_of(entry.facts.spend_total)
    return found


def carried(portfolio: Portfolio) -> Iterator[tuple[str, InvestmentEntry]]:
    """Yield each active item that falls to a relationship manager, and to whom."""
    for entry in portfolio.investments():
        person = entry.facts.managed_by
        if entry.facts.is_active and person is not None:
            yield person, entry


def _health(now: MeasuredVersion, then: MeasuredVersion) -> Iterable[UnitThen]:
    for identifier, before in now.health.items():
        after = then.health[identifier]
        if (before.score, before.band) != (after.score, after.band):
            yield UnitThen(
                identifier, before.name, before.score, after.score, before.band, after.band
            )


def dependencies_of(portfolio: Portfolio) -> Dependencies:
    """Return what depends on what, in the order of the files."""
    items = {e.record.id: e for e in portfolio.investments()}
    organisation = portfolio.organisation.record
    found = []
    for name, entry in items.items():
        circle = entry.facts.dependency_circle
        for needed in dict.fromkeys(entry.record.depends_on):
            other = items.get(needed)
            title = other.record.title if other is not None else ""
            found.append(Dependency(name, entry.record.title, needed, title, needed in circle))
    return Dependencies(portfolio.today, organisation.name or organisation.id, tuple(found))
