"""Charts as SVG, drawn by pygal: its layout and scales, our marks for readers and for two schemes.

pygal brings a script, a style sheet and texts for its script's tooltips with every chart.  A filter
takes them out before anything is written: what is left are shapes with classes, which the page's
own style sheet colours, and a title and a description.
"""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from typing import Any

from itgov.insight.valuetypes import Buckets
from itgov.model.facts import REACHES
from itgov.report.board.html import Html
from itgov.report.insight_words import money, number, percent, score
from itgov.report.plain import cut, plain

WIDTH = 440
_BAR = 26
_NAMES = 24
_DROPPED = frozenset({"script", "defs", "desc", "title", "style"})
_KEPT = frozenset(
    {"class", "d", "x", "y", "width", "height", "cx", "cy", "r", "transform", "viewBox"}
)
_UNUSED = frozenset({"reactive", "tooltip-trigger", "nofill", "graph"})
_LONG = re.compile(r"-?\d+\.\d+")
_TAGS = frozenset({"svg", "g", "rect", "path", "text", "circle"})


class Charts:
    """Draws the charts of one page, each with an id of its own."""

    def __init__(self) -> None:
        self._drawn = 0

    def reaches(self, rows: Sequence[tuple[str, Buckets]], title: str, description: str) -> Html:
        """Return stacked bars of money by reach, one for each row."""
        chart = _pygal("HorizontalStackedBar", len(rows))
        chart.x_labels = [_label(name) for name, _ in reversed(rows)]
        chart.value_formatter = _short
        chart.config.max_scale, chart.config.min_scale = 5, 2
        most = max((buckets.total for _, buckets in rows), default=0)
        for reach in REACHES:
            amounts = [buckets.of(reach) for _, buckets in reversed(rows)]
            chart.add(
                reach,
                [
                    {"value": a, "label": reach if most > 0 and a / most > 0.2 else ""}
                    for a in amounts
                ],
            )
        chart.config.print_labels = True
        return self._write(chart, "reaches", title, description)

    def scores(
        self, rows: Sequence[tuple[str, float | None]], title: str, description: str
    ) -> Html:
        """Return a bar from 0 to 100 for each row; one without a score has no bar, and says so."""
        return self._bars(rows, (0, 100), score, title, description)

    def shares(
        self, rows: Sequence[tuple[str, float | None]], title: str, description: str
    ) -> Html:
        """Return a bar from nothing to all for each share."""
        return self._bars(rows, (0, 1), percent, title, description)

    def _bars(
        self,
        rows: Sequence[tuple[str, float | None]],
        span: tuple[int, int],
        words: Callable[[float | None], str],
        title: str,
        description: str,
    ) -> Html:
        chart = _pygal("HorizontalBar", len(rows))
        chart.config.range = span
        chart.config.print_values = True
        chart.config.print_values_position = "top"
        chart.x_labels = [_label(name) for name, _ in reversed(rows)]
        chart.value_formatter = percent if span[1] == 1 else number
        chart.y_labels = [span[1] * step / 4 for step in range(5)]
        chart.add("", [_bar(value, words) for _, value in reversed(rows)])
        return self._write(chart, "bars", title, description)

    def line(
        self,
        points: Sequence[tuple[str, float | None]],
        bounds: Sequence[float],
        title: str,
        description: str,
    ) -> Html:
        """Return scores over time, 0 to 100, with a dashed line at each bound."""
        chart = _pygal("Line", 7)
        chart.config.range = (0, 100)
        chart.config.allow_interruptions = True
        every = max(1, (len(points) + 4) // 5)
        chart.x_labels = [label if i % every == 0 else "" for i, (label, _) in enumerate(points)]
        chart.y_labels = [0, 25, 50, 75, 100]
        chart.add("", [v for _, v in points])
        for bound in bounds:
            chart.add("", [bound for _ in points], show_dots=False)
        return self._write(chart, "course", title, description)

    def _write(self, chart: Any, kind: str, title: str, description: str) -> Html:
        self._drawn += 1
        name = f"chart-{self._drawn}"
        root = _cleaned(chart.render_tree())
        root.set("class", f"chart {kind}")
        root.set("role", "img")
        root.set("aria-labelledby", f"{name}-title {name}-desc")
        for place, (tag, words) in enumerate((("title", title), ("desc", description))):
            element = ET.Element(tag, {"id": f"{name}-{tag}"})
            element.text = plain(words)
            root.insert(place, element)
        return Html(ET.tostring(root, encoding="unicode"))


def _pygal(kind: str, rows: int) -> Any:
    """Return an empty chart; pygal is imported here, for it is needed nowhere else."""
    import pygal  # type: ignore[import-untyped]
    from pygal.etree import etree  # type: ignore[import-untyped]

    # pygal looks into every later import for plugins named `pygal_*`; there are none to find here.
    sys.meta_path[:] = [f for f in sys.meta_path if type(f).__name__ != "PluginImportFixer"]
    etree.to_etree()  # the same tree whether or not lxml is installed
    return getattr(pygal, kind)(
        js=[],
        css=[],
        width=WIDTH,
        height=(_BAR if rows > 2 else 2 * _BAR) * max(rows, 1) + 34,
        margin=4,
        margin_left=18,
        margin_right=20,
        show_legend=False,
        disable_xml_declaration=True,
        truncate_label=_NAMES,
        dots_size=3,
    )


def _bar(value: float | None, words: Callable[[float | None], str]) -> dict[str, Any]:
    said = "not known" if value is None else words(value)
    return {"value": value or 0, "formatter": lambda _: said}


def _short(amount: float) -> str:
    return money(amount).replace(".0", "")


def _label(text: str) -> str:
    return cut(plain(text), _NAMES)


def _cleaned(root: Any) -> ET.Element:
    """Return the chart as new elements: of pygal's, only shapes, texts and where they stand."""
    found = _copy(root)
    assert found is not None
    return found


def _copy(element: Any) -> ET.Element | None:
    if not isinstance(element.tag, str):  # a comment, with today's date in it
        return None
    tag = element.tag.rpartition("}")[2]
    classes = element.get("class", "").split()
    if tag in _DROPPED or tag not in _TAGS or "tooltip" in classes:
        return None
    if tag == "rect" and not element.get("width"):  # nothing of a reach
        return None
    copy = ET.Element(tag, {k: _tidy(k, v) for k, v in element.attrib.items() if k in _KEPT and v})
    copy.text = element.text
    for child in element:
        kept = _copy(child)
        if kept is not None:
            copy.append(kept)
    return copy if len(copy) or copy.text or tag not in ("g", "text") else None


def _tidy(name: str, value: str) -> str:
    """Return an attribute without what only pygal's script needs, and with short numbers."""
    if name == "class":
        return " ".join(c for c in value.split() if c not in _UNUSED)
    return _LONG.sub(lambda found: f"{float(found.group()):.1f}", value)
