"""New files: the organisation of a blank template, and business units that the portfolio does not have."""

from __future__ import annotations

from typing import Any

from itgov.files.new_values import checked_values
from itgov.files.save import EditRefused
from itgov.files.write import Plain, document
from itgov.importing.edits import new_unit_name
from itgov.importing.intake import Added, Taken
from itgov.importing.values import slug
from itgov.sheets.entries import plain_value
from itgov.sheets.incoming import NewRow, SheetRefused
from itgov.sheets.pages import ORGANISATION
from itgov.sheets.steps import Step


def organisation_id(row: NewRow, name: str) -> str:
    """Return the id of the organisation that a template is of."""
    return row.id or slug(name) or "organisation"


def new_organisation(row: NewRow, texts: dict[str, str], folder: str) -> Step:
    """Return the file of a new organisation.  Raises SheetRefused where it cannot be made."""
    name = texts.get("name", "")
    id_ = organisation_id(row, name)
    values: dict[str, Plain] = {"id": id_}
    for column in ORGANISATION.record_columns:
        if column.field in texts:
            values[column.field] = plain_value(column, texts[column.field])
    try:
        good: dict[str, Plain] = checked_values("organisation", values, id_)
    except EditRefused as error:
        raise SheetRefused(f"{row.where}: {error}") from error
    text = document({"organisation": good}, "organisation")
    taken = _taken(row, "organisation", id_, texts)
    added = Added(row.where, "organisation", id_, name)
    return Step(f"{folder}/organisation.yaml", [], taken, row.where, added, text.encode())


def new_unit(row: NewRow, id_: str, name: str, folder: str, paths: set[str]) -> Step:
    """Return the file of a new business unit, with its id and name; the rest is set in it later.

    Raises EditRefused.
    """
    good: Any = checked_values("business_unit", {"id": id_, "name": name}, id_)
    text = document({"business_unit": good}, "portfolio")
    path = f"{folder}/{new_unit_name(slug(id_) or 'unit', paths)}"
    taken = _taken(row, "business_unit", id_, {"name": name})
    return Step(
        path, [], taken, row.where, Added(row.where, "business_unit", id_, name), text.encode()
    )


def _taken(row: NewRow, kind: str, id_: str, texts: dict[str, str]) -> list[Taken]:
    return [
        Taken(cell.cell, kind, id_, cell.field, "", texts[cell.field])
        for cell in row.cells
        if cell.field in texts
    ]
