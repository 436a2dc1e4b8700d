"""Ten registers as people keep them: what a plain script adds up is what is imported and written."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import yaml

from itgov.importing import run_import

Rows = list[list[object]]
NAMES = ["Ref", "Project", "Unit", "Finish", "Budget"]
AMOUNTS = [Decimal(a) for a in ("1200.5", "300", "-45.25", "98000", "7", "15250.75")]
KEYS = "id: Ref\n    title: Project\n    unit: {name: Unit}\n    end: Finish\n"
SPEND = "    spend: [{year: {value: 2026}, budget: Budget}]\n"


def rows(amount: Callable[[Decimal], object] = float, day: object = "2026-12-31") -> Rows:
    """Return six projects, their amounts written in some way."""
    return [
        [f"P{n}", f"Project {n}", "HR" if n < 3 else "IT", day, amount(a)]
        for n, a in enumerate(AMOUNTS)
    ]


def german(amount: Decimal) -> str:
    return f"{amount:,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")


def accounting(amount: Decimal) -> str:
    return f"£({-amount:,.2f})" if amount < 0 else f"£{amount:,.2f}"


def turned(table: Rows) -> Rows:
    return [list(column) for column in zip(*table, strict=True)]


def total(label: str, some: list[Decimal]) -> list[object]:
    return [None, label, None, None, float(sum(some))]


LATER = [["P6", "Project 6", "IT", "2026-12-31", 11]]
TABLES: dict[str, tuple[Rows, dict[str, object]]] = {
    "a plain sheet": ([NAMES, *rows()], {}),
    "titles, a blank row and a date above": (
        [["IT portfolio"], ["Status", "as of", "2026-03-31"], [], NAMES, *rows()],
        {},
    ),
    "subtotals and a grand total": (
        [NAMES, *rows()[:3], total("Subtotal HR", AMOUNTS[:3]), *rows()[3:],
         total("Subtotal IT", AMOUNTS[3:]), total("Grand total", AMOUNTS)],
        {},
    ),
    "in thousands, by a row of units": ([NAMES, [None, None, None, None, "k£"], *rows()], {"scale": 1000}),
    "German amounts as text": ([NAMES, *rows(german, "31.12.2026")], {}),
    "accountants' amounts, months as dates": ([NAMES, *rows(accounting, "December 2026")], {}),
    "notes below and beside": (
        [NAMES, *[[*r, None, "checked"] for r in rows()], [], ["Source: the PMO's register"]],
        {},
    ),
    "the header repeated on each page": ([NAMES, *rows()[:2], NAMES, *rows()[2:4], NAMES, *rows()[4:]], {}),
    "turned on its side": (turned([NAMES, *rows()]), {"transposed": True}),
    "a second table with its columns in another order": (
        [NAMES, *rows(), [], NAMES[::-1], *[r[::-1] for r in LATER]],
        {"more": 11},
    ),
}  # fmt: skip


def plain_sum(path: Path) -> Decimal:
    """Add up the cells of six projects (and of a seventh), by the key in their row or column."""
    sheet = openpyxl.load_workbook(path).active
    lines = [list(r) for r in sheet.iter_rows(values_only=True)]
    if not any("Budget" in r and "Ref" in r for r in lines):
        lines = turned(lines)
    found, at = Decimal(0), 0
    for line in lines:
        if "Budget" in line:
            at = line.index("Budget")
        if any(re.fullmatch(r"P\d", str(cell)) for cell in line):
            text = str(line[at])
            if re.search(r",\d\d$", text):
                text = text.replace(".", "").replace(",", ".")
            text = text.replace("£", "").replace(",", "")
            found += -Decimal(text[1:-1]) if text.startswith("(") else Decimal(text)
    return found


@pytest.mark.parametrize("name", TABLES)
def test_what_a_plain_script_adds_up_is_imported_and_written(tmp_path: Path, name: str) -> None:
    table, options = TABLES[name]
    book = openpyxl.Workbook()
    for row in table:
        book.active.append(row)
    path = tmp_path / "register.xlsx"
    book.save(path)
    keys = f"    {{files: [register.xlsx], transposed: {str('transposed' in options).lower()}}}"
    mapping = tmp_path / "m.yaml"
    mapping.write_text(
        "mapping: {name: made}\norganisation: {id: o, currency: GBP}\n"
        f"tables:\n  t:\n{keys}\ninvestments:\n  - table: t\n    {KEYS}{SPEND}",
        encoding="utf-8",
    )
    report = run_import(mapping, [path], tmp_path / "out")
    wanted = plain_sum(path) * Decimal(str(options.get("scale", 1)))
    assert wanted == sum(AMOUNTS) * Decimal(str(options.get("scale", 1))) + Decimal(
        str(options.get("more", 0))
    )
    (account,) = report.totals
    assert (Decimal(str(account.source)), Decimal(str(account.imported))) == (wanted, wanted)
    assert (account.difference, account.unread) == (0, [])
    assert report.left_out == []
    assert report.is_sound
    written = [
        item
        for file in (tmp_path / "out" / "portfolios").glob("*.yaml")
        for item in yaml.safe_load(file.read_text(encoding="utf-8")).get("investments", [])
    ]
    assert sum(Decimal(str(i["spend"][0]["budget"])) for i in written) == wanted
    assert {str(i["end"]) for i in written} == {"2026-12-31"}
