"""What lies over the room, which is seen through it, darker."""

from __future__ import annotations

from typing import Any, Self, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.geometry import Region, Size
from textual.renderables.background_screen import BackgroundScreen
from textual.screen import ModalScreen, Screen
from textual.strip import Strip

from itgov.tui.widgets.frames import Framed

Result = TypeVar("Result")


class Modal(ModalScreen[Result], Framed[Result], inherit_bindings=False):
    """A dialog's screen.

    Textual works the colours under it out anew for every piece of text, which is half of what
    opening a dialog takes; here it is done once for each style.  It takes the lines from the screen
    below by `_compositor`, which Textual keeps to itself.
    """

    _below: tuple[Size, Color, list[Strip]] | None = None
    """The lines of the screen below, until it is drawn again: a letter typed here changes none."""

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        """Draw again, also what is below: it asks for that by this, too."""
        self._below = None
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the room's lines in darker colours."""
        stack = self.app.screen_stack
        place = stack.index(self) if self in stack else 0
        color, size = self.styles.background, self.size
        if not place or color.a == 1:
            return super().render_lines(crop)
        if self._below is None or self._below[:2] != (size, color):
            self._below = size, color, self._darkened(stack[place - 1], color)
        return self._below[2][crop.y : crop.bottom]

    def _darkened(self, below: Screen[Any], color: Color) -> list[Strip]:
        known: dict[Style, Style] = {}
        filters = self.get_line_filters()
        lines = []
        for strip in below._compositor.render_strips(self.size):
            made = [Segment(s.text, _darker(s.style or Style(), color, known)) for s in strip]
            line = Strip(made, strip.cell_length)
            for line_filter in filters:
                line = line.apply_filter(line_filter, color)
            lines.append(line)
        return lines


def _darker(style: Style, color: Color, known: dict[Style, Style]) -> Style:
    found = known.get(style)
    if found is None:
        (segment,) = BackgroundScreen.process_segments([Segment(" ", style)], color)
        found = known[style] = segment.style or Style()
    return found
