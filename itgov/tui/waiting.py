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
    """Return what is wrong and what to do; where nothing is wrong, first what can be begun with."""
    said: list[Line] = [((text, "muted" if found.empty else "error"),) for text in found.lines]
    if not found.empty and len(found.lines) > 1:
        said.insert(0, ((f"{len(found.lines):,} places", "muted"),))
    ways: list[Line] = [((found.advice, "strong"),), (), *_ways(found, keys)]
    return [*ways, (), *said] if found.empty else [*said, (), *ways]


def _ways(found: Trouble, keys: Keymap) -> list[Line]:
    actions = [("reload", "read the files again"), ("quit", "quit")]
    if found.place is not None:
        actions.insert(0, ("editor", "open the first file in your editor"))
    if found.empty:
        actions[:0] = [
            ("init", "start a portfolio here: asks for name, currency and first business unit"),
            ("import", "import a table: a CSV or XLSX file that you have"),
            ("sample", "open the sample organisation, read-only"),
            ("tour", "take the tour: six steps on the sample"),
        ]
    named = ((keys.shown(action), words) for action, words in actions)
    return [((f"{key:>8}  ", "key"), (words, "")) for key, words in named if key]
