"""The CSV form: a line for each field, that comes back as edits."""

from __future__ import annotations

from typing import Any

import pytest

from itgov.importing.intake import Intake
from itgov.sheets.flat import read_csv
from itgov.sheets.incoming import SheetRefused


def changed(intake: Intake) -> list[str]:
    return [
        line.text.strip()
        for file in intake.proposal.diff()
        for line in file.lines
        if line.kind == "added"
    ]


def line_of(rows: list[dict[str, str]], id_: str, field: str) -> dict[str, str]:
    return next(r for r in rows if (r["id"], r["field"]) == (id_, field))


def test_nothing_filled_in_changes_nothing(linked: Any, lines: Any, take_lines: Any) -> None:
    intake = take_lines(linked(), lines(linked()))
    assert (intake.proposal.is_empty, intake.refused) == (True, [])


def test_no_cell_is_taken_for_a_formula(linked: Any, lines: Any) -> None:
    cells = [cell for row in lines(linked()) for cell in row.values()]
    assert not [c for c in cells if c[:1] in ("=", "+", "-", "@")]
    assert line_of(lines(linked()), "RET-001/cycle", "measure")["current"] == "'-5 to +5"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_new_values_are_taken(linked: Any, lines: Any, take_lines: Any, delimiter: str) -> None:
    rows = lines(linked())
    line_of(rows, "RET-001", "outcome owner")["new"] = "Amara Okafor"
    line_of(rows, "RET-001/cycle", "measure")["new"] = "'=days"
    line_of(rows, "RET-001/cycle", "baseline")["new"] = "-3"
    line_of(rows, "RET-002", "stage")["new"] = "(clear)"
    result = {f: line_of(rows, "RET-002/calls", f) for f in ("date", "actual")}
    result["date"]["new"], result["actual"]["new"] = "2026-06-30", "7"
    rows += [{**result["date"], "new": "2026-09-30"}, {**result["actual"], "new": "6"}]
    intake = take_lines(linked(), rows, delimiter)
    assert intake.refused == []
    assert changed(intake) == [
        "outcome_owner: amara.okafor",
        "measure: =days",
        "baseline: -3",
        "- {id: calls, statement: Fewer calls, results: [{date: 2026-06-30, actual: 7}, "
        "{date: 2026-09-30, actual: 6}]}",
    ]


def test_lines_that_are_not_taken_are_named_by_their_number(
    linked: Any, lines: Any, take_lines: Any
) -> None:
    rows = lines(linked())[:4]
    rows[0] |= {"id": "nobody", "new": "amara.okafor"}
    rows[1] |= {"field": "hed", "new": "amara.okafor"}
    rows[2] |= {"page": "x", "new": "amara.okafor"}
    rows[3] |= {"new": '=cmd("x")'}
    intake = take_lines(linked(), rows)
    assert {r.cell: r.why.split(";")[0] for r in intake.refused} == {
        "line 2": "there is no business unit `nobody`",
        "line 3": "there is no field `hed`",
        "line 4": "there is no page `x`",
        "line 5": "contains a formula",
    }


def test_what_was_changed_meanwhile_is_refused(linked: Any, lines: Any, take_lines: Any) -> None:
    rows = lines(linked())
    line_of(rows, "RET-001", "stage")["new"] = "live"
    text = linked().documents["portfolios/retail.yaml"].text
    theirs = linked(retail=text.replace("stage: delivering", "stage: stopped"))
    [refused] = take_lines(theirs, rows).refused
    assert "the sheet says `live`, the file says `stopped` now" in refused.why


@pytest.mark.parametrize(
    "raw", [b"", b"a,b\n1,2\n", b"organisation,page,id,field,current\n", b'"open\n', b"\x00\xff"]
)
def test_a_file_of_something_else(raw: bytes) -> None:
    with pytest.raises(SheetRefused):
        read_csv(raw, "x.csv")


def test_lines_of_two_portfolios(linked: Any, lines: Any, take_lines: Any) -> None:
    rows = lines(linked())
    rows[1]["organisation"] = "southwind"
    with pytest.raises(SheetRefused, match="two portfolios"):
        take_lines(linked(), rows)
