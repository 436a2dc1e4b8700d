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

Tone = Literal["", "good", "warning", "error", "quiet"]


class Code(Struct, frozen=True):
    """A place, an id or a command."""

    text: str


class Strong(Struct, frozen=True):
    """Words that stand out: in bold, or in a terminal in the colour of their tone."""

    text: str
    tone: Tone = ""


Piece: TypeAlias = str | Code | Strong | Place
Words: TypeAlias = str | tuple[Piece, ...]


def pieces_of(words: Words) -> tuple[Piece, ...]:
    """Return words as pieces."""
    return (words,) if isinstance(words, str) else words


class Title(Struct, frozen=True):
    """What the document is, of whom, of which day, and what is said right below."""

    words: str
    organisation: str
    as_of: datetime.date
    below: str = ""


class Section(Struct, frozen=True):
    """A heading that a long page needs; a terminal goes without."""

    words: str


class Column(Struct, frozen=True):
    """A column of a table: its title, and how its cells are shown."""

    title: str
    kind: Literal["words", "head", "number", "named"] = "words"
    """`head` names the row; `number` is a figure of ours, at the right side; `named` is one under a
    title that is an id from data."""
    narrow: int | None = None
    """Most characters in a terminal."""

    @property
    def right(self) -> bool:
        """Whether its cells stand at the right side."""
        return self.kind in ("number", "named")


class Table(Struct, frozen=True):
    """A table; `spare` are the groups of columns a narrow terminal goes without, the first first."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Words]]
    spare: Sequence[Sequence[int]] = ()
    narrower: Table | None = None
    """The same for a terminal that has no room for it."""


class Lines(Struct, frozen=True):
    """Sentences, one on a line; one that begins with two spaces belongs to the one above it."""

    lines: Sequence[Words]
    quiet: bool = False
    """Whether they explain the rest rather than say something."""


class Legend(Struct, frozen=True):
    """What a table's figures are, and its numbered columns: id, weight and title of each."""

    lines: Sequence[str]
    columns: Sequence[tuple[str, str, str]]


class Entry(Struct, frozen=True):
    """One thing of a listing: where it stands, which it is, and figures of ours."""

    place: Place
    id: str
    title: str
    figures: str


class Step(Struct, frozen=True):
    """A finding of a listing, and the points that come back where it is fixed."""

    points: str
    place: Place
    rule: str
    message: str
    waived: bool


class Listing(Struct, frozen=True):
    """What is listed under a title, after some lines about the whole."""

    title: Words
    entries: Sequence[Entry | Step] = ()
    lines: Sequence[Words] = ()
    whole: bool = False
    """Whether all of it is written, however long."""


class Listings(Struct, frozen=True):
    """Listings one after another; `advice` says how to see those that a writer has no room for."""

    listings: Sequence[Listing]
    noun: str
    advice: Words


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


class Branch(Struct, frozen=True):
    """A node of a tree, and those below it."""

    words: Words
    below: tuple[Branch, ...] = ()


class Tree(Struct, frozen=True):
    """Trees that are drawn one below the other."""

    roots: tuple[Branch, ...]


Block: TypeAlias = (
    Title | Section | Table | Lines | Legend | Listing | Listings | People | Card | Tree
)
