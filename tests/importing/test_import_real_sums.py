"""The money of the public tables, added up again by a script that knows nothing of the import."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from itgov.importing import detect, run_import
from itgov.model.types import Investment
from tests.support.public_data import DATA, needs_data

pytestmark = [needs_data, pytest.mark.slow]
MILLION = 1_000_000

UK = {"budget": ("yearly_budget",), "forecast": ("yearly_forecast",)}
FILES = [
    ("uk-gmpp", "gmpp-2019.csv", UK, MILLION),
    ("uk-gmpp", "gmpp-2020.csv", UK, MILLION),
    ("uk-gmpp", "gmpp-2021-2023.csv", UK, MILLION),
    ("canada", "gc-it-projects-2016.csv", {"budget": ("totalBudget",)}, 1),
    ("canada", "gc-it-projects-2019.csv", {"budget": ("totalBudget",)}, 1),
    ("australia", "digital-projects-2024.csv", {"budget": ("Budget ($m)*",)}, MILLION),
    ("australia", "mdpr-2025.csv", {"budget": ("Total budget (millions)",)}, MILLION),
    (
        "us-itdashboard",
        "investments.csv",
        {"budget": ("total_py_2021", "total_cy_2022", "total_by_2023")},
        MILLION,
    ),
]
"""Government, file, columns of money by field, and what their amounts are counted in."""


def plain_sum(path: Path, columns: tuple[str, ...]) -> Decimal:
    """Add up columns of a file; what is no amount adds nothing."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    rows = csv.reader(io.StringIO(text, newline=""))
    names = [" ".join(name.split()) for name in next(rows)]
    at = [names.index(c) for c in columns]
    total = Decimal(0)
    for row in rows:
        for i in at:
            bare = re.sub(r"[£$,\s]", "", row[i]) if i < len(row) else ""
            total += Decimal(bare) if re.fullmatch(r"-?\d+(\.\d+)?", bare) else 0
    return total


@pytest.mark.parametrize(("name", "file", "money", "scale"), FILES, ids=[f for _, f, *_ in FILES])
def test_the_sums_are_those_of_a_plain_script(
    name: str,
    file: str,
    money: dict[str, tuple[str, ...]],
    scale: int,
    target: Path,
    read_back: Callable[[], dict[str, Investment]],
) -> None:
    folder = DATA / name
    alone = name in ("uk-gmpp", "australia")
    paths = [folder / file] if alone else [p for p in folder.iterdir() if _belongs(p, file)]
    assert detect(paths) == name
    report = run_import(name, paths, target)
    # Names of two years that are nearly the same are proposed, which is no fault of the sums.
    assert not report.conflicts
    assert not report.unaccounted
    assert all(t.is_sound for t in report.totals)
    spend = [s for i in read_back().values() for s in i.spend]
    for field, columns in money.items():
        wanted = plain_sum(folder / file, columns) * scale
        totals = [t for t in report.totals if t.path.endswith(file) and t.field == field]
        assert sum(Decimal(str(t.source)) for t in totals) == wanted
        assert sum(Decimal(str(t.imported)) for t in totals) == wanted
        assert not any(t.difference or t.unread for t in totals)
        written = [getattr(s, field) for s in spend]
        assert sum(Decimal(str(a)) for a in written if a is not None) == wanted


def _belongs(path: Path, file: str) -> bool:
    """Say whether a file is the one asked for, or a table of another kind beside it."""
    return path.name == file or not path.name.startswith("gc-it-projects")
