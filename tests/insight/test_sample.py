"""What the sample shows: each field of the files, and each way in which figures and people turn out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from msgspec import inspect

from itgov.model.scenario import ScenarioFile
from itgov.model.types import OrganisationFile, UnitFile

from ..support.cli import run_cli

SAMPLE = Path(__file__).resolve().parents[2]
DAY = ("--as-of", "2026-11-23")
NOT_SHOWN = {
    "BusinessUnit.review_cadence_days", "Investment.review_cadence_days", "Investment.formerly",
    "Organisation.waivers", "BusinessUnit.waivers", "RelationshipManager.waivers", "Change.forecast",
    "Change.sponsor", "Change.relationship_manager", "Change.delivery_lead",
}  # fmt: skip
"""Fields that an organisation of this size can do without."""


def fields(kind: Any, data: Any, found: dict[str, bool]) -> None:
    """Note of each field of a type whether data have it."""
    if isinstance(kind, inspect.Metadata):
        fields(kind.type, data, found)
    elif isinstance(kind, inspect.UnionType):
        for one in kind.types:
            fields(one, data, found)
    elif isinstance(kind, inspect.ListType):
        for one in data if isinstance(data, list) and data else [None]:
            fields(kind.item_type, one, found)
    elif isinstance(kind, inspect.StructType):
        for field in kind.fields:
            value = data.get(field.encode_name) if isinstance(data, dict) else None
            name = f"{kind.cls.__name__}.{field.encode_name}"
            found[name] = found.get(name, False) or value is not None
            fields(field.type, value, found)


def test_every_field_of_the_files_is_in_the_sample() -> None:
    found: dict[str, bool] = {}
    for folder in ("portfolios", "scenarios"):
        for path in (SAMPLE / folder).rglob("*.yaml"):
            unit = OrganisationFile if path.stem == "organisation" else UnitFile
            kind = ScenarioFile if folder == "scenarios" else unit
            data = yaml.load(path.read_bytes(), yaml.BaseLoader)  # `on` stays a text
            fields(inspect.type_info(kind), data, found)
    assert len(found) > 100
    assert {name for name, there in found.items() if not there} == NOT_SHOWN


def test_each_kind_of_finding_that_the_sample_is_to_show_is_there(
    capfd: pytest.CaptureFixture[str],
) -> None:
    found = run_cli(capfd, "check", SAMPLE, "--format", "json", *DAY).findings
    shown = {(f["rule"], f["subject"]["id"]) for f in found if not f["waived"]}
    assert shown >= {
        ("OWN-001", "OPS-017"), ("REL-001", "PPL-002"), ("VAL-001", "OPS-010"),
        ("REL-029", "paul.eastwood"), ("REL-032", "paul.eastwood"), ("REL-030", "martin.cole"),
        ("ENG-020", "lending/2026-08-06"), ("ENG-016", "finance"), ("VAL-035", "OPS-016"),
    }  # fmt: skip


def test_benefits_that_faded_came_late_or_were_confirmed_by_nobody(
    capfd: pytest.CaptureFixture[str],
) -> None:
    told = run_cli(capfd, "value", SAMPLE, "--tree", "--format", "json", *DAY).json
    outcomes = {
        f"{item['id']}/{o['id']}": o
        for unit in told["tree"]
        for item in unit["items"]
        for o in item["outcomes"]
    }
    faded = outcomes["RET-003/switch-in"]
    assert (faded["reach"], faded["faded"]) == ("moved", True)
    assert faded["money"]["fading_to_come"] == faded["money"]["planned_to_come"] > 0
    late = outcomes["DIG-001/opened-online"]
    first = next(r for r in late["results"] if r["value"])
    assert (late["plan_from"], first["value_from"]) == ("2025-07-15", "2025-10-01")
    assert late["reach"] == "met"
    alone = outcomes["RET-005/kept-at-maturity"]["money"]
    assert (alone["realised_to_date"], alone["realised_confirmed"]) == (340_000, 0)
    shared = next(c for c in told["claimed_twice"] if c["counted"] == "DIG-003/calls-avoided")
    assert {s["outcome"]: s["share"] for s in shared["shares"]} == pytest.approx(
        {"DIG-003/calls-avoided": 0.7, "OPS-001/first-answer": 0.3}
    )
    said = run_cli(capfd, "value", SAMPLE, *DAY).out
    assert "counted 70% in DIG-003/calls-avoided, 30% in OPS-001/first-answer" in said


def test_an_opportunity_is_followed_to_its_value(capfd: pytest.CaptureFixture[str]) -> None:
    told = " ".join(run_cli(capfd, "managers", "lena.fischer", SAMPLE, *DAY).out.split())
    assert (
        "maturity-nudge (Two thirds of maturing money now stays): raised on 2025-08-07 by Lena Fischer, "
        "realised on 2026-06-04, could bring 500.0k a year, RET-005 has realised 340.0k since"
    ) in told


def test_two_scenarios_stand_beside_today(capfd: pytest.CaptureFixture[str]) -> None:
    ran = run_cli(capfd, "what-if", SAMPLE, "--format", "json", *DAY)
    told = {s["id"]: s for s in ran.json["scenarios"]}
    assert list(told) == ["app-later", "without-origination"]
    # 90 of the 365 days of 2026 lie after 1 January 2027: of a forecast of 3,350,000.
    freed = {m["year"]: m["freed"] for m in told["without-origination"]["money"]}
    assert freed[2026] == pytest.approx(3_350_000 * 90 / 365, abs=0.01)
    assert told["without-origination"]["dependants"] == ["LEN-003", "LEN-004"]
