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
from pathlib import Path

from histories import write_history, write_revisions
from measure import (
    TREE,
    Program,
    compare,
    heading,
    memory_of_all,
    run_once,
    skip,
    take_turns,
    tell,
    told,
)  # fmt: skip
from portfolio import AS_OF, write_portfolio
from room import part_room

HERE = Path(__file__).resolve().parent
INVESTMENTS, FILES = 10_000, 200
COMMITS = 500

COMPOSE = """\
import sys, pathlib, yaml
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.yaml")):
    yaml.compose(path.read_bytes(), Loader=yaml.CSafeLoader)
"""
# What `itgov value` does before it measures anything; without collecting cycles, as the verbs do.
LINK = f"""\
import gc, datetime
from itgov.cli.figures import linked, open_repository
gc.disable()
repository, _ = open_repository(".")
linked(repository, datetime.date.fromisoformat("{AS_OF}"))
"""


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
    tell("ratio", first.seconds / base.seconds, "x", 3)
    tell("cold, the rules a repository's own", with_rules.seconds * 1000, "ms")
    tell("ratio", with_rules.seconds / base.seconds, "x", 3)
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


def part_insight(work: Path, big: Path, runs: int) -> None:
    """Health, value, trend and diff against check."""
    heading(f"What it means: health and value of {INVESTMENTS:,} investments, against cold check")
    check, reading = itgov_check(big), Program("reading", [sys.executable, "-c", LINK], big)
    health = itgov_verb("health", big, "--as-of", AS_OF)
    value = itgov_verb("value", big, "--as-of", AS_OF)
    base, read, scored, followed = take_turns([check, reading, health, value], runs)
    tell("itgov check", base.seconds, "s")
    tell("reading and linking the files alone", read.seconds, "s")
    tell("itgov health --format json", scored.seconds, "s")
    tell("itgov value --format json", followed.seconds, "s")
    compare("health, ratio to check", scored, base)
    compare("value, ratio to check", followed, base)
    # health judges as check does, value reads as check does: what each does beyond that is added
    added = scored.seconds - base.seconds + followed.seconds - read.seconds
    tell("what both add, ratio to check", added / base.seconds, "x", 0.5)
    added = scored.work - base.work + followed.work - read.work
    tell("  in processor time", added / base.work, "x")

    heading(f"Trend over {COMMITS} commits of the sample")
    sample = work / "history"
    write_history(sample, COMMITS)
    cache = work / "cache-of-trend"
    remembering = {"ITGOV_CACHE": "on", "XDG_CACHE_HOME": str(cache)}
    trend = itgov_verb("trend", sample, "--by", "commit")._replace(environment=remembering)
    single = take_turns([itgov_check(sample)], runs)[0]
    cold, warm = [], []
    for _ in range(min(runs, 3)):
        shutil.rmtree(cache, ignore_errors=True)
        cold.append(run_once(trend).seconds)
        warm.append(run_once(trend).seconds)
    first, second = statistics.median(cold), statistics.median(warm)
    tell("cold check of one of them", single.seconds * 1000, "ms")
    tell("cold", first, "s", 15)
    tell(f"ratio to {COMMITS} checks", first / single.seconds / COMMITS, "x")
    tell("warm", second, "s", 2)
    tell("ratio to one check", second / single.seconds, "x")

    heading(f"Diff of two revisions of {INVESTMENTS:,} investments, against cold check")
    revisions = work / "revisions"
    write_revisions(revisions, INVESTMENTS, FILES)
    few = itgov_verb("diff", revisions, "start..few", "--as-of", AS_OF)
    every = itgov_verb("diff", revisions, "start..every", "--as-of", AS_OF)
    programs = [itgov_check(revisions), few, every]
    base, some, whole = take_turns(programs, min(runs, 3))
    tell("itgov check", base.seconds, "s")
    tell("itgov diff, 5 files changed", some.seconds, "s")
    compare("ratio", some, base, 2)
    tell(f"itgov diff, all {FILES} files changed", whole.seconds, "s")
    compare("ratio", whole, base, 2)


def part_history(work: Path, runs: int) -> None:
    """Compare a check that asks git with one that has none to ask."""
    heading(f"Check where git is, {COMMITS} commits of the sample, against the same without git")
    with_git, without = work / "with-git", work / "without-git"
    write_history(with_git, COMMITS)
    shutil.copytree(with_git / "portfolios", without / "portfolios")
    cache = work / "cache-of-history"
    kept = {"ITGOV_CACHE": "on", "XDG_CACHE_HOME": str(cache)}
    # any other output is no answer that could be remembered: only the log is kept
    options = ("--format", "json", "--output", os.devnull)
    warm = itgov_check(with_git, *options)._replace(environment=kept)
    bare = itgov_check(without, *options)._replace(environment=kept)
    cold = []
    for _ in range(min(runs, 3)):
        shutil.rmtree(cache, ignore_errors=True)
        cold.append(run_once(warm).seconds)
    base, known = take_turns([bare, warm], max(runs, 9))
    tell("without git", base.seconds * 1000, "ms")
    tell("the log of changes kept", known.seconds * 1000, "ms")
    compare("ratio", known, base, 1.2)
    tell("no log kept", statistics.median(cold), "s", 2)

    heading(f"The same for {INVESTMENTS:,} investments and 3 commits, without a cache")
    revisions, plain = work / "big-with-git", work / "big-without-git"
    write_revisions(revisions, INVESTMENTS, FILES)
    shutil.copytree(revisions / "portfolios", plain / "portfolios")
    base, full = take_turns([itgov_check(plain), itgov_check(revisions)], min(runs, 3))
    remembering = {"ITGOV_CACHE": "on", "XDG_CACHE_HOME": str(work / "cache-of-big")}
    again = itgov_check(revisions, *options)._replace(environment=remembering)
    known = take_turns([again], min(runs, 3))[0]
    tell("without git", base.seconds, "s")
    tell("the log of changes kept", known.seconds, "s")
    compare("ratio", known, base)
    tell("no log kept", full.seconds, "s")
    compare("ratio", full, base)


def itgov_verb(verb: str, folder: Path, *options: str) -> Program:
    """Return a verb that shows figures, as JSON, without any answer from an earlier run."""
    command = [sys.executable, "-m", "itgov", verb, *options, "--format", "json"]
    return Program(f"itgov {verb}", command, folder)


def part_review(big: Path, runs: int) -> None:
    """Compare the agenda with check, and a decision with what the disk itself costs."""
    heading(f"The agenda of {INVESTMENTS:,} investments, against cold check")
    agenda = itgov_verb("review", big)
    command = [*agenda.command[:4], "agenda", "--as-of", AS_OF, "--format", "json"]
    base, made = take_turns([itgov_check(big), agenda._replace(command=command)], runs)
    tell("itgov check", base.seconds, "s")
    tell("itgov review agenda", made.seconds, "s")
    compare("ratio", made, base, 1.5)
    for items, decisions in ((100, 200), (INVESTMENTS, 10)):
        heading(f"A decision in a session of {items:,} items")
        done = subprocess.run(
            [sys.executable, str(HERE / "review.py"), str(items), str(decisions)],
            env={**os.environ, "PYTHONPATH": str(TREE)},
            capture_output=True,
            text=True,
            check=True,
        )
        each, floor = map(float, done.stdout.split())
        tell("decided and on the disk, twice", each * 1000, "ms")
        tell("decisions a second", 1 / each, "")
        tell("two files of that size forced to the disk", floor * 1000, "ms")


def part_export(work: Path, big: Path, runs: int) -> None:
    """Compare tables out with the health that stands in them, and tables in with reading the files."""
    heading(f"{INVESTMENTS:,} investments as tables, against itgov health")
    outs = {"csv": work / "out", "xlsx": work / "out.xlsx", "sqlite": work / "out.sqlite"}

    def verb(*words: str) -> Program:
        command = [sys.executable, "-m", "itgov", *words, "--as-of", AS_OF]
        return Program(f"itgov {words[0]}", command, big)

    programs = [verb("health"), *(verb("export", "--output", str(out)) for out in outs.values())]
    base, *made = take_turns(programs, runs)
    tell("itgov health", base.seconds, "s")
    for name, ran in zip(outs, made, strict=True):
        compare(f"{name}, ratio", ran, base, 1.5)
        tell(f"{name}, memory beyond that", ran.mebibytes - base.mebibytes, "MiB", 50)
    heading("The same tables taken back, nothing changed, against itgov value")
    programs = [verb("value"), *(verb("import", str(out), "--dry-run") for out in outs.values())]
    base, *made = take_turns(programs, runs)
    for name, ran in zip(outs, made, strict=True):
        compare(f"{name}, ratio", ran, base, 5)


PARTS = ("check", "others", "start", "growth", "insight", "history", "review", "export", "room")


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
        if {"check", "others", "insight", "review", "export", "room"} & set(options.parts):
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
        if "insight" in options.parts:
            part_insight(work, big, options.runs)
        if "history" in options.parts:
            part_history(work, options.runs)
        if "review" in options.parts:
            part_review(big, options.runs)
        if "export" in options.parts:
            part_export(work, big, options.runs)
        if "room" in options.parts:
            part_room(work, big, options.runs)
    if options.json:
        Path(options.json).write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
