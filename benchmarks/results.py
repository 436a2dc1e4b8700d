"""What was measured: kept as a JSON file, so that parts can be run apart and put together."""

from __future__ import annotations

import datetime
import os
import platform
import subprocess
import sys
from pathlib import Path

import msgspec
from msgspec import Struct

TREE = Path(__file__).resolve().parent.parent


class Figure(Struct, omit_defaults=True):
    """One figure, and what it should be at most."""

    name: str
    value: float
    unit: str
    target: float | None = None

    @property
    def belongs_above(self) -> bool:
        """Whether its name says nothing without the figure above: it is set in."""
        return self.name.startswith(" ")

    @property
    def missed(self) -> bool:
        """Whether it is over its target."""
        return self.target is not None and self.value > self.target


class Section(Struct, omit_defaults=True):
    """Figures under one heading; `size` where the same is measured of several sizes."""

    heading: str
    figures: list[Figure] = []
    skipped: list[tuple[str, str]] = []
    """What was left out, and why."""
    size: int = 0

    def named(self) -> list[tuple[str, Figure]]:
        """Return the figures with names that say enough alone."""
        found, above = [], ""
        for figure in self.figures:
            if not figure.belongs_above:
                above = figure.name
            found.append(
                (f"{above}: {figure.name.strip()}" if figure.belongs_above else above, figure)
            )
        return found


class Machine(Struct, frozen=True):
    """What was measured on."""

    processor: str
    cores: int
    memory_gib: float
    system: str
    python: str


class Part(Struct):
    """The sections of one part, from one run."""

    taken: str
    """The moment when it ended, in UTC."""
    took_seconds: float
    commit: str
    load: float
    """How many programs wanted a core in the minute before it began; 0 where the system does not tell."""
    machine: Machine
    sections: list[Section] = []


class Results(Struct):
    """The last run of every part."""

    parts: dict[str, Part] = {}


def read_results(path: Path) -> Results:
    """Return what a file keeps, or nothing where there is no such file."""
    if not path.exists():
        return Results()
    try:
        return msgspec.json.decode(path.read_bytes(), type=Results)
    except msgspec.DecodeError as error:
        sys.exit(f"{path} cannot be used ({error}): delete it and measure again")


def write_results(path: Path, results: Results) -> None:
    """Keep results in a file, one line for each value, so that a diff shows what changed."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=1) + b"\n")


def new_part() -> Part:
    """Return a part in which nothing has been measured yet."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0
    return Part("", 0, _commit(), round(load, 1), this_machine())


def now() -> str:
    """Return the moment, in UTC."""
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M")


def this_machine() -> Machine:
    """Describe this machine, by nothing that names it."""
    pages = (
        os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 0
    )
    return Machine(
        _processor(),
        os.cpu_count() or 1,
        round(pages / 2**30, 1),
        _system(),
        f"{platform.python_implementation()} {platform.python_version()}",
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _system() -> str:
    if sys.platform != "linux":
        return platform.platform(terse=True)
    try:
        name = platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        name = "Linux"
    return f"{name}, Linux {'.'.join(platform.release().split('.')[:2])}"


def _commit() -> str:
    """Return the commit that is measured, with a plus where files differ from it."""
    git = ["git", "-C", str(TREE)]

    def told(*words: str) -> str:
        ran = subprocess.run([*git, *words], capture_output=True, text=True, check=False)
        return ran.stdout.strip()

    if not (commit := told("rev-parse", "--short=8", "HEAD")):
        return "none"
    differs = told("status", "--porcelain", "--", "itgov", "rules", "benchmarks/*.py")
    return commit + ("+" if differs else "")
