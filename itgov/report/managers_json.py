"""`itgov managers --format json`: for other programs; its shape is a promise."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, convert

from itgov.insight.approval_types import Sides
from itgov.insight.manager_types import (
    Appraisal,
    CardSign,
    Load,
    ManagersReport,
    Scorecard,
    Standing,
)
from itgov.insight.tenure_types import OpportunityRow, TenureCard, TenureReport
from itgov.insight.value_types import Buckets
from itgov.model.finding import Place, Severity
from itgov.model.people_facts import SignName
from itgov.model.types import Represents, Side
from itgov.report.json_text import json_text
from itgov.report.tenure_json import (
    Money,
    Nobody,
    Other,
    Post,
    TenureRow,
    nobody_of,
    other_of,
    tenure_of,
)

SCHEMA = 2


class _Value(Struct):
    planned_to_date: float
    realised_to_date: float
    realised_confirmed: float
    unmeasured_to_date: float
    judged: Sides
    realised_ratio: float | None
    holding: float | None
    planned_to_come: float
    expected_to_come: float
    fading_to_come: float
    spend_to_date: float
    spend_promising: float
    per_spend: float | None
    budget: Buckets
    budget_whole: Buckets
    actual: Buckets


class _Finding(Struct):
    rule: str
    severity: Severity
    message: str
    path: str
    line: int
    waived: bool
    fingerprint: str


class _Sign(Struct):
    sign: SignName
    unit: str | None
    side: Represents
    declared: bool
    says: str
    items: Sequence[str]
    path: str
    line: int


class _Card(Struct):
    person: str
    name: str
    title: str | None
    title_agreed: bool | None
    side: Side | None
    left: bool
    path: str
    line: int
    load: Load
    standing: Standing
    signs: list[_Sign]
    speaks_for_observed: Represents | None
    disagrees: bool
    appraised_by: Sequence[Appraisal]
    evidenced_services: bool
    evidenced_investments: bool
    engagements_last_year: int
    value: _Value
    findings: list[_Finding]
    planned_to_date: float
    realised_to_date: float
    spend_to_date: float
    assumed: Money
    inherited: Money
    tenure: list[TenureRow]
    posts: list[Post]


class _Report(Struct):
    schema: int
    as_of: str
    currency: str | None
    managers: list[_Card]
    unlisted: Sequence[str]
    uncovered: int
    uncovered_spend: float
    unread: Sequence[Place]
    others: list[Other]
    uncredited: list[Nobody]
    opportunities: Sequence[OpportunityRow]
    notes: Sequence[str]


def managers_json(
    report: ManagersReport,
    managers: Sequence[Scorecard],
    tenure: TenureReport,
    others: Sequence[TenureCard],
) -> str:
    """Write some scorecards, and the tenure of others who have none, down as one JSON object."""
    return json_text(
        _Report(
            SCHEMA,
            report.as_of.isoformat(),
            report.currency,
            [_card(m, tenure.cards.get(m.person)) for m in managers],
            report.unlisted,
            report.uncovered,
            report.uncovered_spend,
            report.unread,
            [other_of(card) for card in others],
            [nobody_of(row) for row in tenure.uncredited],
            tenure.opportunities,
            tenure.notes,
        )
    )


def _sign(s: CardSign) -> _Sign:
    place = s.place
    return _Sign(s.sign, s.unit, s.side, s.declared, s.says, s.items, place.path, place.line)


def _card(m: Scorecard, card: TenureCard | None) -> _Card:
    t = tenure_of(card)
    b = m.value
    value = _Value(
        b.planned_to_date, b.realised_to_date, b.realised_confirmed, b.unmeasured_to_date, b.judged,
        b.realised_ratio, b.holding, b.planned_to_come, b.expected_to_come, b.fading_to_come,
        b.spend_to_date, b.spend_promising, b.per_spend, m.budget, m.budget_whole, m.actual,
    )  # fmt: skip
    findings = convert(m.findings, list[_Finding], from_attributes=True)
    return _Card(
        m.person, m.name, m.title, m.title_agreed, m.side, m.left, m.place.path, m.place.line,
        m.load, m.standing, [_sign(s) for s in m.signs], m.speaks_for_observed, m.disagrees, m.appraised_by, m.evidenced_services, m.evidenced_investments,
        m.engagements_last_year, value, findings,
        t.planned_to_date, t.realised_to_date, t.spend_to_date, t.assumed, t.inherited,
        t.tenure, t.posts,
    )  # fmt: skip
