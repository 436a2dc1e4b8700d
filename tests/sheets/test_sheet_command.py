"""`itgov sheet`: out, filled in, and in again, as its user does it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from itgov.cli.main import main

DAY = ["--as-of", "2026-11-23"]


@pytest.fixture
def here(repository: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The repository, with its workbook written, as the current folder."""
    monkeypatch.chdir(repository)
    assert main(["sheet", "out", "s.xlsx", *DAY]) == 0
    return repository


def fill(path: Path, cells: dict[str, Any]) -> None:
    """Fill cells in by their address: `investments!D2`."""
    book = openpyxl.load_workbook(path)
    for address, value in cells.items():
        page, _, cell = address.partition("!")
        book[page][cell].value = value
    book.save(path)


OWNER, STAGE = "investments!D2", "investments!G2"


def text_of(here: Path) -> str:
    return (here / "portfolios/retail.yaml").read_text()


def test_what_was_filled_in_is_shown_and_written(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = text_of(here)
    fill(here / "s.xlsx", {OWNER: "Amara Okafor (amara.okafor)"})
    capsys.readouterr()
    assert main(["sheet", "in", "s.xlsx", "--yes", *DAY]) == 0
    out, err = capsys.readouterr()
    assert "portfolios/retail.yaml  +1 -1" in out
    assert "9 -    outcome_owner: TBD" in out
    assert "9 +    outcome_owner: amara.okafor" in out
    assert "1 cell taken into 1 file; 0 refused" in out
    assert "fixes 1 finding" in out
    assert "Written: portfolios/retail.yaml." in err
    assert text_of(here) == before.replace("TBD", "amara.okafor")
    assert main(["sheet", "in", "s.xlsx", "--yes", *DAY]) == 0
    assert "0 cells taken" in capsys.readouterr().out


def test_refused_cells_are_named_and_the_sound_ones_taken(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(here / "s.xlsx", {OWNER: "Sam Lee", STAGE: "live"})
    assert main(["sheet", "in", "s.xlsx", "--yes", *DAY]) == 1
    out = capsys.readouterr().out
    assert "Not taken, 1 cell:" in out
    assert "investments!D2: `Sam Lee` can mean sam.lee, sam.lee2; write the id" in out
    assert "stage: live" in text_of(here)


def test_all_or_nothing(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = text_of(here)
    fill(here / "s.xlsx", {OWNER: "Sam Lee", STAGE: "live"})
    assert main(["sheet", "in", "s.xlsx", "--yes", "--all-or-nothing", *DAY]) == 1
    assert "Nothing was written" in capsys.readouterr().err
    assert text_of(here) == before


def test_nothing_is_written_unasked(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = text_of(here)
    fill(here / "s.xlsx", {STAGE: "live"})
    assert main(["sheet", "in", "s.xlsx", "--dry-run", *DAY]) == 0
    assert main(["sheet", "in", "s.xlsx", *DAY]) == 2  # no terminal to ask on
    assert "nothing was written; check the changes, then add --yes" in capsys.readouterr().err
    assert text_of(here) == before


@pytest.mark.parametrize(("answer", "written"), [("y\n", True), ("n\n", False), ("", False)])
def test_a_terminal_is_asked(
    here: Path, monkeypatch: pytest.MonkeyPatch, answer: str, written: bool
) -> None:
    class Terminal:
        def isatty(self) -> bool:
            return True

        def readline(self) -> str:
            return answer

    fill(here / "s.xlsx", {STAGE: "live"})
    monkeypatch.setattr("sys.stdin", Terminal())
    assert main(["sheet", "in", "s.xlsx", *DAY]) == 0
    assert ("stage: live\n    outcome_owner: TBD" in text_of(here)) == written


def test_json_says_the_same(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill(here / "s.xlsx", {OWNER: "nobody", STAGE: "live"})
    capsys.readouterr()
    assert main(["sheet", "in", "s.xlsx", "--dry-run", "--format", "json", *DAY]) == 1
    data = json.loads(capsys.readouterr().out)
    assert data["written"] is False
    assert data["taken"] == [
        {"cell": STAGE, "kind": "investment", "id": "RET-001", "field": "stage",
         "old": "delivering", "new": "live"}
    ]  # fmt: skip
    assert [r["cell"] for r in data["refused"]] == [OWNER]
    assert data["files"][0]["path"] == "portfolios/retail.yaml"


def test_what_was_typed_cannot_move_the_cursor(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(here / "s.xlsx", {OWNER: "\u202eevil\u200b", "outcomes!D2": "rtl \u202e"})
    main(["sheet", "in", "s.xlsx", "--dry-run", *DAY])
    out = capsys.readouterr().out
    assert "\u202e" not in out
    assert "<U+202E>" in out


def test_csv_out_and_in(here: Path) -> None:
    assert main(["sheet", "out", "s.csv", "--unit", "retail", *DAY]) == 0
    path = here / "s.csv"
    text = path.read_bytes().decode("utf-8-sig")
    path.write_text(text.replace(",stage,delivering,", ",stage,delivering,live"), newline="")
    assert main(["sheet", "in", "s.csv", "--yes", *DAY]) == 0
    assert "stage: live\n    outcome_owner: TBD" in text_of(here)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["out", "s.xlsx"], "exists already"),
        (["out", "s.ods"], "save it as .xlsx (Excel workbook) or .csv first"),
        (["out", "t.xlsx", "--unit", "retial"], "did you mean `retail`"),
        (["in", "gone.xlsx"], "cannot be read"),
        (["in", "itgov.txt"], "should end in"),
        (["up"], "out|in"),
        ([], "out|in"),
    ],
)
def test_what_cannot_be_done_ends_with_2(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    (here / "itgov.txt").write_text("x")
    assert main(["sheet", *arguments]) == 2
    assert says in capsys.readouterr().err


def test_force_writes_a_new_sheet_over_an_old_one(here: Path) -> None:
    fill(here / "s.xlsx", {STAGE: "live"})
    assert main(["sheet", "out", "s.xlsx", "--force", *DAY]) == 0
    assert openpyxl.load_workbook(here / "s.xlsx")["investments"]["G2"].value == "delivering"


def test_a_file_with_problems_is_said_for_its_cells(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(here / "s.xlsx", {STAGE: "live"})
    retail = here / "portfolios/retail.yaml"
    retail.write_text(text_of(here) + "engagements: []\n")  # a key that is given twice
    assert main(["sheet", "in", "s.xlsx", "--yes", *DAY]) == 1
    assert "fix them first" in capsys.readouterr().out
