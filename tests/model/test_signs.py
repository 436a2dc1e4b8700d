"""Signs of which side a relationship manager stands on: each row of the table in docs/managers.md."""

from __future__ import annotations

import pytest

PEOPLE = """\
people:
- {id: amara, name: Amara, side: business, business_unit: u}
- {id: zara, name: Zara, side: business, business_unit: v}
- {id: rosalind, name: Rosalind, side: business}
- {id: lena, name: Lena, side: business}
- {id: idris, name: Idris, side: business}
- {id: tom, name: Tom, side: it}
- {id: sam, name: Sam}
relationship_managers:
- {person: idris, serves: [w]}
"""
OUTCOMES = "{id: A, title: A, outcomes: [{id: x, measure: m}, {id: y}]}"
OTHER = (
    "business_unit: {id: v}\ninvestments: [{id: V, title: V, outcomes: [{id: z, measure: m}]}]\n"
)


@pytest.fixture
def manager(portfolio):
    """Return the entry of a relationship manager who serves `u`, from the fields given."""

    def made(fields: str, investments: str = OUTCOMES, engagements: str = "", head: str = ""):
        unit = (
            f"business_unit: {{id: u, name: Unit, relationship_manager: lena{head}}}\n"
            f"investments: [{investments}]\nengagements: [{engagements}]\n"
        )
        people = f"{PEOPLE}- {{person: lena, serves: [u]{', ' if fields else ''}{fields}}}\n"
        found = portfolio(unit, people=people, v=OTHER, w="business_unit: {id: w}\n", sound=False)
        return found.managers["lena"]

    return made


def told(entry, sign: str) -> list[tuple[str | None, str, bool]]:
    return [(s.unit, s.side, s.declared) for s in entry.facts.signs if s.sign == sign]


def test_what_is_not_recorded_gives_no_sign(manager):
    facts = manager("").facts
    assert facts.signs == []
    assert (facts.speaks_for_observed, facts.disagrees, facts.heard_as) == (None, False, [])


@pytest.mark.parametrize("side", ["customer", "supplier", "middle"])
def test_a_declaration_is_a_sign_of_its_own(manager, side):
    found = manager(f"represents: {side}")
    assert told(found, "represents") == [(None, side, True)]
    assert found.facts.speaks_for_observed is None


@pytest.mark.parametrize(
    ("answers", "heard"),
    [
        ("{on: 2026-01-01, by: amara, says: supplier}", [("u", "supplier")]),
        ("{on: 2026-01-01, by: amara, says: supplier}, {on: 2026-02-01, by: amara, says: customer}",
         [("u", "customer")]),
        ("{on: 2026-02-01, by: amara, says: customer}, {on: 2026-01-01, by: amara, says: supplier}",
         [("u", "customer")]),
        ("{on: 2026-01-01, by: amara, says: supplier}, {on: 2026-01-01, by: amara, says: middle}",
         [("u", "middle")]),  # of one day the later place in the file
        ("{on: 2026-01-01, by: amara, says: supplier}, {on: 2026-02-01, by: zara, says: customer}",
         [("u", "supplier"), (None, "customer")]),  # another unit's word does not replace it
        ("{on: 2026-11-24, by: amara, says: supplier}", []),  # to come
        ("{on: 2026-01-01, by: amara}", []),
        ("{on: 2026-01-01, by: lena, says: customer}", []),  # nobody's own word
        ("{on: 2026-01-01, by: idris, says: customer}", []),
        ("{on: 2026-01-01, by: tom, says: supplier}", []),
        ("{on: 2026-01-01, by: sam, says: supplier}", []),
        ("{on: 2026-01-01, by: ghost, says: supplier}", []),
        ("{on: 2026-01-01, says: customer}", []),
    ],
)  # fmt: skip
def test_the_businesss_latest_word_of_each_unit(manager, answers, heard):
    found = manager(f"represents_seen_by: [{answers}]")
    assert told(found, "seen-by-business") == [(unit, side, False) for unit, side in heard]
    assert found.facts.speaks_for_observed == (heard[0][1] if heard else None)


@pytest.mark.parametrize(
    ("fields", "side"),
    [
        ("reports_to: amara", "customer"),
        ("reports_to: tom", "middle"),
        ("reports_to: tom, position: bridge, position_since: 2025-11-23", "middle"),
        ("reports_to: tom, position: bridge, position_since: 2025-11-22", "supplier"),
        ("reports_to: tom, position: embedded, position_since: 2025-11-22", "supplier"),
        ("reports_to: sam", None),
        ("reports_to: ghost", None),
        ("reports_to: lena", None),
    ],
)
def test_the_reporting_line(manager, fields, side):
    assert told(manager(fields), "reports-to") == ([(None, side, False)] if side else [])


@pytest.mark.parametrize(
    ("by", "side"), [("amara", "customer"), ("tom", "supplier"), ("sam", None), ("lena", None)]
)
def test_who_holds_the_appraisal(manager, by, side):
    assert told(manager(f"appraised_by: {by}"), "appraised-by") == (
        [(None, side, False)] if side else []
    )


@pytest.mark.parametrize(
    ("measured", "side"),
    [
        ("[A/x]", "customer"),
        ("[A/x, A/y]", None),  # one has no measure
        ("[A/x, V/z]", None),
        ("[V/z]", "supplier"),
        ("[A/none]", None),
        ("[A/x, A/none]", None),
    ],
)
def test_what_appraises_them(manager, measured, side):
    assert told(manager(f"measured_by: {measured}"), "measured-by") == (
        [(None, side, False)] if side else []
    )


@pytest.mark.parametrize(
    ("item", "sign"),
    [
        ("relationship_manager: lena, delivery_lead: lena", ("delivers", "supplier")),
        ("delivery_lead: lena", ("delivers", "supplier")),  # through the unit
        ("relationship_manager: tom, delivery_lead: lena", None),
        ("delivery_lead: lena, stage: stopped", None),
        ("outcome_owner: lena", ("owns-outcome", "middle")),
    ],
)
def test_two_posts_in_one_item(manager, item, sign):
    found = manager("", f"{{id: A, title: A, {item}}}")
    wanted = [(sign[0], "u", sign[1], ["A"])] if sign else []
    assert [(s.sign, s.unit, s.side, s.items) for s in found.facts.signs] == wanted
    assert found.facts.delivers == (sign is not None and sign[0] == "delivers")
    assert found.facts.owns == (sign is not None and sign[0] == "owns-outcome")


def engagements(*who: str) -> str:
    return ", ".join(f"{{date: 2026-0{n + 1}-01, {w}}}" for n, w in enumerate(who))


MET, MISSED, WITHOUT = "by: lena, with: [amara]", "by: tom, with: [amara]", "by: lena, with: [tom]"


@pytest.mark.parametrize(
    ("who", "side"),
    [
        ([], None),
        ([MET], "customer"),
        ([MET, MET, MET, MISSED], "customer"),
        ([MET, MISSED], None),
        ([MET, MISSED, MISSED], "supplier"),
        ([MISSED], "supplier"),
        ([MET, MISSED, WITHOUT, WITHOUT], None),  # meetings among IT are none of the unit's
    ],
)
def test_whether_they_take_part(manager, who, side):
    found = manager("", engagements=engagements(*who))
    assert told(found, "takes-part") == ([("u", side, False)] if side else [])


def test_meetings_of_over_a_year_ago_or_of_a_predecessor_are_not_asked(manager):
    old = "{date: 2025-11-22, by: tom, with: [amara]}"
    assert told(manager("", engagements=old), "takes-part") == []
    held = ", held: [{role: relationship_manager, person: tom, to: 2026-06-30}]"
    missed = "{date: 2026-06-30, with: [amara]}"
    assert told(manager("", engagements=missed, head=held), "takes-part") == []


def opportunity(investment: str = "B", by: str = "lena", name: str = "o") -> str:
    fields = f"{{id: {name}, raised_by: {by}, investment: {investment}}}"
    return f"{{date: 2026-02-01, {MET}, opportunities: [{fields}]}}"


@pytest.mark.parametrize(
    ("item", "side"),
    [
        ("spend: [{year: 2025, budget: 10}, {year: 2026, budget: 10}]", "customer"),
        ("spend: [{year: 2025, budget: 10}, {year: 2026, budget: 20}, {year: 2027, budget: 9}]", "customer"),
        ("spend: [{year: 2025, budget: 10}, {year: 2026, budget: 11}]", "supplier"),
        ("spend: [{year: 2025, budget: 10}], stage: retired", "customer"),
        ("spend: [{year: 2026, budget: 5}], start: 2026-03-01", "supplier"),  # begun by it
        ("spend: [{year: 2026, budget: 5}], start: 2020-03-01", None),  # 2025 is not recorded
        ("spend: [{year: 2026, budget: 5}]", None),
        ("spend: [{year: 2025, budget: 5}]", None),
        ("start: 2026-03-01, withheld: {spend: secret}", None),
    ],
)  # fmt: skip
def test_what_the_opportunities_that_they_raise_do_to_spend(manager, item, side):
    found = manager("", f"{{id: B, title: B, {item}}}", opportunity())
    assert told(found, "opportunities") == ([("u", side, False)] if side else [])


KEEPS = "{id: B, title: B, spend: [{year: 2025, budget: 1}, {year: 2026, budget: 1}]}"
ADDS = "{id: C, title: C, spend: [{year: 2025, budget: 1}, {year: 2026, budget: 2}]}"


@pytest.mark.parametrize(
    ("raised", "side"),
    [("BC", "customer"), ("BCC", None), ("BCCC", None), ("BCCCC", "supplier")],
)
def test_half_and_three_of_four_of_what_they_raise(manager, raised, side):
    said = ", ".join(opportunity(item, name=f"o{n}") for n, item in enumerate(raised))
    found = manager("", f"{KEEPS}, {ADDS}", said)
    assert told(found, "opportunities") == ([("u", side, False)] if side else [])


def test_only_their_own_opportunities_that_an_item_pursues(manager):
    item = "{id: B, title: B, spend: [{year: 2025, budget: 1}, {year: 2026, budget: 1}]}"
    for said in (opportunity(by="amara"), opportunity("ghost"), opportunity(by="~")):
        assert told(manager("", item, said), "opportunities") == []


@pytest.mark.parametrize(
    ("steps", "side", "overdue", "unconfirmed"),
    [
        ("{what: w, due: 2026-01-31, done: 2026-01-31, confirmed_by: amara}", "customer", 0, 0),
        ("{what: w, done: 2026-01-31, confirmed_by: amara}", "customer", 0, 0),
        ("{what: w, due: 2026-01-31, done: 2026-02-01, confirmed_by: amara}", None, 0, 0),
        ("{what: w, due: 2026-11-23}", None, 0, 0),
        ("{what: w, due: 2026-11-22}", "middle", 1, 0),
        ("{what: w, due: 2026-11-22, done: 2026-11-24, confirmed_by: amara}", "middle", 1, 0),
        ("{what: w, done: 2026-01-31}", "middle", 0, 1),
        ("{what: w, done: 2026-01-31, confirmed_by: lena}", "middle", 0, 1),
        ("{what: w, done: 2026-01-31, confirmed_by: tom}", "middle", 0, 1),
        ("{what: w, done: 2026-01-31, confirmed_by: amara}, {what: v, due: 2026-01-01}", "middle", 1, 0),
    ],
)  # fmt: skip
def test_steps_to_the_business_team(manager, steps, side, overdue, unconfirmed):
    found = manager(f"steps: [{steps}]")
    assert told(found, "steps") == ([(None, side, False)] if side else [])
    assert (found.facts.steps_overdue, found.facts.steps_unconfirmed) == (overdue, unconfirmed)


HEARD = "represents_seen_by: [{on: 2026-01-01, by: amara, says: %s}]"


@pytest.mark.parametrize(
    ("fields", "observed", "disagrees"),
    [
        (f"represents: customer, {HEARD % 'customer'}, reports_to: tom, appraised_by: tom", "customer", False),
        (f"represents: customer, {HEARD % 'middle'}", "middle", True),
        ("represents: customer, appraised_by: tom", None, False),  # one sign is not enough
        ("represents: customer, appraised_by: tom, measured_by: [V/z]", "supplier", True),
        ("represents: customer, appraised_by: tom, reports_to: tom", None, False),  # two sides, one each
        ("appraised_by: tom, measured_by: [V/z]", "supplier", False),  # nothing declared
        ("represents: supplier, appraised_by: amara, reports_to: amara", "customer", True),
        ("appraised_by: amara, reports_to: amara, measured_by: [V/z], "
         "steps: [{what: w, due: 2020-01-01}]", "customer", False),
    ],
)  # fmt: skip
def test_declared_against_observed(manager, fields, observed, disagrees):
    facts = manager(fields).facts
    assert (facts.speaks_for_observed, facts.disagrees) == (observed, disagrees)
