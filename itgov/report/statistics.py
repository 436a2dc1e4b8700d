"""`--statistics`: how many findings each rule and each business unit has."""

from __future__ import annotations

from collections.abc import Sequence

from itgov.model.rulebook import Tally
from itgov.report.outcome import CheckReport, RuleCount, by_rule, by_unit
from itgov.report.plain import plain
from itgov.report.tables import Side, draw

NO_UNIT = "(no business unit)"
RULE_COLUMNS = ("Rule", "Name", "Severity", "Count", "Waived")
TALLY_COLUMNS = ("Not evaluated", "Passed", "Applies to", "Does not apply")
_LEAST = ("Does not apply", "Severity", "Waived")
"""What a narrow terminal does without first."""
UNIT_COLUMNS = ("Business unit", "Errors", "Warnings", "Infos", "Waived")


def statistics(report: CheckReport, color: bool = False, width: int | None = None) -> str:
    """Return two tables, findings by rule and by business unit; an empty text without findings.

    Waived findings have a column of their own and are in no other.  Where it is known, each rule
    says on how many subjects it passed, of how many it applies to.
    """
    told = bool(report.tallies)
    rules: list[tuple[str | int, ...]] = [
        (
            *(plain(row.rule), plain(row.name), row.severity, row.count, row.waived),
            *(_ended(report.tallies.get(row.rule)) if told else ()),
        )
        for row in [*by_rule(report.findings), *_unjudged(report)]
    ]
    units = [
        (
            NO_UNIT if row.business_unit is None else plain(row.business_unit),
            row.error,
            row.warning,
            row.info,
            row.waived,
        )
        for row in by_unit(report.findings)
    ]
    if not rules:
        return ""
    bold, off = ("\x1b[1m", "\x1b[0m") if color else ("", "")
    columns = RULE_COLUMNS + (TALLY_COLUMNS if told else ())
    spare = [[columns.index(name)] for name in _LEAST if name in columns]
    return (
        f"{bold}Findings by rule{off}\n{_table(rules, columns, 3, width, spare)}\n\n"
        f"{bold}Findings by business unit{off}\n{_table(units, UNIT_COLUMNS, 1, width)}\n"
    )


def _unjudged(report: CheckReport) -> list[RuleCount]:
    """Return the rules without a finding that could not be evaluated on some subject."""
    seen = {f.rule for f in report.findings}
    return [
        RuleCount(rule, info.name, info.severity, 0, 0)
        for rule, tally in report.tallies.items()
        if tally.unevaluated and rule not in seen and (info := report.rules.get(rule)) is not None
    ]


def _ended(tally: Tally | None) -> tuple[str | int, ...]:
    if tally is None:  # what is built in has no subjects to count
        return ("", "", "", "")
    return tally.unevaluated, tally.passed, tally.applicable, tally.not_applicable


def _table(
    rows: Sequence[tuple[str | int, ...]],
    headers: tuple[str, ...],
    texts: int,
    width: int | None,
    spare: Sequence[Sequence[int]] = (),
) -> str:
    sides: list[Side] = ["left" if i < texts else "right" for i in range(len(headers))]
    drawn = draw(headers, [[str(c) for c in r] for r in rows], sides, width=width, spare=spare)
    lines = drawn.lines
    if drawn.left_out:
        lines.append(f"No room here for: {', '.join(drawn.left_out)}")
    return "\n".join(lines)
