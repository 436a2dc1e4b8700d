"""`--format json`: a promise to other programs."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from itgov.model.finding import Finding, Place
from itgov.report import CheckReport, render

Make = Callable[..., Finding]
MakeReport = Callable[..., CheckReport]

KEYS = [
    "rule",
    "name",
    "severity",
    "message",
    "path",
    "line",
    "column",
    "end_line",
    "end_column",
    "business_unit",
    "subject",
    "field",
    "waived",
    "fingerprint",
]


def read(report: CheckReport, statistics: bool = False) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(render(report, "json", statistics=statistics))
    return data


def test_the_promised_shape(finding: Make, report_on: MakeReport) -> None:
    found = finding(1, span=(12, 5, 12, 30), field=None, business_unit=None)
    assert read(report_on([found])) == {
        "schema": 1,
        "as_of": "2026-11-23",
        "findings": [
            {
                "rule": "OWN-001",
                "name": "outcome-owner-named",
                "severity": "error",
                "message": "Claims handling platform has no outcome owner",
                "path": "portfolios/retail.yaml",
                "line": 12,
                "column": 5,
                "end_line": 12,
                "end_column": 30,
                "business_unit": None,
                "subject": {"kind": "investment", "id": "RET-001"},
                "field": None,
                "waived": False,
                "fingerprint": found.fingerprint,
            }
        ],
        "summary": {
            "error": 1,
            "warning": 0,
            "info": 0,
            "waived": 0,
            "files": 7,
            "investments": 61,
        },
    }


def test_the_order_of_keys_is_the_documented_one(report: CheckReport) -> None:
    data = read(report)
    assert list(data) == ["schema", "as_of", "findings", "summary"]
    for found in data["findings"]:
        assert list(found)[: len(KEYS)] == KEYS


def test_more_is_said_only_where_there_is_more(finding: Make, report_on: MakeReport) -> None:
    full = finding(
        waived=True,
        waiver_reason="agreed",
        fix="Name one.",
        related=(Place("a.yaml", 1, 2, 3, 4),),
        unevaluated=True,
    )
    bare, told = read(report_on([finding(), full]))["findings"]
    assert set(bare) == set(KEYS)
    assert {key: told[key] for key in set(told) - set(KEYS)} == {
        "fix": "Name one.",
        "related": [{"path": "a.yaml", "line": 1, "column": 2, "end_line": 3, "end_column": 4}],
        "waiver_reason": "agreed",
        "unevaluated": True,
    }


def test_one_finding_to_a_line(finding: Make, report_on: MakeReport) -> None:
    many = [finding(n, message=f"line\nbreak {n}") for n in range(2500)]
    written = render(report_on(many), "json")
    assert sum('"rule":"OWN-001"' in line for line in written.splitlines()) == 2500
    assert [f["message"] for f in json.loads(written)["findings"]] == [f.message for f in many]


def test_no_findings(report_on: MakeReport) -> None:
    assert read(report_on([]))["findings"] == []


def test_statistics_are_an_extra_key(report: CheckReport) -> None:
    data = read(report, statistics=True)
    assert data["statistics"]["rules"][1] == {
        "rule": "VAL-004",
        "name": "outcome-measurable",
        "severity": "warning",
        "count": 2,
        "waived": 1,
    }
    assert data["statistics"]["business_units"][1] == {
        "business_unit": None,
        "error": 0,
        "warning": 0,
        "info": 1,
        "waived": 0,
    }


def test_values_come_back_as_they_were(finding: Make, report_on: MakeReport) -> None:
    hostile = 'a\n"\\\x00\x1b\x7f\x9b\u202e\u2028🚗\U000e0041##[error]{}<script>'
    written = render(report_on([finding(message=hostile)]), "json")
    assert json.loads(written)["findings"][0]["message"] == hostile
    assert all(char.isprintable() for char in written.replace("\n", ""))
    assert "##[" not in written


def test_a_name_that_is_not_unicode_is_spelt_out(finding: Make, report_on: MakeReport) -> None:
    found = finding(path="portfolios/caf\udce9.yaml", related=(Place("\udce9.yaml"),))
    (told,) = read(report_on([found]), statistics=True)["findings"]
    assert told["path"] == "portfolios/caf<U+DCE9>.yaml"
    assert told["related"][0]["path"] == "<U+DCE9>.yaml"
