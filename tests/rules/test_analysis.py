"""What an expression reads is told from its syntax tree, whatever its texts and messages say."""

from __future__ import annotations

import pytest

from itgov.rules.analysis import reads_of, reads_of_rule
from itgov.rules.language import Rule


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("people[investment.a].side == 'it' && people[today].left > today", {"side", "left"}),
        ("investment.owner in people && people[people[today].boss].name != ''", {"boss", "name"}),
        ("business_unit.people.size() > 0", set()),
        ("'people trained' == investment.title", set()),
        ("people.exists(p, people[p].side == 'it')", {"side"}),
        ("people[today] == people[today]", None),
        ("[people].all(p, true)", set()),
        ("people[today].side == '''it''' // as people say", {"side"}),
        ("investment.title == r'\\' && people.size() > 1", set()),
        ("investment.a.all(people, people.size() > 1)", set()),
        ("people.ann.side == 'it' || has(people.tom.left)", {"side", "left"}),
        ("[people[today]].filter(p, p.side == 'it').exists(q, q.left == null)", {"side", "left"}),
        ("(investment.a ? people[today] : people['x']).side == 'it'", {"side"}),
    ],
)
def test_which_fields_of_people_are_read(text, fields) -> None:
    assert reads_of(text).fields("people") == fields


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("organisation.spend_total > 1.0", {"spend_total"}),
        ("organisation.all(k, organisation[k] != null)", None),
        ("organisation == null", None),
        ("'name' in organisation", None),
        ("organisation['name'] == 'x'", {"name"}),
        ("organisation.vocabulary.outcome_owner == null", {"vocabulary"}),
    ],
)
def test_which_fields_of_a_record_are_read(text, fields) -> None:
    assert reads_of(text).fields("organisation") == fields


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("people[investment.outcome_owner].side == 'it'", False),
        ("engagement.with.all(p, p in people && people[p].side == 'it')", False),
        ("organisation.waivers.all(w, w.approved_by in people)", False),
        ("people[relationship_managers[investment.sponsor].reports_to].side == 'it'", False),
        ("investment.gates.map(g, g.approved_by).exists(p, p in people)", False),
        ("people[investment.sponsor == null ? 'ann' : investment.sponsor].side == 'it'", False),
        ("people[investment.custom[investment.title]].side == 'it'", False),
        ("people.size() > 3", True),
        ("people.all(p, people[p].side == 'it')", True),
        ("people['f' + investment.title].side == 'it'", True),
        ("people[string(investment.custom.n)].side == 'it'", True),
        ("people == {}", True),
    ],
)
def test_the_whole_map_is_needed_only_where_its_keys_cannot_be_told(text, whole) -> None:
    assert (reads_of(text).whole == {"people"}) is whole


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("investment.outcomes.all(o, o.target > 1)", {"target"}),
        ("investment.outcomes[0].value > 1", {"value"}),
        ("size(investment.outcomes) > 1", set()),
        ("outcome.due > today && investment.outcomes.exists(o, o.id != outcome.id)", {"due", "id"}),
        ("investment.outcomes.filter(o, o.met).map(o, o.value).size() > 0", {"met", "value"}),
        ("investment.outcomes == []", None),
    ],
)
def test_which_fields_of_outcomes_are_read(text, fields) -> None:
    assert reads_of(text).outcome_fields() == fields


def test_prose_in_a_message_reads_nothing() -> None:
    rule = Rule(id="X-001", name="x", for_="investment", assert_="investment.title != ''")
    said = "people, relationship_managers and end_move of {investment.title} {{people}}"
    told = Rule(**{f: getattr(rule, f) for f in rule.__struct_fields__} | {"message": said})
    assert reads_of_rule(told) == reads_of_rule(rule)


def test_git_facts_are_told_by_whose_they_are() -> None:
    assert reads_of("investment.end_move != null").history() == {"end_move"}
    assert reads_of("investment.outcomes.all(o, o.target_jump != 2.0)").history() == {"target_jump"}
    assert reads_of("investment.custom.end_move == 1").history() == set()
    assert reads_of("investment.title == 'end_move'").history() == set()
