"""How fast and how lean itgov is, as ratios to other programs on the same files in the same run.

    python benchmarks/run.py                              all parts that this machine can run
    python benchmarks/run.py --parts start peers          some of them
    python benchmarks/run.py --write docs/performance.md  all, kept in benchmarks/results.json, and the page
    python benchmarks/run.py --parts cluster --write docs/performance.md   one more: a million, on a cluster
    python benchmarks/run.py --parts --write docs/performance.md           the page alone, of what is kept

Every figure is of whole processes, start included: the least of several runs, the programs taking
turns.  Ratios depend little on the machine; they are compared with targets, and nothing fails.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from cluster import part_cluster
from histories import write_history, write_revisions
from measure import Program, compare, heading, part, run_once, take_turns, tell
from peers import part_peers
from portfolio import AS_OF, Size, write_portfolio
from programs import itgov
from results import TREE, Results, read_results, write_results
from room import part_room
from sizes import part_sizes, size_of

HERE = Path(__file__).resolve().parent
# What `itgov value` does before it measures anything; without collecting cycles, as the verbs do.
LINK = f"""\
import gc, datetime
from itgov.cli.figures import linked, open_repository
gc.disable()
repository, _ = open_repository(".")
linked(repository, datetime.date.fromisoformat("{AS_OF}"))
"""


# -- the parts -----------------------------------------------------------------------------


def part_start(work: Path, runs: int) -> None:
    """Check of the sample against Python's own start."""
    heading("Check of the sample")
    sample, cache = work / "sample", work / "cache"
    shutil.copytree(TREE / "portfolios", sample / "portfolios")
    own = work / "sample-with-rules"
    shutil.copytree(TREE / "portfolios", own / "portfolios")
    shutil.copytree(TREE / "rules", own / "rules")
    start = Program("python", [sys.executable, "-c", "import yaml"], work)
    cold, checked = itgov("check", sample), itgov("check", own)
    again = itgov("check", own, cache=cache)
    base, first, with_rules, second = take_turns([start, cold, checked, again], max(runs, 9))
    tell('python -c "import yaml"', base.seconds * 1000, "ms")
    tell("cold, the standard rules of the package", first.seconds * 1000, "ms")
    tell("  ratio", first.seconds / base.seconds, "x", 5)
    tell("cold, the rules a repository's own", with_rules.seconds * 1000, "ms")
    tell("  ratio", with_rules.seconds / base.seconds, "x", 5)
    tell("the same again, nothing changed", second.seconds * 1000, "ms")
    tell("  ratio", second.seconds / base.seconds, "x", 3)


def part_insight(work: Path, big: Path, size: Size, runs: int) -> None:
    """Health, value, trend and diff against check."""
    heading(
        f"What it means: health and value of {size.investments:,} investments, against cold check"
    )
    reading = Program("reading", [sys.executable, "-c", LINK], big)
    health, value = (itgov(verb, big, "--format", "json") for verb in ("health", "value"))
    programs = [itgov("check", big), reading, health, value]
    base, read, scored, followed = take_turns(programs, runs)
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

    commits = commits_of(size)
    heading(f"Trend over {commits} commits of the sample")
    sample = work / "history"
    write_history(sample, commits)
    cache = work / "cache-of-trend"
    trend = itgov("trend", sample, "--by", "commit", "--format", "json", cache=cache)
    single = take_turns([itgov("check", sample)], runs)[0]
    cold, warm = [], []
    for _ in range(min(runs, 3)):
        shutil.rmtree(cache, ignore_errors=True)
        cold.append(run_once(trend).seconds)
        warm.append(run_once(trend).seconds)
    first, second = min(cold), min(warm)
    tell("cold check of one of them", single.seconds * 1000, "ms")
    tell("cold", first, "s", 15)
    tell(f"  ratio to {commits} checks", first / single.seconds / commits, "x")
    tell("warm", second, "s", 2)
    tell("  ratio to one check", second / single.seconds, "x")

    heading(f"Diff of two revisions of {size.investments:,} investments, against cold check")
    revisions = work / "revisions"
    write_revisions(revisions, size)
    few, every = (
        itgov("diff", revisions, f"start..{end}", "--format", "json") for end in ("few", "every")
    )
    programs = [itgov("check", revisions), few, every]
    base, some, whole = take_turns(programs, min(runs, 3))
    tell("itgov check", base.seconds, "s")
    tell("itgov diff, 5 files changed", some.seconds, "s")
    compare("  ratio", some, base, 2)
    tell(f"itgov diff, all {size.files} files changed", whole.seconds, "s")
    compare("  ratio", whole, base, 2)


def part_history(work: Path, size: Size, runs: int) -> None:
    """Compare a check that asks git with one that has none to ask."""
    commits = commits_of(size)
    heading(f"Check where git is, {commits} commits of the sample, against the same without git")
    with_git, without = work / "with-git", work / "without-git"
    write_history(with_git, commits)
    shutil.copytree(with_git / "portfolios", without / "portfolios")
    cache = work / "cache-of-history"
    # any other output is no answer that could be remembered: only the log is kept
    options = ("--format", "json", "--output", os.devnull)
    warm, bare = (itgov("check", folder, *options, cache=cache) for folder in (with_git, without))
    cold = []
    for _ in range(min(runs, 3)):
        shutil.rmtree(cache, ignore_errors=True)
        cold.append(run_once(warm).seconds)
    base, known = take_turns([bare, warm], max(runs, 9))
    tell("without git", base.seconds * 1000, "ms")
    tell("the log of changes kept", known.seconds * 1000, "ms")
    compare("  ratio", known, base, 1.2)
    tell("no log kept", min(cold), "s", 2)

    heading(f"The same for {size.investments:,} investments and 3 commits, without a cache")
    revisions, plain = work / "big-with-git", work / "big-without-git"
    write_revisions(revisions, size)
    shutil.copytree(revisions / "portfolios", plain / "portfolios")
    base, full = take_turns([itgov("check", plain), itgov("check", revisions)], min(runs, 3))
    again = itgov("check", revisions, *options, cache=work / "cache-of-big")
    known = take_turns([again], min(runs, 3))[0]
    tell("without git", base.seconds, "s")
    tell("the log of changes kept", known.seconds, "s")
    compare("  ratio", known, base)
    tell("no log kept", full.seconds, "s")
    compare("  ratio", full, base)


def part_review(big: Path, size: Size, runs: int) -> None:
    """Compare the agenda with check, and a decision with what the disk itself costs."""
    heading(f"The agenda of {size.investments:,} investments, against cold check")
    agenda = itgov("review agenda", big, "--format", "json")
    base, made = take_turns([itgov("check", big), agenda], runs)
    tell("itgov check", base.seconds, "s")
    tell("itgov review agenda", made.seconds, "s")
    compare("  ratio", made, base, 1.5)
    for items, decisions in ((100, 200), (size.investments, 10)):
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


def part_export(work: Path, big: Path, size: Size, runs: int) -> None:
    """Compare tables out with the health that stands in them, and tables in with reading the files."""
    heading(f"{size.investments:,} investments as tables, against itgov health")
    outs = {"csv": work / "out", "xlsx": work / "out.xlsx", "sqlite": work / "out.sqlite"}

    exports = (itgov("export", big, "--output", str(out)) for out in outs.values())
    programs = [itgov("health", big), *exports]
    base, *made = take_turns(programs, runs)
    tell("itgov health", base.seconds, "s")
    for name, ran in zip(outs, made, strict=True):
        compare(f"{name}, ratio", ran, base, 1.5)
        tell(f"{name}, memory beyond that", ran.mebibytes - base.mebibytes, "MiB", 50)
    heading("The same tables taken back, nothing changed, against itgov value")
    imports = (itgov("import", big, str(out), "--dry-run") for out in outs.values())
    programs = [itgov("value", big), *imports]
    base, *made = take_turns(programs, runs)
    for name, ran in zip(outs, made, strict=True):
        compare(f"{name}, ratio", ran, base, 5)


def commits_of(size: Size) -> int:
    """Return how long a history of the sample is: 500 commits at the usual size."""
    return size.investments // 20


# -- the command ---------------------------------------------------------------------------

OF_ONE_SIZE = ("peers", "insight", "review", "export", "room")
PARTS = ("sizes", "peers", "start", "insight", "history", "review", "export", "room")
ONLY_NAMED = ("cluster",)
"""Parts that take long, or a lot of room on the disk: a gigabyte."""


def measure(name: str, work: Path, big: Path, size: Size, runs: int) -> None:
    """Measure one part."""
    match name:
        case "sizes":
            part_sizes(work, size.investments, runs)
        case "cluster":
            part_cluster(work, size.investments)
        case "peers":
            part_peers(big, runs)
        case "start":
            part_start(work, runs)
        case "insight":
            part_insight(work, big, size, runs)
        case "history":
            part_history(work, size, runs)
        case "review":
            part_review(big, size, runs)
        case "export":
            part_export(work, big, size, runs)
        case "room":
            part_room(work, big, size.investments, runs)


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description="Measure itgov, as ratios in one run.")
    parser.add_argument("--parts", nargs="*", choices=PARTS + ONLY_NAMED, default=list(PARTS))
    parser.add_argument("--runs", type=int, default=2, metavar="N", help="runs of each (default 2)")
    parser.add_argument(
        "--investments", type=int, default=10_000, metavar="N",
        help="the usual size (default 10,000); others are a tenth and ten times of it",
    )  # fmt: skip
    parser.add_argument("--results", type=Path, metavar="FILE", help="keep the figures in FILE")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="write the page of all results")
    options = parser.parse_args()
    kept = options.results or (HERE / "results.json" if options.write else None)
    results = read_results(kept) if kept else Results()
    print(f"{sys.version.split()[0]}, {os.cpu_count()} cores, the least of {options.runs} runs")
    size = size_of(options.investments)
    for name in options.parts:
        with tempfile.TemporaryDirectory(prefix="itgov-benchmark-") as folder:
            big = Path(folder) / "big"
            if name in OF_ONE_SIZE:
                write_portfolio(big, size)
            with part() as measured:
                measure(name, Path(folder), big, size, options.runs)
        results.parts[name] = measured
        if kept:
            write_results(kept, results)
    if options.write:
        from page import write_page  # draws, which takes a package of the `dev` extra

        write_page(options.write, results)


if __name__ == "__main__":
    main()
