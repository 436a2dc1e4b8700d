"""One subject, to be read from the other end of a room: its title, who answers for it, what it is for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from itgov.insight.items import Item
from itgov.insight.value_types import ItemNode
from itgov.model.fields import choice_words, holders
from itgov.model.portfolio import OutcomeEntry
from itgov.model.reach import REACH_WORDS
from itgov.model.text import plural
from itgov.report.blocks import text_of
from itgov.report.figures import money, number, score
from itgov.report.manager_words import post_facts
from itgov.report.value_words import money_parts
from itgov.tui.state.room import Room
from itgov.tui.views.formatting import TONES, band
from itgov.tui.views.item_page import person_spans, unlisted
from itgov.tui.views.outcome_lines import REACH_ROLES
from itgov.tui.widgets.large_text import large
from itgov.tui.widgets.styled_text import Line, Span, spans, wrap

_LABEL = 24
_TITLE, _LEAST_TITLE = 30, 7
"""Most lines of a title in large letters: of a hundred of the screen, and however low that is."""
_ONE_LINE = 3
"""Lines of a line of large letters, which is what a fact may take."""
_SIZES = ((2, 1, True), (2, 0, True), (1, 1, True), (1, 0, True), (1, 0, False), (0, 0, True))
"""What is tried: dots of the title's letters, of the facts' (0: small letters), and gaps between."""
Fact = tuple[str, Line]
"""A label, and what is said of it."""


class Presented(Struct, frozen=True):
    """A subject as it is presented; what is said of each outcome is the most telling first."""

    title: str
    about: str
    facts: tuple[Fact, ...]
    outcomes: tuple[tuple[Line, ...], ...] = ()
    no_outcome: bool = False
    """Whether it should have an outcome and has none."""
    decision: Line = ()
    """What was decided on it in the open session; nothing where it is on no agenda."""
    time: str = ""
    """How long it has been looked at, in minutes and seconds."""


def presented(room: Room, kind: str | None, identifier: str | None) -> Presented | None:
    """Return what is presented of a subject; None where there is no such."""
    if identifier is None:
        return None
    if kind in ("investment", "outcome"):
        item = room.items.get(identifier)
        return _item(room, item) if item is not None else None
    if kind == "business_unit":
        return _unit(room, identifier)
    if kind == "relationship_manager":
        return _manager(room, identifier)
    return _person(room, identifier) if kind == "person" else None


def _item(room: Room, item: Item) -> Presented:
    record = item.entry.record
    withheld = record.withheld.get("outcomes")
    node = next((n for n in room.tree[item.unit].items if n.id == item.id), None)
    answering = tuple(
        (role.label.capitalize(), person_spans(room, getattr(record, role.name), "error"))
        for role in holders(type(record))
        if role.meaning.mandatory
    )
    return Presented(
        item.title,
        f"{item.id}  {record.type}",
        (
            ("Business unit", ((item.unit_name, "strong"),)),
            *answering,
            ("Spend", _spend(room, item, node)),
            *_value(node),
            *((("Outcomes", ((f"withheld: {withheld}", "muted"),)),) if withheld else ()),
        ),
        tuple(tuple(_outcome(o)) for o in item.entry.outcomes),
        no_outcome=not item.entry.outcomes and not withheld,
    )


def _spend(room: Room, item: Item, node: ItemNode | None) -> Line:
    if "spend" in item.entry.record.withheld:
        return ((f"withheld: {item.entry.record.withheld['spend']}", "muted"),)
    if not item.entry.record.spend:
        return (("not recorded", "warning"),)
    spent = f", {money(node.spend_to_date)} spent to date" if node is not None else ""
    return ((f"{money(item.spend)} {room.currency}", "strong"), (spent, ""))


def _value(node: ItemNode | None) -> Iterator[Fact]:
    parts = money_parts(node.money) if node is not None else []
    if parts:
        yield (
            "Value",
            ((parts[0], "strong"), (f"; {'; '.join(parts[1:])}" if parts[1:] else "", "")),
        )


def _outcome(outcome: OutcomeEntry) -> Iterator[Line]:
    record, facts = outcome.record, outcome.facts
    unit = f" {record.unit}" if record.unit else ""
    late: Span = (", overdue" if facts.overdue else "", "warning")
    yield ((record.statement or record.id, "strong"),)
    if facts.latest_actual is not None:
        said = f"{number(facts.latest_actual)}{unit} on {facts.latest_date}: "
        yield (("Result  ", "muted"), (said, ""), _reach(outcome))
    else:
        yield (("Result  ", "muted"), _reach(outcome), late)
    if record.measure:
        due = f", due {record.due}" if record.due is not None else ", no due date"
        goal = f": from {number(record.baseline)} to {number(record.target)}{unit}{due}"
        yield ((f"{record.measure}{goal}", ""),)


def _reach(outcome: OutcomeEntry) -> Span:
    reach = outcome.facts.line_of_sight
    return REACH_WORDS[reach].lower(), REACH_ROLES[reach]


def _unit(room: Room, identifier: str) -> Presented | None:
    unit = room.portfolio.units.get(identifier)
    if unit is None:
        return None
    health = room.health_of.get(identifier)
    told: list[Fact] = [
        ("Head", person_spans(room, unit.record.head, "warning")),
        ("Relationship manager", person_spans(room, unit.record.relationship_manager, "error")),
    ]
    if health is not None:
        told.append(
            (
                "Engagement health",
                (*spans(band(health.band)), (f"  {score(health.score)}", "strong")),
            )
        )
        step = next(iter(health.next_steps), None)
        if step is not None:
            told.append(("Best next step", ((step.finding.message, ""),)))
    told.append(("Spend", ((f"{money(unit.facts.spend_total)} {room.currency}", "strong"),)))
    told.append(("Items", ((f"{unit.facts.active_investment_count:,} active", ""),)))
    return Presented(unit.name, f"{identifier}  business unit", tuple(told))


def _manager(room: Room, identifier: str) -> Presented:
    card = next((c for c in room.managers.managers if c.person == identifier), None)
    if card is None:
        return _person(room, identifier)
    told = tuple(
        (fact.label.capitalize(), ((text_of(fact.words), TONES[fact.tone]),))
        for fact in post_facts(card, room.unit_name)
    )
    return Presented(room.person(identifier), f"{identifier}  relationship manager", told)


def _person(room: Room, identifier: str) -> Presented:
    entry = room.portfolio.people.get(identifier)
    if entry is None:
        return Presented(identifier, unlisted(identifier), ())
    record = entry.record
    unit = room.unit_name(record.business_unit) if record.business_unit else "not recorded"
    told: list[Fact] = [
        ("Business unit", ((unit, ""),)),
        ("Side", ((choice_words(record.side) if record.side else "not recorded", ""),)),
    ]
    if record.left is not None:
        told.append(("Left", ((str(record.left), "error"),)))
    return Presented(entry.name, f"{identifier}  person", tuple(told))


# -- as lines of a screen ------------------------------------------------------------------------


def presented_lines(what: Presented, width: int, height: int) -> list[Line]:
    """Return it as large as it fits; where it does not even fit small, the outcomes left out are counted."""
    small = _rows(((what.title, "strong"),), width)
    for title, facts, roomy in _SIZES:
        drawn = large(what.title, width, title) if title else None
        if title and (drawn is None or len(drawn) > max(height * _TITLE // 100, _LEAST_TITLE)):
            continue
        head: list[Line] = [((row or " ", "strong"),) for row in drawn] if drawn else small
        lines = _lines(what, head, width, facts, roomy=roomy, most=len(what.outcomes))
        if len(lines) <= height:
            return lines
    for most in range(len(what.outcomes), -1, -1):
        lines = _lines(what, small, width, 0, roomy=False, most=most)
        if len(lines) <= height:
            break
    return lines


def _lines(
    what: Presented, head: Sequence[Line], width: int, facts: int, *, roomy: bool, most: int
) -> list[Line]:
    """Return it below its title, facts in letters of a size (0: small ones)."""
    gap: list[Line] = [()] if roomy else []
    lines: list[Line] = [*gap, *head, *gap, ((what.about, "muted"),), ()]
    for label, said in what.facts:
        lines += [*_fact(label, said, width, facts), *gap]
    lines += [] if roomy else [()]
    lines += _outcomes(what, width, gap, most)
    if what.decision:
        lines += [*_fact("Decision", what.decision, width, facts), *gap]
    if what.time:
        lines += _fact("Time spent", ((what.time, "strong"),), width, 1 if roomy else 0)
    return lines


def _outcomes(what: Presented, width: int, gap: list[Line], most: int) -> Iterator[Line]:
    if what.no_outcome:
        yield from _fact("Outcome", (("no outcome", "error"),), width, 0)
        yield from gap
    for place, said in enumerate(what.outcomes[:most]):
        label = "Outcome" if len(what.outcomes) == 1 else f"Outcome {place + 1}"
        for number_, line in enumerate(said):
            yield from _fact(label if not number_ else "", line, width, 0)
        yield from gap
    left = len(what.outcomes) - most
    if left > 0:
        why = ": no space here" if width >= 40 else ""
        yield (("", ""), (f"{plural(left, 'more outcome')}{why}", "warning"))


def _fact(label: str, said: Line, width: int, dots: int) -> Iterator[Line]:
    """Yield a label and what is said; in large letters what comes first, the rest below it."""
    beside = min(_LABEL, width // 3)
    (first, role), *others = said
    drawn = large(first, width - beside, dots) if dots else None
    if drawn is None or len(drawn) > _ONE_LINE:
        rows = _rows(said, width - beside)
    else:
        rows = [((row, role),) for row in drawn]
        rest = tuple((text.lstrip(" ,;"), role) for text, role in others if text.strip())
        rows += _rows(rest, width - beside) if rest else []
    for place, row in enumerate(rows):
        yield ((f"{label if not place else '':<{beside}}"[:beside], "muted"), *row)


def _rows(said: Line, width: int) -> list[Line]:
    return [tuple(row) for row in wrap(said, width)]
