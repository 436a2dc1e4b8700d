"""What the scores promise, on verdicts of every kind: they explain themselves and do not jump."""

from __future__ import annotations

import datetime

from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from itgov.files.linked import Linked
from itgov.insight.health import measure_health
from itgov.insight.health_types import UnitHealth
from itgov.insight.sensitivity import sensitivity
from itgov.model.facts import InvestmentFacts, OutcomeFacts
from itgov.model.finding import Finding, Subject
from itgov.model.portfolio import (
    InvestmentEntry,
    OrganisationEntry,
    OutcomeEntry,
    Portfolio,
    Source,
    UnitEntry,
)
from itgov.model.types import BusinessUnit, Investment, Organisation, Outcome
from itgov.model.unit_facts import BusinessUnitFacts, OrganisationFacts
from itgov.rules.catalogue import RuleBook
from itgov.rules.language import Bands, Cap, Dimension, Health
from itgov.rules.verdicts import (
    FAIL,
    NOT_APPLICABLE,
    PASS,
    UNEVALUATED,
    WAIVED,
    Judged,
    Verdicts,
)

KINDS = {"investment": ["A-001", "A-002"], "outcome": ["B-001"], "business_unit": ["C-001"]}
ORDER = {
    **KINDS, "organisation": [], "engagement": [], "relationship_manager": [], "person": []
}  # fmt: skip
RULES = [rule for rules in KINDS.values() for rule in rules]
NOWHERE = Source("portfolios/u.yaml", ())
VERDICT = st.sampled_from([PASS, FAIL, NOT_APPLICABLE, WAIVED, UNEVALUATED])
SPEND = st.one_of(st.just(0), st.integers(1, 1000), st.floats(0.01, 1e9))


@st.composite
def items(draw: st.DrawFn, verdict: st.SearchStrategy[int] = VERDICT) -> tuple:
    """Draw an investment: its spend, its verdicts, and those of its outcomes."""
    rows = draw(st.lists(st.tuples(verdict), max_size=3))
    return draw(SPEND), (draw(verdict), draw(verdict)), rows


@st.composite
def cases(draw: st.DrawFn) -> tuple:
    """Draw a unit of some items, the verdict on itself, and a way to score it."""
    held = draw(st.lists(items(), max_size=5))
    names = st.lists(st.sampled_from(RULES), min_size=1, max_size=4)
    weights = st.one_of(st.just(0.0), st.floats(0.5, 50))
    drawn = st.tuples(weights, names, st.lists(st.sampled_from(RULES), max_size=2))
    dimensions = [
        Dimension(id=f"d{i}", weight=w, rules=r, decisive=[d for d in decisive if d in r])
        for i, (w, r, decisive) in enumerate(draw(st.lists(drawn, max_size=4)))
    ]
    fixed = draw(st.floats(0, 1))
    dimensions.append(Dimension(id="fixed", weight=draw(weights), score=f"dyn({fixed:.6f})"))
    caps = [Cap(when="true", at_most=a) for a in draw(st.lists(st.integers(0, 100), max_size=2))]
    health = Health(
        bands=Bands(), enough_evidence=draw(st.sampled_from([0.0, 0.6])), caps=caps,
        dimensions=dimensions,
    )  # fmt: skip
    return held, draw(VERDICT), health


def build(held: list, unit_verdict: int, health: Health) -> UnitHealth:
    investments = []
    tables = {"investment": bytearray(), "outcome": bytearray()}
    subjects: dict[str, list[str]] = {"investment": [], "outcome": [], "business_unit": ["u"]}
    for number, (spend, verdicts, outcomes) in enumerate(held):
        identifier = f"I-{number}"
        subjects["investment"].append(identifier)
        tables["investment"] += bytes(verdicts)
        entries = []
        for place, row in enumerate(outcomes):
            subjects["outcome"].append(f"{identifier}/o{place}")
            tables["outcome"] += bytes(row)
            entries.append(OutcomeEntry(Outcome(id=f"o{place}"), OutcomeFacts(), NOWHERE))
        facts = InvestmentFacts(spend_total=spend)
        investments.append(
            InvestmentEntry(Investment(id=identifier, title="T"), facts, NOWHERE, entries)
        )
    unit = UnitEntry(
        BusinessUnit(id="u"), BusinessUnitFacts(), NOWHERE, investments, [], ["portfolios/u.yaml"]
    )
    portfolio = Portfolio(
        datetime.date(2026, 11, 23),
        OrganisationEntry(Organisation(id="o"), OrganisationFacts(), Source("", ())),
        {}, {}, {"u": unit},
    )  # fmt: skip
    tables["business_unit"] = bytearray([unit_verdict])
    verdicts = [Verdicts("u", kind, subjects[kind], bytes(tables[kind])) for kind in KINDS]
    findings = [
        _finding(rule, kind, subject, tables[kind][row * len(rules) + column])
        for kind, rules in KINDS.items()
        for row, subject in enumerate(subjects[kind])
        for column, rule in enumerate(rules)
        if tables[kind][row * len(rules) + column] in (FAIL, WAIVED, UNEVALUATED)
    ]
    book = RuleBook([], health, None, {}, [])
    judged = Judged(findings, ORDER, verdicts)
    report = measure_health(Linked(portfolio, {}, []), judged, book)
    assert len(sensitivity(report)) == 2 * sum(d.weight > 0 for d in health.dimensions)
    return report.units[0]


def _finding(rule: str, kind: str, subject: str, verdict: int) -> Finding:
    return Finding(
        rule=rule, name="n", severity="error", message="m", path="portfolios/u.yaml", line=1,
        column=1, end_line=1, end_column=1, business_unit="u", subject=Subject(kind, subject),
        field=None, waived=verdict == WAIVED, fingerprint="", unevaluated=verdict == UNEVALUATED,
    )  # fmt: skip


def with_pass(held: list, unit_verdict: int, finding: Finding) -> tuple[list, int]:
    """Return the case with one finding mended."""
    subject = finding.subject
    if subject.kind == "business_unit":
        return held, PASS
    number = int(subject.id.split("/")[0].removeprefix("I-"))
    spend, verdicts, outcomes = held[number]
    if subject.kind == "investment":
        at = KINDS["investment"].index(finding.rule)
        verdicts = tuple(PASS if i == at else v for i, v in enumerate(verdicts))
    else:
        at = int(subject.id.split("/")[1].removeprefix("o"))
        outcomes = [(PASS,) if i == at else row for i, row in enumerate(outcomes)]
    return [*held[:number], (spend, verdicts, outcomes), *held[number + 1 :]], unit_verdict


def reached(unit: UnitHealth) -> float:
    """Return the score of what could be judged, with the caps: 0 where nothing could be."""
    limit = min((c.at_most for c in unit.caps), default=100)
    return min(unit.measured or 0.0, limit)


@given(cases())
def test_every_number_is_a_share(case: tuple) -> None:
    unit = build(*case)
    assert 0 <= unit.coverage <= 1
    assert unit.score is None or 0 <= unit.score <= 100
    assert (unit.score is None) == (unit.band == "insufficient evidence")
    for dimension in unit.dimensions:
        assert (dimension.score is None) == (dimension.unknown is not None)
        assert dimension.score is None or 0 <= dimension.score <= 1
        assert dimension.count is None or 0 <= dimension.count <= 1
        assert 0 <= dimension.evidence <= 1
        assert not dimension.decided_by or dimension.score == dimension.count == 0
    if unit.measured is not None:
        lost = sum(d.lost for d in unit.dimensions)
        assert abs(lost - (100 - unit.measured)) < 1e-5


@given(cases())
def test_mending_gives_back_exactly_the_points_that_were_promised(case: tuple) -> None:
    held, unit_verdict, health = case
    unit = build(*case)
    counted = {rule for d in health.dimensions for rule in d.rules}
    assert {c.finding.rule for c in unit.findings} <= counted
    for costly in unit.findings:
        mended = build(*with_pass(held, unit_verdict, costly.finding), health)
        assert abs(reached(mended) - reached(unit) - costly.points) < 1e-5
        assert abs((mended.measured or 0) - (unit.measured or 0) - costly.uncapped) < 1e-5
        assert costly.points >= 0
        assert costly.points <= costly.uncapped + 1e-6
        if unit.score is not None:  # and so it never lowers one
            assert mended.score is not None
            assert mended.score >= unit.score - 1e-6
    open_ones = [c for c in unit.findings if not c.finding.waived]
    steps = [c for c in open_ones if c.uncapped > 0 or c.decides or c.finding.unevaluated][:3]
    assert list(unit.next_steps) == steps
    assert [c.points for c in steps] == sorted((c.points for c in steps), reverse=True)


SOUND = items(st.sampled_from([PASS, NOT_APPLICABLE]))


@given(cases(), SOUND)
def test_a_sound_investment_never_lowers_a_score_by_more_than_its_share(
    case: tuple, sound: tuple
) -> None:
    held, unit_verdict, health = case
    before = build(*case)
    after = build([*held, sound], unit_verdict, health)
    spends = [spend for spend, _, _ in held]
    whole = sum(spends) + sound[0]
    share = sound[0] / whole if whole else 1 / (len(held) + 1)
    assert reached(after) >= reached(before) - 100 * share - 1e-6


@given(cases(), SOUND)
def test_a_sound_investment_never_lowers_what_is_scored_by_its_own_rules(
    case: tuple, sound: tuple
) -> None:
    held, _, health = case
    only = [r for r in RULES if r not in KINDS["business_unit"]]
    dimensions = [
        structs.replace(d, rules=[r for r in d.rules if r in only] or only[:1], decisive=[])
        for d in health.dimensions
        if d.rules
    ]
    health = structs.replace(health, dimensions=dimensions)
    before = build(held, PASS, health)
    after = build([*held, sound], PASS, health)
    assert reached(after) >= reached(before) - 1e-6
