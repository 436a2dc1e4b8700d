"""Drafting a mapping for a table nobody has seen, from its headers and values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import structs

from itgov.files.write import text
from itgov.importing import dates
from itgov.importing import values as v
from itgov.importing.column_choice import ColumnChoice, name_forms, rank, why
from itgov.importing.cost_lines import ADDED, PARTS, CostLines, cost_lines, differs
from itgov.importing.draft_fields import DraftLine, field_lines
from itgov.importing.draft_spend import SpendDraft
from itgov.importing.fill_down import names_groups
from itgov.importing.languages import column_phrases, other_phrases
from itgov.importing.looks import (
    ENOUGH,
    ColumnLook,
    are_people,
    custom_spec,
    date_formats,
    date_spec,
    lettered,
    money_spec,
    name_of,
    wordy,
)
from itgov.importing.questions import ADD, NO_COLUMN, ONLY, Asked, Choice, Question, examples
from itgov.importing.table_questions import NO_UNIT, are_units, day_of, which_column
from itgov.importing.titles import Title
from itgov.importing.trouble import shown
from itgov.importing.unit_questions import SaidUnit
from itgov.model.text import plural


class MappingDraft(ColumnChoice):
    """Drafts the lines of a mapping for the columns of one table."""

    def __init__(
        self,
        columns: list[ColumnLook],
        path: Path,
        year: int,
        asked: Asked,
        above: Title | None = None,
        said: SaidUnit | None = None,
    ) -> None:
        super().__init__(columns, asked)
        self.path = path
        self.above = above
        self.unit: ColumnLook | None = None
        self.named_by = columns[0] if columns else ColumnLook("", [], 0)
        """The column whose cells tell rows apart for a reader: the titles."""
        self.keys: tuple[ColumnLook, ColumnLook] | None = None
        """The column of ids and that of years, where an id stands once for each year."""
        self.fill_down: list[str] = []
        """The columns of which a blank cell means the cell above."""
        self.lines: CostLines | None = None
        """Rows that are lines of the cost of the row above."""
        self.merged_by: ColumnLook | None = None
        """The column of which equal cells make rows one investment."""
        self._skips: list[str] = []
        """What is left out, as was answered."""
        self.beside = " ".join(
            [*(above.texts if above is not None else ()), said.text if said else ""]
        )
        """What the texts around the table say."""
        self.spend = SpendDraft(self, year, said, above.year if above is not None else 0)
        self.day = ""
        """Of which day the table is, where that was asked."""

    @property
    def money(self) -> list[ColumnLook]:
        """The columns that are read as spend."""
        return self.spend.money

    @property
    def currencies(self) -> ColumnLook | None:
        """The column that says each row's currency."""
        return self.spend.currencies

    @property
    def years(self) -> ColumnLook | None:
        """The column that says each row's year."""
        return self.spend.years

    @property
    def scale(self) -> str:
        """What all amounts are multiplied by, where that was asked."""
        return self.spend.scale

    def _cost_lines(self) -> None:
        """Ask what rows are that have amounts and no title, and read the columns accordingly."""
        title = next(iter(self.ranked("title", lettered)), None)
        found = cost_lines(title, self.ranked("id"), self.columns) if title is not None else None
        if found is None:
            return
        answer = self.asked.ask(found.question)
        if answer == ADDED:
            named = [*self.ranked("id"), *self.ranked("unit", lettered)]
            self.lines = found
            self.fill_down = [c.name for c in found.fills(named)]
            self.columns = found.filled(self.columns, named)
        elif answer == PARTS:
            name = name_of(found.title, True)
            self._skips.append(
                f"{{column: {name}, is: [missing], because: a part of the row above}}"
            )

    def _other_currencies(self) -> None:
        """Leave out rows in other currencies, where that was answered."""
        answer, column = self.asked.answers.get("currency", ""), self.currencies
        code = answer.removesuffix(ONLY)
        if code == answer or column is None:
            return
        others = sorted({w for w in column.words if v.key_of(w) != v.key_of(code)})
        listed = ", ".join(text(word, True) for word in others)
        name = name_of(column, True)
        self._skips.append(f"{{column: {name}, is: [{listed}], because: not in {code}}}")

    def body(self) -> Iterator[str]:
        """Yield the lines that say how investments are read."""
        self._cost_lines()
        self.spend.find_kinds()
        title = self._title()
        self.named_by = title or self.named_by
        unit = self.unit = self._unit()
        self.fill_down += self._fills_down(unit)
        identifier = self._identifier(title, unit)
        as_of = self._as_of()
        fields = list(field_lines(self))
        outcome = next((line for line in fields if line.field == "outcomes"), None)
        self.spend.has_outcome = outcome is not None
        spend = self.spend.lines()
        if outcome is not None and self.spend.value is not None:
            value = f", value: {money_spec(self.spend.value)}, needs: ["
            outcome.spec = outcome.spec.replace(", needs: [", value)
        yield "investments:"
        yield "  - table: table"
        yield f"    id: {identifier.spec}   # {identifier.comment}"
        self._other_currencies()
        if self._skips:
            yield f"    skip: [{', '.join(self._skips)}]"
        if self.asked.answers.get("merge") == ADD or self.lines is not None:
            yield "    merge: {spend: sum}   # rows with one id are lines of one cost"
        elif spend is not None and spend.is_sum:
            yield "    merge: {spend: sum}   # columns of one year are parts of one amount"
        if title is not None:
            yield f"    title: {name_of(title)}   # {title.comment()}{why(title, 'title')}"
        else:
            yield "    title: {value: Untitled}   # no column has the titles"
        yield "    unit:"
        if unit is not None:
            yield f"      name: {_unit_spec(unit, unit.name in self.fill_down)}   # {unit.comment()}{why(unit, 'unit')}"
        else:
            yield "      name: {value: All}   # no column has the units: all go into one file"
        yield as_of
        for line in fields:
            gap = "" if line.spec.startswith("\n") else " "
            comment = f"   # {line.comment}" if line.comment else ""
            yield f"    {line.field}:{gap}{line.spec}{comment}"
        if spend is not None:
            said = f"   # {spend.comment}" if spend.comment else ""
            yield f"    spend:{''.join(spend.rows)}{said}"
        rest = [c for c in self.free() if not self._tells_lines_apart(c)]
        if rest:
            yield "    # kept under `custom`; delete what is not needed"
            yield "    custom:"
            yield from self._custom(rest)

    def _tells_lines_apart(self, column: ColumnLook) -> bool:
        """Say whether a column says what each line of one cost is, and so is no investment's."""
        if self.lines is not None:
            return self.lines.differ(column)
        key = self.merged_by if self.asked.answers.get("merge") == ADD else None
        return key is not None and differs(column, key)

    # -- what an investment is ---------------------------------------------------------------

    def _title(self) -> ColumnLook | None:
        if (found := self.find("title", lettered)) is not None:
            return found
        numbers = self.ranked("id")
        left = [c for c in self.free() if c.share(wordy) >= ENOUGH and not are_people(c)]
        left = [c for c in left if c not in numbers] or left
        return self.take(max(left, key=lambda c: len(set(c.words)), default=None))

    def _unit(self) -> ColumnLook | None:
        """Return the column of business units; what is only perhaps one is asked."""
        ranked = [c for c in self.ranked("unit", lettered) if not are_people(c) and _has_ids(c)]
        if ranked:
            return self.take(ranked[0])
        perhaps = [c for c in self.ranked("unit", wordy, perhaps=True) if not are_people(c)]
        if not perhaps:
            return self._any_unit()
        said = f"`{shown(perhaps[0].name)}` may name a unit: it does not hold names of people"
        return self.choose("unit", perhaps, said)

    def _any_unit(self) -> ColumnLook | None:
        """Ask whether a column of few different words names the units, where no name says so."""
        over = next((c for c in self.free() if c.headings > 1), None)
        if over is not None:
            answer = self.asked.ask(are_units(over, self.free()))
            return self.take(next((c for c in self.free() if c.name == answer), None))
        likely = [c for c in self.free() if _has_few_words(c) and not _has_field(c)]
        if not likely:
            return None
        question = which_column(
            "unit", likely, self.free(), "no column is called so; these hold few different words"
        )
        others = tuple(c for c in question.choices if c.answer != NO_COLUMN)
        answer = self.asked.ask(structs.replace(question, proposal=NO_UNIT, others=others))
        return self.take(next((c for c in self.free() if c.name == answer != NO_COLUMN), None))

    def _fills_down(self, unit: ColumnLook | None) -> list[str]:
        """Ask what a blank unit means where each unit is named once, above its rows."""
        if unit is None:
            return []
        by_row = dict(unit.by_row())
        cells = [v.key_of(v.one_line(by_row.get(at, ""))) for at in range(unit.rows)]
        if not names_groups(cells):
            return []
        name = shown(unit.name)
        question = Question(
            "blank_unit",
            f"`{name}` is blank in {plural(unit.rows - len(by_row), 'row')}. What does a blank mean?",
            Choice("above", "the unit of the row above"),
            (Choice("none", "no unit: these rows go to `Unassigned`"),),
            "each unit is named once, and the rows under it are blank",
            examples(unit.cells),
        )
        return [unit.name] if self.asked.ask(question) == "above" else []

    def _identifier(self, title: ColumnLook | None, unit: ColumnLook | None) -> DraftLine:
        answer = self.asked.answers.get("id") or self.asked.answers.get("merge")
        for column in self.columns:
            if column.name == answer and column.cells:
                self.take(column)
                return DraftLine("id", name_of(column), f"{column.comment()}; as answered")
        named = [c for c in self.ranked("id") if date_formats(c) is None and not _counts_rows(c)]
        for column in named:
            if column.is_unique:
                self.take(column)
                return DraftLine("id", name_of(column), f"{column.comment()}; all different")
        yearly = [*self.ranked("year", dates.year)[:1], *self.ranked("as_of")[:1]]
        for column in named:
            for other in yearly:
                if _are_unique(column, other):
                    self.take(column)
                    self.keys = (column, other)
                    said = f"{column.comment()}; once for each `{shown(other.name)}`"
                    return DraftLine("id", name_of(column), said)
        if title is None:
            return DraftLine("id", "{value: unknown}", "no column identifies the rows")
        self.merged_by = title
        whole = [c for c in named if len(c.cells) == c.rows and _different(c) >= _different(title)]
        if whole:
            self.merged_by = self.take(whole[0])
            again = plural(whole[0].rows - _different(whole[0]), "row")
            said = f"{whole[0].comment()}; {again} with the number of another, which are merged"
            return DraftLine("id", name_of(whole[0]), said)
        if not title.is_unique and unit is not None:
            template = text("{" + unit.name + "} {" + title.name + "}", True)
            said = "titles are not unique, so unit and title make the id; equal ones are merged"
            return DraftLine("id", f"{{template: {template}, as: slug}}", said)
        said = "no column of numbers is unique, so the title makes the id"
        if named:
            gaps = f"`{shown(named[0].name)}` is not filled and different in every row"
            said = f"{gaps}, so the title makes the id"
        return DraftLine("id", f"{{column: {text(title.name, True)}, as: slug}}", said)

    def _as_of(self) -> str:
        """Return the line that says of which day the table is."""
        found, also = self.dated("as_of")
        if found is not None:
            self.spend.dated = found
            return f"    as_of: {date_spec(found)}   # {found.comment()}{also}"
        if (years := self._states_by_year()) is not None:
            self.spend.years = years
            spec = f"{{column: {name_of(years, True)}, as: year}}"
            return f"    as_of: {spec}   # each row is the state of its year; {years.comment()}"
        dated = [c for c in self.columns if c.cells and date_formats(c) is not None]
        if answer := self.asked.answered(day_of(self.path, dated, self.named_by, self.above)):
            self.day = answer
            return (
                "    # the rows do not say of which day they are: `days` above does, file by file"
            )
        return (
            "    # the rows do not say of which day they are, and an older table never overwrites a "
            "newer one:\n"
            "    # import with `--as-of 2026-03-31`, or write `days: {FILE: 2026-03-31}` above"
        )

    def _states_by_year(self) -> ColumnLook | None:
        """Ask whether rows of one id are its states in several years: then the latest year's hold.

        Return the column of years where they are.
        """
        if self.keys is None or self.keys[1].share(dates.year) < ENOUGH:
            return None
        key, years = self.keys
        other = next((c for c in self.free() if c is not years and differs(c, key)), None)
        if other is None:
            return None
        each = (
            f"each row is the state of its `{shown(years.name)}`: of what differs the latest holds"
        )
        question = Question(
            "states",
            f"Rows with one `{shown(key.name)}` differ in `{shown(other.name)}`. What are they?",
            Choice("years", each, examples(years.cells)),
            (Choice("parts", "parts of one state: what the first row says is kept"),),
            "a row for each year may be a report of that year, or only its money",
            matters=True,
        )
        return self.take(years) if self.asked.ask(question) == "years" else None

    def _custom(self, rest: Iterable[ColumnLook]) -> Iterator[str]:
        used: set[str] = set()
        for column in rest:
            key = v.slug(column.name, 60, "_") or "column"
            while key in used:
                key += "_"
            used.add(key)
            kept = self.spend.kept.get(column.name)
            said = f"{kept}; {column.comment()}" if kept else column.comment()
            yield f"      {text(key)}: {custom_spec(column, bool(kept))}   # {said}"


def _are_unique(column: ColumnLook, other: ColumnLook) -> bool:
    """Say whether every row has its own pair of cells."""
    if len(column.cells) != column.rows:
        return False
    others = dict(other.by_row())
    pairs = {(v.key_of(v.one_line(c)), v.one_line(others.get(at, ""))) for at, c in column.by_row()}
    return len(pairs) == column.rows


def _counts_rows(column: ColumnLook) -> bool:
    """Say whether a column only counts the rows, so that the next table counts them otherwise."""
    named = any(form in other_phrases("counts") for form in name_forms(column.name))
    return named and column.words == [str(n) for n in range(1, len(column.words) + 1)]


def _has_ids(column: ColumnLook) -> bool:
    """Say whether an id can be made of every cell that says something."""
    return all(v.slug(w) or v.is_placeholder(w) for w in dict.fromkeys(column.words))


def _unit_spec(unit: ColumnLook, is_filled: bool = False) -> str:
    """Return how the unit is read, so that a row without one is not lost."""
    nothing = [w for w in dict.fromkeys(unit.words) if v.is_placeholder(w)]
    if (is_filled or len(unit.cells) == unit.rows) and not nothing:
        return name_of(unit)
    missing = f", missing: [{', '.join(text(w, True) for w in nothing)}]" if nothing else ""
    return f"{{column: {name_of(unit, True)}{missing}, else: {{value: Unassigned}}}}"


def _different(column: ColumnLook) -> int:
    """Return how many different values a column holds."""
    return len({v.key_of(w) for w in column.words})


_MOST_UNITS = 30
_FIELDS_OF_WORDS = (
    *(
        "confidence",
        "stage",
        "type",
        "purpose",
        "currency",
        "year",
        "as_of",
        "measure",
        "statement",
    ),
    *("start", "end", "measure_unit", "title", "id", "summary", "required_by"),
)


def _has_few_words(column: ColumnLook) -> bool:
    """Say whether a column holds few different words, most of them more than once, and no people."""
    different = _different(column)
    if not 2 <= different <= _MOST_UNITS or different * 2 > len(column.cells):
        return False
    is_filled = len(column.cells) >= ENOUGH * column.rows
    return (
        is_filled and column.share(wordy) >= ENOUGH and not are_people(column) and _has_ids(column)
    )


def _has_field(column: ColumnLook) -> bool:
    """Say whether a column's name is that of a field of words other than the unit."""
    return any(rank(column, column_phrases(field)) is not None for field in _FIELDS_OF_WORDS)
