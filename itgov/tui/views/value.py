"""Line of sight: how far every amount of spend reaches towards its target."""

from __future__ import annotations

from typing import ClassVar

from msgspec import structs
from textual.app import ComposeResult
from textual.widget import Widget

from itgov.files.places import locate
from itgov.insight.value_curve import Step
from itgov.insight.value_types import MoneyLine
from itgov.model.finding import Subject
from itgov.report.figures import money, part
from itgov.report.value_curve_document import NO_MONEY
from itgov.tui.state.room import Room
from itgov.tui.state.row_filter import RowFilter
from itgov.tui.state.selection import ALL, Selection, Target
from itgov.tui.views.base import View
from itgov.tui.views.drill_view import DrillView
from itgov.tui.views.turning import Turning
from itgov.tui.views.value_cells import (
    LEGEND,
    LINES,
    cells_of,
    chain_lines,
    money_lines,
    sums_of,
)
from itgov.tui.views.value_columns import TREE
from itgov.tui.views.value_plot import NO_CURVE, Curves, Named, curve_lines, series_of
from itgov.tui.views.value_rows import (
    TABS,
    UNLINKED,
    MoneyScope,
    Tab,
    ValueGroup,
    ValueRow,
    ValueRows,
    line_name,
    rows_of,
    shape_of,
)
from itgov.tui.widgets.page import Page
from itgov.tui.widgets.panes import SideBySide, Stacked
from itgov.tui.widgets.plot import Plot
from itgov.tui.widgets.styled_text import Line
from itgov.tui.widgets.table import Table


class ValueView(Turning, DrillView):
    """Money by unit, purpose, objective or year; its chains as a tree; one of them in full."""

    NAME: ClassVar[str] = "value"
    ORDER = ("lines", "tree", "detail")
    FIELDS = TREE.fields
    SCOPED_CSS = False  # its rules name classes of the screen around it

    DEFAULT_CSS = """
    ValueView #left { width: 1fr; }
    ValueView #lines { height: auto; max-height: 40%; min-height: 4; }
    ValueView #detail, ValueView #curve { width: 1fr; height: 1fr; }
    ValueView #right { width: 1fr; height: 34%; min-height: 10; }
    .-narrow ValueView #right { display: none; }
    .-narrow ValueView.-at-detail #left { display: none; }
    .-narrow ValueView.-at-detail #right { display: block; height: 1fr; }
    .-narrow ValueView #right, .-broad ValueView #right { layout: vertical; }
    .-narrow ValueView #curve, .-broad ValueView #curve { height: 30%; min-height: 9; max-height: 14; }
    .-wide ValueView #money { layout: vertical; }
    .-wide ValueView #left { height: 1fr; }
    .-broad ValueView #right { width: 40%; height: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.rows: ValueRows | None = None
        self.tab: Tab = TABS[0]
        self.step: Step = "year"
        self.opened: set[str] = {UNLINKED}
        self._groups: dict[str, ValueGroup] = {}
        self._shown: dict[str, ValueRow] = {}
        self._scope = MoneyScope()
        self._filled: tuple[object, ...] = ()
        self._ranked: tuple[object, ...] = ()
        self._curves: Curves | None = None

    def compose(self) -> ComposeResult:
        """Make two tables, a page and a plot."""
        with SideBySide(id="money"):
            with Stacked(id="left"):
                yield Table(LINES.shown, empty="No spend yet.", id="lines").add_class("pane")
                yield Table(TREE.shown, empty="No spend here.", id="tree").add_class("pane")
            with SideBySide(id="right"):
                yield Page(id="detail").add_class("pane")
                yield Plot(id="curve").add_class("pane")

    def first(self) -> Widget:
        """Begin with the chains."""
        return self.table("tree")

    @property
    def chains(self) -> Table:
        """The tree of chains."""
        return self.table("tree")

    # -- rows --------------------------------------------------------------------------------

    def fill(self, room: Room) -> None:
        """Show the sums of the tab, and the chains of the selected one."""
        if self.rows is None or self.rows.room is not room:
            self.rows = ValueRows(room)
            self._curves = Curves(room.portfolio)
            self.chains.measure(self.rows.measured())
        rows, table = self.rows, self.table("lines")
        lines = sums_of(rows, self.tab)
        order = [
            ALL,
            *self.sorted_rows("lines", LINES, {r: s for r, s in lines.items() if r != ALL}),
        ]
        table.measure(LINES.measured(lines.values()))
        table.show(order, lambda row: LINES.cells(lines[row]))
        tabs = "  ".join(f"[{t}]" if t == self.tab else t for t in TABS)
        self.title(table, f"Line of sight by  {tabs}", LEGEND)
        table.refresh(layout=True)
        self._fill_tree()

    def filter_rows(self, room: Room) -> None:
        """Show the chains for another filter; the sums are not filtered."""
        self._fill_tree()

    def default_sort(self, table: str) -> str:
        """Unlinked spend first, but years and purposes in their order."""
        if table == "tree":
            return "reach"
        return "name" if self.tab in ("year", "purpose") else "none"

    @property
    def line(self) -> MoneyLine | None:
        """The selected sum."""
        lines = self.rows.lines(self.tab) if self.rows is not None else {}
        return lines.get(self.table("lines").cursor or ALL)

    def _wanted_tree(self) -> tuple[ValueRows | None, MoneyScope, str, tuple[str, bool]]:
        """Return all that the chains shown follow from, but for which of them are open."""
        scope = MoneyScope(self.tab, self.table("lines").cursor or ALL)
        return self.rows, scope, self.filter_text, self.sorting("tree")

    def _fill_tree(self, cursor: str | None = None) -> None:
        rows = self.rows
        if rows is None:
            return
        filled = self._wanted_tree()
        _, scope, _, sort = filled
        if filled != self._filled:
            self._filled = filled
            self._scope = scope
            if self._ranked != (rows, sort):
                rows.put_in_order(self.sorted_rows("tree", TREE, rows.chains))
                self._ranked = (rows, sort)
            groups, total = rows.groups(scope, self.sought)
            self._groups = {g.key: g for g in groups}
            found = sum(len(g.items) for g in groups if g.key != UNLINKED)
            self.found = (found, total)
        self._show_tree(cursor)

    def _open_now(self) -> set[str]:
        """Return what is open: all groups of a filter, and the only one of a unit."""
        if self.filter_text or len(self._groups) == 1:
            return self.opened | self._groups.keys()
        return self.opened

    def _show_tree(self, cursor: str | None = None) -> None:
        rows, scope, groups = self.rows, self._scope, self._groups
        if rows is None:
            return
        opened = self._open_now()
        shown = {r.key: r for g in groups.values() for r in rows_of(g, opened, g.items)}
        self._shown = shown
        whole = sum(g.budget.total for g in groups.values() if g.key != UNLINKED)
        sought = self.sought
        self.chains.hits = (
            frozenset(k for k, r in shown.items() if r.depth == 1) if sought.words else None
        )
        self.chains.show(
            list(shown),
            lambda row: cells_of(rows, shown[row], groups.get(row), scope, whole),
            shape=lambda row: shape_of(shown[row], opened),
            wanted=sought.highlights,
            cursor=cursor,
        )
        lost = sum(g.budget.none for g in groups.values() if g.key != UNLINKED)
        below = self.filter_words
        told = f"{money(whole)} {rows.room.currency}".rstrip()
        told = f"{told}, {part(lost, whole)} without an outcome" if whole else "no spend recorded"
        line = self.line
        name = "" if line is None or scope.id == ALL else f"{line.name}: "
        self.title(self.chains, f"{name}{told}", below)

    # -- selection ---------------------------------------------------------------------------

    @property
    def row(self) -> ValueRow | None:
        """The row of the tree that the cursor is on."""
        return self._shown.get(self.chains.cursor or "")

    def searched(self) -> RowFilter[int] | None:
        """Return the items, once for each outcome."""
        return self.rows.row_filter if self.rows is not None else None

    def selection(self) -> Selection:
        """Return the unit, investment or outcome that the cursor is on."""
        room, row = self.room, self.row
        if room is None:
            return Selection()
        if self.at == "lines":
            cursor = self.table("lines").cursor or ""
            if self.tab != "unit":
                whole = Subject("organisation", room.portfolio.organisation.record.id)
                unit = self._unit(room, cursor.partition("/")[0])
                return structs.replace(unit, figure=(whole, line_name(self.tab, cursor)))
            return self._unit(room, cursor)
        if row is None or row.item is None:
            return self._unit(room, row.unit if row is not None else "")
        documents, entry = room.governed.linked.documents, row.entry
        kept = row.item.entry
        return Selection(
            kind="investment" if entry is None else "outcome",
            id=row.item.node.id if entry is None else f"{row.item.node.id}/{entry.record.id}",
            unit=row.unit,
            investment=row.item.node.id,
            person=kept.record.outcome_owner,
            place=locate(documents, kept.source if entry is None else entry.source, None),
        )

    @staticmethod
    def _unit(room: Room, unit: str) -> Selection:
        entry = room.portfolio.units.get(unit)
        if entry is None:
            return Selection()
        return Selection(
            kind="business_unit",
            id=unit,
            unit=unit,
            person=entry.record.relationship_manager,
            place=locate(room.governed.linked.documents, entry.source, None),
        )

    def go_to(self, target: Target) -> bool:
        """Select a unit, an investment or an outcome in the tree."""
        rows = self.rows
        if rows is None:
            return False
        item, _, outcome = target.id.partition("/") if target.kind == "outcome" else (target.id, "", "")  # fmt: skip
        found = rows.items.get(f"i\n{item}") if target.kind != "business_unit" else None
        key = f"u\n{target.id}" if found is None else found.key
        if found is not None and outcome:
            self.opened.add(found.key)
            key = f"{found.key}\no\n{outcome}"
        if found is not None:
            self.opened.add(f"u\n{found.unit}")
        self.table("lines").select(ALL)
        self._fill_tree(key)
        if key not in self._shown and self.filter_text:
            self.set_filter("")
            self._fill_tree(key)
        return self.chains.select(key)

    # -- messages ----------------------------------------------------------------------------

    def entered(self, name: str) -> None:
        """Show in full what the pane has selected."""
        if name != "detail":
            self._show_detail(name)

    def _show_detail(self, at: str | None) -> None:
        rows, row, line, page = self.rows, self.row, self.line, self.query_one("#detail", Page)
        if rows is None:
            return
        if at != "lines" and row is not None and row.item is not None:
            self.title(page, f"{row.item.node.id}  {row.item.node.title}")
            of: Named = ("investment", row.item.node.id)
            if row.entry is not None:
                of = ("outcome", f"{row.item.node.id}/{row.entry.record.id}")
            page.show([*chain_lines(rows, row, self._scope), *self._plot(of)])
            return
        scope = self._scope
        if at != "lines" and row is not None and row.unit and scope.id == ALL:
            scope, line = MoneyScope("unit", row.unit), rows.lines("unit").get(row.unit, line)
        if line is None:
            page.show([])
            return
        whole = line is rows.report.total
        self.title(page, rows.room.name if whole else line.name)
        unit = scope.tab == "unit" and scope.id != ALL
        of_line: Named | None = ("business_unit", scope.id) if unit else ("organisation", "")
        over_time = self._plot(of_line if unit or scope.id == ALL else None)
        page.show([*money_lines(rows, line, scope), *over_time])

    def _plot(self, of: Named | None) -> list[Line]:
        """Plot the money over time of something, and return its figures."""
        curves, plot = self._curves, self.query_one("#curve", Plot)
        self.title(
            plot,
            f"Money over time by fiscal {self.step}",
            f"{self.home.keys.shown('period')} by quarter, by year",
        )
        curve = curves.known(of, self.step) if curves is not None and of is not None else None
        if curve is not None and curve.points:
            plot.show(series_of(curve), None)
            return curve_lines(curve)
        said = NO_CURVE if of is None else NO_MONEY
        if curves is not None and of is not None and curve is None:
            said = "Calculating …"
            step = self.step
            self.run_worker(lambda: self._add_up(curves, of, step), thread=True, exclusive=True)
        plot.tell([((said, "muted"),)])
        return []

    def _add_up(self, curves: Curves, of: Named, step: Step) -> None:
        curves.make(of, step)
        self.app.call_from_thread(self._added_up, curves)

    def _added_up(self, curves: Curves) -> None:
        if curves is self._curves:
            self._show_detail(self.at)

    def on_table_moved(self, message: Table.Moved) -> None:
        """Show the chains of another sum, or another one in full."""
        message.stop()
        if message.table.id == "lines" and self._wanted_tree() != self._filled:
            self._fill_tree()
        at = self.at
        if at != "detail":
            self._show_detail(at)
        self.post_message(self.Changed())

    def on_table_opened(self, message: Table.Opened) -> None:
        """Go deeper: from a sum to its chains, from a chain to its investment."""
        message.stop()
        if message.table.id == "lines":
            self.go_into("tree")
            return
        row = self._shown.get(message.row or "")
        if row is None:
            return
        if row.item is None:
            self._fold({row.key}, row.key not in self._open_now())
        else:
            target = Target("portfolio", "investment", row.item.node.id)
            self.post_message(View.GoTo(target))

    def on_table_folded(self, message: Table.Folded) -> None:
        """Open or close a part of the tree."""
        message.stop()
        if message.row is not None:
            self._fold({message.row}, message.opened)
        elif message.opened:
            self._fold({*self._groups, *(self.rows.items if self.rows else ())}, True)
        else:
            self.opened = set()
            self._show_tree()

    def _fold(self, keys: set[str], opened: bool) -> None:
        self.opened = self.opened | keys if opened else self.opened - keys
        self._show_tree()

    def do_period(self) -> None:
        """Show money over time by quarter, or by year again."""
        self.step = "quarter" if self.step == "year" else "year"
        self._show_detail(self.at)

    def turn(self, step: int) -> None:
        """Show the money by what comes next or before: unit, purpose, objective, year, to date."""
        self.tab = TABS[(TABS.index(self.tab) + step) % len(TABS)]
        self.table("lines").select(ALL)
        if self.room is not None:
            self.fill(self.room)
