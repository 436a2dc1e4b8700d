"""What the roadmap says of the selected item or group: dates, dependencies, what is due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from itgov.insight.due_types import DUE_WORDS, Due
from itgov.insight.items import Item
from itgov.insight.roadmap import Dependency, MarkKind, dependency_problems
from itgov.tui.state.room import Room
from itgov.tui.state.time_axis import LATE, LEGEND, LETTERS
from itgov.tui.views.formatting import named
from itgov.tui.views.item_page import field
from itgov.tui.views.roadmap_rows import RoadmapRow, RoadmapRows
from itgov.tui.widgets.styled_text import Cell, Line, Role, Span, spans, text_of

NEEDED, WAITING, BOTH = "←", "→", "↔"
"""On the row of what the selected item depends on, of what depends on it, and of what does both."""
_LINKS = (
    (NEEDED, "needed by selected"), (WAITING, "depends on it"), (BOTH, "both"),
)  # fmt: skip
_PAST: tuple[MarkKind, ...] = ("gate", "reviewed")
"""What is listed after what is due."""
_MOST = 100


def legend_lines(width: int) -> list[Line]:
    """Return each sign with its word, as many on a line as there is room for."""
    entries: list[Line] = [((sign, role), (f" {words}", "muted")) for sign, role, words in LEGEND]
    entries += [((sign, "key"), (f" {words}", "muted")) for sign, words in _LINKS]
    lines: list[list[Span]] = [[]]
    used = 0
    for entry in entries:
        length = len(text_of(entry)) + 2
        if lines[-1] and used + length - 2 > width:
            lines.append([])
            used = 0
        lines[-1] += [*entry, ("  ", "")]
        used += length
    return [tuple(line) for line in lines]


def item_lines(room: Room, rows: RoadmapRows, row: RoadmapRow) -> list[Line]:
    """Return an item's people, its dependencies, what is wrong with its dates, and each date."""
    item, dates = rows.rows[row.item.id].item, row.dates
    manager = spans(named(item.manager))
    lines = [field("owner", *spans(named(item.owner)), ("  manager ", "muted"), *manager)]
    start, end = dates.start, dates.end
    whole: Cell = f"{start or 'no start date'} to {end or 'no end date'}"
    if dates.is_reversed:
        whole = ((f"{text_of(whole)}: it ends before its start", "error"),)
    lines.append(
        field("period", *spans(whole), (f"  {item.stage or 'stage not recorded'}", "muted"))
    )
    lines += _dependencies(room, rows, row)
    for mark in sorted(dates.marks, key=lambda mark: mark.kind in _PAST):
        if mark.kind != "dependency":  # which stands above
            late: Span = ("  overdue", "error") if mark.late else ("", "")
            label = f"{mark.day} {LETTERS[mark.kind]}"
            lines.append(field(label, (mark.words, "error" if mark.late else ""), late))
    if not dates.is_dated:
        lines.append(
            (("No date is recorded; d sets the next review, ctrl+e any other.", "warning"),)
        )
    return lines


def _dependencies(room: Room, rows: RoadmapRows, row: RoadmapRow) -> Iterator[Line]:
    entry = row.item.entry
    for needed in dependency_problems(entry, rows.entries):
        yield field("depends on", *_dependency(room, needed.id, needed))
    for name in entry.facts.needed_by:
        others = (
            dependency_problems(rows.entries[name], rows.entries) if name in rows.entries else []
        )
        found = next((d for d in others if d.id == row.item.id), Dependency(row.item.id))
        yield field("needed by", *_dependency(room, name, found))


def _dependency(room: Room, name: str, found: Dependency) -> Sequence[Span]:
    other = room.items.get(name)
    return (
        (f"{name} {other.title if other is not None else ''}".rstrip(), ""),
        (f"  ! {found.problem}" if found.problem else "", "error"),
        (f"  {found.unknown}" if found.unknown else "", "warning"),
    )


def due_lines(room: Room, dues: Iterable[Due]) -> list[Line]:
    """Return what is due, a line for each, and how much is not shown."""
    known = list(dues)
    lines: list[Line] = []
    for due in known[:_MOST]:
        role: Role = "error" if due.late else ""
        who = room.person(due.person) or "nobody"
        lines.append(
            field(
                str(due.day),
                (f"{DUE_WORDS[due.kind]}: {due.what}", role),
                ("  overdue" if due.late else "", "error"),
                (f"  {due.subject.id}, {who}", "muted"),
            )
        )
    if len(known) > _MOST:
        lines.append(((f"{len(known) - _MOST:,} more are not shown here", "warning"),))
    return lines or [(("Nothing is due.", "muted"),)]


def link_signs(item: Item | None, rows: RoadmapRows) -> dict[str, Span]:
    """Return by id the signs of what an item depends on, and of what depends on it."""
    if item is None:
        return {}
    signs = {d.id: (NEEDED, bool(d.problem)) for d in dependency_problems(item.entry, rows.entries)}
    for name in item.entry.facts.needed_by:
        others = dependency_problems(rows.entries[name], rows.entries)
        late = any(d.id == item.id and d.problem for d in others)
        sign, too = signs.get(name, (WAITING, False))
        signs[name] = (BOTH if sign == NEEDED else WAITING, late or too)
    return {
        name: (f"{sign}{LATE if late else ' '}", "error" if late else "key")
        for name, (sign, late) in signs.items()
    }
