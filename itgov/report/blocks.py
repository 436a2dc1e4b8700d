"""What a document says, before it is text for a terminal, Markdown or HTML: blocks of pieces.

A plain `str` is always text, from data or from us; each writer makes it safe in its own way.  Blocks
stand apart: a blank line lies between them in every format.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import Literal, TypeAlias, assert_never

from msgspec import Struct

from itgov.insight.value_curve import CurvePoint
from itgov.insight.value_types import Buckets
from itgov.model.finding import Finding, Place

Tone = Literal["", "good", "warning", "error", "quiet"]
Kind = Literal["words", "head", "number", "named", "wide", "short"]


LABEL = 120
"""Most characters of a name, a title or a message in a document."""


class Text(Struct, frozen=True):
    """A text of data, of which a page has so many characters."""

    text: str
    most: int = LABEL


class Code(Struct, frozen=True):
    """A place, an id or a command."""

    text: str


class Id(Struct, frozen=True):
    """An id or a drawing from data: code in Markdown, and in a terminal as it is."""

    text: str


class Strong(Struct, frozen=True):
    """Words that stand out: in bold, or in a terminal in the colour of their tone."""

    text: str
    tone: Tone = ""


class Address(Struct, frozen=True):
    """An address from data: a link where it is one of the web's, text otherwise."""

    url: str


class Ref(Struct, frozen=True):
    """Words that lead to another page of a pack."""

    kind: str
    id: str
    words: str


class Sign(Struct, frozen=True):
    """Words for how far money reaches, with the sign of their group in the charts."""

    group: str
    words: str


Piece: TypeAlias = str | Text | Code | Id | Strong | Place | Address | Ref | Sign
Words: TypeAlias = Piece | tuple[Piece, ...]


def pieces_of(words: Words) -> tuple[Piece, ...]:
    """Return words as pieces."""
    return words if isinstance(words, tuple) else (words,)


def text_of(words: Words) -> str:
    """Return the bare text of words."""
    return "".join(map(_text_of, pieces_of(words)))


def _text_of(piece: Piece) -> str:
    match piece:
        case str():
            return piece
        case Text(text) | Code(text) | Id(text) | Strong(text) | Address(text):
            return text
        case Ref(_, _, text) | Sign(_, text):
            return text
        case Place(path, line):
            return f"{path}:{line}"
    assert_never(piece)


def begun(words: str) -> str:
    """Return words with a capital letter at their start."""
    return f"{words[:1].upper()}{words[1:]}"


class Title(Struct, frozen=True):
    """What the document is, of whom, of which day, and what is said right below."""

    words: str
    organisation: str
    as_of: datetime.date
    below: str = ""


class Opening(Struct, frozen=True):
    """What a document is that has no as-of date, from what to what, and what is said right below."""

    words: str
    span: Words = ()
    below: Sequence[str] = ()


class Heading(Struct, frozen=True):
    """A heading that a long page needs; a terminal goes without, unless it stands `everywhere`."""

    words: Words
    everywhere: bool = False
    level: int = 3
    """How deep it lies in Markdown; 1 is the document's own."""


class Para(Struct, frozen=True):
    """A paragraph."""

    words: Words
    tone: Literal["", "lead", "quiet"] = ""


class Figures(Struct, frozen=True):
    """A few figures that open a page: what each is, and the figure."""

    pairs: tuple[tuple[str, str], ...]
    words: bool = False
    """Whether they are words rather than numbers."""


class Fact(Struct, frozen=True):
    """What is known of something: a label, and the value in words."""

    label: str
    words: Words
    tone: Tone = ""


class Facts(Struct, frozen=True):
    """Facts, one on a line."""

    facts: Sequence[Fact]


class Chart(Struct, frozen=True):
    """A picture of a table's figures, for writers that can show one.

    `scores` draws bars of 0 to 100, `shares` bars of 0 to 1, `course` a line through scores of 0 to
    100 with lines across at `bounds`, `reaches` money by line of sight, of `stacks`, `curve` planned,
    realised and expected money over time, of `points`.  A bar without a figure is shown empty.
    """

    kind: Literal["reaches", "scores", "shares", "course", "curve"]
    title: str
    description: str
    bars: tuple[tuple[str, float | None], ...] = ()
    stacks: tuple[tuple[str, Buckets], ...] = ()
    bounds: tuple[float, ...] = ()
    points: tuple[CurvePoint, ...] = ()


class Column(Struct, frozen=True):
    """A column of a table: its title, and how its cells are shown."""

    title: str
    kind: Kind = "words"
    """`head` names the row; `number` is a figure of ours, at the right side; `named` is one under a
    title that is a name from data.  On a page, `wide` words have more room and `short` ones are not
    broken."""
    narrow: int | None = None
    """Most characters in a terminal."""
    broken: int | None = None
    """Columns in a terminal from which its words are broken into lines."""

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
    caption: str = ""
    """What a page says above it."""
    foot: Sequence[Words] = ()
    """The last row, which sums the others up."""
    chart: Chart | None = None
    """What it is drawn as, beside it."""
    most: int = 200
    """Rows that a page has; a terminal has all."""
    newest: bool = False
    """Whether the last rows are the ones that a page has."""

    @property
    def shown(self) -> Sequence[Sequence[Words]]:
        """The rows of a page."""
        return self.rows[-self.most :] if self.newest else self.rows[: self.most]

    @property
    def heading(self) -> str:
        """The caption of a page, which says how many rows there are where it does not have all."""
        whole = len(self.rows)
        which = "last" if self.newest else "first"
        cut = f"The {which} {self.most:,} of {whole:,}." if whole > self.most else ""
        return f"{self.caption} {cut}".strip()


class Lines(Struct, frozen=True):
    """Sentences, one on a line; one that begins with two spaces belongs to the one above it."""

    lines: Sequence[Words]


class Stack(Struct, frozen=True):
    """A paragraph whose lines stand one below the other."""

    lines: Sequence[Words]


class Legend(Struct, frozen=True):
    """What a table's figures are, and its numbered columns: title, weight and id of each."""

    lines: Sequence[Words]
    columns: Sequence[tuple[str, str, str]] = ()


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


class Change(Struct, frozen=True):
    """One subject of a listing with all that happened to it; `sign` is for those who scan."""

    sign: str
    id: str
    label: str
    said: Sequence[str]


class Listing(Struct, frozen=True):
    """What is listed under a title, after some lines about the whole."""

    title: Words
    entries: Sequence[Entry | Step | Change | Finding] = ()
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
    lines: Sequence[Words] = ()
    beside: str = ""
    """What stands beside the name."""


class People(Struct, frozen=True):
    """A few lines about each of some people."""

    people: Sequence[Person]


class Card(Struct, frozen=True):
    """Somebody, and the facts known of them."""

    person: Person
    facts: Facts


class Branch(Struct, frozen=True):
    """A node of a tree, and those below it."""

    words: Words
    below: tuple[Branch, ...] = ()


class Tree(Struct, frozen=True):
    """Trees that are drawn one below the other."""

    roots: tuple[Branch, ...]


class Arrow(Struct, frozen=True):
    """One thing that needs another, each by its id and title."""

    start: tuple[str, str]
    end: tuple[str, str]
    marked: bool = False
    """Whether it is part of a circle."""


class Graph(Struct, frozen=True):
    """What needs what: a line each, and in Markdown a Mermaid drawing of the first `most`."""

    arrows: tuple[Arrow, ...]
    most: int = 200


class Drawing(Struct, frozen=True):
    """A drawing made of characters, for as many columns as there are."""

    draw: Callable[[int], Sequence[str]]


PageBlock: TypeAlias = Heading | Para | Lines | Figures | Facts | Table
"""What a page of a pack is made of."""
Block: TypeAlias = (
    PageBlock
    | Title
    | Opening
    | Stack
    | Legend
    | Listing
    | Listings
    | People
    | Card
    | Tree
    | Graph
    | Drawing
)
