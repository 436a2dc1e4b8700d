"""Blocks as GitHub's and GitLab's Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import assert_never

from itgov.model.finding import Finding
from itgov.model.text import plural
from itgov.report import markdown_escape
from itgov.report.blocks import (
    LABEL,
    Address,
    Block,
    Card,
    Change,
    Code,
    Column,
    Drawing,
    Entry,
    Facts,
    Figures,
    Graph,
    Heading,
    Id,
    Legend,
    Lines,
    Listing,
    Listings,
    Opening,
    Para,
    People,
    Person,
    Piece,
    Ref,
    Sign,
    Stack,
    Step,
    Strong,
    Table,
    Text,
    Title,
    Tree,
    Words,
    begun,
    pieces_of,
)
from itgov.report.figures import UNKNOWN, at
from itgov.report.fitting import COMMENT_BYTES, Part, fitted
from itgov.report.html_elements import LONGEST, is_web
from itgov.report.markdown_escape import code, code_block, escape
from itgov.report.mermaid import mermaid
from itgov.report.pages import Pack
from itgov.report.text import paint
from itgov.report.write_terminal import tree_lines

MOST_BYTES = COMMENT_BYTES - 6_000
"""Some are left for whoever adds to a comment."""
_MOST = 50
"""Entries of a listing, listings, and sentences below an opening."""
_WIDE = 80
"""Columns of a drawing."""
_FIGURE = re.compile(r"\d[\d,]*(\.\d+)?(bn|m|k|%)?", re.ASCII)
"""A figure of ours, which no dialect of Markdown does anything with."""


def markdown(blocks: Iterable[Block], most: int | None = None) -> str:
    """Write blocks down in Markdown, in at most so many bytes; what is left out is counted."""
    if most is not None:
        return fitted(list(map(_part, blocks)), most)
    return "\n\n".join(map(_whole, blocks)) + "\n"


def _part(block: Block) -> Part:
    match block:
        case Table():
            return _table(block)
        case Lines(sentences):
            return Part([], list(map(_item, sentences)))
        case Facts(facts):
            return Part(
                [], [f"- {_words((begun(f.label), ': ', *pieces_of(f.words)))}" for f in facts]
            )
        case Listing():
            return _listing(block)
    return Part(_block(block))


def _whole(block: Block) -> str:
    return _part(block).text()


def markdown_pack(pack: Pack) -> str:
    """Write a pack down in Markdown, without its charts."""
    parts = [f"# {_words(pack.title)}", _words(pack.kicker), _words(pack.opening)]
    parts += [f"> {_words(notice)}" for notice in pack.notices]
    for page in pack.pages:
        parts.append(f"## {_words(page.title)}")
        parts.append(_words(page.kicker))
        parts += map(_whole, page.blocks)
    return "\n\n".join([*parts, "---", _words(pack.closing)]) + "\n"


def _block(block: Block) -> list[str]:
    match block:
        case Title(words, organisation, as_of, below):
            heading = f"## {begun(words)}"
            more = f" {escape(below, LONGEST).removesuffix('.')}." if below else ""
            return [heading, "", f"{escape(organisation, LABEL)}, as of {as_of}.{more}"]
        case Opening(words, span, below):
            shown = [*([begun(_words(span)) + "."] if span else []), *map(_words, below[:_MOST])]
            if (rest := len(below) - _MOST) > 0:
                shown.append(f"{rest:,} more not shown.")
            return [f"## {_words(words)}", *(line for each in shown for line in ("", each))]
        case Heading(words, _, level):
            return [f"{'#' * level} {_words(words)}"]
        case Para(said):
            return [_words(said)]
        case Stack(sentences):
            return ["  \n".join(map(_words, sentences))]
        case Figures(pairs):
            return [f"- {_words(name)}: **{_words(figure)}**" for name, figure in pairs]
        case Legend(notes, columns):
            named = [
                f"{number}. {escape(title, LABEL)}, {weight}: {code(name, LABEL)}"
                for number, (title, weight, name) in enumerate(columns, start=1)
            ]
            return [*map(_words, notes), *(["", *named] if named else [])]
        case Listings(listings, noun, advice):
            found = list(map(_whole, listings[:_MOST]))
            if (rest := len(listings) - _MOST) > 0:
                found.append(f"{plural(rest, noun)} more; {_words(advice)}")
            return ["\n\n".join(found)]
        case People(people):
            return [line for p in people for line in _person(p)]
        case Card(person, facts):
            name = f"{escape(person.name, LABEL)}{escape(person.beside, LABEL)}"
            return [f"### {name} ({code(at(person.place))})", "", _whole(facts)]
        case Tree():
            return [_drawing(tree_lines(block, paint(False)))]
        case Graph():
            return [mermaid(block)]
        case Drawing(draw):
            return [_drawing(draw(_WIDE))]
        case Table() | Lines() | Facts() | Listing():
            return [_whole(block)]
    assert_never(block)


def _person(person: Person) -> list[str]:
    name = (
        f"- {escape(person.name, LABEL)}{escape(person.beside, LABEL)} ({code(at(person.place))})"
    )
    return [name, *(f"  - {_words(line)}" for line in person.lines)]


def _drawing(lines: Iterable[str]) -> str:
    """Return what is set in columns as a terminal has it."""
    return code_block("\n".join(lines)).rstrip("\n")


def _table(table: Table) -> Part:
    columns = table.columns
    rows = [
        markdown_escape.table_row(_cell(cell, c) for cell, c in zip(row, columns, strict=True))
        for row in (*table.shown, *([table.foot] if table.foot else []))
    ]
    numbers = [index for index, c in enumerate(columns) if c.right]
    head = markdown_escape.table_head(list(map(_title, columns)), numbers)
    if table.heading:
        head = [_words(table.heading), "", *head]
    return Part(head, rows, newest=table.newest)


def _title(column: Column) -> str:
    return escape(column.title if column.kind == "named" else begun(column.title), LABEL)


def _cell(cell: Words, column: Column) -> str:
    if not isinstance(cell, str):
        return _words(cell)
    if column.right:
        return cell
    words = _words(cell)
    return f"**{words}**" if column.kind == "head" and words else words


def _listing(listing: Listing) -> Part:
    words = tuple(p.text if isinstance(p, Strong) else p for p in pieces_of(listing.title))
    lines = list(map(_item, listing.lines))
    shown = listing.entries if listing.whole else listing.entries[:_MOST]
    rows = [*lines, *("\n".join(_entry(entry)) for entry in shown)]
    head = [f"### {_words(words)}", *([""] if rows else [])]
    more = "\n{:,} more not shown." if listing.whole else "- and {:,} more"
    return Part(head, rows, len(lines) + len(listing.entries), more)


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
            hushed = " (waived)" if entry.waived else ""
            words = (
                f"**{entry.severity}** {code(entry.rule)} {escape(entry.message, LONGEST)}{hushed}"
            )
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
        case Text(text, most):
            return escape(text, most)
        case Code(text) | Id(text):
            return code(text, LONGEST)
        case Strong(text):
            return f"**{escape(text, LONGEST)}**"
        case Address(url):
            return f"<{url}>" if is_web(url) and len(url) <= LONGEST else _piece(url)
        case Ref(_, _, name):
            return _piece(name)
        case Sign(_, words):
            return words
        case _:
            return code(at(piece))
