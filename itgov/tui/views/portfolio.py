"""Home: the business units, the investments of the selected one, and one of them in full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.widget import Widget

from itgov.files.places import locate
from itgov.tui.background.idle_tasks import IdleTask
from itgov.tui.keymap import show_key
from itgov.tui.state.room import Room
from itgov.tui.state.row_filter import RowFilter
from itgov.tui.state.selection import ALL, Selection, Target
from itgov.tui.views.base import View
from itgov.tui.views.formatting import SEVERITY_LEGEND
from itgov.tui.views.item_page import unit_lines
from itgov.tui.views.item_tabs import TABS, ItemTabs, Tab
from itgov.tui.views.portfolio_rows import (
    ITEMS,
    MONTHS,
    NARROWED,
    UNITS,
    Lister,
    elsewhere,
    health_order,
    unit_row,
)
from itgov.tui.views.turning import Turning
from itgov.tui.widgets.page import Page
from itgov.tui.widgets.panes import Panes
from itgov.tui.widgets.styled_text import Cell
from itgov.tui.widgets.table import Table

NARROW, LOW = 100, 24
"""Columns and lines of the terminal below which the detail takes turns with the lists."""
ROOMY = 120
"""Columns from which large counts stand as they are, beside the reason of every state."""


class PortfolioView(Turning, View):
    """Units above, investments below, the selected one beside them where there is room."""

    NAME: ClassVar[str] = "portfolio"
    FILTERED = "items"
    FIELDS = ITEMS.fields
    SORTED_BY = {"items": "findings"}
    SCOPED_CSS = False  # its rules name classes of the screen around it

    DEFAULT_CSS = """
    PortfolioView #board { layout: grid; grid-size: 2 2; grid-columns: 1fr 36%; grid-rows: 40% 1fr; }
    PortfolioView #board > .pane { height: 1fr; }
    PortfolioView #units { column-span: 2; }
    PortfolioView.-reading #board { grid-columns: 34% 1fr; }
    PortfolioView.-alone #board { layout: vertical; }
    PortfolioView.-alone #units { max-height: 40%; min-height: 5; }
    PortfolioView.-alone #detail { display: none; }
    PortfolioView.-alone.-reading .pane { display: none; }
    PortfolioView.-alone.-reading #detail { display: block; }
    PortfolioView.-zoomed #board, PortfolioView.-zoomed.-reading #board { layout: vertical; }
    """
    units = getters.query_one("#units", Table)
    items = getters.query_one("#items", Table)
    detail = getters.query_one("#detail", Page)
    """The page of what is selected."""

    def __init__(self) -> None:
        super().__init__()
        self._filled: tuple[int, str | None, str, str, tuple[str, bool]] | None = None
        self.narrowed = ""
        """What the items are narrowed to, one of `NARROWED`; nothing for all."""
        self._detailed: tuple[Room, tuple[str, str | None]] | None = None
        """What the page shows, and of which state of the portfolio."""
        self.tab: Tab = TABS[0]
        self._tabs: ItemTabs | None = None
        self._of_unit = False
        """Whether the page is of the unit, and not of one of its items."""
        self._listed = ""
        self._elsewhere = ""
        self._lister = Lister()
        self._measured_of: Room | None = None
        self._roomy = False
        self._given: tuple[int | None, int] | None = None

    def compose(self) -> ComposeResult:
        """Make two tables and a page."""
        with Panes(id="board"):
            yield Table(UNITS.shown, empty="No business unit yet.", id="units").add_class("pane")
            yield Table(ITEMS.shown, empty="No investment.", id="items").add_class("pane")
            yield Page(id="detail").add_class("pane")

    # -- rows --------------------------------------------------------------------------------

    def fill(self, room: Room) -> None:
        """Show units, worst first, and the investments of the selected one."""
        known = room.portfolio.units
        units = sorted(known, key=lambda u: health_order(room, u))
        if self._measured_of is not room:
            self._measured_of = room
            self._measure_units(room)
            self.items.measure(ITEMS.measured(room.items.values()))
        self.units.show([ALL, *units], self._unit_cells)
        self._title_units(room)
        self._give_rows(len(units) + 4)
        self._fill_items(room)

    def _give_rows(self, wanted: int) -> None:
        """Give the units the lines that they need, as far as there are so many."""
        most = max(self.size.height * 2 // 5, 5)
        alone = self.app.size.width < NARROW or self.app.size.height < LOW
        self.set_class(alone, "-alone")
        given = (wanted if alone else None, max(min(wanted, most), 5))
        if given == self._given:
            return
        self._given = given
        self.units.styles.height = given[0]
        self.query_one("#board").styles.grid_rows = f"{given[1]} 1fr"

    def on_resize(self) -> None:
        """Divide the lines anew."""
        if self.room is not None:
            if self._roomy != (self.app.size.width >= ROOMY):
                self._measure_units(self.room)
                self.units.refresh_rows()
            self._give_rows(len(self.room.portfolio.units) + 4)

    def filter_rows(self, room: Room) -> None:
        """Show the investments for another filter."""
        self._fill_items(room)

    def _measure_units(self, room: Room) -> None:
        rows = [ALL, *room.portfolio.units]
        self._roomy = self.app.size.width >= ROOMY
        self.units.measure(UNITS.measured(unit_row(room, row, self._roomy) for row in rows))

    def _unit_cells(self, row: str) -> tuple[Cell, ...]:
        room = self.room
        return UNITS.cells(unit_row(room, row, self._roomy)) if room else ()

    def _title_units(self, room: Room) -> None:
        months = room.months[-MONTHS:]
        since = f"change since {months[0]}" if len(months) > 1 else ""
        self.title(self.units, f"Business units {len(room.portfolio.units):,}", since)

    def show_history(self) -> None:
        """Show how the units' scores have changed."""
        if self.room is not None:
            self._measure_units(self.room)
            self._title_units(self.room)
        self.units.refresh_rows()

    def _fill_items(self, room: Room, cursor: str | None = None) -> None:
        unit = self.unit
        sort = self.items.sorted_by = self.sorting("items")
        key = (id(room), unit, self.filter_text, self.narrowed, sort)
        if key == self._filled and cursor is None:
            return
        self._filled = key
        entry = room.portfolio.units.get(unit) if unit is not None else None
        chosen = self._lister.ordered(room, entry, sort)
        rows = self._lister.find(room, self.sought, chosen, self.narrowed)
        self.found = (len(rows), len(chosen))
        self.items.show(
            rows,
            lambda row: ITEMS.cells(room.items[row]),
            wanted=self.sought.highlights,
            cursor=cursor,
        )
        name = entry.name if entry is not None else "All units"
        some = self.filter_text or self.narrowed
        shown = f"{len(rows):,} of {len(chosen):,}" if some else f"{len(chosen):,}"
        self._listed = f"{name}, {self.narrowed}: {shown}" if self.narrowed else f"{name}: {shown}"
        self.items.empty = "No match." if some else "No investment."
        self._elsewhere = self._found_elsewhere(room) if entry is not None else ""
        self._title_items()

    def _found_elsewhere(self, room: Room) -> str:
        """Return in which other units the filter finds how many items, as narrowed."""
        if not self.sought.words and not self.narrowed:
            return ""
        everywhere = self._lister.ordered(room, None, ("id", False))
        found = self._lister.find(room, self.sought, everywhere, self.narrowed)
        items = (room.items[row] for row in found)
        return elsewhere(Counter(i.unit_name for i in items if i.unit != self.unit))

    def _title_items(self) -> None:
        marked = len(self.items.marks)
        parts = [f"{marked:,} marked"] if marked else []
        parts += [self.filter_words] if self.filter_text else []
        parts += [self._elsewhere] if self._elsewhere else []
        self.title(self.items, self._listed, "  ".join(parts))

    def on_table_marked(self, message: Table.Marked) -> None:
        """Say how many are marked."""
        message.stop()
        self._title_items()
        self.post_message(self.Changed())

    @property
    def unit(self) -> str | None:
        """The selected business unit; None for all."""
        row = self.units.cursor
        return None if row in (None, ALL) else row

    def idle_tasks(self, room: Room) -> Iterable[IdleTask]:
        """Prepare what sorting and filtering the long list of all investments will need."""
        yield from self._lister.idle_tasks(room)

    # -- selection ---------------------------------------------------------------------------

    def searched(self) -> RowFilter[str] | None:
        """Return the items."""
        return self._lister.row_filter

    def selection(self) -> Selection:
        """Return the investment or unit that the cursor is on."""
        room = self.room
        if room is None:
            return Selection()
        if self.units.has_focus:
            unit = room.portfolio.units.get(self.unit or "")
            if unit is None:
                return Selection()
            return Selection(
                kind="business_unit",
                id=unit.record.id,
                unit=unit.record.id,
                person=unit.record.relationship_manager,
                place=locate(room.governed.linked.documents, unit.source, None),
            )
        item = room.items.get(self.items.cursor or "")
        if item is None:
            return Selection(unit=self.unit)
        open_findings = [f for f in item.findings.found if not f.waived]
        return Selection(
            kind="investment",
            id=item.id,
            unit=item.unit,
            investment=item.id,
            person=item.entry.record.outcome_owner,
            finding=open_findings[0] if len(open_findings) == 1 else None,
            place=locate(room.governed.linked.documents, item.entry.source, None),
            marked=self.items.marked,
        )

    def go_to(self, target: Target) -> bool:
        """Select a unit or an investment."""
        room = self.room
        if room is None:
            return False
        if target.kind == "business_unit":
            return self.units.select(target.id)
        item = room.items.get(target.id)
        if item is None:
            return False
        if self.unit is not None and self.unit != item.unit:
            self.units.select(item.unit)
        if item.id not in self.items.rows and (self.filter_text or self.narrowed):
            self.narrowed = ""
            self.set_filter("")
        self._fill_items(room, cursor=item.id)
        self.items.focus()
        return self.items.select(item.id)

    def first(self) -> Table:
        """Begin with the investments."""
        return self.items

    def on_table_moved(self, message: Table.Moved) -> None:
        """Show the investments of another unit, or another one in full."""
        message.stop()
        room = self.room
        if room is None:
            return
        if message.table is self.units:
            self._fill_items(room)
        self._show_detail(room)
        self.post_message(self.Changed())

    def on_descendant_focus(self) -> None:
        """Show what the focused table has selected."""
        if self.room is not None and not self.detail.has_focus:
            self._show_detail(self.room)

    def _show_detail(self, room: Room) -> None:
        if not self.detail.has_focus:  # from which nothing else can be selected
            self._of_unit = self.units.has_focus
        of = ("unit", self.unit) if self._of_unit else ("item", self.items.cursor)
        if (room, of) == self._detailed:
            return
        top = self._detailed is None or of != self._detailed[1]  # else from where it was
        self._detailed = room, of
        if self._tabs is None or self._tabs.room is not room:
            self._tabs = ItemTabs(room)
        unit, item = room.portfolio.units.get(of[1] or ""), room.items.get(of[1] or "")
        if of[0] == "unit":
            title = unit.name if unit else room.name
            made = self._tabs.of_unit(unit, self.tab) if unit else lambda _: unit_lines(room, None)
        else:
            title = f"{item.id}  {item.title}" if item else ""
            made = self._tabs.of_item(item, self.tab) if item is not None else lambda _: []
        legend = " ".join(SEVERITY_LEGEND) if self.tab == "findings" else ""
        below = "  ".join(filter(None, (legend, self._tab_keys())))
        self.title(self.detail, title, below if unit or item else "")
        self.detail.show(made, top=top)

    def _tab_keys(self) -> str:
        """Return the keys that turn the tabs, as they are in force."""
        keys = self.home.keys
        pairs = zip(keys.of("previous-tab"), keys.of("next-tab"), strict=False)
        shown = " or ".join(f"{show_key(back)} {show_key(on)}" for back, on in pairs)
        return f"{shown} turn the tabs" if shown else ""

    def do_narrow(self) -> None:
        """Show only the items with no owner or manager, then those with errors, overdue, all again."""
        turns = ["", *NARROWED]
        self._narrow(turns[(turns.index(self.narrowed) + 1) % len(turns)])

    def _narrow(self, to: str) -> None:
        self.narrowed = to
        if self.room is not None:
            self._fill_items(self.room)
            self._show_detail(self.room)
        self.post_message(self.Changed())

    def turn(self, step: int) -> None:
        """Show the next tab of what is selected, or the tab before."""
        self.tab = TABS[(TABS.index(self.tab) + step) % len(TABS)]
        self._detailed = None
        if self.room is not None:
            self._show_detail(self.room)
        if not self.detail.display:
            self._read(True)
            self.detail.focus()

    def on_table_opened(self, message: Table.Opened) -> None:
        """Go into a unit's investments, or into the investment."""
        message.stop()
        if message.table is self.units:
            self.items.focus()
            return
        self._read(True)
        self.detail.focus()

    def do_back(self) -> bool:
        """From the detail to the list, before anything else."""
        if self.detail.has_focus or self.has_class("-reading"):
            self._read(False)
            self.items.focus()
            return True
        if super().do_back():
            return True
        if self.narrowed:
            self._narrow("")
            return True
        return False

    def _read(self, whole: bool) -> None:
        """Give the detail more of the screen, or the lists theirs back."""
        self.set_class(whole, "-reading")
        self.on_resize()

    def panes(self) -> list[Widget]:
        """Return the panes from the general to the particular, wherever they stand."""
        return [p for p in (self.units, self.items, self.detail) if p.display]
