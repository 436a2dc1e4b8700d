"""`itgov import FILE` in a terminal: it asks, shows, and writes; nothing before the last yes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from itgov.cli.main import main
from itgov.importing.load import load_mapping
from tests.importing.conftest import investments
from tests.support.dialogue import Talk, talk

TABLE = """\
Our IT portfolio,,,,,,
,,,,,,
Ref,Project,Directorate,RAG,Finish,Budget,Sponsor
CL-1,Claims platform,Retail,Amber/Green,31/03/2027,"1,200",Amara Okafor
CL-2,Branch kiosks,Retail,Red,TBC,300,
CL-3,Ledger,Finance,Green,30/06/2027,40,Tom Reyes
"""
ANSWERS = {
    "Whose portfolio": "Acme plc",
    "Of which fiscal year": "2026",
    "which currency": "gbp",
    "largest amount is 1,200": "thousands",
    "which month": "apr",
    "Of which day": "2026-11-01",
    "Write this to": "y",
}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "our register.csv"
    path.write_text(TABLE, encoding="utf-8")
    moment = time.mktime((2026, 1, 5, 12, 0, 0, 0, 0, -1))
    os.utime(path, (moment, moment))
    return path


def answering(answers: dict[str, str]) -> Callable[[str], str | None]:
    """Answer by words of the question; what is not listed takes the proposal."""

    def reply(question: str) -> str | None:
        said = question.rsplit("/", 1)[-1] if "Write this to" not in question else question
        return next((a for words, a in answers.items() if words in said), "")

    return reply


def asked(seen: Talk) -> list[str]:
    return [q for q in seen.questions if "Write this to" not in q]


@pytest.mark.slow
def test_questions_lead_to_files_and_a_mapping(table: Path) -> None:
    out = table.parent / "out"
    seen = talk(["import", table, "--into", out], answering(ANSWERS))
    assert seen.code == 0
    assert len(asked(seen)) == 6
    assert "business unit  `Directorate`  (`Retail`, `Finance`)" in seen.text
    assert "under the header in row 3" in seen.text
    assert "source 1,540,000, imported 1,540,000, difference 0" in seen.text
    found = investments(out)
    assert [(s.year, s.budget) for s in found["CL-1"].spend] == [(2026, 1_200_000)]
    assert str(found["CL-1"].custom["imported"]).count("2026-11-01") == 1
    organisation = (out / "portfolios" / "organisation.yaml").read_text("utf-8")
    assert "id: acme-plc\n  name: Acme plc\n  currency: GBP\n  fiscal_year_start: 4" in organisation
    mapping = load_mapping(out / "mappings" / "our-register.yaml").mapping
    assert mapping.unanswered == []
    assert "The mapping is kept in" in seen.last
    again = ["import", "--mapping", str(out / "mappings" / "our-register.yaml"), str(table)]
    assert main([*again, "--into", str(out)]) == 0


@pytest.mark.slow
def test_the_first_three_are_shown_before_anything_is_written(table: Path) -> None:
    out = table.parent / "out"

    def reply(question: str) -> str | None:
        if "Write this to" in question:
            assert "title: Claims platform" in question
            assert "budget: 40000" in question
            assert not out.exists()
        return answering(ANSWERS | {"Write this to": "n"})(question)

    seen = talk(["import", table, "--into", out], reply)
    assert seen.code == 2
    assert "Nothing was written." in seen.last
    assert not out.exists()


@pytest.mark.slow
@pytest.mark.parametrize("at", [0, 3, 6])
def test_ctrl_c_leaves_nothing_written(table: Path, at: int) -> None:
    out = table.parent / "out"
    replies = iter([*list(ANSWERS.values())[:at], None])
    seen = talk(["import", table, "--into", out], lambda _: next(replies))
    assert seen.code == 130
    assert "Nothing was written." in seen.last
    assert "Traceback" not in seen.text
    assert not out.exists()


@pytest.mark.slow
def test_a_wrong_answer_is_asked_again_and_back_goes_back(table: Path) -> None:
    replies = iter(["Acme", "?", "nineteen", "b", "<", "2025", "euros", "x$", "EUR"])
    rest = answering(ANSWERS)
    seen = talk(["import", table, "--into", "out"], lambda q: next(replies, rest(q)), table.parent)
    assert seen.code == 0
    assert "A whole budget stands in one row" in seen.text
    assert "`nineteen` is not a year (use 2026)" in seen.text
    assert "`x$` is not a currency" in seen.text
    found = investments(table.parent / "out")
    assert [s.year for s in found["CL-2"].spend] == [2025]


@pytest.mark.slow
def test_what_a_repository_says_is_not_asked_again(table: Path) -> None:
    out = table.parent / "out"
    assert talk(["import", table, "--into", out], answering(ANSWERS)).code == 0
    other = table.parent / "other.csv"
    other.write_text("Ref,Project,Team,FY,Cost\nX-1,Till,Shops,2026,£250000\n", encoding="utf-8")
    seen = talk(["import", other, "--into", out], answering(ANSWERS))
    assert seen.code == 0
    assert "organisation: Acme plc, as the repository says" in seen.text
    new = [q for q in asked(seen) if "Of which day" not in q and "Which fiscal year is" not in q]
    assert new == []
    assert set(investments(out)) == {"CL-1", "CL-2", "CL-3", "X-1"}


@pytest.mark.slow
def test_a_ready_mapping_is_used_and_said(tmp_path: Path) -> None:
    header = (
        "deptAcronym,shortcode,uniqueId,department,projectName,description,totalBudget,"
        "estimatedCompletionDate,rawProvidedDate,yearsRemaining,originalDocumentOrder,source,"
        "asOfDate,isOver10M,isOver100M\n"
    )
    row = 'aa,x,aa-x,Dept A,Old,Thing,"$9,000,000","May 1, 2017",x,1,1,s,"June 9, 2016",0,0\n'
    table = tmp_path / "gc-it-projects-2016.csv"
    table.write_text(header + row, encoding="utf-8")
    seen = talk(["import", table, "--into", tmp_path / "out"], lambda _: None)
    assert (seen.code, seen.questions) == (0, [])
    assert "A mapping for these tables exists: `canada`." in seen.text


def test_without_a_terminal_it_says_what_it_would_ask(
    table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = table.parent / "out"
    command = ["import", str(table), "--into", str(out)]
    assert main(command) == 2
    said = capsys.readouterr().err
    assert "scale: The largest amount is 1,200" in said
    assert "in the table: `1,200`, `300`, `40`" in said
    for way in ("--yes", "--guess", "--mapping", "--answer"):
        assert way in said
    assert main([*command, "--yes"]) == 2  # the unit of money has no proposal, nor has the currency
    said = capsys.readouterr().err
    assert "Of which day is the table?" in said
    assert "2026-01-05 (assumed" in said
    assert not out.exists()
    given = ["--answer", "scale=thousands", "--answer", "currency=EUR"]
    assert main([*command, "--yes", *given]) == 0
    assert investments(out)["CL-3"].spend[0].budget == 40_000


@pytest.mark.slow
def test_the_mapping_alone_may_be_written(table: Path) -> None:
    out = table.parent / "out"
    seen = talk(["import", table, "--into", out], answering(ANSWERS | {"Write this to": "m"}))
    assert seen.code == 0
    assert [p.name for p in out.rglob("*.yaml")] == ["our-register.yaml"]


@pytest.mark.slow
def test_the_next_table_is_read_by_the_mapping_that_was_kept(table: Path) -> None:
    out = table.parent / "out"
    assert talk(["import", table, "--into", out], answering(ANSWERS)).code == 0
    later = table.with_name("register of 2027.csv")
    later.write_text(TABLE.replace('"1,200"', '"1,500"'), encoding="utf-8")
    answers = {"Of which fiscal year": "2027", "Of which day": "2027-11-01", "Write this to": "y"}
    seen = talk(["import", later, "--into", out], answering(answers))
    assert seen.code == 0
    assert "our-register.yaml reads: it was kept by an earlier import" in seen.text
    assert len(asked(seen)) == 2
    found = investments(out)["CL-1"]
    assert [(s.year, s.budget) for s in found.spend] == [(2026, 1_200_000), (2027, 1_500_000)]
    assert "2027-11-01" in str(found.custom["imported"])
    assert [p.name for p in (out / "mappings").iterdir()] == ["our-register.yaml"]


def test_without_a_terminal_a_kept_mapping_asks_for_the_year(
    table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = table.parent / "out"
    given = ["--answer", "scale=thousands", "--answer", "currency=EUR", "--answer", "year=2026"]
    command = ["import", str(table), "--into", str(out), "--yes"]
    assert main([*command, *given]) == 0
    assert main(command) == 2
    assert "the mapping was made for 2026" in capsys.readouterr().err
    assert main([*command, "--answer", "year=2026", "--as-of", "2026-12-01"]) == 0
    assert "2026-12-01" in str(investments(out)["CL-1"].custom["imported"])


def test_a_day_in_the_title_is_proposed(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = TABLE.replace("Our IT portfolio", "Our IT portfolio as at 30 September 2026")
    table.write_text(text, encoding="utf-8")
    assert main(["import", str(table), "--into", str(table.parent / "out")]) == 2
    said = capsys.readouterr().err
    assert "the title does, `Our IT portfolio as at 30 September 2026`" in said
    assert "proposed: 2026-09-30" in said


def test_a_dry_run_writes_nothing(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = table.parent / "out"
    given = ["--answer", "scale=thousands", "--answer", "currency=EUR"]
    assert main(["import", str(table), "--into", str(out), "--yes", "--dry-run", *given]) == 0
    assert "dry run: nothing was written" in capsys.readouterr().out
    assert not out.exists()


def test_a_day_that_nobody_said_is_kept_as_assumed(table: Path) -> None:
    out = table.parent / "out"
    given = ["--answer", "scale=thousands", "--answer", "currency=EUR"]
    command = ["import", str(table), "--into", str(out), "--yes"]
    assert main([*command, *given]) == 0
    assert "'as_of_assumed': True" in str(investments(out)["CL-1"].custom["imported"])
    assert main([*command, "--answer", "year=2026", "--as-of", "2026-12-01"]) == 0
    assert "as_of_assumed" not in str(investments(out)["CL-1"].custom["imported"])
