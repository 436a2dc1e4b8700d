"""`--statistics`: how many findings each rule and each business unit has."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter

from itgov.model.rulebook import Tally
from itgov.report.check_report import CheckReport, RuleCount, UnitCount, by_rule, by_unit
from itgov.report.plain import plain
from itgov.report.tables import TextColumn, draw
from itgov.report.text import paint

NO_UNIT = "(no business unit)"
_RULES: tuple[TextColumn[RuleCount], ...] = (
    TextColumn("Rule", lambda r: plain(r.rule), right=False),
    TextColumn("Name", lambda r: plain(r.name), right=False),
    TextColumn("Severity", lambda r: r.severity, right=False, drop=2),
    TextColumn("Count", lambda r: str(r.count)),
    TextColumn("Waived", lambda r: str(r.waived), drop=1),
)
_UNITS: tuple[TextColumn[UnitCount], ...] = (
    TextColumn("Business unit", lambda u: _unit(u.business_unit), right=False),
    TextColumn("Errors", lambda u: str(u.error)),
    TextColumn("Warnings", lambda u: str(u.warning)),
    TextColumn("Infos", lambda u: str(u.info)),
    TextColumn("Waived", lambda u: str(u.waived)),
)


def statistics(report: CheckReport, color: bool = False, width: int | None = None) -> str:
    """Return two tables, findings by rule and by business unit; an empty text without findings.

    Waived findings have a column of their own and are in no other.  Where it is known, each rule
    says on how many subjects it passed, of how many it applies to.
    """
    rules = [*by_rule(report.findings), *_unjudged(report)]
    if not rules:
        return ""
    colours = paint(color)
    bold, off = colours.bold, colours.off
    columns = (*_RULES, *(_tallies(report) if report.tallies else ()))
    lines = [f"{bold}Findings by rule{off}", *draw(columns, rules, width), ""]
    lines += [f"{bold}Findings by business unit{off}"]
    lines += draw(_UNITS, by_unit(report.findings), width)
    return "\n".join(lines) + "\n"


def _unit(identifier: str | None) -> str:
    return NO_UNIT if identifier is None else plain(identifier)


def _tallies(report: CheckReport) -> list[TextColumn[RuleCount]]:
    """Return the columns that say how often a rule ended in which way; what is built in has none."""

    def ended(title: str, of: Callable[[Tally], int], drop: int = 0) -> TextColumn[RuleCount]:
        def cell(row: RuleCount) -> str:
            tally = report.tallies.get(row.rule)
            return "" if tally is None else str(of(tally))

        return TextColumn(title, cell, drop=drop)

    return [
        ended("Not evaluated", attrgetter("unevaluated")),
        ended("Passed", attrgetter("passed")),
        ended("Applies to", attrgetter("applicable")),
        ended("Does not apply", attrgetter("not_applicable"), drop=3),
    ]


def _unjudged(report: CheckReport) -> list[RuleCount]:
    """Return the rules without a finding that could not be evaluated on some subject."""
    seen = {f.rule for f in report.findings}
    return [
        RuleCount(rule, info.name, info.severity, 0, 0)
        for rule, tally in report.tallies.items()
        if tally.unevaluated and rule not in seen and (info := report.rules.get(rule)) is not None
    ]
