"""Who entered the business's words: the author of the commit that first has each of them.

Only what git's author tells is told.  Somebody is known by the address of the commit, else by the name.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable

from itgov.model.business_words import answer_key, result_key, score_key, step_key
from itgov.model.change_log import UNCOMMITTED, Log
from itgov.model.claims import name_of
from itgov.model.engagements import Holders
from itgov.model.history_facts import (
    EngagementHistory,
    OutcomeHistory,
    RelationshipManagerHistory,
    TypedByManager,
)
from itgov.model.portfolio import Portfolio


def derive_authors(portfolio: Portfolio, log: Log, length: int, first_known: int) -> None:
    """Fill in which of the business's words a relationship manager entered.

    `first_known` is the first commit whose author wrote what is new in it: in a shallow clone the
    first commit has everything that was there before.
    """
    authors = _Authors(portfolio, log, length, first_known)
    holders = Holders(portfolio)
    for person, manager in portfolio.managers.items():
        keys = [answer_key(person, said) for said in manager.record.represents_seen_by]
        keys += [step_key(person, step) for step in manager.record.steps]
        found = manager.history = RelationshipManagerHistory()
        authors.tell(found, keys, lambda author, person=person: author == person)  # type: ignore[misc]
    for unit_id, unit in portfolio.units.items():
        serving = holders.serving(unit_id)
        for engagement in unit.engagements:
            managers = serving | holders.on(unit, engagement.record.date)
            told = engagement.history = EngagementHistory()
            authors.tell(told, [score_key(unit_id, engagement.record)], managers.__contains__)
        for entry in unit.investments:
            managers = serving | {entry.facts.managed_by or ""}
            for outcome in entry.outcomes:
                record, history = outcome.record, outcome.history
                if history is not None:
                    name = name_of(outcome)
                    keys = [result_key(name, result) for result in record.results]
                    authors.tell(history, keys, managers.__contains__)


class _Authors:
    def __init__(self, portfolio: Portfolio, log: Log, length: int, first_known: int) -> None:
        self.log = log
        self.length = length
        self.first_known = first_known
        self.people: dict[str, str] = {}
        names: dict[str, list[str]] = {}
        for person, entry in portfolio.people.items():
            names.setdefault(entry.record.name.casefold(), []).append(person)
        self.people |= {name: found[0] for name, found in names.items() if len(found) == 1}
        self.people |= {
            entry.record.email.casefold(): person
            for person, entry in portfolio.people.items()
            if entry.record.email is not None
        }

    def tell(
        self,
        found: RelationshipManagerHistory | EngagementHistory | OutcomeHistory,
        keys: Iterable[str | None],
        is_manager: Callable[[str], bool],
    ) -> None:
        """Say whether a manager entered any of some words; unknown where git cannot tell of one."""
        unknown = False
        for key in keys:
            if key is None:
                continue
            at = self.log.words.get(key)
            if at is None or at >= self.length or at < self.first_known:
                unknown = True
                continue
            commit = self.log.commits[at]
            if commit.id == UNCOMMITTED:
                continue
            author = self.people.get(commit.email.casefold())
            author = author or self.people.get(commit.author.casefold())
            if author is not None and is_manager(author):
                day = datetime.date.fromordinal(commit.day).isoformat()
                found.typed_by_manager_seen = True
                found.typed_by_manager = TypedByManager(
                    person=author, commit=commit.id[:10], on=day
                )
                return
        found.typed_by_manager_seen = None if unknown else False
