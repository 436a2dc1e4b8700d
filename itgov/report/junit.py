"""`--format junit`: a test report, for CI servers that show nothing else."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import groupby

from msgspec import Struct

from itgov.model.finding import Finding
from itgov.report.check_report import CheckReport
from itgov.report.plain import plain
from itgov.report.words import NOT_EVALUATED, verdict


class _Suite(Struct):
    """The test cases of one file, counted by result, and what the suite has to say besides."""

    name: str
    cases: list[str]
    results: Counter[str]
    output: str


def render(report: CheckReport) -> str:
    """Write the findings down as JUnit XML that the schemas of Ant and of Jenkins both accept.

    A suite is a file, a test case a finding; its name has no line number, so a server can tell a
    new failure from an old one, and file and line stand beside it.  What the run fails for is a
    failure, or an error where a rule could not be evaluated; a waived finding is a skipped test with
    the reason, and any other finding a passed test that is told in the suite's output.  A report without findings has one passed test, because
    servers take an empty report for a broken one.
    """
    by_file = groupby(sorted(report.findings, key=lambda f: f.path), key=lambda f: f.path)
    suites = [_suite(path, findings, report.fails) for path, findings in by_file]
    if not suites:
        suites = [_Suite("itgov", [_case("itgov", "check", "")], Counter(), verdict(report))]
    written = (_written(number, suite, report.as_of) for number, suite in enumerate(suites))
    # No encoding is named: XML without one is UTF-8, and text in memory has none yet.
    return '<?xml version="1.0"?>\n<testsuites>\n' + "".join(written) + "</testsuites>\n"


def _suite(
    path: str, findings: Iterable[Finding], fails: Callable[[Finding], bool] | None
) -> _Suite:
    results: Counter[str] = Counter()
    names: Counter[str] = Counter()
    cases, told = [], []
    for finding in findings:
        result = _result(finding, fails)
        results[result] += 1
        name = _name(finding)
        names[name] += 1
        if names[name] > 1:
            name += f" #{names[name]}"
        outcome = _outcome(finding, result)
        cases.append(_case(f"itgov.{finding.rule}", name, outcome, finding))
        if result == "passed":
            told.append(_details(finding))
    return _Suite(path, cases, results, "\n\n".join(told))


def _result(finding: Finding, fails: Callable[[Finding], bool] | None) -> str:
    if finding.waived:
        return "skipped"
    is_bad = finding.severity != "info" if fails is None else fails(finding)
    if finding.unevaluated:  # where the run does not fail for it, it is no pass either
        return "error" if is_bad else "skipped"
    return "failure" if is_bad else "passed"


def _name(finding: Finding) -> str:
    field = f" ({finding.field})" if finding.field else ""
    return f"{finding.rule} {finding.name}: {finding.subject.kind} {finding.subject.id}{field}"


def _outcome(finding: Finding, result: str) -> str:
    if result == "passed":
        return ""
    if result == "skipped":
        why = f"Waived: {finding.waiver_reason or finding.message}"
        return f"<skipped>{_xml(why if finding.waived else finding.message)}</skipped>"
    return (
        f'<{result} message="{_xml(finding.message)}" type="{_xml(finding.rule)}">'
        f"{_escape(_details(finding))}</{result}>"
    )


def _details(finding: Finding) -> str:
    """Return the finding in words, over several lines."""
    where = f"{plain(finding.path)}:{finding.line}:{finding.column}"
    kind = f"{finding.severity}[{plain(finding.rule)} {plain(finding.name)}]"
    lines = [f"{where}: {kind} {plain(finding.message)}"]
    if finding.fix:
        lines.append(f"fix: {plain(finding.fix)}")
    lines += [f"see also {plain(p.path)}:{p.line}:{p.column}" for p in finding.related]
    if finding.unevaluated:
        lines.append(f"not evaluated: {NOT_EVALUATED}")
    return "\n".join(lines)


def _case(classname: str, name: str, outcome: str, finding: Finding | None = None) -> str:
    start = f'<testcase classname="{_xml(classname)}" name="{_xml(name)}" time="0"'
    if finding is not None:
        start += f' file="{_xml(finding.path)}" line="{finding.line}"'
    return f"    {start}>{outcome}</testcase>\n" if outcome else f"    {start}/>\n"


def _written(number: int, suite: _Suite, as_of: datetime.date) -> str:
    results = suite.results
    name = _xml(suite.name).strip() or "(no file)"
    # The as-of date stands for the time of the run, so that equal runs give equal reports.
    return (
        f'  <testsuite package="itgov" id="{number}" name="{name}"'
        f' timestamp="{as_of}T00:00:00" hostname="localhost" tests="{len(suite.cases)}"'
        f' failures="{results["failure"]}" errors="{results["error"]}"'
        f' skipped="{results["skipped"]}" time="0">\n'
        f'    <properties><property name="as-of" value="{as_of}"/></properties>\n'
        f"{''.join(suite.cases)}"
        f"    <system-out>{_escape(suite.output)}</system-out>\n"
        "    <system-err/>\n  </testsuite>\n"
    )


def _xml(data: str) -> str:
    """Return data for an element or an attribute; `plain` leaves nothing that XML forbids."""
    return _escape(plain(data))


def _escape(text: str) -> str:
    return (
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    )
