"""The tour: six steps on the sample, each of which goes on when what it asks for was done."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from msgspec import Struct

from itgov.tui.widgets.tour_panel import TourPanel

if TYPE_CHECKING:
    from itgov.tui.keymap import Keymap
    from itgov.tui.room_app import RoomApp
    from itgov.tui.widgets.styled_text import Line


class Step(Struct, frozen=True):
    """One step: its title, the action whose key it asks for, and what the key is for.

    Any of `done_by` is as good as the first.  `view` is the one that it has to be done on, if any.
    """

    title: str
    done_by: tuple[str, ...]
    purpose: str
    view: str = ""


STEPS = (
    Step("Items", ("down", "up"), "go to the next item; its page stands beside the list, or opens with enter", "portfolio"),
    Step("What needs a name", ("narrow",), "see only items that have no outcome owner or relationship manager", "portfolio"),
    Step("One item", ("next-tab", "previous-tab"), "turn to the next tab of the item: its findings, each with its line and how it is fixed", "portfolio"),
    Step("Back", ("back",), "go one step back, from the page or to all items; this never leaves the room"),
    Step("Health", ("show-health",), "see each business unit's score, the reason, and the best next steps"),
    Step("All keys", ("help",), "see every key, and run one with enter; esc closes the list"),
)  # fmt: skip


class TourActions:
    """Goes through the tour, on the sample only."""

    def __init__(self, home: RoomApp) -> None:
        self.home = home
        self.at: int | None = None
        """The step that the tour is at; as many as there are where it is over; None without a tour."""

    def do_tour(self) -> None:
        """Begin the tour, or end it; over a portfolio, in a room of its own that is on the sample."""
        home = self.home
        if self.at is not None:
            self.at = None
            self.show()
        elif home.room is not None and home.room.sample:
            self.begin()
        else:
            self._elsewhere()

    def begin(self) -> None:
        """Begin with the first step."""
        self.at = 0
        self.show()

    def did(self, action: str) -> None:
        """Go on where that is what the step asks for."""
        if self.at is None:
            return
        if self.at < len(STEPS) and action in STEPS[self.at].done_by:
            self.at += 1
        self.show()

    def show(self) -> None:
        """Say what the step asks for."""
        view = self.home.navigation.view
        shown = view.NAME if view is not None else ""
        self.home.base.query_one(TourPanel).tell(
            tour_lines(self.home.keys, self.at, shown) if self.at is not None else ()
        )

    def _elsewhere(self) -> None:
        """Give the terminal to a room of its own: nothing of this one is touched."""
        from textual.app import SuspendNotSupported

        from itgov.tui.external_editor import run_program

        home = self.home
        day = [f"--as-of={home.room.today}"] if home.room is not None else []
        trouble = ""
        try:
            with home.suspend():
                try:
                    run_program([sys.executable, "-P", "-m", "itgov", "--tour", *day])
                except OSError as error:  # an exception would leave the room suspended
                    trouble = str(error)
        except SuspendNotSupported:
            home.say("the tour cannot be opened here; run `itgov --tour` in a terminal", "warning")
            return
        home.refresh(layout=True)
        if trouble:
            home.say(f"the tour cannot be started: {trouble}", "error")


def tour_lines(keys: Keymap, at: int, shown: str = "") -> list[Line]:
    """Return what a step says: what to press, what that shows, and how to leave.

    Where the view that is `shown` is not the step's own, the way back to it comes first.
    """
    leave = keys.shown("quit")
    count = len(STEPS)
    if at >= count:
        return [
            (("The tour is over. ", "strong"), ("Go on looking, or press ", ""), (leave, "key"), (" to leave.", "")),
            (("In a folder of your own, `itgov` starts a portfolio or imports a table.", ""),),
        ]  # fmt: skip
    step = STEPS[at]
    done: Line = (("✓ done  ", "ok"),) if at else ()
    back: Line = (("Press ", ""),)
    if step.view and shown and step.view != shown:
        way = _named(keys, f"show-{step.view}")
        back = (*back, (way, "key"), (f" for the {step.view} view, then ", ""))
    return [
        (*done, (f"Tour {at + 1} of {count}: {step.title}", "strong"), (f"   {leave} ", "key"), ("leaves", "")),
        (*back, (_named(keys, step.done_by[0]), "key"), (f" to {step.purpose}.", "")),
    ]  # fmt: skip


def _named(keys: Keymap, action: str) -> str:
    """Return the key of an action, or its name for the `:` line where it has none."""
    key = keys.shown(action)
    return key or f"{keys.shown('command')}{action}"
