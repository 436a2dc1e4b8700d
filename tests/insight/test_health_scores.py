"""Engagement health as a governance lead reads it: numbers worked out by hand."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from itgov.files.repository import find_repository
from itgov.insight.flow import Flow
from itgov.insight.health import measure_health
from itgov.insight.health_types import HealthReport, UnitHealth
from itgov.insight.sensitivity import ranks, sensitivity

TODAY = datetime.date(2026, 11, 23)
RULES = """
rules:
  - id: TST-001
    name: has-summary
    for: investment
    require: [summary]
  - id: TST-002
    name: outcome-has-measure
    for: outcome
    require: [measure]
  - id: TST-003
    name: engagement-says-something
    for: engagement
    require: [summary]
  - id: TST-004
    name: dedicated
    for: relationship_manager
    when: relationship_manager.dedication != null
    assert: relationship_manager.dedication >= 0.5
  - id: TST-005
    name: has-head
    for: business_unit
    require: [head]
  - id: TST-006
    name: cannot-always-tell
    for: investment
    assert: investment.start < '2026-01-01'
"""
PEOPLE = """
organisation: {id: o, name: Org, currency: GBP}
people: [{id: ann, name: Ann, side: business}, {id: bob, name: Bob, side: it}, {id: cat, name: Cat, side: business}]
relationship_managers:
  - {person: ann, serves: [a, b], dedication: 0.4}
"""


def measure(folder: Path, health: str, **units: str) -> HealthReport:
    (folder / "rules").mkdir(exist_ok=True)
    (folder / "portfolios").mkdir(exist_ok=True)
    (folder / "rules" / "rules.yaml").write_text(RULES)
    (folder / "rules" / "health.yaml").write_text("health:\n" + health)
    (folder / "portfolios" / "organisation.yaml").write_text(PEOPLE)
    for name, text in units.items():
        (folder / "portfolios" / f"{name}.yaml").write_text(text)
    repository = find_repository(folder)
    book = Flow(repository).rules()
    assert not book.broken
    assert not book.health_errors
    governed = Flow(repository).at(TODAY, book)
    return measure_health(governed.linked, governed.judged, book)


def one(folder: Path, health: str, unit: str) -> UnitHealth:
    return measure(folder, health, a=unit).units[0]


UNIT = """
business_unit: {id: a, name: Unit A, head: ann}
investments:
  - {id: I-1, title: One, summary: yes it has, spend: [{year: 2026, budget: 100}]}
  - {id: I-2, title: Two, spend: [{year: 2026, budget: 300}]}
"""
ONE_RULE = "  dimensions: [{id: d, weight: 20, rules: [TST-001]}]\n"


def test_a_share_is_weighted_by_spend_with_the_plain_count_beside_it(tmp_path: Path) -> None:
    unit = one(tmp_path, ONE_RULE, UNIT)
    dimension = unit.dimensions[0]
    assert (dimension.score, dimension.count) == (0.25, 0.5)
    assert (unit.score, unit.band, unit.coverage) == (25, "at risk", 1)
    assert (dimension.tally.passed, dimension.tally.failed) == (1, 1)
    assert dimension.lost == 75


def test_every_finding_says_what_mending_gives_back_and_where_it_is(tmp_path: Path) -> None:
    unit = one(tmp_path, ONE_RULE, UNIT)
    [costly] = unit.findings
    assert (costly.points, costly.uncapped) == (75, 75)
    assert (costly.finding.path, costly.finding.line) == ("portfolios/a.yaml", 5)
    assert unit.next_steps == (costly,)


def test_without_any_spend_each_counts_the_same(tmp_path: Path) -> None:
    unit = one(tmp_path, ONE_RULE, UNIT.replace("budget: 100", "").replace("budget: 300", ""))
    assert (unit.dimensions[0].score, unit.dimensions[0].count) == (0.5, 0.5)
    assert unit.findings[0].points == 50


def test_an_item_without_spend_beside_others_is_only_counted_and_that_is_said(
    tmp_path: Path,
) -> None:
    unit = one(tmp_path, ONE_RULE, UNIT.replace("budget: 300", ""))
    dimension = unit.dimensions[0]
    assert (dimension.score, dimension.count, dimension.without_spend) == (1, 0.5, 1)
    assert unit.findings[0].points == 0


def test_an_outcome_carries_its_investments_spend_divided_among_them(tmp_path: Path) -> None:
    text = """
business_unit: {id: a}
investments:
  - id: I-1
    title: One
    spend: [{year: 2026, budget: 100}]
    outcomes: [{id: x, measure: m}, {id: y}, {id: z}, {id: w}]
  - id: I-2
    title: Two
    spend: [{year: 2026, budget: 300}]
    outcomes: [{id: x, measure: m}]
"""
    unit = one(tmp_path, "  dimensions: [{id: d, weight: 1, rules: [TST-002]}]\n", text)
    assert unit.dimensions[0].score == pytest.approx(325 / 400)
    assert unit.dimensions[0].count == 0.4
    assert [f.points for f in unit.findings] == pytest.approx([6.25] * 3)


def test_many_engagements_do_not_outweigh_the_unit_itself(tmp_path: Path) -> None:
    text = "business_unit: {id: a}\nengagements:\n" + "".join(
        f"  - {{date: 2026-01-{day:02}, by: ann, with: [cat], summary: met}}\n"
        for day in range(1, 11)
    )
    unit = one(tmp_path, "  dimensions: [{id: d, weight: 1, rules: [TST-003, TST-005]}]\n", text)
    assert unit.dimensions[0].score == 0.5
    assert unit.dimensions[0].count == pytest.approx(10 / 11)


def test_a_relationship_managers_rules_credit_every_unit_served(tmp_path: Path) -> None:
    health = "  dimensions: [{id: d, weight: 1, rules: [TST-004]}]\n"
    report = measure(
        tmp_path, health, a="business_unit: {id: a}", b="business_unit: {id: b}", c="business_unit: {id: c}"
    )  # fmt: skip
    assert [u.score for u in report.units] == [0, 0, None]
    assert [f.finding.subject.id for f in report.units[1].findings] == ["ann"]
    assert report.units[2].dimensions[0].unknown == "no record to judge by its rules"


def test_a_waived_failure_is_no_pass_and_no_next_step(tmp_path: Path) -> None:
    waiver = "waivers: [{rule: TST-001, reason: r, until: 2027-01-01, approved_by: ann}], "
    unit = one(tmp_path, ONE_RULE, UNIT.replace("title: Two, ", "title: Two, " + waiver))
    assert unit.score == 25
    assert unit.dimensions[0].tally.waived == 1
    assert [f.finding.waived for f in unit.findings] == [True]
    assert unit.next_steps == ()


def test_what_cannot_be_evaluated_is_neither_held_nor_failed(tmp_path: Path) -> None:
    text = UNIT.replace("title: One,", "title: One, start: 2025-01-01,")
    health = "  enough_evidence: 0\n  dimensions: [{id: d, weight: 1, rules: [TST-006]}]\n"
    unit = one(tmp_path, health, text)
    assert (unit.score, unit.coverage) == (100, 0.25)
    assert unit.dimensions[0].tally.unevaluated == 1
    assert unit.findings[0].finding.unevaluated
    assert unit.findings[0].points == 0


def test_a_unit_with_nothing_recorded_is_neither_healthy_nor_zero(tmp_path: Path) -> None:
    unit = one(tmp_path, ONE_RULE, "business_unit: {id: a}")
    assert (unit.score, unit.band, unit.coverage) == (None, "insufficient evidence", 0)
    assert unit.dimensions[0].score is None


def test_too_little_evidence_gives_no_score_but_still_next_steps(tmp_path: Path) -> None:
    health = """
  enough_evidence: 0.6
  dimensions:
    - {id: d, weight: 1, rules: [TST-001]}
    - {id: e, weight: 1, score: business_unit.satisfaction}
"""
    unit = one(tmp_path, health, UNIT)
    assert (unit.score, unit.band, unit.coverage) == (None, "insufficient evidence", 0.5)
    assert unit.measured == 25
    assert len(unit.next_steps) == 1
    assert unit.dimensions[1].unknown == "nothing recorded that counts"


CAPPED = """
  caps:
    - {when: business_unit.relationship_manager == null, at_most: 49, because: Nobody speaks}
    - {when: business_unit.head == null, at_most: 60, because: Nobody leads}
  dimensions: [{id: d, weight: 1, rules: [TST-001]}]
"""


def test_a_cap_holds_a_good_average_down_and_says_why(tmp_path: Path) -> None:
    text = UNIT.replace("title: Two", "title: Two, summary: s").replace(", head: ann", "")
    unit = one(tmp_path, CAPPED, text)
    assert unit.capped_by is not None
    assert (unit.score, unit.band, unit.measured) == (49, "at risk", 100)
    assert unit.capped_by.because == "Nobody speaks"
    assert [(c.at_most, c.points) for c in unit.caps] == [(49, 11), (60, 0)]


def test_a_finding_gives_nothing_back_while_a_cap_holds(tmp_path: Path) -> None:
    text = UNIT.replace("budget: 300", "budget: 50")
    unit = one(tmp_path, CAPPED, text)
    assert unit.score == 49
    assert unit.findings[0].points == 0
    assert unit.findings[0].uncapped == pytest.approx(100 / 3)


def test_points_stop_at_the_cap(tmp_path: Path) -> None:
    unit = one(tmp_path, CAPPED, UNIT)
    assert unit.capped_by is None
    assert unit.findings[0].points == pytest.approx(24)


def test_a_list_shows_a_cap_that_is_not_applied_in_brackets(tmp_path: Path) -> None:
    from itgov.tui.views.health_rows import UNITS

    for name in ("free", "held"):
        (tmp_path / name).mkdir()
    at = [column.key for column in UNITS.shown].index("cap")
    free = UNITS.cells(one(tmp_path / "free", CAPPED, UNIT))[at]
    held = UNITS.cells(one(tmp_path / "held", CAPPED, UNIT.replace("budget: 300", "budget: 50")))[
        at
    ]
    assert [cell[0][0] for cell in (free, held)] == ["(49)", "49"]


def test_a_cap_that_cannot_be_decided_holds(tmp_path: Path) -> None:
    health = "  caps: [{when: 'business_unit.satisfaction < 2.0', at_most: 10}]\n" + ONE_RULE
    unit = measure(tmp_path, health, a=UNIT)
    assert unit.units[0].score == 10
    assert unit.units[0].caps[0].unevaluated is not None
    assert "so it is applied" in unit.problems[0].message
    assert unit.problems[0].place.line == 2


@pytest.mark.parametrize(
    ("expression", "score", "said"),
    [
        ("dyn(0.25)", 0.25, ""),
        ("dyn(1)", 1.0, ""),
        ("dyn(7.5)", 1.0, "outside 0 to 1, so 1 was used"),
        ("dyn(-3)", 0.0, "outside 0 to 1, so 0 was used"),
        ("dyn('x')", None, "is not a number"),
        ("dyn(true)", None, "is not a number"),
        ("0.0 / 0.0", None, "could not be evaluated"),
        ("business_unit.satisfaction", None, ""),
        ("business_unit.satisfaction * 2.0", None, "could not be evaluated"),
    ],
)
def test_a_score_by_expression(
    tmp_path: Path, expression: str, score: float | None, said: str
) -> None:
    health = f'  dimensions: [{{id: d, weight: 1, score: "{expression}"}}]\n'
    report = measure(tmp_path, health, a="business_unit: {id: a}", b="business_unit: {id: b}")
    assert report.units[0].dimensions[0].score == score
    assert (report.units[0].dimensions[0].unknown is None) is (score is not None)
    assert [said in p.message and "unit a and 1 more" in p.message for p in report.problems] == (
        [True] if said else []
    )


def test_a_rule_counts_once_in_a_dimension_and_in_each_that_names_it(tmp_path: Path) -> None:
    health = """
  dimensions:
    - {id: d, weight: 1, rules: [TST-001, TST-001]}
    - {id: e, weight: 3, rules: [TST-001]}
"""
    unit = one(tmp_path, health, UNIT)
    assert unit.dimensions[0].tally.applicable == 2
    assert unit.findings[0].dimensions == ("d", "e")
    assert unit.findings[0].points == 75


def test_bands_begin_where_the_file_says(tmp_path: Path) -> None:
    for edge, band in ((25, "healthy"), (25.1, "attention")):
        health = f"  bands: {{healthy: {edge}, attention: 25}}\n" + ONE_RULE
        assert one(tmp_path, health, UNIT).band == band


def test_what_is_lost_adds_up_to_what_is_missing() -> None:
    repository = find_repository(Path(__file__))
    book = Flow(repository).rules()
    governed = Flow(repository).at(TODAY, book)
    report = measure_health(governed.linked, governed.judged, book)
    assert len(report.units) == 8
    for unit in report.units:
        assert unit.measured is not None
        assert sum(d.lost for d in unit.dimensions) == pytest.approx(100 - unit.measured)


def test_sensitivity_moves_one_weight_at_a_time(tmp_path: Path) -> None:
    health = """
  dimensions:
    - {id: d, weight: 10, rules: [TST-001]}
    - {id: e, weight: 10, score: "business_unit.id == 'a' ? dyn(0.9) : dyn(0.5)"}
    - {id: nothing, weight: 0, rules: [TST-005]}
"""
    other = UNIT.replace("id: a,", "id: b,").replace("I-", "J-").replace("title: One, summary: yes it has", "title: One").replace("title: Two", "title: Two, summary: s")  # fmt: skip
    report = measure(tmp_path, health, a=UNIT, b=other)
    assert {u.id: u.score for u in report.units} == {"a": 57.5, "b": 62.5}
    moves = {(m.dimension, m.weight): m.units for m in sensitivity(report)}
    assert set(moves) == {("d", 5), ("d", 15), ("e", 5), ("e", 15)}
    assert [(u.id, u.rank_before, u.rank) for u in moves["d", 5]] == [("a", 2, 1), ("b", 1, 2)]
    assert moves["d", 15] == ()
    assert moves["e", 15][0].score == pytest.approx(100 * (2.5 + 13.5) / 25)


def test_equal_scores_share_a_rank() -> None:
    assert ranks({"a": 5.0, "b": 7.0, "c": 5.0, "d": None, "e": 1.0}) == {
        "b": 1, "a": 2, "c": 2, "e": 4
    }  # fmt: skip


DECISIVE = (
    "  dimensions:\n"
    "    - {id: d, title: Loyal, weight: 30, rules: [TST-004, TST-001], decisive: [TST-004]}\n"
    "    - {id: e, weight: 10, rules: [TST-005]}\n"
)


def test_a_decisive_rule_that_fails_leaves_nothing_of_its_dimension(tmp_path: Path) -> None:
    unit = one(tmp_path, DECISIVE, UNIT)
    dimension = unit.dimensions[0]
    assert (dimension.score, dimension.count, dimension.decided_by) == (0, 0, ("TST-004",))
    assert (unit.score, dimension.lost) == (25, 75)
    assert dimension.because == "dedicated"
    decides, other = sorted(unit.findings, key=lambda c: not c.decides)
    # without it, 400 of the manager's 400 and 100 of the items' 400 hold: 5 of 8 of 75 points
    assert decides.finding.rule == "TST-004"
    assert (decides.points, decides.uncapped) == (75 * 5 / 8, 75 * 5 / 8)
    assert (other.finding.rule, other.points) == ("TST-001", 0)
    assert [s.finding.rule for s in unit.next_steps] == ["TST-004"]


def test_a_decisive_rule_that_holds_changes_nothing(tmp_path: Path) -> None:
    unit = one(tmp_path, DECISIVE.replace("TST-004", "TST-005"), UNIT)
    assert unit.dimensions[0].decided_by == ()
    assert unit.dimensions[0].score == 5 / 8


BY_HAND = """
  caps: [{when: business_unit.has_manager == false, at_most: 49, because: Nobody speaks for this unit}]
  dimensions:
    - {id: accountability, weight: 60, rules: [OWN-001, REL-001]}
    - {id: loyalty, weight: 20, rules: [REL-004, REL-006, REL-028], decisive: [REL-028]}
    - {id: satisfaction, weight: 20, score: business_unit.satisfaction}
"""
RETAIL = """
business_unit: {id: retail, relationship_manager: tom}
investments:
  - {id: RET-001, title: Claims platform, outcome_owner: ann, relationship_manager: tom, spend: [{year: 2026, budget: 900000}]}
  - {id: RET-002, title: Branch kiosks, relationship_manager: tom, spend: [{year: 2026, budget: 100000}]}
"""
TOM = """
organisation: {id: o, name: Org}
people: [{id: ann, name: Ann, side: business}, {id: tom, name: Tom, side: business}]
relationship_managers: [{person: tom, serves: [retail], represents: customer, dedication: 0.4}]
"""


@pytest.mark.parametrize(
    ("now", "then", "score", "gains"),
    [
        ("", "", 87.9167, {"OWN-001": 3.75, "REL-004": 8.3333}),
        ("represents: customer", "represents: supplier", 71.25, {"OWN-001": 3.75, "REL-028": 16.6667, "REL-004": 0}),
        ("name: Tom,", "name: Tom, left: 2026-01-31,", 49, {"OWN-001": 0, "REL-004": 0}),
        ("serves: [retail]", "serves: []", 49, {"OWN-001": 0, "REL-004": 0}),
    ],
)  # fmt: skip
def test_the_example_by_hand(
    tmp_path: Path, now: str, then: str, score: float, gains: dict[str, float]
) -> None:
    people = TOM.replace(now, then) if now else TOM
    for path, text in {
        "portfolios/organisation.yaml": people, "portfolios/retail.yaml": RETAIL,
        "rules/own.yaml": "extends: standard", "rules/health.yaml": "health:" + BY_HAND,
    }.items():  # fmt: skip
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    flow = Flow(find_repository(tmp_path))
    (unit,) = flow.at(TODAY, flow.rules()).health.units
    assert unit.coverage == 0.8
    assert unit.score == pytest.approx(score, abs=1e-3)
    found = {c.finding.rule: c.points for c in unit.findings}
    assert list(found) == list(gains)
    assert found == pytest.approx(gains, abs=1e-3)
