"""`itgov export`: what stands in the tables, in each format, and what is never written over."""

from __future__ import annotations

import csv
import datetime
import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from itgov.importing.export.computed import all_tables

from ..support.cli import Ran, run_cli
from ..support.folders import files_of

pytestmark = pytest.mark.slow

TREE = Path(__file__).resolve().parents[2]
AS_OF = "2026-11-23"
FORMATS = {"csv": "out", "xlsx": "out.xlsx", "sqlite": "out.sqlite"}
Rows = list[dict[str, Any]]

ORGANISATION = """\
organisation: {id: o, name: Org, currency: GBP}
people: [{id: ann, name: "=HYPERLINK(1)"}]
"""
UNIT = """\
# about the unit
business_unit: {id: u, objectives: [{id: x}]}
investments:
  - id: "001"
    title: "+1 more"   # beside
    summary: "two\\nlines, with a comma; and \\"quotes\\" _x0041_"
    outcome_owner: TBD
    objective: x
    start: 1899-12-31
    end: 2027-03-31
    spend: [{year: 2026, budget: 0.0000001, actual: -1234567890123456.5}, {year: 2027, budget: 5e16}]
    custom: {tower: "'@x", n: 3, f: 3.0, ok: true, none: null, deep: {a: [1]}}
"""


@pytest.fixture
def export(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(root: Path, format: str, *more: str) -> Ran:
        out = tmp_path / FORMATS[format]
        return run_cli(
            capsys, "export", root, "--format", format, "--output", out, "--as-of", AS_OF, *more
        )

    return run


@pytest.fixture
def small(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    (root / "portfolios").mkdir(parents=True)
    (root / "portfolios" / "organisation.yaml").write_text(ORGANISATION)
    (root / "portfolios" / "u.yaml").write_text(UNIT)
    return root


def read(path: Path, table: str) -> Rows:
    """Read a table with nothing of our own."""
    if path.is_dir():
        with (path / f"{table}.csv").open(encoding="utf-8-sig", newline="") as stream:
            return [dict(row) for row in csv.DictReader(stream)]
    if path.suffix == ".xlsx":
        first, *rows = openpyxl.load_workbook(path)[table].iter_rows(values_only=True)
        return [dict(zip(first, row, strict=True)) for row in rows]
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute(f"SELECT * FROM {table}")
        return [dict(zip((d[0] for d in rows.description), row, strict=True)) for row in rows]


@pytest.mark.parametrize("format", FORMATS)
def test_the_sums_are_those_of_the_files(export: Any, tmp_path: Path, format: str) -> None:
    assert export(TREE, format).code == 0
    files = [yaml.safe_load(p.read_text()) for p in (TREE / "portfolios").rglob("*.yaml")]
    items = [i for f in files for i in f.get("investments", [])]
    out = tmp_path / FORMATS[format]
    for key in ("budget", "actual", "forecast"):
        wanted = sum(Decimal(str(s.get(key, 0))) for i in items for s in i.get("spend", []))
        assert sum(Decimal(str(r[key] or 0)) for r in read(out, "spend")) == wanted
    results = [r for i in items for o in i.get("outcomes", []) for r in o.get("results", [])]
    assert sum(Decimal(str(r["value"] or 0)) for r in read(out, "results")) == sum(
        Decimal(str(r.get("value", 0))) for r in results
    )
    assert {r["id"] for r in read(out, "investments")} == {i["id"] for i in items}
    meta = {r["key"]: r["value"] for r in read(out, "meta")}
    assert (meta["as_of"], meta["currency"], meta["schema"]) == (AS_OF, "GBP", "1")


def test_findings_and_health_are_those_of_the_commands(
    export: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export(TREE, "sqlite")
    ran = run_cli(capsys, "check", TREE, "--as-of", AS_OF, "--format", "json")
    found = read(tmp_path / "out.sqlite", "findings")
    assert [(f["fingerprint"], f["line"]) for f in found] == [
        (f["fingerprint"], f["line"]) for f in ran.findings
    ]
    health = run_cli(capsys, "health", TREE, "--as-of", AS_OF, "--format", "json").json
    bands = {r["business_unit"]: r["band"] for r in read(tmp_path / "out.sqlite", "health")}
    assert bands == {u["id"]: u["band"] for u in health["units"]}


def test_sums_of_value_are_those_of_the_command(
    export: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export(TREE, "sqlite")
    told = run_cli(capsys, "value", TREE, "--as-of", AS_OF, "--format", "json").json
    rows = read(tmp_path / "out.sqlite", "value")
    money = [c.name for c in all_tables()["value"].columns if c.kind == "number"]
    assert "spend_stopped_without_value" in money
    for key in money:
        assert sum(r[key] for r in rows) == pytest.approx(told["total"][key], abs=0.01)
        for unit in told["units"]:
            own = sum(r[key] for r in rows if r["business_unit"] == unit["id"])
            assert own == pytest.approx(unit[key], abs=0.01)
    facts = {
        r["outcome"]: r["line_of_sight"] for r in read(tmp_path / "out.sqlite", "outcome_facts")
    }
    assert facts.keys() == {r["id"] for r in read(tmp_path / "out.sqlite", "outcomes")}
    assert facts["CLM-001/claim-cycle-time"] == "met"


def test_a_text_never_starts_a_formula(export: Any, small: Path, tmp_path: Path) -> None:
    for each in FORMATS:
        assert export(small, each).code == 0
    out = tmp_path / "out"
    assert read(out, "people")[0]["name"] == "'=HYPERLINK(1)"
    assert read(out, "investments")[0]["title"] == "'+1 more"
    custom = {r["field"]: (r["value"], r["form"]) for r in read(out, "investment_custom")}
    assert custom["tower"] == ("''@x", "text")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["people"]
    cell = sheet["B2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=HYPERLINK(1)", "s", True)
    assert read(tmp_path / "out.sqlite", "people")[0]["name"] == "=HYPERLINK(1)"


def test_amounts_are_plain_numbers_and_days_iso(export: Any, small: Path, tmp_path: Path) -> None:
    export(small, "csv")
    one, two = read(tmp_path / "out", "spend")
    assert (one["budget"], one["actual"]) == ("0.0000001", "-1234567890123456.5")
    assert two["budget"] == "50000000000000000"
    item = read(tmp_path / "out", "investments")[0]
    assert (item["id"], item["start"], item["end"]) == ("001", "1899-12-31", "2027-03-31")
    assert item["objective"] == read(tmp_path / "out", "objectives")[0]["id"] == "u/x"
    assert (
        item["summary"]
        == yaml.safe_load((small / "portfolios/u.yaml").read_text())["investments"][0]["summary"]
    )
    custom = {
        r["field"]: (r["value"], r["form"]) for r in read(tmp_path / "out", "investment_custom")
    }
    assert custom["n"] == ("3", "number")
    assert custom["f"] == ("3.0", "number")
    assert custom["none"] == ("null", "json")
    assert custom["deep"] == ('{"a": [1]}', "json")


def test_a_workbook_has_dates_as_dates_and_ids_as_texts(
    export: Any, small: Path, tmp_path: Path
) -> None:
    export(small, "xlsx")
    item = read(tmp_path / "out.xlsx", "investments")[0]
    assert item["id"] == "001"
    assert item["start"] == "1899-12-31"  # before what a workbook knows as days
    assert item["end"].date() == datetime.date(2027, 3, 31)


def test_a_database_has_types_keys_references_and_indices(export: Any, tmp_path: Path) -> None:
    export(TREE, "sqlite")
    with closing(sqlite3.connect(tmp_path / "out.sqlite")) as database:
        types = {r[1]: (r[2], r[5]) for r in database.execute("PRAGMA table_info(spend)")}
        assert types["budget"] == ("REAL", 0)
        assert types["year"] == ("INTEGER", 0)
        assert types["investment"] == ("TEXT", 1)
        others = {r[3]: r[2] for r in database.execute("PRAGMA foreign_key_list(results)")}
        assert others == {"outcome": "outcomes", "confirmed_by": "people"}
        indices = [r[1] for r in database.execute("PRAGMA index_list(investments)")]
        assert "investments_business_unit" in indices
        broken = database.execute("PRAGMA foreign_key_check").fetchall()
        assert {row[0] for row in broken} <= {"investments"}  # TBD in a role


def test_what_no_table_holds_is_listed(export: Any, small: Path, tmp_path: Path) -> None:
    assert "Not in the tables, as `left_out` lists: comments 2." in export(small, "csv").err
    left = [
        (r["what"], r["where"], r["count"], r["is_loss"])
        for r in read(tmp_path / "out", "left_out")
    ]
    assert left == [("comments", "portfolios/u.yaml", "2", "false")]


def test_what_should_be_in_a_table_and_is_not_ends_with_1(
    export: Any, small: Path, tmp_path: Path
) -> None:
    (small / "portfolios" / "v.yaml").write_text("business_unit: {id: v\n")
    (small / "portfolios" / "w.yaml").write_text(
        "business_unit: {id: w}\ninvestments: [{id: '001', title: Twice}, {id: A, title: A, end: soon}]\n"
    )
    ran = export(small, "csv")
    assert ran.code == 1
    assert "portfolios/v.yaml" in ran.err
    assert "already defined" in ran.err
    lost = [r["where"] for r in read(tmp_path / "out", "left_out") if r["is_loss"] == "true"]
    assert "portfolios/v.yaml" in lost
    assert lost.count("portfolios/w.yaml:2") == 2  # the second 001, and a day that is none
    assert [r["title"] for r in read(tmp_path / "out", "investments")] == ["'+1 more", "A"]


def test_one_unit(export: Any, tmp_path: Path) -> None:
    assert export(TREE, "csv", "--unit", "claims").code == 0
    out = tmp_path / "out"
    for table in ("investments", "engagements", "findings", "health"):
        assert {r["business_unit"] for r in read(out, table)} == {"claims"}
    assert {r["investment"][:3] for r in read(out, "spend")} == {"CLM"}
    assert export(TREE, "csv", "--unit", "clams").code == 2


@pytest.mark.parametrize("format", FORMATS)
def test_a_filter_chooses_the_items(export: Any, tmp_path: Path, format: str) -> None:
    ran = export(TREE, format, "--filter", "owner:-")
    assert (ran.code, "Filter: 2 of 69 items. " in ran.err) == (0, True)
    out = tmp_path / FORMATS[format]
    chosen = {"OPS-017", "PPL-003"}
    assert {r["id"] for r in read(out, "investments")} == chosen
    for table in ("spend", "outcomes", "value"):
        assert {r["investment"] for r in read(out, table)} <= chosen
    assert {r["investment"] for r in read(out, "findings") if r["investment"]} == chosen
    assert len({r["id"] for r in read(out, "business_units")}) > 2
    assert {"key": "filter", "value": "2 of 69 items: owner:-"} in read(out, "meta")
    assert export(TREE, format, "--filter", "spend:>abc").code == 2


@pytest.mark.parametrize("format", FORMATS)
def test_an_export_replaces_an_earlier_one_and_is_the_same_again(
    export: Any, small: Path, tmp_path: Path, format: str
) -> None:
    out = tmp_path / FORMATS[format]

    def written() -> Any:
        return {p.name: p.read_bytes() for p in out.iterdir()} if out.is_dir() else out.read_bytes()

    export(small, format)
    first = written()
    assert export(small, format).code == 0
    assert written() == first
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


def test_nothing_else_is_written_over(export: Any, small: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    ran = export(small, "csv")
    assert (ran.code, files_of(folder)) == (2, {"notes.txt": "mine"})
    assert "notes.txt" in ran.err
    (folder / "notes.txt").rename(folder / "people.csv")  # a table of somebody else's
    assert export(small, "csv").code == 2
    (tmp_path / "out.xlsx").write_bytes(b"mine")
    (tmp_path / "out.sqlite").write_bytes(b"mine")
    assert export(small, "xlsx").code == 2
    assert export(small, "sqlite").code == 2
    assert (tmp_path / "out.xlsx").read_bytes() == b"mine"


@pytest.mark.parametrize("format", FORMATS)
def test_what_fails_half_way_leaves_the_earlier_export(
    export: Any, small: Path, tmp_path: Path, format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(small, format)
    before = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}

    def fails(path: Path, *rest: Any) -> None:
        (path / "people.csv" if path.is_dir() else path).write_bytes(b"half")
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(f"itgov.importing.export.out.write_{format}", fails)
    ran = export(small, format)
    assert (ran.code, "No space left" in ran.err) == (2, True)
    assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == before


def test_what_is_judged_is_not_written_into(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = run_cli(capsys, "export", small, "--output", small / "portfolios" / "tables")
    assert ran.code == 2
    assert not (small / "portfolios" / "tables").exists()
    assert run_cli(capsys, "export", small, "--output", small / "x.doc").code == 2
    assert run_cli(capsys, "export", small).code == 2
    assert run_cli(capsys, "export", small, "--output", "-").code == 2


def test_the_names_of_tables_fit_a_workbook_and_a_database() -> None:
    for table in all_tables().values():
        assert len(table.name) <= 31
        names = [c.name for c in table.columns]
        assert len(set(names)) == len(names)
        assert set(table.key) <= set(names)
        for column in table.columns:
            assert column.references is None or column.references in all_tables()
            assert column.says
