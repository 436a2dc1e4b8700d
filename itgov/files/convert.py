"""Plain data converted to the types of the model, with a problem for each value that does not fit.

msgspec's conversion is fast and stops at the first error.  Where there is one, the JSON Schema
generated from the same types lists them all; the values that do not fit are taken out, so that one
bad value hides neither the rest of its record nor the findings on it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, TypeVar

import msgspec

from itgov.files.document import Document
from itgov.files.problem import Problem
from itgov.files.schema_errors import Pruned, describe, explain, strict_schema, subject_of

T = TypeVar("T")


def convert(
    document: Document, data: Any, kind: type[T], start: str = ""
) -> tuple[T | None, list[Problem]]:
    """Return `data` as `kind`, and every place where it does not fit.

    What does not fit is taken out of the result; None where nothing of it can be used.  `start` is
    what to write first into a file that is no mapping.
    """
    blank = _unknown_blanks(document, data, kind) if document.blanks else []
    try:
        return msgspec.convert(data, kind), blank
    except msgspec.ValidationError as error:
        failure = str(error)
    data = _whole(data)
    try:
        return msgspec.convert(data, kind), blank  # a whole number written 3.0
    except msgspec.ValidationError:
        pass
    if not isinstance(data, dict):
        return None, [
            Problem(
                "MOD-003",
                f"the file should be a mapping, not {describe(data)}",
                0,
                1,
                fix=f"Start it with {start}." if start else "",
            )
        ]
    pruned = Pruned(data)
    problems = pruned.problems
    problems.extend(blank)
    document.original_indexes = {}
    for _ in range(20):  # taking something out can bring a further error to light
        errors = list(_errors(pruned.data, kind))
        if not errors:
            break
        for wrong in errors:
            for p in explain(document, pruned, kind, wrong):  # counted already
                problems.add(msgspec.structs.replace(p, subject=subject_of(data, p.route)))
        pruned.apply()
    document.original_indexes = pruned.original_indexes()
    try:
        return msgspec.convert(pruned.data, kind), _unique(problems.closed())
    except msgspec.ValidationError as error:
        if not problems:
            problems.append(Problem("MOD-004", f"{error or failure}", 0, 1))
        return None, _unique(problems.closed())


# -- the schema ----------------------------------------------------------------------------


def _unknown_blanks(document: Document, data: Any, kind: Any) -> list[Problem]:
    """Return the unknown keys among those left out because their value is blank.

    What is blank counts as missing; a misspelt key is an error with or without a value.
    """
    put = [(mapping, key) for mapping, key in document.blanks if key not in mapping]
    for mapping, key in put:
        mapping[key] = None
    pruned = Pruned(data)
    blanks = {key for _, key in put}
    found = [
        msgspec.structs.replace(p, subject=subject_of(data, p.route))
        for error in _errors(data, kind)
        if error.kind.name == "additionalProperties"
        for p in explain(document, pruned, kind, error)
        if p.route and p.route[-1] in blanks
    ]
    for mapping, key in put:
        del mapping[key]
    known = {p.route for p in found if pruned.at(p.route) is None}
    return [p for p in found if p.route in known]


def _whole(value: Any) -> Any:
    """Return data in which a number without a fraction is a whole number."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_whole(v) for v in value]
    if isinstance(value, dict):
        return {k: v if k == "custom" else _whole(v) for k, v in value.items()}
    return value


@lru_cache(maxsize=32)
def _validator(kind: Any) -> Any:
    import jsonschema_rs  # only needed once something is wrong

    schema = strict_schema(kind)
    return jsonschema_rs.Draft202012Validator(
        schema, validate_formats=True, formats={"date": is_date}
    )


_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


def is_date(value: str) -> bool:
    """Say whether a text is an ISO date that exists, `2026-02-28`."""
    try:
        return bool(_DATE.match(value) and datetime.date.fromisoformat(value))
    except ValueError:
        return False


def _errors(data: Any, kind: Any) -> Iterable[Any]:
    return _validator(kind).iter_errors(data)  # type: ignore[no-any-return]


def _unique(problems: list[Problem]) -> list[Problem]:
    return list({(p.code, p.start, p.message): p for p in problems}.values())
