"""Errors of a JSON Schema as problems of a file, in words; and the data without what is wrong."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from itgov.files.document import Document, Route
from itgov.files.problem import Problem, Problems
from itgov.files.schema_validation import strict_schema
from itgov.model.fields import paths
from itgov.model.finding import SEVERITIES, Subject
from itgov.model.lazy_patterns import lazy_pattern
from itgov.model.text import closest
from itgov.model.types import NAME, OrganisationFile, UnitFile

_WORDS = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "nothing",
}


_PATTERNS = (
    ("letters, a dash and three digits, like ABC-001", "Choose an id that never changes."),
    (
        "without characters that change the order in which others are read",
        "Delete them (U+202E and the like).",
    ),
)
"""What the pattern of a rule's id, and that of a name, asks for, and how to fix it."""

SUGGESTIONS = 100
"""How many unknown keys of a file are given a likely one."""


class Pruned:
    """Data from which the values are taken that do not fit; it knows what index each item had."""

    def __init__(self, data: Any, problems: Problems) -> None:
        self.data = data
        self._lists: dict[int, list[int]] = {}
        """For a list that lost items, by identity: the original index of each that is left."""
        self._out: dict[Route, None] = {}
        self._put: dict[Route, Any] = {}
        self._gone: set[Route] = set()
        self.suggested = 0
        self.problems = problems
        """What is told of it; beyond some of a kind they are only counted."""

    def at(self, route: Route) -> Any:
        """Return what now stands at a route, or None."""
        value = self.data
        for step in route:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def original(self, route: Route) -> Route:
        """Return the route in the file of what now stands at `route`."""
        result: list[str | int] = []
        value = self.data
        for step in route:
            indexes = self._lists.get(id(value)) if isinstance(value, list) else None
            if indexes is not None and isinstance(step, int) and step < len(indexes):
                result.append(indexes[step])
            else:
                result.append(step)
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                value = None
        return tuple(result)

    def original_indexes(self) -> dict[Route, list[int]]:
        """Return, for each list that lost items, its route now and their original indices."""
        found: dict[Route, list[int]] = {}

        def look(value: Any, route: Route) -> None:
            if isinstance(value, list):
                if id(value) in self._lists:
                    found[route] = self._lists[id(value)]
                for index, item in enumerate(value):
                    look(item, (*route, index))
            elif isinstance(value, dict):
                for key, item in value.items():
                    if isinstance(item, (list, dict)):
                        look(item, (*route, key))

        if self._lists:
            look(self.data, ())
        return found

    def take_out(self, route: Route) -> None:
        """Take the value at a route out, when all errors of this round are known."""
        self._out[route] = None
        self._gone.add(self.original(route))

    def was_taken_out(self, route: Route) -> bool:
        """Say whether the value at this route of the file was taken out before."""
        return route in self._gone

    def put(self, route: Route, value: Any) -> None:
        """Put a value where one is missing, so that the rest of the record can be used."""
        self._put[route] = value

    def guess(self, word: str, known: list[str]) -> str | None:
        """Return the known word nearest to an unknown one; None once there were too many to look for."""
        self.suggested += 1
        return closest(word, known) if self.suggested <= SUGGESTIONS else None

    def apply(self) -> None:
        """Put and take out what was asked for."""
        for route, value in self._put.items():
            parent = self.at(route[:-1])
            if isinstance(parent, dict):
                parent[route[-1]] = value
        lists: dict[int, tuple[list[Any], set[int]]] = {}
        for route in self._out:
            parent, last = self.at(route[:-1]), route[-1]
            if isinstance(parent, list) and isinstance(last, int):
                lists.setdefault(id(parent), (parent, set()))[1].add(last)
        for route in self._out:
            parent = self.at(route[:-1])
            if isinstance(parent, dict):
                parent.pop(route[-1], None)
        for key, (parent, out) in lists.items():
            indexes = self._lists.get(key) or range(len(parent))
            kept = [n for n in range(len(parent)) if n not in out]
            self._lists[key] = [indexes[n] for n in kept]
            parent[:] = [parent[n] for n in kept]
        self._put, self._out = {}, {}


def describe(value: Any) -> str:
    """Return a value as a message names it."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, (int, float)):
        return f"the number {value}"
    if isinstance(value, str):
        return f"`{value if len(value) <= 40 else value[:37] + '…'}`"
    return "a list" if isinstance(value, list) else "a mapping"


def explain(
    document: Document, pruned: Pruned, kind: Any, error: Any, here: Route
) -> list[Problem]:
    """Return what an error of the schema at `here` means in words, and mark what is to be taken out.

    Nothing is returned, only counted, beyond the first problems of a kind.
    """
    name = error.kind.name
    value = pruned.at(here)
    route = pruned.original(here)

    def told(code: str, message: str, fix: str) -> list[Problem]:
        if not pruned.problems.wants(code):
            return []
        return [Problem.at(document, route, code, message, fix)]

    holder, expected = schema_at(kind, error)
    if name == "additionalProperties":
        return list(unexpected(document, pruned, here, holder, error.kind.unexpected))
    if name == "required":
        missing = error.kind.property
        if missing in ("title", "name", "what", "gate") and isinstance(value, dict):
            named = str(value.get("id", f"(no {missing})"))
            pruned.put((*here, missing), "".join(filter(str.isprintable, named)))
        elif missing == "id" and here[:1] == ("rules",) and isinstance(here[-1], int):
            pruned.put((*here, "id"), f"ZZZ-{here[-1] % 1000:03d}")  # the rest is still checked
        elif here:
            pruned.take_out(here)
        else:
            pruned.put((missing,), "")  # the linker finds the unit by the file's path
        if pruned.was_taken_out((*route, missing)) or not pruned.problems.wants("MOD-002"):
            return []
        blank = document.find((*route, missing)) is not None
        at = (*route, missing) if blank else route
        said = "is blank" if blank else "is missing"
        label = _label(here)
        words = f"`{missing}` {said}{' in ' + label if label else ''}"
        return [Problem.at(document, at, "MOD-002", words, f"Add `{missing}:`.")]
    pruned.take_out(here)
    label = _label(here)
    if name == "anyOf":
        return told(
            "MOD-003",
            f"{label or 'the file'} should be a text or a mapping, not {describe(value)}",
            "Write the id, or the whole record.",
        )
    if holder.get("format") == "date":
        return told(
            "MOD-005",
            f"{label} should be a date that exists, like 2026-03-31, not {describe(value)}",
            "Write the date as year-month-day.",
        )
    if name == "type":
        wanted = _WORDS.get(expected, str(expected))
        quotes = expected == "string" and not isinstance(value, (list, dict))
        fix = "Put it in quotes if it is a text." if quotes else f"Write {wanted}."
        return told(
            "MOD-003", f"{label or 'the file'} should be {wanted}, not {describe(value)}", fix
        )
    if name in ("enum", "const"):
        options = [str(o) for o in (expected if name == "enum" else [expected])]
        near = pruned.guess(value, options) if isinstance(value, str) else None
        guess = f"; did you mean `{near}`?" if near else ""
        allowed = ", ".join(_in_order(options))
        return told(
            "MOD-004",
            f"{label} should be one of {allowed}, not {describe(value)}{guess}",
            f"Write one of {allowed}.",
        )
    if name == "pattern":
        wanted, fix = _PATTERNS[expected == NAME]
        said = f"{label} should be {wanted}, not {describe(value)}"
        return told("MOD-004", said, fix)
    if name in ("minimum", "maximum"):
        bound = "at least" if name == "minimum" else "at most"
        return told(
            "MOD-004",
            f"{label} should be {bound} {expected:g}, not {value}",
            "Write a number in range.",
        )
    return told(
        "MOD-004",
        f"{label or 'the file'} does not fit: {error.message}",
        "Compare it with `itgov schema`.",
    )


def unexpected(
    document: Document, pruned: Pruned, here: Route, holder: dict[str, Any], keys: list[str]
) -> Iterator[Problem]:
    """Yield a problem for each key that a record does not have, and mark it to be taken out."""
    known = sorted(holder.get("properties", {}))
    route = pruned.original(here)
    for key in keys:
        pruned.take_out((*here, key))
        if _THREE_DIGITS.fullmatch(key) and (number := _cut_number(document, (*route, key))):
            field, whole, start, end = number
            if field:
                pruned.take_out((*here, field))
                said = f"`{field}: {whole}` is not one number: here a comma ends it"
                fix = f"Write {whole.replace(',', '')}."
                pruned.problems.append(
                    Problem("MOD-001", said, start, end, route=(*route, field), fix=fix)
                )
            continue
        if not pruned.problems.wants("MOD-001"):
            continue
        if key == "<<":
            message = "merge keys (`<<`) are YAML 1.1 and are not read"
            fix = "Write the fields out; a single value may be an alias (`*name`)."
        else:
            near = pruned.guess(key, known)
            message = f"unknown key `{key}`" + (f"; did you mean `{near}`?" if near else "")
            fix = f"Known keys here: {', '.join(known)}."
            if near:
                fix = f"Write `{near}`."
            elif "custom" in known:
                fix = "Delete it, or put it under an investment's `custom`."
        yield Problem.at(document, (*route, key), "MOD-001", message, fix, key=True)


_THREE_DIGITS = lazy_pattern(r"\d{3}")
_CUT = lazy_pattern(r"(?<![\d,.])-?\d{1,3}(?:,\d{3})+")


def _cut_number(document: Document, route: Route) -> tuple[str, str, int, int] | None:
    """Return of which number in a flow mapping a key is the last or a middle part: the key whose value it
    begins as, the whole of it, and where it stands.

    `{budget: 1,200,000}` has the keys `budget`, `200` and `000`.  The key is empty for all but the
    first of such keys, which tells; None where a key is no part of a number.
    """
    entry, around = document.find(route), document.find(route[:-1])
    if entry is None or around is None:
        return None
    at = document.starts[entry]
    begins = max(at - 40, 0)
    for found in _CUT.finditer(document.text[begins : at + 40]):
        start, end = begins + found.start(), begins + found.end()
        if start < at < end:
            siblings = document.children(around)
            here = bisect_left(siblings, entry)
            for child in siblings[max(here - 12, 0) : here]:
                if document.values[child] == start:
                    first = start + found[0].index(",") + 1 == at
                    return str(document.keys[child]) if first else "", found[0], start, end
    return None


@lru_cache(maxsize=1)
def _orders() -> tuple[tuple[str, ...], ...]:
    """Return the choices of every field of a portfolio, and the severities, in their order."""
    ways = (way for record in (OrganisationFile, UnitFile) for way in paths(record, "choice"))
    return (SEVERITIES, *dict.fromkeys(way[-1].choices for way in ways))


def _in_order(options: list[str]) -> list[str]:
    """Return the options in their usual order; the schema sorts them by the alphabet."""
    for order in _orders():
        if set(order) == set(options):
            return list(order)
    return options


def _label(route: Route) -> str:
    names = [s for s in route if isinstance(s, str)]
    if not names:
        return ""
    if isinstance(route[-1], int):
        return f"an item of `{names[-1]}`"
    return f"`{names[-1]}`"


def schema_at(kind: Any, error: Any) -> tuple[Any, Any]:
    """Return the part of the schema that holds the failed keyword, and the keyword's value."""
    node: Any = strict_schema(kind)
    holder: Any = node
    for step in error.schema_path:
        holder, node = node, node[step]
    return holder, node


def subject_of(data: Any, route: Route) -> Subject | None:
    """Return whose record the value at `route` belongs to, or None where it has no identifier."""
    top = route[0] if route else ""
    try:
        if top in ("organisation", "business_unit"):
            return Subject(
                "organisation" if top == "organisation" else "business_unit", str(data[top]["id"])
            )
        record = data[top][route[1]]
        if top == "relationship_managers":
            return Subject("relationship_manager", str(record["person"]))
        if top == "engagements":
            unit = data["business_unit"]
            name = unit if isinstance(unit, str) else unit["id"]
            day = record["date"]
            before = sum(e.get("date") == day for e in data[top][: int(route[1])])
            return Subject("engagement", f"{name}/{day}" + (f"#{before + 1}" if before else ""))
        if top == "people":
            return Subject("person", str(record["id"]))
        if top == "rules":
            return Subject("rule", str(record["id"]))
        if top != "investments":
            return None
        if route[2:3] == ("outcomes",) and len(route) > 3:
            outcome = record["outcomes"][route[3]].get("id")
            if outcome is not None:
                return Subject("outcome", f"{record['id']}/{outcome}")
        return Subject("investment", str(record["id"]))
    except (KeyError, IndexError, TypeError, AttributeError, ValueError):
        return None
