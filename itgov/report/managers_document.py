"""`itgov managers`: laid out: the scorecards, which every format writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from itgov.insight.manager_types import CardSign, ManagersReport, Scorecard
from itgov.insight.tenure_types import TenureCard, TenureReport
from itgov.model.fields import choice_words
from itgov.model.finding import Finding, Place
from itgov.report.blocks import (
    Block,
    Card,
    Code,
    Column,
    Fact,
    Facts,
    Heading,
    Legend,
    Lines,
    Listing,
    Para,
    People,
    Person,
    Table,
    Title,
    Words,
)
from itgov.report.figures import UNKNOWN, money, per_one, percent, short
from itgov.report.manager_words import (
    IN_TEAM,
    appraisal_words,
    appraised_words,
    expectation_words,
    load_facts,
    position_words,
    post_facts,
    serves_words,
    sign_words,
    signs_count,
    uncovered_words,
)
from itgov.report.tenure_words import (
    experience_of,
    item_lines,
    opportunity_lines,
    tenure_facts,
    uncredited_words,
)
from itgov.report.value_document import amounts_in
from itgov.report.value_words import value_words
from itgov.report.words import some_of

_NAME = "relationship manager"
_STANDING = [
    Column(_NAME, "words", 60), Column("serves", broken=36), Column("represents"),
    Column("position"), Column(IN_TEAM), Column("reports to", "words", 60),
]  # fmt: skip
_FIGURES = [
    Column(_NAME, "words", 60),
    *(Column(t, "number") for t in ("items", "spend", "dedication", "appraised", "per 1 spent", "signs")),
]  # fmt: skip
_SPARE_STANDING, _SPARE_FIGURES = ((5,), (2,), (4,)), ((5,), (3,), (4,), (1,))
"""The columns that a narrow terminal does without, the least needed first."""


_NOTES = (
    "Items and spend are active ones; spend is the budget, where a year has none its forecast, else "
    "its actual. Per 1 spent is what came of the value due by now, for each 1 spent on what promises "
    "money, of all items served. Signs: those that speak for the customer, of all.",
    (Code("itgov managers PERSON"), " shows the whole scorecard."),
)


def managers_document(
    report: ManagersReport,
    managers: Sequence[Scorecard],
    tenure: TenureReport | None = None,
    others: Sequence[TenureCard] = (),
) -> Iterator[Block]:
    """Lay some scorecards out: a table, or with `tenure` each card, and those of others."""
    amounts = amounts_in(report.currency)
    yield Title("relationship managers", report.organisation, report.as_of, amounts)
    if not managers and not others:
        yield Para(("No one is listed under ", Code("relationship_managers"), "."))
    elif tenure is not None:
        for m in managers:
            yield from _card(report, m, tenure)
        for other in others:
            yield from _other(other, tenure)
        shown = [*filter(None, (tenure.cards.get(m.person) for m in managers)), *others]
        if said := [*tenure.notes, *uncredited_words(tenure.uncredited, shown)]:
            yield Lines(said)
    else:
        yield Table(_STANDING, [_standing(report, m) for m in managers], _SPARE_STANDING)
        yield Table(_FIGURES, [_figures(m) for m in managers], _SPARE_FIGURES)
        if concerns := [_concerns(m) for m in managers if m.against or m.standing.breaks]:
            yield People(concerns)
        yield Legend(_NOTES)
    if left_over := _left_over(report):
        yield Lines(left_over)


def _standing(report: ManagersReport, m: Scorecard) -> list[str]:
    standing = m.standing
    boss = standing.reports_to_name or UNKNOWN
    side = f" ({choice_words(standing.reports_to_side)})" if standing.reports_to_side else ""
    return [
        _name(m),
        serves_words(m, report.unit_name),
        standing.represents or UNKNOWN,
        position_words(standing),
        expectation_words(standing),
        f"{boss}{side}",
    ]


def _figures(m: Scorecard) -> list[str]:
    return [
        _name(m),
        f"{m.load.items:,}",
        money(m.load.spend),
        percent(m.load.dedication),
        appraised_words(m.appraised_by),
        per_one(m.value.per_spend),
        signs_count(m),
    ]


def _name(m: Scorecard) -> str:
    return f"{m.name} (left)" if m.left else m.name


def _concerns(m: Scorecard) -> Person:
    signs = _signs(m.against, "sign: ")
    broken: list[Words] = [
        (f"position: {short(f.message, 120)} ({f.rule})  ", f.place) for f in _broken(m)
    ]
    return Person(m.name, m.place, [*signs, *broken])


def _signs(signs: Sequence[CardSign], label: str = "") -> list[Words]:
    return [(f"{label}{sign_words(s)}  ", s.place) for s in signs]


def _broken(m: Scorecard) -> list[Finding]:
    late = set(m.standing.breaks)
    return [f for f in m.findings if f.rule in late and not f.waived]


def _left_over(report: ManagersReport) -> list[str]:
    lines = []
    if report.unlisted:
        names = some_of([short(n, 40) for n in report.unlisted], 10)
        lines.append(f"Named as relationship manager, but not listed as one: {names}")
    if report.uncovered:
        lines.append(uncovered_words(report))
    return lines


# -- one card ------------------------------------------------------------------------------


def _card(report: ManagersReport, m: Scorecard, tenure: TenureReport) -> Iterator[Block]:
    title = f", {short(m.title)}" if m.title else ""
    agreed = " (not the agreed title)" if m.title_agreed is False else ""
    gone = "; left" if m.left else ""
    facts = [*load_facts(m), *post_facts(m, lambda u: short(report.unit_name(u), 40))]
    facts += [Fact("value", words) for words in value_words(m.value)]
    facts += [Fact("sign", words) for words in _signs(m.signs)]
    yield Card(Person(m.name, m.place, beside=f"{title}{agreed}{gone}"), Facts(facts))
    appraised = [appraisal_words(a) for a in m.appraised_by]
    yield Listing("Appraised by", lines=appraised or ["no outcome"])
    card = tenure.cards.get(m.person)
    if card is not None:
        yield from _tenure(card, tenure)
    if m.findings:
        yield Listing("Findings", m.findings, whole=True)


def _tenure(card: TenureCard, tenure: TenureReport) -> Iterator[Block]:
    yield Heading("Time in the post", everywhere=True)
    yield Facts(list(tenure_facts(card)))
    if card.items:
        yield Listing("Items in tenure", lines=list(item_lines(card.items)))
    if card.opportunities:
        yield Listing(
            "Opportunities", lines=list(opportunity_lines(card.opportunities, tenure.name))
        )


def _other(card: TenureCard, tenure: TenureReport) -> Iterator[Block]:
    """Lay out somebody who is not listed as a relationship manager."""
    gone = "; left" if card.left else ""
    place = card.place or Place("portfolios/organisation.yaml")
    person = Person(card.name, place, beside=f", not listed as relationship manager{gone}")
    yield Card(person, Facts([Fact("experience", experience_of(card.experience))]))
    yield from _tenure(card, tenure)
