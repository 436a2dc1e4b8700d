"""Drafting a mapping for a table nobody has seen, from its headers and values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from msgspec import Struct

from itgov.files.write import text
from itgov.importing import values as v
from itgov.importing import words
from itgov.importing.looks import (
    ENOUGH,
    ColumnLook,
    Test,
    custom_spec,
    date_formats,
    date_spec,
    decimal_of,
    is_prose,
    is_score,
    money_spec,
    name_of,
    personal,
    read_date,
    read_money,
    share_of,
    stage_of,
    wordy,
)
from itgov.importing.questions import ADD, Asked
from itgov.importing.table_questions import WHOLE, day_of, money_unit, which_column, year_of
from itgov.model.fields import choices
from itgov.model.types import Investment

_WHOLE_LIFE = r"whole life|\bwlc\b|life ?time|life ?cycle|\btco\b|cost of ownership"
_NO_MONEY = r"score|rating|\brank|change|variance|percent|\bpct\b|priorit|health|comment|\bnotes?\b"


class DraftLine(Struct):
    """A line of the draft: what a field is read from, and why."""

    field: str
    spec: str
    comment: str


class MappingDraft:
    """Drafts the lines of a mapping for the columns of one table."""

    def __init__(self, columns: list[ColumnLook], path: Path, year: int, asked: Asked) -> None:
        self.columns = columns
        self.path = path
        self.year = year
        self.asked = asked
        """What is not sure is asked here: `self.asked.ask(Question(…))` returns answer or proposal."""
        self.money: list[ColumnLook] = []
        self.unit: ColumnLook | None = None
        self.named_by = columns[0] if columns else ColumnLook("", [], 0)
        """The column whose cells tell rows apart for a reader: the titles."""
        self.years: ColumnLook | None = None
        self.scale = ""
        """What all amounts are multiplied by, where that was asked."""
        self.day = ""
        """Of which day the table is, where that was asked."""
        self.odd: list[str] = []
        """What stands in columns of dates and amounts and is neither."""

    # -- choosing columns --------------------------------------------------------------------

    def choose(
        self, field: str, ranked: list[ColumnLook], why: str, *, matters: bool = False
    ) -> ColumnLook | None:
        """Ask which of several columns a field is, the likeliest first; take what is answered."""
        free = [c for c in self.columns if not c.taken and c.cells]
        answer = self.asked.ask(which_column(field, ranked, free, why, matters=matters))
        chosen = next((c for c in free if c.name == answer), None)
        if chosen is not None:
            chosen.taken = True
        return chosen

    def find(self, pattern: str, test: Test | None = None) -> ColumnLook | None:
        """Return the first column not yet taken whose name and cells fit."""
        for column in self.columns:
            if column.taken or not column.cells or not re.search(pattern, column.key):
                continue
            if test is None or column.share(test) >= ENOUGH:
                column.taken = True
                return column
        return None

    def body(self) -> Iterator[str]:
        """Yield the lines that say how investments are read."""
        unit = self.unit = self.find(
            r"depart|agency|ministry|business unit|division|directorate|\bunit\b|organi[sz]ation"
            r"|bureau|\bteam\b",
            wordy,
        )
        title = self._title()
        self.named_by = title or self.named_by
        identifier = self._identifier(title, unit)
        yield "investments:"
        yield "  - table: table"
        yield f"    id: {identifier.spec}   # {identifier.comment}"
        if self.asked.answers.get("merge") == ADD:
            yield "    merge: {spend: sum}   # rows with one id are lines of one cost"
        if title is not None:
            yield f"    title: {name_of(title)}   # {title.comment()}"
        else:
            yield "    title: {value: Untitled}   # no column has the titles"
        yield "    unit:"
        if unit is not None:
            blank = "" if len(unit.cells) == unit.rows else ", else: {value: Unassigned}"
            name = f"{{column: {name_of(unit, True)}{blank}}}" if blank else name_of(unit)
            yield f"      name: {name}   # {unit.comment()}"
        else:
            yield "      name: {value: All}   # no column has the units: all go into one file"
        yield self._as_of()
        lines = [*self._simple(), *self._spend_lines(), *self._outcome_lines()]
        for line in lines:
            gap = "" if line.spec.startswith("\n") else " "
            yield f"    {line.field}:{gap}{line.spec}" + (
                f"   # {line.comment}" if line.comment else ""
            )
        rest = [c for c in self.columns if not c.taken and c.cells]
        if rest:
            yield "    # kept under `custom`; delete what is not needed"
            yield "    custom:"
            yield from self._custom(rest)

    def _as_of(self) -> str:
        """Return the line that says of which day the table is."""
        found, also = self._dated(
            r"\bas (at|of)\b|\bdate reported|report(ing|ed)? date|snapshot|\bstatus date"
            r"|date de publication|stichtag|\bstand vom\b"
        )
        if found is not None:
            return f"    as_of: {date_spec(found)}   # {found.comment()}{also}"
        dated = [c for c in self.columns if c.cells and date_formats(c) is not None]
        if answer := self.asked.answered(day_of(self.path, dated, self.named_by)):
            self.day = answer
            return (
                "    # the rows do not say of which day they are: `days` above does, file by file"
            )
        return (
            "    # the rows do not say of which day they are, and an older table never overwrites a "
            "newer one:\n"
            "    # import with `--as-of 2026-03-31`, or write `days: {FILE: 2026-03-31}` above"
        )

    def _title(self) -> ColumnLook | None:
        thing = r"^(project|investment|initiative|program(me)?|service|application|product|system)"
        names = (thing + r" (name|title)$", r"\b(title|name)\b", thing + "$")
        for pattern in names:
            if (found := self.find(pattern, wordy)) is not None:
                return found
        left = [c for c in self.columns if not c.taken and c.cells and c.share(wordy) >= ENOUGH]
        best = max(left, key=lambda c: len(set(c.words)), default=None)
        if best is not None:
            best.taken = True
        return best

    def _identifier(self, title: ColumnLook | None, unit: ColumnLook | None) -> DraftLine:
        named = self.asked.answers.get("id") or self.asked.answers.get("merge")
        for column in self.columns:
            if column.name == named and column.cells:
                column.taken = True
                return DraftLine("id", name_of(column), f"{column.comment()}; as answered")
        pattern = r"\bid\b|\bkey\b|\bref(erence)?\b|\bnumber\b|\bno\b|\bcode\b|identifier|\buii\b"
        for column in self.columns:
            if not column.taken and column.is_unique and re.search(pattern, column.key):
                column.taken = True
                return DraftLine("id", name_of(column), f"{column.comment()}; all different")
        if title is None:
            return DraftLine("id", "{value: unknown}", "no column identifies the rows")
        if not title.is_unique and unit is not None:
            template = text("{" + unit.name + "} {" + title.name + "}", True)
            said = "titles are not unique, so unit and title make the id; equal ones are merged"
            return DraftLine("id", f"{{template: {template}, as: slug}}", said)
        said = "no column of numbers is unique, so the title makes the id"
        return DraftLine("id", f"{{column: {text(title.name, True)}, as: slug}}", said)

    # -- fields ------------------------------------------------------------------------------

    def _simple(self) -> Iterator[DraftLine]:
        fields = (
            ("summary", r"descri|summary|\baims?\b|scope|purpose of"),
            ("outcome_owner", r"(outcome|benefit|business) owner"),
            ("relationship_manager", r"relationship manager|account manager|\bbrm\b"),
            ("sponsor", r"sponsor|\bsro\b|senior responsible|executive owner"),
            ("delivery_lead", r"(project|delivery|program(me)?) (lead|manager)|\bpm\b"),
        )
        for field, pattern in fields:
            reads = wordy if field == "summary" else personal
            if (found := self.find(pattern, reads)) is not None:
                yield DraftLine(field, name_of(found), found.comment())
        rated = self.find(
            r"\brag\b|rating|confidence|health|colou?r|status|assessment", words.rating
        )
        if rated is not None:
            yield DraftLine("confidence", name_of(rated), rated.comment())
        yield from self._chosen("type", r"\btype\b|kind")
        yield from self._stage()
        for field, pattern in (
            ("start", r"start|begin|commence|kick ?off"),
            ("end", r"\bend\b|finish|complet|clos(e|ure|ing) date|go ?live|target date"),
            ("last_reviewed", r"last review|reviewed"),
            ("next_review", r"next review"),
        ):
            found, wanted = self._dated(pattern)
            if found is not None:
                yield DraftLine(field, date_spec(found), f"{found.comment()}{wanted}")

    def _chosen(self, field: str, pattern: str) -> Iterator[DraftLine]:
        found = self.find(pattern, lambda cell: words.choice(cell, choices(Investment, field)))
        if found is not None:
            yield DraftLine(field, name_of(found), found.comment())

    def _stage(self) -> Iterator[DraftLine]:
        for column in self.columns:
            words = list(dict.fromkeys(column.words))
            named = re.search(r"status|stage|phase|^state$|\bstate$", column.key)
            if column.taken or not named or not 0 < len(words) <= 20:
                continue
            means = {w: stage_of(w) for w in words}
            if all(m == "missing" for m in means.values()):
                continue
            column.taken = True
            pairs = ", ".join(f"{text(w, True)}: {m}" for w, m in means.items())
            spec = f"{{column: {text(column.name, True)}, values: {{{pairs}}}}}"
            yield DraftLine("stage", spec, "check the meaning of each")
            return

    def _dated(self, pattern: str) -> tuple[ColumnLook | None, str]:
        for column in self.columns:
            if column.taken or not column.cells or not re.search(pattern, column.key):
                continue
            wanted = date_formats(column)
            if wanted is None:
                continue
            column.taken = True
            self._note_odd(column, partial(read_date, wanted[0]))
            column.formats = wanted[0]
            return column, f"; could also be {wanted[1]}" if len(wanted) > 1 else ""
        return None, ""

    def _spend_lines(self) -> Iterator[DraftLine]:
        amounts = {
            "budget": r"budget|approved|\bcosts?\b|funding|allocation|price|amount",
            "actual": r"actual|spent|spend|expend|invoiced",
            "forecast": r"forecast|estimate|outturn|projection",
        }
        years = self.years = self.find(r"year|\bfy\b", v.year)
        found: dict[str, dict[str, str]] = {}
        for field in ("forecast", "actual", "budget"):
            while (column := self._amount(amounts[field])) is not None:
                named = re.search(r"\b(20\d\d)\b", column.key)
                year = name_of(years, True) if years else f"{{value: {named[1] if named else 0}}}"
                if field in found.setdefault(year, {}):
                    column.taken = False
                    break
                found[year][field] = money_spec(column)
        if not found:  # nothing else is money: what is less surely a year's budget
            for pattern in (_WHOLE_LIFE, r"\bvalue\b"):
                if not found and (column := self._amount(pattern, False)) is not None:
                    found["{value: 0}"] = {"budget": money_spec(column)}
        rows = []
        said = ""
        for year, parts in found.items():
            is_total, start = year == "{value: 0}", year
            if is_total:
                answer = self.asked.ask(year_of(self.money, self.year)) or WHOLE
                is_total = answer == WHOLE
                start = f"{{value: {self.year if is_total else answer}}}"
                said = "this year is used for the whole budget" if is_total else ""
            fields = ", ".join(f"{n}: {s}" for n, s in sorted(parts.items(), key=_in_order))
            total = ", total: true" if is_total else ""
            rows.append(f"\n      - {{year: {start}, {fields}{total}}}")
        if rows:
            if (unit := money_unit(self.money)) is not None:
                self.scale = self.asked.ask(unit) or "1"
            yield DraftLine("spend", "".join(rows), said)

    def _amount(self, pattern: str, of_a_year: bool = True) -> ColumnLook | None:
        for column in self.columns:
            if column.taken or not re.search(pattern, column.key) or is_score(column):
                continue
            if re.search(_NO_MONEY, column.key) or "%" in column.name:
                continue
            if of_a_year and re.search(_WHOLE_LIFE, column.key):
                continue
            if not column.cells:  # only failed formulas: it is read, so that they are named
                if column.faults:
                    column.taken = True
                    return column
                continue
            if (decimal := decimal_of(column)) is None:
                continue
            column.taken = True
            self.money.append(column)
            self._note_odd(column, partial(read_money, decimal))
            return column
        return None

    def _note_odd(self, column: ColumnLook, reads: Test) -> None:
        """Note what stands in a column of dates or amounts and is neither."""
        for word in dict.fromkeys(v.one_line(c) for c in column.cells if not isinstance(c, bool)):
            pattern = word if len(word) <= 30 else f"{word.split()[0]}*"
            if share_of([word], reads) or v.is_placeholder(word):
                continue
            if not re.search(r"\d", pattern) and pattern not in self.odd and len(self.odd) < 12:
                self.odd.append(pattern)

    def _outcome_lines(self) -> Iterator[DraftLine]:
        named = r"\bkpi\b|measure|metric|benefit|outcome"
        measure = next(
            (
                c
                for c in self.columns
                if not c.taken
                and c.cells
                and re.search(named, c.key)
                and c.share(wordy) >= ENOUGH
                and not is_prose(c)
            ),
            None,
        )
        if measure is None:
            return
        measure.taken = True
        parts = ["id: {value: outcome-1}", f"measure: {name_of(measure, True)}", "needs: [measure]"]
        for field in ("baseline", "target"):
            column = self.find(field, v.number)
            parts += [f"{field}: {name_of(column, True)}"] if column else []
        yield DraftLine("outcomes", f"\n      - {{{', '.join(parts)}}}", measure.comment())

    def _custom(self, rest: Iterable[ColumnLook]) -> Iterator[str]:
        used: set[str] = set()
        for column in rest:
            key = v.slug(column.name, 60, "_") or "column"
            while key in used:
                key += "_"
            used.add(key)
            yield f"      {text(key)}: {custom_spec(column)}   # {column.comment()}"


def _in_order(part: tuple[str, str]) -> int:
    return ("budget", "actual", "forecast").index(part[0])
