"""What a verb's document says, before it is text for a terminal or Markdown: blocks of pieces.

A plain `str` is always text, from data or from us; each writer makes it safe in its own way.  Blocks
stand apart: a blank line lies between them in every format.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

from itgov.model.finding import Place
from itgov.report.board.content import Code

Words: TypeAlias = str | tuple[str | Code, ...]


class Title(Struct, frozen=True):
    """What the document is, of whom, of which day, and what its amounts are in."""

    words: str
    organisation: str
    as_of: datetime.date
    currency: str | None


class Section(Struct, frozen=True):
    """A heading that a long page needs; a terminal goes without."""

    words: str


class Column(Struct, frozen=True):
    """A column of a table: its title, and how its cells are shown."""

    title: str
    kind: Literal["words", "head", "number"] = "words"
    """`head` names the row; `number` is a figure of ours, at the right side."""
    narrow: int | None = None
    """Most characters in a terminal."""


class Table(Struct, frozen=True):
    """A table; `spare` are the groups of columns a narrow terminal goes without, the first first."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    spare: Sequence[Sequence[int]] = ()


class Lines(Struct, frozen=True):
    """Sentences, one on a line; one that begins with two spaces belongs to the one above it."""

    lines: Sequence[Words]
    quiet: bool = False
    """Whether they explain the rest rather than say something."""


class Entry(Struct, frozen=True):
    """One thing of a listing: where it stands, which it is, and figures of ours."""

    place: Place
    id: str
    title: str
    figures: str


class Listing(Struct, frozen=True):
    """What is listed under a title."""

    title: str
    entries: Sequence[Entry]


class Person(Struct, frozen=True):
    """Somebody, where they stand in a file, and what there is to say of them, a line each."""

    name: str
    place: Place
    lines: Sequence[str]
    beside: str = ""
    """What stands beside the name."""


class People(Struct, frozen=True):
    """A few lines about each of some people."""

    people: Sequence[Person]


class Card(Struct, frozen=True):
    """All about one person, set in columns."""

    person: Person


Block: TypeAlias = Title | Section | Table | Lines | Listing | People | Card
