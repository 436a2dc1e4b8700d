"""What the cursor is on, and where it may go."""

from __future__ import annotations

from msgspec import Struct

from itgov.model.finding import Finding, Place, Subject, SubjectKind

ALL = "*"
"""The row that stands for all of them, in lists that begin with one."""


class Selection(Struct, frozen=True, kw_only=True):
    """What the cursor is on, as far as edits, copies and jumps need it."""

    kind: SubjectKind | None = None
    id: str | None = None
    unit: str | None = None
    investment: str | None = None
    person: str | None = None
    scenario: str | None = None
    finding: Finding | None = None
    place: Place | None = None
    figure: tuple[Subject, str] | None = None
    """The figure that the row itself is, or the beginning of its name, and whose it is."""
    marked: tuple[str, ...] = ()
    """Ids of the marked investments, in the order they are shown."""


class Target(Struct, frozen=True):
    """Somewhere to go: a view, and what to select there."""

    view: str
    kind: str = ""
    id: str = ""
    filter: str | None = None
    """A filter to set there; None leaves the one that is set."""
