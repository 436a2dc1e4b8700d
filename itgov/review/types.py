"""What the store keeps of an open session: the agenda with everything recorded on it so far."""

# No postponed annotations here: msgspec would compile each of them anew at every start.

import datetime
from typing import Literal

from msgspec import Struct

from itgov.model.finding import Place
from itgov.model.minutes import (
    VERDICTS,
    Answerable,
    Decision,
    DecisionKind,
    ItemSubject,
    Reason,
    Tally,
    is_settled,
    tally,
    verdict_of,
)

State = Literal["open", "closed", "discarded"]


class Recorded(Struct, frozen=True):
    """A decision as the store has it: with the time, and the account that typed it."""

    decision: Decision
    at: str
    hand: str = ""
    """Who was at the keyboard: the account's own name, which need not be the one who decided."""


class Withdrawn(Struct, frozen=True):
    """A decision that another one took the place of, or that was taken back."""

    recorded: Recorded
    at: str
    hand: str = ""


class Edited(Struct, frozen=True):
    """A portfolio file that was edited with a decision: what it held before and after, as hashes."""

    path: str
    before: str
    after: str


class AgendaItem(Struct, kw_only=True):
    """One item of an agenda, with what was recorded on it."""

    subject: ItemSubject
    title: str = ""
    business_unit: str | None = None
    points: float = 0
    money: float = 0
    answerable: Answerable = Answerable()
    reasons: list[Reason] = []
    marks: list[str] = []
    """What is seen with it: rule, severity, `waived` or nothing, fingerprint, joined by blanks."""
    decisions: list[Recorded] = []
    withdrawn: list[Withdrawn] = []
    seconds: int = 0
    revision: int = 0
    """Counts what was recorded on it, so that two people never overwrite each other unaware."""
    note: str = ""
    dropped: bool = False
    """Whether it was taken off the agenda."""

    @property
    def verdict(self) -> Decision | None:
        """What was said of it as a whole, if anything."""
        return verdict_of([r.decision for r in self.decisions])

    @property
    def is_decided(self) -> bool:
        """Whether it was decided on as a whole, as minutes count it: skipping is not deciding."""
        return is_settled([r.decision for r in self.decisions])

    def last(self, kinds: tuple[DecisionKind, ...] = VERDICTS) -> Recorded | None:
        """Return the last recorded decision of some kinds."""
        return next((r for r in reversed(self.decisions) if r.decision.decision in kinds), None)


class Session(Struct, kw_only=True):
    """A review session: who sits in it, its agenda, and where it stands."""

    id: str
    date: datetime.date
    """The as-of date: the day for which the agenda was made and decisions are recorded."""
    business_unit: str | None = None
    chair: str | None = None
    present: list[str] = []
    state: State = "open"
    opened: str = ""
    closed: str | None = None
    at: int = 1
    """Number of the item that the session is on, from 1."""
    since: str | None = None
    """When it came to that item."""
    revision: int = 0
    items: list[AgendaItem] = []
    edits: list[Edited] = []
    scenarios: list[str] = []
    """Ids of the scenarios that were carried out in the meeting."""
    carried: list[str] = []
    """Marks of findings that earlier sessions have looked at and that still stood at the start."""
    record: str | None = None
    """Path of the minutes, once closed."""
    hash: str | None = None
    """Hash of the minutes, once closed."""

    def item(self, number: int) -> AgendaItem:
        """Return an item by its number, from 1."""
        return self.items[number - 1]

    @property
    def on_agenda(self) -> list[tuple[int, AgendaItem]]:
        """The items that were not taken off, with their numbers."""
        return [(n, i) for n, i in enumerate(self.items, start=1) if not i.dropped]

    @property
    def recorded(self) -> int:
        """Number of decisions, actions and notes that are recorded in it."""
        return sum(len(item.decisions) for item in self.items)

    @property
    def tally(self) -> Tally:
        """How many of the items on the agenda were decided."""
        return tally([r.decision for r in item.decisions] for _, item in self.on_agenda)


class Fault(Struct, frozen=True):
    """Something wrong with the chain, at a place."""

    message: str
    place: Place


class Verified(Struct, frozen=True):
    """What verifying found, the earliest first."""

    records: int
    faults: list[Fault]
    notes: list[str]
    """What is as it should be, and worth knowing: two ends that the next session will join."""
    heads: list[str]
    """Ids of the minutes that none follow yet."""
