"""What all views have in common: a room to show, a filter, something selected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from itgov.model.filter_query import Kind, Query, parse
from itgov.tui.background.idle_tasks import IdleTask
from itgov.tui.columns import ColumnOf, Columns
from itgov.tui.state.room import Room
from itgov.tui.state.row_filter import RowFilter
from itgov.tui.state.selection import Selection, Target
from itgov.tui.widgets.panes import Panes
from itgov.tui.widgets.styled_text import safe
from itgov.tui.widgets.table import Table

if TYPE_CHECKING:
    from itgov.tui.room_app import RoomApp

Row = TypeVar("Row")


class View(Panes):
    """A view of the room.

    A subclass composes tables and pages with the class `pane`, and fills them in `fill`.  `FIELDS`
    are those that its filter can name.  `show` is called with every new room; cursors are kept by
    id.
    """

    NAME: ClassVar[str]
    FIELDS: ClassVar[Mapping[str, Kind]] = {}
    SORTED_BY: ClassVar[Mapping[str, str]] = {}
    """By table, the column that it is sorted by until another is asked for."""
    FILTERED: ClassVar[str] = ""
    """The table whose rows are filtered, by its id; empty where all of the view follow the filter."""

    class Changed(Message):
        """The selection, the filter or the count is another."""

    class GoTo(Message):
        """Somewhere else is to be shown."""

        def __init__(self, target: Target) -> None:
            super().__init__()
            self.target = target

    def __init__(self) -> None:
        super().__init__(id=f"view-{self.NAME}")
        self.room: Room | None = None
        self.sought = Query()
        self.filter_text = ""
        self.sorts: dict[str, tuple[str, bool]] = {}
        """By table, where it was asked for: the column it is sorted by, and whether downwards."""
        self.found: tuple[int, int] | None = None
        """How many rows are shown, of how many."""

    @property
    def home(self) -> RoomApp:
        """The app that this view is a part of."""
        return cast("RoomApp", self.app)

    # -- for subclasses ----------------------------------------------------------------------

    def fill(self, room: Room) -> None:
        """Show the room's rows, as filtered and sorted."""

    def filter_rows(self, room: Room) -> None:
        """Show the rows for another filter: only what it touches, for it comes with every letter."""
        self.fill(room)

    def show_history(self) -> None:
        """Show what is known of the git history now, where this view shows any of it."""

    def history_progress(self, done: float) -> None:
        """Show how far measuring the git history is, where this view waits for it."""

    def idle_tasks(self, room: Room) -> Iterable[IdleTask]:
        """Return what can be prepared for keys that may come, in pieces that take a few frames."""
        return ()

    def searched(self) -> RowFilter[Any] | None:
        """Return the rows that a filter looks through: what stands in their fields completes it."""
        return None

    def selection(self) -> Selection:
        """Return what the cursor is on."""
        return Selection()

    def go_to(self, target: Target) -> bool:
        """Put the cursor on a target; return whether it is there."""
        return False

    def unsaved(self) -> str:
        """Return what the view holds that would be lost with the room, in words; else nothing."""
        return ""

    def first(self) -> Widget | None:
        """Return the pane to focus when the view is first shown."""
        return next(iter(self.panes()), None)

    # -- for the room ------------------------------------------------------------------------

    def show(self, room: Room) -> None:
        """Show another state of the portfolio."""
        self.room = room
        self.fill(room)
        self.post_message(self.Changed())

    @property
    def filter_words(self) -> str:
        """The filter as it stands on a border, with what of it is not understood."""
        problem = f"  {self.sought.problem}" if self.sought.problem else ""
        return f"/{self.filter_text}{problem}" if self.filter_text else ""

    def query_of(self, text: str) -> Query:
        """Return what a filter means in this view today."""
        return parse(text, self.FIELDS, self.room.today if self.room is not None else None)

    def set_filter(self, text: str) -> None:
        """Filter by what is typed."""
        self.filter_text = text
        self.sought = self.query_of(text)
        if self.room is not None:
            self.filter_rows(self.room)
        self.post_message(self.Changed())

    def panes(self) -> list[Widget]:
        """Return the panes that are shown, in order."""
        return [w for w in self.walk_children(Widget) if w.has_class("pane") and w.display]

    def title(
        self,
        pane: Widget,
        text: str,
        below: str = "",
        spare: str = "",
        shorter: Sequence[str] = (),
    ) -> None:
        """Write on a pane's border; the signs of a table stand below it with their words.

        What is `spare` stands below a table where there is room for it too.  `shorter` are the same
        titles of a table in fewer words, for where there is no room for the whole.
        """
        if isinstance(pane, Table):
            pane.write_above((text, *shorter))
        else:
            pane.border_title = Content(safe(text))
        self.subtitle(pane, below, spare)

    def subtitle(self, pane: Widget, below: str, spare: str = "") -> None:
        """Write on the lower border of a pane."""
        if isinstance(pane, Table):
            pane.write_below(below, spare)
        else:
            pane.border_subtitle = Content(safe(below))

    def do_back(self) -> bool:
        """Leave the zoom or the marks; return whether there was anything to leave."""
        if self.has_class("-zoomed"):
            self.do_zoom()
            return True
        return any(table.clear_marks() for table in self.query_tables())

    def query_tables(self) -> list[Table]:
        """Return the tables of this view."""
        return list(self.walk_children(Table))

    def do_zoom(self) -> None:
        """Give the focused pane the whole view, or all their places back."""
        panes = [w for w in self.walk_children(Widget) if w.has_class("pane")]
        if self.has_class("-zoomed"):
            self.remove_class("-zoomed")
            for pane in panes:
                pane.remove_class("-zoom")
            return
        focused = next((p for p in panes if p.has_focus), None)
        if focused is not None:
            focused.add_class("-zoom")
            self.add_class("-zoomed")

    # -- sorting -----------------------------------------------------------------------------

    def default_sort(self, table: str) -> str:
        """Return what a table is sorted by until another column is asked for; nothing: it never is."""
        return self.SORTED_BY.get(table, "")

    def sorting(self, table: str) -> tuple[str, bool]:
        """Return the column that a table is sorted by, and whether downwards."""
        return self.sorts.get(table, (self.default_sort(table), False))

    def sorted_rows(self, table: str, columns: Columns[Row], rows: Mapping[str, Row]) -> list[str]:
        """Return the ids of rows in the order that is asked for, and show it in the head."""
        column, down = self.query_one(f"#{table}", Table).sorted_by = self.sorting(table)
        by = columns.sorts[column]
        return sorted(rows, key=lambda row: by(rows[row]), reverse=down)

    def sort_by(self, table: Table, column: str) -> None:
        """Sort a table by a column, the other way round if it is sorted by that already."""
        name = table.id or ""
        if column not in self._sort_titles(table):
            return
        before, down = self.sorting(name)
        self.sorts[name] = column, not down if before == column else False
        if self.room is not None:
            self.fill(self.room)
            self.post_message(self.Changed())

    def on_table_sort_asked(self, message: Table.SortAsked) -> None:
        """Sort by the heading that was clicked."""
        message.stop()
        self.sort_by(message.table, message.row or "")

    def _sort_titles(self, table: Table) -> dict[str, str]:
        """Return the titles of the columns that a table can be sorted by."""
        if not self.default_sort(table.id or ""):
            return {}
        columns = (c for c in table.columns if isinstance(c, ColumnOf) and c.sort is not None)
        return {c.key: c.title for c in columns}

    def _sortable(self) -> Table | None:
        """Return the table to sort: the focused one, else the first that can be; or say none can."""
        tables = [t for t in self.query_tables() if t.display and self._sort_titles(t)]
        if not tables:
            self.home.say("this view cannot be sorted", "warning")
            return None
        return next((t for t in tables if t.has_focus), tables[0])

    def do_sort(self) -> None:
        """Choose the column to sort by."""
        from itgov.tui.dialogs.sort import sort_menu

        table = self._sortable()
        if table is None:
            return
        menu = sort_menu(self._sort_titles(table), *self.sorting(table.id or ""))
        self.home.ask(menu, lambda column: self.sort_by(table, column))

    def _sort_step(self, step: int) -> None:
        table = self._sortable()
        if table is None:
            return
        keys = [key for key in self._sort_titles(table) if key not in table.hidden_columns]
        current = self.sorting(table.id or "")[0]
        at = keys.index(current) if current in keys else -step
        self.sort_by(table, keys[(at + step) % len(keys)])

    def do_sort_left(self) -> None:
        """Sort by the column before."""
        self._sort_step(-1)

    def do_sort_right(self) -> None:
        """Sort by the next column."""
        self._sort_step(1)

    def do_next_pane(self) -> None:
        """Focus the next pane."""
        self._focus_by(1)

    def do_previous_pane(self) -> None:
        """Focus the pane before."""
        self._focus_by(-1)

    def _focus_by(self, step: int) -> None:
        panes = self.panes()
        if not panes:
            return
        at = next((i for i, p in enumerate(panes) if p.has_focus), -step)
        panes[(at + step) % len(panes)].focus()
