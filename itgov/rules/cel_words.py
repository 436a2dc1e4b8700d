"""CEL's own words, split into problems and put into ours."""

from __future__ import annotations

import re

from msgspec import Struct

from itgov.model.lazy_patterns import lazy_pattern


class CelProblem(Struct, frozen=True):
    """Something wrong in an expression; line and column count from 1 within it."""

    line: int
    column: int
    message: str


_ERROR = lazy_pattern(r"ERROR: [^:\n]*:(-?\d+):(-?\d+): (.*?)(?=\n \| |\nERROR: |\Z)", re.DOTALL)


_NUMBER = r"(?:int|uint|double|null_type|wrapper\((?:int|uint|double)\)|dyn)"
_MIXED_NUMBERS = lazy_pattern(
    rf"no matching overload for '_(?:[-+*/%<>]|[<>=!]=)_' applied to '\({_NUMBER}, {_NUMBER}\)'"
    rf"|no matching overload for '_\?_:_' applied to '\(bool, {_NUMBER}, {_NUMBER}\)'"
    rf"|no matching overload for '@in' applied to '\({_NUMBER}, list\({_NUMBER}\)\)'"
)
"""What the checker refuses although it works: 3 and 3.0 are one kind of number here, and either
may be null."""

_TOKEN = lazy_pattern(
    r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|-9223372036854775808|[A-Za-z_][A-Za-z_0-9]*"""
    r"""|0[xX][0-9a-fA-F]+[uU]?|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?[uU]?|.""",
    re.DOTALL,
)


def loosen_numbers(expression: str) -> str:
    """Return the expression with its numbers and nulls of any type, so that they mix."""
    loosened = []
    previous = ""
    for piece in _TOKEN.findall(expression):
        literal = piece == "null" or piece[0].isdigit() or (len(piece) > 1 and piece[0] in "-.")
        loosened.append(f"dyn({piece})" if literal and previous != "." else piece)
        previous = piece
    return "".join(loosened)


def problems_of(text: str) -> list[CelProblem]:
    """Split CEL's one text into problems, and drop those that only follow from others."""
    text = re.sub(r" \[INVALID_ARGUMENT\]\s*\Z", "", text).removeprefix("INVALID_ARGUMENT: ")
    found: dict[tuple[int, int, str], CelProblem] = {}
    for match in _ERROR.finditer(text):
        line, column = max(int(match[1]), 1), max(int(match[2]), 1)
        message = match[3].strip()
        found.setdefault((line, column, message), CelProblem(line, column, message))
    problems = [p for p in found.values() if not _MIXED_NUMBERS.search(p.message)]
    if found and not problems:
        return []
    syntax = [
        p
        for p in problems
        if "Syntax error" in p.message
        or ("recursion depth" in p.message or "recursion limit" in p.message)
    ]
    return syntax[:1] or problems or [CelProblem(1, 1, text.strip() or "the expression is empty")]


_WORDS = (
    (lazy_pattern(r"No matching overloads found : (\S+?)\((.*?)\)"), None),
    (
        lazy_pattern(r"Key not found in map|Invalid map key type"),
        "it looks up a key that does not exist",
    ),
    (lazy_pattern(r"[Nn]o such key:? ?(.*)"), "it looks up a key that does not exist"),
    (lazy_pattern(r"[Ii]teration budget exceeded"), "it takes more than 10,000 steps"),
    (lazy_pattern(r"division by zero|divide by zero", re.IGNORECASE), "it divides by zero"),
    (
        lazy_pattern(r"index out of|index_out|index error", re.IGNORECASE),
        "it reads a list item that does not exist",
    ),
)


_OURS = {"mul": "*", "sub": "-", "div": "/", "rem": "%", "add": "+", "re2find": "matches"}
ORDERING = {
    "_<_": "<",
    "_<=_": "<=",
    "_>_": ">",
    "_>=_": ">=",
    "_+_": "+",
    "_-_": "-",
    "_*_": "*",
    "_/_": "/",
    "_%_": "%",
    "-_": "-",
}
"""The operators that fail on null, as they are written."""
_OPERATORS = _OURS | ORDERING | {"!_": "!"}


def in_words(text: str) -> str:
    """Return CEL's account of a failed evaluation in words that a rule's author understands."""
    match = _WORDS[0][0].search(text)
    if match is not None:
        operation = _OPERATORS.get(match[1], match[1])
        if "null" in match[2]:
            return f"`{operation}` meets null; say in `when` or before `&&` that the value is there"
        return f"`{operation}` does not work on {match[2]}"
    if re.search(r"No matching overloads found : @in\b", text):
        return "`in` meets null; say in `when` or before `&&` that the value is there"
    for pattern, words in _WORDS[1:]:
        if words and pattern.search(text):
            return words
    return re.sub(r"^(?:[A-Z_]+: )+|\s*\[[A-Z_]+\]$", "", text.strip())[:200]
