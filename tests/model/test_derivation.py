"""Every derived fact says in words what it holds, and in its type what it is made of."""

import pytest

from itgov.model import facts, history_facts, people_facts, unit_facts
from itgov.model.fact_base import Facts
from itgov.model.fields import described

KINDS = [
    facts.OutcomeFacts,
    facts.InvestmentFacts,
    unit_facts.BusinessUnitFacts,
    unit_facts.OrganisationFacts,
    people_facts.EngagementFacts,
    people_facts.PersonFacts,
    people_facts.RelationshipManagerFacts,
    history_facts.OutcomeHistory,
    history_facts.InvestmentHistory,
    history_facts.BusinessUnitHistory,
    history_facts.EngagementHistory,
    history_facts.RelationshipManagerHistory,
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_fact_says_what_it_is_made_of(kind: type[Facts]) -> None:
    for name, said in described(kind).items():
        assert said.words.endswith("."), name
        assert said.derivation is not None, (
            f"{kind.__name__}.{name} does not say what it is made of"
        )
