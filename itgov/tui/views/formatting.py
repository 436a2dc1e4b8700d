"""Amounts, bands and findings as the room's views write them: short, and never by colour alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import structs

from itgov.insight.health_types import Band
from itgov.insight.items import FindingCounts
from itgov.insight.value_types import ValueFigures
from itgov.model.finding import SEVERITIES, Finding, Place, Severity
from itgov.model.nobody import is_named
from itgov.model.text import plural
from itgov.report.blocks import Tone
from itgov.report.figures import UNKNOWN, percent, score_change
from itgov.report.trend_plot import UNICODE, spark
from itgov.report.value_words import value_words
from itgov.report.words import some_of
from itgov.tui.widgets.styled_text import Cell, Exact, Line, Role, Span

_BANDS: dict[Band, tuple[str, Role]] = {
    "healthy": ("●", "ok"), "attention": ("◐", "warning"),
    "at risk": ("○", "error"), "insufficient evidence": ("?", "muted"),
}  # fmt: skip
TONES: dict[Tone, Role] = {
    "": "", "good": "ok", "warning": "warning", "error": "error", "quiet": "muted",
}  # fmt: skip
SEVERITY_SIGNS: dict[Severity, str] = {"error": "E", "warning": "W", "info": "I"}
SEVERITY_LEGEND = tuple([f"{sign} {word}" for word, sign in SEVERITY_SIGNS.items()])
"""The letters of severities, each with its word."""
COUNTS_LEGEND = (*SEVERITY_LEGEND, "· none")
"""The signs of `counts`, each with its word."""
MOVED_LEGEND = ("▲ up", "▼ down")
"""The signs of `score_moved`, each with its word."""
SEVERITY_ROLES: dict[Severity, Role] = {"error": "error", "warning": "warning", "info": "info"}

_SPARK_GLYPHS = structs.replace(UNICODE, gap=" ")
_CONFIDENCE: dict[str, tuple[str, Role]] = {
    "green": ("●", "ok"), "amber-green": ("◕", "ok"), "amber": ("◐", "warning"),
    "amber-red": ("◔", "error"), "red": ("○", "error"),
}  # fmt: skip


def band(value: Band | None) -> Cell:
    """Return a band with its sign."""
    if value is None:
        return ((UNKNOWN, "muted"),)
    sign, role = _BANDS[value]
    return ((Exact(f"{sign} {value}", value), role),)


def confidence(value: str) -> Cell:
    """Return a confidence with its sign."""
    if value not in _CONFIDENCE:
        return ((UNKNOWN, "muted"),)
    sign, role = _CONFIDENCE[value]
    return ((Exact(f"{sign} {value}", value), role),)


def counts(found: FindingCounts, roomy: bool = False) -> Line:
    """Return counts of findings: `2E 1W`, or a dot where there are none.

    From a thousand on they are rounded, `1.2kE`, but where a table is `roomy`.
    """
    parts: list[Span] = []
    for severity in SEVERITIES:
        if found[severity]:
            gap = " " if parts else ""
            count, sign = found[severity], SEVERITY_SIGNS[severity]
            number = f"{count:,}" if roomy else _number(count)
            shown = Exact(f"{gap}{number}{sign}", f"{gap}{count}{sign}")
            parts.append((shown, SEVERITY_ROLES[severity]))
    return tuple(parts) or (("·", "muted"),)


def counts_in_words(found: FindingCounts) -> Line:
    """Return counts of findings as a page has room for: `2 errors, 1 warning, 3 waived`, or `none`."""
    told: list[tuple[str, Role]] = [
        (plural(found[severity], severity), SEVERITY_ROLES[severity])
        for severity in SEVERITIES
        if found[severity]
    ]
    if found["waived"]:
        told.append((f"{found['waived']:,} waived", "muted"))
    return tuple(
        (f"{', ' if place else ''}{words}", role) for place, (words, role) in enumerate(told)
    ) or (("none", "muted"),)


def _number(count: int) -> str:
    """Return a count in at most four columns: 999, 1.2k, 12k."""
    if count < 1000:
        return str(count)
    return f"{count / 1000:.1f}k" if count < 9950 else f"{count / 1000:.0f}k"


def named(name: str, fallback: str = "nobody") -> Cell:
    """Return a person's name, or that there is nobody; what only stands for a name is told so."""
    return name if is_named(name) else ((name or Exact(fallback, None), "error"),)


def score_moved(before: float | None, after: float | None) -> Cell:
    """Return what lies between two scores, with an arrow: up, down, or the same."""
    said = score_change(before, after)
    if said in (UNKNOWN, "="):
        return ((UNKNOWN if said == UNKNOWN else Exact("= 0.0", 0.0), "muted"),)
    rose = said.startswith("+")
    return ((Exact(f"{'▲' if rose else '▼'} {said}", float(said)), "ok" if rose else "error"),)


def sparkline(
    values: Sequence[float | None], width: int = 12, top: float = 100, low: float = 0
) -> str:
    """Return values as a line of blocks, the last `width` of them; a gap where one is unknown.

    The lowest block stands for `low`, the highest for `top`.
    """
    drawn = spark(values[-width:], width, low, top, _SPARK_GLYPHS)
    return Exact(drawn, " ".join(UNKNOWN if v is None else f"{v:.10g}" for v in values))


def bar(share: float | None, width: int) -> str:
    """Return a share, 0 to 1, as a bar of `width` columns; the share itself stands beside it."""
    if share is None:
        return Exact("·" * width, None)
    full = min(max(share, 0), 1) * width
    whole = int(full)
    eighths = int((full - whole) * 8)
    part = " ▏▎▍▌▋▊▉"[eighths] if whole < width and eighths else ""
    return Exact(("█" * whole + part).ljust(width, "─"), None)


def value_lines(figures: ValueFigures, indent: str = "") -> Iterator[Line]:
    """Yield planned and realised money, with a bar of what of the value due by now was realised."""
    ratio = figures.realised_ratio
    if ratio is not None:
        yield ((f"{indent}{bar(ratio, 24)} ", "accent"), (percent(ratio), ""))
    for words in value_words(figures):
        yield ((f"{indent}{words}", ""),)


def unread_line(places: Sequence[Place]) -> Line:
    """Return which files are in no figure because they could not be read."""
    files = some_of(list(dict.fromkeys(place.path for place in places)), 10)
    return (("not in these figures: ", "warning"), (f"{files} could not be read", ""))


def finding_line(found: Finding) -> Line:
    """Return a finding on one line: severity, rule, message."""
    if found.waived:
        return (("waived ", "muted"), (f"{found.rule} ", "muted"), (found.message, "muted"))
    role = SEVERITY_ROLES[found.severity]
    return (
        (f"{found.severity} ", role),
        (f"{found.rule} ", "strong"),
        (found.message, ""),
    )


def figure_lines(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield a few figures as lines, their headings first: each column just as wide as its texts, so
    that no line is wrapped in a narrow pane."""
    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)]
    for name, *figures in (headings, *rows):
        cells = [f"{f:>{w}}" for f, w in zip(figures, widths[1:], strict=True)]
        yield " ".join((f"{name:<{widths[0]}}", *cells))
