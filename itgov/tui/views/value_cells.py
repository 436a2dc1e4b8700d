"""What stands in the cells of the line of sight, and one line or chain of it in full."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from msgspec import Struct

from itgov.insight.value_types import (
    Buckets,
    ItemNode,
    MoneyLine,
    OutcomeNode,
    ResultNode,
    ValueFigures,
)
from itgov.model.claims import Claim
from itgov.model.reach import GROUP_OF, IMPROVED, REACH_GROUPS, REACH_WORDS, REACHES, Reach
from itgov.report.figures import UNKNOWN, Marked, at, marks_of
from itgov.report.value_document import overdue_words, withheld_words
from itgov.report.value_words import claim_words
from itgov.tui.columns import ColumnOf, Columns
from itgov.tui.views.figures import count, money, number, part
from itgov.tui.views.formatting import named, unread_line, value_lines
from itgov.tui.views.item_page import field, heading
from itgov.tui.views.outcome_lines import REACH_ROLES, chain, outcome_lines, result_words
from itgov.tui.views.value_columns import CHAIN, ItemRow, TreeCells, share, tree_cells, withheld
from itgov.tui.views.value_rows import (
    UNLINKED,
    MoneyScope,
    Tab,
    ValueGroup,
    ValueRow,
    ValueRows,
)
from itgov.tui.widgets.styled_text import Cell, Exact, Line, Role, Span, spans

_BAR = 13
GLYPHS: dict[str, tuple[str, Role]] = {
    "unlinked": ("×", "error"), "uncounted": ("▓", "info"), "unimproved": ("▄", "accent"),
    "improved": ("█", "ok"),
}  # fmt: skip
"""By the groups that boards see."""
LEGEND = " ".join(f"{GLYPHS[g.key][0]}{g.title}" for g in REACH_GROUPS)


def reach_bar(buckets: Buckets, width: int) -> tuple[Span, ...]:
    """Return money by line of sight as a bar; whatever there is of a group has a column at least.

    It is unknown where there is no money, or where refunds are more than it.
    """
    whole = buckets.total
    if whole <= 0:
        return ((UNKNOWN, "muted"),)
    amounts = {g.key: sum(map(buckets.of, g.reaches)) for g in REACH_GROUPS}
    exact = {key: amount / whole * width for key, amount in amounts.items() if amount > 0}
    columns = {key: max(int(e), 1) for key, e in exact.items()}
    while sum(columns.values()) > width:
        widest = max(
            columns, key=lambda k: columns[k] - exact[k] if columns[k] > 1 else float("-inf")
        )
        columns[widest] -= 1
    for key in sorted(exact, key=lambda k: columns[k] - exact[k]):
        if sum(columns.values()) >= width:
            break
        columns[key] += 1
    said = {g.key: f"{g.title} {part(amounts[g.key], whole)}" for g in REACH_GROUPS}
    first = next(iter(columns))
    return tuple(
        (Exact(GLYPHS[key][0] * n, f"{'' if key == first else ', '}{said[key]}"), GLYPHS[key][1])
        for key, n in columns.items()
    )


class SumRow(Struct, frozen=True):
    """A sum of money as a row; `place` is where it stands where a tab has an order of its own."""

    line: MoneyLine
    name: str
    whole: bool
    place: int | None


def sums_of(rows: ValueRows, tab: Tab) -> dict[str, SumRow]:
    """Return the sums of a tab by row, all of it first."""
    total, ordered = rows.report.total, tab in ("year", "purpose")
    return {
        row: SumRow(
            line, rows.room.name if line is total else line.name, line is total,
            place if ordered else None,
        )
        for place, (row, line) in enumerate(rows.lines(tab).items())
    }  # fmt: skip


def _share(s: SumRow, *reaches: Reach) -> float:
    return s.line.budget.share(*reaches) or 0.0


def _of_value(
    key: str, width: int, drop: int, of: Callable[[ValueFigures], float]
) -> ColumnOf[SumRow]:
    def cell(s: SumRow) -> Cell:
        return money(of(s.line.value)) if s.line.value else ((UNKNOWN, "muted"),)

    def sort(s: SumRow) -> float:
        return -(of(s.line.value) if s.line.value else 0)

    return ColumnOf(key, key, width, right=True, drop=drop, cell=cell, sort=sort)


LINES: Columns[SumRow] = Columns(
    ColumnOf(
        "name", "name", 14, flex=3, cell=lambda s: ((s.name, "strong" if s.whole else ""),),
        sort=lambda s: s.name.lower() if s.place is None else s.place,
    ),
    ColumnOf(
        "items", "items", 5, right=True, drop=2,
        cell=lambda s: count(s.line.items), sort=lambda s: -s.line.items,
    ),
    ColumnOf(
        "budget", "budget", 7, right=True,
        cell=lambda s: money(s.line.budget.total), sort=lambda s: -s.line.budget.total,
    ),
    ColumnOf("bar", "line of sight", _BAR, cell=lambda s: reach_bar(s.line.budget, _BAR)),
    ColumnOf(
        "none", "no outcome", 11, right=True, sort=lambda s: -_share(s, "none"),
        cell=lambda s: part(s.line.budget.none, s.line.budget.total),
    ),
    ColumnOf(
        "improved", "improved", 8, right=True, sort=lambda s: _share(s, *IMPROVED),
        cell=lambda s: part(s.line.budget.improved, s.line.budget.total),
    ),
    ColumnOf(
        "actual", "actual", 7, right=True, drop=1,
        cell=lambda s: money(s.line.actual.total), sort=lambda s: -s.line.actual.total,
    ),
    _of_value("planned", 7, 4, lambda v: v.planned_to_date),
    _of_value("realised", 8, 3, lambda v: v.realised_to_date),
)  # fmt: skip


def cells_of(
    rows: ValueRows, row: ValueRow, group: ValueGroup | None, scope: MoneyScope, whole: float
) -> tuple[Cell, ...]:
    """Return the cells of a group, an item, an outcome or a result."""
    if row.item is None:
        if group is None:
            return ()
        told = _group(group, whole)
    elif row.result is not None:
        told = _result(row.result, row.outcome)
    elif row.outcome is not None:
        told = _outcome(rows, row.item, row.outcome)
    else:
        told = _item(rows, row.item, scope, whole)
    return tree_cells(told)


def _group(group: ValueGroup, whole: float) -> TreeCells:
    budget = group.budget.total
    role: Role = "error" if group.key == UNLINKED else "strong"
    return TreeCells(
        what=((group.name, role), (f"  {len(group.items):,}", "muted")),
        reach=reach_bar(group.budget, CHAIN), budget=money(budget),
        share=share(budget, whole), actual=money(group.actual.total),
    )  # fmt: skip


def _item(rows: ValueRows, item: ItemRow, scope: MoneyScope, whole: float) -> TreeCells:
    node = item.node
    amounts = rows.amounts(scope, item) or (0.0, 0.0)
    planned, realised = node.money.planned_to_date, node.money.realised_to_date
    marks = [mark for o in node.outcomes for mark in marks_of(o)]
    return TreeCells(
        what=((f"{node.id} ", "muted"), (node.title, ""), (withheld(node), "muted")),
        owner=named(item.owner), manager=named(item.manager),
        reach=chain(node.reach, marks), budget=money(amounts[0]),
        share=share(amounts[0], whole), actual=money(amounts[1]),
        planned=money(planned) if planned else "",
        realised=money(realised) if realised else "",
    )  # fmt: skip


def _outcome(rows: ValueRows, item: ItemRow, outcome: OutcomeNode) -> TreeCells:
    way = f"  {number(outcome.baseline)} → {number(outcome.target)} {outcome.unit or ''}".rstrip()
    twice = f"{item.node.id}/{outcome.id}" in rows.counted_less
    marks, late = marks_of(outcome), outcome.overdue
    due = outcome.due.isoformat() if outcome.due is not None else ""
    measure: Span = (outcome.measure, "") if outcome.measure else ("no measure", "warning")
    planned, realised = outcome.money.planned_to_date, outcome.money.realised_to_date
    return TreeCells(
        what=(measure, (way, "muted"), *_marked(outcome), ("  claimed twice" if twice else "", "warning")),
        reach=chain(outcome.reach, marks),
        due=((f"{due}{', overdue' if late else ''}", "warning" if late else ""),),
        planned=money(planned) if planned else "",
        realised=money(realised) if realised else "",
    )  # fmt: skip


def _marked(outcome: Marked) -> tuple[Span, ...]:
    return tuple((f"  {mark}", "warning") for mark in marks_of(outcome))


def _result(result: ResultNode, outcome: OutcomeNode | None) -> TreeCells:
    value = money(result.value) if result.value is not None else ""
    return TreeCells(what=result_words(result, outcome), realised=value)


# -- in full -----------------------------------------------------------------------------------

_NEXT: dict[Reach, str] = {
    "none": "Name an outcome for this spend.",
    "outcome": "Name the measure of the outcome.",
    "measure": "Record a baseline and a target.",
    "target": "Record a result.",
    "result": "Link the evidence of the result.",
    "evidence": "Decide what would improve it, or record its direction.",
    "moved": "",
    "met": "",
}  # fmt: skip
"""What takes a chain one step further."""


_WORDS = max(map(len, REACH_WORDS.values()))


def money_lines(rows: ValueRows, line: MoneyLine, scope: MoneyScope) -> list[Line]:
    """Return the money of a line by reach, the value that came back, and what is claimed twice."""
    budget, actual = line.budget.total, line.actual.total
    currency = rows.room.currency
    amounts = [a for s in (line.budget, line.actual) for a in (s.total, *map(s.of, REACHES))]
    wide = max(7, 1 + max(len(money(amount)) for amount in amounts))
    lines: list[Line] = [
        heading("Line of sight", currency),
        ((f"  {'':<{_WORDS}}{'budget':>{wide}}{'':>5}{'actual':>{wide}}", "muted"),),
    ]
    for reach in REACHES:
        b, a = line.budget.of(reach), line.actual.of(reach)
        sign, role = GLYPHS[GROUP_OF[reach].key]
        lines.append((
            (f"{sign} ", role),
            (f"{REACH_WORDS[reach]:<{_WORDS}}", REACH_ROLES[reach] if b or a else "muted"),
            (f"{money(b):>{wide}}{share(b, budget):>5}{money(a):>{wide}}", ""),
        ))  # fmt: skip
    totals = f"{money(budget):>{wide}}{'':>5}{money(actual):>{wide}}"
    lines.append(((f"  {'all':<{_WORDS}}{totals}", "strong"),))
    if line.overdue.budget or line.overdue.actual:
        late = overdue_words(line, rows.room.portfolio.grace_days)
        lines.append(((late, "warning"),))
    lines += _withheld(line)
    lines += [(), heading("Value")]
    if line.value is None:
        lines.append((("Money by period: `itgov value --curve year`.", "muted"),))
    else:
        lines += value_lines(line.value)
    lines += _claims(rows, scope)
    if rows.report.unread:
        lines += [(), unread_line(rows.report.unread)]
    return lines


def _withheld(line: MoneyLine) -> Iterator[Line]:
    for place, words in enumerate(withheld_words(line.withheld)):
        if not place:
            yield ()
        yield ((words, "muted"),)


def _claims(rows: ValueRows, scope: MoneyScope) -> Iterator[Line]:
    """Yield the benefits that more than one investment of a scope claims."""
    inside = rows.inside(scope)
    claims = [c for c in rows.report.claims if _touches(c, inside)]
    if not claims:
        return
    yield ()
    yield heading("Claimed twice, counted once", f"{len(claims):,}")
    for claim in claims:
        yield ((f"  {claim.measure}", ""), (f"  {money(claim.value)} a year", "muted"))
        yield ((f"    {claim_words(claim)}", "warning"),)


def _touches(claim: Claim, items: Collection[str]) -> bool:
    return any(name.rpartition("/")[0] in items for name in (claim.counted, *claim.others))


def _of_all(node: ItemNode) -> tuple[Span, ...]:
    """Say that an item reaches as far as the outcome that reaches least far."""
    return ((", all its outcomes at least", "muted"),) if len(node.outcomes) > 1 else ()


def chain_lines(rows: ValueRows, row: ValueRow, scope: MoneyScope) -> list[Line]:
    """Return the chain of an item in full: its money, each outcome, what is missing next."""
    item = row.item
    if item is None:
        return []
    node = item.node
    budget, actual = rows.amounts(scope, item) or (0.0, 0.0)
    lines: list[Line] = [
        ((at(node.place), "muted"),),
        field("unit", item.unit_name or item.unit),
        field("line of sight", *spans(chain(node.reach)), *_of_all(node)),
        field("budget", f"{money(budget)} {rows.room.currency}"),
        field("actual", f"{money(actual)} {rows.room.currency}"),
        field("outcome owner", rows.room.person(item.entry.record.outcome_owner) or "nobody"),
    ]
    for name in node.withheld:
        reason = item.entry.record.withheld.get(name) or "no reason"
        lines.append(field("withheld", f"{name}: {reason}"))
    if _NEXT[node.reach]:
        lines.append(field("next", (_NEXT[node.reach], "key")))
    for outcome, entry in zip(node.outcomes, item.entry.outcomes, strict=True):
        here = row.outcome is outcome
        claim = rows.counted_less.get(f"{item.node.id}/{outcome.id}")
        lines += [(), *outcome_lines(outcome, entry, "▌" if here else " ", claim)]
    return lines
