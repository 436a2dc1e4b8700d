"""What does not fit the types: found, said and taken out."""

from __future__ import annotations

from copy import deepcopy
from functools import lru_cache
from typing import Any

import msgspec

from itgov.files.document import Document, Route
from itgov.files.problem import Problem
from itgov.model.finding import Subject, SubjectKind
from itgov.model.text import closest, did_you_mean

_WORDS = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "nothing",
}


class Pruned:
    """A copy of the data from which misfits are taken out, remembering list positions."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data: Any = deepcopy(data)
        self.kept: dict[Route, list[int]] = {}
        self._out: dict[Route, None] = {}
        self._put: dict[Route, Any] = {}
        self._gone: set[Route] = set()

    def at(self, route: Route) -> Any:
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
        for depth, step in enumerate(route):
            kept = self.kept.get(route[:depth])
            result.append(kept[step] if kept is not None and isinstance(step, int) else step)
        return tuple(result)

    def take_out(self, route: Route) -> None:
        self._out[route] = None
        self._gone.add(self.original(route))

    def was_taken_out(self, route: Route) -> bool:
        """Say whether the value at this route of the file was a misfit already said."""
        return route in self._gone

    def put(self, route: Route, value: Any) -> None:
        self._put[route] = value

    def apply(self) -> None:
        for route, value in self._put.items():
            parent = self.at(route[:-1])
            if isinstance(parent, dict):
                parent[route[-1]] = value
        # later items first, so that the indices of the earlier ones stay true
        for route in sorted(
            self._out, key=lambda r: [(isinstance(s, int), s) for s in r], reverse=True
        ):
            parent = self.at(route[:-1])
            last = route[-1]
            if isinstance(parent, dict):
                parent.pop(last, None)
            elif isinstance(parent, list) and isinstance(last, int) and last < len(parent):
                kept = self.kept.setdefault(route[:-1], list(range(len(parent))))
                del kept[last], parent[last]
                self._shift(route[:-1], last)
        self._put, self._out = {}, {}

    def _shift(self, parent: Route, removed: int) -> None:
        depth = len(parent)
        moved: dict[Route, list[int]] = {}
        for route, kept in self.kept.items():
            step = route[depth] if len(route) > depth else None
            if route[:depth] == parent and isinstance(step, int):
                if step == removed:
                    continue
                if step > removed:
                    route = (*parent, step - 1, *route[depth + 1 :])
            moved[route] = kept
        self.kept = moved


@lru_cache(maxsize=32)
def strict_schema(kind: Any) -> dict[str, Any]:
    """Return the JSON Schema of a type in the form that gives the plainest errors.

    Blanks are gone from the data before it is used, so no alternative to null is needed; numbers
    with bounds are one type; no `anyOf` is left where one kind of value is meant.
    """
    return _plain(msgspec.json.schema(kind))  # type: ignore[no-any-return]


def _plain(node: Any) -> Any:
    if isinstance(node, list):
        return [_plain(n) for n in node]
    if not isinstance(node, dict):
        return node
    options = node.get("anyOf")
    if options is not None:
        options = [o for o in options if o != {"type": "null"}]
        rest = {k: v for k, v in node.items() if k not in ("anyOf", "default")}
        if len(options) == 1:
            return _plain({**rest, **options[0]})
        return {**rest, "anyOf": _plain(options)}
    if "enum" in node and None in node["enum"]:
        node = {**node, "enum": [e for e in node["enum"] if e is not None]}
    return {k: _plain(v) if k != "default" else v for k, v in node.items()}


def describe(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, (int, float)):
        return f"the number {value}"
    if isinstance(value, str):
        return f"`{value if len(value) <= 40 else value[:37] + '…'}`"
    return "a list" if isinstance(value, list) else "a mapping"


def explain(document: Document, pruned: Pruned, kind: Any, error: Any) -> list[Problem]:
    here: Route = tuple(error.instance_path)
    name = error.kind.name
    value = pruned.at(here)
    route = pruned.original(here)

    def problem(code: str, message: str, fix: str, at: Route = route, key: bool = False) -> Problem:
        start, end = offsets(document, at, key=key)
        return Problem(code, message, start, end, route=at, fix=fix)

    label = _label(here)
    if name == "anyOf":
        for branch in error.kind.context:
            if all(e.kind.name != "type" or tuple(e.instance_path) != here for e in branch):
                return [p for e in branch for p in explain(document, pruned, kind, e)]
    holder, expected = _schema_at(kind, error)
    if name == "additionalProperties":
        known = sorted(holder.get("properties", {}))
        found = []
        for unexpected in error.kind.unexpected:
            pruned.take_out((*here, unexpected))
            near = closest(unexpected, known)
            found.append(
                problem(
                    "MOD-001",
                    f"unknown key `{unexpected}`{did_you_mean(unexpected, known)}",
                    f"Write `{near}`."
                    if near
                    else "Delete it, or put it under an investment's `custom`."
                    if "custom" in known
                    else f"Known keys here: {', '.join(sorted(known))}.",
                    (*route, unexpected),
                    key=True,
                )
            )
        return found
    if name == "required":
        missing = error.kind.property
        if missing in ("title", "name", "what", "gate") and isinstance(value, dict):
            pruned.put((*here, missing), str(value.get("id", f"(no {missing})")))
        elif missing == "id" and here[:1] == ("rules",) and isinstance(here[-1], int):
            pruned.put((*here, "id"), f"ZZZ-{here[-1] % 1000:03d}")  # the rest is still checked
        elif here and isinstance(here[-1], int):
            pruned.take_out(here)
        elif here:
            pruned.take_out(here)
        else:
            pruned.put((missing,), document.path.rsplit("/", 1)[-1].rsplit(".", 1)[0])
        if pruned.was_taken_out((*route, missing)):
            return []
        blank = document.find((*route, missing)) is not None
        at = (*route, missing) if blank else route
        said = "is blank" if blank else "is missing"
        return [
            problem(
                "MOD-002",
                f"`{missing}` {said}{' in ' + label if label else ''}",
                f"Add `{missing}:`.",
                at,
            )
        ]
    pruned.take_out(here)
    if name == "anyOf":
        return [
            problem(
                "MOD-003",
                f"{label or 'the file'} should be a text or a mapping, not {describe(value)}",
                "Write the id, or the whole record.",
            )
        ]
    if holder.get("format") == "date":
        return [
            problem(
                "MOD-005",
                f"{label} should be a date that exists, like 2026-03-31, not {describe(value)}",
                "Write the date as year-month-day.",
            )
        ]
    if name == "type":
        wanted = _WORDS.get(expected, str(expected))
        quotes = expected == "string" and not isinstance(value, (list, dict))
        fix = "Put it in quotes if it is a text." if quotes else f"Write {wanted}."
        return [
            problem(
                "MOD-003", f"{label or 'the file'} should be {wanted}, not {describe(value)}", fix
            )
        ]
    if name in ("enum", "const"):
        options = [str(o) for o in (expected if name == "enum" else [expected])]
        guess = did_you_mean(value, options) if isinstance(value, str) else ""
        allowed = ", ".join(_in_order(options))
        return [
            problem(
                "MOD-004",
                f"{label} should be one of {allowed}, not {describe(value)}{guess}",
                f"Write one of {allowed}.",
            )
        ]
    if name == "pattern":
        return [
            problem(
                "MOD-004",
                f"{label} should be letters, a dash and three digits, like ABC-001, not {describe(value)}",
                "Choose an id that stays for ever.",
            )
        ]
    if name in ("minimum", "maximum"):
        bound = "at least" if name == "minimum" else "at most"
        return [
            problem(
                "MOD-004",
                f"{label} should be {bound} {expected:g}, not {value}",
                "Write a number in range.",
            )
        ]
    return [
        problem(
            "MOD-004",
            f"{label or 'the file'} does not fit: {error.message}",
            "Compare it with `itgov schema`.",
        )
    ]


_ORDERS = (
    ("green", "amber-green", "amber", "amber-red", "red"),
    ("run", "grow", "transform"),
    ("proposed", "approved", "delivering", "live", "retired", "stopped"),
    ("bridge", "embedded", "native"),
    ("error", "warning", "info"),
    ("raised", "pursued", "realised", "dropped"),
)


def _in_order(options: list[str]) -> list[str]:
    """Return the options in the order in which people say them; the schema sorts them."""
    for order in _ORDERS:
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


def _schema_at(kind: Any, error: Any) -> tuple[Any, Any]:
    """Return the part of the schema that holds the failed keyword, and the keyword's value."""
    node: Any = strict_schema(kind)
    holder: Any = node
    for step in error.schema_path:
        holder, node = node, node[step]
    return holder, node


def subject_of(data: Any, route: Route) -> Subject | None:
    """Return whose record the value at `route` belongs to, or None where it has no identifier."""
    kinds: dict[str, SubjectKind] = {
        "investments": "investment",
        "people": "person",
        "engagements": "engagement",
    }
    if len(route) < 2:
        return None
    try:
        record = data[route[0]][route[1]]
        identifier = record.get("id")
        if route[0] == "relationship_managers":
            return Subject("relationship_manager", str(record["person"]))
        if identifier is None or route[0] not in kinds:
            return None
        if (
            route[2:3] == ("outcomes",)
            and len(route) > 3
            and (outcome := record["outcomes"][route[3]].get("id")) is not None
        ):
            return Subject("outcome", f"{identifier}/{outcome}")
        return Subject(kinds[str(route[0])], str(identifier))
    except (KeyError, IndexError, TypeError, AttributeError):
        return None


def offsets(document: Document, route: Route, key: bool = False) -> tuple[int, int]:
    """Return the character offsets of the value (or the key) at `route`, or of the nearest
    thing above it that is there."""
    while (entry := document.find(route)) is None:
        route = route[:-1]
    if key and isinstance(document.keys[entry], str) and entry:
        start = document.starts[entry]
        return start, start + len(str(document.keys[entry]))
    start, end = document.values[entry], document.ends[entry]
    if entry and document.sizes[entry] == 1 and start == end:
        return document.starts[entry], end
    return start, end
