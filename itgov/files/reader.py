"""Reading YAML: bytes in; plain data, positions and problems out.

libyaml parses (PyYAML's C parser); the YAML 1.2 core schema gives plain scalars their type: `no`,
`on` and `12:30` stay text, `0777` is decimal, dates stay text for the types to judge.  What is
hostile or would be read in two ways is refused with its place: see the `YML-` entries of
`itgov.model.builtins`.  A key whose value is blank is left out of the data: it counts as missing.
"""

from __future__ import annotations

from array import array
from typing import Any

import yaml
from msgspec import structs
from yaml.cyaml import CParser  # type: ignore[attr-defined]

from itgov.files.document import Document
from itgov.files.problem import Problem, Problems
from itgov.files.refusals import (
    MAX_DEPTH,
    SEPARATORS,
    decode_text,
    is_suspect,
    nesting_problem,
    refused_nodes,
    size_problem,
    syntax_problems,
    too_deep,
)
from itgov.model.lazy_patterns import lazy_pattern

MAX_BYTES = 20 * 1024 * 1024
MAX_TEXT = 20_000
"""Characters of one text: rules may join it to others some thousand times."""

_INT_LIMIT = 2**63
_NUMBER = lazy_pattern(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_INTEGER = lazy_pattern(r"[-+]?[0-9]+\Z")
_HEX_OR_OCTAL = lazy_pattern(r"0x[0-9a-fA-F]+\Z|0o[0-7]+\Z")
_SPECIAL_FLOAT = lazy_pattern(r"[-+]?\.(inf|Inf|INF)\Z|\.(nan|NaN|NAN)\Z")
_DIGITS = frozenset("0123456789")
_NUMBER_START = _DIGITS | frozenset("+-.")
_CONSTANTS: dict[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


class _Composer(CParser):
    """libyaml's composer with tags left alone: types are given by us, so tags only mark misuse."""

    def __init__(self, text: str) -> None:
        CParser.__init__(self, text)

    def resolve(self, kind: type, value: object, implicit: object) -> None:
        """Give no tag; only an explicit one is then ever seen on a node."""

    def descend_resolver(self, parent: object, index: object) -> None:
        """Path resolvers are not used."""

    def ascend_resolver(self) -> None:
        """Path resolvers are not used."""


class _Walk:
    """One pass over the nodes of a file: plain data, and an entry for every key and item.

    With `cut_blocks` a block (`|`, `>`) outside `custom` loses the line end that it ends in.
    """

    def __init__(self, document: Document, cut_blocks: bool) -> None:
        self.document = document
        self.cut_blocks = cut_blocks
        self.problems = Problems()
        # lists: a number is appended to one in half the time that an array takes
        self.keys = document.keys
        self.starts = document.starts.tolist()
        self.values = document.values.tolist()
        self.ends = document.ends.tolist()
        self.sizes = document.sizes.tolist()

    def mapping(self, node: Any, depth: int, keep_blank: bool = False) -> dict[str, Any]:
        data: dict[str, Any] = {}
        if depth > MAX_DEPTH:
            self.problems.append(too_deep(node.start_mark.index))
            return data
        keys, sizes = self.keys, self.sizes
        starts, values, ends = self.starts, self.values, self.ends
        seen: dict[str, int] = {}
        for key_node, node_value in node.value:
            key = key_node.value
            if key.__class__ is not str or key in seen:
                self._refuse_key(key_node, seen)
                continue
            start = seen[key] = key_node.start_mark.index
            keys.append(key)
            sizes.append(1)
            starts.append(start)
            values.append(node_value.start_mark.index)
            ends.append(node_value.end_mark.index)
            raw = node_value.value
            if raw.__class__ is str:
                # `scalar` for most texts, which are plain and short
                if node_value.style == "" and len(raw) <= MAX_TEXT:
                    if raw in _CONSTANTS:
                        value: Any = _CONSTANTS[raw]
                    else:
                        value = self.number(raw, node_value) if raw[0] in _NUMBER_START else raw
                    given = value is not None
                else:
                    value = self.scalar(node_value, len(keys) - 1, keep_blank)
                    given = not _is_blank(value)
            else:
                entry = len(keys) - 1
                if node_value.__class__ is yaml.MappingNode:
                    value = self.mapping(node_value, depth + 1, keep_blank or key == "custom")
                else:
                    value = self.sequence(node_value, depth + 1, keep_blank)
                sizes[entry] = len(keys) - entry
                given = bool(value)
            if given or keep_blank:
                data[key] = value
            else:
                self.document.blanks.append((data, key))
        return data

    def sequence(self, node: Any, depth: int, keep_blank: bool = False) -> list[Any]:
        data: list[Any] = []
        if depth > MAX_DEPTH:
            self.problems.append(too_deep(node.start_mark.index))
            return data
        keys, sizes = self.keys, self.sizes
        for item in node.value:
            entry = len(keys)
            scalar = None
            if item.__class__ is yaml.ScalarNode:
                scalar = self.scalar(item, entry, keep_blank)
                is_long = len(item.value) > MAX_TEXT
                if not keep_blank and not is_long and _is_blank(scalar):
                    # it names nothing, and has no place in the list
                    self.document.blank_items.append(item.start_mark.index)
                    continue
            start = item.start_mark.index
            keys.append(len(data))
            self.starts.append(start)
            self.values.append(start)
            self.ends.append(item.end_mark.index)
            sizes.append(1)
            if item.__class__ is yaml.ScalarNode:
                data.append(scalar)
            elif item.__class__ is yaml.MappingNode:
                data.append(self.mapping(item, depth + 1, keep_blank))
                sizes[entry] = len(keys) - entry
            else:
                data.append(self.sequence(item, depth + 1, keep_blank))
                sizes[entry] = len(keys) - entry
        return data

    def scalar(self, node: Any, entry: int, keep_blank: bool = False) -> Any:
        """Return the value of a scalar that has, or would have, an entry."""
        raw = node.value
        if len(raw) > MAX_TEXT:
            self.document.long_texts.append(entry)
            return None
        if node.style == "":
            if raw in _CONSTANTS:
                return _CONSTANTS[raw]
            if raw[0] in _NUMBER_START:
                return self.number(raw, node)
        elif node.style in ("|", ">"):
            self.document.has_blocks = True
            if self.cut_blocks and not keep_blank:
                return raw.rstrip("\n")
        return raw

    def number(self, raw: str, node: Any) -> Any:
        if len(raw) < 19 and raw.isdecimal() and raw.isascii():
            return int(raw)
        if raw[4:5] == "-" and raw[3] in _DIGITS:
            return raw  # most dates: no number has a minus after a digit
        if _INTEGER.match(raw):
            # int() refuses over 4,300 digits; 19 are enough for what is in range
            value: int | float = int(raw) if len(raw) <= 40 else _INT_LIMIT
        elif _NUMBER.match(raw):
            value = float(raw)
        elif _HEX_OR_OCTAL.match(raw):
            value = int(raw, 0) if len(raw) <= 40 else _INT_LIMIT
        elif _SPECIAL_FLOAT.match(raw):
            value = float("inf")
        else:
            return raw
        if not -_INT_LIMIT <= value < _INT_LIMIT:
            shown = raw if len(raw) <= 30 else raw[:27] + "…"
            self._problem(
                "YML-010",
                node.start_mark.index,
                node.end_mark.index,
                f"the number {shown} is out of range",
                "Write a finite number below 9.2e18, or put the value in quotes if it is a text.",
            )
            return None
        return value

    def finish(self) -> None:
        """Give the document the positions of all entries."""
        self.sizes[0] = len(self.keys)
        document = self.document
        document.starts, document.values = array("I", self.starts), array("I", self.values)
        document.ends, document.sizes = array("I", self.ends), array("I", self.sizes)

    def _refuse_key(self, key_node: Any, seen: dict[str, int]) -> None:
        key, start, end = key_node.value, key_node.start_mark.index, key_node.end_mark.index
        if key.__class__ is not str:
            said = "a key must be a text, not a list or a mapping"
            self._problem("YML-001", start, end, said, "Put a plain text before the colon.")
            return
        fix = "Keep one of the two and delete the other."
        said = f"`{key}` is given twice"
        self.problems.append(Problem("YML-003", said, start, end, other=seen[key], fix=fix))

    def _problem(self, code: str, start: int, end: int, message: str, fix: str) -> None:
        self.problems.append(Problem(code, message, start, end, fix=fix))


def without_positions(path: str, raw: bytes) -> Document:
    """Return the document of a file that is not parsed; one that is too large to be read has no text."""
    return Document(path, raw if len(raw) <= MAX_BYTES else b"")


def read(path: str, raw: bytes, *, cut_blocks: bool = False) -> tuple[Document, Any, list[Problem]]:
    """Read the bytes of one file; a pure function.

    Return the document (text and positions), its data as dictionaries, lists and scalars (None
    where nothing could be read), and everything wrong with the text.  With `cut_blocks` a block (`|`,
    `>`) outside `custom` is read without the line end that it ends in.
    """
    document = without_positions(path, raw)
    if len(raw) > MAX_BYTES:
        return (
            document,
            None,
            [
                Problem(
                    "YML-009",
                    f"the file has {len(raw):,} bytes; the limit is {MAX_BYTES:,}",
                    fix="Split it into several files.",
                )
            ],
        )
    text, problem = decode_text(raw)
    if problem is not None or text is None:
        return document, None, [problem] if problem else []
    document._text = text
    swapped = _LineEnds.of(text)
    if swapped is not None:
        text = swapped.text
    refused = nesting_problem(text) or size_problem(text)
    if refused is not None:
        return document, None, [refused]
    try:
        node = _Composer(text).get_single_node()
    except yaml.YAMLError as error:
        return document, None, syntax_problems(error, text)
    if node is None:
        return document, None, []
    if is_suspect(text):
        found = refused_nodes(node, text)
        if found:
            return document, None, found
    document.ends[0] = node.end_mark.index
    document.starts[0] = document.values[0] = node.start_mark.index
    walk = _Walk(document, cut_blocks)
    data: Any
    if isinstance(node, yaml.MappingNode):
        data = walk.mapping(node, 1)
    elif isinstance(node, yaml.SequenceNode):
        data = walk.sequence(node, 1)
    else:  # no file is one text: it is refused by its type, however long
        data = node.value if len(node.value) > MAX_TEXT else walk.scalar(node, 0)
    walk.finish()
    same: dict[str | int, str | int] = {}  # each key is another text in the nodes
    document.keys = [same.setdefault(key, key) for key in document.keys]
    if swapped is not None:
        data = swapped.back(data)
        document.keys = [swapped.back(key) for key in document.keys]
    problems = [
        structs.replace(p, route=document.route_to(document.values.index(p.start)))
        if p.code == "YML-010" and p.start in document.values
        else p
        for p in walk.problems.closed()
    ]
    return document, data, problems


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and (not value or value.isspace()))


class _LineEnds:
    """A text with characters that libyaml alone takes for line ends changed for others.

    Left as they are, a key could hide in the middle of what every editor shows as one line.
    """

    def __init__(self, text: str, changed: dict[int, int]) -> None:
        self.text = text.translate(changed)
        self._back = {new: old for old, new in changed.items()}

    @staticmethod
    def of(text: str) -> _LineEnds | None:
        """Return the changed text, or None where there is nothing to change."""
        present = [c for c in SEPARATORS if c in text]
        if not present:
            return None
        private = (code for code in range(0xE000, 0xF8FF) if chr(code) not in text)
        return _LineEnds(text, {ord(c): next(private) for c in present})

    def back(self, value: Any) -> Any:
        """Return read data with the characters that were written."""
        if isinstance(value, str):
            return value.translate(self._back)
        if isinstance(value, list):
            return [self.back(v) for v in value]
        if isinstance(value, dict):
            return {self.back(k): self.back(v) for k, v in value.items()}
        return value
