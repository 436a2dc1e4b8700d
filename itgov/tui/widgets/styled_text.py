"""Text with a meaning: what a piece of text is, and how each theme shows that.

Text from files never meets a markup parser here: it is made harmless and cut into spans, each with
a role, and the role's style comes from the theme.  No meaning rests on a colour alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, TypeAlias, get_args

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.color import Color
from textual.filter import ANSIToTruecolor, LineFilter
from textual.widget import Widget

from itgov.model.text import without_accents
from itgov.report.plain import plain

Role = Literal[
    "", "muted", "strong", "accent", "error", "warning", "info", "ok", "match", "key", "added",
    "removed",
]  # fmt: skip
ROLES: tuple[Role, ...] = get_args(Role)[1:]

Span: TypeAlias = tuple[str, Role]
Line: TypeAlias = tuple[Span, ...]
"""A line of text that may be longer than the screen is wide."""
Cell: TypeAlias = str | Line
"""What stands in a cell of a table."""


class Exact(str):
    """A text that is shown for something longer or more exact, which it keeps: 1.2m for 1234567."""

    __slots__ = ("exact",)

    exact: float | str | None

    def __new__(cls, shown: str, exact: float | str | None) -> Exact:
        """Return the text; `exact` is None where it stands for nothing."""
        made = super().__new__(cls, shown)
        made.exact = exact
        return made


def safe(text: str) -> str:
    """Return text of data as it may be shown: on one line, without control characters.

    Nor with variation selectors: they draw nothing themselves, and terminals disagree on whether
    the sign before one takes one column or two.
    """
    text = plain(text)
    return text if text.isascii() else _SELECTORS.sub("", text)


_SELECTORS = re.compile("[\ufe00-\ufe0f]")


def spans(cell: Cell) -> Line:
    """Return a cell as spans."""
    return ((cell, ""),) if isinstance(cell, str) else cell


def text_of(cell: Cell) -> str:
    """Return a cell's text alone."""
    return cell if isinstance(cell, str) else "".join(text for text, _ in cell)


def fit(cell: Cell, width: int, right: bool = False) -> list[Span]:
    """Return a cell's spans, made to fill exactly `width` columns of a terminal.

    What is too long ends in "…".  Wide characters count as two columns.
    """
    parts = [(safe(text), role) for text, role in spans(cell) if text]
    total = sum(cell_len(text) for text, _ in parts)
    if total <= width:
        pad = " " * (width - total)
        if not pad:
            return parts
        return [(pad, ""), *parts] if right else [*parts, (pad, "")]
    if width <= 0:
        return []
    result: list[Span] = []
    left = width - 1
    for text, role in parts:
        length = cell_len(text)
        if length <= left:
            result.append((text, role))
            left -= length
            continue
        result.append((set_cell_size(text, left), role))
        result.append(("…", role))
        break
    return result


def wrap(line: Line, width: int, indent: int = 0) -> list[list[Span]]:
    """Return a line broken at blanks into lines of at most `width` columns.

    Lines after the first begin with `indent` blanks.  A word that is too long is cut.
    """
    width = max(width, 8)
    indent = min(indent, width // 2)
    rows: list[list[Span]] = [[]]
    used = 0
    for text, role in line:
        for piece in _words(safe(text)):
            word, length = piece, cell_len(piece.rstrip())
            if used + length > width and used > (indent if len(rows) > 1 else 0):
                rows.append([(" " * indent, "")] if indent else [])
                used, word = indent, word.lstrip()
            while cell_len(word.rstrip()) > width - used:
                head = set_cell_size(word, width - used).rstrip()
                rows[-1].append((head, role))
                word = word[max(len(head), 1) :]
                rows.append([(" " * indent, "")] if indent else [])
                used = indent
            if word:
                rows[-1].append((word, role))
                used += cell_len(word)
    return rows


def hang_of(line: Line) -> int:
    """Return how far further lines of a wrapped line are set in: under its text, after its label."""
    first = line[0][0] if line else ""
    lead = len(first) - len(first.lstrip())
    if first.strip() and first.endswith(" ") and cell_len(first) <= 20:
        return cell_len(first)
    return lead if not first.strip() and first else lead + 2


def _words(text: str) -> Iterable[str]:
    """Yield words, each with the blanks that follow it."""
    start = 0
    for index in range(1, len(text)):
        if text[index] != " " and text[index - 1] == " ":
            yield text[start:index]
            start = index
    if text:
        yield text[start:]


def highlighted(parts: Sequence[Span], wanted: Sequence[str]) -> list[Span]:
    """Return spans with each occurrence of a wanted text in the role `match`.

    A wanted text is in lower case and without accents.
    """
    if not wanted:
        return list(parts)
    result: list[Span] = []
    for text, role in parts:
        lower, start = without_accents(text.lower()), 0
        if len(lower) != len(text):  # a letter whose lower case is longer: no sure places
            result.append((text, role))
            continue
        while start < len(text):
            found = min(
                ((at, len(w)) for w in wanted if (at := lower.find(w, start)) >= 0), default=None
            )
            if found is None:
                break
            at, length = found
            if at > start:
                result.append((text[start:at], role))
            result.append((text[at : at + length], "match"))
            start = at + length
        if start < len(text):
            result.append((text[start:], role))
    return result


class RoleStyles:
    """The styles of the roles in one theme, over whatever they stand on."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._roles: dict[Role, Style] = {
            role: Style(
                color=Color.parse(variables[variable]).rich_color if variable else None,
                bold=bold or None,
                underline=underline or None,
            )
            for role, (variable, bold, underline) in _ROLES.items()
        }
        self._over: dict[tuple[Style, Role], Style] = {}
        own = variables["cursor"].startswith("ansi_")  # the terminal's colours: there are no others
        self.head = Style(
            color=None if own else Color.parse(variables["role-muted"]).rich_color,
            bgcolor=None if own else Color.parse(variables["head"]).rich_color,
            bold=True,
            underline=own or None,
        )
        """Of a table's head, over its own style; the next two of the row that the cursor is on."""
        self.cursor = Style(reverse=True) if own else _ground(variables["cursor"], bold=True)
        self.idle = Style(underline=True) if own else _ground(variables["cursor-idle"])

    def over(self, base: Style, role: Role) -> Style:
        """Return the style of a role over another style, whose background it keeps."""
        found = self._over.get((base, role))
        if found is None:
            found = self._over[base, role] = base + self._roles[role] if role else base
        return found


def _ground(color: str, *, bold: bool | None = None) -> Style:
    return Style(bgcolor=Color.parse(color).rich_color, bold=bold)


_ROLES: Mapping[Role, tuple[str, bool, bool]] = {
    "": ("", False, False),
    "muted": ("role-muted", False, False),
    "strong": ("", True, False),
    "accent": ("accent", False, False),
    "error": ("error", False, False),
    "warning": ("warning", False, False),
    "info": ("role-info", False, False),
    "ok": ("success", False, False),
    "match": ("role-match", True, True),
    "key": ("role-key", True, False),
    "added": ("success", False, False),
    "removed": ("error", False, False),
}
"""Of each role the theme's variable for its colour, and whether it is bold and underlined."""
_role_styles: dict[tuple[str, str], RoleStyles] = {}


def _role_styles_of(app: App[object]) -> RoleStyles:
    """Return the styles of roles in the app's theme: one for all widgets.

    As component classes of a stylesheet they would be worked out anew for every widget at each
    change of its focus or its classes, twelve times a widget.
    """
    variables = app.theme_variables
    key = app.theme, variables["foreground"]
    if key not in _role_styles:
        _role_styles[key] = RoleStyles(variables)
    return _role_styles[key]


class StyledWidget(Widget):
    """A widget that draws roles in the styles of the theme."""

    _own_role_styles: RoleStyles | None = None
    _own_style: Style | None = None

    @property
    def base_style(self) -> Style:
        """The style of text without a role."""
        if self._own_style is None:
            self._own_style = self.rich_style
        return self._own_style

    @property
    def role_styles(self) -> RoleStyles:
        """The styles of the theme."""
        if self._own_role_styles is None:
            self._own_role_styles = _role_styles_of(self.app)
        return self._own_role_styles

    def style_of(self, role: Role, over: Style | None = None) -> Style:
        """Return the style of a role; `over` a row's own background, which it keeps."""
        return self.role_styles.over(over if over is not None else self.base_style, role)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return the filters of lines, but for one that turns colours that no theme has."""
        return [f for f in super().get_line_filters() if not isinstance(f, ANSIToTruecolor)]

    def notify_style_update(self) -> None:
        """Forget the styles of the theme before."""
        self._own_role_styles = self._own_style = None
        super().notify_style_update()

    def segments(self, parts: Iterable[Span], over: Style | None = None) -> list[Segment]:
        """Return spans, which are safe to show already, as segments: as few as can be.

        Each is looked at several times until it is on the terminal.
        """
        made: list[Segment] = []
        texts: list[str] = []
        last: Role = ""
        for text, role in parts:
            if role != last and texts:
                made.append(Segment("".join(texts), self.style_of(last, over)))
                texts = []
            last = role
            if text:
                texts.append(text)
        if texts:
            made.append(Segment("".join(texts), self.style_of(last, over)))
        return made
