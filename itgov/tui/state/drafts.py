"""Scenarios that are being made in the room: their changes, and what would follow."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from itgov.files.edit import Add, Set
from itgov.files.edit import Change as Edit
from itgov.files.linked import Linked
from itgov.files.proposal import FileEdit, Proposal, combine, propose
from itgov.files.record_changes import rounded, set_record
from itgov.files.save import EditRefused
from itgov.files.write import FlowMapping, Plain, document, plain
from itgov.model.finding import Subject
from itgov.model.portfolio import Portfolio, ScenarioEntry, Source
from itgov.model.scenario import Change, ChangeKind, Scenario

if TYPE_CHECKING:
    from itgov.files.repository import Repository

DELAY = 6
"""Months that one key delays by."""


class Draft(Struct):
    """A scenario as it is being made; `path` is its file, None before it has one."""

    record: Scenario
    path: str | None
    saved: Scenario | None
    """What its file says."""

    @property
    def id(self) -> str:
        """Its id."""
        return self.record.id

    @property
    def is_saved(self) -> bool:
        """Whether its file says the same."""
        return self.record == self.saved

    def of(self, investment: str) -> list[Change]:
        """Return the changes of one item."""
        return [c for c in self.record.changes if c.investment == investment]

    def entry(self) -> ScenarioEntry:
        """Return it as if its file said so."""
        return ScenarioEntry(self.record, Source(self.path or f"{self.id} (not saved)", ()))

    def put(self, change: Change) -> None:
        """Make a change in place of those of the item that say the same, or cannot stand beside it."""
        gone: set[ChangeKind] = {change.kind}
        if change.kind == "stop":
            gone |= {"delay", "approve"}
        if change.kind in ("delay", "approve"):
            gone.add("stop")
        kept = [
            c
            for c in self.record.changes
            if c.investment != change.investment
            or c.kind not in gone
            or (c.kind == "spend" == change.kind and c.year != change.year)
        ]
        self._changes([*kept, change])

    def take(self, investment: str) -> bool:
        """Take the changes of an item out; return whether there were any."""
        kept = [c for c in self.record.changes if c.investment != investment]
        taken = len(kept) < len(self.record.changes)
        self._changes(kept)
        return taken

    def _changes(self, changes: list[Change]) -> None:
        self.record = structs.replace(self.record, changes=changes)


def drafts_of(portfolio: Portfolio) -> dict[str, Draft]:
    """Return the scenarios of a portfolio, to be changed."""
    return {e.record.id: Draft(e.record, e.source.path, e.record) for e in portfolio.scenarios}


def new_draft(title: str, known: Sequence[str]) -> Draft:
    """Return a scenario with an id made of its title that no other has."""
    base = re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")[:60] or "scenario"
    identifier, number = base, 2
    while identifier in known:
        identifier, number = f"{base}-{number}", number + 1
    return Draft(Scenario(id=identifier, title=title or None), None, None)


def next_month(today: datetime.date) -> datetime.date:
    """Return the first day of the next month."""
    year, month = divmod(today.year * 12 + today.month, 12)
    return datetime.date(year, month + 1, 1)


def stop(investment: str, today: datetime.date) -> Change:
    """Return the change that stops an item on the first day of the next month."""
    return Change(stop=investment, on=next_month(today))


def delayed(draft: Draft, investment: str) -> Change:
    """Return the change that delays an item by six months more than the draft has it."""
    months = next((c.months or 0 for c in draft.of(investment) if c.kind == "delay"), 0)
    return Change(delay=investment, months=min(months + DELAY, 120))


def save(draft: Draft, linked: Linked, repository: Repository) -> Proposal:
    """Propose the file of a scenario, or its changes where it has one.  Raises `EditRefused`."""
    title = f"Save the scenario {draft.id}"
    changes: list[Plain] = [rounded(FlowMapping(plain(c))) for c in draft.record.changes]
    if draft.path is not None:
        raw, route = linked.documents[draft.path].raw, ("scenario", "changes")
        known = draft.saved.changes if draft.saved is not None else []
        order = Scenario.__struct_fields__
        edits: list[Edit] = [Set(route, changes, order)]
        if draft.record.changes[: len(known)] == known:  # what is there stays, comments and all
            edits = [Add(route, change, None, order) for change in changes[len(known) :]]
        return propose(title, draft.path, raw, edits)
    path = f"{repository.config.paths.scenarios}/{draft.id}.yaml"
    if (repository.root / path).exists():
        raise EditRefused(f"`{path}` exists already; give the scenario another title")
    there = (repository.root / "schema" / "scenario.schema.json").is_file()
    named = "scenario" if there and "/" not in repository.config.paths.scenarios else None
    whole = document({"scenario": {**plain(draft.record), "changes": list(changes)}}, named)
    return Proposal(title, (FileEdit(path, None, whole.encode()),))


def carry_out(draft: Draft, linked: Linked) -> Proposal:
    """Propose the edits that make a scenario so.  Raises `EditRefused` and `CannotWeigh`."""
    from itgov.insight.scenario import calendar_of, lay_all

    laid = lay_all(linked.portfolio, draft.entry(), calendar_of(linked.portfolio))
    made = [
        set_record(linked, Subject("investment", name), each.record, f"{draft.id}: {name}")
        for name, each in laid.items()
    ]
    proposal = combine(made, f"Carry out the scenario {draft.id}")
    return structs.replace(proposal, scenario=draft.id)
