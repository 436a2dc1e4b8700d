"""Views that are turned by two keys, through tabs, groupings or figures."""

from __future__ import annotations

from abc import abstractmethod


class Turning:
    """The part of a view that answers to the keys for the next and the previous tab."""

    @abstractmethod
    def turn(self, step: int) -> None:
        """Show what is `step` further on, 1 or -1, round at the ends."""

    def do_next_tab(self) -> None:
        """Show the next one."""
        self.turn(1)

    def do_previous_tab(self) -> None:
        """Show the one before."""
        self.turn(-1)
