"""Roadmap: the items along fiscal quarters or years, with what is due, late and waited for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from textual import getters
from textual.app import ComposeResult

from itgov.files.places import locate
from itgov.insight.due_types import Due
from itgov.insight.items import ITEM_FIELDS, Item
from itgov.tui.background.idle_tasks import IdleTask
from itgov.tui.state.room import Room
from itgov.tui.state.row_filter import RowFilter
from itgov.tui.state.selection import Selection, Target
from itgov.tui.state.time_axis import (
    Scale,
    TimeAxis,
    axis_around,
    drawn,
    least_width,
    today_line,
)
from itgov.tui.views.base import View
from itgov.tui.views.roadmap_page import due_lines, item_lines, legend_lines, link_signs
from itgov.tui.views.roadmap_rows import (
    GROUPINGS,
    NARROWINGS,
    ROADMAP,
    Group,
    Grouping,
    Narrowed,
    RoadmapRow,
    RoadmapRows,
    group_name,
    title_words,
)
from itgov.tui.views.turning import Turning
from itgov.tui.widgets.page import Page
from itgov.tui.widgets.styled_text import Cell, Line
from itgov.tui.widgets.table import Table
from itgov.tui.widgets.time_table import TimeTable


class RoadmapView(Turning, View):
    """Items in groups beside a time axis; below them its signs, and the selected one's dates."""

    NAME: ClassVar[str] = "roadmap"
    FIELDS = ITEM_FIELDS.kinds
    SORTED_BY = {"roadmap-items": "start"}
    SCOPED_CSS = False

    DEFAULT_CSS = """
    RoadmapView { layout: vertical; }
    RoadmapView #roadmap-items { height: 1fr; }
    RoadmapView #roadmap-legend { height: auto; max-height: 6; overflow: hidden; }
    RoadmapView #roadmap-page { height: 28%; min-height: 6; }
    """
    table = getters.query_one("#roadmap-items", TimeTable)
    legend = getters.query_one("#roadmap-legend", Page)
    page = getters.query_one("#roadmap-page", Page)
    """The page of what is selected."""

    def __init__(self) -> None:
        super().__init__()
        self.grouping: Grouping = GROUPINGS[0]
        self.narrowed: Narrowed = ""
        self.axis: TimeAxis | None = None
        self._all: RoadmapRows | None = None
        self._filled: tuple[object, ...] = ()
        self._found: Mapping[str, RoadmapRow] = {}
        self._groups: dict[str, Group] = {}
        self._folded: set[str] = set()

    def compose(self) -> ComposeResult:
        """Make the table, its signs explained, and the page."""
        yield TimeTable(ROADMAP.shown, least=least_width, id="roadmap-items").add_class("pane")
        legend = Page(id="roadmap-legend")
        legend.can_focus = False
        yield legend
        yield Page(id="roadmap-page").add_class("pane")

    # -- rows --------------------------------------------------------------------------------

    def fill(self, room: Room) -> None:
        """Show the items, grouped, filtered and sorted."""
        if self._all is None or self._all.room is not room:
            self._all = RoadmapRows(room)
            self._filled = ()
            self.table.measure(self._all.measured)
            self.table.draw_axis = self._draw
            self.table.axis_heading = lambda width: self.axis.heading(width) if self.axis else ""
            self.legend.show(legend_lines)
        month = room.portfolio.organisation.record.fiscal_year_start
        if self.axis is None or self.axis.start_month != month:
            self.axis = axis_around(room.today, self.axis.scale if self.axis else "quarter", month)
        key = (self.filter_text, self.grouping, self.narrowed, self.sorting("roadmap-items"))
        if key != self._filled:
            self._filled = key
            sort = self.table.sorted_by = self.sorting("roadmap-items")
            self._found = self._all.select(self.sought, self.narrowed, sort)
            groups = self._all.groups(self._found, self.grouping, self._narrowed_all)
            self._groups = {group.id: group for group in groups}
            self.found = (len(self._found), len(room.items))
            self._title(self._all)
        self._show_rows()

    def _show_rows(self, cursor: str | None = None) -> None:
        rows: list[str] = []
        for group in self._groups.values():
            if group.title:
                rows.append(group.id)
            if self._is_open(group):
                rows += group.rows
        before = self.table.cursor
        if cursor is None and before not in rows:  # where it was in no group, as near as can be
            cursor = next((g.id for g in self._groups.values() if before in g.rows), None)
            if before is None:
                cursor = next((row for row in rows if row not in self._groups), None)
        self.table.empty = self._empty()
        self.table.show(
            rows, self._cells, shape=self._shape, wanted=self.sought.highlights, cursor=cursor
        )

    def _is_open(self, group: Group) -> bool:
        return group.id not in self._folded or bool(self.filter_text)

    def _shape(self, row: str) -> tuple[int, bool | None]:
        group = self._groups.get(row)
        return 0, None if group is None else self._is_open(group)

    def _empty(self) -> str:
        if self.narrowed:
            return "Nothing here is overdue." if self.narrowed == "overdue" else "Nothing here is due this quarter."  # fmt: skip
        return "No match." if self.filter_text else "No investment."

    def _cells(self, row: str) -> tuple[Cell, ...]:
        group = self._groups.get(row)
        if group is not None:
            between = len(ROADMAP.shown) - 2
            return (group_name(group), *[""] * between, " ")  # its name reaches up to the axis
        return ROADMAP.cells(self._found[row])

    def _draw(self, row: str, width: int) -> Line:
        room, axis = self.room, self.axis
        if room is None or axis is None:
            return ()
        if row in self._groups:
            return today_line(axis, width, room.today)
        found = self._found[row]
        over = not found.item.entry.facts.is_active
        return drawn(found.dates, axis, width, room.today, over)

    @property
    def _narrowed_all(self) -> Narrowed:
        """What is narrowed to, where nothing else filters: dates that are of no item count too."""
        return "" if self.filter_text else self.narrowed

    def _title(self, known: RoadmapRows) -> None:
        some = bool(self.filter_text)
        words = title_words(
            known, self._found.values(), self.grouping, self.narrowed, filtered=some
        )
        below = [f"{len(self.table.marks):,} marked"] if self.table.marks else []
        below += [self.filter_words] if some else []
        keys = self.home.keys
        moves = f"{keys.shown('left')} earlier  {keys.shown('right')} later"
        self.title(self.table, words, "  ".join([*below, self._scale(known.room)]), moves)

    def _scale(self, room: Room) -> str:
        """Return what the axis shows."""
        fiscal = "fiscal " if room.portfolio.organisation.record.fiscal_year_start != 1 else ""
        scale = self.axis.scale if self.axis is not None else ""
        return f"by {fiscal}{scale}"

    def idle_tasks(self, room: Room) -> Iterable[IdleTask]:
        """Prepare what sorting, grouping and narrowing will need."""
        return self._all.idle_tasks() if self._all is not None else ()

    def searched(self) -> RowFilter[str] | None:
        """Return the items, as a filter sees them."""
        return self.room.item_filter if self.room is not None else None

    # -- selection ---------------------------------------------------------------------------

    @property
    def item(self) -> Item | None:
        """The item that the cursor is on."""
        return self.room.items.get(self.table.cursor or "") if self.room is not None else None

    @property
    def group(self) -> Group | None:
        """The group that the cursor is on."""
        return self._groups.get(self.table.cursor or "")

    def selection(self) -> Selection:
        """Return the item, or the business unit of a group."""
        room, item, group = self.room, self.item, self.group
        if room is None:
            return Selection()
        documents = room.governed.linked.documents
        marked = tuple(row for row in self.table.marked if row in room.items)
        if group is not None:
            unit = room.portfolio.units.get(group.unit or "")
            if unit is None or self.grouping != "business unit":
                return Selection(unit=group.unit, marked=marked)
            place = locate(documents, unit.source, None)
            name = unit.record.id
            return Selection(
                kind="business_unit", id=name, unit=name, place=place, marked=marked,
                person=unit.record.relationship_manager,
            )  # fmt: skip
        if item is None:
            return Selection()
        return Selection(
            kind="investment", id=item.id, unit=item.unit, investment=item.id, marked=marked,
            person=item.entry.record.outcome_owner,
            place=locate(documents, item.entry.source, None),
        )  # fmt: skip

    def go_to(self, target: Target) -> bool:
        """Select an item, or the group of a business unit."""
        room = self.room
        if room is None:
            return False
        if target.kind == "business_unit":
            return self.table.select(f"\n{target.id}")
        if target.id not in room.items:
            return False
        if target.id not in self._found:
            self.narrowed = ""
            self.set_filter("")
        self._folded -= {g.id for g in self._groups.values() if target.id in g.rows}
        self._show_rows(cursor=target.id)
        self.table.focus()
        return self.table.select(target.id)

    def first(self) -> Table:
        """Begin with the items."""
        return self.table

    def on_table_moved(self, message: Table.Moved) -> None:
        """Mark what belongs to another item, and show its dates."""
        message.stop()
        room, known = self.room, self._all
        if room is None or known is None:
            return
        before, self.table.signs = self.table.signs, link_signs(self.item, known)
        if before != self.table.signs:
            self.table.redraw({*before, *self.table.signs})
        self._show_page(room, known)
        self.post_message(self.Changed())

    def on_table_marked(self, message: Table.Marked) -> None:
        """Say how many are marked."""
        message.stop()
        if self._all is not None:
            self._title(self._all)
        self.post_message(self.Changed())

    def _show_page(self, room: Room, known: RoadmapRows) -> None:
        item, group = self.item, self.group
        if group is not None:
            self.title(self.page, f"{group.title}: what is due")
            self.page.show(due_lines(room, self._dues_of(known, group)))
        elif item is not None:
            self.title(self.page, f"{item.id}  {item.title}", "enter opens it")
            self.page.show(item_lines(room, known, known.rows[item.id]))
        else:
            self.title(self.page, "")
            self.page.show([])

    def _dues_of(self, known: RoadmapRows, group: Group) -> list[Due]:
        """Return what is due of a group's items; of a business unit, its own and its managers' too."""
        unit = group.unit if self.grouping == "business unit" and not self.filter_text else None
        others = (
            [d for d in known.others(self.narrowed) if d.unit == unit]
            if unit is not None
            else group.others
        )
        dues = [
            due
            for name in group.rows
            for due in known.rows[name].dues
            if known.is_wanted(due, self.narrowed)
        ]
        return sorted([*dues, *others], key=lambda due: due.day)

    # -- what can be done ----------------------------------------------------------------------

    def on_table_opened(self, message: Table.Opened) -> None:
        """Open or close a group, or go to the item's page."""
        message.stop()
        row = message.row or ""
        if row in self._groups:
            self._folded ^= {row}
            self._show_rows()
        elif row:
            self.post_message(self.GoTo(Target("portfolio", "investment", row)))

    def do_open(self) -> None:
        """Go to the page of the item that is read about."""
        item = self.item
        if item is not None:
            self.post_message(self.GoTo(Target("portfolio", "investment", item.id)))

    def on_table_folded(self, message: Table.Folded) -> None:
        """Open or close all groups."""
        message.stop()
        self._folded = set() if message.opened else set(self._groups)
        self._show_rows()

    def on_time_table_scrolled(self, message: TimeTable.Scrolled) -> None:
        """Move the axis."""
        message.stop()
        self._scroll(message.by)

    def do_left(self) -> None:
        """Move the axis to earlier periods."""
        self._scroll(-1)

    def do_right(self) -> None:
        """Move the axis to later periods."""
        self._scroll(1)

    def _scroll(self, by: int) -> None:
        if self.axis is not None and self._all is not None:
            self._set_axis(self.axis.scrolled(by, self._all.days))

    def _set_axis(self, axis: TimeAxis) -> None:
        if axis != self.axis:
            self.axis = axis
            self.table.refresh_rows()
            if self._all is not None:
                self._title(self._all)

    def do_period(self) -> None:
        """Show years, or quarters again, around the as-of date."""
        room, axis = self.room, self.axis
        if room is not None and axis is not None:
            scale: Scale = "year" if axis.scale == "quarter" else "quarter"
            self._set_axis(axis_around(room.today, scale, axis.start_month))

    def do_narrow(self) -> None:
        """Show only what is due this quarter, then what is overdue, then all again."""
        at = NARROWINGS.index(self.narrowed)
        self._narrow(NARROWINGS[(at + 1) % len(NARROWINGS)])

    def _narrow(self, to: Narrowed) -> None:
        before, self.narrowed = self.table.cursor, to
        self._refill()
        first = next((row for row in self.table.rows if row not in self._groups), None)
        if before not in self.table.rows and first is not None:
            self.table.select(first)

    def _refill(self) -> None:
        if self.room is not None:
            self.fill(self.room)
        self.post_message(self.Changed())

    def do_group(self) -> None:
        """Group in the next way."""
        self.turn(1)

    def turn(self, step: int) -> None:
        """Group in the next way, or in the way before."""
        at = GROUPINGS.index(self.grouping)
        self.grouping = GROUPINGS[(at + step) % len(GROUPINGS)]
        self._folded = set()
        self._refill()

    def do_back(self) -> bool:
        """Leave the page, the zoom or the marks, else go back to today, else to all items."""
        if self.page.has_focus and not self.has_class("-zoomed"):
            self.table.focus()
            return True
        if super().do_back():
            return True
        room, axis = self.room, self.axis
        if room is not None and axis is not None:
            home = axis_around(room.today, axis.scale, axis.start_month)
            if home != axis:
                self._set_axis(home)
                return True
        if self.narrowed:
            self._narrow("")
            return True
        return False
