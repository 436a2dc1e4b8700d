"""What an edited export says that is not taken: each cell is named, and nothing is overwritten."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.importing.edited_export import AS_OF, ORGANISATION, UNIT, Export

from ..support.cli import run_cli
from ..support.folders import files_of


def test_what_was_changed_in_the_file_since_is_not_overwritten(
    made: Callable[[str], Export],
) -> None:
    export = made("tables.xlsx")

    def two(book: Any) -> None:
        book["spend"]["D2"] = 1500
        book["investments"]["C3"] = "Gamma"

    export.edit(two)
    path = export.root / "portfolios" / "u.yaml"
    path.write_text(UNIT.replace("budget: 1000", "budget: 1200"))
    ran = export.take()
    assert ran.code == 1
    assert "spend!D2" in ran.out
    assert "A-1 was changed since the export" in ran.out
    assert "`1200`" in ran.out
    assert path.read_text() == UNIT.replace("budget: 1000", "budget: 1200").replace("Beta", "Gamma")
    assert export.take("--strict").code == 1


@pytest.mark.parametrize(
    ("table", "cell", "value", "why"),
    [
        ("spend", "C2", "next year", "is not a number"),
        ("spend", "C2", 2026.5, "is not a whole number"),
        ("spend", "C2", 99999, "2200"),
        ("spend", "D2", "=1+1", "is a formula"),
        ("investments", "H2", "Nobody Known", "is not a person"),
        ("investments", "D2", "thing", "is not one of investment, service"),
        ("investments", "B2", "v", "is another business unit"),
        ("investments", "C2", "(clear)", "is required"),
        ("spend", "A2", "A-9", "there is no investment `A-9`"),
    ],
)
def test_what_does_not_fit_is_refused_and_named(
    made: Callable[[str], Export], table: str, cell: str, value: object, why: str
) -> None:
    export = made("tables.xlsx")

    def edit(book: Any) -> None:
        book[table][cell] = value

    export.edit(edit)
    ran = export.take("--format", "json")
    assert (ran.code, files_of(export.root)) == (1, export.before)
    told = ran.json["refused"]
    assert any(why in r["why"] for r in told), told
    assert any(r["cell"].startswith(f"{table}!") for r in told)


def test_another_organisation_is_refused(made: Callable[[str], Export]) -> None:
    export = made("tables")
    path = export.root / "portfolios" / "organisation.yaml"
    path.write_text(ORGANISATION.replace("id: o,", "id: p,"))
    ran = export.take()
    assert ran.code == 2
    assert "the organisation `o`, and this is `p`" in ran.err


def test_an_export_of_one_unit_says_nothing_of_the_others(
    made: Callable[[str], Export], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = made("tables")
    (export.root / "portfolios" / "v.yaml").write_text(
        "business_unit: {id: v}\ninvestments: [{id: V-1, title: V}]\n"
    )
    out = tmp_path / "one.xlsx"
    assert run_cli(capsys, "export", export.root, "--unit", "v", "--output", out).code == 0
    ran = run_cli(capsys, "import", out, "--into", export.root, "--as-of", AS_OF)
    assert ran.code == 0
    assert "Note" not in ran.out


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"SQLite format 3\x00" + b"x" * 200])
def test_what_only_looks_like_an_export_is_no_export(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    assert run_cli(capsys, "import", path, "--into", tmp_path / "new").code == 2


def test_a_database_runs_nothing_of_its_own(made: Callable[[str], Export]) -> None:
    export = made("tables.sqlite")
    with closing(sqlite3.connect(export.out)) as database:
        endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
        database.execute("DROP TABLE results")
        database.execute(f"CREATE VIEW results AS {endless}")
        database.execute("DROP TABLE outcomes")
        database.execute("CREATE TABLE outcomes (id, statement AS (zeroblob(100000000)))")
        database.execute("INSERT INTO outcomes (id) VALUES ('A-1/x')")
        database.commit()
    ran = export.take()
    assert (ran.code, files_of(export.root)) == (2, export.before)
    assert "too big" in ran.err


def test_what_a_cell_holds_is_shown_without_its_control_characters(
    made: Callable[[str], Export],
) -> None:
    export = made("tables")
    path = export.out / "spend.csv"
    text = path.read_text(encoding="utf-8-sig").replace("1000", "\x1b[31m[red]x")
    path.write_text(text, encoding="utf-8-sig")
    ran = export.take()
    assert (ran.code, files_of(export.root)) == (1, export.before)
    assert "\x1b" not in ran.out
    assert "[red]x" in ran.out


def test_an_export_of_a_later_schema_is_refused(made: Callable[[str], Export]) -> None:
    export = made("tables")
    path = export.out / "meta.csv"
    path.write_text(path.read_text(encoding="utf-8-sig").replace("schema,1", "schema,2"))
    ran = export.take()
    assert ran.code == 2
    assert "schema `2`" in ran.err


def test_a_changed_id_is_no_new_record(made: Callable[[str], Export]) -> None:
    """An investment, an outcome or a person with another id would count twice."""
    export = made("tables.xlsx")

    def edit(book: Any) -> None:
        book["investments"]["A2"] = "A-9"
        book["outcomes"]["A2"] = "A-1/other"
        book["people"]["A2"] = "ann.lee"

    export.edit(edit)
    ran = export.take("--format", "json")
    assert (ran.code, files_of(export.root)) == (1, export.before)
    told = {r["cell"]: r["why"] for r in ran.json["refused"]}
    assert "`A-9` says the same as `A-1`" in told["investments!A2"]
    assert "formerly: [A-1]" in told["investments!A2"]
    assert "says the same as `A-1/x`" in told["outcomes!A2"]
    assert "formerly: [ann]" in told["people!A2"]


@pytest.mark.parametrize("item", [1, 2, None])
def test_a_row_that_moved_to_another_record_is_not_taken(
    made: Callable[[str], Export], item: int | None
) -> None:
    """Its money would be in both, as nothing is deleted, or would replace another's."""
    export = made("tables.xlsx")

    def edit(book: Any) -> None:
        book["spend"].append(["A-2", 1, 2026, 7])
        book["spend"]["A2"], book["spend"]["B2"] = "A-2", item

    (export.root / "portfolios" / "u.yaml").write_text(
        UNIT.replace(
            "{id: A-2, title: Beta}", "{id: A-2, title: Beta, spend: [{year: 2026, budget: 7}]}"
        )
    )
    before = files_of(export.root)
    export.edit(edit)
    ran = export.take("--format", "json")
    assert (ran.code, files_of(export.root)) == (1, before)
    assert any(r["cell"] == "spend!A2" for r in ran.json["refused"])


def test_rows_of_one_id_that_differ_are_all_refused(made: Callable[[str], Export]) -> None:
    """A spreadsheet took `0007` for 7, whose own row stands below it."""
    export = made("tables")
    path = export.out / "investments.csv"
    lines = path.read_text("utf-8-sig").splitlines(keepends=True)
    lines[1] = lines[1].replace("A-1,", "A-2,", 1)
    path.write_text("".join(lines), "utf-8-sig")
    spend = export.out / "spend.csv"
    spend.write_text(spend.read_text("utf-8-sig").replace("A-1,2,", "A-2,,"), "utf-8-sig")
    ran = export.take("--format", "json")
    assert (ran.code, files_of(export.root)) == (1, export.before)
    told = [r["why"] for r in ran.json["refused"]]
    assert told.count("`A-2` is in rows 2, 3, which differ: none is taken") == 2


def test_rows_that_are_the_same_are_read_once(made: Callable[[str], Export]) -> None:
    export = made("tables.xlsx")

    def edit(book: Any) -> None:
        book["spend"]["D2"] = 1500
        book["spend"].append([cell.value for cell in book["spend"][2]])

    export.edit(edit)
    ran = export.take()
    assert ran.code == 0
    assert "are the same; they were read once" in ran.out
    assert [new for _, new in export.changed()] == [
        "      - {year: 2026, budget: 1500, actual: 10}   # agreed in May"
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1.23E+11", "is a long number that was shortened"),
        ("1.200", "can be read in two ways; write 1200 or 1.2000"),
        ("1,200", "can be read in two ways"),
    ],
)
def test_numbers_that_a_spreadsheet_shortened_or_wrote_its_own_way_are_refused(
    made: Callable[[str], Export], text: str, why: str
) -> None:
    export = made("tables")
    path = export.out / "spend.csv"
    rows = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
    rows[1][3] = text
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows(rows)
    ran = export.take()
    assert (ran.code, files_of(export.root)) == (1, export.before)
    assert why in ran.out
