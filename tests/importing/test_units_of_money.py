"""What amounts count is read from names, cells and notes; where nothing says it, it is asked."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from itgov.cli.main import main
from itgov.importing.drafting import draft, proved_draft
from itgov.importing.units import says_unit, unit_in_name
from itgov.model.types import Investment

ReadBack = Callable[[], dict[str, Investment]]

HEAD = "Ref,Project,Directorate,Budget FY26 (£k),Spend to date\n"
ROWS = "P1,Claims platform,Retail,1200,640\nP2,Branch kiosks,Retail,300,120\n"


@pytest.fixture
def register(tmp_path: Path) -> Path:
    return tmp_path / "register.csv"


def test_a_column_without_a_unit_beside_one_with_it_is_asked(register: Path) -> None:
    register.write_text(HEAD + ROWS, encoding="utf-8")
    (question,) = draft(register).unanswered
    assert question.asks.startswith("The largest amount of `Spend to date` is 640")
    assert "as `Budget FY26 (£k)` does" in question.why
    assert question.proposal is None


@pytest.mark.parametrize(("answer", "spent"), [("thousands", 640_000), ("1", 640)])
def test_the_answer_is_of_that_column_alone(
    register: Path, tmp_path: Path, read_back: ReadBack, target: Path, answer: str, spent: int
) -> None:
    register.write_text(HEAD + ROWS, encoding="utf-8")
    command = ["import", str(register), "--into", str(target), "--yes", "--answer"]
    assert main([*command, f"scale={answer}", "--as-of", "2026-10-31"]) == 0
    (row,) = read_back()["P1"].spend
    assert (row.budget, row.actual) == (1_200_000, spent)


def test_far_smaller_amounts_than_those_of_another_column_are_asked(register: Path) -> None:
    text = HEAD.replace(" (£k)", " (£)") + ROWS.replace("1200", "1200000").replace("300", "300000")
    register.write_text(text, encoding="utf-8")
    (question,) = draft(register).unanswered
    assert question.asks.startswith("The largest amount of `Spend to date` is 640")
    register.write_text(
        text.replace("640", "640000").replace("120\n", "120000\n"), encoding="utf-8"
    )
    assert draft(register).unanswered == []


def test_a_note_beside_the_table_is_the_proposal(register: Path) -> None:
    note = '\n"Source: PMO, figures in thousands",,,,\n'
    register.write_text(HEAD + ROWS + note, encoding="utf-8")
    (question,) = draft(register).unanswered
    assert question.proposal is not None
    assert question.proposal.answer == "1000"
    assert "Source: PMO, figures in thousands" in question.why


def test_a_unit_in_brackets_of_a_title_is_the_proposal(register: Path) -> None:
    table = "Ref,Project,Unit,Budget\nP1,Claims platform,Retail,120\nP2,Kiosks,Retail,30\n"
    register.write_text(f"Capital programme 2026/27 (£000)\n\n{table}", encoding="utf-8")
    (question,) = [q for q in draft(register).questions if q.field == "scale"]
    assert question.proposal is not None
    assert question.proposal.answer == "1000"


def test_a_cell_that_says_its_unit_is_read_so_in_a_column_of_another(
    register: Path, target: Path, read_back: ReadBack, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "P1,Claims,Retail,1200,\nP2,Kiosks,Retail,0.9m,\nP3,Ledger,Finance,12,\n"
    total = "Total,,,2112,\n"
    register.write_text(HEAD + rows + total, encoding="utf-8")
    assert (
        main(["import", str(register), "--into", str(target), "--yes", "--as-of", "2026-10-31"])
        == 0
    )
    out = capsys.readouterr().out
    assert [s.budget for i in ("P1", "P2", "P3") for s in read_back()[i].spend] == [
        1_200_000,
        900_000,
        12_000,
    ]
    assert "`0.9m`, and is read so; only cells that do not are multiplied by 1,000" in out
    assert "source 2,112,000, imported 2,112,000, difference 0" in out
    assert "a total, `Total` (rows 5)" in out


def test_a_draft_that_would_lose_money_does_not_end_with_0(
    register: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    register.write_text(HEAD + ROWS.replace("300,120", "12 or 13,120"), encoding="utf-8")
    command = ["import", "--guess", str(register), "--answer", "scale=thousands"]
    assert main(command) == 1
    assert "NOT IMPORTED: 1 cell of 2 that cannot be read" in capsys.readouterr().out
    assert not proved_draft(
        register, answers={"scale": "1"}, today=datetime.date(2026, 1, 1)
    ).is_sound


@pytest.mark.parametrize(
    ("name", "scale"),
    [
        ("Budget (£k)", 1_000),
        ("Budget £'000", 1_000),
        ("Budget (000s)", 1_000),
        ("Kosten (Tsd. €)", 1_000),
        ("Coût k€", 1_000),
        ("Budget GBP k", 1_000),
        ("Cost ($M)", 1_000_000),
        ("Cost USDm", 1_000_000),
        ("Kosten in Mio. EUR", 1_000_000),
        ("Budget EUR m", 1_000_000),
        ("Budget €bn", 1_000_000_000),
        ("Milestone", 1),
        ("Team size", 1),
        ("FY2000 budget", 1),
    ],
)
def test_units_in_names(name: str, scale: int) -> None:
    assert unit_in_name(name) == scale


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("0.9m", True),
        ("£1.9m", True),
        ("(1.2m)", True),
        ("3 Mio. €", True),
        ("40 T€", True),
        ("12 EUR", False),
        ("team", False),
        ("12 Main St", False),
        (12, False),
    ],
)
def test_units_in_cells(cell: str | int, says: bool) -> None:
    assert says_unit(cell) is says
