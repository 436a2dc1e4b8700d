"""The review session: the agenda, and everything that is needed to decide on one item of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct
from textual import getters
from textual.app import ComposeResult
from textual.timer import Timer

from itgov.insight.items import Item
from itgov.model.fields import field
from itgov.model.filter_query import Searchable
from itgov.model.finding import Place
from itgov.model.types import Investment
from itgov.tui.columns import ColumnOf, Columns, filter_only
from itgov.tui.state.room import Room
from itgov.tui.state.row_filter import RowFilter
from itgov.tui.state.selection import Selection, Target
from itgov.tui.views.base import View
from itgov.tui.views.figures import count, lost, money
from itgov.tui.views.formatting import named
from itgov.tui.views.session_page import decision_of, dossier_lines, no_session_lines, reasons_of
from itgov.tui.widgets.page import Page
from itgov.tui.widgets.panes import Stacked
from itgov.tui.widgets.styled_text import Cell
from itgov.tui.widgets.table import Table

if TYPE_CHECKING:
    from itgov.model.minutes import ItemSubject
    from itgov.review.types import AgendaItem
    from itgov.tui.state.open_session import OpenSession


class AgendaRow(Struct, frozen=True):
    """An item of the agenda as a row; `listed` is the investment or service that it is about."""

    number: int
    item: AgendaItem
    listed: Item | None


AGENDA: Columns[AgendaRow] = Columns(
    ColumnOf("number", "#", 3, right=True, cell=lambda r: count(r.number)),
    ColumnOf("said", "decision", 8, cell=lambda r: decision_of(r.item, r.listed.entry if r.listed else None)),
    ColumnOf(
        "title", "item", 16, flex=3, cell=lambda r: r.item.title or r.item.subject.id,
        find=lambda r: f"{r.item.title}\n{r.item.subject.id}".lower(),
    ),
    filter_only("unit", lambda r: (r.item.business_unit or "").lower()),
    ColumnOf(
        "owner", field(Investment, "outcome_owner").label, 10, flex=1, drop=1,
        cell=lambda r: named(r.listed.owner) if r.listed else "",
        find=lambda r: r.listed.holder("outcome_owner") if r.listed else None,
    ),
    ColumnOf(
        "manager", "manager", 10, flex=1, drop=2,
        cell=lambda r: named(r.listed.manager) if r.listed else "",
        find=lambda r: r.listed.holder("relationship_manager") if r.listed else None,
    ),
    ColumnOf(
        "why", "why", 14, flex=3, drop=5,
        cell=lambda r: ((reasons_of(r.item), "muted"),), find=lambda r: reasons_of(r.item).lower(),
    ),
    filter_only("decision", lambda r: r.item.verdict.decision if r.item.verdict is not None else ""),
    filter_only("kind", lambda r: r.item.subject.kind),
    ColumnOf(
        "points", "points", 6, right=True, drop=3,
        cell=lambda r: lost(r.item.points) if r.item.points else "",
    ),
    ColumnOf(
        "money", "spend", 7, right=True, drop=4,
        cell=lambda r: money(r.item.money) if r.item.money else "",
    ),
)  # fmt: skip
_IN_TEXT = ("title", "unit", "why", "decision")
"""The fields in which a word without a field is looked for."""
_LOOK = 2.0
"""Seconds between looks for what others have recorded; a look is one `stat`."""


class SessionView(View):
    """The agenda, as high as it is long, and under it the item."""

    NAME: ClassVar[str] = "session"
    FIELDS = AGENDA.fields
    SCOPED_CSS = False  # its rules name classes of the screen around it
    DEFAULT_CSS = """
    SessionView #agenda { height: auto; max-height: 40%; min-height: 5; }
    SessionView #item { height: 1fr; }
    SessionView.-none #agenda { display: none; }
    """
    agenda = getters.query_one("#agenda", Table)
    page = getters.query_one("#item", Page)
    """The page of the item."""

    def __init__(self) -> None:
        super().__init__()
        self._looking: Timer | None = None
        self._stamp: tuple[int, int] | None = None
        """The state of the store in which no session of this room was found."""
        self._rows: dict[str, AgendaRow] = {}
        self._on: tuple[str, ItemSubject] | None = None
        """The session, and what its item is about that this room is on: others have their own."""

    def compose(self) -> ComposeResult:
        """Make the agenda and the page of the item."""
        with Stacked():
            yield Table(AGENDA.shown, empty="The agenda is empty.", id="agenda").add_class("pane")
            yield Page(id="item").add_class("pane")

    @property
    def meeting(self) -> OpenSession | None:
        """The session that the room sits in, if any."""
        return self.home.session_actions.meeting

    def on_mount(self) -> None:
        """Look for what others record, while this view is shown."""
        self._looking = self.set_interval(_LOOK, self._look)

    def _look(self) -> None:
        if not self.display:
            return
        meeting = self.meeting
        if meeting is None:
            if self.home.session_actions.store_stamp() != self._stamp:
                self.home.session_actions.show_again()
        elif meeting.has_changed():
            self.home.session_actions.show_others_records()

    # -- rows --------------------------------------------------------------------------------

    def fill(self, room: Room) -> None:
        """Show the agenda as the store has it."""
        meeting = self.meeting
        self.set_class(meeting is None, "-none")
        if meeting is None:
            self.title(self.page, "Review session")
            self._stamp = self.home.session_actions.store_stamp()
            waiting = self.home.session_actions.waiting()
            self.page.show(no_session_lines(room, self.home.keys.shown("meet"), waiting))
            self._rows = {}
            self.agenda.show([], self._cells)
            self.found = None
            return
        if meeting.room is not room:
            meeting.take(room)
        listed = meeting.session.on_agenda
        self._rows = {
            str(number): AgendaRow(number, item, self._listed(room, item))
            for number, item in listed
        }
        rows = self.sought.select((key, _searchable(row)) for key, row in self._rows.items())
        self.found = (len(rows), len(listed))
        self.agenda.measure(AGENDA.measured(self._rows.values()))
        self.agenda.show(rows, self._cells, wanted=self.sought.highlights, cursor=self._at(rows))
        self._head()
        self._show_item()

    @staticmethod
    def _listed(room: Room, item: AgendaItem) -> Item | None:
        about = item.subject
        return room.items.get(about.id) if about.kind == "investment" else None

    def _at(self, rows: list[str]) -> str | None:
        """Return where to be: on the same item as before, else where the session stands."""
        meeting = self.meeting
        if meeting is None:
            return None
        session = meeting.session
        same = [str(n) for n, i in session.on_agenda if (session.id, i.subject) == self._on]
        return next((row for row in (*same, str(session.at)) if row in rows), None)

    def _head(self) -> None:
        from itgov.report.review_words import spent_minutes

        meeting = self.meeting
        if meeting is None:
            return
        progress = meeting.progress
        time = spent_minutes(progress.seconds)
        unit, room = meeting.session.business_unit, self.room
        name = f"{room.unit_name(unit) if room is not None else unit}: " if unit else ""
        self.title(
            self.agenda,
            f"{name}{', '.join(filter(None, (progress.tally.says, time)))}",
            self.filter_words,
        )

    def _cells(self, row: str) -> tuple[Cell, ...]:
        return AGENDA.cells(self._rows[row])

    def _show_item(self) -> None:
        from itgov.report.review_words import spent_minutes

        meeting, room = self.meeting, self.room
        row = self.agenda.cursor
        if meeting is None or room is None or row is None:
            return
        dossier = meeting.dossier(int(row))
        item = dossier.item
        kind = item.subject.kind.replace("_", " ")
        time = spent_minutes(item.seconds)
        self.title(
            self.page,
            f"{row}. {item.title or item.subject.id}",
            ", ".join(filter(None, (kind, time))),
        )
        self.page.show(dossier_lines(room, dossier, meeting.changes(dossier)))

    # -- selection ---------------------------------------------------------------------------

    @property
    def item(self) -> AgendaItem | None:
        """The selected item of the agenda."""
        meeting, row = self.meeting, self.agenda.cursor
        if meeting is None or row is None:
            return None
        return meeting.session.item(int(row))

    def searched(self) -> RowFilter[str] | None:
        """Return the items of the agenda."""
        return RowFilter((key, _searchable(row)) for key, row in self._rows.items())

    def selection(self) -> Selection:
        """Return what the selected item is about."""
        room, meeting, item = self.room, self.meeting, self.item
        if room is None or meeting is None or item is None:
            return Selection()
        dossier = meeting.dossier(int(self.agenda.cursor or 1))
        standing = [f for f in dossier.findings if not f.waived]
        subject = item.subject
        place: Place | None = standing[0].place if standing else None
        return Selection(
            kind=subject.kind,
            id=subject.id,
            unit=item.business_unit,
            investment=subject.id if dossier.entry is not None else None,
            person=subject.id if dossier.manager is not None else item.answerable.outcome_owner,
            finding=standing[0] if standing else None,
            place=place,
        )

    def go_to(self, target: Target) -> bool:
        """Select the item on a subject."""
        meeting = self.meeting
        if meeting is None:
            return False
        for number, item in meeting.session.on_agenda:
            if (item.subject.kind, item.subject.id) == (target.kind, target.id):
                return self.agenda.select(str(number))
        return False

    def first(self) -> Table | Page:
        """Begin with the agenda."""
        return self.agenda if self.meeting is not None else self.page

    def on_table_moved(self, message: Table.Moved) -> None:
        """Be on another item: its time begins."""
        message.stop()
        meeting = self.meeting
        if meeting is None or message.row is None or self.agenda.cursor != message.row:
            return
        self._show_item()
        item = self.item
        here = (meeting.session.id, item.subject) if item is not None else None
        if here != self._on:  # the room has moved, and not just drawn anew what others did
            self._on = here
            self.home.session_actions.go_to_item(int(message.row))
        self.post_message(self.Changed())

    def on_table_opened(self, message: Table.Opened) -> None:
        """Choose a decision on the item."""
        message.stop()
        self.do_open()

    def do_open(self) -> None:
        """Choose a decision on the item, from its page too."""
        self.home.decisions.do_decide()

    def do_item_record(self) -> None:
        """Go to what the item is about."""
        chosen = self.selection()
        if chosen.investment is not None:
            self.post_message(self.GoTo(Target("portfolio", "investment", chosen.investment)))
        elif chosen.kind == "relationship_manager" and chosen.id is not None:
            self.post_message(self.GoTo(Target("managers", "relationship_manager", chosen.id)))
        elif chosen.unit is not None:
            self.post_message(self.GoTo(Target("portfolio", "business_unit", chosen.unit)))

    def do_set_owner(self) -> None:
        """Assign the outcome owner, as a decision."""
        self.home.decisions.do_assign_owner()

    def do_set_manager(self) -> None:
        """Assign the relationship manager, as a decision."""
        self.home.decisions.do_assign_manager()

    def do_waive(self) -> None:
        """Waive a finding, as a decision."""
        self.home.decisions.do_decide_waive()

    def do_add_action(self) -> None:
        """Agree an action, as a decision."""
        self.home.decisions.do_decide_action()


def _searchable(row: AgendaRow) -> Searchable:
    return AGENDA.searchable(row, "\n".join(str(AGENDA.finds[key](row)) for key in _IN_TEXT))
