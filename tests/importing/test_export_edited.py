"""An export that somebody has edited in a spreadsheet, and brings back."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ..support.cli import Ran, run_cli
from ..support.folders import files_of

AS_OF = "2026-11-23"
ORGANISATION = """\
organisation: {id: o, name: Org, currency: GBP}
people:
  - {id: ann, name: Ann Lee, side: business}   # the owner
  - {id: tom, name: Tom Fox, side: it}
relationship_managers: [{person: tom, serves: [u]}]
"""
UNIT = """\
# about the unit
business_unit: {id: u, name: Unit, head: TBD}

investments:
  - id: A-1
    title: "=Alpha"
    outcome_owner: tom   # for now
    end: 2027-03-04
    spend:
      - {year: 2026, budget: 1000, actual: 10}   # agreed in May
      - {year: 2027, budget: 2000.5}
    outcomes:
      - id: x
        results: [{date: 2026-01-31, actual: 3}]
    custom: {tower: Apps, n: 3}
  - {id: A-2, title: Beta}
engagements:
  - date: 2026-10-01
    summary: Talked
"""


class Export:
    """A repository, its export, and what comes of taking that back."""

    def __init__(self, root: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root, self.out, self._capsys = root, out, capsys
        assert run_cli(capsys, "export", root, "--output", out, "--as-of", AS_OF).code == 0
        self.before = files_of(root)

    def take(self, *more: object) -> Ran:
        return run_cli(
            self._capsys, "import", self.out, "--into", self.root, "--as-of", AS_OF, *more
        )

    def changed(self) -> list[tuple[str, str]]:
        """The lines of the unit's file that changed: as they were, as they are."""
        name = "portfolios/u.yaml"
        old, new = self.before[name].split("\n"), files_of(self.root)[name].split("\n")
        assert len(old) == len(new)
        return [(a, b) for a, b in zip(old, new, strict=True) if a != b]

    def edit(self, edit: Callable[[Any], None]) -> None:
        """Edit the workbook as a spreadsheet would, and save it."""
        book = openpyxl.load_workbook(self.out)
        edit(book)
        book.save(self.out)


@pytest.fixture
def made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[str], Export]:
    def make(out: str) -> Export:
        root = tmp_path / "repository"
        (root / "portfolios").mkdir(parents=True)
        (root / "portfolios" / "organisation.yaml").write_text(ORGANISATION)
        (root / "portfolios" / "u.yaml").write_text(UNIT)
        return Export(root, tmp_path / out, capsys)

    return make


@pytest.mark.parametrize("out", ["tables", "tables.xlsx", "tables.sqlite"])
def test_back_where_it_came_from_it_changes_no_byte(
    made: Callable[[str], Export], out: str
) -> None:
    export = made(out)
    ran = export.take()
    assert (ran.code, files_of(export.root)) == (0, export.before)
    assert "0 cells" in ran.out


def test_one_amount_changed_in_a_workbook_changes_its_line(made: Callable[[str], Export]) -> None:
    export = made("tables.xlsx")

    def amount(book: Any) -> None:
        book["spend"]["D2"] = 1500

    export.edit(amount)
    assert export.take("--dry-run").code == 0
    assert files_of(export.root) == export.before
    assert export.take().code == 0
    assert export.changed() == [
        (
            "      - {year: 2026, budget: 1000, actual: 10}   # agreed in May",
            "      - {year: 2026, budget: 1500, actual: 10}   # agreed in May",
        )
    ]


def test_one_amount_changed_in_a_database(made: Callable[[str], Export]) -> None:
    export = made("tables.sqlite")
    with closing(sqlite3.connect(export.out)) as database:
        database.execute("UPDATE spend SET budget = 2500.75 WHERE year = 2027")
        database.commit()
    assert export.take().code == 0
    assert export.changed() == [
        ("      - {year: 2027, budget: 2000.5}", "      - {year: 2027, budget: 2500.75}")
    ]


def test_csv_as_a_spreadsheet_saves_it_elsewhere(made: Callable[[str], Export]) -> None:
    """Semicolons, another encoding, and days in the order of the country."""
    export = made("tables")
    for path in export.out.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.reader(stream))
        for row in rows[1:]:
            row[:] = ["31/01/2026" if c == "2026-01-31" else c for c in row]
            row[:] = ["05.03.2027" if c == "2027-03-04" else c for c in row]
            row[:] = ["café" if c == "Talked" else c for c in row]
        with path.open("w", encoding="cp1252", newline="") as stream:
            csv.writer(stream, delimiter=";").writerows(rows)
    ran = export.take()
    assert ran.code == 1
    assert "can be read in two ways; write 2027-03-05 or 2027-05-03" in ran.out
    assert export.changed() == [("    summary: Talked", "    summary: café")]


def test_what_was_changed_in_the_file_since_is_not_overwritten(
    made: Callable[[str], Export],
) -> None:
    export = made("tables.xlsx")

    def two(book: Any) -> None:
        book["spend"]["D2"] = 1500
        book["investments"]["C3"] = "Gamma"

    export.edit(two)
    path = export.root / "portfolios" / "u.yaml"
    path.write_text(UNIT.replace("budget: 1000", "budget: 1200"))
    ran = export.take()
    assert ran.code == 1
    assert "spend!D2" in ran.out
    assert "A-1 was changed since the export" in ran.out
    assert "`1200`" in ran.out
    assert path.read_text() == UNIT.replace("budget: 1000", "budget: 1200").replace("Beta", "Gamma")
    assert export.take("--strict").code == 1


def test_people_by_name_new_rows_and_cleared_cells(made: Callable[[str], Export]) -> None:
    export = made("tables.xlsx")

    def edit(book: Any) -> None:
        heads = {c.value: c.column_letter for c in book["investments"][1]}
        book["investments"][heads["outcome_owner"] + "2"] = "Ann Lee"
        book["investments"][heads["end"] + "2"] = "(clear)"
        book["investments"][heads["title"] + "3"] = None
        book["spend"].append(["A-2", None, 2028, 50])
        book["outcomes"].append(["A-2/y", "A-2", "Better"])
        book["results"].append(["A-2/y", None, "2026-11-01", 7])
        book["investments"].append(["A-3", "u", "New"])
        book["investment_custom"].append(["A-1", "more", "text", "text"])
        book["engagements"]["G2"] = 4
        book["engagements"]["H2"] = "ann"

    export.edit(edit)
    ran = export.take("--format", "json")
    assert (ran.code, ran.json["refused"]) == (0, [])
    assert ran.json["blanked"] == ["investments!C3"]
    text = (export.root / "portfolios" / "u.yaml").read_text()
    assert "    outcome_owner: ann   # for now\n" in text
    assert "2027-03-04" not in text
    assert "{id: A-2, title: Beta, spend: [{year: 2028, budget: 50}], outcomes: [" in text
    assert "{date: 2026-11-01, actual: 7}" in text
    assert "  - {id: A-3, title: New}\n" in text
    assert "    custom: {tower: Apps, n: 3, more: text}\n" in text
    assert "    satisfaction:\n      score: 4\n      by: ann\n" in text
    again = export.take("--format", "json")
    assert (again.code, again.json["taken"]) == (0, [])


def test_a_new_unit_gets_a_file_of_its_own(made: Callable[[str], Export]) -> None:
    export = made("tables.xlsx")

    def edit(book: Any) -> None:
        book["business_units"].append(["v", "Vee", "new.one"])
        book["people"].append(["new.one", "New One", None, "business", "v"])
        book["investments"].append(["V-1", "v", "First"])
        book["engagements"].append(["v/2026-11-01", "v", "2026-11-01", "review"])
        book["relationship_managers"].append(["new.one"])
        book["manager_serves"].append(["new.one", None, "v"])

    export.edit(edit)
    ran = export.take("--format", "json")
    assert (ran.code, ran.json["refused"]) == (0, [])
    files = files_of(export.root)
    assert files["portfolios/u.yaml"] == UNIT
    assert (
        "  - id: V-1\n    title: First\nengagements:\n  - date: 2026-11-01\n"
        in files["portfolios/v.yaml"]
    )
    organisation = files["portfolios/organisation.yaml"]
    assert "new.one" in organisation
    assert "{person: new.one, serves: [v]}" in organisation
    assert export.take("--format", "json").json["taken"] == []


def test_options_of_mappings_are_refused(made: Callable[[str], Export]) -> None:
    assert made("tables").take("--gone", "retired").code == 2


@pytest.mark.parametrize(
    ("table", "cell", "value", "why"),
    [
        ("spend", "C2", "next year", "is not a number"),
        ("spend", "C2", 2026.5, "is not a whole number"),
        ("spend", "C2", 99999, "2200"),
        ("spend", "D2", "=1+1", "is a formula"),
        ("investments", "H2", "Nobody Known", "is not a person"),
        ("investments", "D2", "thing", "is not one of investment, service"),
        ("investments", "B2", "v", "is another business unit"),
        ("investments", "C2", "(clear)", "is required"),
        ("spend", "A2", "A-9", "there is no investment `A-9`"),
    ],
)
def test_what_does_not_fit_is_refused_and_named(
    made: Callable[[str], Export], table: str, cell: str, value: object, why: str
) -> None:
    export = made("tables.xlsx")

    def edit(book: Any) -> None:
        book[table][cell] = value

    export.edit(edit)
    ran = export.take("--format", "json")
    assert (ran.code, files_of(export.root)) == (1, export.before)
    told = ran.json["refused"]
    assert any(why in r["why"] for r in told), told
    assert any(r["cell"].startswith(f"{table}!") for r in told)


def test_rows_that_are_gone_delete_nothing(made: Callable[[str], Export]) -> None:
    export = made("tables.xlsx")

    def edit(book: Any) -> None:
        book["investments"].delete_rows(3)
        del book["people"]

    export.edit(edit)
    ran = export.take()
    assert (ran.code, files_of(export.root)) == (0, export.before)
    assert "investments: 1 row of the files that the table does not have" in ran.out
    assert "people" in ran.out


def test_into_an_empty_repository_what_tables_cannot_hold_is_listed(
    made: Callable[[str], Export], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = made("tables")
    target = tmp_path / "a new one"
    ran = run_cli(capsys, "import", export.out, "--into", target)
    assert ran.code == 0
    assert "comments: 4 (portfolios/organisation.yaml, portfolios/u.yaml)" in ran.out
    assert run_cli(capsys, "check", target, "--as-of", AS_OF, "--select", "MOD,YML").code == 0
    out = tmp_path / "again"
    assert run_cli(capsys, "export", target, "--output", out, "--as-of", AS_OF).code == 0
    for table in ("investments", "spend", "results", "people", "investment_custom", "health"):
        assert (out / f"{table}.csv").read_bytes() == (export.out / f"{table}.csv").read_bytes()


def test_what_an_export_lost_ends_with_1_where_it_is_taken_anew(
    made: Callable[[str], Export], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = made("tables")
    (export.root / "portfolios" / "w.yaml").write_text("business_unit: {id: w\n")
    for kind in ("xlsx", "sqlite"):
        out = tmp_path / f"lossy.{kind}"
        assert run_cli(capsys, "export", export.root, "--output", out, "--as-of", AS_OF).code == 1
        ran = run_cli(capsys, "import", out, "--into", tmp_path / f"new {kind}")
        assert ran.code == 1
        assert "not in the tables: file: 1, which should be there (portfolios/w.yaml)" in ran.out
        assert "1 lost in the export." in ran.out


def test_another_organisation_is_refused(made: Callable[[str], Export]) -> None:
    export = made("tables")
    path = export.root / "portfolios" / "organisation.yaml"
    path.write_text(ORGANISATION.replace("id: o,", "id: p,"))
    ran = export.take()
    assert ran.code == 2
    assert "the organisation `o`, and this is `p`" in ran.err


def test_an_export_of_one_unit_says_nothing_of_the_others(
    made: Callable[[str], Export], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = made("tables")
    (export.root / "portfolios" / "v.yaml").write_text(
        "business_unit: {id: v}\ninvestments: [{id: V-1, title: V}]\n"
    )
    out = tmp_path / "one.xlsx"
    assert run_cli(capsys, "export", export.root, "--unit", "v", "--output", out).code == 0
    ran = run_cli(capsys, "import", out, "--into", export.root, "--as-of", AS_OF)
    assert ran.code == 0
    assert "Note" not in ran.out


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"SQLite format 3\x00" + b"x" * 200])
def test_what_only_looks_like_an_export_is_no_export(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    assert run_cli(capsys, "import", path, "--into", tmp_path / "new").code == 2


def test_a_database_runs_nothing_of_its_own(made: Callable[[str], Export]) -> None:
    export = made("tables.sqlite")
    with closing(sqlite3.connect(export.out)) as database:
        endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
        database.execute("DROP TABLE results")
        database.execute(f"CREATE VIEW results AS {endless}")
        database.execute("DROP TABLE outcomes")
        database.execute("CREATE TABLE outcomes (id, statement AS (zeroblob(100000000)))")
        database.execute("INSERT INTO outcomes (id) VALUES ('A-1/x')")
        database.commit()
    ran = export.take()
    assert (ran.code, files_of(export.root)) == (2, export.before)
    assert "too big" in ran.err


def test_what_a_cell_holds_is_shown_without_its_control_characters(
    made: Callable[[str], Export],
) -> None:
    export = made("tables")
    path = export.out / "spend.csv"
    text = path.read_text(encoding="utf-8-sig").replace("1000", "\x1b[31m[red]x")
    path.write_text(text, encoding="utf-8-sig")
    ran = export.take()
    assert (ran.code, files_of(export.root)) == (1, export.before)
    assert "\x1b" not in ran.out
    assert "[red]x" in ran.out


def test_an_export_of_a_later_schema_is_refused(made: Callable[[str], Export]) -> None:
    export = made("tables")
    path = export.out / "meta.csv"
    path.write_text(path.read_text(encoding="utf-8-sig").replace("schema,1", "schema,2"))
    ran = export.take()
    assert ran.code == 2
    assert "schema `2`" in ran.err


def test_a_changed_id_is_no_new_record(made: Callable[[str], Export]) -> None:
    """An investment, an outcome or a person with another id would count twice."""
    export = made("tables.xlsx")

    def edit(book: Any) -> None:
        book["investments"]["A2"] = "A-9"
        book["outcomes"]["A2"] = "A-1/other"
        book["people"]["A2"] = "ann.lee"

    export.edit(edit)
    ran = export.take("--format", "json")
    assert (ran.code, files_of(export.root)) == (1, export.before)
    told = {r["cell"]: r["why"] for r in ran.json["refused"]}
    assert "`A-9` says the same as `A-1`" in told["investments!A2"]
    assert "formerly: [A-1]" in told["investments!A2"]
    assert "says the same as `A-1/x`" in told["outcomes!A2"]
    assert "formerly: [ann]" in told["people!A2"]


@pytest.mark.parametrize("item", [1, 2, None])
def test_a_row_that_moved_to_another_record_is_not_taken(
    made: Callable[[str], Export], item: int | None
) -> None:
    """Its money would be in both, as nothing is deleted, or would replace another's."""
    export = made("tables.xlsx")

    def edit(book: Any) -> None:
        book["spend"].append(["A-2", 1, 2026, 7])
        book["spend"]["A2"], book["spend"]["B2"] = "A-2", item

    (export.root / "portfolios" / "u.yaml").write_text(
        UNIT.replace(
            "{id: A-2, title: Beta}", "{id: A-2, title: Beta, spend: [{year: 2026, budget: 7}]}"
        )
    )
    before = files_of(export.root)
    export.edit(edit)
    ran = export.take("--format", "json")
    assert (ran.code, files_of(export.root)) == (1, before)
    assert any(r["cell"] == "spend!A2" for r in ran.json["refused"])


def test_rows_of_one_id_that_differ_are_all_refused(made: Callable[[str], Export]) -> None:
    """A spreadsheet took `0007` for 7, whose own row stands below it."""
    export = made("tables")
    path = export.out / "investments.csv"
    lines = path.read_text("utf-8-sig").splitlines(keepends=True)
    lines[1] = lines[1].replace("A-1,", "A-2,", 1)
    path.write_text("".join(lines), "utf-8-sig")
    spend = export.out / "spend.csv"
    spend.write_text(spend.read_text("utf-8-sig").replace("A-1,2,", "A-2,,"), "utf-8-sig")
    ran = export.take("--format", "json")
    assert (ran.code, files_of(export.root)) == (1, export.before)
    told = [r["why"] for r in ran.json["refused"]]
    assert told.count("`A-2` is in rows 2, 3, which differ: none is taken") == 2


def test_rows_that_are_the_same_are_read_once(made: Callable[[str], Export]) -> None:
    export = made("tables.xlsx")

    def edit(book: Any) -> None:
        book["spend"]["D2"] = 1500
        book["spend"].append([cell.value for cell in book["spend"][2]])

    export.edit(edit)
    ran = export.take()
    assert ran.code == 0
    assert "are the same; they were read once" in ran.out
    assert [new for _, new in export.changed()] == [
        "      - {year: 2026, budget: 1500, actual: 10}   # agreed in May"
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1.23E+11", "is a long number that was shortened"),
        ("1.200", "can be read in two ways; write 1200 or 1.2000"),
        ("1,200", "can be read in two ways"),
    ],
)
def test_numbers_that_a_spreadsheet_shortened_or_wrote_its_own_way_are_refused(
    made: Callable[[str], Export], text: str, why: str
) -> None:
    export = made("tables")
    path = export.out / "spend.csv"
    rows = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
    rows[1][3] = text
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows(rows)
    ran = export.take()
    assert (ran.code, files_of(export.root)) == (1, export.before)
    assert why in ran.out
