"""Columns of amounts that no name calls budget or actual are asked, and none is left out unasked."""

from __future__ import annotations

from pathlib import Path

import pytest

from itgov.importing.drafting import draft, proved_draft
from itgov.importing.load import parse_mapping

HEAD = "Ref,Project,Department,"


def _draft(tmp_path: Path, header: str, *rows: str, **answers: str) -> tuple[list[str], str]:
    path = tmp_path / "register.csv"
    lines = [f"{HEAD}{header}", *(f"P{n},Project {n},HR,{row}" for n, row in enumerate(rows))]
    path.write_text("\n".join(lines), encoding="utf-8")
    asked = draft(path, answers={"currency": "GBP", "fiscal_year_start": "4", **answers})
    return [q.field for q in asked.unanswered], asked.text


def _spend(text: str) -> list[object]:
    (source,) = parse_mapping("m.yaml", text.encode()).mapping.investments
    return [row.year for row in source.spend]


@pytest.mark.parametrize(
    ("header", "years"),
    [
        ("Q1 26/27 £k,Q2 26/27 £k,Q3 26/27 £k,Q4 26/27 £k,Q1 27/28 £k", 5),
        ("FY26 £k,FY27 £k", 2),
        ("2026/27 £m,2027/28 £m,2028/29 £m,2029/30 £m", 4),
    ],
)
def test_a_unit_beside_a_year_is_no_other_word(tmp_path: Path, header: str, years: int) -> None:
    row = ",".join(str(n) for n in range(11, 11 + years))
    asked, text = _draft(tmp_path, header, row, row, year_named="begins")
    assert asked == ["spend"]
    assert len(_spend(text)) == years


def test_columns_that_differ_in_figures_alone_are_one_question_and_may_add_up(
    tmp_path: Path,
) -> None:
    header = "Phase 1 (£k),Phase 2 (£k),Phase 3 (£k),Phase 4 (£k),Phase 5 (£k)"
    asked, text = _draft(tmp_path, header, "11,20,30,40,5", "1,2,3,4,6")
    assert asked == ["spend-phase-1-k", "budget"]
    _, text = _draft(
        tmp_path,
        header,
        "11,20,30,40,5",
        "1,2,3,4,6",
        budget="sum",
        **{"spend-phase-1-k": "budget"},
    )
    assert len(_spend(text)) == 5
    assert "merge: {spend: sum}" in text


def test_money_that_was_not_asked_is_named_as_not_imported(tmp_path: Path) -> None:
    header = "North (£k),South (£k),East (£k),West (£k),Isles (£k)"
    _draft(tmp_path, header, "11,20,30,40,5", "1,2,3,4,6")
    found = proved_draft(tmp_path / "register.csv", answers={"currency": "GBP"})
    assert not found.is_sound
    assert "perhaps_money: [West (£k), Isles (£k)]" in found.text
