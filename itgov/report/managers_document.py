"""`itgov managers`: laid out: the scorecards, which every format writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from itgov.insight.manager_types import ManagersReport, Scorecard
from itgov.report.blocks import (
    Block,
    Card,
    Code,
    Column,
    Legend,
    Lines,
    Para,
    People,
    Person,
    Table,
    Title,
)
from itgov.report.figures import UNKNOWN, money, per_one, per_post, percent, short
from itgov.report.manager_words import (
    appraisal_words,
    appraised_words,
    conflict_words,
    expectation_words,
    facts_of,
    position_words,
    reach_words,
    served_words,
)
from itgov.report.plain import plain
from itgov.report.value_document import amounts_in, value_words
from itgov.report.words import plural

_TITLES = (
    "relationship manager", "serves", "represents", "position", "in the business team",
    "reports to", "items", "spend", "dedication", "appraised", "per 1 spent", "conflicts",
)  # fmt: skip
_WORDS = 6
"""How many of the columns are words."""
_COLUMNS = [Column(t, "words" if i < _WORDS else "number", 30) for i, t in enumerate(_TITLES)]
_SPARE = ((5,), (10,), (8,), (2,), (4,), (9,), (6,))
"""The columns that a narrow terminal does without, the least needed first."""


_NOTES = (
    "Items and spend are active ones; per 1 spent is the value realised of all "
    "items served for each 1 spent to date.",
    (Code("itgov managers PERSON"), " shows the whole scorecard."),
)


def managers_document(
    report: ManagersReport, managers: Sequence[Scorecard], *, detail: bool = False
) -> Iterator[Block]:
    """Lay some scorecards out: a table, or each card with `detail`."""
    amounts = amounts_in(report.currency)
    yield Title("relationship managers", report.organisation, report.as_of, amounts)
    if not managers:
        yield Para(("No one is listed under ", Code("relationship_managers"), "."))
    elif detail:
        yield from map(_card, managers)
    else:
        yield Table(_COLUMNS, [_row(m) for m in managers], _SPARE)
        if concerns := [_concerns(m) for m in managers if m.conflicts or m.standing.breaks]:
            yield People(concerns)
        yield Legend(_NOTES)
    if left_over := _left_over(report):
        yield Lines(left_over)


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
        per_one(m.benefits.per_spend),
        f"{len(m.conflicts)}" if m.conflicts else UNKNOWN,
    ]


def _concerns(m: Scorecard) -> Person:
    return Person(m.name, m.place, [*_conflicts(m, "conflict: "), *_broken(m)])


def _conflicts(m: Scorecard, label: str) -> list[str]:
    return [f"{label}{conflict_words(c.words, c.items)}" for c in m.conflicts]


def _broken(m: Scorecard) -> list[str]:
    late = set(m.standing.breaks)
    return [
        f"position: {short(f.message, 120)} ({plain(f.rule)})  {plain(f.path)}:{f.line}"
        for f in m.findings
        if f.rule in late and not f.waived
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
            f"{have} no listed relationship manager, not even from their unit"
        )
    return lines


# -- one card ------------------------------------------------------------------------------


def _card(m: Scorecard) -> Card:
    load = m.load
    title = f", {short(m.title)}" if m.title else ""
    agreed = " (not the agreed title)" if m.title_agreed is False else ""
    gone = "; left" if m.left else ""
    full = f", {per_post(load.per_full_time)} for a full-time post" if load.per_full_time else ""
    inherited = f" ({load.inherited} from their unit)" if load.inherited else ""
    facts = [
        (
            "serves",
            f"{_names(load.units)}: {plural(load.items, 'item')}{inherited}, {money(load.spend)}",
        ),
        ("dedication", f"{percent(load.dedication)}{full}"),
        *facts_of(m),
        ("reach of spend", reach_words(m.budget)),
    ]
    lines = [f"{name:<17}{words}" for name, words in facts]
    lines += [f"{'value':<17}{words}" for words in value_words(m.benefits)]
    lines += _conflicts(m, f"{'conflict':<17}")
    lines += _broken(m)
    lines.append("appraised by" if m.appraised_by else "appraised by no outcome")
    lines += [f"  {appraisal_words(a)}" for a in m.appraised_by]
    others = [f for f in m.findings if f.rule not in m.standing.breaks or f.waived]
    if others:
        lines.append("findings")
    for f in others:
        waived = " (waived)" if f.waived else ""
        lines.append(f"  {plain(f.path)}:{f.line}  {plain(f.rule)} {short(f.message, 120)}{waived}")
    return Card(Person(m.name, m.place, lines, f"{title}{agreed}{gone}"))


def _names(units: Iterable[str]) -> str:
    return ", ".join(short(u, 40) for u in units) or "nobody"
