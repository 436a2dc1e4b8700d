"""Decisions that are asked of a board or of a unit's head, in sentences without ids of rules or places."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence

from itgov.insight.ask_types import (
    NAMES_TOLD,
    TOLD_TO_BOARD,
    TOLD_TO_HEAD,
    UNITS_TOLD,
    Asks,
    AttentionAsk,
    EndedWaiver,
    Escalation,
    ScenarioAsk,
    Vacancy,
)
from itgov.insight.board_types import BoardReport
from itgov.model.text import plural
from itgov.report.blocks import Heading, Lines, PageBlock, Para
from itgov.report.figures import money, short
from itgov.report.value_words import day_words, month_words
from itgov.report.words import some_of

_LONG = 300
_RULE = re.compile(r"\b[A-Z][A-Z0-9]*-[0-9]{3}\b")
_DAY = re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b")
_FIELD = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")
"""A field of a file, in the fix of a rule."""


def asks_of_board(report: BoardReport) -> Iterator[PageBlock]:
    """Yield what the board is asked to decide, a heading for each kind."""
    groups = _groups(report, whole=False)
    if not any(sentences for _, sentences in groups):
        yield Para("No decision is asked of the board.")
    for heading, sentences in groups:
        if sentences:
            yield Heading(heading)
            told = _cut(sentences, TOLD_TO_BOARD)
            if sentences is groups[-1][1]:
                told += _records(report.asks)
            yield Lines(told)


def cut_of_board(report: BoardReport) -> Iterator[PageBlock]:
    """Yield in full, for the appendix, what the board's page has cut."""
    told = zip(_groups(report, whole=False), _groups(report, whole=True), strict=True)
    for (heading, short_list), (_, sentences) in told:
        if len(sentences) > TOLD_TO_BOARD or short_list != sentences:
            yield Heading(heading)
            yield Lines(sentences)


def _groups(report: BoardReport, *, whole: bool) -> list[tuple[str, list[str]]]:
    """Return the sentences by heading; `whole`: with all names in each."""
    asks = report.asks
    return [
        ("Escalated by review sessions", [_escalation(e, report) for e in asks.escalations]),
        (
            "Scenarios to choose or drop",
            [_scenario(s, report, whole=whole) for s in asks.scenarios],
        ),
        ("Nobody is named", [_vacancy(v, report, whole=whole) for v in asks.vacancies]),
        ("Exceptions that have ended", [_ended(e, report) for e in asks.ended]),
        ("What needs attention most", [_attention(t, report, whole=whole) for t in asks.attention]),
    ]


def asks_of_head(asks: Asks, report: BoardReport, *, whole: bool = False) -> list[str]:
    """Return what a unit's head is asked to decide, a sentence each; `whole`: all of it."""
    most = None if whole else TOLD_TO_HEAD
    return [
        *_cut([_escalation(e, report) for e in asks.escalations], most, "escalated item"),
        *_cut([_scenario(s, report, whole=whole) for s in asks.scenarios], most, "scenario"),
        *(_vacancy(v, report, at_home=True, whole=whole) for v in asks.vacancies),
        *_cut([_ended(e, report, at_home=True) for e in asks.ended], most, "ended exception"),
        *(_attention(t, report, at_home=True, whole=whole) for t in asks.attention),
        *_records(asks),
    ]


def _records(asks: Asks) -> list[str]:
    """Say how many records need attention that are not told of: the appendix has their findings."""
    count = asks.attention_whole - len(asks.attention)
    return [f"{plural(count, 'more record')} with findings, in the appendix."] if count > 0 else []


def _cut(sentences: Sequence[str], most: int | None, noun: str = "") -> list[str]:
    rest = len(sentences) - most if most is not None else 0
    if rest <= 0:
        return list(sentences)
    more = plural(rest, f"more {noun}") if noun else f"{rest:,} more"
    return [*sentences[:most], f"{more}, in the appendix."]


def _in(unit: str | None, report: BoardReport) -> str:
    return f" ({short(report.unit_name(unit))})" if unit is not None else ""


def _escalation(e: Escalation, report: BoardReport) -> str:
    by = f" by {short(e.by)}" if e.by else ""
    reason = f": {short(e.reason, _LONG)}" if e.reason else "; no reason recorded"
    return f"{short(e.name)}{_in(e.unit, report)}, escalated on {day_words(e.on)}{by}{reason}"


def _vacancy(v: Vacancy, report: BoardReport, *, whole: bool, at_home: bool = False) -> str:
    article = "an" if v.post == "outcome owner" else "a"
    unit = short(report.unit_name(v.unit))
    if not v.names:
        return f"Name {article} {v.post} of {unit} ({money(v.money)} of spend)."
    names = some_of([short(n) for n in v.names], None if whole else NAMES_TOLD)
    home = "" if at_home else f"{unit}, "
    return f"Name {article} {v.post} for {names} ({home}{money(v.money)} of spend)."


def _ended(e: EndedWaiver, report: BoardReport, *, at_home: bool = False) -> str:
    ended = f"ended on {day_words(e.until)}" if e.until else "has no end date, so it does not hold"
    by = f"approved by {short(e.approver)}" if e.approver else "approved by nobody"
    reason = f": {short(e.reason, _LONG)}" if e.reason else ", no reason recorded"
    place = "" if at_home else _in(e.unit, report)
    title = plainly(e.exempted, report)
    return f"{short(e.name)}{place}: the exception from “{title}” {ended} ({by}{reason}). Fix it, or agree a new end."


def _scenario(s: ScenarioAsk, report: BoardReport, *, whole: bool) -> str:
    title = f"{short(s.title)} ({plural(s.changes, 'change')})"
    w = s.weighed
    if w is None:
        return f"{title}: cannot be weighed as it is; {short(s.problem, _LONG)}"
    until = month_words(report.horizon)
    moved = f", {money(w.money_moved)} of it only moved to another year" if w.money_moved else ""
    told = [f"frees {money(w.freed)} of spend and adds {money(w.added)}{moved}"]
    moved = f", {money(w.value_moved)} of it only moved to another year" if w.value_moved else ""
    told.append(
        f"{money(w.lost)} of planned value is lost and {money(w.gained)} gained up to {until}{moved}"
    )
    if w.value_undated:
        told.append(f"{money(w.value_undated)} a year without a date is in neither")
    if w.orphaned.objectives:
        told.append(f"{plural(len(w.orphaned.objectives), 'objective')} left without an item")
    if w.dependants:
        told.append(f"what is stopped is needed by {plural(len(w.dependants), 'active item')}")
    if w.requirements:
        laws = [short(r.required_by) for r in w.requirements]
        names = some_of(laws, None if whole else NAMES_TOLD)
        told.append(f"stops what is required by {names}")
    return f"{title}: {'; '.join(told)}."


def _attention(
    ask: AttentionAsk, report: BoardReport, *, whole: bool, at_home: bool = False
) -> str:
    top, finding = ask.top, ask.top.finding
    units = list(top.units) or [report.unit_name(finding.business_unit or "the whole")]
    most = None if whole else UNITS_TOLD
    home = "" if at_home else f"{some_of([short(u) for u in units], most)}, "
    also = f"; {plural(ask.also, 'more finding')} on it" if ask.also else ""
    said = plainly(finding.message, report)
    fix = f" {_FIELD.sub(_words_of, plainly(finding.fix, report))}" if finding.fix else ""
    stop = "" if said.endswith((".", "?", "!")) else "."
    return f"{said}{stop}{fix} ({home}{money(top.money)} of spend{also})"


def _words_of(field: re.Match[str]) -> str:
    return f"“{field[0].replace('_', ' ')}”"


def plainly(text: str, report: BoardReport) -> str:
    """Return a sentence of a rule with titles for ids of rules, and days as pages write them."""
    titles = report.rule_titles

    def title_of(found: re.Match[str]) -> str:
        title = titles.get(found[0])
        return f"“{title}”" if title else found[0]

    told = _DAY.sub(_day_of, short(text, _LONG))
    return _RULE.sub(title_of, told).replace("`", "")


def _day_of(found: re.Match[str]) -> str:
    try:
        return day_words(datetime.date.fromisoformat(found[0]))
    except ValueError:
        return found[0]
