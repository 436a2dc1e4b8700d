"""Taking a sheet in, in an order in which everything is there that something else is a part of."""

from __future__ import annotations

from itgov.files.additions import added_person
from itgov.files.linked import Linked
from itgov.importing.intake import Added, Intake, Taken
from itgov.sheets.entries import told
from itgov.sheets.incoming import Incoming, NewRow, SheetRefused
from itgov.sheets.pages import (
    ENGAGEMENTS,
    INVESTMENTS,
    OBJECTIVES,
    ORGANISATION,
    OUTCOMES,
    PEOPLE,
    RESULTS,
    SPEND,
    UNITS,
)
from itgov.sheets.state import Relink, State
from itgov.sheets.steps import Step
from itgov.sheets.taking_cells import take_cells
from itgov.sheets.taking_rows import Rows

_ORDER = ((OBJECTIVES,), (INVESTMENTS,), (OUTCOMES, SPEND, ENGAGEMENTS))
"""Pages whose new rows can be taken together, since none is a part of another."""


def take_in(
    linked: Linked, incoming: Incoming, relink: Relink, folder: str = "portfolios"
) -> Intake:
    """Return the edits that a sheet asks for, and the cells that are not taken, with the reason.

    `folder` is where files of new units go.  Raise SheetRefused where the sheet is of another
    portfolio.
    """
    ours = linked.portfolio.organisation.record.id
    if not incoming.is_template and incoming.organisation != told(ours):
        raise SheetRefused(
            f"the sheet is of the organisation `{incoming.organisation}`, and this is `{ours}`"
        )
    state = State(linked, incoming, relink)
    rows: dict[str, list[NewRow]] = {}
    for row in incoming.rows:
        rows.setdefault(row.page.name, []).append(row)
    taking = Rows(state, folder)
    if incoming.is_template:
        taking.organisation(rows.get(ORGANISATION.name, []))
        state.flush()
    for row in rows.get(UNITS.name, []):
        taking.unit(row)
    state.flush()
    for row in rows.get(PEOPLE.name, []):
        taking.person(row)
    for pages in _ORDER:
        for row in (row for page in pages for row in rows.get(page.name, [])):
            taking.row(row)
        state.flush()
    for row in rows.get(RESULTS.name, []):
        taking.row(row)
    take_cells(state)
    state.flush()
    _add_newcomers(state)
    state.flush()
    return state.finish()


_NAMED = 5
"""New people whom a note names; all of them are listed as new."""


def _add_newcomers(state: State) -> None:
    """Add those whom a cell that is taken names, and those whom the page of people lists."""
    used = {n for step in state.made for c in step.cells for n in state.naming.get(c.cell, ())}
    lacking: dict[str, list[str]] = {}
    for id_, newcomer in state.people.newcomers.items():
        if id_ not in used and not newcomer.cells:
            continue
        person = newcomer.person
        made = added_person(state.linked, person)
        taken = [
            Taken(cell, "person", id_, field, "", str(getattr(person, field)))
            for field, cell in newcomer.cells.items()
            if getattr(person, field, None)
        ]
        added = Added(newcomer.cell, "person", id_, person.name)
        state.steps.append(Step(made.path, [made.change], taken, newcomer.cell, added))
        lacks = [words for name, words in _ASKED.items() if getattr(person, name) is None]
        if lacks:
            lacking.setdefault(" and ".join(lacks), []).append(f"{person.name} ({id_})")
    for what, names in lacking.items():
        shown = ", ".join(names[:_NAMED])
        more = f" and {len(names) - _NAMED:,} more" if names[_NAMED:] else ""
        are = "are" if names[1:] else "is"
        state.incoming.notes.append(
            f"{shown}{more} {are} new, without {what}: fill that in on the page people"
        )


_ASKED = {"side": "a side", "email": "an e-mail address"}
