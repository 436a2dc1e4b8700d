"""The relationship managers: whom they serve, where they stand, and what came of it."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.widget import Widget

from itgov.model.stages import OVER
from itgov.model.text import plural
from itgov.tui.state.room import Room
from itgov.tui.state.row_filter import RowFilter
from itgov.tui.state.selection import ALL, Selection, Target
from itgov.tui.views.base import View
from itgov.tui.views.drill_view import DrillView
from itgov.tui.views.manager_page import lines
from itgov.tui.views.manager_rows import (
    MANAGERS,
    NOBODY,
    ManagerRows,
    cells,
    measured,
    row_of,
    row_of_unlisted,
)
from itgov.tui.widgets.page import Page
from itgov.tui.widgets.panes import Stacked
from itgov.tui.widgets.table import Table


class ManagersView(DrillView):
    """The scorecards, worst first, and one of them in full."""

    NAME: ClassVar[str] = "managers"
    ORDER = ("managers", "card")
    FIELDS = MANAGERS.fields
    SORTED_BY = {"managers": "against"}  # the worst first
    SCOPED_CSS = False

    DEFAULT_CSS = """
    ManagersView #managers { height: auto; max-height: 50%; min-height: 4; }
    ManagersView #card { height: 1fr; }
    .-short ManagersView #managers { height: 1fr; max-height: 100%; }
    .-short ManagersView #card, .-short ManagersView.-at-card #managers { display: none; }
    .-short ManagersView.-at-card #card { display: block; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.rows: ManagerRows | None = None

    def compose(self) -> ComposeResult:
        """Make a table and a page."""
        with Stacked():
            empty = "No one is listed under `relationship_managers`."
            yield Table(MANAGERS.shown, empty=empty, id="managers").add_class("pane")
            yield Page(id="card").add_class("pane")

    def first(self) -> Widget:
        """Begin with the table."""
        return self.table("managers")

    # -- rows --------------------------------------------------------------------------------

    def fill(self, room: Room) -> None:
        """Show the scorecards, worst first, then who is named without one, then what nobody serves."""
        if self.rows is None or self.rows.room is not room:
            self.rows = ManagerRows(room)
            self.table("managers").measure(measured(self.rows))
        rows, table = self.rows, self.table("managers")
        found = self.sought.select(rows.search.items())
        served = {row: rows.served[row] for row in found if row in rows.served}
        cards = self.sorted_rows("managers", MANAGERS, served)
        shown = [*cards, *(row for row in found if row not in rows.cards)]
        self.found = (len(found), len(rows.search))
        count = len(rows.cards)
        table.empty = "No match." if self.filter_text else table.empty
        table.show(shown, lambda row: cells(rows, row), wanted=self.sought.highlights)
        table.refresh(layout=True)
        parts = [
            f"{sum(bool(c.against) for c in rows.cards.values()):,} with signs for another side"
        ]
        late = sum(c.standing.expectation == "overdue" for c in rows.cards.values())
        parts.append(f"{late:,} overdue")
        if rows.unlisted:
            parts.append(f"{len(rows.unlisted):,} named but not listed")
        if rows.report.uncovered:
            parts.append(f"{plural(rows.report.uncovered, 'item')} without one")
        head = f"Managers {count:,}: {', '.join(parts)}"
        self.title(table, head, self.filter_words if self.filter_text else "")
        self._show_card()

    def _show_card(self) -> None:
        page, rows = self.query_one("#card", Page), self.rows
        if rows is None:
            return
        row = self.table("managers").cursor
        card = rows.cards.get(row or "")
        name = rows.room.person(rows.unlisted.get(row or "")) if card is None else card.name
        self.title(page, "Items without a manager" if row == NOBODY else name)
        page.show(lines(rows, row))

    # -- selection ---------------------------------------------------------------------------

    def searched(self) -> RowFilter[str] | None:
        """Return the managers."""
        return RowFilter(self.rows.search.items()) if self.rows is not None else None

    def selection(self) -> Selection:
        """Return the relationship manager that the cursor is on."""
        rows, row = self.rows, self.table("managers").cursor or ""
        if rows is None:
            return Selection()
        card = rows.cards.get(row)
        if card is None:
            person = rows.unlisted.get(row)
            return Selection(kind="person", id=person, person=person) if person else Selection()
        return Selection(
            kind="relationship_manager",
            id=card.person,
            unit=card.load.units[0] if len(card.load.units) == 1 else None,
            person=card.person,
            place=card.place,
        )

    def go_to(self, target: Target) -> bool:
        """Select a relationship manager, or the one that serves a unit."""
        rows, table = self.rows, self.table("managers")
        if rows is None:
            return False
        person = target.id
        if target.kind == "business_unit":
            unit = rows.room.portfolio.units.get(target.id)
            person = unit.record.relationship_manager or "" if unit is not None else ""
        wanted = (row_of(person), row_of_unlisted(person))
        if self.filter_text and not any(row in table.rows for row in wanted):
            self.set_filter("")
        return any(table.select(row) for row in wanted)

    def on_table_moved(self, message: Table.Moved) -> None:
        """Show another one in full."""
        message.stop()
        self._show_card()
        self.post_message(self.Changed())

    def on_table_opened(self, message: Table.Opened) -> None:
        """Go to what the relationship manager serves."""
        message.stop()
        rows, row = self.rows, message.row or ""
        if rows is None:
            return
        if row == NOBODY:
            wanted = " ".join(["served:-", *(f"!stage:{stage}" for stage in OVER)])
        elif row in rows.cards:
            wanted = f"served:{_quoted(rows.cards[row].person)}"
        else:
            wanted = f"manager:{_quoted(rows.unlisted.get(row, ''))}"
        self.post_message(View.GoTo(Target("portfolio", "business_unit", ALL, wanted)))


def _quoted(identifier: str) -> str:
    return f'"{identifier}"' if not identifier or " " in identifier else identifier
