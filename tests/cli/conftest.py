"""The same small repository as the tests of the rules use, and real processes run on it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from itgov.cli.main import main

from ..support.git import run_git
from ..support.rule_repo import repo, rule, rules

__all__ = ["repo", "rule", "rules"]

PROJECT = Path(__file__).parents[2]


@pytest.fixture
def process() -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Return a function that runs `itgov` as a process of its own."""

    def run(
        *arguments: object,
        cwd: Path | None = None,
        environment: dict[str, str] | None = None,
        timeout: float = 600,
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "itgov", *map(str, arguments)],
            cwd=cwd or PROJECT,
            env={**os.environ, "PYTHONPATH": str(PROJECT), **(environment or {})},
            capture_output=True,
            check=False,
            timeout=timeout,
        )

    return run


@pytest.fixture
def shell() -> Callable[[str], subprocess.CompletedProcess[str]]:
    """Return a function that runs a line of bash, in which `$ITGOV` is the command."""

    def run(line: str) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "PYTHONPATH": str(PROJECT),
            "ITGOV": f"{sys.executable} -m itgov",
        }
        return subprocess.run(
            ["bash", "-c", line],
            cwd=PROJECT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )

    return run


@pytest.fixture
def git() -> Callable[..., str]:
    """Return a function that runs git in a folder."""
    return run_git


@pytest.fixture
def repository(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Path:
    """What `itgov init` writes."""
    root = tmp_path / "harbour-trust"
    assert main(["init", str(root)]) == 0
    capfd.readouterr()
    return root
