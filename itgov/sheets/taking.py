"""Taking a sheet in: each cell as written, as filled in and as the file has it now, compared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from itgov.files import changes
from itgov.files.linked import Linked
from itgov.files.proposal import Proposal, combine
from itgov.files.save import EditRefused
from itgov.files.subjects import find_record
from itgov.files.write import Plain
from itgov.importing.intake import Intake, RefusedCell, Taken
from itgov.importing.typed import CLEAR
from itgov.importing.values import BadCell
from itgov.model.finding import Subject
from itgov.model.text import plural
from itgov.model.types import Record
from itgov.sheets.entries import PeopleByName, entered, plain_value, told
from itgov.sheets.incoming import Entered, Incoming, NewResult, SheetRefused
from itgov.sheets.layout import RESULTS, SATISFACTION, SheetColumn, canonical, people


def take_in(linked: Linked, incoming: Incoming) -> Intake:
    """Return the edits that a sheet asks for, and the cells that are not taken, with the reason.

    Raise SheetRefused where the sheet is of another portfolio.
    """
    ours = linked.portfolio.organisation.record.id
    if incoming.organisation != ours:
        raise SheetRefused(
            f"the sheet is of the organisation `{incoming.organisation}`, and this is `{ours}`"
        )
    taking = _Taking(linked, incoming)
    for group in _groups(incoming.cells):
        taking.cells(group)
    for result in incoming.results:
        taking.result(result)
    return taking.finish()


class _Step(Struct):
    proposal: Proposal
    cells: list[Taken]


def _groups(cells: list[Entered]) -> list[list[Entered]]:
    """Return the cells that are judged together: those of a satisfaction, else each alone."""
    groups: list[list[Entered]] = []
    joint: dict[str, list[Entered]] = {}
    for cell in cells:
        if cell.page is SATISFACTION and cell.id in joint:
            joint[cell.id].append(cell)
            continue
        groups.append([cell])
        if cell.page is SATISFACTION:
            joint[cell.id] = groups[-1]
    return groups


class _Taking:
    def __init__(self, linked: Linked, incoming: Incoming) -> None:
        self.linked = linked
        self.people = PeopleByName(people(linked.portfolio))
        self.incoming = incoming
        self.refused = list(incoming.refused)
        self.steps: list[_Step] = []
        self.unchanged = 0
        self.records: dict[Subject, Record] = {}

    def refuse(self, cell: str, why: str) -> None:
        self.refused.append(RefusedCell(cell, why))

    # -- cells -----------------------------------------------------------------------------

    def cells(self, group: list[Entered]) -> None:
        """Take the cells of one edit that say something new."""
        subject = Subject(group[0].page.kind, group[0].id)
        fresh: list[tuple[Entered, SheetColumn, str, str]] = []
        for cell in group:
            found = self._fresh(subject, cell)
            if found is not None:
                fresh.append((cell, *found))
        if not fresh:
            return
        taken = [
            Taken(cell.cell, subject.kind, subject.id, column.field, old, new)
            for cell, column, old, new in fresh
        ]
        cleared = [column.field for _, column, _, new in fresh if not new]
        values: dict[str, Plain] = {
            column.field: plain_value(column, new) for _, column, _, new in fresh if new
        }
        if "satisfaction.score" in cleared:
            cleared, values = ["satisfaction"], {}
        self._try(
            taken,
            lambda: [
                *(changes.clear_field(self.linked, subject, field) for field in cleared),
                *([changes.set_fields(self.linked, subject, values)] if values else []),
            ],
        )

    def _fresh(self, subject: Subject, cell: Entered) -> tuple[SheetColumn, str, str] | None:
        """Return column, old and new value of a cell that says something new; "" takes it away."""
        column = next(c for c in cell.page.columns if c.field == cell.field)
        try:
            ours = self._ours(subject, cell.field)
            base = self._base(column, cell.base)
            if told(cell.value).casefold() == CLEAR:
                theirs = ""
            elif _same(column, cell.value, cell.base):
                theirs = base
            else:
                theirs = entered(column, cell.value, self.people)
        except EditRefused as error:
            self.refuse(cell.cell, str(error))
            return None
        except BadCell as error:
            self.refuse(cell.cell, f"`{_short(told(cell.value))}` {error}")
            return None
        if theirs in (base, ours):
            self.unchanged += 1
            return None
        if ours != base:
            now = f"to `{_short(ours)}`" if ours else "and deleted"
            self.refuse(cell.cell, f"was changed in the file meanwhile, {now}; compare both")
            return None
        return column, ours, theirs

    def _base(self, column: SheetColumn, base: str) -> str:
        """Return what a cell held in canonical form; what it held need not be right."""
        if not base:
            return ""
        try:
            return entered(column, base, self.people)
        except BadCell:
            return base

    def _ours(self, subject: Subject, field: str) -> str:
        if subject not in self.records:  # looking one up is slow in a large portfolio
            self.records[subject] = find_record(self.linked, subject).record
        value: Any = self.records[subject]
        for step in field.split("."):
            value = getattr(value, step, None)
        return told(canonical(value))

    def _try(self, taken: list[Taken], make: Callable[[], list[Proposal]]) -> None:
        try:
            self.steps.append(_Step(combine(make()), taken))
        except EditRefused as error:
            self.refuse(taken[0].cell, str(error))

    # -- results ---------------------------------------------------------------------------

    def result(self, result: NewResult) -> None:
        """Take a new measurement, unless the outcome has it already."""
        columns = {c.field: c for c in RESULTS.columns}
        values: dict[str, Plain] = {}
        taken = []
        sound = True
        for cell in result.cells:
            try:
                new = entered(columns[cell.field], cell.value, self.people)
            except BadCell as error:
                self.refuse(cell.cell, f"`{_short(told(cell.value))}` {error}")
                sound = False
                continue
            values[cell.field] = plain_value(columns[cell.field], new)
            taken.append(Taken(cell.cell, "outcome", result.id, f"results.{cell.field}", "", new))
        first = result.cells[0].cell
        if not sound:
            return
        if "date" not in values:
            self.refuse(first, "the result has no date")
        elif len(values) == 1:
            self.refuse(first, "the result has neither a figure nor evidence")
        elif self._is_known(result.id, values):
            self.unchanged += len(taken)
        elif str(values["date"]) > self.linked.portfolio.today.isoformat():
            self.refuse(first, f"the result is of {values['date']}, which is in the future")
        else:
            for step in self.steps:
                day = str(values["date"])
                same = [c for c in step.cells if c.id == result.id and c.field == "results.date"]
                if any(c.new == day for c in same):
                    self.refuse(first, f"another row has a result of {day} for {result.id}")
                    return
            self._try(taken, lambda: [changes.add_result(self.linked, result.id, values)])

    def _is_known(self, id_: str, values: dict[str, Plain]) -> bool:
        try:
            record: Any = find_record(self.linked, Subject("outcome", id_)).record
        except EditRefused:
            return False
        return any(
            all(canonical(getattr(r, f)) == canonical(v) for f, v in values.items())
            for r in record.results
        )

    # -- all of them -----------------------------------------------------------------------

    def finish(self) -> Intake:
        """Return all edits as one; where a file takes none together, its cells are refused."""
        whole: list[Proposal] = []
        taken: list[Taken] = []
        by_path: dict[str, list[_Step]] = {}
        for step in self.steps:
            for file in step.proposal.files[:1]:
                by_path.setdefault(file.path, []).append(step)
        for steps in by_path.values():
            try:
                whole.append(combine(s.proposal for s in steps))
            except EditRefused as error:
                for cell in (c for s in steps for c in s.cells):
                    self.refuse(cell.cell, str(error))
                continue
            taken += [c for s in steps for c in s.cells]
        proposal = combine(whole, f"Take in {plural(len(taken), 'cell')} of a sheet")
        incoming = self.incoming
        return Intake(
            proposal, taken, self.refused, incoming.blanked, incoming.notes,
            self.unchanged,
        )  # fmt: skip


def _same(column: SheetColumn, value: Any, base: str) -> bool:
    """Say whether a cell is as it was, though its person may be gone by now."""
    text = told(value)
    if column.form == "person" and base and text.endswith(f"({base})"):
        return True
    return text == base


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:59] + "…"
