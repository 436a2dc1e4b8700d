"""Blocks as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

from itgov.model.finding import Finding
from itgov.model.text import plural
from itgov.report.blocks import (
    Address,
    Block,
    Branch,
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
    Tone,
    Tree,
    Words,
    pieces_of,
)
from itgov.report.figures import at, short
from itgov.report.plain import cut, plain
from itgov.report.source_line import columns_of
from itgov.report.tables import TextColumn, draw, stacked
from itgov.report.text import Paint, paint

_MOST = 10
"""Entries of a listing."""
_MOST_LISTINGS = 12
_FILE, _MARGIN, _MOST_DRAWN = 100, 10, 90
"""The columns of a file, those that no drawing takes, and the most that one takes."""


def terminal(blocks: Iterable[Block], *, color: bool = False, width: int | None = None) -> str:
    """Write blocks down for a terminal of so many columns."""
    paints = paint(color)
    shown = (b for b in blocks if not isinstance(b, Heading) or b.everywhere)
    parts = ["\n".join(_block(b, paints, width)) for b in shown]
    return "\n\n".join(parts).rstrip("\n") + "\n"


def _block(block: Block, paints: Paint, width: int | None) -> list[str]:
    bold, dim, off = paints.bold, paints.dim, paints.off
    match block:
        case Title(words, organisation, as_of, below):
            title = f"{plain(organisation)}: {words} as of {as_of}"
            return [f"{bold}{title}{off}", *([plain(below)] if below else [])]
        case Opening(words, span, below):
            title = f"{plain(words)} {_words(span, paints)}".rstrip()
            return [f"{bold}{title}{off}", *map(plain, below)]
        case Heading(words):
            return [f"{bold}{_words(words, paints)}{off}"]
        case Para(said, tone):
            line = _words(said, paints)
            return [f"{dim}{line}{off}" if tone == "quiet" else line]
        case Figures(pairs):
            return [f"{plain(name)}: {plain(figure)}" for name, figure in pairs]
        case Facts(facts):
            wide = max((len(f.label) for f in facts), default=0)
            return [f"{plain(f.label):<{wide}}  {_words(f.words, paints)}" for f in facts]
        case Table():
            return _table(block, paints, width)
        case Lines(sentences) | Stack(sentences):
            return [_words(w, paints) for w in sentences]
        case Legend(notes, columns):
            titles = [short(title) for title, _, _ in columns]
            wide = max(map(columns_of, titles), default=0)
            named = [
                f"{number:>3} {title}{' ' * (wide - columns_of(title))} {weight:>5}  {plain(name)}"
                for number, (title, (_, weight, name)) in enumerate(
                    zip(titles, columns, strict=True), 1
                )
            ]
            lines = [*(_words(n, paints) for n in notes), *named]
            return [f"{dim}{line}{off}" for line in lines]
        case Listing():
            return _listing(block, paints)
        case Listings(listings, noun, advice):
            parts = ["\n".join(_listing(each, paints)) for each in listings[:_MOST_LISTINGS]]
            if (rest := len(listings) - _MOST_LISTINGS) > 0:
                parts.append(f"{plural(rest, noun)} more; {_words(advice, paints)}")
            return ["\n\n".join(parts)]
        case People(people):
            return [line for p in people for line in _person(p, paints)]
        case Card(person, facts):
            return [
                *_person(person, paints),
                *(f"  {each}" for each in _block(facts, paints, width)),
            ]
        case Tree():
            return tree_lines(block, paints)
        case Graph():
            return graph_lines(block)
        case Drawing(made):
            return list(made(min((width or _FILE) - _MARGIN, _MOST_DRAWN)))
    assert_never(block)


def graph_lines(graph: Graph) -> list[str]:
    """Return a line for each thing that needs another."""
    return [
        f"{_named(a.start)} needs {_named(a.end)}{' (circle)' if a.marked else ''}"
        for a in graph.arrows
    ]


def _named(thing: tuple[str, str]) -> str:
    return " ".join(short(text) for text in thing if text)


def _person(person: Person, paints: Paint) -> list[str]:
    """Return a person's name and place, and the lines below it."""
    place = f"{paints.dim}{at(person.place)}{paints.off}"
    head = f"{paints.bold}{short(person.name)}{paints.off}{plain(person.beside)}  {place}"
    return [head, *(f"  {_words(line, paints)}" for line in person.lines)]


def tree_lines(tree: Tree, paints: Paint) -> list[str]:
    """Return the drawing of a tree."""
    drawn = ["\n".join([_words(r.words, paints), *_below(r, paints)]) for r in tree.roots]
    return ["\n\n".join(drawn)]


def _below(branch: Branch, paints: Paint) -> Iterator[str]:
    for place, each in enumerate(branch.below, start=1):
        arm, trunk = ("└─ ", "   ") if place == len(branch.below) else ("├─ ", "│  ")
        yield f"{arm}{_words(each.words, paints)}"
        yield from (f"{trunk}{line}" for line in _below(each, paints))


def _table(block: Table, paints: Paint, width: int | None) -> list[str]:
    if block.narrower is not None and width is not None:
        widest = max(map(columns_of, _drawn(block, paint(False), None)))
        if widest > width:
            return _table(block.narrower, paints, width)
    return _drawn(block, paints, width)


def _drawn(block: Table, paints: Paint, width: int | None) -> list[str]:
    ranks = enumerate(reversed(block.spare), start=1)
    drop = {index: rank for rank, group in ranks for index in group}
    columns = [_column(i, c, drop.get(i, 0), paints) for i, c in enumerate(block.columns)]
    rows = (*block.rows, *([block.foot] if block.foot else []))
    return draw(columns, rows, width, bold=(paints.bold, paints.off))


def _column(index: int, column: Column, drop: int, paints: Paint) -> TextColumn[Sequence[Words]]:
    def cell(row: Sequence[Words]) -> str:
        words = row[index]
        if isinstance(words, str) and column.narrow is not None:
            return cut(plain(words), column.narrow)
        return _words(words, paints)

    title = plain(column.title)
    if column.kind == "named":
        title = stacked(title)
    return TextColumn(title, cell, right=column.right, drop=drop, broken=column.broken)


def _listing(listing: Listing, paints: Paint) -> list[str]:
    title, entries = listing.title, listing.entries
    shown = entries if listing.whole else entries[:_MOST]
    found = [_words((Strong(title),) if isinstance(title, str) else title, paints)]
    found += [f"  {_words(w, paints)}" for w in listing.lines]
    found += (line for entry in shown for line in _entry(entry, paints))
    if len(entries) > len(shown):
        found.append(f"  and {len(entries) - len(shown):,} more (all in --format json)")
    return found


def _entry(entry: Entry | Step | Change | Finding, paints: Paint) -> Iterator[str]:
    bold, dim, off = paints.bold, paints.dim, paints.off
    match entry:
        case Entry(place, id, title, figures):
            yield f"  {at(place)}  {short(id)} {short(title)}: {figures}"
        case Step(points, place, rule, message, waived):
            words = f"{plain(rule)} {short(message, 120)}{' (waived)' if waived else ''}"
            yield f"  {points:>6}  {at(place)}  {words}"
        case Change(sign, id, label, said):
            name = f"  {sign} {bold}{plain(f'{id} {label}'.strip())}{off}"
            if len(said) == 1:
                yield f"{name}: {plain(said[0])}"
            else:
                yield from (name, *(f"      {plain(each)}" for each in said))
        case Finding():
            severity = f"{paints.severity[entry.severity]}{entry.severity}{off}"
            hushed = " (waived)" if entry.waived else ""
            words = f"{severity}[{plain(entry.rule)}] {plain(entry.message)}{hushed}"
            yield f"  {words} {dim}({plain(entry.path)}:{entry.line}){off}"


def _words(words: Words, paints: Paint) -> str:
    return "".join(_piece(p, paints) for p in pieces_of(words))


def _piece(piece: Piece, paints: Paint) -> str:
    match piece:
        case str():
            return plain(piece)
        case Code(text):
            return f"`{plain(text)}`"
        case Id(text) | Text(text):
            return plain(text)
        case Strong(text, tone):
            return f"{_hue(tone, paints)}{plain(text)}{paints.off}"
        case Address(url):
            return plain(url)
        case Ref(_, _, name):
            return plain(name)
        case Sign(_, words):
            return words
        case _:
            return at(piece)


def _hue(tone: Tone, paints: Paint) -> str:
    match tone:
        case "":
            return paints.bold
        case "good":
            return paints.good
        case "quiet":
            return paints.dim
    return paints.severity[tone]
