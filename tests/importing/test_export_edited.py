"""An export that somebody has edited in a spreadsheet, and brings back."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.importing.edited_export import AS_OF, UNIT, Export

from ..support.cli import run_cli
from ..support.folders import files_of


@pytest.mark.parametrize("out", ["tables", "tables.xlsx", "tables.sqlite"])
def test_back_where_it_came_from_it_changes_no_byte(
    made: Callable[[str], Export], out: str
) -> None:
    export = made(out)
    ran = export.take()
    assert (ran.code, files_of(export.root)) == (0, export.before)
    assert "0 cells" in ran.out


def test_one_amount_changed_in_a_workbook_changes_its_line(made: Callable[[str], Export]) -> None:
    export = made("tables.xlsx")

    def amount(book: Any) -> None:
        book["spend"]["D2"] = 1500

    export.edit(amount)
    assert export.take("--dry-run").code == 0
    assert files_of(export.root) == export.before
    assert export.take().code == 0
    assert export.changed() == [
        (
            "      - {year: 2026, budget: 1000, actual: 10}   # agreed in May",
            "      - {year: 2026, budget: 1500, actual: 10}   # agreed in May",
        )
    ]


def test_one_amount_changed_in_a_database(made: Callable[[str], Export]) -> None:
    export = made("tables.sqlite")
    with closing(sqlite3.connect(export.out)) as database:
        database.execute("UPDATE spend SET budget = 2500.75 WHERE year = 2027")
        database.commit()
    assert export.take().code == 0
    assert export.changed() == [
        ("      - {year: 2027, budget: 2000.5}", "      - {year: 2027, budget: 2500.75}")
    ]


def test_csv_as_a_spreadsheet_saves_it_elsewhere(made: Callable[[str], Export]) -> None:
    """Semicolons, another encoding, and days in the order of the country."""
    export = made("tables")
    for path in export.out.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.reader(stream))
        for row in rows[1:]:
            row[:] = ["31/01/2026" if c == "2026-01-31" else c for c in row]
            row[:] = ["05.03.2027" if c == "2027-03-04" else c for c in row]
            row[:] = ["café" if c == "Talked" else c for c in row]
        with path.open("w", encoding="cp1252", newline="") as stream:
            csv.writer(stream, delimiter=";").writerows(rows)
    ran = export.take()
    assert ran.code == 1
    assert "can be read in two ways; write 2027-03-05 or 2027-05-03" in ran.out
    assert export.changed() == [("    summary: Talked", "    summary: café")]


def test_people_by_name_new_rows_and_cleared_cells(made: Callable[[str], Export]) -> None:
    export = made("tables.xlsx")

    def edit(book: Any) -> None:
        heads = {c.value: c.column_letter for c in book["investments"][1]}
        book["investments"][heads["outcome_owner"] + "2"] = "Ann Lee"
        book["investments"][heads["end"] + "2"] = "(clear)"
        book["investments"][heads["title"] + "3"] = None
        book["spend"].append(["A-2", None, 2028, 50])
        book["outcomes"].append(["A-2/y", "A-2", "Better"])
        book["results"].append(["A-2/y", None, "2026-11-01", 7])
        book["investments"].append(["A-3", "u", "New"])
        book["investment_custom"].append(["A-1", "more", "text", "text"])
        book["engagements"]["G2"] = 4
        book["engagements"]["H2"] = "ann"

    export.edit(edit)
    ran = export.take("--format", "json")
    assert (ran.code, ran.json["refused"]) == (0, [])
    assert ran.json["blanked"] == ["investments!C3"]
    text = (export.root / "portfolios" / "u.yaml").read_text()
    assert "    outcome_owner: ann   # for now\n" in text
    assert "2027-03-04" not in text
    assert "{id: A-2, title: Beta, spend: [{year: 2028, budget: 50}], outcomes: [" in text
    assert "{date: 2026-11-01, actual: 7}" in text
    assert "  - {id: A-3, title: New}\n" in text
    assert "    custom: {tower: Apps, n: 3, more: text}\n" in text
    assert "    satisfaction:\n      score: 4\n      by: ann\n" in text
    again = export.take("--format", "json")
    assert (again.code, again.json["taken"]) == (0, [])


def test_a_new_unit_gets_a_file_of_its_own(made: Callable[[str], Export]) -> None:
    export = made("tables.xlsx")

    def edit(book: Any) -> None:
        book["business_units"].append(["v", "Vee", "new.one"])
        book["people"].append(["new.one", "New One", None, "business", "v"])
        book["investments"].append(["V-1", "v", "First"])
        book["engagements"].append(["v/2026-11-01", "v", "2026-11-01", "review"])
        book["relationship_managers"].append(["new.one"])
        book["manager_serves"].append(["new.one", None, "v"])

    export.edit(edit)
    ran = export.take("--format", "json")
    assert (ran.code, ran.json["refused"]) == (0, [])
    files = files_of(export.root)
    assert files["portfolios/u.yaml"] == UNIT
    assert (
        "  - id: V-1\n    title: First\nengagements:\n  - date: 2026-11-01\n"
        in files["portfolios/v.yaml"]
    )
    organisation = files["portfolios/organisation.yaml"]
    assert "new.one" in organisation
    assert "{person: new.one, serves: [v]}" in organisation
    assert export.take("--format", "json").json["taken"] == []


def test_options_of_mappings_are_refused(made: Callable[[str], Export]) -> None:
    assert made("tables").take("--gone", "retired").code == 2


def test_rows_that_are_gone_delete_nothing(made: Callable[[str], Export]) -> None:
    export = made("tables.xlsx")

    def edit(book: Any) -> None:
        book["investments"].delete_rows(3)
        del book["people"]

    export.edit(edit)
    ran = export.take()
    assert (ran.code, files_of(export.root)) == (0, export.before)
    assert "investments: 1 row of the files that the table does not have" in ran.out
    assert "people" in ran.out


def test_into_an_empty_repository_what_tables_cannot_hold_is_listed(
    made: Callable[[str], Export], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = made("tables")
    target = tmp_path / "a new one"
    ran = run_cli(capsys, "import", export.out, "--into", target)
    assert ran.code == 0
    assert "comments: 4 (portfolios/organisation.yaml, portfolios/u.yaml)" in ran.out
    assert run_cli(capsys, "check", target, "--as-of", AS_OF, "--select", "MOD,YML").code == 0
    out = tmp_path / "again"
    assert run_cli(capsys, "export", target, "--output", out, "--as-of", AS_OF).code == 0
    for table in ("investments", "spend", "results", "people", "investment_custom", "health"):
        assert (out / f"{table}.csv").read_bytes() == (export.out / f"{table}.csv").read_bytes()


def test_what_an_export_lost_ends_with_1_where_it_is_taken_anew(
    made: Callable[[str], Export], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = made("tables")
    (export.root / "portfolios" / "w.yaml").write_text("business_unit: {id: w\n")
    for kind in ("xlsx", "sqlite"):
        out = tmp_path / f"lossy.{kind}"
        assert run_cli(capsys, "export", export.root, "--output", out, "--as-of", AS_OF).code == 1
        ran = run_cli(capsys, "import", out, "--into", tmp_path / f"new {kind}")
        assert ran.code == 1
        assert "not in the tables: file: 1, which should be there (portfolios/w.yaml)" in ran.out
        assert "1 lost in the export." in ran.out


def test_days_of_ones_own_come_back_as_days_and_defaults_are_told(
    tmp_path: Path, made: Callable[[str], Export], capsys: pytest.CaptureFixture[str]
) -> None:
    export = made("tables")
    own = export.out / "investment_custom.csv"
    with own.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    said = '{"as_of": "2026-03-31", "keys": ["2026"]}'
    with own.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows, ["A-1", "imported", said, "json"]])
    anew = tmp_path / "anew"
    ran = run_cli(capsys, "import", export.out, "--into", anew, "--as-of", AS_OF)
    text = (anew / "portfolios" / "u.yaml").read_text()
    assert "as_of: 2026-03-31\n" in text
    assert 'keys: ["2026"]' in text
    assert "`type: investment` (" in ran.out + ran.err
