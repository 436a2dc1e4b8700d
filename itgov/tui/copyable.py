"""What of a selection can be copied: id, place, row, message, the YAML of it."""

from __future__ import annotations

import textwrap

from msgspec import Struct

from itgov.files.document import Document
from itgov.model.finding import item_of
from itgov.model.portfolio import Source
from itgov.tui.state.room import Room
from itgov.tui.state.selection import Selection
from itgov.tui.widgets.table import Table


class Copyable(Struct, frozen=True):
    """One thing that can be copied, and what it is called."""

    id: str
    label: str
    text: str


def copyables(room: Room, chosen: Selection, table: Table | None) -> list[Copyable]:
    """Return what can be copied of a selection, the most wanted first."""
    found: list[Copyable] = []
    if chosen.marked:
        found.append(Copyable("marked", f"{len(chosen.marked):,} marked ids", "\n".join(chosen.marked)))  # fmt: skip
    if chosen.id:
        found.append(Copyable("id", "id", chosen.id))
    if chosen.finding is not None:
        f = chosen.finding
        found.append(Copyable("message", "finding", f"{f.rule} {f.message}"))
        found.append(Copyable("finding-place", "its place", f"{f.path}:{f.line}"))
    if chosen.place is not None and (
        chosen.finding is None or chosen.place != chosen.finding.place
    ):
        found.append(Copyable("place", "place", f"{chosen.place.path}:{chosen.place.line}"))
    if table is not None and table.cursor in table.rows and table.cursor is not None:
        found.append(Copyable("row", "row", table.row_text(table.cursor)))
    text = yaml_of(room, chosen)
    if text:
        found.append(Copyable("yaml", "YAML", text))
    return found


def yaml_of(room: Room, chosen: Selection) -> str | None:
    """Return a selection as its file has it, moved to the left margin."""
    source = _source(room, chosen)
    document = room.governed.linked.documents.get(source.path) if source is not None else None
    if source is None or document is None:
        return None
    entry = document.find(source.route)
    return cut_out(document, entry) if entry is not None else None


def cut_out(document: Document, entry: int) -> str:
    """Return an entry of a file in its own layout and with its comments, without its indent."""
    text = document.text
    start, end = document.values[entry], document.ends[entry]
    column = start - (max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1)
    piece = text[start:end].replace("\r\n", "\n").rstrip()
    return textwrap.dedent(" " * column + piece) + "\n"


def _source(room: Room, chosen: Selection) -> Source | None:
    portfolio = room.portfolio
    kind, key = chosen.kind, chosen.id or ""
    if kind == "outcome" and chosen.finding is not None:
        key, kind = item_of(chosen.finding.subject) or "", "investment"
    if kind == "investment" and key in room.items:
        return room.items[key].entry.source
    if kind == "business_unit" and key in portfolio.units:
        return portfolio.units[key].source
    if kind == "person" and key in portfolio.people:
        return portfolio.people[key].source
    if kind == "relationship_manager" and key in portfolio.managers:
        return portfolio.managers[key].source
    if chosen.investment in room.items:
        return room.items[chosen.investment].entry.source
    return None
