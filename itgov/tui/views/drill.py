"""Views whose panes lead into each other: `enter` goes deeper, `escape` comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from textual import events

from itgov.model.finding import Finding
from itgov.tui.state.room import item_of
from itgov.tui.state.selection import Target
from itgov.tui.views.base import View
from itgov.tui.widgets.page import Page
from itgov.tui.widgets.styled_text import Line
from itgov.tui.widgets.table import Table

Key = Callable[[str], object]
"""What a row is sorted by in a column."""


class DrillView(View):
    """A view of panes from the whole to the part.

    The view has the class `-at-<pane>` of the pane with the focus, so that its styles can hide what
    there is no room for in a small terminal; a hidden pane is shown when it is gone to.
    """

    def __init__(self) -> None:
        super().__init__()
        self.sorts: dict[str, tuple[str, bool]] = {}
        """By table, where it was asked for: the column it is sorted by, and whether downwards."""

    # -- panes -------------------------------------------------------------------------------

    def order(self) -> Sequence[str]:
        """Return the ids of the panes that can be gone to, from the whole to the part."""
        raise NotImplementedError

    def table(self, name: str) -> Table:
        """Return a table by its id."""
        return self.query_one(f"#{name}", Table)

    def go_into(self, name: str) -> None:
        """Focus a pane, shown if it was hidden."""
        self._at(name)
        self.query_one(f"#{name}").focus()

    def _at(self, name: str) -> None:
        zoomed = self.has_class("-zoomed")
        for pane in self.order():
            self.set_class(pane == name, f"-at-{pane}")
            if zoomed:
                self.query_one(f"#{pane}").set_class(pane == name, "-zoom")

    @property
    def at(self) -> str | None:
        """The id of the pane with the focus."""
        return next((p for p in self.order() if self.query_one(f"#{p}").has_focus), None)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Make room for the pane that is looked at."""
        name = event.widget.id
        if name is not None and name in self.order():
            self._at(name)
            self.entered(name)

    def entered(self, name: str) -> None:
        """Do what belongs to a pane getting the focus."""

    def _focus_by(self, step: int) -> None:
        order = self.order()
        at = self.at
        place = order.index(at) + step if at is not None else 0
        self.go_into(order[place % len(order)])

    def do_back(self) -> bool:
        """Leave the zoom or the marks, else come back from the part to the whole."""
        if super().do_back():
            return True
        order, at = self.order(), self.at
        if at is None or at == order[0] or self.first() is self.query_one(f"#{at}"):
            return False
        self.go_into(order[order.index(at) - 1])
        return True

    # -- sorting -----------------------------------------------------------------------------

    def sort_keys(self, table: str) -> Mapping[str, Key]:
        """Return what each column of a table is sorted by; others cannot be sorted by."""
        return {}

    def default_sort(self, table: str) -> str:
        """Return the column that a table is sorted by until somebody asks for another."""
        return ""

    def sorting(self, table: str) -> tuple[str, bool]:
        """Return the column that a table is sorted by, and whether downwards."""
        return self.sorts.get(table, (self.default_sort(table), False))

    def sorted_rows(self, table: str, rows: Sequence[str]) -> list[str]:
        """Return rows in the order that is asked for, and show that order in the head."""
        column, down = self.table(table).sorted_by = self.sorting(table)
        return sorted(rows, key=self.sort_keys(table)[column], reverse=down)  # type: ignore[arg-type]

    def on_table_sort_asked(self, message: Table.SortAsked) -> None:
        """Sort by the heading that was clicked."""
        message.stop()
        if message.table.id is not None and message.row is not None:
            self._sort(message.table.id, message.row)

    def sort_by(self, column: str) -> None:
        """Sort the focused table by a column, the other way round if it is sorted by that already."""
        table = self._sortable()
        if table is not None:
            self._sort(table, column)

    def do_sort_left(self) -> None:
        """Sort by the column before."""
        self._sort_step(-1)

    def do_sort_right(self) -> None:
        """Sort by the next column."""
        self._sort_step(1)

    def _sortable(self) -> str | None:
        at = self.at
        return at if at is not None and self.sort_keys(at) else None

    def _sort(self, table: str, column: str) -> None:
        if column not in self.sort_keys(table):
            return
        before, down = self.sorting(table)
        self.sorts[table] = (column, not down if before == column else False)
        if self.room is not None:
            self.fill(self.room)

    def _sort_step(self, step: int) -> None:
        table = self._sortable()
        if table is None:
            self.home.say("sort: there is only one order here", "warning")
            return
        keys = list(self.sort_keys(table))
        at = keys.index(self.sorting(table)[0]) + step
        self._sort(table, keys[at % len(keys)])


def pane(widget: Table | Page) -> Table | Page:
    """Return a widget as a pane: with a border and a title."""
    widget.add_class("pane")
    return widget


def notice(page: Page, lines: Sequence[Line]) -> None:
    """Show what has to be said before anything else; nothing takes no room."""
    page.display = bool(lines)
    page.show(lines)


def target_of(found: Finding) -> Target | None:
    """Return where the subject of a finding can be looked at."""
    item = item_of(found.subject)
    if item is not None:
        return Target("portfolio", "investment", item)
    if found.subject.kind == "relationship_manager":
        return Target("managers", "relationship_manager", found.subject.id)
    if found.business_unit is not None:
        return Target("portfolio", "business_unit", found.business_unit)
    return None
