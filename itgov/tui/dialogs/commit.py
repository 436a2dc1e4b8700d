"""What a commit would take, where it would go and what it would say, before it is made."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.widget import Widget
from textual.widgets import Input

from itgov.files.git_changes import ChangedFile
from itgov.model.text import plural
from itgov.tui.dialogs.dialog import Dialog
from itgov.tui.widgets.line_input import LineInput
from itgov.tui.widgets.page import Page
from itgov.tui.widgets.styled_text import Line


class CommitDialog(Dialog[str]):
    """Gives the message to commit with; its first line can be typed."""

    KEYS = (("enter", "commit"), ("↑↓", "scroll"), ("esc", "cancel"))

    def __init__(
        self,
        files: Sequence[ChangedFile],
        message: str,
        branch: str | None,
        left: int,
        notes: Sequence[str] = (),
    ) -> None:
        where = branch or "a detached HEAD"
        super().__init__(f"Commit {plural(len(files), 'file')} to {where}?", width=110)
        first, _, self.rest = message.partition("\n")
        self.first = first
        self._lines = _lines(files, self.rest, branch, left, notes)

    def body(self) -> list[Widget]:
        """Return the line to type in, and the page of what is committed."""
        page = Page()
        page.show(self._lines)
        return [LineInput(self.first, placeholder="what the commit does, in one line"), page]

    def take_key(self, event: events.Key) -> bool:
        """Commit, scroll or leave."""
        if event.key != "enter":
            return super().take_key(event)
        first = self.query_one(Input).value.strip()
        if first:
            self.dismiss(f"{first}\n{self.rest}")
        else:
            self.problem("Enter a message: what the commit does, in one line.")
        return True


def _lines(
    files: Sequence[ChangedFile], rest: str, branch: str | None, left: int, notes: Sequence[str]
) -> list[Line]:
    lines: list[Line] = [((note, "warning"),) for note in notes]
    if branch is None:
        lines.append((("! HEAD is detached: no branch will hold the commit; `git switch -c NAME` makes one", "warning"),))  # fmt: skip
    lines.append((("Files", "strong"),))
    for file in files:
        was = f"{file.was} → " if file.was is not None else ""
        lines.append(((f"  {file.state:<9}", "muted"), (f"{was}{file.path}", "accent")))
    if left:
        lines.append(((f"  {plural(left, 'other file')} not committed", "muted"),))
    if rest.strip():
        lines += [(), (("Further lines of the message", "strong"),)]
        lines += [((f"  {line}", ""),) for line in rest.strip().split("\n")]
    return lines
