"""Blocks as GitHub's and GitLab's Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import assert_never

from msgspec import Struct

from itgov.model.finding import Finding
from itgov.report import markup
from itgov.report.blocks import (
    Address,
    Block,
    Card,
    Change,
    Code,
    Column,
    Drawing,
    Entry,
    Figures,
    Heading,
    Id,
    Legend,
    Lines,
    Listing,
    Listings,
    Opening,
    Pack,
    Para,
    People,
    Piece,
    Ref,
    Sign,
    Step,
    Strong,
    Table,
    Title,
    Tree,
    Words,
    pieces_of,
)
from itgov.report.html import LONGEST, is_web
from itgov.report.insight_words import UNKNOWN, at
from itgov.report.markup import LABEL, code, code_block, escape
from itgov.report.text import paint
from itgov.report.words import plural
from itgov.report.write_terminal import person_lines, tree_lines

MOST_BYTES = 59_000
"""GitHub refuses a comment of more than 65,536; some are left for whoever adds to it."""
_MOST = 50
"""Entries of a listing, listings, and sentences below an opening."""
_WIDE = 80
"""Columns of a drawing."""
_LEFT_OUT = 50
"""Bytes kept for a word on what is left out."""
_FIGURE = re.compile(r"\d[\d,]*(\.\d+)?(bn|m|k|%)?", re.ASCII)
"""A figure of ours, which no dialect of Markdown does anything with."""


class _Part(Struct):
    """A block: what is always there of it, and rows of which as many are written as have room."""

    lines: list[str]
    rows: list[str] = []
    more: str = "\n{:,} more not shown."
    most: int | None = None
    newest: bool = False
    """Whether the last rows are the ones to keep."""

    @property
    def count(self) -> int:
        """How many rows are written where there is room."""
        return len(self.rows) if self.most is None else min(self.most, len(self.rows))

    def text(self, count: int) -> str:
        """Return the block with so many of its rows."""
        left_out = len(self.rows) - count
        rows = self.rows[left_out:] if self.newest else self.rows[:count]
        return "\n".join([*self.lines, *rows, *([self.more.format(left_out)] if left_out else [])])

    def fitting(self, room: int) -> int:
        """Return how many rows there is room for; -1 where there is none for the first."""
        if not self.rows:
            return 0
        room -= len(self.text(0).encode()) + _LEFT_OUT
        for count, row in enumerate(reversed(self.rows) if self.newest else self.rows):
            room -= len(row.encode()) + 1
            if room < 0 or count == self.count:
                return count or -1
        return len(self.rows)


def markdown(blocks: Iterable[Block], most: int | None = None) -> str:
    """Write blocks down in Markdown, in at most so many bytes; what is left out is counted."""
    parts = list(map(_part, blocks))
    counts = [part.count for part in parts]
    if most is not None:
        # the short ones first: what they do not need is the others'
        sizes = [len(part.text(part.count)) for part in parts]
        order = sorted(range(len(parts)), key=lambda i: (bool(parts[i].rows), sizes[i]))
        for left, index in zip(range(len(parts), 0, -1), order, strict=True):
            count = counts[index] = parts[index].fitting(most // left)
            most -= len(parts[index].text(count).encode()) + 2 if count >= 0 else 0
    texts = [part.text(count) for part, count in zip(parts, counts, strict=True) if count >= 0]
    if len(texts) < len(parts):
        texts.append(f"{len(parts) - len(texts):,} more sections not shown.")
    return "\n\n".join(texts) + "\n"


def _part(block: Block) -> _Part:
    match block:
        case Table():
            return _table(block)
        case Lines(sentences):
            return _Part([], list(map(_item, sentences)))
        case Listing():
            return _listing(block)
    return _Part(_block(block))


def _whole(block: Block) -> str:
    part = _part(block)
    return part.text(part.count)


def markdown_pack(pack: Pack) -> str:
    """Write a pack down in Markdown, without its charts."""
    parts = [f"# {_words(pack.title)}", _words(pack.kicker), _words(pack.opening)]
    parts += [f"> {_words(notice)}" for notice in pack.notices]
    for page in pack.pages:
        parts.append(f"## {_words(page.title)}")
        if page.kind in ("unit", "manager"):
            parts.append(_words(page.kicker))
        parts += map(_whole, page.blocks)
    return "\n\n".join([*parts, "---", _words(pack.closing)]) + "\n"


def _block(block: Block) -> list[str]:
    match block:
        case Title(words, organisation, as_of, below):
            heading = f"## {words[:1].upper()}{words[1:]}"
            more = f" {escape(below, LONGEST).removesuffix('.')}." if below else ""
            return [heading, "", f"{escape(organisation, LABEL)}, as of {as_of}.{more}"]
        case Opening(words, span, below):
            shown = [*([_begun(_words(span)) + "."] if span else []), *map(_words, below[:_MOST])]
            if (rest := len(below) - _MOST) > 0:
                shown.append(f"{rest:,} more not shown.")
            return [f"## {_words(words)}", *(line for each in shown for line in ("", each))]
        case Heading(words):
            return [f"### {_words(words)}"]
        case Para(said):
            return [_words(said)]
        case Figures(pairs):
            return [f"- {_words(name)}: **{_words(figure)}**" for name, figure in pairs]
        case Legend(notes, columns):
            named = [
                f"{number}. {escape(name, LABEL)}, {weight}: {escape(title, LABEL)}"
                for number, (name, weight, title) in enumerate(columns, start=1)
            ]
            return [*map(_words, notes), *(["", *named] if named else [])]
        case Listings(listings, noun, advice):
            found = list(map(_whole, listings[:_MOST]))
            if (rest := len(listings) - _MOST) > 0:
                found.append(f"{plural(rest, noun)} more; {_words(advice)}")
            return ["\n\n".join(found)]
        case People(people):
            return [
                f"- {escape(p.name, LABEL)}: {escape(line, LONGEST)}"
                for p in people
                for line in p.lines
            ]
        case Card(person):
            return [_drawing(person_lines(person, paint(False), ""))]
        case Tree():
            return [_drawing(tree_lines(block, paint(False)))]
        case Drawing(draw):
            return [_drawing(draw(_WIDE))]
        case Table() | Lines() | Listing():
            return [_whole(block)]
    assert_never(block)


def _drawing(lines: Iterable[str]) -> str:
    """Return what is set in columns as a terminal has it."""
    return code_block("\n".join(lines)).rstrip("\n")


def _table(table: Table) -> _Part:
    columns = table.columns
    rows = [
        markup.table_row(_cell(cell, c) for cell, c in zip(row, columns, strict=True))
        for row in (*table.shown, *([table.foot] if table.foot else []))
    ]
    numbers = [index for index, c in enumerate(columns) if c.right]
    head = markup.table_head(list(map(_title, columns)), numbers)
    if table.heading:
        head = [_words(table.heading), "", *head]
    return _Part(head, rows, newest=table.newest)


def _title(column: Column) -> str:
    return escape(column.title if column.kind == "named" else _begun(column.title), LABEL)


def _begun(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def _cell(cell: Words, column: Column) -> str:
    if not isinstance(cell, str):
        return _words(cell)
    if column.right:
        return cell
    words = _words(cell)
    return f"**{words}**" if column.kind == "head" and words else words


def _listing(listing: Listing) -> _Part:
    words = tuple(p.text if isinstance(p, Strong) else p for p in pieces_of(listing.title))
    lines = list(map(_item, listing.lines))
    rows = [*lines, *("\n".join(_entry(entry)) for entry in listing.entries)]
    most = None if listing.whole else len(lines) + _MOST
    head = [f"### {_words(words)}", *([""] if rows else [])]
    more = "\n{:,} more not shown." if listing.whole else "- and {:,} more"
    return _Part(head, rows, more, most)


def _entry(entry: Entry | Step | Change | Finding) -> Iterator[str]:
    match entry:
        case Entry(place, id, title, figures):
            yield f"- {code(id)} {escape(title, LABEL)}: {figures} ({code(at(place))})"
        case Step(points, place, rule, message, waived):
            words = f"{escape(message, LABEL)}{' (waived)' if waived else ''}"
            yield f"- {points} {code(at(place))} {code(rule)} {words}"
        case Change(_, id, label, said):
            name = f"- {code(id, LABEL)} " if id else "- "
            name += escape(label, LABEL)
            if len(said) == 1:
                yield f"{name}: {_words(said[0])}"
            else:
                yield from (name, *(f"  - {_words(each)}" for each in said))
        case Finding():
            words = f"**{entry.severity}** {code(entry.rule)} {escape(entry.message, LONGEST)}"
            yield f"- {words} ({code(at(entry.place))})"


def _item(words: Words) -> str:
    indent = "  " if isinstance(words, str) and words.startswith("  ") else ""
    return f"{indent}- {_words(words)}"


def _words(words: Words) -> str:
    """Return pieces one after another, with the spaces between them that escaping takes away."""
    found = ""
    for piece in pieces_of(words):
        text = _piece(piece)
        if isinstance(piece, str):
            before = " " if piece[:1] == " " and found else ""
            after = " " if piece[-1:] == " " and piece.strip() else ""
            text = f"{before}{text}{after}" if text else piece and " "
        found += text
    return found.strip()


def _piece(piece: Piece) -> str:
    match piece:
        case str():
            return piece if piece == UNKNOWN or _FIGURE.fullmatch(piece) else escape(piece, LONGEST)
        case Code(text) | Id(text):
            return code(text, LONGEST)
        case Strong(text):
            return f"**{escape(text, LONGEST)}**"
        case Address(url):
            return f"<{url}>" if is_web(url) and len(url) <= LONGEST else _piece(url)
        case Ref(_, _, name):
            return _piece(name)
        case Sign(reach):
            return reach
        case _:
            return code(at(piece))
