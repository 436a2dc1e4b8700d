"""A finding in full: what is wrong, at which line, and the rule that says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from itgov.model.finding import Place
from itgov.report.figures import points, score
from itgov.report.plain import cut
from itgov.report.rule_text import flow
from itgov.report.source_line import underline
from itgov.tui.state.findings import FindingGroup, FindingRow
from itgov.tui.state.room import Room
from itgov.tui.views.finding_rows import Findings
from itgov.tui.views.formatting import SEVERITY_ROLES, counts_in_words
from itgov.tui.views.item_page import field, heading
from itgov.tui.widgets.styled_text import Line, Role

_AROUND = 2
"""Lines of context above a finding's line, and below."""
_EXAMPLE = 240
"""An example is shown in brief: no more characters of it than this."""


def finding_lines(room: Room, found: FindingRow, width: int) -> list[Line]:
    """Return a finding in full, for a page of a width."""
    f = found.finding
    role: Role = "muted" if f.waived else SEVERITY_ROLES[f.severity]
    lines: list[Line] = [
        ((f.severity, role), (", waived" if f.waived else "", "muted"), (f"  {f.rule} ", "strong"), (f.name, "muted")),
        ((f.message, "" if f.waived else "strong"),),
    ]  # fmt: skip
    if f.unevaluated:
        lines.append(
            (("The rule could not be evaluated, so it does not count as passed.", "warning"),)
        )
    if f.waived:
        lines += _waiver(room, found)
    lines += [(), ((f.located(), "accent"),)]
    lines += source_lines(room, f.place, width, role)
    for place in f.related:
        lines.append(
            (("see also ", "muted"), (f"{place.path}:{place.line}:{place.column}", "accent"))
        )
        lines += source_lines(room, place, width, "muted", around=0)
    if f.fix:
        lines += [(), (("fix: ", "muted"), (f.fix, ""))]
    lines += _points(room, found)
    lines += [(), *rule_lines(room, f.rule, skip_fix=f.fix)]
    return lines


def _waiver(room: Room, found: FindingRow) -> Iterator[Line]:
    f = found.finding
    yield (("waived: ", "muted"), (f.waiver_reason or "no reason", ""))
    unit = room.portfolio.units.get(f.business_unit or "")
    held = (
        found.item.entry.record.waivers
        if found.item is not None
        else unit.record.waivers
        if unit is not None
        else []
    )
    for waiver in held:
        if waiver.rule == f.rule:
            who = room.person(waiver.approved_by) or "nobody"
            yield ((f"approved by {who}, until {waiver.until or 'no end'}", "muted"),)


def _points(room: Room, found: FindingRow) -> Iterator[Line]:
    """Return what a finding costs each unit that loses points by it."""
    if found.finding.waived:
        return
    for unit, cost in room.attention.stake(found.finding).costs:
        health = f"  health of {unit.name}: {score(unit.score)}"
        if cost.points >= 0.05 or cost.uncapped < 0.05:
            gained = points(cost.points)
            yield (("worth ", "muted"), (gained, "ok"), (" points", "muted"), (health, "muted"))
            continue
        because = unit.capped_by.because if unit.capped_by is not None else ""
        yield (
            ("worth ", "muted"), (points(cost.uncapped), "ok"),
            (f" points once the cap is lifted ({because})", "muted"), (health, "muted"),
        )  # fmt: skip


def source_lines(
    room: Room, place: Place, width: int, role: Role, around: int = _AROUND
) -> list[Line]:
    """Return the lines of a file around a place, with a caret under the place."""
    document = room.governed.linked.documents.get(place.path)
    if document is None:
        return []
    first = max(place.line - around, 1)
    last = min(place.line + around, max(len(document.lines), place.line))
    digits = len(str(last))
    limit = max(width - digits - 5, 12)
    lines: list[Line] = []
    for number in range(first, last + 1):
        text = document.line_text(number)
        if number != place.line:
            shown, _ = underline(text, 1, 1, limit)
            lines.append(((f"  {number:>{digits}} │ ", "muted"), (shown.rstrip(), "muted")))
            continue
        end = place.end_column if place.end_line == place.line else len(text) + 1
        shown, carets = underline(text, place.column, end, limit)
        lines.append(((f"> {number:>{digits}} │ ", role), (shown.rstrip(), "")))
        lines.append(((f"  {'':>{digits}} │ ", "muted"), (carets, role)))
    return lines


def rule_lines(room: Room, identifier: str, skip_fix: str = "") -> list[Line]:
    """Return a rule explained: what it asks, of what, why, and how to do better."""
    rule = room.rules.get(identifier)
    if rule is None:
        return [((f"{identifier} is not a rule in force.", "muted"),)]
    lines: list[Line] = [
        ((f"{rule.id} ", "strong"), (rule.name, "strong")),
        ((rule.summary, ""),),
    ]
    standing = (
        "mandatory: cannot be disabled, lowered or waived"
        if rule.mandatory
        else "waivable"
        if rule.waivable
        else "cannot be waived"
    )
    what = rule.subject.replace("_", " ")
    lines.append(
        (
            (rule.severity, SEVERITY_ROLES[rule.severity]),
            (f", for every {what}, {standing}", "muted"),
        )
    )
    if rule.place is not None:
        lines.append(((f"{rule.place.path}:{rule.place.line}", "accent"),))
    if rule.why:
        lines += [(), (("why: ", "muted"), (rule.why, ""))]
    if rule.fix and rule.fix != skip_fix:
        lines += [(), (("fix: ", "muted"), (rule.fix, ""))]
    if rule.condition:
        lines += [(), heading("Condition")]
        lines += [(("  ", ""), (line, "accent")) for line in rule.condition.split("\n")]
    loaded = next((r.rule for r in room.book.rules if r.rule.id == identifier), None)
    if loaded is not None:
        given = loaded.examples
        lines += _examples("passes", "ok", given.passes)
        lines += _examples("fails", "error", given.fails)
        lines += _examples("does not apply", "muted", given.does_not_apply)
    if rule.sources:
        lines += [(), (("sources: ", "muted"), ("; ".join(rule.sources), "muted"))]
    if rule.tags:
        lines.append((("tags: ", "muted"), (", ".join(rule.tags), "muted")))
    return lines


def _examples(group: str, role: Role, found: Sequence[Mapping[str, Any]]) -> Iterator[Line]:
    if found:
        yield ()
        yield (
            (f"Example that {group}", "strong"),
            (f"  1 of {len(found)}" if len(found) > 1 else "", "muted"),
        )
        yield (("  ", ""), (cut(flow(found[0]), _EXAMPLE), role if role == "muted" else ""))


def group_lines(room: Room, findings: Findings, group: FindingGroup) -> list[Line]:
    """Return what a group that is no rule's adds up to: how many findings of which rules."""
    lines: list[Line] = [field("findings", *counts_in_words(group.counts))]
    if group.points >= 0.05:
        lines.append(
            field("points", (points(group.points), "ok"), ("  if fixed one by one", "muted"))
        )
    rules = Counter(findings.rows[row].finding.rule for row in group.rows)
    lines += [(), heading("By rule", f"{len(rules):,}")]
    known = room.rules

    for rule in rules:  # in the order of the findings
        info = known.get(rule)
        role: Role = SEVERITY_ROLES[info.severity] if info is not None else ""
        lines.append(
            (
                (f"{rules[rule]:>5,} ", role),
                (f"{rule} ", "strong"),
                (info.heading if info else "", ""),
            )
        )
    return lines
