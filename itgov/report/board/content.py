"""What a board pack says, before it is HTML or Markdown: pages of blocks, blocks of pieces.

A plain `str` is always text, from data or from us; each writer escapes it in its own way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

from itgov.insight.valuetypes import Buckets
from itgov.model.facts import Reach
from itgov.model.finding import Finding, Place
from itgov.report.blocks import Code as Code  # noqa: PLC0414
from itgov.report.insight_words import UNKNOWN

MOST = 200
"""Rows of one table; who needs more reads the verb's JSON."""


class Strong(Struct, frozen=True):
    """Words that carry weight."""

    text: str


class Address(Struct, frozen=True):
    """An address from data: a link where it is one of the web's, text otherwise."""

    url: str


class Ref(Struct, frozen=True):
    """Words that lead to another page of the pack."""

    kind: str
    id: str
    words: str


class Sign(Struct, frozen=True):
    """A reach, with the sign that stands for it in the charts."""

    reach: Reach


Piece: TypeAlias = str | Code | Strong | Address | Ref | Sign
Cell: TypeAlias = Piece | tuple[Piece, ...]
Kind = Literal["words", "number", "wide", "short"]


class Heading(Struct, frozen=True):
    """A heading inside a page."""

    text: str


class Para(Struct, frozen=True):
    """A paragraph."""

    pieces: tuple[Piece, ...]
    tone: Literal["", "lead", "quiet", "alarm"] = ""


class Items(Struct, frozen=True):
    """A list."""

    cells: tuple[Cell, ...]


class FigureRow(Struct, frozen=True):
    """A few figures that open a page: what each is, and the figure."""

    pairs: tuple[tuple[str, str], ...]
    words: bool = False
    """Whether they are words rather than numbers."""


class Chart(Struct, frozen=True):
    """A picture of a table's figures."""

    kind: Literal["reaches", "scores", "shares", "course"]
    title: str
    description: str
    bars: tuple[tuple[str, float | None], ...] = ()
    stacks: tuple[tuple[str, Buckets], ...] = ()
    bounds: tuple[float, ...] = ()


class PackTable(Struct, frozen=True):
    """A table; the first cell of each row is its head."""

    caption: str
    columns: tuple[tuple[str, Kind], ...]
    rows: tuple[tuple[Cell, ...], ...]
    foot: tuple[Cell, ...] | None = None
    chart: Chart | None = None
    """What it is drawn as, beside it."""


Block: TypeAlias = Heading | Para | Items | FigureRow | PackTable


class PackPage(Struct, frozen=True):
    """One page, which begins on a new sheet when it is printed."""

    kind: Literal["summary", "unit", "manager", "annex"]
    id: str
    title: str
    kicker: str
    blocks: tuple[Block, ...]


class Pack(Struct, frozen=True):
    """The whole pack."""

    title: str
    kicker: str
    opening: tuple[Piece, ...]
    notices: tuple[tuple[Piece, ...], ...]
    pages: tuple[PackPage, ...]
    closing: tuple[Piece, ...]


def table(
    caption: str,
    columns: Sequence[tuple[str, Kind]],
    rows: Iterable[tuple[Cell, ...]],
    *,
    foot: tuple[Cell, ...] | None = None,
    chart: Chart | None = None,
    most: int = MOST,
) -> PackTable:
    """Return a table of at most `most` rows, whose caption says how many there are beyond."""
    listed = list(rows)
    if len(listed) > most:
        caption = f"{caption} The first {most:,} of {len(listed):,}."
    return PackTable(caption, tuple(columns), tuple(listed[:most]), foot, chart)


def para(*pieces: Piece, tone: Literal["", "lead", "quiet", "alarm"] = "") -> Para:
    """Return a paragraph."""
    return Para(pieces, tone)


def where(place: Place | Finding) -> Code:
    """Return a place as people and editors write it."""
    return Code(f"{place.path}:{place.line}")


def rule(finding: Finding) -> tuple[Piece, ...]:
    """Return a finding's message with its rule, and whether it is waived."""
    waived = " (waived)" if finding.waived else ""
    return (f"{finding.message}{waived} ", Code(finding.rule))


def known(text: str | None) -> str:
    """Return a text, or the sign for nothing."""
    return text or UNKNOWN
