"""Money freed and value lost by scenarios, computed once more from the YAML alone, to the cent."""

from __future__ import annotations

import calendar
import datetime
import json
from collections import defaultdict
from fractions import Fraction
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from itgov.cli.main import main

DAY = datetime.date(2026, 11, 23)
START = 4  # the fiscal year begins in April
YEAR = 2026
Json = dict[str, Any]


# -- the definitions, from docs/scenarios.md, without any of the program's code ---------------


def days_of(year: int) -> tuple[datetime.date, datetime.date]:
    return datetime.date(year, START, 1), datetime.date(year + 1, START, 1) - datetime.timedelta(1)


def expected(row: Json) -> Fraction:
    return Fraction(str(row.get("forecast", row.get("budget", 0))))


def unspent(row: Json) -> Fraction:
    return max(expected(row) - Fraction(str(row.get("actual", 0))), Fraction(0))


def later(day: datetime.date, months: int) -> datetime.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def committed(item: Json) -> dict[int, Fraction]:
    """Return what each year from the current one on costs; a proposal commits nothing."""
    found: dict[int, Fraction] = defaultdict(Fraction)
    if item["stage"] != "proposed":
        for row in item["spend"]:
            if row["year"] >= YEAR:
                found[row["year"]] = max(expected(row), Fraction(str(row.get("actual", 0))))
    return found


def freed(item: Json, changes: list[Json]) -> dict[int, Fraction]:
    """Return what the changes of an item free in each fiscal year; negative: add."""
    before = committed(item)
    if any("approve" in c for c in changes):
        item = item | {"stage": "approved"}
    if budgets := {c["year"]: c["budget"] for c in changes if "spend" in c}:
        rows = {row["year"]: dict(row) for row in item["spend"]}
        for year, budget in budgets.items():
            kept = {k: v for k, v in rows.get(year, {}).items() if k == "actual"}
            rows[year] = {"year": year, "budget": budget, **kept}
        item = item | {"spend": list(rows.values())}
    after = committed(item)
    for change in changes:
        if item["stage"] == "proposed":
            break
        if "stop" in change:
            for row in item["spend"]:
                first, last = days_of(row["year"])
                if row["year"] >= YEAR:
                    left = max((last - max(change["on"], first)).days + 1, 0)
                    share = Fraction(left, (last - first).days + 1)
                    after[row["year"]] -= min(expected(row) * share, unspent(row))
        elif "delay" in change:
            years, months = divmod(change["months"], 12)
            for row in item["spend"]:
                year = row["year"]
                if year >= YEAR:
                    after[year] -= unspent(row)
                    after[year + years] += unspent(row) * (12 - months) / 12
                    after[year + years + 1] += unspent(row) * months / 12
    return {year: before[year] - after[year] for year in {*before, *after}}


def planned(item: Json, outcome: Json, day: datetime.date) -> Fraction:
    """Return what is planned for one day."""
    if item["stage"] == "proposed":
        return Fraction(0)
    if item["stage"] == "stopped" and (item.get("was") == "proposed" or day >= item["from"]):
        return Fraction(0)
    if "profile" in outcome:
        amounts = {row["year"]: row["value"] for row in outcome["profile"]}
        begins = outcome.get("value_from") or days_of(min(amounts))[0]
    else:
        begins = outcome.get("value_from", outcome.get("due"))
        amounts = None
    if begins is None or day < begins or day > outcome.get("value_until", datetime.date.max):
        return Fraction(0)
    year = day.year - (day.month < START)
    first, last = days_of(year)
    if amounts is None:
        return Fraction(outcome["value"], (last - first).days + 1)
    return Fraction(amounts.get(year, 0), (last - max(first, begins)).days + 1)


def changed(item: Json, change: Json) -> Json:
    """Return an item as a change leaves it, as far as its value goes."""
    if "stop" in change:
        return item | {"stage": "stopped", "from": change["on"], "was": item["stage"]}
    if "approve" in change:
        return item | {"stage": "approved"}
    if "delay" not in change:
        return item
    outcomes = []
    years, months = divmod(change["months"], 12)
    for outcome in item["outcomes"]:
        moved = dict(outcome)
        for key in ("due", "value_from", "value_until"):
            if key in outcome:
                moved[key] = later(outcome[key], change["months"])
        if "profile" in outcome:
            amounts: dict[int, Fraction] = defaultdict(Fraction)
            for row in outcome["profile"]:
                amounts[row["year"] + years] += Fraction(row["value"] * (12 - months), 12)
                amounts[row["year"] + years + 1] += Fraction(row["value"] * months, 12)
            moved["profile"] = [{"year": y, "value": v} for y, v in amounts.items() if v]
        outcomes.append(moved)
    return item | {"outcomes": outcomes}


def value_by_year(items: list[tuple[Json, Json]]) -> dict[int, tuple[Fraction, Fraction]]:
    """Return what is lost and gained by fiscal year, of items before and after."""
    found: dict[int, tuple[Fraction, Fraction]] = {}
    for year in range(YEAR, YEAR + 4):
        lost = gained = Fraction(0)
        first, last = days_of(year)
        day = max(first, DAY + datetime.timedelta(1))
        days = [day + datetime.timedelta(n) for n in range((last - day).days + 1)]
        for before, after in items:
            for old, new in zip(before["outcomes"], after["outcomes"], strict=True):
                difference = sum(
                    (planned(after, new, d) - planned(before, old, d) for d in days), Fraction(0)
                )
                lost, gained = lost + max(-difference, 0), gained + max(difference, 0)
        found[year] = lost, gained
    return found


# -- random portfolios -----------------------------------------------------------------------

AMOUNTS = st.integers(0, 3_000_000)
DATES = st.dates(datetime.date(2025, 1, 1), datetime.date(2029, 12, 31))


@st.composite
def items(draw: st.DrawFn, number: int) -> Json:
    rows = []
    for year in draw(st.lists(st.integers(2024, 2029), unique=True, max_size=4)):
        row: Json = {"year": year}
        for key in ("budget", "actual", "forecast"):
            if draw(st.booleans()):
                row[key] = draw(AMOUNTS)
        rows.append(row)
    outcomes = []
    for index in range(draw(st.integers(0, 2))):
        outcome: Json = {"id": f"o{index}"}
        for key in ("due", "value_from", "value_until"):
            if draw(st.booleans()):
                outcome[key] = draw(DATES)
        if draw(st.booleans()):
            outcome["value"] = draw(st.integers(1, 2_000_000))
        else:
            years = draw(st.lists(st.integers(2026, 2029), unique=True, min_size=1, max_size=3))
            outcome["profile"] = [
                {"year": y, "value": draw(st.integers(1, 900_000))} for y in years
            ]
            outcome.pop("due", None)
            outcome.pop("value_from", None)
        outcomes.append(outcome)
    stage = draw(st.sampled_from(["proposed", "approved", "delivering", "live"]))
    return {
        "id": f"A-{number}", "title": f"Item {number}", "stage": stage, "spend": rows,
        "outcomes": outcomes,
    }  # fmt: skip


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Json], list[Json]]:
    found = [draw(items(number)) for number in range(draw(st.integers(1, 4)))]
    changes: list[Json] = []
    for item in found:
        name = item["id"]
        kinds = {draw(st.sampled_from(["stop", "delay", "spend", "none"])) for _ in range(2)}
        if item["stage"] == "proposed" and "stop" not in kinds and draw(st.booleans()):
            changes.append({"approve": name})
        if "stop" in kinds:
            on = draw(st.dates(DAY + datetime.timedelta(1), datetime.date(2028, 6, 30)))
            changes.append({"stop": name, "on": on})
        elif "delay" in kinds:
            changes.append({"delay": name, "months": draw(st.integers(1, 40))})
        if "spend" in kinds:
            year, budget = draw(st.integers(2026, 2029)), draw(AMOUNTS)
            changes.append({"spend": name, "year": year, "budget": budget})
    return found, changes


@given(case=cases())
def test_money_and_value_are_what_the_files_say(
    case: tuple[list[Json], list[Json]],
    tmp_path_factory: pytest.TempPathFactory,
    capfd: pytest.CaptureFixture[str],
) -> None:
    found, changes = case
    root = tmp_path_factory.mktemp("case")
    for folder in ("portfolios", "scenarios"):
        (root / folder).mkdir()
    organisation = {"organisation": {"id": "o", "currency": "EUR", "fiscal_year_start": START}}
    unit = {"business_unit": {"id": "u"}, "investments": found}
    scenario = {"scenario": {"id": "s", "changes": changes}}
    for path, data in (
        ("portfolios/organisation.yaml", organisation),
        ("portfolios/u.yaml", unit),
        ("scenarios/s.yaml", scenario),
    ):
        (root / path).write_text(yaml.safe_dump(data), encoding="utf-8")
    before = {p: p.read_bytes() for p in root.rglob("*.yaml")}
    assert main(["what-if", "s", str(root), "--format", "json", "--as-of", str(DAY)]) == 0
    assert {p: p.read_bytes() for p in root.rglob("*.yaml")} == before
    told = json.loads(capfd.readouterr().out)["scenarios"][0]

    money: dict[int, list[Fraction]] = defaultdict(lambda: [Fraction(0), Fraction(0)])
    pairs = []
    for item in found:
        mine = [c for c in changes if item["id"] in c.values()]
        for year, amount in freed(item, mine).items():
            money[year][amount < 0] += abs(amount)
        after = item
        for change in mine:
            after = changed(after, change)
        pairs.append((item, after))
    _same({y["year"]: (y["freed"], y["added"]) for y in told["money"]}, money)
    _same({y["year"]: (y["lost"], y["gained"]) for y in told["value"]}, value_by_year(pairs))


def _same(told: dict[int, tuple[float, float]], wanted: Any) -> None:
    for year in {*told, *wanted}:
        mine = told.get(year, (0, 0))
        theirs = wanted.get(year, (0, 0)) if isinstance(wanted, dict) else (0, 0)
        for a, b in zip(mine, theirs, strict=True):
            assert abs(Fraction(a) - b) < Fraction(1, 100), (year, mine, theirs)
