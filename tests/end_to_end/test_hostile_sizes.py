"""Hostile files made at random are refused in time and memory of their size, and hide nothing."""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

BYTES = 300_000
MEMORY = 1_500_000_000
"""Of addresses: the interpreter and its libraries take a third of that."""
SECONDS = 120
"""Of processor time: a hundred times what such a file takes, so that only growth is seen."""

STARTS = [
    "",
    "x: [\n",
    "business_unit: {id: x}\n",
    "business_unit: {id: x}\ninvestments:\n",
    "business_unit: {id: x}\ninvestments: [",
    "business_unit: {id: x}\ninvestments:\n- id: A\n  title: T\n  outcomes:\n",
    "business_unit: {id: x}\nengagements:\n",
    "people:\n",
]
PIECES = [
    "- {{}}\n", "-\n", "- null\n", "- id: A{n}\n", "  - {{id: o{n}, due: tomorrow}}\n", "- - x\n",
    "k{n}: 1\n", "k: 1\n", "k{n}:\n", "{{}},", "[],", "[", "{{", "? x\n", "&a{n} x\n", "- *a{n}\n", "<<: *a\n",
    "!!x y\n", "'", '"', "\n", "\r", "\t", "\0", "\x1b", "\u2028", "\x85", "#", "|", ">\n", ": ", "---\n",
    "- {{date: 2026-01-01, by: p{n}, with: [p{n}]}}\n", "- {{id: p{n}, name: P, side: it}}\n",
    "  - {{id: o{n}, results: [{{date: 2026-01-01, actual: {n}}}]}}\n", "\u202e", "é", "1e9999,", "x" * 900,
]  # fmt: skip


def hostile(seed: int) -> str:
    """Return a text of one kind of piece after a start, or of a few that take turns."""
    r = random.Random(seed)  # one seed makes one file: easy to come back to
    pieces = r.sample(PIECES, r.choice([1, 1, 1, 2, 4]))
    text, n = [r.choice(STARTS)], 0
    size = 0
    while size < BYTES:
        text.append(pieces[n % len(pieces)].format(n=n))
        size += len(text[-1])
        n += 1
    return "".join(text)


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


@pytest.mark.skipif(sys.platform != "linux", reason="only there a process has a bound of addresses")
@pytest.mark.parametrize("seed", range(40))
def test_a_hostile_file_is_judged_within_bounds_and_the_others_with_it(
    tmp_path: Path, seed: int
) -> None:
    (tmp_path / "portfolios").mkdir()
    for name, text in {
        "organisation.yaml": "organisation: {id: o, name: O, currency: EUR}\n",
        "other.yaml": "business_unit: {id: other}\ninvestments:\n  - {id: O-1, title: T}\n",
        "x.yaml": hostile(seed),
    }.items():
        (tmp_path / "portfolios" / name).write_bytes(text.encode())
    ran = subprocess.run(
        [sys.executable, "-m", "itgov", "check", tmp_path, "--as-of", "2026-11-23", "--format", "json"],
        env={**os.environ, "ITGOV_CACHE": "off", "ITGOV_JOBS": "1"},
        preexec_fn=limited,
        capture_output=True,
        check=False,
    )  # fmt: skip
    assert ran.returncode == 1, ran.stderr.decode(errors="replace")[-500:]
    findings = json.loads(ran.stdout)["findings"]
    assert ("OWN-001", "portfolios/other.yaml") in {(f["rule"], f["path"]) for f in findings}
    told = [f for f in findings if f["path"] == "portfolios/x.yaml"]
    assert told, "nothing was said of it"
    assert all(f["line"] >= 1 and f["column"] >= 1 for f in told)
