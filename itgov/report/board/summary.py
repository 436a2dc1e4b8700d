"""The executive page: where the money leads, how each unit stands, and what matters most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from itgov.insight.boardtypes import BoardReport, BoardUnit
from itgov.insight.healthtypes import BANDS
from itgov.insight.trend_points import Trend
from itgov.insight.valuetypes import Benefits, MoneyLine
from itgov.model.facts import REACHES
from itgov.report.board.content import (
    Block,
    Cell,
    Chart,
    FigureRow,
    Heading,
    Items,
    Kind,
    PackPage,
    PackTable,
    Piece,
    Ref,
    Sign,
    Strong,
    para,
    rule,
    table,
    where,
)
from itgov.report.board.decided import decisions_told
from itgov.report.insight_words import (
    UNKNOWN,
    money,
    number,
    part,
    percent,
    points,
    score,
    score_change,
)
from itgov.report.value_document import MEANING, value_words
from itgov.report.words import plural

REACH_COLUMNS: tuple[tuple[str, Kind], ...] = (
    ("Reach", "short"),
    ("The chain has", "wide"),
    ("Items", "number"),
    ("Budget", "number"),
    ("Share", "number"),
    ("Spent", "number"),
    ("Share", "number"),
)
_WITHOUT = 10


def summary(report: BoardReport) -> PackPage:
    """Return the executive page."""
    return PackPage(
        kind="summary",
        id="",
        title="Executive summary",
        kicker=f"As of {report.as_of}",
        blocks=tuple(_blocks(report)),
    )


def _blocks(report: BoardReport) -> Iterator[Block]:
    total = report.total
    budget, spent = total.budget.total, total.actual.total
    yield FigureRow(
        (
            ("Budget", money(budget)),
            ("Spent", money(spent)),
            ("Of the budget, proven", part(total.budget.proven, budget)),
            ("With no outcome", part(total.budget.none, budget)),
        )
    )
    bands = [
        f"{n} {band}" for band in BANDS if (n := sum(u.health.band == band for u in report.units))
    ]
    counts = report.counts
    yield para(
        f"{plural(len(report.units), 'business unit')}: {', '.join(bands) or 'none'}. "
        f"{total.items:,} investments and services",
        f" with {plural(counts['error'], 'error')}, {plural(counts['warning'], 'warning')}, "
        f"{plural(counts['info'], 'info')} and {counts['waived']:,} waived.",
        tone="lead",
    )
    yield Heading("Line of sight in money")
    yield reach_table(total, report.currency, "all units")
    if len(report.units) > 1:
        yield _by_unit(report.units)
    yield Items(tuple(_value_told(total)))
    yield Heading("Spend with no line of sight")
    yield from _without(report)
    yield Heading("Engagement health")
    yield _health(report)
    settings = report.health.settings
    yield para(
        f"Healthy from {number(settings.healthy)}, attention from {number(settings.attention)}, "
        f"at risk below; no score under {percent(settings.enough_evidence)} coverage, which is the "
        "share of the weight that could be judged. Weights, bands and caps are this "
        "organisation's own choice.",
        tone="quiet",
    )
    yield Heading("The findings that matter most")
    yield from _top(report)
    yield Heading("Decisions taken")
    yield from decisions_told(report.decisions)


def reach_table(line: MoneyLine, currency: str | None, of: str) -> PackTable:
    """Return a line's money by reach as a table, with its stacked bars."""
    budget, spent = line.budget.total, line.actual.total
    rows: list[tuple[Cell, ...]] = [
        (
            Sign(reach),
            MEANING[reach],
            f"{getattr(line.counts, reach):,}",
            money(line.budget.of(reach)),
            part(line.budget.of(reach), budget),
            money(line.actual.of(reach)),
            part(line.actual.of(reach), spent),
        )
        for reach in REACHES
    ]
    unit = f", in {currency}" if currency else ""
    said = "; ".join(
        f"{reach} {part(line.budget.of(reach), budget)} of the budget and "
        f"{part(line.actual.of(reach), spent)} of the money spent"
        for reach in REACHES
    )
    return table(
        f"Budget and money spent by how far the chain to value reaches, {of}{unit}.",
        REACH_COLUMNS,
        rows,
        foot=("all", "", f"{line.items:,}", money(budget), "", money(spent), ""),
        chart=Chart(
            "reaches",
            f"Line of sight in money, {of}",
            f"Two stacked bars, budget and spent: {said}.",
            stacks=(("Budget", line.budget), ("Spent", line.actual)),
        ),
    )


def _by_unit(units: Sequence[BoardUnit]) -> PackTable:
    ordered = sorted(units, key=lambda u: -u.line.budget.total)
    columns: list[tuple[str, Kind]] = [("Business unit", "words"), ("Budget", "number")]
    columns += [(reach, "number") for reach in REACHES]
    rows: list[tuple[Cell, ...]] = []
    for unit in ordered:
        whole = unit.line.budget.total
        shares = (part(unit.line.budget.of(reach), whole) for reach in REACHES)
        rows.append((_ref(unit), money(whole), *shares))
    return table(
        "Budget of each business unit by reach, the largest first; shares are of the unit's budget.",
        columns,
        rows,
        chart=Chart(
            "reaches",
            "Budget of each business unit by reach",
            "One stacked bar for each business unit; the table beside it holds the figures.",
            stacks=tuple((u.line.name, u.line.budget) for u in ordered[:20]),
        ),
    )


def _ref(unit: BoardUnit) -> Ref:
    return Ref("unit", unit.health.id, unit.health.name)


def _value_told(line: MoneyLine) -> Iterator[Piece]:
    yield from value_words(line.benefits or Benefits())
    if line.due.budget or line.due.actual:
        yield f"Due and without a result: {money(line.due.budget)} of the budget"
    hidden = line.withheld
    if hidden.spend_items:
        yield f"Spend withheld: {plural(hidden.spend_items, 'item')}, in no figure"
    if hidden.outcome_items:
        yield (
            f"Outcomes withheld: {plural(hidden.outcome_items, 'item')}, "
            f"{money(hidden.outcomes.budget)} of the budget, counted under outcome"
        )


def _without(report: BoardReport) -> Iterator[Block]:
    if not report.without:
        yield para(
            "Every amount of spend has an outcome."
            if report.total.budget.total or report.total.actual.total
            else "No spend is recorded."
        )
        return
    yield table(
        "Investments and services whose spend leads to no outcome, the most first.",
        [
            ("Investment or service", "wide"),
            ("Business unit", "words"),
            ("Budget", "number"),
            ("Spent", "number"),
            ("Where", "words"),
        ],
        [
            (
                f"{n.id} {n.title}",
                Ref("unit", n.unit, report.unit_name(n.unit)),
                money(n.budget),
                money(n.actual),
                where(n.place),
            )
            for n in report.without
        ],
        most=_WITHOUT,
    )


def _health(report: BoardReport) -> PackTable:
    ordered = sorted(
        report.units, key=lambda u: (BANDS.index(u.health.band), u.health.score or 0, u.health.name)
    )
    columns: list[tuple[str, Kind]] = [
        ("Business unit", "words"),
        ("Band", "short"),
        ("Score", "number"),
        ("Coverage", "number"),
        ("Held down by", "words"),
    ]
    trend = report.trend if report.trend and len(report.trend.points) > 1 else None
    if trend is not None:
        columns.insert(3, (f"Since {trend.points[0].label}", "number"))
    rows: list[tuple[Cell, ...]] = []
    for unit in ordered:
        health = unit.health
        cap = health.capped_by
        row: list[Cell] = [_ref(unit), Strong(health.band), score(health.score)]
        if trend is not None:
            row.append(_change(trend, health.id, health.score))
        row += [
            percent(health.coverage),
            f"at most {number(cap.at_most)}: {cap.because}" if cap else UNKNOWN,
        ]
        rows.append(tuple(row))
    return table(
        "Engagement health of each business unit, 0 to 100, who needs somebody first.",
        columns,
        rows,
        chart=Chart(
            "scores",
            "Engagement health of each business unit",
            "A bar from 0 to 100 for each business unit; the table beside it holds the figures.",
            bars=tuple((u.health.name, u.health.score) for u in ordered[:20]),
        ),
    )


def _change(trend: Trend, unit: str, now: float | None) -> str:
    first = trend.points[0].unit(unit)
    return score_change(first.score if first is not None else None, now)


def _top(report: BoardReport) -> Iterator[Block]:
    if not report.top:
        yield para("There is no finding that is not waived.")
        return
    rows: list[tuple[Cell, ...]] = []
    for place, top in enumerate(report.top, start=1):
        f = top.finding
        units = ", ".join(top.units[:3]) or report.unit_name(f.business_unit or "the whole")
        more = f" and {len(top.units) - 3} more" if len(top.units) > 3 else ""
        gives = points(top.points) if top.points else UNKNOWN
        rows.append(
            (
                f"{place}",
                rule(f),
                f.severity,
                f"{units}{more}",
                gives,
                money(top.money) if top.money else UNKNOWN,
                where(f),
            )
        )
    yield table(
        "The findings that take most from the health of most money: the points that mending gives "
        "back to the unit, caps set aside, times the unit's spend.",
        [
            ("No.", "number"),
            ("Finding", "wide"),
            ("Severity", "short"),
            ("Business unit", "words"),
            ("Points", "number"),
            ("Spend", "number"),
            ("Where", "words"),
        ],
        rows,
    )
