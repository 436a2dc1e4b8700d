"""What a board is told: health, value, managers, rules and waivers of one day, put together.

`measure_board` is a pure function of a judged portfolio and its rules.  `commit_of` asks git which
commit the files are.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from itgov.files.git import GitError
from itgov.files.git_history import History
from itgov.files.linked import Linked
from itgov.files.places import locate
from itgov.files.repository import Repository
from itgov.insight.approval_types import PlanAtApproval
from itgov.insight.ask_types import Asks
from itgov.insight.attention import Attention
from itgov.insight.board_asks import asks_of, asks_of_unit, name_of, top_of
from itgov.insight.board_types import (
    BoardItem,
    BoardReport,
    BoardUnit,
    Decisions,
    HeldWaiver,
    PackCommit,
    Promise,
)
from itgov.insight.decisions import decisions_of
from itgov.insight.governed import Governed
from itgov.insight.health_types import UnitHealth
from itgov.insight.trend_points import Trend
from itgov.insight.value import value_tree
from itgov.insight.value_curve import Step, curve_of
from itgov.insight.value_types import MoneyLine, ValueFigures, figures_of
from itgov.model.finding import SEVERITIES, Finding
from itgov.model.nobody import is_named
from itgov.model.portfolio import (
    InvestmentEntry,
    ManagerEntry,
    OrganisationEntry,
    Portfolio,
    Source,
    UnitEntry,
)
from itgov.model.value_sums import ValueSum
from itgov.rules.catalogue import RuleBook

TOP = 10
"""How many findings the board is shown first."""


def commit_of(repository: Repository) -> PackCommit | None:
    """Return the commit that a repository's files stand at, or None where there is no git."""
    try:
        with History(repository.root) as history:
            head = history.resolve("HEAD")
            committed = history.snapshot(head)
            changed = any(
                {(f.path, f.data) for f in committed.files(folder)}
                != {(f.path, f.data) for f in repository.tree.files(folder)}
                for folder in repository.folders
            )
    except GitError:
        return None
    return PackCommit(head.id, changed)


def measure_board(
    governed: Governed,
    *,
    only: Sequence[str] = (),
    commit: PackCommit | None = None,
    trend: Trend | None = None,
    step: Step = "year",
) -> BoardReport:
    """Return the board pack of a judged portfolio, limited to the units `only` if any are named.

    `step` is of money over time.
    """
    linked, judged, book = governed.linked, governed.judged, governed.book
    portfolio = linked.portfolio
    health, value, managers = governed.health, governed.value, governed.managers
    chosen = set(only) or set(portfolio.units)
    scores = {unit.id: unit for unit in health.units}
    lines = {line.id: line for line in value.units}
    served = set(only)
    cards = tuple(m for m in managers.managers if not only or served & set(m.load.units))
    shown = {m.person for m in cards}
    attention = Attention(portfolio, health, [scores[i] for i in portfolio.units if i in chosen])
    findings = attention.ordered(
        f
        for f in judged.findings
        if not only
        or f.business_unit in chosen
        or (f.subject.kind == "relationship_manager" and f.subject.id in shown)
    )
    by_unit: dict[str | None, list[Finding]] = {}
    for f in findings:
        by_unit.setdefault(f.business_unit, []).append(f)
    items = {e.record.id for e in portfolio.investments()}
    asks = asks_of(governed, attention, findings, frozenset(only))
    decisions = decisions_of(portfolio, linked.documents, only)
    units = tuple(
        _unit(
            governed,
            portfolio.units[i],
            scores[i],
            lines[i],
            by_unit.get(i, []),
            decisions,
            asks,
            attention,
            step,
        )
        for i in portfolio.units
        if i in chosen
    )
    counts = dict.fromkeys((*SEVERITIES, "waived"), 0)
    for f in findings:
        counts["waived" if f.waived else f.severity] += 1
    return BoardReport(
        as_of=portfolio.today,
        organisation=health.organisation,
        currency=value.currency,
        commit=commit,
        files=linked.files,
        health=health,
        # of all units the total itself: a plan whose item was deleted as a whole is in no unit
        total=value.total
        if not only
        else sum_of(
            [u.line for u in units],
            figures_of(ValueSum(), value.as_of, value.horizon, value.grace_days),
        ),
        without=tuple(n for n in value.without if n.unit in chosen),
        units=units,
        managers=cards,
        top=tuple(top_of(attention, (f for f in findings[:TOP] if not f.waived))),
        others=tuple(
            f
            for f in findings
            if f.business_unit not in chosen
            and not (f.subject.kind == "relationship_manager" and f.subject.id in shown)
        ),
        counts=counts,
        rules=tuple(sorted((r.info for r in book.rules), key=lambda r: r.id)),
        rule_titles={i: info.heading for i, info in book.info().items() if i not in items},
        horizon=value.horizon,
        waivers=tuple(w for w in _waivers(linked, book) if not only or w.unit in chosen),
        decisions=decisions,
        asks=asks,
        step=step,
        curve=None if only else curve_of(portfolio, step, "organisation", ""),
        problems=health.problems,
        unread=health.unread,
        only=tuple(only),
        trend=trend,
    )


def sum_of(lines: Iterable[MoneyLine], value: ValueFigures) -> MoneyLine:
    """Return the line of several units together; their value is added to `value`.

    A benefit that two units claim was taken out of one of them, so that their values add up.
    """
    found = MoneyLine("", "all", value=value, at_approval=PlanAtApproval())
    known = False
    for line in lines:
        _add(found, line)
        known = known or line.at_approval is not None
    if not known:
        found.at_approval = None
    return found


def _add(into: Struct, other: Struct) -> None:
    for field in into.__struct_fields__:
        mine, theirs = getattr(into, field), getattr(other, field)
        if isinstance(mine, Struct) and isinstance(theirs, Struct):
            _add(mine, theirs)
        elif isinstance(mine, (int, float)) and isinstance(theirs, (int, float)):
            setattr(into, field, mine + theirs)


# -- one unit ------------------------------------------------------------------------------


def _unit(
    governed: Governed,
    unit: UnitEntry,
    health: UnitHealth,
    line: MoneyLine,
    findings: Sequence[Finding],
    decisions: Decisions,
    asks: Asks,
    attention: Attention,
    step: Step,
) -> BoardUnit:
    """Return a unit's pages; `findings` are its own, in the order of attention."""
    linked = governed.linked
    portfolio = linked.portfolio
    by_item: dict[str, list[Finding]] = {}
    for f in findings:
        if f.subject.kind in ("investment", "outcome", "waiver"):
            by_item.setdefault(_item_of(f), []).append(f)
    [tree] = value_tree(linked, [unit.record.id])
    items = []
    for entry, node in zip(unit.investments, tree.items, strict=True):
        record = entry.record
        inherited = not is_named(record.relationship_manager)
        items.append(
            BoardItem(
                node=node,
                type=record.type,
                stage=record.stage,
                owner=name_of(portfolio, record.outcome_owner),
                manager=name_of(portfolio, entry.facts.managed_by),
                inherited=inherited,
                lead=name_of(portfolio, record.delivery_lead),
                end=record.end,
                findings=tuple(by_item.get(record.id, ())),
            )
        )
    return BoardUnit(
        health=health,
        line=line,
        head=name_of(portfolio, unit.record.head),
        manager=name_of(portfolio, unit.record.relationship_manager),
        engagements=unit.facts.engagement_count,
        engagements_not_counted=unit.facts.engagements_not_counted,
        items=tuple(items),
        findings=tuple(findings),
        promises=tuple(_promises(portfolio, unit, decisions)),
        asks=asks_of_unit(
            asks,
            unit.record.id,
            attention,
            # findings on its relationship manager, say, are of no unit's file
            {f.fingerprint: f for f in (*findings, *(c.finding for c in health.findings))}.values(),
        ),
        curve=curve_of(portfolio, step, "business_unit", unit.record.id),
    )


def _promises(portfolio: Portfolio, unit: UnitEntry, decisions: Decisions) -> Iterator[Promise]:
    """Yield the open actions of a unit's engagements and of review sessions, the first due first."""
    today = portfolio.today
    found = [
        _promise(portfolio, action.what, action.owner, action.due)
        for engagement in unit.engagements
        if engagement.record.date <= today
        for action in engagement.record.actions
        if action.is_open(today)
    ]
    found += [
        _promise(portfolio, a.decision.what or "", a.decision.owner, a.decision.due)
        for a in decisions.of_unit(unit.record.id).actions
    ]
    yield from sorted(found, key=lambda p: (p.due or datetime.date.max, p.what))


def _promise(
    portfolio: Portfolio, what: str, owner: str | None, due: datetime.date | None
) -> Promise:
    person = portfolio.people.get(owner or "")
    side = person.record.side if person is not None else None
    late = due is not None and due < portfolio.today
    return Promise(what, name_of(portfolio, owner), side, due, late)


def _item_of(finding: Finding) -> str:
    """Return the investment that a finding is about, by the id of its subject."""
    identifier = finding.subject.id
    return identifier if finding.subject.kind == "investment" else identifier.rpartition("/")[0]


# -- waivers -------------------------------------------------------------------------------

_Owner = OrganisationEntry | ManagerEntry | UnitEntry | InvestmentEntry


def _owners(portfolio: Portfolio) -> Iterator[tuple[_Owner, str, str, str | None]]:
    organisation = portfolio.organisation
    record = organisation.record
    yield organisation, record.id, record.name or record.id, None
    for manager in portfolio.managers.values():
        units = manager.facts.business_units
        unit = units[0] if len(units) == 1 else None
        yield manager, manager.record.person, manager.facts.name, unit
    for entry in portfolio.units.values():
        yield entry, entry.record.id, entry.record.name or entry.record.id, entry.record.id
        for item in entry.investments:
            yield item, item.record.id, item.record.title, entry.record.id


def _waivers(linked: Linked, book: RuleBook) -> Iterator[HeldWaiver]:
    """Return the waivers in force, the one that ends first before the others."""
    portfolio = linked.portfolio
    known = {r.rule.id: r.info for r in book.rules}
    found = []
    for owner, subject, name, unit in _owners(portfolio):
        for index, waiver in enumerate(owner.record.waivers):
            rule = known.get(waiver.rule)
            ended = waiver.has_ended(portfolio.today)
            if ended or rule is None or not rule.waivable or not is_named(waiver.approved_by):
                continue
            at = Source(owner.source.path, (*owner.source.route, "waivers", index))
            found.append(
                HeldWaiver(
                    waiver=waiver,
                    subject=subject,
                    name=name,
                    unit=unit,
                    approver=name_of(portfolio, waiver.approved_by) or "",
                    place=locate(linked.documents, at, None),
                )
            )
    yield from sorted(found, key=lambda w: (w.waiver.until, w.place))
