"""The board's own page: the sentence about money, the decisions asked for, and the units at a glance."""

from __future__ import annotations

from collections.abc import Iterator

from itgov.insight.board_types import BoardReport, BoardUnit
from itgov.insight.health_types import unit_key
from itgov.report.approval_words import approval_of_all
from itgov.report.blocks import Column, Heading, Lines, PageBlock, Para, Ref, Strong, Table, Words
from itgov.report.board.asks import asks_of_board
from itgov.report.board.curve import curve_blocks
from itgov.report.figures import money, part, score
from itgov.report.health_words import bands_words
from itgov.report.pages import Page
from itgov.report.value_words import board_sentence, value_words
from itgov.report.words import plural


def board_page(report: BoardReport) -> Page:
    """Return the page that opens the pack."""
    return Page(
        kind="board",
        id="",
        title="Decisions asked of the board",
        kicker=f"As of {report.as_of}",
        blocks=tuple(_blocks(report)),
    )


def _blocks(report: BoardReport) -> Iterator[PageBlock]:
    value = report.total.value
    if value is not None:
        yield Para(board_sentence(value), tone="lead")
    yield from asks_of_board(report)
    yield Heading("Money over time")
    if report.curve is not None:
        yield from curve_blocks(report.curve, report)
    if value is not None:
        beside = [*value_words(value)[1:], *approval_of_all(report.total)]
        if beside:
            yield Lines([f"{words}." for words in beside])
    yield Heading("Business units")
    budget = report.total.budget
    yield Para(
        f"{plural(len(report.units), 'business unit')}: "
        f"{bands_words([u.health for u in report.units]) or 'none'}. {report.total.items:,} investments "
        f"and services with a budget of {money(budget.total)}; {part(budget.none, budget.total)} of it "
        f"has no outcome, of {part(budget.improved, budget.total)} the outcome improved."
    )
    yield _units(report)


def _units(report: BoardReport) -> Table:
    ordered = sorted(report.units, key=lambda u: unit_key(u.health))
    return Table(
        [
            Column("Business unit"),
            Column("Head"),
            Column("Engagement health", "short"),
            Column("Score", "number"),
            Column("Spent to date", "number"),
            Column("Promised to date", "number"),
            Column("Realised", "number"),
            Column("Fading", "number"),
        ],
        [_row(unit) for unit in ordered],
        caption="Business units, the one that needs attention most first. Each has a page of its own.",
    )


def _row(unit: BoardUnit) -> tuple[Words, ...]:
    health, value = unit.health, unit.line.value
    amounts = (
        (value.spend_to_date, value.planned_to_date, value.realised_to_date, value.fading_to_come)
        if value is not None
        else ()
    )
    return (
        Ref("unit", health.id, health.name),
        unit.head or "nobody",
        Strong(health.band),
        score(health.score),
        *map(money, amounts),
    )
