"""Planned and realised money, computed once more day by day from the YAML alone, to the cent."""

from __future__ import annotations

import datetime
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from itgov.cli.main import main

from ..support.random_money import BEA_LEFT, ITEMS, write_portfolio

DAY = datetime.date(2026, 11, 23)
ONE = datetime.timedelta(days=1)
GRACE = 90
Json = dict[str, Any]
Date = datetime.date
Days = dict[Date, Fraction]


# -- the definitions, from docs/value.md, without any of the program's code ------------------


def fiscal(day: Date, month: int) -> int:
    return day.year - (day.month < month)


def begins(year: int, month: int) -> Date:
    return Date(year, month, 1)


def days(first: Date, last: Date) -> list[Date]:
    return [first + ONE * n for n in range((last - first).days + 1)]


def exact(amount: Any) -> Fraction:
    return Fraction(str(amount))


def spread(rows: list[Json], start: Date | None, month: int) -> Days:
    """Amounts of fiscal years, each over its days, in the year of `start` over those from it."""
    found: Days = {}
    amounts: dict[int, Fraction] = {}
    for row in rows:
        amounts[row["year"]] = amounts.get(row["year"], Fraction(0)) + exact(row["value"])
    for year, amount in amounts.items():
        of_year = days(begins(year, month), begins(year + 1, month) - ONE)
        if start is not None:
            of_year = [d for d in of_year if d >= start]
        for day in of_year:
            found[day] = amount / len(of_year)
    return found


def first_of(outcome: Json, month: int) -> Date | None:
    start: Date | None = outcome.get("value_from") or outcome.get("due")
    if outcome.get("profile"):
        year = min(row["year"] for row in outcome["profile"])
        if not outcome.get("value_from") and (start is None or fiscal(start, month) != year):
            start = begins(year, month)
    return start


def plan(item: Json, outcome: Json, month: int, horizon: Date) -> Days | None:
    """The money of each planned day; None where nothing dated is promised."""
    start = first_of(outcome, month)
    if item.get("stage") == "proposed" or start is None:
        return None
    last = outcome.get("value_until") or horizon
    if item.get("stage") in ("stopped", "retired") and item.get("ended"):
        last = min(last, item["ended"])
    if outcome.get("profile"):
        if not any(row["value"] for row in outcome["profile"]):
            return None
        found = spread(outcome["profile"], start, month)
        return {d: a for d, a in found.items() if start <= d <= min(last, horizon)}
    if not outcome.get("value"):
        return None
    found = {}
    for day in days(start, min(last, horizon)):
        year = fiscal(day, month)
        length = (begins(year + 1, month) - begins(year, month)).days
        found[day] = exact(outcome["value"]) / length
    return found


def last_of(item: Json, outcome: Json) -> Date | None:
    over = item.get("ended") if item.get("stage") in ("stopped", "retired") else None
    ends = [outcome.get("value_until"), over]
    return min((d for d in ends if d is not None), default=None)


def came(item: Json, outcome: Json, month: int) -> list[tuple[Date, Date, Fraction, bool]]:
    """First and last day, money, and whether it is confirmed, of each value that counts."""
    valued = [r for r in outcome["results"] if r.get("value") is not None and r["date"] <= DAY]
    valued.sort(key=lambda r: r["date"])
    found: list[tuple[Date, Date, Fraction, bool]] = []
    before: Date | None = None
    for result in valued:
        last, first = result["date"], result.get("from")
        overlaps = False
        if first is None and before is not None:
            first = before + ONE
            overlaps = first > last  # a second value of the same day
        elif first is None:
            known = [d for d in (first_of(outcome, month), item.get("start")) if d is not None]
            first = min(max(known, default=last), last)
        before = last
        if first > last and not overlaps:
            continue
        if overlaps or (found and first <= found[-1][1]):
            continue
        by = result.get("confirmed_by")
        witness = by == "bea" and last <= BEA_LEFT
        found.append((first, last, exact(result["value"]), witness))
    return found


def by_day(values: list[tuple[Date, Date, Fraction, bool]]) -> Days:
    return {
        day: money / ((last - first).days + 1)
        for first, last, money, _ in values
        for day in days(first, last)
    }


def faded(outcome: Json) -> bool:
    figures = [r["actual"] for r in sorted(outcome["results"], key=lambda r: r["date"])
               if r.get("actual") is not None and r["date"] <= DAY]  # fmt: skip
    base, goal = outcome.get("baseline"), outcome.get("target")
    if base is None or goal is None or base == goal or not figures:
        return False
    there = [f >= goal if goal > base else f <= goal for f in figures]
    return any(there) and not there[-1]


def forecast_of(item: Json, outcome: Json, rows: list[Json], month: int) -> Days:
    """The money that the owner expects on each day of the years that some rows name."""
    if not rows or item.get("stage") == "proposed":
        return {}
    start, year = first_of(outcome, month), min(r["year"] for r in rows)
    inside = start is not None and fiscal(start, month) == year
    found = spread(rows, start if inside else None, month)
    if item.get("stage") in ("stopped", "retired") and item.get("ended"):
        found = {d: a for d, a in found.items() if d <= item["ended"]}
    return found


def figures(item: Json, outcome: Json, month: int) -> dict[str, Fraction]:
    horizon = begins(fiscal(DAY, month) + 4, month) - ONE
    planned = plan(item, outcome, month, horizon)
    values = came(item, outcome, month)
    money, found = by_day(values), dict.fromkeys(KEYS, Fraction(0))
    found["realised_to_date"] = sum((v[2] for v in values), Fraction(0))
    found["realised_confirmed"] = sum((v[2] for v in values if v[3]), Fraction(0))
    covered = {r["year"] for r in outcome.get("forecast", [])}
    ahead = days(DAY + ONE, horizon)
    to_come: dict[int, Fraction] = {}
    far = begins(max([*covered, 2031]) + 1, month)
    for day, amount in (plan(item, outcome, month, far) or {}).items():
        if day > DAY:
            to_come[fiscal(day, month)] = to_come.get(fiscal(day, month), Fraction(0)) + amount
    for apart in (False, True):
        rows = [r for r in outcome.get("forecast", []) if (not to_come.get(r["year"])) == apart]
        key = "expected_unplanned" if apart else "expected_to_come"
        expected = forecast_of(item, outcome, rows, month)
        found[key] = sum((expected.get(d, Fraction(0)) for d in ahead), Fraction(0))
    if planned is None:
        found["unplanned"] = found["realised_to_date"]
        return found
    start = first_of(outcome, month)
    assert start is not None
    past = {d: a for d, a in planned.items() if d <= DAY}
    last = values[-1][1] if values else None
    found["planned_to_date"] = sum(past.values(), Fraction(0))
    found["unmeasured_to_date"] = sum((a for d, a in past.items() if last is None or d > last), Fraction(0))  # fmt: skip
    found["early"] = sum((a for d, a in money.items() if d < start), Fraction(0))
    net = found["realised_to_date"] - found["early"]
    if (DAY - start).days > GRACE and (found["planned_to_date"] > 0 or net < 0):
        found["judged.planned"] = found["planned_to_date"]
        found["judged.realised"] = min(net, found["planned_to_date"])
    share, fades = Fraction(1), faded(outcome)
    if last is not None:
        since = Date(last.year - 1, 3, 1) if (last.month, last.day) == (2, 29) else last.replace(year=last.year - 1) + ONE  # fmt: skip
        of_year = [d for d in planned if since <= d <= last]
        held = sum((planned[d] for d in of_year), Fraction(0))
        window = days(max(since, start), min(last, last_of(item, outcome) or last))
        kept = sum((money.get(d, Fraction(0)) for d in window), Fraction(0))
        if held > 0 or kept < 0:  # a loss counts, whether or not anything was planned
            share = min(Fraction(1), max(Fraction(0), kept / held)) if held else Fraction(0)
            fades = fades or kept < held * Fraction(8, 10)
            if (DAY - last).days <= 365:
                found["held.planned"], found["held.realised"] = held, min(held, kept)
    found["planned_to_come"] = sum((planned.get(d, Fraction(0)) for d in ahead), Fraction(0))
    found["expected_assumed"] = share * sum(
        (planned.get(d, Fraction(0)) for d in ahead if fiscal(d, month) not in covered), Fraction(0)
    )
    found["expected_to_come"] += found["expected_assumed"]
    if fades:
        found["fading_to_come"] = found["planned_to_come"]
    return found


KEYS = (
    "planned_to_date", "realised_to_date", "realised_confirmed", "unmeasured_to_date", "early",
    "unplanned", "judged.planned", "judged.realised", "held.planned", "held.realised",
    "planned_to_come", "expected_to_come", "expected_assumed", "expected_unplanned",
    "fading_to_come",
)  # fmt: skip


def spent(item: Json, month: int) -> Fraction:
    total, current = Fraction(0), fiscal(DAY, month)
    for year in {r["year"] for r in item["spend"] if r["year"] <= current}:
        rows = [r for r in item["spend"] if r["year"] == year]
        actual = [exact(r["actual"]) for r in rows if r.get("actual") is not None]
        budget = sum((exact(r["budget"]) for r in rows if r.get("budget") is not None), Fraction(0))
        if year == current:
            first, end = begins(year, month), begins(year + 1, month)
            budget = budget * ((DAY - first).days + 1) / (end - first).days
        if item.get("stage") == "proposed":
            budget = Fraction(0)
        total += sum(actual, Fraction(0)) if actual else budget
    return total


def promises(item: Json, outcome: Json) -> bool:
    if item.get("stage") == "proposed":
        return False
    if outcome.get("profile"):
        return any(row["value"] for row in outcome["profile"])
    return bool(outcome.get("value"))


# -- the program's figures, of random portfolios ----------------------------------------------


@given(units=st.lists(st.lists(ITEMS, max_size=3), min_size=1, max_size=2), month=st.sampled_from([1, 4, 10]))  # fmt: skip
def test_every_figure_is_that_of_its_days(
    units: list[list[Json]], month: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("p")
    write_portfolio(root, units, month)
    said, curve = told(root, "--tree"), told(root, "--curve", "quarter")
    whole = dict.fromkeys(KEYS, Fraction(0))
    for place in range(len(units)):
        items = yaml.safe_load((root / "portfolios" / f"u{place}.yaml").read_text())["investments"]
        mine = dict.fromkeys(KEYS, Fraction(0))
        for item, node in zip(items, said["tree"][place]["items"], strict=True):
            for outcome, shown in zip(item["outcomes"], node["outcomes"], strict=True):
                wanted = figures(item, outcome, month)
                compare(shown["money"], wanted, [k for k in KEYS if k in shown["money"]])
                mine = {k: mine[k] + wanted[k] for k in KEYS}
        line = said["units"][place]
        compare(line, mine, KEYS)
        money = sum((spent(i, month) for i in items), Fraction(0))
        none = sum(
            (spent(i, month) for i in items if not any(promises(i, o) for o in i["outcomes"])),
            Fraction(0),
        )
        near(line["spend_to_date"], money)
        near(line["spend_promising_none"], none)
        over = [i for i in items if i.get("stage") == "stopped"]
        brought = [sum((v[2] for o in i["outcomes"] for v in came(i, o, month)), Fraction(0)) for i in over]  # fmt: skip
        near(line["spend_stopped"], sum((spent(i, month) for i in over), Fraction(0)))
        near(line["realised_stopped"], sum(brought, Fraction(0)))
        beyond = [max(0, spent(i, month) - max(0, b)) for i, b in zip(over, brought, strict=True)]
        near(line["spend_stopped_without_value"], sum(beyond, Fraction(0)))
        for item, node in zip(items, said["tree"][place]["items"], strict=True):
            check_unit_costs(item, node, month)
        ratio = mine["judged.planned"] and max(0, mine["judged.realised"] / mine["judged.planned"])
        if mine["judged.planned"] > 1:
            assert line["realised_ratio"] == pytest.approx(float(ratio), abs=1e-5)
        whole = {k: whole[k] + mine[k] for k in KEYS}
    compare(said["total"], whole, KEYS)
    [points] = [c["points"] for c in curve["curves"]]
    for key, name in (
        ("realised_to_date", "realised"), ("realised_confirmed", "confirmed"),
        ("unmeasured_to_date", "unmeasured"), ("expected_to_come", "expected"),
        ("expected_assumed", "assumed"), ("expected_unplanned", "expected_unplanned"), ("fading_to_come", "fading"),
    ):  # fmt: skip
        near(sum(exact(p[name]) for p in points), whole[key])
    near(sum(exact(p["planned"]) for p in points), whole["planned_to_date"] + whole["planned_to_come"])  # fmt: skip


def check_unit_costs(item: Json, node: Json, month: int) -> None:
    """What one unit cost in closed fiscal years, and which of them have no cost."""
    counts: dict[tuple[str, int], Fraction] = {}
    for row in item.get("volumes", []):
        if row["year"] < fiscal(DAY, month):
            key = row["unit"], row["year"]
            counts[key] = counts.get(key, Fraction(0)) + exact(row["count"])
    costs: dict[tuple[str, int], Fraction] = {}
    for (unit, year), count in counts.items():
        rows = [r for r in item["spend"] if r["year"] == year]
        actual = [exact(r["actual"]) for r in rows if "actual" in r]
        amounts = actual or [exact(r["budget"]) for r in rows if "budget" in r]
        if item.get("type") == "service" and count > 0 and amounts:
            costs[unit, year] = sum(amounts, Fraction(0)) / count
    shown = {(c["unit"], c["year"]): c["cost"] for c in node["unit_costs"]}
    assert shown == pytest.approx({key: float(cost) for key, cost in costs.items()})
    without = [said.rpartition(" (")[0] for said in node["volumes_without_cost"]]
    assert sorted(without) == sorted(f"{u} {y}" for u, y in counts.keys() - costs.keys())


def compare(line: Json, wanted: dict[str, Fraction], keys: Any) -> None:
    for key in keys:
        shown: Any = line
        for step in key.split("."):
            shown = shown[step]
        near(shown, wanted[key], key)


def near(shown: Any, wanted: Fraction, what: str = "") -> None:
    assert abs(exact(shown) - wanted) < Fraction(1, 200), (what, shown, float(wanted))


def told(root: Path, *arguments: str) -> Json:
    output = root / "value.json"
    code = main(
        ["value", str(root), "--as-of", str(DAY), "--format", "json", "--output", str(output), *arguments]
    )  # fmt: skip
    assert code == 0
    found: Json = json.loads(output.read_text())
    return found
