"""`--format markdown`, rendered to see that data stays data."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from itgov.model.finding import Finding
from itgov.report import CheckReport, render
from itgov.report.markdown_escape import code, escape
from itgov.report.plain import plain

Make = Callable[..., Finding]
MakeReport = Callable[..., CheckReport]

OURS = {"<span>", "</span>"}
SAFE = {"text", "text_special", "code_inline", "html_inline", "softbreak"}
HOSTILE = [
    "<script>alert(1)</script>",
    "<!-- x",
    "![p](https://evil.example/p.png)",
    "[a](javascript:x)",
    "[a][b]",
    "https://evil.example",
    "www.evil.example",
    "ftp://evil.example",
    "me@evil.example",
    "@everyone",
    "\\@org/team",
    "#123",
    "org/repo#1",
    "GH-12",
    "!45",
    "a | b \\| c",
    "`code`",
    "``` x",
    "~~~",
    "**b** __b__ ~~s~~",
    "# h",
    "> q",
    "- l",
    "+ l",
    "1. l",
    "12) l",
    "===",
    "---",
    "&lt;b&gt; &#64;me",
    "$x^2$",
    ":smile:",
    "deadbeefcafe0123",
    "a\n\n# b",
    "\u202eevil",
    "{+ a +}",
    "[^1]",
    "<https://evil.example>",
    "\\",
]
nasty = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=5), max_size=5).map("".join)


def tokens_of(markdown: str) -> list[Token]:
    parser = MarkdownIt("gfm-like", {"html": True})
    if parser.linkify is not None:
        # GitHub makes links of addresses with a scheme, of www. and of mail, not of any `a.b`.
        parser.linkify.set({"fuzzy_link": False})
    return parser.parse(markdown)


def text_of(markdown: str) -> str:
    """What a reader sees of one line; fails where it holds more than text."""
    (inline,) = [token for token in tokens_of(markdown) if token.type == "inline"]
    seen = ""
    for token in inline.children or []:
        assert token.type in SAFE, token
        if token.type == "html_inline":
            assert token.content in OURS
        else:
            seen += token.content
    return seen.replace("\u200b", "")


def kinds(markdown: str) -> list[str]:
    return [token.type for token in tokens_of(markdown)]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_reads_the_same_and_does_nothing(text: str) -> None:
    assert kinds(escape(text)) == ["paragraph_open", "inline", "paragraph_close"]
    assert text_of(escape(text)) == plain(text).strip()
    assert text_of(f"x {code(text)}") == f"x {plain(text).strip()}"


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_is_left_for_github_and_gitlab_to_act_on(text: str) -> None:
    # Mentions and references are looked for in the rendered text, between tags.
    for piece in re.split(r"<[^>]*>", escape(text)):
        seen = html.unescape(re.sub(r"\\(\W)", r"\1", piece))
        assert not re.search(r"@\w|#\d|!\d|GH-\d|https?://|ftp://|www\.|:smile:", seen)
        assert not re.search(r"\b[0-9a-f]{7,40}\b|\$\w|\{\+", seen)


@given(nasty)
@settings(deadline=None, database=None)
def test_no_text_escapes_from_its_place(text: str) -> None:
    if plain(text).strip():
        assert kinds(escape(text)) == ["paragraph_open", "inline", "paragraph_close"]
        assert text_of(escape(text)) == plain(text).strip()
        assert text_of(f"- {code(text)}") == plain(text).strip()


@given(nasty)
@settings(deadline=None, database=None)
def test_a_cell_stays_a_cell(text: str) -> None:
    table = f"| a | b |\n| --- | --- |\n| {escape(text)} | {code(text)} |\n"
    assert kinds(table).count("td_open") == 2
    assert kinds(table).count("tr_open") == 2


def test_a_report_has_counts_findings_fixes_and_waivers(report: CheckReport) -> None:
    written = render(report, "markdown")
    assert "| 1 | 2 | 1 | 1 | 61 | 7 |" in written
    headings = re.findall(r"^#+ (.*)$", written, re.MULTILINE)
    assert headings == ["IT governance check", "Findings", "How to fix", "Waived"]
    rows = re.findall(r"^\| \*\*(\w+)\*\* \| (.*) \|$", written, re.MULTILINE)
    assert [row[0] for row in rows] == ["error", "warning", "warning", "info"]
    assert rows[0][1] == (
        "`OWN-001` outcome-owner-named | `portfolios/retail.yaml:5:20` | "
        "Claims handling platform has no outcome owner"
    )
    assert "(waived: Re-measured after the merger)" in written
    assert "Name the person in the business who answers for the outcome." in written


def test_statistics_add_two_tables(report: CheckReport) -> None:
    written = render(report, "markdown", statistics=True)
    assert "| `VAL-004` | outcome-measurable | warning | 2 | 1 |" in written
    assert "| `retail` | 1 | 2 | 0 | 1 |" in written
    assert "| (none) | 0 | 0 | 1 | 0 |" in written


def test_nothing_found(report_on: MakeReport) -> None:
    written = render(report_on([]), "markdown")
    assert "All good: 61 investments in 7 files" in written
    assert "###" not in written


def test_two_hundred_findings_and_a_count_of_the_others(
    finding: Make, report_on: MakeReport
) -> None:
    found = [finding(n, severity="info", message="x") for n in range(250)] + [finding(999)]
    written = render(report_on(found), "markdown")
    assert written.count("| **") == 200
    assert written.index("**error**") < written.index("**info**")
    assert "\n\n51 more not shown.\n" in written


@pytest.mark.parametrize("message", ["word " * 200, "$" * 5000, "自動車🚗" * 500, "<&@:|" * 300])
@pytest.mark.parametrize("statistics", [False, True])
def test_it_always_fits_into_a_comment(
    finding: Make, report_on: MakeReport, message: str, statistics: bool
) -> None:
    found = [
        finding(
            n,
            rule=f"OWN-{n:03}",
            name=message,
            message=message,
            business_unit=f"{message}{n}",
            path=message,
            fix=message,
            waived=n % 5 == 0,
            waiver_reason=message,
        )
        for n in range(400)
    ]
    written = render(report_on(found), "markdown", statistics=statistics)
    assert len(written.encode()) < 65_000
    told = re.findall(r"([\d,]+) more not shown", written)
    assert len(told) >= 3
    for heading in ("### Findings", "### How to fix", "### Waived"):
        assert heading in written
