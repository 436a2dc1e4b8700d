"""How every rule ended on every subject, and the findings put in order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import add
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from itgov.files.blake2 import blake2b
from itgov.model.finding import Finding, Subject, fingerprints, sort_key
from itgov.model.findings import FindingList, Key, Part, ends_of, marks_of
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


class Counts(Struct, array_like=True):
    """How often every rule of one kind ended in which way."""

    kind: SubjectName
    rules: list[list[int]]
    """For each rule, in the order of `Judged.order[kind]`, a number for each verdict up to `UNKNOWN`."""
    unknown: int
    """Subjects on which any rule is `UNKNOWN`."""

    @classmethod
    def of(cls, verdicts: Verdicts, width: int) -> Counts:
        """Count the verdicts of `width` rules."""
        table = verdicts.table
        columns = [table[at::width] for at in range(width)]
        rows = (table[at : at + width] for at in range(0, len(table), width))
        unknown = sum(UNKNOWN in row for row in rows) if UNKNOWN in table else 0
        counted = [[column.count(verdict) for verdict in range(UNKNOWN + 1)] for column in columns]
        return cls(verdicts.kind, counted, unknown)


def added_up(counts: Iterable[Counts]) -> list[Counts]:
    """Return one for each kind, in the order in which they come."""
    found: dict[SubjectName, Counts] = {}
    for each in counts:
        if (whole := found.get(each.kind)) is None:
            found[each.kind] = each
        else:
            whole.unknown += each.unknown
            for sums, of in zip(whole.rules, each.rules, strict=True):
                sums[:] = map(add, sums, of)
    return list(found.values())


class Judged(Struct):
    """Findings, sorted, and every verdict behind them."""

    findings: Sequence[Finding]
    order: dict[SubjectName, list[str]]
    verdicts: list[Verdicts]
    past: frozenset[str] = frozenset()
    """Ids of the rules that read what only git can tell."""
    counts: Sequence[Counts] = ()
    """Verdicts of units that are only counted."""

    def tallies(self, unit: str | None = None) -> dict[str, Tally]:
        """Return how often each rule ended in which way, over all units or one."""
        found: dict[str, Tally] = {}
        for counted in self.counts if unit is None else ():
            for rule, of in zip(self.order[counted.kind], counted.rules, strict=True):
                tally = found.setdefault(rule, Tally())
                tally.failed += of[FAIL]
                tally.passed += of[PASS]
                tally.not_applicable += of[NOT_APPLICABLE]
                tally.waived += of[WAIVED]
                tally.unevaluated += of[UNEVALUATED] + of[UNKNOWN]
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


def finish(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings sorted and with their fingerprints: of rule, subject, field and the unknown id, unique.

    Those of other runs are made anew: which is the first of those that are alike may be another.
    """
    return _unique(in_order([replace(f, fingerprint="") for f in findings]))


def in_order(findings: list[Finding]) -> list[Finding]:
    """Return findings sorted, and each with the fingerprint of the first of those that are alike.

    One that is there is right.
    """
    findings.sort(key=sort_key)
    if not all(fingerprints(findings)):
        for place, f in enumerate(findings):
            if not f.fingerprint:  # not all of them twice in memory
                first = fingerprint_of(f.rule, f.subject, f.field, f.names)
                findings[place] = replace(f, fingerprint=first)
    return findings


def by_file(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Return findings file by file, each `in_order`."""
    found: dict[str, list[Finding]] = {}
    for f in findings:
        found.setdefault(f.path, []).append(f)
    return list(map(in_order, found.values()))


def finish_parts(parts: Sequence[Part]) -> FindingList:
    """Return parts that are `in_order` as one, finished: what need not be looked into stays packed."""
    ends = [ends_of(part) for part in parts]
    order = sorted(range(len(parts)), key=lambda at: ends[at][0])
    joined: list[list[int]] = []
    last: Key | None = None
    for at in order:
        first, end = ends[at]
        if last is None or last < first:
            joined.append([])
        joined[-1].append(at)
        last = end if last is None else max(last, end)
    found = [_merged([parts[at] for at in sorted(some)]) for some in joined]
    marks = [mark for part in found for mark in marks_of(part)]
    return FindingList(
        found if len(set(marks)) == len(marks) else [_unique(list(FindingList(found)))]
    )


def _merged(parts: list[Part]) -> Part:
    """Return parts of which findings stand between each other's as one."""
    return parts[0] if len(parts) == 1 else sorted(FindingList(parts), key=sort_key)


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
