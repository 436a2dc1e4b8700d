"""What closing the session does, before it is done; from there the minutes can be read first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from textual import events
from textual.widget import Widget

from itgov.report.closing_words import closing_words, commit_words
from itgov.review.closing import Closing
from itgov.tui.dialogs.dialog import Dialog
from itgov.tui.dialogs.notes import diff_lines
from itgov.tui.widgets.page import Page
from itgov.tui.widgets.styled_text import Line

Answer = Literal["close", "minutes", "discard"]
CHANGED_MEANWHILE = "Something was recorded or changed meanwhile. This is what closing does now."
_LETTERS: Mapping[str, Answer] = {"enter": "close", "p": "minutes", "x": "discard"}


class ClosingDialog(Dialog[Answer]):
    """Shows counts, who was there, edits and commit; gives what is to be done, None to stay open."""

    KEYS = (
        ("enter", "close"), ("p", "read the minutes"), ("x", "discard"), ("↑↓", "scroll"), ("esc", "keep open"),
    )  # fmt: skip

    def __init__(
        self, closing: Closing, names: Mapping[str, str], *, git: bool, note: str = ""
    ) -> None:
        super().__init__(f"Close {closing.minutes.review.id}?", width=110)
        self.lines = closing_lines(closing, names, git=git)
        if note:
            self.lines = [((f"! {note}", "warning"),), (), *self.lines]

    def body(self) -> list[Widget]:
        """Return the page of what would be done."""
        page = Page()
        page.show(self.lines)
        return [page]

    def take_key(self, event: events.Key) -> bool:
        """Answer, scroll or leave."""
        answer = _LETTERS.get(event.key)
        if answer is None:
            return super().take_key(event)
        self.dismiss(answer)
        return True


def closing_lines(closing: Closing, names: Mapping[str, str], *, git: bool) -> list[Line]:
    """Return what closing does as lines: counts, warnings, minutes, commit, and the edits as a diff."""
    first, *more = closing_words(closing.minutes, names)
    lines: list[Line] = [((first, "strong"),), *(((words, ""),) for words in more)]
    warnings = (*(edit.says for edit in closing.lost), *closing.left)
    if warnings:
        lines += [(), *(((f"! {words}", "warning"),) for words in warnings)]
    lines += [(), ((f"minutes: {', '.join(closing.written)}", ""),)]
    if git:
        lines.append(((commit_words(len(closing.commit), closing.branch, closing.why_not), ""),))
        lines += [((f"  {path}", "accent"),) for path in closing.commit]
    if closing.days.is_empty:
        return [*lines, (), (("closing edits no file of the portfolio", "muted"),)]
    return [
        *lines,
        (),
        (("Edits", "strong"), (f"  {closing.days.title}", "muted")),
        *diff_lines(closing.days),
    ]
