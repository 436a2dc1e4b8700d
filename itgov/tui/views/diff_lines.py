"""What changed between two states of a portfolio, as a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from itgov.insight.diff_changes import Diff, End
from itgov.report.diff_document import (
    changes,
    end_text,
    findings,
    headline,
    health_moves,
    totals,
    unread,
    year_moved,
)
from itgov.tui.views.formatting import finding_line
from itgov.tui.widgets.styled_text import Line, Role


def diff_lines(diff: Diff, notes: Sequence[str] = (), more: Sequence[Line] = ()) -> list[Line]:
    """Return a comparison as lines: its two ends, then all that changed.

    `notes` are further warnings, and `more` lines that stand below them.
    """
    return [
        (("from  ", "muted"), (_end(diff.before), "")),
        (("to    ", "muted"), (_end(diff.after), "strong")),
        (),
        *changed_lines(diff, notes, more),
    ]


def changed_lines(
    diff: Diff, notes: Sequence[str] = (), more: Sequence[Line] = (), *, whole: bool = True
) -> Iterator[Line]:
    """Yield all that changed: in a sentence, by subject, health, money, findings.

    The figures of the whole portfolio stand there with `whole`.
    """
    yield ((headline(diff), ""),)
    yield from (((line, ""),) for line in (totals(diff) if whole else ()))
    yield from ((("! ", "warning"), (line, "")) for line in [*unread(diff), *notes])
    yield from more
    for title, subjects in changes(diff):
        yield ()
        yield ((title, "strong"),)
        for change in subjects:
            role: Role = {"+": "added", "-": "removed"}.get(change.sign, "")  # type: ignore[assignment]
            name = f"{change.id} {change.label}".strip()
            yield ((f"  {change.sign} ", role), (name, "accent"))
            yield from ((("      ", ""), (said, "")) for said in change.said)
    for title, lines in (
        ("Engagement health", health_moves(diff)),
        ("Money and planned value", [year_moved(year) for year in diff.money]),
    ):
        if lines:
            yield ()
            yield ((title, "strong"),)
            yield from (((f"  {line}", ""),) for line in lines)
    for title, counted, found in findings(diff):
        yield ()
        yield ((f"Findings {title}: ", "strong"), (counted, ""))
        yield from ((("  ", ""), *finding_line(f)) for f in found)


def _end(end: End) -> str:
    return end_text(replace(end, label=(end.commit or end.label)[:10]))
