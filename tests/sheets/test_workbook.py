"""The workbook: what it shows, and how what people fill in comes back."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from itgov.importing.intake import Intake
from itgov.importing.trouble import ImportRefused
from itgov.sheets.incoming import SheetRefused

RETAIL = "portfolios/retail.yaml"


def changed(intake: Intake) -> list[str]:
    """The lines that are added."""
    return [
        line.text.strip()
        for file in intake.proposal.diff()
        for line in file.lines
        if line.kind == "added"
    ]


def why(intake: Intake) -> dict[str, str]:
    return {r.cell: r.why for r in intake.refused}


def test_nothing_filled_in_changes_nothing(
    linked: Any, workbook: Any, take: Callable[..., Intake]
) -> None:
    intake = take(linked(), workbook(linked()))
    assert intake.proposal.is_empty
    assert (intake.taken, intake.refused, intake.notes) == ([], [], [])


def test_the_workbook_is_made_for_being_filled_in(linked: Any, workbook: Any) -> None:
    sheet = workbook(linked())
    book = sheet.book
    pages = ["units", "objectives", "investments", "outcomes", "spend", "results", "engagements",
             "people"]  # fmt: skip
    assert book.sheetnames == ["instructions", *pages, "_itgov"]
    assert book["_itgov"].sheet_state == "veryHidden"
    assert all(book[name].freeze_panes == "B2" for name in pages)
    assert [c.value for c in book["people"]["B"] if c.value][1:] == [
        "Amara Okafor (amara.okafor)", "Sam Lee (sam.lee)", "Sam Lee (sam.lee2)",
        "Lena Fischer (lena.fischer)",
    ]  # fmt: skip
    assert any("(clear)" in str(c.value) for c in book["instructions"]["A"])
    due = sheet.at("outcomes", "RET-001/cycle", "due")
    assert (str(due.value)[:10], due.number_format) == ("2026-12-31", "yyyy-mm-dd")
    assert sheet.at("outcomes", "RET-001/cycle", "baseline").value == 21
    owner = sheet.at("investments", "RET-002", "outcome owner")
    assert owner.value == "Amara Okafor (amara.okafor)"
    assert not owner.protection.locked
    assert sheet.at("investments", "RET-002", "title").protection.locked
    rules = book["investments"].data_validations.dataValidation
    assert any(
        "people!$B$2:$B$1005" in str(r.formula1) and owner.coordinate in r.sqref for r in rules
    )
    assert any("delivering" in str(r.formula1) for r in rules)
    engagements = [c.value for c in book["engagements"]["A"] if c.value]
    assert engagements == ["id", "retail/2026-10-12"]


def test_texts_that_look_like_formulas_stay_texts(linked: Any, workbook: Any) -> None:
    sheet = workbook(linked())
    for cell in (
        sheet.at("investments", "RET-001", "title"),
        sheet.at("outcomes", "RET-001/cycle", "measure"),
    ):
        assert cell.data_type == "s"
        assert cell.quotePrefix
    with zipfile.ZipFile(io.BytesIO(sheet.raw)) as archive:
        assert all(b"<f>" not in archive.read(n) for n in archive.namelist() if "worksheets" in n)


def test_only_what_is_missing_and_only_one_unit(linked: Any, workbook: Any) -> None:
    other = "business_unit: {id: digital}\ninvestments: [{id: DIG-1, title: D}]\n"
    sheet = workbook(linked(digital=other), unit="retail", missing=True).book
    assert [c.value for c in sheet["investments"]["A"] if c.value] == ["id", "RET-001"]
    assert [c.value for c in sheet["results"]["A"] if c.value] == ["id", "RET-002/calls"]


@pytest.mark.parametrize(
    ("page", "row", "title", "value", "line"),
    [
        ("investments", "RET-001", "outcome owner", "Amara Okafor (amara.okafor)",
         "outcome_owner: amara.okafor"),
        ("investments", "RET-001", "outcome owner", " amara okafor ", "outcome_owner: amara.okafor"),
        ("investments", "RET-001", "outcome owner", "LENA@example.org", "outcome_owner: lena.fischer"),
        ("investments", "RET-001", "outcome owner", "sam.lee2", "outcome_owner: sam.lee2"),
        ("investments", "RET-001", "outcome owner", "(clear)", None),
        ("investments", "RET-001", "stage", "Live ", "stage: live"),
        ("investments", "RET-001", "confidence", "Amber Green", "confidence: amber-green"),
        ("investments", "RET-001", "next review", "3 March 2027", "next_review: 2027-03-03"),
        ("investments", "RET-001", "next review", datetime.date(2027, 3, 3),
         "next_review: 2027-03-03"),
        ("outcomes", "RET-001/cycle", "target", "1,234.5", "target: 1234.5"),
        ("outcomes", "RET-001/cycle", "target", 5.0, "target: 5"),
        ("outcomes", "RET-001/cycle", "measure", "@all\u00a0days", 'measure: "@all days"'),
        ("outcomes", "RET-002/calls", "measured in", "calls",
         "- {id: calls, statement: Fewer calls, unit: calls}"),
        ("engagements", "retail/2026-10-12", "satisfaction (1 to 5)", 4, "satisfaction: {score: 4}"),
        ("units", "retail", "relationship manager", "lena.fischer",
         "relationship_manager: lena.fischer"),
    ],
)  # fmt: skip
def test_a_cell_is_taken_as_it_was_meant(
    linked: Any, workbook: Any, take: Any, page: str, row: str, title: str, value: Any, line: str
) -> None:
    sheet = workbook(linked())
    where = sheet.fill(page, row, title, value)
    intake = take(linked(), sheet)
    assert why(intake) == {}
    assert changed(intake) == ([line] if line else [])
    assert [cell.cell for cell in intake.taken] == [where]


@pytest.mark.parametrize(
    ("page", "row", "title", "value", "says"),
    [
        ("investments", "RET-001", "outcome owner", "Sam Lee", "can mean sam.lee, sam.lee2"),
        ("investments", "RET-001", "outcome owner", "Amara Okafr", "did you mean `Amara Okafor`"),
        ("investments", "RET-001", "outcome owner", "gone.by", "left the organisation on 2026-01-01"),
        ("investments", "RET-001", "stage", "delivring", "did you mean `delivering`"),
        ("investments", "RET-001", "next review", "soon", "is not a date (use 2026-03-31)"),
        ("investments", "RET-001", "next review", True, "is not a date"),
        ("outcomes", "RET-001/cycle", "target", "a lot", "is not a number"),
        ("outcomes", "RET-001/cycle", "target", True, "is not a number"),
        ("outcomes", "RET-001/cycle", "target", "=1+1", "contains a formula"),
        ("outcomes", "RET-001/cycle", "measure", "#REF!", "spreadsheet error"),
        ("engagements", "retail/2026-10-12", "satisfaction (1 to 5)", 9, "at most 5"),
        ("engagements", "retail/2026-10-12", "said by", "amara.okafor", "`score` is missing"),
    ],
)  # fmt: skip
def test_a_cell_that_does_not_fit_is_refused_and_the_others_are_taken(
    linked: Any, workbook: Any, take: Any, page: str, row: str, title: str, value: Any, says: str
) -> None:
    sheet = workbook(linked())
    sheet.fill("investments", "RET-002", "stage", "retired")
    where = sheet.fill(page, row, title, value)
    intake = take(linked(), sheet)
    assert list(why(intake)) == [where]
    assert says in why(intake)[where]
    assert changed(intake) == ["ended: 2026-11-23", "stage: retired"]


def test_a_last_day_that_cannot_be_read_stays_and_is_said(
    linked: Any, workbook: Any, take: Callable[..., Intake]
) -> None:
    text = linked().documents[RETAIL].raw.decode()
    odd = linked(retail=text.replace("stage: live", "stage: live\n    ended: tomorrow"))
    sheet = workbook(odd)
    where = sheet.fill("investments", "RET-002", "stage", "stopped")
    intake = take(odd, sheet)
    assert changed(intake) == ["stage: stopped"]
    assert f"{where}: RET-002: `ended` cannot be read and stays" in intake.notes


def test_what_goes_on_after_all_loses_its_last_day_and_one_that_is_recorded_stays(
    linked: Any, workbook: Any, take: Callable[..., Intake]
) -> None:
    text = linked().documents[RETAIL].raw.decode()
    over = text.replace("stage: delivering", "stage: stopped\n    ended: 2026-09-30")
    kept = linked(retail=over.replace("stage: live", "stage: live\n    ended: 2026-10-01"))
    sheet = workbook(kept)
    sheet.fill("investments", "RET-001", "stage", "live")
    sheet.fill("investments", "RET-002", "stage", "stopped")
    intake = take(kept, sheet)
    [lines] = [[(n.kind, n.text.strip()) for n in f.lines] for f in intake.proposal.diff()]
    assert [line for line in lines if line[0] != "context" and "ended" in line[1]] == [
        ("removed", "ended: 2026-09-30")
    ]
    assert changed(intake) == ["stage: live", "stage: stopped"]


def test_a_new_result_and_a_second_one_of_the_same_outcome(
    linked: Any, workbook: Any, take: Any
) -> None:
    sheet = workbook(linked())
    sheet.fill("results", "RET-001/cycle", "date", datetime.date(2026, 9, 30))
    sheet.fill("results", "RET-001/cycle", "actual", 9)
    page = sheet.book["results"]
    titles = [c.value for c in page[1]]
    for title, value in (("id", "RET-001/cycle"), ("date", "2026-03-31"), ("actual", "15")):
        page.cell(20, titles.index(title) + 1).value = value
    intake = take(linked(), sheet)
    assert changed(intake) == [
        "- {date: 2026-03-31, actual: 15}",
        "- {date: 2026-09-30, actual: 9}",
    ]
    retail = intake.proposal.files[0].after.decode()
    again = take(linked(retail=retail), sheet)
    assert again.proposal.is_empty
    assert again.refused == []


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"actual": 3}, "no date"),
        ({"date": "2026-09-30"}, "neither a figure nor evidence"),
        ({"date": "2026-06-30", "actual": 3}, "has a result of 2026-06-30 already"),
        ({"date": "2027-06-30", "actual": 3}, "in the future"),
    ],
)
def test_a_result_that_cannot_be_taken(
    linked: Any, workbook: Any, take: Any, cells: dict[str, Any], says: str
) -> None:
    sheet = workbook(linked())
    for title, value in cells.items():
        sheet.fill("results", "RET-001/cycle", title, value)
    [refused] = take(linked(), sheet).refused
    assert says in refused.why


def test_what_was_changed_on_both_sides_is_refused(linked: Any, workbook: Any, take: Any) -> None:
    sheet = workbook(linked())
    stage = sheet.fill("investments", "RET-001", "stage", "live")
    sheet.fill("investments", "RET-001", "next review", "2027-05-05")
    text = linked().documents[RETAIL].text
    theirs = text.replace("stage: delivering", "stage: stopped")
    intake = take(linked(retail=theirs), sheet)
    assert why(intake)[stage] == (
        "was changed on both sides: the sheet says `live`, the file says `stopped` now (it said "
        "`delivering`); compare both"
    )
    assert changed(intake) == ["next_review: 2027-05-05"]
    same = take(linked(retail=text.replace("stage: delivering", "stage: live")), sheet)
    assert same.refused == []
    assert changed(same) == ["next_review: 2027-05-05"]


def test_blanking_a_cell_takes_nothing_away_and_is_said(
    linked: Any, workbook: Any, take: Any
) -> None:
    sheet = workbook(linked())
    where = sheet.fill("investments", "RET-001", "stage", "   ")
    intake = take(linked(), sheet)
    assert intake.proposal.is_empty
    assert intake.blanked == [where]


def test_rows_and_columns_may_be_moved_and_deleted(linked: Any, workbook: Any, take: Any) -> None:
    sheet = workbook(linked())
    sheet.fill("investments", "RET-002", "stage", "retired")
    page = sheet.book["investments"]
    rows = [[c.value for c in row] for row in page.iter_rows()]
    for row in [[c.value for c in row] for row in page.iter_rows()]:
        assert len(row) == len(rows[0])
    page.delete_rows(1, 10)
    for number, row in enumerate([rows[0], rows[2]], start=1):
        for at, value in enumerate(reversed(row), start=1):
            page.cell(number, at).value = value
    intake = take(linked(), sheet)
    assert why(intake) == {}
    assert changed(intake) == ["ended: 2026-11-23", "stage: retired"]


def test_rows_that_are_not_of_the_sheet(linked: Any, workbook: Any, take: Any) -> None:
    sheet = workbook(linked())
    page = sheet.book["investments"]
    titles = [c.value for c in page[1]]
    stage = titles.index("stage") + 1
    page.cell(4, 1).value, page.cell(4, stage).value = "RET-02", "live"
    page.cell(5, stage).value = "live"
    page.cell(6, 1).value, page.cell(6, stage).value = "RET-001", "stopped"
    intake = take(linked(), sheet)
    assert "was not on this page; did you mean" in why(intake)["investments!A4"]
    assert why(intake)["investments!A5"] == (
        "the row has no id; a new row needs its unit and its title"
    )
    assert [w for w in why(intake).values() if "is listed twice" in w]
    assert intake.proposal.is_empty


def test_a_renamed_column_is_said_and_not_guessed(linked: Any, workbook: Any, take: Any) -> None:
    sheet = workbook(linked())
    sheet.at("investments", "id", "stage").value = "stages"
    sheet.fill("investments", "RET-001", "stages", "live")
    intake = take(linked(), sheet)
    assert intake.proposal.is_empty
    assert any("`stages`; did you mean `stage`?" in note for note in intake.notes)
    assert any("the column `stage` is missing" in note for note in intake.notes)


def test_an_investment_that_is_gone(linked: Any, workbook: Any, take: Any) -> None:
    sheet = workbook(linked())
    where = sheet.fill("investments", "RET-002", "stage", "retired")
    text = linked().documents[RETAIL].text
    gone = text[: text.index("  - id: RET-002")] + text[text.index("engagements:") :]
    assert "no investment `RET-002`" in why(take(linked(retail=gone), sheet))[where]


def test_a_person_who_left_since_does_not_disturb_what_was_not_touched(
    linked: Any, workbook: Any, take: Any
) -> None:
    sheet = workbook(linked())
    text = linked().documents["portfolios/organisation.yaml"].text
    left = text.replace("email: amara@example.org", "left: 2026-11-01")
    intake = take(linked(organisation=left), sheet)
    assert (intake.refused, intake.proposal.is_empty) == ([], True)


def test_a_sheet_of_somebody_else_is_refused(linked: Any, workbook: Any, take: Any) -> None:
    other = linked(organisation="organisation: {id: southwind}\n")
    with pytest.raises(SheetRefused, match="of the organisation `northwind`, and this is `southw"):
        take(other, workbook(linked()))
    sheet = workbook(linked())
    del sheet.book["_itgov"]
    with pytest.raises(SheetRefused, match="not written by this version of `itgov sheet out`"):
        take(linked(), sheet)
    for raw in (b"", b"PK\x03\x04 and nonsense", b"id,title\n"):
        with pytest.raises(ImportRefused, match="this XLSX workbook cannot be read"):
            take(linked(), raw)


def test_two_rows_of_one_id_that_differ_are_both_refused(
    linked: Any, workbook: Any, take: Any
) -> None:
    """Somebody wrote over an id: the first row is another investment's."""
    sheet = workbook(linked())
    page = sheet.book["investments"]
    titles = [c.value for c in page[1]]
    stage, title = titles.index("stage") + 1, titles.index("title") + 1
    row = next(r for r in range(2, 99) if page.cell(r, 1).value == "RET-001")
    page.cell(row + 1, 1).value = "RET-001"
    page.cell(row + 1, title).value = "Typed anew"
    page.cell(row + 1, stage).value = "stopped"
    page.cell(row, stage).value = "live"
    intake = take(linked(), sheet)
    assert intake.proposal.is_empty
    letter = page.cell(1, stage).column_letter
    assert {f"investments!{letter}{row}", f"investments!{letter}{row + 1}"} <= why(intake).keys()


def test_a_row_whose_grey_cells_are_of_another_row_is_refused(
    linked: Any, workbook: Any, take: Any
) -> None:
    """One column was sorted alone: who filled in the row looked at its title."""
    sheet = workbook(linked())
    page = sheet.book["investments"]
    titles = [c.value for c in page[1]]
    stage = titles.index("stage") + 1
    about = [titles.index(t) + 1 for t in ("unit", "title")]
    row = next(r for r in range(2, 99) if page.cell(r, 1).value == "RET-001")
    for at in about:
        one, other = page.cell(row, at), page.cell(row + 1, at)
        one.value, other.value = other.value, one.value
    page.cell(row, stage).value = "stopped"
    intake = take(linked(), sheet)
    assert intake.proposal.is_empty
    assert "the grey cells are those of" in why(intake)[f"investments!A{row}"]
