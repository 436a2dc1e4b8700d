"""Blocks as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from itgov.report.blocks import (
    Block,
    Card,
    Lines,
    Listing,
    People,
    Person,
    Section,
    Table,
    Title,
    Words,
)
from itgov.report.insight_words import at, short, table
from itgov.report.plain import cut, plain
from itgov.report.text import Paint, paint

_MOST = 10
"""Entries of a listing."""


def terminal(blocks: Iterable[Block], *, color: bool = False, width: int | None = None) -> str:
    """Write blocks down for a terminal of so many columns."""
    paints = paint(color)
    parts = ["\n".join(_block(b, paints, width)) for b in blocks if not isinstance(b, Section)]
    return "\n\n".join(parts).rstrip("\n") + "\n"


def _block(block: Block, paints: Paint, width: int | None) -> list[str]:
    bold, off = paints.bold, paints.off
    match block:
        case Title():
            title = f"{plain(block.organisation)}: {block.words} as of {block.as_of}"
            amounts = [f"Amounts in {plain(block.currency)}"] if block.currency else []
            return [f"{bold}{title}{off}", *amounts]
        case Section():
            return []
        case Table(columns, rows, spare):
            cells = [
                [_cell(cell, c.narrow) for cell, c in zip(row, columns, strict=True)]
                for row in rows
            ]
            texts = sum(c.kind != "number" for c in columns)
            titles = [c.title for c in columns]
            return table(titles, cells, texts, (bold, off), width=width, spare=spare)
        case Lines(lines, quiet):
            return [f"{paints.dim}{_words(w)}{off}" if quiet else _words(w) for w in lines]
        case Listing(title, entries):
            found = [
                f"  {at(e.place)}  {short(e.id)} {short(e.title)}: {e.figures}"
                for e in entries[:_MOST]
            ]
            found.insert(0, f"{bold}{plain(title)}{off}")
            if len(entries) > _MOST:
                found.append(f"  and {len(entries) - _MOST:,} more (all in --format json)")
            return found
        case People(people):
            return [line for p in people for line in person_lines(p, paints, "")]
        case Card(person):
            return person_lines(person, paints, paints.dim)
    assert_never(block)


def person_lines(person: Person, paints: Paint, hue: str) -> list[str]:
    """Return a person's name, whose place is painted so, and the lines below it."""
    place = f"{hue}{at(person.place)}{paints.off if hue else ''}"
    head = f"{paints.bold}{short(person.name)}{paints.off}{person.beside}  {place}"
    return [head, *(f"  {line}" for line in person.lines)]


def _cell(cell: str, narrow: int | None) -> str:
    return plain(cell) if narrow is None else cut(plain(cell), narrow)


def _words(words: Words) -> str:
    pieces = (words,) if isinstance(words, str) else words
    return "".join(plain(p) if isinstance(p, str) else f"`{plain(p.text)}`" for p in pieces)
