"""Plain data of which something does not fit, converted to the types of the model.

The JSON Schema generated from the same types lists all that does not fit; these values are taken out,
so that one bad value hides neither the rest of its record nor the findings on it.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any, TypeVar

import msgspec

from itgov.files.document import Document
from itgov.files.problem import Problem, Problems
from itgov.files.schema_errors import (
    Pruned,
    describe,
    explain,
    schema_at,
    subject_of,
    unexpected,
)
from itgov.files.schema_validation import schema_errors

T = TypeVar("T")


def convert_unfit(
    document: Document, data: Any, kind: type[T], start: str
) -> tuple[T | None, list[Problem]]:
    """Return what `convert` returns of data that does not fit, or of which a key was left out as blank."""
    problems = Problems()
    if document.blanks:
        _unknown_blanks(document, data, kind, problems)
    try:
        return msgspec.convert(data, kind), problems.closed()
    except msgspec.ValidationError as error:
        failure = str(error)
    data = _whole(data)
    try:
        return msgspec.convert(data, kind), problems.closed()  # a whole number written 3.0
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
    pruned = Pruned(deepcopy(data), problems)
    document.original_indexes = {}
    for _ in range(20):  # taking something out can bring a further error to light
        fits = True
        for here, wrong in schema_errors(pruned.data, kind):
            fits = False
            for p in explain(document, pruned, kind, wrong, here):  # counted already
                problems.add(msgspec.structs.replace(p, subject=subject_of(data, p.route)))
        if fits:
            break
        pruned.apply()
    document.original_indexes = pruned.original_indexes()
    try:
        return msgspec.convert(pruned.data, kind), _unique(problems.closed())
    except msgspec.ValidationError as error:
        if not problems:
            problems.append(Problem("MOD-004", f"{error or failure}", 0, 1))
        return None, _unique(problems.closed())


# -- the schema ----------------------------------------------------------------------------


def _unknown_blanks(document: Document, data: Any, kind: Any, problems: Problems) -> None:
    """Add the unknown keys among those left out because their value is blank.

    What is blank counts as missing; a misspelt key is an error with or without a value.
    """
    put = [(mapping, key) for mapping, key in document.blanks if key not in mapping]
    for mapping, key in put:
        mapping[key] = None
    blank = {key for _, key in put}
    given = Pruned(data, problems)
    for here, error in schema_errors(data, kind):
        if error.kind.name != "additionalProperties":
            continue
        record, (holder, _) = given.at(here), schema_at(kind, error)
        keys = [k for k in error.kind.unexpected if k in blank and record[k] is None]
        for p in unexpected(document, given, here, holder, keys):  # counted already
            problems.add(msgspec.structs.replace(p, subject=subject_of(data, p.route)))
    for mapping, key in put:
        del mapping[key]


def _whole(value: Any) -> Any:
    """Return data in which a number without a fraction is a whole number."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_whole(v) for v in value]
    if isinstance(value, dict):
        return {k: v if k == "custom" else _whole(v) for k, v in value.items()}
    return value


def _unique(problems: list[Problem]) -> list[Problem]:
    return list({(p.code, p.start, p.message): p for p in problems}.values())
