"""How a filter can go on: the fields that begin as typed, and the values that stand in a field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct

from itgov.model.filter_query import (
    COMPARED,
    SIGNS,
    WORD,
    Kind,
    Value,
    at_word,
    choice_named,
    is_missing,
)
from itgov.model.text import without_accents

LONGEST = 40
"""Characters of a value that is offered: whole sentences are looked for by their words."""

Values = Callable[[str], Mapping[Value, int]]
"""What stands in a field, and in how many rows."""


class Completion(Struct, frozen=True):
    """One way in which a filter can go on: the word that is offered, and the whole line with it."""

    word: str
    line: str


def completions(text: str, fields: Mapping[str, Kind], values: Values) -> list[Completion]:
    """Return how the last word of a filter can go on, what most rows have first.

    A word without a colon goes on as the name of a field; after the colon, as a value that stands in
    it, `-` where some rows have none, and as a comparison where the field is an amount or a day.
    """
    match = next((m for m in WORD.finditer(text) if m.end() == len(text)), None)
    if match is None:
        return []
    if match["field"] is None:
        lead = text[: match.start("bare")]
        if match["quoted"] is not None:
            return []
        return [
            Completion(f"{name}:", f"{lead}{name}:")
            for name in fields
            if name.startswith(match["bare"].lower())
        ]
    field = choice_named(match["field"].lower(), fields)
    if field is None:
        return []
    sign, begun = _compared(match["sign"], match["quoted"], match["bare"])
    lead = f"{text[: match.start('field')]}{field}:{sign}"
    offered = _offered(fields[field], sign, without_accents(begun.lower()), values(field))
    return [Completion(word, f"{lead}{word}") for word in offered if word != begun]


def _compared(sign: str | None, quoted: str | None, bare: str | None) -> tuple[str, str]:
    """Return the sign of a word and what is typed behind it."""
    if quoted is not None:
        return sign or "", quoted
    typed = bare or ""
    if typed in SIGNS:
        return typed, ""
    compared = COMPARED.fullmatch(typed)
    return (compared[1], compared[2]) if compared else ("", typed)


def _offered(kind: Kind, sign: str, begun: str, found: Mapping[Value, int]) -> list[str]:
    nothing = any(value in (None, "") or is_missing(value) for value in found)
    last = ["-"] if nothing and not sign and not begun else []
    if kind == "amount":
        return [] if sign or begun else [">", "<=", *last]
    if kind == "day":
        words = ("today", "today+30") if sign else ("<today", "<=today+30")
        return [*(w for w in words if w.startswith(begun)), *_days(begun, found), *last]
    return [] if sign not in ("", "=") else [*_texts(begun, found), *last]


def _days(begun: str, found: Iterable[Value]) -> list[str]:
    """Return the years, then the months, then the days that begin as typed."""
    length = next(n for n in (4, 7, 10) if len(begun) < n or n == 10)
    return sorted({v[:length] for v in found if isinstance(v, str) and v and v.startswith(begun)})


def _texts(begun: str, found: Mapping[Value, int]) -> list[str]:
    """Return the texts with a word that begins as typed: of an id and a name, what was begun."""
    counted: Counter[str] = Counter()
    begins = at_word(begun)
    for value, rows in found.items():
        if not isinstance(value, str) or is_missing(value):
            continue
        for part in value.split("\n"):
            if part and begins.search(without_accents(part)):
                counted[part] += rows
                break
    ranked = sorted(counted, key=lambda part: (-counted[part], part))
    return [_written(p) for p in ranked if len(p) <= LONGEST and p.isprintable() and '"' not in p]


def _written(value: str) -> str:
    """Return a value as a filter takes it."""
    return f'"{value}"' if " " in value or value[0] in "<>=-" else value
