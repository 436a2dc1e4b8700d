"""How fast and how lean itgov is, as ratios to other programs on the same files in the same run.

    python benchmarks/run.py                      all parts that this machine can run
    python benchmarks/run.py --parts check start  some of them
    python benchmarks/run.py --full               growth up to 100,000 investments

Every figure is of whole processes, start included: the median of several runs, the programs taking
turns.  Ratios depend little on the machine; they are compared with targets, and nothing fails.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from portfolio import AS_OF, write_portfolio

TREE = Path(__file__).resolve().parent.parent
HERE = Path(__file__).resolve().parent
INVESTMENTS, FILES = 10_000, 200

COMPOSE = """\
import sys, pathlib, yaml
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.yaml")):
    yaml.compose(path.read_bytes(), Loader=yaml.CSafeLoader)
"""


class Ran(NamedTuple):
    """One run of a program."""

    seconds: float
    mebibytes: float
    """Most memory of its largest single process."""


class Program(NamedTuple):
    """A program to measure, with the exit codes that mean it did its work."""

    name: str
    command: Sequence[str]
    folder: Path
    environment: dict[str, str] = {}
    codes: tuple[int, ...] = (0, 1)


# -- measuring -----------------------------------------------------------------------------


def run_once(program: Program, watch: Callable[[int], None] | None = None) -> Ran:
    """Run a program to its end and return what it took."""
    environment = {**os.environ, "PYTHONPATH": str(TREE), "ITGOV_CACHE": "off"}
    environment |= program.environment
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
    return Ran(seconds, kibibytes / 1024)


def take_turns(programs: Sequence[Program], runs: int) -> list[Ran]:
    """Run the programs in turns, after one run of each to warm up; return the medians."""
    for program in programs:
        run_once(program)
    taken: list[list[Ran]] = [[] for _ in programs]
    for _ in range(runs):
        for program, times in zip(programs, taken, strict=True):
            times.append(run_once(program))
    return [
        Ran(statistics.median(r.seconds for r in t), statistics.median(r.mebibytes for r in t))
        for t in taken
    ]


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
            held = sum(map(_held, _family(pid)))
            if not held:
                return
            most = max(most, held)
            time.sleep(0.005)

    run_once(program, watch)
    return most / 1024


def _family(pid: int) -> list[int]:
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return [pid]
    return [pid, *(d for child in text.split() for d in _family(int(child)))]


def _held(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as handle:
            return next((int(line.split()[1]) for line in handle if line.startswith("Pss:")), 0)
    except OSError:
        return 0


# -- telling -------------------------------------------------------------------------------

told: list[dict[str, object]] = []


def heading(text: str) -> None:
    """Begin a part."""
    print(f"\n{text}", flush=True)


def tell(name: str, value: float, unit: str, target: float | None = None) -> None:
    """Print one figure and whether it is within its target."""
    within = "" if target is None else f"  {'ok' if value <= target else 'OVER'}, target {target:g}"
    figure = f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
    print(f"  {name:<52}{figure:>10} {unit:<5}{within}", flush=True)
    told.append({"name": name, "value": value, "unit": unit, "target": target})


def skip(name: str, why: str) -> None:
    """Say that a part was left out."""
    print(f"  {name:<52}   skipped: {why}", flush=True)


# -- the parts -----------------------------------------------------------------------------


def itgov_check(folder: Path, *options: str, name: str = "itgov check") -> Program:
    """Return the check of a repository, without any answer from an earlier run."""
    command = [sys.executable, "-m", "itgov", "check", "--as-of", AS_OF, *options]
    return Program(name, command, folder)


def compose(folder: Path) -> Program:
    """Return the composing of the same files with libyaml in one process."""
    return Program("libyaml", [sys.executable, "-c", COMPOSE, str(folder / "portfolios")], folder)


def part_check(big: Path, runs: int) -> None:
    """Cold check against composing the same files."""
    heading(f"Cold check of {INVESTMENTS:,} investments in {FILES} files, standard rules")
    check = itgov_check(big)
    base, full = take_turns([compose(big), check], runs)
    tell("libyaml composes the files", base.seconds, "s")
    tell("itgov check", full.seconds, "s")
    tell("ratio", full.seconds / base.seconds, "x", 2)
    tell("memory of its largest process", full.mebibytes, "MiB", 400)
    together = memory_of_all(check)
    if together is None:
        skip("memory of all its processes", "this system does not tell")
    else:
        tell("memory of all its processes", together, "MiB", 400)


def part_others(big: Path, runs: int) -> None:
    """Cold check against programs that look at two fields only."""
    heading("The same files, two fields, by other programs")
    runs = min(runs, 3)
    check = itgov_check(big)
    files = sorted(str(p) for p in (big / "portfolios").glob("unit-*.yaml"))
    tool = shutil.which("check-jsonschema", path=_beside_python())
    if tool is None:
        skip("check-jsonschema", "not installed")
    else:
        schema = str(HERE / "two-fields.schema.json")
        other = Program("check-jsonschema", [tool, "--schemafile", schema, *files], big)
        theirs, ours = run_once(other), take_turns([check], runs)[0]
        tell("check-jsonschema", theirs.seconds, "s")
        tell("itgov check, ratio to it", ours.seconds / theirs.seconds, "x", 0.1)
    tool = os.environ.get("SPECTRAL") or shutil.which("spectral")
    if tool is None:
        skip("Spectral", "no `spectral` on the path; SPECTRAL=PROGRAM names one")
    else:
        ruleset = str(HERE / "two-fields.spectral.yaml")
        other = Program("Spectral", [tool, "lint", "--ruleset", ruleset, "--quiet", *files], big)
        theirs, ours = take_turns([other, check], runs)
        tell("Spectral", theirs.seconds, "s")
        tell("itgov check, ratio to it", ours.seconds / theirs.seconds, "x", 1)


def _beside_python() -> str:
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])


def part_start(work: Path, runs: int) -> None:
    """Check of the sample against Python's own start."""
    heading("Check of the sample")
    sample, cache = work / "sample", work / "cache"
    shutil.copytree(TREE / "portfolios", sample / "portfolios")
    own = work / "sample-with-rules"
    shutil.copytree(TREE / "portfolios", own / "portfolios")
    shutil.copytree(TREE / "rules", own / "rules")
    remembered = {"ITGOV_CACHE": "on", "XDG_CACHE_HOME": str(cache)}
    start = Program("python", [sys.executable, "-c", "import yaml"], work)
    cold = itgov_check(sample)
    checked = itgov_check(own)
    again = itgov_check(own)._replace(environment=remembered)
    base, first, with_rules, second = take_turns([start, cold, checked, again], max(runs, 9))
    tell('python -c "import yaml"', base.seconds * 1000, "ms")
    tell("cold, the standard rules of the package", first.seconds * 1000, "ms")
    tell("ratio", first.seconds / base.seconds, "x")
    tell("cold, the rules a repository's own", with_rules.seconds * 1000, "ms")
    tell("ratio", with_rules.seconds / base.seconds, "x")
    tell("the same again, nothing changed", second.seconds * 1000, "ms")
    tell("ratio", second.seconds / base.seconds, "x", 3)


def part_growth(work: Path, runs: int, full: bool) -> None:
    """Cost of one investment, as there are more of them."""
    heading("Cost of one investment, cold check, start included")
    sizes = [1_000, 10_000, *([100_000] if full else [])]
    costs = []
    for size in sizes:
        folder = work / f"size-{size}"
        write_portfolio(folder, size, size // 50)
        taken = take_turns([itgov_check(folder)], runs if size < 100_000 else 1)[0]
        costs.append(taken.seconds / size)
        tell(f"{size:,} investments", taken.seconds, "s")
        tell("  each", costs[-1] * 1e6, "µs")
        tell("  memory of its largest process", taken.mebibytes, "MiB")
        shutil.rmtree(folder)
    tell("one at the last size, ratio to one at the size before", costs[-1] / costs[-2], "x", 1.2)
    if not full:
        skip("100,000 investments", "asked for with --full")


PARTS = ("check", "others", "start", "growth")


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description="Measure itgov, as ratios in one run.")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="runs of each (default 5)")
    parser.add_argument("--full", action="store_true", help="growth up to 100,000 investments")
    parser.add_argument("--json", metavar="FILE", help="write the figures to FILE as well")
    options = parser.parse_args()
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, medians of {options.runs}")
    with tempfile.TemporaryDirectory(prefix="itgov-benchmark-") as name:
        work = Path(name)
        big = work / "big"
        if {"check", "others"} & set(options.parts):
            size = write_portfolio(big, INVESTMENTS, FILES)
            print(f"{size / 1e6:.1f} MB of YAML")
        if "check" in options.parts:
            part_check(big, options.runs)
        if "others" in options.parts:
            part_others(big, options.runs)
        if "start" in options.parts:
            part_start(work, options.runs)
        if "growth" in options.parts:
            part_growth(work, options.runs, options.full)
    if options.json:
        Path(options.json).write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
