"""Tables written in a test, and their import by the draft for them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

from itgov.importing import ImportReport, guess, run_import
from itgov.model.types import Investment

ReadBack = Callable[[], dict[str, Investment]]


def drafted(path: Path, target: Path) -> ImportReport:
    """Import a file by the draft for it, its amounts as they stand."""
    mapping = path.parent / "draft.yaml"
    mapping.write_text(guess(path, answers={"scale": "1", "currency": "USD"}), encoding="utf-8")
    return run_import(mapping, [path], target)


def workbook(path: Path, **sheets: list[list[object]]) -> Any:
    """Write a workbook and return it, to be changed and saved again."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return book
