"""Blocks as GitHub's and GitLab's Markdown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from itgov.report import markup
from itgov.report.blocks import (
    Block,
    Card,
    Code,
    Column,
    Entry,
    Legend,
    Lines,
    Listing,
    Listings,
    People,
    Piece,
    Section,
    Step,
    Strong,
    Table,
    Title,
    Tree,
    Words,
    pieces_of,
)
from itgov.report.insight_words import UNKNOWN, at
from itgov.report.markup import LABEL, code, code_block, escape
from itgov.report.text import paint
from itgov.report.words import plural
from itgov.report.write_terminal import person_lines, tree_lines

_MOST = 50
"""Entries of a listing, and listings."""
_MOST_ROWS = 200
_SENTENCE = 600


def markdown(blocks: Iterable[Block]) -> str:
    """Write blocks down in Markdown."""
    return "\n\n".join("\n".join(_block(block)) for block in blocks) + "\n"


def _block(block: Block) -> list[str]:
    match block:
        case Title(words, organisation, as_of, below):
            heading = f"## {words[:1].upper()}{words[1:]}"
            more = f" {escape(below, _SENTENCE).removesuffix('.')}." if below else ""
            return [heading, "", f"{escape(organisation, LABEL)}, as of {as_of}.{more}"]
        case Section(words):
            return [f"### {escape(words)}"]
        case Table():
            return _table(block)
        case Lines(lines, quiet):
            return [_words(w) if quiet else _item(w) for w in lines]
        case Legend(lines, columns):
            named = [
                f"{number}. {escape(name, LABEL)}, {weight}: {escape(title, LABEL)}"
                for number, (name, weight, title) in enumerate(columns, start=1)
            ]
            return [*(escape(line, _SENTENCE) for line in lines), "", *named]
        case Listing():
            return _listing(block)
        case Listings(listings, noun, advice):
            found = ["\n".join(_listing(each)) for each in listings[:_MOST]]
            if (rest := len(listings) - _MOST) > 0:
                found.append(f"{plural(rest, noun)} more; {_words(advice)}")
            return ["\n\n".join(found)]
        case People(people):
            return [
                f"- {escape(p.name, LABEL)}: {escape(line, _SENTENCE)}"
                for p in people
                for line in p.lines
            ]
        case Card(person):
            return [_drawing(person_lines(person, paint(False), ""))]
        case Tree():
            return [_drawing(tree_lines(block, paint(False)))]
    assert_never(block)


def _drawing(lines: Iterable[str]) -> str:
    """Return what is set in columns as a terminal has it."""
    return code_block("\n".join(lines)).rstrip("\n")


def _table(table: Table) -> list[str]:
    columns = table.columns
    rows = [
        [_cell(cell, c) for cell, c in zip(row, columns, strict=True)]
        for row in table.rows[:_MOST_ROWS]
    ]
    numbers = [index for index, c in enumerate(columns) if c.right]
    lines = markup.table(list(map(_title, columns)), rows, numbers)
    if len(table.rows) > _MOST_ROWS:
        lines += ["", f"{len(table.rows) - _MOST_ROWS:,} more not shown."]
    return lines


def _title(column: Column) -> str:
    title = column.title if column.kind == "named" else column.title.capitalize()
    return escape(title, LABEL)


def _cell(cell: Words, column: Column) -> str:
    if not isinstance(cell, str):
        return _words(cell)
    if column.right or cell == UNKNOWN:
        return cell
    words = escape(cell, LABEL)
    return f"**{words}**" if column.kind == "head" and words else words


def _listing(listing: Listing) -> list[str]:
    title, entries = listing.title, listing.entries
    shown = entries if listing.whole else entries[:_MOST]
    words = tuple(p.text if isinstance(p, Strong) else p for p in pieces_of(title))
    found = [*map(_item, listing.lines), *map(_entry, shown)]
    if len(entries) > len(shown):
        found.append(f"- and {len(entries) - len(shown):,} more")
    return [f"### {_words(words)}", *(["", *found] if found else [])]


def _entry(entry: Entry | Step) -> str:
    where = code(at(entry.place))
    if isinstance(entry, Entry):
        return f"- {code(entry.id)} {escape(entry.title, LABEL)}: {entry.figures} ({where})"
    waived = " (waived)" if entry.waived else ""
    return f"- {entry.points} {where} {code(entry.rule)} {escape(entry.message, LABEL)}{waived}"


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
            return escape(piece, _SENTENCE)
        case Code(text):
            return code(text)
        case Strong(text):
            return f"**{escape(text, _SENTENCE)}**"
        case _:
            return code(at(piece))
