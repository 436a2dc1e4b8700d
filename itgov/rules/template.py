"""Message templates: text with CEL in braces."""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

_BRACE = re.compile(r"[{}]")
_OPENING = re.compile(r"[{'\"]")


class TemplatePart(Struct, frozen=True):
    """A piece of a template: text, or an expression with its offset in the template."""

    text: str
    expression: bool = False
    offset: int = 0


class TemplateError(Exception):
    """A template whose braces do not match; `offset` says where."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


@lru_cache(maxsize=1024)
def parse_template(template: str) -> tuple[TemplatePart, ...]:
    """Return the parts of a template.  `{{` and `}}` stand for braces.  Raises `TemplateError`."""
    parts: list[TemplatePart] = []
    text: list[str] = []
    at, end = 0, len(template)
    while at < end:
        brace = _BRACE.search(template, at)
        before = brace.start() if brace is not None else end
        if before > at:
            text.append(template[at:before])
            at = before
            continue
        char = template[at]
        if template[at : at + 2] == char * 2:
            text.append(char)
            at += 2
        elif char == "}":
            raise TemplateError("a `}` without its `{`", at)
        else:
            close = _close(template, at)
            if close < 0:
                raise TemplateError("a `{` without its `}`", at)
            expression = template[at + 1 : close]
            if not expression.strip():
                raise TemplateError("no expression between `{` and `}`", at)
            if text:
                parts.append(TemplatePart("".join(text)))
                text = []
            parts.append(TemplatePart(expression, True, at + 1))
            at = close + 1
    if text:
        parts.append(TemplatePart("".join(text)))
    return tuple(parts)


def _close(template: str, start: int) -> int:
    """Return where the brace at `start` closes, past braces and quotes inside it; or -1."""
    first = template.find("}", start)
    if first < 0 or not _OPENING.search(template, start + 1, first):
        return first
    depth, quote, at = 0, "", start
    while at < len(template):
        char = template[at]
        if quote:
            if char == "\\":
                at += 1
            elif char == quote:
                quote = ""
        elif char in "'\"":
            quote = char
        elif char == "{":
            depth += 1
        elif char == "}":
            depth -= 1
            if depth == 0:
                return at
        at += 1
    return -1
