"""Money over time as a page shows it: a chart of the one curve, beside the table of its figures."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from itgov.insight.board_types import BoardReport
from itgov.insight.value_curve import Curve
from itgov.report.blocks import Chart, Lines, PageBlock, Para
from itgov.report.figures import short
from itgov.report.value_curve_document import NO_MONEY, approval_notes, curve_table


def curve_blocks(curve: Curve, report: BoardReport) -> Iterator[PageBlock]:
    """Yield a curve's table with its chart, or say that there is no money."""
    if not curve.points:
        yield Para(NO_MONEY)
        return
    unit = f", in {report.currency}" if report.currency else ""
    table = curve_table(curve, report.step, report.as_of, brief=True)
    yield replace(
        table,
        caption=f"Planned, realised and expected money by fiscal {report.step}{unit}.",
        chart=Chart(
            "curve",
            f"Money over time, {short(curve.name)}",
            f"A line of what was planned, and for each {report.step} bars of what was realised, what is expected "
            "and what is fading; the table beside it has the figures.",
            points=curve.points,
        ),
    )
    if notes := approval_notes(curve):
        yield Lines(notes)
