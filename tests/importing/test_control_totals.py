"""Money is imported, or named as not imported: never lost."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itgov.cli.main import main
from itgov.importing import HowToImport, guess, run_import
from itgov.importing.collect import collect
from itgov.importing.drafting import proved_draft
from itgov.importing.load import parse_mapping
from itgov.importing.tables import TableSource, read_table
from itgov.importing.walk import key_columns
from itgov.model.types import Investment
from tests.importing.conftest import Import

ReadBack = Callable[[], dict[str, Investment]]

HEADER = "No,Name,Department,As of,Owner,Rating,End,Year,Budget,Note\n"


def test_a_sound_table_has_no_difference(run: Import) -> None:
    report = run(HEADER + "P1,One,HR,2024-03-31,,,,2023,100,\nP2,Two,HR,2024-03-31,,,,2023,50.5,\n")
    (total,) = report.totals
    assert (total.source, total.imported, total.difference) == (150.5, 150.5, 0)
    assert report.is_sound
    assert "`Budget` (budget): source 150.5, imported 150.5, difference 0" in report.render_text()


def test_what_is_not_imported_is_named_with_its_rows(run: Import) -> None:
    report = run(
        HEADER
        + "P1,One,HR,2024-03-31,,,,2023,100,\n"
        + "P2,,HR,2024-03-31,,,,2023,20,\n"  # no title
        + "P3,Three,HR,2024-03-31,,,,,3,\n"  # no year
        + "P4,Four,HR,2024-03-31,,,,2023,many,\n"
        + "P5,Five,HR,2024-03-31,,,,2023,7,,shifted\n"
        + "P1,One,HR,2023-03-31,,,,2023,90,\n"  # an older report
    )
    (total,) = report.totals
    assert (total.source, total.imported, total.merged) == (220, 100, 90)
    assert total.difference == 30
    assert total.unread == [5]
    assert [(n.amount, n.rows, n.is_meant) for n in total.not_imported] == [
        (20, [3], False),
        (3, [4], False),
        (90, [7], True),
        (7, [6], False),
    ]
    assert not report.is_sound
    assert "NOT IMPORTED: 20: it has no title (rows 3)" in report.render_text()


def test_an_older_report_is_no_loss(run: Import) -> None:
    report = run(
        HEADER + "P1,One,HR,2024-03-31,,,,2023,100,\nP1,One,HR,2023-03-31,,,,2023,90,old\n"
    )
    assert report.is_sound
    assert report.totals[0].merged == 90


def test_rows_of_one_key_that_differ_are_named_with_both_values(run: Import) -> None:
    report = run(
        HEADER + "P1,One,HR,2024-03-31,,,,2023,100,\nP1,Other,HR,2024-03-31,,,,2023,100,\n"
    )
    (conflict,) = report.conflicts
    assert (conflict.field, conflict.kept, conflict.value) == ("title", "One", "Other")
    assert (conflict.kept_row, conflict.row) == (2, 3)
    assert report.totals[0].difference == 100
    assert not report.is_sound


def test_the_same_row_twice_is_no_conflict(run: Import) -> None:
    row = "P1,One,HR,2024-03-31,,,,2023,100,\n"
    report = run(HEADER + row + row)
    assert report.is_sound
    assert (report.totals[0].merged, report.totals[0].difference) == (100, 0)


def test_lines_of_one_cost_are_added(run: Import, small: str, read_back: ReadBack) -> None:
    mapping = small.replace("    custom:\n", "    merge: {spend: sum}\n    custom:\n")
    row = "P1,One,HR,2024-03-31,,,,2023,{},\n"
    report = run(HEADER + row.format("0.1") * 3 + row.format(5), mapping)
    assert report.is_sound
    assert read_back()["P1"].spend[0].budget == 5.3


AMOUNTS = st.sampled_from(["", "1", "2.5", "1,200", "x", "(3)", "€4", "0.1", "TBC"])
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["A", "B", "C", ""]),
        st.sampled_from(["One", "Two", ""]),
        st.sampled_from(["HR", ""]),
        st.sampled_from(["2024-03-31", "2023-03-31", ""]),
        st.sampled_from(["2023", "2024", ""]),
        AMOUNTS,
        st.sampled_from(["", "note"]),
    ),
    max_size=12,
)
VALUES = {"1": 1.0, "2.5": 2.5, "1,200": 1200.0, "(3)": -3.0, "€4": 4.0, "0.1": 0.1}
SUMS = st.sampled_from(["first", "sum"])


@given(rows=ROWS, way=SUMS)
def test_whatever_the_rows_no_money_is_lost(
    tmp_path_factory: pytest.TempPathFactory, small: str, rows: list[tuple[str, ...]], way: str
) -> None:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER.strip().split(","))
    for number, name, unit, day, year, amount, note in rows:
        writer.writerow([number, name, unit, day, "", "", "", year, amount, note])
    path = tmp_path_factory.mktemp("rows") / "projects.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    mapping = small.replace("    custom:\n", f"    merge: {{spend: {way}}}\n    custom:\n")
    loaded = parse_mapping("mapping.yaml", mapping.encode())
    source = TableSource(keys=key_columns(loaded.mapping, "projects"))
    tables = {"projects": [read_table("projects", path, source)]}
    collected = collect(loaded.mapping, tables, {})
    (total,) = collected.totals
    stated = sum(VALUES.get(row[5], 0) for row in rows)
    held = sum(s.budget or 0 for i in collected.imports for s in i.record.spend)
    sums = {row for found in total.sums for row in found.rows}
    assert not any(rows[row - 2][0] for row in sums)  # what has an id is no total without a word
    assert total.source + sum(found.amount for found in total.sums) == pytest.approx(stated)
    assert total.imported == pytest.approx(held)
    assert collected.unaccounted == pytest.approx(0)
    assert total.source == pytest.approx(
        total.imported + total.merged + total.skipped + total.difference
    )
    assert total.difference == pytest.approx(
        sum(n.amount for n in total.not_imported if not n.is_meant)
    )
    assert len(total.unread) == sum(row[5] == "x" for row in rows)


# -- the command ---------------------------------------------------------------------------


LINES = "Agency,Project Name,Budget\nRoads,Operations,100\nRoads,Operations,250\nRoads,Portal,40\n"


def test_the_command_ends_with_what_it_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, mapping = tmp_path / "lines.csv", tmp_path / "m.yaml"
    table.write_text(LINES, encoding="utf-8")
    draft = guess(table, answers={"scale": "1", "currency": "GBP"})
    assert "merge: {spend: sum}" in draft
    assert "source 390, imported 140, difference 250" in draft
    mapping.write_text(draft, encoding="utf-8")
    command = ["import", "--mapping", str(mapping), str(table), "--into", str(tmp_path / "out")]
    assert main(command) == 1
    out = capsys.readouterr().out
    assert "row 2 says `100`, which is kept; row 3 says `250`" in out
    mapping.write_text(draft.replace("    title:", "    merge: {spend: sum}\n    title:"))
    assert main([*command[:-1], str(tmp_path / "sum"), "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["totals"][0]["imported"] == 390


def test_nothing_imported_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], small: str
) -> None:
    (tmp_path / "m.yaml").write_text(small, encoding="utf-8")
    (tmp_path / "projects.csv").write_text(HEADER + "P1,,HR,,,,,2023,1,\n", encoding="utf-8")
    out = tmp_path / "out"
    command = ["import", "--mapping", str(tmp_path / "m.yaml"), str(tmp_path / "projects.csv")]
    assert main([*command, "--into", str(out)]) == 2
    assert "rows 2: it has no title" in capsys.readouterr().err
    assert not out.exists()
    assert main([*command, "--into", str(out), "--anyway"]) == 1


def test_nothing_is_cut_without_a_way_to_the_rest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], small: str
) -> None:
    (tmp_path / "m.yaml").write_text(small, encoding="utf-8")
    rows = "".join(f"P{n},One,HR,2024-03-31,,Purple{n},,2023,1,\n" for n in range(30))
    (tmp_path / "projects.csv").write_text(HEADER + rows, encoding="utf-8")
    files = [tmp_path / "projects.csv"]
    report = run_import(tmp_path / "m.yaml", files, tmp_path / "out", HowToImport(dry_run=True))
    assert "… and 10 more: `--all` lists them" in report.render_text()
    assert "Purple29" not in report.render_text()
    assert "Purple29" in report.render_text(None)


def test_a_column_named_as_money_is_no_text_where_half_of_it_is_unread(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_text(
        "Ref,Project,Unit,Budget 2026 (EUR),Spent 2026 (EUR)\nA,Portal,Ops,120000,30000.25\n"
        "B,CRM,Sales,20000,12 of 30\n",
        encoding="utf-8",
    )
    made = proved_draft(path)
    assert "actual: Spent 2026 (EUR)" in made.text
    assert not made.is_sound
