"""Changes: the files that are not committed, what changed in each, and each change by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import getters
from textual.app import ComposeResult

from itgov.files.changed_texts import ChangedText
from itgov.files.document import Document
from itgov.files.reader import read
from itgov.insight.diff_files import FileDiffs
from itgov.model.finding import Place
from itgov.model.text import plural
from itgov.tui.background.uncommitted import FoundChanges
from itgov.tui.state.room import Room
from itgov.tui.state.row_filter import RowFilter
from itgov.tui.state.selection import ALL, Selection, Target
from itgov.tui.views.changes_page import NO_GIT, READING, SAMPLE, file_page, hunk_page, whole_page
from itgov.tui.views.changes_rows import FILES, HUNKS, FileRow, HunkRow, hunk_row
from itgov.tui.views.drill_view import DrillView
from itgov.tui.widgets.page import Page
from itgov.tui.widgets.panes import Panes, Stacked
from itgov.tui.widgets.styled_text import Line
from itgov.tui.widgets.table import Table

_MOST_PARSED = 400_000
"""Bytes of a file up to which it is read for whose record a line is in: that takes a moment."""


class ChangesView(DrillView):
    """The changed files above the changes in one of them, and what they say beside them."""

    NAME: ClassVar[str] = "changes"
    FILTERED = "changed-files"
    FIELDS = FILES.fields
    SORTED_BY = {"changed-files": "file"}
    ORDER = ("changed-files", "changed-hunks", "changed-page")
    SCOPED_CSS = False

    DEFAULT_CSS = """
    ChangesView #changed-halves { layout: horizontal; }
    ChangesView #changed-left { width: 1fr; }
    ChangesView #changed-page { width: 46%; height: 1fr; }
    ChangesView.-no-hunks #changed-hunks { display: none; }
    .-narrow ChangesView #changed-halves { layout: vertical; }
    .-narrow ChangesView #changed-left { height: 45%; }
    .-narrow ChangesView #changed-page { width: 1fr; }
    .-narrow ChangesView #changed-hunks { display: none; }
    .-narrow ChangesView.-at-changed-hunks #changed-hunks { display: block; }
    .-narrow ChangesView.-at-changed-hunks #changed-files { display: none; }
    .-narrow ChangesView.-at-changed-page #changed-left { display: none; }
    """
    files = getters.query_one("#changed-files", Table)
    hunks = getters.query_one("#changed-hunks", Table)
    """The changes in the selected file."""
    page = getters.query_one("#changed-page", Page)
    """What the selected file or change says."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[str, FileRow] = {}
        self._hunks: dict[str, HunkRow] = {}
        self._hunks_of: ChangedText | str | None = ""
        """Of what the changes are listed: a file, or None for all of them."""
        self._is_one = False
        """Whether one change is shown, and not its file."""
        self._row_filter: RowFilter[str] = RowFilter(())
        self._filled: tuple[FoundChanges | None, FileDiffs | str | None] = None, None
        self._shown: tuple[object, ...] = ()

    def order(self) -> Sequence[str]:
        """From files to the changes in the selected one, where it has any, to what they say."""
        return self.ORDER if self._hunks else (self.ORDER[0], self.ORDER[-1])

    def compose(self) -> ComposeResult:
        """Make two tables and a page."""
        with Panes(id="changed-halves"):
            with Stacked(id="changed-left"):
                yield Table(FILES.shown, empty="", id="changed-files").add_class("pane")
                yield Table(HUNKS.shown, empty="", id="changed-hunks").add_class("pane")
            yield Page(id="changed-page").add_class("pane")

    # -- rows --------------------------------------------------------------------------------

    def fill(self, room: Room) -> None:
        """Show the files, as far as they are known."""
        changes = self.home.changes
        found = changes.found if room.git else None
        if (found, changes.diffs) != self._filled:
            self._filled = found, changes.diffs
            self._make_rows(found, changes.diffs)
        self._fill_files(room)

    def _make_rows(self, found: FoundChanges | None, diffs: FileDiffs | str | None) -> None:
        self._rows = {}
        for path, text in found.files.items() if found is not None else ():
            part = diffs.of(*text.file.paths) if isinstance(diffs, FileDiffs) else None
            self._rows[path] = FileRow(text, part, diffs is None)
        self._row_filter = RowFilter(
            (p, FILES.searchable(r, _words(r))) for p, r in self._rows.items()
        )
        self.files.measure(FILES.measured(self._rows.values()))

    def filter_rows(self, room: Room) -> None:
        """Show the files for another filter."""
        self._fill_files(room)

    def _fill_files(self, room: Room) -> None:
        listed = {path: self._rows[path] for path in self._row_filter.select(self.sought)}
        rows = self.sorted_rows("changed-files", FILES, listed)
        self.found = (len(rows), len(self._rows))
        self.files.empty = self._empty(room)
        self.files.show(
            [ALL, *rows] if self._rows else [],
            lambda row: FILES.cells(listed[row]) if row != ALL else ((("all", "strong"),), (("All files", "strong"),)),
            wanted=self.sought.highlights,
        )  # fmt: skip
        self._title_files()
        self._show_file(room)

    def _empty(self, room: Room) -> str:
        if room.sample or not room.git:
            return "No changes to show."
        return "Nothing to show." if self._filled[0] is None else "No file differs."

    def _title_files(self) -> None:
        changes, marked = self.home.changes, len(self.files.marks - {ALL})
        base = changes.found.base.label if changes.found is not None else "Changes"
        count = f" {len(self._rows):,}" if changes.found is not None else ""
        below = [f"{marked:,} marked"] if marked else []
        below += [self.filter_words] if self.filter_text else []
        self.title(self.files, f"Files{count}: {base}" if count else base, "  ".join(below))

    @property
    def row(self) -> FileRow | None:
        """The selected file; None for all of them."""
        return self._rows.get(self.files.cursor or "")

    @property
    def chosen(self) -> list[ChangedText]:
        """The files to commit or revert: the marked ones, else the selected one, else all."""
        marked = [self._rows[p].text for p in self.files.marked if p in self._rows]
        if marked:
            return marked
        row = self.row
        return [row.text] if row is not None else [r.text for r in self._rows.values()]

    @property
    def marked(self) -> list[ChangedText]:
        """The marked files, or all where none is."""
        marked = [self._rows[p].text for p in self.files.marked if p in self._rows]
        return marked or [r.text for r in self._rows.values()]

    @property
    def change(self) -> HunkRow | None:
        """The change that is shown by itself: the one that the cursor is on, once it was gone to."""
        return self._hunks.get(self.hunks.cursor or "") if self._is_one else None

    def clear_all_marks(self) -> None:
        """Take every mark away."""
        for table in self.query_tables():
            table.clear_marks()

    def _show_file(self, room: Room) -> None:
        """Show the changes in the selected file, and what it says."""
        row = self.row
        text = row.text if row is not None else None
        if text is not self._hunks_of:
            self._hunks_of = text
            self._hunks = self._rows_of(room, text) if text is not None else {}
            self.hunks.measure(HUNKS.measured(self._hunks.values()))
            self.hunks.show(list(self._hunks), lambda r: HUNKS.cells(self._hunks[r]))
            name = text.file.path.rpartition("/")[2] if text is not None else ""
            self.title(self.hunks, f"{plural(len(self._hunks), 'change')} in {name}")
            self.set_class(not self._hunks, "-no-hunks")
            if not self._hunks and self.hunks.has_focus:
                self.go_into("changed-files")
        self._show_page(room)

    def _rows_of(self, room: Room, text: ChangedText) -> dict[str, HunkRow]:
        before, after = (_document(text.file.path, raw) for raw in (text.before, text.after))
        return {str(at): hunk_row(h, before, after) for at, h in enumerate(text.hunks)}

    def _show_page(self, room: Room) -> None:
        changes, row = self.home.changes, self.row
        found = changes.found if room.git else None
        hunk = self.change
        shown = (found, changes.diffs, row, hunk, changes.trouble, room.git, room.sample)
        if shown == self._shown:
            return
        top = self._shown[2:4] != shown[2:4]
        self._shown = shown
        self.title(self.page, row.text.file.path if row is not None else "All files")
        if room.sample or not room.git:
            self.page.show(SAMPLE if room.sample else NO_GIT)
        elif changes.trouble:
            head: Line = (("The changes cannot be shown", "error"),)
            self.page.show([head, (), ((changes.trouble, ""),), (("H compares with something else; R tries again", "accent"),)])  # fmt: skip
        elif found is None:
            self.page.show(READING)
        elif hunk is not None:
            self.page.show(list(hunk_page(hunk, self.home.keys.shown("revert"))), top=top)
        elif row is not None:
            diffs = row.diff if row.diff is not None else changes.diffs
            self.page.show(list(file_page(row.text, diffs, room.repository)), top=top)
        else:
            self.page.show(list(whole_page(found, changes.diffs)), top=top)

    def on_show(self) -> None:
        """Begin to read what changed, once somebody looks."""
        if self.room is not None:
            self.home.changes.look(self.room)

    def show_changes(self) -> None:
        """Show what was read meanwhile."""
        if self.room is not None:
            self.fill(self.room)
            self.post_message(self.Changed())

    # -- selection ---------------------------------------------------------------------------

    def selection(self) -> Selection:
        """Return the file, with the line of the change that the cursor is on."""
        row = self.row
        if row is None:
            return Selection()
        hunk = self.change
        path = row.text.file.path
        there = row.text.file.state != "deleted"
        line = hunk.line if hunk is not None else 1
        return Selection(id=path, place=Place(path, line, 1) if there else None)

    def go_to(self, target: Target) -> bool:
        """Select a file."""
        return self.files.select(target.id)

    def first(self) -> Table:
        """Begin with the files."""
        return self.files

    def entered(self, name: str) -> None:
        """Show the change, or the whole file, on the page, which stays as it is when it is gone to."""
        if self.room is not None and name != "changed-page":
            self._is_one = name == "changed-hunks"
            self._show_page(self.room)
            self.post_message(self.Changed())

    def on_table_moved(self, message: Table.Moved) -> None:
        """Show another file or another change."""
        message.stop()
        if self.room is None:
            return
        if message.table is self.files:
            self._show_file(self.room)
        else:
            self._show_page(self.room)
        self.post_message(self.Changed())

    def on_table_marked(self, message: Table.Marked) -> None:
        """Say how many are marked."""
        message.stop()
        self._title_files()
        self.post_message(self.Changed())

    def on_table_opened(self, message: Table.Opened) -> None:
        """Go from a file to its changes, from there to the page."""
        message.stop()
        if message.table is self.files and self._hunks:
            self.go_into("changed-hunks")
        else:
            self.go_into("changed-page")


def _document(path: str, raw: bytes | None) -> Document | None:
    """Return a file with its positions; None where it is none of ours, broken, or very large."""
    if raw is None or len(raw) > _MOST_PARSED or not path.endswith((".yaml", ".yml")):
        return None
    document, _, problems = read(path, raw)
    return None if problems else document


def _words(row: FileRow) -> str:
    """Return what a filter finds a file by: its path, and who or what changed in it."""
    changes = row.diff.changes if row.diff is not None else ()
    named = " ".join(f"{c.subject.id} {c.label}" for c in changes)
    return f"{row.path} {row.text.file.state} {named}".lower()
