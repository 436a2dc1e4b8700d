"""Changes: the uncommitted files of the repository, and what changed in each."""

from __future__ import annotations

from typing import ClassVar

from textual import getters
from textual.app import ComposeResult

from itgov.tui.state.room import Room
from itgov.tui.views.base import View
from itgov.tui.widgets.page import Page
from itgov.tui.widgets.styled_text import Line

_NO_GIT: tuple[Line, ...] = (
    (("No changes to show", "strong"),),
    (),
    (("This folder is not in a git repository.", ""),),
    (("`git init`, `git add` and `git commit` start its history; R reads again.", "accent"),),
)
_SAMPLE: tuple[Line, ...] = (
    (("The sample has no changes", "strong"),),
    (),
    (("Start your own with `itgov init`; what is not committed is shown here.", "accent"),),
)


class ChangesView(View):
    """What is not committed yet."""

    NAME: ClassVar[str] = "changes"
    page = getters.query_one("#changes-page", Page)
    """What is said where there are no files to list."""

    def compose(self) -> ComposeResult:
        """Make the page."""
        yield Page(id="changes-page").add_class("pane")

    def fill(self, room: Room) -> None:
        """Say why there is nothing to list."""
        self.title(self.page, "Changes")
        self.page.show(_SAMPLE if room.sample or room.git else _NO_GIT)
