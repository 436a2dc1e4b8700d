"""`itgov diff` laid out: sections of subjects with their changes, then health and findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import structs

from itgov.insight.diff_changes import (
    KINDS,
    Diff,
    End,
    Kind,
    ScoreBand,
    SubjectChange,
    UnitMove,
    YearMoved,
)
from itgov.model.finding import Finding
from itgov.model.stages import OVER
from itgov.report.blocks import Block, Change, Id, Listing, Opening, Strong, text_of
from itgov.report.check_report import worst_first
from itgov.report.figures import UNKNOWN, money, score, score_change, signed
from itgov.report.words import tally

_SIGNS: dict[Kind, str] = {
    "added": "+", "removed": "-", "stopped": "x", "retired": "x", "left": "-", "moved": ">",
    "renumbered": "=", "changed": "~",
}  # fmt: skip
"""One character for each kind, for those who scan; the words say the same."""

_NOUNS = {
    "investment": "investment",
    "engagement": "engagement",
    "person": "person",
    "relationship_manager": "relationship manager",
    "business_unit": "business unit",
    "organisation": "organisation",
}
_JOINED = {"added": "joined", "removed": "no longer listed"}


def diff_document(diff: Diff) -> Iterator[Block]:
    """Lay a comparison out: what differs in a sentence, each change, health, findings."""
    of = f" of {diff.unit_names.get(diff.unit, diff.unit)}" if diff.unit is not None else ""
    span = ("from ", *_end(diff.before), " to ", *_end(diff.after))
    first = f"{headline(diff)} Judged by the newer rules, as of {diff.as_of}."
    below = [first, *totals(diff), *(f"! {line}" for line in unread(diff))]
    yield Opening(f"What changed in the portfolio{of}", span, below)
    for title, subjects in changes(diff):
        yield Listing(title, subjects, whole=True)
    if moves := health_moves(diff):
        yield Listing("Engagement health", lines=moves)
    if diff.money:
        yield Listing("Money and planned value", lines=[year_moved(year) for year in diff.money])
    for title, counts, found in findings(diff):
        yield Listing((Strong(f"Findings {title}"), f": {counts}"), found, whole=True)


def changes(diff: Diff) -> list[tuple[str, list[Change]]]:
    """Return the changes by business unit in its order, then people, managers, the whole."""
    by_unit: dict[str, list[SubjectChange]] = {}
    rest: dict[str, list[SubjectChange]] = {}
    for change in diff.changes:
        if change.unit is not None:
            by_unit.setdefault(change.unit, []).append(change)
            if change.unit_before is not None:  # whom it left should read of it as well
                to = f"moved to {diff.unit_names.get(change.unit, change.unit)}"
                left = structs.replace(change, text=to, steps=())
                by_unit.setdefault(change.unit_before, []).append(left)
        else:
            rest.setdefault(change.subject.kind, []).append(change)
    order = [*(u.id for u in diff.units), *by_unit]
    found = [
        (diff.unit_names.get(unit, unit), _subjects(by_unit[unit]))
        for unit in dict.fromkeys(order)
        if unit in by_unit
    ]
    titles = {
        "person": "People",
        "relationship_manager": "Relationship managers",
        "organisation": "Organisation",
    }
    found += [(title, _subjects(rest[kind])) for kind, title in titles.items() if kind in rest]
    return found


def _subjects(changes: Iterable[SubjectChange]) -> list[Change]:
    """Return each subject with all that happened to it."""
    together: dict[tuple[str, str], list[SubjectChange]] = {}
    for change in changes:
        together.setdefault((change.subject.kind, change.subject.id), []).append(change)
    found = []
    for (kind, identifier), of in together.items():
        first = min(of, key=lambda c: KINDS.index(c.kind))
        said: list[str] = []
        for change in of:
            if change.kind in ("added", "removed"):
                verb = _verb(kind, change.kind)
                said.append(f"{verb}: {change.text}" if change.text else verb)
            elif change.text:
                said.append(change.text)
            if change.kind not in (*OVER, "left"):
                said += [step.text for step in change.steps]
        shown = "" if kind in ("engagement", "business_unit", "organisation") else identifier
        label = "the business unit itself" if kind == "business_unit" else first.label
        found.append(Change(_SIGNS[first.kind], shown, label, said))
    return found


def headline(diff: Diff) -> str:
    """Return the whole in one sentence: what was added, removed, stopped, and so on."""
    counts: Counter[tuple[str, str]] = Counter()
    for change in diff.changes:
        counts[change.subject.kind, change.kind] += 1
    told = []
    for kind, noun in _NOUNS.items():
        parts = [f"{counts[kind, k]:,} {_verb(kind, k)}" for k in KINDS if counts[kind, k]]
        if parts:
            total = sum(counts[kind, k] for k in KINDS)
            many = (
                "people" if noun == "person" and total != 1 else noun if total == 1 else f"{noun}s"
            )
            told.append(f"{many}: {', '.join(parts)}")
    if groups := findings(diff):
        parts = [f"{len(found):,} {title}" for title, _, found in groups]
        told.append(f"findings: {', '.join(parts)}")
    if not told:
        return "Nothing changed in the portfolio."
    text = "; ".join(told)
    return f"{text[0].upper()}{text[1:]}."


def _verb(kind: str, change: Kind) -> str:
    return _JOINED.get(change, change) if kind == "person" else change


def _end(end: End) -> tuple[str | Id, ...]:
    """Return where a state is from: "main (3f2a…, 2026-11-20, Edit 499)"."""
    if end.commit is None:
        return (end.label,)
    title = f", {end.title}" if end.title else ""
    short = end.commit[:10]
    if end.label.startswith(short):
        return (f"{end.label} ({end.date}{title})",)
    return (f"{end.label} (", Id(short), f", {end.date}{title})")


def end_text(end: End) -> str:
    """Return where a state is from, in plain text."""
    return text_of(_end(end))


def totals(diff: Diff) -> list[str]:
    """Return a line with the figures of the whole that differ, or none."""
    before, after = diff.before, diff.after
    found = []
    if diff.unit is None:
        if before.investments != after.investments:
            found.append(f"Investments {before.investments:,} → {after.investments:,}")
        if before.budget != after.budget:
            found.append(
                f"Budget {money(before.budget)} → {money(after.budget)} {diff.currency}".rstrip()
            )
        if before.findings != after.findings:
            found.append(f"Findings {before.findings:,} → {after.findings:,}")
    return [", ".join(found)] if found else []


def year_moved(year: YearMoved) -> str:
    """Return by how much a fiscal year's budget and planned value differ."""
    amounts = (("budget", year.budget), ("planned value", year.planned))
    return f"{year.year}: " + ", ".join(f"{n} {signed(a)}" for n, a in amounts if a)


def health_moves(diff: Diff) -> list[str]:
    """Return a line for each unit whose health differs so that it can be seen."""
    return [line for line in map(_move, diff.units) if line]


def _move(move: UnitMove) -> str:
    before, after = _health(move.before), _health(move.after)
    if before == after:
        return ""
    apart = UNKNOWN
    if move.before is not None and move.after is not None:
        apart = score_change(move.before.score, move.after.score)
    change = f" ({apart})" if apart not in ("=", UNKNOWN) else ""
    return f"{move.name}: {before} → {after}{change}"


def _health(health: ScoreBand | None) -> str:
    if health is None:
        return "does not exist"
    return health.band if health.score is None else f"{score(health.score)} {health.band}"


def findings(diff: Diff) -> list[tuple[str, str, list[Finding]]]:
    """Return what became of findings, how many of each severity, and which, the worst first."""
    groups = (
        ("introduced", diff.introduced),
        ("fixed", diff.mended),
        ("waived", diff.waived),
        ("gone with what was removed", diff.gone),
    )
    return [
        (title, tally(Counter(f.severity for f in of)), worst_first(of))
        for title, of in groups
        if of
    ]


def unread(diff: Diff) -> list[str]:
    """Return what could not be read on either side, and what else a reader must know."""
    found = list(diff.notes)
    for end in (diff.before, diff.after):
        found += [f"Partly read at {end.label}: {why}" for why in end.unread]
    return found
