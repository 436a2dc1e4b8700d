"""The one screen of the room, and from how many columns and lines on it is arranged differently."""

from __future__ import annotations

from textual.app import ComposeResult

from itgov.tui.textual_private import Framed
from itgov.tui.waiting import Waiting
from itgov.tui.widgets.bars import Banner, FilterBar, FootBar, TopBar
from itgov.tui.widgets.panes import Panes
from itgov.tui.widgets.tour_panel import TourPanel


class Main(Framed[None], inherit_bindings=False):
    """The one screen: bars at the edges, a view between them."""

    AUTO_FOCUS = ""
    BLANK = True  # as what it is divided into
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide"), (170, "-broad")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (32, "-high")]

    def compose(self) -> ComposeResult:
        """Make the bars and the place of the views."""
        yield TopBar()
        yield Banner()
        yield TourPanel()
        yield Panes(Waiting(), id="views")
        yield FilterBar()
        yield FootBar()
