"""What lies over the room, which is seen through it, darker."""

from __future__ import annotations

from typing import TypeVar

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.geometry import Region
from textual.renderables.background_screen import BackgroundScreen
from textual.screen import ModalScreen
from textual.strip import Strip

from itgov.tui.frames import Framed

Result = TypeVar("Result")


class Over(ModalScreen[Result], Framed[Result], inherit_bindings=False):
    """A dialog's screen.

    Textual works the colours under it out anew for every piece of text, which is half of what
    opening a dialog takes; here it is done once for each style.
    """

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the room's lines in darker colours."""
        stack = self.app.screen_stack
        place = stack.index(self) if self in stack else 0
        if not place or self.styles.background.a == 1:
            return super().render_lines(crop)
        known: dict[Style, Style] = {}
        color, filters = self.styles.background, self.get_line_filters()
        lines = []
        for strip in stack[place - 1]._compositor.render_strips(self.size)[crop.y : crop.bottom]:
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
