"""A relationship manager's page."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from itgov.insight.board_types import BoardReport
from itgov.insight.manager_types import Appraisal, CardSign, Scorecard
from itgov.report.blocks import (
    Column,
    Facts,
    Figures,
    Heading,
    Lines,
    PageBlock,
    Para,
    Piece,
    Ref,
    Strong,
    Table,
    begun,
)
from itgov.report.board.findings import findings_table
from itgov.report.board.reach import reach_table
from itgov.report.figures import UNKNOWN, day, per_one, percent
from itgov.report.manager_words import load_facts, post_facts, sign_words, status_words
from itgov.report.pages import Page
from itgov.report.value_words import realised_words, value_words


def manager_page(card: Scorecard, report: BoardReport) -> Page:
    """Return a relationship manager's page."""
    return Page(
        kind="manager",
        id=card.person,
        title=card.name,
        kicker="Appendix: relationship manager",
        blocks=tuple(_blocks(card, report)),
    )


def _blocks(card: Scorecard, report: BoardReport) -> Iterator[PageBlock]:
    value = card.value
    title = card.title or "No title recorded"
    agreed = ", which is not the agreed title" if card.title_agreed is False else ""
    gone = "; left" if card.left else ""
    yield Para(f"{title}{agreed}{gone}.", tone="lead")
    load = ((begun(fact.label), str(fact.words)) for fact in load_facts(card))
    yield Figures((*load, ("Value per 1 spent", per_one(value.per_spend))))
    yield Facts(tuple(post_facts(card, _unit_named(report))))
    yield Heading("Signs of whom they speak for")
    if card.signs:
        yield Lines(tuple(_sign(s) for s in card.signs))
    else:
        yield Para("None recorded.")
    yield Heading("Appraised by")
    if card.appraised_by:
        yield Table(
            [
                Column("Outcome"),
                Column("Measure", "wide"),
                Column("Status", "short"),
                Column("Progress", "number"),
                Column("Due", "short"),
                Column("Realised / planned", "number"),
            ],
            [_appraisal(a) for a in card.appraised_by],
            caption="Outcomes that this person is appraised by, and their status.",
        )
    else:
        yield Para("No outcome.")
    yield Heading("Line of sight of the items served")
    unit = f", in {report.currency}" if report.currency else ""
    caption = (
        f"Budget and recorded actual of all items served, active or not, by line of sight{unit}."
    )
    picture = f"Line of sight of the items that {card.name} serves"
    yield reach_table(card.budget, card.budget_whole, card.actual, caption, picture)
    yield Lines(tuple(value_words(value)))
    yield Heading("Findings")
    yield findings_table(card.findings, f"Findings on {card.name} in this post")


def _unit_named(report: BoardReport) -> Callable[[str], Piece]:
    shown = {u.health.id for u in report.units}

    def name(unit: str) -> Piece:
        told = report.unit_name(unit)
        return Ref("detail", unit, told) if unit in shown else told

    return name


def _sign(sign: CardSign) -> Piece:
    sentence = begun(sign_words(sign))
    return sentence if sign.side == "customer" else Strong(sentence)


def _appraisal(a: Appraisal) -> tuple[Piece, ...]:
    if not a.known:
        return (a.outcome, "unknown outcome", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)
    elsewhere = "" if a.served else " (of a unit not served)"
    return (
        a.outcome,
        f"{a.measure or UNKNOWN}{elsewhere}",
        status_words(a),
        percent(a.progress),
        day(a.due),
        realised_words(a.realised, a.planned_to_date) if a.planned else UNKNOWN,
    )
