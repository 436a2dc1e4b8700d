"""What closing a review session has written, and whether just that is to be committed."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.widget import Widget

from itgov.tui.dialogs.frame import Dialog
from itgov.tui.widgets.page import Page
from itgov.tui.widgets.styled_text import Line

_MOST = 20
"""Lines shown at once; the rest is scrolled to."""


class ClosedSession(Dialog[bool]):
    """Shows what a session has left behind; gives True where it is to be committed.

    `ready` are the paths that a commit would take, none where git cannot; `notes` whatever else is
    to be known, line by line.
    """

    AUTO_FOCUS = "Page"
    DEFAULT_CSS = """
    ClosedSession > Vertical { width: 96; }
    ClosedSession Page { height: auto; max-height: 20; min-height: 2; }
    """

    def __init__(
        self,
        title: str,
        written: Sequence[str],
        ready: Sequence[str],
        where: str,
        notes: Sequence[str],
    ) -> None:
        hint = "enter or y commits just these   esc or n leaves that to you"
        super().__init__(title, hint=hint if ready else "enter or esc goes on")
        self.written = written
        self.ready = ready
        self.where = where
        self.notes = notes

    def lines(self) -> list[Line]:
        """Return what is shown."""
        shown: list[Line] = []
        if self.ready:
            shown.append((("Commit just these files", "strong"), (self.where + "?", "strong")))
            shown += [((f"  {path}", "accent"),) for path in self.ready]
        else:
            shown.append((("Written, and not committed", "strong"),))
            shown += [((f"  {path}", "accent"),) for path in self.written]
        if self.notes:
            shown.append(())
            shown += [((line, "warning"),) for note in self.notes for line in note.split("\n")]
        return shown

    def body(self) -> list[Widget]:
        """Return the list."""
        page = Page()
        lines = self.lines()
        page.styles.height = min(max(len(lines), 2), _MOST)
        page.show(lines)
        return [page]

    def on_key(self, event: events.Key) -> None:
        """Commit, or leave."""
        if event.key in ("enter", "y", "n"):
            event.stop()
            event.prevent_default()
            self.dismiss(bool(self.ready) and event.key != "n")
            return
        super().on_key(event)
