"""What is refused in a text before and after it is parsed, and why, in words."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from itertools import islice
from typing import Any

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]

from itgov.files.problem import MOST_ALIKE, Problem, Problems
from itgov.model.lazy_patterns import lazy_pattern

MAX_DEPTH = 100


MAX_VALUES = 1_000_000
"""Most keys, values, mappings and lists of one file."""

MAX_EXPANDED = 1_000_000
"""Most values that aliases may expand a file to."""


_CONTROL = lazy_pattern(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]"
)
_CONTROLS = lazy_pattern(_CONTROL.pattern + "+")


SUSPECT = lazy_pattern(
    r"(?:^|[\s\[{,])[&*][\w-]|(?:^|[\s\[{,])!(?:[\w!<]|\s|$)|\\[xuUeabfv0NLP_]", re.MULTILINE
)
"""What an anchor, an alias, a tag, or the escape for a control character could look like."""


_DEEP_START = lazy_pattern(r"[ \t?:\-]{70}")
_DEEP_LINE = lazy_pattern(r"\n[ \t?:\-]{70}")  # a literal first: ten times as fast as a choice
_DEEP_LINE_CR = lazy_pattern(r"\r[ \t?:\-]{70}")

SAFE_BRACKETS = 20_000
"""Open brackets that the parser's stack can hold, were all of them nested: it dies at 50,000."""

SEPARATORS = "\x85\u2028\u2029"
"""What YAML 1.1, and libyaml, take for line ends, and YAML 1.2 and every editor do not."""


def is_suspect(text: str) -> bool:
    """Say whether anything in a text could be an anchor, an alias, a tag or an escape."""
    return any(c in text for c in "&*!\\") and SUSPECT.search(text) is not None


def decode_text(raw: bytes) -> tuple[str | None, Problem | None]:
    """Return the text of a file, or why it is not UTF-8 and where."""
    fix = "Save the file as UTF-8."
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return None, Problem("YML-002", "the file is UTF-16, not UTF-8", fix=fix)
    try:
        text = raw.removeprefix(BOM_UTF8).decode()  # `utf-8-sig` would be imported first
        at = text.find("\ufeff")
        if at >= 0:  # the parser drops it, and every column after it would be wrong
            return text, Problem(
                "YML-006", "a second byte order mark", at, at + 1, fix="Delete it."
            )
        return text, None
    except UnicodeDecodeError as error:
        start = error.start
        if error.object is not raw:  # the codec counts from after the byte order mark
            start += len(raw) - len(error.object)
        byte = raw[start]
        before = raw[:start].removeprefix(BOM_UTF8).decode(errors="replace")
        message = f"byte 0x{byte:02x} is not UTF-8"
        try:
            seen = bytes([byte]).decode("cp1252")
            message += f" (in Windows-1252 it would be `{seen}`)"
        except UnicodeDecodeError:
            pass
        return None, Problem("YML-002", message, len(before), len(before) + 1, fix=fix)


def too_deep(at: int) -> Problem:
    """Return the problem of nesting that is too deep, at its place."""
    return Problem(
        "YML-008",
        f"nested more than {MAX_DEPTH} deep",
        at,
        at + 1,
        fix="Use fewer levels.",
    )


def nesting_problem(text: str) -> Problem | None:
    """Refuse nesting that would exhaust the parser's stack, before it starts.

    libyaml composes by recursion in C.  A level needs an open bracket or a further column of
    indentation, so a text without very many of either cannot nest that deeply, and is measured
    when it is walked; any other is counted from the parser's events, which need no stack.
    """
    brackets = text.count("[") + text.count("{")
    deep_line = _DEEP_START.match(text) or _DEEP_LINE.search(text)
    if not deep_line and "\r" in text:
        deep_line = _DEEP_LINE_CR.search(text)
    if brackets <= SAFE_BRACKETS and not deep_line:
        return None
    depth = 0
    for event in _events(text):
        if isinstance(event, (yaml.SequenceStartEvent, yaml.MappingStartEvent)):
            depth += 1
            if depth > MAX_DEPTH:
                return too_deep(event.start_mark.index if event.start_mark else 0)
        elif isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            depth -= 1
    return None


def size_problem(text: str) -> Problem | None:
    """Refuse a text of more values than fit into memory: the parser takes half a kilobyte for each.

    A key, a value, and the mapping or list that begins with them, need one of the indicators, so a
    text with few of these has few values; any other is counted from the parser's events.
    """
    if 3 * sum(map(text.count, "-:?,[{")) < MAX_VALUES:
        return None
    count = 0
    for event in _events(text):
        if isinstance(event, yaml.NodeEvent):
            count += 1
            if count > MAX_VALUES:
                at = event.start_mark.index if event.start_mark else 0
                said = f"the file has more than {MAX_VALUES:,} keys and values"
                return Problem("YML-009", said, at, at + 1, fix="Split it into several files.")
    return None


def _events(text: str) -> Iterator[Any]:
    parser = CParser(text)
    try:
        while parser.check_event():
            yield parser.get_event()
    except yaml.YAMLError:
        return  # the composer will say so, with its place
    finally:
        parser.dispose()


def refused_nodes(root: Any, text: str) -> list[Problem]:
    """Look at every node of a text that has anchors, tags or escapes for what is refused."""
    problems = Problems()
    weights: dict[int, int] = {}
    path: set[int] = set()

    def weigh(node: Any, depth: int = 1) -> int:
        if depth > MAX_DEPTH + 1:
            problems.append(too_deep(node.start_mark.index))
            return 1
        known = weights.get(id(node))
        if known is not None:
            return known
        if id(node) in path:
            problems.append(
                Problem(
                    "YML-007",
                    "an alias that contains itself",
                    node.start_mark.index,
                    node.start_mark.index + 1,
                    fix="Write the value out.",
                )
            )
            return MAX_EXPANDED
        start, end = node.start_mark.index, node.end_mark.index
        # the tag `!` alone leaves none on the node, but makes a text of what looks like a number
        if node.tag is not None or text.startswith("! ", start):
            problems.append(
                Problem(
                    "YML-005",
                    f"the tag `{node.tag or '!'}` is not allowed",
                    start,
                    end,
                    fix="Write the plain value without a tag.",
                )
            )
        if isinstance(node, yaml.ScalarNode):
            if node.style == '"' and (bad := _CONTROL.search(node.value)):
                problems.append(
                    Problem(
                        "YML-006",
                        f"the escape for control character U+{ord(bad[0]):04X} is not allowed",
                        start,
                        end,
                        fix="Delete the escape.",
                    )
                )
            weights[id(node)] = 1
            return 1
        path.add(id(node))
        total = 1
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                total += weigh(key, depth + 1) + weigh(value, depth + 1)
        else:
            for item in node.value:
                total += weigh(item, depth + 1)
        path.discard(id(node))
        weights[id(node)] = total
        return total

    expanded = weigh(root) - len(weights)  # what stands more than once
    if expanded > MAX_EXPANDED and not any(p.code == "YML-007" for p in problems):
        problems.append(
            Problem(
                "YML-007",
                f"aliases expand this file to more than {MAX_EXPANDED:,} values",
                root.start_mark.index,
                root.start_mark.index + 1,
                fix="Write the values out, or delete the aliases.",
            )
        )
    return problems.closed()


_CONFLICT = lazy_pattern(r"^(?:<{7}|={7}|>{7})(?= |\r?$)", re.MULTILINE)

_HINTS = (
    ("did not find expected node content", "a list or mapping in brackets that is not closed", "Close it with `]` or `}`."),
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


def _control_problems(text: str) -> list[Problem]:
    """Return the control characters; those beyond the first hundred are only counted."""
    problems = Problems()
    end = 0
    for m in islice(_CONTROL.finditer(text), MOST_ALIKE):
        said = f"control character U+{ord(m[0]):04X}"
        problems.append(Problem("YML-006", said, m.start(), m.end(), fix="Delete it."))
        end = m.end()
    rest = text[end:]
    problems.wants("YML-006", len(rest) - len(_CONTROLS.sub("", rest)))
    return problems.closed()


def syntax_problems(error: Any, text: str) -> list[Problem]:
    """Say in words, with its place, why the text is not YAML."""
    controls = _control_problems(text)
    if controls:
        return controls
    conflict = _CONFLICT.search(text)
    if conflict is not None:
        said = "an unresolved merge conflict"
        fix = "Choose between the two sides and delete the marks."
        return [Problem("YML-001", said, conflict.start(), conflict.end(), fix=fix)]
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    if "duplicate anchor" in str(getattr(error, "context", None)):
        problem = "found duplicate anchor"
    mark = getattr(error, "problem_mark", None)
    context = getattr(error, "context_mark", None)
    start = min(mark.index if mark is not None else 0, len(text))
    if "\t" in text[max(0, start - 1) : start + 1]:
        problem = "found character '\\t'"
    meaning, fix = problem, "Fix the syntax here or in the lines above."
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
    return [
        Problem(
            code,
            message,
            start,
            start + 1,
            other=context.index if context is not None else None,
            fix=fix,
        )
    ]
