"""What a check costs at several sizes, beside composing the same files: the limit of what parses YAML."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from measure import heading, memory_of_all, run_once, skip, take_turns, tell
from portfolio import Findings, Size, write_portfolio
from programs import compose, itgov

TARGETS_FOR = 10_000
"""Investments that the targets are for, and ten times as many that one of memory is for."""
FILE_HOLDS = 50
"""Investments of a business unit, each of which has one file."""


def size_of(investments: int, findings: Findings = "some", more_people: int = 0) -> Size:
    """Return a portfolio of some investments, in files of the usual size."""
    return Size(investments, max(investments // FILE_HOLDS, 2), findings, more_people)


def part_sizes(work: Path, base: int, runs: int) -> None:
    """Measure a tenth of the base size, the base size and ten times as much, and compare them."""
    each = [
        _measure(work / f"size-{size}", size, base, runs if size <= base else 1) / size
        for size in (base // 10, base, base * 10)
    ]
    tell("one investment, ratio to one of the size before", each[-1] / each[-2], "x", 1.2)


def _measure(work: Path, size: int, base: int, runs: int) -> float:
    """Measure one size; return the seconds of a cold check."""
    few, many, people = work / "few", work / "many", work / "people"
    written = write_portfolio(few, size_of(size, "few"))
    write_portfolio(many, size_of(size, "many"))
    write_portfolio(people, size_of(size, "few", size // 2))
    files = size_of(size).files
    often = "" if runs > 1 else ", each measured once"
    heading(f"{size:,} investments in {files:,} files, {written / 1e6:.1f} MB{often}", size)
    cold, limit = _tell_cold(few, many, people, size, base, runs)
    _tell_kept(many, work / "cache", limit, size == base == TARGETS_FOR, runs)
    shutil.rmtree(work)
    return cold


def _tell_cold(
    few: Path, many: Path, people: Path, size: int, base: int, runs: int
) -> tuple[float, float]:
    """Measure checks that find nothing kept; return the seconds of the first, and of composing many."""
    programs = [
        *(compose(few), itgov("check", few, jobs=2), itgov("check", few, jobs=1)),
        *(compose(many), itgov("check", many, jobs=2), itgov("check", people, jobs=2)),
    ]
    limit, two, one, limit_many, two_many, with_people = take_turns(programs, runs)
    at_base = size == base == TARGETS_FOR
    tell("libyaml composes the files", limit.seconds, "s")
    tell("cold, few findings", two.seconds, "s")
    tell("  ratio", two.seconds / limit.seconds, "x", 1.6 if at_base else None)
    tell("cold, few findings, one job", one.seconds, "s")
    tell("  ratio", one.seconds / limit.seconds, "x")
    tell("cold, many findings", two_many.seconds, "s")
    ratio = two_many.seconds / limit_many.seconds
    tell("  ratio", ratio, "x", 2 if at_base else None)
    tell("cold, few findings, many people", with_people.seconds, "s")
    ratio = with_people.seconds / two.seconds
    tell("  ratio to few people", ratio, "x", 1.3 if at_base else None)
    bounds = {TARGETS_FOR: 300.0, TARGETS_FOR * 10: 1536.0}
    tell("memory of the largest process", two_many.mebibytes, "MiB", bounds.get(size))
    if size > base:
        return two.seconds, limit_many.seconds
    together = memory_of_all(itgov("check", many, jobs=2))
    if together is None:
        skip("memory of all processes", "this system does not tell")
    else:
        tell("memory of all processes, in one run", together, "MiB")
    return two.seconds, limit_many.seconds


def _tell_kept(folder: Path, cache: Path, limit: float, at_base: bool, runs: int) -> None:
    """Measure runs that find what an earlier one kept, of a portfolio with many findings."""

    def told(name: str, seconds: float, bound: float) -> None:
        tell(name, seconds, "s")
        tell("  ratio", seconds / limit, "x", bound if at_base else None)

    for name, verb, options, bound in (
        ("unchanged, text", "check", (), 0.1),
        ("unchanged, JSON", "check", ("--format", "json"), 0.25),
        ("unchanged, health", "health", (), 0.4),
        ("unchanged, value", "value", (), 0.4),
    ):
        program = itgov(verb, folder, *options, cache=cache)
        run_once(program)
        told(name, take_turns([program], runs)[0].seconds, bound)
    edited = folder / "portfolios" / "unit-0001.yaml"
    taken = []
    for step in range(runs):
        text = edited.read_text(encoding="utf-8")
        edited.write_text(re.sub(r"(?<=budget: )\d+", f"{77_000 + step}", text, count=1), "utf-8")
        taken.append(run_once(itgov("check", folder, cache=cache)).seconds)
    told("one file changed, text", min(taken), 0.4)
