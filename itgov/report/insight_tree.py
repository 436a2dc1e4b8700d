"""`itgov value --tree`: spend → investment → outcome → result, drawn for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from itgov.insight.valuetypes import ItemNode, OutcomeNode, ResultNode, UnitNode
from itgov.report.insight_words import at, money, number, short
from itgov.report.text import Paint, paint

Node = TypeVar("Node")


def render(tree: Iterable[UnitNode], *, color: bool = False) -> str:
    """Draw the chains of some units; each item says how far its chain reaches, and where it is."""
    paints = paint(color)
    lines: list[str] = []
    for unit in tree:
        amounts = f"{money(unit.budget)} budget, {money(unit.actual)} spent"
        lines += [f"{paints.bold}{short(unit.name)}{paints.off}  {amounts}"]
        lines += [line for item in _under(unit.items) for line in _item(*item, paints)]
        lines.append("")
    return "\n".join(lines)


def _under(nodes: tuple[Node, ...]) -> Iterator[tuple[Node, bool]]:
    for place, node in enumerate(nodes, start=1):
        yield node, place == len(nodes)


def _branch(last: bool) -> tuple[str, str]:
    return ("└─ ", "   ") if last else ("├─ ", "│  ")


def _item(item: ItemNode, last: bool, paints: Paint) -> Iterator[str]:
    branch, below = _branch(last)
    hue = paints.severity["error"] if item.reach == "none" else ""
    if item.reach == "proven":
        hue = paints.good
    off = paints.off if hue else ""
    hidden = f"; withheld: {', '.join(item.withheld)}" if item.withheld else ""
    amounts = f"{money(item.budget)} budget, {money(item.actual)} spent{hidden}"
    yield (
        f"{branch}{short(item.id)} {short(item.title)}  {amounts}  "
        f"{hue}{item.reach}{off}  {paints.dim}{at(item.place)}{paints.off}"
    )
    for outcome, end in _under(item.outcomes):
        for line in _outcome(outcome, end):
            yield below + line


def _outcome(outcome: OutcomeNode, last: bool) -> Iterator[str]:
    branch, below = _branch(last)
    measure = short(outcome.measure) if outcome.measure else "no measure"
    unit = f" {short(outcome.unit, 20)}" if outcome.unit else ""
    way = f"{number(outcome.baseline)} → {number(outcome.target)}{unit}"
    due = f", due {outcome.due}" if outcome.due else ""
    late = " and no result" if outcome.overdue and outcome.reach == "target" else ""
    met = {True: ", met", False: ", not met", None: ""}[outcome.met]
    value = f", worth {money(outcome.value)} a year" if outcome.value else ""
    yield f"{branch}{short(outcome.id)}: {measure}, {way}{due}{late}{value}  {outcome.reach}{met}"
    for result, end in _under(outcome.results):
        yield f"{below}{_branch(end)[0]}{_result(result)}"


def _result(result: ResultNode) -> str:
    value = f", value {money(result.value)}" if result.value is not None else ""
    evidence = short(result.evidence, 80) if result.evidence else "no evidence"
    ahead = " (lies ahead, does not count yet)" if result.ahead else ""
    return f"{result.date}  {number(result.actual)}{value}  {evidence}{ahead}"
