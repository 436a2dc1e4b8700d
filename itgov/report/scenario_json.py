"""`itgov what-if --format json`: for other programs; its shape is a promise (`docs/scenarios.md`)."""

from __future__ import annotations

from msgspec import Struct

from itgov.insight.scenario_types import (
    Candidate,
    Dependencies,
    Dependency,
    FreeMoney,
    Weighed,
    WhatIf,
)
from itgov.report.json_text import json_text

SCHEMA = 1


class _WhatIf(Struct):
    schema: int
    as_of: str
    organisation: str
    currency: str | None
    fiscal_year: int
    horizon: str
    scenarios: tuple[Weighed, ...]


class _Free(Struct):
    schema: int
    as_of: str
    organisation: str
    currency: str | None
    year: int
    on: str
    amount: float
    horizon: str
    without_spend: int
    enough: int | None
    ranked: tuple[Candidate, ...]
    not_ranked: tuple[Candidate, ...]


class _Dependencies(Struct):
    schema: int
    as_of: str
    organisation: str
    dependencies: tuple[Dependency, ...]


def dependencies_json(found: Dependencies) -> str:
    """Write down as one JSON object what depends on what."""
    day, name = found.as_of.isoformat(), found.organisation
    return json_text(_Dependencies(SCHEMA, day, name, found.dependencies))


def what_if_json(report: WhatIf) -> str:
    """Write scenarios down as one JSON object."""
    return json_text(
        _WhatIf(
            SCHEMA, report.as_of.isoformat(), report.organisation, report.currency,
            report.fiscal_year, report.horizon.isoformat(), report.scenarios,
        )
    )  # fmt: skip


def free_json(report: FreeMoney) -> str:
    """Write down as one JSON object what would free an amount."""
    return json_text(
        _Free(
            SCHEMA, report.as_of.isoformat(), report.organisation, report.currency, report.year,
            report.on.isoformat(), report.amount, report.horizon.isoformat(), report.without_spend, report.enough,
            report.ranked, report.apart,
        )
    )  # fmt: skip
