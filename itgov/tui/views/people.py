"""Everybody who is named in a role, what the selected person answers for, and that in full."""

from __future__ import annotations

from typing import ClassVar

from textual import getters
from textual.app import ComposeResult

from itgov.files.places import locate
from itgov.tui.state.people import Answering, Duty, People
from itgov.tui.state.room import Room
from itgov.tui.state.row_filter import RowFilter
from itgov.tui.state.selection import Selection, Target
from itgov.tui.views.base import View
from itgov.tui.views.people_rows import DUTIES, PEOPLE
from itgov.tui.views.person_page import person_lines, sorted_duties
from itgov.tui.widgets.page import Page
from itgov.tui.widgets.panes import Panes, Stacked
from itgov.tui.widgets.table import Table


class PeopleView(View):
    """People above, what the selected one answers for below, and a page of it beside them."""

    NAME: ClassVar[str] = "people"
    FILTERED = "people"
    FIELDS = PEOPLE.fields
    SORTED_BY = {"people": "standing"}
    SCOPED_CSS = False

    DEFAULT_CSS = """
    PeopleView #halves { layout: horizontal; }
    PeopleView #who { width: 1fr; }
    PeopleView #duties { height: auto; max-height: 50%; min-height: 4; }
    PeopleView #person { width: 40%; height: 1fr; }
    .-narrow PeopleView #person, .-narrow PeopleView #duties { display: none; }
    .-narrow PeopleView.-reading #people { display: none; }
    .-narrow PeopleView.-reading #halves { layout: vertical; }
    .-narrow PeopleView.-reading #who { height: auto; max-height: 45%; }
    .-narrow PeopleView.-reading #duties { display: block; max-height: 100%; }
    .-narrow PeopleView.-reading #person { display: block; width: 1fr; }
    """
    people = getters.query_one("#people", Table)
    duties = getters.query_one("#duties", Table)
    """The table of what the selected person answers for."""
    page = getters.query_one("#person", Page)
    """The page of the selected person."""

    def __init__(self) -> None:
        super().__init__()
        self._all: People | None = None
        self.row_filter: RowFilter[str] = RowFilter(())
        self._key: tuple[object, ...] = ()
        self._duties: dict[str, Duty] = {}
        self._shown: tuple[int, str] | None = None

    def compose(self) -> ComposeResult:
        """Make two tables and a page."""
        with Panes(id="halves"):
            with Stacked(id="who"):
                yield Table(PEOPLE.shown, empty="No people.", id="people").add_class("pane")
                yield Table(DUTIES.shown, empty="Nothing.", id="duties").add_class("pane")
            yield Page(id="person").add_class("pane")

    # -- rows --------------------------------------------------------------------------------

    def set_filter(self, text: str) -> None:
        """Filter the people, which are to be seen for that."""
        if text != self.filter_text:
            self.remove_class("-reading")
        super().set_filter(text)

    def fill(self, room: Room) -> None:
        """Show everybody; those who left or are not listed and still hold a role first."""
        if self._all is None or self._all.room is not room:
            self._all = People(room)
            found = ((key, PEOPLE.searchable(p, p.text)) for key, p in self._all.rows.items())
            self.row_filter = RowFilter(found)
            self.people.measure(PEOPLE.measured(self._all.rows.values()))
        key = (id(room), self.filter_text, self.sorting("people"))
        if key == self._key:
            return
        self._key = key
        people = self._all.rows
        listed = {row: people[row] for row in self.row_filter.select(self.sought)}
        rows = self.sorted_rows("people", PEOPLE, listed)
        self.found = (len(rows), len(people))
        self.people.empty = "No match." if self.filter_text else "No people."
        shown = self._all.count_words()
        if self.filter_text:
            shown = f"{len(rows):,} of {len(people):,}"
        wrong = len(self._all.holding())
        below = [self.filter_words] if self.filter_text else []
        if wrong:
            below.append(f"{wrong:,} named, but left or not listed")
        self.title(self.people, f"People {shown}", "  ".join(below))
        self.people.show(rows, lambda row: PEOPLE.cells(people[row]), wanted=self.sought.highlights)

    @property
    def current(self) -> Answering | None:
        """The person that the cursor is on."""
        return self._all.rows.get(self.people.cursor or "") if self._all is not None else None

    @property
    def duty(self) -> Duty | None:
        """What the cursor of the lower table is on."""
        return self._duties.get(self.duties.cursor or "")

    def _show_person(self) -> None:
        room, person = self.room, self.current
        shown = (id(room), person.id if person is not None else "")
        if room is None or shown == self._shown:
            return
        self._shown = shown
        duties = sorted_duties(person) if person is not None else []
        self._duties = {duty.key: duty for duty in duties}
        name = person.name if person is not None else ""
        self.title(self.duties, f"{name}: roles {len(duties):,}" if person else "")
        self.duties.measure(DUTIES.measured(duties))
        self.duties.show(list(self._duties), lambda row: DUTIES.cells(self._duties[row]))
        self.title(self.page, name)
        self.page.show(person_lines(room, person) if person is not None else [])

    # -- selection ---------------------------------------------------------------------------

    def searched(self) -> RowFilter[str] | None:
        """Return the people."""
        return self.row_filter

    def selection(self) -> Selection:
        """Return the person, or the one thing that they answer for."""
        room, person = self.room, self.current
        if room is None or person is None:
            return Selection()
        documents = room.governed.linked.documents
        duty = self.duty
        if self.duties.has_focus and duty is not None:
            item = duty.item
            return Selection(
                kind="investment" if item else "business_unit" if duty.unit else "person",
                id=item.id if item else duty.unit or person.id,
                unit=duty.unit,
                investment=item.id if item else None,
                person=person.id,
                place=locate(documents, duty.source, duty.field.key),
            )
        source = person.entry.source if person.entry is not None else None
        field = None
        if source is None and person.duties:  # where the name that is nobody's stands
            first = sorted_duties(person)[0]
            source, field = first.source, first.field.key
        return Selection(
            kind="person",
            id=person.id,
            person=person.id,
            place=locate(documents, source, field) if source is not None else None,
        )

    def go_to(self, target: Target) -> bool:
        """Select a person, or one of the things that the selected person answers for."""
        if self._all is None:
            return False
        if target.kind in ("person", "relationship_manager"):
            if target.id in self._all.rows and target.id not in self.people.rows:
                self.set_filter("")
            self.remove_class("-reading")
            self.people.focus()
            return self.people.select(target.id)
        for key, duty in self._duties.items():
            about = duty.item.id if duty.item else duty.unit
            if about == target.id:
                self.duties.focus()
                return self.duties.select(key)
        return False

    def first(self) -> Table:
        """Begin with the people."""
        return self.duties if self.has_class("-reading") else self.people

    def on_table_moved(self, message: Table.Moved) -> None:
        """Show another person."""
        message.stop()
        if message.table is self.people:
            self._show_person()
        self.post_message(self.Changed())

    # -- what can be done ----------------------------------------------------------------------

    def on_table_opened(self, message: Table.Opened) -> None:
        """Go into what a person answers for, and from there to the thing itself."""
        message.stop()
        if message.table is self.people:
            if self.has_class("-zoomed"):
                self.do_zoom()
            self.add_class("-reading")
            self.duties.focus()
            return
        duty = self.duty
        if duty is None:
            return
        if duty.item is not None:
            self.post_message(self.GoTo(Target("portfolio", "investment", duty.item.id)))
        elif duty.manager is not None:
            person = duty.manager.record.person
            self.post_message(self.GoTo(Target("managers", "relationship_manager", person)))
        elif duty.unit is not None:
            self.post_message(self.GoTo(Target("portfolio", "business_unit", duty.unit)))
        else:
            self.home.say("nothing to open for the organisation; e edits it at the line")

    def do_back(self) -> bool:
        """From what a person answers for to the people, before anything else."""
        if self.has_class("-reading") or not self.people.has_focus:
            if self.has_class("-zoomed"):
                self.do_zoom()
            self.remove_class("-reading")
            self.people.focus()
            return True
        return super().do_back()
