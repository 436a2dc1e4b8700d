"""The standard pack and the sample keep what is promised of them."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest

from itgov.cli.main import main
from itgov.files.repository import find_repository
from itgov.insight.flow import Flow
from itgov.insight.governed import Governed
from itgov.rules.book import check_standard
from itgov.rules.catalogue import RuleBook
from itgov.rules.examples import run_examples

PROJECT = Path(__file__).parent.parent.parent
SAMPLE = find_repository(PROJECT)
RULES = {loaded.rule.id: loaded.rule for loaded in Flow(SAMPLE).rules(check=False).rules}


@pytest.fixture(scope="module")
def pack() -> RuleBook:
    return check_standard()


@pytest.fixture(scope="module")
def governed() -> Governed:
    return Flow(SAMPLE).at(datetime.date(2026, 11, 23))


def test_at_least_45_rules_in_every_family():
    assert len(RULES) >= 45
    families = {identifier.split("-")[0] for identifier in RULES}
    assert families >= {"OWN", "REL", "VAL", "ENG", "MON", "REV", "DAT"}


@pytest.mark.parametrize("identifier", sorted(RULES))
def test_each_rule_explains_itself_and_was_seen_to_pass_and_to_fail(identifier):
    rule = RULES[identifier]
    for text in (rule.summary, rule.why, rule.fix, rule.message):
        assert text
        assert text.strip()
    assert rule.title
    assert rule.sources
    assert rule.tags
    assert rule.examples.passes
    assert rule.examples.fails
    assert any("says" in example for example in rule.examples.fails)
    assert rule.when is None or rule.examples.does_not_apply


def test_names_are_used_once():
    names = [rule.name for rule in RULES.values()]
    assert len(set(names)) == len(names)


def test_the_pack_is_sound(pack):
    assert [(f.path, f.line, f.rule, f.message) for f in pack.problems] == []


def test_every_example_says_what_its_rule_says_and_every_condition_was_tried_both_ways(pack):
    tested = run_examples(pack, coverage=True)
    assert [(f.path, f.line, f.message) for f in tested.findings] == []
    missed = [(r.rule, p.field, p.text) for r in tested.coverage for p in r.parts if not p.covered]
    assert missed == []


@pytest.mark.parametrize(
    "words",
    [
        ["dedication"], ["represents"], ["measured_by"], ["native_by"], ["position"], ["title_agreed"],
        ["evidenced_services"], ["evidenced_investments"], ["baseline"], ["target"], ["due"], ["evidence"],
        ["same_claim_as"], ["value_realised"], ["days_since_engagement", "engagement_cadence_days"],
        ["actions_overdue"], ["opportunities_quiet"], ["satisfaction"], ["worst_overspend", "budget"],
        ["spend_after_end"], ["days_since_review"],
    ],
)  # fmt: skip
def test_the_roles_story_is_covered(words):
    said = "\n".join(f"{r.when} {r.assert_} {r.require} {r.named}" for r in RULES.values())
    assert any(word in said for word in words)


def test_the_mandatory_two_are_in_the_pack_as_the_tool_promises():
    for identifier, field in (("OWN-001", "outcome_owner"), ("REL-001", "relationship_manager")):
        rule = RULES[identifier]
        assert (rule.severity, rule.for_, rule.when, rule.waivable) == (
            "error",
            "investment",
            None,
            False,
        )
        assert rule.named.field == field


# -- the sample ----------------------------------------------------------------------------


def test_the_samples_files_are_sound(governed):
    bad = ("YML", "MOD", "REF", "WVR-002", "WVR-007")
    assert [
        (f.path, f.line, f.message) for f in governed.judged.findings if f.rule.startswith(bad)
    ] == []
    assert not any(f.unevaluated for f in governed.judged.findings if f.rule != "HIS-000")


def test_the_sample_shows_all_that_governance_shows(governed):
    found = governed.judged.findings
    assert {f.severity for f in found} == {"error", "warning", "info"}
    assert len({f.rule for f in found}) >= 12
    assert any(f.waived for f in found)
    assert any(f.rule == "OWN-001" for f in found)


def test_the_sample_is_a_believable_size(governed):
    portfolio = governed.linked.portfolio
    assert len(portfolio.units) >= 6
    assert portfolio.investment_count >= 60
    assert len(portfolio.people) >= 40
    assert {m.record.position for m in portfolio.managers.values()} >= {
        "bridge",
        "embedded",
        "native",
    }
    days = sorted(e.record.date for u in portfolio.units.values() for e in u.engagements)
    assert (days[-1] - days[0]).days >= 600


def test_the_sample_as_of_any_day_is_judged_without_error():
    for day in (datetime.date(2024, 1, 1), datetime.date(2027, 12, 31)):
        found = Flow(SAMPLE).at(day).judged.findings
        assert not any(f.unevaluated for f in found if f.rule != "HIS-000")


# -- what is generated ---------------------------------------------------------------------


def test_schemas_are_up_to_date(monkeypatch):
    monkeypatch.chdir(PROJECT)
    assert main(["schema", "--output-dir", "schema", "--check"]) == 0


def test_the_reference_page_is_up_to_date(monkeypatch):
    monkeypatch.chdir(PROJECT)
    assert main(["rules", "docs", "--output", "docs/rules.md", "--check"]) == 0


def test_every_schema_is_json_with_an_address_of_its_own():
    for path in (PROJECT / "schema").glob("*.schema.json"):
        assert json.loads(path.read_text(encoding="utf-8"))["$schema"]


def test_the_verbs_say_the_same(capsys, monkeypatch):
    monkeypatch.chdir(PROJECT)
    assert main(["rules", "check"]) == 0
    assert main(["rules", "test", "--coverage"]) == 0
    out, err = capsys.readouterr()
    assert "0 of them wrong" in err
    assert f"{len(RULES)} rules" in out
