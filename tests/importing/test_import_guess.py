"""A drafted mapping runs as it is on the file it was drafted from."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from itgov.importing import ImportRefused, guess, run_import
from itgov.importing.load import parse_mapping
from itgov.model.types import Investment

ReadBack = Callable[[], dict[str, Investment]]

HEADER = (
    "Ref;Projekt title;Business unit;RAG status;Project status;Start date;Target date;"
    "Budget (€m);Actual 2025;Sponsor;Colour: of #1;Mood\n"
)
TABLE = (
    HEADER
    + """\
A-1;Claims platform;Retail;Green;In delivery;01.04.2025;31.03.2027;1,5;0,25;Amara Okafor;x;-
A-2;Branch kiosks;Retail;Amber;Cancelled;01.05.2025;TBC;2,25;1.000,50;;y;
A-3;"Ledger: the ""new"" one";Finance;Red;Live;13.06.2025;30.06.2026;not yet;;Tom Reyes;z;
"""
)


def test_guess_and_run(tmp_path: Path, target: Path, read_back: ReadBack) -> None:
    path = tmp_path / "our: projects #1.csv"
    path.write_text(TABLE, encoding="utf-8")
    draft = guess(path, today=datetime.date(2026, 5, 1), answers={"scale": "millions"})
    (tmp_path / "draft.yaml").write_text(draft, encoding="utf-8")
    assert "id: Ref   # 3 of 3 filled: `A-1`, `A-2`, `A-3`; all different" in draft
    assert "currency: EUR" in draft
    assert "the comma separates decimals" in draft
    assert not any(line.endswith(" ") for line in draft.splitlines())
    report = run_import(tmp_path / "draft.yaml", [path], target)
    assert report.left_out == []
    assert report.is_complete
    found = read_back()
    claims = found["A-1"]
    assert claims.title == "Claims platform"
    assert (claims.confidence, claims.stage, claims.sponsor) == (
        "green",
        "delivering",
        "amara.okafor",
    )
    assert (str(claims.start), str(claims.end)) == ("2025-04-01", "2027-03-31")
    assert {(s.year, s.budget, s.actual) for s in claims.spend} >= {(2025, None, 250_000)}
    assert found["A-2"].stage == "stopped"
    assert found["A-3"].title == 'Ledger: the "new" one'
    assert report.units == ["finance", "retail"]


def test_a_workbook(tmp_path: Path, target: Path, read_back: ReadBack) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Name", "Department", "End", "Cost ($k)"])
    book.active.append(["One", "IT", datetime.date(2026, 1, 31), 12])
    book.active.append(["One", "HR", None, 3.5])
    book.save(tmp_path / "book.xlsx")
    draft = guess(tmp_path / "book.xlsx", today=datetime.date(2026, 5, 1))
    (tmp_path / "draft.yaml").write_text(draft, encoding="utf-8")
    run_import(tmp_path / "draft.yaml", [tmp_path / "book.xlsx"], target)
    assert [s.budget for s in read_back()["it-one"].spend] == [12000]
    assert [s.budget for s in read_back()["hr-one"].spend] == [3500]


@pytest.mark.parametrize(
    "text",
    [
        "a\n1\n",
        "a,a,a\n1,2,3\n",
        '"a\nb","{c}",\'d\',"#e: f","[g",%h,@i\n1,2,3,4,5,6,7\n',
        "Name\n" + "word\n" * 5,
        "\x1b[31mName,\u202eunit\nval,\u2028x\n",
        "yes,no,null\ntrue,~,1e5\n",
    ],
)
def test_whatever_the_table_the_draft_is_a_mapping(tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    draft = guess(path)
    parse_mapping("draft.yaml", draft.encode())
    (tmp_path / "draft.yaml").write_text(draft, encoding="utf-8")
    report = run_import(tmp_path / "draft.yaml", [path], tmp_path / "target")
    assert report.is_complete
    assert "\x1b" not in draft


def test_no_table_no_draft(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"")
    with pytest.raises(ImportRefused, match="the file is empty"):
        guess(tmp_path / "t.csv")
    (tmp_path / "t.csv").write_text("x,y\n,\n", encoding="utf-8")
    with pytest.raises(ImportRefused, match="no row is an investment"):
        guess(tmp_path / "t.csv")
