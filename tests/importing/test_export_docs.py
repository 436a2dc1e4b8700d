"""docs/export.md and docs/export-tables.md say what the tables are."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from itgov.importing.export.computed import all_tables

from ..support.cli import run_cli

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "export.md").read_text(encoding="utf-8")
AS_OF = "2026-11-23"


def test_the_list_names_every_table_and_column_of_a_real_export(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_cli(capsys, "export", DOCS.parent, "--output", tmp_path / "out", "--as-of", AS_OF)
    listed = (DOCS / "export-tables.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"(?ms)^## (\w+)\n(.*?)(?=^## |\Z)", listed))
    files = {p.stem: p for p in (tmp_path / "out").glob("*.csv")}
    assert sections.keys() == files.keys()
    for name, path in files.items():
        header = path.read_text(encoding="utf-8-sig").split("\n")[0].strip().split(",")
        assert re.findall(r"(?m)^\| `(\w+)` \|", sections[name]) == header


def test_the_columns_that_the_page_names_are_there() -> None:
    named = re.findall(r"`(\w+)\.(\w+)`", PAGE)
    assert len(named) > 15
    for table, column in named:
        if column not in ("csv", "xlsx", "sqlite"):
            assert all_tables()[table].column(column)
    first = re.search(r"(?ms)^\| table \|.*?\n\n", PAGE)
    assert first is not None
    assert set(re.findall(r"`(\w+)`", first[0])) <= all_tables().keys()


def test_the_queries_that_the_page_shows_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "p.sqlite"
    run_cli(capsys, "export", DOCS.parent, "--output", out, "--as-of", AS_OF)
    queries = re.findall(r"(?ms)^```sql\n(.*?)^```$", PAGE)
    assert len(queries) == 3
    with closing(sqlite3.connect(out)) as database:
        for query in queries:
            told = re.sub(r"'tables/(\w+)\.csv'", r"\1", query)
            assert database.execute(told).fetchall(), query
