"""One door to all formats of `check`: a format is the module of its name, imported when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Literal, get_args

from itgov.report.check_report import CheckReport

Format = Literal["text", "concise", "json", "sarif", "junit", "github", "gitlab", "markdown"]
FORMATS: tuple[Format, ...] = get_args(Format)
_OPTIONS: Mapping[Format, tuple[str, ...]] = {
    "text": ("color", "width", "statistics"),
    "json": ("statistics",),
    "markdown": ("statistics",),
}
"""What a format's `render` takes besides the report."""


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
    nothing to say.  Raises `ValueError` where there is no such format.
    """
    if format not in FORMATS:
        raise ValueError(f"unknown format {format!r}; known are {', '.join(FORMATS)}")
    given = {"color": color, "width": width, "statistics": statistics}
    taken = {name: given[name] for name in _OPTIONS.get(format, ())}
    return str(import_module(f"itgov.report.{format}").render(report, **taken))
