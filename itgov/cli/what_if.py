"""`itgov what-if`: what would follow from a scenario, before it is decided."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from itgov.cli.figures import (
    add_options,
    day_of,
    linked,
    open_repository,
    show,
    warn_of_unread,
    written,
)
from itgov.cli.options import Parser, Stop
from itgov.cli.terminal import say
from itgov.files.linked import Linked
from itgov.insight.flow import Flow, refuse_broken_health
from itgov.insight.unread import unread
from itgov.model.finding import Finding
from itgov.model.portfolio import ScenarioEntry
from itgov.model.text import amount_of, did_you_mean

DESCRIPTION = """\
What would follow from scenarios (files of scenarios/), beside today: money freed and added, planned
value lost and gained, what is left without an item, health, findings. No file is changed.

SCENARIO is the id or the file of a scenario (default: all); two or more stand side by side.
PATH is a repository (default: here, or the nearest folder above with portfolios/).

With --free: what could be stopped to free an amount in one fiscal year, the least planned value lost
for it first.

Exit codes: 0 whatever would follow; 2 the work could not be done, or a scenario not weighed: without
SCENARIO the others are shown.
"""
MOST = 20
"""Items that a list has without --all."""


def run(arguments: list[str]) -> int:
    """Run the verb and return the exit code."""
    parser = Parser("itgov what-if", DESCRIPTION)
    parser.add_argument(
        "words", nargs="*", metavar="SCENARIO|PATH", help="which scenarios, and the repository"
    )
    parser.add_argument(
        "--free", type=_amount, metavar="AMOUNT", help="rank what would free an amount: 400000, 5m"
    )
    parser.add_argument("--year", type=_year, metavar="YEAR", help="the fiscal year of --free")
    parser.add_argument(
        "--dependencies", action="store_true", help="what depends on what; in Markdown as a drawing"
    )
    parser.add_argument("--all", action="store_true", help="list everything, with --free")
    add_options(parser)
    options = parser.parse_args(arguments)
    if options.dependencies:
        _dependencies(options)
    elif options.free is not None:
        _free(options)
    elif options.year is not None or options.all:
        raise Stop(f"--{'year' if options.year is not None else 'all'} needs --free AMOUNT")
    else:
        return _what_if(options)
    return 0


def _amount(text: str) -> float:
    amount = amount_of(text)
    if amount is None or amount <= 0:
        raise argparse.ArgumentTypeError(f"`{text}` is not an amount (use 400000, 400k, 5m)")
    return amount


def _year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise argparse.ArgumentTypeError(f"`{text}` is not a year (use 2027)")
    return int(text)


def _what_if(options: argparse.Namespace) -> int:
    from itgov.insight.scenario import cannot_weigh, weigh

    folders = [w for w in options.words if os.path.isdir(w)]
    names = [w for w in options.words if w not in folders]
    if len(folders) > 1:
        raise Stop(f"`{folders[0]}` and `{folders[1]}` are two repositories; use one of them")
    start = folders[0] if folders else next((n for n in names if os.path.isfile(n)), None)
    repository, book = open_repository(start)
    refuse_broken_health(book)
    found = Flow(repository).unjudged(day_of(options), book)
    chosen = _chosen(found, names, repository.root)
    troubles = []
    if names:
        _refuse_broken(found, chosen)
    else:  # one that was carried out already, say, hides no other
        troubles = [cannot for s in chosen if (cannot := cannot_weigh(found, s)) is not None]
        left_out = {cannot.path for cannot in troubles}
        chosen = [s for s in chosen if s.source.path not in left_out]
        if not chosen:
            _refuse_broken(found, found.portfolio.scenarios)
            raise Stop("\n".join(map(str, troubles)))
    report = weigh(found, book, chosen)
    warn_of_unread(unread(found))
    for cannot in troubles:
        say(str(cannot))

    def write_as(name: str, color: bool, width: int | None) -> str:
        if name == "json":
            from itgov.report.scenario_json import what_if_json

            return what_if_json(report)
        from itgov.report.scenario_document import scenario_document

        return written(scenario_document(report), name, color, width)

    show(options, write_as)
    return 2 if troubles else 0


def _chosen(found: Linked, names: Sequence[str], root: Path) -> list[ScenarioEntry]:
    """Return the scenarios that are named by id or path, or all.  Raises `Stop`."""
    scenarios = found.portfolio.scenarios
    if not names:
        if not scenarios:
            broken = [f for f in found.findings if f.path.startswith("scenarios/")]
            raise Stop(
                _told(broken) if broken else "there is no scenario; docs/scenarios.md shows one"
            )
        return scenarios
    by_name = {s.record.id: s for s in scenarios}
    by_path = {os.path.realpath(root / s.source.path): s for s in scenarios}
    chosen: list[ScenarioEntry] = []
    for name in names:
        entry = by_name.get(name) or by_path.get(os.path.realpath(name))
        if entry is None:
            path = os.path.relpath(os.path.realpath(name), os.path.realpath(root)).replace(
                os.sep, "/"
            )
            broken = [f for f in found.findings if f.path == path]
            if broken:
                raise Stop(_told(broken))
            raise Stop(f"there is no scenario `{name}`{did_you_mean(name, by_name, '')}")
        if entry not in chosen:
            chosen.append(entry)
    return chosen


def _refuse_broken(found: Linked, chosen: Sequence[ScenarioEntry]) -> None:
    """Refuse to weigh what a file says only in part."""
    paths = {entry.source.path for entry in chosen}
    if broken := [f for f in found.findings if f.path in paths]:
        raise Stop(_told(broken))


def _told(findings: Sequence[Finding]) -> str:
    lines = [f"{f.located()}: {f.severity}[{f.rule}] {f.message}" for f in findings[:10]]
    more = f"\nand {len(findings) - 10} more" if len(findings) > 10 else ""
    return "a scenario with errors is not weighed:\n" + "\n".join(lines) + more


def _free(options: argparse.Namespace) -> None:
    if options.year is None:
        raise Stop("--free needs --year: the fiscal year in which the money is wanted")
    _takes_a_path(options, "--free")
    from itgov.insight.free_money import free_money

    repository, _ = open_repository(options.words[0] if options.words else None)
    found = linked(repository, day_of(options))
    report = free_money(found.portfolio, options.free, options.year)
    warn_of_unread(unread(found))

    def write_as(name: str, color: bool, width: int | None) -> str:
        if name == "json":
            from itgov.report.scenario_json import free_json

            return free_json(report)
        from itgov.report.scenario_document import free_document

        return written(free_document(report, None if options.all else MOST), name, color, width)

    show(options, write_as)


def _takes_a_path(options: argparse.Namespace, name: str) -> None:
    if len(options.words) > 1 or any(not os.path.exists(w) for w in options.words):
        raise Stop(f"{name} takes no scenario, only the path of a repository")


def _dependencies(options: argparse.Namespace) -> None:
    if options.free is not None or options.year is not None or options.all:
        raise Stop("--dependencies goes with no other question")
    _takes_a_path(options, "--dependencies")
    from itgov.insight.scenario import dependencies_of

    repository, _ = open_repository(options.words[0] if options.words else None)
    found = linked(repository, day_of(options))
    dependencies = dependencies_of(found.portfolio)
    warn_of_unread(unread(found))

    def write_as(name: str, color: bool, width: int | None) -> str:
        if name == "json":
            from itgov.report.scenario_json import dependencies_json

            return dependencies_json(dependencies)
        from itgov.report.scenario_document import dependencies_document

        return written(dependencies_document(dependencies), name, color, width)

    show(options, write_as)
