"""Minimal edits of a YAML file: a few values change, every other line stays as it is.

The text is cut at our own reader's positions, so that everything else stays byte for byte.  Then
the result is read again and compared: the new data must be the old data with exactly the changes
asked for.  What cannot be edited so is refused, and nothing is written.
"""

from __future__ import annotations

import datetime
import re
from bisect import bisect_left, insort_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct

from itgov.files.document import Document, Route
from itgov.files.problem import Problem
from itgov.files.reader import read
from itgov.files.save import EditRefused
from itgov.files.text_edits import Cut, Cutter
from itgov.files.write import Plain, document
from itgov.files.yaml_syntax import Syntax

_HOLDERS = (dict, list)
_ANCHOR = re.compile(r"(?<![^\s\[,])&([^\s,\[\]{}]+)")


class Set(Struct, frozen=True):
    """Give the key at `route` a value; a new key goes where `order` has it, else to the end."""

    route: Route
    value: Plain
    order: tuple[str, ...] = ()


class Insert(Struct, frozen=True):
    """Put an item into the list at `route`, before the one at `index`; None for the end."""

    route: Route
    value: Plain
    index: int | None = None


class Add(Struct, frozen=True):
    """Put an item into the list at `route`, as `Insert` does; the list is made if there is none."""

    route: Route
    value: Plain
    index: int | None = None
    order: tuple[str, ...] = ()


class Remove(Struct, frozen=True):
    """Take out the key at `route`."""

    route: Route


Change = Set | Insert | Add | Remove


def apply(raw: bytes, changes: Sequence[Change], path: str = "") -> bytes:
    """Return the file's bytes with the changes made; raise EditRefused where that is not sure.

    Changes are made one after the other: a route names where a thing is after those before it.
    """
    if not changes:
        return raw
    before, data, problems = _as_it_is(path, raw)
    if problems or not isinstance(data, dict):
        line, _ = before.position(problems[0].start if problems else 0)
        raise EditRefused(
            f"{path}:{line}: the file has problems of its own; fix them first (`itgov check` lists them)"
        )
    mark = "\ufeff" if raw.startswith(b"\xef\xbb\xbf") else ""
    wanted = _wanted(before, data, changes)
    result = (mark + _edited(before, changes)).encode()
    _, found, problems = read(path, result)
    if problems or _exact(found) != _exact(wanted):
        raise _refusal(before, changes[0].route, _why_more(before, changes))
    return result


@lru_cache(maxsize=2)
def _as_it_is(path: str, raw: bytes) -> tuple[Document, Any, list[Problem]]:
    """Read a file once for many edits that are made side by side; nothing changes what it gives."""
    return read(path, raw)


def _exact(data: Any) -> bytes:
    """Return data as bytes in which a text is not a number and 1 is not 1.0."""
    return msgspec.json.encode(data, order="sorted")


def _refusal(document: Document, route: Route, why: str) -> EditRefused:
    """Return the error that names the place of what was to be edited, or of what holds it."""
    while (entry := document.find(route)) is None:
        route = route[:-1]
    return Syntax(document).refusal(document.starts[entry], why)


def _why_more(document: Document, changes: Sequence[Change]) -> str:
    """Say why an edit, made as it was asked for, would have changed more than that."""
    for change in changes:
        route = change.route
        entries = [document.find(route[:depth]) for depth in range(1, len(route) + 1)]
        for entry in filter(None, entries):
            start, end = document.values[entry], document.ends[entry]
            is_last = entry == entries[-1]
            anchor = (_ANCHOR.search if is_last else _ANCHOR.match)(document.text, start, end)
            if anchor:
                return f"other places refer to the same value by `*{anchor[1]}`"
    if document.has_blocks and not document.text.endswith("\n"):
        return "the text in its last lines would get a line end that it has not"
    return "other values would change as well"


# -- the text --------------------------------------------------------------------------------


def _edited(document: Document, changes: Iterable[Change]) -> str:
    """Return the document's text with the changes made one after the other."""
    batch = _Batch(document)
    for change in changes:
        if not batch.takes(change):
            batch = _Batch(batch.reread(change))
            if not batch.takes(change):
                raise _refusal(batch.document, change.route, "its parts overlap")
    return batch.text()


class _Batch:
    """Changes whose cuts do not touch each other: they are made in one go."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.cutter = Cutter(document)
        self.cuts: list[Cut] = []
        self.taken: dict[int, _Group] = {}
        """Where something is put in, and what belongs together there."""
        self.settled: dict[Route, bool] = {}
        """Routes below which nothing means what it meant; whether only ends were added to it."""
        self.passed: set[Route] = set()
        """Every route above one that is settled."""

    def takes(self, change: Change) -> bool:
        """Add a change, if it does not depend on those before it."""
        route = change.route
        ends = isinstance(change, (Insert, Add)) and change.index is None
        goes_on = ends and self.settled.get(route, False) and _has_items(self.document, route)
        if not goes_on and (
            route in self.passed or any(route[:n] in self.settled for n in range(len(route) + 1))
        ):
            return False
        cuts, group = self._cuts(change), self._group(change)
        for cut in cuts:
            before = self.taken.get(cut.start)
            if before is not None and (len(cuts) > 1 or not before.goes_before(group)):
                return False
        if any(not c.is_apart(o) for c in cuts for o in self._near(c)):
            return False
        for cut in cuts:
            insort_right(self.cuts, cut, key=lambda c: c.start)
        self.taken |= {c.start: group for c in cuts}
        self.settled[route] = ends
        self.passed |= {route[:n] for n in range(len(route))}
        return True

    def _cuts(self, change: Change) -> list[Cut]:
        if isinstance(change, Remove):
            return self.cutter.remove(change.route)
        if isinstance(change, Set):
            return self.cutter.set(change.route, change.value, change.order)
        order = change.order if isinstance(change, Add) else ()
        return self.cutter.insert(change.route, change.value, change.index, order)

    def _group(self, change: Change) -> _Group:
        route = change.route
        if isinstance(change, (Insert, Add)):
            return _Group(route, 0 if change.index is None else -1)
        is_new = self.document.find(route) is None and _has_items(self.document, route[:-1])
        if isinstance(change, Remove) or not is_new:
            return _Group(route, -1)
        key, order = route[-1], change.order
        return _Group(route[:-1], order.index(str(key)) if key in order else len(order))

    def _near(self, cut: Cut) -> list[Cut]:
        found = bisect_left(self.cuts, cut.start, key=lambda c: c.start)
        return self.cuts[max(found - 1, 0) : found + 2]

    def text(self) -> str:
        """Return the text with the cuts made."""
        parts: list[str] = []
        at = 0
        text = self.document.text
        for cut in self.cuts:
            parts += [text[at : cut.start], cut.text]
            at = cut.end
        return "".join([*parts, text[at:]])

    def reread(self, change: Change) -> Document:
        """Return the edited text as a document, for a change that depends on those before it."""
        document, data, problems = read(self.document.path, self.text().encode())
        if data is None or problems:
            raise _refusal(self.document, change.route, "an edit before this one leaves no YAML")
        return document


class _Group(Struct, frozen=True):
    """What a change that puts something in belongs to: the ends of a list, a mapping's new keys.

    Those of one group may follow each other at one place in the order of their ranks; with a rank
    below 0 nothing else may be put in there.
    """

    of: Route
    rank: int

    def goes_before(self, other: _Group) -> bool:
        """Say whether the other may follow at the same place."""
        return self.rank >= 0 and self.of == other.of and self.rank <= other.rank


def _has_items(document: Document, route: Route) -> bool:
    entry = document.find(route)
    return entry is not None and document.sizes[entry] > 1


# -- what is meant ---------------------------------------------------------------------------


def _wanted(before: Document, data: Any, changes: Sequence[Change]) -> Any:
    """Return the data with the changes made, as the reader would give it."""
    wanted = _copied(data)
    for change in changes:
        try:
            _carry_out(wanted, change)
        except KeyError as error:
            raise _refusal(before, change.route, f"there is no `{error.args[0]}`") from error
        except IndexError as error:
            raise _refusal(before, change.route, "there is no such item") from error
        except (TypeError, AttributeError) as error:
            raise _refusal(before, change.route, "the file has something else there") from error
    return _without_blanks(wanted)


def _carry_out(data: Any, change: Change) -> None:
    *above, last = change.route
    holder = data
    for step in above:
        holder = holder[step]
    if isinstance(change, Remove):
        holder.pop(last, None)
        return
    value = _as_read(change.value)
    if "custom" not in change.route:
        value = _without_blanks(value)
    if isinstance(change, Set):
        holder[last] = value
        if _is_left_out(value) and "custom" not in above:
            del holder[last]
    elif isinstance(change, Add) and isinstance(holder, dict) and last not in holder:
        holder[last] = [value]
    else:
        items = holder[last]
        items.insert(len(items) if change.index is None else change.index, value)


def _as_read(value: Plain) -> Any:
    """Return a value as the reader would give it, by way of our own writer."""
    if isinstance(value, str | datetime.date):  # which many records of a file may get
        return _shared_read_back(value)
    return _read_back(value)


def _read_back(value: Plain) -> Any:
    return read("", document({"custom": {"v": value}}).encode())[1]["custom"]["v"]


_shared_read_back = lru_cache(maxsize=256)(_read_back)


def _copied(data: Any) -> Any:
    """Return a copy of what the reader gave: no part of it stands in two places."""
    if data.__class__ is dict:
        return {k: _copied(v) if v.__class__ in _HOLDERS else v for k, v in data.items()}
    return [_copied(v) if v.__class__ in _HOLDERS else v for v in data]


def _without_blanks(value: Any) -> Any:
    """Return data without what the reader leaves out: blanks count as missing, but in `custom`."""
    if isinstance(value, dict):
        found = {}
        for key, item in value.items():
            inside = item.__class__ in _HOLDERS and (key != "custom" or item.__class__ is list)
            kept = _without_blanks(item) if inside else item
            if not _is_left_out(kept):
                found[key] = kept
        return found
    if isinstance(value, list):
        return [v for v in map(_without_blanks, value) if v in ({}, []) or not _is_left_out(v)]
    return value


def _is_left_out(value: Any) -> bool:
    if isinstance(value, str):
        return not value or value.isspace()
    return value is None or value in ({}, [])
