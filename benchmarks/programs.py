"""The programs that are measured: itgov, and what it is compared with."""

from __future__ import annotations

import sys
from pathlib import Path

from measure import Program
from portfolio import AS_OF

COMPOSE = """\
import gc, sys, pathlib, yaml
gc.disable()
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.yaml")):
    yaml.compose(path.read_bytes(), Loader=yaml.CSafeLoader)
"""
PARSE_IN_RUST = """\
import gc, sys, pathlib, yaml_rs
gc.disable()
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.yaml")):
    yaml_rs.loads(path.read_text(encoding="utf-8"))
"""


def itgov(
    verb: str, folder: Path, *options: str, jobs: int = 0, cache: Path | None = None
) -> Program:
    """Return a verb on a repository: without anything kept by an earlier run, or with a cache."""
    day = () if verb == "trend" else ("--as-of", AS_OF)  # a trend has a day for each commit
    command = [sys.executable, "-m", "itgov", *verb.split(), *day, *options]
    environment = {"ITGOV_CACHE": "on", "XDG_CACHE_HOME": str(cache)} if cache else {}
    if jobs:
        environment["ITGOV_JOBS"] = str(jobs)
    return Program(f"itgov {verb}", command, folder, environment, codes=(0, 1))


def compose(folder: Path) -> Program:
    """Return the composing of the same files with libyaml in one process, collecting no cycles."""
    command = [sys.executable, "-c", COMPOSE, str(folder / "portfolios")]
    return Program("libyaml", command, folder)


def parse_in_rust(folder: Path) -> Program:
    """Return the parsing of the same files by a parser in Rust, into values without positions."""
    command = [sys.executable, "-c", PARSE_IN_RUST, str(folder / "portfolios")]
    return Program("yaml-rs", command, folder)
