"""A relationship manager's page."""

from __future__ import annotations

from collections.abc import Iterator

from itgov.insight.board_types import BoardReport
from itgov.insight.manager_types import Appraisal, Conflict, Scorecard
from itgov.report.blocks import (
    Column,
    Figures,
    Heading,
    Lines,
    Page,
    PageBlock,
    Para,
    Piece,
    Ref,
    Strong,
    Table,
)
from itgov.report.board.findings import findings_table
from itgov.report.board.reach import reach_table
from itgov.report.figures import UNKNOWN, marks_of, met_words, money, per_one, per_post, percent
from itgov.report.manager_words import conflict_words, facts_of
from itgov.report.value_document import value_words
from itgov.report.words import plural


def manager_page(card: Scorecard, report: BoardReport) -> Page:
    """Return a relationship manager's page."""
    return Page(
        kind="manager",
        id=card.person,
        title=card.name,
        kicker="Relationship manager",
        blocks=tuple(_blocks(card, report)),
    )


def _blocks(card: Scorecard, report: BoardReport) -> Iterator[PageBlock]:
    load, benefits = card.load, card.benefits
    title = card.title or "No title recorded"
    agreed = ", which is not the agreed title" if card.title_agreed is False else ""
    gone = "; left" if card.left else ""
    yield Para(f"{title}{agreed}{gone}.", tone="lead")
    yield Figures(
        (
            ("Active items", f"{load.items:,}"),
            ("Spend of these", money(load.spend)),
            ("Dedication", percent(load.dedication)),
            (
                "Items per full-time post",
                per_post(load.per_full_time),
            ),
            ("Value per 1 spent", per_one(benefits.per_spend)),
        )
    )
    yield Lines(tuple(_facts(card, report)))
    yield Heading("Conflicts of loyalty")
    if card.conflicts:
        yield Lines(tuple(Strong(_sentence(c)) for c in card.conflicts))
    else:
        yield Para("None.")
    yield Heading("Appraised by")
    if card.appraised_by:
        yield Table(
            [
                Column("Outcome"),
                Column("Measure", "wide"),
                Column("Stands", "short"),
                Column("Progress", "number"),
                Column("Due", "short"),
                Column("Realised / planned", "number"),
            ],
            [_appraisal(a) for a in card.appraised_by],
            caption="Outcomes that this person is appraised by, and their status.",
        )
    else:
        yield Para("No outcome.")
    yield Heading("Line of sight of the spend served")
    unit = f", in {report.currency}" if report.currency else ""
    caption = f"Budget and spend of all items served, active or not, by reach{unit}."
    picture = f"Line of sight of the spend that {card.name} serves"
    yield reach_table(card.budget, card.budget_whole, card.actual, caption, picture)
    yield Lines(tuple(value_words(benefits)))
    yield Heading("Findings")
    yield findings_table(card.findings, f"Findings on {card.name} in this post")


def _facts(card: Scorecard, report: BoardReport) -> Iterator[tuple[Piece, ...]]:
    load = card.load
    shown = {u.health.id for u in report.units}
    served: list[Piece] = []
    for unit in load.units:
        name = report.unit_name(unit)
        served += [
            ", " if served else "Serves: ",
            Ref("unit", unit, name) if unit in shown else name,
        ]
    yield tuple(served) or ("Serves: nobody",)
    if load.inherited:
        yield (f"{plural(load.inherited, 'item')} of these inherited from the unit",)
    for label, words in facts_of(card):
        yield (f"{label.capitalize()}: {words}",)


def _sentence(conflict: Conflict) -> str:
    words = conflict_words(conflict.words, conflict.items)
    return words[:1].upper() + words[1:]


def _appraisal(a: Appraisal) -> tuple[Piece, ...]:
    if not a.known:
        return (a.outcome, "unknown outcome", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)
    stands = met_words(a.met)
    elsewhere = "" if a.served else " (of a unit not served)"
    return (
        a.outcome,
        f"{a.measure or UNKNOWN}{elsewhere}",
        f"{stands}{''.join(f', {mark}' for mark in marks_of(a))}",
        percent(a.progress),
        str(a.due) if a.due else UNKNOWN,
        f"{money(a.realised)} of {money(a.planned)} a year" if a.planned else UNKNOWN,
    )
