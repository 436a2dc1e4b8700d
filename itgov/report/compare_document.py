"""`itgov managers --compare`: laid out: two people side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from itgov.insight.manager_types import ManagersReport, Scorecard
from itgov.insight.tenure_types import TenureCard, TenureReport
from itgov.model.fields import choice_words
from itgov.model.text import plural
from itgov.report.blocks import Block, Column, Lines, Table, Title, text_of
from itgov.report.figures import UNKNOWN, short
from itgov.report.manager_words import (
    appraised_words,
    load_facts,
    post_facts,
    served_words,
    signs_count,
)
from itgov.report.tenure_words import (
    amounts_words,
    came_words,
    days_words,
    experience_of,
    level_words,
    uncredited_words,
)
from itgov.report.value_document import amounts_in

_MOST_POSTS = 10
"""How many units a person is compared by."""


def compare_document(
    report: ManagersReport,
    cards: Sequence[Scorecard],
    tenure: TenureReport,
    others: Sequence[TenureCard],
) -> Iterator[Block]:
    """Lay people out side by side, those with a scorecard first: a row for each thing known of any."""
    amounts = amounts_in(report.currency)
    yield Title("relationship managers", report.organisation, report.as_of, amounts)
    sides = [dict(_rows(report, m, tenure.card(m.person))) for m in cards]
    sides += [dict(_rows(report, None, card)) for card in others]
    names = [*(m.name for m in cards), *(card.name for card in others)]
    columns = [Column("", "words", 30), *(Column(name, "words") for name in names)]
    labels = dict.fromkeys(label for side in sides for label in side)
    yield Table(columns, [[label, *(s.get(label, UNKNOWN) for s in sides)] for label in labels])
    if said := [*tenure.notes, *uncredited_words(tenure.uncredited)]:
        yield Lines(said)


def _rows(
    report: ManagersReport, m: Scorecard | None, tenure: TenureCard | None
) -> Iterator[tuple[str, str]]:
    yield "listed as relationship manager", "yes" if m is not None else "no"
    if m is not None:
        serves = served_words([report.unit_name(u) for u in m.load.units])
        for fact in (*load_facts(m), *post_facts(m, serves)):
            yield fact.label, text_of(fact.words)
        yield "appraised by", appraised_words(m.appraised_by)
        yield "signs for the customer", signs_count(m)
    if tenure is None:
        return
    yield "side", choice_words(tenure.side) if tenure.side else "not recorded"
    yield "here", "left" if tenure.left else "yes"
    yield "experience", experience_of(tenure.experience)
    yield "value in tenure", amounts_words(tenure.amounts) if tenure.items else "never in the post"
    if tenure.items:
        yield "of it assumed", amounts_words(tenure.assumed) if tenure.assumed else "nothing"
        yield "inherited", amounts_words(tenure.inherited)
    if tenure.owned:
        yield "as outcome owner", amounts_words(tenure.as_owner)
    for post in tenure.posts[:_MOST_POSTS]:
        unit = short(post.name, 30)
        yield f"{unit}, days", days_words(post.from_, post.to)
        yield f"{unit}, in between", came_words(post.came)
        yield f"{unit}, then", level_words(post.inherited) if post.inherited else UNKNOWN
        yield f"{unit}, at the end", level_words(post.now)
    if len(tenure.posts) > _MOST_POSTS:
        yield "more units", plural(len(tenure.posts) - _MOST_POSTS, "unit")
