"""The pack in Markdown, for a wiki: the same words and tables, without charts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import assert_never

from itgov.insight.boardtypes import BoardReport
from itgov.report import markup
from itgov.report.board.content import (
    Address,
    Block,
    Cell,
    Code,
    FigureRow,
    Heading,
    Items,
    PackTable,
    Para,
    Piece,
    Ref,
    Sign,
    Strong,
)
from itgov.report.board.html import LONGEST, is_web
from itgov.report.board.pack import pack_of
from itgov.report.insight_words import UNKNOWN
from itgov.report.markup import code, escape

_FIGURE = re.compile(r"\d[\d,]*(\.\d+)?(bn|m|k|%)?", re.ASCII)
"""A figure of ours, which no dialect of Markdown does anything with."""


def render(report: BoardReport) -> str:
    """Write the board pack down in GitHub's and GitLab's Markdown."""
    pack = pack_of(report)
    lines = [f"# {_text(pack.title)}", "", f"{_text(pack.kicker)}", "", _pieces(pack.opening), ""]
    for notice in pack.notices:
        lines += [f"> {_pieces(notice)}", ""]
    for page in pack.pages:
        lines += [f"## {_text(page.title)}", ""]
        if page.kind in ("unit", "manager"):
            lines += [_text(page.kicker), ""]
        for block in page.blocks:
            lines += [*_block(block), ""]
    lines += ["---", "", _pieces(pack.closing)]
    return "\n".join(lines) + "\n"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(words):
            yield f"### {_text(words)}"
        case Para(pieces):
            yield _pieces(pieces)
        case Items(cells):
            yield from (f"- {_cell(c)}" for c in cells)
        case FigureRow(pairs):
            yield from (f"- {_text(name)}: **{_text(value)}**" for name, value in pairs)
        case PackTable():
            yield from _table(block)
        case _:
            assert_never(block)


def _table(table: PackTable) -> Iterator[str]:
    yield _text(table.caption)
    yield ""
    rows = [*table.rows, *([table.foot] if table.foot is not None else [])]
    yield from markup.table(
        [_text(title) for title, _ in table.columns],
        [[_cell(c) for c in row] for row in rows],
        [index for index, (_, kind) in enumerate(table.columns) if kind == "number"],
    )


def _text(words: str) -> str:
    if words == UNKNOWN or _FIGURE.fullmatch(words):
        return words
    return escape(words, LONGEST)


def _cell(cell: Cell) -> str:
    return _pieces(cell) if isinstance(cell, tuple) else _piece(cell)


def _pieces(pieces: tuple[Piece, ...]) -> str:
    """Return pieces one after another, with the spaces between them that escaping takes away."""
    found = ""
    for piece in pieces:
        words = _piece(piece)
        if isinstance(piece, str):
            before = " " if piece[:1] == " " and found else ""
            after = " " if piece[-1:] == " " and piece.strip() else ""
            words = f"{before}{words}{after}" if words else " "
        found += words
    return found.strip()


def _piece(piece: Piece) -> str:
    match piece:
        case str():
            return _text(piece)
        case Code(words):
            return code(words, LONGEST)
        case Strong(words):
            return f"**{_text(words)}**"
        case Address(url):
            return f"<{url}>" if is_web(url) and len(url) <= LONGEST else _text(url)
        case Ref(_, _, words):
            return _text(words)
        case Sign(reach):
            return _text(reach)
    assert_never(piece)
