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
