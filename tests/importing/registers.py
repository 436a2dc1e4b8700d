"""Registers as project offices keep them, in several languages, and what of a draft is compared."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from itgov.importing.drafting import Drafted, proved_draft
from itgov.importing.load import parse_mapping
from itgov.importing.mapping import Field, Investments, Spec


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
REGISTERS |= {
    "spanish": Register(
        "Código;Nombre del proyecto;Unidad de negocio;Responsable de negocio;Jefe de proyecto;Semáforo;"
        "Fase;Fecha de inicio;Fecha de fin prevista;Presupuesto 2026 (miles de euros);"
        "Gasto real 2026 (miles de euros);Desviación;Comentarios\n"
        "P1;Nóminas;Recursos humanos;Ana Ruiz;Luis Gil;Ámbar;En ejecución;01/02/2026;31/12/2026;"
        "1.200,5;300;-5%;Pendiente\n"
        "P2;Caja;Ventas;Eva Sanz;Luis Gil;Verde;No iniciado;15/03/2026;30/06/2027;400;0;0%;\n",
        {
            "id": "Código",
            "title": "Nombre del proyecto",
            "unit": "Unidad de negocio",
            "outcome_owner": "Responsable de negocio",
            "delivery_lead": "Jefe de proyecto",
            "confidence": "Semáforo",
            "stage": "Fase",
            "start": "Fecha de inicio",
            "end": "Fecha de fin prevista",
        },
        [
            (
                2026,
                {
                    "budget": "Presupuesto 2026 (miles de euros)",
                    "actual": "Gasto real 2026 (miles de euros)",
                },
            )
        ],
        ("desviacion", "comentarios"),
    ),
    "dutch": Register(
        "Projectnummer;Projectnaam;Afdeling;Bateneigenaar;Projectleider;Opdrachtgever;Stoplicht;"
        "Projectfase;Startdatum;Verwachte einddatum;Begroting 2026 (€ miljoen);"
        "Realisatie 2026 (€ miljoen);Afwijking;Toelichting\n"
        "1;Salaris;Personeelszaken;Anna de Vries;Jan Smit;Eva Bos;Oranje;In uitvoering;01-02-2026;"
        "31-12-2026;1,25;0,3;-0,1;Loopt\n"
        "2;Kassa;Verkoop;Piet Kok;Jan Smit;Eva Bos;Groen;Nog niet gestart;15-03-2026;30-06-2027;"
        "0,4;0;0;\n",
        {
            "id": "Projectnummer",
            "title": "Projectnaam",
            "unit": "Afdeling",
            "outcome_owner": "Bateneigenaar",
            "delivery_lead": "Projectleider",
            "sponsor": "Opdrachtgever",
            "confidence": "Stoplicht",
            "stage": "Projectfase",
            "start": "Startdatum",
            "end": "Verwachte einddatum",
        },
        [
            (
                2026,
                {
                    "budget": "Begroting 2026 (€ miljoen)",
                    "actual": "Realisatie 2026 (€ miljoen)",
                },
            )
        ],
        ("afwijking", "toelichting"),
    ),
    "portuguese": Register(
        "Código do projeto;Nome do projeto;Secretaria;Dono do negócio;Gerente de projeto;Farol;"
        "Situação;Data de início;Data prevista de conclusão;Orçamento 2026 (milhões de euros);"
        "Valor pago 2026 (milhões de euros);Variação;Observações\n"
        "P1;Folha de pagamento;Fazenda;Ana Sousa;Rui Gil;Amarelo;Em execução;01/02/2026;31/12/2026;"
        "1,25;0,3;-0,1;Aguarda\n"
        "P2;Caixa;Saúde;Eva Santos;Rui Gil;Verde;Não iniciado;15/03/2026;30/06/2027;0,4;0;0;\n",
        {
            "id": "Código do projeto",
            "title": "Nome do projeto",
            "unit": "Secretaria",
            "outcome_owner": "Dono do negócio",
            "delivery_lead": "Gerente de projeto",
            "confidence": "Farol",
            "stage": "Situação",
            "start": "Data de início",
            "end": "Data prevista de conclusão",
        },
        [
            (
                2026,
                {
                    "budget": "Orçamento 2026 (milhões de euros)",
                    "actual": "Valor pago 2026 (milhões de euros)",
                },
            )
        ],
        ("variacao", "observacoes"),
    ),
}


def drafted(tmp_path: Path, table: str, **answers: str) -> Drafted:
    path = tmp_path / "register.csv"
    path.write_text(table, encoding="utf-8")
    return proved_draft(path, answers={"currency": "USD", **answers})


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
