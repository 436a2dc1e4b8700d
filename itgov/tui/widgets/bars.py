"""The lines at the edges: what is shown, what can be done, what was just said."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Literal

from msgspec import Struct
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events, getters
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer
from textual.widgets import Input, Static

from itgov.tui.widgets.line_input import LineInput
from itgov.tui.widgets.styled_text import Line, Role, Span, StyledWidget, fit, safe, wrap
from itgov.tui.widgets.typed_line import Completer, EarlierLines

Tone = Literal["", "ok", "warning", "error"]
_SIGNS: dict[Tone, str] = {"": "", "ok": "✓ ", "warning": "! ", "error": "✗ "}


class Piece(Struct, frozen=True):
    """A part of a bar; a click on it carries an action out."""

    spans: tuple[Span, ...]
    action: str = ""
    current: bool = False
    shorter: tuple[tuple[Span, ...], ...] = ()
    """The same in fewer columns, each time fewer; empty ones leave it out."""

    @property
    def width(self) -> int:
        """Columns of the terminal."""
        return sum(cell_len(text) for text, _ in self.spans)

    def shortened(self, times: int) -> Piece:
        """Return it in fewer columns, as few as it can where it cannot be shortened so often."""
        if not times or not self.shorter:
            return self
        return Piece(self.shorter[min(times, len(self.shorter)) - 1], self.action, self.current)


def fitting(
    left: Sequence[Piece], right: Sequence[Piece], width: int, keep: int = 1
) -> tuple[list[Piece], list[Piece]]:
    """Return as much of the pieces as there is space for.

    All of the left are shortened once and the first of the right left out, in turn; then the left
    are shortened further one by one, from the last on.  The last `keep` of the right stay as long as
    the left can be made short enough for them, the last of all longest.
    """
    most = max((len(p.shorter) for p in left), default=0)
    for drop in range(max(len(right) - keep, 0) + 1):
        for short in range(min(most, 1) + 1):
            shown = [p.shortened(short) for p in left]
            if _fits(shown, right[drop:], width):
                return shown, list(right[drop:])
    for kept in ([*right[-n:]] for n in range(keep, 0, -1)):
        for short in range(2, most + 1):
            for at in reversed(range(len(left))):
                shown = [p.shortened(short - (i < at)) for i, p in enumerate(left)]
                if _fits(shown, kept, width):
                    return shown, kept
    return [p.shortened(most) for p in left], []


def _fits(left: Sequence[Piece], right: Sequence[Piece], width: int) -> bool:
    return sum(p.width for p in (*left, *right)) + 1 <= width


class Bar(StyledWidget):
    """One line of pieces, from the left and from the right; what has no space is left out."""

    KEPT = 1
    """How many of the last pieces on the right stay while the left can be made shorter."""

    class Chosen(Message):
        """A piece was clicked."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.left: Sequence[Piece] = ()
        self.right: Sequence[Piece] = ()
        self._hits: list[tuple[int, int, str]] = []

    def show(self, left: Sequence[Piece], right: Sequence[Piece] = ()) -> None:
        """Show other pieces."""
        if (self.left, self.right) != (left, right):
            self.left, self.right = left, right
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return the line."""
        width = self.size.width
        left, right = self.arranged(width)
        space = width - sum(p.width for p in right) - 1
        segments: list[Segment] = []
        self._hits = []
        at = 0
        for piece in left:
            if at + piece.width > space:
                break
            self._draw(piece, at, segments)
            at += piece.width
        start = width - sum(p.width for p in right)
        segments.append(Segment(" " * max(start - at, 0), self.base_style))
        at = start
        for piece in right:
            self._draw(piece, at, segments)
            at += piece.width
        return Strip(segments).adjust_cell_length(width, self.base_style)

    def arranged(self, width: int) -> tuple[Sequence[Piece], Sequence[Piece]]:
        """Return the pieces as they are shown in so many columns."""
        return fitting(self.left, self.right, width, self.KEPT)

    def _draw(self, piece: Piece, at: int, segments: list[Segment]) -> None:
        over = self.base_style + Style(reverse=True, bold=True) if piece.current else None
        segments.extend(self.segments(((safe(t), r) for t, r in piece.spans), over))
        if piece.action:
            self._hits.append((at, at + piece.width, piece.action))

    def on_click(self, event: events.Click) -> None:
        """Carry out what was clicked."""
        for start, end, action in self._hits:
            if start <= event.x < end:
                self.post_message(self.Chosen(action))
                return


class TopBar(Bar):
    """The organisation, the views, the day, the branch and the findings."""

    KEPT = 2


class Banner(Bar):
    """Says what stands over all that is shown, as long as it does; else it is not there."""

    def tell(self, pieces: Sequence[Piece]) -> None:
        """Show pieces, or hide it where there are none."""
        self.show(pieces)
        self.set_class(bool(pieces), "-told")


class FootBar(Bar):
    """What can be done here, and how to leave at the right; or what was just said."""

    MOST = 4
    """Lines that what is said may take, on a narrow screen."""

    def __init__(self) -> None:
        super().__init__()
        self.said: Line = ()
        self.spoken: deque[Line] = deque(maxlen=200)
        """All that was said, the last of it at the end."""
        self._until: Timer | None = None

    def say(self, text: str, tone: Tone = "") -> None:
        """Say something in place of the keys, for a few seconds; all of it, on several lines."""
        role: Role = tone or "strong"
        self.said = ((" ", ""), (_SIGNS[tone] + safe(text), role))
        self.spoken.append(self.said)
        if self._until is not None:
            self._until.stop()  # the timer of the message before, which would end this one early
        self._until = self.set_timer(max(3.0, min(len(text) / 12, 12.0)), self.hush)
        self._take(min(len(self._lines()), self.MOST))

    def hush(self) -> None:
        """Show the keys again."""
        if self.said:
            self.said = ()
            self._take(1)

    def _take(self, lines: int) -> None:
        """Take so many lines; where a filter is typed is over them."""
        self.styles.height = lines
        for bar in self.screen.query(FilterBar):
            bar.styles.margin = (0, 0, lines, 0)
        self.refresh()

    def arranged(self, width: int) -> tuple[Sequence[Piece], Sequence[Piece]]:
        """Return the pieces: of the left ones as many as fit, the first of them and the right always."""
        first = self.left[0].width if self.left else 0
        fits = first + sum(p.width for p in self.right) < width
        return self.left, self.right if fits else self.right[-1:]

    def _lines(self) -> list[list[Span]]:
        return wrap(self.said, self.size.width or 80, 3)

    def render_line(self, y: int) -> Strip:
        """Return what was said, else the keys."""
        if not self.said:
            return super().render_line(y)
        self._hits = []
        lines, width = self._lines(), self.size.width
        parts = lines[y] if y < len(lines) else []
        if y == self.MOST - 1 and len(lines) > self.MOST:
            parts = [*fit(tuple(parts), width - 1), ("…", parts[-1][1])]
        return Strip(self.segments(parts)).adjust_cell_length(width, self.base_style)


class FilterBar(Horizontal):
    """Where a filter or a command is typed."""

    COUNT = 22
    """Columns for how much was found."""

    class Changed(Message):
        """Another filter is typed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

        def can_replace(self, message: Message) -> bool:
            """Only what is there now matters."""
            return isinstance(message, FilterBar.Changed)

    class Done(Message):
        """The input was left; with `kept`, the filter stays."""

        def __init__(self, kept: bool) -> None:
            super().__init__()
            self.kept = kept

    input = getters.query_one(Input)
    """Where it is typed."""

    def compose(self) -> ComposeResult:
        """Make the sign, the input and the count."""
        yield Static("/", classes="sign", markup=False)
        yield LineInput(placeholder="words  field:value  !not  spend:>1m  owner:-")
        yield Static("", classes="count", markup=False)

    def __init__(self) -> None:
        super().__init__()
        self.completer = Completer(lambda text: ())
        """What the filter can go on as."""
        self._earlier = EarlierLines(())

    def open(self, text: str, earlier: Sequence[str], find: Callable[[str], Sequence[str]]) -> None:
        """Show the bar with a filter to go on from; `find` returns the lines that it can go on as."""
        self.completer, self._earlier = Completer(find), EarlierLines(earlier)
        self.add_class("-open")
        with self.input.prevent(Input.Changed):
            self.input.value = text
        self.input.cursor_position = len(text)
        self.screen.set_focus(self.input)  # at once: the next key is meant for it

    def show_count(self, text: str) -> None:
        """Say how much was found, or what of the filter is not understood."""
        place = self.query_one(".count", Static)
        wide = cell_len(text) > self.COUNT
        place.set_class(wide, "-wide")
        place.update(Content(safe(text)), layout=wide)  # laying out all of the screen can be felt

    def close(self) -> None:
        """Hide the bar."""
        self.remove_class("-open")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter as it is typed."""
        event.stop()
        self.post_message(self.Changed(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep the filter."""
        event.stop()
        self.post_message(self.Done(True))

    def on_key(self, event: events.Key) -> None:
        """Complete it, bring back earlier ones, leave by escape; below the last is the list."""
        typed = self.input.value
        match event.key:
            case "up" | "down":
                line = self._earlier.step(typed, -1 if event.key == "up" else 1)
            case "tab" | "shift+tab":
                line = self.completer.step(typed, 1 if event.key == "tab" else -1)
            case "escape":
                line = None
            case _:
                return
        event.stop()
        event.prevent_default()
        if line is not None:
            self.input.value = line
            self.input.cursor_position = len(line)
        elif event.key in ("escape", "down"):
            self.post_message(self.Done(event.key == "down"))
