"""A process that leaves at once has written all that it had to write, and ends with its code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
CHECK = ("check", str(PROJECT), "--as-of", "2026-11-23")


def run(
    *arguments: str, start: tuple[str, ...] = ("-m", "itgov")
) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    command = [sys.executable, *start, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, check=False)


def test_all_is_written_to_a_pipe_and_to_files(tmp_path: Path) -> None:
    told = run(*CHECK, "--format", "json", "--format", "text", "--output", str(tmp_path / "t.txt"))
    assert told.returncode == 1
    assert len(json.loads(told.stdout)["findings"]) > 100
    assert "Explain a rule with: " in (tmp_path / "t.txt").read_text().splitlines()[-1]


def test_a_profiler_has_the_last_word() -> None:
    told = run(*CHECK, start=("-m", "cProfile", "-m", "itgov"))
    assert b"function calls" in told.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_disk_that_is_full_is_said() -> None:
    with Path("/dev/full").open("wb") as full:
        told = subprocess.run(
            [sys.executable, "-m", "itgov", *CHECK], stdout=full, stderr=subprocess.PIPE, check=False,
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
        )  # fmt: skip
    assert told.returncode == 2
    assert b"No space left" in told.stderr
