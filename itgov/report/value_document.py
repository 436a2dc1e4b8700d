"""`itgov value` laid out: what the text and the Markdown of the verb both say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import structs

from itgov.insight.value_types import MoneyLine, ValueFigures, ValueReport, Withheld
from itgov.model.reach import REACH_GROUPS, REACH_WORDS, REACHES
from itgov.report.approval_words import approval_of_all, approval_words
from itgov.report.blocks import (
    Block,
    Column,
    Entry,
    Heading,
    Legend,
    Lines,
    Listing,
    Para,
    Table,
    Title,
)
from itgov.report.figures import money, part, percent, short
from itgov.report.filter_words import filter_note
from itgov.report.imported_words import imported_words
from itgov.report.value_words import value_words
from itgov.report.words import plural

WHOLE_ITEMS = (
    "An item's money is divided equally among its outcomes. Whole items: the budget of those all of "
    "whose outcomes reach the step, or a further one."
)
SHARES = (
    "Budget and actual, the recorded spend, are of all years; shares are of the amount beside them."
)
Views = Sequence[tuple[str, Sequence[MoneyLine]]]


def value_document(report: ValueReport, views: Views) -> Iterator[Block]:
    """Lay a report out: the total, then a table for each view, then value and what has none."""
    words = "line of sight from spend to value"
    yield Title(words, report.organisation, report.as_of, amounts_in(report.currency))
    yield from filter_note(report.filtered)
    yield _total(report.total)
    yield Legend([WHOLE_ITEMS])
    yield Lines(_to_date(report))
    for name, view in views:
        if view:
            yield from _money_tables(name, view)
    if views:
        yield Legend([SHARES])
    yield Heading("Value")
    yield Lines(_value(report))
    for name, view in views:
        if any(line.value is not None and _has_money(line.value) for line in view):
            yield from _value_tables(name, view)
    if views:
        yield Legend([_DUE])
    yield Legend([f"Judged as of {report.as_of}, by the files as they are now."])
    if report.without:
        entries = [
            Entry(n.place, n.id, n.title, f"{money(n.budget)} budget, {money(n.actual)} actual")
            for n in report.without
        ]
        yield Listing("Spend without an outcome", entries)
    elif report.total.items:
        of = "" if report.filtered is None else " of these items"
        yield Para(f"Every amount of spend{of} has an outcome.")


def objectives_of(report: ValueReport) -> list[MoneyLine]:
    """Return the lines of objectives, each named with its unit: two units may say the same."""
    names = {line.id: line.name for line in report.units}
    return [
        structs.replace(line, name=f"{line.name} ({names.get(unit, unit)})")
        for line in report.objectives
        for unit in [line.id.partition("/")[0]]
    ]


_CAME = ("promised", "realised", "confirmed", "not measured", "of what is due", "holding")
_AHEAD = ("to come", "expected", "fading")


def _has_money(v: ValueFigures) -> bool:
    return bool(v.plans or v.realised_to_date or v.expected_to_come or v.expected_unplanned)


def _value_tables(name: str, view: Sequence[MoneyLine]) -> Iterator[Table]:
    """Yield the value up to the as-of date, and the value to come."""
    came, ahead = [], []
    for line in view:
        v = line.value
        if v is None:
            continue
        amounts = (
            v.planned_to_date,
            v.realised_to_date,
            v.realised_confirmed,
            v.unmeasured_to_date,
        )
        shares = (v.realised_ratio, v.holding)
        came.append([line.name, *map(money, amounts), *map(percent, shares)])
        amounts_ahead = (v.planned_to_come, v.expected_to_come, v.fading_to_come)
        ahead.append([line.name, *map(money, amounts_ahead)])
    yield Table(_columns(name, _CAME), came, ((3,), (4,), (6,)))
    yield Table(_columns(name, _AHEAD), ahead)


def amounts_in(currency: str | None) -> str:
    """Return what a document's amounts are in."""
    return f"Amounts in {short(currency, 120)}" if currency else ""


def _total(line: MoneyLine) -> Table:
    rows = []
    budget, actual = line.budget.total, line.actual.total
    for reach in REACHES:
        b, a, whole = line.budget.of(reach), line.actual.of(reach), line.budget_whole.of(reach)
        shares = part(b, budget), part(a, actual)
        row = [reach, REACH_WORDS[reach], money(b), shares[0], money(whole), money(a), shares[1]]
        rows.append(row)
    rows.append(["all", plural(line.items, "item"), money(budget), "", "", money(actual), ""])
    numbers = [Column(t, "number") for t in ("budget", "share", "whole items", "actual", "share")]
    columns = [Column("reach", "head"), Column("line of sight"), *numbers]
    return Table(columns, rows, ((6,), (3,)))


def _to_date(report: ValueReport) -> list[str]:
    line, total = report.to_date, report.total
    lines = []
    for word, buckets in (("Budget", line.budget), ("Recorded actual", line.actual)):
        whole = buckets.total
        lines.append(
            f"{word} to {report.fiscal_year}: {money(whole)}, "
            f"{part(buckets.none, whole)} with no outcome, {part(buckets.improved, whole)} improved"
        )
    if total.overdue.budget or total.overdue.actual:
        lines.append(overdue_words(total, report.grace_days))
    return [*lines, *withheld_words(total.withheld), *imported_words(total.imported)]


def overdue_words(line: MoneyLine, grace_days: int) -> str:
    """Return how much of a line's money has outcomes that are overdue."""
    return (
        f"Overdue, no result {grace_days:,} days after the due date: {money(line.overdue.budget)} of the "
        f"budget, {money(line.overdue.actual)} of the recorded actual"
    )


def withheld_words(hidden: Withheld) -> list[str]:
    """Return what is withheld of spend and outcomes, a sentence each."""
    lines = []
    if hidden.spend_items:
        lines.append(f"Spend withheld: {plural(hidden.spend_items, 'item')}, in no figure")
    if hidden.outcome_items:
        lines.append(
            f"Outcomes withheld: {plural(hidden.outcome_items, 'item')}, "
            f"{money(hidden.outcomes.budget)} of the budget, counted under outcome"
        )
    return lines


_DUE = (
    "Of what is due: the share realised of plans old enough to judge, each at most in full. Realised has "
    "what came before it was planned, too."
)
_NAME = 27
"""Columns of a name, so that the widest table has 100."""


def _columns(name: str, titles: Sequence[str]) -> list[Column]:
    return [Column(name, narrow=90, broken=_NAME), *(Column(title, "number") for title in titles)]


_BUDGET = ("budget", *(g.title.lower() for g in REACH_GROUPS))
_ACTUAL = ("items", "actual", "no outcome", "improved")


def _money_tables(name: str, view: Sequence[MoneyLine]) -> Iterator[Table]:
    """Yield the budget of lines by group of steps, and what was spent of it."""
    yield Table(_columns(name, _BUDGET), [[line.name, *budget_figures(line)] for line in view])
    yield Table(_columns(name, _ACTUAL), [[line.name, *actual_figures(line)] for line in view])


def budget_figures(line: MoneyLine) -> list[str]:
    """Return the budget of a line, and its shares by group of steps."""
    budget = line.budget.total
    return [money(budget), *(part(line.budget.sum(*g.reaches), budget) for g in REACH_GROUPS)]


def actual_figures(line: MoneyLine) -> list[str]:
    """Return the items of a line, what was spent, and what of it has no outcome or one improved."""
    actual = line.actual.total
    return [
        f"{line.items:,}",
        money(actual),
        part(line.actual.none, actual),
        part(line.actual.improved, actual),
    ]


def line_words(line: MoneyLine, grace_days: int) -> list[str]:
    """Return what is said of a line below its figures: value, what is overdue, what is withheld."""
    overdue = (
        [overdue_words(line, grace_days)] if line.overdue.budget or line.overdue.actual else []
    )
    value = value_words(line.value) if line.value is not None else []
    value += approval_words(line.at_approval)
    return [*value, *overdue, *withheld_words(line.withheld), *imported_words(line.imported)]


def _value(report: ValueReport) -> list[str]:
    assert report.total.value is not None
    lines = value_words(report.total.value, report.claims)
    return lines + approval_of_all(report.total)
