"""`itgov [PATH]` without a terminal: what there is to see of a repository, and where to go from there."""

from __future__ import annotations

import datetime
import shlex
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from itgov.cli.terminal import ProgressBar, say, wants_color, width, write
from itgov.files.repository import NoRepository, Repository, find_repository
from itgov.files.shipped import standard_root
from itgov.insight.flow import Flow
from itgov.insight.governed import Governed
from itgov.insight.health_types import UnitHealth, unit_key
from itgov.model.finding import Finding
from itgov.model.portfolio import UnitEntry
from itgov.model.text import plural
from itgov.model.unit_facts import BusinessUnitFacts, OrganisationFacts
from itgov.report.figures import UNKNOWN, money, part, score
from itgov.report.plain import plain
from itgov.report.tables import TextColumn, draw
from itgov.report.text import paint
from itgov.rules.catalogue import RuleBook


class _Row(Struct, frozen=True):
    """A business unit, the organisation's own findings, or all of it."""

    name: str
    counts: Counter[str]
    manager: str = ""
    band: str = ""
    score: str = ""
    items: str = ""
    spend: str = ""
    share: str = ""


def _counted(kind: str, drop: int = 0) -> TextColumn[_Row]:
    return TextColumn(kind, lambda r: str(r.counts[kind]), drop=drop)


def _columns(currency: str) -> tuple[TextColumn[_Row], ...]:
    return (
        TextColumn("business unit", lambda r: r.name, right=False),
        TextColumn("manager", lambda r: r.manager, right=False, drop=1),
        TextColumn("band", lambda r: r.band, right=False),
        TextColumn("score", lambda r: r.score, drop=3),
        TextColumn("items", lambda r: r.items, drop=2),
        TextColumn(f"spend {currency}".strip(), lambda r: r.spend),
        TextColumn("no outcome", lambda r: r.share),
        _counted("error"),
        _counted("warning"),
        _counted("info", drop=4),
        _counted("waived", drop=5),
    )


def summarise(path: str | None, today: datetime.date | None) -> int:
    """Print the summary of a repository and return the exit code: 0 unless it cannot be read."""
    repository = _repository(path)
    with ProgressBar() as progress:
        flow = Flow(repository, progress=progress)
        book = flow.sound_rules()
        governed = flow.at(today or datetime.date.today(), book)
    write(_summary(repository, governed, book, wants_color(sys.stdout)))
    return 0


def _repository(path: str | None) -> Repository:
    if path is not None:
        return find_repository(Path(path))
    try:
        return find_repository(Path("."))
    except NoRepository:
        say("No portfolio here; this is the sample. Start your own with `itgov init`.\n")
        return Repository(standard_root())


def _summary(repository: Repository, governed: Governed, book: RuleBook, color: bool) -> str:
    portfolio = governed.linked.portfolio
    organisation = portfolio.organisation.record
    colours = paint(color)
    title = plain(organisation.name or organisation.id)
    currency = plain(organisation.currency or "")
    total = portfolio.investment_count
    items = list(portfolio.investments())
    services = sum(e.record.type == "service" for e in items)
    lines = [
        f"{colours.bold}{title}{colours.off}, as of {portfolio.today}",
        f"{plural(total - services, 'investment')} and {plural(services, 'service')} in "
        f"{plural(len(portfolio.units), 'business unit')}, {plural(len(portfolio.people), 'person')}, "
        f"{plural(len(portfolio.managers), 'relationship manager')}",
        "",
    ]
    by_unit: dict[str | None, Counter[str]] = {}
    for f in governed.judged.findings:
        by_unit.setdefault(f.business_unit, Counter())["waived" if f.waived else f.severity] += 1
    health: dict[str, UnitHealth] = {}
    if not book.health_errors:
        health = {unit.id: unit for unit in governed.health.units}
    rows = [
        _row(portfolio.units[i], governed, health.get(i), by_unit.get(i, Counter()))
        for i in [u.id for u in sorted(health.values(), key=unit_key)] or sorted(portfolio.units)
    ]
    rest = by_unit.get(None, Counter())
    if rest.total():
        rows.append(_Row("(organisation)", rest))
    facts = portfolio.organisation.facts
    spend, share = money(facts.spend_total), _share(facts)
    every = sum(by_unit.values(), Counter[str]())
    rows.append(_Row("total", every, items=str(total), spend=spend, share=share))
    lines += draw(_columns(currency), rows, width(), whole=True)
    lines += ["", *_ending(repository, governed.judged.findings, total, governed)]
    return "\n".join(lines) + "\n"


def _share(facts: BusinessUnitFacts | OrganisationFacts) -> str:
    return part(facts.spend_without_outcome, facts.spend_total)


def _row(
    unit: UnitEntry, governed: Governed, health: UnitHealth | None, counts: Counter[str]
) -> _Row:
    people = governed.linked.portfolio.people
    manager = unit.record.relationship_manager
    person = people.get(manager or "")
    name = plain(person.name) if person is not None else plain(manager or "nobody")
    facts = unit.facts
    return _Row(
        plain(unit.name),
        counts,
        name,
        health.band if health is not None else UNKNOWN,
        score(health.score) if health is not None else UNKNOWN,
        str(facts.investment_count),
        money(facts.spend_total),
        _share(facts),
    )


def _ending(
    repository: Repository, findings: Sequence[Finding], investments: int, governed: Governed
) -> list[str]:
    nobody = sum(f.rule == "OWN-001" for f in findings)
    facts = governed.linked.portfolio.organisation.facts
    lines = []
    if nobody:
        lines.append(f"No outcome owner: {nobody:,} of {investments:,}.")
    if facts.spend_total:
        lines.append(
            f"{_share(facts)} of spend (budget, else forecast, else actual) has no outcome."
        )
    where = (
        ""
        if repository.root.resolve() == Path.cwd().resolve()
        else f" {plain(shlex.quote(str(repository.root)))}"
    )
    lines.append(f"All findings, with their lines: itgov check{where}")
    lines.append(f"The score of each unit, explained: itgov health{where}")
    return lines
