"""Everybody who is named in a role, what the selected person answers for, and that in full."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult

from itgov.files.places import locate
from itgov.tui.ink import Cell
from itgov.tui.people import COUNTED, PEOPLE_FIELDS, Answering, Duty, People
from itgov.tui.room import Room
from itgov.tui.views.answers import (
    actions,
    duty_cells,
    person_lines,
    sorted_duties,
    standing,
)
from itgov.tui.views.base import Selection, Target, View
from itgov.tui.widgets.page import Page
from itgov.tui.widgets.plain import Plain, Stacked
from itgov.tui.widgets.table import Column, Table
from itgov.tui.words import counts

_PEOPLE = (
    Column("name", "person", 16, flex=3),
    Column("standing", "standing", 15),
    Column("unit", "unit", 14, flex=2, drop=7),
    Column("owns", "owns", 5, right=True),
    Column("sponsors", "sponsors", 8, right=True, drop=3),
    Column("manages", "manages", 7, right=True, drop=4),
    Column("delivers", "delivers", 8, right=True, drop=6),
    Column("heads", "heads", 5, right=True, drop=5),
    Column("actions", "actions", 9, right=True, drop=2),
    Column("findings", "findings", 10, right=True, drop=1),
)
_DUTIES = (
    Column("role", "role", 14),
    Column("about", "about", 9, flex=1),
    Column("title", "what", 16, flex=5),
    Column("when", "stage / day", 16, drop=2),
    Column("spend", "spend", 7, right=True, drop=3),
    Column("findings", "findings", 9, right=True, drop=1),
)
_STATES = {"left": 0, "unknown": 1, "nobody": 2, "": 3, "gone": 4}


def _worst(p: Answering) -> tuple[object, ...]:
    found = p.findings
    return (
        _STATES[p.state],
        -found["error"],
        -found["warning"],
        -p.actions[1],
        p.name.lower(),
        p.id,
    )


def _counted(column: str) -> Callable[[Answering], tuple[object, ...]]:
    return lambda p: (-p.count(COUNTED[column]), *_worst(p))


_SORTS: dict[str, Callable[[Answering], tuple[object, ...]]] = {
    "standing": _worst,
    "name": lambda p: (p.name.lower(), p.id),
    "unit": lambda p: (not p.unit_name, p.unit_name.lower(), *_worst(p)),
    "actions": lambda p: (-p.actions[1], -p.actions[0], *_worst(p)),
    "findings": lambda p: (-p.findings["error"], -p.findings["warning"], *_worst(p)),
    **{column: _counted(column) for column in COUNTED},
}


class PeopleView(View):
    """People above, what the selected one answers for below, and a page of it beside them."""

    NAME: ClassVar[str] = "people"
    FIELDS = PEOPLE_FIELDS
    SCOPED_CSS = False

    DEFAULT_CSS = """
    PeopleView #halves { layout: horizontal; }
    PeopleView #who { width: 1fr; }
    PeopleView #duties { height: 40%; }
    PeopleView #person { width: 40%; height: 1fr; }
    .-narrow PeopleView #person, .-narrow PeopleView #duties { display: none; }
    .-narrow PeopleView.-reading #people { display: none; }
    .-narrow PeopleView.-reading #halves { layout: vertical; }
    .-narrow PeopleView.-reading #who { height: 45%; }
    .-narrow PeopleView.-reading #duties { display: block; height: 1fr; }
    .-narrow PeopleView.-reading #person { display: block; width: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.sort: tuple[str, bool] = ("standing", False)
        self._all: People | None = None
        self._key: tuple[object, ...] = ()
        self._duties: dict[str, Duty] = {}
        self._shown: tuple[int, str] | None = None

    def compose(self) -> ComposeResult:
        """Make two tables and a page."""
        with Plain(id="halves"):
            with Stacked(id="who"):
                yield Table(_PEOPLE, empty="Nobody yet.", id="people").add_class("pane")
                yield Table(_DUTIES, empty="Nothing.", id="duties").add_class("pane")
            yield Page(id="person").add_class("pane")

    @property
    def people(self) -> Table:
        """The table of people."""
        return self.query_one("#people", Table)

    @property
    def duties(self) -> Table:
        """The table of what the selected person answers for."""
        return self.query_one("#duties", Table)

    @property
    def page(self) -> Page:
        """The page of the selected person."""
        return self.query_one("#person", Page)

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
        key = (id(room), self.filter_text, self.sort)
        if key == self._key:
            return
        self._key = key
        people = self._all.rows
        rows = list(self._all.sieve.select(self.sought))
        column, down = self.sort
        rows.sort(key=lambda row: _SORTS[column](people[row]), reverse=down)
        self.found = (len(rows), len(people))
        self.people.sorted_by = self.sort
        self.people.empty = "Nobody matches the filter." if self.filter_text else "Nobody yet."
        shown = f"{len(rows):,} of {len(people):,}" if self.filter_text else f"{len(people):,}"
        wrong = len(self._all.holding())
        below = [f"/{self.filter_text}"] if self.filter_text else []
        if wrong:
            below.append(f"{wrong:,} left or unknown, still in a role")
        self.title(self.people, f"People {shown}", "  ".join(below))
        self.people.show(
            rows, lambda row: _person_cells(people[row]), wanted=self.sought.highlights
        )

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
        self.title(self.duties, f"{name} answers for {len(duties):,}" if person else "")
        self.duties.show(list(self._duties), lambda row: duty_cells(room, self._duties[row]))
        self.title(self.page, name)
        self.page.show(person_lines(room, person) if person is not None else [])

    # -- selection ---------------------------------------------------------------------------

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
            self.home.say("it is about the organisation as a whole; e edits it at the line")

    def on_table_sort_asked(self, message: Table.SortAsked) -> None:
        """Sort by a column, the other way round if it is sorted by that already."""
        message.stop()
        column = message.row or ""
        if message.table is not self.people or self.room is None:
            return
        self.sort = (column, not self.sort[1] if self.sort[0] == column else False)
        self.fill(self.room)
        self.post_message(self.Changed())

    def do_back(self) -> bool:
        """From what a person answers for to the people, before anything else."""
        if self.has_class("-reading") or not self.people.has_focus:
            if self.has_class("-zoomed"):
                self.do_zoom()
            self.remove_class("-reading")
            self.people.focus()
            return True
        return super().do_back()


def _person_cells(person: Answering) -> tuple[Cell, ...]:
    gone = person.state == "gone"
    numbers: list[Cell] = []
    for role in COUNTED.values():
        number = person.count(role)
        numbers.append(f"{number:,}" if number else (("·", "muted"),))
    return (
        ((person.name, "muted" if gone else ""),),
        standing(person),
        person.unit_name,
        *numbers,
        actions(person),
        counts(person.findings),
    )
