"""`itgov managers`: the scorecards as text and as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from itgov.insight.managertypes import ManagersReport, Scorecard
from itgov.report import markup
from itgov.report.insight_manager_words import (
    appraisal_words,
    appraised_words,
    conflict_words,
    expectation_words,
    experience_words,
    position_words,
    reach_words,
    served_words,
    side_words,
)
from itgov.report.insight_words import UNKNOWN, at, money, percent, short, table
from itgov.report.markup import LABEL, code_block, escape
from itgov.report.plain import plain
from itgov.report.text import Paint, paint
from itgov.report.value_document import value_words
from itgov.report.words import plural

_HEADERS = (
    "relationship manager", "serves", "represents", "position", "part of the business",
    "reports to", "items", "spend", "dedication", "appraised", "per 1 spent", "conflicts",
)  # fmt: skip
_WORDS = 6
"""How many of the columns are words."""
_SPARE = ((5,), (10,), (8,), (2,), (4,), (9,), (6,))
"""The columns that a narrow terminal does without, the least needed first."""


def text(
    report: ManagersReport,
    managers: Sequence[Scorecard],
    *,
    detail: bool = False,
    color: bool = False,
    width: int | None = None,
) -> str:
    """Write some scorecards down for a terminal: a table, and each card with `detail`."""
    paints = paint(color)
    title = f"{plain(report.organisation)}: relationship managers as of {report.as_of}"
    lines = [f"{paints.bold}{title}{paints.off}"]
    if report.currency:
        lines.append(f"Amounts in {plain(report.currency)}")
    lines.append("")
    if not managers:
        lines += ["Nobody is listed under `relationship_managers`.", ""]
    elif detail:
        for manager in managers:
            lines += [*_card(manager, paints), ""]
    else:
        rows = [[short(cell, 30) for cell in _row(m)] for m in managers]
        bold = (paints.bold, paints.off)
        lines += [*table(_HEADERS, rows, _WORDS, bold, width=width, spare=_SPARE), ""]
        lines += _conflicts(managers, paints)
        lines += _explained(paints)
    lines += _left_over(report)
    return "\n".join(lines).rstrip("\n") + "\n"


def _row(m: Scorecard) -> list[str]:
    standing = m.standing
    boss = standing.reports_to_name or UNKNOWN
    side = f" ({standing.reports_to_side})" if standing.reports_to_side else ""
    return [
        f"{m.name} (left)" if m.left else m.name,
        served_words(m.load.units),
        standing.represents or UNKNOWN,
        position_words(standing),
        expectation_words(standing),
        f"{boss}{side}",
        f"{m.load.items:,}",
        money(m.load.spend),
        percent(m.load.dedication),
        appraised_words(m.appraised_by),
        f"{m.benefits.per_spend:.2f}" if m.benefits.per_spend is not None else UNKNOWN,
        f"{len(m.conflicts)}" if m.conflicts else UNKNOWN,
    ]


def _conflicts(managers: Sequence[Scorecard], paints: Paint) -> list[str]:
    lines = []
    for m in managers:
        if not m.conflicts and not m.standing.breaks:
            continue
        lines.append(f"{paints.bold}{short(m.name)}{paints.off}  {at(m.place)}")
        lines += [f"  conflict: {conflict_words(c.words, c.items)}" for c in m.conflicts]
        lines += [f"  {w}" for w in _broken(m)]
    return [*lines, ""] if lines else []


def _broken(m: Scorecard) -> list[str]:
    late = set(m.standing.breaks)
    return [
        f"position: {short(f.message, 120)} ({plain(f.rule)})  {plain(f.path)}:{f.line}"
        for f in m.findings
        if f.rule in late and not f.waived
    ]


def _explained(paints: Paint) -> list[str]:
    return [
        f"{paints.dim}Items and spend are what is active; per 1 spent is the value realised of all "
        f"they serve for each 1 spent to date.{paints.off}",
        f"{paints.dim}`itgov managers PERSON` shows a whole card.{paints.off}",
        "",
    ]


def _left_over(report: ManagersReport) -> list[str]:
    lines = []
    if report.unlisted:
        names = ", ".join(short(n, 40) for n in report.unlisted[:10])
        more = f" and {len(report.unlisted) - 10:,} more" if len(report.unlisted) > 10 else ""
        lines.append(f"Named as relationship manager, but not listed as one: {names}{more}")
    if report.uncovered:
        have = "has" if report.uncovered == 1 else "have"
        lines.append(
            f"{plural(report.uncovered, 'item')} with spend of {money(report.uncovered_spend)} "
            f"{have} no listed relationship manager, not even through their unit"
        )
    return lines


# -- one card ------------------------------------------------------------------------------


def _card(m: Scorecard, paints: Paint) -> list[str]:
    bold, off = paints.bold, paints.off
    standing, load = m.standing, m.load
    title = f", {short(m.title)}" if m.title else ""
    agreed = " (not the agreed title)" if m.title_agreed is False else ""
    gone = "; no longer here" if m.left else ""
    lines = [f"{bold}{short(m.name)}{off}{title}{agreed}{gone}  {paints.dim}{at(m.place)}{off}"]
    full = f", {load.per_full_time:.1f} for a full-time post" if load.per_full_time else ""
    inherited = f" ({load.inherited} through their unit)" if load.inherited else ""
    facts = [
        (
            "serves",
            f"{_names(load.units)}: {plural(load.items, 'item')}{inherited}, {money(load.spend)}",
        ),
        ("dedication", f"{percent(load.dedication)}{full}"),
        ("represents", standing.represents or "not declared"),
        (
            "position",
            f"{position_words(standing)}{f', since {standing.since}' if standing.since else ''}",
        ),
        ("in the business", expectation_words(standing)),
        ("reports to", f"{short(standing.reports_to_name or UNKNOWN)}{side_words(standing)}"),
        ("experience", experience_words(m)),
        ("engagements", f"{m.engagements_last_year:,} led in the last 365 days"),
        ("reach of spend", reach_words(m.budget)),
    ]
    lines += [f"  {name:<17}{words}" for name, words in facts]
    lines += [f"  {'value':<17}{words}" for words in value_words(m.benefits)]
    lines += [f"  {'conflict':<17}{conflict_words(c.words, c.items)}" for c in m.conflicts]
    lines += [f"  {w}" for w in _broken(m)]
    lines.append("  appraised by" if m.appraised_by else "  appraised by nothing")
    lines += [f"    {appraisal_words(a)}" for a in m.appraised_by]
    others = [f for f in m.findings if f.rule not in m.standing.breaks or f.waived]
    if others:
        lines.append("  findings")
    for f in others:
        waived = " (waived)" if f.waived else ""
        lines.append(
            f"    {plain(f.path)}:{f.line}  {plain(f.rule)} {short(f.message, 120)}{waived}"
        )
    return lines


def _names(units: Iterable[str]) -> str:
    return ", ".join(short(u, 40) for u in units) or "nobody"


# -- the other formats ---------------------------------------------------------------------


def markdown(report: ManagersReport, managers: Sequence[Scorecard], *, detail: bool = False) -> str:
    """Write some scorecards down in GitHub's and GitLab's Markdown."""
    head = [
        "## Relationship managers",
        "",
        f"{escape(report.organisation, LABEL)}, as of {report.as_of}.",
        "",
    ]
    rows = [[_cell(cell, i) for i, cell in enumerate(_row(m))] for m in managers]
    titles = [h.capitalize() for h in _HEADERS]
    lines = [*head, *markup.table(titles, rows, range(_WORDS, len(titles))), ""]
    if detail:
        for m in managers:
            lines += [code_block("\n".join(_card(m, paint(False))))]
    else:
        lines += [
            f"- {escape(m.name, LABEL)}: {escape(conflict_words(c.words, c.items), 300)}"
            for m in managers
            for c in m.conflicts
        ]
    lines += ["", *(f"{escape(line, 600)}  " for line in _left_over(report))]
    return "\n".join(lines).rstrip() + "\n"


def _cell(cell: str, column: int) -> str:
    """Return a cell escaped; a dash that stands for nothing stays one."""
    return cell if cell == UNKNOWN or column >= _WORDS else escape(cell, 60)
