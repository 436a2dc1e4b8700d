"""`itgov [PATH]`: what there is to see of a repository, and where to go from there."""

from __future__ import annotations

import datetime
import sys
from collections import Counter
from pathlib import Path

from itgov.cli.check import broken_config, broken_rules
from itgov.cli.options import Parser, as_of, parse
from itgov.cli.terminal import ProgressBar, fail, say, wants_color, write
from itgov.files.repository import BrokenConfig, NoRepository, Repository, find_repository
from itgov.files.shipped import standard_root
from itgov.model.finding import SEVERITIES, Finding
from itgov.model.portfolio import UnitEntry
from itgov.report.plain import plain
from itgov.report.text import paint
from itgov.rules.govern import Governed, govern, rules_of

DESCRIPTION = """\
A summary of a portfolio repository: each business unit, who speaks for it, its money and
how much of that has no outcome, and its findings.

PATH is a repository (default: here, or the nearest folder above with portfolios/; the
sample where there is none).
"""


def run(arguments: list[str]) -> int:
    """Run without a verb and return the exit code: 0 unless the work could not be done."""
    parser = Parser("itgov", DESCRIPTION)
    parser.add_argument("path", nargs="?", metavar="PATH")
    parser.add_argument(
        "--as-of", type=as_of, metavar="DATE", help="judge as on this day (default: today)"
    )
    options = parse(parser, arguments)
    if isinstance(options, int):
        return options
    try:
        repository = _repository(options.path)
        book = rules_of(repository)
        if book.broken:
            return broken_rules(book)
        progress = ProgressBar()
        try:
            governed = govern(
                repository, book, options.as_of or datetime.date.today(), progress=progress
            )
        finally:
            progress.clear()
    except NoRepository as stop:
        return fail(str(stop))
    except BrokenConfig as broken:
        return broken_config(broken)
    write(_summary(repository, governed, wants_color(sys.stdout)))
    return 0


def _repository(path: str | None) -> Repository:
    if path is not None:
        return find_repository(Path(path))
    try:
        return find_repository(Path("."))
    except NoRepository:
        say(
            "There is no portfolio here; this is the sample. `itgov init` starts one of your own.\n"
        )
        return Repository(standard_root())


def _summary(repository: Repository, governed: Governed, color: bool) -> str:
    from tabulate import tabulate

    portfolio = governed.linked.portfolio
    findings = governed.judged.findings
    organisation = portfolio.organisation.record
    colours = paint(color)
    title = plain(organisation.name or organisation.id)
    currency = plain(organisation.currency or "")
    services = sum(
        e.record.type == "service" for u in portfolio.units.values() for e in u.investments
    )
    lines = [
        f"{colours.bold}{title}{colours.off}, as of {portfolio.today}",
        f"{portfolio.investment_count - services:,} investments and {services:,} services in {len(portfolio.units)} business units, "
        f"{len(portfolio.people):,} people, {len(portfolio.managers)} relationship managers",
        "",
    ]
    by_unit: dict[str | None, Counter[str]] = {}
    for f in findings:
        by_unit.setdefault(f.business_unit, Counter())["waived" if f.waived else f.severity] += 1
    headers = [
        "business unit",
        "manager",
        "items",
        f"spend {currency}".strip(),
        "no outcome",
        *SEVERITIES,
        "waived",
    ]
    rows = [
        _row(unit, governed, by_unit.get(unit.record.id, Counter()))
        for unit in portfolio.units.values()
    ]
    rest = by_unit.get(None, Counter())
    if sum(rest.values()):
        rows.append(["(the whole)", "", "", "", "", *(rest[s] for s in (*SEVERITIES, "waived"))])
    lines.append(
        tabulate(
            rows,
            headers=headers,
            tablefmt="simple",
            disable_numparse=True,
            colalign=("left", "left", *["right"] * 7),
        )
    )
    lines += ["", *_ending(repository, findings, portfolio.investment_count, governed)]
    return "\n".join(lines) + "\n"


def _row(unit: UnitEntry, governed: Governed, counts: Counter[str]) -> list[object]:
    people = governed.linked.portfolio.people
    manager = unit.record.relationship_manager
    person = people.get(manager or "")
    name = plain(person.record.name) if person is not None else plain(manager or "nobody")
    facts = unit.facts
    share = f"{facts.spend_without_outcome / facts.spend_total:.0%}" if facts.spend_total else "-"
    return [
        plain(unit.record.name or unit.record.id), name, facts.investment_count, money(facts.spend_total), share,
        *(counts[s] for s in (*SEVERITIES, "waived")),
    ]  # fmt: skip


def money(amount: float) -> str:
    """Return an amount as people say it: 1.2bn, 34.5m, 120k."""
    for size, letter in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if abs(amount) >= size:
            return f"{amount / size:.1f}{letter}"
    return f"{amount:.0f}"


def _ending(
    repository: Repository, findings: list[Finding], investments: int, governed: Governed
) -> list[str]:
    nobody = sum(f.rule == "OWN-001" for f in findings)
    facts = governed.linked.portfolio.organisation.facts
    lines = []
    if nobody:
        lines.append(f"{nobody:,} of {investments:,} name no outcome owner.")
    if facts.spend_total:
        lines.append(
            f"{facts.spend_without_outcome / facts.spend_total:.0%} of spend has no outcome."
        )
    where = (
        ""
        if repository.root.resolve() == Path.cwd().resolve()
        else f" {plain(str(repository.root))}"
    )
    lines.append(f"Every finding at its line: itgov check{where}")
    return lines
