"""The changes of a scenario laid over the records that they change, and the money that they move.

Everything here is a pure function of records.  Amounts are whole millionths of the currency.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterable, Sequence

from msgspec import Struct, structs

from itgov.model.fiscal import first_day, fiscal_year_of, last_day
from itgov.model.plan import PARTS, begins_of, parts_of
from itgov.model.scenario import CHANGE_FIELDS, Change
from itgov.model.types import Investment, Outcome, Spend, YearValue

Date = datetime.date
ORDER = ("approve", "spend", "delay", "assign", "stop")
"""In which the changes of one item are made: what is stopped frees what it has then."""


class Laid(Struct):
    """A record as a scenario has it, and the millionths it frees (negative: adds) by fiscal year."""

    record: Investment
    freed: dict[int, int]


class Calendar(Struct, frozen=True):
    """The as-of date and the month in which the fiscal year begins."""

    today: Date
    start_month: int

    @property
    def year(self) -> int:
        """The fiscal year of the as-of date."""
        return fiscal_year_of(self.today, self.start_month)

    @property
    def horizon(self) -> int:
        """The last day, as an ordinal, of the third fiscal year after this one."""
        return last_day(self.year + 3, self.start_month)


def lay(record: Investment, changes: Iterable[Change], when: Calendar) -> Laid:
    """Return a record with changes made to it that `refusal` does not refuse.

    Freed is what is committed before and not after, of this fiscal year and later ones.
    """
    after = record
    for change in sorted(changes, key=lambda c: ORDER.index(c.kind)):
        after = _changed(after, change, when)
    before, then = committed(record, when), committed(after, when)
    if record.stage == "proposed" and after.stage == "stopped":
        then = {}
    years = sorted(before.keys() | then.keys())
    apart = {year: before.get(year, 0) - then.get(year, 0) for year in years}
    return Laid(after, {year: amount for year, amount in apart.items() if amount})


def committed(record: Investment, when: Calendar) -> dict[int, int]:
    """Return the millionths that each fiscal year from this one on costs; a proposal commits nothing.

    A year costs its forecast, else its budget, and never less than what is spent already.
    """
    found: dict[int, int] = {}
    if record.stage != "proposed":
        for row in record.spend:
            if row.year >= when.year:
                cost = max(expected(row), parts_of(row.actual or 0))
                found[row.year] = found.get(row.year, 0) + cost
    return found


def expected(row: Spend) -> int:
    """Return the millionths that a year is expected to cost: its forecast, else its budget."""
    amount = row.forecast if row.forecast is not None else row.budget
    return parts_of(amount or 0)


def freed_by_stopping(row: Spend, on: Date, when: Calendar) -> int:
    """Return the millionths of a year that stopping on a day frees.

    The forecast, else the budget, by the days of the fiscal year from that day on, never more than is
    not spent yet; nothing of years that are over.
    """
    return _after_day(expected(row), row, on, when)


def _after_day(amount: int, row: Spend, on: Date, when: Calendar) -> int:
    """Return what of an amount of a row's year falls on the days from one on and is not spent yet."""
    begins, ends = first_day(row.year, when.start_month), last_day(row.year, when.start_month)
    if row.year < when.year or on.toordinal() > ends:
        return 0
    left = ends - max(on.toordinal(), begins) + 1
    return min(amount * left // (ends - begins + 1), _left_of(amount, row))


def _left_of(amount: int, row: Spend) -> int:
    """Return what of an amount of a row's year is not spent yet."""
    return max(amount - parts_of(row.actual or 0), 0)


def _unspent(row: Spend) -> int:
    return _left_of(expected(row), row)


def _changed(record: Investment, change: Change, when: Calendar) -> Investment:
    match change.kind:
        case "stop":
            assert change.on is not None
            if record.stage == "proposed":
                return _rejected(record, change.on, when)
            rows = [_stopped(row, change.on, when) for row in record.spend]
            # from that day on nothing is spent and nothing is planned: it ends with the day before
            ended = Date.fromordinal(max(change.on.toordinal() - 1, 1))
            return structs.replace(record, stage="stopped", ended=ended, spend=rows)
        case "delay":
            assert change.months is not None
            return _delayed(record, change.months, when)
        case "approve":
            return structs.replace(record, stage="approved")
        case "spend":
            return _with_budget(record, change)
        case "assign":
            names = {f: getattr(change, f) for f in CHANGE_FIELDS["assign"][1]}
            named = {f: person for f, person in names.items() if person is not None}
            return structs.replace(record, **named)


def _rejected(record: Investment, on: Date, when: Calendar) -> Investment:
    """Return a proposal that is stopped.  It never committed money nor promised value, so that nothing
    of it may count from today on, whatever the day of the stop."""
    rows = [
        row
        if row.year < when.year
        else structs.replace(
            row, budget=None if row.budget is None else row.actual or 0.0, forecast=None
        )
        for row in record.spend
    ]
    ended = min(Date.fromordinal(max(on.toordinal() - 1, 1)), when.today)
    return structs.replace(record, stage="stopped", ended=ended, spend=rows)


def _stopped(row: Spend, on: Date, when: Calendar) -> Spend:
    """Release what is freed: of the forecast, and of the budget, which nobody may spend any more."""
    freed, budget = freed_by_stopping(row, on, when), row.budget
    if budget is not None:
        whole = parts_of(budget)
        budget = (whole - _after_day(whole, row, on, when)) / PARTS
    if not freed:
        return structs.replace(row, budget=budget)
    return _with_amounts(row, budget, (expected(row) - freed) / PARTS)


def _with_amounts(row: Spend, budget: float | None, expects: float) -> Spend:
    """Return a year with another budget and another amount that it is expected to cost.

    That takes a forecast only where the year has one, or where the budget says something else.
    """
    same = row.forecast is None and budget == expects
    return structs.replace(row, budget=budget, forecast=None if same else expects)


def _with_budget(record: Investment, change: Change) -> Investment:
    """Give one year another budget; a year that has several rows, a mistake, has one then."""
    year = change.year
    assert year is not None
    same = [row for row in record.spend if row.year == year]
    spent = [row.actual for row in same if row.actual is not None]
    row = Spend(
        year=year,
        budget=change.budget,
        forecast=change.forecast,
        actual=sum(spent) if spent else None,
    )
    others = [each for each in record.spend if each.year != year]
    return structs.replace(record, spend=sorted([*others, row], key=lambda each: each.year))


# -- later ---------------------------------------------------------------------------------


def _delayed(record: Investment, months: int, when: Calendar) -> Investment:
    return structs.replace(
        record,
        start=later(record.start, months),
        end=later(record.end, months),
        outcomes=[_outcome_later(o, months, when.start_month) for o in record.outcomes],
        spend=_spend_later(record.spend, months, when),
    )


def _outcome_later(outcome: Outcome, months: int, start_month: int) -> Outcome:
    begins = begins_of(outcome, start_month) if outcome.profile else None
    return structs.replace(
        outcome,
        due=later(outcome.due, months),
        value_from=later(outcome.value_from, months),
        value_until=later(outcome.value_until, months),
        profile=_values_later(outcome.profile, months, begins, start_month),
        forecast=_values_later(outcome.forecast, months, None, start_month),
    )


def _spend_later(spend: Sequence[Spend], months: int, when: Calendar) -> list[Spend]:
    """Move what is not spent of this fiscal year and later ones; what is spent stays.

    The budget moves as what is expected does, so that no money stands in two years.
    """
    rows = [row for row in spend if row.year >= when.year]
    moved = years_later([(row.year, _unspent(row)) for row in rows], months)
    budgets = years_later([(row.year, _budget_left(row)) for row in rows], months)
    rows += [Spend(year=y) for y in {*moved, *budgets} - {row.year for row in rows}]
    found = [row for row in spend if row.year < when.year]
    for row in sorted(rows, key=lambda r: r.year):
        away, here = _unspent(row), moved.pop(row.year, 0)
        away_budget, here_budget = _budget_left(row), budgets.pop(row.year, 0)
        if (away, away_budget) == (here, here_budget):
            found.append(row)
            continue
        budget = row.budget
        if budget is not None or here_budget:
            budget = (parts_of(budget or 0) - away_budget + here_budget) / PARTS
        after = max(expected(row), parts_of(row.actual or 0)) - away + here
        found.append(_with_amounts(row, budget, after / PARTS))
    return found


def _budget_left(row: Spend) -> int:
    return _left_of(parts_of(row.budget or 0), row)


def _values_later(
    rows: Sequence[YearValue], months: int, begins: int | None, start_month: int
) -> list[YearValue]:
    """Return amounts by fiscal year later; the first year's from the day on which they begin."""
    amounts = [(row.year, parts_of(row.value)) for row in rows]
    first = fiscal_year_of(Date.fromordinal(begins), start_month) if begins is not None else None
    moved: dict[int, int] = {}
    if begins is not None and first is not None and begins > first_day(first, start_month):
        part = sum(amount for year, amount in amounts if year == first)
        amounts = [(year, amount) for year, amount in amounts if year != first]
        moved = _part_later(part, begins, last_day(first, start_month), months, start_month)
    for year, amount in years_later(amounts, months).items():
        moved[year] = moved.get(year, 0) + amount
    return [YearValue(year=year, value=amount / PARTS) for year, amount in sorted(moved.items())]


def _part_later(
    amount: int, first: int, last: int, months: int, start_month: int
) -> dict[int, int]:
    """Return what was spread over the days of a part of a year, by fiscal year, months later."""
    begins, ends = (later(Date.fromordinal(day), months) for day in (first, last + 1))
    assert begins is not None
    assert ends is not None
    start, stop = begins.toordinal(), ends.toordinal() - 1
    year = fiscal_year_of(begins, start_month)
    here = min(last_day(year, start_month), stop) - start + 1
    over = amount - amount * here // (stop - start + 1)
    return {year: amount - over, **({year + 1: over} if over else {})}


def years_later(amounts: Iterable[tuple[int, int]], months: int) -> dict[int, int]:
    """Return amounts by fiscal year so many months later: a year's money is spread over its months."""
    years, rest = divmod(months, 12)
    found: dict[int, int] = {}
    for year, amount in amounts:
        over = amount * rest // 12
        for later_year, part in ((year + years, amount - over), (year + years + 1, over)):
            if part:
                found[later_year] = found.get(later_year, 0) + part
    return found


def later(day: Date | None, months: int) -> Date | None:
    """Return the same day so many months later, or the last day of a shorter month."""
    if day is None:
        return None
    years, month = divmod(day.month - 1 + months, 12)
    year = min(day.year + years, datetime.MAXYEAR)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(day.day, last))
