"""One investment, or one business unit, in full: what its files say, and what the rules say of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from itgov.insight.items import Item
from itgov.insight.value import outcome_node
from itgov.model.fields import choice_words, holders
from itgov.model.finding import SEVERITIES, Finding
from itgov.model.nobody import is_named
from itgov.model.portfolio import OutcomeEntry, UnitEntry
from itgov.model.text import plural
from itgov.model.types import IMPORTED, Investment
from itgov.model.unit_facts import BusinessUnitFacts
from itgov.report.figures import UNKNOWN, money, number, percent, points, score
from itgov.report.health_words import cap_effect
from itgov.report.manager_words import INHERITED
from itgov.report.words import engagement_words
from itgov.tui.state.room import Room
from itgov.tui.views.formatting import (
    SEVERITY_ROLES,
    band,
    confidence,
    counts_in_words,
    figure_lines,
)
from itgov.tui.views.outcome_lines import outcome_lines
from itgov.tui.widgets.styled_text import Line, Role, Span

_LABEL = 16
_SUMMARY = 240
"""Letters up to which a summary comes first; a longer one would push all else off the screen."""


def field(label: str, *values: str | Span) -> Line:
    """Return a line with a label before its value."""
    shown: list[Span] = [(v, "") if isinstance(v, str) else v for v in values]
    return ((f"{label:<{_LABEL}}", "muted"), *shown)


def heading(text: str, rest: str = "") -> Line:
    """Return a line that begins a part."""
    return ((text, "strong"), (f"  {rest}" if rest else "", "muted"))


def item_lines(room: Room, item: Item) -> list[Line]:
    """Return an investment or service in full, and what the rules say of it."""
    return fact_lines(room, item, _under_heading(room, item.findings.found))


def fact_lines(room: Room, item: Item, findings: Sequence[Line] = ()) -> list[Line]:
    """Return what the files say of an investment or service; its findings, if given, before its spend."""
    record = item.entry.record
    lines: list[Line] = []
    long = len(record.summary or "") > _SUMMARY
    if record.summary and not long:
        lines += [((record.summary, ""),), ()]
    lines += list(_people(room, item))
    lines.append(
        field(
            "stage",
            record.stage or ("not recorded", "warning"),
            ("  " + record.type if record.type != "investment" else "", "muted"),
            ("  " + record.purpose if record.purpose else "", "muted"),
        )
    )
    shown = confidence(item.confidence)
    said = f"  {room.person(record.confidence_by)} {record.confidence_on or ''}".rstrip()
    lines.append(
        field("confidence", *((shown,) if isinstance(shown, str) else shown), (said, "muted"))
    )
    if record.start or record.end:
        lines.append(field("period", _period(record)))
    lines.append(field("reviews", _reviews(record), *_overdue(item)))
    if record.objective:
        unit = room.portfolio.units[item.unit].record
        words = next((o.statement for o in unit.objectives if o.id == record.objective), None)
        lines.append(field("objective", words or record.objective))
    if record.required_by:
        lines.append(field("required by", record.required_by))
    lines += _dependencies(room, item)
    lines += findings or [field("findings", *counts_in_words(item.findings))]
    if record.summary and long:
        lines += [(), heading("Summary"), ((record.summary, ""),)]
    lines += _spend(room, item)
    withheld = item.entry.record.withheld.get("outcomes")
    lines += _outcomes(room, item.entry.outcomes, withheld)
    lines += _gates(room, record)
    lines += _rest(record)
    return lines


def _people(room: Room, item: Item) -> Iterator[Line]:
    record = item.entry.record
    unit = room.portfolio.units[item.unit].record
    for role in holders(type(record)):
        name = getattr(record, role.name)
        inherited = getattr(unit, role.name, None) if role.meaning.mandatory else None
        if inherited and not name:
            said: Span = (f"  {INHERITED}: {room.person(inherited)}", "muted")
            yield field(role.short_label, ("nobody", "error"), said)
        elif name or role.meaning.mandatory:
            yield field(role.short_label, *person_spans(room, name, "error"))


def unlisted(identifier: str) -> str:
    """Return what somebody is who is named in a role and is not among the people."""
    return "not listed" if is_named(identifier) else "placeholder"


def person_spans(room: Room, identifier: str | None, role: Role) -> tuple[Span, ...]:
    """Return a person with the side they are on, and whether they have left; `role` is that of nobody."""
    if not identifier:
        return (("nobody", role),)
    known = room.portfolio.people.get(identifier)
    if known is None:
        return ((identifier, ""), (f"  {unlisted(identifier)}", "warning"))
    record = known.record
    left = record.has_left(room.today)
    return (
        (known.name, ""),
        (f"  {choice_words(record.side)}" if record.side else "", "muted"),
        (f"  left {record.left}" if left else "", "error"),
    )


def _period(record: Investment) -> str:
    start = f"from {record.start}" if record.start else "no start date"
    return f"{start} to {record.end}" if record.end else f"{start}, no end date"


def _reviews(record: Investment) -> str:
    last = f"last {record.last_reviewed}" if record.last_reviewed else "never reviewed"
    return f"{last}, next {record.next_review}" if record.next_review else f"{last}, no next date"


def _overdue(item: Item) -> tuple[Span, ...]:
    days = item.entry.facts.days_review_overdue
    return (
        ((f"  {plural(days, 'day')} overdue", "warning"),)
        if days is not None and item.review_overdue
        else ()
    )


def findings_lines(room: Room, found: Iterable[Finding]) -> list[Line]:
    """Return findings under what is wrong: errors first, of one severity the most pressing; its fix once."""
    groups: dict[tuple[str, bool], list[Finding]] = {}
    pressing = room.attention.ordered(found)
    for f in sorted(pressing, key=lambda f: (f.waived, SEVERITIES.index(f.severity))):
        groups.setdefault((f.rule, f.waived), []).append(f)
    lines: list[Line] = []
    for (name, waived), some in groups.items():
        rule, first = room.rules.get(name), some[0]
        title = rule.heading if rule is not None else name
        sign: Span = (
            ("waived ", "muted")
            if waived
            else (f"{first.severity} ", SEVERITY_ROLES[first.severity])
        )
        count = f" ({len(some):,})" if len(some) > 1 else ""
        lines += [()] if lines else []
        lines.append((sign, (title, "strong"), (f"{count}  {name}", "muted")))
        for f in some:
            lines.append((("  ", ""), (f.message, "muted" if waived else "")))
            lines.append(
                (
                    (f"    {f.path}:{f.line}  ", "muted"),
                    (room.line_text(f.path, f.line).strip(), "accent"),
                )
            )
            if waived and f.waiver_reason:
                lines.append((("    because ", "muted"), (f.waiver_reason, "muted")))
        if first.fix and not waived:
            lines.append((("  fix: ", "muted"), (first.fix, "muted")))
    return lines


def _spend(room: Room, item: Item) -> Iterator[Line]:
    record = item.entry.record
    if not record.spend:
        if "spend" in record.withheld:
            yield ()
            yield heading("Spend", f"withheld: {record.withheld['spend']}")
        return
    yield ()
    yield heading("Spend", f"{money(item.spend)} {room.currency} in all")
    years = sorted(record.spend, key=lambda s: s.year)
    rows = [
        (str(row.year), *(money(v) if v is not None else UNKNOWN for v in (row.budget, row.actual, row.forecast)))
        for row in years
    ]  # fmt: skip
    names, *lines = figure_lines(("year", "budget", "spent", "forecast"), rows)
    yield ((names, "muted"),)
    for row, line in zip(years, lines, strict=True):
        over = row.forecast is not None and row.budget is not None and row.forecast > row.budget
        yield ((line, ""), ("  over budget" if over else "", "warning"))


def _outcomes(room: Room, outcomes: list[OutcomeEntry], withheld: str | None) -> Iterator[Line]:
    yield ()
    if not outcomes:
        yield heading("Outcomes", "")
        yield ((f"withheld: {withheld}", "muted") if withheld else ("no outcome", "error"),)
        return
    yield heading("Outcomes", f"{len(outcomes)}")
    for outcome in outcomes:
        yield from outcome_lines(outcome_node(outcome, room.portfolio), outcome)


def _gates(room: Room, record: Investment) -> Iterator[Line]:
    if record.gates:
        yield ()
        yield heading("Gates")
        for gate in record.gates:
            who = f" by {room.person(gate.approved_by)}" if gate.approved_by else ""
            yield ((f"  {gate.on or 'no date'}  {gate.gate}", ""), (who, "muted"))
    if record.waivers:
        yield ()
        yield heading("Waivers")
        for waiver in record.waivers:
            ended = waiver.has_ended(room.today)
            who = room.person(waiver.approved_by) or "nobody"
            yield (
                (f"  {waiver.rule} until {waiver.until or 'no end'}", "muted" if ended else ""),
                (" (ended)" if ended else "", "warning"),
                (f", approved by {who}: {waiver.reason or 'no reason'}", "muted"),
            )


def _dependencies(room: Room, item: Item) -> Iterator[Line]:
    """Return what it cannot do without, and what cannot do without it, one below the other."""
    facts = item.entry.facts
    drawn = (
        ("depends on", "← ", item.entry.record.depends_on),
        ("needed by", "→ ", facts.needed_by),
    )
    for label, arrow, names in drawn:
        for place, name in enumerate(dict.fromkeys(names)):
            other = room.items.get(name)
            wrong = "  stopped or retired" if name in facts.depends_on_over else ""
            if name in facts.dependency_circle:
                wrong += "  circle"
            text = f"{arrow}{name} {other.title if other is not None else 'not there'}"
            yield field(label if not place else "", text, (wrong, "warning"))


def _rest(record: Investment) -> Iterator[Line]:
    if record.business_changes:
        yield ()
        yield heading("Business changes")
        for text in record.business_changes:
            yield (("  " + text, ""),)
    custom = {k: v for k, v in record.custom.items() if k != IMPORTED}
    if custom:
        yield ()
        yield heading("Custom fields")
        for key, value in custom.items():
            yield field("  " + str(key), str(value))


# -- a business unit ---------------------------------------------------------------------------


def unit_lines(room: Room, unit: UnitEntry | None) -> list[Line]:
    """Return a business unit in full; the whole organisation where there is none."""
    if unit is None:
        facts = room.portfolio.organisation.facts
        unlinked = facts.spend_without_outcome / facts.spend_total if facts.spend_total else None
        return [
            field("spend", f"{money(facts.spend_total)} {room.currency}"),
            field("no outcome", percent(unlinked)),
            field("units", f"{len(facts.business_units):,}"),
            field("items", f"{facts.investment_count:,}"),
            field("people", f"{facts.people_count:,}"),
            field("rel. managers", f"{facts.relationship_manager_count:,}"),
            *_under_heading(room, room.findings_of_unit.get(None, ())),
        ]
    record, facts_ = unit.record, unit.facts
    lines = [
        field("head", *person_spans(room, record.head, "warning")),
        field("rel. manager", *person_spans(room, record.relationship_manager, "error")),
    ]
    health = room.health_of.get(record.id)
    if health is not None:
        shown = band(health.band)
        parts = (shown,) if isinstance(shown, str) else shown
        lines.append(field("health", *parts, f"  {score(health.score)}"))
        if health.capped_by is not None:
            lines.append(field("cap", (cap_effect(health, health.capped_by), "error")))
        for step in health.next_steps:
            role = SEVERITY_ROLES[step.finding.severity]
            lines.append(
                (
                    (f"  {points(step.points)} ", "ok"),
                    (step.finding.rule + " ", role),
                    (step.finding.message, ""),
                )
            )
    unlinked = facts_.spend_without_outcome / facts_.spend_total if facts_.spend_total else None
    lines += [
        field(
            "spend",
            f"{money(facts_.spend_total)} {room.currency}, {percent(unlinked)} with no outcome",
        ),
        field("items", f"{facts_.active_investment_count:,} active of {facts_.investment_count:,}"),
        field("findings", *counts_in_words(room.counts_in(record.id))),
        field("levels", _levels(facts_)),
        field("satisfaction", number(facts_.satisfaction)),
    ]
    lines += _engagements(room, unit)
    own = [
        f
        for f in room.findings_of_unit.get(record.id, ())
        if f.subject.kind not in ("investment", "outcome")
    ]
    lines += _under_heading(room, own)
    return lines


def _under_heading(room: Room, found: Iterable[Finding]) -> list[Line]:
    lines = findings_lines(room, found)
    return [(), heading("Findings"), *lines] if lines else []


def _levels(facts: BusinessUnitFacts) -> str:
    both = f"business {number(facts.level_business)}, IT {number(facts.level_it)}"
    given = [level for level in (facts.level_business, facts.level_it) if level is not None]
    if facts.level is None or (len(given) == 2 and facts.level == min(given)):
        return both
    return f"{both}: counts as {facts.level}, because one side has not answered"


def _engagements(room: Room, unit: UnitEntry) -> Iterator[Line]:
    facts = unit.facts
    yield ()
    counted = engagement_words(facts.engagement_count, facts.engagements_not_counted)
    yield heading("Engagements", counted)
    for entry in sorted(unit.engagements, key=lambda e: e.record.date, reverse=True)[:12]:
        record = entry.record
        odd = entry.facts.days_ago >= 0 and not entry.facts.counts
        yield (
            (f"  {record.date} {record.kind or ''} ", ""),
            (room.person(record.by), "muted"),
            ("  does not count" if odd else "", "warning"),
        )
        if record.summary:
            yield (("    " + record.summary, ""),)
        for action in record.actions:
            late = action.is_overdue(room.today)
            state: Span = (
                "done " if action.done else "open ",
                "ok" if action.done else "warning" if late else "",
            )
            when = f" by {action.due}" if action.due else ""
            yield (
                ("    ", ""),
                state,
                (action.what, ""),
                (f"  {room.person(action.owner)}{when}", "muted"),
            )
        for chance in record.opportunities:
            yield (
                (f"    {chance.state or 'raised'}: ", "muted"),
                (chance.statement or chance.id, ""),
            )
