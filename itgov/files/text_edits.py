"""Edits made by cutting the text itself, at the positions that our own reader found.

Whatever lies outside a cut stays byte for byte.  What a cut makes of the data is not proved here:
`itgov.files.edit` reads the result and compares.  What cannot be cut is refused with its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

from itgov.files.document import Document, Route
from itgov.files.write import FlowMapping, Plain, entry_lines, item_lines, key_text, scalar, styled
from itgov.files.yaml_syntax import Syntax

_REST_OF_LINE = re.compile(r"[ \t]*(?P<comma>,?)[ \t]*(?P<comment>(?<=[ \t])#[^\r\n]*)?(?=\r?\n)")
_LINE_STYLE = 160
"""The longest item that is put on one line because its neighbours stand on one line."""


class Cut(Struct, frozen=True):
    """A piece of the text and what stands there instead."""

    start: int
    end: int
    text: str

    def is_apart(self, other: Cut) -> bool:
        """Say whether neither changes what the other replaces."""
        return self.end <= other.start or other.end <= self.start


class Cutter:
    """Works out what to cut for one change of a document; raise `EditRefused` where it cannot."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.syntax = Syntax(document)
        self.source = document.text

    # -- the changes -------------------------------------------------------------------------

    def set(self, route: Route, value: Plain, order: tuple[str, ...]) -> list[Cut]:
        """Give a key its value; a new key goes where `order` has it, else to the end."""
        parent = self._holder(route[:-1])
        entry = self.document.find(route)
        if isinstance(route[-1], int):
            at = self.document.starts[parent]
            raise self.syntax.refusal(at, "an item of a list is not replaced, but its keys are")
        if entry is not None:
            return self._replace(parent, entry, value)
        return self._new_key(parent, route[-1], value, order)

    def insert(
        self, route: Route, value: Plain, index: int | None, order: tuple[str, ...]
    ) -> list[Cut]:
        """Put an item into a list, before the one at `index`; a list that is missing is made."""
        entry = self.document.find(route)
        if entry is None or (self.document.sizes[entry] == 1 and isinstance(route[-1], str)):
            return self.set(route, [value], order)
        self._holder(route)
        if self.document.sizes[entry] == 1:
            return [self._first_in_brackets(entry, scalar(value, True))]
        items = self.document.children(entry)
        at = len(items) if index is None else min(index, len(items))
        if self.syntax.is_flow(entry):
            told = scalar(value, True)
            if at == 0:
                start = self.syntax.after_space(self.syntax.value(entry) + 1)
                return [Cut(start, start, f"{told}, ")]
            end = self.syntax.end(entry, items[at - 1])
            return [Cut(end, end, f", {told}")]
        dash = self.syntax.dash(items[max(at - 1, 0)])
        indent = self.syntax.column(dash)
        if isinstance(value, dict) and self.syntax.is_flow(items[max(at - 1, 0)]):
            flat = FlowMapping(value)
            if indent + len(scalar(flat)) <= _LINE_STYLE:
                value = flat
        lines = item_lines(value, indent)
        if at:
            return [self._below(self.syntax.end(entry, items[at - 1]), lines)]
        told = self.syntax.newline(dash).join([*lines, ""])
        return [Cut(dash, dash, told[indent:] + " " * indent)]

    def remove(self, route: Route) -> list[Cut]:
        """Take out a key with its value and the comment behind it."""
        parent = self._holder(route[:-1])
        entry = self.document.find(route)
        syntax, source = self.syntax, self.source
        if entry is None:
            raise syntax.refusal(self.document.starts[parent], f"there is no `{route[-1]}`")
        start, end = syntax.begin(entry), syntax.end(parent, entry)
        siblings = self.document.children(parent)
        if syntax.is_flow(parent):
            return [self._remove_from_braces(parent, siblings, siblings.index(entry), start, end)]
        if len(siblings) == 1 and len(route) == 1:
            raise syntax.refusal(start, "nothing else is in the file")
        is_last = len(siblings) == 1 and (isinstance(route[-2], int) or "custom" in route[:-2])
        line = syntax.line_start(start)
        if is_last or source[line:start].strip(" "):
            return [self._remove_beside_dash(siblings, entry, start, end)]
        if end and source[end - 1] == "\n":  # a block's text, with the blank lines that it keeps
            return [Cut(line, end, "")]
        self._rest_is_comment(end)
        return [Cut(line, syntax.next_line(end), "")]

    # -- where things stand ------------------------------------------------------------------

    def _holder(self, route: Route) -> int:
        """Return the mapping or list at a route, if it stands there itself and not by an alias."""
        entry = 0
        for depth, step in enumerate(route, start=1):
            below = self.document.find(route[:depth])
            if below is None:
                raise self.syntax.refusal(self.document.starts[entry], f"there is no `{step}`")
            if self.syntax.is_alias(entry, below):
                alias = self.syntax.alias(entry, below)
                raise self.syntax.refusal(
                    alias.start(), f"`{alias.group()}` is an alias of a value used elsewhere too"
                )
            entry = below
        return entry

    def _rest_is_comment(self, offset: int) -> int:
        """Return the end of a line on which nothing but a comment follows."""
        end = self.syntax.line_end(offset)
        rest = self.source[offset:end].lstrip(" \t")
        if rest and not rest.startswith("#"):
            raise self.syntax.refusal(offset, "there is something else on the line")
        return end

    def _below(self, offset: int, lines: Iterable[str]) -> Cut:
        """Return the cut that puts lines below the one at which content ends."""
        if offset and self.source[offset - 1] == "\n":  # a text that keeps its last line ends
            newline = self.syntax.newline(offset - 1)
            return Cut(offset, offset, newline.join([*lines, ""]))
        at = self._rest_is_comment(offset)
        return Cut(at, at, self.syntax.newline(at).join(["", *lines]))

    # -- keys --------------------------------------------------------------------------------

    def _new_key(self, parent: int, key: str, value: Plain, order: tuple[str, ...]) -> list[Cut]:
        children = self.document.children(parent)
        if not children:
            told = f"{key_text(key, True)}: {scalar(value, True)}"
            return [self._first_in_brackets(parent, told)]
        before = order[: order.index(key)] if key in order else order
        names = {self.document.keys[c]: c for c in children}
        after = next((names[k] for k in reversed(before) if k in names), children[-1])
        if self.syntax.is_flow(parent):
            told = f"{key_text(key, True)}: {scalar(value, True)}"
            return self._in_braces(parent, after, told)
        indent = self.syntax.column(self.syntax.begin(children[0]))
        return [self._below(self.syntax.end(parent, after), entry_lines(key, value, indent))]

    def _in_braces(self, parent: int, after: int, told: str) -> list[Cut]:
        """Return what puts an entry after another in braces: below one that has its own line."""
        at, start = self.syntax.end(parent, after), self.syntax.begin(after)
        comma = " ," if self.source[at - 1] == ":" else ","  # `a:,` would be a key `a:`
        rest = _REST_OF_LINE.match(self.source, at)
        if rest is None or self.source[self.syntax.line_start(start) : start].strip():
            return [Cut(at, at, f"{comma} {told}")]
        below = self.syntax.newline(at) + " " * self.syntax.column(start) + told
        if rest["comma"]:
            return [Cut(rest.end(), rest.end(), below + ",")]
        if not rest["comment"]:
            return [Cut(at, at, comma + below)]
        return [Cut(at, at, comma), Cut(rest.end(), rest.end(), below)]

    def _first_in_brackets(self, entry: int, told: str) -> Cut:
        at, end = self.syntax.value(entry), self.document.ends[entry]
        if not self.syntax.is_flow(entry):
            raise self.syntax.refusal(at, "the file has something else there")
        return Cut(at + 1, at + 1 if self.source[at + 1 : end - 1].strip() else end - 1, told)

    def _replace(self, parent: int, entry: int, value: Plain) -> list[Cut]:
        document, syntax, source = self.document, self.syntax, self.source
        colon = syntax.colon(entry)
        start, end = document.values[entry], syntax.end(parent, entry)
        if source[end - 1] == "\n":  # blank lines that the old text kept
            end = start + len(source[start:end].rstrip())
        if syntax.is_alias(parent, entry):
            start = syntax.alias(parent, entry).start()
        elif start == document.ends[entry]:
            start = end  # nothing stands there
        if syntax.is_flow(parent):
            told = scalar(value, True)
            if start == end:
                return [Cut(end, end, f": {told}" if colon is None else f" {told}")]
            return [Cut(start, end, styled(source[start : start + 1], value, told))]
        begin = syntax.begin(entry)
        indent = syntax.column(begin)
        first, *rest = entry_lines(str(document.keys[entry]), value, indent)
        told = first[indent + len(key_text(str(document.keys[entry]))) + 1 :]
        if colon is None:
            return [self._below(end, [f"{' ' * indent}:{told}", *rest])]
        at = colon + 1
        if start == end:
            cuts = [Cut(at, at, told)]
            return [*cuts, self._below(at, rest)] if rest else cuts
        if "#" in source[at:start]:  # a comment stands between the key and its value
            if isinstance(value, str):
                told, rest = f" {scalar(value)}", []
            if not rest:
                deep = max(indent + 1 - syntax.column(start), 0)
                return [Cut(start, end, " " * deep + told.lstrip(" "))]
            line = syntax.line_start(start)
            return [Cut(line, end, syntax.newline(start).join(rest))]
        is_line = document.sizes[entry] == 1 and "\n" not in source[start:end]
        if is_line and not rest and source[start] not in "{[":
            line_told = styled(source[start], value, told.lstrip(" "))
            if len(source[begin:at]) + indent + len(line_told) < 140:
                return [Cut(start, end, line_told)]
        if not rest:
            return [Cut(at, end, told)]
        if not told and "\t" in (gap := source[end : syntax.line_end(end)].partition("#")[0]):
            end, told = end + len(gap), "  "  # no tab may stand between a colon and a comment
        return [Cut(at, end, told), self._below(end, rest)]

    def _remove_beside_dash(self, siblings: list[int], entry: int, start: int, end: int) -> Cut:
        """Return what takes a key out that stands behind a dash, or is the only one."""
        if len(siblings) == 1:
            return Cut(start, end, "{}")
        following = self.syntax.begin(siblings[siblings.index(entry) + 1])
        if "#" not in self.source[self.syntax.line_end(end) : following]:
            return Cut(start, following, "")
        while self.source[start - 1] in " \t":
            start -= 1
        return Cut(
            start, end - 1 if self.source[end - 1] == "\n" else self._rest_is_comment(end), ""
        )

    def _remove_from_braces(
        self, parent: int, siblings: list[int], index: int, start: int, end: int
    ) -> Cut:
        if index + 1 < len(siblings):
            following = self.syntax.begin(siblings[index + 1])
            if "#" not in self.source[end:following] and "\n" not in self.source[end:following]:
                return Cut(start, following, "")
        elif index:
            before = self.syntax.end(parent, siblings[index - 1])
            if "#" not in self.source[before:start]:
                return Cut(before, end, "")
        comma = self.syntax.after_space(end)
        if self.source[comma : comma + 1] == ",":
            if self.source[end:comma].strip(" "):
                raise self.syntax.refusal(end, "there is a comment or a line end before the comma")
            end = comma + 1
        line, stop = self.syntax.line_start(start), self.syntax.next_line(end)
        if self.source[line:start].strip(" ") or self.source[end:stop].partition("#")[0].strip():
            return Cut(start, end, "")
        return Cut(line, stop, "")
