"""`itgov value --curve` laid out: planned, realised and expected money by period."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from itgov.insight.value_curve import Curve, CurvePoint, Curves, Step
from itgov.report.blocks import Block, Column, Heading, Legend, Lines, Para, Table, Title
from itgov.report.figures import UNKNOWN, money, short
from itgov.report.value_document import amounts_in
from itgov.report.words import plural

_NUMBERS = (
    "planned", "at approval", "realised", "confirmed", "not measured", "expected", "assumed", "fading",
)  # fmt: skip
_SPARE = ("confirmed", "assumed")
"""The columns that a narrow terminal does without, the first first, and that a brief table lacks."""
NO_MONEY = "No money was planned, realised or forecast."


def curves_document(curves: Curves) -> Iterator[Block]:
    """Lay money over time out, a table for each curve."""
    words = f"planned and realised money by fiscal {curves.step}"
    yield Title(words, curves.organisation, curves.as_of, amounts_in(curves.currency))
    for curve in curves.curves:
        if len(curves.curves) > 1 or curve.kind != "organisation":
            yield Heading(f"{short(curve.id)}: {short(curve.name)}")
        if curve.points:
            yield curve_table(curve, curves.step, curves.as_of)
        else:
            yield Para(NO_MONEY)
        if notes := approval_notes(curve):
            yield Lines(notes)
    yield Legend(
        [
            "Realised, confirmed and not measured are up to the as-of day; expected, assumed and fading "
            "after it. Assumed is expected without a forecast."
        ]
    )


def curve_table(curve: Curve, step: Step, as_of: datetime.date, *, brief: bool = False) -> Table:
    """Return a curve's figures by period; a brief one without confirmed and assumed money."""
    left_out = {*(() if curve.changed else ("at approval",)), *(_SPARE if brief else ())}
    names = [n for n in _NUMBERS if n not in left_out]
    spare = [(1 + names.index(n),) for n in _SPARE if n in names]
    rows = [_row(point, names, as_of) for point in curve.points]
    return Table([Column(step, "head"), *(Column(n, "number") for n in names)], rows, spare)


def _row(point: CurvePoint, names: Sequence[str], as_of: datetime.date) -> list[str]:
    past, ahead = point.first <= as_of, point.last > as_of
    then = point.planned_at_approval
    amounts = {
        "planned": point.planned,
        "at approval": then,
        "realised": point.realised if past else None,
        "confirmed": point.confirmed if past else None,
        "not measured": point.unmeasured if past else None,
        "expected": point.expected if ahead else None,
        "assumed": point.assumed if ahead else None,
        "fading": point.fading if ahead else None,
    }
    shown = [amounts[n] for n in names]
    return [point.label, *(UNKNOWN if a is None else money(a) for a in shown)]


def approval_notes(curve: Curve) -> list[str]:
    """Return what there is to say of the plan at approval, where git knows another than today's."""
    if not curve.changed:
        return []
    notes = [
        f"At approval: the plan as git knew it then; {plural(curve.changed, 'plan')} changed since."
    ]
    if curve.approval_unknown:
        items = plural(curve.approval_unknown, "item")
        notes.append(f"Not in it: {items} whose approval git does not know.")
    return notes
