"""Random portfolios with planned and realised money."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

ONE = datetime.timedelta(days=1)
FIRST = datetime.date(2023, 1, 1)
Json = dict[str, Any]

DATES = st.integers(0, 2200).map(lambda n: FIRST + ONE * n)
CENTS = st.integers(0, 10**8).map(lambda cents: cents / 100)
SIGNED = st.integers(-(10**6), 10**8).map(lambda cents: cents / 100)
BY_YEAR = st.lists(st.builds(lambda y, v: {"year": y, "value": v}, st.integers(2023, 2031), CENTS), max_size=4)  # fmt: skip
RESULTS = st.lists(
    st.fixed_dictionaries(
        {"date": DATES},
        optional={
            "value": SIGNED, "from": DATES, "actual": st.integers(0, 6),
            "confirmed_by": st.sampled_from(["bea", "owner", "manager", "tom"]),
        },
    ),
    max_size=4,
)  # fmt: skip
OUTCOMES = st.fixed_dictionaries(
    {"results": RESULTS},
    optional={
        "due": DATES, "value_from": DATES, "value_until": DATES, "forecast": BY_YEAR,
        "baseline": st.integers(1, 3), "target": st.integers(2, 4),
    },
).flatmap(
    lambda o: st.one_of(
        st.just(o), CENTS.map(lambda v: {**o, "value": v}), BY_YEAR.map(lambda p: {**o, "profile": p})
    )
)  # fmt: skip
ROWS = st.lists(
    st.fixed_dictionaries({"year": st.integers(2024, 2028)}, optional={"budget": CENTS, "actual": CENTS}),
    max_size=4,
)  # fmt: skip
VOLUMES = st.lists(
    st.fixed_dictionaries(
        {"year": st.integers(2024, 2027), "unit": st.sampled_from(["claim", "letter"]), "count": st.integers(0, 3)}
    ),
    max_size=3,
)  # fmt: skip
ITEMS = st.fixed_dictionaries(
    {"spend": ROWS, "outcomes": st.lists(OUTCOMES, max_size=3)},
    optional={
        "start": DATES, "ended": DATES, "type": st.just("service"), "volumes": VOLUMES,
        "stage": st.sampled_from(["proposed", "live", "stopped", "retired"]),
    },
)  # fmt: skip
BEA_LEFT = datetime.date(2026, 3, 31)
"""Bea is of the business and confirms what came; later results she can be no witness of."""
PEOPLE = [
    {"id": "owner", "name": "Olu Owner", "side": "business"},
    {"id": "manager", "name": "Mia Manager", "side": "business"},
    {"id": "bea", "name": "Bea", "side": "business", "left": BEA_LEFT},
    {"id": "tom", "name": "Tom", "side": "it"},
]


def write_portfolio(root: Path, units: list[list[Json]], month: int) -> None:
    """Write units `u0`, `u1` … with items `A-<unit>-<number>` and outcomes `o0`, `o1` …"""
    (root / "portfolios").mkdir()
    head = {"organisation": {"id": "o", "fiscal_year_start": month}, "people": PEOPLE}
    (root / "portfolios" / "organisation.yaml").write_text(yaml.safe_dump(head))
    for place, items in enumerate(units):
        for number, item in enumerate(items):
            item |= {"id": f"A-{place}-{number}", "title": "T", "outcome_owner": "owner"}
            item["outcomes"] = [{**o, "id": f"o{n}"} for n, o in enumerate(item["outcomes"])]
        unit = {"id": f"u{place}", "relationship_manager": "manager"}
        file = {"business_unit": unit, "investments": items}
        (root / "portfolios" / f"u{place}.yaml").write_text(yaml.safe_dump(file))
