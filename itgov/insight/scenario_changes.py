"""The changes of a scenario laid over the records that they change, and the money that they move.

Everything here is a pure function of records.  Amounts are whole millionths of the currency.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterable, Sequence

from msgspec import Struct, structs

from itgov.model.fiscal import first_day, fiscal_year_of, last_day
from itgov.model.plan import PARTS, parts_of
from itgov.model.scenario import CHANGE_FIELDS, Change
from itgov.model.types import Investment, Outcome, Spend, YearValue

Date = datetime.date
ORDER = ("spend", "delay", "approve", "assign", "stop")
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


def refusal(record: Investment, changes: Sequence[Change]) -> str | None:
    """Return why changes cannot be made to one item, or None."""
    kinds = [c.kind for c in changes]
    for kind in dict.fromkeys(kinds):
        same = [c for c in changes if c.kind == kind]
        slots: list[object] = [c.year if kind == "spend" else None for c in same]
        if kind == "assign":
            slots = [f for c in same for f in CHANGE_FIELDS[kind][1] if getattr(c, f) is not None]
        if len(set(slots)) < len(slots):
            return f"two changes say `{kind}`" + (" of the same year" if kind == "spend" else "")
    both = [kind for kind in ("delay", "approve") if kind in kinds and "stop" in kinds]
    if both:
        return f"one change says `stop`, another `{both[0]}`"
    if record.stage in ("stopped", "retired") and {"stop", "delay"} & {*kinds}:
        return f"it is {record.stage} already"
    if "approve" in kinds and record.stage != "proposed":
        stage = f"it is {record.stage}" if record.stage is not None else "its stage is not recorded"
        return f"{stage}, and only what is proposed can be approved"
    return None


def lay(record: Investment, changes: Iterable[Change], when: Calendar) -> Laid:
    """Return a record with changes made to it that `refusal` does not refuse."""
    laid = Laid(record, {})
    for change in sorted(changes, key=lambda c: ORDER.index(c.kind)):
        apply(laid, change, when)
    return laid


def apply(laid: Laid, change: Change, when: Calendar) -> None:
    """Make one change."""
    record = laid.record
    match change.kind:
        case "stop":
            assert change.on is not None
            _stop(laid, change.on, when)
        case "delay":
            assert change.months is not None
            _delay(laid, change.months, when)
        case "approve":
            laid.record = structs.replace(record, stage="approved")
            for row in record.spend:
                if row.year >= when.year:
                    _free(laid, row.year, -_unspent(row))
        case "spend":
            _spend(laid, change)
        case "assign":
            names = {f: getattr(change, f) for f in CHANGE_FIELDS["assign"][1]}
            named = {f: person for f, person in names.items() if person is not None}
            laid.record = structs.replace(record, **named)


def expected(row: Spend) -> int:
    """Return the millionths that a year is expected to cost: its forecast, else its budget."""
    amount = row.forecast if row.forecast is not None else row.budget
    return parts_of(amount or 0)


def freed_by_stopping(row: Spend, on: Date, when: Calendar) -> int:
    """Return the millionths of a year that stopping on a day frees.

    The forecast, else the budget, by the days of the fiscal year from that day on, never more than is
    not spent yet; nothing of years that are over.
    """
    begins, ends = first_day(row.year, when.start_month), last_day(row.year, when.start_month)
    if row.year < when.year or on.toordinal() > ends:
        return 0
    left = ends - max(on.toordinal(), begins) + 1
    return min(expected(row) * left // (ends - begins + 1), _unspent(row))


def _unspent(row: Spend) -> int:
    return max(expected(row) - parts_of(row.actual or 0), 0)


def _free(laid: Laid, year: int, amount: int) -> None:
    if amount:
        laid.freed[year] = laid.freed.get(year, 0) + amount


def _stop(laid: Laid, on: Date, when: Calendar) -> None:
    record, rows = laid.record, []
    for row in record.spend:
        freed = freed_by_stopping(row, on, when)
        _free(laid, row.year, freed)
        less = structs.replace(row, forecast=(expected(row) - freed) / PARTS)
        rows.append(less if freed else row)
    laid.record = structs.replace(record, stage="stopped", ended=on, spend=rows)


def _spend(laid: Laid, change: Change) -> None:
    """Give one year another budget; a year that has several rows, a mistake, has one then."""
    year = change.year
    assert year is not None
    same = [row for row in laid.record.spend if row.year == year]
    first = same[0] if same else Spend(year=year)
    after = structs.replace(first, budget=change.budget, forecast=change.forecast)
    _free(laid, year, sum(expected(row) for row in same) - expected(after))
    others = [row for row in laid.record.spend if row.year != year]
    laid.record = structs.replace(
        laid.record, spend=sorted([*others, after], key=lambda row: row.year)
    )


# -- later ---------------------------------------------------------------------------------


def _delay(laid: Laid, months: int, when: Calendar) -> None:
    record = laid.record
    laid.record = structs.replace(
        record,
        start=later(record.start, months),
        end=later(record.end, months),
        outcomes=[_outcome_later(o, months) for o in record.outcomes],
        spend=_spend_later(laid, months, when),
    )


def _outcome_later(outcome: Outcome, months: int) -> Outcome:
    return structs.replace(
        outcome,
        due=later(outcome.due, months),
        value_from=later(outcome.value_from, months),
        value_until=later(outcome.value_until, months),
        profile=_values_later(outcome.profile, months),
        forecast=_values_later(outcome.forecast, months),
    )


def _spend_later(laid: Laid, months: int, when: Calendar) -> list[Spend]:
    """Move what is not spent of this fiscal year and later ones; what is spent stays."""
    rows = [row for row in laid.record.spend if row.year >= when.year]
    moved = years_later([(row.year, _unspent(row)) for row in rows], months)
    rows += [Spend(year=year) for year in moved.keys() - {row.year for row in rows}]
    found = [row for row in laid.record.spend if row.year < when.year]
    for row in sorted(rows, key=lambda r: r.year):
        before = expected(row)
        after = before - _unspent(row) + moved.pop(row.year, 0)
        _free(laid, row.year, before - after)
        found.append(row if after == before else structs.replace(row, forecast=after / PARTS))
    return found


def _values_later(rows: Sequence[YearValue], months: int) -> list[YearValue]:
    moved = years_later([(row.year, parts_of(row.value)) for row in rows], months)
    return [YearValue(year=year, value=amount / PARTS) for year, amount in sorted(moved.items())]


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
