"""What `itgov init` writes, as its tests look at it."""

from __future__ import annotations

import re
from pathlib import Path

WRITTEN = {
    "portfolios/organisation.yaml",
    "portfolios/retail.yaml",
    "rules/organisation.yaml",
    "itgov.yaml",
    ".pre-commit-config.yaml",
    ".github/workflows/itgov.yml",
    ".gitlab-ci.yml",
    "CODEOWNERS",
    ".gitignore",
    "README.md",
    "schema/config.schema.json",
    "schema/health.schema.json",
    "schema/organisation.schema.json",
    "schema/portfolio.schema.json",
    "schema/review.schema.json",
    "schema/scenario.schema.json",
    "schema/rules.schema.json",
}


def owners(root: Path, place: str = "CODEOWNERS") -> dict[str, list[str]]:
    lines = (root / place).read_text(encoding="utf-8").splitlines()
    rows = [re.split(r"(?<!\\) +", line) for line in lines if line and not line.startswith("#")]
    return {row[0]: row[1:] for row in rows}


def commands_of(value: object) -> list[str]:
    """Return every command line of itgov in a file, hints in comments left out."""
    if isinstance(value, dict):
        return [c for v in value.values() for c in commands_of(v)]
    if isinstance(value, list):
        return [c for v in value for c in commands_of(v)]
    lines = [line.strip() for line in value.splitlines()] if isinstance(value, str) else []
    return [
        line
        for line in lines
        if "$BASE" not in line and re.match(r"itgov (check|rules (check|test))\b", line)
    ]
