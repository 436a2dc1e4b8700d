"""Scenarios: made with single keys on items, and what would follow from each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from threading import Lock
from typing import ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.worker import Worker, WorkerState

from itgov.files.places import locate
from itgov.insight.flow import ApartJudge
from itgov.insight.items import Item
from itgov.insight.scenario import (
    CannotWeigh,
    broken_file,
    calendar_of,
    lay_all,
    money_by_year,
    value_by_year,
    weigh,
)
from itgov.insight.scenario_types import Weighed
from itgov.model.scenario import Change, impossible
from itgov.model.scenario_words import change_words
from itgov.report.blocks import Block
from itgov.report.scenario_document import moves_by_year, weighed_document
from itgov.report.write_terminal import terminal
from itgov.tui.state.drafts import Draft, delayed, drafts_of, new_draft, stop
from itgov.tui.state.room import Room
from itgov.tui.state.row_filter import RowFilter
from itgov.tui.state.selection import Selection, Target
from itgov.tui.views.base import View
from itgov.tui.views.scenario_rows import CHANGE, ITEMS, SCENARIOS, ChangedItem, ScenarioRow
from itgov.tui.widgets.column_layout import Measured
from itgov.tui.widgets.page import Page
from itgov.tui.widgets.panes import Panes, Stacked
from itgov.tui.widgets.styled_text import Line
from itgov.tui.widgets.table import Table

_NONE: tuple[Line, ...] = (
    (("No scenario yet", "strong"),),
    (),
    (("Q starts one; then O stops, F delays, % approves the selected item, $ changes its money.", "accent"),),
)  # fmt: skip


class ScenariosView(View):
    """Scenarios above the items that they change, and what would follow below or beside them."""

    NAME: ClassVar[str] = "scenarios"
    FILTERED = "scenario-items"
    FIELDS = ITEMS.fields
    SORTED_BY = {"scenario-items": "spend"}
    SCOPED_CSS = False

    DEFAULT_CSS = """
    ScenariosView #scenario-halves { layout: vertical; }
    ScenariosView #scenario-left { width: 1fr; height: 60%; }
    ScenariosView #scenarios { height: auto; max-height: 45%; min-height: 4; }
    ScenariosView #scenario-page { width: 1fr; height: 1fr; }
    .-broad ScenariosView #scenario-halves { layout: horizontal; }
    .-broad ScenariosView #scenario-left { height: 1fr; }
    .-broad ScenariosView #scenarios { max-height: 30%; }
    .-broad ScenariosView #scenario-page { width: 45%; }
    """
    scenarios = getters.query_one("#scenarios", Table)
    items = getters.query_one("#scenario-items", Table)
    """The items, with their changes in the selected scenario."""
    page = getters.query_one("#scenario-page", Page)
    """Effects from the selected scenario."""

    def __init__(self) -> None:
        super().__init__()
        self._drafts: dict[str, Draft] = {}
        self._rows: dict[str, ScenarioRow] = {}
        self._weighed: dict[str, tuple[Draft, Room, Weighed]] = {}
        self.row_filter: RowFilter[str] = RowFilter(())
        self._filtered: Room | None = None
        self._unchanged = Measured(())
        """How wide the cells of all items are, without a change."""
        self._judge = ApartJudge()
        self._lock = Lock()
        self._wanted: Draft | None = None
        """What is to be weighed next."""

    def compose(self) -> ComposeResult:
        """Make two tables and a page."""
        with Panes(id="scenario-halves"):
            with Stacked(id="scenario-left"):
                yield Table(SCENARIOS.shown, empty="No scenarios.", id="scenarios").add_class(
                    "pane"
                )
                yield Table(ITEMS.shown, empty="No match.", id="scenario-items").add_class("pane")
            yield Page(id="scenario-page").add_class("pane")

    # -- rows --------------------------------------------------------------------------------

    @property
    def draft(self) -> Draft | None:
        """The selected scenario."""
        return self._drafts.get(self.scenarios.cursor or "")

    def show(self, room: Room) -> None:
        """Take the scenarios of another state of the files; one with changes of its own stays."""
        for name, draft in drafts_of(room.portfolio).items():
            mine = self._drafts.get(name)
            if mine is None or mine.is_saved:
                self._drafts[name] = draft
            else:
                mine.saved, mine.path = draft.record, draft.path
        there = {s.record.id for s in room.portfolio.scenarios}
        for name, draft in list(self._drafts.items()):
            if name not in there and draft.path is not None:
                if draft.is_saved:
                    del self._drafts[name]
                else:
                    draft.path = draft.saved = None
        super().show(room)

    def fill(self, room: Room) -> None:
        """Show the scenarios, the items of the selected one, and what would follow."""
        self._rows = {name: self._row(room, draft) for name, draft in self._drafts.items()}
        self.title(self.scenarios, f"Scenarios {len(self._rows):,}", "* not saved")
        self.scenarios.measure(SCENARIOS.measured(self._rows.values()))
        self.scenarios.show(list(self._rows), lambda row: SCENARIOS.cells(self._rows[row]))
        self._fill_items(room)
        self._tell(room)
        self._weigh(room)

    def filter_rows(self, room: Room) -> None:
        """Show the items for another filter."""
        self._fill_items(room)

    def _fill_items(self, room: Room) -> None:
        if self._filtered is not room:
            self._filtered = room
            self.row_filter = RowFilter(
                (name, ITEMS.searchable(ChangedItem(item, ""), item.text))
                for name, item in room.items.items()
            )
            self._unchanged = ITEMS.measured(ChangedItem(i, "") for i in room.items.values())
        draft = self.draft
        changes: dict[str, list[str]] = {}
        for change in draft.record.changes if draft is not None else ():
            says = change_words(change, room.portfolio)
            changes.setdefault(change.investment, []).append(says)
        listed = {
            name: ChangedItem(room.items[name], ", ".join(changes.get(name, ())))
            for name in self.row_filter.select(self.sought)
        }
        rows = self.sorted_rows("scenario-items", ITEMS, listed)
        self.found = (len(rows), len(room.items))
        changed = f"{len(changes):,} changed" if draft is not None else ""
        below = f"{self.filter_words}  {changed}" if self.filter_text else changed
        self.title(self.items, f"Items {len(rows):,}", below)
        said = {", ".join(words) for words in changes.values()}
        self.items.measure(self._unchanged.instead(CHANGE, said))
        self.items.show(rows, lambda row: ITEMS.cells(listed[row]), wanted=self.sought.highlights)

    def _row(self, room: Room, draft: Draft) -> ScenarioRow:
        """Return a scenario with its money and value, which are known at once."""
        portfolio = room.portfolio
        when = calendar_of(portfolio)
        if (broken := broken_file(room.governed.linked, draft.entry())) is not None:
            return ScenarioRow(draft, (), (), None, broken)
        try:
            laid = lay_all(portfolio, draft.entry(), when)
        except CannotWeigh as trouble:
            return ScenarioRow(draft, (), (), None, str(trouble))
        entries = {name: room.items[name].entry for name in laid}
        value, _ = value_by_year(entries, laid, when)
        return ScenarioRow(draft, money_by_year(laid), value, self._known(room, draft))

    def _known(self, room: Room, draft: Draft) -> Weighed | None:
        known = self._weighed.get(draft.id)
        if known is None or known[1] is not room or known[0].record != draft.record:
            return None
        return known[2]

    # -- what would follow -------------------------------------------------------------------

    def _weigh(self, room: Room) -> None:
        """Link and judge the selected scenario beside the screen, unless that is known."""
        draft = self.draft
        row = self._rows.get(draft.id) if draft is not None else None
        if draft is None or row is None or row.trouble or row.weighed is not None:
            return
        if room.book.broken or room.book.health_errors:
            return
        wanted = Draft(draft.record, draft.path, draft.saved)
        self._wanted = wanted
        self.run_worker(partial(self._weighed_apart, room, wanted), thread=True, group="weigh")

    def _weighed_apart(self, room: Room, draft: Draft) -> tuple[Draft, Room, Weighed] | None:
        with self._lock:  # one after the other: the compiled rules are used by one thread at a time
            if draft is not self._wanted:  # another key came meanwhile
                return None
            linked = room.governed.linked
            return draft, room, weigh(linked, room.book, [draft.entry()], self._judge).scenarios[0]

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show what was found."""
        if event.worker.group != "weigh" or event.state is not WorkerState.SUCCESS:
            return
        found = event.worker.result
        room = self.room
        if room is None or not isinstance(found, tuple) or found[1] is not room:
            return
        self._weighed[found[0].id] = found
        self._refresh_row(room)

    def _refresh_row(self, room: Room) -> None:
        draft = self.draft
        if draft is not None:
            self._rows[draft.id] = self._row(room, draft)
            self.scenarios.measure(SCENARIOS.measured(self._rows.values()))
            self.scenarios.show(list(self._rows), lambda row: SCENARIOS.cells(self._rows[row]))
        self._tell(room)

    def _tell(self, room: Room) -> None:
        draft = self.draft
        if draft is None:
            self.title(self.page, "Effects")
            self.page.show(_NONE)
            return
        row = self._rows[draft.id]
        self.title(self.page, draft.id, "" if draft.is_saved else "not saved; ctrl+w saves it")
        if row.trouble:
            self.page.show([(("Effects cannot be calculated", "error"),), (), ((row.trouble, ""),)])
        elif row.weighed is None:
            broken = room.book.broken or bool(room.book.health_errors)
            why = "The rule files are broken" if broken else "Calculating health and findings …"
            moves = list(moves_by_year(row.money, row.value))
            self.page.show(lambda width: [*_lines(moves, width), (), ((why, "muted"),)], top=False)
        else:
            blocks = list(weighed_document(row.weighed))
            self.page.show(lambda width: _lines(blocks, width), top=False)

    # -- selection ---------------------------------------------------------------------------

    @property
    def item(self) -> Item | None:
        """The item that the cursor is on."""
        room = self.room
        return room.items.get(self.items.cursor or "") if room is not None else None

    def searched(self) -> RowFilter[str] | None:
        """Return the items."""
        return self.row_filter

    def selection(self) -> Selection:
        """Return the item, or the scenario that the cursor is on."""
        room, item, draft = self.room, self.item, self.draft
        if room is None:
            return Selection()
        documents = room.governed.linked.documents
        if self.scenarios.has_focus:
            if draft is None:
                return Selection()
            entry = next((s for s in room.portfolio.scenarios if s.record.id == draft.id), None)
            place = locate(documents, entry.source, "id") if entry is not None else None
            return Selection(id=draft.id, scenario=draft.id, place=place)
        scenario = draft.id if draft is not None else None
        if item is None:
            return Selection(scenario=scenario)
        place = locate(documents, item.entry.source, None)
        return Selection(
            kind="investment", id=item.id, unit=item.unit, investment=item.id,
            scenario=scenario, place=place,
        )  # fmt: skip

    def go_to(self, target: Target) -> bool:
        """Select an item or a scenario."""
        if target.id in self._rows:
            return self.scenarios.select(target.id)
        return self.items.select(target.id)

    def unsaved(self) -> str:
        """Return the scenarios that are not saved."""
        return ", ".join(name for name, draft in self._drafts.items() if not draft.is_saved)

    def first(self) -> Table:
        """Begin with the scenarios, or with the items where there is one."""
        return self.items if self._drafts else self.scenarios

    def on_table_moved(self, message: Table.Moved) -> None:
        """Show another scenario's items and what would follow."""
        message.stop()
        if message.table is self.scenarios and self.room is not None:
            self._fill_items(self.room)
            self._tell(self.room)
            self._weigh(self.room)
        self.post_message(self.Changed())

    def on_table_opened(self, message: Table.Opened) -> None:
        """Go from a scenario to the items, and from an item to its page."""
        message.stop()
        if message.table is self.scenarios:
            self.items.focus()
        elif message.row is not None:
            self.post_message(self.GoTo(Target("portfolio", "investment", message.row)))

    def do_back(self) -> bool:
        """From the items to the scenarios, before anything else."""
        if super().do_back():
            return True
        if not self.scenarios.has_focus:
            self.scenarios.focus()
            return True
        return False

    # -- what can be done ----------------------------------------------------------------------

    def start(self, title: str) -> None:
        """Start a scenario, and go to the items."""
        room = self.room
        if room is None:
            return
        draft = new_draft(title, list(self._drafts))
        self._drafts[draft.id] = draft
        self.fill(room)
        self.scenarios.select(draft.id)
        self._fill_items(room)
        self._tell(room)
        self.items.focus()

    def do_plan_stop(self) -> None:
        """Stop the selected item on the first day of the next month."""
        item, room = self.item, self.room
        if item is not None and room is not None:
            self.put(stop(item.id, room.today))

    def do_plan_delay(self) -> None:
        """Delay the selected item by six months, and by six more each time."""
        item, draft = self.item, self.draft
        if item is not None:
            self.put(
                delayed(draft, item.id) if draft is not None else Change(delay=item.id, months=6)
            )

    def do_plan_approve(self) -> None:
        """Approve the selected item."""
        item = self.item
        if item is not None:
            self.put(Change(approve=item.id))

    def put(self, change: Change) -> None:
        """Make a change in the selected scenario, where it can be made."""
        room, draft = self.room, self.draft
        if room is None or draft is None:
            return
        record = room.items[change.investment].entry.record
        why = impossible(record, change, calendar_of(room.portfolio).year)
        if why is not None:
            self.home.say(why, "warning")
            return
        draft.put(change)
        self._changed(room)

    def do_plan_none(self) -> None:
        """Take the selected item's changes out of the scenario."""
        item, draft, room = self.item, self.draft, self.room
        if item is None or draft is None or room is None:
            return
        if draft.take(item.id):
            self._changed(room)
        else:
            self.home.say(f"{draft.id} does not change {item.id}", "warning")

    def _changed(self, room: Room) -> None:
        kept = self.items.cursor
        self.fill(room)
        if kept is not None:
            self.items.select(kept)
        self.post_message(self.Changed())


def _lines(blocks: Sequence[Block], width: int) -> list[Line]:
    text = terminal(blocks, width=width)
    return [((line, ""),) for line in text.splitlines()]
