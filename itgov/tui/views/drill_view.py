"""Views whose panes lead into each other: `enter` goes deeper, `escape` comes back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events

from itgov.tui.views.base import View
from itgov.tui.widgets.page import Page
from itgov.tui.widgets.styled_text import Line
from itgov.tui.widgets.table import Table


class DrillView(View):
    """A view of panes from the whole to the part.

    The view has the class `-at-<pane>` of the pane with the focus, so that its styles can hide what
    there is no room for in a small terminal; a hidden pane is shown when it is gone to.
    """

    ORDER: ClassVar[Sequence[str]] = ()
    """The ids of its panes, from the whole to the part."""

    # -- panes -------------------------------------------------------------------------------

    def order(self) -> Sequence[str]:
        """Return the ids of the panes that can be gone to, from the whole to the part."""
        return self.ORDER

    def table(self, name: str) -> Table:
        """Return a table by its id."""
        return self.query_one(f"#{name}", Table)

    def go_into(self, name: str) -> None:
        """Focus a pane, shown if it was hidden."""
        self._at(name)
        self.query_one(f"#{name}").focus()

    def _at(self, name: str) -> None:
        zoomed = self.has_class("-zoomed")
        for pane in {*self.ORDER, *self.order()}:
            self.set_class(pane == name, f"-at-{pane}")
            if zoomed:
                self.query_one(f"#{pane}").set_class(pane == name, "-zoom")

    @property
    def at(self) -> str | None:
        """The id of the pane with the focus."""
        return next((p for p in self.order() if self.query_one(f"#{p}").has_focus), None)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Make room for the pane that is looked at."""
        name = event.widget.id
        if name is not None and name in self.order():
            self._at(name)
            self.entered(name)

    def entered(self, name: str) -> None:
        """Do what belongs to a pane getting the focus."""

    def _focus_by(self, step: int) -> None:
        order = self.order()
        at = self.at
        place = order.index(at) + step if at is not None else 0
        self.go_into(order[place % len(order)])

    def do_back(self) -> bool:
        """Leave the zoom or the marks, else come back from the part to the whole."""
        if super().do_back():
            return True
        order, at = self.order(), self.at
        if at is None or at == order[0] or self.first() is self.query_one(f"#{at}"):
            return False
        self.go_into(order[order.index(at) - 1])
        return True


def notice(page: Page, lines: Sequence[Line]) -> None:
    """Show what has to be said before anything else; nothing takes no room."""
    page.display = bool(lines)
    page.show(lines)
