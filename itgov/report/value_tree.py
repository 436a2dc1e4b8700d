"""`itgov value --tree` laid out: spend → investment → outcome → result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from itgov.insight.value_types import ItemNode, OutcomeNode, ResultNode, UnitNode
from itgov.model.filtered import Filtered
from itgov.model.reach import IMPROVED, REACH_WORDS, Reach
from itgov.report.approval_words import changed_words
from itgov.report.blocks import Block, Branch, Piece, Strong, Tree
from itgov.report.figures import at, marks_of, money, number, short
from itgov.report.filter_words import filter_note
from itgov.report.value_words import (
    LEFT_OUT_WORDS,
    money_words,
    plan_words,
    unit_cost_words,
)


def value_tree_document(
    units: Iterable[UnitNode], filtered: Filtered | None = None
) -> Iterator[Block]:
    """Lay the chains of some units out; each item says how far its chain reaches, and where it is."""
    yield from filter_note(filtered)
    yield Tree(tuple(map(_unit, units)))


def _unit(unit: UnitNode) -> Branch:
    amounts = f"  {money(unit.budget)} budget, {money(unit.actual)} actual"
    return Branch((Strong(short(unit.name)), amounts), tuple(map(_item, unit.items)))


def _item(item: ItemNode) -> Branch:
    hidden = f"; withheld: {', '.join(item.withheld)}" if item.withheld else ""
    amounts = f"{money(item.budget)} budget, {money(item.actual)} actual{hidden}"
    name = f"{short(item.id)} {short(item.title)}  {amounts}  "
    told = money_words(item.money)
    told += "".join(
        f"; {words}" for words in unit_cost_words(item.unit_costs, item.volumes_without_cost)
    )
    if then := changed_words(item.at_approval):
        told += f"; {then}"
    value = f"  {told.removeprefix('; ')}" if told else ""
    words = (name, _reach(item.reach), f"{value}  ", Strong(at(item.place), "quiet"))
    return Branch(words, tuple(map(_outcome, item.outcomes)))


def _reach(reach: Reach) -> Piece:
    words = f"{reach}: {REACH_WORDS[reach]}"
    if reach == "none":
        return Strong(words, "error")
    return Strong(words, "good") if reach in IMPROVED else words


def _outcome(outcome: OutcomeNode) -> Branch:
    measure = short(outcome.measure) if outcome.measure else "no measure"
    unit = f" {short(outcome.unit, 20)}" if outcome.unit else ""
    way = f"{number(outcome.baseline)} → {number(outcome.target)}{unit}"
    due = f", due {outcome.due}" if outcome.due else ""
    marks = "".join(f", {mark}" for mark in marks_of(outcome))
    said = f"{short(outcome.id)}: {measure}, {way}{due}  "
    words = (said, _reach(outcome.reach), marks, _value(outcome))
    return Branch(words, tuple(map(_result, outcome.results)))


def _value(outcome: OutcomeNode) -> str:
    """Return an outcome's plan, and what came of it."""
    if not outcome.value and not outcome.money.realised_to_date:
        return ""
    return f"  {plan_words(outcome)}{money_words(outcome.money)}"


def _result(result: ResultNode) -> Branch:
    value = f", value {money(result.value)}" if result.value is not None else ""
    if result.left_out is not None:
        value += f" (not counted: {LEFT_OUT_WORDS[result.left_out]})"
    elif result.value_from is not None:
        value += f" from {result.value_from}{', confirmed' if result.confirmed else ''}"
    evidence = short(result.evidence, 80) if result.evidence else "no evidence"
    if result.evidence and not result.counts:
        evidence = f"{evidence} (no evidence: neither a web link nor a file of the repository)"
    ahead = " (future date, not counted)" if result.ahead else ""
    return Branch(f"{result.date}  {number(result.actual)}{value}  {evidence}{ahead}")
