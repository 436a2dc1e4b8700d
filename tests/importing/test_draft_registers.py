"""Registers as project offices keep them, in three languages: what a draft makes of each."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from itgov.cli.main import main
from itgov.importing.drafting import proved_draft
from itgov.importing.mapping import Spec
from itgov.model.types import Investment
from tests.importing.registers import REGISTERS, Register, column, drafted, read_from, source_of
from tests.support.examples import many


@pytest.mark.parametrize("register", REGISTERS.values(), ids=list(REGISTERS))
def test_a_register(tmp_path: Path, register: Register) -> None:
    made = drafted(tmp_path, register.table)
    source = source_of(made)
    assert {f: read_from(source, f) for f in register.columns} == register.columns
    spend: list[tuple[object, dict[str, str]]] = []
    for row in source.spend:
        read = {k: column(getattr(row, k)) for k in ("budget", "actual", "forecast")}
        year = row.year.value if isinstance(row.year, Spec) else row.year
        spend.append(("total" if row.total else year, {k: c for k, c in read.items() if c}))
    this_year = [year for year, _ in spend if year not in ("total", 2025, 2026, 2027)]
    if "year" in register.asked and this_year:
        assert [fields for _, fields in spend] == [fields for _, fields in register.spend]
    else:
        assert spend == register.spend
    assert set(register.custom) <= set(source.custom)
    fields = {q.field for q in made.questions}
    assert set(register.asked) <= fields
    assert not ({"outcome_owner", "unit", "spend"} - set(register.asked)) & fields
    assert made.is_sound


def test_what_a_person_is_is_no_line_until_it_is_answered(tmp_path: Path) -> None:
    table = REGISTERS["years alone"].table
    assert source_of(drafted(tmp_path, table)).outcome_owner is None
    answered = proved_draft(
        tmp_path / "register.csv", answers={"outcome_owner": "Owner", "currency": "USD"}
    )
    assert column(source_of(answered).outcome_owner) == "Owner"


@pytest.mark.parametrize(
    ("answer", "money"), [("actual", {"actual": "FY26"}), ("none", None), ("budget", None)]
)
def test_what_years_are_is_as_answered(
    tmp_path: Path, answer: str, money: dict[str, str] | None
) -> None:
    drafted(tmp_path, REGISTERS["years alone"].table)
    made = proved_draft(tmp_path / "register.csv", answers={"spend": answer, "currency": "USD"})
    source = source_of(made)
    if answer == "none":
        assert source.spend == []
        assert {"fy26", "fy27"} <= set(source.custom)
    elif money is not None:
        assert [column(row.actual) for row in source.spend] == ["FY26", "FY27"]
    assert made.unanswered == []


def test_a_draft_that_would_lose_money_does_not_end_with_0(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "lines.csv"
    path.write_text(
        "Ref,Project,Team,Year,Budget\nP1,Alpha,North,2026,100000\nP1,Alpha,North,2026,250000\n",
        encoding="utf-8",
    )
    assert main(["import", "--guess", str(path), "--answer", "currency=USD"]) == 1
    assert "NOT IMPORTED: 250,000" in capsys.readouterr().out


def test_amounts_that_say_millions_themselves_are_not_multiplied_again(tmp_path: Path) -> None:
    made = drafted(tmp_path, "Name,Team,Budget 2026 (£million)\nA,X,£1.90m\nB,Y,£312.00m\n")
    assert "source 313,900,000, imported 313,900,000" in made.text
    assert made.unanswered == []


def test_columns_of_one_name_are_told_apart_and_asked(tmp_path: Path) -> None:
    made = drafted(
        tmp_path, "Ref,Name,Dept,Budget,Budget\nP1,Till,HR,100000,90000\nP2,Desk,HR,200000,150000\n"
    )
    (question,) = made.unanswered
    assert [c.answer for c in question.choices[:2]] == ["Budget", "Budget (2)"]
    again = proved_draft(
        tmp_path / "register.csv", answers={"budget": "Budget (2)", "currency": "USD"}
    )
    assert "source 240,000, imported 240,000" in again.text


def test_amounts_of_several_currencies_are_not_added_up_unasked(tmp_path: Path) -> None:
    table = "Projekt;Bereich;Budget 2026;Währung\nKasse;IT;100000;EUR\nLager;HR;200000;{}\n"
    made = drafted(tmp_path, table.format("USD"))
    assert [(q.field, q.proposal) for q in made.unanswered] == [("currency", None)]
    made = drafted(tmp_path, table.format("EUR"))
    assert "currency: EUR   # as the table says" in made.text
    assert made.unanswered == []


def test_a_row_a_year_may_be_the_state_of_that_year(tmp_path: Path) -> None:
    table = (
        "project_number,project_name,department,aims,yearly_budget,year\n"
        "P-1,Ship,Polar,Ice,33000000,2022\nP-1,Ship,Polar,Ice and sea,44000000,2023\n"
        "P-2,Till,Shops,Cash,120000,2023\n"
    )
    made = drafted(tmp_path, table)
    assert "states" in {q.field for q in made.unanswered}
    as_of = source_of(made).as_of
    assert isinstance(as_of, Spec)
    assert (as_of.column, as_of.as_) == ("year", "year")
    assert [column(row.budget) for row in source_of(made).spend] == ["yearly_budget"]
    assert made.is_sound
    same = drafted(tmp_path, table.replace("Ice and sea", "Ice"))
    assert "states" not in {q.field for q in same.questions}


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(c for c in apart if not unicodedata.combining(c))


@pytest.mark.parametrize("name", ["german", "french", "english, one aspect each"])
@given(random=st.randoms(use_true_random=False))
@settings(max_examples=many(150), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_order_case_and_accents_of_columns_do_not_matter(
    tmp_path: Path, name: str, random: Random
) -> None:
    register = REGISTERS[name]
    sign = ";" if ";" in register.table.splitlines()[0] else ","
    header, *rows = csv.reader(io.StringIO(register.table), delimiter=sign)
    order = list(range(len(header)))
    random.shuffle(order)
    written = {h: random.choice([h, h.upper(), _plain(h), h.replace(" ", "_")]) for h in header}
    out = io.StringIO()
    writer = csv.writer(out, delimiter=sign, lineterminator="\n")
    writer.writerows([[written[header[i]] for i in order]] + [[r[i] for i in order] for r in rows])
    source = source_of(drafted(tmp_path, out.getvalue()))
    found = {f: read_from(source, f) for f in register.columns}
    assert found == {f: written[c] for f, c in register.columns.items()}
    money = [column(getattr(row, k)) for row in source.spend for k in ("budget", "actual")]
    assert money == [written[f[k]] for _, f in register.spend for k in ("budget", "actual")]


def test_months_add_up_and_are_never_each_others_total(tmp_path: Path) -> None:
    made = drafted(
        tmp_path,
        "Project,Division,Cost Jan 2026,Cost Feb 2026,Cost Mar 2026\n"
        "Till,Retail,100000,200000,300000\nDesk,Claims,10000,20000,30000\n",
    )
    assert len(source_of(made).spend) == 3
    assert source_of(made).merge.spend == "sum"


MONTHS = ["Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mrz"]


@pytest.mark.parametrize(
    ("names", "years"),
    [
        ([f"{m} {26 + (n > 8)}" for n, m in enumerate(MONTHS)], {2026}),
        ([f"{m}-26" for m in MONTHS], {2025, 2026}),
        ([f"2026-{m:02}-01" for m in range(1, 13)], {2025, 2026}),
        (MONTHS, {2026}),
        (["Q1", "Q2", "Q3", "Q4"], {2026}),
        (["Q1 26", "Q2 26"], {2026}),
        (["2026/27 Dec", "2026/27 Jan"], {2026}),
        (["FY26 Dec", "FY26 Jan"], {2026}),
        (["2026/27 (£m)", "2027/28 (£m)"], {2026, 2027}),
    ],
)
def test_months_are_read_as_money_of_the_fiscal_year_they_lie_in(
    tmp_path: Path, names: list[str], years: set[int]
) -> None:
    rows = [["A", "Till", "Shop", *[100 + n for n in range(len(names))]] for _ in range(2)]
    table = [["Ref", "Project", "Unit", *names], rows[0], ["B", "Desk", "Shop", *rows[1][3:]]]
    text = "".join(",".join(map(str, row)) + "\n" for row in table)
    known = {"scale": "1", "spend": "budget", "fiscal_year_start": "4", "year": "2026"}
    made = drafted(tmp_path, text, **known, year_named="begins")
    found = {r.year.value for r in source_of(made).spend if isinstance(r.year, Spec)}
    assert {int(str(year)) for year in found} == years
    assert len(source_of(made).spend) == len(names)
    assert made.is_sound


def test_numbers_that_no_name_calls_money_are_asked(tmp_path: Path) -> None:
    table = "Ref,Project,Unit,Ledger,Rank\nA,Till,Shop,125000,1\nB,Desk,Shop,9000,2\n"
    made = drafted(tmp_path, table)
    (question,) = [q for q in made.questions if q.field == "budget"]
    assert [c.answer for c in question.choices] == ["", "Ledger"]
    assert source_of(made).spend == []
    answered = drafted(tmp_path, table, budget="Ledger")
    assert [column(row.budget) for row in source_of(answered).spend] == ["Ledger"]


LONG = """\
Project,Unit,Financial year,Measure,Amount (£k)
Till,Shop,2025/26,Plan,100
Till,Shop,2025/26,Actual,50
Till,Shop,2026/27,Plan,70
Desk,Claims,2025/26,Forecast,31
Desk,Claims,2025/26,Plan,30
"""


def test_rows_that_say_what_their_amount_is(
    tmp_path: Path, target: Path, read_back: Callable[[], dict[str, Investment]]
) -> None:
    path = tmp_path / "register.csv"
    path.write_text(LONG, encoding="utf-8")
    command = ["import", str(path), "--into", str(target), "--yes", "--as-of", "2026-03-31"]
    assert main(command) == 0
    found = {i.title: i for i in read_back().values()}
    assert [(s.year, s.budget, s.actual, s.forecast) for s in found["Till"].spend] == [
        (2025, 100_000, 50_000, None),
        (2026, 70_000, None, None),
    ]
    assert [(s.budget, s.forecast) for s in found["Desk"].spend] == [(30_000, 31_000)]
    assert found["Till"].outcomes == []
    assert main(command) == 0


def test_rows_of_a_kind_that_no_field_reads_are_named(
    tmp_path: Path, target: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "register.csv"
    path.write_text(LONG + "Desk,Claims,2025/26,Contingency,9\n", encoding="utf-8")
    command = ["import", str(path), "--into", str(target), "--yes", "--as-of", "2026-03-31"]
    assert main(command) == 1
    said = "NOT IMPORTED: 9,000: no field reads a row whose `Measure` is `Contingency` (rows 7)"
    assert said in capsys.readouterr().out


@pytest.mark.parametrize(
    ("cost", "name"),
    [("1.500", "a thousand"), ("700.000", "many")],
)
def test_a_unit_without_a_letter_loses_no_money(tmp_path: Path, cost: str, name: str) -> None:
    made = drafted(tmp_path, f"Name,Team,Budget 2026\n{name},-,{cost}\nB,Y,2.500\nC,,3.500\n")
    assert "else: {value: Unassigned}" in made.text
    assert made.is_sound


def test_what_was_spent_to_date_is_of_no_year_beside_budgets_of_several(tmp_path: Path) -> None:
    made = drafted(
        tmp_path,
        "Ref,Project,Unit,Budget 2025 (£),Budget 2026 (£),Actual to date (£)\n"
        "P1,Claims,Retail,400000,900000,385000\n",
    )
    (row, other) = source_of(made).spend
    assert (row.actual, other.actual) == (None, None)
    assert "actual_to_date: {column: Actual to date (£), as: money}" in made.text
    assert "not spent: of no one year, while other columns are" in made.text


def test_accounting_formats_are_amounts(tmp_path: Path) -> None:
    made = drafted(
        tmp_path,
        "Code;Projet;Direction;Budget révisé 2026;Dépenses réalisées 2026\n"
        "A1;Portail;Achats;1 200 000,00 €;(50 000,00 €)\nA2;Paie;RH;80 000 €;- €\n",
    )
    assert "source -50,000, imported -50,000, difference 0" in made.text
    assert made.is_sound
