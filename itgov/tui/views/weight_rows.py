"""What hangs on the weights of engagement health, as rows: each weight, and the units it moves."""

from __future__ import annotations

from collections.abc import Container, Iterator

from msgspec import Struct

from itgov.insight.health_types import RankMove, WeightMove
from itgov.report.health_words import dimension_titles, rank_words
from itgov.report.words import plural
from itgov.tui.columns import ColumnOf, Columns
from itgov.tui.views.figures import number, score
from itgov.tui.views.health_rows import HealthRows
from itgov.tui.widgets.styled_text import Cell


def move_rows(rows: HealthRows, opened: Container[str] | None = None) -> Iterator[str]:
    """Yield a row for each weight that is tried, and under an open one, or any, those of its units."""
    for index, move in enumerate(rows.weights):
        key = move_key(index, move)
        yield key
        if opened is None or key in opened:
            yield from (f"{key}\n{unit.id}" for unit in move.units)


def move_key(index: int, move: WeightMove) -> str:
    """Return the row of a weight that is tried."""
    return f"{index}:{move.dimension}"


def move_of(rows: HealthRows, row: str) -> tuple[WeightMove | None, RankMove | None]:
    """Return what a row of the weights says: the weight, and the unit if it is one's."""
    key, _, unit = row.partition("\n")
    index = key.partition(":")[0]
    if not index.isdigit() or int(index) >= len(rows.weights):
        return None, None
    move = rows.weights[int(index)]
    return move, next((u for u in move.units if u.id == unit), None)


class MoveRow(Struct, frozen=True, kw_only=True):
    """A weight that is tried, or a unit that it moves, as a row."""

    name: str
    rank: Cell
    score: Cell
    band: Cell
    weight: str = ""


MOVES: Columns[MoveRow] = Columns(
    ColumnOf("name", "dimension", 22, flex=3, cell=lambda m: m.name),
    ColumnOf("weight", "weight", 11, cell=lambda m: m.weight),
    ColumnOf("rank", "rank", 17, flex=1, cell=lambda m: m.rank),
    ColumnOf("score", "this unit / score", 17, flex=1, cell=lambda m: m.score),
    ColumnOf("band", "band", 14, flex=3, drop=1, cell=lambda m: m.band),
)


def move_row(rows: HealthRows, row: str, selected: str | None) -> MoveRow:
    """Return a weight, or a unit that it moves, as a row."""
    move, unit = move_of(rows, row)
    if move is None:
        return MoveRow(name="", rank="", score="", band="")
    return _unit(rows, unit) if unit is not None else _weight(rows, move, selected)


def _unit(rows: HealthRows, unit: RankMove) -> MoveRow:
    bands = unit.band_before, unit.band
    return MoveRow(
        name=rows.units[unit.id].name,
        rank=rank_words(unit.rank_before, unit.rank),
        score=f"{score(unit.score_before)} → {score(unit.score)}",
        band=((f"{bands[0]} → {bands[1]}", "warning"),) if bands[0] != bands[1] else "",
    )


def _weight(rows: HealthRows, move: WeightMove, selected: str | None) -> MoveRow:
    changed = sum(u.band != u.band_before for u in move.units)
    here = next((u for u in move.units if u.id == selected), None)
    own: Cell = (("stays", "muted"),)
    if here is not None:
        own = f"rank {rank_words(here.rank_before, here.rank)}"
    told = f"{len(move.units):,} of {plural(len(rows.units), 'unit')} move"
    words = f"{plural(changed, 'band')} changes" if changed == 1 else f"{changed:,} bands change"
    return MoveRow(
        name=dimension_titles(rows.report)[move.dimension], weight=f"{number(move.weight_before)} → {number(move.weight)}",
        rank=told if move.units else (("no change", "muted"),), score=own,
        band=((words, "warning"),) if changed else "",
    )  # fmt: skip
