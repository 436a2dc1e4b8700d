"""An outcome in full, on the page of its item and in Value: its line of sight and its results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from itgov.insight.value_types import OutcomeNode, ResultNode
from itgov.model.claims import Claim
from itgov.model.portfolio import OutcomeEntry
from itgov.model.reach import REACH_WORDS, Reach
from itgov.report.figures import marks_of, number, percent
from itgov.report.value_words import claim_words, money_parts, plan_words
from itgov.tui.views.formatting import bar
from itgov.tui.widgets.styled_text import Cell, Line, Role, Span

REACH_ROLES: dict[Reach, Role] = {
    "none": "error", "outcome": "warning", "measure": "warning", "target": "", "result": "",
    "evidence": "", "moved": "ok", "met": "ok",
}  # fmt: skip


def chain(reach: Reach, marks: Sequence[str] = ()) -> Cell:
    """Return how far a chain reaches in a word, with a sign of its marks before it."""
    late: tuple[Span, ...] = (("! ", "warning"),) if marks else ()
    return (*late, (REACH_WORDS[reach], REACH_ROLES[reach]))


def _words(reach: Reach, marks: Sequence[str] = ()) -> tuple[Span, ...]:
    """Return how far a chain reaches in words, and its marks."""
    said = "".join(f", {mark}" for mark in marks)
    return ((REACH_WORDS[reach], REACH_ROLES[reach]), (said, "warning"))


def result_words(result: ResultNode, outcome: OutcomeNode | None) -> Line:
    """Return a result: its day, figure and evidence, and why it does not count."""
    unit = f" {outcome.unit}" if outcome is not None and outcome.unit else ""
    proof: Span = (f"  {result.evidence}", "muted")
    if not result.evidence:
        proof = ("  no evidence", "warning")
    elif not result.counts:
        proof = (f"  {result.evidence} (no evidence)", "warning")
    ahead: Span = ("  future date, not counted", "warning")
    words: Line = ((f"{result.date}  {number(result.actual)}{unit}", ""), proof)
    return (*words, ahead) if result.ahead else words


def outcome_lines(
    outcome: OutcomeNode, entry: OutcomeEntry, sign: str = " ", claim: Claim | None = None
) -> Iterator[Line]:
    """Yield an outcome in full; `claim` is the benefit of which others count more."""
    facts = entry.facts
    yield ((sign, "key"), (entry.record.statement or outcome.id, "strong"))
    words = _words(outcome.reach, marks_of(outcome))
    yield (
        ("  ", ""),
        *words,
        (f"  {outcome.id}", "muted"),
    )
    yield (
        (
            f"  {outcome.measure}" if outcome.measure else "  no measure",
            "" if outcome.measure else "warning",
        ),
    )
    unit = f" {outcome.unit}" if outcome.unit else ""
    due = f", due {outcome.due}" if outcome.due is not None else ", no due date"
    yield ((f"  from {number(outcome.baseline)} to {number(outcome.target)}{unit}{due}", ""),)
    if facts.progress is not None:
        yield (
            (f"  {bar(facts.progress, 20)} ", "accent"),
            (f"{percent(facts.progress)} of the way", ""),
        )
    if outcome.value or outcome.money.realised_to_date:
        yield ((f"  {plan_words(outcome)}", ""),)
        yield from (((f"  {part}", ""),) for part in money_parts(outcome.money))
    if claim is not None:
        yield ((f"  claimed twice: {claim_words(claim)}", "warning"),)
    for result in outcome.results:
        yield (("    ", ""), *result_words(result, outcome))
