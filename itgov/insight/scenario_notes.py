"""What is not known of what would follow from a scenario, and what is assumed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from itgov.insight.scenario_changes import Calendar
from itgov.model.portfolio import InvestmentEntry
from itgov.model.scenario import Change
from itgov.model.types import Investment

_MOVES_VALUE = {"stop": "lost", "delay": "lost and gained", "approve": "gained"}
NOT_KNOWN_OF_DELAY = "What a team costs that works for longer is not known, and in no figure"


def notes_on(
    changes: Sequence[Change], items: Mapping[str, InvestmentEntry], when: Calendar
) -> Iterator[str]:
    """Yield what is not known of what would follow, and what is assumed, a sentence each."""
    if any(c.kind == "delay" for c in changes):
        yield NOT_KNOWN_OF_DELAY
    later = [c for c in changes if c.kind == "stop" and c.on is not None and c.on > when.today]
    if later:
        named = ", ".join(f"{c.investment} on {c.on}" for c in later)
        yield (
            "Health, findings, load and what is left are those as if what is stopped later were "
            f"stopped today: {named}"
        )
    for change in changes:
        yield from _notes_on(change, items[change.investment], when)


def _notes_on(change: Change, entry: InvestmentEntry, when: Calendar) -> Iterator[str]:
    record = entry.record
    if change.kind == "spend" and (spent := _spent(record, change.year)) > (change.budget or 0):
        yield f"The budget of {change.year} for {record.id} is below what is spent already ({spent:,.0f})"
    if change.kind in ("stop", "delay", "approve") and "spend" in record.withheld:
        yield f"{record.id} withholds its spend: what this would free or add is not known"
    if change.kind == "stop":
        if change.on is not None and change.on <= when.today:
            yield f"{record.id} would be stopped on {change.on}, which is not after {when.today}"
        if record.stage == "proposed":
            yield f"{record.id} is only proposed: it commits no money and promises no value yet"
        elif not any(o.money.promises for o in entry.outcomes):
            yield f"{record.id} promises no money: what would be lost with it is not known"
    if change.kind not in _MOVES_VALUE:
        return
    for outcome in entry.outcomes:
        others = [c.outcome for c in outcome.record.also_claimed_by]
        others += outcome.facts.same_claim_as
        if others:
            named = ", ".join(dict.fromkeys(others))
            yield (
                f"{record.id}/{outcome.record.id} is also claimed by {named}: less may be "
                f"{_MOVES_VALUE[change.kind]}"
            )


def _spent(record: Investment, year: int | None) -> float:
    return sum(row.actual or 0 for row in record.spend if row.year == year)
