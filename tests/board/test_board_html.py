"""The HTML: one file, sound, accessible, and harmless whatever the data say."""

from __future__ import annotations

import datetime
import re
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from itgov.insight.board_types import BoardReport, PackCommit
from itgov.insight.value_curve import CurvePoint
from itgov.insight.value_types import Buckets
from itgov.report.blocks import Chart
from itgov.report.board.pack import board_pack
from itgov.report.html_elements import h, is_web, link
from itgov.report.html_style import DARK, GROUNDS, LIGHT, SHAPES, TEXTS, style_sheet
from itgov.report.svg_charts import draw
from itgov.report.write_html import html as html_of
from itgov.report.write_markdown import markdown_pack
from itgov.rules.catalogue import RuleBook

from ..support.examples import many
from .conftest import Page, board_with

TAGS = {
    "html", "head", "meta", "title", "style", "body", "header", "nav", "main", "footer", "section",
    "h1", "h2", "h3", "p", "ul", "li", "dl", "dt", "dd", "div", "figure", "table", "caption",
    "thead", "tbody", "tfoot", "tr", "th", "td", "a", "code", "strong", "wbr",
    "svg", "g", "rect", "path", "text", "circle", "desc", "defs", "lineargradient", "stop",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "charset", "name", "content", "http-equiv", "class", "id", "href", "rel", "role",
    "tabindex", "scope", "aria-label", "aria-labelledby", "aria-hidden",
    "width", "height", "x", "y", "cx", "cy", "r", "d", "transform", "viewbox", "offset",
    "x1", "y1", "x2", "y2", "gradientunits", "spreadmethod",
}  # fmt: skip


def unharmed(html: str) -> Page:
    """Read a page and see that nothing in it loads, runs or leads anywhere it should not."""
    found = Page(html)
    assert {tag for tag, _ in found.elements} <= TAGS
    assert {name for _, attributes in found.elements for name in attributes} <= ATTRIBUTES
    assert not found.comments
    ids = [a["id"] for _, a in found.elements if "id" in a]
    assert len(ids) == len(set(ids))
    for a in found.of("a"):
        href = a["href"] or ""
        if href.startswith("#"):
            assert href[1:] in ids
        else:
            assert re.match(r"https?://[^\s]", href), href
            assert a["rel"] == "noopener noreferrer"
    for attributes in (a for _, a in found.elements):
        for name in ("aria-labelledby", "aria-describedby"):
            for target in (attributes.get(name) or "").split():
                assert target in ids
    [style] = found.styles
    assert style == style_sheet()
    return found


# -- sound and accessible ------------------------------------------------------------------


def test_one_file_that_needs_nothing_else(html: str) -> None:
    found = unharmed(html)
    assert html.startswith("<!DOCTYPE html>\n<html lang=")
    assert not re.search(r"@import|url\((?!#)", found.styles[0])
    policy = next(m for m in found.of("meta") if m.get("http-equiv"))
    assert "default-src 'none'" in (policy["content"] or "")
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in found.of(
        "meta"
    )
    assert len(html) < 500_000


def test_headings_and_landmarks(html: str) -> None:
    found = Page(html)
    assert found.of("html")[0]["lang"] == "en"
    order = found.order("h1", "h2", "h3", "h4")
    assert order.count("h1") == 1
    assert order[0] == "h1"
    assert all(int(b[1]) <= int(a[1]) + 1 for a, b in pairwise(order))
    for tag in ("header", "nav", "main", "footer"):
        assert len(found.of(tag)) == 1
    first = found.of("a")[0]
    assert (first["class"], first["href"]) == ("skip", "#main")
    assert found.of("main")[0]["id"] == "main"


def test_tables_say_what_their_cells_are(html: str) -> None:
    found = Page(html)
    assert len(found.of("table")) == len(found.of("caption")) > 40
    assert all(th["scope"] in ("col", "row") for th in found.of("th"))
    for (tag, attributes), way in zip(found.elements, found.ways, strict=True):
        if tag == "th":
            assert attributes["scope"] == ("col" if "thead" in way else "row")


def test_charts_have_words_and_stand_beside_their_figures(html: str) -> None:
    found = Page(html)
    charts = [s for s in found.of("svg") if "chart" in (s.get("class") or "")]
    assert len(charts) > 20
    assert all(s["role"] == "img" and s["aria-labelledby"] for s in charts)
    rest = [s for s in found.of("svg") if s not in charts]
    assert all(s["aria-hidden"] == "true" for s in rest)
    assert html.count('<div class="beside"><figure><svg') == len(charts)
    assert len(re.findall(r'</svg></figure><div class="scroll"', html)) == len(charts)
    assert html.count("<desc") == len(charts)


def test_a_bar_is_as_long_as_its_figure() -> None:
    scores = (("A", 50.0), ("<b>" + "W" * 90, 100.0), ("C", None), ("D", 0.0))
    drawn = str(draw(Chart("scores", "T", "D", bars=scores), "c"))
    half, whole = (float(w) for w in re.findall(r'<rect [^>]*width="([\d.]+)"', drawn))
    assert abs(whole - 2 * half) <= 0.1
    assert "&lt;b&gt;WWWW" in drawn
    assert "W" * 30 not in drawn
    assert re.findall(r'class="figure">([^<]*)<', drawn) == ["50.0", "100.0", "unknown", "0.0"]
    broken = (("2026-01", 10.0), ("2026-02", None), ("2026-03", 20.0), ("2026-04", 30.0))
    drawn = str(draw(Chart("course", "T", "D", bars=broken, bounds=(50, 75)), "c"))
    [way] = re.findall(r'd="([^"]*)" class="course-line"', drawn)
    assert re.sub(r"[\d. ]+", "", way) == "MML"
    assert drawn.count('class="bound"') == 2
    for amount, is_drawn in ((0.0, False), (5e-324, False), (1e308, True), (float("inf"), False)):
        stacks = (("Budget", Buckets(none=amount)),)
        drawn = str(draw(Chart("reaches", "T", "D", stacks=stacks), "c") or "")
        assert ("is-unlinked" in drawn) is is_drawn
        assert not re.search("inf|nan", re.sub("<[^<]*text[^<]*<", "<", drawn))


def test_pages_for_each_unit_and_manager_and_the_annexes(html: str, sample: BoardReport) -> None:
    titles = Page(html).text_of("h2")
    units = [u.health.name for u in sample.units]
    assert titles[0] == "Decisions asked of the board"
    assert titles[1 : len(units) + 3] == [*units, "Words used", "All figures"]
    assert titles[-2:] == ["Rules in force", "Waivers in force"]
    assert {u.health.name for u in sample.units} | {m.name for m in sample.managers} < set(titles)
    text = Page(html).text
    for rule in ("OWN-001", "REL-001", "VAL-001"):
        assert rule in text
    assert "As of 2026-11-23" in text


def test_the_commit_is_told(sample: BoardReport) -> None:
    from msgspec import structs

    told = html_of(board_pack(structs.replace(sample, commit=PackCommit("c" * 40, changed=True))))
    assert f"<code>{'c' * 40}</code> with changes that are not committed" in told
    assert "As of 2026-11-23, not in git" in html_of(
        board_pack(structs.replace(sample, commit=None))
    )


# -- contrast ------------------------------------------------------------------------------


def luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_contrast(palette: dict[str, str]) -> None:
    for ground in GROUNDS:
        for text in TEXTS:
            assert contrast(palette[text], palette[ground]) >= 4.5, (text, ground)
    for shape in SHAPES:  # and a label on the full bar is paper on mark
        assert contrast(palette[shape], palette["paper"]) >= 4.5, shape


def test_every_colour_is_one_of_the_palettes() -> None:
    sheet = style_sheet()
    assert set(re.findall(r"#[0-9a-f]{6}\b", sheet)) == {*LIGHT.values(), *DARK.values()}
    colours = re.findall(r"(?<![\w-])(?:color|fill|stroke|background|stop-color):([^;}]+)", sheet)
    allowed = r"var\(--\w+\)|none|inherit|url\(#fill-\w+\)"
    assert all(re.fullmatch(allowed, c) for c in colours), colours
    assert set(re.findall(r"var\(--(\w+)\)", sheet)) <= set(LIGHT)
    assert set(LIGHT) == set(DARK)


# -- hostile data --------------------------------------------------------------------------

FRAGMENTS = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' onmouseover='x", "-->", "<!--",
    "</title>", "</style>", "</svg>", "]]>", "<svg onload=x>", "javascript:alert(1)", "&lt;b&gt;",
    "&#60;b>", "\u202e", "\u200b", "\x1b[31m", "\x00", "\n", "|", "`", "[a](javascript:x)", "<b>",
    "![x](http://h/y)", "{{x}}", "${x}", "=1+1", "@all", "#1", "%", "\\", "日本語", "🚗", "url(x)",
]  # fmt: skip
TEXT = st.lists(
    st.one_of(st.sampled_from(FRAGMENTS), st.text(st.characters(exclude_categories=["Cs"]))),
    min_size=1,
    max_size=4,
).map("".join)
URL = st.one_of(
    TEXT,
    TEXT.map(lambda t: f"https://example.org/{t}"),
    TEXT.map(lambda t: f"https:{t}"),
    st.sampled_from(
        [
            "javascript:alert(1)",
            "data:text/html,x",
            "//host/x",
            "https://a.example/b?c=d&e=f",
            "https://user:pass@host/",
            "JAVASCRIPT:x",
            "https://[",
        ]
    ),
)


@given(TEXT, URL)
@example("<script>alert(1)</script>", "javascript:alert(1)")
@example('"><img src=x onerror=alert(1)>', 'https://h/"onclick=x')
@example("x", "https://a.example/b?c=d&e=f")
@settings(max_examples=many(60))
def test_no_data_is_obeyed(book: RuleBook, text: str, url: str) -> None:
    report = board_with(book, text, url)
    found = unharmed(html_of(board_pack(report)))
    shown = " ".join(t for _, t in found.texts)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\x00-\x09\x0b-\x1f]", shown)
    for a in found.of("a"):
        assert (a["href"] or "").startswith("#") or a["href"] == url


@given(TEXT, URL)
@example("<script>alert(1)</script>", "javascript:alert(1)")
@example("[a](javascript:x)", "https://a.example/b?c=d&e=f")
@settings(max_examples=many(40))
def test_no_data_is_obeyed_in_a_wiki(book: RuleBook, text: str, url: str) -> None:
    written = markdown_pack(board_pack(board_with(book, text, url)))
    for token in MarkdownIt("gfm-like").parse(written):
        assert token.type != "html_block"
        for part in token.children or ():
            if part.type == "html_inline":
                assert part.content in ("<span>", "</span>")
            assert part.type != "image"
            if part.type == "link_open":
                assert is_web(url)
                assert str(part.attrs["href"]).startswith(("http://", "https://"))


@pytest.mark.parametrize(
    "url",
    ["javascript:x", "ftp://h/x", "https:///x", "https://u@h/", "http://h/a b", "//h", "https://h/\u202e"],
)  # fmt: skip
def test_only_addresses_of_the_web_are_links(url: str) -> None:
    assert not is_web(url)
    assert "<a" not in link(url)


def test_a_link_is_escaped_and_tells_nobody() -> None:
    told = link("https://h.example/?a=1&b=2")
    assert 'href="https://h.example/?a=1&amp;b=2" rel="noopener noreferrer"' in told


def test_an_attribute_cannot_be_invented() -> None:
    with pytest.raises(ValueError, match="no attribute"):
        h("p", **{"x y": "z"})


# -- money over time -----------------------------------------------------------------------

AMOUNT = st.floats(-1e12, 1e12) | st.sampled_from([0.0, 5e-324, 1e308, -1e308])


def point(label: str, **amounts: float) -> CurvePoint:
    day = datetime.date(2026, 1, 1)
    return CurvePoint(label, day, day, **amounts)


def drawn_curve(*points: CurvePoint) -> str:
    return str(draw(Chart("curve", "T", "D", points=points), "c") or "")


def test_a_curve_is_as_high_as_its_figures() -> None:
    one = point("2026", planned=100, realised=40, expected=20, fading=10)
    two = point("2027", planned=50, expected=50, planned_at_approval=80)
    drawn = drawn_curve(one, two)
    bars = re.findall(r'<rect [^>]*height="([\d.]+)" class="is-(\w+)"', drawn)
    shown = [(kind, float(tall)) for tall, kind in bars if tall != "12"]
    scale = shown[0][1] / 40
    assert [(k, round(t / scale)) for k, t in shown] == [
        ("improved", 40), ("uncounted", 20), ("unlinked", 10), ("uncounted", 50),
    ]  # fmt: skip
    [plan] = re.findall(r'd="M(\S+) (\S+)L(\S+) (\S+)" class="plan"', drawn)
    assert round((float(plan[3]) - float(plan[1])) / scale) == 50
    assert drawn.count('class="then"') == 2
    assert re.findall(r'class="key">([^<]*)<', drawn) == [
        "planned", "realised", "expected", "fading", "at approval",
    ]  # fmt: skip
    assert 'class="then"' not in drawn_curve(one)
    assert drawn_curve() == drawn_curve(point("2026")) == ""


@given(st.lists(st.tuples(AMOUNT, AMOUNT, AMOUNT, AMOUNT), max_size=40))
@settings(max_examples=many(60))
def test_any_money_over_time_stays_in_its_picture(rows: list[tuple[float, ...]]) -> None:
    points = [
        point(f"{2000 + i}", planned=p, realised=r, expected=e, fading=f)
        for i, (p, r, e, f) in enumerate(rows)
    ]
    drawn = drawn_curve(*points)
    numbers = re.findall(r'(?: (?:x|y|width|height|cx|cy)|(?<=[MLH ]))="?(-?[\d.]+)', drawn)
    assert not re.search("inf|nan", re.sub("<title.*?</desc>", "", drawn))
    assert all(-1 <= float(n) <= 441 for n in numbers)
