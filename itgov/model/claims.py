"""Benefits that more than one outcome claims: which count where, so that each counts once.

Outcomes claim the same benefit where one says so (`also_claimed_by`), or where outcomes have
the same measure, unit and planned money.  A share that was agreed counts; what is left
goes, among those without one, to the outcome with the largest loss, else with most realised, of
equals to the one with most planned, then the first.  Where shares contradict each other or do not
add up to the whole, none of them counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice

from msgspec import Struct

from itgov.model.nobody import is_said
from itgov.model.plan import PARTS
from itgov.model.portfolio import OutcomeEntry
from itgov.model.types import Outcome

_NEARLY = 1e-9
_NAMED = 10
"""How many others are named with an outcome that claims the same as they do."""


class Claim(Struct, frozen=True):
    """A benefit that more than one outcome claims."""

    counted: str
    """The outcome that counts most."""
    others: tuple[str, ...]
    """The outcomes that count less, or not at all."""
    outcomes: tuple[str, ...]
    """Their names, `<investment>/<outcome>`, in the order of the portfolio."""
    shares: tuple[float, ...]
    """How much of each one's money counts, in the same order."""
    agreed: bool
    """Whether every share but at most one was said."""
    contradicted: bool
    """Whether what was said of the shares contradicts itself, so that none of it counts."""
    measure: str
    value: float
    """Money a year of the one that counts most."""


def name_of(outcome: OutcomeEntry) -> str:
    """Return an outcome's name in the organisation: `<investment>/<outcome>`."""
    return f"{outcome.facts.investment}/{outcome.record.id}"


def same_measure(outcomes: Iterable[OutcomeEntry]) -> list[list[OutcomeEntry]]:
    """Return the outcomes that have measure, unit and planned money alike, in one item too.

    Case and blanks make no difference.
    """
    alike: dict[tuple[str, str, object], list[OutcomeEntry]] = {}
    for outcome in outcomes:
        if (key := claim_key(outcome.record)) is not None:
            alike.setdefault(key, []).append(outcome)
    return [group for group in alike.values() if len(group) > 1]


def claim_key(record: Outcome) -> tuple[str, str, object] | None:
    """Return measure, unit and planned money of an outcome, alike for the same benefit; None where it plans none."""
    if not is_said(record.measure) or not (record.value or record.profile):
        return None
    plan: object = record.value
    if record.profile:
        plan = tuple(sorted((row.year, row.value) for row in record.profile))
    return _letters(record.measure), _letters(record.unit), plan


def _letters(text: str | None) -> str:
    return "".join((text or "").casefold().split())


def name_same_claims(group: list[OutcomeEntry]) -> None:
    """Name with each outcome of a group the first of the others, and how many more there are."""
    found = sorted(name_of(o) for o in group)
    more = len(found) - 1 - _NAMED
    for outcome in group:
        own = name_of(outcome)
        outcome.facts.same_claim_as = [
            *islice((name for name in found if name != own), _NAMED),
            *([f"and {more:,} more"] if more > 0 else []),
        ]


def claims_of(
    outcomes: Iterable[OutcomeEntry], groups: Iterable[list[OutcomeEntry]]
) -> list[Claim]:
    """Return every benefit that more than one outcome claims; `groups` have the same measure."""
    known = {name_of(o): o for o in outcomes}
    joined = _Joined()
    for group in groups:
        for other in group[1:]:
            joined.join(name_of(group[0]), name_of(other))
    said: dict[str, set[float]] = {}
    for name, outcome in known.items():
        for shared in outcome.record.also_claimed_by:
            if shared.outcome in known and shared.outcome != name:
                joined.join(name, shared.outcome)
                if shared.share is not None:
                    said.setdefault(shared.outcome, set()).add(shared.share)
    order = {name: place for place, name in enumerate(known)}
    return [
        _claim(sorted(group, key=order.__getitem__), known, said)
        for group in joined.groups()
        if len(group) > 1
    ]


def _claim(
    names: list[str], known: Mapping[str, OutcomeEntry], said: Mapping[str, set[float]]
) -> Claim:
    shares = {n: max(said[n]) for n in names if n in said}
    total = sum(shares.values())
    contradicted = total > 1 + _NEARLY or any(max(said[n]) - min(said[n]) > _NEARLY for n in shares)
    contradicted = contradicted or (len(shares) == len(names) and total < 1 - _NEARLY)
    if contradicted:
        shares, total = {}, 0.0
    rest = [n for n in names if n not in shares]
    if rest:
        most = max(rest, key=lambda n: _weight(known[n]))
        shares[most] = 1.0 - total
    counted = max(names, key=lambda n: shares.get(n, 0.0))
    return Claim(
        counted,
        tuple(n for n in names if n != counted),
        tuple(names),
        tuple(shares.get(n, 0.0) for n in names),
        len(rest) <= 1 and not contradicted,
        contradicted,
        known[counted].record.measure or "",
        known[counted].money.yearly / PARTS,
    )


def _weight(outcome: OutcomeEntry) -> tuple[int, int, int, int]:
    sums = outcome.sums
    realised = sums.realised_to_date
    # a loss that one of them measured does not vanish behind another's claim
    return max(0, -realised), realised, sums.planned_to_date, sums.planned_to_come


class _Joined:
    """Names in groups, joined pair by pair."""

    def __init__(self) -> None:
        self._of: dict[str, list[str]] = {}

    def join(self, one: str, other: str) -> None:
        first, second = self._of.setdefault(one, [one]), self._of.setdefault(other, [other])
        if first is second:
            return
        if len(first) < len(second):
            first, second = second, first
        first += second
        for name in second:
            self._of[name] = first

    def groups(self) -> list[list[str]]:
        return list({id(group): group for group in self._of.values()}.values())
