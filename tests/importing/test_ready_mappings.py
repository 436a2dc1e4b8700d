"""Ready mappings bind what they really read, and say what differs from it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from itgov.importing import HowToImport, ImportRefused, detect, run_import
from itgov.model.types import Investment

ReadBack = Callable[[], dict[str, Investment]]
AUSTRALIA = (
    "Portfolio,Agency,Tier,Project name,Project description,{dca}Delivery status,"
    "Total budget (millions),Digital budget (millions),{start}Project end date\n"
)
UK = (
    "project_name,department,colour_rating,description_aims,rating_comment,start_date,end_date,"
    "schedule_comment,yearly_budget,yearly_forecast,wlc_baseline_incl_NCG,variance_comment,"
    "budget_comment,year{more}\n"
    "Polar ship,BEIS,Amber/red,Ship,ok,01.05.14,31.03.21,ok,£33.67,£21.60,£240.00,ok,ok,2018{cells}\n"
)


def australia(dca: str, start: str = "") -> str:
    return AUSTRALIA.format(dca=dca, start=start)


def table(tmp_path: Path, text: str, name: str = "projects.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_australian_report_of_2026_is_read_by_its_own_rating(
    tmp_path: Path, target: Path, read_back: ReadBack
) -> None:
    header = australia("DCA 2026,DCA 2025,DCA 2024,", "Project start date,")
    rows = (
        "P,A,Tier 1,Farm,About,Medium-High,Medium-Low,,Active,322.9,322.9,October 2020,June 2026\n"
        "P,B,Tier 2,Air,About,Low,,,Active,20.4,13.8,August 2023,June 2026\n"
        "P,B,Tier 2,Spy,About,NFP,,,Active,NFP,NFP,NFP,NFP\n"
    )
    path = table(tmp_path, header + rows)
    assert detect([path]) == "australia"
    report = run_import("australia", [path], target)
    assert report.is_sound
    assert report.left_out == []
    found = read_back()
    farm, air, spy = found["farm"], found["air"], found["spy"]
    assert (farm.confidence, air.confidence) == ("amber-green", "red")
    assert farm.start == datetime.date(2020, 10, 1)
    assert farm.end is not None
    assert (farm.end.year, farm.end.month) == (2026, 6)
    assert str(farm.custom["imported"]["as_of"]).startswith("2026")
    assert [(s.year, s.budget) for s in farm.spend] == [(2025, 322_900_000)]
    assert spy.withheld["spend"] == spy.withheld["confidence"] == "Not for publication"


def test_a_report_of_a_year_to_come_nearly_fits(tmp_path: Path) -> None:
    row = "P,A,1,Farm,About,High,Low,Low,Active,3.5,3.5,2027-06-30\n"
    path = table(tmp_path, australia("DCA 2027,DCA 2025,DCA 2024,") + row)
    with pytest.raises(ImportRefused, match="has `DCA 2027`, but `DCA 2025` would be read") as no:
        detect([path])
    assert "--mapping COPY" in no.value.problems[0].fix
    report = run_import("australia", [path], tmp_path / "into", HowToImport(dry_run=True))
    assert "CHECK THE MAPPING" in report.render_text()


def test_a_year_beside_a_column_that_says_none_nearly_fits(tmp_path: Path) -> None:
    text = UK.format(more="", cells="").replace("yearly_budget", "yearly_budget,yearly_budget_2019")
    path = table(tmp_path, text.replace("£33.67", "£33.67,£40"), "uk_2018.csv")
    with pytest.raises(ImportRefused, match="has `yearly_budget_2019`, but `yearly_budget` would"):
        detect([path])


def test_a_renamed_column_of_one_of_several_tables_nearly_fits(tmp_path: Path) -> None:
    text = australia("DCA 2024,DCA 2025,").replace("Delivery status", "Phase")
    path = table(tmp_path, text + "P,A,1,Farm,About,High,Low,Active,3.5,3.5,2027-06-30\n")
    with pytest.raises(
        ImportRefused, match=r"`australia` nearly fits.*no column `Delivery status`"
    ):
        detect([path])


def test_the_british_report_of_2018_and_what_it_lacks(
    tmp_path: Path, target: Path, read_back: ReadBack
) -> None:
    path = table(tmp_path, UK.format(more="", cells=""), "uk_2018.csv")
    assert detect([path]) == "uk-gmpp"
    report = run_import("uk-gmpp", [path], target)
    assert "no column `report_category`: what the mapping reads from it" in report.render_text()
    (ship,) = read_back().values()
    assert [(s.year, s.budget, s.forecast) for s in ship.spend] == [(2017, 33_670_000, 21_600_000)]
    assert ship.confidence == "amber-red"
    assert ship.confidence_on == datetime.date(2017, 9, 30)
    lacking = UK.format(more="", cells="").replace("variance_comment", "variance_note")
    with pytest.raises(ImportRefused, match=r"`uk-gmpp` nearly fits: .* `variance_comment`"):
        detect([table(tmp_path, lacking)])
