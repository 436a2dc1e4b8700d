"""Everything that is needed to decide on one item: what a screen shows of it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec import Struct

from itgov.files.linked import Linked
from itgov.model.change_log import UNCOMMITTED
from itgov.model.derive_reviews import (
    AgreedAction,
    LastVerdict,
    in_order,
    last_verdicts,
    open_actions,
)
from itgov.model.finding import Finding
from itgov.model.minutes import Decision, Tally
from itgov.model.portfolio import InvestmentEntry, ManagerEntry, UnitEntry
from itgov.model.types import Action
from itgov.review.agenda import item_subject
from itgov.review.promises import Promise, promises_of
from itgov.review.types import AgendaItem, Session
from itgov.rules.verdicts import Judged


class Changed(Struct, frozen=True):
    """What one commit was the last to change of an investment and its outcomes."""

    commit: str
    """Its first ten digits, or `uncommitted`."""
    days: int
    """Days ago."""
    fields: tuple[str, ...]
    """In words; those of an outcome with its id before them."""


def changes_of(entry: InvestmentEntry) -> list[Changed]:
    """Return what git knows of an investment's last changes, the latest first."""
    sources = [("", entry.history), *((o.record.id, o.history) for o in entry.outcomes)]
    found: dict[str, tuple[int, list[str]]] = {}
    for outcome, history in sources:
        if history is None or history.changed_by is None or history.days_since_change is None:
            continue
        for name in history.changed_by.__struct_fields__:
            commit, days = (
                getattr(history.changed_by, name),
                getattr(history.days_since_change, name),
            )
            if commit is not None and days is not None:
                words = f"{outcome} {name}".strip().replace("_", " ")
                found.setdefault(commit, (days, []))[1].append(words)
    listed = [Changed(c, days, tuple(fields)) for c, (days, fields) in found.items()]
    return sorted(listed, key=lambda c: (c.days, c.commit != UNCOMMITTED))


class SessionProgress(Struct, frozen=True):
    """How far a session has come."""

    tally: Tally
    seconds: int
    """Time spent so far, on all items."""
    left: tuple[int, ...]
    """Numbers of the items on which nothing was said as a whole."""


class OpenAction(NamedTuple):
    """An action on an item that is not done, wherever it was agreed."""

    id: str
    what: str | None
    owner: str | None
    due: datetime.date | None


class Dossier(Struct, frozen=True):
    """An item with what the portfolio says of it today, and what earlier sessions said.

    `entry`, `manager` and `unit` are None where the record is not in the portfolio (any more).
    """

    number: int
    item: AgendaItem
    entry: InvestmentEntry | None
    manager: ManagerEntry | None
    unit: UnitEntry | None
    findings: tuple[Finding, ...]
    """Those that stand now, waived ones among them."""
    last: LastVerdict | None
    """What the latest closed session said of it."""
    actions: tuple[AgreedAction, ...]
    """Actions that earlier sessions agreed on it and that are still open."""
    promises: tuple[Promise, ...] = ()
    """Open actions in the unit's engagements: all of them for the unit, else those agreed on it."""

    @property
    def open_actions(self) -> list[OpenAction]:
        """Those that sessions agreed, then those of engagements."""
        known: list[tuple[str, Decision | Action]] = [(a.id, a.decision) for a in self.actions]
        known += [(p.id, p.action) for p in self.promises]
        return [OpenAction(i, a.what, a.owner, a.due) for i, a in known]


class Dossiers:
    """The dossiers of a portfolio, gathered once for a whole session."""

    def __init__(self, linked: Linked, judged: Judged) -> None:
        self.portfolio = portfolio = linked.portfolio
        self.ordered = ordered = in_order(portfolio.minutes, portfolio.today)
        self.said = last_verdicts(ordered)
        self.actions = open_actions(ordered, portfolio)
        self.entries = {e.record.id: e for e in portfolio.investments()}
        self.findings: dict[object, list[Finding]] = {}
        for finding in judged.findings:
            self.findings.setdefault(item_subject(finding, portfolio), []).append(finding)

    def of(self, session: Session, number: int) -> Dossier:
        """Return the dossier of an item, by its number on the agenda."""
        item = session.item(number)
        subject = item.subject
        is_investment = subject.kind == "investment"
        is_manager = subject.kind == "relationship_manager"
        own: Sequence[AgreedAction] = [a for a in self.actions if a.item.subject == subject]
        unit = self.portfolio.units.get(item.business_unit or "")
        return Dossier(
            number=number,
            item=item,
            entry=self.entries.get(subject.id) if is_investment else None,
            manager=self.portfolio.managers.get(subject.id) if is_manager else None,
            unit=unit,
            findings=tuple(self.findings.get(subject, ())),
            last=self.said.get(subject),
            actions=tuple(own),
            promises=tuple(self._promises(unit, item)) if unit is not None else (),
        )

    def _promises(self, unit: UnitEntry, item: AgendaItem) -> Iterator[Promise]:
        here = [
            d
            for m in self.ordered
            for i in m.items
            if i.subject == item.subject
            for d in i.decisions
        ]
        here += [r.decision for r in item.decisions]
        agreed = {(d.what, d.due) for d in here if d.decision == "action"}
        for promise in promises_of(unit, self.portfolio.today):
            said = (promise.action.what, promise.action.due)
            if item.subject.kind == "business_unit" or said in agreed:
                yield promise


def progress_of(session: Session) -> SessionProgress:
    """Return how far a session has come."""
    listed = session.on_agenda
    return SessionProgress(
        tally=session.tally,
        seconds=sum(item.seconds for _, item in listed),
        left=tuple(number for number, item in listed if item.verdict is None),
    )
