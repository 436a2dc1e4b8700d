"""What stands beside figures of how imports have marked what they rest on."""

from __future__ import annotations

from itgov.insight.imported_marks import ImportedMarks, MarkedMoney
from itgov.report.figures import money
from itgov.report.words import plural


def imported_words(marks: ImportedMarks) -> list[str]:
    """Return how much of the figures imports have marked, a sentence each."""
    lines = []
    if marks.gone_items:
        active = f", {marks.gone_active:,} of them still active" if marks.gone_active else ""
        lines.append(
            f"Not in the imported tables any more: {plural(marks.gone_items, 'item')}{active}, "
            f"{_of_money(marks.gone)}, counted all the same"
        )
    if marks.older_items:
        lines.append(
            f"Blank in the newest table: amounts of {plural(marks.older_items, 'item')}, "
            f"{_of_money(marks.older)}, counted as an older table has them"
        )
    return lines


def _of_money(marked: MarkedMoney) -> str:
    return f"{money(marked.budget)} of the budget and {money(marked.actual)} of the recorded actual"
