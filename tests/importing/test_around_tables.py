"""What stands around a table and decides nothing: titles, notes, long texts, and rows of zeros."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from itgov.cli.main import main
from itgov.importing.find_table import find_table
from itgov.importing.table_files import TableSource
from itgov.importing.tables import read_table


def test_figures_in_more_cells_than_the_header_are_no_sound_import(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody knows what it holds, money perhaps, whether or not the mapping reads any."""
    (tmp_path / "t.csv").write_text("Project\nPortal\nClaims,HR,100.00\nLedger\n")
    (tmp_path / "m.yaml").write_text(
        "mapping: {name: m}\norganisation: {id: o}\ntables: {t: {files: [t.csv]}}\n"
        "investments:\n  - {table: t, id: {column: Project, as: slug}, title: Project, unit: {name: {value: All}}}\n"
    )
    given_to = ["--mapping", str(tmp_path / "m.yaml"), str(tmp_path / "t.csv")]
    out = ["--into", str(tmp_path / "out"), "--as-of", "2026-11-23"]
    assert main(["import", *given_to, *out]) == 1
    said = capsys.readouterr()
    assert "more cells than the header's 1" in said.out + said.err


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Register\nRegister\nNr;Project;Budget\nA-1;Portal;100.00\n", ["Nr", "Project", "Budget"]),
        ("R\nR\nR\nNr;Project;Budget\nA-1;Portal;1.00\nS\nS\n", ["Nr", "Project", "Budget"]),
        ("Nr;Note;Budget\nA-1;a, b, c, d, e, f, g, h;1\nA-2;x;2\n", ["Nr", "Note", "Budget"]),
        ("Nr\tNote\tBudget\nA-1\ta; b; c; d; e; f\t1\nA-2\tx\t2\n", ["Nr", "Note", "Budget"]),
        ("Nr;Budget\nA-1;1,50\nA-2;2,50\n", ["Nr", "Budget"]),
        ("Project\nPortal\nClaims\nLedger; archive\nMail; calendar\nDesk\n", ["Project"]),
    ],
)
def test_cells_are_cut_where_most_lines_are_cut_alike(
    tmp_path: Path, text: str, names: list[str]
) -> None:
    """Neither by titles, of which there may be as many, nor by what one long text holds."""
    path = tmp_path / "t.csv"
    path.write_text(text)
    assert read_table("t", path, TableSource()).headers == names


NAMES = "Nr,Project,Unit,Start,Budget,Spent"
ROW = "A-1,Portal,HR,01.02.2026,0.00,0.01"


@pytest.mark.parametrize(
    "above", ["Register\nRegister", "As of,January\nRegister", "secret,,x\nRegister", "Register"]
)
@pytest.mark.parametrize("below", ["", ",,,,,\nSource: PMO\nSource: PMO\n"])
def test_titles_and_notes_are_no_table(tmp_path: Path, above: str, below: str) -> None:
    """Also where they are as many as the rows, and the columns as many as the rows of fields."""
    path = tmp_path / "t.csv"
    path.write_text(f"{above}\n{NAMES}\n{ROW}\n{below}")
    found = find_table(path)
    assert found.table.headers == NAMES.split(",")
    assert not found.source.transposed


def test_notes_with_commas_and_zeros_in_skipped_rows_lose_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "t.csv").write_text(
        "Project,Budget\nPortal,100\n,0\n\nSource: a, b, c\n", encoding="utf-8"
    )
    (tmp_path / "m.yaml").write_text(
        "mapping: {name: m}\norganisation: {id: o}\ntables: {t: {files: [t.csv]}}\n"
        "investments:\n  - {table: t, id: {column: Project, as: slug}, title: Project,\n"
        "     unit: {name: {value: All}}, spend: [{year: {value: 2026}, budget: Budget}]}\n"
    )
    given_to = ["--mapping", str(tmp_path / "m.yaml"), str(tmp_path / "t.csv")]
    assert main(["import", *given_to, "--into", str(tmp_path / "o"), "--as-of", "2026-11-23"]) == 0
    assert "source 100, imported 100, difference 0" in capsys.readouterr().out


def test_the_sheet_that_a_kept_mapping_reads_may_be_named_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = openpyxl.Workbook()
    book.active.title = "New"
    other = book.create_sheet("Old")
    for sheet in (book.active, other):
        for row in (["Ref", "Project", "Unit"], ["A-1", "Portal", "HR"], ["A-2", "Claims", "HR"]):
            sheet.append(row)
    path = tmp_path / "b.xlsx"
    book.save(path)
    told = ["import", str(path), "--into", str(tmp_path / "o"), "--yes", "--as-of", "2026-11-23"]
    assert main([*told, "--sheet", "New"]) in {0, 1}
    assert main([*told, "--sheet", "New"]) in {0, 1}
    assert "already" not in capsys.readouterr().err
    assert main([*told, "--sheet", "Old"]) == 2
    assert "write `sheet: Old`" in capsys.readouterr().err


def test_a_file_that_is_no_workbook_has_no_sheet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "t.csv").write_text("Ref,Project\nA-1,Portal\n")
    told = [str(tmp_path / "t.csv"), "--into", str(tmp_path / "o"), "--yes", "--sheet", "New"]
    assert main(["import", *told]) == 2
    assert "there is no sheet `New`" in capsys.readouterr().err
