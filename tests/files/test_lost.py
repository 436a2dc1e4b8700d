"""What a file that cannot be read would have said is unknown: it fails no rule and hides no finding."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from itgov.files.load import read_file
from itgov.files.sources import RawFile

from ..support.cli import run_cli

TREE = Path(__file__).resolve().parents[2]
AS_OF = "2026-11-23"
UNITS = ["claims", "digital", "finance", "lending", "operations", "pensions", "people", "retail"]


@pytest.fixture
def judged(tmp_path, capsys):
    """Return what `check` says of the sample, with some of its files changed."""
    for folder in ("portfolios", "rules"):
        shutil.copytree(TREE / folder, tmp_path / folder)

    def run(**changes):
        for name, change in changes.items():
            path = tmp_path / "portfolios" / f"{name}.yaml"
            path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
        ran = run_cli(capsys, "check", tmp_path, "--as-of", AS_OF, "--format", "json")
        return {f["fingerprint"]: f for f in ran.findings}

    return run


def conflict(text: str) -> str:
    return "<<<<<<< HEAD\n" + text


@pytest.mark.parametrize("unit", UNITS)
def test_a_broken_file_blames_nobody_else(judged, unit):
    before = judged()
    after = judged(**{unit: conflict})
    new = [f for mark, f in after.items() if mark not in before]
    assert [f["rule"] for f in new if not f.get("unevaluated")] == ["YML-001"]


def test_a_broken_unit_called_people_hides_no_unknown_person(judged):
    def nobody(text: str) -> str:
        return text.replace("    sponsor: ", "    sponsor: nobody.", 1)

    before = {f["message"] for f in judged(claims=nobody).values() if f["rule"] == "REF-001"}
    after = {f["message"] for f in judged(people=conflict).values() if f["rule"] == "REF-001"}
    assert before
    assert after == before


def test_without_the_organisations_file_nobody_is_unknown(judged):
    found = judged(organisation=conflict).values()
    assert not [
        f for f in found if f["rule"] in ("REF-001", "OWN-002") and not f.get("unevaluated")
    ]


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("due: 2026-", "due: 2026-7-", "VAL-007"),
        ("outcome_owner: ", "outcome_owner: [x] # ", "OWN-001"),
        ("    summary: ", "    summary: {a: b} # ", "DAT-001"),
    ],
)
def test_a_value_that_cannot_be_read_is_one_finding(judged, old, new, rule):
    before = judged()
    after = judged(claims=lambda text: text.replace(old, new, 1))
    fresh = [f["rule"] for mark, f in after.items() if mark not in before]
    assert len([r for r in fresh if r.startswith("MOD")]) == 1
    assert rule not in fresh


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("business_unit: claims\nx: [", "unit claims"),
        ("<<<<<<< a\nbusiness_unit:\n  name: C\n  id: claims\nx: [", "unit claims"),
        ("business_unit: {name: C, id: claims}\nx: [", "unit claims"),
        ("investments:\n  - [", "unit"),
        ("people:\n  - {id: a, business_unit: b}\n  - [", "people"),
        ("people: []\ninvestments: [", ""),
        ("x: [", ""),
    ],
)
def test_its_own_words_tell_what_a_broken_file_is_about(text, mentions):
    assert read_file(RawFile("portfolios/people.yaml", text.encode())).mentions == mentions
