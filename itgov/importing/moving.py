"""Moving an investment to the file of another unit, with its comments, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from itgov.files.document import Document
from itgov.files.reader import read
from itgov.files.save import EditRefused, digest, save
from itgov.files.write import document, plain
from itgov.importing.edits import Edits, new_unit_name
from itgov.importing.existing import Existing, Known, PortfolioFile, read_existing
from itgov.importing.values import key_of
from itgov.model.types import BusinessUnit


class Move(Struct, frozen=True):
    """An investment that the table has under another unit than its file."""

    id: str
    unit: str
    unit_name: str | None


def move_elsewhere(target: Path, edits: Edits) -> None:
    """Move what the tables have under another unit than its file, and say so in the report."""
    report = edits.report
    moves = [Move(*found) for found in edits.elsewhere]
    report.moved, stayed = _move_all(target, moves)
    told = tuple(f"{move.id}: the table has it under" for move in moves)
    report.notes = [note for note in report.notes if not note.startswith(told)] + stayed


def _move_all(target: Path, moves: list[Move]) -> tuple[list[str], list[str]]:
    """Move investments, and return what was moved and what stays and why.

    Each is written to its new file before it is taken out of the old one: what stops in between leaves
    it in both, which `check` finds, and never in none.
    """
    moved: list[str] = []
    stayed: list[str] = []
    existing = read_existing(target) if moves else None
    for move in moves:
        known = existing.by_id.get(key_of(move.id)) if existing is not None else None
        if existing is None or known is None:
            continue
        try:
            path = _move(target, existing, known, move)
        except EditRefused as error:
            stayed.append(f"{move.id}: it stays in {known.file.document.path}: {error}")
            continue
        said = (
            f"{move.id}: from {known.file.document.path} to {path.relative_to(target).as_posix()}"
        )
        if known.record.get("objective"):
            said += f"; its objective `{known.record['objective']}` is one of `{known.file.unit}`"
        moved.append(said)
        for changed in (known.file.path, path):
            existing.take(_again(target, changed))
    return moved, stayed


def _again(target: Path, path: Path) -> PortfolioFile:
    raw = path.read_bytes()
    document, data, _ = read(path.relative_to(target).as_posix(), raw)
    return PortfolioFile(path, raw, document, data if isinstance(data, dict) else {})


def _move(target: Path, existing: Existing, known: Known, move: Move) -> Path:
    lines, rest = _cut(known)
    home = existing.home(move.unit)
    if home is None:
        folder = target / existing.folder
        name = new_unit_name(
            move.unit, [f.path for f in existing.files], lambda n: (folder / n).exists()
        )
        path, was = folder / name, None
        record = plain(BusinessUnit(id=move.unit, name=move.unit_name))
        text = document({"business_unit": record}, "portfolio")
        before: list[object] = []
    else:
        path, was, text = home.path, digest(home.raw), _text(home)
        before = list(home.investments)
    joined = _joined(text, home, lines)
    _check(path, joined, [*before, known.record])
    left = [r for at, r in enumerate(known.file.investments) if at != known.index]
    _check(known.file.path, rest, left)
    save(target, path, joined.encode(), was)
    save(target, known.file.path, rest.encode(), digest(known.file.raw))
    return path


def _text(file: PortfolioFile) -> str:
    try:
        text = file.raw.decode("utf-8")
    except UnicodeDecodeError:
        raise EditRefused("the file is not UTF-8") from None
    if text.startswith("\ufeff") or "\r" in text or ("&" in text and "*" in text):
        raise EditRefused("its lines cannot be moved as they are")
    return text if text.endswith("\n") else f"{text}\n"


def _cut(known: Known) -> tuple[list[str], str]:
    """Return the lines of an investment, with the comments right above it, and the file without them."""
    document = known.file.document
    lines = _text(known.file).splitlines(keepends=True)
    first, last = _span(document, known.index)
    column = len(lines[first]) - len(lines[first].lstrip(" "))
    if not lines[first].lstrip(" ").startswith("- "):
        raise EditRefused("its list is not written line by line")
    while lines[first - 1].startswith(" " * column + "#"):
        first -= 1
    start = first
    if len(known.file.investments) == 1:
        entry = document.find(("investments",))
        start = min(start, document.position(document.starts[entry or 0])[0] - 1)
    rest = "".join([*lines[:start], *lines[last + 1 :]])
    return [line[column:] if line.strip() else line for line in lines[first : last + 1]], rest


def _span(document: Document, index: int) -> tuple[int, int]:
    """Return the first and the last line of an item, from 0.

    Blank lines, and comments that are indented no deeper than it, are no part of its end.
    """
    entry = document.find(("investments", index)) or 0
    lines = document.text.split("\n")
    first = document.position(document.starts[entry])[0] - 1
    end = len(document.text[: document.ends[entry]].rstrip("\n "))
    last = document.position(max(end - 1, 0))[0] - 1
    column = len(lines[first]) - len(lines[first].lstrip(" "))
    while last > first:
        text = lines[last].lstrip(" ")
        if text and not (text.startswith("#") and len(lines[last]) - len(text) <= column):
            break
        last -= 1
    return first, last


def _joined(text: str, home: PortfolioFile | None, lines: list[str]) -> str:
    """Return a file's text with an investment's lines at the end of its list."""
    there = text.splitlines(keepends=True)
    if home is None or not home.investments:
        if home is not None and "investments" in home.data:
            raise EditRefused("the list there is empty")
        return "".join([*there, "investments:\n", *(_in(line, 2) for line in lines)])
    first, last = _span(home.document, len(home.investments) - 1)
    line = there[first]
    column = len(line) - len(line.lstrip(" "))
    if not line.lstrip(" ").startswith("- "):
        raise EditRefused("the list there is not written line by line")
    return "".join([*there[: last + 1], *(_in(li, column) for li in lines), *there[last + 1 :]])


def _in(line: str, column: int) -> str:
    return " " * column + line if line.strip() else line


def _check(path: Path, text: str, wanted: Sequence[object]) -> None:
    """Refuse a text that does not hold exactly the investments that it should."""
    _, data, problems = read(path.name, text.encode())
    found = data.get("investments") if isinstance(data, dict) else None
    if problems or (found or []) != wanted:
        raise EditRefused("other lines would change as well")
