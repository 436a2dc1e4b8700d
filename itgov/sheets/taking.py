"""Taking a sheet in, in an order in which everything is there that something else is a part of."""

from __future__ import annotations

from itgov.files.additions import added_person
from itgov.files.linked import Linked
from itgov.importing.intake import Added, Intake, Taken
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
    if not incoming.is_template and incoming.organisation != ours:
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


def _add_newcomers(state: State) -> None:
    """Add those whom a cell that is taken names, and those whom the page of people lists."""
    used = {n for step in state.made for c in step.cells for n in state.naming.get(c.cell, ())}
    for id_, newcomer in state.people.newcomers.items():
        if id_ not in used and not newcomer.is_listed:
            continue
        person = newcomer.person
        made = added_person(state.linked, person)
        given = {"name": person.name, "side": person.side, "email": person.email}
        taken = [
            Taken(newcomer.cell, "person", id_, field, "", value)
            for field, value in given.items()
            if value and newcomer.is_listed
        ]
        added = Added(newcomer.cell, "person", id_, person.name)
        state.steps.append(Step(made.path, [made.change], taken, newcomer.cell, added))
        lacks = [name for name in ("side", "email") if getattr(person, name) is None]
        if lacks:
            state.incoming.notes.append(
                f"{person.name} ({id_}) is new, without {' and '.join(lacks)}: fill them in on "
                "the page people"
            )
