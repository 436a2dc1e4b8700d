"""The public data sets, brought in by the command line: what the tests of real data share."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.support import public_data
from tests.support.public_data import DATA

TREE = Path(__file__).parents[2]

needs_data = [pytest.mark.slow, public_data.needs_data]

REACHES = ("none", "outcome", "measure", "target", "result", "evidence", "moved", "met")
SHAPE = re.compile(r"(YML|MOD|REF)-")
Json = dict[str, Any]
Row = dict[str, str]


def read(name: str, encoding: str = "utf-8-sig") -> list[Row]:
    with (DATA / name).open(encoding=encoding, errors="replace", newline="") as handle:
        return list(csv.DictReader(handle))


def number(cell: str) -> Decimal | None:
    """Read a published amount; None where there is none, or it is exempt from publication."""
    try:
        return Decimal(re.sub(r"[$£, ]", "", cell))
    except InvalidOperation:
        return None


class Imported(NamedTuple):
    """What an import said of itself."""

    new: int
    updated: int
    unchanged: int
    new_files: int
    fields: dict[str, set[str]]
    """Of the updated investments that it lists: the fields that changed."""


def environment(**more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    return kept | {"ITGOV_CACHE": "off", "PYTHONPATH": str(TREE), "PYTHONUTF8": "1"} | more


def itgov(
    folder: Path, *arguments: str | Path, code: int = 0, env: dict[str, str] | None = None
) -> str:
    """Run the command line and return its stdout; nothing may be said on stderr."""
    done = subprocess.run(
        [sys.executable, "-m", "itgov", *map(str, arguments)],
        cwd=folder,
        env=env or environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (code, ""), done.stderr[-2000:]
    return done.stdout


def counts(pattern: str, text: str) -> list[int]:
    found = re.search(pattern, text)
    assert found, f"no {pattern!r} in {text}"
    return [int(n.replace(",", "")) for n in found.groups()]


def bring(root: Path, *files: Path, code: int = 0) -> Imported:
    """Import tables through the command line and return what its summary says.

    It ends with 1 where names are nearly the same as those of what is gone.
    """
    command = [sys.executable, "-m", "itgov", "import", *map(str, files), "--into", str(root)]
    done = subprocess.run(
        command, env=environment(), capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == code, done.stderr
    said = done.stdout
    assert "all accounted for" in said
    (files_new,) = counts(r"\nfiles: ([\d,]+) new", said)
    new, updated, unchanged = counts(
        r"investments: ([\d,]+) new, ([\d,]+) updated, ([\d,]+) unchanged", said
    )
    listed = re.findall(r"^    (\S+) \(portfolios/\S+\.yaml\): (.+)$", said, re.MULTILINE)
    fields = {name: set(words.split(", ")) for name, words in listed}
    return Imported(new, updated, unchanged, files_new, fields)


def verb(root: Path, name: str, day: str, code: int = 0) -> Json:
    said: Json = json.loads(itgov(root, name, "--as-of", day, "--format", "json", code=code))
    return said
