"""What no data may do to any format."""

from __future__ import annotations

import json
import re
import unicodedata
import xml.etree.ElementTree as ET
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itgov.model.finding import Finding, Place, Subject
from itgov.report import FORMATS, CheckReport, Format, render, summarise
from itgov.report.check_report import no_lines

from ..support.examples import many

FRAGMENTS = [
    "\x1b[2J",
    "\x1b]0;title\x07",
    "\x00",
    "\x7f",
    "\x9b31m",
    "\r",
    "\n",
    "\n::error::x",
    "::stop-commands::t",
    "##[add-mask]x",
    "##vso[x]y",
    "]]>",
    "<script>",
    "<!--",
    "&amp;",
    "|",
    "`",
    "%0A",
    "%",
    "::",
    "\u202e",
    "\u2066",
    "\u200b",
    "\ufeff",
    "\ud800",
    "\udce9",
    "\ufffe",
    "🚗",
    "👩\u200d👩",
    "自",
    "שלום",
    "e\u0301",
    "\t",
    "\\",
    '"',
    "\u2028",
    "\U000e0041",
]
hostile = st.lists(
    st.sampled_from(FRAGMENTS) | st.text(st.characters(exclude_categories=()), max_size=4),
    max_size=6,
).map("".join)
position = st.integers(0, 40)


@st.composite
def hostile_findings(draw: st.DrawFn) -> Finding:
    line, column = draw(position), draw(position)
    return Finding(
        rule=draw(hostile),
        name=draw(hostile),
        severity=draw(st.sampled_from(["error", "warning", "info"])),
        message=draw(hostile),
        path=draw(hostile),
        line=line,
        column=column,
        end_line=line + draw(st.integers(0, 1)),
        end_column=draw(position),
        business_unit=draw(st.none() | hostile),
        subject=Subject("investment", draw(hostile)),
        field=draw(st.none() | hostile),
        waived=draw(st.booleans()),
        fingerprint=draw(hostile),
        fix=draw(hostile),
        related=tuple(Place(path) for path in draw(st.lists(hostile, max_size=2))),
        waiver_reason=draw(st.none() | hostile),
        unevaluated=draw(st.booleans()),
    )


reports = st.builds(
    lambda findings, source: CheckReport(
        as_of=date(2026, 11, 23),
        findings=findings,
        summary=summarise(findings, 1, 1),
        lines=lambda path, line: source,
    ),
    st.lists(hostile_findings(), max_size=4),
    hostile,
)


def runner_commands(written: str) -> list[str]:
    """The lines that a GitHub runner takes for commands: `::name` first, or `##[` anywhere."""
    return [
        line
        for line in re.split(r"[\r\n]", written)
        if re.match(r"\s*::.*::", line) or "##[" in line or "##vso[" in line
    ]


@pytest.mark.parametrize("format", FORMATS)
@given(report=reports, statistics=st.booleans())
@settings(database=None, max_examples=many(60))
def test_no_data_reaches_the_terminal_raw(
    format: Format, report: CheckReport, statistics: bool
) -> None:
    written = render(report, format, statistics=statistics)
    written.encode("utf-8")
    kinds = {unicodedata.category(char) for char in written.replace("\n", "")}
    assert kinds.isdisjoint({"Cc", "Cf", "Cs", "Zl", "Zp"})
    if format != "github":
        assert runner_commands(written) == []


@given(report=reports)
@settings(database=None, max_examples=many(60))
def test_data_adds_no_lines_to_the_text(report: CheckReport) -> None:
    tame = [
        Finding(
            rule="R",
            name="n",
            severity=f.severity,
            message="m",
            path="p",
            line=f.line,
            column=1,
            end_line=f.line,
            end_column=2,
            business_unit=None,
            subject=Subject("file", "p"),
            field=None,
            waived=f.waived,
            fingerprint="f",
            fix=f.fix and "x",
            related=tuple(Place("p") for _ in f.related),
            unevaluated=f.unevaluated,
        )
        for f in report.findings
    ]
    lines = report.lines("p", 1).rstrip("\r\n").strip() and "source"
    like = CheckReport(report.as_of, tame, summarise(tame, 1, 1), lines=lambda path, line: lines)
    assert len(render(report, "text").split("\n")) == len(render(like, "text").split("\n"))


@given(report=reports)
@settings(database=None, max_examples=many(60))
def test_each_github_line_is_one_of_ours(report: CheckReport) -> None:
    ours = re.compile(
        r"::(error|warning|notice) file=[^,:]*,line=\d+,endLine=\d+(,col=\d+,endColumn=\d+)?"
        r",title=[^,:]*::.*"
    )
    lines = render(report, "github").splitlines()
    assert len(lines) == sum(not f.waived for f in report.findings)
    assert all(ours.fullmatch(line) for line in lines)


@given(report=reports)
@settings(database=None, max_examples=many(60))
def test_structured_formats_can_be_read_whatever_the_data(report: CheckReport) -> None:
    count = len(report.findings)
    assert len(json.loads(render(report, "json"))["findings"]) == count
    assert len(json.loads(render(report, "sarif"))["runs"][0]["results"]) == count
    standing = sum(not f.waived for f in report.findings)
    assert len(json.loads(render(report, "gitlab"))) == standing
    cases = ET.fromstring(render(report, "junit")).findall("testsuite/testcase")
    assert len(cases) == max(count, 1)


def test_a_report_can_do_without_source_lines() -> None:
    assert no_lines("a.yaml", 1) == ""
