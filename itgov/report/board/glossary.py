"""The words that a board meets in a pack, each in a sentence."""

from __future__ import annotations

from itgov.model.reach import GROUP_OF, REACH_GROUPS, REACH_WORDS
from itgov.report.blocks import Fact, Facts
from itgov.report.pages import Page

WORDS = (
    ("business unit", "a part of the business that IT serves"),
    ("investment", "money spent to change something; it ends"),
    ("service", "money spent to keep something running; it recurs"),
    ("outcome", "a measurable business result that an investment or service is for"),
    ("outcome owner", "the person in the business who answers for the outcome"),
    ("relationship manager", "the go-between of a business unit and IT, whatever the post is called"),
    ("delivery lead", "the person of the supplying side who delivers an investment"),
    ("engagement", "one dated contact of the relationship manager with the unit"),
    ("engagement health", "a score from 0 to 100 of how well a unit's IT is governed; it follows from "
     "records, and where too few of them could be judged there is none"),
    ("capped", "the score is held down, because of a failure that no average may hide"),
    ("line of sight", "the chain from spend to an outcome, its measure, a result with evidence, and the "
     "target"),
    ("promised, planned", "the money that an outcome says it will bring, up to a day or in a year"),
    ("realised", "the money that results say has come"),
    ("confirmed", "realised money that somebody of the business vouches for who is neither outcome owner "
     "nor relationship manager"),
    ("not measured", "planned for days up to now that no result covers yet"),
    ("holding", "how much of the plan was realised over the last twelve measured months"),
    ("fading", "planned money to come of outcomes that fell back from their target, or that brought less "
     "than eight tenths of their plan"),
    ("expected", "what owners forecast; without a forecast, the plan as far as it held"),
    ("assumed", "expected money that rests on no forecast"),
    ("at approval", "the plan as it was when the investment was approved"),
    ("exception", "a dated and approved leave to break one rule; after its last day it is over"),
    ("scenario", "a set of changes that is being weighed and not decided"),
)  # fmt: skip
"""Terms as pages write them, and what they mean."""


def glossary_page() -> Page:
    """Return the page of words."""
    groups = [
        Fact(group.title, "; ".join(REACH_WORDS[reach].lower() for reach in group.reaches))
        for group in REACH_GROUPS
        if len(group.reaches) > 1
        or GROUP_OF[group.reaches[0]].title != REACH_WORDS[group.reaches[0]]
    ]
    facts = [*(Fact(term, meaning) for term, meaning in WORDS), *groups]
    return Page(
        kind="glossary",
        id="words",
        title="Words used",
        kicker="What the pages before mean by them",
        blocks=(Facts(facts),),
    )
