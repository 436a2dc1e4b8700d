"""Rows that the sheet did not have: outcomes, spend, objectives, engagements, investments, units."""

from __future__ import annotations

from typing import Any

import pytest

RETAIL = "portfolios/retail.yaml"


def why(intake: Any) -> dict[str, str]:
    return {r.cell: r.why for r in intake.refused}


def after(intake: Any, path: str = RETAIL) -> str:
    return next((f.after.decode() for f in intake.proposal.files if f.path == path), "")


def added(intake: Any) -> list[tuple[str, str]]:
    return [(a.what, a.id) for a in intake.added]


def again(linked: Any, take: Any, intake: Any, sheet: Any) -> Any:
    """Take the same sheet into the files as it left them."""
    names = {f.path.split("/")[1].split(".")[0]: f.after.decode() for f in intake.proposal.files}
    return take(linked(**names), sheet)


def test_each_kind_of_row_is_added_once(linked: Any, workbook: Any, take: Any) -> None:
    sheet = workbook(linked())
    sheet.add("objectives", unit="Retail", statement="Fewer kiosks")
    sheet.add("investments", unit="retail", title="Portal", stage="proposed",
              objective="Fewer kiosks", **{"outcome owner": "Amara Okafor"})  # fmt: skip
    sheet.add("outcomes", investment="Portal", statement="Calls drop", baseline=10, target="5")
    sheet.add("outcomes", investment="RET-002", statement="Kiosks close")
    sheet.add("spend", investment="Portal", year=2027, budget="1,000")
    sheet.add("spend", investment="Portal", year=2026, budget=500)
    sheet.add("spend", investment="RET-002", year="2026", actual=7)
    sheet.add("results", outcome="Calls drop", date="2026-11-01", actual=9)
    sheet.add("engagements", unit="Retail", date="2026-11-20", kind="review",
              present="Amara Okafor; Lena Fischer", **{"satisfaction (1 to 5)": 4})  # fmt: skip
    intake = take(linked(), sheet)
    assert why(intake) == {}
    assert added(intake) == [
        ("objective", "retail/fewer-kiosks"),
        ("investment", "RET-003"),
        ("outcome", "RET-003/calls-drop"),
        ("outcome", "RET-002/kiosks-close"),
        ("spend", "RET-003/2027"),
        ("spend", "RET-003/2026"),
        ("spend", "RET-002/2026"),
        ("engagement", "retail/2026-11-20"),
        ("result", "RET-003/calls-drop"),
    ]
    text = after(intake)
    assert "  objectives:\n    - id: fewer-kiosks\n      statement: Fewer kiosks\n" in text
    assert """\
  - id: RET-003
    title: Portal
    outcome_owner: amara.okafor
    stage: proposed
    objective: fewer-kiosks
    spend:
      - {year: 2026, budget: 500}
      - {year: 2027, budget: 1000}
    outcomes:
      - id: calls-drop
        statement: Calls drop
        baseline: 10
        target: 5
        results:
          - {date: 2026-11-01, actual: 9}
""" in text.replace("    stage: proposed\n    outcome_owner: amara.okafor\n",
                    "    outcome_owner: amara.okafor\n    stage: proposed\n")  # fmt: skip
    assert "- {year: 2026, actual: 7}" in text
    assert "with: [amara.okafor, lena.fischer]" in text
    then = again(linked, take, intake, sheet)
    assert (why(then), added(then), then.proposal.is_empty) == ({}, [], True)


def test_rows_that_are_there_are_edited(linked: Any, workbook: Any, take: Any) -> None:
    files = {
        "retail": linked().documents[RETAIL].text.replace(
            "  head: gone.by\n",
            "  head: gone.by\n  objectives: [{id: calm, statement: Calm}]   # mine\n",
        ).replace(
            "    stage: live\n",
            "    stage: live\n    spend:\n      - {year: 2025, budget: 5}\n"
            "      - {year: 2026, budget: 7, actual: 1}   # mine\n",
        )
    }  # fmt: skip
    sheet = workbook(linked(**files))
    sheet.fill("objectives", "retail/calm", "statement", "Calmer")
    sheet.fill("spend", "RET-002/2026", "budget", 8.5)
    sheet.fill("spend", "RET-002/2026", "actual", "(clear)")
    sheet.fill("spend", "RET-002/2026", "forecast", 9)
    sheet.fill("engagements", "retail/2026-10-12", "summary", "The second pilot")
    intake = take(linked(**files), sheet)
    assert why(intake) == {}
    text = after(intake)
    assert "objectives: [{id: calm, statement: Calmer}]   # mine" in text
    assert "- {year: 2026, budget: 8.5, forecast: 9}   # mine" in text
    assert "summary: The second pilot" in text


def test_a_new_unit_gets_a_file(linked: Any, workbook: Any, take: Any) -> None:
    sheet = workbook(linked())
    sheet.add("units", name="Digital Services", head="Amara Okafor")
    sheet.add("investments", unit="Digital Services", title="App")
    intake = take(linked(), sheet)
    assert why(intake) == {}
    assert after(intake, "portfolios/digital-services.yaml").split("\n", 1)[1] == (
        "business_unit:\n  id: digital-services\n  name: Digital Services\n"
        "  head: amara.okafor\ninvestments:\n  - id: DIG-001\n    title: App\n"
    )


@pytest.mark.parametrize(
    ("page", "cells", "column", "says"),
    [
        ("outcomes", {"investment": "Kiosk", "statement": "X"}, "C", "names no investment in the files"),
        ("outcomes", {"investment": "RET-001"}, "A", "a new row needs its statement"),
        ("outcomes", {"statement": "X"}, "A", "a new row needs its investment"),
        ("outcomes", {"id": "RET-001/cycel", "target": 3}, "A", "did you mean `RET-001/cycle`"),
        ("outcomes", {"id": "RET-002/other", "investment": "RET-002", "statement": "Fewer calls"},
         "A", "RET-002/calls"),
        ("outcomes", {"id": "RET-001/x", "investment": "RET-002", "statement": "X"},
         "A", "is not one of RET-002"),
        ("investments", {"unit": "Retial", "title": "X"}, "B", "names no unit in the files"),
        ("spend", {"investment": "RET-001", "year": 26, "budget": 3}, "A", "at least 1900"),
        ("spend", {"investment": "RET-001", "year": 2026}, "A", "the row has no amount"),
        ("spend", {"investment": "RET-001", "year": "next", "budget": 3}, "D", "is not a number"),
        ("spend", {"investment": "RET-001", "budget": 3}, "A", "a new row needs"),
        ("objectives", {"unit": "Retail"}, "A", "needs its statement"),
        ("engagements", {"unit": "Retail", "date": "3/4/2026", "summary": "X"}, "C",
         "can be read in two ways"),
        ("engagements", {"unit": "Retail", "date": "2026-10-12", "summary": "Another"}, "G",
         "says `The pilot`, this `Another`"),
        ("results", {"outcome": "Fewer cals", "date": "2026-10-12", "actual": 3}, "C",
         "names no outcome in the files"),
        ("results", {"id": "RET-001/cycle", "date": "2026-06-30", "actual": 3}, "G",
         "the sheet says `3`, the file `12.5`"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_added_is_refused_with_its_cell(
    linked: Any, workbook: Any, take: Any, page: str, cells: dict[str, Any], column: str, says: str
) -> None:
    sheet = workbook(linked())
    number = sheet.add(page, **cells)
    intake = take(linked(), sheet)
    places = {where: reason for where, reason in why(intake).items() if says in reason}
    found = [where for where in places if where.startswith(f"{page}!{column}")]
    assert found or page == "results", why(intake)
    assert places, why(intake)
    assert all(where.endswith(str(number)) for where in places)
    assert intake.proposal.is_empty


def test_a_bad_cell_of_a_new_row_is_refused_and_the_row_is_added_without_it(
    linked: Any, workbook: Any, take: Any
) -> None:
    sheet = workbook(linked())
    number = sheet.add("outcomes", investment="RET-002", statement="X", baseline="many", target=3)
    intake = take(linked(), sheet)
    assert list(why(intake)) == [f"outcomes!H{number}"]
    assert "- {id: calls" in after(intake)
    assert "target: 3" in after(intake)
    sheet.book["outcomes"].cell(number, 8).value = 4
    then = again(linked, take, intake, sheet)
    assert "baseline: 4" in after(then)


def test_two_rows_that_say_different_things_of_one_record(
    linked: Any, workbook: Any, take: Any
) -> None:
    sheet = workbook(linked())
    sheet.add("spend", investment="RET-001", year=2026, budget=1)
    second = sheet.add("spend", investment="RET-001", year=2026, budget=2)
    intake = take(linked(), sheet)
    assert why(intake) == {f"spend!A{second}": "another row of the sheet is RET-001/2026 as well"}
    then = again(linked, take, intake, sheet)
    assert why(then) == {
        f"spend!E{second}": f"two rows are of RET-001/2026: spend!E{second - 1} says `1`, this `2`"
    }


def test_a_row_of_what_others_have_added_since(linked: Any, workbook: Any, take: Any) -> None:
    sheet = workbook(linked())
    first = sheet.add("investments", id="RET-003", unit="Retail", title="Other", stage="live")
    text = linked().documents[RETAIL].text
    since = "  - {id: RET-003, title: Portal, stage: stopped}\nengagements:"
    intake = take(linked(retail=text.replace("engagements:", since)), sheet)
    assert intake.proposal.is_empty
    assert why(intake) == {
        f"investments!C{first}": "RET-003 is `Portal` in the files, not `Other`",
        f"investments!G{first}": "was changed on both sides: the sheet says `live`, the file says "
        "`stopped` now (it said nothing); compare both",
    }


def test_a_row_that_is_deleted_deletes_nothing_and_is_said(
    linked: Any, workbook: Any, take: Any
) -> None:
    sheet = workbook(linked())
    sheet.book["outcomes"].delete_rows(2)
    intake = take(linked(), sheet)
    assert intake.proposal.is_empty
    [note] = intake.notes
    assert "RET-001/cycle" in note
    assert "nothing was deleted" in note


def test_a_changed_grey_cell_is_said(linked: Any, workbook: Any, take: Any) -> None:
    sheet = workbook(linked())
    where = sheet.fill("investments", "RET-002", "title", "Renamed")
    intake = take(linked(), sheet)
    assert intake.notes == [f"{where}: changed in a grey cell; it was not read"]


def test_what_only_the_files_changed_stays_and_is_said(
    linked: Any, workbook: Any, take: Any
) -> None:
    sheet = workbook(linked())
    text = linked().documents[RETAIL].text
    theirs = linked(retail=text.replace("stage: delivering", "stage: stopped"))
    intake = take(theirs, sheet)
    assert intake.proposal.is_empty
    assert [(m.was, m.now) for m in intake.moved] == [("delivering", "stopped")]


def test_new_rows_of_a_csv_file(linked: Any, lines: Any, take_lines: Any) -> None:
    rows = lines(linked())
    blank = dict.fromkeys(rows[0], "") | {"organisation": "northwind"}

    def line(page: str, id_: str, field: str, new: str) -> dict[str, str]:
        return blank | {"page": page, "id": id_, "field": field, "new": new}

    rows += [
        line("outcomes", "RET-001/faster", "statement", "Faster"),
        line("outcomes", "RET-001/faster", "target", "3"),
        line("spend", "RET-001/2026", "budget", "100"),
        line("investments", "RET-009", "unit", "retail"),
        line("investments", "RET-009", "title", "Portal"),
        line("outcomes", "", "target", "3"),
    ]
    intake = take_lines(linked(), rows)
    assert [r.why for r in intake.refused] == [
        "the line has no id; a new row has one id on all of its lines"
    ]
    assert added(intake) == [
        ("investment", "RET-009"),
        ("outcome", "RET-001/faster"),
        ("spend", "RET-001/2026"),
    ]
    assert "target: 3" in after(intake)
