"""How a rule on a subject ends, what the finding says, and where it points."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
from pathlib import Path

import pytest

from itgov.files.repository import find_repository
from itgov.insight.flow import Flow

PROJECT = Path(__file__).parent.parent.parent
TODAY = datetime.date(2026, 11, 23)


def governed(there):
    repository = find_repository(there.root)
    return Flow(repository).at(TODAY)


FIVE = """\
business_unit: {id: u, name: Unit}
investments:
  - {id: A-1, title: T, outcome_owner: ann, relationship_manager: tom, stage: live, end: 2027-01-01}
  - {id: A-2, title: T, outcome_owner: ann, relationship_manager: tom, stage: live, end: 2026-01-01}
  - id: A-3
    title: T
    outcome_owner: ann
    relationship_manager: tom
    stage: live
    end: 2026-01-01
    waivers: [{rule: X-001, reason: r, until: 2026-12-31, approved_by: bea}]
  - {id: A-4, title: T, outcome_owner: ann, relationship_manager: tom, stage: stopped}
  - {id: A-5, title: T, outcome_owner: ann, relationship_manager: tom, stage: live}
"""


def test_the_five_outcomes_are_kept_apart(repo, rule, rules):
    there = repo(
        rules(rule("investment.end > today", when="investment.stage == 'live'", severity="error")),
        unit=FIVE,
    )
    tally = governed(there).judged.tallies()["X-001"]
    assert (tally.passed, tally.failed, tally.waived, tally.not_applicable, tally.unevaluated) == (
        1, 1, 1, 1, 1,
    )  # fmt: skip
    assert tally.applicable == 4
    found = {f["subject"]["id"]: f for f in there.judge()}
    assert set(found) == {"A-2", "A-3", "A-5"}
    assert [found[i]["waived"] for i in ("A-2", "A-3", "A-5")] == [False, True, False]
    assert "could not be evaluated" in found["A-5"]["message"]
    summary = there.check("--format", "json").json["summary"]
    assert summary == {"error": 2, "warning": 0, "info": 0, "waived": 1, "files": 2, "investments": 5}  # fmt: skip


def test_what_cannot_be_evaluated_cannot_be_waived(repo, rule, rules):
    waivers = "    waivers: [{rule: X-001, reason: r, until: 2026-12-31, approved_by: bea}]\n"
    unit = "business_unit: {id: u}\ninvestments:\n  - id: A-1\n    title: T\n    outcome_owner: ann\n    relationship_manager: tom\n"
    there = repo(rules(rule("investment.end > today", severity="error")), unit=unit + waivers)
    assert [(f["rule"], f["waived"]) for f in there.judge()] == [("X-001", False)]
    assert there.check().code == 1


def test_the_tallies_of_the_units_add_up(repo):
    files = {
        "portfolios/v.yaml": "business_unit: {id: v}\ninvestments: [{id: B-1, title: B, outcomes: [{id: o}]}]\n"
    }
    judged = governed(repo(None, **files)).judged
    for identifier, whole in judged.tallies().items():
        parts = [judged.tallies(unit).get(identifier) for unit in ("u", "v")]
        if whole.applicable + whole.not_applicable and all(parts):
            assert whole.failed == sum(p.failed for p in parts)
            assert whole.passed == sum(p.passed for p in parts)


# -- too much work -------------------------------------------------------------------------


def test_more_than_10_000_steps_is_said(repo, rule, rules):
    rows = "".join(f"      - {{year: {y}, budget: {y}}}\n" for y in range(1900, 2100))
    unit = (
        "business_unit: {id: u}\ninvestments:\n  - id: A-1\n    title: T\n    outcome_owner: ann\n"
        f"    relationship_manager: tom\n    spend:\n{rows}"
        "  - {id: A-2, title: T, outcome_owner: ann, relationship_manager: tom, spend: [{year: 2025, budget: 1}]}\n"
    )
    many = "investment.spend.all(a, investment.spend.exists(b, b.year == a.year && b.budget != 1))"
    ran = repo(rules(rule(many)), unit=unit).check("--format", "json")
    assert ran.code == 0, ran.err
    found = {f["subject"]["id"]: f["message"] for f in ran.findings}
    assert found["A-1"] == ("X-001 could not be evaluated on A-1: it takes more than 10,000 steps")
    assert "could not" not in found["A-2"]


def test_more_subjects_than_one_evaluation_takes(repo, rule, rules):
    rows = "".join(
        f"  - {{id: A-{i:03d}, title: T, outcome_owner: ann, relationship_manager: tom"
        + (", end: 2026-01-01" if i % 2 else "")
        + "}\n"
        for i in range(131)
    )
    loops = "investment.outcomes.size() == 0 && investment.end != null && investment.end < today"
    there = repo(rules(rule(loops)), unit=f"business_unit: {{id: u}}\ninvestments:\n{rows}")
    tally = governed(there).judged.tallies()["X-001"]
    assert (tally.passed, tally.failed) == (65, 66)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_missing_values_in_messages_do_not_wear_the_interpreter_out(repo, rule, rules, jobs):
    # every None that a message shows comes from the CEL runtime; a reference lost for each
    # ends the process on Python 3.11
    rows = "".join(
        f"  - {{id: A-{i}, title: T, outcome_owner: ann, relationship_manager: tom}}\n"
        for i in range(4000)
    )
    shown = "'{investment.sponsor} {investment.end} {investment.start} {investment.stage} {investment.objective}'"
    there = repo(
        rules(rule("investment.end != null", severity="info", message=shown)),
        unit=f"business_unit: {{id: u}}\ninvestments:\n{rows}",
    )
    done = subprocess.run(
        [sys.executable, "-m", "itgov", "check", str(there.root), "--format", "json"],
        env={**os.environ, "PYTHONPATH": str(PROJECT), "ITGOV_JOBS": jobs},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr.decode()) == (0, "")
    assert done.stdout.count(b"nothing nothing nothing nothing nothing") == 4000


# -- what a finding says -------------------------------------------------------------------

SAID = """\
business_unit: {id: u, name: Unit}
investments:
  - id: A-1
    title: "Al{pha} <b>"
    outcome_owner: ann
    relationship_manager: tom
    start: 2026-01-01
    spend: [{year: 2025, budget: 40000.0}]
    custom: {half: 0.5, sum: 99999.5, large: 1234567.89, list: [1, two, 3.0], none: []}
    gates: [{gate: g, on: 2026-01-02}]
"""


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("{investment.title} is bad", "Al{pha} <b> is bad"),
        ("{{x}} {investment.id} }}{{", "{x} A-1 }{"),
        ("{investment.spend_total} of {investment.custom.half}", "40000 of 0.5"),
        ("{investment.end}", "nothing"),
        ("{investment.start}", "2026-01-01"),
        ("{1.0} {40000.0} {3 * 0.5} {1 + 1}", "1 40000 1.5 2"),
        ("{true} {investment.is_active}", "true true"),
        ("{['a', 'b']} {investment.custom.list}", "a, b 1, two, 3"),
        ("{'}'} {\"{\"}", "} {"),
        ("{investment.title.size() > 3 ? 'long' : 'short'}", "long"),
        ("{today} {organisation.name} {business_unit.name}", "2026-11-23 Org Unit"),
        ("{people[investment.outcome_owner].name}", "Ann"),
        # an amount stays an amount: no powers of ten, no lost units
        ("{investment.custom.sum}", "99999.5"),
        ("{investment.custom.large}", "1234567.89"),
        ("{investment.spend_total * 31.25 + 0.5}", "1250000.5"),
    ],
)
@pytest.mark.parametrize("form", ["assert", "require"])
def test_messages(repo, rules, message, said, form):
    condition = "assert: 'false'" if form == "assert" else "require: [end]"
    quoted = message.replace("'", "''")
    text = f"rules:\n  - id: X-001\n    name: x\n    for: investment\n    {condition}\n    message: '{quoted}'\n"
    found = repo(text, unit=SAID).judge()
    assert [f["message"] for f in found] == [said]


@pytest.mark.parametrize("field", ["spend", "gates", "custom", "waivers"])
def test_a_message_says_the_same_of_a_record_in_every_form_of_rule(repo, field):
    texts = [
        f"rules:\n  - {{id: X-001, name: x, for: investment, {form}, message: '{{investment.{field}}}'}}\n"
        for form in ("assert: 'false'", "require: [end]", "named: {field: sponsor}")
    ]
    said = [sorted(repo(t, unit=SAID).judge()[0]["message"].split(", ")) for t in texts]
    assert said[0] == said[1] == said[2]
    assert "Spend(" not in str(said)


def test_a_message_over_several_lines_is_one_line(repo, rule, rules):
    text = rule("false", message="|\n      {investment.title}\n      again")
    assert repo(rules(text)).judge()[0]["message"] == "Alpha again"


def test_without_a_message_the_finding_still_says_what_is_wrong(repo, rules):
    text = (
        "rules:\n"
        "  - {id: X-001, name: no-end, for: investment, assert: 'false'}\n"
        "  - {id: X-002, name: x, summary: It ends, for: investment, assert: 'false'}\n"
        "  - {id: X-003, name: x, for: investment, named: {field: sponsor}}\n"
        "  - {id: X-004, name: x, for: investment, require: [end, next_review, title]}\n"
    )
    assert [f["message"] for f in repo(text).judge()] == [
        "Alpha: no end",
        "Alpha: It ends",
        "Alpha names no sponsor",
        "Alpha lacks end, next review",
    ]


# -- named and require ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "side", "fails"),
    [
        (None, None, True),
        ("null", None, True),
        ('"  "', None, True),
        ("TBD", None, True),
        ('"<tbc>"', None, True),
        ('"?"', None, True),
        ("ann", None, False),
        ("ann", "business", False),
        ("tom", "business", True),
        ("tom", "it", False),
        ("ann", "it", True),
    ],
)
def test_named(repo, given, side, fails):
    more = f", side: {side}" if side else ""
    text = f"rules:\n  - {{id: X-001, name: x, for: investment, named: {{field: sponsor{more}}}}}\n"
    unit = "business_unit: {id: u}\ninvestments:\n  - id: A-1\n    title: T\n    outcome_owner: ann\n    relationship_manager: tom\n"
    if given is not None:
        unit += f"    sponsor: {given}\n"
    found = [f for f in repo(text, unit=unit).judge() if f["rule"] == "X-001"]
    assert bool(found) is fails
    if fails:
        present = given is not None
        assert (found[0]["line"], found[0]["column"]) == ((7, 5) if present else (3, 5))


def test_require_and_what_is_withheld(repo):
    text = "rules:\n  - {id: X-001, name: x, for: investment, severity: error, require: [spend, end, custom.tower]}\n"
    unit = "business_unit: {id: u}\ninvestments:\n  - {id: A-1, title: T, outcome_owner: ann, relationship_manager: tom, spend: [], end: '  '"
    everything = ", withheld: {spend: secret, end: secret, custom: secret}"
    assert repo(text, unit=unit + "}\n").judge()[0]["message"] == "T lacks spend, end, custom.tower"
    assert repo(text, unit=unit + everything + "}\n").judge() == []
    one = unit + ", withheld: {spend: secret}, custom: {tower: 0}}\n"
    assert repo(text, unit=one).judge()[0]["message"] == "T lacks end"


# -- where it points -----------------------------------------------------------------------

PLACES_UNIT = """\
business_unit:
  id: u
  name: Unit
investments:
  - id: A-1
    title: T
    outcome_owner: ann
    relationship_manager: tom
    outcomes:
      - id: o
        target: 5
  - title: T
    id: A-2
    outcome_owner: ann
    relationship_manager: tom
    stage: live
engagements:
  - kind: review
    date: 2026-01-01
"""
PLACES_ORGANISATION = """\
organisation:
  id: o
  name: Org
people:
  - id: ann
    name: Ann
    side: business
  - {name: Tom, id: tom}
relationship_managers:
  - serves: [u]
    person: tom
"""


@pytest.mark.parametrize(
    ("kind", "at", "path", "place", "subject"),
    [
        ("investment", "stage", "unit", (5, 5), "A-1"),
        ("investment", "title", "unit", (6, 5), "A-1"),
        ("outcome", "due", "unit", (10, 9), "A-1/o"),
        ("outcome", "target", "unit", (11, 9), "A-1/o"),
        ("engagement", "by", "unit", (18, 5), "u/2026-01-01"),
        ("engagement", "date", "unit", (19, 5), "u/2026-01-01"),
        ("business_unit", "head", "unit", (1, 1), "u"),
        ("business_unit", "name", "unit", (3, 3), "u"),
        ("organisation", "currency", "organisation", (1, 1), "o"),
        ("organisation", "name", "organisation", (3, 3), "o"),
        ("person", "email", "organisation", (5, 5), "ann"),
        ("person", "side", "organisation", (7, 5), "ann"),
        ("relationship_manager", "title", "organisation", (10, 5), "tom"),
        ("relationship_manager", "person", "organisation", (11, 5), "tom"),
    ],
)
def test_a_finding_points_at_the_key_or_at_its_subject(
    repo, rule, rules, kind, at, path, place, subject
):
    there = repo(
        rules(rule("false", kind=kind, at=at)), unit=PLACES_UNIT, organisation=PLACES_ORGANISATION
    )
    f = next(f for f in there.judge() if f["subject"]["id"] == subject and f["rule"] == "X-001")
    assert (f["path"], f["line"], f["column"]) == (f"portfolios/{path}.yaml", *place)
    assert f["subject"] == {"kind": kind, "id": subject}
    assert f["field"] == at
    unit = {"unit": "u", "organisation": None}[path]
    assert f["business_unit"] == unit


def test_findings_are_sorted_by_path_line_column_and_rule(repo):
    files = {"portfolios/a.yaml": "business_unit: {id: a}\ninvestments: [{id: Z-1, title: Z}]\n"}
    found = repo(None, **files).judge()
    keys = [(f["path"], f["line"], f["column"], f["rule"]) for f in found]
    assert len(keys) > 20
    assert keys == sorted(keys)


# -- fingerprints --------------------------------------------------------------------------

TWO = """\
business_unit: {id: u, name: Unit}
investments:
  - {id: A-1, title: Alpha, outcomes: [{id: o}, {id: p}]}
  - {id: A-2, title: Beta}
"""


def fingerprints(there):
    found = there.judge()
    prints = [f["fingerprint"] for f in found]
    assert len(set(prints)) == len(prints)
    return {(f["rule"], f["subject"]["id"], f["field"]): f["fingerprint"] for f in found}


def test_fingerprints_stand_however_the_lines_move(repo):
    there = repo(None, unit=TWO)
    first = fingerprints(there)
    assert fingerprints(there) == first
    head, one, two = TWO[: TWO.index("  - ")], *TWO[TWO.index("  - ") :].splitlines(keepends=True)
    there.write("portfolios/unit.yaml", f"# moved\n\n{head}{two}{one}")
    assert fingerprints(there) == first
    (there.root / "portfolios/unit.yaml").unlink()
    there.write("portfolios/u/all.yaml", TWO)
    assert fingerprints(there) == first


def test_fingerprints_tell_two_values_of_one_field_apart(repo):
    gates = "    gates: [{gate: a, approved_by: ghost}]\n"
    unit = "business_unit: {id: u}\ninvestments:\n  - id: A-1\n    title: T\n    outcome_owner: ann\n    relationship_manager: tom\n"
    old = repo(unit=unit + gates).judge()
    new = repo(unit=unit + gates.replace("[", "[{gate: b, approved_by: phantom}, ")).judge()
    known = {f["fingerprint"] for f in old}
    assert ["phantom" in f["message"] for f in new if f["fingerprint"] not in known] == [True]


def test_two_processes_find_what_one_finds(repo, monkeypatch):
    files = {}
    for number in range(5):
        rows = "".join(
            f"  - {{id: U{number}-{i}, title: T{i}, stage: {['live', 'delivering', 'retired'][i % 3]}"
            + (", outcome_owner: ann" if i % 4 else "")
            + (", spend: [{year: 2026, budget: 5, actual: 9}]" if i % 5 else "")
            + (", outcomes: [{id: o, target: 3}]" if i % 7 else "")
            + "}\n"
            for i in range(40)
        )
        files[f"portfolios/u{number}.yaml"] = (
            f"business_unit: {{id: u{number}}}\ninvestments:\n{rows}"
        )
    there = repo(None, unit=None, **files)
    monkeypatch.setattr("itgov.rules.judge.WORTH_SHARING", 100)
    monkeypatch.setenv("ITGOV_JOBS", "1")
    alone = there.check("--format", "json")
    monkeypatch.setenv("ITGOV_JOBS", "2")
    shared = there.check("--format", "json")
    assert alone.code == shared.code == 1
    assert len(alone.findings) > 700
    assert alone.out == shared.out
