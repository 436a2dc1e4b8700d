"""What could be stopped to free an amount in one fiscal year, the least value lost for it first."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from msgspec import structs

from itgov.insight.scenario import calendar_of
from itgov.insight.scenario_changes import Calendar, freed_by_stopping
from itgov.insight.scenario_types import Candidate, FreeMoney
from itgov.model.dependencies import dependants
from itgov.model.errors import ItgovError
from itgov.model.fiscal import first_day
from itgov.model.plan import PARTS, parts_of
from itgov.model.portfolio import InvestmentEntry, Portfolio


class NothingToFree(ItgovError):
    """A year in which nothing can be freed any more, or not yet known."""


def free_money(portfolio: Portfolio, amount: float, year: int) -> FreeMoney:
    """Rank what would free money in a fiscal year by the planned value lost for each 1 freed.

    Everything would be stopped on the year's first day, or tomorrow where that is over.  Value counts
    up to the end of the third fiscal year after the current one.  What a law or contract requires, what
    something active depends on, and what promises no money on a known day are apart and not ranked.
    Raises `NothingToFree` for a year that is over, or after the last one that value counts to.
    """
    when = calendar_of(portfolio)
    if not when.year <= year <= when.year + 3:
        raise NothingToFree(
            f"fiscal year {year} is not one of {when.year} to {when.year + 3}: money can be freed in the "
            "current fiscal year and the three after it"
        )
    tomorrow = portfolio.today + datetime.timedelta(days=1)
    on = max(datetime.date.fromordinal(first_day(year, when.start_month)), tomorrow)
    ranked, apart, without = [], [], 0
    entries = {e.record.id: e for e in portfolio.investments()}
    for unit in portfolio.units.values():
        for entry in unit.investments:
            if not entry.facts.is_active:
                continue
            freed = sum(
                freed_by_stopping(row, on, when) for row in entry.record.spend if row.year == year
            )
            if freed <= 0:
                without += not any(row.year == year for row in entry.record.spend)
                continue
            lost = _lost(entry, on, when)
            record = entry.record
            candidate = Candidate(
                record.id, record.title, unit.record.id, freed / PARTS,
                None if lost is None else lost / PARTS,
            )  # fmt: skip
            why = _why_apart(entries, entry, lost, when.horizon)
            if why:
                apart.append(structs.replace(candidate, why=why))
            else:
                ranked.append(candidate)
    ranked.sort(key=lambda c: ((c.lost or 0) / c.freed, -c.freed, c.investment))
    running, enough, listed = 0, None, []
    for number, candidate in enumerate(ranked, 1):
        running += parts_of(candidate.freed)
        listed.append(structs.replace(candidate, running=running / PARTS))
        if enough is None and running >= parts_of(amount):
            enough = number
    organisation = portfolio.organisation.record
    return FreeMoney(
        as_of=portfolio.today,
        organisation=organisation.name or organisation.id,
        currency=organisation.currency,
        year=year,
        on=on,
        amount=amount,
        horizon=datetime.date.fromordinal(when.horizon),
        ranked=tuple(listed),
        enough=enough,
        without_spend=without,
        apart=tuple(sorted(apart, key=lambda c: (-c.freed, c.investment))),
    )


def _lost(entry: InvestmentEntry, on: datetime.date, when: Calendar) -> int | None:
    """Return the millionths of planned value that stopping on a day loses; None: not known."""
    money = [o.money for o in entry.outcomes]
    if not any(m.plan is not None for m in money) or any(m.undated for m in money):
        return None
    return sum(m.planned_parts(on.toordinal(), when.horizon) for m in money)


def _why_apart(
    entries: Mapping[str, InvestmentEntry],
    entry: InvestmentEntry,
    lost: int | None,
    horizon: int,
) -> str:
    record = entry.record
    if record.required_by:
        return f"required by {record.required_by}"
    if needing := dependants(entries, [record.id]):
        return f"needed by {', '.join(needing)}"
    if record.stage == "proposed":
        return "only proposed: nothing is committed"
    if lost is None:
        promises = any(o.money.promises for o in entry.outcomes)
        return "its value has no day" if promises else "it promises no money"
    if lost < 0:
        return "its planned value is negative"
    later = any(o.money.plan is not None and o.money.plan.first > horizon for o in entry.outcomes)
    return "its value begins after the last day that counts" if later else ""
