"""`itgov value --curve` laid out: planned, realised and expected money by period."""

from __future__ import annotations

from collections.abc import Iterator

from itgov.insight.value_curve import Curve, CurvePoint, Curves
from itgov.report.blocks import Block, Column, Heading, Legend, Para, Table, Title
from itgov.report.figures import UNKNOWN, money, short
from itgov.report.value_document import amounts_in

_NUMBERS = (
    "planned", "realised", "confirmed", "not measured", "expected", "assumed", "fading",
)  # fmt: skip
_SPARE = ((3,), (6,))
"""The columns that a narrow terminal does without: confirmed, then assumed."""


def curves_document(curves: Curves) -> Iterator[Block]:
    """Lay money over time out, a table for each curve."""
    words = f"planned and realised money by fiscal {curves.step}"
    yield Title(words, curves.organisation, curves.as_of, amounts_in(curves.currency))
    for curve in curves.curves:
        if len(curves.curves) > 1 or curve.kind != "organisation":
            yield Heading(f"{short(curve.id)}: {short(curve.name)}")
        if curve.points:
            yield _table(curve, curves)
        else:
            yield Para("No money was planned, realised or forecast.")
    yield Legend(
        [
            "Realised, confirmed and not measured are up to the as-of day; expected, assumed and fading "
            "after it. Assumed is expected without a forecast."
        ]
    )


def _table(curve: Curve, curves: Curves) -> Table:
    columns = [Column(curves.step, "head"), *(Column(n, "number") for n in _NUMBERS)]
    return Table(columns, [_row(point, curves) for point in curve.points], _SPARE)


def _row(point: CurvePoint, curves: Curves) -> list[str]:
    past, ahead = point.first <= curves.as_of, point.last > curves.as_of
    came = (point.realised, point.confirmed, point.unmeasured)
    to_come = (point.expected, point.assumed, point.fading)
    return [
        point.label,
        money(point.planned),
        *(money(amount) if past else UNKNOWN for amount in came),
        *(money(amount) if ahead else UNKNOWN for amount in to_come),
    ]
