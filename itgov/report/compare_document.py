"""`itgov managers --compare`: laid out: two people side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from itgov.insight.manager_types import ManagersReport, Scorecard
from itgov.insight.tenure_types import TenureCard, TenureReport
from itgov.model.fields import choice_words
from itgov.report.blocks import Block, Column, Lines, Table, Title, text_of
from itgov.report.figures import UNKNOWN, short
from itgov.report.manager_words import (
    appraised_words,
    load_facts,
    post_facts,
    signs_count,
)
from itgov.report.tenure_words import (
    experience_of,
    tenure_facts,
    uncredited_words,
)
from itgov.report.value_document import amounts_in

_MOST_POSTS = 10
"""How many units a person is compared by."""
_WIDE = 44
"""Columns of a terminal for each person."""


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
    people = [*filter(None, (tenure.cards.get(m.person) for m in cards)), *others]
    names = [*(m.name for m in cards), *(card.name for card in others)]
    columns = [Column("", "words", 30), *(Column(name, "words", broken=_WIDE) for name in names)]
    labels = dict.fromkeys(label for side in sides for label in side)
    yield Table(columns, [[label, *(s.get(label, UNKNOWN) for s in sides)] for label in labels])
    if said := [*tenure.notes, *uncredited_words(tenure.uncredited, people)]:
        yield Lines(said)


def _rows(
    report: ManagersReport, m: Scorecard | None, tenure: TenureCard | None
) -> Iterator[tuple[str, str]]:
    yield "listed as relationship manager", "yes" if m is not None else "no"
    if m is not None:
        for fact in (*load_facts(m), *post_facts(m, lambda u: short(report.unit_name(u), 40))):
            yield fact.label, text_of(fact.words)
        yield "appraised by", appraised_words(m.appraised_by)
        yield "signs for the customer", signs_count(m)
    if tenure is None:
        return
    yield "side", choice_words(tenure.side) if tenure.side else "not recorded"
    yield "left", "yes" if tenure.left else "no"
    if m is None:
        yield "experience", experience_of(tenure.experience)
    for fact in tenure_facts(tenure, _MOST_POSTS):
        yield fact.label, text_of(fact.words)
