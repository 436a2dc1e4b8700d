"""`--format sarif`: SARIF 2.1.0, as GitHub code scanning takes it.

GitHub refuses what validators let pass: a result without a location, an empty `uri`, line 0, more
than 25,000 results or 20 tags a rule.  It keeps 5,000 results, takes no notice of
`originalUriBaseIds`, drops the second of two equal fingerprints, and warns where a tool sets
`primaryLocationLineHash` itself.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from urllib.parse import quote

from itgov.model.finding import Finding, Place, Severity
from itgov.model.rulebook import RuleInfo
from itgov.model.text import plural
from itgov.report.check_report import CheckReport, worst_first
from itgov.report.json_text import json_text
from itgov.report.markdown_escape import escape
from itgov.report.plain import cut, plain

MOST_RESULTS = 25_000
_MOST_RELATED = 100
_MOST_TAGS = 10
_TEXT = 1024
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "%SRCROOT%"
_LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}
_PROBLEMS: dict[Severity, str] = {
    "error": "error",
    "warning": "warning",
    "info": "recommendation",
}

Json = dict[str, object]


def render(report: CheckReport) -> str:
    """Write the report down as a SARIF log with one run, worst findings first.

    Waived findings carry an accepted suppression.  GitHub takes no notice of suppressions and
    would open an alert that fails a pull request, so their level is `note`; the severity they had
    is in `properties`.  Findings beyond 25,000 are left out and counted in a notification.
    """
    rules = _catalogue(report)
    index = {rule: number for number, rule in enumerate(rules)}
    ordered = worst_first(report.findings)
    # SARIF wants suppressions on all results or on none: an empty list says "not suppressed".
    any_waived = any(f.waived for f in report.findings)
    results = [_result(f, index[f.rule], any_waived) for f in ordered[:MOST_RESULTS]]
    invocation: Json = {"executionSuccessful": True}
    if len(ordered) > MOST_RESULTS:
        left = plural(len(ordered) - MOST_RESULTS, "finding")
        invocation["toolExecutionNotifications"] = [
            {"level": "warning", "message": {"text": f"{left} more, the least severe, left out"}}
        ]
    driver: Json = {"name": "itgov", "version": _version()}
    if rules:
        driver["rules"] = [_rule(rule) for rule in rules.values()]
    run: Json = {
        "tool": {"driver": driver},
        "automationDetails": {"id": "itgov/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The repository's root"}}},
        "invocations": [invocation],
        "results": results,
        "properties": {"asOf": report.as_of.isoformat()},
    }
    return json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _version() -> str:
    try:
        return version("itgov")
    except PackageNotFoundError:
        return "0"


def _catalogue(report: CheckReport) -> dict[str, RuleInfo]:
    """Return the rules by id: the catalogue, and what the findings tell of rules not in it."""
    rules = dict(report.rules)
    for f in report.findings:
        if f.rule not in rules:
            rules[f.rule] = RuleInfo(
                id=f.rule,
                name=f.name,
                summary=f.name,
                severity=f.severity,
                subject=f.subject.kind,
                fix=f.fix,
            )
    return rules


def _rule(rule: RuleInfo) -> Json:
    summary = rule.summary.strip() or rule.name.strip() or rule.id
    about = {"Why": rule.why, "Fix": rule.fix, "Sources": "; ".join(rule.sources)}
    told = {title: text for title, text in about.items() if text.strip()} or {"Rule": summary}
    properties: Json = {
        "precision": "very-high",  # a rule is exact: it holds for a subject or it does not
        "problem.severity": _PROBLEMS[rule.severity],
    }
    if rule.tags:
        properties["tags"] = list(dict.fromkeys(map(plain, rule.tags)))[:_MOST_TAGS]
    return {
        "id": plain(rule.id),
        "name": plain(rule.name),
        "shortDescription": {"text": cut(plain(summary), _TEXT)},
        "fullDescription": {"text": cut(plain(rule.why.strip() or summary), _TEXT)},
        "help": {
            "text": "\n\n".join(f"{title}: {plain(text)}" for title, text in told.items()),
            "markdown": "\n\n".join(f"**{title}.** {escape(text)}" for title, text in told.items()),
        },
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": properties,
    }


def _result(f: Finding, rule_index: int, any_waived: bool) -> Json:
    properties: Json = {
        "severity": f.severity,
        "subject": f"{f.subject.kind} {plain(f.subject.id)}",
    }
    if f.business_unit is not None:
        properties["businessUnit"] = plain(f.business_unit)
    if f.field is not None:
        properties["field"] = plain(f.field)
    if f.unevaluated:
        properties["unevaluated"] = True
    result: Json = {
        "ruleId": plain(f.rule),
        "ruleIndex": rule_index,
        "level": "note" if f.waived else _LEVELS[f.severity],
        "message": {"text": _message(f)},
        "locations": [_location(f.place)],
        "partialFingerprints": {"itgov/v1": plain(f.fingerprint)},
        "properties": properties,
    }
    if f.related:
        result["relatedLocations"] = [
            {**_location(place), "id": number, "message": {"text": "see also"}}
            for number, place in enumerate(f.related[:_MOST_RELATED], start=1)
        ]
    if f.waived:
        suppression: Json = {"kind": "external", "status": "accepted"}
        if f.waiver_reason:
            suppression["justification"] = plain(f.waiver_reason)
        result["suppressions"] = [suppression]
    elif any_waived:
        result["suppressions"] = []
    return result


def _message(f: Finding) -> str:
    text = plain(f.message).strip() or plain(f.name) or plain(f.rule)
    # Even in plain text SARIF takes `[words](target)` for a link.
    return text.replace("](", "] (")


def _location(place: Place) -> Json:
    line, column = max(1, place.line), max(1, place.column)
    end_line = max(line, place.end_line)
    end_column = max(1, place.end_column)
    if end_line == line:
        end_column = max(column, end_column)
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(place.path), "uriBaseId": _ROOT},
            "region": {
                "startLine": line,
                "startColumn": column,
                "endLine": end_line,
                "endColumn": end_column,
            },
        }
    }


def _uri(path: str) -> str:
    try:
        # How Python spells the bytes of a file name that is not UTF-8: they get their own bytes.
        raw = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raw = path.encode("utf-8", "surrogatepass")
    return quote(raw.lstrip(b"/"), safe="/") or "."
