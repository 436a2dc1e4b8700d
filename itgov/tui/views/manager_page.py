"""One relationship manager's scorecard in full, or what there is to say of who has none."""

from __future__ import annotations

from collections.abc import Iterator

from itgov.insight.manager_types import Appraisal, Scorecard
from itgov.report.figures import at, money, per_post, percent
from itgov.report.manager_words import (
    appraisal_words,
    appraised_words,
    facts_of,
    reach_words,
)
from itgov.report.value_document import value_words
from itgov.report.words import plural
from itgov.tui.views.formatting import bar, finding_line
from itgov.tui.views.item_page import field, heading
from itgov.tui.views.manager_rows import EXPECTED, NOBODY, ManagerRows
from itgov.tui.widgets.styled_text import Line, Role, Span

_MET: dict[bool | None, Span] = {
    True: ("  ● ", "ok"), False: ("  ○ ", "warning"), None: ("  ? ", "muted"),
}  # fmt: skip
_NO_SUCH: Span = ("  ✗ ", "error")


def lines(rows: ManagerRows, row: str | None) -> list[Line]:
    """Return a scorecard in full, or what there is to say of who has none."""
    card = rows.cards.get(row or "")
    if card is not None:
        return [
            *_title(card), *_conflicts(rows, card), *_standing(rows, card), *_value(card),
            *_rest(card),
        ]  # fmt: skip
    if row == NOBODY:
        return _nobody(rows)
    person = rows.unlisted.get(row or "")
    if person is not None:
        return _unlisted(rows, person)
    return [] if rows.report.managers else list(_HOW_TO_LIST)


_HOW_TO_LIST: tuple[Line, ...] = (
    (("No one is listed under `relationship_managers`", "error"),),
    (("List the relationship managers in organisation.yaml:", ""),),
    (("  relationship_managers:", "accent"),),
    (("    - {person: a.person, serves: [a-unit], represents: customer}", "accent"),),
)


def _title(card: Scorecard) -> Iterator[Line]:
    yield ((at(card.place), "muted"),)
    odd: Span = ("  not the agreed title", "warning") if card.title_agreed is False else ("", "")
    yield field("title", card.title or "none", odd, ("  left" if card.left else "", "error"))


def _standing(rows: ManagerRows, card: Scorecard) -> Iterator[Line]:
    standing, load = card.standing, card.load
    yield ()
    units = ", ".join(rows.room.unit_name(u) for u in load.units)
    yield field("serves", units or ("no business unit", "warning"))
    through = f", {load.inherited:,} from their unit" if load.inherited else ""
    spend = f"{money(load.spend)} {rows.room.currency}".rstrip()
    yield field("load", f"{plural(load.items, 'active item')}{through}, {spend}")
    full = (
        f", {per_post(load.per_full_time)} items for a full-time post" if load.per_full_time else ""
    )
    yield field("dedication", f"{percent(load.dedication)}{full}")
    roles: dict[str, Role] = {
        "represents": "" if standing.represents == "customer" else "warning",
        "in the business": EXPECTED[standing.expectation],
    }
    agreed = f"  agreed: {standing.native_by}" if standing.native_by else ""
    for label, words in facts_of(card):
        note = agreed if label == "in the business" else ""
        yield field(label, (words, roles.get(label, "")), (note, "muted"))


def _conflicts(rows: ManagerRows, card: Scorecard) -> Iterator[Line]:
    if not card.conflicts:
        yield field("conflicts", "none")
        return
    yield heading("Conflicts of loyalty", f"{len(card.conflicts)}")
    for conflict in card.conflicts:
        yield (("  ✗ ", "error"), (f"{card.name} {conflict.words}", ""))
        for item in conflict.items:
            known = rows.room.items.get(item)
            yield ((f"      {item}  ", "muted"), (known.title if known else "", ""))


def _value(card: Scorecard) -> Iterator[Line]:
    yield ()
    yield heading("Value for money of the items served")
    ratio = card.benefits.ratio
    if ratio is not None:
        yield (
            (f"  {bar(ratio, 24)} ", "accent"),
            (f"{percent(ratio)} of the value due by now", ""),
        )
    for words in value_words(card.benefits):
        yield ((f"  {words}", ""),)
    yield ((f"  {reach_words(card.budget)}", ""),)
    yield ()
    yield heading("Appraised by", appraised_words(card.appraised_by))
    for appraisal in card.appraised_by:
        yield from _appraisal(appraisal)


def _appraisal(a: Appraisal) -> Iterator[Line]:
    sign = _MET[a.met] if a.known else _NO_SUCH
    yield (sign, (appraisal_words(a), ""))
    if a.measure:
        yield (("      ", ""), (a.measure, "muted"))


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
    report = rows.report
    spend = f"{money(report.uncovered_spend)} {rows.room.currency}".rstrip()
    found: list[Line] = [] if report.managers else [*_HOW_TO_LIST, ()]
    count = plural(report.uncovered, "active item")
    found += [
        ((f"{count} with spend of {spend} ", "error"),
         ("without a listed relationship manager, even from the unit:", "")),
        (),
    ]  # fmt: skip
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
