"""A small mapping and a place to import into."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from itgov.files.convert import convert
from itgov.files.reader import read
from itgov.importing import HowToImport, ImportReport, run_import
from itgov.model.types import Investment, OrganisationFile, UnitFile
from tests.importing.edited_export import Export, exported

MAPPING = """\
mapping: {name: small}
organisation: {id: acme, name: Acme, currency: EUR, fiscal_year_start: 4}
tables:
  projects: {files: ["projects*.csv", "projects*.xlsx"], optional: [Rating, Owner]}
reading:
  formats: [DD/MM/YYYY]
  withheld: {Secret*: "*"}
investments:
  - table: projects
    id: No
    title: Name
    unit: {name: Department}
    as_of: As of
    outcome_owner: Owner
    confidence: Rating
    end: End
    spend:
      - {year: Year, budget: Budget}
    custom:
      note: Note
"""
Import = Callable[..., ImportReport]


@pytest.fixture
def small() -> str:
    """The text of the small mapping."""
    return MAPPING


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """The repository that is imported into."""
    path = tmp_path / "repository"
    path.mkdir()
    return path


@pytest.fixture
def run(tmp_path: Path, target: Path) -> Import:
    """Import a text as `projects.csv` by a mapping, the small one if no other is given."""

    def do(table: str | bytes, mapping: str = MAPPING, **options: Any) -> ImportReport:
        raw = table.encode() if isinstance(table, str) else table
        (tmp_path / "projects.csv").write_bytes(raw)
        (tmp_path / "mapping.yaml").write_text(mapping, encoding="utf-8")
        files = [tmp_path / "projects.csv"]
        return run_import(tmp_path / "mapping.yaml", files, target, HowToImport(**options))

    return do


def investments(target: Path) -> dict[str, Investment]:
    """Every investment of a portfolio by id, after checking that all its files are sound."""
    found: dict[str, Investment] = {}
    for path in sorted((target / "portfolios").rglob("*.yaml")):
        document, data, problems = read(path.name, path.read_bytes())
        assert problems == []
        kind = OrganisationFile if path.name == "organisation.yaml" else UnitFile
        value, problems = convert(document, data, kind)
        assert problems == []
        if isinstance(value, UnitFile):
            for investment in value.investments:
                assert investment.id not in found
                found[investment.id] = investment
    return found


@pytest.fixture
def read_back(target: Path) -> Callable[[], dict[str, Investment]]:
    """Read what is in the repository."""
    return lambda: investments(target)


@pytest.fixture
def read_back_from() -> Callable[[Path], dict[str, Investment]]:
    """Read what is in any repository."""
    return investments


@pytest.fixture
def made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[str], Export]:
    """Make the small repository's export."""
    return lambda out: exported(tmp_path, out, capsys)
