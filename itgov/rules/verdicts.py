"""How every rule ended on every subject, and the findings put in order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, pairwise
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from itgov.files.blake2 import blake2b
from itgov.model.finding import Finding, Subject, fingerprints, sort_key
from itgov.model.rulebook import Tally
from itgov.rules.language import SubjectName

FAIL, PASS, NOT_APPLICABLE, WAIVED, UNEVALUATED = range(5)
"""The five ways in which a rule on a subject ends."""

UNKNOWN = 5
"""Could not be evaluated because git cannot tell: counted as the last, and said once for all."""

ASK = 6
"""Not answered yet: the rule has to be asked by itself.  Never the verdict of any."""


class Verdicts(Struct):
    """How every rule of one kind ended on every subject of a unit (or of none).

    `table` holds one byte for each rule, in the order of `Judged.order[kind]`, subject after
    subject in the order of `subjects`.
    """

    unit: str | None
    kind: SubjectName
    subjects: list[str]
    table: bytes


class Judged(Struct):
    """Findings, sorted, and every verdict behind them."""

    findings: list[Finding]
    order: dict[SubjectName, list[str]]
    verdicts: list[Verdicts]
    past: frozenset[str] = frozenset()
    """Ids of the rules that read what only git can tell."""

    def tallies(self, unit: str | None = None) -> dict[str, Tally]:
        """Return how often each rule ended in which way, over all units or one."""
        found: dict[str, Tally] = {}
        for verdicts in self.verdicts:
            if unit is not None and verdicts.unit != unit:
                continue
            rules = self.order[verdicts.kind]
            for index, rule in enumerate(rules):
                column = verdicts.table[index :: len(rules)]
                tally = found.setdefault(rule, Tally())
                tally.failed += column.count(FAIL)
                tally.passed += column.count(PASS)
                tally.not_applicable += column.count(NOT_APPLICABLE)
                tally.waived += column.count(WAIVED)
                tally.unevaluated += column.count(UNEVALUATED)
        return found


def finish(findings: list[Finding]) -> list[Finding]:
    """Return findings sorted and with their fingerprints: of rule, subject, field and the unknown id, unique."""
    findings.sort(key=sort_key)
    for place, f in enumerate(findings):
        first = fingerprint_of(f.rule, f.subject, f.field, f.names)
        if first != f.fingerprint:
            findings[place] = replace(f, fingerprint=first)  # not all of them twice in memory
    return _unique(findings)


def finish_parts(parts: Sequence[list[Finding]]) -> list[Finding]:
    """Return the findings of sorted lists as `finish` does; a fingerprint that is there is the right one."""
    filled = sorted(filter(None, parts), key=lambda part: sort_key(part[0]))
    if all(sort_key(one[-1]) < sort_key(other[0]) for one, other in pairwise(filled)):
        findings = list(chain.from_iterable(filled))
    else:
        findings = sorted(chain.from_iterable(parts), key=sort_key)
    if not all(fingerprints(findings)):
        for place, f in enumerate(findings):
            if not f.fingerprint:
                first = fingerprint_of(f.rule, f.subject, f.field, f.names)
                findings[place] = replace(f, fingerprint=first)
    return _unique(findings)


def _unique(findings: list[Finding]) -> list[Finding]:
    """Give each finding after the first of those that have the same fingerprint one of its own."""
    digests = fingerprints(findings)
    if len(set(digests)) == len(digests):
        return findings
    seen: dict[str, int] = {}
    for place, (f, digest) in enumerate(zip(findings, digests, strict=True)):
        number = seen[digest] = seen.get(digest, 0) + 1
        if number > 1:
            numbered = fingerprint_of(f.rule, f.subject, f.field, f.names, number)
            findings[place] = replace(f, fingerprint=numbered)
    return findings


def fingerprint_of(
    rule: str, subject: Subject, field: str | None, names: str | None = None, number: int = 1
) -> str:
    """Return the fingerprint of a finding, the first of those that are alike or one of that number."""
    key = f"{rule}\0{subject.kind}\0{subject.id}\0{field or ''}"
    if names is not None:
        key += f"\0{names}"
    if number > 1:
        key += f"\0{number}"
    return blake2b(key.encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()


def subject_of(entry: Any, kind: SubjectName) -> str:
    """Return the id of a subject: `<investment>/<outcome>`, `<unit>/<date>`, or its own."""
    if kind == "outcome":
        return f"{entry.facts.investment}/{entry.record.id}"
    if kind == "engagement":
        return str(entry.id)
    if kind == "relationship_manager":
        return str(entry.record.person)
    return str(entry.record.id)
