"""One door to all formats of `check`: a format is the module of its name, imported when asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Literal, get_args

from msgspec.structs import replace

from itgov.report.check_report import CheckReport

CheckFormat = Literal["text", "concise", "json", "sarif", "junit", "github", "gitlab", "markdown"]
FORMATS: tuple[CheckFormat, ...] = get_args(CheckFormat)
Format = CheckFormat | Literal["ics"]
"""The formats of all verbs."""
_OF_A_FORGE = ("github", "gitlab", "sarif", "junit")
"""Formats that a forge reads: it looks for a path from the top of the git repository."""
_OPTIONS: Mapping[Format, tuple[str, ...]] = {
    "text": ("color", "width", "statistics"),
    "json": ("statistics",),
    "markdown": ("statistics",),
}
"""What a format's `render` takes besides the report."""


def _from_the_top(report: CheckReport) -> CheckReport:
    """Return a report whose paths begin at the top of the git repository."""
    prefix = f"{report.prefix}/"
    findings = [
        replace(
            f,
            path=prefix + f.path,
            related=tuple(replace(p, path=prefix + p.path) for p in f.related),
        )
        for f in report.findings
    ]
    lines = report.lines
    return replace(
        report,
        findings=findings,
        lines=lambda path, number: lines(path.removeprefix(prefix), number),
        prefix="",
    )


def render(
    report: CheckReport,
    format: Format,
    *,
    color: bool = False,
    width: int | None = None,
    statistics: bool = False,
) -> str:
    """Write `report` down in one of `FORMATS`, as `render_parts` does, as one text."""
    return "".join(render_parts(report, format, color=color, width=width, statistics=statistics))


def render_parts(
    report: CheckReport,
    format: Format,
    *,
    color: bool = False,
    width: int | None = None,
    statistics: bool = False,
) -> Iterator[str]:
    """Write `report` down in one of `FORMATS`, as the parts of a text to print or to save in UTF-8.

    `color` (ANSI) and `width` (columns, 160 where unknown) matter to `text` only.  `statistics`
    adds counts by rule and by business unit to `text`, `json` and `markdown`; the other formats
    have no place for them.  The text ends with one line end; only `github` is empty where there is
    nothing to say.  Raises `ValueError` where there is no such format.
    """
    if format in _OF_A_FORGE and report.prefix:
        report = _from_the_top(report)
    if format not in FORMATS:
        raise ValueError(f"unknown format {format!r}; known are {', '.join(FORMATS)}")
    given = {"color": color, "width": width, "statistics": statistics}
    taken = {name: given[name] for name in _OPTIONS.get(format, ())}
    written = import_module(f"itgov.report.{format}").render(report, **taken)
    return iter((written,)) if isinstance(written, str) else written
