"""`--format json`: for other programs; its shape is a promise."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, structs
from msgspec.json import Encoder

from itgov.model.finding import Finding, Place, Severity, Subject
from itgov.report.jsontext import harmless, without_surrogates
from itgov.report.outcome import CheckReport, RuleCount, UnitCount, by_rule, by_unit

SCHEMA = 1
_BATCH = 1000
_encoder = Encoder()


class _Row(Struct, omit_defaults=True, gc=False):
    """A finding as it is written: the promised keys always, the rest where there is something."""

    rule: str
    name: str
    severity: Severity
    message: str
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    business_unit: str | None
    subject: Subject
    field: str | None
    waived: bool
    fingerprint: str
    fix: str = ""
    related: tuple[Place, ...] = ()
    waiver_reason: str | None = None
    unevaluated: bool = False


class _Statistics(Struct):
    rules: list[RuleCount]
    business_units: list[UnitCount]


def render(report: CheckReport, *, statistics: bool = False) -> str:
    """Write the report down as one JSON object, one finding on each line."""
    parts = [f'{{\n "schema": {SCHEMA},\n "as_of": "{report.as_of}",\n "findings": [']
    # Bit by bit: several copies of a text of 50 MB would cost more than all the encoding.
    for start in range(0, len(report.findings), _BATCH):
        parts.append(",\n" if start else "\n")
        parts.append(_lines(report.findings[start : start + _BATCH]))
    parts.append("\n ]" if report.findings else "]")
    parts.append(f',\n "summary": {_encoder.encode(_summary(report)).decode()}')
    if statistics:
        parts.append(f',\n "statistics": {_counts(report.findings)}')
    parts.append("\n}\n")
    return "".join(parts)


def _summary(report: CheckReport) -> dict[str, int]:
    """Return the counts; a report on rules counts rules, and no investments."""
    counts = structs.asdict(report.summary)
    if report.noun != "investment":
        counts |= {"investments": 0, f"{report.noun}s": report.summary.investments}
    return counts


def _lines(findings: Sequence[Finding]) -> str:
    try:
        lines = _encoder.encode_lines([_row(f) for f in findings])
    except UnicodeEncodeError:
        # A lone surrogate (a file name that is not UTF-8) has no place in JSON: it is spelt out.
        lines = _encoder.encode_lines([_row(_without_surrogates(f)) for f in findings])
    # JSON never has a raw line end inside a value, so these are the ones between the findings.
    return harmless("  " + lines[:-1].replace(b"\n", b",\n  ").decode())


def _counts(findings: Sequence[Finding]) -> str:
    try:
        counts = _encoder.encode(_Statistics(by_rule(findings), by_unit(findings)))
    except UnicodeEncodeError:
        spelt = [_without_surrogates(f) for f in findings]
        counts = _encoder.encode(_Statistics(by_rule(spelt), by_unit(spelt)))
    return harmless(counts.decode())


def _row(f: Finding) -> _Row:
    return _Row(
        f.rule,
        f.name,
        f.severity,
        f.message,
        f.path,
        f.line,
        f.column,
        f.end_line,
        f.end_column,
        f.business_unit,
        f.subject,
        f.field,
        f.waived,
        f.fingerprint,
        f.fix,
        f.related,
        f.waiver_reason,
        f.unevaluated,
    )


def _without_surrogates(finding: Finding) -> Finding:
    texts = {
        name: without_surrogates(value)
        for name, value in structs.asdict(finding).items()
        if isinstance(value, str)
    }
    return structs.replace(
        finding,
        **texts,
        subject=structs.replace(finding.subject, id=without_surrogates(finding.subject.id)),
        related=tuple(structs.replace(p, path=without_surrogates(p.path)) for p in finding.related),
    )
