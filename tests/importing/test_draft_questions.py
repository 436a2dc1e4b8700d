"""What a draft is unsure of is a question, and without its answer nothing is written."""

from __future__ import annotations

import datetime
import os
import re
import time
from pathlib import Path

import pytest

from itgov.cli.main import main
from itgov.importing import ImportRefused
from itgov.importing.drafting import draft, guess
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
    (question,) = draft(table, answers={"currency": "USD"}).unanswered
    assert question.field == "scale"
    assert "The largest amount is 12,131" in question.asks
    assert question.proposal is None
    assert [str(c) for c in question.choices][-1] == "millions (12,131,000,000)"
    assert question.examples == ("12131", "33.67")


def test_an_answer_stands_in_the_draft_and_the_question_is_gone(table: Path) -> None:
    drafted = draft(table, answers={"scale": "1000000", "currency": "USD"})
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


def asked(path: Path, **answers: str) -> dict[str, Question]:
    return {q.field: q for q in draft(path, answers=answers).questions}


def test_what_is_sure_is_not_asked(table: Path) -> None:
    assert list(asked(table)) == [
        *("organisation", "currency", "scale", "fiscal_year_start", "as_of")
    ]
    table.write_text(
        "Ref,Project,Department,As at,Year,Budget (€m)\nP1,Ship,Polar,2026-03-31,2026,33.67\n",
        encoding="utf-8",
    )
    assert list(asked(table)) == ["organisation", "fiscal_year_start"]


@pytest.mark.parametrize(
    ("amounts", "proposed", "also"),
    [
        ("£1m,£2m", None, None),
        ("CA$ 7m,CA$ 8m", None, None),
        ("$7m,$8m", "USD", "AUD"),
        ("£7m,€8m", "GBP", "EUR"),
        ("7m,8m", "", "EUR"),
    ],
)
def test_a_sign_that_several_currencies_share_is_asked(
    table: Path, amounts: str, proposed: str | None, also: str | None
) -> None:
    one, two = amounts.split(",")
    table.write_text(f"Project,Team,FY,Cost\nShip,A,2026,{one}\nTill,B,2026,{two}\n", "utf-8")
    question = asked(table).get("currency")
    if proposed is None:
        assert question is None
        return
    assert question is not None
    assert (question.proposal.answer if question.proposal else "") == proposed
    assert also in [c.answer for c in question.others]
    assert question.examples == (one, two)


def test_the_fiscal_year_follows_the_currency_that_was_answered(table: Path) -> None:
    found = asked(table)["fiscal_year_start"].proposal
    assert found is not None
    assert str(found) == "January"
    for currency, month in (("AUD", "July"), ("GBP", "April"), ("EUR", "January")):
        found = asked(table, currency=currency)["fiscal_year_start"].proposal
        assert str(found) == month


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("register-2025-03-31.csv", "2025-03-31"),
        ("register 31.03.2025.csv", "2025-03-31"),
        ("20250331_register.csv", "2025-03-31"),
        ("register_2025-12.csv", "2025-12-31"),
        ("register_2024-02.csv", "2024-02-29"),
        ("register 2025-02-31.csv", "2026-01-05"),
        ("register-2025.csv", "2026-01-05"),
    ],
)
def test_the_day_is_that_in_the_name_else_of_the_last_change(
    table: Path, name: str, day: str
) -> None:
    path = table.rename(table.parent / name)
    moment = time.mktime((2026, 1, 5, 12, 0, 0, 0, 0, -1))
    os.utime(path, (moment, moment))
    question = asked(path)["as_of"]
    assert question.proposal is not None
    assert question.proposal.answer == day
    assert f"days: {{{path.name}: {day}}}" in draft(path, answers={"as_of": day}).text


def test_amounts_without_a_year_are_the_whole_budget_or_one_years(table: Path) -> None:
    table.write_text("Project,Team,Cost\nShip,A,1200000\nTill,B,300000\n", "utf-8")
    today = datetime.date(2026, 5, 1)
    whole = draft(table, today=today)
    assert "year" in [q.field for q in whole.questions]
    assert "{year: {value: 2026}, budget: Cost, total: true}" in whole.text
    of_a_year = draft(table, today=today, answers={"year": "2024"}).text
    assert "{year: {value: 2024}, budget: Cost}" in of_a_year


MIXED = """\
Ref,Project,Team,Start,Finish,Cur,Budget 2026
P1,Ship,Sea,01/02/2026,03/04/2027,EUR,120000
P2,Till,Shops,05/06/2026,07/08/2027,GBP,220000
P3,Bot,Shops,05/06/2026,07/08/2027,EUR,80000
"""


def test_dates_that_can_be_read_either_way_are_asked_once(table: Path) -> None:
    table.write_text(MIXED, encoding="utf-8")
    question = asked(table)["date_order"]
    assert [str(c) for c in question.choices] == [
        "the day: `01/02/2026` is 1 February",
        "the month: `01/02/2026` is January 2",
    ]
    source = parse_mapping("m.yaml", draft(table, answers={"date_order": "month"}).text.encode())
    assert "MM/DD/YYYY" in str(source.mapping.investments[0].start)
    assert "MM/DD/YYYY" in str(source.mapping.investments[0].end)
    table.write_text(MIXED.replace("03/04/2027", "23/04/2027"), encoding="utf-8")
    assert "date_order" not in asked(table)
    assert "start: {column: Start, formats: [DD/MM/YYYY]}" in draft(table).text


def test_rows_in_several_currencies_are_left_out_or_added_up_as_answered(table: Path) -> None:
    table.write_text(MIXED, encoding="utf-8")
    question = asked(table)["currency"]
    assert (question.proposal, question.matters) == (None, True)
    assert "`Cur` says EUR in 2 rows and GBP in 1 row" in question.why
    only = guess(table, answers={"currency": question.read("EUR; rows in others are left out")})
    assert "currency: EUR\n" in only
    assert "imported 200,000, skipped 220,000, difference 0" in only
    assert "imported 420,000, difference 0" in guess(table, answers={"currency": "EUR for all"})
    assert "currency" in asked(table, currency="EUR")  # that does not say which of the two


@pytest.mark.parametrize(
    ("header", "year", "proposed"),
    [("FY", "FY2027", "ends"), ("FY", "FY27", "ends"), ("Year", "2027", "begins")],
)
def test_a_fiscal_year_of_one_number_begins_or_ends_in_it(
    table: Path, header: str, year: str, proposed: str
) -> None:
    table.write_text(f"Ref,Project,Team,{header},Cost\nP1,Ship,Sea,{year},£1200000\n", "utf-8")
    assert "year_named" not in asked(table, fiscal_year_start="1")
    question = asked(table, fiscal_year_start="10")["year_named"]
    assert question.proposal is not None
    assert question.proposal.answer == proposed
    given = {"fiscal_year_start": "10"}
    assert f"year: {{column: {header}, plus: -1}}" in guess(
        table, answers=given | {"year_named": "ends"}
    )
    assert f"{{year: {header}, budget" in guess(table, answers=given | {"year_named": "begins"})


def test_a_year_in_the_name_of_a_column_ends_in_it_where_that_is_answered(table: Path) -> None:
    table.write_text("Ref,Project,Team,FY27 budget (£m)\nP1,Ship,Sea,12\n", "utf-8")
    given = {"fiscal_year_start": "4", "year_named": "ends"}
    assert "{value: 2026}" in guess(table, answers=given)
    table.write_text("Ref,Project,Team,2026/27 budget (£m)\nP1,Ship,Sea,12\n", "utf-8")
    assert "year_named" not in asked(table, fiscal_year_start="4")
    assert "{value: 2026}" in guess(table, answers=given)


def test_no_currency_is_assumed(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table.write_text(TABLE.replace("12131", "12131000"), encoding="utf-8")
    (question,) = draft(table).unanswered
    assert (question.field, question.proposal) == ("currency", None)
    assert main(["import", "--guess", str(table)]) == 2
    assert "unanswered: [currency]" in capsys.readouterr().out
    assert main(["import", "--guess", str(table), "--answer", "currency=SEK"]) == 0
    assert "currency: SEK" in capsys.readouterr().out


def test_a_draft_that_powershell_kept_is_read(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drafted = guess(table, answers={"scale": "1", "currency": "GBP"})
    (tmp_path / "m.yaml").write_text(drafted.replace("\n", "\r\n"), encoding="utf-16")
    command = ["import", "--mapping", str(tmp_path / "m.yaml"), str(table), "--dry-run"]
    assert main([*command, "--into", str(tmp_path / "out")]) == 0
    assert "imported 12,164.67" in capsys.readouterr().out


def test_a_column_of_few_words_is_offered_as_the_unit(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    rows = "".join(
        f"P{at},Project {at},{'EMEA' if at % 2 else 'Asia'},Red,9{at}0000\n" for at in range(6)
    )
    path.write_text("Ref,Project,Sector,RAG,Budget (£)\n" + rows, encoding="utf-8")
    question = {q.field: q for q in draft(path).questions}["unit"]
    assert [c.answer for c in question.choices] == ["", "Sector"]
    assert question.choices[1].examples == ("Asia", "EMEA")
    assert "name: {value: All}" in draft(path).text
    assert "name: Sector" in draft(path, answers={"unit": "Sector"}).text


@pytest.mark.parametrize(
    ("column", "currency", "words"),
    [
        ("Spend 2026 ($)", "EUR", "is in USD, not in EUR"),
        ("Spend 2026 (A$)", "AUD", ""),
        ("Spend 2026 (R$ mil)", "BRL", ""),
        ("Spend 2026 ($)", "CAD", ""),
        ("Spend 2026", "EUR", ""),
    ],
)
def test_a_currency_that_a_column_contradicts_is_refused(
    tmp_path: Path, column: str, currency: str, words: str
) -> None:
    path = tmp_path / "register.csv"
    path.write_text(f"Ref,Project,Unit,{column}\nP1,Claims,Retail,120000\n", encoding="utf-8")
    answers = {"currency": currency, "scale": "1"}
    if not words:
        assert f"currency: {currency}" in draft(path, answers=answers).text
    else:
        with pytest.raises(ImportRefused, match=words):
            draft(path, answers=answers)
