"""Presenting what is selected, on the whole screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from itgov.tui.room_app import RoomApp


class PresentActions:
    """Shows one subject large."""

    def __init__(self, home: RoomApp) -> None:
        self.home = home

    def do_present(self) -> None:
        """Present what is selected."""
        from itgov.review.clock import SystemClock
        from itgov.tui.presenting import Presentation

        presentation = Presentation(self.home, SystemClock())
        if presentation.subject is None:
            self.home.say("present: select an item, a unit or a person", "warning")
            return
        self.home.ask(presentation, lambda answer: None)
