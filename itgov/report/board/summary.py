"""The figures of the whole: where the money leads, how each unit stands, and what matters most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from itgov.insight.board_types import BoardReport, BoardUnit
from itgov.insight.health_types import unit_key
from itgov.insight.trend_points import Trend
from itgov.insight.value_types import MoneyLine
from itgov.model.reach import REACH_GROUPS
from itgov.report.blocks import (
    Chart,
    Column,
    Figures,
    Heading,
    Lines,
    PageBlock,
    Para,
    Ref,
    Strong,
    Table,
    Words,
)
from itgov.report.board.decisions import decisions_told
from itgov.report.board.findings import finding_words, findings_table
from itgov.report.board.reach import reach_table
from itgov.report.figures import (
    money,
    part,
    percent,
    points,
    score,
    score_change,
)
from itgov.report.health_words import bands_words, cap_effect, scale_words
from itgov.report.pages import Page
from itgov.report.value_document import line_words
from itgov.report.words import named, plural, some_of

_WITHOUT = 10


def summary(report: BoardReport) -> Page:
    """Return the page of all figures together."""
    return Page(
        kind="summary",
        id="",
        title="All figures",
        kicker="Appendix: the whole",
        blocks=tuple(_blocks(report)),
    )


def _blocks(report: BoardReport) -> Iterator[PageBlock]:
    total = report.total
    budget, spent = total.budget.total, total.actual.total
    yield Figures(
        (
            ("Budget", money(budget)),
            ("Recorded actual", money(spent)),
            ("Of the budget, improved", part(total.budget.improved, budget)),
            ("Of the budget, with no outcome", part(total.budget.none, budget)),
        )
    )
    bands = bands_words([u.health for u in report.units])
    counts = report.counts
    yield Para(
        (
            f"{plural(len(report.units), 'business unit')}: {bands or 'none'}. ",
            plural(total.items, "item"),
            f" with {plural(counts['error'], 'error')}, {plural(counts['warning'], 'warning')}, "
            f"{plural(counts['info'], 'info')} and {counts['waived']:,} waived.",
        ),
        tone="lead",
    )
    yield Heading("Line of sight in money")
    yield line_table(total, report.currency, "all units")
    if len(report.units) > 1:
        yield _by_unit(report.units)
    yield Lines(tuple(line_words(total, report.health.settings.grace_days)))
    yield Heading("Spend without an outcome")
    yield from _without(report)
    yield Heading("Engagement health")
    yield _health(report)
    yield Para(
        f"{scale_words(report.health.settings)}. Coverage is the share of the weight that could be "
        "judged. Weights, bands and caps are this organisation's own choice.",
        tone="quiet",
    )
    yield Heading("The findings that matter most")
    yield from _top(report)
    if report.others:
        yield Heading("Findings on the whole")
        yield findings_table(report.others, "Findings on the organisation and what has no page")
    yield Heading("Decisions taken")
    yield from decisions_told(report.decisions)


def line_table(line: MoneyLine, currency: str | None, of: str) -> Table:
    """Return a line's money by reach."""
    unit = f", in {currency}" if currency else ""
    caption = f"Budget and recorded actual by line of sight, {of}{unit}."
    title = f"Line of sight in money, {of}"
    return reach_table(line.budget, line.budget_whole, line.actual, caption, title)


def _by_unit(units: Sequence[BoardUnit]) -> Table:
    ordered = sorted(units, key=lambda u: -u.line.budget.total)
    columns: list[Column] = [Column("Business unit"), Column("Budget", "number")]
    columns += [Column(group.title, "number") for group in REACH_GROUPS]
    rows: list[tuple[Words, ...]] = []
    for unit in ordered:
        whole = unit.line.budget.total
        shares = (part(unit.line.budget.sum(*g.reaches), whole) for g in REACH_GROUPS)
        rows.append((_ref(unit), money(whole), *shares))
    return Table(
        columns,
        rows,
        caption="Budget of each business unit by line of sight, the largest first; shares are of the unit's budget.",
        chart=Chart(
            "reaches",
            "Budget of each business unit by line of sight",
            "One stacked bar for each business unit; the table beside it has the figures.",
            stacks=tuple((u.line.name, u.line.budget) for u in ordered[:20]),
        ),
    )


def _ref(unit: BoardUnit) -> Ref:
    return Ref("detail", unit.health.id, unit.health.name)


def _without(report: BoardReport) -> Iterator[PageBlock]:
    if not report.without:
        yield Para(
            "Every amount of spend has an outcome."
            if report.total.budget.total or report.total.actual.total
            else "No spend is recorded."
        )
        return
    yield Table(
        [
            Column("Investment or service", "wide"),
            Column("Business unit"),
            Column("Budget", "number"),
            Column("Actual", "number"),
            Column("Where"),
        ],
        [
            (
                named(n.id, n.title),
                Ref("detail", n.unit, report.unit_name(n.unit)),
                money(n.budget),
                money(n.actual),
                n.place,
            )
            for n in report.without
        ],
        caption="Investments and services without an outcome, the largest spend first.",
        most=_WITHOUT,
    )


def _health(report: BoardReport) -> Table:
    ordered = sorted(report.units, key=lambda u: unit_key(u.health))
    columns: list[Column] = [
        Column("Business unit"),
        Column("Band", "short"),
        Column("Score", "number"),
        Column("Coverage", "number"),
        Column("Cap"),
    ]
    trend = report.trend if report.trend and len(report.trend.points) > 1 else None
    if trend is not None:
        columns.insert(3, Column(f"Since {trend.points[0].label}", "number"))
    rows: list[tuple[Words, ...]] = []
    for unit in ordered:
        health = unit.health
        cap = health.capped_by
        row: list[Words] = [_ref(unit), Strong(health.band), score(health.score)]
        if trend is not None:
            row.append(_change(trend, health.id, health.score))
        row += [percent(health.coverage), cap_effect(health, cap) if cap else "none"]
        rows.append(tuple(row))
    return Table(
        columns,
        rows,
        caption="Engagement health of each business unit, 0 to 100, the lowest first.",
        chart=Chart(
            "scores",
            "Engagement health of each business unit",
            "A bar from 0 to 100 for each business unit; the table beside it has the figures.",
            bars=tuple((u.health.name, u.health.score) for u in ordered[:20]),
        ),
    )


def _change(trend: Trend, unit: str, now: float | None) -> str:
    first = trend.points[0].unit(unit)
    return score_change(first.score if first is not None else None, now)


def _top(report: BoardReport) -> Iterator[PageBlock]:
    if not report.top:
        yield Para("No findings, except waived ones.")
        return
    rows: list[tuple[Words, ...]] = []
    for place, top in enumerate(report.top, start=1):
        f = top.finding
        units = some_of(top.units, 3) or report.unit_name(f.business_unit or "the whole")
        rows.append(
            (
                f"{place}",
                finding_words(f),
                f.severity,
                units,
                points(top.points),
                money(top.money),
                f.place,
            )
        )
    yield Table(
        [
            Column("No.", "number"),
            Column("Finding", "wide"),
            Column("Severity", "short"),
            Column("Business unit"),
            Column("Points gained, uncapped", "number"),
            Column("Spend", "number"),
            Column("Where"),
        ],
        rows,
        caption="Broken mandatory rules first, then most points times the unit's share of "
        "spend; waived findings are left out.",
    )
