"""Facts of engagements, units, people and relationship managers."""

from __future__ import annotations

import datetime

import pytest

from .conftest import BOTH

# -- engagements ---------------------------------------------------------------------------


def test_a_planned_engagement_is_not_yet_one(engagements):
    found = engagements(
        "date: 2026-10-24, satisfaction: {score: 3, by: amara}",
        "date: 2026-12-24, satisfaction: {score: 5, by: amara}, opportunities: [{id: k}]",
    )
    assert found.engagement_count == 1
    assert found.engagements_last_year == 1
    assert found.days_since_engagement == 30
    assert (found.satisfaction, found.days_since_satisfaction) == (3, 30)
    assert found.opportunities_open == 0


def test_only_planned_engagements_or_none_at_all(engagements, unit):
    for found in (engagements("date: 2026-11-24"), unit("")):
        assert found.engagement_count == 0
        assert found.days_since_engagement is None
        assert found.satisfaction is None


def test_an_engagement_of_today_counts(engagements, portfolio):
    found = engagements("date: 2026-11-23")
    assert (found.engagement_count, found.days_since_engagement) == (1, 0)
    linked = portfolio("business_unit: {id: u}\nengagements: [{date: 2026-11-24}]\n")
    assert linked.units["u"].engagements[0].facts.days_ago == -1


def test_the_order_of_engagements_in_the_files_does_not_matter(engagements):
    items = [
        "date: 2026-01-01",
        "date: 2026-11-01",
        "date: 2024-06-01",
        "date: 2025-11-23",
        "date: 2025-11-22",
    ]
    for order in (items, items[::-1]):
        found = engagements(*order)
        assert found.days_since_engagement == 22
        assert found.engagement_count == 5
        assert found.engagements_last_year == 3  # the day a year ago included


def test_satisfaction_is_the_business_sides_mean_of_a_year(engagements):
    found = engagements(
        "date: 2025-11-22, satisfaction: {score: 1, by: amara}",
        "date: 2025-11-23, satisfaction: {score: 2, by: amara}",
        "date: 2026-06-01, satisfaction: {score: 5, by: amara}",
        "date: 2026-07-01, satisfaction: {score: 1, by: lena}",
        "date: 2026-08-01",
    )
    assert found.satisfaction == 3.5
    assert found.days_since_satisfaction == 175


def test_satisfaction_given_by_it_itself_is_none_of_the_businesss(engagements):
    found = engagements("date: 2026-11-01, satisfaction: {score: 5, by: lena}")
    assert (found.satisfaction, found.days_since_satisfaction) == (None, None)


@pytest.mark.parametrize(
    ("action", "open_", "overdue", "late"),
    [
        ("what: w", 1, 0, 0),
        ("what: w, due: 2026-11-24", 1, 0, 0),
        ("what: w, due: 2026-11-23", 1, 0, 0),  # due today is not overdue
        ("what: w, due: 2026-11-22", 1, 1, 0),
        ("what: w, due: 2026-11-10, done: 2026-11-10", 0, 0, 0),
        ("what: w, due: 2026-11-10, done: 2026-11-11", 0, 0, 1),
        ("what: w, done: 2026-11-11", 0, 0, 0),
    ],
)
def test_what_became_of_an_action(engagements, portfolio, action, open_, overdue, late):
    item = f"date: 2026-10-01, actions: [{{{action}}}]"
    found = engagements(item)
    assert (found.actions_open, found.actions_overdue, found.actions_done_late) == (
        open_,
        overdue,
        late,
    )
    linked = portfolio(f"business_unit: {{id: u}}\nengagements: [{{{item}}}]\n")
    facts = linked.units["u"].engagements[0].facts
    assert (facts.actions_open, facts.actions_overdue, facts.actions_without_owner) == (
        open_,
        overdue,
        1,
    )


def test_an_action_is_as_it_was_on_the_as_of_date(engagements):
    # a report on June must come out the same in June and in November
    item = "date: 2026-05-01, actions: [{what: w, due: 2026-06-15, done: 2026-07-10}]"
    found = engagements(item, today=datetime.date(2026, 6, 30))
    assert (found.actions_open, found.actions_overdue, found.actions_done_late) == (1, 1, 0)
    after = engagements(item, today=datetime.date(2026, 7, 10))
    assert (after.actions_open, after.actions_overdue, after.actions_done_late) == (0, 0, 1)


def test_an_opportunity_is_followed_from_engagement_to_engagement(engagements):
    found = engagements(
        "date: 2026-10-01, opportunities: [{id: a, state: realised}, {id: b, state: pursued}]",
        "date: 2026-01-01, opportunities: [{id: a, state: raised}, {id: b}, {id: c}, {id: d, state: raised}]",
        "date: 2026-02-01, opportunities: [{id: d, state: dropped}]",
        "date: 2026-12-01, opportunities: [{id: b, state: realised}]",
    )
    assert found.opportunities_realised == 1
    assert found.opportunities_open == 2  # b, pursued; c, raised and never mentioned again
    assert found.opportunities_quiet == 1  # c


@pytest.mark.parametrize(("day", "quiet"), [("2026-05-27", 0), ("2026-05-26", 1)])
def test_an_opportunity_is_quiet_after_180_days(engagements, day, quiet):
    found = engagements(f"date: {day}, opportunities: [{{id: a}}]", "date: 2026-11-01")
    assert found.opportunities_quiet == quiet
    told = engagements(f"date: {day}, opportunities: [{{id: a, state: dropped}}]")
    assert told.opportunities_quiet == 0


def test_a_mention_without_a_state_leaves_an_opportunity_as_it_was(engagements):
    found = engagements(
        "date: 2026-10-01, opportunities: [{id: a, state: realised}]",
        "date: 2026-11-01, opportunities: [{id: a, statement: Shown to the board}]",
    )
    assert (found.opportunities_realised, found.opportunities_open) == (1, 0)


def test_opportunities_of_different_units_are_different(portfolio):
    found = portfolio(
        f"business_unit: {{id: u, relationship_manager: lena}}\nengagements: [{{{BOTH}date: 2026-10-01, opportunities: [{{id: a}}]}}]\n",
        v=f"business_unit: {{id: v, relationship_manager: lena}}\nengagements: [{{{BOTH}date: 2026-11-01, opportunities: [{{id: a, state: realised}}]}}]\n",
    )
    assert found.units["u"].facts.opportunities_open == 1
    assert found.units["v"].facts.opportunities_realised == 1


def test_engagements_in_several_files_are_one_story(portfolio):
    found = portfolio(
        f"business_unit: u\nengagements: [{{{BOTH}date: 2026-10-01, opportunities: [{{id: a, state: realised}}]}}]\n",
        v=f"business_unit: {{id: u, relationship_manager: lena}}\nengagements: [{{{BOTH}date: 2026-01-01, opportunities: [{{id: a}}]}}]\n",
    ).units["u"]
    assert (found.facts.engagement_count, found.facts.opportunities_realised) == (2, 1)
    assert found.facts.opportunities_open == 0


@pytest.mark.parametrize(
    ("present", "business"),
    [("[]", False), ("[lena]", False), ("[unknown-side]", False), ("[lena, amara]", True)],
)
def test_whether_anybody_from_the_business_took_part(portfolio, present, business):
    text = f"business_unit: {{id: u}}\nengagements: [{{date: 2026-10-01, with: {present}}}]\n"
    assert portfolio(text).units["u"].engagements[0].facts.business_present is business


@pytest.mark.parametrize(
    ("by", "side"), [("amara", "business"), ("lena", "it"), ("unknown-side", None)]
)
def test_the_side_that_gave_the_score(portfolio, by, side):
    text = f"business_unit: {{id: u}}\nengagements: [{{date: 2026-10-01, satisfaction: {{score: 3, by: {by}}}}}]\n"
    assert portfolio(text).units["u"].engagements[0].facts.satisfaction_side == side


# -- relationship levels -------------------------------------------------------------------


def test_the_latest_assessment_up_to_today_counts(portfolio):
    facts = (
        portfolio(
            "business_unit:\n  id: u\n  relationship_levels:\n"
            "  - {on: 2026-09-01, business: 3, it: 4}\n"
            "  - {on: 2025-09-01, business: 1, it: 2}\n"
            "  - {on: 2026-12-01, business: 5, it: 5}\n"
        )
        .units["u"]
        .facts
    )
    assert (facts.level_business, facts.level_it, facts.days_since_levels) == (3, 4, 83)


def test_each_side_gives_its_own_word_on_its_own_day(portfolio):
    facts = (
        portfolio(
            "business_unit:\n  id: u\n  relationship_levels:\n"
            "  - {on: 2026-09-01, business: 3}\n  - {on: 2026-10-01, it: 4}\n"
        )
        .units["u"]
        .facts
    )
    assert (facts.level_business, facts.level_it) == (3, 4)


# -- people --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "active"),
    [("2026-11-24", True), ("2026-11-23", False), ("2020-01-01", False), ("", True)],
)
def test_a_person_is_gone_from_the_day_they_left(portfolio, left, active):
    people = f"people: [{{id: p, name: P, left: {left or '~'}}}]\n"
    assert portfolio(people=people).people["p"].facts.is_active is active


ROLES = """\
business_unit: {id: u, head: amara, relationship_manager: lena}
investments:
- {id: A, title: A, outcome_owner: amara, relationship_manager: lena, sponsor: amara, delivery_lead: tom,
   spend: [{year: 2026, budget: 10}], outcomes: [{id: x, baseline: 2, target: 1,
   results: [{date: 2026-01-01, actual: 1, evidence: "https://e.org"}]}]}
- {id: B, title: B, outcome_owner: lena, relationship_manager: lena, delivery_lead: lena,
   spend: [{year: 2026, budget: 5}], outcomes: [{id: y}]}
- {id: C, title: C, stage: retired, outcome_owner: amara, relationship_manager: lena, sponsor: amara,
   spend: [{year: 2026, budget: 100}]}
- {id: D, title: D, outcome_owner: TBD, relationship_manager: tom}
"""

MANAGERS = """\
relationship_managers:
- person: lena
  title: Business  engagement MANAGER
  reports_to: amara
  position_since: 2026-11-22
  native_by: 2026-11-30
  measured_by: [A/x, A/x, B/y, V/z]
  experience:
  - {area: services, perspective: customer, evidence: 'https://example.org/e'}
  - {area: investments, perspective: supplier, evidence: e}
  - {area: investments, perspective: customer}
"""
OTHER = "business_unit: {id: v}\ninvestments: [{id: V, title: V, outcomes: [{id: z}]}]\n"


def test_roles_in_active_investments_are_counted(portfolio):
    people = portfolio(ROLES).people
    amara, lena, tom = (people[p].facts for p in ("amara", "lena", "tom"))
    assert (amara.owns, amara.sponsors, amara.heads, amara.manages) == (1, 1, 1, 0)
    assert (lena.owns, lena.manages, lena.delivers) == (1, 2, 1)
    assert (tom.delivers, tom.manages) == (1, 1)
    assert not lena.is_relationship_manager


def test_what_follows_for_a_relationship_manager(portfolio, request):
    found = portfolio(
        ROLES,
        organisation="organisation: {id: o, vocabulary: {relationship_manager: business engagement manager}}\n",
        people=_people() + MANAGERS,
        v=OTHER,
    )
    assert found.people["lena"].facts.is_relationship_manager
    facts = found.managers["lena"].facts
    assert (facts.name, facts.side, facts.manager_side) == ("Lena Fischer", "it", "business")
    assert facts.business_units == ["u"]
    assert (facts.investment_count, facts.spend_total) == (2, 15)
    assert (facts.owns, facts.delivers) == (1, 1)
    assert (facts.days_in_position, facts.days_native_overdue) == (1, -7)
    assert facts.title_agreed is True
    assert facts.measured_by_served == 2  # A/x and B/y, each once; V/z is another unit's
    assert facts.measured_by_met == 1
    assert (facts.evidenced_services, facts.evidenced_investments) == (True, False)


def _people() -> str:
    return (
        "people:\n- {id: amara, name: Amara Okafor, side: business}\n"
        "- {id: lena, name: Lena Fischer, side: it}\n- {id: tom, name: Tom Reyes, side: it}\n"
    )


@pytest.mark.parametrize(
    ("title", "agreed", "result"),
    [("", "X", None), ("X", "", None), ("x", "X", True), ("Y", "X", False)],
)
def test_whether_the_title_is_the_agreed_one(portfolio, title, agreed, result):
    found = portfolio(
        organisation=f"organisation: {{id: o, vocabulary: {{relationship_manager: '{agreed}'}}}}\n",
        people=_people() + f"relationship_managers: [{{person: lena, title: '{title}'}}]\n",
    )
    assert found.managers["lena"].facts.title_agreed is result
    assert found.organisation.facts.relationship_manager_titles == ([title] if title else [])


@pytest.mark.parametrize(
    ("text", "served", "says"),
    [
        ("business_unit: {id: u}\n", ["s"], ["s"]),
        ("business_unit: {id: u, relationship_manager: lena}\n", ["s", "u"], ["s"]),
        ("business_unit: {id: u}\ninvestments: [{id: A, title: A, relationship_manager: lena}]\n", ["s", "u"], ["s"]),
        ("business_unit: {id: u}\ninvestments: [{id: A, title: A, relationship_manager: lena, stage: stopped}]\n",
         ["s"], ["s"]),
    ],
)  # fmt: skip
def test_the_units_that_somebody_serves(portfolio, text, served, says):
    found = portfolio(
        text,
        people=_people() + "relationship_managers: [{person: lena, serves: [s]}]\n",
        s="business_unit: {id: s}\n",
    )
    assert found.managers["lena"].facts.business_units == served
    assert [
        u for u in found.units if found.units[u].facts.relationship_managers == ["lena"]
    ] == says


def test_a_manager_who_is_nobody_is_known_by_the_id(portfolio):
    facts = (
        portfolio(
            people="relationship_managers: [{person: ghost, reports_to: ghost2}]\n", sound=False
        )
        .managers["ghost"]
        .facts
    )
    assert (facts.name, facts.side, facts.manager_side) == ("ghost", None, None)


def test_the_whole_counts_its_people(portfolio):
    facts = portfolio(
        people=_people() + "relationship_managers: [{person: lena}]\n"
    ).organisation.facts
    assert (facts.people_count, facts.relationship_manager_count) == (3, 1)
    assert facts.run_share is None
