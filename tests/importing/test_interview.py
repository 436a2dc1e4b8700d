"""The questions of an import, one after the other, up to what would be written."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from itgov.importing.drafting import Drafted
from itgov.importing.interview import Interview
from itgov.importing.load import load_mapping, parse_mapping
from itgov.importing.questions import MOST_QUESTIONS, BadAnswer, Choice, Question
from itgov.importing.run import plan_import
from itgov.importing.trouble import ImportRefused
from tests.importing.conftest import investments

LINES = "Agency,Project Name,Budget\nRoads,Operations,100000\nRoads,Operations,250000\nRoads,Portal,40000\n"
GIVEN = {
    "organisation": "Roads Ltd",
    "currency": "EUR",
    "fiscal_year_start": "1",
    "as_of": "2026-03-31",
    "year": "2026",
}


def begun(tmp_path: Path, text: str, **answers: str) -> Interview:
    path = tmp_path / "lines.csv"
    path.write_text(text, encoding="utf-8")
    return Interview([path], tmp_path / "out", GIVEN | answers)


def test_rows_of_one_id_with_different_money_are_asked_about(tmp_path: Path) -> None:
    interview = begun(tmp_path, LINES)
    (question,) = interview.open()
    assert "Rows 2 and 3 are both `roads-operations`" in question.asks
    assert question.proposal is not None
    assert question.proposal.examples == ("100000", "250000")
    interview.answer(question, question.proposal.answer)
    assert interview.open() == []
    planned = interview.plan()
    assert planned.report.is_sound
    interview.write(planned)
    assert [s.budget for s in investments(tmp_path / "out")["roads-operations"].spend] == [350_000]
    kept = load_mapping(tmp_path / "out" / "mappings" / "lines.yaml").mapping
    assert kept.investments[0].merge.spend == "sum"


def test_rows_may_be_told_apart_by_another_column_or_only_the_first_counts(tmp_path: Path) -> None:
    interview = begun(
        tmp_path, "Agency,Project Name,Line,Budget\nRoads,Till,a,100000\nRoads,Till,b,250000\n"
    )
    (question,) = interview.open()
    assert question.proposal is None
    assert [c.answer for c in question.choices] == ["sum", "Line", "first"]
    interview.answer(question, "Line")
    assert [i.record.id for i in interview.plan().imports] == ["a", "b"]
    assert interview.back()
    interview.answer(question, "first")
    assert [t.difference for t in interview.plan().report.totals] == [250_000]


def book(path: Path, **sheets: list[list[object]]) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(path)
    return path


def test_which_sheet_is_asked_only_where_several_hold_a_table(tmp_path: Path) -> None:
    old = [
        ["Ref", "Project", "Team", "Budget 2025"],
        ["P1", "Ship", "Sea", 120000],
        ["P2", "Till", "Sea", 5],
    ]
    new = [["Ref", "Project", "Team", "Budget 2026"], ["P1", "Ship", "Sea", 150000]]
    path = book(tmp_path / "b.xlsx", Notes=[["Read me"]], Y2025=old, Y2026=new)
    interview = Interview([path], tmp_path / "out", GIVEN)
    (question,) = interview.open()
    assert [str(c) for c in question.choices] == ["Y2025: 2 rows", "Y2026: 1 row"]
    assert question.choices[1].examples == ("Ref", "Project", "Team")
    assert question.proposal is None  # the other has the same columns
    interview.answer(question, "Y2026")
    assert interview.open() == []
    read, left = interview.plan().report.totals
    assert (read.column, read.difference) == ("Budget 2026", 0)
    assert (left.column, left.difference, left.is_sound) == ("Budget 2025", 120005, False)
    assert left.path.endswith("b.xlsx, sheet Y2025")
    assert "sheet: Y2026" in interview.drafted().text
    path = book(tmp_path / "c.xlsx", Notes=[["Read me"]], Y2025=old)
    assert Interview([path], tmp_path / "out", GIVEN).open() == []


def test_which_row_names_the_columns_is_asked_where_two_could(tmp_path: Path) -> None:
    table = (
        "Kind,Of,Whom,Money\nRef,Project,Team,Budget\nP1,Ship,Sea,120000\nP2,Till,Shops,220000\n"
    )
    interview = begun(tmp_path, table)
    question = interview.open()[0]
    assert (question.field, [c.answer for c in question.choices]) == ("header_row", ["1", "2"])
    interview.answer(question, "row 2")
    assert interview.open() == []
    assert set(investments_of(interview)) == {"P1", "P2"}


def test_one_header_is_not_asked_about(tmp_path: Path) -> None:
    for table in (
        "Ref,Project,Team,Budget 2026\nP1,Ship,Sea,120000\nP2,Till,Sea,1\n",
        "List of projects\n\nRef,Project,Team,Budget 2026\nP1,Ship,Sea,\nP2,Till,Sea,120000\n",
        "Project,Team,Owner,Status\nShip,Sea,Ann,Live\nTill,Sea,Bo,Live\n",
    ):
        assert [q.field for q in begun(tmp_path, table).open()] == []


def test_of_many_questions_those_that_matter_are_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [Question(f"f{n}", "?", Choice("x"), why="unsure", takes="text") for n in range(20)]
    interview = begun(tmp_path, "Project,Team,Cost\nShip,Sea,5\n")
    drafted = interview.drafted()
    monkeypatch.setattr("itgov.importing.interview.draft", lambda *_, answers, **__: made(answers))

    def made(answers: dict[str, str]) -> Drafted:
        found = [*many, *drafted.questions]
        return Drafted(drafted.text, [q for q in found if q.field not in answers])

    interview.answers.clear()
    asked = []
    interview.given["again"] = ""
    while found := interview.open():
        asked.append(found[0].field)
        interview.answer(found[0], "thousands" if found[0].field == "scale" else "x")
    assert len(asked) == MOST_QUESTIONS
    assert "scale" in asked
    assert len(interview.taken) == 9


def test_an_answer_may_be_part_of_a_choice(tmp_path: Path) -> None:
    interview = begun(tmp_path, "Project,Team,Cost\nShip,Sea,5\n")
    (question,) = interview.open()
    for text in ("2", "thousands", "THOU", "1000"):
        if text == "2":
            with pytest.raises(BadAnswer):
                question.read(text)
        else:
            assert question.read(text) == "1000"


def test_several_files_need_a_day_each(tmp_path: Path) -> None:
    paths = []
    for name in ("one", "two"):
        paths.append(tmp_path / f"{name}.csv")
        paths[-1].write_text("Ref,Project,Team,Budget 2026\nP1,Ship,Sea,120000\n", "utf-8")
    given = {k: v for k, v in GIVEN.items() if k != "as_of"}
    with pytest.raises(ImportRefused, match="do not say of which day"):
        Interview(paths, tmp_path / "out", given).open()
    interview = Interview(paths, tmp_path / "out", GIVEN)
    assert interview.open() == []
    assert [str(d.day) for d in interview.plan().report.days] == ["2026-03-31", "2026-03-31"]
    paths = [p.rename(p.with_name(f"{p.stem}-2026-0{n}-01.csv")) for n, p in enumerate(paths, 1)]
    interview = Interview(paths, tmp_path / "out", given)
    assert interview.open() == []
    assert [str(d.day) for d in interview.plan().report.days] == ["2026-01-01", "2026-02-01"]


def investments_of(interview: Interview) -> list[str]:
    return [i.record.id for i in interview.plan().imports]


def test_a_row_of_names_is_told_by_its_number_where_rows_are_blank(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Our list"], [], ["Kind", "Of", "Whom", "Money"], [],
        ["Ref", "Project", "Team", "Budget 2026"],
        ["P1", "Ship", "Sea", 120000], ["P2", "Till", "Sea", 220000],
    ]  # fmt: skip
    interview = Interview([book(tmp_path / "b.xlsx", One=rows)], tmp_path / "out", GIVEN)
    question = interview.open()[0]
    assert [str(c) for c in question.choices] == ["row 3", "row 5"]
    interview.answer(question, "row 5")
    assert investments_of(interview) == ["P1", "P2"]


@pytest.mark.parametrize(
    ("header", "named"),
    [
        ("Prior year spend,This year budget,Next year budget", [150_000, 60_000]),
        ("One-off cost,Annual cost", [150_000]),
        ("This year budget (k€),Next year budget (k€)", [170_000_000]),
    ],
)
def test_money_that_only_a_proposal_leaves_out_is_named_and_what_somebody_leaves_out_is_not(
    tmp_path: Path, header: str, named: list[int]
) -> None:
    rows = ("100000,120000,50000", "50000,50000,10000")
    width = header.count(",") + 1
    lines = [",".join(f"P{n},Till {n},{row}".split(",")[: 2 + width]) for n, row in enumerate(rows)]
    text = "\n".join([f"Ref,Project,{header}", *lines])
    taken, chosen = (begun(tmp_path, text, scale="1") for _ in range(2))
    while questions := taken.open():
        for question in questions:
            taken.take(question)
    while questions := chosen.open():
        assert questions[0].proposal is not None
        chosen.answer(questions[0], questions[0].proposal.answer)
    report = taken.plan().report
    assert not report.is_sound
    assert [t.difference for t in report.totals if t.difference] == named
    assert chosen.plan().report.is_sound


SECTIONS = (
    "Ref,Project,Lead,Budget 2026\nRetail,,,\n1,Till,Ann Lee,100000\n2,Web,Bo Chan,20000\n"
    "Finance,,,\n3,Ledger,Ann Lee,5000\n"
)


@pytest.mark.parametrize(
    ("answer", "units"), [("Heading above", ["finance", "retail"]), ("", ["all"])]
)
def test_headings_alone_in_their_rows_may_be_the_units(
    tmp_path: Path, answer: str, units: list[str]
) -> None:
    interview = begun(tmp_path, SECTIONS, scale="1", delivery_lead="Lead", unit=answer)
    (question,) = begun(tmp_path, SECTIONS, scale="1", delivery_lead="Lead").open()
    assert question.proposal is not None
    assert question.proposal.examples == ("Retail", "Finance")
    planned = interview.plan()
    interview.write(planned)
    assert sorted(planned.report.units) == units
    found = investments(tmp_path / "out")
    kept = [found[n].custom.get("heading_above") for n in ("1", "2", "3")]
    assert kept == ([None] * 3 if answer else ["Retail", "Retail", "Finance"])


def test_of_headings_under_headings_nothing_is_proposed(tmp_path: Path) -> None:
    text = SECTIONS.replace("Retail,,,", "Shops,,,\nRetail,,,")
    (question,) = begun(tmp_path, text, scale="1", delivery_lead="Lead").open()
    assert (question.field, question.proposal, question.matters) == ("unit", None, True)


def test_a_table_without_headings_is_said_where_a_mapping_reads_them(tmp_path: Path) -> None:
    text = SECTIONS.replace("Retail,,,", "0,Site,Ann Lee,7\nRetail,,,")
    first = begun(tmp_path, text, scale="1", delivery_lead="Lead", unit="Heading above")
    mapping = parse_mapping("m.yaml", first.drafted().text.encode()).mapping
    assert [a.notes for a in first.plan().report.accounts] == [[]]
    first.files[0].write_text("Ref,Project,Lead,Budget 2026\n1,Till,Ann Lee,5\n", encoding="utf-8")
    (account,) = plan_import(mapping, first.files, tmp_path / "out").report.accounts
    assert account.notes == ["no row is a heading, so that `Heading above` is blank"]


def test_a_column_of_headings_needs_a_name_of_its_own(tmp_path: Path) -> None:
    interview = begun(tmp_path, SECTIONS, scale="1", delivery_lead="Lead", unit="Heading above")
    text = interview.drafted().text.replace("headings: Heading above", "headings: Lead")
    with pytest.raises(ImportRefused, match="has a column `Lead` already"):
        plan_import(parse_mapping("m.yaml", text.encode()).mapping, interview.files, tmp_path)


def test_a_number_that_repeats_and_is_no_id_is_said_on_the_report(tmp_path: Path) -> None:
    rows = "P1,Alpha,HR,100000\nP1,Alpha 2,HR,100000\nP2,Beta,IT,50000\n"
    rows += "TBD,Gamma,IT,50000\nTBD,Delta,IT,60000\n"
    interview = begun(tmp_path, f"Ref,Project,Department,Budget 2026\n{rows}", scale="1")
    report = interview.plan().report
    assert report.new == ["alpha", "alpha-2", "beta", "gamma", "delta"]
    (note,) = report.notes
    assert "1 row with the `Ref` of another row; the id is made of `Project`" in note


@pytest.mark.parametrize(
    "header", ["Owner first name,Owner surname", "Forename owner,Family name owner"]
)
def test_first_and_last_names_in_two_columns_are_one_person(tmp_path: Path, header: str) -> None:
    text = f"Ref,Project,Department,{header},Budget 2026\n1,Alpha,HR,Ann,Lee,100000\n2,Beta,IT,Bo,Chan,7000\n"
    interview = begun(tmp_path, text, scale="1")
    (question,) = interview.open()
    assert (question.field, question.choices[0].examples) == (
        "outcome_owner",
        ("Ann Lee", "Bo Chan"),
    )
    interview.answer(question, question.choices[0].answer)
    interview.write(interview.plan())
    found = investments(tmp_path / "out")
    assert [found[n].outcome_owner for n in ("1", "2")] == ["ann.lee", "bo.chan"]
    kept = begun(tmp_path, text, scale="1", outcome_owner="").plan().imports
    assert [i.record.custom["owner_first_and_last_name"] for i in kept] == ["Ann Lee", "Bo Chan"]


def test_half_a_name_is_nobody_and_is_listed(tmp_path: Path) -> None:
    text = "Ref,Project,Department,Outcome owner first name,Outcome owner surname,Budget 2026\n"
    for number, names in enumerate(("Ann,Lee", "Ann,", "n/a,Chan", "n/a,n/a", "Bo,Chan"), 1):
        text += f"{number},P{number},HR,{names},{number}00000\n"
    report = begun(tmp_path, text, scale="1").plan()
    owners = [i.record.outcome_owner for i in report.imports]
    assert owners == ["ann.lee", None, None, None, "bo.chan"]
    assert [(p.row, p.value) for p in report.report.left_out] == [(3, "Ann"), (4, "Chan")]


def test_a_number_that_repeats_in_merged_rows_is_not_counted(tmp_path: Path) -> None:
    rows = (
        "1,Alpha,HR,2025,100000\n1,Alpha,HR,2026,150000\n2,Beta,IT,2025,50000\n2,Gamma,IT,2025,7\n"
    )
    text = f"Ref,Project,Department,Year,Budget\n{rows}"
    (note,) = begun(tmp_path, text, scale="1").plan().report.notes
    assert ": 1 row with the `Ref` of another row" in note


@pytest.mark.parametrize(
    ("header", "sheet"),
    [("Budget 2026", "Portfolio"), ("Remarks", "Contacts")],
)
def test_a_sheet_without_money_is_not_proposed_before_a_larger_one_with_it(
    tmp_path: Path, header: str, sheet: str
) -> None:
    contacts = [["Name", "Role", "Team"], ["Ann Lee", "Analyst", "PMO"]]
    lines = [["Work line", "Area", header], *([f"Line {n}", "HR", n * 1000] for n in range(5))]
    path = book(tmp_path / "b.xlsx", Contacts=contacts, Portfolio=lines)
    question = Interview([path], tmp_path / "out", GIVEN).open()[0]
    assert question.field == "sheet"
    assert question.proposal is not None
    assert question.proposal.answer == sheet
