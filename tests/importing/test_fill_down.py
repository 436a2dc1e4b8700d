"""A unit that is named once above its rows: what the blanks under it mean is asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from itgov.cli.main import main
from itgov.importing.drafting import draft
from itgov.model.types import Investment

ReadBack = Callable[[], dict[str, Investment]]

TABLE = """\
Directorate,Ref,Project,Budget (£k)
Retail,P-1,Claims,1200
,P-2,Kiosk,300
Finance,P-3,Ledger,40
,P-4,Hub,60
"""


@pytest.mark.parametrize(
    ("answer", "units"),
    [("above", ["finance", "retail"]), ("none", ["finance", "retail", "unassigned"])],
)
def test_blank_units(
    tmp_path: Path, target: Path, read_back: ReadBack, answer: str, units: list[str]
) -> None:
    path = tmp_path / "register.csv"
    path.write_text(TABLE, encoding="utf-8")
    command = ["import", str(path), "--into", str(target), "--yes", "--as-of", "2026-10-31"]
    assert main([*command, "--answer", f"blank_unit={answer}"]) == 0
    files = sorted(p.stem for p in (target / "portfolios").glob("*.yaml"))
    assert [f for f in files if f != "organisation"] == units
    assert sum(s.budget or 0 for i in read_back().values() for s in i.spend) == 1_600_000


def test_units_that_come_again_are_not_groups(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_text(TABLE + "Retail,P-5,Web,10\n", encoding="utf-8")
    assert "blank_unit" not in {q.field for q in draft(path).questions}


LINES = """\
Ref,Project,Directorate,Line,Budget 2026 (£),Actual 2026 (£)
P-1,Claims,Retail,,{0},{1}
,,,Licences,100000,90000
,,,Staff,50000,
P-2,Ledger,Finance,,{2},
,,,Hosting,10000,5000
"""


@pytest.mark.parametrize(
    ("amounts", "answer", "budget", "code"),
    [
        (("", "", ""), "lines", 160_000, 0),
        (("150000", "90000", "10000"), "parts", 160_000, 0),
        (("150000", "90000", "10000"), "none", 160_000, 1),
        (("7", "", "10000"), "lines", 170_007, 0),
    ],
)
def test_lines_of_cost_under_each_investment(
    tmp_path: Path,
    target: Path,
    read_back: ReadBack,
    amounts: tuple[str, ...],
    answer: str,
    budget: int,
    code: int,
) -> None:
    path = tmp_path / "register.csv"
    path.write_text(LINES.format(*amounts), encoding="utf-8")
    (question,) = [q for q in draft(path).questions if q.field == "lines"]
    proposed = {"150000": "parts", "": "lines"}.get(amounts[0])
    assert (question.proposal and question.proposal.answer) == proposed
    command = ["import", str(path), "--into", str(target), "--yes", "--as-of", "2026-10-31"]
    assert main([*command, "--answer", f"lines={answer}"]) == code
    found = read_back()
    assert {i.title for i in found.values()} == {"Claims", "Ledger"}
    assert sum(s.budget or 0 for i in found.values() for s in i.spend) == budget
    if answer == "lines":
        assert found.keys() == {"P-1", "P-2"}
        assert [s.actual for s in found["P-1"].spend] == [90_000]


def test_lines_of_cost_that_repeat_the_id(
    tmp_path: Path, target: Path, read_back: ReadBack
) -> None:
    path = tmp_path / "register.csv"
    text = LINES.format("", "", "").replace("\n,,,", "\nP-1,,,", 2).replace("\n,,,", "\nP-2,,,")
    path.write_text(text, encoding="utf-8")
    command = ["import", str(path), "--into", str(target), "--yes", "--as-of", "2026-10-31"]
    assert main(command) == 0
    assert [s.budget for s in read_back()["P-1"].spend] == [150_000]


def test_a_row_with_an_id_is_no_line_of_another(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_text(LINES.format("", "", "") + "P-3,,Retail,,70000,\n", encoding="utf-8")
    assert "lines" not in {q.field for q in draft(path).questions}
