"""Where there is nothing yet: bringing in a table, asked about as `itgov import` does."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from itgov.model.errors import ItgovError
from itgov.tui.edits.asking import waits_for_answers

if TYPE_CHECKING:
    from itgov.importing.questions import Question
    from itgov.importing.run import Planned
    from itgov.tui.room_app import RoomApp
    from itgov.tui.widgets.styled_text import Line

_LISTED = 50
"""Most tables of the folder that are offered."""


class _Ready(NamedTuple):
    """An import that can be shown, and what writes it and says what was written."""

    planned: Planned
    write: Callable[[], str]
    note: str


class ImportActions:
    """The action that imports a table into an empty repository."""

    def __init__(self, home: RoomApp) -> None:
        self.home = home

    @property
    def _root(self) -> Path:
        return self.home.path if self.home.path is not None else Path()

    @waits_for_answers
    async def do_import(self) -> None:
        """Ask for a table and what it does not say, show what would be written, and write it."""
        if self.home.read_only:
            self.home.say("the room is read-only", "warning")
            return
        path = await self._file()
        if path is None:
            return
        try:
            self.home.say(f"Reading {path.name} …")
            ready = await asyncio.to_thread(self._by_ready_mapping, path) or await self._asked(path)
            if ready is None or not await self._agreed(ready):
                self.home.say("Nothing was imported")
                return
            kept = await asyncio.to_thread(ready.write)
        except (ItgovError, OSError) as error:
            self.home.tell("Nothing was imported", _lines(str(error)))
            return
        self.home.updates.do_reload()
        text = ready.planned.report.render_text()
        self.home.tell(f"Imported from {path.name}", _lines(f"{ready.note}{kept}\n\n{text}"))

    async def _file(self) -> Path | None:
        from itgov.importing.binding import SUFFIXES
        from itgov.tui.dialogs.form import Answers, Ask, Form

        tables = sorted(
            p.name for p in self._root.glob("*") if p.suffix.casefold() in SUFFIXES and p.is_file()
        )

        def wrong(answers: Answers) -> str | None:
            if self._path(answers["file"]).is_file():
                return None
            return f"`{answers['file'].strip()}` is not a file (use a CSV or XLSX file)"

        first = tables[0] if len(tables) == 1 else ""
        listed = ", ".join(tables[:_LISTED]) or "a CSV or XLSX file"
        ask = Ask(id="file", label="file", value=first, help=listed)
        given = await self.home.push_screen_wait(
            Form("Import a table", (ask,), (), _today(), wrong)
        )
        return self._path(given["file"]) if given is not None else None

    def _path(self, typed: str) -> Path:
        return self._root / Path(typed.strip().strip("'\"")).expanduser()

    def _by_ready_mapping(self, path: Path) -> _Ready | None:
        """Make the import by the ready mapping that fits; None where none does."""
        from itgov.importing.binding import detect
        from itgov.importing.run import plan_import
        from itgov.importing.trouble import NoMappingFits

        try:
            name = detect([path])
        except NoMappingFits:
            return None
        planned = plan_import(name, [path], self._root)

        def write() -> str:
            planned.edits.write(dry_run=False)
            return self._schemas()

        return _Ready(planned, write, f"A mapping for these tables exists: `{name}`. ")

    async def _asked(self, path: Path) -> _Ready | None:
        """Ask what the table does not say; None where that is given up."""
        from itgov.importing.interview import Interview
        from itgov.tui.dialogs.import_question import question_picker

        interview = await asyncio.to_thread(Interview, [path], self._root)
        while found := await asyncio.to_thread(interview.open):
            number = len(interview.answers) + 1
            picker = question_picker(found[0], number, number + len(found) - 1)
            answer = await self.home.push_screen_wait(picker)
            if answer is not None:
                interview.answer(found[0], answer)
            elif not interview.back():
                return None
        planned = await asyncio.to_thread(interview.plan)

        def write() -> str:
            kept = interview.write(planned)
            return f"The mapping is kept in {kept}. {self._schemas()}"

        return _Ready(planned, write, _taken(interview.taken))

    def _schemas(self) -> str:
        from itgov.importing.editor_schemas import write_schemas

        return write_schemas(self._root)

    async def _agreed(self, ready: _Ready) -> bool:
        from itgov.importing.interview import first_records
        from itgov.importing.report import total_lines
        from itgov.tui.dialogs.notes import Notes

        report = ready.planned.report
        counts = f"{len(report.new):,} investments in {len(report.units):,} units"
        totals = total_lines(report.totals, report.unaccounted, report.currency)
        conflicts = [f"    {c}" for c in report.conflicts]
        text = "\n".join(
            [
                f"{ready.note}{counts}",
                "",
                *totals,
                *(["rows that contradict each other:", *conflicts] if conflicts else []),
                "",
                "The first investments as they would be written:",
                "",
                first_records(ready.planned),
            ]
        )
        notes = Notes("What would be written", _lines(text), yes="write", no="cancel")
        agreed = await self.home.push_screen_wait(notes)
        return bool(agreed)


def _taken(questions: list[Question]) -> str:
    return "".join(f"Not asked, the proposal is used: {q.asks}: {q.proposal}. " for q in questions)


def _lines(text: str) -> list[Line]:
    return [((line, ""),) for line in text.splitlines()]


def _today() -> datetime.date:
    return datetime.date.today()
