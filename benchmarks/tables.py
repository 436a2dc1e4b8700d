"""What importing a large table costs, and what tables that were made to do harm cost.

    python benchmarks/tables.py                # all
    python benchmarks/tables.py --only rows    # those whose name has this in it

The large table has 20,000 rows and 3,000 people; its import and its draft are measured in seconds,
and the check of what was imported beside libyaml's composing of the same files.  The others each
have to end in a message within 10 seconds and 1 GiB.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent))

from hostile import apart
from measure import Program, heading, run_once, take_turns, tell
from programs import compose

ROWS, PEOPLE, UNITS = 20_000, 3_000, 60
AS_OF = "2026-11-23"
MAPPING = """\
mapping: {name: large}
organisation: {id: large, name: Large, currency: EUR, fiscal_year_start: 1}
tables: {table: {files: ["*.csv", "*.xlsx"]}}
investments:
  - table: table
    id: Ref
    title: Project
    unit: {name: Directorate}
    as_of: {value: 2026-03-31}
    summary: Description
    outcome_owner: Owner
    sponsor: Sponsor
    delivery_lead: Project manager
    stage: Stage
    confidence: RAG
    start: {column: Start, formats: [DD/MM/YYYY]}
    end: {column: Finish, formats: [DD/MM/YYYY]}
    spend:
      - {year: FY, budget: Budget, actual: Actual, forecast: Forecast}
    outcomes:
      - {id: {value: outcome-1}, measure: KPI, baseline: Baseline, target: Target, needs: [measure]}
    custom: {tower: Tower}
"""


class Shape(NamedTuple):
    """A file that is no table, or one that is larger than what is read."""

    name: str
    suffix: str
    make: Callable[[Path], None]
    code: int = 2


def table(rows: int = ROWS) -> list[list[str]]:
    """Return the header and rows of the large table: the same every time."""
    rng = random.Random(14)
    starts, ends = (
        ("An", "Be", "Ca", "Do", "El"),
        ["ra", "lo", "mi", "sen", "nik", "vo", "tas", "ri", "du", "wen", "gor", "pa"],
    )
    families = ("Ok", "Ber", "Fisch", "Nov", "Sant", "Lind", "Mor", "Tak", "Kap", "Ves")
    lasts = [f"{a}{b}" for a in families for b in ("afor", "gen", "er", "ak", "os")]
    people = [f"{a}{b} {last}" for a in starts for b in ends for last in lasts][:PEOPLE]
    head = [
        *("Ref", "Project", "Directorate", "Description", "Owner", "Sponsor", "Project manager"),
        *("Stage", "RAG", "Start", "Finish", "FY", "Budget", "Actual", "Forecast"),
        *("KPI", "Baseline", "Target", "Tower"),
    ]
    found = [head]
    for n in range(rows):
        budget = rng.randrange(10_000, 5_000_000)
        year = rng.randrange(2022, 2027)
        found.append(
            [
                f"P-{n:05}",
                f"Renewal of system {n}",
                f"Directorate {n % UNITS + 1}",
                f"Replaces what system {n} does by hand today, for all who use it",
                *rng.sample(people, 3),
                rng.choice(["proposed", "approved", "delivering", "live"]),
                rng.choice(["Green", "Amber", "Red", "Amber/Green", ""]),
                f"{rng.randrange(1, 29):02}/{rng.randrange(1, 13):02}/{year}",
                f"{rng.randrange(1, 29):02}/{rng.randrange(1, 13):02}/{year + 2}",
                f"{year}-{(year + 1) % 100:02}",
                f"{budget:,}",
                f"{budget * 0.6:,.2f}",
                f"{budget * 1.1:,.2f}",
                "Median days from request to answer" if n % 3 else "",
                "21" if n % 3 else "",
                "5" if n % 3 else "",
                f"Tower {n % 12}",
            ]
        )
    return found


def write_csv(path: Path) -> None:
    """Write the large table as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(table())


def write_xlsx(path: Path) -> None:
    """Write the large table as a workbook."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Projects")
    for row in table():
        sheet.append(row)
    book.save(path)


def changed(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    """Return a function that writes a small workbook with other XML under its rows."""

    def make(path: Path) -> None:
        import openpyxl

        book = openpyxl.Workbook()
        for row in (["Ref", "Project", "Budget"], ["A", "Alpha", 1000], ["B", "Beta", 2000]):
            book.active.append(row)
        sound = path.with_suffix(".sound")
        book.save(sound)
        with zipfile.ZipFile(sound) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                xml = old.read(name)
                new.writestr(name, change(xml) if name.endswith("sheet1.xml") else xml)

    return make


def under(xml: Callable[[], bytes]) -> Callable[[Path], None]:
    """Return a function that writes a small workbook with more under its rows."""
    return changed(lambda sheet: sheet.replace(b"</sheetData>", xml() + b"</sheetData>"))


def text(content: Callable[[], bytes]) -> Callable[[Path], None]:
    """Return a function that writes bytes."""
    return lambda path: path.write_bytes(content()) and None


def blank_rows() -> bytes:
    """Return a million rows of styled cells that hold nothing."""
    return b"".join(
        b'<row r="%d"><c r="A%d" s="0"/><c r="B%d" s="0"/></row>' % (n, n, n)
        for n in range(4, 1_048_577)
    )


MB = 1024 * 1024
HEAD = b"Ref,Project,Budget\n"
ENTITIES = (
    b'<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]>"
)
SHAPES = [
    Shape("a workbook that unpacks to 600 MB", ".xlsx", under(lambda: b" " * (600 * MB))),
    Shape("a workbook with a cell of 450 MB", ".xlsx", changed(lambda s: s.replace(b"<v>1000", b"<v>" + b"1" * (450 * MB)))),
    Shape("a sheet with 1,048,576 blank styled rows", ".xlsx", under(blank_rows)),
    Shape("a sheet of entities that unfold", ".xlsx", changed(lambda s: ENTITIES + s.split(b"?>")[-1].replace(b"Alpha", b"&j;"))),
    Shape("a sheet that breaks off", ".xlsx", changed(lambda s: s[:400])),
    Shape("text with the name of a workbook", ".xlsx", text(lambda: HEAD)),
    Shape("a million columns", ".csv", text(lambda: b",".join(b"c%d" % n for n in range(1_000_000)) + b"\n" + b"1," * 999_999)),
    Shape("150 MB in one line", ".csv", text(lambda: HEAD + b"A," + b"x" * (150 * MB))),
    Shape("150 MB of separators", ".csv", text(lambda: HEAD + b"," * (150 * MB) + b"x")),
    Shape("150 MB of blank lines", ".csv", text(lambda: HEAD + b"\n" * (150 * MB))),
    Shape("150 MB of blank lines and a row", ".csv", text(lambda: HEAD + b"\n" * (150 * MB) + b"x"), 0),
    Shape("150 MB after an open quote", ".csv", text(lambda: HEAD + b'A,"' + b"x\n" * (75 * MB))),
    Shape("160 MB of cells", ".csv", text(lambda: (b"12," * 899 + b"12\n") * 60_000)),
    Shape("a million rows", ".csv", text(lambda: HEAD + b"A,B,1\n" * 1_000_000)),
    Shape("50 MB of zero bytes", ".csv", text(lambda: HEAD + b"\0" * (50 * MB))),
    Shape("an empty file", ".csv", text(lambda: b"\n")),
    Shape("a header and nothing under it", ".csv", text(lambda: HEAD)),
]  # fmt: skip


def large(work: Path) -> None:
    """Measure import and draft of the large table, and the check of what was imported."""
    itgov = [sys.executable, "-m", "itgov"]
    (work / "m.yaml").write_text(MAPPING, encoding="utf-8")
    for suffix, write in ((".csv", write_csv), (".xlsx", write_xlsx)):
        path = work / f"large{suffix}"
        apart(write, path)
        heading(f"{ROWS:,} rows with {PEOPLE:,} people in a {suffix} file")
        importing = [*itgov, "import", "--mapping", "m.yaml", path.name, "--into", f"out{suffix}"]
        for name, command in (
            ("import", importing),
            ("draft", [*itgov, "import", "--guess", path.name]),
        ):
            ran = run_once(Program(name, command, work, codes=(0, 1, 2)))
            tell(name, ran.seconds, "s", 6)
            tell("  processor time", ran.work, "s")
            tell("  memory", ran.mebibytes, "MiB", 200)
    out = work / "out.csv"
    heading("The check of what was imported")
    check = Program("check", [*itgov, "check", "--as-of", AS_OF], out, codes=(0, 1))
    base, full = take_turns([compose(out), check], 3)
    tell("libyaml composes the files", base.seconds, "s")
    tell("itgov check", full.seconds, "s")
    tell("ratio", full.seconds / base.seconds, "x", 2.5)


def main() -> int:
    """Measure, print a table, and return 0: a benchmark does not fail."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--only", default="", help="shapes whose name has this in it, or `large`")
    chosen = parser.parse_args().only
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        if chosen in "large":
            large(work)
        heading("Tables that were made to do harm")
        for shape in SHAPES:
            if chosen not in shape.name:
                continue
            path = work / f"table{shape.suffix}"
            apart(shape.make, path)
            command = [sys.executable, "-m", "itgov", "import", "--guess", str(path)]
            ran = run_once(Program(shape.name, command, work, codes=(shape.code,)))
            tell(shape.name, ran.seconds, "s", 10)
            tell("  memory", ran.mebibytes, "MiB", 1024)
            path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
