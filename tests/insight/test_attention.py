"""One order of what needs attention, wherever it is shown."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from itgov.files.repository import find_repository
from itgov.insight.attention import Attention
from itgov.insight.board import measure_board
from itgov.insight.flow import Flow
from itgov.insight.governed import Governed
from itgov.review.agenda import build_agenda

DAY = datetime.date(2026, 11, 23)
RULES = """\
rules:
  - {id: TST-001, name: has-summary, for: investment, require: [summary]}
  - {id: TST-002, name: has-purpose, for: investment, severity: error, require: [purpose]}
  - {id: TST-003, name: has-stage, for: investment, severity: error, require: [stage]}
"""
HEALTH = """\
health:
  dimensions:
    - {id: a, weight: 3, rules: [TST-001]}
    - {id: b, weight: 1, rules: [TST-002, OWN-001]}
"""
ORGANISATION = """\
organisation: {id: o, name: Org}
people: [{id: ann, name: Ann, side: business}]
relationship_managers: [{person: ann, serves: [large, small]}]
"""
LARGE = """\
business_unit: {id: large}
investments:
  - {id: L-1, title: L, stage: live, purpose: run, outcome_owner: ann, relationship_manager: ann, spend: [{year: 2026, budget: 100}]}
  - {id: L-2, title: L, stage: live, purpose: run, summary: S, outcome_owner: ann, relationship_manager: ann, spend: [{year: 2026, budget: 800}]}
"""
SMALL = """\
business_unit: {id: small}
investments:
  - {id: S-1, title: S, summary: S, stage: live, relationship_manager: ann, purpose: run, spend: [{year: 2026, budget: 20}]}
  - {id: S-2, title: S, outcome_owner: ann, relationship_manager: ann, spend: [{year: 2026, budget: 80}]}
"""


@pytest.fixture
def governed(tmp_path: Path) -> Governed:
    for path, text in {
        "rules/own.yaml": RULES, "rules/health.yaml": HEALTH, "portfolios/organisation.yaml": ORGANISATION,
        "portfolios/large.yaml": LARGE, "portfolios/small.yaml": SMALL,
    }.items():  # fmt: skip
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    flow = Flow(find_repository(tmp_path))
    return flow.at(DAY, flow.rules())


# points of the unit times its share of 1,000:
#   TST-001 on L-1: 75 × 100 / 900 in large = 8.33, × 0.9 = 7.5
#   TST-001 on S-2: 75 × 80 / 100 in small = 60, × 0.1 = 6
#   TST-002 on S-2: 25 × 80 / 200 in small = 10, × 0.1 = 1; OWN-001 on S-1: 25 × 20 / 200 = 2.5
WANTED = ["OWN-001 S-1", "TST-001 L-1", "TST-001 S-2", "TST-002 S-2", "TST-003 S-2"]


def test_mandatory_first_then_points_times_the_share_of_spend(governed: Governed) -> None:
    attention = Attention(governed.linked.portfolio, governed.health)
    found = attention.ordered(governed.judged.findings)
    assert [f"{f.rule} {f.subject.id}" for f in found] == WANTED
    weights = [round(attention.stake(f).weight, 6) for f in found]
    assert weights == [0.25, 7.5, 6, 1, 0]
    assert attention.stake(found[1]).points == pytest.approx(75 / 9)


def test_health_agenda_and_pack_have_the_same_order(governed: Governed) -> None:
    pack = measure_board(governed)
    assert [f"{t.finding.rule} {t.finding.subject.id}" for t in pack.top] == WANTED
    of_small = [w for w in WANTED if "S-" in w]
    small = next(u for u in governed.health.units if u.id == "small")
    assert [f"{c.finding.rule} {c.finding.subject.id}" for c in small.findings] == of_small[:3]
    assert [s.finding.rule for s in small.next_steps] == ["OWN-001", "TST-001", "TST-002"]
    page = next(u for u in pack.units if u.health.id == "small")
    assert [f"{f.rule} {f.subject.id}" for f in page.findings] == of_small
    agenda = build_agenda(governed.linked, governed.judged, governed.health)
    # S-2 has two findings that cost points: 7 together, less than the 7.5 of L-1
    assert [i.subject.id for i in agenda.items] == ["S-1", "L-1", "S-2"]
