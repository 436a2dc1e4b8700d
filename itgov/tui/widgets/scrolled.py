"""What scrolls over more lines than there is room for, and is told often how many there are."""

from __future__ import annotations

from textual.geometry import Size
from textual.scroll_view import ScrollView


class Scrolled(ScrollView, inherit_bindings=False):
    """A view that is told of another number of lines without laying out the whole screen.

    Textual lays everything out anew whenever `virtual_size` changes; with a filter that is at every
    letter, and only the scroll bar needs it.
    """

    def set_lines(self, size: Size) -> None:
        """Say how much there is to scroll over."""
        if size == self.virtual_size:
            return
        if not self.is_mounted or not self.container_size:
            self.virtual_size = size
            return
        self.set_reactive(ScrollView.virtual_size, size)
        self._scroll_update(size)  # Textual keeps it to itself; it is what follows a layout, too
