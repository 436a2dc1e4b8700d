"""A title above the table proposes whose portfolio it is and of which day."""

from __future__ import annotations

from pathlib import Path

import pytest

from itgov.importing.drafting import draft
from itgov.importing.questions import Question

TABLE = "Ref,Project,Directorate,Rel. mgr,Budget (£)\nP1,Claims,Retail,Amara Okafor,1200000\n"


def _questions(tmp_path: Path, *above: str) -> dict[str, Question]:
    path = tmp_path / "register.csv"
    path.write_text("".join(f'"{line}",,,,\n' for line in above) + TABLE, encoding="utf-8")
    return {q.field: q for q in draft(path).questions}


@pytest.mark.parametrize(
    ("title", "organisation"),
    [
        ("Northwind Mutual: project register", "Northwind Mutual"),
        ("Project register of Northwind Mutual, as at 31 October 2026", "Northwind Mutual"),
        ("Northwind Mutual project register FY26", "Northwind Mutual"),
        ("Projektportfolio der Nordwind AG – Stand 31.10.2026", "Nordwind AG"),
        ("Portefeuille de projets - Ville de Lyon - au 31/10/2026", "Ville de Lyon"),
        ("PMO Report | Acme Corp | October 2026", "Acme Corp"),
        ("Cartera de proyectos: Caja Norte, a 31 de marzo de 2026", "Caja Norte"),
        ("IT Project Portfolio 2026", "register"),
        ("Confidential", "register"),
        ("Projektübersicht (Angaben in T€)", "register"),
        ("Prepared by Finance, 30 September 2026", "register"),
    ],
)
def test_whose(tmp_path: Path, title: str, organisation: str) -> None:
    question = _questions(tmp_path, title)["organisation"]
    assert question.proposal is not None
    assert question.proposal.answer == organisation
    assert (title in question.why) is (organisation != "register")


@pytest.mark.parametrize(
    ("title", "day"),
    [
        ("as at 31 October 2026", "2026-10-31"),
        ("Stand: 31.10.26", "2026-10-31"),
        ("État au 31/10/2026", "2026-10-31"),
        ("Status date 10/31/2026", "2026-10-31"),
        ("Report for October 2026", "2026-10-31"),
        ("Status Q3 2026", "2026-09-30"),
        ("Stand 10/2026", "2026-10-31"),
    ],
)
def test_of_which_day(tmp_path: Path, title: str, day: str) -> None:
    question = _questions(tmp_path, "Our projects", title)["as_of"]
    assert question.proposal is not None
    assert question.proposal.answer == day
    assert title in question.why


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("Capital programme 2026/27 (in €000)", "2026"),
        ("IT projects 2025", "2025"),
        ("As at 31 October 2025", "total"),
        ("Plans of 2026/27 and 2027/28", "total"),
    ],
)
def test_of_which_year(tmp_path: Path, title: str, year: str) -> None:
    question = _questions(tmp_path, title)["year"]
    assert question.proposal is not None
    assert question.proposal.answer == year
    assert "total" in {c.answer for c in question.choices}


def test_a_title_proposes_the_currency_that_nothing_else_says(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_text(
        "Überblick (in T€),,,\n" + TABLE.replace(" (£)", "").replace("(in", "(alle"), "utf-8"
    )
    question = {q.field: q for q in draft(path).questions}["currency"]
    assert question.proposal is not None
    assert (question.proposal.answer, question.matters) == ("EUR", False)


@pytest.mark.parametrize(
    "name",
    ["Business relationship mgr", "Rel. mgr", "BRM", "BP", "IT Business Partner", "Rel manager"],
)
def test_abbreviated_names_of_columns(tmp_path: Path, name: str) -> None:
    path = tmp_path / "register.csv"
    path.write_text(TABLE.replace("Rel. mgr", name), encoding="utf-8")
    assert f"relationship_manager: {name}   #" in draft(path).text
