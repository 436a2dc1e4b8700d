"""A table out of the room: into a file that others can open, or into the clipboard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from itgov.model.errors import ItgovError
from itgov.model.text import plural
from itgov.tui.edits.asking import waits_for_answers

if TYPE_CHECKING:
    from itgov.tui.room_app import RoomApp
    from itgov.tui.table_file import Format, ShownTable
    from itgov.tui.widgets.styled_text import Line
    from itgov.tui.widgets.table import Table

_ENDINGS: dict[str, Format] = {".csv": "csv", ".xlsx": "xlsx", ".md": "md", ".markdown": "md"}
_CLIPBOARD = "clipboard"
_KINDS = {
    "csv": "CSV file",
    "xlsx": "XLSX workbook",
    "md": "Markdown file",
    "tabs": "Clipboard, for a spreadsheet",
    "text": "Clipboard, as Markdown",
}
"""What a table can become."""


class TableActions:
    """Writes the table at hand as it is filtered and sorted; `copy` is given a text and its name."""

    def __init__(self, home: RoomApp, copy: Callable[[str, str], None]) -> None:
        self.home = home
        self.copy = copy

    @waits_for_answers
    async def do_write_table(self, argument: str = "") -> None:
        """Write the table: to the file that is named, else ask what it is to become, and where."""
        table = self._table()
        if table is None:
            self.home.say("no table in this view", "warning")
            return
        shown = self._shown(table)
        kind = (argument and ("tabs" if argument == _CLIPBOARD else "file")) or await self._kind(
            shown
        )
        if kind is None:
            return
        if kind in ("tabs", "text"):
            await self._copy(shown, kind)
            return
        if self.home.read_only:
            self.home.say("the room was opened read-only; the clipboard takes a table", "warning")
            return
        name = argument or await self._file_name(shown, kind)
        if name is not None:
            await self._write(shown, Path(name).expanduser())

    # -- what is written -------------------------------------------------------------------------

    def _table(self) -> Table | None:
        """Return the table that has the keys, else the first of the view that is shown."""
        from itgov.tui.widgets.table import Table

        focused = self.home.base.focused
        if isinstance(focused, Table):
            return focused
        view = self.home.navigation.view
        tables = view.query_tables() if view is not None else []
        return next((t for t in tables if t.display and t.rows), None)

    def _shown(self, table: Table) -> ShownTable:
        from itgov.tui.table_file import shown_table

        room, view = self.home.room, self.home.navigation.view
        assert room is not None
        notes = []
        if view is not None and view.filter_text and view.FILTERED in ("", table.id):
            notes.append(f"filter {view.filter_text}")
            if view.found is not None:
                notes.append(f"{view.found[0]:,} of {view.found[1]:,} found")
        if table.sorted_by is not None:
            key, down = table.sorted_by
            title = next((c.title for c in table.columns if c.key == key), key)
            notes.append(f"sorted by {title}{', downwards' if down else ''}")
        if room.unread:
            files = plural(len(room.unread), "file")
            notes.append(f"{files} could not be read; the contents are missing")
        name = f"{self.home.navigation.view_name}-{table.id or 'table'}-{room.today}"
        return shown_table(table, name, room.name, room.today, notes)

    # -- what is asked ---------------------------------------------------------------------------

    async def _kind(self, shown: ShownTable) -> str | None:
        from itgov.tui.dialogs.picker import NAMES, Choice, choice_picker

        choices = [Choice(kind, words, (words,)) for kind, words in _KINDS.items()]
        return await self.home.push_screen_wait(choice_picker(_heading(shown), choices, NAMES))

    async def _file_name(self, shown: ShownTable, ending: str) -> str | None:
        from itgov.tui.dialogs.form import Answers, Ask, Form

        def wrong(answers: Answers) -> str | None:
            return why_not(Path(answers["file"].strip()).expanduser())

        where = f"in {Path.cwd()}, unless a folder is named"
        ask = Ask(id="file", label="file", value=f"{shown.name}.{ending}", help=where)
        form = Form(_heading(shown), (ask,), (), shown.as_of, wrong)
        given = await self.home.push_screen_wait(form)
        return given["file"].strip() if given is not None else None

    async def _may_replace(self, path: Path) -> bool:
        from itgov.tui.dialogs.notes import Notes

        line: Line = ((f"{path} exists already. It would be replaced.", "warning"),)
        question: Notes = Notes("Replace the file?", [line], yes="replace")
        answer: bool | None = await self.home.push_screen_wait(question)
        return bool(answer)

    # -- writing ---------------------------------------------------------------------------------

    async def _copy(self, shown: ShownTable, kind: str) -> None:
        from itgov.files.parallel import Progress
        from itgov.tui.dialogs.working import with_progress
        from itgov.tui.table_file import content_of, markdown_text, tabbed_text

        def work(progress: Progress) -> str:
            progress("Copying", 0.0)
            whole = content_of(shown)
            return tabbed_text(whole) if kind == "tabs" else markdown_text(whole)

        text = await with_progress(self.home, "Copy the table", work)
        if text is not None:
            self.copy(text, f"{shown.title}; {'; '.join(shown.notes)}")

    async def _write(self, shown: ShownTable, path: Path) -> None:
        from itgov.files.atomic import write_atomic, write_new
        from itgov.files.output_paths import why_not_beside
        from itgov.files.parallel import Progress
        from itgov.tui.dialogs.working import with_progress
        from itgov.tui.table_file import content_of, file_bytes

        room = self.home.room
        why = why_not(path)
        if why is None and room is not None:
            why = why_not_beside(room.repository, path)
        if why is not None:
            self.home.say(why, "error")
            return
        replaces = path.exists()
        if replaces and not await self._may_replace(path):
            self.home.say("nothing written")
            return
        kind = _ENDINGS[path.suffix.casefold()]

        def work(progress: Progress) -> int:
            progress("Writing", 0.0)
            raw, blank = file_bytes(content_of(shown), kind)
            progress("Writing", 0.9)
            path.parent.mkdir(parents=True, exist_ok=True)
            (write_atomic if replaces else write_new)(path, raw)
            return blank

        try:
            blank = await with_progress(self.home, f"Write {path.name}", work)
        except FileExistsError:
            self.home.say(
                f"{path} was created by somebody else meanwhile; nothing was written", "error"
            )
        except (OSError, ItgovError) as error:
            reason = error.strerror or error if isinstance(error, OSError) else error
            self.home.say(f"{path}: cannot be written: {reason}", "error")
        else:
            if blank is None:
                self.home.say("nothing written")
                return
            parts = [f"wrote {path}", *shown.notes, f"as of {shown.as_of}"]
            if blank:
                parts.append(f"{blank:,} cells are too long for a workbook and blank")
            self.home.say("; ".join(parts), "warning" if blank else "ok")


def _heading(shown: ShownTable) -> str:
    return f"Write “{shown.title}”: {shown.notes[0]}"


def why_not(path: Path) -> str | None:
    """Return why a table cannot be written to a path, and what to do, or None where it can."""
    from itgov.files.output_paths import why_not_written

    if path.suffix.casefold() not in _ENDINGS:
        return f"`{path.name}` has no ending that tells the format (use .csv, .xlsx or .md)"
    if path.exists() and not path.is_file():
        return f"`{path}` is not a file; name another one"
    return why_not_written(path)
