"""What tables that were filled in do to a portfolio: cells that are taken, and those that are not."""

from __future__ import annotations

from msgspec import Struct

from itgov.files.proposal import Proposal


class RefusedCell(Struct, frozen=True):
    """A cell that is not taken, and why."""

    cell: str
    """`investments!C7`; for a CSV file `line 7`."""
    why: str


class Taken(Struct, frozen=True):
    """A cell that is taken: what the file says now, and what it is to say."""

    cell: str
    kind: str
    id: str
    field: str
    old: str
    new: str


class Added(Struct, frozen=True):
    """A record that a row or a name adds."""

    cell: str
    what: str
    id: str
    name: str = ""


class Moved(Struct, frozen=True):
    """A value that the files have changed since the table was written, and the table has not."""

    cell: str
    was: str
    now: str


class Intake(Struct):
    """What a sheet does to the portfolio."""

    proposal: Proposal
    taken: list[Taken]
    refused: list[RefusedCell]
    blanked: list[str]
    """Cells that were filled and are blank now: no value was deleted."""
    notes: list[str]
    unchanged: int = 0
    """Filled cells that say what the files say."""
    added: list[Added] = []
    moved: list[Moved] = []
    lost: int = 0
    """Of what the tables should hold, how much they say that they do not."""
