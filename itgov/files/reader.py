"""Reading YAML: bytes in; plain data, positions and problems out.

libyaml parses (PyYAML's C parser); the YAML 1.2 core schema gives plain scalars their type: `no`,
`on` and `12:30` stay text, `0777` is decimal, dates stay text for the types to judge.  What is
hostile or would be read in two ways is refused with its place: see the `YML-` entries of
`itgov.model.builtins`.  A key whose value is blank is left out of the data: it counts as missing.
"""

from __future__ import annotations

import re
from typing import Any

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]

from itgov.files.document import Document, Route
from itgov.files.problem import Problem

MAX_BYTES = 20 * 1024 * 1024
MAX_DEPTH = 100
MAX_EXPANDED = 1_000_000
"""Most values that aliases may expand a file to."""

_INT_LIMIT = 2**63
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_INTEGER = re.compile(r"[-+]?[0-9]+\Z")
_HEX_OR_OCTAL = re.compile(r"0x[0-9a-fA-F]+\Z|0o[0-7]+\Z")
_SPECIAL_FLOAT = re.compile(r"[-+]?\.(inf|Inf|INF)\Z|\.(nan|NaN|NAN)\Z")
_NUMBER_START = frozenset("0123456789+-.")
_CONSTANTS: dict[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_SUSPECT = re.compile(r"(?:^|[\s\[{,])[&*][\w-]|(?:^|[\s\[{,])![\w!<]|\\[xuUeabfv0NLP_]", re.MULTILINE)
"""What an anchor, an alias, a tag, or the escape for a control character could look like."""
_BRACKET = re.compile(r"[\[\]{}]")
_DEEP_INDENT = re.compile(r"\n[ ?:\-]{70}")
_DEEP_FIRST_LINE = re.compile(r"[ ?:\-]{70}")


class _Composer(CParser):  # type: ignore[misc]
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
    """One pass over the nodes of a file: plain data, and an entry for every key and item."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Problem] = []
        self.keys = document.keys
        self.starts = document.starts
        self.values = document.values
        self.ends = document.ends
        self.sizes = document.sizes

    def mapping(self, node: Any, depth: int, keep_blank: bool = False) -> dict[str, Any]:
        data: dict[str, Any] = {}
        if depth > MAX_DEPTH:
            self.problems.append(_too_deep(node.start_mark.index))
            return data
        keys, sizes = self.keys, self.sizes
        starts, values, ends = self.starts, self.values, self.ends
        constants, number_start = _CONSTANTS, _NUMBER_START
        seen: dict[str, int] = {}
        for key_node, node_value in node.value:
            start = key_node.start_mark.index
            key = key_node.value
            if key.__class__ is not str:
                self._problem("YML-001", start, key_node.end_mark.index, "a key must be a text, not a list or a mapping", "Put a plain text before the colon.")
                continue
            if key in seen:
                self.problems.append(
                    Problem("YML-003", f"`{key}` is given twice", start, key_node.end_mark.index, other=seen[key], fix="Keep one of the two and delete the other.")
                )
                continue
            seen[key] = start
            entry = len(keys)
            keys.append(key)
            starts.append(start)
            values.append(node_value.start_mark.index)
            ends.append(node_value.end_mark.index)
            raw = node_value.value
            if raw.__class__ is str:
                sizes.append(1)
                if node_value.style == "":
                    if raw in constants:
                        value: Any = constants[raw]
                    elif raw[0] in number_start:
                        value = self.number(raw, node_value)
                    else:
                        value = raw
                    if value is None and not keep_blank:
                        continue
                    data[key] = value
                elif raw and not raw.isspace() or keep_blank:
                    data[key] = raw
            elif node_value.__class__ is yaml.MappingNode:
                sizes.append(1)
                value = self.mapping(node_value, depth + 1, keep_blank or key == "custom")
                sizes[entry] = len(keys) - entry
                if value or keep_blank:
                    data[key] = value
            else:
                sizes.append(1)
                value = self.sequence(node_value, depth + 1, keep_blank)
                sizes[entry] = len(keys) - entry
                if value or keep_blank:
                    data[key] = value
        return data

    def sequence(self, node: Any, depth: int, keep_blank: bool = False) -> list[Any]:
        data: list[Any] = []
        if depth > MAX_DEPTH:
            self.problems.append(_too_deep(node.start_mark.index))
            return data
        keys, sizes = self.keys, self.sizes
        for index, item in enumerate(node.value):
            entry = len(keys)
            start = item.start_mark.index
            keys.append(index)
            self.starts.append(start)
            self.values.append(start)
            self.ends.append(item.end_mark.index)
            sizes.append(1)
            if item.__class__ is yaml.ScalarNode:
                data.append(self.scalar(item))
            elif item.__class__ is yaml.MappingNode:
                data.append(self.mapping(item, depth + 1, keep_blank))
                sizes[entry] = len(keys) - entry
            else:
                data.append(self.sequence(item, depth + 1, keep_blank))
                sizes[entry] = len(keys) - entry
        return data

    def scalar(self, node: Any) -> Any:
        raw = node.value
        if node.style == "":
            if raw in _CONSTANTS:
                return _CONSTANTS[raw]
            if raw[0] in _NUMBER_START:
                return self.number(raw, node)
        return raw

    def number(self, raw: str, node: Any) -> Any:
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
            self._problem("YML-010", node.start_mark.index, node.end_mark.index, f"the number {shown} is out of range", "Write a finite number below 9.2e18, or put the value in quotes if it is a text.")
            return None
        return value

    def _problem(self, code: str, start: int, end: int, message: str, fix: str) -> None:
        self.problems.append(Problem(code, message, start, end, fix=fix))


def read(path: str, raw: bytes) -> tuple[Document, Any, list[Problem]]:
    """Read the bytes of one file; a pure function.

    Return the document (text and positions), its data as dictionaries, lists and scalars (None
    where nothing could be read), and everything wrong with the text.
    """
    document = Document(path, raw)
    if len(raw) > MAX_BYTES:
        document.raw = b""
        return document, None, [
            Problem("YML-009", f"the file has {len(raw):,} bytes; the limit is {MAX_BYTES:,}", fix="Split it into several files.")
        ]
    text, problem = _decode(raw)
    if text is None:
        return document, None, [problem] if problem else []
    document._text = text
    too_deep = _nesting(text)
    if too_deep is not None:
        return document, None, [too_deep]
    try:
        node = _Composer(text).get_single_node()
    except yaml.YAMLError as error:
        return document, None, _syntax_problems(error, text)
    if node is None:
        return document, None, []
    if _SUSPECT.search(text):
        refused = _refuse(node)
        if refused:
            return document, None, refused
    document.ends[0] = node.end_mark.index
    document.starts[0] = document.values[0] = node.start_mark.index
    walk = _Walk(document)
    data: Any
    if isinstance(node, yaml.MappingNode):
        data = walk.mapping(node, 1)
    elif isinstance(node, yaml.SequenceNode):
        data = walk.sequence(node, 1)
    else:
        data = walk.scalar(node)
    document.sizes[0] = len(document.keys)
    return document, data, walk.problems


# -- what is refused -----------------------------------------------------------------------


def _decode(raw: bytes) -> tuple[str | None, Problem | None]:
    fix = "Save the file as UTF-8."
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return None, Problem("YML-002", "the file is UTF-16, not UTF-8", fix=fix)
    try:
        return raw.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        start = error.start
        if error.object is not raw:  # the codec counts from after the byte order mark
            start += len(raw) - len(error.object)
        byte = raw[start]
        before = raw[:start].decode("utf-8-sig", errors="replace")
        message = f"byte 0x{byte:02x} is not UTF-8"
        try:
            seen = bytes([byte]).decode("cp1252")
            message += f" (in Windows-1252 it would be `{seen}`)"
        except UnicodeDecodeError:
            pass
        return None, Problem("YML-002", message, len(before), len(before) + 1, fix=fix)


def _too_deep(at: int) -> Problem:
    return Problem("YML-008", f"nested more than {MAX_DEPTH} deep", at, at + 1, fix="No portfolio needs this; flatten it.")


def _nesting(text: str) -> Problem | None:
    """Refuse nesting that would exhaust the parser's stack, before it starts.

    libyaml composes by recursion in C and dies at some 50,000 levels.  A level needs an open
    bracket or a further column of indentation, so a text without many of either cannot nest
    deeply; any other is counted from the parser's events, which need no stack.
    """
    if not _DEEP_INDENT.search(text) and not _DEEP_FIRST_LINE.match(text):
        depth = 0
        for bracket in _BRACKET.finditer(text):
            if bracket[0] in "[{":
                depth += 1
                if depth > MAX_DEPTH - 30:  # counted with those inside quotes, so look closely
                    break
            elif depth:
                depth -= 1
        else:
            return None
    depth = 0
    for event in _events(text):
        if isinstance(event, (yaml.SequenceStartEvent, yaml.MappingStartEvent)):
            depth += 1
            if depth > MAX_DEPTH:
                return _too_deep(event.start_mark.index)
        elif isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            depth -= 1
    return None


def _events(text: str) -> Any:
    parser = CParser(text)
    try:
        while parser.check_event():
            yield parser.get_event()
    except yaml.YAMLError:
        return  # the composer will say so, with its place
    finally:
        parser.dispose()


def _refuse(root: Any) -> list[Problem]:
    """Look at every node of a text that has anchors, tags or escapes for what is refused."""
    problems: list[Problem] = []
    weights: dict[int, int] = {}
    path: set[int] = set()

    def weigh(node: Any) -> int:
        known = weights.get(id(node))
        if known is not None:
            return known
        if id(node) in path:
            problems.append(Problem("YML-007", "an alias that contains itself", node.start_mark.index, node.start_mark.index + 1, fix="Write the value out."))
            return MAX_EXPANDED
        start, end = node.start_mark.index, node.end_mark.index
        if node.tag is not None and node.tag != "!":
            problems.append(Problem("YML-005", f"the tag `{node.tag}` is not allowed", start, end, fix="Write the plain value without a tag."))
        if isinstance(node, yaml.ScalarNode):
            if node.style == '"' and (bad := _CONTROL.search(node.value)):
                problems.append(Problem("YML-006", f"the escape for control character U+{ord(bad[0]):04X} is not allowed", start, end, fix="Delete the escape."))
            weights[id(node)] = 1
            return 1
        path.add(id(node))
        total = 1
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                total += weigh(key) + weigh(value)
        else:
            for item in node.value:
                total += weigh(item)
        path.discard(id(node))
        weights[id(node)] = total
        return total

    if weigh(root) > MAX_EXPANDED and not any(p.code == "YML-007" for p in problems):
        problems.append(Problem("YML-007", f"aliases expand this file to more than {MAX_EXPANDED:,} values", root.start_mark.index, root.start_mark.index + 1, fix="Write the values out, or delete the aliases."))
    return problems


_HINTS = (
    ("mapping values are not allowed", "a second `:` on the line", "Put the text in quotes: a `: ` inside it starts a mapping."),
    ("found character '\\t'", "a tab", "Indent with spaces; YAML allows no tabs."),
    ("found character that cannot start any token", "a character that no value can start with", "Indent with spaces, and put a text that starts with `@`, `` ` `` or `%` in quotes."),
    ("found undefined alias", "an alias to nothing", "Put a text that starts with `*` in quotes."),
    ("but found another document", "a second document (`---`)", "One file holds one document; move the second to a file of its own."),
    ("could not find expected ':'", "a line without `key: value`", "Add the colon and the value, or indent the line so that it continues the text above."),
    ("did not find expected ',' or ']'", "a list `[…]` that is not closed", "Close it with `]`."),
    ("did not find expected ',' or '}'", "a mapping `{…}` that is not closed", "Close it with `}`."),
    ("did not find expected key", "a line that is indented differently from its neighbours", "Align it with the keys above it."),
    ("did not find expected '-' indicator", "a line that is not an item of the list above it", "Start it with `- `, or indent it."),
    ("found unexpected end of stream", "a quote that is not closed", "Close the quote."),
    ("found unknown escape character", "an unknown escape after `\\`", "Double the backslash, or use single quotes."),
    ("found duplicate anchor", "an anchor given twice", "Write the value out."),
)  # fmt: skip


def _syntax_problems(error: Any, text: str) -> list[Problem]:
    """Say in words, with its place, why the text is not YAML."""
    controls = [
        Problem("YML-006", f"control character U+{ord(m[0]):04X}", m.start(), m.end(), fix="Delete it.")
        for m in _CONTROL.finditer(text)
    ]
    if controls:
        return controls[:20]
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    mark = getattr(error, "problem_mark", None)
    context = getattr(error, "context_mark", None)
    start = min(mark.index if mark is not None else 0, len(text))
    if "\t" in text[max(0, start - 1) : start + 1]:
        problem = "found character '\\t'"
    meaning, fix = problem, "Mend the syntax here or in the lines above."
    for fragment, words, advice in _HINTS:
        if fragment in problem:
            meaning, fix = words, advice
            break
    code = "YML-004" if "another document" in problem else "YML-001"
    if "undefined alias" in problem or "duplicate anchor" in problem:
        code = "YML-007"
    if start >= len(text.rstrip()) and context is not None:
        start, context = context.index, None
    message = "this is not YAML: " + meaning if code == "YML-001" else meaning
    return [Problem(code, message, start, start + 1, other=context.index if context is not None else None, fix=fix)]


def scalar_source(document: Document, route: Route) -> str | None:
    """Return the text of the value at `route` as it stands in the file, quotes and all."""
    entry = document.find(route)
    if entry is None:
        return None
    return document.text[document.values[entry] : document.ends[entry]]
