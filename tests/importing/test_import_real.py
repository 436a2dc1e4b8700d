"""The real public portfolios: every row accounted for, every file sound, nobody named."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from itgov.importing import HowToImport, ImportReport, detect, guess, ready_mappings, run_import
from itgov.model.types import Investment
from tests.support.public_data import DATA, needs_data

ReadBack = Callable[[], dict[str, Investment]]
pytestmark = [needs_data, pytest.mark.slow]

ROWS = {"australia": 227, "canada": 922, "uk-gmpp": 921, "us-itdashboard": 2108}
INVESTMENTS = {"australia": 163, "canada": 761, "uk-gmpp": 360, "us-itdashboard": 32}
UK = ("gmpp-2019.csv", "gmpp-2020.csv", "gmpp-2021-2023.csv")


def bring(name: str, target: Path, *files: str) -> ImportReport:
    paths = [DATA / name / f for f in files] or [DATA / name]
    report = run_import(name, paths, target)
    assert report.is_complete
    assert not report.is_refused
    assert report.left_out == []
    return report


@pytest.mark.parametrize("name", sorted(ready_mappings()))
def test_every_row_is_accounted_for(name: str, target: Path, read_back: ReadBack) -> None:
    report = bring(name, target)
    assert sum(a.rows for a in report.accounts) == ROWS[name]
    found = read_back()
    assert len(found) == len(report.new) == INVESTMENTS[name]
    assert report.without_owner == report.without_manager == INVESTMENTS[name]
    assert all(i.outcome_owner is None and i.delivery_lead is None for i in found.values())
    before = {p: p.read_bytes() for p in target.rglob("*.yaml")}
    again = bring(name, target)
    assert (again.new, again.updated) == ([], [])
    assert before == {p: p.read_bytes() for p in target.rglob("*.yaml")}
    assert detect([DATA / name]) == name


def said(found: dict[str, Investment]) -> list[object]:
    """What a portfolio says of its investments, but for ids: those are of the first import."""
    records = []
    for investment in found.values():
        custom = dict(investment.custom)
        imported = dict(custom.pop("imported"))
        keys = sorted(imported.pop("keys", []))
        imported.pop("gone", None)  # see `gone` and `perhaps_same`
        imported.pop("perhaps", None)
        fields = {f: getattr(investment, f) for f in investment.__struct_fields__}
        fields |= {"id": keys or investment.id, "custom": custom, "imported": imported}
        records.append(fields)
    return sorted(records, key=lambda r: str(r["id"]) + str(r["title"]))


def key(investment: Investment) -> str:
    """What tells an investment, whichever table brought it in first."""
    return str(sorted(investment.custom["imported"].get("keys", [])) or investment.id)


def gone(found: dict[str, Investment]) -> dict[str, object]:
    """Since when investments are in no table any more."""
    since = {key(i): i.custom["imported"].get("gone") for i in found.values()}
    return {name: day for name, day in since.items() if day is not None}


def perhaps_same(found: dict[str, Investment]) -> set[frozenset[str]]:
    """Which two investments are perhaps one."""
    pairs = ((i, i.custom["imported"].get("perhaps")) for i in found.values())
    return {frozenset((key(i), key(found[other]))) for i, other in pairs if other is not None}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("uk-gmpp", UK),
        ("canada", ("gc-it-projects-2016.csv", "gc-it-projects-2019.csv")),
        ("australia", ("digital-projects-2024.csv", "mdpr-2025.csv")),
    ],
)
def test_year_by_year_in_any_order_comes_to_the_same(
    name: str,
    files: tuple[str, ...],
    tmp_path: Path,
    read_back_from: Callable[[Path], dict[str, Investment]],
) -> None:
    read = read_back_from
    bring(name, tmp_path / "at-once", *files)
    for file in files:
        bring(name, tmp_path / "forward", file)
    for file in reversed(files):
        bring(name, tmp_path / "backward", file)
    at_once, forward, backward = (
        read(tmp_path / order) for order in ("at-once", "forward", "backward")
    )
    assert said(at_once) == said(forward) == said(backward)
    assert perhaps_same(at_once) == perhaps_same(forward) == perhaps_same(backward)
    assert len(perhaps_same(at_once)) == {"uk-gmpp": 4, "canada": 12, "australia": 1}[name]
    assert gone(at_once) == gone(forward)
    # a table that came in before an older one is known by the investments that it has, and not by
    # units that it lacks: what is gone may be noted as of a later day, or with the next table only
    assert gone(backward).keys() <= gone(at_once).keys()
    assert len(gone(at_once)) - len(gone(backward)) == {"uk-gmpp": 1}.get(name, 0)
    assert all(str(day) >= str(gone(at_once)[i]) for i, day in gone(backward).items())


def test_united_kingdom(target: Path, read_back: ReadBack) -> None:
    report = bring("uk-gmpp", target)
    accounts = {Path(a.path).name: (a.rows, a.imported, a.merged) for a in report.accounts}
    assert accounts == {UK[0]: (133, 26, 107), UK[1]: (125, 36, 89), UK[2]: (663, 298, 365)}
    assert {a.encoding for a in report.accounts} == {"UTF-8", "Windows-1252"}
    assert [p.column for p in report.problems] == ["description_aims"]  # one lost character
    found = read_back()
    pensions = found["CO_0024_2021-Q2"]
    assert pensions.title == "Civil Service Pensions 2015 Remedy"
    assert pensions.spend[-1].year == 2022
    assert pensions.spend[-1].budget == 7_900_000
    assert pensions.confidence_on == datetime.date(2023, 3, 31)
    assert found["DFT_0026_1617-Q1"].spend[0].year == 2018  # by its older name of 2019
    exempt = [i for i in found.values() if "spend" in i.withheld]
    assert exempt
    assert all(i.withheld["spend"] for i in exempt)
    assert sum("Section 43" in r for i in found.values() for r in i.withheld.values()) > 50
    assert sum(bool(i.outcomes) for i in found.values()) == 110


def test_united_states(target: Path, read_back: ReadBack) -> None:
    report = bring("us-itdashboard", target)
    accounts = {a.table: a for a in report.accounts}
    assert accounts["metrics"].skipped_count == 18
    assert accounts["metric_actuals"].imported == 432
    assert accounts["metric_actuals"].skipped_count == 1246
    assert accounts["activities"].merged == 239
    found = read_back()
    assert sum(len(i.outcomes) for i in found.values()) == 91
    live = [o for i in found.values() for o in i.outcomes]
    assert sum(not o.results for o in live) == 40
    assert sum(o.baseline == 0 for o in live) == 89
    power = {o.id: o for o in found["393-000000086"].outcomes}["metric-29615"]
    assert (power.direction, power.baseline, power.target) == ("down", 0, 350)
    assert (str(power.results[-1].date), power.results[-1].actual) == ("2021-07-31", 202200)
    assert [(s.year, s.budget) for s in found["393-000000086"].spend] == [
        (2020, 24_512_648),
        (2021, 26_538_264),
        (2022, 43_264_621),
    ]
    assert found["007-000000613"].title == "Defense Medical Logistics – Enterprise Solution"
    assert sum(i.type == "service" for i in found.values()) == 24


def test_canada(target: Path, read_back: ReadBack) -> None:
    report = bring("canada", target)
    assert {a.table: a.looked_up for a in report.accounts}["organisations"] == 45
    scnl = read_back()["pco-scnl"]
    assert [(s.year, s.budget) for s in scnl.spend] == [(2019, 4_800_000)]
    assert scnl.end == datetime.date(2020, 6, 30)


def test_australia(target: Path, read_back: ReadBack) -> None:
    bring("australia", target)
    found = read_back()
    indigo = found["election-systems-modernisation-program-indigo"]
    assert indigo.withheld["spend"] == "Not for publication"
    assert indigo.confidence == "amber-green"
    assert all(len(i.spend) <= 1 for i in found.values())


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(DATA.glob("*/*.csv")), ids=lambda p: p.name)
def test_a_draft_for_each_table_runs_as_it_is(path: Path, tmp_path: Path, target: Path) -> None:
    (tmp_path / "draft.yaml").write_text(guess(path), encoding="utf-8")
    report = run_import(tmp_path / "draft.yaml", [path], target, HowToImport(anyway=True))
    assert report.is_complete
    assert report.new
    assert report.left_out == []
