"""What a sheet does to a portfolio, while it is taken in and after."""

from __future__ import annotations

import copy
from collections.abc import Callable

from itgov.files.additions import added_person
from itgov.files.changes import add_person
from itgov.files.linked import Linked
from itgov.files.proposal import Proposal, combine
from itgov.files.save import EditRefused
from itgov.importing.intake import Intake, Moved, RefusedCell
from itgov.importing.values import BadCell
from itgov.model.people_facts import PersonFacts
from itgov.model.portfolio import PersonEntry, Source
from itgov.model.text import plural
from itgov.model.types import Person
from itgov.sheets.entries import entered, told
from itgov.sheets.incoming import Entered, Incoming
from itgov.sheets.layout import BETWEEN, people
from itgov.sheets.names import PeopleByName
from itgov.sheets.new_rows import Ids
from itgov.sheets.pages import OBJECTIVES, SheetColumn
from itgov.sheets.places import Places
from itgov.sheets.steps import Step, make

Relink = Callable[[Proposal], Linked]
"""Reads and links the portfolio as it would be after a proposal."""


class State:
    """How far a sheet is taken in: the files as they would be, and what is still to be done."""

    def __init__(self, linked: Linked, incoming: Incoming, relink: Relink) -> None:
        self.incoming = incoming
        self.relink = relink
        self.done: list[Proposal] = []
        self.steps: list[Step] = []
        self.made: list[Step] = []
        self.refused = list(incoming.refused)
        self.moved: list[Moved] = []
        self.unchanged = 0
        self.naming: dict[str, list[str]] = {}
        """The newcomers that each cell names."""
        self.cells: list[Entered] = list(incoming.cells)
        """Cells of records that are there, or will be when they are judged."""
        self.people = PeopleByName(people(linked.portfolio, gone=True), self._may_join)
        self._use(linked)

    def _use(self, linked: Linked) -> None:
        """Go on from a state of the files, in which newcomers can be named already."""
        self.linked = linked
        portfolio = copy.copy(linked.portfolio)
        portfolio.people = dict(portfolio.people)
        self.open = copy.copy(linked)
        self.open.portfolio = portfolio
        self.places = Places(self.open)
        self.ids = Ids(self.places)
        for newcomer in self.people.newcomers.values():
            self._let_in(newcomer.person)

    def _let_in(self, person: Person) -> None:
        entry = PersonEntry(person, PersonFacts(), Source("", ()))
        self.open.portfolio.people.setdefault(person.id, entry)

    def _may_join(self, person: Person) -> str:
        try:
            if self.people.newcomers:
                added_person(self.linked, person)
            else:
                add_person(self.linked, person)  # the file takes somebody, or nobody at all
        except EditRefused as error:
            return str(error)
        self._let_in(person)
        return ""

    def refuse(self, cell: str, why: str) -> None:
        """Note a cell that is not taken, and why."""
        self.refused.append(RefusedCell(cell, why))

    def flush(self) -> None:
        """Make the steps so far, and go on from the files as they would be."""
        if not self.steps:
            return
        made = make(self.steps, self.linked.documents)
        self.steps = []
        self.refused += made.refused
        self.made += made.steps
        if not made.proposal.is_empty:
            self.done.append(made.proposal)
            self._use(self.relink(combine(self.done)))

    def entered(self, column: SheetColumn, cell: Entered, unit: str = "") -> str:
        """Return a cell's value in canonical form, and note the newcomers it names."""
        if column.form == "unit":
            text = told(cell.value)
            found = self.places.named("units", text)
            if found is None:
                raise BadCell("names no business unit in the files, by id or by name")
            return found
        value = entered(column, cell.value, self.people, cell.cell)
        if column.form in ("person", "people"):
            new = [n for n in value.split(BETWEEN) if n in self.people.newcomers]
            if new:
                self.naming[cell.cell] = new
        if column.form == "objective" and unit and "/" not in value:
            same = self.places.part_named(OBJECTIVES, unit, value)
            return same.rpartition("/")[2] if same is not None else value
        return value

    def finish(self) -> Intake:
        """Return what became of the sheet."""
        taken = [cell for step in self.made for cell in step.cells]
        proposal = combine(self.done, f"Take in {plural(len(taken), 'cell')} of a sheet")
        incoming = self.incoming
        added = [step.added for step in self.made if step.added is not None]
        return Intake(
            proposal, taken, self.refused, incoming.blanked, incoming.notes, self.unchanged, added,
            self.moved,
        )  # fmt: skip


def short(text: str) -> str:
    """Return a value on one line, cut where it is long."""
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:59] + "…"
