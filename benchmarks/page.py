"""The page of the last results: machine, tables, targets beside figures, and a plot of how cost grows."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import leather
from measure import shown
from results import Figure, Part, Results, Section

PLOT = Path("performance.svg")
"""The plot's file, beside the page."""

HEADINGS = {
    "sizes": "Cost and size",
    "cluster": "On a cluster",
    "peers": "Other programs",
    "start": "Start",
    "insight": "Health, value, trend and diff",
    "history": "Facts from git",
    "review": "Reviews",
    "export": "Tables",
    "room": "The review room",
}
"""The parts in the order of the page."""

INTRO = """\
Figures are of whole processes, their start included: the least of the runs, in which the programs
take turns, two at least where a heading does not say that there was one. *Cold* means that nothing is kept from an earlier run (`ITGOV_CACHE=off`). *Ratio*, where
nothing else is said, is to composing the same files by libyaml in one process with the garbage
collector off. Such ratios depend little on the machine; seconds do, and both on what else it does:
*load before* is how many programs wanted a core in the minute before a part began, which should be
near 0. A figure over its target is in **bold**, and listed under [Targets missed](#targets-missed).

`python benchmarks/run.py --write docs/performance.md` measures and writes this page;
[benchmarks](../benchmarks/README.md) says what each part does.
"""
OF_SIZES = """\
Few findings are about 0.07 of each investment, many are 4. Few people are 1.2 of each unit and a
relationship manager for five units; many are one more for every two investments. Two jobs, where
nothing else is said. What is *unchanged* has many findings.
"""
CURVES = {
    "cold, many findings": "Cold, many findings",
    "cold, few findings, one job": "Cold, few findings, one job",
    "cold, few findings": "Cold, few findings",
    "libyaml composes the files": "libyaml composes the files",
    "one file changed, text": "One file changed",
    "unchanged, text": "Unchanged",
    "cold, few findings, a cluster of 2 workers": "Few, on a cluster",
}
"""The figures, in seconds, that are plotted, and their words."""


def write_page(page: Path, results: Results) -> None:
    """Write the page and, where several sizes were measured, the plot beside it."""
    of_sizes = [s for p in results.parts.values() for s in p.sections if s.size]
    if len(of_sizes) > 1:
        plot = page.parent / PLOT
        plot.parent.mkdir(parents=True, exist_ok=True)
        plot.write_text(_plot(of_sizes), encoding="utf-8")
    lines = ["# Performance", "", *INTRO.splitlines(), "", *_machines(results)]
    for name, heading in HEADINGS.items():
        if part := results.parts.get(name):
            lines += ["", f"## {heading}", "", *_part(name, part)]
    lines += ["", "## Targets missed", "", *_missed(results)]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip()
    page.write_text(text + "\n", encoding="utf-8")


def _machines(results: Results) -> Iterator[str]:
    known = [(heading, results.parts.get(name)) for name, heading in HEADINGS.items()]
    parts = {heading: part for heading, part in known if part is not None}
    machines = list(dict.fromkeys(part.machine for part in parts.values()))
    for m in machines:
        of = ", ".join(name for name, part in parts.items() if part.machine == m)
        memory = f"{m.memory_gib:g} GiB of memory"
        about = f"{m.processor}, {m.cores} cores, {memory}, {m.system}, {m.python}"
        yield f"Machine: {about}" + ("." if len(machines) == 1 else f" ({of}).")
        yield ""
    yield "| part | measured (UTC) | took | commit | load before |"
    yield "|---|---|--:|---|--:|"
    for name, part in parts.items():
        took = f"{part.took_seconds:.0f} s"
        yield f"| {name} | {part.taken} | {took} | `{part.commit}` | {part.load:g} |"


def _part(name: str, part: Part) -> Iterator[str]:
    by_size = [s for s in part.sections if s.size]
    if name == "sizes":
        yield from OF_SIZES.splitlines()
        yield ""
        yield f"![Seconds for 1,000 investments, by how many there are]({PLOT.as_posix()})"
        yield ""
    if len(by_size) > 1:
        yield from _matrix(by_size)
    for section in part.sections:
        if len(by_size) <= 1 or not section.size:
            yield from _table(section)
        for left_out, why in section.skipped:
            yield f"Not measured: {left_out} ({why})."
            yield ""


def _table(section: Section) -> Iterator[str]:
    yield f"| {section.heading} | | target |"
    yield "|---|--:|--:|"
    for figure in section.figures:
        target = "" if figure.target is None else _amount(figure.target, figure.unit)
        inset = "&emsp;" if figure.belongs_above else ""
        yield f"| {inset}{figure.name.strip()} | {_cell(figure)} | {target} |"
    yield ""


def _matrix(sections: Sequence[Section]) -> Iterator[str]:
    """Return a table with a column for each size; a target stands beside its figure."""
    yield "| investments | " + " | ".join(f"{s.size:,}" for s in sections) + " |"
    yield "|---|" + "--:|" * len(sections)
    columns = [dict(s.named()) for s in sections]
    for name in dict.fromkeys(name for column in columns for name in column):
        cells = [_with_target(column[name]) if name in column else "" for column in columns]
        yield f"| {name} | " + " | ".join(cells) + " |"
    yield ""
    for section in sections:
        yield f"- {section.heading}"
    yield ""


def _with_target(figure: Figure) -> str:
    if figure.target is None:
        return _cell(figure)
    return f"{_cell(figure)} (target {_amount(figure.target, figure.unit)})"


def _cell(figure: Figure) -> str:
    said = _amount(figure.value, figure.unit)
    return f"**{said}**" if figure.missed else said


def _amount(value: float, unit: str) -> str:
    return f"{shown(value)}×" if unit == "x" else f"{shown(value)} {unit}".strip()


def _missed(results: Results) -> Iterator[str]:
    found = [
        f"- {heading}, {_where(section)}: {name}, {_cell(figure)}, target {_amount(figure.target, figure.unit)}"
        for part, heading in HEADINGS.items()
        for section in (results.parts[part].sections if part in results.parts else [])
        for name, figure in section.named()
        if figure.target is not None and figure.missed
    ]
    yield from found or ["None."]


def _where(section: Section) -> str:
    return f"{section.size:,} investments" if section.size else section.heading


def _plot(sections: Sequence[Section]) -> str:
    """Return a picture of what a thousand investments cost at each size, both axes logarithmic."""
    ordered = sorted(sections, key=lambda s: s.size)
    chart = leather.Chart("Seconds for 1,000 investments")
    lowest, highest = 0.0, 0.0
    for (name, words), color in zip(CURVES.items(), _COLORS, strict=True):
        least: dict[int, float] = {}  # two parts may measure the same
        for section in ordered:
            for figure in section.figures:
                if figure.name == name:
                    least[section.size] = min(figure.value, least.get(section.size, figure.value))
        points = [(math.log10(n), math.log10(v * 1000 / n)) for n, v in least.items()]
        if points:
            chart.add_line(points, name=words, stroke_color=color)
            lowest = min(lowest, *(y for _, y in points))
            highest = max(highest, *(y for _, y in points))
    chart.add_x_scale(math.log10(ordered[0].size), math.log10(ordered[-1].size))
    chart.add_x_axis(
        ticks=sorted({math.log10(s.size) for s in ordered}),
        tick_formatter=lambda x, *_: f"{round(10**x):,}",
        name="investments",
    )
    bounds = math.floor(lowest), math.ceil(highest)
    chart.add_y_scale(*bounds)
    chart.add_y_axis(
        ticks=list(range(bounds[0], bounds[1] + 1)),
        tick_formatter=lambda y, *_: f"{10.0**y:g} s",
    )
    return chart.to_svg(width=860, height=460) + "\n"


_COLORS = ("#b2182b", "#ef8a62", "#2166ac", "#4d4d4d", "#1b7837", "#762a83", "#bf812d")
