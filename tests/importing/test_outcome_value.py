"""Money that is gained beside what it is gained by is asked about: it may be the outcome's value."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from itgov.cli.main import main
from itgov.importing.drafting import draft
from itgov.model.types import Investment

ReadBack = Callable[[], dict[str, Investment]]

TABLE = """\
Ref,Project,Directorate,Budget (£k),Expected benefit p.a. (£k),Benefit description
P1,Claims platform,Retail,1200,500,Fewer calls
P2,Branch kiosks,Retail,300,50,Lower rent
"""


def test_the_value_is_asked_once_there_is_an_outcome(
    tmp_path: Path, target: Path, read_back: ReadBack
) -> None:
    path = tmp_path / "register.csv"
    path.write_text(TABLE, encoding="utf-8")
    fields = {q.field: q for q in draft(path).questions}
    assert "statement" in fields
    assert "value" not in fields
    stated = draft(path, answers={"statement": "Benefit description"}).questions
    question = next(q for q in stated if q.field == "value")
    assert "is money that is gained each year" in question.why
    assert question.proposal is not None
    assert question.proposal.examples == ("500", "50")
    command = ["import", str(path), "--into", str(target), "--yes", "--as-of", "2026-10-31"]
    assert main(command) == 0
    (outcome,) = read_back()["P1"].outcomes
    assert (outcome.statement, outcome.value) == ("Fewer calls", 500_000)


def test_it_may_be_no_value(tmp_path: Path, target: Path, read_back: ReadBack) -> None:
    path = tmp_path / "register.csv"
    path.write_text(TABLE, encoding="utf-8")
    command = ["import", str(path), "--into", str(target), "--yes", "--as-of", "2026-10-31"]
    assert main([*command, "--answer", "value="]) == 0
    found = read_back()["P1"]
    assert found.outcomes[0].value is None
    assert found.custom["expected_benefit_p_a_k"] == 500_000
