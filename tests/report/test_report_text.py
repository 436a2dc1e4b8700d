"""`--format text`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from itgov.model.finding import Finding
from itgov.model.rulebook import Tally
from itgov.report import CheckReport, render
from itgov.report.source_line import underline

from ..support.examples import many

Make = Callable[..., Finding]
MakeReport = Callable[..., CheckReport]

GOLDEN = """\
portfolios/organisation.yaml:1:1: info[ORG-002 vocabulary-agreed] No title is agreed for the role

portfolios/retail.yaml:5:20: error[OWN-001 outcome-owner-named] Claims handling platform has no \
outcome owner
  |
5 |     outcome_owner: TBD
  |                    ^^^
  = fix: Name the person in the business.
  = see also portfolios/organisation.yaml:12:5

portfolios/retail.yaml:7:12: warning[VAL-004 outcome-measurable] The title speaks of 自動車
  |
7 |     title: 自動車保険 🚗 renewal
  |            ^^^^^^^^^^

portfolios/retail.yaml:8:15: warning[VAL-004 outcome-measurable] RET-002/faster: no such overload
  |
8 |     outcomes: [{id: faster}]
  |               ^^^^^^^^^^^^
  = not evaluated: the rule could not be evaluated, so it does not count as passed

Waived (1)
  portfolios/retail.yaml:8:15: warning[VAL-004 outcome-measurable] faster has no baseline \
(waived: Re-measured after the merger)

Found 1 error, 2 warnings, 1 info (1 waived) in 61 investments, 7 files, as of 2026-11-23.
Explain a rule with: itgov rules show OWN-001
"""

STATISTICS = """\
Findings by rule
Rule     Name                 Severity  Count  Waived
-------  -------------------  --------  -----  ------
OWN-001  outcome-owner-named  error         1       0
VAL-004  outcome-measurable   warning       2       1
ORG-002  vocabulary-agreed    info          1       0

Findings by business unit
Business unit       Errors  Warnings  Infos  Waived
------------------  ------  --------  -----  ------
retail                   1         2      0       1
(no business unit)       0         0      1       0
"""


def columns_of(text: str) -> int:
    """How many columns a terminal gives to a text."""
    return sum(
        0
        if unicodedata.category(char) in ("Mn", "Me") or "\u1160" <= char <= "\u11ff"
        else 2
        if unicodedata.east_asian_width(char) in ("W", "F")
        else 1
        for char in text
    )


def marked(line: str, carets: str) -> str:
    """The part of a shown line that stands above its carets."""
    start = len(carets) - len(carets.lstrip(" "))
    column, part = 0, ""
    for char in line:
        width = columns_of(char)
        if start <= column < len(carets) or (width == 0 and part and column == len(carets)):
            part += char
        column += width
    return part


def test_golden(report: CheckReport) -> None:
    assert render(report, "text") == GOLDEN


def test_colour_only_adds_to_what_is_said(report: CheckReport) -> None:
    coloured = render(report, "text", color=True, statistics=True)
    assert "\x1b[" in coloured
    bare = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert bare == render(report, "text", statistics=True)
    assert "\x1b" not in bare


def test_statistics_stand_for_the_findings_before_the_verdict(report: CheckReport) -> None:
    written = render(report, "text", statistics=True)
    assert written == f"{STATISTICS}\n{GOLDEN[GOLDEN.index('Found 1') :]}"


def test_statistics_say_how_often_a_rule_passed_of_how_many(report: CheckReport) -> None:
    tallies = {"OWN-001": Tally(passed=5, failed=1, waived=2, not_applicable=3, unevaluated=4)}
    written = render(structs.replace(report, tallies=tallies), "text", statistics=True)
    row = next(line for line in written.splitlines() if line.startswith("OWN-001"))
    assert row.split()[-4:] == ["4", "5", "12", "3"]


def test_statistics_fit_a_narrow_terminal(report: CheckReport) -> None:
    tallies = {"OWN-001": Tally(passed=5, failed=1, waived=2, not_applicable=3, unevaluated=4)}
    told = structs.replace(report, tallies=tallies)
    lines = render(told, "text", statistics=True, width=66).splitlines()
    tables = lines[: lines.index("Findings by business unit") + 5]
    assert max(map(columns_of, tables)) <= 66
    assert "No room here for: Severity, Does not apply" in tables
    assert any(line.startswith("OWN-001") and line.endswith("12") for line in tables)


def test_statistics_leave_ids_that_look_like_numbers_alone(
    finding: Make, report_on: MakeReport
) -> None:
    written = render(report_on([finding(business_unit="1e5")]), "text", statistics=True)
    assert "\n1e5 " in written


@pytest.mark.parametrize(
    ("files", "waived", "verdict"),
    [
        (7, False, "All good: 61 investments in 7 files, as of 2026-11-23."),
        (7, True, "All good: 61 investments in 7 files (1 waived), as of 2026-11-23."),
        (0, False, "Nothing checked: no file was found, as of 2026-11-23."),
    ],
)
def test_verdict_without_findings(
    finding: Make, report_on: MakeReport, files: int, waived: bool, verdict: str
) -> None:
    findings = [finding(waived=True, waiver_reason="agreed")] if waived else []
    last = render(report_on(findings, files=files), "text").splitlines()[-1]
    assert last == verdict


def test_one_of_each_is_not_called_many(finding: Make, report_on: MakeReport) -> None:
    written = render(report_on([finding()], files=1, investments=1), "text")
    assert "Found 1 error in 1 investment, 1 file, as of 2026-11-23." in written


def test_the_hint_explains_the_worst_rule(finding: Make, report_on: MakeReport) -> None:
    found = [finding(1, rule="VAL-009", severity="warning"), finding(2, rule="REL-001")]
    assert "itgov rules show REL-001" in render(report_on(found), "text")


def test_a_missing_source_line_leaves_the_rest(finding: Make, report_on: MakeReport) -> None:
    written = render(report_on([finding(fix="Name one.")]), "text")
    assert "^" not in written
    assert "  = fix: Name one.\n" in written


def test_a_span_of_many_lines_is_marked_to_the_end_of_its_first(
    finding: Make, report_on: MakeReport
) -> None:
    found = finding(span=(3, 3, 9, 2))
    written = render(report_on([found], lines=lambda path, line: "  - id: A-1  \n"), "text")
    assert "\n3 |   - id: A-1  \n  |   ^^^^^^^^^\n" in written


def test_the_gutter_is_as_wide_as_the_line_number(finding: Make, report_on: MakeReport) -> None:
    found = finding(span=(12345, 1, 12345, 3))
    written = render(report_on([found], lines=lambda path, line: "id: A-1"), "text")
    assert "\n      |\n12345 | id: A-1\n      | ^^\n" in written


@pytest.mark.parametrize(
    ("text", "span", "line", "carets"),
    [
        ("owner: TBD", (8, 11), "owner: TBD", "       ^^^"),
        ("\towner:\tTBD", (9, 12), "    owner:    TBD", "              ^^^"),
        ("自動 owner", (4, 9), "自動 owner", "     ^^^^^"),
        ("🚗🚗 x", (1, 3), "🚗🚗 x", "^^^^"),
        ("cafe\u0301: x", (8, 9), "cafe\u0301: x", "      ^"),
        ("owner:", (7, 7), "owner:", "      ^"),
        ("owner:", (99, 120), "owner:", "      ^"),
        ("", (1, 1), "", "^"),
        ("a\u202eb: x", (1, 4), "a<U+202E>b: x", "^^^^^^^^^^"),
        ("x: ##[error]", (4, 6), "x: #<U+0023>[error]", "   ^^^^^^^^^"),
    ],
)
def test_carets_stand_under_the_span(
    text: str, span: tuple[int, int], line: str, carets: str
) -> None:
    assert underline(text, *span, 100) == (line, carets)


def test_a_long_line_is_cut_around_the_span() -> None:
    text = "a" * 500 + "OWNER" + "b" * 500
    line, carets = underline(text, 501, 506, 60)
    assert len(line) == 60
    assert line[0] == line[-1] == "…"
    assert marked(line, carets) == "OWNER"


def test_a_long_line_is_cut_on_one_side_where_the_span_is_at_its_end() -> None:
    text = "owner: " + "x" * 200
    line, carets = underline(text, 1, 6, 40)
    assert line.startswith("owner: xxx")
    assert line.endswith("…")
    assert marked(line, carets) == "owner"
    line, carets = underline("x" * 200 + " owner", 202, 207, 40)
    assert line.startswith("…")
    assert line.endswith("x owner")
    assert marked(line, carets) == "owner"


def test_a_span_wider_than_the_terminal_fills_it() -> None:
    line, carets = underline("x" * 1000, 101, 900, 50)
    assert len(line) <= 50
    assert set(marked(line, carets)) == {"x"}
    assert len(carets) <= 49


def test_the_width_asked_for_is_kept(finding: Make, report_on: MakeReport) -> None:
    found = finding(span=(3, 300, 3, 305))
    written = render(report_on([found], lines=lambda p, n: "y" * 600), "text", width=72)
    assert max(len(line) for line in written.splitlines()[1:4]) == 72


@given(
    st.text(st.sampled_from("ab \t自é🚗e\u0301\u202e\x1b각ㅏ#[\u1161"), max_size=60),
    st.integers(0, 59),
    st.integers(0, 59),
    st.integers(20, 80),
)
@settings(database=None, max_examples=many(400))
def test_carets_stand_under_the_span_whatever_the_line(
    text: str, first: int, length: int, limit: int
) -> None:
    start = min(first, len(text))
    end = min(start + length, len(text))
    line, carets = underline(text, start + 1, end + 1, limit)
    assert columns_of(line) <= limit
    assert re.fullmatch(" *\\^+", carets)
    whole, _ = underline(text, start + 1, end + 1, 10_000)
    if line == whole and end > start and columns_of(text[start:end].replace("\t", "    ")):
        before, _ = underline(text[:start], 1, 1, 10_000)
        if "##" not in text:
            through, _ = underline(text[:end], 1, 1, 10_000)
            assert len(carets) - carets.count("^") == columns_of(before)
            assert len(carets) == columns_of(through)
