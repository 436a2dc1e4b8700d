"""`itgov managers`: the scorecards as text and as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from itgov.insight.managertypes import Appraisal, ManagersReport, Scorecard, Standing
from itgov.insight.valuetypes import Buckets
from itgov.model.facts import REACHES
from itgov.report.insight_value_text import value_words
from itgov.report.insight_words import (
    UNKNOWN,
    at,
    fenced,
    markdown_table,
    marked,
    money,
    part,
    percent,
    short,
    table,
)
from itgov.report.plain import plain
from itgov.report.text import Paint, paint
from itgov.report.words import plural

_HEADERS = (
    "relationship manager", "serves", "represents", "position", "part of the business",
    "reports to", "items", "spend", "dedication", "appraised", "per 1 spent", "conflicts",
)  # fmt: skip
_WORDS = 6
"""How many of the columns are words."""


def text(
    report: ManagersReport,
    managers: Sequence[Scorecard],
    *,
    detail: bool = False,
    color: bool = False,
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
        lines += [*table(_HEADERS, rows, _WORDS, (paints.bold, paints.off)), ""]
        lines += _conflicts(managers, paints)
        lines += _explained(paints)
    lines += _left_over(report)
    return "\n".join(lines).rstrip("\n") + "\n"


def _row(m: Scorecard) -> list[str]:
    standing = m.standing
    boss = standing.reports_to_name or UNKNOWN
    side = f" ({standing.reports_to_side})" if standing.reports_to_side else ""
    return [
        m.name,
        _served(m.load.units),
        standing.represents or UNKNOWN,
        _position(standing),
        _expectation(standing),
        f"{boss}{side}",
        f"{m.load.items:,}",
        money(m.load.spend),
        percent(m.load.dedication),
        _appraised(m.appraised_by),
        f"{m.benefits.per_spend:.2f}" if m.benefits.per_spend is not None else UNKNOWN,
        f"{len(m.conflicts)}" if m.conflicts else UNKNOWN,
    ]


def _served(units: Sequence[str]) -> str:
    if len(units) > 3:
        return f"{units[0]} and {len(units) - 1:,} more"
    return ", ".join(units) or UNKNOWN


def _position(standing: Standing) -> str:
    if standing.position is None:
        return UNKNOWN
    return f"{standing.position}, {_time(standing.days)}" if standing.days else standing.position


def _time(days: int | None) -> str:
    if days is None:
        return UNKNOWN
    if abs(days) < 60:
        return plural(days, "day")
    return f"{days / 30.44:.0f} months" if abs(days) < 730 else f"{days / 365.25:.1f} years"


def _expectation(standing: Standing) -> str:
    days = standing.days_overdue
    match standing.expectation:
        case "arrived":
            return "arrived"
        case "overdue":
            return f"overdue by {_time(days)}"
        case "ahead":
            return f"by {standing.native_by}"
        case _:
            return "no date agreed"


def _appraised(appraisals: Sequence[Appraisal]) -> str:
    if not appraisals:
        return "by nothing"
    met = sum(a.met is True for a in appraisals)
    return f"{met} of {len(appraisals)} met"


def _conflicts(managers: Sequence[Scorecard], paints: Paint) -> list[str]:
    lines = []
    for m in managers:
        if not m.conflicts and not m.standing.breaks:
            continue
        lines.append(f"{paints.bold}{short(m.name)}{paints.off}  {at(m.place)}")
        lines += [f"  conflict: {_said(c.words, c.items)}" for c in m.conflicts]
        lines += [f"  {w}" for w in _broken(m)]
    return [*lines, ""] if lines else []


def _said(words: str, items: Sequence[str]) -> str:
    named = ", ".join(short(i, 30) for i in items[:5])
    more = f" and {len(items) - 5:,} more" if len(items) > 5 else ""
    return f"{short(words, 100)}{f': {named}{more}' if items else ''}"


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
        lines.append(
            f"{plural(report.uncovered, 'item')} with spend of {money(report.uncovered_spend)} "
            "have no listed relationship manager, not even through their unit"
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
            f"{_position(standing)}{f', since {standing.since}' if standing.since else ''}",
        ),
        ("in the business", _expectation(standing)),
        ("reports to", f"{short(standing.reports_to_name or UNKNOWN)}{_side(standing)}"),
        ("experience", _experience(m)),
        ("engagements", f"{m.engagements_last_year:,} led in the last 365 days"),
        ("reach of spend", _reach(m.budget)),
    ]
    lines += [f"  {name:<17}{words}" for name, words in facts]
    lines += [f"  {'value':<17}{words}" for words in value_words(m.benefits)]
    lines += [f"  {'conflict':<17}{_said(c.words, c.items)}" for c in m.conflicts]
    lines += [f"  {w}" for w in _broken(m)]
    lines.append("  appraised by" if m.appraised_by else "  appraised by nothing")
    lines += [f"    {_standing_of(a)}" for a in m.appraised_by]
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


def _side(standing: Standing) -> str:
    if standing.reports_to_side is None:
        return ""
    return ", on the IT side" if standing.reports_to_side == "it" else ", on the business side"


def _experience(m: Scorecard) -> str:
    proven = {"services": m.proven_services, "investments": m.proven_investments}
    has = [area for area, held in proven.items() if held]
    lacks = [area for area, held in proven.items() if not held]
    told = f"proven on the customer's side with {' and '.join(has)}" if has else "nothing proven"
    return f"{told}; no evidence with {' or '.join(lacks)}" if lacks and has else told


def _reach(buckets: Buckets) -> str:
    whole = buckets.total
    if not whole:
        return "no budget"
    held = [(r, buckets.of(r)) for r in REACHES if buckets.of(r)]
    return f"{money(whole)} budget: " + ", ".join(f"{part(a, whole)} {r}" for r, a in held)


def _standing_of(a: Appraisal) -> str:
    if not a.known:
        return f"{short(a.outcome)}: there is no such outcome"
    met = {True: "met", False: "not met", None: "not measured"}[a.met]
    late = ", overdue" if a.overdue else ""
    due = f", due {a.due}" if a.due else ""
    way = f", {percent(a.progress)} of the way" if a.progress is not None else ""
    value = f", {money(a.realised)} of {money(a.planned)} a year" if a.planned else ""
    elsewhere = "" if a.served else "; of a unit they do not serve"
    return f"{short(a.outcome)}: {met}{way}{due}{late}{value} ({a.reach}){elsewhere}"


# -- the other formats ---------------------------------------------------------------------


def markdown(report: ManagersReport, managers: Sequence[Scorecard], *, detail: bool = False) -> str:
    """Write some scorecards down in GitHub's and GitLab's Markdown."""
    head = [
        "## Relationship managers",
        "",
        f"{marked(report.organisation)}, as of {report.as_of}.",
        "",
    ]
    rows = [[_cell(cell, i) for i, cell in enumerate(_row(m))] for m in managers]
    lines = [*head, *markdown_table([h.capitalize() for h in _HEADERS], rows, _WORDS), ""]
    if detail:
        for m in managers:
            lines += [fenced("\n".join(_card(m, paint(False))))]
    else:
        lines += [
            f"- {marked(m.name)}: {marked(_said(c.words, c.items), 300)}"
            for m in managers
            for c in m.conflicts
        ]
    lines += ["", *(f"{marked(line, 600)}  " for line in _left_over(report))]
    return "\n".join(lines).rstrip() + "\n"


def _cell(cell: str, column: int) -> str:
    """Return a cell escaped; a dash that stands for nothing stays one."""
    return cell if cell == UNKNOWN or column >= _WORDS else marked(cell, 60)
