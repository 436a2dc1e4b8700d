"""The same small repository as the tests of the rules use, and real processes run on it."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
_spec = importlib.util.spec_from_file_location("rules_conftest", HERE.parent / "rules/conftest.py")
assert _spec is not None
assert _spec.loader is not None
_shared = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_shared)

repo = _shared.repo
rule = _shared.rule
rules = _shared.rules

PROJECT = HERE.parent.parent


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

    def run(folder: Path, *arguments: str) -> str:
        who = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
        done = subprocess.run(
            ["git", *who, "-C", str(folder), *arguments], capture_output=True, check=True
        )
        return done.stdout.decode()

    return run
