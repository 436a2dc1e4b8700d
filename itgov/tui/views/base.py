"""What all views have in common: a room to show, a filter, something selected."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, ClassVar, cast

from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from itgov.tui.background.idle_tasks import IdleTask
from itgov.tui.state.query import Query, parse
from itgov.tui.state.room import Room
from itgov.tui.state.selection import Selection, Target
from itgov.tui.widgets.plain import Plain
from itgov.tui.widgets.styled_text import safe
from itgov.tui.widgets.table import Table

if TYPE_CHECKING:
    from itgov.tui.room_app import RoomApp


class View(Plain):
    """A view of the room.

    A subclass composes tables and pages with the class `pane`, and fills them in `fill`.  `FIELDS`
    are those that its filter can name.  `show` is called with every new room; cursors are kept by
    id.
    """

    NAME: ClassVar[str]
    FIELDS: ClassVar[Collection[str]] = ()

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

    def selection(self) -> Selection:
        """Return what the cursor is on."""
        return Selection()

    def go_to(self, target: Target) -> bool:
        """Put the cursor on a target; return whether it is there."""
        return False

    def first(self) -> Widget | None:
        """Return the pane to focus when the view is first shown."""
        return next(iter(self.panes()), None)

    # -- for the room ------------------------------------------------------------------------

    def show(self, room: Room) -> None:
        """Show another state of the portfolio."""
        self.room = room
        self.fill(room)
        self.post_message(self.Changed())

    def set_filter(self, text: str) -> None:
        """Filter by what is typed."""
        self.filter_text = text
        today = self.room.today if self.room is not None else None
        self.sought = parse(text, self.FIELDS, today)
        if self.room is not None:
            self.filter_rows(self.room)
        self.post_message(self.Changed())

    def panes(self) -> list[Widget]:
        """Return the panes that are shown, in order."""
        return [w for w in self.walk_children(Widget) if w.has_class("pane") and w.display]

    def title(self, pane: Widget, text: str, below: str = "") -> None:
        """Write on a pane's border."""
        pane.border_title = Content(safe(text))
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

    # -- sorting: as a click on a heading does it, for every view ------------------------------

    def sort_table(self) -> Table | None:
        """Return the table that is sorted: the focused one, else the first that can be."""
        tables = [t for t in self.query_tables() if t.sorted_by is not None and t.display]
        return next((t for t in tables if t.has_focus), tables[0] if tables else None)

    def sort_columns(self) -> list[tuple[str, str]]:
        """Return what the list can be sorted by: keys of columns, and their titles."""
        table = self.sort_table()
        return [(c.key, c.title) for c in table.columns] if table is not None else []

    def sort_by(self, column: str) -> None:
        """Sort by a column, the other way round if it is sorted by that already."""
        table = self.sort_table()
        if table is not None:
            table.post_message(Table.SortAsked(table, column))

    def do_sort(self) -> None:
        """Choose the column to sort by."""
        from itgov.tui.dialogs.pick import Option, Pick

        table, columns = self.sort_table(), self.sort_columns()
        if table is None or table.sorted_by is None or not columns:
            self.home.say("this view has one order", "warning")
            return
        current, down = table.sorted_by
        sign = "▼ turn" if down else "▲ turn"
        options = [
            Option(key, title, ((sign, "muted"),) if key == current else ())
            for key, title in columns
        ]

        def chosen(column: str | None) -> None:
            if column is not None:
                self.sort_by(column)

        self.app.push_screen(Pick("Sort by", options, current), chosen)

    def _sort_step(self, step: int) -> None:
        table = self.sort_table()
        hidden = table.hidden_columns if table is not None else ()
        keys = [key for key, _ in self.sort_columns() if key not in hidden]
        if table is None or table.sorted_by is None or not keys:
            self.home.say("this view has one order", "warning")
            return
        current = table.sorted_by[0]
        at = keys.index(current) if current in keys else -step
        self.sort_by(keys[(at + step) % len(keys)])

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
