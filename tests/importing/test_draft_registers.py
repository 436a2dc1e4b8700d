"""Registers as project offices keep them, in three languages: what a draft makes of each."""

from __future__ import annotations

import csv
import io
import unicodedata
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct

from itgov.cli.main import main
from itgov.importing.drafting import Drafted, proved_draft
from itgov.importing.load import parse_mapping
from itgov.importing.mapping import Field, Investments, Spec
from tests.support.examples import many


class Register(Struct, frozen=True):
    """A table and what its draft reads: columns of fields, spend rows, and the columns kept."""

    table: str
    columns: dict[str, str]
    spend: list[tuple[object, dict[str, str]]]
    custom: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()


REGISTERS = {
    "english, one aspect each": Register(
        "Project ID,Project Name,Directorate,SRO,Project Manager,Benefit Owner,Risk Owner,Cost RAG,"
        "Overall RAG,Project Stage,Start Date,Baseline End Date,Forecast End Date,"
        "Original Budget (£k),Current Budget (£k),Actual to Date (£k),Forecast Outturn (£k),"
        "Variance (£k),% Spent,Risk Score,Comments\n"
        "P1,Cases,Adult Care,Amara Okafor,Tom Reyes,Priya Nair,Sam Poe,Red,Amber,Delivery,"
        "01/04/2025,31/03/2026,30/09/2026,400,450,210,460,10,47%,12,On track.\n"
        "P2,Payroll,Finance,Lena Fischer,Jo Bright,,Sam Poe,Green,Green,Not started,"
        "15/01/2026,30/06/2026,30/06/2026,120,120,0,118,-2,0%,4,\n",
        {
            "id": "Project ID",
            "title": "Project Name",
            "unit": "Directorate",
            "sponsor": "SRO",
            "delivery_lead": "Project Manager",
            "outcome_owner": "Benefit Owner",
            "confidence": "Overall RAG",
            "stage": "Project Stage",
            "start": "Start Date",
            "end": "Forecast End Date",
        },
        [
            (
                "total",
                {
                    "budget": "Current Budget (£k)",
                    "actual": "Actual to Date (£k)",
                    "forecast": "Forecast Outturn (£k)",
                },
            )
        ],
        ("risk_owner", "cost_rag", "original_budget_k", "variance_k", "risk_score", "spent"),
    ),
    "german": Register(
        "Projekt-Nr.;Projektbezeichnung;Fachbereich;Projektleiter;Auftraggeber;"
        "Nutzenverantwortlicher;Ampel Kosten;Ampel Gesamt;Projektstatus;Starttermin;"
        "Endtermin geplant;Plankosten 2026 (T€);Istkosten 2026 (T€);Prognose 2026 (T€);"
        "Abweichung (T€);Priorität;Bemerkung\n"
        "P-1;CRM;Vertrieb;Anna Weiß;Jörg Ray;Petra Klein;rot;gelb;in Umsetzung;01.02.2026;"
        "31.12.2026;1.200,5;610,0;1.250,0;49,5;1;In Verzug.\n"
        "P-2;Lager;Logistik;Uwe Braun;k. A.;offen;grün;grün;noch nicht begonnen;13.06.2026;"
        "30.06.2027;800,0;0,0;800,0;0,0;2;\n",
        {
            "id": "Projekt-Nr.",
            "title": "Projektbezeichnung",
            "unit": "Fachbereich",
            "sponsor": "Auftraggeber",
            "delivery_lead": "Projektleiter",
            "outcome_owner": "Nutzenverantwortlicher",
            "confidence": "Ampel Gesamt",
            "stage": "Projektstatus",
            "start": "Starttermin",
            "end": "Endtermin geplant",
        },
        [
            (
                2026,
                {
                    "budget": "Plankosten 2026 (T€)",
                    "actual": "Istkosten 2026 (T€)",
                    "forecast": "Prognose 2026 (T€)",
                },
            )
        ],
        ("abweichung_t", "prioritat", "ampel_kosten"),
    ),
    "french": Register(
        "Code projet;Intitulé du projet;Direction métier;Chef de projet;Sponsor;"
        "Responsable métier;Météo;Statut;Date de début;Date de fin prévue;Budget 2026 (k€);"
        "Consommé 2026 (k€);Reste à faire (k€);Écart (%);Gains attendus (k€/an)\n"
        "D-1;Portail;Direction des Achats;Émilie Durand;Paul Martin;Claire Petit;orange;En cours;"
        "01/02/2026;31/12/2026;1 200,5;640,25;560,25;5 %;300\n"
        "D-2;Paie;Direction RH;Luc Bernard;Anne Roy;à définir;vert;Pas encore lancé;15/01/2026;"
        "30/06/2027;90,0;0;90,0;0 %;40\n",
        {
            "id": "Code projet",
            "title": "Intitulé du projet",
            "unit": "Direction métier",
            "sponsor": "Sponsor",
            "delivery_lead": "Chef de projet",
            "outcome_owner": "Responsable métier",
            "confidence": "Météo",
            "stage": "Statut",
            "start": "Date de début",
            "end": "Date de fin prévue",
        },
        [(2026, {"budget": "Budget 2026 (k€)", "actual": "Consommé 2026 (k€)"})],
        ("reste_a_faire_k", "gains_attendus_k_an"),
    ),
    "years alone": Register(
        "Ref,Initiative,Business Unit,Owner,Status,FY26,FY27\n"
        "I-1,Cloud move,Retail,Amara Okafor,In flight,1200000,800000\n"
        "I-2,Portal,Claims,Tom Reyes,Not approved,300000,350000\n",
        {"id": "Ref", "title": "Initiative", "unit": "Business Unit", "stage": "Status"},
        [(2026, {"budget": "FY26"}), (2027, {"budget": "FY27"})],
        ("owner",),
        ("outcome_owner", "spend"),
    ),
    "quarters and their total": Register(
        "Ref,Initiative,Business Unit,2026 Q1,2026 Q2,2026 Q3,2026 Q4,2026 Total\n"
        "I-1,Cloud,Retail,120000,80000,50000,50000,300000\n"
        "I-2,Portal,Claims,30000,35000,10000,0,75000\n",
        {"id": "Ref", "title": "Initiative", "unit": "Business Unit"},
        [(2026, {"budget": "2026 Total"})],
        ("2026_q1", "2026_q4"),
        ("spend",),
    ),
    "quarters": Register(
        "Ref,Initiative,Business Unit,Cost Q1 2026,Cost Q2 2026\n"
        "I-1,Cloud,Retail,120000,80000\nI-2,Portal,Claims,30000,35000\n",
        {"id": "Ref"},
        [(2026, {"budget": "Cost Q1 2026"}), (2026, {"budget": "Cost Q2 2026"})],
    ),
    "capital and revenue": Register(
        "Ref,Initiative,Department,Capex Budget 2026,Opex Budget 2026,Benefits 2026,FTE,"
        "Cost centre\nI-1,Cloud,Retail,1200000,80000,50000,12,4711\n"
        "I-2,Portal,Claims,300000,350000,10000,3,4712\n",
        {"unit": "Department"},
        [(2026, {"budget": "Capex Budget 2026"}), (2026, {"budget": "Opex Budget 2026"})],
        ("benefits_2026", "fte", "cost_centre"),
    ),
    "several years and their sum": Register(
        "Lfd. Nr.;Vorhaben;Ressort;Verantwortlicher;Status;Budget 2025;Budget 2026/27;Ist 2025;"
        "Gesamtkosten\n1;E-Akte;Inneres;Anna Weiß;läuft;500.000;700.000;480.500;1.200.000\n"
        "2;Portal;Verkehr;Uwe Braun;gestoppt;200.000;100.000;199.000;300.000\n",
        {"title": "Vorhaben", "unit": "Ressort", "stage": "Status"},
        [
            (2025, {"budget": "Budget 2025", "actual": "Ist 2025"}),
            (2026, {"budget": "Budget 2026/27"}),
        ],
        ("lfd_nr", "verantwortlicher", "gesamtkosten"),
        ("outcome_owner",),
    ),
    "applications": Register(
        "Application,Business Owner,Department,Lifecycle,Annual Cost,Users,Business Value,"
        "Technical Health,Vendor\nMail,Amara Okafor,Transport,In production,5282.86,340,6,2,Acme\n"
        "Training,Priya Nair,Finance,Sunset,132617.59,900,8,6,Acme\n",
        {
            "title": "Application",
            "outcome_owner": "Business Owner",
            "unit": "Department",
            "stage": "Lifecycle",
        },
        [(2026, {"budget": "Annual Cost"})],
        ("users", "business_value", "technical_health"),
        ("year",),
    ),
    "the latest rating, and a change": Register(
        "Investment ID;Title;Agency;DCA 2025;DCA 2026;FY2026 Budget ($M);Lifecycle Cost ($M);"
        "Change from last year ($M);As of\nU-1;Grants;Energy;High;Medium;14.0;120.0;1.5;2026-03-31\n"
        "U-2;Taxes;Treasury;Low;High;99.0;900.0;-3.5;2026-03-31\n",
        {"id": "Investment ID", "confidence": "DCA 2026", "as_of": "As of"},
        [(2026, {"budget": "FY2026 Budget ($M)"})],
        ("dca_2025", "lifecycle_cost_m", "change_from_last_year_m"),
    ),
    "a row a year": Register(
        "Project code,Project,Portfolio,Fiscal year,Planned cost,Actual cost\n"
        "P1,Alpha,North,2025,100000,90000\nP1,Alpha,North,2026,250000,10000\n"
        "P2,Beta,South,2025,400000,390000\n",
        {"id": "Project code", "title": "Project", "unit": "Portfolio"},
        [("Fiscal year", {"budget": "Planned cost", "actual": "Actual cost"})],
    ),
    "a measure": Register(
        "Kennung;Titel;Abteilung;Risikoverantwortlicher;Ampel;Kennzahl;Ausgangswert;Zielwert;"
        "Budget (Mio. EUR);Stand vom\nA1;Kasse;Vertrieb;Bo Ray;gn;Tage bis Abschluss;21;5;1,5;"
        "31.03.2026\nA2;Lager;Logistik;Bo Ray;rt;Fehlerquote;8;2;0,25;31.03.2026\n",
        {"id": "Kennung", "as_of": "Stand vom", "confidence": "Ampel", "measure": "Kennzahl"},
        [("total", {"budget": "Budget (Mio. EUR)"})],
        ("risikoverantwortlicher",),
    ),
    "health in words": Register(
        "ID,Title,Business Area,Product Owner,Health,Progress (%),Approved Funding,Funding Spent,"
        "Remaining Funding,Go-live date\n"
        "1,Kiosk,Branches,Tom Reyes,On Track,40,450000,200000,250000,2026-10-01\n"
        "2,Ledger,Finance,Ann Lee,At Risk,10,80000,5000,75000,2027-02-01\n",
        {"id": "ID", "unit": "Business Area", "confidence": "Health", "end": "Go-live date"},
        [("total", {"budget": "Approved Funding", "actual": "Funding Spent"})],
        ("remaining_funding", "progress", "product_owner"),
        ("outcome_owner", "year"),
    ),
    "money without a name": Register(
        "Initiative,Sponsoring Department,Executive Sponsor,Sponsor email,Expected benefits,"
        "Investment ask,Approval status\n"
        "Open banking,Retail Banking,Amara Okafor,a.okafor@example.org,Faster,£1.2m,Approved\n"
        "Fraud,Crime,Priya Nair,p.nair@example.org,Fewer losses,£850k,Not approved\n",
        {"unit": "Sponsoring Department", "sponsor": "Executive Sponsor"},
        [("total", {"budget": "Investment ask"})],
        ("sponsor_email", "expected_benefits"),
        ("spend-investment-ask", "statement"),
    ),
    "owners that are teams": Register(
        "Project,Owner,Status,Budget,% complete,Notes\n"
        "New State Pension Project,Pensions Office,Complete,1200000,100,Done.\n"
        "Bus passes,Transport Team,In progress,300000,10,\n",
        {"title": "Project", "unit": "Owner", "stage": "Status"},
        [("total", {"budget": "Budget"})],
        ("complete", "notes"),
        ("unit",),
    ),
    "a ticket system": Register(
        "Issue key,Summary,Status,Assignee,Team,Budget (EUR),Original estimate,Due date\n"
        "IT-1,Move mail,In Progress,Amara Okafor,Platform,120000,5d,2026-06-30\n"
        "IT-2,Close data centre,Done,Jo Bright,Platform,340000,12d,2026-03-31\n",
        {"id": "Issue key", "title": "Summary", "unit": "Team", "end": "Due date"},
        [("total", {"budget": "Budget (EUR)"})],
        ("assignee", "original_estimate"),
    ),
    "months as days": Register(
        "Vorhaben-ID;Name des Vorhabens;Behörde;Umsetzungsstand;Laufzeit Beginn;Laufzeit Ende;"
        "Gesamtvolumen in Mio. €;Haushaltsmittel 2026 in Mio. €;Zielerreichung in %\n"
        "V-01;Zugang;BMI;in Umsetzung;01.2024;12.2027;120,5;42,5;45\n"
        "V-02;Register;BMF;in Planung;06.2025;12.2030;300,0;55,0;5\n",
        {"start": "Laufzeit Beginn", "end": "Laufzeit Ende", "stage": "Umsetzungsstand"},
        [(2026, {"budget": "Haushaltsmittel 2026 in Mio. €"})],
        ("gesamtvolumen_in_mio", "zielerreichung_in"),
    ),
    "a budget law": Register(
        "Kapitel;Maßnahme;Behörde;Soll 2025;Ist 2025;Soll 2026;Verpflichtungsermächtigung\n"
        "0401;Register;BVA;12.500.000;11.987.654,32;14.000.000;30.000.000\n"
        "0401;Identität;BSI;8.000.000;7.900.000;9.250.000;10.000.000\n",
        {"title": "Maßnahme", "unit": "Behörde"},
        [(2025, {"budget": "Soll 2025", "actual": "Ist 2025"}), (2026, {"budget": "Soll 2026"})],
        ("kapitel",),
        ("spend-verpflichtungsermachtigung",),
    ),
}


def drafted(tmp_path: Path, table: str) -> Drafted:
    path = tmp_path / "register.csv"
    path.write_text(table, encoding="utf-8")
    return proved_draft(path, answers={"currency": "USD"})


def source_of(made: Drafted) -> Investments:
    return parse_mapping("draft.yaml", made.text.encode()).mapping.investments[0]


def column(spec: Field | None) -> str | None:
    return spec.column if isinstance(spec, Spec) else spec


def read_from(source: Investments, field: str) -> str | None:
    if field == "unit":
        return column(source.unit.name)
    if field == "measure":
        return column(source.outcomes[0].measure)
    return column(getattr(source, field))


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
