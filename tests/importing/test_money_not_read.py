"""Figures that no mapping reads are named with what they sum to."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from itgov.cli.main import main
from itgov.importing import run_import
from itgov.importing.drafting import draft, proved_draft
from itgov.importing.trouble import ImportRefused

from ..support.examples import many

FIGURES = st.sampled_from(
    [
        "50000",
        "60,000",
        "(7,500)",
        "£ 9 000",
        "- £",
        "",
        "1.2m",
        "70000 -",
        "1,2,3",
        "5.5.5",
        "2 CR",
    ]
)


@given(
    cells=st.lists(FIGURES, min_size=2, max_size=5), name=st.sampled_from(["Wert", "Z", "Budget"])
)
@settings(max_examples=many(40), deadline=None, suppress_health_check=list(HealthCheck))
def test_no_column_of_figures_is_passed_over(tmp_path: Path, cells: list[str], name: str) -> None:
    """Whatever a column of figures is called and however they are written, control totals name it."""
    table = tmp_path / "register.csv"
    rows = [["Ref", "Project", "Unit", "Budget 2026 (£)", name]]
    rows += [[f"P{n}", f"Item {'abcde'[n]}", "X", "1000", c] for n, c in enumerate(cells)]
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    figures = [c for c in cells if c not in ("", "- £")]
    answers = {"currency": "GBP", "scale": "1"}
    if f"spend-{name.casefold()}" in (q.field for q in draft(table, answers=answers).questions):
        return  # it is asked
    try:
        made = proved_draft(table, answers=answers)
    except ImportRefused as found:  # most of what is read as money cannot be read
        refused = str(found)
    else:
        refused = ""
    named = refused or made.text.partition("# control totals")[2]
    assert not figures or f"`{name}`" in named


def test_figures_that_are_no_money_are_not_named(tmp_path: Path) -> None:
    table = tmp_path / "register.csv"
    table.write_text(
        "Ref,Project,Unit,Budget 2026,Headcount,Chapter,Score,Start,Year,Estimate,Vendor number\n"
        "P1,A,X,100000,450,0401,7,2026-01-01,2026,5d,900100\n"
        "P2,B,Y,200000,320,0402,8,2026-02-01,2026,12d,900200\n"
    )
    made = proved_draft(table, answers={"currency": "GBP"})
    assert "perhaps_money" not in made.text
    assert made.is_sound


def test_figures_that_are_left_are_named_until_the_mapping_says_that_they_are_none(
    tmp_path: Path,
) -> None:
    table = tmp_path / "register.csv"
    table.write_text(
        "Ref,Project,Unit,Budget 2026,Figure,Outlay\nP1,A,X,100000,50000,about 5\nP2,B,Y,1,700,5-6\n"
    )
    made = proved_draft(table, answers={"currency": "GBP"})
    assert "perhaps_money: [Figure, Outlay]" in made.text
    (tmp_path / "m.yaml").write_text(made.text, encoding="utf-8")
    report = run_import(tmp_path / "m.yaml", [table], tmp_path / "out")
    _, left, unread = report.totals
    assert (left.column, left.source, left.difference, left.is_sound) == (
        "Figure",
        50700,
        50700,
        False,
    )
    assert (unread.column, unread.unread, unread.is_sound) == ("Outlay", [2, 3], False)
    (tmp_path / "m.yaml").write_text(
        made.text.replace("perhaps_money: [Figure, Outlay]", "perhaps_money: []"), encoding="utf-8"
    )
    again = run_import(tmp_path / "m.yaml", [table], tmp_path / "out")
    assert [t.column for t in again.totals] == ["Budget 2026"]


def test_the_sum_of_what_is_imported_is_not_named(tmp_path: Path) -> None:
    table = tmp_path / "register.csv"
    header = "Ref,Project,Unit,Budget 2026,Budget 2027,Total\n"
    table.write_text(f"{header}P1,A,X,100,200,300\nP2,B,Y,400,500,900\n")
    made = proved_draft(table, answers={"currency": "GBP", "scale": "1"})
    assert "perhaps_money" not in made.text
    assert made.is_sound


def test_what_may_be_money_names_a_column_of_the_table(tmp_path: Path) -> None:
    table = tmp_path / "register.csv"
    table.write_text("Ref,Project,Unit,Budget 2026,Figure\nP1,A,X,100000,50000\nP2,B,Y,1,700\n")
    made = proved_draft(table, answers={"currency": "GBP"}).text
    (tmp_path / "m.yaml").write_text(made.replace("money: [Figure]", "money: [Figur]"))
    with pytest.raises(ImportRefused, match=r"m\.yaml:\d+:\d+: .*no column `Figur`.*`Figure`"):
        run_import(tmp_path / "m.yaml", [table], tmp_path / "out")


SHEETS = """\
mapping: {name: t}
organisation: {id: o, currency: EUR}
tables: {t: {files: ["*"], sheet: "2026"}}
investments:
  - table: t
    id: Ref
    title: Name
    unit: {name: Unit}
    spend:
      - year: {value: 2026}
        budget: {column: Amount, where: {Kind: [Plan]}}
        actual: {column: Amount, where: {Kind: [Paid]}}
"""


def test_all_rows_of_another_sheet_are_in_its_total(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, factor in (("2026", 1), ("2025", 10)):
        sheet = book.create_sheet(name)
        sheet.append(["Ref", "Name", "Unit", "Kind", "Amount"])
        sheet.append(["A", "Alpha", "HR", "Plan", 100 * factor])
        sheet.append(["B", "Beta", "IT", "Paid", 7 * factor])
    book.save(tmp_path / "t.xlsx")
    (tmp_path / "m.yaml").write_text(SHEETS, encoding="utf-8")
    report = run_import(tmp_path / "m.yaml", [tmp_path / "t.xlsx"], tmp_path / "out")
    (other,) = (t for t in report.totals if "sheet 2025" in t.path)
    assert (other.source, other.difference) == (1070, 1070)
    given = ["--mapping", str(tmp_path / "m.yaml"), "--sheet", "2025"]
    assert main(["import", str(tmp_path / "t.xlsx"), *given, "--into", str(tmp_path / "o")]) == 2
    assert 'write `sheet: "2025"` under its `tables`' in capsys.readouterr().err
    (tmp_path / "m.yaml").write_text(SHEETS.replace('2026"}}', '2025"}}'), encoding="utf-8")
    by_itself = run_import(tmp_path / "m.yaml", [tmp_path / "t.xlsx"], tmp_path / "o")
    assert sum(t.imported for t in by_itself.totals) == 1070


def test_months_that_are_no_money_spent_are_kept(tmp_path: Path) -> None:
    table = tmp_path / "register.csv"
    table.write_text("Ref,Project,Unit,Apr 26,May 26\nP1,A,X,100000,50000\nP2,B,Y,1,700\n")
    made = proved_draft(table, answers={"spend": "none", "currency": "GBP"}).text
    assert "spend:" not in made
    assert "apr_26: " in made


def test_money_that_a_mapping_does_not_read_is_said_with_its_sum(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(
        "Ref;Project;Score;Sort order;Budget;Budget revised;Contingency;Extra cost\n"
        "1;A;7;5001;100,5;200;50.000;2-3 million\n2;B;9;5002;20;30;70.000;4-5 million\n",
        encoding="utf-8",
    )
    (tmp_path / "m.yaml").write_text(
        "mapping: {name: m}\norganisation: {id: o, currency: EUR}\n"
        "tables: {t: {files: [t.csv], days: {t.csv: 2026-10-31}}}\n"
        "investments: [{table: t, id: Ref, title: Project, unit: {name: {value: HR}}, "
        "spend: [{year: {value: 2026}, budget: Budget}]}]\n",
        encoding="utf-8",
    )
    report = run_import(tmp_path / "m.yaml", [tmp_path / "t.csv"], tmp_path / "out")
    assert [(u.column, u.amount) for u in report.unread_money] == [
        ("Budget revised", 230),
        ("Contingency", 120_000),
        ("Extra cost", 0),
    ]
    assert report.is_sound
    text = report.render_text()
    assert "`Contingency`: 120,000 in 2 cells\n" in text
    assert "`Extra cost`: 2 cells that cannot be read\n" in text
