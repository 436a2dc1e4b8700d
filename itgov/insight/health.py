"""Measure: engagement health of every business unit, explained down to the line.

`measure_health` is a pure function of a portfolio, its verdicts and the rules in force.  The
formulas, and what is promised of them, are in `docs/health.md`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice

from msgspec import Struct

from itgov.files.linked import Linked
from itgov.files.places import locate
from itgov.insight.attention import attention_rank
from itgov.insight.dimension_health import MeasuredDimension, expressed, ruled, with_loss
from itgov.insight.health_cel import CapAnswer, HealthExpressions, cap_words, fields_of
from itgov.insight.health_types import (
    CapInForce,
    CostlyFinding,
    HealthReport,
    Settings,
    UnitHealth,
)
from itgov.insight.imported_marks import marks_of
from itgov.insight.scoring import band_of, capped, score_of, tidy, total
from itgov.insight.shares import PassedShare, UnitWeights
from itgov.insight.unread import unread
from itgov.model.finding import Finding
from itgov.model.portfolio import UnitEntry
from itgov.rules.catalogue import RuleBook
from itgov.rules.language import SubjectName
from itgov.rules.verdicts import Judged, Verdicts

NEXT_STEPS = 3
"""How many findings a unit is advised to fix first."""


def measure_health(
    linked: Linked, judged: Judged, book: RuleBook, only: Collection[str] | None = None
) -> HealthReport:
    """Return the engagement health of every business unit of a judged portfolio, or `only` of some.

    A rule that a dimension names and that is not in force is left out of it.
    """
    return _Measure(linked, judged, book).report(only)


def shares_of_rules(
    linked: Linked, judged: Judged, book: RuleBook, unit: UnitEntry
) -> dict[str, PassedShare]:
    """Return how each rule that counts in a dimension ended on a unit's subjects, by weight."""
    measure = _Measure(linked, judged, book)
    weights = UnitWeights(unit, measure.portfolio)
    return {rule: measure._rule(unit.record.id, rule, weights) for rule in measure.rules}


class _Column(Struct, frozen=True):
    """Where a rule's verdicts are: the kind of its subjects, and its place among their rules."""

    kind: SubjectName
    index: int
    width: int


class _Failing(Struct, frozen=True):
    """What failures of a rule have in common in a unit."""

    weights: Mapping[str, float]
    """Those of the subjects, by id."""
    names: tuple[str, ...]
    """The dimensions that count the rule."""
    changed: tuple[MeasuredDimension, ...]
    """Those of them that change where one of the failures passes."""
    decides: bool


class _Measure:
    def __init__(self, linked: Linked, judged: Judged, book: RuleBook) -> None:
        self.linked = linked
        self.portfolio = linked.portfolio
        self.judged = judged
        self.health = book.health
        bands = self.health.bands
        health = self.health
        self.settings = Settings(
            bands.healthy, bands.attention, health.enough_evidence, health.grace_days,
            None if book.health_shipped else book.health_path,
        )  # fmt: skip
        self.expressions = HealthExpressions(linked.portfolio, book)
        self.columns = {
            rule: _Column(kind, index, len(rules))
            for kind, rules in judged.order.items()
            for index, rule in enumerate(rules)
        }
        self.rules: dict[str, list[int]] = {}
        """The dimensions, by their place, that a rule counts in."""
        for place, dimension in enumerate(self.health.dimensions):
            if not dimension.score:
                for rule in dict.fromkeys(dimension.rules):
                    if rule in self.columns:
                        self.rules.setdefault(rule, []).append(place)
        self.whole = {v.kind: v for v in judged.verdicts if v.unit is None}
        self.of_unit: dict[str, dict[SubjectName, Verdicts]] = {}
        for verdicts in judged.verdicts:
            if verdicts.unit is not None:
                self.of_unit.setdefault(verdicts.unit, {})[verdicts.kind] = verdicts
        self.headings = {name: rule.heading for name, rule in book.info().items()}
        self.speakers = self._speakers()
        self.findings = self._findings()

    def report(self, only: Collection[str] | None) -> HealthReport:
        organisation = self.portfolio.organisation.record
        wanted = [u for i, u in self.portfolio.units.items() if only is None or i in only]
        units = tuple(self._unit(unit) for unit in wanted)
        return HealthReport(
            as_of=self.portfolio.today,
            organisation=organisation.name or organisation.id,
            settings=self.settings,
            units=units,
            problems=self.expressions.problems(),
            unread=unread(self.linked),
        )

    # -- whose subjects --------------------------------------------------------------------

    def _speakers(self) -> dict[tuple[str, SubjectName], list[int]]:
        """Return, for each unit, which subjects of the whole speak for it.

        A relationship manager speaks for every unit served, a person for their own unit, and the
        organisation for all.
        """
        found: dict[tuple[str, SubjectName], list[int]] = {}
        managers, people = self.portfolio.managers, self.portfolio.people
        for index, manager in enumerate(managers.values()):
            for unit in manager.facts.business_units:
                found.setdefault((unit, "relationship_manager"), []).append(index)
        for index, person in enumerate(people.values()):
            if person.record.business_unit is not None:
                found.setdefault((person.record.business_unit, "person"), []).append(index)
        for unit in self.portfolio.units:
            found[unit, "organisation"] = [0]
        return found

    def _findings(self) -> dict[str, list[Finding]]:
        """Return every finding that costs points by the unit that loses them, sorted by place."""
        found: dict[str, list[Finding]] = {}
        managers = self.portfolio.managers
        kinds = {rule: self.columns[rule].kind for rule in self.rules}
        for finding in self.judged.findings:
            kind = kinds.get(finding.rule)
            if kind is None or finding.subject.kind != kind:
                continue
            units: Sequence[str] = (finding.business_unit,) if finding.business_unit else ()
            if kind == "relationship_manager":
                manager = managers.get(finding.subject.id)
                units = manager.facts.business_units if manager is not None else ()
            elif kind == "organisation":
                units = tuple(self.portfolio.units)
            for unit in units:
                found.setdefault(unit, []).append(finding)
        return found

    def _subjects(self, unit: str, kind: SubjectName) -> list[str]:
        verdicts = self.of_unit.get(unit, {}).get(kind)
        if verdicts is not None:
            return verdicts.subjects
        whole = self.whole.get(kind)
        if whole is None:
            return []
        return [whole.subjects[i] for i in self.speakers.get((unit, kind), ())]

    def _rule(self, unit: str, rule: str, weights: UnitWeights) -> PassedShare:
        """Return how a rule ended on the subjects that speak for a unit."""
        column = self.columns[rule]
        subjects = self._subjects(unit, column.kind)
        if not subjects:
            return PassedShare()
        verdicts = self.of_unit.get(unit, {}).get(column.kind)
        if verdicts is not None:
            ended = verdicts.table[column.index :: column.width]
        else:
            table = self.whole[column.kind].table
            rows = self.speakers.get((unit, column.kind), ())
            ended = bytes(table[row * column.width + column.index] for row in rows)
        return weights.held(column.kind, ended, subjects)

    # -- one unit --------------------------------------------------------------------------

    def _unit(self, unit: UnitEntry) -> UnitHealth:
        identifier = unit.record.id
        weights = UnitWeights(unit, self.portfolio)
        scope = self.expressions.scope(unit)
        ended = {rule: self._rule(identifier, rule, weights) for rule in self.rules}
        dimensions = []
        for dimension in self.health.dimensions:
            if dimension.score:
                score, unknown = self.expressions.score(dimension, unit, scope)
                place = self.expressions.place_of(dimension)
                dimensions.append(expressed(dimension, score, unknown, place))
            else:
                dimensions.append(ruled(dimension, ended, self.headings))
        found = total(d.part for d in dimensions)
        counted = sum(d.part.weight * d.part.counted for d in dimensions)
        answers = self.expressions.caps(unit, scope)
        cap = min((a.cap.at_most for a in answers), default=None)
        score = score_of(found, cap, self.settings)
        costly = self._costly(unit, weights, dimensions, cap)
        findings = sorted(costly, key=lambda c: attention_rank(c.finding, c.uncapped))
        caps = tuple(self._caps(unit, answers, found.measured))
        return UnitHealth(
            id=identifier,
            name=unit.name,
            place=locate(self.linked.documents, unit.source, None),
            score=score,
            band=band_of(score, self.settings),
            coverage=found.coverage,
            measured=found.measured,
            capped_by=(caps[0] if score is not None and found.measured != score and caps else None),
            caps=caps,
            dimensions=tuple(with_loss(d, counted) for d in dimensions),
            findings=tuple(findings),
            next_steps=tuple(islice(filter(_is_step, findings), NEXT_STEPS)),
            imported=marks_of(unit.investments),
        )

    def _caps(
        self, unit: UnitEntry, answers: Sequence[CapAnswer], measured: float | None
    ) -> Iterator[CapInForce]:
        """Return the caps in force, and what the score gains where each holds no longer."""
        limits = [answer.cap.at_most for answer in answers]
        for index, answer in enumerate(answers):
            points = 0.0
            if measured is not None:
                others = [*limits[:index], *limits[index + 1 :]]
                now = capped(measured, min(limits))
                points = tidy(capped(measured, min(others, default=None)) - now)
            names = type(unit.record).__struct_encode_fields__
            field = next(iter(fields_of(answer.cap.when, names.__contains__)), None)
            yield CapInForce(
                answer.cap.at_most,
                cap_words(answer.cap),
                locate(self.linked.documents, unit.source, field),
                points,
                answer.unevaluated,
            )

    def _costly(
        self,
        unit: UnitEntry,
        weights: UnitWeights,
        dimensions: Sequence[MeasuredDimension],
        cap: float | None,
    ) -> Iterator[CostlyFinding]:
        """Return each finding with the points that come back when its verdict is a pass.

        The unit is scored again with that one verdict changed: of each dimension that counts the
        rule, only the sums of what holds (and, where it could not be evaluated, of what could be
        judged) change, by the subject's own weight.
        """
        identifier = unit.record.id
        weight = sum(d.part.weight for d in dimensions)
        held_now = sum(d.part.weight * d.part.held for d in dimensions)
        counted_now = sum(d.part.weight * d.part.counted for d in dimensions)
        before = 100 * held_now / counted_now if counted_now > 0 else 0.0
        now = capped(before, cap)
        in_rule: dict[tuple[str, bool], _Failing] = {}
        for finding in self.findings.get(identifier, ()):
            rule, unevaluated = finding.rule, finding.unevaluated
            failing = in_rule.get((rule, unevaluated))
            if failing is None:
                failing = self._failing(rule, unevaluated, dimensions, identifier, weights)
                in_rule[rule, unevaluated] = failing
            share = failing.weights.get(finding.subject.id, 0.0)
            held, counted = held_now, counted_now
            for measured in failing.changed:
                part = measured.part
                gain = (1.0 if measured.by_count else share) / measured.applies
                held += part.weight * (measured.held_otherwise + gain - part.held)
                evidence = part.evidence + (gain if unevaluated else 0)
                counted += part.weight * (evidence - part.counted)
            after = 100 * held / counted if weight > 0 and counted > 0 else before
            uncapped = tidy(after - before)
            points = uncapped if cap is None else tidy(capped(after, cap) - now)
            yield CostlyFinding(finding, failing.names, points, uncapped, failing.decides)

    def _failing(
        self,
        rule: str,
        unevaluated: bool,
        dimensions: Sequence[MeasuredDimension],
        unit: str,
        weights: UnitWeights,
    ) -> _Failing:
        """Return what failures of a rule have in common in a unit."""
        places = self.rules[rule]
        counting = [dimensions[p] for p in places if dimensions[p].applies > 0]
        decisive = [not unevaluated and rule in m.dimension.decisive for m in counting]
        kind = self.columns[rule].kind
        return _Failing(
            weights.by_subject(kind, partial(self._subjects, unit, kind)),
            tuple(self.health.dimensions[p].id for p in places),
            # where another failure decides as well, nothing comes back
            tuple(m for m, by in zip(counting, decisive, strict=True) if m.decisive <= by),
            any(decisive),
        )


def _is_step(costly: CostlyFinding) -> bool:
    """Say whether fixing a finding leads anywhere: to points, or to more that can be judged."""
    finding = costly.finding
    return not finding.waived and (costly.uncapped > 0 or costly.decides or finding.unevaluated)
