"""Which engagements count as a unit's, and what the others do not lift."""

from __future__ import annotations

import pytest

PEOPLE = """\
people:
- {id: amara, name: Amara, side: business}
- {id: lena, name: Lena, side: business}
- {id: idris, name: Idris, side: business}
- {id: tom, name: Tom, side: it}
- {id: sam, name: Sam}
relationship_managers:
- {person: lena, serves: [u]}
- {person: idris, serves: [v]}
"""
UNIT = "business_unit: {id: u, relationship_manager: lena}\n"


def facts(portfolio, *items: str, unit: str = UNIT):
    lines = "".join(f"- {{{item}}}\n" for item in items)
    return portfolio(
        f"{unit}engagements:\n{lines}", people=PEOPLE, v="business_unit: {id: v}\n"
    ).units["u"]


@pytest.mark.parametrize(
    ("who", "manager", "business"),
    [
        ("by: lena, with: [amara]", True, True),
        ("by: amara, with: [lena]", True, True),
        ("by: lena", True, False),
        ("by: lena, with: [lena]", True, False),  # a manager is not the business, whatever the side
        ("by: lena, with: [idris]", True, False),  # nor is another unit's
        ("by: lena, with: [tom, sam]", True, False),
        ("by: idris, with: [amara]", False, True),
        ("by: tom, with: [amara]", False, True),
        ("with: [amara]", False, True),
    ],
)
def test_both_sides_make_an_engagement_count(portfolio, who, manager, business):
    unit = facts(portfolio, f"date: 2026-11-01, {who}")
    found = unit.engagements[0].facts
    assert (found.manager_present, found.business_present) == (manager, business)
    assert found.counts == (manager and business)
    assert unit.facts.engagement_count == found.counts
    assert unit.facts.engagements_not_counted == (not found.counts)
    assert unit.facts.days_since_engagement == (22 if found.counts else None)


def test_the_manager_is_that_of_the_day(portfolio):
    unit = """business_unit:
  id: u
  relationship_manager: lena
  held:
  - {role: relationship_manager, person: tom, from: 2025-01-01, to: 2025-06-30}
  - {role: relationship_manager, person: idris, from: 2025-08-01, to: 2025-12-31}
  - {role: outcome_owner, person: sam}
"""
    days = {
        ("2025-06-30", "tom"): True,
        ("2025-06-30", "lena"): False,  # who holds the post today did not hold it then
        ("2025-07-15", "tom"): False,
        ("2025-12-31", "idris"): True,
        ("2026-01-01", "idris"): False,
        ("2026-01-01", "sam"): False,
        ("2026-01-01", "lena"): True,
    }
    items = [f"date: {day}, by: {by}, with: [amara]" for day, by in days]
    found = facts(portfolio, *items, unit=unit)
    assert [e.facts.counts for e in found.engagements] == list(days.values())


def test_a_successor_is_not_yet_the_manager(portfolio):
    unit = "business_unit: {id: u, relationship_manager: sam, held: [{role: relationship_manager, person: tom, to: 2025-06-30}]}\n"
    items = [f"date: {day}, by: sam, with: [amara]" for day in ("2025-06-30", "2025-07-01")]
    assert [e.facts.counts for e in facts(portfolio, *items, unit=unit).engagements] == [
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("who", "by", "score"),
    [
        ("by: lena, with: [amara]", "amara", 2),
        ("by: lena, with: [amara]", "lena", None),
        ("by: lena, with: [amara]", "idris", None),
        ("by: lena, with: [amara]", "tom", None),
        ("by: lena, with: [amara]", "sam", None),
        ("by: lena, with: [amara]", "~", None),
        ("by: tom, with: [amara]", "amara", None),
    ],
)
def test_satisfaction_is_the_businesss_where_both_met(portfolio, who, by, score):
    item = f"date: 2026-11-01, {who}, satisfaction: {{score: 2, by: {by}}}"
    assert facts(portfolio, item).facts.satisfaction == score


@pytest.mark.parametrize(
    ("levels", "level"),
    [
        ("", None),
        ("{on: 2026-09-01, business: 3, it: 4}", 3),
        ("{on: 2026-09-01, it: 5}", 1),  # one side's answer alone
        ("{on: 2026-09-01, business: 5}", 1),
        ("{on: 2026-09-01, business: 3}, {on: 2026-10-01, it: 4}", 3),
        ("{on: 2025-09-01, business: 3, it: 3}, {on: 2026-03-01, it: 4}", 1),
        (
            "{on: 2025-09-01, business: 3, it: 3}, {on: 2026-10-01, it: 4}",
            1,
        ),  # an answer of a year before the other's is none to it
        ("{on: 2026-12-01, business: 3, it: 4}", None),
    ],
)
def test_the_level_is_the_lower_of_both_and_a_side_that_does_not_answer_costs(
    portfolio, levels, level
):
    unit = f"business_unit: {{id: u, relationship_levels: [{levels}]}}\n"
    assert portfolio(unit).units["u"].facts.level == level


@pytest.mark.parametrize(
    ("left", "counts"), [("2026-10-31", False), ("2026-11-01", True), ("2026-12-31", True)]
)
@pytest.mark.parametrize("who", ["amara", "lena"])
def test_somebody_who_had_left_before_the_day_takes_no_part(portfolio, who, left, counts):
    gone = PEOPLE.replace(f"{{id: {who},", f"{{id: {who}, left: {left},")
    engagement = "{date: 2026-11-01, by: lena, with: [amara], satisfaction: {score: 5, by: amara}}"
    found = portfolio(
        f"{UNIT}engagements: [{engagement}]\n", people=gone, v="business_unit: {id: v}\n"
    ).units["u"]
    assert found.engagements[0].facts.counts is counts
    assert found.facts.satisfaction == (5 if counts else None)


@pytest.mark.parametrize(("left", "confirmed"), [("2026-05-31", 0), ("2026-06-30", 100)])
def test_somebody_who_had_left_confirms_no_value(portfolio, left, confirmed):
    gone = PEOPLE.replace("{id: amara,", f"{{id: amara, left: {left},")
    outcome = (
        "{id: o, measure: M, value: 100, value_from: 2026-01-01, results: "
        "[{date: 2026-06-30, value: 100, confirmed_by: amara}]}"
    )
    unit = f"{UNIT}investments: [{{id: A, title: A, stage: live, outcomes: [{outcome}]}}]\n"
    found = portfolio(unit, people=gone, v="business_unit: {id: v}\n").units["u"]
    assert found.facts.realised_confirmed == confirmed
