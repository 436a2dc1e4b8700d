"""Somebody who only answers what is asked, and edits no file, brings in whatever table they have."""

from __future__ import annotations

import resource
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from msgspec import Struct

from itgov.importing.questions import MOST_QUESTIONS
from itgov.model.types import Investment
from tests.importing.conftest import investments
from tests.support.dialogue import Talk, talk
from tests.support.public_data import DATA

CASES = DATA.parent / "cases" / "tables"
MOST_SECONDS = 30
Found = dict[str, Investment]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not CASES.is_dir(), reason=f"the tables of the cases are not here ({CASES})"
    ),
]


def somebody(**answers: str) -> Callable[[str], str | None]:
    """Answer by words of a question; else take the proposal; where there is none, as one would."""
    usual = {
        "Write this to": "y",
        "which currency": "EUR",
        "largest amount": "as they stand",
        "What are they": "lines of one cost",
    }

    def reply(question: str) -> str:
        asked = question.rsplit("\n\n", 1)[-1]
        given = {k.replace("_", " "): v for k, v in answers.items()}
        known = given if "[Enter]" in asked else given | usual
        return next((a for words, a in known.items() if words in asked), "")

    return reply


def _machine_seconds() -> float:
    """Return how long processes that have ended were on a processor, whatever else it did."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def brought_in(files: Sequence[Path], out: Path, **answers: str) -> tuple[Talk, Found]:
    """Import by answering, and hold what is promised of every table."""
    began = _machine_seconds()
    seen = talk(["import", *files, "--into", out], somebody(**answers))
    asked = [q.rsplit("\n\n", 1)[-1] for q in seen.questions if "Write this to" not in q]
    assert len(asked) <= MOST_QUESTIONS
    for question in asked:
        assert question.count("`") >= 2, question  # values of the table
    assert _machine_seconds() - began < MOST_SECONDS
    assert "NOT ALL ACCOUNTED FOR" not in seen.text
    assert "Traceback" not in seen.text
    assert "control totals" in seen.last
    for line in seen.last.splitlines():
        _, is_total, difference = line.partition(", difference ")
        if is_total and difference != "0":
            assert "NOT IMPORTED" in seen.last, line
    return seen, investments(out)


def spent(found: Found) -> float:
    return sum(r.weight for i in found.values() for r in i.spend)


class Case(Struct, frozen=True):
    """A table, what is answered where nothing is proposed, and what should come of it."""

    file: str
    budget: float
    code: int = 0
    answers: dict[str, str] = {}
    has: tuple[str, ...] = ()
    """Words that are said at the end."""


TABLES = [
    Case("01-ready-mapping-takes-last-years-rating/mdpr-2026-project-data.csv", 343_300_000),
    Case("02-merged-rows-lose-money/lines.csv", 390_000),
    Case("03-header-not-in-row-1/pre.csv", 300),
    Case("03-header-not-in-row-1/pre.xlsx", 300),
    Case("04-score-taken-as-budget/apps.csv", 137_900.45),
    Case("08-whole-life-cost-beside-a-years-budget/wlc.csv", 80_100_000),
    Case("09-benefits-comment-becomes-an-outcome/ben.csv", 300),
    Case("10-stage-of-a-negated-word/st.csv", 0),
    Case("12-transposed/tr.csv", 600),
    Case("13-gone-from-the-register/gc-it-projects-2016.csv", 11_000_000),
    Case("15-formula-without-a-value/f.xlsx", 100_000, 1, has=("(F2)", "formula without a saved")),
    Case("16-older-table-over-newer-by-a-draft/p-2026.csv", 150),
    Case("18-headers-in-other-languages/de.csv", 1_500_500),
    Case("18-headers-in-other-languages/fr.csv", 78_300_000),
    Case("19-decimal-differs-from-file-to-file/p1.csv", 52),
    Case("19-decimal-differs-from-file-to-file/p2.csv", 53.02),
    Case("20-ready-mapping-almost-fits/uk_2018.csv", 33_670_000),
    Case("21-renamed-project-is-counted-twice/a.csv", 100),
    Case("22-merged-cells/m.xlsx", 300),
    Case("30-error-cells/table.csv", 2_100_000, has=("#REF!", "no outcome owner: 8 of 8")),
    Case("30-error-cells/table.xlsx", 2_100_000, has=("#REF!", "no outcome owner: 8 of 8")),
    Case("31-title-row-and-sep-line/title-row.xlsx", 1_500_000),
    Case("31-title-row-and-sep-line/sep-line.csv", 1_500_000),
    Case("31-title-row-and-sep-line/merged-unit.xlsx", 1_500_000),
    Case(
        "31-title-row-and-sep-line/formulas-without-saved-values.xlsx", 0, 1,
        has=("NOT IMPORTED: 2 cells of 2",),
    ),
    Case("32-totals-and-repeated-headers/table.csv", 2_000_000, has=("a total, `Grand total`",)),
]  # fmt: skip


@pytest.mark.parametrize("case", TABLES, ids=lambda case: case.file)
def test_each_table_is_brought_in_by_its_questions(case: Case, tmp_path: Path) -> None:
    seen, found = brought_in([CASES / case.file], tmp_path / "out", **case.answers)
    assert seen.code == case.code
    assert spent(found) == pytest.approx(case.budget)
    for words in case.has:
        assert words in seen.last


GOVERNMENTS = [
    ["australia"], ["canada"], ["uk-gmpp"], ["us-itdashboard"],
    ["australia/digital-projects-2024.csv"], ["australia/mdpr-2025.csv"],
    ["canada/gc-it-projects-2016.csv"], ["canada/gc-it-projects-2019.csv"],
    ["uk-gmpp/gmpp-2019.csv"], ["uk-gmpp/gmpp-2020.csv"], ["uk-gmpp/gmpp-2021-2023.csv"],
    ["us-itdashboard/projects.csv"], ["us-itdashboard/activities.csv"],
]  # fmt: skip


@pytest.mark.skipif(not DATA.is_dir(), reason=f"the public data sets are not here ({DATA})")
@pytest.mark.parametrize("names", GOVERNMENTS, ids=lambda names: names[0])
def test_each_government_is_brought_in(names: list[str], tmp_path: Path) -> None:
    seen, found = brought_in([DATA / name for name in names], tmp_path / "out")
    assert seen.code in (0, 1)
    assert found


# -- what each case expects beside its money ---------------------------------------------------


def of(tmp_path: Path, file: str, **answers: str) -> Found:
    return brought_in([CASES / file], tmp_path / "out", **answers)[1]


def test_this_years_rating_is_taken_and_the_day_of_a_month(tmp_path: Path) -> None:
    found = of(tmp_path, TABLES[0].file)
    by_title = {i.title: i for i in found.values()}
    assert by_title["Farm exports"].confidence == "amber-green"
    assert by_title["Emissions data"].confidence == "red"
    assert {str(i.end)[:7] for i in found.values()} == {"2026-06"}
    assert all("2026-" in str(i.custom["imported"]) for i in found.values())


def test_departments_are_units(tmp_path: Path) -> None:
    of(tmp_path, "04-score-taken-as-budget/apps.csv")
    names = {p.name for p in (tmp_path / "out" / "portfolios").iterdir()}
    assert names == {"organisation.yaml", "transport.yaml", "finance.yaml"}


def test_a_comment_is_no_outcome_and_a_denied_word_no_stage(tmp_path: Path) -> None:
    found = of(tmp_path, "09-benefits-comment-becomes-an-outcome/ben.csv")
    assert [i.outcomes for i in found.values()] == [[], []]
    shutil.rmtree(tmp_path / "out")
    found = of(tmp_path, "10-stage-of-a-negated-word/st.csv")
    assert [found[str(n)].stage for n in range(1, 6)] == [None] * 4 + ["delivering"]


def test_headers_in_french_and_german(tmp_path: Path) -> None:
    found = of(tmp_path, "18-headers-in-other-languages/de.csv")
    one = found["P1"]
    assert (one.title, one.confidence, one.delivery_lead) == ("Kasse", "amber", "anna.weiss")
    assert (str(one.start), str(one.end)) == ("2026-02-01", "2026-12-31")
    assert found["P2"].confidence == "green"
    units = {p.name for p in (tmp_path / "out" / "portfolios").iterdir()}
    assert units == {"organisation.yaml", "vertrieb.yaml", "logistik.yaml"}
    shutil.rmtree(tmp_path / "out")
    found = of(tmp_path, "18-headers-in-other-languages/fr.csv")
    assert {i.title for i in found.values()} == {"Paie", "Radio"}
    units = {p.name for p in (tmp_path / "out" / "portfolios").iterdir()}
    assert units == {"organisation.yaml", "mef.yaml", "mi.yaml"}


def test_an_error_is_nobody_and_no_unit(tmp_path: Path) -> None:
    of(tmp_path, "30-error-cells/table.xlsx")
    folder = tmp_path / "out" / "portfolios"
    assert "people" not in (folder / "organisation.yaml").read_text("utf-8")
    assert {p.name for p in folder.iterdir()} == {
        *("organisation.yaml", "retail.yaml", "unassigned.yaml")
    }


def test_a_percentage_is_what_the_sheet_shows(tmp_path: Path) -> None:
    folder = CASES / "06-percent-from-xlsx"
    for name in ("done.csv", "done.xlsx"):
        out = tmp_path / name
        seen = talk(
            ["import", "--mapping", folder / "m.yaml", folder / name, "--into", out], somebody()
        )
        assert seen.code == 0
        assert [i.custom["done"] for i in investments(out).values()] == [65]


def test_an_older_table_replaces_nothing(tmp_path: Path) -> None:
    folder, out = CASES / "16-older-table-over-newer-by-a-draft", tmp_path / "out"
    brought_in([folder / "p-2026.csv"], out)
    _, found = brought_in([folder / "p-2025.csv"], out)
    assert (found["P1"].confidence, spent(found)) == ("green", 150)


def test_what_is_gone_is_marked_in_its_file(tmp_path: Path) -> None:
    folder, out = CASES / "13-gone-from-the-register", tmp_path / "out"
    brought_in([folder / "gc-it-projects-2016.csv"], out)
    seen, found = brought_in([folder / "gc-it-projects-2022.csv"], out)
    assert str(found["aa-x"].custom["imported"]).count("2022-04-25") == 1
    assert "gone" in str(found["aa-x"].custom["imported"])
    assert "9,000,000" in seen.last


def test_a_renamed_project_is_proposed_as_the_same(tmp_path: Path) -> None:
    folder, out = CASES / "21-renamed-project-is-counted-twice", tmp_path / "out"
    brought_in([folder / "a.csv"], out)
    seen, _ = brought_in([folder / "b.csv"], out)
    assert "perhaps the same" in seen.last
    assert "polling-place-technology-project" in seen.last


def test_a_mapping_reads_files_that_differ_in_their_decimals(tmp_path: Path) -> None:
    folder, out = CASES / "19-decimal-differs-from-file-to-file", tmp_path / "out"
    brought_in([folder / "p1.csv"], out)
    mapping = next((out / "mappings").iterdir())
    other = tmp_path / "other"
    seen = talk(["import", "--mapping", mapping, folder / "p2.csv", "--into", other], somebody())
    assert seen.code == 0
    assert spent(investments(other)) == pytest.approx(53.02)
