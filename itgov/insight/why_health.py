"""The figures of `itgov health` taken apart: score, coverage, dimensions, caps and points."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial

from msgspec import structs

from itgov.insight.health_types import (
    CapInForce,
    CostlyFinding,
    DimensionHealth,
    HealthReport,
    Settings,
    UnitHealth,
)
from itgov.insight.scoring import part_of
from itgov.insight.shares import PassedShare
from itgov.insight.trend_points import Point
from itgov.insight.why_paths import PathReader
from itgov.insight.why_rules import RuleShares, amount_of
from itgov.insight.why_types import Figure, Parts, Value, WhyInput
from itgov.model.finding import Finding, Place, Subject
from itgov.model.portfolio import OrganisationEntry, UnitEntry

_TALLY = {
    "passed": "Judgements of its rules that hold.",
    "failed": "Judgements of its rules that fail.",
    "waived": "Judgements of its rules that fail and are waived.",
    "unevaluated": "Judgements of its rules that could not be made.",
    "not_applicable": "Subjects that its rules do not apply to.",
}
_SETTINGS = {
    "healthy": (("bands", "healthy"), "The score from which a unit is healthy."),
    "attention": (("bands", "attention"), "The score from which a unit needs attention; at risk below."),
    "enough_evidence": (
        ("enough_evidence",), "Share of weight that must be scorable for a score."
    ),
    "grace_days": (
        ("grace_days",), "Days after a due day in which nothing is asked of an outcome yet."
    ),
}  # fmt: skip


class HealthFigures:
    """Takes engagement health apart."""

    def __init__(
        self,
        reader: PathReader,
        report: HealthReport,
        shares: RuleShares,
        before: Point | None = None,
    ) -> None:
        self.before = before
        """The scores of an earlier day, where they were measured."""
        self.reader = reader
        self.report = report
        self.shares = shares

    @cached_property
    def units(self) -> dict[str, UnitHealth]:
        """The health of each unit by its id."""
        return {unit.id: unit for unit in self.report.units}

    def of_whole(self, _whole: OrganisationEntry) -> Iterator[Figure]:
        """Yield what health.yaml says of all scores."""
        settings: Settings = self.report.settings
        for name, (route, words) in _SETTINGS.items():
            value = getattr(settings, name)
            yield Figure(
                f"settings.{name}", value, words, partial(self._setting, name, value, route)
            )

    def _setting(self, name: str, value: float, route: tuple[str, ...]) -> Parts:
        return Parts("words", [self.reader.policy(name, value, *route)])

    def of_unit(self, entry: UnitEntry) -> Iterator[Figure]:
        """Yield the health of a unit."""
        unit = self.units[entry.record.id]
        made = partial(self._score, unit)
        yield Figure("score", unit.score, _SCORE, made)
        yield Figure("band", unit.band, _BAND, partial(self._band, unit))
        yield Figure("measured", unit.measured, _MEASURED, partial(self._measured, unit))
        yield Figure("coverage", unit.coverage, _COVERAGE, partial(self._coverage, unit))
        yield from self._trend(unit)
        for dimension in unit.dimensions:
            yield from self._dimension(entry, unit, dimension)
        for number, cap in enumerate(unit.caps, 1):
            yield from self._cap(unit, cap, f"caps.{number}")
        for number, costly in enumerate(unit.next_steps, 1):
            yield from self._points(unit, costly, f"next_steps.{number}")
        for name, costly in findings_by_name(unit.findings).items():
            yield from self._points(unit, costly, f"findings.{name}")

    # -- the whole score -------------------------------------------------------------------

    def _same(self, unit: UnitHealth, name: str, value: Value, says: str = "") -> WhyInput:
        place: Place = unit.place
        of = Subject("business_unit", unit.id)
        return WhyInput(says or name, value, place, None, (unit.id, name), of)

    def _score(self, unit: UnitHealth) -> Parts:
        if unit.score is None:
            return Parts("words", self._evidence_inputs(unit), left_out=[unit.band])
        inputs = [self._same(unit, "measured", unit.measured)]
        inputs += [self._same(unit, f"caps.{n}.at_most", c.at_most, c.because) for n, c in enumerate(unit.caps, 1)]  # fmt: skip
        assumed = [f"capped at {unit.capped_by.at_most:g}: {unit.capped_by.because}"] if unit.capped_by else []  # fmt: skip
        return Parts("least", inputs, assumed=[*assumed, *_undecided(unit.caps)])

    def _evidence_inputs(self, unit: UnitHealth) -> list[WhyInput]:
        enough = self.report.settings.enough_evidence
        return [
            self._same(unit, "coverage", unit.coverage),
            self.reader.policy("enough_evidence", enough, "enough_evidence"),
        ]

    def _band(self, unit: UnitHealth) -> Parts:
        settings = self.report.settings
        return Parts(
            "words",
            [
                self._same(unit, "score", unit.score),
                self.reader.policy("healthy", settings.healthy, "bands", "healthy"),
                self.reader.policy("attention", settings.attention, "bands", "attention"),
                *self._evidence_inputs(unit),
            ],
        )

    def _measured(self, unit: UnitHealth) -> Parts:
        above, below = [], []
        for d in unit.dimensions:
            part = part_of(d)
            if part.counted <= 0:
                continue
            name = f"dimensions.{d.id}.score"
            says = f"{d.title}: 100 × {d.weight:g} × {part.held:.4g} held"
            above.append(self._same(unit, name, 100 * d.weight * part.held, says))
            says = f"{d.title}: {d.weight:g} × {part.counted:.4g} judged"
            below.append(self._same(unit, name, d.weight * part.counted, says))
        return Parts("ratio", above, below, left_out=_unknown(unit))

    def _coverage(self, unit: UnitHealth) -> Parts:
        above, below = [], []
        for d in unit.dimensions:
            evidence = part_of(d).evidence
            name = f"dimensions.{d.id}.evidence"
            says = f"{d.title}: {d.weight:g} × {evidence:.4g} judged"
            above.append(self._same(unit, name, d.weight * evidence, says))
            below.append(self._same(unit, f"dimensions.{d.id}.weight", d.weight, d.title))
        return Parts("ratio", above, below, left_out=_unknown(unit))

    def _trend(self, unit: UnitHealth) -> Iterator[Figure]:
        """Yield the score of an earlier day, where it was measured, and how it has changed."""
        before = self.before
        was = before.unit(unit.id) if before is not None else None
        if before is None or was is None:
            return
        then = WhyInput(f"score on {before.as_of}, by today's rules", was.score, unit.place, before.commit[:10])  # fmt: skip
        yield Figure("trend.score", was.score, f"The score on {before.as_of}, by today's rules.", lambda: Parts("words", [then]))  # fmt: skip
        known = None not in (was.score, unit.score)
        change = unit.score - was.score if unit.score is not None and was.score is not None else None  # fmt: skip
        less = structs.replace(then, value=-was.score if was.score is not None else None)
        yield Figure(
            "trend.change", change, f"The score less that of {before.as_of}, by today's rules.",
            lambda: Parts("sum" if known else "words", [self._same(unit, "score", unit.score), less]),
        )  # fmt: skip

    # -- a dimension -----------------------------------------------------------------------

    def _dimension(
        self, entry: UnitEntry, unit: UnitHealth, d: DimensionHealth
    ) -> Iterator[Figure]:
        prefix = f"dimensions.{d.id}"

        def figure(name: str, value: Value, words: str, parts: Callable[[], Parts]) -> Figure:
            return Figure(f"{prefix}.{name}", value, f"{d.title}: {words}", parts)

        share = partial(self._share, entry, unit, d)
        yield figure("score", d.score, _DIMENSION, partial(share, "passed", "judged"))
        yield figure("count", d.count, "The same share with each judgement counted once.", partial(self._plain_count, entry, d))  # fmt: skip
        yield figure("evidence", d.evidence, "Share of what it applies to that could be judged.", partial(share, "judged", "applies"))  # fmt: skip
        yield figure("weight", d.weight, "Its weight in the total, as health.yaml says.", partial(self._weight, d))  # fmt: skip
        yield figure("lost", d.lost, _LOST, partial(self._lost, unit, d))
        for name, words in _TALLY.items():
            yield figure(name, getattr(d.tally, name), words, partial(self._tally, entry, d, name))
        yield figure(
            "without_spend", d.without_spend,
            "Judgements on items without spend beside items with it: only the plain count has them.",
            partial(self._without_spend, entry, d),
        )  # fmt: skip

    def _share(
        self, entry: UnitEntry, unit: UnitHealth, d: DimensionHealth, above: str, below: str
    ) -> Parts:
        if d.unknown is not None:
            return Parts("words", [self._of_policy(d)], left_out=[d.unknown])
        if d.decided_by and above == "passed":
            return Parts("words", self._deciding(unit, d), assumed=[f"0, because of {d.because}"])
        if d.place is not None:
            return Parts("words", [self._of_policy(d), *self._expression(entry, d)])
        shares = self.shares.of(entry, d.id)
        by_count = all(s.applies <= 0 for s in shares.values())
        sides = [
            [
                self._rule(unit, rule, name, amount_of(s, name, by_count), s)
                for rule, s in shares.items()
                if s.tally.applicable
            ]
            for name in (above, below)
        ]
        assumed = ["no item has spend: each judgement weighs one"] if by_count else []
        return Parts("ratio", sides[0], sides[1], assumed=assumed)

    def _rule(
        self, unit: UnitHealth, rule: str, side: str, amount: float, share: PassedShare
    ) -> WhyInput:
        tally = share.tally
        says = f"{rule}: {side}, {tally.passed} of {tally.applicable} hold"
        failing = next((c.finding for c in unit.findings if c.finding.rule == rule), None)
        of = failing.subject if failing is not None else None
        return WhyInput(says, amount, self._failing(unit, rule), of=of)

    def _failing(self, unit: UnitHealth, rule: str) -> Place | None:
        """Return where a rule fails first, else where it is written."""
        failing: Finding | None = next(
            (c.finding for c in unit.findings if c.finding.rule == rule), None
        )
        return failing.place if failing is not None else self.shares.rule_place(rule)

    def _deciding(self, unit: UnitHealth, d: DimensionHealth) -> list[WhyInput]:
        return [finding_input(c.finding) for c in unit.findings if c.finding.rule in d.decided_by]

    def _of_policy(self, d: DimensionHealth) -> WhyInput:
        text = self.shares.expression(d.id)
        return WhyInput(f"dimension {d.id}", text or "rules", d.place)

    def _expression(self, entry: UnitEntry, d: DimensionHealth) -> list[WhyInput]:
        reader = self.reader
        return [i for name in self.shares.fields_read(d.id) for i in reader.read(entry, name)]

    def _plain_count(self, entry: UnitEntry, d: DimensionHealth) -> Parts:
        if d.count is None or d.decided_by:
            return Parts("words", [self._of_policy(d)], left_out=[d.unknown or "not counted"])
        tallies = {rule: share.tally for rule, share in self.shares.of(entry, d.id).items()}
        above = [WhyInput(f"{rule}: hold", t.passed, self.shares.rule_place(rule)) for rule, t in tallies.items() if t.applicable]  # fmt: skip
        below = [WhyInput(f"{rule}: judged", t.passed + t.failed + t.waived, self.shares.rule_place(rule)) for rule, t in tallies.items() if t.applicable]  # fmt: skip
        return Parts("ratio", above, below)

    def _tally(self, entry: UnitEntry, d: DimensionHealth, name: str) -> Parts:
        unit = self.units[entry.record.id]
        shares = self.shares.of(entry, d.id) if d.place is None else {}
        return Parts(
            "sum",
            [
                WhyInput(rule, number, self._failing(unit, rule))
                for rule, share in shares.items()
                if (number := getattr(share.tally, name))
            ],
        )

    def _without_spend(self, entry: UnitEntry, d: DimensionHealth) -> Parts:
        shares = self.shares.of(entry, d.id) if d.place is None else {}
        by_count = all(s.applies <= 0 for s in shares.values())
        return Parts(
            "sum",
            [
                WhyInput(rule, share.without_spend, self.shares.rule_place(rule))
                for rule, share in shares.items()
                if share.without_spend and not by_count
            ],
        )

    def _weight(self, d: DimensionHealth) -> Parts:
        return Parts(
            "words", [self.reader.policy("weight", d.weight, *self.shares.route(d.id), "weight")]
        )

    def _lost(self, unit: UnitHealth, d: DimensionHealth) -> Parts:
        prefix = f"dimensions.{d.id}"
        inputs = [
            self._same(unit, f"{prefix}.weight", d.weight, "weight"),
            self._same(unit, f"{prefix}.score", d.score, "score"),
            self._same(unit, f"{prefix}.evidence", d.evidence, "evidence"),
            self._same(unit, "coverage", unit.coverage),
        ]
        inputs += [
            finding_input(c.finding, c.uncapped) for c in unit.findings if d.id in c.dimensions
        ]
        return Parts("words", inputs)

    # -- caps and points -------------------------------------------------------------------

    def _cap(self, unit: UnitHealth, cap: CapInForce, prefix: str) -> Iterator[Figure]:
        def limit() -> Parts:
            said = WhyInput(cap.because, cap.at_most, cap.place)
            return Parts("words", [said], assumed=_undecided([cap]))

        def points() -> Parts:
            caps = [
                self._same(unit, f"caps.{n}.at_most", c.at_most, c.because)
                for n, c in enumerate(unit.caps, 1)
            ]
            return Parts("words", [self._same(unit, "measured", unit.measured), *caps])

        words = f"The highest score while it applies: {cap.because}."
        yield Figure(f"{prefix}.at_most", cap.at_most, words, limit)
        words = (
            "Points that the score gains where this cap holds no longer and all else is as it is."
        )
        yield Figure(f"{prefix}.points", cap.points, words, points)

    def _points(self, unit: UnitHealth, costly: CostlyFinding, prefix: str) -> Iterator[Figure]:
        def parts() -> Parts:
            finding = costly.finding
            inputs = [finding_input(finding)]
            for name in costly.dimensions:
                full = f"dimensions.{name}.score"
                score = next(d.score for d in unit.dimensions if d.id == name)
                inputs.append(self._same(unit, full, score))
            inputs.append(self._same(unit, "measured", unit.measured))
            assumed = [f"capped at {c.at_most:g}: {c.because}" for c in unit.caps]
            return Parts("words", inputs, assumed=assumed)

        yield Figure(f"{prefix}.points", costly.points, _POINTS, parts)
        words = f"{_POINTS} As if no cap held."
        yield Figure(f"{prefix}.uncapped_points", costly.uncapped, words, parts)


_SCORE = "What was measured, at most the lowest cap in force; none below enough evidence."
_BAND = "Healthy or attention from these scores on, else at risk; without enough evidence, none."
_MEASURED = "100 × the sum of weight × what holds, divided by the sum of weight × what was judged."
_COVERAGE = "The sum of weight × evidence, divided by the sum of weight."
_DIMENSION = "What holds of what was judged, by the spend that each subject stands for."
_LOST = "Points of the total that it costs, before caps: 100 × weight × what does not hold, by weight judged."
_POINTS = "Points gained where this one verdict is a pass and all else is as it is."


def finding_input(finding: Finding, points: float | None = None) -> WhyInput:
    """Return a finding as an input: its points, else what it says."""
    says, of = f"{finding.rule}: {finding.subject.id}", finding.subject
    return WhyInput(says, finding.message if points is None else points, finding.place, of=of)


def findings_by_name(findings: Sequence[CostlyFinding]) -> dict[str, CostlyFinding]:
    """Return findings by rule and subject, numbered from the second of the same on."""
    found: dict[str, CostlyFinding] = {}
    for costly in findings:
        name = first = f"{costly.finding.rule}.{costly.finding.subject.id}"
        number = 1
        while name in found:
            number += 1
            name = f"{first}.{number}"
        found[name] = costly
    return found


def points_name(unit: UnitHealth, costly: CostlyFinding) -> str:
    """Return the name of the figure of the points that a finding costs a unit."""
    found = findings_by_name(unit.findings)
    return next((f"findings.{name}.points" for name, c in found.items() if c is costly), "points")


def _unknown(unit: UnitHealth) -> list[str]:
    return [f"{d.title}: {d.unknown}" for d in unit.dimensions if d.unknown is not None]


def _undecided(caps: Sequence[CapInForce]) -> list[str]:
    return [
        f"the cap `{c.because}` could not be decided, so it is applied: {c.unevaluated}"
        for c in caps
        if c.unevaluated is not None
    ]
