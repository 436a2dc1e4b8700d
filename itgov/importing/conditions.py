"""Conditions of a mapping on the cells of a row: `skip`, and `where` of a field."""

from __future__ import annotations

from collections.abc import Sequence

from itgov.importing import values as v
from itgov.importing.mapping import Scalar, Skip, Spec
from itgov.importing.patterns import matching
from itgov.importing.stated import TableRow


def skipped(skips: list[Skip], place: TableRow) -> str | None:
    """Return why a row is left out, or None where it is not."""
    for skip in skips:
        if _is_one_of(skip.is_, place, skip.column):
            text = v.one_line(place.table.cell(place.row, skip.column))
            return skip.because or f"`{skip.column}` is `{text}`"
    return None


def holds(spec: Spec, place: TableRow) -> bool:
    """Say whether a field is read from a row: where each column of `where` is one of its values."""
    return all(_is_one_of(values, place, column) for column, values in spec.where.items())


def _is_one_of(values: Sequence[Scalar], place: TableRow, column: str) -> bool:
    text = v.one_line(place.table.cell(place.row, column))
    listed = {str(x): True for x in values}
    return matching(listed, text) is not None or (not text and "missing" in listed)
