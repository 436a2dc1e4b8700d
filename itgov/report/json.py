"""`--format json`: for other programs; its shape is a promise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import UNSET, Struct, UnsetType, structs
from msgspec.json import Encoder

from itgov.model.finding import Finding
from itgov.report.check_report import CheckReport, RuleCount, Summary, UnitCount, by_rule, by_unit
from itgov.report.json_text import encoded, harmless, spelt

SCHEMA = 1
_BATCH = 1000
_encoder = Encoder()


class _Summary(Summary, frozen=True):
    """The counts; a report on rules counts rules, and no investments."""

    rules: int | UnsetType = UNSET


class _Statistics(Struct):
    rules: list[RuleCount]
    business_units: list[UnitCount]


def render(report: CheckReport, *, statistics: bool = False) -> Iterator[str]:
    """Write the report down as one JSON object, one finding on each line; part by part.

    Several copies of a text of 50 MB would cost more than all the encoding.
    """
    yield f'{{\n "schema": {SCHEMA},\n "as_of": "{report.as_of}",\n "findings": ['
    for start in range(0, len(report.findings), _BATCH):
        yield ",\n" if start else "\n"
        yield _lines(report.findings[start : start + _BATCH])
    yield "\n ]" if report.findings else "]"
    yield f',\n "summary": {_encoder.encode(_summary(report)).decode()}'
    if report.filtered is not None:
        yield f',\n "filtered": {harmless(encoded(report.filtered).decode())}'
    if statistics:
        yield f',\n "statistics": {_counts(report.findings)}'
    yield "\n}\n"


def _summary(report: CheckReport) -> Summary:
    found = report.summary
    if report.noun == "investment":
        return found
    counts = structs.asdict(found) | {"investments": 0, "rules": found.investments}
    return _Summary(**counts)


def _lines(findings: Sequence[Finding]) -> str:
    rows = [f if f.names is None else structs.replace(f, names=None) for f in findings]
    try:
        lines = _encoder.encode_lines(rows)
    except UnicodeEncodeError:
        lines = _encoder.encode_lines(spelt(rows))
    # JSON never has a raw line end inside a value, so these are the ones between the findings.
    return harmless("  " + lines[:-1].replace(b"\n", b",\n  ").decode())


def _counts(findings: Sequence[Finding]) -> str:
    return harmless(encoded(_Statistics(by_rule(findings), by_unit(findings))).decode())
