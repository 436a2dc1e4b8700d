"""What only divides the screen among panes and shows nothing itself.

`BLANK` has Textual draw such a container as one line, repeated; else each of its lines is styled,
and with four of them one in another that is most of what is drawn of the whole screen.
"""

from __future__ import annotations

from textual.containers import Container, Horizontal, Vertical


class Panes(Container):
    """Panes as the stylesheet says."""

    BLANK = True


class SideBySide(Horizontal):
    """Panes beside each other."""

    BLANK = True


class Stacked(Vertical):
    """Panes over each other."""

    BLANK = True
