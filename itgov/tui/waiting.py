"""What is there before the portfolio is: how far reading has come, or what keeps it from that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content

from itgov.tui.keymap import Keymap
from itgov.tui.widgets.page import Page
from itgov.tui.widgets.progress_bar import ProgressBar
from itgov.tui.widgets.styled_text import Line, safe

if TYPE_CHECKING:
    from itgov.tui.background.reading import Trouble


class Waiting(Container):
    """A bar of progress while files are read; then, if it came to that, what is wrong."""

    DEFAULT_CSS = """
    Waiting ProgressBar { height: 1fr; padding: 2 4; }
    Waiting Page { display: none; padding: 1 3; }
    Waiting.-trouble ProgressBar { display: none; }
    Waiting.-trouble Page { display: block; }
    """

    def compose(self) -> ComposeResult:
        """Make the bar and the page."""
        yield ProgressBar("Opening the portfolio")
        page = Page(id="trouble")
        page.add_class("pane")
        yield page

    def progress(self, doing: str, done: float) -> None:
        """Show how far it has come: what is being done, and the share that is, 0 to 1."""
        for bar in self.query(ProgressBar):
            bar.tell(doing, done)

    def trouble(self, found: Trouble, keys: Keymap) -> None:
        """Say what is wrong, where, and what to do."""
        page = self.query_one(Page)
        page.border_title = Content(safe(found.title))
        page.show(_lines(found, keys))
        self.add_class("-trouble")
        page.focus()


def _lines(found: Trouble, keys: Keymap) -> list[Line]:
    lines: list[Line] = []
    if not found.empty and len(found.lines) > 1:
        lines.append(((f"{len(found.lines):,} places", "muted"),))
    lines += [((text, "" if found.empty else "error"),) for text in found.lines]
    lines += [(), ((found.advice, "strong"),), ()]
    actions = [("reload", "read the files again"), ("quit", "quit")]
    if found.place is not None:
        actions.insert(0, ("editor", "open the first file in your editor"))
    if found.empty:
        actions[:0] = [
            ("init", "start a portfolio here: an organisation with one unit, rules and CI"),
            ("import", "import a table: a CSV or XLSX file that you have"),
            ("sample", "open the sample organisation"),
        ]
    for action, words in actions:
        key = keys.shown(action)
        if key:
            lines.append(((f"{key:>8}  ", "key"), (words, "")))
    return lines
