"""From tables to investments: every row read, joined, grouped and accounted for."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import partial

from msgspec import Struct

from itgov.files.write import FlowMapping, Plain
from itgov.importing import mapping as m
from itgov.importing.amounts import SPEND, Amount, is_amount, is_kept_money, total
from itgov.importing.conditions import skipped
from itgov.importing.draft import Draft, Import, grouped, merged
from itgov.importing.fields import FieldReader
from itgov.importing.older import note_blanks
from itgov.importing.people import PeopleOfTables
from itgov.importing.row_results import RowResults, TableAccount, note_faults
from itgov.importing.stated import Stated, TableRow
from itgov.importing.table_day import TableDay, set_days, stated_day
from itgov.importing.tables import SourceTable, header_key
from itgov.importing.totals import ColumnTotal, control_totals, unaccounted
from itgov.importing.trouble import CellProblem
from itgov.importing.values import key_of, one_line, slug
from itgov.importing.walk import columns_of, other_columns, pairs, table_of, uses
from itgov.model.types import Outcome, Person, Result

_OUTCOME = m.read_by(m.Outcomes, Outcome)
_RESULT = m.read_by(m.Results, Result)


class Collected(Struct):
    """Everything that the tables hold, as investments, with the account of their rows."""

    imports: list[Import]
    people: dict[str, Person]
    accounts: list[TableAccount]
    problems: list[CellProblem]
    totals: list[ColumnTotal]
    unaccounted: float
    totals_now: Callable[[], list[ColumnTotal]]
    """The control totals once more, after something was found not to be written."""
    days: list[TableDay]


class _Collector:
    def __init__(
        self, mapping: m.Mapping, tables: dict[str, list[SourceTable]], people: dict[str, Person]
    ) -> None:
        self.mapping = mapping
        self.tables = tables
        self.reader = FieldReader(mapping, tables)
        self.row_results = RowResults()
        self.people = PeopleOfTables(people.values())
        self._indexes: dict[tuple[str, tuple[str, ...]], dict[tuple[str, ...], list[TableRow]]] = {}
        self._parents: dict[str, str] = {}
        sources = mapping.investments
        self._stated = {id(s): m.stated(s) for s in sources}
        self._given = {id(o): m.given(o, _OUTCOME) for s in sources for o in s.outcomes}

    # -- the row of an investment ------------------------------------------------------------

    def draft(self, source: m.Investments, place: TableRow) -> Draft | None:
        reason = skipped(source.skip, place)
        is_meant = reason is not None
        title = self.value(source.title, "title", place) if reason is None else ""
        identifier = self.value(source.id, "id", place) if reason is None else ""
        if reason is None and not title:
            reason = "it has no title"
        if reason is None and not identifier:
            reason = "it has no id"
        unit, unit_name = self._unit(source.unit, place) if reason is None else ("", None)
        if reason is None and not unit:
            reason = "it names no unit"
        if reason is not None:
            self.row_results.mark(place, "skipped", reason, is_meant)
            self._drop(source, place, is_meant)
            return None
        keys = dict.fromkeys(k for f in source.match if (k := self.value(f, "match", place)))
        draft = Draft(
            place,
            source,
            identifier,
            list(keys),
            unit,
            unit_name,
            stated_day(self.reader.read(source.as_of, "as_of", place)),
        )
        for name, kind, spec in self._stated[id(source)]:
            if (stated := self.reader.read(spec, name, place)) is not None:
                said = self._person(stated, place) if kind == "person" else stated
                if said is not None:
                    draft.stated[name] = said
        for name, spec in source.custom.items():
            draft.blank.add(f"custom.{name}")
            if (stated := self.reader.read(spec, "custom", place)) is not None:
                draft.custom[name] = stated
                if is_kept_money(spec, "custom"):
                    self._money(draft, place, f"custom.{name}", stated, ("custom", name))
        self._spend(draft)
        for outcomes in source.outcomes:
            self._outcomes(draft, outcomes)
        for name, rows in source.custom_rows.items():
            if (kept := self._custom_rows(draft, name, rows, place)) is not None:
                draft.custom_rows[name] = kept
        return draft

    def value(self, spec: m.Field | None, field: str, place: TableRow) -> str:
        stated = self.reader.read(spec, field, place)
        return "" if stated is None or stated.value is None else str(stated.value)

    def _unit(self, unit: m.Unit, place: TableRow) -> tuple[str, str | None]:
        name = self.value(unit.name, "name", place) or None
        identifier = self.value(unit.id, "id", place) if unit.id is not None else name or ""
        return slug(identifier, 100), name

    def _person(self, stated: Stated, place: TableRow) -> Stated | None:
        if not isinstance(stated.value, str):
            return stated
        person, doubt = self.people.find(stated.value)
        if doubt:
            self.reader.problem(place, stated.column, stated.value, doubt, person is None)
        return None if person is None else Stated(person, column=stated.column)

    def _money(
        self,
        draft: Draft,
        place: TableRow,
        field: str,
        stated: Stated | None,
        fills: tuple[str, ...],
    ) -> Amount | None:
        """Note an amount beside spend, where one is stated."""
        if stated is None or not is_amount(value := stated.value):
            return None
        amount = Amount(place.table.path, place.row.number, stated.column, field, value, fills)
        draft.other_money.append(amount)
        return amount

    def _spend(self, draft: Draft) -> None:
        for row in draft.source.spend:
            amounts = {n: self.reader.read(getattr(row, n), n, draft.place) for n in SPEND}
            given = {
                n: s.value for n, s in amounts.items() if s is not None and s.value is not None
            }
            withheld = next(
                (s.withheld for s in amounts.values() if s is not None and s.withheld), None
            )
            blank = [n for n, s in amounts.items() if s is None and getattr(row, n) is not None]
            year = self.reader.read(row.year, "year", draft.place) if given or blank else None
            stated = year.value if year is not None and isinstance(year.value, int) else None
            draft.blank.update(f"spend.{'*' if row.total else stated}.{n}" for n in blank)
            if given:
                for name, amount in amounts.items():
                    if amount is not None and isinstance(amount.value, (int, float)):
                        one = Amount(
                            draft.place.table.path,
                            draft.place.row.number,
                            amount.column,
                            name,
                            amount.value,
                            year=stated,
                            fate="imported" if stated is not None else "no year",
                        )
                        draft.amounts.append(one)
                draft.is_total = draft.is_total or (row.total and stated is not None)
            elif withheld is not None:
                draft.spend_withheld = withheld
        if any(a.year is not None for a in draft.amounts):
            draft.spend_withheld = None

    # -- rows of other tables ----------------------------------------------------------------

    def _outcomes(self, draft: Draft, spec: m.Outcomes) -> None:
        if spec.table is None:
            self._outcome(draft, spec, draft.place)
            return
        for place in self.joined(spec.table, spec.on, draft.place):
            if self.row_results.is_marked(place):
                continue
            reason = skipped(spec.skip, place)
            if reason is not None:
                self.row_results.mark(place, "skipped", reason, True)
                if spec.results is not None:
                    self._drop_joined(spec.results, place, spec.table, True)
            elif self._outcome(draft, spec, place):
                self.row_results.mark(place, "imported")
            else:
                self.row_results.mark(place, "skipped", "it has no id, or lacks a field of `needs`")

    def _outcome(self, draft: Draft, spec: m.Outcomes, place: TableRow) -> bool:
        read = {n: self.reader.read(field, n, place) for n, field in self._given[id(spec)]}
        stated = {n: s.value for n, s in read.items() if s is not None and s.value is not None}
        identifier = self.value(spec.id, "id", place)
        money = self._money(
            draft, place, "outcome value", read.get("value"), ("outcome", identifier)
        )
        lacks = any(n not in stated for n in spec.needs)
        if money is not None and (lacks or not identifier):
            money.fate = "needs" if lacks else "no id"
        if lacks or not identifier:
            reasons = [
                s.withheld
                for n, s in read.items()
                if n in spec.needs and s is not None and s.withheld
            ]
            draft.outcomes_withheld = reasons[0] if reasons else draft.outcomes_withheld
            return False
        came = spec.results
        results = self._results(draft, identifier, came, place) if came is not None else []
        draft.outcomes.append(Outcome(id=identifier, results=results, **stated))  # type: ignore[arg-type]
        return True

    def _results(
        self, draft: Draft, outcome: str, spec: m.Results, parent: TableRow
    ) -> list[Result]:
        found: dict[datetime.date, Result] = {}
        for place in self.joined(spec.table, spec.on, parent):
            if self.row_results.is_marked(place):
                continue
            is_meant = (reason := skipped(spec.skip, place)) is not None
            read = {n: self.reader.read(getattr(spec, n), n, place) for n in _RESULT}
            fields = {n: s.value for n, s in read.items() if s is not None and s.value is not None}
            day = fields.get("date")
            if reason is None and not isinstance(day, datetime.date):
                reason = "it has no date"
            if reason is not None or not isinstance(day, datetime.date):
                self.row_results.mark(place, "skipped", reason or "", is_meant)
                continue
            fills = ("result", outcome, day.isoformat())
            money = self._money(draft, place, "result value", read.get("value"), fills)
            if money is not None and day in found:
                money.fate = "same" if found[day].value == money.value else "other"
            self.row_results.mark(place, "merged" if day in found else "imported")
            result = Result(**fields)  # type: ignore[arg-type]
            if day in found and found[day].actual != result.actual:
                self.reader.problem(
                    place,
                    "",
                    day,
                    "a second, different result of this day; the one read first is kept",
                )
            found.setdefault(day, result)
        return [found[day] for day in sorted(found)]

    def _custom_rows(self, draft: Draft, key: str, spec: m.CustomRows, parent: TableRow) -> Plain:
        kept: list[Plain] = []
        counts: dict[str, int] = dict.fromkeys(spec.filled, 0)
        sums: dict[str, list[int | float]] = {name: [] for name in spec.sum}
        count = 0
        for place in self.joined(spec.table, spec.on, parent):
            if self.row_results.is_marked(place):
                continue
            reason = skipped(spec.skip, place)
            if reason is not None:
                self.row_results.mark(place, "skipped", reason, True)
                continue
            self.row_results.mark(place, "imported" if spec.each else "merged")
            count += 1
            stated = {n: self.reader.read(f, "each", place) for n, f in spec.each.items()}
            record: dict[str, Plain] = {}
            for name, found in stated.items():
                if found is not None and found.value is not None:
                    record[name] = (
                        list(found.value) if isinstance(found.value, list) else found.value
                    )
                    if is_kept_money(spec.each[name], "each"):
                        self._money(draft, place, f"custom.{key}.{name}", found, ("rows", key))
            kept.append(record)
            for name, column in spec.filled.items():
                counts[name] += bool(one_line(place.table.cell(place.row, column)))
            for name, field in spec.sum.items():
                amount = self.reader.read(field, "sum", place)
                if amount is not None and isinstance(amount.value, (int, float)):
                    sums[name].append(amount.value)
                    if is_kept_money(field, "sum"):
                        self._money(draft, place, f"custom.{key}.{name}", amount, ("rows", key))
        if not count:
            return None
        return (
            kept
            if spec.each
            else FlowMapping(
                {"count": count, **counts, **{n: total(found) for n, found in sums.items()}}
            )
        )

    def joined(
        self, table: str, on: list[str] | dict[str, str], parent: TableRow
    ) -> list[TableRow]:
        """Return the rows of another table whose columns equal those of this row."""
        columns = pairs(on)
        theirs = tuple(c for c, _ in columns)
        index = self._indexes.get((table, theirs))
        if index is None:
            index = self._indexes[table, theirs] = {}
            for child in self.tables.get(table, []):
                for row in child.rows:
                    key = tuple(key_of(one_line(child.cell(row, c))) for c in theirs)
                    index.setdefault(key, []).append(TableRow(child, row))
        self._parents[table] = f"no row of `{parent.table.name}` has its {' and '.join(theirs)}"
        key = tuple(key_of(one_line(parent.table.cell(parent.row, c))) for _, c in columns)
        return index.get(key, []) if any(key) else []

    def _drop(self, source: m.Investments, place: TableRow, is_meant: bool) -> None:
        """Say of the rows that belong to a skipped row that they are skipped with it."""
        table = place.table.name
        for outcomes in source.outcomes:
            if outcomes.table is not None and outcomes.on:
                for child in self._drop_joined(outcomes, place, table, is_meant):
                    if outcomes.results is not None:
                        self._drop_joined(outcomes.results, child, table, is_meant)
        for rows in source.custom_rows.values():
            self._drop_joined(rows, place, table, is_meant)

    def _drop_joined(
        self, spec: m.Joined | m.Outcomes, place: TableRow, parent: str, is_meant: bool
    ) -> list[TableRow]:
        children = self.joined(spec.table or "", spec.on, place)
        for child in children:
            said = f"the row of `{parent}` that it belongs to is skipped"
            self.row_results.mark(child, "skipped", said, is_meant)
        return children

    # -- the account -------------------------------------------------------------------------

    def accounts(self) -> list[TableAccount]:
        used: dict[str, set[str]] = {}
        for use in uses(self.mapping):
            used.setdefault(use.table, set()).update(header_key(c) for _, c in columns_of(use.spec))
        for _, name, column in other_columns(self.mapping):
            used.setdefault(name, set()).add(header_key(column))
        lookups = {
            u.spec.lookup.table
            for u in uses(self.mapping)
            if isinstance(u.spec, m.Spec) and u.spec.lookup
        }
        for table in (t for found in self.tables.values() for t in found):
            note_faults(table, self.reader)
        found: list[TableAccount] = []
        for name, tables in self.tables.items():
            for table in tables:
                if name in lookups:
                    for row in table.rows:
                        if (table.path, row.number) in self.reader.looked_up:
                            self.row_results.mark(TableRow(table, row), "looked up")
                otherwise = self._parents.get(name) or (
                    "no row refers to it" if name in lookups else "the mapping does not use it"
                )
                found.append(self.row_results.account(table, used.get(name, set()), otherwise))
        return found


def collect(
    mapping: m.Mapping,
    tables: dict[str, list[SourceTable]],
    people: dict[str, Person],
    as_of: datetime.date | None = None,
) -> Collected:
    """Return what the tables hold.  `people` are those whom the organisation already knows.

    `as_of` is the day of rows that state none.
    """
    collector = _Collector(mapping, tables, people)
    drafts: list[Draft] = []
    for source in mapping.investments:
        for table in tables.get(table_of(mapping, source), []):
            for row in table.rows:
                draft = collector.draft(source, TableRow(table, row))
                if draft is not None:
                    drafts.append(draft)
    days = set_days(drafts, mapping, as_of)
    taken: set[str] = set()
    order = {id(d): at for at, d in enumerate(drafts)}
    groups = sorted(grouped(drafts), key=lambda g: order[id(g.drafts[0])])
    drafts.clear()
    imports: list[Import] = []
    groups.reverse()
    while groups:  # what rows said goes as soon as it is merged: a large table says much
        group = groups.pop()
        found = merged(group, mapping.mapping.name, taken)
        imports.append(found)
        note_blanks(found, group.drafts)
        for at, place in enumerate(found.places):
            collector.row_results.mark(place, "merged" if at else "imported")
    accounts = collector.accounts()
    totals = partial(
        control_totals, mapping, tables, collector.reader, collector.row_results, imports
    )
    return Collected(
        imports,
        collector.people.new,
        accounts,
        list(collector.reader.problems.values()),
        totals(),
        unaccounted(mapping, imports),
        totals,
        days,
    )
