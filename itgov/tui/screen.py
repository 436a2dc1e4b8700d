"""The one screen of the room, and from how many columns and lines on it is arranged differently."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult

from itgov.tui.textual_private import Framed
from itgov.tui.waiting import Waiting
from itgov.tui.widgets.bars import Banner, FilterBar, FootBar, TopBar
from itgov.tui.widgets.panes import Panes
from itgov.tui.widgets.tour_panel import TourPanel

SHORT = 24
"""Lines under which a detail takes the place of its list, as a page."""


class Main(Framed[None], inherit_bindings=False):
    """The one screen: bars at the edges, a view between them."""

    AUTO_FOCUS = ""
    BLANK = True  # as what it is divided into
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (170, "-broad")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (32, "-high")]

    def on_resize(self, event: events.Resize) -> None:
        """Tell whether there is room for panes over each other."""
        self.set_class(event.size.height < SHORT, "-short")

    def compose(self) -> ComposeResult:
        """Make the bars and the place of the views."""
        yield TopBar()
        yield Banner()
        yield TourPanel()
        yield Panes(Waiting(), id="views")
        yield FilterBar()
        yield FootBar()
