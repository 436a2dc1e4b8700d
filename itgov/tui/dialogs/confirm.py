"""A proposal shown as a diff, before anything is written."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from itgov.files.proposal import DiffLine, Proposal
from itgov.tui.dialogs.frame import Dialog
from itgov.tui.widgets.page import Page
from itgov.tui.widgets.styled_text import Line, Role, safe

_KINDS: dict[str, tuple[str, Role]] = {
    "added": ("+", "added"), "removed": ("-", "removed"), "context": (" ", "muted"), "gap": ("…", "muted"),
}  # fmt: skip


def diff_lines(proposal: Proposal) -> list[Line]:
    """Return what a proposal changes as lines: file, number, sign, text."""
    lines: list[Line] = []
    for file in proposal.diff():
        if lines:
            lines.append(())
        lines.append(((file.path, "strong"), (f"  +{file.added} -{file.removed}", "muted")))
        lines += [_line(line) for line in file.lines]
    return lines


def _line(line: DiffLine) -> Line:
    sign, role = _KINDS[line.kind]
    if line.kind == "gap":
        return (("        ⋯", "muted"),)
    number = line.new if line.new is not None else line.old
    return ((f"{number or '':>6} {sign} ", role), (line.text, role))


class Confirm(Dialog[bool]):
    """Shows a proposal; gives True where it is to be written."""

    AUTO_FOCUS = "Page"
    HINT = "enter or y writes it   esc or n leaves everything as it is"
    DEFAULT_CSS = """
    Confirm > Vertical { width: 110; }
    Confirm Page { height: auto; max-height: 70vh; min-height: 3; }
    Confirm .note { color: $warning; height: auto; margin-bottom: 1; }
    """

    def __init__(self, proposal: Proposal, note: str = "") -> None:
        super().__init__(proposal.title)
        self.proposal = proposal
        self.note = note

    def body(self) -> list[Widget]:
        """Return the diff."""
        page = Page()
        page.show(diff_lines(self.proposal))
        if not self.note:
            return [page]
        return [Static(Content(safe(self.note)), classes="note"), page]

    def on_key(self, event: events.Key) -> None:
        """Write it, or leave."""
        if event.key in ("enter", "y", "n"):
            event.stop()
            event.prevent_default()
            self.dismiss(event.key != "n")
            return
        super().on_key(event)
