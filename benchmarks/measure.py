"""Running programs to their end, taking turns, and telling what they took beside a target."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from results import TREE, Figure, Part, Section, new_part, now


class Ran(NamedTuple):
    """One run of a program."""

    seconds: float
    mebibytes: float
    """Most memory of its largest single process."""
    work: float
    """Processor time of all its processes, in seconds."""


class Program(NamedTuple):
    """A program to measure, with the exit codes that mean it did its work."""

    name: str
    command: Sequence[str]
    folder: Path
    environment: dict[str, str] = {}
    codes: tuple[int, ...] = (0,)


# -- measuring -----------------------------------------------------------------------------


def run_once(program: Program, watch: Callable[[int], None] | None = None) -> Ran:
    """Run a program to its end and return what it took."""
    environment = {**os.environ, "PYTHONPATH": str(TREE), "ITGOV_CACHE": "off"}
    environment |= program.environment
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # it is kept for whoever uses the program
    started = time.perf_counter()
    process = subprocess.Popen(
        program.command,
        cwd=program.folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE if watch is None else subprocess.DEVNULL,
    )
    if watch is not None:
        watch(process.pid)
    errors = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in program.codes:
        words = errors.decode(errors="replace").strip()[-400:]
        sys.exit(f"{program.name} ended with {process.returncode}: {words}")
    kibibytes = usage.ru_maxrss if sys.platform != "darwin" else usage.ru_maxrss / 1024
    return Ran(seconds, kibibytes / 1024, usage.ru_utime + usage.ru_stime)


def take_turns(programs: Sequence[Program], runs: int) -> list[Ran]:
    """Run the programs in turns; return the least that each took."""
    taken: list[list[Ran]] = [[] for _ in programs]
    for _ in range(runs):
        for program, times in zip(programs, taken, strict=True):
            times.append(run_once(program))
    return [Ran(*map(min, zip(*times, strict=True))) for times in taken]


def memory_of_all(program: Program) -> float | None:
    """Return the most memory that the program's processes hold together, in MiB.

    Pages that processes share count once (Pss).  None where the system does not tell.
    """
    if not Path("/proc/self/smaps_rollup").exists():
        return None
    most = 0

    def watch(pid: int) -> None:
        nonlocal most
        while True:
            held = sum(map(_held, family(pid)))
            if not held:
                return
            most = max(most, held)
            time.sleep(0.005)

    run_once(program, watch)
    return most / 1024


def family(pid: int) -> list[int]:
    """Return a process and all that it has started, as far as the system tells."""
    children = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):  # each thread has its own
        try:
            children += task.read_text(encoding="ascii").split()
        except OSError:
            continue
    return [pid, *(d for child in children for d in family(int(child)))]


def _held(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as handle:
            return next((int(line.split()[1]) for line in handle if line.startswith("Pss:")), 0)
    except OSError:
        return 0


# -- telling -------------------------------------------------------------------------------

_part = new_part()


@contextmanager
def part() -> Iterator[Part]:
    """Collect what is told until the end of the block."""
    global _part
    _part, started = new_part(), time.perf_counter()
    yield _part
    _part.taken, _part.took_seconds = now(), round(time.perf_counter() - started)


def heading(text: str, size: int = 0) -> None:
    """Begin a section; with a size where the same is measured of several."""
    print(f"\n{text}", flush=True)
    _part.sections.append(Section(text, size=size))


def tell(name: str, value: float, unit: str, target: float | None = None) -> None:
    """Print one figure and whether it is within its target."""
    figure = Figure(name, value, unit, target)
    within = "" if target is None else f"  {'OVER' if figure.missed else 'ok'}, target {target:g}"
    print(f"  {name:<52}{shown(value):>10} {unit:<5}{within}", flush=True)
    if _part.sections:
        _part.sections[-1].figures.append(figure)


def shown(value: float) -> str:
    """Return a figure in as many digits as it is good for."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def compare(name: str, one: Ran, other: Ran, target: float | None = None) -> None:
    """Print how many times longer one takes, and works: the second says more on a busy machine."""
    tell(name, one.seconds / other.seconds, "x", target)
    tell("  in processor time", one.work / other.work, "x")


def skip(name: str, why: str) -> None:
    """Say that a part was left out."""
    print(f"  {name:<52}   skipped: {why}", flush=True)
    if _part.sections:
        _part.sections[-1].skipped.append((name, why))
