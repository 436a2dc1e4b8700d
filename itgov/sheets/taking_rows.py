"""New rows: further records, or what is missing in records that are there by now."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from itgov.files.save import EditRefused
from itgov.importing.intake import Added, Taken
from itgov.importing.typed import CLEAR
from itgov.importing.values import BadCell, key_of
from itgov.model.types import Person
from itgov.sheets.entries import plain_value, told
from itgov.sheets.incoming import Entered, NewRow, SheetRefused
from itgov.sheets.layout import value_of
from itgov.sheets.new_rows import addition, key_in_id, known_record, parent_of
from itgov.sheets.new_units import new_organisation, new_unit, organisation_id
from itgov.sheets.pages import ENGAGEMENTS, OBJECTIVES, OUTCOMES, RESULTS, SPEND, Worksheet
from itgov.sheets.state import State, short
from itgov.sheets.steps import Step


class Rows:
    """Takes new rows of each page."""

    def __init__(self, state: State, folder: str) -> None:
        self.state = state
        self.folder = folder

    # -- new rows --------------------------------------------------------------------------

    def organisation(self, rows: list[NewRow]) -> None:
        """Take the one row of a template's organisation."""
        there = self.state.linked.portfolio.organisation
        if not rows and not there.source.path:
            raise SheetRefused("the page organisation is blank; fill in the organisation's name")
        for row in rows[1:]:
            self.state.refuse(row.where, f"there is one organisation; see {rows[0].where}")
        for row in rows[:1]:
            values = self._values(row, [*_keys(row.page), *_others(row.page)])
            name = values.get("name", "")
            if not there.source.path:
                self.state.steps.append(new_organisation(row, values, self.folder))
            elif there.record.id not in (row.id, organisation_id(row, name)) and (
                there.record.name != name
            ):
                raise SheetRefused(
                    f"the template is of the organisation `{name}`, and this is "
                    f"`{there.record.name or there.record.id}`"
                )
            else:
                self._known(row, there.record.id)

    def unit(self, row: NewRow) -> None:
        """Take a business unit: its file with id and name; its other cells come later."""
        values = self._values(row, _keys(row.page))
        if "name" not in values:
            return
        try:
            known = known_record(row, "", values, "", self.state.places)
            if known is None:
                self.state.ids.name(row, "", values["name"])
                known = row.id or self.state.ids.make(row.page, "", values["name"])
                if row.id and not self.state.ids.take(row.page, row.id):
                    raise BadCell("is the id of another row")
                paths = {*self.state.linked.documents, *(s.path for s in self.state.steps)}
                self.state.steps.append(new_unit(row, known, values["name"], self.folder, paths))
            self._known(row, known)
        except (BadCell, EditRefused) as error:
            self.state.refuse(row.where, f"`{short(values['name'])}`: {error}")

    def person(self, row: NewRow) -> None:
        """Take somebody on the page of people: new, or known by now."""
        cell = row.at("name")
        if cell is None:
            return
        text = told(cell.value)
        try:
            known = row.id if row.id and row.id in self.state.people.known else None
            if known is None and not row.id:
                known = self._exactly(text)
            if known is not None:
                self._known(row, known)
                return
            values = self._values(row, _others(row.page))
            person = Person(
                id=row.id, name=text, email=values.get("email"), side=values.get("side"),  # type: ignore[arg-type]
                business_unit=values.get("business_unit"),
            )  # fmt: skip
            self.state.people.join(person, row.where, {c.field: c.cell for c in row.cells})
        except BadCell as error:
            self.state.refuse(cell.cell, f"`{short(text)}` {error}")

    def _exactly(self, name: str) -> str | None:
        """Return the id of the person who has just this name."""
        found = self.state.people.find(name)
        person = self.state.people.known.get(found or "")
        same = person is not None and person.name.casefold() == " ".join(name.split()).casefold()
        if found in self.state.people.newcomers:
            raise BadCell("is listed twice")
        return found if same else None

    def row(self, row: NewRow) -> None:
        """Take a new row: a further record, or what is missing in one that is there."""
        page = row.page
        cell = row.at(page.about_field(page.parent))
        where = cell.cell if cell is not None else row.where
        try:
            parent = parent_of(row, self.state.places)
        except BadCell as error:
            shown = told(cell.value) if cell is not None else row.id
            self.state.refuse(where, f"`{short(shown)}` {error}")
            return
        before = len(self.state.refused)
        values = self._values(row, _keys(page))
        if len(values) < len(page.keys):
            if len(self.state.refused) == before:
                asked = " and ".join(f"its {c.title}" for c in page.keys)
                self.state.refuse(row.where, f"a new row needs {asked}")
            return
        said = row.at("statement")
        try:
            words = told(said.value) if said is not None else ""
            known = known_record(row, parent, values, words, self.state.places)
        except BadCell as error:
            self.state.refuse(row.where, f"the row {error}")
            return
        if known is not None:
            self._known(row, known)
            return
        self._new(row, parent, values)

    def _known(self, row: NewRow, id_: str) -> None:
        """Leave a row of what is there to be taken cell by cell, as if its cells had been blank."""
        page = row.page
        named = _keys(page)
        for cell in row.cells:
            if cell.field in named:
                self._is_said(page, id_, cell)
            elif not cell.field.startswith("@"):
                self.state.cells.append(Entered(page, id_, cell.field, cell.value, cell.cell))

    def _is_said(self, page: Worksheet, id_: str, cell: Entered) -> None:
        """Refuse another name of what is there: a sheet does not rename."""
        if not self.state.places.has(page, id_) or page.column(cell.field) is None:
            return  # it is new itself
        there = value_of(self.state.places.target(page, id_).record, cell.field)
        text = told(cell.value)
        if key_of(text) != key_of(there) and text != f"{there} ({id_})":
            self.state.refuse(
                cell.cell, f"{id_} is `{short(there)}` in the files, not `{short(text)}`"
            )

    def _new(self, row: NewRow, parent: str, named: dict[str, str]) -> None:
        page = row.page
        before = len(self.state.refused)
        texts = {**named, **self._values(row, _others(page), parent)}
        if page is RESULTS:
            if len(self.state.refused) > before or self._is_no_result(row, parent, texts):
                return
        elif page in (OUTCOMES, OBJECTIVES) and "statement" not in texts:
            hint = self._unknown(page, row.id) if row.id else ""
            self.state.refuse(row.where, f"{hint}a new row needs its statement")
            return
        elif page is SPEND and len(texts) == 1:
            if len(self.state.refused) == before:
                self.state.refuse(row.where, "the row has no amount")
            return
        columns = {c.field: c for c in page.record_columns}
        values = {f: plain_value(columns[f], text) for f, text in texts.items()}
        try:
            id_ = self._id(row, parent, texts)
            made = addition(page, parent, id_, values, self.state.places)
        except (BadCell, EditRefused) as error:
            self.state.refuse(row.where, str(error))
            return
        taken = [
            Taken(c.cell, page.kind, id_, c.field, "", texts[c.field])
            for c in row.cells
            if c.field in texts
        ]
        what = {"spend": "spend", "results": "result", "objectives": "objective"}
        name = texts.get("title") or texts.get("statement") or texts.get("date", "")
        added = Added(row.where, what.get(page.name, page.kind), id_, name)
        self.state.steps.append(Step(made.path, [made.change], taken, row.where, added))

    def _id(self, row: NewRow, parent: str, texts: dict[str, str]) -> str:
        page = row.page
        if page is RESULTS:
            return parent
        key = {SPEND.name: "year", ENGAGEMENTS.name: "date"}.get(page.name)
        name = texts[key] if key is not None else texts.get("title") or texts.get("statement", "")
        given = row.id if key is None else f"{parent}/{name}"
        if page in (OUTCOMES, OBJECTIVES) and given and "/" not in given:
            given = f"{parent}/{given}"
        if key is None:
            self.state.ids.name(row, parent, name)
        if not given:
            return self.state.ids.make(page, parent, name)
        if page in (OUTCOMES, OBJECTIVES) and given.rpartition("/")[0] != parent:
            raise BadCell(f"the id `{given}` is not one of {parent}")
        if not self.state.ids.take(page, given):
            raise BadCell(f"another row of the sheet is {given} as well")
        return given

    def _unknown(self, page: Worksheet, id_: str) -> str:
        try:
            self.state.places.target(page, id_)
        except EditRefused as error:
            return f"{error}; " if "?" not in str(error) else f"{error} "
        return ""

    def _is_no_result(self, row: NewRow, parent: str, texts: dict[str, str]) -> bool:
        """Say whether a row is no new measurement, and why."""
        first = row.cells[0].cell
        try:
            record: Any = self.state.places.target(OUTCOMES, parent).record
        except EditRefused as error:
            self.state.refuse(first, str(error))
            return True
        if "date" not in texts:
            self.state.refuse(first, "the result has no date")
        elif len(texts) == 1:
            self.state.refuse(first, "the result has neither a figure nor evidence")
        elif any(all(value_of(r, f) == v for f, v in texts.items()) for r in record.results):
            self.state.unchanged += len(texts)
        elif texts["date"] > self.state.linked.portfolio.today.isoformat():
            self.state.refuse(first, f"the result is of {texts['date']}, which is in the future")
        elif any(r.date.isoformat() == texts["date"] for r in record.results):
            self.state.refuse(first, self._other_result(record, parent, texts))
        elif not self.state.ids.take(RESULTS, f"{parent} {texts['date']}"):
            self.state.refuse(first, f"another row has a result of {texts['date']} for {parent}")
        else:
            return False
        return True

    def _other_result(self, record: Any, parent: str, texts: dict[str, str]) -> str:
        there = next(r for r in record.results if r.date.isoformat() == texts["date"])
        differ = [f for f, v in texts.items() if value_of(there, f) != v]
        said = "; ".join(
            f"{f}: the sheet says `{short(texts[f])}`, the file `{short(value_of(there, f))}`"
            for f in differ
        )
        return f"{parent} has a result of {texts['date']} already ({said}); correct it in the file"

    def _values(self, row: NewRow, fields: Collection[str], parent: str = "") -> dict[str, str]:
        """Return what cells of a new row say, in canonical form; refuse those that are wrong."""
        found: dict[str, str] = {}
        if (key := key_in_id(row)) is not None and key[0] in fields:
            found[key[0]] = key[1]
        for cell in row.cells:
            column = row.page.column(cell.field)
            if column is None or cell.field not in fields or told(cell.value).casefold() == CLEAR:
                continue
            try:
                value = self.state.entered(column, cell, parent)
            except BadCell as error:
                self.state.refuse(cell.cell, f"`{short(told(cell.value))}` {error}")
                continue
            if value:
                found[cell.field] = value
        return found


def _keys(page: Worksheet) -> list[str]:
    return [column.field for column in page.keys]


def _others(page: Worksheet) -> list[str]:
    return [column.field for column in page.columns]
