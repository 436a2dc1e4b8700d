"""Every column of money has a control total: spend, values of outcomes and results, custom fields."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from itgov.importing import run_import
from itgov.importing.collect import Collected, collect
from itgov.importing.load import parse_mapping
from itgov.importing.table_files import TableSource
from itgov.importing.tables import read_table

MAPPING = """\
mapping: {name: money}
organisation: {id: o, currency: EUR}
tables:
  items: {files: [items.csv]}
  goals: {files: [goals.csv]}
  came: {files: [came.csv]}
  lines: {files: [lines.csv]}
reading: {withheld: {Secret: "*"}}
investments:
  - table: items
    id: No
    title: {column: No}
    unit: {name: {value: All}}
    as_of: As of
    skip: [{column: Test, is: [Yes]}]
    spend: [{year: {value: 2026}, budget: Budget}]
    custom:
      whole_life: {column: Whole life, as: money, scale: 1000}
    outcomes:
      - table: goals
        on: [No]
        id: {column: Goal, as: slug}
        measure: Goal
        value: Worth
        needs: [measure]
        results: {table: came, on: [No, Goal], date: On, actual: Figure, value: Came}
    custom_rows:
      lines: {table: lines, on: [No], sum: {cost: Cost}}
"""
AMOUNTS = st.sampled_from(["", "1", "2.5", "0.1", "(3)", "x", "Secret"])
NUMBERS = st.sampled_from(["A", "B", "C", ""])
GOALS = st.sampled_from(["g", "h", ""])
DAYS = st.sampled_from(["2025-01-01", "2026-01-01"])
VALUE = {"1": 1.0, "2.5": 2.5, "0.1": 0.1, "(3)": -3.0}
TABLES: dict[str, tuple[str, ...]] = {
    "items": ("No", "As of", "Test", "Budget", "Whole life"),
    "goals": ("No", "Goal", "Worth"),
    "came": ("No", "Goal", "On", "Figure", "Came"),
    "lines": ("No", "Cost"),
}
ROWS = st.fixed_dictionaries(
    {
        "items": st.lists(
            st.tuples(NUMBERS, DAYS, st.sampled_from(["", "Yes"]), AMOUNTS, AMOUNTS), max_size=6
        ),
        "goals": st.lists(st.tuples(NUMBERS, GOALS, AMOUNTS), max_size=6),
        "came": st.lists(
            st.tuples(NUMBERS, GOALS, st.one_of(st.just(""), DAYS), st.just("1"), AMOUNTS),
            max_size=6,
        ),
        "lines": st.lists(st.tuples(NUMBERS, AMOUNTS), max_size=6),
    }
)


def collected(folder: Path, rows: dict[str, list[tuple[str, ...]]]) -> Collected:
    """Write the tables and collect what they hold."""
    tables = {}
    for name, header in TABLES.items():
        path = folder / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows.get(name, [])])
        tables[name] = [read_table(name, path, TableSource())]
    return collect(parse_mapping("m.yaml", MAPPING.encode()).mapping, tables, {})


def without_sums(found: Collected, name: str, rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return rows without those that are said to be sums; each has to be one of two rows or more."""
    said = {
        number - 2
        for account in found.accounts
        if account.table == name
        for reason, numbers in account.skipped.items()
        if "total" in reason
        for number in numbers
    }
    for at in said:
        above = [row for n, row in enumerate(rows[:at]) if n not in said]
        since = [
            r for n, r in enumerate(rows[:at]) if n > max((s for s in said if s < at), default=-1)
        ]
        for column, cell in enumerate(rows[at]):
            sums = [sum(VALUE.get(row[column], 0) for row in some) for some in (above, since)]
            assert cell not in VALUE or any(VALUE[cell] == pytest.approx(one) for one in sums)
        assert len(above) > 1
    return [row for at, row in enumerate(rows) if at not in said]


@example(
    rows={
        "items": [],
        "goals": [("A", "g", "1"), ("A", "g", "x"), ("", "g", "1")],
        "came": [],
        "lines": [],
    }
)
@given(rows=ROWS)
def test_no_money_of_any_table_is_lost(
    tmp_path_factory: pytest.TempPathFactory, rows: dict[str, list[tuple[str, ...]]]
) -> None:
    found = collected(tmp_path_factory.mktemp("money"), rows)
    rows = {name: without_sums(found, name, some) for name, some in rows.items()}
    totals = {(t.table, t.column): t for t in found.totals}
    assert len(totals) == 5
    for name, column, scale in (
        ("items", "Budget", 1),
        ("items", "Whole life", 1000),
        ("goals", "Worth", 1),
        ("came", "Came", 1),
        ("lines", "Cost", 1),
    ):
        at = TABLES[name].index(column)
        total = totals[name, column]
        cells = [row[at] for row in rows[name]]
        assert total.source == pytest.approx(sum(VALUE.get(c, 0) for c in cells) * scale)
        assert (len(total.unread), total.withheld) == (cells.count("x"), cells.count("Secret"))
        assert total.source == pytest.approx(
            total.imported + total.merged + total.skipped + total.difference
        )
        lost = [n for n in total.not_imported if not n.is_meant]
        assert total.difference == pytest.approx(sum(n.amount for n in lost))
    records = [i.record for i in found.imports]
    outcomes = [o for r in records for o in r.outcomes]
    held = {
        "Budget": [s.budget for r in records for s in r.spend],
        "Whole life": [r.custom.get("whole_life") for r in records],
        "Worth": [o.value for o in outcomes],
        "Came": [r.value for o in outcomes for r in o.results],
        "Cost": [
            kept.get("cost") for r in records if isinstance(kept := r.custom.get("lines"), dict)
        ],
    }
    for (_, column), total in totals.items():
        assert total.imported == pytest.approx(
            sum(a for a in held[column] if isinstance(a, (int, float)))
        )
    assert found.unaccounted == 0


def test_money_beside_spend_is_named_where_it_is_not_imported(tmp_path: Path) -> None:
    found = collected(
        tmp_path,
        {
            "items": [("A", "2026-01-01", "", "1", "5"), ("B", "2026-01-01", "Yes", "1", "7")],
            "goals": [("A", "g", "10"), ("A", "", "20"), ("B", "g", "40"), ("Z", "g", "80")],
            "came": [("A", "g", "2026-02-01", "1", "3"), ("A", "g", "", "1", "4")],
            "lines": [("A", "0.1"), ("A", "0.2"), ("Z", "Secret")],
        },
    )
    said = "\n".join(line for t in found.totals for line in t.lines())
    assert "`Whole life` (custom.whole_life): source 12,000, imported 5,000, skipped 7,000" in said
    assert "`Worth` (outcome value): source 150, imported 10, skipped 60, difference 80" in said
    assert "20: no outcome is made of a row that lacks a field of `needs` (rows 3)" in said
    assert "40: the row of `items` that it belongs to is skipped (rows 4)" in said
    assert "NOT IMPORTED: 80: no row of `items` has its No (rows 5)" in said
    assert "`Came` (result value): source 7, imported 3, difference 4" in said
    assert "NOT IMPORTED: 4: it has no date (rows 3)" in said
    assert "`Cost` (custom.lines.cost): source 0.3, imported 0.3, withheld 1 cell" in said


MONEY_IN_FILE = """\
mapping: {name: file}
organisation: {id: o, currency: EUR}
tables: {items: {files: ["*.csv"]}}
investments:
  - table: items
    id: No
    title: Title
    match: [{column: Key, as: slug}]
    unit: {name: {value: All}}
    as_of: As of
    spend: [{year: {value: 2026}, budget: Budget}]
    outcomes: [{id: {value: o}, measure: Title, value: Worth, needs: [value]}]
    custom: {cost: {column: Cost, as: money}}
"""


def test_what_the_files_keep_of_a_newer_report_is_no_money_imported(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(MONEY_IN_FILE, encoding="utf-8")
    table = tmp_path / "t.csv"
    head = "No,Title,Key,As of,Budget,Worth,Cost\n"
    table.write_text(head + "A,One,k,2026-01-01,10,20,30\n", encoding="utf-8")
    out = tmp_path / "out"
    assert run_import(tmp_path / "m.yaml", [table], out).is_sound
    table.write_text(head + "A,One,k,2025-01-01,1,2,3\n", encoding="utf-8")
    report = run_import(tmp_path / "m.yaml", [table], out)
    assert [(t.imported, t.merged, t.difference) for t in report.totals] == [
        (0, 1, 0),
        (0, 3, 0),
        (0, 2, 0),
    ]
    assert "1: a newer report is in the file already (rows 2)" in report.render_text()


def test_two_records_that_are_one_in_the_file_lose_no_money_in_silence(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(MONEY_IN_FILE, encoding="utf-8")
    table = tmp_path / "t.csv"
    head = "No,Title,Key,As of,Budget,Worth,Cost\n"
    table.write_text(head + "A,One,k,2025-01-01,10,,\n", encoding="utf-8")
    out = tmp_path / "out"
    run_import(tmp_path / "m.yaml", [table], out)
    # the file knows A by the key `k` too: both rows find it
    rows = "A,One,,2026-01-01,10,,\nB,One,k,2026-01-01,5,,\n"
    table.write_text(head + rows, encoding="utf-8")
    report = run_import(tmp_path / "m.yaml", [table], out)
    assert report.totals[0].difference == 5
    assert "another record of these tables is the same investment" in report.render_text()
    assert not report.is_sound


def test_what_an_import_writes_over_is_named_with_both_values(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(MONEY_IN_FILE, encoding="utf-8")
    table = tmp_path / "t.csv"
    head = "No,Title,Key,As of,Budget,Worth,Cost\n"
    table.write_text(head + "A,One,k,2026-01-01,10,20,30\n", encoding="utf-8")
    out = tmp_path / "out"
    run_import(tmp_path / "m.yaml", [table], out)
    (path,) = (p for p in (out / "portfolios").glob("*.yaml") if p.name != "organisation.yaml")
    path.write_text(path.read_text("utf-8").replace("budget: 10", "budget: 12"), encoding="utf-8")
    report = run_import(tmp_path / "m.yaml", [table], out)
    (updated,) = report.updated
    assert [(r.field, r.was, r.now) for r in updated.replaced] == [
        ("spend 2026 budget", "12", "10")
    ]
    said = "A: spend 2026 budget: was `12`, now `10` (not by a newer report: changed since"
    assert said in report.render_text()
    assert not report.is_sound
    table.write_text(head + "A,Two,k,2027-01-01,10,20,31\n", encoding="utf-8")
    report = run_import(tmp_path / "m.yaml", [table], out)
    said = report.render_text()
    assert report.is_sound
    assert "A: title: was `One`, now `Two`\n" in said
    assert "A: custom cost: was `30`, now `31`\n" in said
