"""The columns of the changes view: the changed files, and the changes in one of them."""

from __future__ import annotations

import re

from msgspec import Struct

from itgov.files.changed_texts import ChangedText
from itgov.files.document import Document
from itgov.files.git_changes import STATES, State
from itgov.files.hunks import Hunk
from itgov.files.record_at_line import record_at_line
from itgov.insight.diff_changes import Diff
from itgov.report.figures import UNKNOWN
from itgov.tui.columns import ColumnOf, Columns
from itgov.tui.widgets.styled_text import Cell, Role

_ROLES: dict[State, Role] = {
    "conflict": "error", "modified": "", "renamed": "accent", "new": "added", "deleted": "removed",
}  # fmt: skip
_VALUE = re.compile(r"(\s*(?:- +)?\{?[^\s:{}\[\]#'\"]+:)\s*(.*?)\s*$")
_PENDING: Cell = (("…", "muted"),)


class FileRow(Struct, frozen=True):
    """A changed file as a row; `diff` is what changed in it in the portfolio's words, once known."""

    text: ChangedText
    diff: Diff | None = None
    pending: bool = False

    @property
    def path(self) -> str:
        """Its path, with the one that it had before."""
        file = self.text.file
        return f"{file.path} (was {file.was})" if file.was is not None else file.path

    @property
    def changes(self) -> int:
        """How many subjects of the portfolio changed in it."""
        return len({c.subject for c in self.diff.changes}) if self.diff is not None else 0


def _changes(row: FileRow) -> Cell:
    if row.diff is None:
        return _PENDING if row.pending else UNKNOWN
    return f"{row.changes:,}" if row.changes else ""


def _lines(row: FileRow) -> Cell:
    text = row.text
    if text.kind != "text":
        return ((text.kind, "muted"),)
    added, removed = f"+{text.added:,}", f"-{text.removed:,}"
    return (
        (added if text.added else "", "added"),
        (" ", ""),
        (removed if text.removed else "", "removed"),
    )


FILES: Columns[FileRow] = Columns(
    ColumnOf("state", "state", 8, cell=lambda r: ((r.text.file.state, _ROLES[r.text.file.state]),), sort=lambda r: STATES.index(r.text.file.state), find=lambda r: r.text.file.state),
    ColumnOf("file", "file", 26, flex=1, cell=lambda r: r.path, sort=lambda r: r.text.file.path, find=lambda r: r.path.lower()),
    ColumnOf("changes", "changes", 7, right=True, drop=1, cell=_changes, sort=lambda r: -r.changes, find=lambda r: r.changes if r.diff is not None else None, holds="amount"),
    ColumnOf("lines", "lines", 7, right=True, drop=2, cell=_lines, sort=lambda r: -(r.text.added + r.text.removed), find=lambda r: r.text.added + r.text.removed, holds="amount"),
    ColumnOf("staged", "staged", 6, drop=3, cell=lambda r: r.text.file.staged, sort=lambda r: r.text.file.staged, find=lambda r: r.text.file.staged),
)  # fmt: skip


class HunkRow(Struct, frozen=True):
    """One change in a file as a row: its line, its record and field, and what was replaced."""

    hunk: Hunk
    line: int
    record: str
    field: str
    says: Cell


HUNKS: Columns[HunkRow] = Columns(
    ColumnOf("line", "line", 5, right=True, cell=lambda r: f"{r.line:,}"),
    ColumnOf("record", "record", 8, flex=1, cell=lambda r: ((r.record, "accent"),)),
    ColumnOf("field", "field", 8, flex=1, drop=1, cell=lambda r: r.field),
    ColumnOf("change", "change", 14, flex=2, cell=lambda r: r.says),
)


def hunk_row(hunk: Hunk, before: Document | None, after: Document | None) -> HunkRow:
    """Return a change as a row; the documents tell whose record it is in, where they are known."""
    line, document = (hunk.new, after) if hunk.added else (hunk.old, before)
    lines = hunk.added or hunk.removed
    skip = next((n for n, text in enumerate(lines) if text.strip()), 0)
    record, field = record_at_line(document, line + skip + 1) if document is not None else ("", "")
    if len(lines) > 1 and not (hunk.added and hunk.removed):
        field = field.rpartition(" ")[0]
    return HunkRow(hunk, line + 1, record, field, _says(hunk))


def _says(hunk: Hunk) -> Cell:
    removed, added = len(hunk.removed), len(hunk.added)
    if removed == added == 1:
        was, now = (_VALUE.match(_text(line)) for line in (hunk.removed[0], hunk.added[0]))
        if was is not None and now is not None and was[1] == now[1]:
            return ((was[2], "removed"), (" → ", "muted"), (now[2], "added"))
        return (
            (_text(hunk.removed[0]), "removed"),
            (" → ", "muted"),
            (_text(hunk.added[0]), "added"),
        )
    first = _text(next((t for t in (hunk.added or hunk.removed) if t.strip()), b""))
    counts = [f"+{added:,}"] * bool(added) + [f"-{removed:,}"] * bool(removed)
    return ((" ".join(counts), "added" if added else "removed"), (f"  {first}", ""))


def _text(line: bytes) -> str:
    return line.decode("utf-8", errors="replace").strip()
