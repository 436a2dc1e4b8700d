"""A made-up portfolio of any size: the same files for the same size, whenever it is made."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

AS_OF = "2026-11-23"
Findings = Literal["few", "some", "many"]
_THINGS = (
    "claims",
    "payments",
    "lending",
    "pensions",
    "onboarding",
    "payroll",
    "branches",
    "fraud",
)
_KINDS = ("platform", "register", "portal", "desk", "data hub", "renewal", "reporting", "archive")
_MEASURES = (
    ("Median days from request to decision", "days", 21, 5),
    ("Calls that end without a second call, per cent", "per cent", 61, 80),
    ("Cost of a transaction", "pence", 240, 95),
    ("Customers who say they would come back, per cent", "per cent", 44, 60),
)
_CLAIMED_AGAIN, _LATER = 2_500, 60
"""Of so many items one claims a benefit that another one claims, so many items later: at every size the same
share.  No others have measure and money alike by chance."""
_FIRST = ("Ada", "Bea", "Carlo", "Dina", "Emre", "Femi", "Greta", "Hugo", "Inés", "Jonas", "Zoë")
_SYLLABLES = ("ba", "dor", "fen", "ga", "kel", "li", "mar", "no", "ri", "sa", "tu", "wen")


class Size(NamedTuple):
    """How large a portfolio is, and how much of it is not as the rules ask."""

    investments: int
    files: int
    """One for each business unit, beside the organisation's own."""
    findings: Findings = "some"
    """About 0.03, 0.4 or 4 of each investment."""
    more_people: int = 0
    """People whom nothing names, beside 1.2 of each unit and a manager for five units."""

    @property
    def people(self) -> int:
        """How many people may be named, managers apart: half of them of the business."""
        return max(self.files * 6 // 5, 20) // 2 * 2

    @property
    def managers(self) -> int:
        """How many relationship managers there are."""
        return max(self.files // 5, 1)


def write_portfolio(folder: Path, size: Size) -> int:
    """Write a portfolio under `folder`, a file at a time; return its bytes."""
    place = folder / "portfolios"
    place.mkdir(parents=True)
    total = 0
    for name, text in portfolio_files(size):
        total += (place / name).write_bytes(text.encode())
    return total


def portfolio_files(size: Size) -> Iterator[tuple[str, str]]:
    """Make the name and the text of one portfolio file after another."""
    chance = random.Random(20261123)
    units = [f"unit-{number:04d}" for number in range(size.files)]
    yield "organisation.yaml", _organisation(size, units)
    made = 0
    for number, unit in enumerate(units):
        count = size.investments * (number + 1) // size.files - made
        yield f"{unit}.yaml", _Unit(size, chance, number).text(unit, made, count)
        made += count


def _name(number: int) -> str:
    """Return a name that nobody else has."""
    left, family = number + len(_SYLLABLES), ""
    while left:
        left, syllable = divmod(left, len(_SYLLABLES))
        family += _SYLLABLES[syllable]
    return f"{_FIRST[number % len(_FIRST)]} {family.capitalize()}"


def _id(name: str) -> str:
    return name.lower().replace(" ", ".").replace("ë", "e").replace("é", "e")


def _organisation(size: Size, units: list[str]) -> str:
    rows = [
        "organisation:",
        "  id: big",
        "  name: Big & Sons",
        "  currency: EUR",
        "  vocabulary: {relationship_manager: Business partner, outcome_owner: Benefit owner}",
        "people:",
    ]
    for number in range(size.people):
        name, side = _name(number), "it" if number % 2 else "business"
        rows.append(f"  - id: {_id(name)}")
        rows.append(f"    name: {name}")
        rows.append(f"    email: {_id(name)}@example.org")
        rows.append(f"    side: {side}")
        if number == 38 and size.findings == "some":
            rows.append("    left: 2026-05-31")
    for number in range(size.managers):
        name = _name(size.people + number)
        about = f"name: {name}, email: {_id(name)}@example.org, side: business"
        rows.append(f"  - {{id: {_id(name)}, {about}}}")
    first = size.people + size.managers
    for number in range(first, first + size.more_people):
        name = _name(number)
        unit = units[number % len(units)]
        about = f"name: {name}, email: {_id(name)}@example.org, side: business"
        rows.append(f"  - {{id: {_id(name)}, {about}, business_unit: {unit}}}")
    rows.append("relationship_managers:")
    for number in range(size.managers):
        serves = ", ".join(units[number :: size.managers])
        rows += [
            f"  - person: {_id(_name(size.people + number))}",
            "    title: Business partner",
            f"    serves: [{serves}]",
            "    represents: customer",
            f"    position: {('bridge', 'embedded', 'native')[number % 3]}",
            "    position_since: 2026-02-01",
            "    native_by: 2027-06-30",
            f"    reports_to: {_id(_name(number * 2 % size.people))}",
            "    dedication: 0.8",
        ]
    return "\n".join(rows) + "\n"


class _Unit:
    """Makes the text of one business unit."""

    def __init__(self, size: Size, chance: random.Random, number: int) -> None:
        self.size = size
        self.chance = chance
        self.number = number
        self.manager = _id(_name(size.people + number % size.managers))

    def text(self, unit: str, first: int, count: int) -> str:
        """Return the text of a unit with `count` investments, numbered from `first`."""
        number, head = self.number, self._business(self.number)
        rows = [
            f"# {unit}: one of many",
            "business_unit:",
            f"  id: {unit}",
            f"  name: Unit {number}",
            f"  head: {head}",
            f"  relationship_manager: {self.manager}",
            "  engagement_cadence_days: 45",
            "  relationship_levels:",
            "    - {on: 2026-09-01, business: 3, it: 4}",
            "  objectives:",
            "    - id: quicker",
            "      statement: Settle nine in ten requests within a week",
            "investments:",
        ]
        for index in range(first, first + count):
            self._investment(rows, index)
        rows.append("engagements:")
        for month in range(5, 11):
            rows += [
                f"  - date: 2026-{month:02d}-{10 + number % 15}",
                f"    kind: {self.chance.choice(('review', 'planning', 'service'))}",
                f"    by: {self.manager}",
                f"    with: [{head}]",
                "    summary: Agreed what comes first, and who asks the branches",
                f"    satisfaction: {{score: {self.chance.choice((3, 4, 4, 5))}, by: {head}}}",
                "    actions:",
                f"      - {{what: Ask the branches, owner: {head},"
                f" due: 2026-{month + 1:02d}-20, done: 2026-{month + 1:02d}-18}}",
            ]
        return "\n".join(rows) + "\n"

    def _business(self, number: int) -> str:
        return _id(_name(number * 2 % self.size.people))

    def _it(self, number: int) -> str:
        return _id(_name((number * 2 + 1) % self.size.people))

    def _lacks(self, share: float, in_many: bool = False) -> bool:
        """Say whether an investment lacks what a share of them lacks where there are some findings."""
        drawn = self.chance.random()
        match self.size.findings:
            case "few":
                return drawn < share / 50
            case "some":
                return drawn < share
            case "many":
                return in_many or drawn < share

    def _investment(self, rows: list[str], index: int) -> None:
        """Add one investment: some told in full, more in brief; a few lack what governance asks for."""
        chance, unit = self.chance, self.number
        service = index % 3 == 0
        in_full = chance.random() < 0.25 or index % _CLAIMED_AGAIN in (0, _LATER)
        stage = (
            "live" if service else chance.choice(("approved", "delivering", "delivering", "live"))
        )
        thing, kind = chance.choice(_THINGS), chance.choice(_KINDS)
        budget = chance.randrange(40, 2000) * 1000
        rows += [
            f"  - id: INV-{index:06d}",
            f"    title: {thing.capitalize()} {kind} {index}",
            f"    type: {'service' if service else 'investment'}",
            f"    purpose: {'run' if service else chance.choice(('grow', 'transform'))}",
            f"    stage: {stage}",
        ]
        if not self._lacks(0.04, in_many=True):
            rows.append(f"    outcome_owner: {self._business(index % 100 + unit)}")
        if not self._lacks(0.03):
            rows.append(f"    relationship_manager: {self.manager}")
        if self.size.findings != "many":
            rows.append(f"    sponsor: {self._business(index % 100 + unit + 5)}")
        rows += [
            f"    summary: Lets a customer follow {thing} without calling",
            "    objective: quicker",
            "    start: 2025-04-01",
            "    end: 2027-12-31",
            f"    last_reviewed: 2026-{chance.choice((8, 9, 10)):02d}-20",
            f"    next_review: {'2026-11-01' if self._lacks(0.05, in_many=True) else '2027-02-20'}",
        ]
        if in_full or stage == "delivering":
            rows += [
                f"    delivery_lead: {self._it(index)}",
                f"    confidence: {chance.choice(('green', 'amber-green', 'amber'))}",
                f"    confidence_by: {self._business(index + 7)}",
                f"    confidence_on: 2026-{4 if self._lacks(0.03) else chance.choice((9, 10)):02d}-15",
                "    gates:",
                f"      - {{gate: business-case, on: 2025-02-10, approved_by: {self._business(unit)}}}",
                "    business_changes:",
                "      - Staff hand requests over at the counter",
            ]
        rows += [
            "    spend:",
            f"      - {{year: 2025, budget: {budget}, actual: {budget * 24 // 25}}}",
            f"      - {{year: 2026, budget: {budget * 2}, actual: {budget}, forecast: {budget * 2}}}",
        ]
        waived = None if self._lacks(0.05) else self._outcome(rows, thing, budget, index, in_full)
        if waived:
            rows += [
                "    waivers:",
                f"      - rule: {waived}",
                "        reason: The baseline is being measured again after the merger",
                "        until: 2027-03-31",
                f"        approved_by: {self._business(index + 111)}",
            ]
        if index % 7 == 0:
            rows.append('    custom: {tbm_tower: Applications, cost_centre: "4711"}')

    def _outcome(
        self, rows: list[str], thing: str, budget: int, index: int, in_full: bool
    ) -> str | None:
        """Add an outcome; return the rule that it fails and that is waived."""
        chance, waived = self.chance, None
        measure, measured_in, baseline, target = chance.choice(_MEASURES)
        benefit = index
        if index % _CLAIMED_AGAIN in (0, _LATER):
            benefit = index // _CLAIMED_AGAIN * _CLAIMED_AGAIN
            measure, measured_in, baseline, target = _MEASURES[0]
        rows += [
            "    outcomes:",
            "      - id: better",
            f"        statement: {thing.capitalize()} are settled faster",
            f"        measure: {measure}",
            f"        unit: {measured_in}",
        ]
        if not self._lacks(0.06, in_many=True):
            rows.append(f"        baseline: {baseline}")
        elif self.size.findings != "many" and chance.random() < 0.5:
            waived = "VAL-004"
        rows.append(f"        target: {target}")
        rows.append(f"        due: {chance.choice(('2026-08-31', *['2027-03-31'] * 12))}")
        if in_full:
            rows.append(f"        value: {40_000 + 7 * benefit}")
        if not self._lacks(0.4):
            actual, value = (baseline + target) / 2, budget // 5
            rows += [
                "        results:",
                f"          - {{date: 2026-06-30, actual: {actual}, value: {value},"
                ' evidence: "https://example.org/q2.pdf"}',
            ]
        return waived
