"""Blocks as GitHub's and GitLab's Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import assert_never

from itgov.report import markup
from itgov.report.blocks import (
    Address,
    Block,
    Card,
    Code,
    Column,
    Entry,
    Figures,
    Heading,
    Legend,
    Lines,
    Listing,
    Listings,
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

_MOST = 50
"""Entries of a listing, and listings."""
_FIGURE = re.compile(r"\d[\d,]*(\.\d+)?(bn|m|k|%)?", re.ASCII)
"""A figure of ours, which no dialect of Markdown does anything with."""


def markdown(blocks: Iterable[Block]) -> str:
    """Write blocks down in Markdown."""
    return "\n\n".join("\n".join(_block(block)) for block in blocks) + "\n"


def markdown_pack(pack: Pack) -> str:
    """Write a pack down in Markdown, without its charts."""
    parts = [f"# {_words(pack.title)}", _words(pack.kicker), _words(pack.opening)]
    parts += [f"> {_words(notice)}" for notice in pack.notices]
    for page in pack.pages:
        parts.append(f"## {_words(page.title)}")
        if page.kind in ("unit", "manager"):
            parts.append(_words(page.kicker))
        parts += ["\n".join(_block(block)) for block in page.blocks]
    return "\n\n".join([*parts, "---", _words(pack.closing)]) + "\n"


def _block(block: Block) -> list[str]:
    match block:
        case Title(words, organisation, as_of, below):
            heading = f"## {words[:1].upper()}{words[1:]}"
            more = f" {escape(below, LONGEST).removesuffix('.')}." if below else ""
            return [heading, "", f"{escape(organisation, LABEL)}, as of {as_of}.{more}"]
        case Heading(words):
            return [f"### {_words(words)}"]
        case Para(said):
            return [_words(said)]
        case Figures(pairs):
            return [f"- {_words(name)}: **{_words(figure)}**" for name, figure in pairs]
        case Table():
            return _table(block)
        case Lines(sentences):
            return list(map(_item, sentences))
        case Legend(notes, columns):
            named = [
                f"{number}. {escape(name, LABEL)}, {weight}: {escape(title, LABEL)}"
                for number, (name, weight, title) in enumerate(columns, start=1)
            ]
            return [*map(_words, notes), *(["", *named] if named else [])]
        case Listing():
            return _listing(block)
        case Listings(listings, noun, advice):
            found = ["\n".join(_listing(each)) for each in listings[:_MOST]]
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
    assert_never(block)


def _drawing(lines: Iterable[str]) -> str:
    """Return what is set in columns as a terminal has it."""
    return code_block("\n".join(lines)).rstrip("\n")


def _table(table: Table) -> list[str]:
    columns = table.columns
    rows = [
        [_cell(cell, c) for cell, c in zip(row, columns, strict=True)]
        for row in (*table.shown, *([table.foot] if table.foot else []))
    ]
    numbers = [index for index, c in enumerate(columns) if c.right]
    lines = markup.table(list(map(_title, columns)), rows, numbers)
    return [_words(table.heading), "", *lines] if table.heading else lines


def _title(column: Column) -> str:
    title = column.title if column.kind == "named" else column.title.capitalize()
    return escape(title, LABEL)


def _cell(cell: Words, column: Column) -> str:
    if not isinstance(cell, str):
        return _words(cell)
    if column.right:
        return cell
    words = _words(cell)
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
            return piece if piece == UNKNOWN or _FIGURE.fullmatch(piece) else escape(piece, LONGEST)
        case Code(text):
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
