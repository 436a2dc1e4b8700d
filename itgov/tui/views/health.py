"""The score of each business unit explained, and the best next steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.widget import Widget

from itgov.insight.health_types import HealthReport, UnitHealth
from itgov.insight.why_health import points_name
from itgov.model.finding import Subject, item_of
from itgov.report.figures import at, percent
from itgov.report.health_words import bands_words, cap_effect, scale_words
from itgov.report.words import plural
from itgov.tui.state.room import Room
from itgov.tui.state.row_filter import RowFilter
from itgov.tui.state.selection import Selection, Target
from itgov.tui.views.base import View
from itgov.tui.views.drill_view import DrillView, notice
from itgov.tui.views.formatting import unread_line
from itgov.tui.views.health_rows import (
    ALL,
    COSTLY,
    SCORE_PARTS,
    UNITS,
    WEIGHTS,
    CostlyRow,
    HealthRows,
    cap_of,
    dimension_of,
    part_words,
    score_part,
    score_parts,
)
from itgov.tui.views.subjects import target_of
from itgov.tui.views.turning import Turning
from itgov.tui.views.weight_rows import MOVES, move_key, move_of, move_row, move_rows
from itgov.tui.widgets.page import Page
from itgov.tui.widgets.panes import Stacked
from itgov.tui.widgets.styled_text import Line
from itgov.tui.widgets.table import Table

_NO_FINDING = "No finding loses points here."
_CAP = "A cap is lifted when its reason is fixed. Enter unit · e line."


class HealthView(Turning, DrillView):
    """Units; the dimensions and caps of one; the findings that cost it points, or its weights."""

    NAME: ClassVar[str] = "health"
    FIELDS = COSTLY.fields
    SORTED_BY = {"units": "band"}  # the worst first
    SCOPED_CSS = False  # its rules name classes of the screen around it

    DEFAULT_CSS = """
    HealthView #notice { height: auto; max-height: 40%; }
    HealthView #units { height: auto; max-height: 35%; min-height: 4; }
    HealthView #parts { height: auto; max-height: 45%; min-height: 4; }
    HealthView #moves, HealthView.-weights #costly { display: none; }
    HealthView.-weights #moves { display: block; }
    HealthView.-broken #notice { height: 1fr; max-height: 100%; }
    HealthView.-broken Table { display: none; }
    .-low HealthView #units { max-height: 55%; }
    .-low HealthView #parts { height: 1fr; max-height: 100%; }
    .-low HealthView #costly, .-low HealthView #moves { display: none; }
    .-low HealthView.-at-parts #units, .-low HealthView.-at-costly #units,
    .-low HealthView.-at-moves #units { display: none; }
    .-low HealthView.-at-parts #parts, .-low HealthView.-at-costly #parts,
    .-low HealthView.-at-moves #parts { height: auto; max-height: 55%; }
    .-low HealthView.-at-parts #costly, .-low HealthView.-at-costly #costly { display: block; }
    .-low HealthView.-weights #costly { display: none; }
    .-low HealthView.-weights.-at-parts #moves, .-low HealthView.-at-moves #moves { display: block; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.rows: HealthRows | None = None
        self._matching: Mapping[str, Sequence[str]] = {}
        self._opened: set[str] = set()

    def compose(self) -> ComposeResult:
        """Make the tables."""
        with Stacked():
            yield Page(id="notice").add_class("pane")
            yield Table(UNITS.shown, empty="No business unit here.", id="units").add_class("pane")
            yield Table(SCORE_PARTS.shown, empty="Nothing is selected.", id="parts").add_class(
                "pane"
            )
            yield Table(COSTLY.shown, empty=_NO_FINDING, id="costly").add_class("pane")
            yield Table(MOVES.shown, empty="No weight to move.", id="moves").add_class("pane")

    def order(self) -> Sequence[str]:
        """From units to what a unit loses to what costs it."""
        if self.has_class("-broken"):
            return ("notice",)
        return ("units", "parts", "moves" if self.has_class("-weights") else "costly")

    def first(self) -> Widget:
        """Begin with the units, or with why there are none."""
        return self.query_one("#notice" if self.has_class("-broken") else "#units")

    # -- rows --------------------------------------------------------------------------------

    def fill(self, room: Room) -> None:
        """Show the units, and the selected one's dimensions and findings."""
        report = room.health
        if self.rows is None or self.rows.room is not room:
            self.rows = HealthRows(room, report) if report is not None else None
            if report is not None:
                self.table("units").measure(UNITS.measured(report.units))
        page = self.query_one("#notice", Page)
        self.set_class(report is None, "-broken")
        notice(page, _broken(room) if report is None else _problems(report))
        self.title(page, "Health is unknown" if report is None else "Warning")
        rows = self.rows
        if rows is None or report is None:
            self.found = None
            return
        self._matching = rows.matching(self.sought)
        self.found = (sum(len(f) for f in self._matching.values()), rows.total)
        shown = self.sorted_rows("units", UNITS, {u: rows.units[u] for u in self._matching})
        self.table("units").show(
            shown, lambda row: UNITS.cells(rows.units[row]), wanted=self.sought.highlights
        )
        self.table("units").refresh(layout=True)
        count = f"{len(shown):,} of " if len(shown) < len(report.units) else ""
        title = f"Engagement health of {count}{plural(len(report.units), 'business unit')}"
        below = [self.filter_words] if self.filter_text else []
        below.append(scale_words(report.settings))
        if any(u.caps and u.capped_by is None for u in report.units):
            below.append("in brackets: cap not applied")
        units = f"{count}{plural(len(report.units), 'unit')}"
        bands, fewer = (bands_words(report.units, short) for short in (False, True))
        shorter = (f"{units}: {bands}", f"{units}: {fewer}") if bands else ()
        head = f"{title}: {bands}" if bands else title
        self.title(self.table("units"), head, "; ".join(below), shorter=shorter)
        self._fill_parts()

    @property
    def unit(self) -> UnitHealth | None:
        """The selected business unit."""
        return self.rows.units.get(self.table("units").cursor or "") if self.rows else None

    @property
    def part(self) -> str:
        """How its findings are chosen: all, a cap, a dimension, or its weights instead."""
        return self.table("parts").cursor or ALL

    def _fill_parts(self) -> None:
        rows, unit, table = self.rows, self.unit, self.table("parts")
        if rows is None or unit is None:
            table.show([], lambda row: ())
            self.title(table, "")
        else:
            parts = {row: score_part(rows.report, unit, row) for row in score_parts(unit)}
            table.measure(SCORE_PARTS.measured(parts.values()))
            table.show(list(parts), lambda row: SCORE_PARTS.cells(parts[row]))
            told = f"coverage {percent(unit.coverage)}"
            if unit.caps:
                told = cap_effect(unit, unit.caps[0])
            self.title(table, f"{unit.name}: score and points lost", told)
        table.refresh(layout=True)
        self._fill_costly()

    def _fill_costly(self) -> None:
        rows, unit, part = self.rows, self.unit, self.part
        self.set_class(part == WEIGHTS, "-weights")
        costly, moves = self.table("costly"), self.table("moves")
        if rows is None or unit is None:
            costly.show([], lambda row: ())
            moves.show([], lambda row: ())
            self.title(costly, "")
            return
        found = rows.costly[unit.id]
        dimension, cap = dimension_of(unit, part), cap_of(unit, part)
        whole = [
            row
            for row, c in found.items()
            if cap is None and (dimension is None or dimension.id in c.dimensions)
        ]
        matching = set(self._matching.get(unit.id, ()))
        shown = [row for row in whole if row in matching]
        costly.measure(COSTLY.measured(CostlyRow(unit, c) for c in found.values()))
        costly.empty = _CAP if cap is not None else _NO_FINDING
        costly.show(
            shown,
            lambda row: COSTLY.cells(CostlyRow(unit, found[row])),
            wanted=self.sought.highlights,
        )
        self.title(costly, part_words(unit, part, len(shown), len(whole)), self._message())
        if part == WEIGHTS:
            self._fill_moves(rows, unit)

    def _fill_moves(self, rows: HealthRows, unit: UnitHealth) -> None:
        moves = self.table("moves")
        moves.measure(MOVES.measured(move_row(rows, row, unit.id) for row in move_rows(rows)))
        moves.show(
            list(move_rows(rows, self._opened)),
            lambda row: MOVES.cells(move_row(rows, row, unit.id)),
            shape=self._move_shape,
        )
        self.title(moves, "Sensitivity to weights", "rank 1 is the highest score")

    def _message(self) -> str:
        """Return what the selected finding says: the column is often too narrow for it."""
        unit, rows = self.unit, self.rows
        row = self.table("costly").cursor
        costly = rows.costly[unit.id].get(row or "") if rows and unit else None
        return costly.finding.message if costly is not None else ""

    def _move_shape(self, row: str) -> tuple[int, bool | None]:
        if self.rows is None or "\n" in row:
            return 1, None
        move, _ = move_of(self.rows, row)
        return 0, row in self._opened if move is not None and move.units else None

    # -- selection ---------------------------------------------------------------------------

    def searched(self) -> RowFilter[int] | None:
        """Return the units and the findings that cost points."""
        return self.rows.row_filter if self.rows is not None else None

    def selection(self) -> Selection:
        """Return the finding or the unit that the cursor is on."""
        unit, rows, at_ = self.unit, self.rows, self.at
        if unit is None or rows is None:
            return Selection()
        costly = rows.costly[unit.id].get(self.table("costly").cursor or "")
        if at_ == "costly" and costly is not None:
            found = costly.finding
            return Selection(
                kind=found.subject.kind, id=found.subject.id, unit=unit.id,
                investment=item_of(found.subject), finding=found, place=found.place,
                person=found.subject.id if found.subject.kind == "relationship_manager" else None,
                figure=(Subject("business_unit", unit.id), points_name(unit, costly)),
            )  # fmt: skip
        place, figure = unit.place, None
        if at_ == "parts":
            cap, dimension = cap_of(unit, self.part), dimension_of(unit, self.part)
            if cap is not None:
                place, figure = cap.place, f"caps.{unit.caps.index(cap) + 1}.at_most"
            elif dimension is not None and dimension.place is None:
                figure = f"dimensions.{dimension.id}.score"
            elif dimension is not None and dimension.place is not None:
                place, figure = dimension.place, f"dimensions.{dimension.id}.score"
        record = rows.room.portfolio.units[unit.id].record
        return Selection(
            kind="business_unit", id=unit.id, unit=unit.id, place=place,
            person=record.relationship_manager,
            figure=(Subject("business_unit", unit.id), figure) if figure is not None else None,
        )  # fmt: skip

    def go_to(self, target: Target) -> bool:
        """Select a unit, or the unit of an investment with what costs it points there."""
        room, rows = self.room, self.rows
        if room is None or rows is None:
            return False
        if target.kind == "business_unit":
            return self._select_unit(target.id)
        item = room.items.get(target.id.partition("/")[0])
        if item is None or not self._select_unit(item.unit):
            return False
        row = next(
            (r for r, c in rows.costly[item.unit].items() if c.finding.subject.id == target.id),
            None,
        )
        return row is not None and self.table("costly").select(row)

    def _select_unit(self, unit: str) -> bool:
        if unit not in self.table("units").rows and self.filter_text:
            self.set_filter("")
        if not self.table("units").select(unit):
            return False
        self._fill_parts()
        return True

    # -- messages ----------------------------------------------------------------------------

    def on_table_moved(self, message: Table.Moved) -> None:
        """Show another unit, or the findings of another dimension."""
        message.stop()
        if message.table.id == "units":
            self._fill_parts()
        elif message.table.id == "parts":
            self._fill_costly()
        elif message.table.id == "costly":
            self.subtitle(message.table, self._message())
        self.post_message(self.Changed())

    def on_table_opened(self, message: Table.Opened) -> None:
        """Go deeper: from unit to dimension to finding to what it is about."""
        message.stop()
        unit, rows, row = self.unit, self.rows, message.row
        if unit is None or rows is None or row is None:
            return
        if message.table.id == "units":
            self.go_into("parts")
        elif message.table.id == "parts":
            if cap_of(unit, row) is not None:
                self.post_message(View.GoTo(Target("portfolio", "business_unit", unit.id)))
            else:
                self.go_into(self.order()[-1])
        elif message.table.id == "costly":
            target = target_of(rows.room, rows.costly[unit.id][row].finding)
            if target is not None:
                self.post_message(View.GoTo(target))
        elif "\n" in row:
            self._select_unit(row.partition("\n")[2])
            self.go_into("units")
        else:
            self._fold(row, row not in self._opened)

    def on_table_folded(self, message: Table.Folded) -> None:
        """Show or hide the units that a weight moves."""
        message.stop()
        self._fold(message.row, message.opened)

    def _fold(self, row: str | None, opened: bool) -> None:
        keys = {move_key(i, m) for i, m in enumerate(self.rows.weights)} if self.rows else set()
        which = keys if row is None else {row}
        self._opened = self._opened | which if opened else self._opened - which
        self._fill_costly()

    def turn(self, step: int) -> None:
        """Show the findings of the next dimension, or of the one before; after the last, the weights."""
        table = self.table("parts")
        if not table.rows:
            return
        deep = self.at in ("costly", "moves")
        table.cursor = table.rows[((table.position or 0) + step) % len(table.rows)]
        self._fill_costly()
        if self.at != "parts" and deep:
            self.go_into(self.order()[-1])


def _problems(report: HealthReport) -> list[Line]:
    lines: list[Line] = [
        ((f"{at(p.place)}  ", "warning"), (p.message, "")) for p in report.problems
    ]
    if report.unread:
        lines.append(unread_line(report.unread))
    return lines


def _broken(room: Room) -> list[Line]:
    lines: list[Line] = [
        ((f"{room.book.health_path} has errors, so nothing was measured", "error"),),
        (),
    ]
    for f in room.book.health_errors:
        lines.append(((f"{f.located()}  ", "strong"), (f.message, "")))
        if f.fix:
            lines.append((("    fix: ", "muted"), (f.fix, "muted")))
    key = "Fix it and press R; the other views are not affected."
    return [*lines, (), ((key, "accent"),)]
