"""A small repository, its export, and what comes of taking that back."""

from __future__ import annotations

from collections.abc import Callable
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


def exported(tmp_path: Path, out: str, capsys: pytest.CaptureFixture[str]) -> Export:
    """Write the repository and export it, as the ending of `out` says."""
    root = tmp_path / "repository"
    (root / "portfolios").mkdir(parents=True)
    (root / "portfolios" / "organisation.yaml").write_text(ORGANISATION)
    (root / "portfolios" / "u.yaml").write_text(UNIT)
    return Export(root, tmp_path / out, capsys)
