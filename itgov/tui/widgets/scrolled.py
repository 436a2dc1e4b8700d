"""What scrolls over more lines than there is room for, and is told often how many there are."""

from __future__ import annotations

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip


class Slider(ScrollBar):
    """A scroll bar that is drawn in a tenth of the time: most of its lines are the same.

    Three of them are drawn anew with every letter of a filter.
    """

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return its lines, those that look the same being the same."""
        bar = self.render()
        if not isinstance(bar, ScrollBarRender) or not isinstance(bar.style, Style):
            return super().render_lines(crop)
        width, height = self.size
        segments = bar.render_bar(
            size=height,
            window_size=bar.window_size,
            virtual_size=bar.virtual_size,
            position=bar.position,
            vertical=bar.vertical,
            thickness=width,
            back_color=bar.style.bgcolor or Color.default(),
            bar_color=bar.style.color or Color.default(),
        ).segments
        made: dict[int, Strip] = {}
        strips = [made.get(id(s)) or made.setdefault(id(s), self._strip(s)) for s in segments]
        return strips[crop.y : crop.bottom]

    def _strip(self, segment: Segment) -> Strip:
        strip = Strip([segment], self.size.width)
        background = self.background_colors[1]
        for line_filter in self.get_line_filters():
            strip = strip.apply_filter(line_filter, background)
        return strip


class Scrolled(ScrollView, inherit_bindings=False):
    """A view that is told of another number of lines without laying out the whole screen.

    Textual lays everything out anew whenever `virtual_size` changes; with a filter that is at every
    letter, and only the scroll bar needs it.
    """

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        """The scroll bar, made when it is first asked for."""
        if self._vertical_scrollbar is None:
            bar = Slider(vertical=True, name="vertical", thickness=self.scrollbar_size_vertical)
            bar.display = False
            self._vertical_scrollbar = bar
            self.app._start_widget(self, bar)
        return self._vertical_scrollbar

    def set_lines(self, size: Size) -> None:
        """Say how much there is to scroll over."""
        if size == self.virtual_size:
            return
        if not self.is_mounted or not self.container_size:
            self.virtual_size = size
            return
        self.set_reactive(ScrollView.virtual_size, size)
        self._scroll_update(size)  # Textual keeps it to itself; it is what follows a layout, too
