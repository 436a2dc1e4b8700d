"""Whose time money fell into, computed once more from the YAML alone, day by day, to the cent."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from itgov.cli.main import main

DAY = datetime.date(2026, 11, 23)
FIRST = datetime.date(2026, 2, 1)
PEOPLE = ("ann", "bob", "cleo")
Json = dict[str, Any]
ONE = datetime.timedelta(days=1)


# -- the definitions, from docs/managers.md and docs/value.md, without the program's code ----------


def fiscal_year(day: datetime.date) -> int:
    return day.year if day.month >= 4 else day.year - 1


def days_of(year: int) -> list[datetime.date]:
    first, end = datetime.date(year, 4, 1), datetime.date(year + 1, 4, 1)
    return [first + n * ONE for n in range((end - first).days)]


def by_day(
    amount: float, first: datetime.date, last: datetime.date
) -> Iterator[tuple[datetime.date, Fraction]]:
    count = (last - first).days + 1
    for n in range(count):
        yield first + n * ONE, Fraction(str(amount)) / count


def planned(item: Json) -> Iterator[tuple[datetime.date, Fraction]]:
    for outcome in item["outcomes"]:
        first = outcome.get("value_from")
        if first is None or item.get("stage") == "proposed":
            continue
        day = first
        while day <= min(DAY, outcome.get("value_until", DAY)):
            yield day, Fraction(str(outcome["value"])) / len(days_of(fiscal_year(day)))
            day += ONE


def realised(item: Json) -> Iterator[tuple[datetime.date, Fraction]]:
    for outcome in item["outcomes"]:
        last, before = None, None
        for result in sorted(outcome["results"], key=lambda r: r["date"]):
            if result["date"] > DAY:
                continue
            first = result.get("from")
            if first is None and before is not None:
                first = before + ONE
            elif first is None:
                first = min(outcome.get("value_from", result["date"]), result["date"])
            before = result["date"]
            if result.get("from") is not None and first > result["date"]:
                continue
            first = min(first, result["date"])
            if last is not None and first <= last:
                continue
            last = result["date"]
            yield from by_day(result["value"], first, last)


def spend(item: Json) -> Iterator[tuple[datetime.date, Fraction]]:
    for year in {row["year"] for row in item["spend"] if row["year"] <= fiscal_year(DAY)}:
        rows = [row for row in item["spend"] if row["year"] == year]
        actuals = [Fraction(str(row["actual"])) for row in rows if "actual" in row]
        budgets = [Fraction(str(row["budget"])) for row in rows if "budget" in row]
        if item.get("stage") == "proposed":
            budgets = []  # nobody has decided to spend it
        days = days_of(year)
        if actuals and year == fiscal_year(DAY):
            days = [day for day in days if day <= DAY]
        for day in days:
            if day <= DAY:
                yield day, sum(actuals or budgets, Fraction(0)) / len(days)


def holder(unit: Json, item: Json, day: datetime.date, left: Json) -> str | None:
    person = told_holder(unit, item, day)
    return None if person in left and left[person] < day else person


def told_holder(unit: Json, item: Json, day: datetime.date) -> str | None:
    lists = [(item["held"], item), (unit["held"], unit)]
    spans = []
    for rows, _ in lists:
        mine = [
            (r.get("from", datetime.date.min), min(r.get("to", DAY), DAY), r["person"])
            for r in rows
            if r["role"] == "relationship_manager"
        ]
        mine = [m for m in mine if m[0] <= m[1]]
        spans.append(mine)
        if mine and min(m[0] for m in mine) <= day <= max(m[1] for m in mine):
            people = {p for first, last, p in mine if first <= day <= last}
            return people.pop() if len(people) == 1 else None
    if any(last > day for mine in spans for _, last, _ in mine):
        return None  # before the first `from`
    return item.get("relationship_manager") or unit.get("relationship_manager")


# -- random portfolios -----------------------------------------------------------------------

DAYS = st.integers(0, 300).map(lambda n: FIRST + n * ONE)
CENTS = st.integers(-(10**7), 10**9).map(lambda cents: cents / 100)
HELD = st.lists(
    st.fixed_dictionaries(
        {
            "role": st.sampled_from(["relationship_manager", "outcome_owner"]),
            "person": st.sampled_from(PEOPLE),
        },
        optional={"from": DAYS, "to": DAYS},
    ),
    max_size=3,
)
NAMED = {"relationship_manager": st.sampled_from(PEOPLE)}
RESULTS = st.lists(
    st.fixed_dictionaries({"date": DAYS, "value": CENTS}, optional={"from": DAYS}), max_size=3
)
OUTCOMES = st.fixed_dictionaries(
    {"results": RESULTS, "value": CENTS}, optional={"value_from": DAYS, "value_until": DAYS}
)
SPEND = st.lists(
    st.fixed_dictionaries(
        {"year": st.integers(2024, 2027)}, optional={"budget": CENTS, "actual": CENTS}
    ),
    max_size=3,
)
ITEMS = st.fixed_dictionaries(
    {"held": HELD, "spend": SPEND, "outcomes": st.lists(OUTCOMES, max_size=2)},
    optional={**NAMED, "stage": st.sampled_from(["live", "proposed"])},
)
UNITS = st.fixed_dictionaries({"held": HELD}, optional=NAMED)
LEFT = st.dictionaries(st.sampled_from(PEOPLE), DAYS, max_size=2)
"""Who left, and on which day."""


@given(unit=UNITS, items=st.lists(ITEMS, min_size=1, max_size=2), left=LEFT)
def test_every_day_s_money_is_its_holder_s(
    unit: Json, items: list[Json], left: Json, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("p")
    written(root, unit, items, left)
    read = yaml.safe_load((root / "portfolios/u.yaml").read_text())
    wanted: dict[tuple[str | None, str, str], Fraction] = {}
    for item in read["investments"]:
        for figure, money in (("planned", planned), ("realised", realised), ("spend", spend)):
            for day, amount in money(item):
                key = holder(read["business_unit"], item, day, left), item["id"], figure
                wanted[key] = wanted.get(key, Fraction(0)) + amount
    said = told(root)
    found: dict[tuple[str | None, str, str], Fraction] = {}
    rows = [(m["person"], row) for m in (*said["managers"], *said["others"]) for row in m["tenure"]]
    rows += [(None, row) for row in said["uncredited"]]
    for person, row in rows:
        if row["role"] == "relationship_manager":
            for figure in ("planned", "realised", "spend"):
                key = person, row["subject"], figure
                found[key] = found.get(key, Fraction(0)) + Fraction(str(row[figure]))
    for key in wanted | found:
        assert abs(wanted.get(key, Fraction(0)) - found.get(key, Fraction(0))) < Fraction(1, 200), (
            key
        )
    for card in (*said["managers"], *said["others"]):
        for figure in ("planned", "realised", "spend"):
            mine = sum(f for (p, _, n), f in wanted.items() if (p, n) == (card["person"], figure))
            assert abs(Fraction(str(card[f"{figure}_to_date"])) - mine) < Fraction(1, 200)


@given(unit=UNITS, item=ITEMS, person=st.sampled_from(PEOPLE), after=st.integers(0, 400))
def test_a_handover_changes_nobody_s_past(
    unit: Json, item: Json, person: str, after: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whoever takes the post from a day on, no figure of a day before it is anybody else's."""
    item = {**item, "held": [], "relationship_manager": "ann"}
    unit = {**unit, "held": []}
    since = DAY - after * ONE
    before, later = tmp_path_factory.mktemp("p"), tmp_path_factory.mktemp("p")
    written(before, unit, [item])
    row = {"role": "relationship_manager", "person": "ann", "to": since - ONE}
    written(later, unit, [{**item, "held": [row], "relationship_manager": person}])
    was, now = told(before), told(later)
    wanted = {"planned": planned, "realised": realised, "spend": spend}
    for figure, money in wanted.items():
        kept = sum((amount for day, amount in money(item) if day < since), Fraction(0))
        total = total_of(was, "ann", figure)
        stayed = sum(
            (Fraction(str(r[figure])) for r in rows_of(now, "ann") if r["to"] == str(since - ONE)),
            Fraction(0),
        )
        assert abs(stayed - kept) < Fraction(1, 200), figure
        everybody = sum(total_of(now, p, figure) for p in PEOPLE)
        assert abs(everybody - total) < Fraction(1, 10**5), figure


def rows_of(said: Json, person: str) -> list[Json]:
    cards = [c for c in (*said["managers"], *said["others"]) if c["person"] == person]
    rows: list[Json] = [r for c in cards for r in c["tenure"]]
    return [r for r in rows if r["role"] == "relationship_manager"]


def total_of(said: Json, person: str, figure: str) -> Fraction:
    return sum((Fraction(str(r[figure])) for r in rows_of(said, person)), Fraction(0))


def written(root: Path, unit: Json, items: list[Json], left: Json | None = None) -> None:
    (root / "portfolios").mkdir()
    gone = left or {}
    people = [{"id": p, "name": p, **({"left": gone[p]} if p in gone else {})} for p in PEOPLE]
    organisation = {
        "organisation": {"id": "o", "fiscal_year_start": 4},
        "people": people,
        "relationship_managers": [{"person": "ann"}],
    }
    items = [
        {
            **item, "id": f"A-{n}", "title": "T",
            "outcomes": [{**o, "id": f"o{k}"} for k, o in enumerate(item["outcomes"])],
        }
        for n, item in enumerate(items)
    ]  # fmt: skip
    file = {"business_unit": {"id": "u", **unit}, "investments": items}
    (root / "portfolios/organisation.yaml").write_text(yaml.safe_dump(organisation))
    (root / "portfolios/u.yaml").write_text(yaml.safe_dump(file))


def told(root: Path) -> Json:
    output = root / "managers.json"
    arguments = ["managers", str(root), "--as-of", str(DAY), "--format", "json", "--output", str(output)]  # fmt: skip
    assert main(arguments) == 0
    found: Json = json.loads(output.read_text())
    return found


@given(
    unit=UNITS,
    items=st.lists(ITEMS, min_size=2, max_size=2),
    share=st.sampled_from([0.25, 0.5, 1]),
    left=LEFT,
)
def test_what_is_credited_and_what_is_nobody_s_add_up_to_all_value(
    unit: Json,
    items: list[Json],
    share: float,
    left: Json,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Also where a benefit is claimed twice, and counts by share."""
    root = tmp_path_factory.mktemp("p")
    claim = {"also_claimed_by": [{"outcome": "A-1/o0", "share": share}]}
    first, *rest = items[0]["outcomes"] or [{"results": [], "value": 1}]
    items[0] = {**items[0], "outcomes": [{**first, **claim}, *rest]}
    written(root, unit, items, left)
    said, output = told(root), root / "value.json"
    assert (
        main(["value", str(root), "--as-of", str(DAY), "--format", "json", "--output", str(output)])
        == 0
    )
    total = json.loads(output.read_text())["total"]
    for figure in ("planned", "realised", "spend"):
        credited = sum(card[f"{figure}_to_date"] for card in (*said["managers"], *said["others"]))
        nobody = sum(r[figure] for r in said["uncredited"] if r["role"] == "relationship_manager")
        assert abs(credited + nobody - total[f"{figure}_to_date"]) < 0.01, figure
