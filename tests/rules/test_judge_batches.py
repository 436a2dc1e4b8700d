"""Judging in batches gives, subject for subject, what asking each rule by itself gives."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from itgov.rules import batch, surroundings

from ..support.examples import many

CONDITIONS = {
    "investment": [
        "investment.end < today",
        "investment.end != null && investment.end < today",
        "investment.spend_total * 1.5 > 30",
        "investment.outcomes.exists(o, o.target > 3)",
        "people[investment.outcome_owner].side == 'business'",
        "investment.outcome_owner in people",
        "investment.custom.a == 1",
        "'a' in investment.custom && investment.custom.a > 1",
        "investment.custom.a",
        "investment.spend.all(s, s.budget * 1.5 > 100)",
        "investment.title.matches('[AB]')",
        "business_unit.head == investment.sponsor",
        "relationship_managers[investment.relationship_manager].represents == 'customer'",
        "people[relationship_managers[investment.relationship_manager].reports_to].side == 'it'",
        "relationship_managers[relationship_managers[investment.relationship_manager].reports_to].represents == 'customer'",
        "investment.relationship_manager in relationship_managers && relationship_managers[investment.relationship_manager].reports_to in relationship_managers",
        "people[business_unit.head].name == 'Ann'",
        "investment.spend_total / investment.outcomes.size() > 1",
        "business_unit.relationship_managers.exists(m, people[m].side == 'it')",
        "people['zed'].side == 'it'",
        "people.exists(p, people[p].side == 'it')",
        "business_unit.id in people.filter(p, people[p].business_unit != null).map(p, people[p].business_unit)",
        "organisation.business_units.all(u, u in people.filter(p, people[p].business_unit != null).map(p, people[p].business_unit))",
        "people[people[investment.outcome_owner].business_unit + '.head'].side == 'it'",
        "people[investment.objective].side == 'it'",
        "people[investment.outcomes[0].statement].side == 'it'",
        "investment.business_changes.all(c, c in people)",
        "people[string(investment.custom.number)].side == 'it'",
        "people[investment.custom.who].side == 'it'",
        "people[['an', 'to'][0] + 'n'].side == 'business'",
        "people.size() > 3 && relationship_managers.size() < 3",
        "investment.stage == 'live' ? investment.end > today : true",
    ],
    "outcome": [
        "outcome.target > 3",
        "outcome.met",
        "outcome.statement in people",
        "outcome.results.all(r, r.actual > 1)",
        "investment.end < outcome.due",
        "people[investment.outcome_owner].name == 'Ann'",
        "investment.outcomes.exists(o, o.id != outcome.id && o.target == outcome.target)",
    ],
    "business_unit": ["business_unit.satisfaction > 3", "people[business_unit.head].side == 'it'", "business_unit.spend_total > 100"],
    "engagement": ["engagement.satisfaction.score > 3", "people[engagement.by].side == 'it'", "engagement.actions.all(a, people[a.owner].side == 'it')"],
    "person": ["person.email.matches('@')", "person.left < today", "person.business_unit in organisation.business_units"],
    "relationship_manager": ["people[relationship_manager.person].side == 'it'", "relationship_manager.dedication > 0.5"],
    "organisation": ["organisation.run_share > 0.5", "people.all(p, people[p].side == 'it')"],
}  # fmt: skip
MESSAGES = {
    "investment": ["fixed", "{{x}} {investment.id}", "{investment.spend} {investment.start}", "{people[investment.outcome_owner].name}", "{investment.custom.a}", "{today} {1 + 0.5}", "{investment.sponsor}", "{string(1.5)} {investment.sponsor} {investment.stage}"],
    "outcome": ["{outcome.id} {investment.title}", "{outcome.results} {outcome.due}", "{people[outcome.statement].name}"],
}  # fmt: skip
FORMS = {
    "investment": [
        {"named": {"field": "outcome_owner"}},
        {"named": {"field": "sponsor", "side": "business"}},
        {"require": ["end", "spend"]},
        {"require": ["custom.a"]},
        {"require": ["spend_total"]},
    ],
    "outcome": [{"require": ["baseline", "target"]}, {"require": ["results"]}],
}


def write_random(root: Path, seed: int) -> None:
    """Write a repository in which much is missing, and rules that mind."""
    r = random.Random(seed)  # one seed makes one repository: easy to come back to

    def some(**choices):
        return {k: r.choice(v) for k, v in choices.items() if r.random() < 0.6}

    rules = []
    for kind, conditions in CONDITIONS.items():
        for condition in r.sample(conditions, min(r.choice([1, 1, 2, 9]), len(conditions))):
            rule = {"id": f"X-{len(rules):03d}", "name": f"x{len(rules)}", "for": kind}
            rule |= (
                r.choice(FORMS[kind])
                if kind in FORMS and r.random() < 0.25
                else {"assert": condition}
            )
            if r.random() < 0.3:
                rule["when"] = r.choice(conditions)
            if kind in MESSAGES and r.random() < 0.6:
                rule["message"] = r.choice(MESSAGES[kind])
            rules.append(rule)
    names = ["ann", "tom", "bob", "zed", "u.head", "7"]
    anybody = [*names, "TBD", "ghost"]
    files = {
        "rules/r.yaml": {"rules": rules},
        "portfolios/organisation.yaml": {
            "organisation": {"id": "o", "name": "O"},
            "people": [
                {"id": n, "name": n.title(), **some(side=["business", "it"], business_unit=["u", "v"], left=["2026-01-01"])}
                for n in names if r.random() < 0.85
            ],
            "relationship_managers": [
                {"person": n, "serves": ["u"], **some(reports_to=names, represents=["customer", "middle"])}
                for n in names if r.random() < 0.4
            ],
        },
    }  # fmt: skip
    for unit in ("u", "v"):
        investments = [
            {
                "id": f"{unit}-{i}",
                "title": r.choice(["Alpha", "b", "C{x}"]),
                **some(
                    outcome_owner=anybody, relationship_manager=anybody, sponsor=anybody, objective=names,
                    business_changes=[["ann"], ["zed", "x"]], stage=["live", "retired"], start=["2025-01-01"],
                    end=["2026-01-01", "2027-01-01"], withheld=[{"end": "s"}, {"spend": "s"}],
                    custom=[{"a": 1}, {"a": 2.5}, {"a": True}, {"number": 7, "who": "zed"}],
                    spend=[[{"year": 2025, "budget": 10}], [{"year": 2025}, {"year": 2026, "budget": 1.5}]],
                ),
                "outcomes": [
                    {"id": f"o{n}", **some(target=[1, 5.5], baseline=[2], due=["2026-10-01"], statement=[*names, "s"], results=[[{"date": "2026-03-01"}], [{"date": "2026-03-01", "actual": 3}]])}
                    for n in range(r.choices([0, 1, 2, 60], [50, 25, 25, 1])[0])
                ],
            }
            for i in range(r.choice([0, 1, 3, 47, 48, 49, 100]))
        ]  # fmt: skip
        engagements = [
            {"date": f"2026-0{i + 1}-01", **some(by=anybody, satisfaction=[{"score": 4}], actions=[[{"what": "w", "owner": "ann"}], [{"what": "w"}]])}
            for i in range(r.randint(0, 3))
        ]  # fmt: skip
        files[f"portfolios/{unit}.yaml"] = {
            "business_unit": {"id": unit, **some(head=anybody)},
            "investments": investments,
            "engagements": engagements,
        }
    for path, content in files.items():
        full = root / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


@settings(max_examples=many(60))
@given(
    seed=st.integers(0, 2**32),
    given_to_all=st.sampled_from([0, surroundings.MANY]),
    often=st.sampled_from([1, batch.OFTEN]),
)
def test_batches_agree_with_one_by_one(tmp_path_factory, differences, seed, given_to_all, often):
    root = tmp_path_factory.mktemp("batches")
    write_random(root, seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(surroundings, "MANY", given_to_all)
        patch.setattr(batch, "OFTEN", often)
        found, compared = differences(root)
    assert compared > 0
    assert found == []


ORGANISATION = """\
organisation: {id: o, name: O}
people:
  - {id: ann, name: Ann, side: business}
  - {id: tom, name: Tom, side: it}
  - {id: far, name: Far, side: it, business_unit: u}
  - {id: '7', name: Seven, side: it}
relationship_managers:
  - {person: tom, reports_to: eve}
  - {person: eve, represents: customer, reports_to: ann}
"""
UNIT = """\
business_unit: {id: u}
investments:
  - id: A-1
    title: T
    summary: far
    outcome_owner: ann
    relationship_manager: tom
    objective: far
    business_changes: [far]
    withheld: {x: far}
    custom: {n: 7}
    outcomes: [{id: o, statement: far}]
"""


@pytest.mark.parametrize(
    "condition",
    [
        # whoever a rule can reach must be there, by whatever way it gets the name
        "business_unit.id in people.filter(p, people[p].business_unit != null).map(p, people[p].business_unit)",
        "relationship_managers[relationship_managers[investment.relationship_manager].reports_to].represents == 'customer'",
        "people[relationship_managers[relationship_managers[investment.relationship_manager].reports_to].reports_to].side == 'business'",
        "relationship_managers[investment.relationship_manager].reports_to in relationship_managers",
        "people[string(investment.custom.n)].name == 'Seven'",
        "investment.summary in people && people[investment.summary].side == 'it'",
        "people[investment.objective].side == 'it'",
        "people[investment.withheld.x].side == 'it'",
        "people[investment.outcomes[0].statement].side == 'it'",
        "investment.business_changes.all(c, c in people)",
        "people['f' + 'ar'].side == 'it'",
        "people[['f', 'a'][0] + 'ar'].side == 'it'",
        "people['\\x66ar'].side == 'it'",
        "people.size() == 4 && size(people) == 4 && dyn(people).size() == 4",
        "'far' in people",
    ],
)
def test_everybody_a_rule_can_name_is_there(repo, rule, rules, differences, condition):
    there = repo(rules(rule(condition)), unit=UNIT, organisation=ORGANISATION)
    assert [f["message"] for f in there.judge("--select", "X-001")] == []
    assert differences(there.root)[0] == []
