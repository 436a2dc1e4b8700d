"""Blocks as GitHub's and GitLab's Markdown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from itgov.report import markup
from itgov.report.blocks import (
    Block,
    Card,
    Column,
    Lines,
    Listing,
    People,
    Section,
    Table,
    Title,
    Words,
)
from itgov.report.insight_words import UNKNOWN
from itgov.report.markup import LABEL, code, code_block, escape
from itgov.report.text import paint
from itgov.report.write_terminal import person_lines

_MOST = 50
"""Entries of a listing."""
_MOST_ROWS = 200
_SENTENCE = 600


def markdown(blocks: Iterable[Block]) -> str:
    """Write blocks down in Markdown."""
    return "\n\n".join("\n".join(_block(block)) for block in blocks) + "\n"


def _block(block: Block) -> list[str]:
    match block:
        case Title():
            amounts = f" Amounts in {escape(block.currency, LABEL)}." if block.currency else ""
            heading = f"## {block.words[:1].upper()}{block.words[1:]}"
            of = f"{escape(block.organisation, LABEL)}, as of {block.as_of}.{amounts}"
            return [heading, "", of]
        case Section(words):
            return [f"### {escape(words)}"]
        case Table():
            return _table(block)
        case Lines(lines, quiet):
            return [_words(w) if quiet else _item(w) for w in lines]
        case Listing(title, entries):
            found = [f"### {escape(title)}", ""]
            for e in entries[:_MOST]:
                name = f"{code(e.id)} {escape(e.title, LABEL)}"
                where = code(f"{e.place.path}:{e.place.line}")
                found.append(f"- {name}: {e.figures} ({where})")
            if len(entries) > _MOST:
                found.append(f"- and {len(entries) - _MOST:,} more")
            return found
        case People(people):
            return [
                f"- {escape(p.name, LABEL)}: {escape(line, _SENTENCE)}"
                for p in people
                for line in p.lines
            ]
        case Card(person):
            return [code_block("\n".join(person_lines(person, paint(False), ""))).rstrip("\n")]
    assert_never(block)


def _table(table: Table) -> list[str]:
    columns = table.columns
    rows = [
        [_cell(cell, c) for cell, c in zip(row, columns, strict=True)]
        for row in table.rows[:_MOST_ROWS]
    ]
    numbers = [index for index, c in enumerate(columns) if c.kind == "number"]
    lines = markup.table([escape(c.title.capitalize(), LABEL) for c in columns], rows, numbers)
    if len(table.rows) > _MOST_ROWS:
        lines += ["", f"{len(table.rows) - _MOST_ROWS:,} more not shown."]
    return lines


def _cell(cell: str, column: Column) -> str:
    if column.kind == "number":
        return cell
    words = cell if cell == UNKNOWN else escape(cell, LABEL)
    return f"**{words}**" if column.kind == "head" and words else words


def _item(words: Words) -> str:
    indent = "  " if isinstance(words, str) and words.startswith("  ") else ""
    return f"{indent}- {_words(words)}"


def _words(words: Words) -> str:
    if isinstance(words, str):
        return escape(words, _SENTENCE)
    return " ".join(escape(p) if isinstance(p, str) else code(p.text) for p in words)
