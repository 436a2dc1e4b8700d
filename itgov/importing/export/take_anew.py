"""An export taken into an empty repository: all that its tables hold, and what they do not, named."""

from __future__ import annotations

from collections import Counter

from msgspec import Struct

from itgov.files.proposal import FileEdit, Proposal
from itgov.importing.export.assemble import HeldRow, Rows
from itgov.importing.export.cells import text_of
from itgov.importing.export.computed import LEFT_OUT
from itgov.importing.export.new_records import all_anew
from itgov.importing.export.read import Exported
from itgov.importing.export.tables import record_tables
from itgov.importing.intake import Intake
from itgov.importing.trouble import shown
from itgov.importing.typed import typed_number
from itgov.importing.values import BadCell
from itgov.model.text import plural

_FALSE = frozenset(("false", "0", "falsch", "faux"))
"""How tables say no, after a spreadsheet saved them as well."""
_NAMED = 5
"""Most places that are named of one kind."""


class Missing(Struct, frozen=True):
    """A kind of thing that the tables do not hold, and so is not in the new repository."""

    what: str
    count: int
    where: list[str]
    is_loss: bool
    """Whether it belongs into a table."""

    def __str__(self) -> str:
        more = f" and {len(self.where) - _NAMED} more" if len(self.where) > _NAMED else ""
        lost = ", which should be there" if self.is_loss else ""
        return f"{shown(self.what)}: {self.count:,}{lost} ({', '.join(map(shown, self.where[:_NAMED]))}{more})"


def take_anew(exported: Exported, folder: str) -> Intake:
    """Return the files of a new portfolio as all that an export holds; `notes` say what it does not."""
    rows = Rows(exported, lambda text: text, anew=True)
    files = all_anew(rows, folder)
    notes = [*exported.notes, *map(str, missing(exported)), *_unsaid(exported)]
    if rows.cleaned:
        notes.append(
            f"{plural(len(rows.cleaned), 'cell')} held invisible characters, which were removed: "
            f"{', '.join(rows.cleaned[:_NAMED])}"
        )
    _refuse_without_holder(rows)
    edits = tuple(FileEdit(f.path, None, f.text.encode()) for f in files)
    taken = [t for f in files for t in f.taken]
    lost = sum(each.count for each in missing(exported) if each.is_loss)
    return Intake(Proposal("Take an export in", edits), taken, rows.refused, [], notes, lost=lost)


def _unsaid(exported: Exported) -> list[str]:
    """Return what cells say that holds without being said, and so is not written."""
    found: Counter[str] = Counter()
    for name, table in record_tables().items():
        defaults = {
            c.name: (c.field.key, text_of(c.field.default))
            for c in table.columns
            if c.field is not None and isinstance(c.field.default, (str, int, float))
        }
        for row in exported.tables.get(name, []):
            for column, (key, default) in defaults.items():
                if default and text_of(row.cells.get(column, "")) == default:
                    found[f"`{key}: {default}`"] += 1
    if not found:
        return []
    said = ", ".join(f"{what} ({count:,})" for what, count in found.items())
    return [f"whether the files said what holds anyway, which is not written: {said}"]


def missing(exported: Exported) -> list[Missing]:
    """Return what the exported files held and the tables do not, by kind."""
    found: dict[tuple[str, bool], tuple[int, list[str]]] = {}
    for row in exported.tables.get(LEFT_OUT.name, []):
        what = text_of(row.cells.get("what", ""))
        try:
            count = int(typed_number(row.cells.get("count", "1")))
        except BadCell:
            count = 1
        is_loss = text_of(row.cells.get("is_loss", "")).strip().casefold() not in _FALSE
        before, where = found.setdefault((what, is_loss), (0, []))
        where.append(text_of(row.cells.get("where", "")))
        found[what, is_loss] = before + count, where
    return [Missing(what, count, where, lost) for (what, lost), (count, where) in found.items()]


def _refuse_without_holder(rows: Rows) -> None:
    """Refuse the rows of lists whose record no table has."""
    known: set[tuple[str, tuple[str, ...], str]] = {
        (table, (), id_) for table, found in rows.roots.items() for id_, _ in found
    }
    for name, held in rows.lists.items():
        if record_tables()[name].key == ("id",):
            known |= {(r.home.root.table, r.steps, r.whole_id) for r in held}
    for held in rows.lists.values():
        for row in held:
            if (row.home.root.table, row.steps[:-1], row.holder) not in known:
                _refuse(rows, row)


def _refuse(rows: Rows, row: HeldRow) -> None:
    words = row.home.holder.replace("_", " ")
    rows.refuse(row.table, None, row.row, f"there is no {words} `{shown(row.holder)}`")
