"""`itgov value --format text`: what a person reads in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from itgov.insight.valuetypes import Benefits, MoneyLine, ValueReport
from itgov.model.facts import REACHES, Reach
from itgov.report.insight_words import at, money, part, percent, short, table
from itgov.report.plain import plain
from itgov.report.text import paint
from itgov.report.words import plural

MEANING: dict[Reach, str] = {
    "none": "no outcome",
    "outcome": "an outcome without a measure",
    "measure": "a measure without baseline or target",
    "target": "complete, no result yet",
    "result": "a result without evidence",
    "proven": "a result with evidence",
}
MOST = 10
"""Items without line of sight, and claims, that are listed."""
_NAME = 34
_SPARE = ((9, 10, 11), (1,))
"""The columns of a view that a narrow terminal does without: what was spent, then the items."""
Views = Sequence[tuple[str, Sequence[MoneyLine]]]


def render(
    report: ValueReport, views: Views, *, color: bool = False, width: int | None = None
) -> str:
    """Write a report down: the total, then a table for each view, then value and what has none."""
    paints = paint(color)
    bold = (paints.bold, paints.off)
    currency = plain(report.currency or "")
    title = f"{plain(report.organisation)}: line of sight from spend to value as of {report.as_of}"
    lines = [f"{paints.bold}{title}{paints.off}", *([f"Amounts in {currency}"] if currency else [])]
    drawn = table(*_total(report.total), 2, bold, width=width, spare=((6,), (4,)))
    lines += ["", *drawn, "", *_to_date(report), ""]
    for name, view in views:
        if view:
            rows = [_row(line) for line in view]
            lines += [*table(_headers(name), rows, 1, bold, width=width, spare=_SPARE), ""]
    if views:
        lines += [
            f"{paints.dim}Shares are of the budget; those after `spent` are of the money spent.{paints.off}",
            "",
        ]
    lines += [*_benefits(report), ""]
    lines += _without(report, bold)
    return "\n".join(lines).rstrip("\n") + "\n"


def _total(line: MoneyLine) -> tuple[list[str], list[list[str]]]:
    rows = []
    budget, actual = line.budget.total, line.actual.total
    for reach in REACHES:
        b, a = line.budget.of(reach), line.actual.of(reach)
        count = f"{getattr(line.counts, reach):,}"
        rows.append(
            [reach, MEANING[reach], count, money(b), part(b, budget), money(a), part(a, actual)]
        )
        if reach == "target" and (line.due.budget or line.due.actual):
            b, a = line.due.budget, line.due.actual
            words = "  of which due"
            rows.append(["", words, "", money(b), part(b, budget), money(a), part(a, actual)])
    rows.append(["all", "", f"{line.items:,}", money(budget), "", money(actual), ""])
    return ["reach", "the chain has", "items", "budget", "share", "spent", "share"], rows


def _to_date(report: ValueReport) -> list[str]:
    line, total = report.to_date, report.total
    lines = []
    for word, buckets in (("Budget", line.budget), ("Spent", line.actual)):
        whole = buckets.total
        lines.append(
            f"{word} to {report.fiscal_year}: {money(whole)}, "
            f"{part(buckets.none, whole)} with no outcome, {part(buckets.proven, whole)} proven"
        )
    hidden = total.withheld
    if hidden.spend_items:
        lines.append(f"Spend withheld: {plural(hidden.spend_items, 'item')}, in no bucket")
    if hidden.outcome_items:
        lines.append(
            f"Outcomes withheld: {plural(hidden.outcome_items, 'item')}, "
            f"{money(hidden.outcomes.budget)} of the budget, counted under `outcome`"
        )
    return lines


def _headers(name: str) -> list[str]:
    return [name, "items", "budget", *REACHES, "spent", "none", "proven"]


def _row(line: MoneyLine) -> list[str]:
    return [short(line.name, _NAME), *line_figures(line)]


def line_figures(line: MoneyLine) -> list[str]:
    """Return the figures of a line: items, budget and how far it reaches, spent, none, proven."""
    budget, actual = line.budget.total, line.actual.total
    return [
        f"{line.items:,}",
        money(budget),
        *(part(line.budget.of(r), budget) for r in REACHES),
        money(actual),
        part(line.actual.none, actual),
        part(line.actual.proven, actual),
    ]


def value_words(benefits: Benefits) -> list[str]:
    """Return what value was planned and what came, a sentence each."""
    b = benefits
    lines = [f"Planned value: {money(b.planned)} a year; realised to date: {money(b.realised)}"]
    if b.ratio is not None:
        lines.append(
            f"Of what is due, {percent(b.ratio)} has come: "
            f"{money(b.realised_due)} of {money(b.planned_due)}"
        )
    if b.per_spend is not None:
        lines.append(
            f"Value realised for each 1 spent to date: {b.per_spend:.2f} "
            f"({money(b.realised)} for {money(b.spent)})"
        )
    if b.twice_planned or b.twice_realised:
        lines.append(
            f"Claimed twice and counted once: {money(b.twice_planned)} a year planned, "
            f"{money(b.twice_realised)} realised, taken out"
        )
    return lines


def _benefits(report: ValueReport) -> list[str]:
    lines = value_words(report.total.benefits or Benefits())
    for claim in report.claims[:MOST]:
        others = ", ".join(short(o) for o in claim.others[:MOST])
        lines.append(
            f"  {short(claim.measure)}: counted in {short(claim.counted)}, not in {others}"
        )
    if len(report.claims) > MOST:
        lines.append(f"  and {len(report.claims) - MOST:,} more")
    return lines


def _without(report: ValueReport, bold: tuple[str, str]) -> list[str]:
    found = report.without
    if not found:
        return ["Every amount of spend has an outcome."] if report.total.items else []
    lines = [f"{bold[0]}Spend with no line of sight{bold[1]}"]
    for n in found[:MOST]:
        amounts = f"{money(n.budget)} budget, {money(n.actual)} spent"
        lines.append(f"  {at(n.place)}  {short(n.id)} {short(n.title)}: {amounts}")
    if len(found) > MOST:
        lines.append(f"  and {len(found) - MOST:,} more (all in --format json)")
    return lines
