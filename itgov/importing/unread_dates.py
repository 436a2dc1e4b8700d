"""Columns of dates of which most cells are none, so that the mapping probably reads them wrongly."""

from __future__ import annotations

from itgov.importing import mapping as m
from itgov.importing.tables import SourceTable, header_key
from itgov.importing.totals import MOSTLY
from itgov.importing.trouble import CellProblem
from itgov.importing.values import one_line
from itgov.importing.walk import KINDS, uses, value_columns


def unread_dates(
    mapping: m.Mapping, tables: dict[str, list[SourceTable]], problems: list[CellProblem]
) -> list[tuple[str, str]]:
    """Return path and name of each column of dates of which most filled cells are none."""
    unread: dict[tuple[str, str], int] = {}
    for problem in problems:
        if problem.left_out:
            key = (problem.path, header_key(problem.column))
            unread[key] = unread.get(key, 0) + 1
    found: dict[tuple[str, str], None] = {}
    for use in uses(mapping):
        kind = use.spec.as_ if isinstance(use.spec, m.Spec) else None
        if (kind or KINDS[use.field][0]) != "date":
            continue
        for table in tables.get(use.table, []):
            for column in value_columns(use.spec):
                if bad := unread.get((table.path, header_key(column)), 0):
                    filled = sum(bool(one_line(table.cell(r, column))) for r in table.rows)
                    if bad > MOSTLY * filled:
                        found[table.path, column] = None
    return list(found)
