"""A made-up portfolio of any size: the same files for the same size, whenever it is made."""

from __future__ import annotations

import random
from pathlib import Path

AS_OF = "2026-11-23"
_PEOPLE = 240
_MANAGERS = 40
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


def write_portfolio(folder: Path, investments: int, files: int) -> int:
    """Write `investments` into `files` unit files under `folder`; return their bytes."""
    chance = random.Random(20261123)
    place = folder / "portfolios"
    place.mkdir(parents=True)
    units = [f"unit-{number:04d}" for number in range(files)]
    total = _write(place / "organisation.yaml", _organisation(units))
    made = 0
    for number, unit in enumerate(units):
        count = investments * (number + 1) // files - made
        total += _write(place / f"{unit}.yaml", _unit(chance, unit, number, made, count))
        made += count
    return total


def _write(path: Path, text: str) -> int:
    data = text.encode()
    path.write_bytes(data)
    return len(data)


def _business(number: int) -> str:
    return f"person.{number * 2 % _PEOPLE:03d}"


def _it(number: int) -> str:
    return f"person.{(number * 2 + 1) % _PEOPLE:03d}"


def _manager(number: int) -> str:
    return f"manager.{number % _MANAGERS:02d}"


def _organisation(units: list[str]) -> str:
    rows = [
        "organisation:",
        "  id: big",
        "  name: Big & Sons",
        "  currency: EUR",
        "  vocabulary: {relationship_manager: Business partner, outcome_owner: Benefit owner}",
        "people:",
    ]
    for number in range(_PEOPLE):
        side = "it" if number % 2 else "business"
        rows.append(f"  - id: person.{number:03d}")
        rows.append(f"    name: Zoë Person {number}")
        rows.append(f"    email: person{number}@example.org")
        rows.append(f"    side: {side}")
        if number == 38:
            rows.append("    left: 2026-05-31")
    for number in range(_MANAGERS):
        about = f"name: Manager {number}, email: manager{number}@example.org, side: business"
        rows.append(f"  - {{id: {_manager(number)}, {about}}}")
    rows.append("relationship_managers:")
    for number in range(_MANAGERS):
        serves = ", ".join(units[number::_MANAGERS][:12])
        rows += [
            f"  - person: {_manager(number)}",
            "    title: Business partner",
            f"    serves: [{serves}]",
            "    represents: customer",
            f"    position: {('bridge', 'embedded', 'native')[number % 3]}",
            "    position_since: 2026-02-01",
            "    native_by: 2027-06-30",
            f"    reports_to: {_business(number)}",
            "    dedication: 0.8",
        ]
    return "\n".join(rows) + "\n"


def _unit(chance: random.Random, unit: str, number: int, first: int, count: int) -> str:
    rows = [
        f"# {unit}: one of many",
        "business_unit:",
        f"  id: {unit}",
        f"  name: Unit {number}",
        f"  head: {_business(number)}",
        f"  relationship_manager: {_manager(number)}",
        "  engagement_cadence_days: 45",
        "  relationship_levels:",
        "    - {on: 2026-09-01, business: 3, it: 4}",
        "  objectives:",
        "    - id: quicker",
        "      statement: Settle nine in ten requests within a week",
        "investments:",
    ]
    for index in range(first, first + count):
        _investment(chance, rows, number, index)
    rows.append("engagements:")
    for month in range(5, 11):
        rows += [
            f"  - date: 2026-{month:02d}-{10 + number % 15}",
            f"    kind: {chance.choice(('review', 'planning', 'service'))}",
            f"    by: {_manager(number)}",
            f"    with: [{_business(number)}]",
            "    summary: Agreed what comes first, and who asks the branches",
            f"    satisfaction: {{score: {chance.choice((3, 4, 4, 5))}, by: {_business(number)}}}",
            "    actions:",
            f"      - {{what: Ask the branches, owner: {_business(number)},"
            f" due: 2026-{month + 1:02d}-20, done: 2026-{month + 1:02d}-18}}",
        ]
    return "\n".join(rows) + "\n"


def _investment(chance: random.Random, rows: list[str], unit: int, index: int) -> None:
    """Add one investment: some told in full, more in brief; a few lack what governance asks for."""
    service = index % 3 == 0
    in_full = chance.random() < 0.25
    stage = "live" if service else chance.choice(("approved", "delivering", "delivering", "live"))
    thing, kind = chance.choice(_THINGS), chance.choice(_KINDS)
    budget = chance.randrange(40, 2000) * 1000
    rows += [
        f"  - id: INV-{index:06d}",
        f"    title: {thing.capitalize()} {kind} {index}",
        f"    type: {'service' if service else 'investment'}",
        f"    purpose: {'run' if service else chance.choice(('grow', 'transform'))}",
        f"    stage: {stage}",
    ]
    if chance.random() > 0.04:
        rows.append(f"    outcome_owner: {_business(index % 100 + unit)}")
    if chance.random() > 0.03:
        rows.append(f"    relationship_manager: {_manager(unit)}")
    rows += [
        f"    sponsor: {_business(index % 100 + unit + 5)}",
        f"    summary: Lets a customer follow {thing} without calling",
        "    objective: quicker",
        "    start: 2025-04-01",
        "    end: 2027-12-31",
        f"    last_reviewed: 2026-{chance.choice((8, 9, 10)):02d}-20",
        f"    next_review: {chance.choice(('2026-11-01', *['2027-02-20'] * 19))}",
    ]
    if in_full or stage == "delivering":
        rows += [
            f"    delivery_lead: {_it(index)}",
            f"    confidence: {chance.choice(('green', 'amber-green', 'amber'))}",
            f"    confidence_by: {_business(index + 7)}",
            f"    confidence_on: 2026-{chance.choice((4, *[9] * 19, *[10] * 19)):02d}-15",
            "    gates:",
            f"      - {{gate: business-case, on: 2025-02-10, approved_by: {_business(unit)}}}",
            "    business_changes:",
            "      - Staff hand requests over at the counter",
        ]
    rows += [
        "    spend:",
        f"      - {{year: 2025, budget: {budget}, actual: {budget * 24 // 25}}}",
        f"      - {{year: 2026, budget: {budget * 2}, actual: {budget}, forecast: {budget * 2}}}",
    ]
    waived = None
    if chance.random() > 0.05:
        measure, measured_in, baseline, target = chance.choice(_MEASURES)
        rows += [
            "    outcomes:",
            "      - id: better",
            f"        statement: {thing.capitalize()} are settled faster",
            f"        measure: {measure}",
            f"        unit: {measured_in}",
        ]
        if chance.random() > 0.06:
            rows.append(f"        baseline: {baseline}")
        elif chance.random() < 0.5:
            waived = "VAL-004"
        rows.append(f"        target: {target}")
        rows.append(f"        due: {chance.choice(('2026-08-31', *['2027-03-31'] * 12))}")
        if in_full:
            rows.append(f"        value: {budget + index}")
        if chance.random() > 0.4:
            actual, value = (baseline + target) / 2, budget // 5
            rows += [
                "        results:",
                f"          - {{date: 2026-06-30, actual: {actual}, value: {value},"
                ' evidence: "https://example.org/q2.pdf"}',
            ]
    if waived:
        rows += [
            "    waivers:",
            f"      - rule: {waived}",
            "        reason: The baseline is being measured again after the merger",
            "        until: 2027-03-31",
            f"        approved_by: {_business(index + 111)}",
        ]
    if index % 7 == 0:
        rows.append('    custom: {tbm_tower: Applications, cost_centre: "4711"}')
