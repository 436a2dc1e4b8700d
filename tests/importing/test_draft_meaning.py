"""What a draft takes a column for, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from itgov.importing import guess
from itgov.importing.drafting import proved_draft
from itgov.importing.load import parse_mapping
from itgov.importing.looks import ColumnLook
from itgov.importing.mapping import Investments, Spec
from itgov.importing.money_columns import money_of
from itgov.importing.periods import period_of
from itgov.importing.stages import stage_of
from itgov.model.types import Investment
from tests.importing.conftest import Import

ReadBack = Callable[[], dict[str, Investment]]


def drafted(tmp_path: Path, text: str) -> Investments:
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")
    return parse_mapping("draft.yaml", guess(path).encode()).mapping.investments[0]


def column(spec: object) -> str | None:
    return spec.column if isinstance(spec, Spec) else spec if isinstance(spec, str) else None


def test_scores_changes_and_percentages_are_no_money(tmp_path: Path) -> None:
    source = drafted(
        tmp_path,
        "Name,Value,Cost score,Budget change,Actual %,Approved funding\n"
        "Till,3,9,400,50,120000\nDesk,9,8,-100,60,90000\n",
    )
    (row,) = source.spend
    assert (column(row.budget), row.actual) == ("Approved funding", None)
    assert len(source.custom) == 4


def test_ratings_are_read_beside_words_that_are_none(tmp_path: Path) -> None:
    cells = ("A/G", "Red", "GREEN", "Not rated", "Reset", "Blue")
    table = "Name,Overall RAG\n" + "".join(f"Till {n},{c}\n" for n, c in enumerate(cells))
    found = drafted(tmp_path, table).confidence
    assert isinstance(found, Spec)
    assert found.values == {
        "A/G": "amber-green",
        "Red": "red",
        "GREEN": "green",
        "Not rated": "missing",
        "Reset": "missing",
        "Blue": "missing",
    }


def test_a_whole_life_cost_is_not_added_to_a_years_money(tmp_path: Path) -> None:
    table = "Name,Lifetime cost (£m),Budget 2025 (£m)\nTill,90,7.5\nDesk,80.5,12\n"
    source = drafted(tmp_path, table)
    assert [column(r.budget) for r in source.spend] == ["Budget 2025 (£m)"]
    kept = source.custom["lifetime_cost_m"]
    assert isinstance(kept, Spec)
    assert (kept.as_, kept.scale) == ("money", 1_000_000)
    alone = drafted(tmp_path, "Name,Lifetime cost (£m)\nTill,90\nDesk,80.5\n")
    assert [(column(r.budget), r.total) for r in alone.spend] == [("Lifetime cost (£m)", True)]


@pytest.mark.parametrize(
    ("word", "stage"),
    [
        ("Deactivated", "missing"),
        ("Never delivered", "missing"),
        ("Not yet approved", "missing"),
        ("Unapproved", "missing"),
        ("Relive", "missing"),
        ("Not started", "proposed"),
        ("In delivery", "delivering"),
        ("In progress", "delivering"),
        ("Completed", "live"),
        ("Cancelled", "stopped"),
        ("Delivery paused", "missing"),
        ("Live (on hold)", "missing"),
        ("Will go live", "missing"),
        ("Going live", "missing"),
        ("Ready to start", "approved"),
        ("Previously approved", "missing"),
        ("80 % complete", "missing"),
        ("100% complete", "live"),
        ("Complete (100.0%)", "live"),
        ("99.5% complete", "missing"),
        ("Design complete", "missing"),
        ("Implementation cancelled", "stopped"),
        ("Delivered late", "live"),
        ("Umsetzung gestoppt", "stopped"),
        ("In Umsetzung, pausiert", "missing"),
        ("En cours (suspendu)", "missing"),
        ("Hors production", "missing"),
        ("Hors service", "retired"),
    ],
)
def test_a_stage_is_a_whole_word_that_is_not_denied(word: str, stage: str) -> None:
    assert stage_of(word) == stage


def test_sentences_are_no_measure(tmp_path: Path) -> None:
    said = "Benefits are under review and will be stated later in the year by the team we hope."
    source = drafted(tmp_path, f"Name,Expected benefits\nTill,{said}\nDesk,None stated.\n")
    assert source.outcomes == []
    source = drafted(tmp_path, "Name,KPI,Baseline,Target\nTill,Days to settle,21,5\n")
    assert [column(o.measure) for o in source.outcomes] == ["KPI"]


def test_the_day_of_the_table(tmp_path: Path) -> None:
    source = drafted(tmp_path, "Name,Reporting date\nTill,2025-03-31\nDesk,2025-03-31\n")
    assert column(source.as_of) == "Reporting date"
    (tmp_path / "none.csv").write_text("Name,Team\nTill,X\n", encoding="utf-8")
    assert "# import with `--as-of 2026-03-31`" in guess(tmp_path / "none.csv")


def test_a_row_without_a_unit_is_not_dropped(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Name,Team,FY,Budget\nTill,North,2025,5\nDesk,,2025,70\n", encoding="utf-8")
    draft = guess(path)
    assert "else: {value: Unassigned}" in draft
    assert "source 75, imported 75, difference 0" in draft
    assert "The largest amount is 70: is that so, or counted in thousands or millions?" in draft


@pytest.mark.parametrize(
    ("cell", "owner"),
    [
        ("Ann Lee; Bo Day", None),
        ("Lee, Ann / Day, Bo", None),
        ("Ann Lee and Bo Day", None),
        ("Ann Lee\nBo Day", None),
        ("Head of IT and Operations", "head.of.it.and.operations"),
        ("Ann Lee", "ann.lee"),
    ],
)
def test_two_names_in_a_cell_are_nobodys_choice(
    run: Import, read_back: ReadBack, cell: str, owner: str | None
) -> None:
    header = "No,Name,Department,As of,Owner,Rating,End,Year,Budget,Note\n"
    report = run(header + f'P1,One,HR,2024-03-31,"{cell}",,,2023,100,\n')
    assert read_back()["P1"].outcome_owner == owner
    said = [p.message for p in report.left_out]
    choice = f'choose with `values: {{"{" ".join(cell.split())}": Ann Lee}}`'
    assert said == (
        [] if owner else [f"names more than one person, so that nobody is chosen; {choice}"]
    )


def test_one_person_in_five_spellings_is_one(
    run: Import, read_back: ReadBack, target: Path
) -> None:
    spellings = (
        "AMARA OKAFOR", "Okafor, Amara", "Amara Okafor", "Amara Okafor <a@example.org>",
        "Dr Amara Okafor", "a@example.org", "Okafor, Amara (HR)", "Dr. Okafor, Amara",
    )  # fmt: skip
    header = "No,Name,Department,As of,Owner,Rating,End,Year,Budget,Note\n"
    rows = [f'P{at},One,HR,2024-03-31,"{cell}",,,2023,100,\n' for at, cell in enumerate(spellings)]
    report = run(header + "".join(rows))
    assert {i.outcome_owner for i in read_back().values()} == {"amara.okafor"}
    text = (target / "portfolios" / "organisation.yaml").read_text(encoding="utf-8")
    assert text.count("  - id: ") == 1
    assert "    name: Amara Okafor\n    email: a@example.org\n" in text
    assert report.left_out == []
    again = run(header + "".join(rows))
    assert (again.updated, again.left_out) == ([], [])
    other = header + 'P1,One,HR,2024-03-31,"Okafor, Amara <other@example.org>",,,2023,100,\n'
    said = [str(p) for p in run(other).problems]
    assert ["has another address than amara.okafor (a@example.org)" in s for s in said] == [True]
    beside = other.replace("<other@example.org>", "(IT)")
    said = [str(p) for p in run(beside + beside.replace("IT", "HR").splitlines()[1]).problems]
    assert ["stands with `(IT)` elsewhere, and is taken for the same" in s for s in said] == [True]
    both = other.replace("<other@example.org>", "(IT) <other@example.org>")
    said = [str(p) for p in run(beside + both.replace("(IT)", "(HR)").splitlines()[1]).problems]
    assert any("has another address" in s and "stands with `(IT)`" in s for s in said)


def test_a_name_that_two_people_have_is_nobodys_choice(
    run: Import, read_back: ReadBack, target: Path
) -> None:
    header = "No,Name,Department,As of,Owner,Rating,End,Year,Budget,Note\n"
    run(header + "P1,One,HR,2024-03-31,Ann Lee,,,2023,100,\n")
    path = target / "portfolios" / "organisation.yaml"
    path.write_text(
        path.read_text(encoding="utf-8") + "  - {id: a.lee2, name: ANN LEE}\n", encoding="utf-8"
    )
    report = run(header + 'P2,Two,HR,2024-03-31,"Lee, Ann",,,2023,100,\n')
    assert read_back()["P2"].outcome_owner is None
    assert [p.message for p in report.left_out] == [
        "can mean a.lee2, ann.lee, so that nobody is chosen; write the id"
    ]


@pytest.mark.parametrize(
    "name",
    [
        *("Spend to 31/03/2026 (£)", "Spend to 31 March 2026", "Cost to 2026-03-31", "YTD"),
        *("Spend", "Kosten bis 31.03.2026", "Ausgaben bis 31.12.2025", "Coûts au 31/03/2026"),
    ],
)
def test_what_was_spent_until_a_day_is_the_actual_of_its_year(tmp_path: Path, name: str) -> None:
    header = f"Ref,Project,Unit,Budget 2025/26 (£),{name}\n"
    source = drafted(tmp_path, f"{header}P1,A,X,100000,50000\nP2,B,Y,200000,150000\n")
    (row,) = source.spend
    assert isinstance(row.year, Spec)
    assert (row.year.value, column(row.budget), column(row.actual)) == (
        2025,
        "Budget 2025/26 (£)",
        name,
    )


def test_what_was_spent_until_a_day_is_asked_beside_several_years(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "Ref,Project,Unit,Budget 2024/25 (£),Budget 2025/26 (£),Spend to 31/03/2026 (£)\n"
        "P1,A,X,100000,50000,70000\n",
        encoding="utf-8",
    )
    (asked,) = (q for q in proved_draft(path).questions if q.field == "spent-until")
    assert asked.matters
    made = proved_draft(path, answers={"spent-until": "years", "fiscal_year_start": "4"})
    assert "{year: {value: 2025}, budget: Budget 2025/26 (£), actual: Spend to 31/03/2026 (£)}" in (
        made.text
    )
    kept = proved_draft(path, answers={"spent-until": "none", "fiscal_year_start": "4"})
    assert "(custom.spend_to_31_03_2026): source 70,000, imported 70,000" in kept.text


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *((n, "actual") for n in ("Spend (£k)", "Total spend", "YTD", "Spend YTD", "Overall YTD")),
        *((n, "actual") for n in ("Kosten bis 31.03.2026", "Coût au 31/03/2026", "Custo até 31/03/2026")),
        *((n, "actual") for n in ("Coste hasta 31/03/2026", "Kosten tot 31-03-2026", "Total cost to 31 March 2026")),
        *((n, "actual") for n in ("Kosten bis heute", "Coût à ce jour", "Spend to date")),
        *((n, "unknown") for n in ("Approved spend", "Expected spend", "Requested spend", "Kosten bis 31.12.2099", "Committed spend")),
        *((n, "unknown") for n in ("Spend limit", "Spend to Sep 30 (£)", "Approved spend to 31/03/2026")),
        *((n, "other") for n in ("Kosten bis Projektende", "Aufwand bis Ende", "Coût au terme", "Coûts au total")),
        *((n, "other") for n in ("Coste hasta el final", "Kosten tot einde", "Custo até o fim", "Planned spend")),
        *((n, "other") for n in ("Budget approved 15/01/2026 (£)", "Estimated cost to 31/03/2026")),
        *((n, "actual") for n in ("Ist-Ausgaben", "Ausgaben 2025", "Gasto real", "Dépenses réalisées", "Uitgaven")),
        *((n, "budget") for n in ("Ausgaben geplant", "Planausgaben 2026", "Ausgaben (Plan)", "Gasto presupuestado")),
        *((n, "budget") for n in ("Planned expenditure", "Dépenses planifiées", "Geplande uitgaven", "Despesa planeada")),
        *((n, "forecast") for n in ("Gasto previsto", "Dépenses prévues 2026", "Despesas previstas", "Estimated spend")),
        *((n, "forecast") for n in ("Forecast expenditure", "Voraussichtliche Ausgaben", "Geraamde uitgaven")),
        *((n, "unknown") for n in ("Approved expenditure", "Bewilligte Ausgaben", "Gasto autorizado", "Goedgekeurde uitgaven")),
    ],
)  # fmt: skip
def test_only_what_says_that_it_was_spent_is_taken_for_it(name: str, kind: str) -> None:
    found = money_of(ColumnLook(name, [100_000, 250_000], 2))
    assert found is not None
    assert found.kind == kind if kind != "other" else found.kind not in ("actual", "unknown")


def test_what_may_be_planned_is_asked_and_not_recorded_as_spent(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Ref,Project,Unit,Budget 2026 (£),Approved spend\nP1,A,X,100000,50000\n")
    made = proved_draft(path, answers={"fiscal_year_start": "4"})
    (asked,) = (q for q in made.questions if q.field == "spend-approved-spend")
    assert asked.matters
    assert asked.why == "its name does not say whether it was spent or is planned"
    assert "actual:" not in made.text
    spent = proved_draft(path, answers={"fiscal_year_start": "4", asked.field: "actual"})
    assert "budget: Budget 2026 (£), actual: Approved spend}" in spent.text


@pytest.mark.parametrize(
    ("name", "year", "month", "is_until"),
    [
        *(("Spend to 31/03/2026", 2026, 3, True), ("Spend to 03/31/2026", 2026, 3, True)),
        *(("Actual 01-03/2026", 2026, 1, False), ("Actual 15-17/2026", 2026, 0, False)),
        *(("Ist 01–03.2026", 2026, 1, False), ("Spend 31. 3. 2026", 2026, 3, True)),
        *(("Actual Apr 26 (£k)", 2026, 4, False), ("Budget Sep-27", 2027, 9, False)),
        *(("Apr 26", 2026, 4, False), ("Q1", 0, 0, False), ("FY26", 2026, 0, False)),
    ],
)  # fmt: skip
def test_a_name_says_the_year_that_it_writes(
    name: str, year: int, month: int, is_until: bool
) -> None:
    found = period_of(name)
    assert found is not None
    assert (found.year, found.month, found.is_until) == (year, month, is_until)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Spend to Sep 30 (£)",
            "Spend to Sep 26",
            "Ist bis Sep 26",
            "Coût au 30 sep 30",
            "Sep 99",
        ),
        *("Approved Jan 15", "£", "FY", "", "Spend", "Review 31-03/26"),
    ],
)
def test_a_name_without_a_year_says_none(name: str) -> None:
    found = period_of(name)
    assert found is None or found.year == 0


def test_the_day_of_an_approval_moves_no_budget(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    head = "Ref,Project,Unit,Budget 2025/26 approved 15/01/2027 (£)\n"
    path.write_text(f"{head}P1,A,X,100000\n", encoding="utf-8")
    made = proved_draft(path, answers={"fiscal_year_start": "4"})
    assert "{year: {value: 2025}, budget: Budget 2025/26 approved 15/01/2027 (£)}" in made.text
    path.write_text(head.replace(" 2025/26", "") + "P1,A,X,100000\n", encoding="utf-8")
    assert "year" in [q.field for q in proved_draft(path).questions]


def test_whether_the_day_comes_first_in_a_name_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Ref,Project,Unit,Spend to 03/04/2026 (£)\nP1,A,X,100000\n", encoding="utf-8")
    answers = {"fiscal_year_start": "4"}
    (asked,) = (q for q in proved_draft(path, answers=answers).questions if q.field == "date_order")
    assert asked.matters
    assert [str(c) for c in asked.choices] == [
        "the day: `03/04/2026` is 3 April",
        "the month: `03/04/2026` is March 4",
    ]
    for order, year in (("day", 2026), ("month", 2025)):
        made = proved_draft(path, answers={**answers, "date_order": order})
        assert f"{{year: {{value: {year}}}, actual: Spend to 03/04/2026 (£)}}" in made.text
