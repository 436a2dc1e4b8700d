"""The blank template: handed out, filled in, and a portfolio in an empty folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from itgov.cli.main import main

DAY = ["--as-of", "2026-11-23"]


class Template:
    """A blank template, to be filled in from the row below its examples."""

    def __init__(self, path: Path) -> None:
        self.path = path
        assert main(["sheet", "out", "--blank", str(path), *DAY]) == 0
        self.book = openpyxl.load_workbook(path)

    def add(self, page: str, **cells: Any) -> None:
        sheet = self.book[page]
        titles = [cell.value for cell in sheet[1]]
        number = sheet.max_row + 1
        for title, value in cells.items():
            sheet.cell(number, titles.index(title.replace("_", " ")) + 1).value = value

    def take(self, *options: str) -> int:
        self.book.save(self.path)
        return main(["sheet", "in", str(self.path), str(self.path.parent / "p"), *options, *DAY])


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Template:
    monkeypatch.chdir(tmp_path)
    return Template(tmp_path / "t.xlsx")


def fill(template: Template) -> None:
    template.add("organisation", name="Acme", currency="EUR", fiscal_year_start=4)
    template.add("units", name="Sales", head="Zoe Vries")
    template.add("people", person="Zoe Vries", side="business", business_unit="Sales")
    template.add("investments", unit="Sales", title="CRM", outcome_owner="Zoe Vries", stage="live")
    template.add("outcomes", investment="CRM", statement="Calls drop", baseline=10, target=5)
    template.add("spend", investment="CRM", year=2026, budget=5000)


def written(template: Template) -> dict[str, str]:
    root = template.path.parent / "p"
    return {p.relative_to(root).as_posix(): p.read_text() for p in root.rglob("*.yaml")}


def test_a_template_becomes_a_portfolio(
    template: Template, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(template)
    assert template.take("--yes") == 0
    out, err = capsys.readouterr()
    assert "organisation acme (Acme)" in out
    assert "2026: budget +5.0k EUR" in out
    assert "itgov init" in err
    files = written(template)
    assert set(files) == {"portfolios/organisation.yaml", "portfolios/sales.yaml"}
    assert "currency: EUR\n  fiscal_year_start: 4\n" in files["portfolios/organisation.yaml"]
    assert "business_unit: sales" in files["portfolios/organisation.yaml"]
    assert "id: SAL-001" in files["portfolios/sales.yaml"]
    assert "Amara Okafor" not in "".join(files.values())  # the examples
    assert main(["check", "p", "--select", "YML,MOD,REF", *DAY]) == 0


def test_a_template_can_be_filled_in_further(
    template: Template, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(template)
    assert template.take("--yes") == 0
    before = written(template)
    assert template.take("--yes") == 0
    assert written(template) == before
    template.add("spend", investment="CRM", year=2027, budget=7000)
    assert template.take("--yes") == 0
    files = written(template)
    assert files["portfolios/organisation.yaml"] == before["portfolios/organisation.yaml"]
    assert "- {year: 2027, budget: 7000}" in files["portfolios/sales.yaml"]


def test_nothing_is_written_unless_agreed(
    template: Template, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(template)
    assert template.take("--dry-run") == 0
    assert template.take() == 2
    assert written(template) == {}


def test_a_row_over_the_example_is_refused_and_not_lost(
    template: Template, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(template)
    template.book["investments"]["C2"].value = "My own title"
    assert template.take("--yes") == 1
    assert "investments!C2: this is the row of the example" in capsys.readouterr().out
    template.book["investments"]["A2"].value = None
    template.book["investments"]["B2"].value = "Sales"
    template.book["investments"]["Q2"].value = None  # an objective that nobody has
    assert template.take("--yes") == 0
    assert "title: My own title" in written(template)["portfolios/sales.yaml"]


def test_deleted_examples_are_nothing(
    template: Template, capsys: pytest.CaptureFixture[str]
) -> None:
    for sheet in template.book.worksheets[1:-1]:
        sheet.delete_rows(2)
    fill(template)
    assert template.take("--yes") == 0
    assert "example" not in capsys.readouterr().out


def test_a_template_without_an_organisation_or_of_another_one(
    template: Template, capsys: pytest.CaptureFixture[str]
) -> None:
    assert template.take("--yes") == 2
    assert "fill in the organisation's name" in capsys.readouterr().err
    fill(template)
    assert template.take("--yes") == 0
    template.book["organisation"]["B3"].value = "Other"
    assert template.take("--yes") == 2
    assert "of the organisation `Other`, and this is `Acme`" in capsys.readouterr().err


def test_what_cannot_be_blank(template: Template, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sheet", "out", "--blank", "t.csv"]) == 2
    assert "ends in .xlsx" in capsys.readouterr().err
    assert main(["sheet", "out", "--blank", "u.xlsx", "--missing"]) == 2
    assert main(["sheet", "out", "--blank", "t.xlsx"]) == 2  # it may be filled in


def test_every_column_says_what_it_holds_and_offers_its_choices(template: Template) -> None:
    sheet = template.book["investments"]
    rules = {str(r.sqref).split(":")[0][0]: r for r in sheet.data_validations.dataValidation}
    titles = [cell.value for cell in sheet[1]]
    assert len(rules) == len(titles)
    stage = rules[chr(65 + titles.index("stage"))]
    assert "delivering" in stage.formula1
    assert stage.prompt == "The stage of its life, from proposed to retired."
    assert rules["D"].prompt == "The person who answers for the outcome."
    assert rules["B"].formula1.startswith("units!$B$2")
    assert all(rule.prompt and len(rule.prompt) <= 255 for rule in rules.values())
    said = "\n".join(str(cell.value) for cell in template.book["instructions"]["A"])
    assert "stage: The stage of its life" in said
    assert "(example)" in said


def test_a_name_twice_in_one_template_is_one_record(
    template: Template, capsys: pytest.CaptureFixture[str]
) -> None:
    """Which of two is meant by its name could not be told afterwards."""
    fill(template)
    template.add("units", name="sales ")
    template.add("investments", unit="Sales", title="crm", outcome_owner="Zoe Vries")
    template.add("outcomes", investment="CRM", statement="calls  drop", target=6)
    assert template.take("--yes") == 1
    said = capsys.readouterr().out
    assert said.count("a further one needs an id of its own") == 3
    text = written(template)
    assert text.keys() == {"portfolios/organisation.yaml", "portfolios/sales.yaml"}
    assert text["portfolios/sales.yaml"].count("title:") == 1
    assert text["portfolios/sales.yaml"].count("statement:") == 1


def test_two_of_one_name_are_two_by_their_ids(template: Template) -> None:
    fill(template)
    template.add("investments", id="S-9", unit="Sales", title="CRM")
    template.take("--yes")
    assert "id: S-9" in written(template)["portfolios/sales.yaml"]
