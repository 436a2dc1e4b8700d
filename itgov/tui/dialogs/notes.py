"""Lines to read over the room, and a question about them that is answered by yes or no."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.widget import Widget

from itgov.files.parallel import Progress, untold
from itgov.files.proposal import DiffLine, Proposal
from itgov.report.effect_words import EffectLine
from itgov.tui.dialogs.dialog import Dialog, KeyHint
from itgov.tui.widgets.page import Page
from itgov.tui.widgets.styled_text import Line, Role

_KINDS: dict[str, tuple[str, Role]] = {
    "added": ("+", "added"), "removed": ("-", "removed"), "context": (" ", "muted"), "gap": ("…", "muted"),
}  # fmt: skip

_PENDING: Line = (("Calculating findings and scores …", "muted"),)


class Notes(Dialog[bool]):
    """Shows lines; with `yes`, which says what enter does, gives True or False for yes or no."""

    KEYS = (("↑↓", "scroll"), ("esc", "back"))

    def __init__(
        self, title: str, lines: Sequence[Line], *, yes: str = "", no: str = "cancel"
    ) -> None:
        keys: Sequence[KeyHint] | None = (
            (("enter", yes), ("↑↓", "scroll"), ("esc", no)) if yes else None
        )
        super().__init__(title, keys=keys, width=110 if yes else 132, tall=not yes)
        self.lines = lines
        self.asks = bool(yes)

    def body(self) -> list[Widget]:
        """Return the page of lines."""
        page = Page()
        page.show(self.lines)
        return [page]

    def take_key(self, event: events.Key) -> bool:
        """Answer, scroll or leave."""
        if self.asks and event.key in ("enter", "y", "n"):
            self.dismiss(event.key != "n")
        elif not self.asks and event.key in ("enter", "q"):
            self.leave()
        else:
            return super().take_key(event)
        return True


class Confirm(Notes):
    """Shows what an edit changes and achieves, and asks whether it is to be written.

    What it achieves is worked out beside the dialog and shown above the diff once it is known.
    """

    def __init__(self, proposal: Proposal, diff: Sequence[Line], notes: Sequence[str] = ()) -> None:
        self._notes: list[Line] = [((note, "warning"),) for note in notes]
        self._diff = diff
        super().__init__(proposal.title, self._with([_PENDING]), yes="write")

    def _with(self, effect: Sequence[Line]) -> list[Line]:
        return [*self._notes, *effect, (), *self._diff]

    def tell(self, effect: Sequence[EffectLine]) -> None:
        """Show what the edit achieves; the lines below stay where they are read."""
        self.lines = self._with([((text, role),) for text, role in effect])
        for page in self.query(Page):
            page.show(self.lines, top=False)
            page.refresh(layout=True)


def diff_lines(proposal: Proposal, progress: Progress = untold) -> list[Line]:
    """Return what a proposal changes as lines: file, number, sign, text."""
    lines: list[Line] = []
    files = proposal.diff(progress=progress)
    if len(files) > 1:
        added, removed = sum(f.added for f in files), sum(f.removed for f in files)
        lines.append(((f"{len(files):,} files", "strong"), (f"  +{added:,} -{removed:,}", "muted")))
    for file in files:
        if lines:
            lines.append(())
        counts = f"  +{file.added} -{file.removed}" if file.lines or not file.note else ""
        note = f"  {file.note}" if file.note else ""
        lines.append(((file.path, "strong"), (counts, "muted"), (note, "warning")))
        lines += [text_line(line) for line in file.lines]
    return lines


def text_line(line: DiffLine) -> Line:
    """Return a line of a diff: its number, its sign, its text."""
    sign, role = _KINDS[line.kind]
    if line.kind == "gap":
        return (("        lines left out", "muted"),)
    number = line.new if line.new is not None else line.old
    return ((f"{number or '':>6} {sign} ", role), (line.text, role))


def session_closed(
    title: str, written: Sequence[str], ready: Sequence[str], where: str, notes: Sequence[str]
) -> Notes:
    """Return the dialog that shows what closing a session has written, and asks whether to commit it.

    `ready` are the paths that a commit would take, none where git cannot; `notes` whatever else is
    to be known.
    """
    head = f"Commit these files{where}?" if ready else "Written, not committed"
    lines: list[Line] = [((head, "strong"),)]
    lines += [((f"  {path}", "accent"),) for path in ready or written]
    if notes:
        lines.append(())
        lines += [((line, "warning"),) for note in notes for line in note.split("\n")]
    return Notes(title, lines, yes="commit these files" if ready else "", no="not now")
