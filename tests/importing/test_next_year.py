"""A later table over an earlier one: of which day each is, and what it may change."""

from __future__ import annotations

import datetime
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from itgov.importing import ImportRefused, ImportReport, run_import
from itgov.model.types import Investment

ReadBack = Callable[[], dict[str, Investment]]
D = datetime.date
UNDATED = """\
mapping: {name: list}
organisation: {id: acme, currency: EUR}
tables: {projects: {files: ["*.csv"]}}
investments:
  - table: projects
    id: No
    title: Name
    unit: {name: Unit}
    confidence: Rating
    spend: [{year: Year, budget: Budget}]
"""
ROWS = "No,Name,Unit,Rating,Year,Budget\n"


class Tables:
    """Imports small tables whose rows say no day, each as a file that was changed on a day."""

    def __init__(self, folder: Path, target: Path) -> None:
        self.folder, self.target = folder, target
        self.mapping = folder / "list.yaml"
        self.mapping.write_text(UNDATED, encoding="utf-8")

    def run(
        self, name: str, rows: str, changed: str = "2026-01-05", **options: object
    ) -> ImportReport:
        path = self.folder / name
        path.write_text(ROWS + rows, encoding="utf-8")
        moment = time.mktime((*map(int, changed.split("-")), 12, 0, 0, 0, 0, -1))  # type: ignore[arg-type]
        os.utime(path, (moment, moment))
        return run_import(self.mapping, [path], self.target, **options)  # type: ignore[arg-type]


@pytest.fixture
def tables(tmp_path: Path, target: Path) -> Tables:
    """Small tables to import."""
    return Tables(tmp_path, target)


def imported(found: dict[str, Investment], identifier: str = "P1") -> dict[str, object]:
    """What an investment says of its import."""
    return dict(found[identifier].custom["imported"])


@pytest.mark.parametrize(
    ("name", "options", "day", "why"),
    [
        ("p.csv", {"as_of": D(2025, 3, 31)}, "2025-03-31", "as `--as-of` says"),
        ("p-2025-03-31.csv", {}, "2025-03-31", "as its name says"),
        ("p-31.03.2025.csv", {}, "2025-03-31", "as its name says"),
        ("p-2025-02.csv", {}, "2025-02-28", "as its name says"),
        ("p.csv", {}, "2026-01-05", "ASSUMED, the day on which the file was last changed"),
    ],
)
def test_the_day_of_a_table_is_always_known_and_said(
    tables: Tables, read_back: ReadBack, name: str, options: dict[str, object], day: str, why: str
) -> None:
    report = tables.run(name, "P1,One,HR,Green,2025,100\n", **options)
    said = imported(read_back())
    assert said["as_of"] == day
    assert said.get("as_of_assumed", False) is ("ASSUMED" in why)
    assert f"{name}: {day}, {why}" in report.render_text()


def test_the_mapping_says_the_day_of_one_file_and_not_of_the_next(
    tables: Tables, read_back: ReadBack
) -> None:
    text = UNDATED.replace('files: ["*.csv"]', 'files: ["*.csv"], days: {a.csv: 2024-03-31}')
    tables.mapping.write_text(text, encoding="utf-8")
    tables.run("a.csv", "P1,One,HR,Green,2025,100\n")
    assert imported(read_back())["as_of"] == "2024-03-31"
    report = tables.run("b-2025-03-31.csv", "P1,One,HR,Red,2025,200\n")
    assert imported(read_back())["as_of"] == "2025-03-31"
    assert [str(d.source) for d in report.days] == ["name"]


def test_an_older_table_overwrites_nothing_whatever_says_its_day(
    tables: Tables, read_back: ReadBack
) -> None:
    tables.run("p-2026-03-31.csv", "P1,One,HR,Green,2026,150\n")
    report = tables.run("p-2025-03-31.csv", "P1,Uno,HR,Red,2026,100\n")
    assert report.older == ["P1: as of 2025-03-31, there as of 2026-03-31"]
    assert "1 investment of an older table than what is there" in report.render_text()
    tables.run("p.csv", "P1,Eins,HR,Amber,2026,90\n", as_of=D(2024, 3, 31))
    found = read_back()["P1"]
    assert (found.title, found.confidence, found.spend[0].budget) == ("One", "green", 150)
    assert imported(read_back())["as_of"] == "2026-03-31"


def test_a_day_that_is_only_assumed_goes_over_no_day_that_was_stated(
    tables: Tables, read_back: ReadBack
) -> None:
    tables.run("p-2025-03-31.csv", "P1,One,HR,Green,2026,150\n")
    with pytest.raises(ImportRefused, match=r"1 investment would be changed.*of 2025-03-31"):
        tables.run("p.csv", "P1,Uno,HR,Red,2026,100\n")
    assert read_back()["P1"].title == "One"
    tables.run("p.csv", "P1,Uno,HR,Red,2026,100\n", as_of=D(2026, 1, 5))
    assert read_back()["P1"].title == "Uno"
    tables.run("p.csv", "P1,Tre,HR,Red,2026,100\n", anyway=True)
    assert imported(read_back()) == {
        "from": "list",
        "as_of": "2026-01-05",
        "as_of_assumed": True,
    }


def test_the_same_table_on_another_day_changes_no_byte(tables: Tables, target: Path) -> None:
    def snapshot() -> dict[str, bytes]:
        return {p.name: p.read_bytes() for p in target.rglob("*.yaml")}

    tables.run("p.csv", "P1,One,HR,Green,2026,150\n")
    before = snapshot()
    for changed in ("2026-02-01", "2025-02-01"):
        report = tables.run("p.csv", "P1,One,HR,Green,2026,150\n", changed)
        assert snapshot() == before
        assert report.unchanged == 1
