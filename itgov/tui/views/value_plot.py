"""Money over time in the room: the one curve as a plot, and its figures as lines."""

from __future__ import annotations

from itgov.insight.value_curve import Curve, CurveKind, CurvePoint, Step, curve_of
from itgov.model.portfolio import Portfolio
from itgov.report.figures import UNKNOWN, money
from itgov.report.value_curve_document import approval_notes
from itgov.tui.views.formatting import figure_lines
from itgov.tui.views.item_page import heading
from itgov.tui.views.trend_figures import nice_top
from itgov.tui.widgets.plot import Beside, Series
from itgov.tui.widgets.styled_text import Line

NO_CURVE = "Money over time is available for the total, for units, items and outcomes."
Named = tuple[CurveKind, str]
"""What money is looked at of: its kind and its id."""
_AT_ONCE = 1000
"""Outcomes whose money is added up while a key waits: some 30 ms."""


class Curves:
    """Money over time of what was looked at in one state of a portfolio, each added up once."""

    def __init__(self, portfolio: Portfolio) -> None:
        self._portfolio = portfolio
        self._made: dict[tuple[Named, Step], Curve] = {}

    def known(self, of: Named, step: Step) -> Curve | None:
        """Return a curve; None where it is not made and takes long."""
        most = _AT_ONCE if step == "year" else _AT_ONCE // 4
        if (of, step) not in self._made and self._outcomes(of) <= most:
            self.make(of, step)
        return self._made.get((of, step))

    def make(self, of: Named, step: Step) -> None:
        """Add the money up."""
        self._made[of, step] = curve_of(self._portfolio, step, *of)

    def _outcomes(self, of: Named) -> int:
        kind, name = of
        if kind == "organisation":
            return sum(len(e.outcomes) for e in self._portfolio.investments())
        if kind == "business_unit":
            return sum(len(e.outcomes) for e in self._portfolio.units[name].investments)
        return 0


def series_of(curve: Curve) -> Series:
    """Return a curve as lines: what was realised and then is expected, before what was planned."""
    points = curve.points
    came = tuple(p.realised + p.expected for p in points)
    beside = [Beside("planned", tuple(p.planned for p in points), "info")]
    if curve.changed:
        then = tuple(p.planned_at_approval for p in points)
        beside.append(Beside("at approval", then, "warning"))
    if any(p.fading for p in points):
        beside.append(Beside("fading", tuple(p.fading for p in points), "error"))
    most = nice_top((*came, *(v for other in beside for v in other.values)))
    return Series(
        came,
        tuple(p.label for p in points),
        most,
        lambda amount: money(amount).replace(".0", ""),
        name="realised, expected",
        beside=tuple(beside),
    )


def curve_lines(curve: Curve, *, without_fading: bool = False) -> list[Line]:
    """Return the figures of a curve, a line for each period; without what is fading where nothing is."""
    if not curve.points:
        return []
    then = ("approved",) if curve.changed else ()
    fading = () if without_fading and not any(p.fading for p in curve.points) else ("fading",)
    names = ("planned", *then, "realised", "expected", *fading)
    rows = []
    for p in curve.points:
        shown = [p.planned, *((p.planned_at_approval,) if curve.changed else ())]
        shown += [p.realised, p.expected, *([p.fading] if fading else [])]
        rows.append((_label(p), *(UNKNOWN if a is None else money(a) for a in shown)))
    first, *figures = figure_lines(("", *names), rows)
    lines: list[Line] = [(), heading("Money over time"), ((first, "muted"),)]
    lines += [((figure, ""),) for figure in figures]
    lines += [((note, "muted"),) for note in approval_notes(curve)]
    return lines


def _label(point: CurvePoint) -> str:
    return point.label.replace("before ", "<")
