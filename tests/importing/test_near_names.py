"""Projects that the next table has under another name or id are proposed as the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itgov.importing.near_names import _likeness, _name
from itgov.model.types import Investment
from tests.support.cli import run_cli

from .test_next_year import Tables

ReadBack = Callable[[], dict[str, Investment]]


@pytest.fixture
def tables(tmp_path: Path, target: Path) -> Tables:
    """Small tables to import."""
    return Tables(tmp_path, target)


def test_a_renamed_project_is_proposed_as_the_same_and_its_line_makes_it_so(
    tables: Tables, read_back: ReadBack, target: Path
) -> None:
    one = "polling,Polling Place Technology,AEC,Green,2026,100\nother,Other thing,AEC,Red,2026,5\n"
    two = one.replace(
        "polling,Polling Place Technology", "polling-project,Polling Place Technology Project"
    )
    tables.run("p-2025-03-31.csv", one)
    before = (target / "portfolios" / "aec.yaml").read_text(encoding="utf-8")
    report = tables.run("p-2026-03-31.csv", two)
    assert not report.is_sound  # money that perhaps counts twice is no success
    text = report.render_text()
    assert "then EUR 100 count twice" in text
    assert (
        "perhaps the same: polling -> polling-project; if so, write `formerly: [polling-project]` under "
        "the first (portfolios/aec.yaml:6), delete the second" in text
    )
    twice = (target / "portfolios" / "aec.yaml").read_bytes()
    report = tables.run("p-2026-03-31.csv", two)
    assert (report.is_sound, report.new) == (False, [])  # it is said until somebody decides
    assert "then EUR 100 count twice" in report.render_text()
    assert (target / "portfolios" / "aec.yaml").read_bytes() == twice
    lines = before.splitlines(keepends=True)
    assert lines[5] == "  - id: polling\n"
    lines.insert(6, "    formerly: [polling-project]\n")
    (target / "portfolios" / "aec.yaml").write_text("".join(lines), encoding="utf-8")
    report = tables.run("p-2026-03-31.csv", two)
    assert (report.new, report.perhaps_same, report.gone) == ([], [], [])
    found = read_back()
    assert found.keys() == {"polling", "other"}
    assert found["polling"].title == "Polling Place Technology Project"
    assert sum(s.budget or 0 for i in found.values() for s in i.spend) == 105
    assert tables.run("p-2026-03-31.csv", two).unchanged == 2


def test_renumbered_merged_and_returning_projects(tables: Tables, read_back: ReadBack) -> None:
    tables.run(
        "p-2024-03-31.csv",
        "A1,Claims platform,HR,Green,2026,1\nA2,Branch kiosks,HR,Green,2026,2\nA3,Branch screens,HR,Green,2026,4\n",
    )
    report = tables.run(
        "p-2025-03-31.csv",
        "B1,Claims platform,HR,Green,2026,1\nB2,Branch kiosks and screens,HR,Green,2026,6\n",
    )
    pairs = {(p.old, p.new, p.alike) for p in report.perhaps_same}
    assert ("A1", "B1", 1.0) in pairs
    assert [g.id for g in report.gone] == ["A1", "A2", "A3"]
    assert len(pairs) == 2  # of what was merged one is proposed, and both are gone
    report = tables.run("p-2026-03-31.csv", "A3,Branch screens,HR,Green,2026,4\n")
    assert report.notes == ["A3: it is back in the tables; it was gone since 2025-03-31"]
    assert {g.id for g in report.gone if g.is_new} == {"B1", "B2"}


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Payroll", "Payroll programme", True),
        ("Payroll", "Payroll kiosk", False),
        ("Polling Place Technology", "Polling Place Technology Project", True),
        ("Claims platfrom renewal", "Claims platform renewal", True),
        ("CLAIMS: platform", "Claims Platform", True), ("Claims & fraud", "Claims and Fraud", True),
        ("Network renewal phase 1", "Network renewal phase 2", False), ("ERP II", "ERP III", False),
        ("Payroll", "Payroll in the cloud", False), ("Branch kiosks", "Data warehouse", False), ("", "", False),
    ],
)  # fmt: skip
def test_names_that_are_nearly_the_same(one: str, other: str, alike: bool) -> None:
    assert (_likeness(_name(one), _name(other)) >= 0.8) is alike


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_is_a_share_and_whole_for_one_name_only(one: str, other: str) -> None:
    likeness = _likeness(_name(one), _name(other))
    assert 0 <= likeness <= 1
    assert (likeness == 1) is (_name(one) == _name(other) and bool(_name(one).words))


def test_an_id_that_two_investments_claim_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "portfolios"
    folder.mkdir()
    (folder / "organisation.yaml").write_text("organisation: {id: acme}\n", encoding="utf-8")
    (folder / "hr.yaml").write_text(
        "business_unit: {id: hr}\ninvestments:\n  - {id: A-1, title: One, formerly: [A-2, X]}\n"
        "  - {id: A-2, title: Two, formerly: [X, old]}\n",
        encoding="utf-8",
    )
    out = run_cli(capsys, "check", tmp_path, "--as-of", "2026-11-23", "--fail-on", "never").out
    assert "the earlier id `A-2` is also that of the investment in portfolios/hr.yaml:4" in out
    assert "the earlier id `X` is also that of the investment in portfolios/hr.yaml:3" in out
    assert "`old`" not in out


def test_two_that_only_sound_the_same_are_two_once_the_note_is_deleted(
    tables: Tables, target: Path
) -> None:
    one = "a,Polling Place Technology,AEC,Green,2026,100\n"
    two = "b,Polling Place Technology,AEC,Green,2026,100\n"
    tables.run("p-2025-03-31.csv", one)
    assert not tables.run("p-2026-03-31.csv", two).is_sound
    path = target / "portfolios" / "aec.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count("perhaps: a") == 1
    path.write_text(text.replace(", perhaps: a", ""), encoding="utf-8")
    report = tables.run("p-2026-03-31.csv", two)
    assert (report.perhaps_same, report.is_sound) == ([], True)
