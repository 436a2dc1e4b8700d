"""`--format junit`, by what the schemas of Ant (windyroad) and Jenkins (junit-10) demand.

File and line of a case are PHPUnit's addition, which GitLab and others read and all ignore who do not.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

from msgspec.structs import replace

from itgov.model.finding import Finding
from itgov.report import CheckReport, render

Make = Callable[..., Finding]
MakeReport = Callable[..., CheckReport]

SUITE = {"package", "id", "name", "timestamp", "hostname", "tests", "failures", "errors"}
SUITE_OPTIONAL = {"skipped", "time"}
CASE = {"name", "classname", "time", "file", "line"}
OUTCOMES = {"failure", "error", "skipped"}


def suites_of(report: CheckReport) -> list[ET.Element]:
    """The suites of a report, checked against both schemas' demands."""
    root = ET.fromstring(render(report, "junit"))
    assert (root.tag, root.attrib) == ("testsuites", {})
    for number, suite in enumerate(root):
        assert suite.tag == "testsuite"
        assert suite.get("id") == str(number)
        check_suite(suite)
    return list(root)


def check_suite(suite: ET.Element) -> None:
    assert set(suite.attrib) >= SUITE | {"time"}
    assert set(suite.attrib) <= SUITE | SUITE_OPTIONAL
    assert suite.attrib["name"].split()
    assert suite.attrib["hostname"].split()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", suite.attrib["timestamp"])
    cases = suite.findall("testcase")
    tags = [child.tag for child in suite]
    assert tags == ["properties"] + ["testcase"] * len(cases) + ["system-out", "system-err"]
    for item in suite[0]:
        assert (item.tag, set(item.attrib)) == ("property", {"name", "value"})
        assert item.attrib["name"].strip()
    counted = {"failures": 0, "errors": 0, "skipped": 0}
    for case in cases:
        assert set(case.attrib) in ({"name", "classname", "time"}, CASE)
        assert re.fullmatch(r"\d+(\.\d*)?", case.attrib["time"])
        assert len(case) <= 1
        for outcome in case:
            assert outcome.tag in OUTCOMES
            assert len(outcome) == 0
            if outcome.tag != "skipped":
                assert set(outcome.attrib) == {"message", "type"}
            counted[outcome.tag if outcome.tag == "skipped" else f"{outcome.tag}s"] += 1
    assert {key: int(suite.attrib[key]) for key in counted} == counted
    assert int(suite.attrib["tests"]) == len(cases)
    names = [(case.get("classname"), case.get("name")) for case in cases]
    assert len(set(names)) == len(names)


def test_a_suite_for_each_file_and_a_case_for_each_finding(report: CheckReport) -> None:
    organisation, retail = suites_of(report)
    assert organisation.get("name") == "portfolios/organisation.yaml"
    assert retail.get("name") == "portfolios/retail.yaml"
    assert [len(suite.findall("testcase")) for suite in (organisation, retail)] == [1, 4]
    assert retail.get("timestamp") == "2026-11-23T00:00:00"


def test_severities_become_results(report: CheckReport) -> None:
    organisation, retail = suites_of(report)
    (info,) = organisation.findall("testcase")
    assert len(info) == 0
    assert "No title is agreed" in (organisation.findtext("system-out") or "")
    owner, title, broken, waived = (case[0] for case in retail.findall("testcase"))
    assert (owner.tag, owner.get("type")) == ("failure", "OWN-001")
    assert owner.get("message") == "Claims handling platform has no outcome owner"
    assert "portfolios/retail.yaml:5:20" in (owner.text or "")
    assert "fix: Name the person in the business." in (owner.text or "")
    assert "see also portfolios/organisation.yaml:12:5" in (owner.text or "")
    assert title.tag == "failure"
    assert broken.tag == "error"
    assert (waived.tag, waived.text) == ("skipped", "Waived: Re-measured after the merger")


def test_what_the_run_fails_for_is_a_failure_and_nothing_else(
    finding: Make, report_on: MakeReport
) -> None:
    found = [replace(finding(n), fingerprint=str(n)) for n in (1, 2)]
    report = replace(report_on(found), fails=found[1:].__contains__)
    (suite,) = suites_of(report)
    assert [[o.tag for o in case] for case in suite.findall("testcase")] == [[], ["failure"]]
    assert {c.get("file") for c in suite.findall("testcase")} == {found[0].path}
    assert [c.get("line") for c in suite.findall("testcase")] == [str(f.line) for f in found]


def test_a_case_is_known_by_what_it_is_about_not_by_its_line(
    finding: Make, report_on: MakeReport
) -> None:
    def name(line: int) -> str | None:
        (suite,) = suites_of(report_on([finding(span=(line, 1, line, 2))]))
        return suite.findall("testcase")[0].get("name")

    assert name(3) == name(300)


def test_cases_of_one_name_are_told_apart(finding: Make, report_on: MakeReport) -> None:
    (suite,) = suites_of(report_on([finding(1), finding(1), finding(1)]))
    assert suite.get("tests") == "3"


def test_a_report_without_findings_has_one_passed_test(report_on: MakeReport) -> None:
    (suite,) = suites_of(report_on([]))
    assert (suite.get("tests"), suite.get("failures")) == ("1", "0")
    assert "All good: 61 investments in 7 files" in (suite.findtext("system-out") or "")


def test_what_xml_forbids_is_spelt_out(finding: Make, report_on: MakeReport) -> None:
    found = finding(message='a\x00\x0b\ufffe\ud800 ]]> <b> & "q" \u202e', path=" ")
    (suite,) = suites_of(report_on([found]))
    (failure,) = suite.findall("testcase/failure")
    assert failure.get("message") == ('a<U+0000> <U+FFFE><U+D800> ]]> <b> & "q" <U+202E>')
