"""One door to all formats; only the module of the format asked for is imported."""

from __future__ import annotations

from typing import Literal

from itgov.report.outcome import CheckReport

Format = Literal["text", "json", "sarif", "junit", "github", "gitlab", "markdown"]
FORMATS: tuple[Format, ...] = ("text", "json", "sarif", "junit", "github", "gitlab", "markdown")


def render(
    report: CheckReport,
    format: Format,
    *,
    color: bool = False,
    width: int | None = None,
    statistics: bool = False,
) -> str:
    """Write `report` down in one of `FORMATS`, as text to print or to save in UTF-8.

    `color` (ANSI) and `width` (columns, 160 where unknown) matter to `text` only.  `statistics`
    adds counts by rule and by business unit to `text`, `json` and `markdown`; the other formats
    have no place for them.  The text ends with one line end; only `github` is empty where there is
    nothing to say.
    """
    # Imported here: each run writes one or two formats, and start-up time is felt in every hook.
    match format:
        case "text":
            from itgov.report import text

            written = text.render(report, color=color, width=width, statistics=statistics)
        case "json":
            from itgov.report import json

            written = json.render(report, statistics=statistics)
        case "sarif":
            from itgov.report import sarif

            written = sarif.render(report)
        case "junit":
            from itgov.report import junit

            written = junit.render(report)
        case "github":
            from itgov.report import github

            written = github.render(report)
        case "gitlab":
            from itgov.report import gitlab

            written = gitlab.render(report)
        case "markdown":
            from itgov.report import markdown

            written = markdown.render(report, statistics=statistics)
        case _:
            raise ValueError(f"unknown format {format!r}; known are {', '.join(FORMATS)}")
    return written
