"""One relationship manager's scorecard in full, or what there is to say of who has none."""

from __future__ import annotations

from collections.abc import Iterator

from itgov.insight.manager_types import Appraisal, Scorecard
from itgov.model.types import Represents
from itgov.report.blocks import Fact, text_of
from itgov.report.figures import at, money
from itgov.report.manager_words import (
    appraisal_words,
    appraised_words,
    load_facts,
    post_facts,
    side_of,
    signs_count,
    uncovered_words,
)
from itgov.tui.views.formatting import TONES, finding_line, value_lines
from itgov.tui.views.item_page import field, heading
from itgov.tui.views.manager_rows import NOBODY, ManagerRows
from itgov.tui.views.tenure_lines import tenure_lines
from itgov.tui.widgets.styled_text import Line, Span

_MET: dict[bool | None, Span] = {
    True: ("  ● ", "ok"), False: ("  ○ ", "warning"), None: ("  ? ", "muted"),
}  # fmt: skip
_SIDES: dict[Represents, Span] = {
    "customer": ("  ● ", "ok"), "middle": ("  ○ ", "warning"), "supplier": ("  ✗ ", "error"),
}  # fmt: skip
_NO_SUCH: Span = ("  ✗ ", "error")


def lines(rows: ManagerRows, row: str | None) -> list[Line]:
    """Return a scorecard in full, or what there is to say of who has none."""
    card = rows.cards.get(row or "")
    if card is not None:
        return [
            *_title(card), *_signs(rows, card), *_facts(rows, card), *_value(card),
            *_tenure(rows, card.person), *_rest(card),
        ]  # fmt: skip
    if row == NOBODY:
        return _nobody(rows)
    person = rows.unlisted.get(row or "")
    if person is not None:
        return _unlisted(rows, person)
    return [] if rows.report.managers else list(_HOW_TO_LIST)


_HOW_TO_LIST: tuple[Line, ...] = (
    (("No one is listed under `relationship_managers`", "error"),),
    (("Add the relationship managers to organisation.yaml:", ""),),
    (("  relationship_managers:", "accent"),),
    (("    - {person: a.person, serves: [a-unit], represents: customer}", "accent"),),
)


def _title(card: Scorecard) -> Iterator[Line]:
    yield ((at(card.place), "muted"),)
    odd: Span = ("  not the agreed title", "warning") if card.title_agreed is False else ("", "")
    yield field("title", card.title or "none", odd, ("  left" if card.left else "", "error"))


def _facts(rows: ManagerRows, card: Scorecard) -> Iterator[Line]:
    facts: list[Fact] = [
        *load_facts(card, rows.room.currency),
        *post_facts(card, rows.room.unit_name),
    ]
    wide = max(len(fact.label) for fact in facts) + 2
    yield ()
    for fact in facts:
        words = text_of(fact.words)
        yield ((f"{fact.label:<{wide}}", "muted"), (words, TONES[fact.tone]))


def _signs(rows: ManagerRows, card: Scorecard) -> Iterator[Line]:
    if not card.signs:
        yield field("signs", "none recorded")
        return
    yield heading("Signs of whom they speak for", f"{signs_count(card)} for the customer")
    for sign in (*card.against, *(s for s in card.signs if s.side == "customer")):
        yield (_SIDES[sign.side], (sign.says, ""), (f"  {side_of(sign)}", "muted"))
        yield ((f"      {at(sign.place)}", "muted"),)
        for item in sign.items:
            known = rows.room.items.get(item)
            yield ((f"      {item}  ", "muted"), (known.title if known else "", ""))


def _value(card: Scorecard) -> Iterator[Line]:
    yield ()
    yield heading("Value for money of the items served")
    yield from value_lines(card.value, "  ")
    yield ()
    yield heading("Appraised by", appraised_words(card.appraised_by))
    for appraisal in card.appraised_by:
        yield from _appraisal(appraisal)


def _appraisal(a: Appraisal) -> Iterator[Line]:
    sign = _MET[a.met] if a.known else _NO_SUCH
    yield (sign, (appraisal_words(a), ""))
    if a.measure:
        yield (("      ", ""), (a.measure, "muted"))


def _tenure(rows: ManagerRows, person: str) -> Iterator[Line]:
    card = rows.room.tenure.cards.get(person)
    if card is not None:
        yield from tenure_lines(rows.room, card)


def _rest(card: Scorecard) -> Iterator[Line]:
    if not card.findings:
        return
    yield ()
    yield heading("Findings", f"{len(card.findings)}")
    for f in card.findings:
        yield (("  ", ""), *finding_line(f))
        yield ((f"      {f.path}:{f.line}", "muted"),)
        if f.fix and not f.waived:
            yield (("      fix: ", "muted"), (f.fix, "muted"))


def _nobody(rows: ManagerRows) -> list[Line]:
    found: list[Line] = [] if rows.report.managers else [*_HOW_TO_LIST, ()]
    found += [((f"{uncovered_words(rows.report)}:", "error"),), ()]
    for identifier in rows.uncovered():
        item = rows.room.items[identifier]
        found.append((
            (f"  {item.id}  ", "muted"), (item.title, ""), (f"  {rows.room.unit_name(item.unit)}", "muted"),
            (f"  {money(item.spend)}", ""),
        ))  # fmt: skip
    return found


def _unlisted(rows: ManagerRows, person: str) -> list[Line]:
    units, items = rows.naming(person)
    found: list[Line] = [
        ((f"{rows.room.person(person)} is named as relationship manager, but is not listed as one.", "error"),),
        (("List them under `relationship_managers` in organisation.yaml, or name a listed one.", ""),),
        (),
    ]  # fmt: skip
    found += [field("unit", rows.room.unit_name(u)) for u in units]
    for identifier in items:
        found.append(((f"  {identifier}  ", "muted"), (rows.room.items[identifier].title, "")))
    return found
