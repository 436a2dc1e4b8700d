"""Waivers: dated, reasoned, approved; counted apart and never quiet."""

from __future__ import annotations

import pytest

ORGANISATION = """\
organisation:
  id: o
  name: Org
  waivers: [{rule: O-001, reason: r, until: 2026-12-01, approved_by: bea}]
people:
  - {id: ann, name: Ann, side: business}
  - {id: tom, name: Tom, side: it}
  - {id: bea, name: Bea, side: business}
relationship_managers:
  - person: tom
    waivers: [{rule: M-001, reason: r, until: 2026-12-01, approved_by: bea}]
"""
RULES = """\
rules:
  - {id: X-001, name: x, for: investment, severity: error, assert: investment.end != null}
  - {id: X-002, name: y, for: investment, severity: error, assert: 'true'}
  - {id: N-001, name: n, for: investment, severity: error, assert: 'false', waivable: false, when: investment.stage == 'live'}
  - {id: T-001, name: t, for: outcome, severity: error, assert: outcome.target != null}
  - {id: B-001, name: b, for: business_unit, severity: error, assert: business_unit.head != null}
  - {id: E-001, name: e, for: engagement, severity: error, assert: engagement.by != null}
  - {id: M-001, name: m, for: relationship_manager, severity: error, assert: relationship_manager.represents != null}
  - {id: O-001, name: o, for: organisation, severity: error, assert: organisation.currency != null}
"""
OTHERS = ("B-001", "E-001", "M-001", "O-001", "T-001")
GOOD = "{rule: X-001, reason: r, until: 2026-12-01, approved_by: bea}"


def unit_with(*waivers: str, more: str = "") -> str:
    listed = "".join(f"      - {w}\n" for w in waivers)
    return (
        "business_unit:\n  id: u\n  name: Unit\n  waivers:\n"
        "    - {rule: B-001, reason: r, until: 2026-12-01, approved_by: bea}\n"
        "    - {rule: E-001, reason: r, until: 2026-12-01, approved_by: bea}\n"
        "engagements: [{date: 2026-01-01}]\n"
        "investments:\n  - id: A-1\n    title: T\n    outcome_owner: ann\n    relationship_manager: tom\n"
        f"{more}    waivers:\n{listed}"
    )


@pytest.fixture
def judged(repo):
    def judge(*waivers: str, more: str = "", organisation: str = ORGANISATION):
        there = repo(RULES, unit=unit_with(*waivers, more=more), organisation=organisation)
        found = there.judge()
        return {f["rule"]: f["waived"] for f in found if f["rule"] not in OTHERS}, found

    return judge


def test_every_kind_of_subject_that_has_waivers_is_excused(repo):
    there = repo(RULES, unit=unit_with(GOOD), organisation=ORGANISATION)
    ran = there.check("--format", "json")
    assert {f["rule"]: f["waived"] for f in ran.findings} == dict.fromkeys(
        ["B-001", "E-001", "M-001", "O-001", "X-001"], True
    )
    assert ran.code == 0
    assert ran.json["summary"] | {"files": 0} == {
        "error": 0, "warning": 0, "info": 0, "waived": 5, "files": 0, "investments": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("until", "holds"),
    [("2026-11-22", False), ("2026-11-23", True), ("2026-11-24", True)],
)
def test_the_end_day_is_included(judged, until, holds):
    found, _ = judged(GOOD.replace("2026-12-01", until))
    assert found == ({"X-001": True} if holds else {"X-001": False, "WVR-001": False})


@pytest.mark.parametrize("until", ["2026-02-30", "soon", "2026-13-01", "20261201", "[a]"])
def test_a_date_that_cannot_be_read_counts_as_ended(judged, until):
    found, _ = judged(GOOD.replace("2026-12-01", until))
    assert found.pop("MOD-005", found.pop("MOD-003", None)) is False
    assert found == {"X-001": False, "WVR-001": False}


@pytest.mark.parametrize(
    ("waiver", "expected", "field"),
    [
        ("{rule: X-001, reason: r, approved_by: bea}", {"X-001": False, "WVR-001": False}, None),
        ("{rule: X-001, reason: r, until: 2026-12-01}", {"X-001": False, "WVR-004": False}, None),
        (GOOD.replace("reason: r, ", ""), {"X-001": True, "WVR-008": False}, None),
        (GOOD.replace("reason: r", "reason: '  '"), {"X-001": True, "WVR-008": False}, "reason"),
        (GOOD.replace("2026-12-01", "2027-11-23"), {"X-001": True}, None),
        (GOOD.replace("2026-12-01", "2027-11-24"), {"X-001": True, "WVR-005": False}, "until"),
        (GOOD.replace("bea", "ann"), {"X-001": True, "WVR-006": False}, "approved_by"),
        (GOOD.replace("bea", "tom"), {"X-001": True, "WVR-006": False}, "approved_by"),
        (GOOD.replace("X-001", "X-01"), {"X-001": False, "WVR-002": False}, "rule"),
        (GOOD.replace("X-001", "X-002"), {"X-001": False, "WVR-003": False}, "rule"),
        (GOOD.replace("X-001", "OWN-001"), {"X-001": False, "WVR-007": False}, "rule"),
        (GOOD.replace("X-001", "MOD-001"), {"X-001": False, "WVR-007": False}, "rule"),
        # a placeholder has approved nothing
        (GOOD.replace("bea", "TBD"), {"X-001": False, "WVR-004": False}, "approved_by"),
        (GOOD.replace("bea", "vacant"), {"X-001": False, "WVR-004": False}, "approved_by"),
    ],
)
def test_what_is_wrong_with_a_waiver(judged, waiver, expected, field):
    found, all_found = judged(waiver)
    found.pop("REF-001", None)
    assert found == expected
    if field is not None:
        wrong = next(f for f in all_found if f["rule"].startswith("WVR"))
        row = unit_with(waiver).split("\n")[wrong["line"] - 1]
        assert row[wrong["column"] - 1 :].startswith(f"{field}:")
        assert wrong["subject"]["kind"] == "waiver"


def test_nobody_has_approved_what_a_stranger_approved(judged):
    found, _ = judged(GOOD.replace("bea", "ghost"))
    assert found["REF-001"] is False


@pytest.mark.parametrize("where", ["unit", "manager", "organisation"])
def test_a_stranger_is_told_wherever_the_waiver_stands(repo, where):
    unit, organisation = unit_with(GOOD), ORGANISATION
    if where == "unit":
        unit = unit.replace("approved_by: bea", "approved_by: ghost", 1)
    elif where == "manager":
        organisation = organisation.replace("rule: M-001, reason: r, until: 2026-12-01, approved_by: bea", "rule: M-001, reason: r, until: 2026-12-01, approved_by: ghost")  # fmt: skip
    else:
        organisation = organisation.replace("approved_by: bea", "approved_by: ghost", 1)
    found = repo(RULES, unit=unit, organisation=organisation).judge()
    assert [f["message"] for f in found if f["rule"] == "REF-001"] == ["there is no person `ghost`"]


def test_the_head_of_a_unit_does_not_approve_the_units_own_waivers(repo):
    unit = unit_with(GOOD).replace("  name: Unit\n", "  name: Unit\n  head: bea\n")
    found = repo(RULES, unit=unit, organisation=ORGANISATION).judge()
    assert "WVR-006" in [f["rule"] for f in found]


def test_one_rule_on_outcomes_is_waived_through_the_investment(judged):
    more = "    end: 2027-01-01\n    outcomes: [{id: o}, {id: p}, {id: q, target: 1}]\n"
    _, found = judged(GOOD.replace("X-001", "T-001"), more=more)
    assert [(f["subject"]["id"], f["waived"]) for f in found if f["rule"] == "T-001"] == [
        ("A-1/o", True),
        ("A-1/p", True),
    ]
    assert not [f for f in found if f["rule"].startswith("WVR")]


def test_a_rule_that_forbids_waivers_stands(judged):
    found, _ = judged(GOOD.replace("X-001", "N-001"), GOOD, more="    stage: live\n")
    assert found == {"X-001": True, "N-001": False, "WVR-007": False}


def test_a_waiver_on_the_unit_does_not_cover_its_investments_and_says_so(repo):
    unit = (
        unit_with(GOOD)
        .replace("rule: B-001", "rule: X-001", 1)
        .replace(f"      - {GOOD}\n", "      []\n")
    )
    found = repo(RULES, unit=unit, organisation=ORGANISATION).judge()
    rules = {f["rule"]: f for f in found}
    assert rules["X-001"]["waived"] is False
    # something does fail the rule, so the finding must not say that nothing does
    assert "nothing fails it" not in rules["WVR-003"]["message"]


def test_of_two_waivers_the_one_that_holds_holds(judged):
    found, _ = judged(GOOD.replace("2026-12-01", "2026-11-01"), GOOD)
    assert found == {"X-001": True, "WVR-001": False}


# GitHub's annotations and GitLab's list have no word for it: there, shown would be not waived
@pytest.mark.parametrize("name", ["text", "json", "sarif", "junit", "markdown"])
def test_what_is_waived_stays_visible_in_every_format_that_can_say_so(repo, name):
    there = repo(RULES, unit=unit_with(GOOD), organisation=ORGANISATION)
    ran = there.check("--format", name, "--select", "X-001")
    assert ran.code == 0
    assert "X-001" in ran.out
    assert "waive" in ran.out.lower() or "suppress" in ran.out.lower()


def test_statistics_count_waived_apart(repo):
    there = repo(RULES, unit=unit_with(GOOD), organisation=ORGANISATION)
    assert "aived" in there.check("--statistics").out
