"""What a check found, ready to be written down in any format."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct

from itgov.model.filtered import Filtered
from itgov.model.finding import SEVERITIES, Finding, Severity, severity_rank
from itgov.model.findings import kinds_of
from itgov.model.rulebook import RuleInfo, Tally


class Summary(Struct, frozen=True):
    """How many findings there are, and what was looked at.

    A waived finding counts under `waived` and nowhere else.
    """

    error: int = 0
    warning: int = 0
    info: int = 0
    waived: int = 0
    files: int = 0
    investments: int = 0

    @property
    def by_severity(self) -> dict[Severity, int]:
        """How many findings stand unwaived of each severity."""
        return {"error": self.error, "warning": self.warning, "info": self.info}


class RuleCount(Struct, frozen=True):
    """How often one rule was broken; `waived` findings are not in `count`."""

    rule: str
    name: str
    severity: Severity
    count: int
    waived: int


class UnitCount(Struct, frozen=True):
    """The findings of one business unit; None stands for what belongs to no unit."""

    business_unit: str | None
    error: int
    warning: int
    info: int
    waived: int


def no_lines(_path: str, _line: int) -> str:
    """Stand in for a source of lines where there is none."""
    return ""


class CheckReport(Struct, frozen=True):
    """All that a format needs to know.

    `findings` are sorted, the waived ones among them.  `rules` is the catalogue by rule id.  `root`
    is the repository's absolute path; no format writes it down.  `lines(path, line)` returns the
    text of one source line, or an empty text where it is not to be had.  `noun` names what
    `summary.investments` counts, for reports on something else (rules, say).  `tallies` say how
    often each rule ended in which way, for `--statistics`.  `since` is the revision whose findings
    were left out.
    """

    as_of: datetime.date
    findings: Sequence[Finding]
    summary: Summary
    rules: Mapping[str, RuleInfo] = {}
    root: str | None = None
    lines: Callable[[str, int], str] = no_lines
    noun: str = "investment"
    tallies: Mapping[str, Tally] = {}
    prefix: str = ""
    """The repository's own path below the top of its git repository; empty at the top."""
    fails: Callable[[Finding], bool] | None = None
    """Says whether the run fails for a finding; None: for its errors and warnings."""
    whole: bool = False
    """Whether a text holds every finding, however many there are."""
    since: str | None = None
    filtered: Filtered | None = None
    """The items that its findings are on, where they are not on all."""


def summarise(findings: Sequence[Finding], files: int, investments: int) -> Summary:
    """Count `findings` by severity, the waived ones apart."""
    by_severity: Counter[str] = Counter()
    for (_, _, severity, waived), count in kinds_of(findings).items():
        by_severity["waived" if waived else severity] += count
    return Summary(**by_severity, files=files, investments=investments)


def by_rule(findings: Iterable[Finding]) -> list[RuleCount]:
    """Count `findings` by rule: worst severity first, then the most frequent, then by id."""
    counts: Counter[tuple[str, str, Severity]] = Counter()
    waived: Counter[tuple[str, str, Severity]] = Counter()
    for f in findings:
        (waived if f.waived else counts)[f.rule, f.name, f.severity] += 1
    rows = [RuleCount(*key, counts[key], waived[key]) for key in counts.keys() | waived.keys()]
    return sorted(
        rows, key=lambda r: (severity_rank(r.severity), -r.count, -r.waived, r.rule, r.name)
    )


def by_unit(findings: Iterable[Finding]) -> list[UnitCount]:
    """Count `findings` by business unit: most errors first, then most warnings, infos, by id."""
    counts: Counter[tuple[str | None, str]] = Counter()
    for f in findings:
        counts[f.business_unit, "waived" if f.waived else f.severity] += 1
    rows = [
        UnitCount(unit, *(counts[unit, column] for column in (*SEVERITIES, "waived")))
        for unit in {unit for unit, _ in counts}
    ]
    return sorted(
        rows, key=lambda r: (-r.error, -r.warning, -r.info, -r.waived, r.business_unit or "")
    )


def by_severity(findings: Iterable[Finding]) -> dict[Severity, int]:
    """Count the findings of each severity, worst first; waived ones are left out."""
    counts = Counter(f.severity for f in findings if not f.waived)
    return {severity: counts[severity] for severity in SEVERITIES}


def badness(finding: Finding) -> tuple[bool, int]:
    """Return a sort key that puts errors first and waived findings last."""
    return finding.waived, severity_rank(finding.severity)


def worst_standing(findings: Sequence[Finding]) -> Finding | None:
    """Return the first of the worst findings that are not waived."""
    standing = {severity for _, _, severity, waived in kinds_of(findings) if not waived}
    worst = min(standing, key=severity_rank, default=None)
    return next((f for f in findings if f.severity == worst and not f.waived), None)


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Return `findings` with the errors first, waived ones last, otherwise in their order."""
    return sorted(findings, key=badness)
