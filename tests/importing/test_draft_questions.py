"""What a draft is unsure of is a question, and without its answer nothing is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from itgov.cli.main import main
from itgov.importing.drafting import draft
from itgov.importing.load import parse_mapping
from itgov.importing.looks import ColumnLook
from itgov.importing.questions import BadAnswer, Choice, Question, Takes
from itgov.importing.table_questions import which_column

TABLE = (
    "Ref,Project,Department,FY,Budget\nP1,Ship,Polar,2026,33.67\nP2,Claims,Benefits,2026,12131\n"
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "register.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_the_unit_of_money_is_asked_with_what_each_answer_means(table: Path) -> None:
    (question,) = draft(table).unanswered
    assert question.field == "scale"
    assert "The largest amount is 12,131" in question.asks
    assert question.proposal is None
    assert [str(c) for c in question.choices][-1] == "millions (12,131,000,000)"
    assert question.examples == ("12131", "33.67")


def test_an_answer_stands_in_the_draft_and_the_question_is_gone(table: Path) -> None:
    drafted = draft(table, answers={"scale": "1000000"})
    assert drafted.unanswered == []
    mapping = parse_mapping("m.yaml", drafted.text.encode()).mapping
    assert (mapping.unanswered, mapping.tables["table"].scale) == ([], 1_000_000)


def test_nothing_is_written_while_a_question_is_open(
    table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mapping, out = table.parent / "m.yaml", table.parent / "out"
    assert main(["import", "--guess", str(table)]) == 2
    said = capsys.readouterr()
    assert "thousands or millions" in said.err
    mapping.write_text(said.out, encoding="utf-8")
    command = ["import", "--mapping", str(mapping), str(table), "--into", str(out)]
    assert main(command) == 2
    assert "the question `scale` is not answered" in capsys.readouterr().err
    assert not out.exists()
    assert main([*command, "--anyway"]) == 0
    assert "imported 12,164.67" in capsys.readouterr().out


def test_a_table_that_says_its_unit_raises_no_question(table: Path) -> None:
    table.write_text(TABLE.replace("Budget", "Budget (£m)"), encoding="utf-8")
    assert draft(table).unanswered == []


def test_a_column_may_be_any_other_or_none() -> None:
    columns = [ColumnLook(n, ["1", "2", "3", "3"], 4) for n in ("Cost", "Price", "Age")]
    question = which_column("budget", columns[:2], columns, "both are amounts", matters=True)
    assert [c.examples for c in question.choices] == [("1", "2", "3"), ("1", "2", "3"), ()]
    assert question.read("age") == "Age"
    assert question.read("no column") == ""
    with pytest.raises(BadAnswer, match="there is no column `Aeg`"):
        question.read("Aeg")


@pytest.mark.parametrize(
    ("takes", "text", "answer"),
    [
        ("day", "2026-03-31", "2026-03-31"),
        ("day", "31.3.2026", None),
        ("month", "4", "4"),
        ("month", "apr", "4"),
        ("month", "ju", None),
        ("currency", "eur", "EUR"),
        ("currency", "€", None),
        ("id", "Ministère de la Santé", "ministere-de-la-sante"),
        ("id", "…", None),
        ("year", "2026", "2026"),
        ("year", "26", None),
        ("choice", "anything", None),
    ],
)
def test_an_answer_is_read_or_refused_with_the_reason(
    takes: Takes, text: str, answer: str | None
) -> None:
    question = Question("f", "What?", takes=takes, others=(Choice("x"),))
    if answer is not None:
        assert question.read(text) == answer
        return
    with pytest.raises(BadAnswer, match=re.escape(f"`{text}`")):
        question.read(text)
