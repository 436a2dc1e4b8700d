"""How a comparison is laid out, whatever the format: sections of subjects with their changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct, structs

from itgov.insight.diff_changes import KINDS, Diff, End, Kind, SubjectChange, UnitMove
from itgov.model.finding import SEVERITIES, Finding
from itgov.report.insight_words import UNKNOWN, money, score, score_change
from itgov.report.words import plural

SIGNS: dict[Kind, str] = {
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


class ChangedSubject(Struct, frozen=True):
    """One subject with everything that happened to it."""

    kind: Kind
    identifier: str
    label: str
    said: tuple[str, ...]
    """What became of it, then each field that changed."""


class Section(Struct, frozen=True):
    """A business unit, or people, or the whole."""

    title: str
    items: tuple[ChangedSubject, ...]


def sections(diff: Diff) -> list[Section]:
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
        Section(diff.unit_names.get(unit, unit), _items(by_unit[unit]))
        for unit in dict.fromkeys(order)
        if unit in by_unit
    ]
    titles = {
        "person": "People",
        "relationship_manager": "Relationship managers",
        "organisation": "Organisation",
    }
    found += [Section(title, _items(rest[kind])) for kind, title in titles.items() if kind in rest]
    return found


def _items(changes: Iterable[SubjectChange]) -> tuple[ChangedSubject, ...]:
    together: dict[tuple[str, str], list[SubjectChange]] = {}
    for change in changes:
        together.setdefault((change.subject.kind, change.subject.id), []).append(change)
    found = []
    for (kind, identifier), of in together.items():
        first = min(of, key=lambda c: KINDS.index(c.kind))
        said: list[str] = []
        for change in of:
            if change.kind in ("added", "removed"):
                verb = _JOINED.get(change.kind, change.kind) if kind == "person" else change.kind
                said.append(f"{verb}: {change.text}" if change.text else verb)
            elif change.text:
                said.append(change.text)
            if change.kind not in ("stopped", "retired", "left"):
                said += [step.text for step in change.steps]
        shown = "" if kind in ("engagement", "business_unit", "organisation") else identifier
        label = first.label
        if kind == "business_unit":
            label = "the business unit itself"
        found.append(ChangedSubject(first.kind, shown, label, tuple(said)))
    return tuple(found)


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
    findings = [
        f"{len(of):,} {word}"
        for of, word in (
            (diff.introduced, "introduced"), (diff.mended, "mended"), (diff.waived, "waived"),
            (diff.gone, "gone with what was removed"),
        )
        if of
    ]  # fmt: skip
    if findings:
        told.append(f"findings: {', '.join(findings)}")
    if not told:
        return "Nothing changed in the portfolio."
    text = "; ".join(told)
    return f"{text[0].upper()}{text[1:]}."


def _verb(kind: str, change: Kind) -> str:
    return _JOINED.get(change, change) if kind == "person" else change


def end_text(end: End) -> str:
    """Return where a state is from: "main (3f2a…, 2026-11-20, Edit 499)"."""
    if end.commit is None:
        return end.label
    short = end.commit[:10]
    named = "" if end.label.startswith(short) else f"{short}, "
    return (
        f"{end.label} ({named}{end.date}, {end.title})"
        if end.title
        else f"{end.label} ({named}{end.date})"
    )


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


def moved(move: UnitMove) -> tuple[str, str, str]:
    """Return a unit's health before, after, and the difference, in words."""
    before = _score(move.score_before, move.band_before)
    after = _score(move.score, move.band)
    apart = score_change(move.score_before, move.score)
    return before, after, apart if apart not in ("=", UNKNOWN) else ""


def is_moved(move: UnitMove) -> bool:
    """Say whether a unit's health differs so that it can be seen."""
    before, after, _ = moved(move)
    return before != after


def _score(value: float | None, band: str | None) -> str:
    if band is None:
        return "not there"
    return band if value is None else f"{score(value)} {band}"


def by_rule(findings: Sequence[Finding]) -> str:
    """Return findings counted by severity: "2 errors, 1 warning"."""
    counts = Counter(f.severity for f in findings)
    return ", ".join(plural(counts[s], s) for s in SEVERITIES if counts[s])


def unread(diff: Diff) -> list[str]:
    """Return what could not be read on either side, and what else a reader must know."""
    found = list(diff.notes)
    for end in (diff.before, diff.after):
        found += [f"Not read whole at {end.label}: {why}" for why in end.unread]
    return found
