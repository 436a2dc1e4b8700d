"""Records everything that is done to a session, step by step, each step kept at once."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Mapping, Sequence

from itgov.model.minutes import VERDICTS, Decision, ItemSubject, Reason
from itgov.model.rulebook import RuleInfo
from itgov.review import decide as deciding
from itgov.review.agenda import Agenda
from itgov.review.clock import LONGEST, Clock, SystemClock, seconds_between, stamp
from itgov.review.decide import DecisionRefused
from itgov.review.store import ReviewStore
from itgov.review.types import AgendaItem, Edited, Recorded, Session


def start(
    store: ReviewStore,
    agenda: Agenda,
    date: datetime.date,
    unit: str | None = None,
    chair: str | None = None,
    present: Sequence[str] = (),
    *,
    taken: Collection[str] = (),
    clock: Clock | None = None,
) -> Session:
    """Open a session with an agenda and return it as it is kept.

    `taken` are the ids of closed sessions, which no other may have.  Raises `Refused` where one on
    the same unit is open already.
    """
    now = stamp((clock or SystemClock()).now())
    with store.starting() as (known, fresh):
        for other in known:
            if other.state == "open" and other.business_unit == unit:
                raise DecisionRefused(
                    f"session {other.id} is open already, with {other.tally.says}; continue it, or close it: "
                    f"`itgov review close --session {other.id}` (with --discard to discard it)"
                )
        ids = {s.id for s in known} | set(taken)
        base = name = f"{date}-{_file_stem(unit) if unit else 'organisation'}"
        number = 2
        while name in ids:
            name, number = f"{base}-{number}", number + 1
        session = Session(
            id=name,
            date=date,
            business_unit=unit,
            chair=chair,
            present=list(dict.fromkeys(present)),
            opened=now,
            since=now,
            items=agenda.items,
            carried=agenda.carried,
        )
        fresh.append(session)
    return session


class SessionRecorder:
    """Records what one process does to a session: a command that ran, or a screen that stays.

    `hand` is the account at the keyboard.  Every method returns the session as it is on the disk
    afterwards; what it did is there too.  All raise `NoSession`, `StoreProblem` and `Refused`.
    """

    def __init__(
        self, store: ReviewStore, name: str, hand: str = "", clock: Clock | None = None
    ) -> None:
        self.store = store
        self.name = name
        self.hand = hand
        self.clock = clock or SystemClock()
        self._here: tuple[int, str | None, float] | None = None
        """The item that this process saw the session come to, and its own ticks then."""

    def session(self) -> Session:
        """Return the session as it is now."""
        return self.store.session(self.name)

    def decide(
        self,
        subject: ItemSubject,
        decision: Decision,
        *,
        people: Collection[str] = (),
        rules: Mapping[str, RuleInfo] = deciding.NO_RULES,
        seen: int | None = None,
        replace: bool = False,
        again: bool = False,
        edits: Sequence[Edited] = (),
        advance: bool = True,
    ) -> Session:
        """Record a decision on an item; after one on the whole item, go on to the next.

        `seen` is the item's revision when it was last looked at: raises `Overtaken` where somebody
        else has recorded something since, unless `replace`.  `again` says that what the same decision
        edited is no longer in the files, so that it may be recorded once more.  An item decided elsewhere than where
        the session is takes no time.
        """
        with self.store.change(self.name) as session:
            number, item = self._open_item(session, subject)
            decision = deciding.checked(decision, item, session.date, people, rules)
            if decision.decision == "action" and decision.action is None:
                decision = _numbered(session, decision)
            now = stamp(self.clock.now())
            deciding.record(item, decision, now, self.hand, seen, replace, again)
            session.edits = [*session.edits, *edits]
            if decision.decision in VERDICTS and advance:
                self._move(session, _next(session, number))
            else:
                self._move(session, session.at)
        return session

    def check(
        self,
        subject: ItemSubject,
        decision: Decision,
        *,
        people: Collection[str] = (),
        rules: Mapping[str, RuleInfo] = deciding.NO_RULES,
        seen: int | None = None,
        replace: bool = False,
        again: bool = False,
    ) -> None:
        """Raise what `decide` would raise, and record nothing: before a file is edited with it."""
        session = self.session()
        _, item = self._open_item(session, subject)
        decision = deciding.checked(decision, item, session.date, people, rules)
        deciding.record(item, decision, "", self.hand, seen, replace, again)

    def withdraw(self, subject: ItemSubject, seen: int | None = None) -> tuple[Session, Recorded]:
        """Take back what was recorded last on an item."""
        with self.store.change(self.name) as session:
            _, item = self._open_item(session, subject)
            taken = deciding.withdraw(item, stamp(self.clock.now()), self.hand, seen)
        return session, taken

    def take_back(
        self, subject: ItemSubject, before: Sequence[Recorded], after: Sequence[Recorded]
    ) -> Session:
        """Make an item say again what it said before a decision; raises `Overtaken` as that does."""
        with self.store.change(self.name) as session:
            _, item = self._open_item(session, subject)
            deciding.take_back(item, before, after, stamp(self.clock.now()), self.hand)
        return session

    def put_back(self, subject: ItemSubject) -> Session:
        """Put an item back on the agenda that was taken off it, as it was."""
        with self.store.change(self.name) as session:
            _open(session)
            for item in session.items:
                if item.subject == subject:
                    item.dropped = False
        return session

    def edited(
        self, edits: Sequence[Edited], scenario: str | None = None, back: bool = False
    ) -> Session:
        """Keep which files were edited in the meeting without a decision, for the commit.

        `scenario` is the one that the edits carry out, or, with `back`, do so no more.
        """
        with self.store.change(self.name) as session:
            _open(session)
            session.edits = [*session.edits, *edits]
            if scenario is not None:
                others = [each for each in session.scenarios if each != scenario]
                session.scenarios = others if back else [*others, scenario]
        return session

    def go_to(self, number: int) -> Session:
        """Go to an item by its number; the time goes to the one that is left."""
        with self.store.change(self.name) as session:
            _open(session)
            if not 1 <= number <= len(session.items):
                raise DecisionRefused(
                    f"there is no item {number}; the agenda has {len(session.items)}"
                )
            self._move(session, number)
        return session

    def after(self, subject: ItemSubject) -> Session:
        """Go from an item to the next one that was neither decided on nor skipped."""
        with self.store.change(self.name) as session:
            number, _ = self._open_item(session, subject)
            following = _next(session, number)
            if following == number:
                raise DecisionRefused("no other item is left without a decision")
            self._move(session, following)
        return session

    def back(self) -> Session:
        """Go to the item before the one that the session is on."""
        with self.store.change(self.name) as session:
            _open(session)
            before = [n for n, _ in session.on_agenda if n < session.at]
            if not before:
                raise DecisionRefused("this is the first item")
            self._move(session, before[-1])
        return session

    def add(self, item: AgendaItem, why: str) -> Session:
        """Put an item at the end of the agenda, or back on it, with a reason in words."""
        reason = Reason(why="added", says=why)
        with self.store.change(self.name) as session:
            _open(session)
            for known in session.items:
                if known.subject == item.subject:
                    known.dropped = False
                    known.reasons = [*known.reasons, reason]
                    break
            else:
                item.reasons = [*item.reasons, reason]
                session.items = [*session.items, item]
        return session

    def drop(self, subject: ItemSubject) -> Session:
        """Take an item off the agenda; its number stays its own.  One with a decision stays on."""
        with self.store.change(self.name) as session:
            number, item = self._open_item(session, subject)
            if item.decisions:
                raise DecisionRefused(
                    f"{item.title} has decisions already, so it stays on the agenda"
                )
            item.dropped = True
            if session.at == number:
                self._move(session, _next(session, number))
        return session

    def move(self, subject: ItemSubject, to: int) -> Session:
        """Give an item another place on the agenda; those behind it move up by one."""
        with self.store.change(self.name) as session:
            number, item = self._open_item(session, subject)
            if not 1 <= to <= len(session.items):
                raise DecisionRefused(
                    f"there is no place {to}; the agenda has {len(session.items)}"
                )
            here = session.item(session.at) if session.items else item
            items = [i for n, i in enumerate(session.items, start=1) if n != number]
            items.insert(to - 1, item)
            session.items = items
            session.at = next(n for n, i in enumerate(items, start=1) if i is here)
        return session

    # -- inside a step ---------------------------------------------------------------------

    def _open_item(self, session: Session, subject: ItemSubject) -> tuple[int, AgendaItem]:
        _open(session)
        for number, item in session.on_agenda:
            if item.subject == subject:
                return number, item
        raise DecisionRefused(f"{subject.id} is not on the agenda of {session.id}")

    def _move(self, session: Session, number: int) -> None:
        """Give the time since the last step to the item that the session is on, and go on."""
        now, ticks = self.clock.now(), self.clock.ticks()
        if session.items:
            if self._here is not None and self._here[:2] == (session.at, session.since):
                spent = min(int(ticks - self._here[2]), LONGEST)
            else:
                spent = seconds_between(session.since, now)
            session.item(session.at).seconds += max(spent, 0)
        session.at, session.since = number, stamp(now)
        self._here = (number, session.since, ticks)


def _open(session: Session) -> None:
    if session.state != "open":
        raise DecisionRefused(
            f"session {session.id} is {session.state}; no further decision can be recorded in it"
        )


def _next(session: Session, number: int) -> int:
    """Return the next item that was neither decided on nor skipped, looking from the start again; else stay."""
    waiting = [n for n, item in session.on_agenda if item.verdict is None]
    return next((n for n in waiting if n > number), waiting[0] if waiting else number)


def _numbered(session: Session, decision: Decision) -> Decision:
    from msgspec import structs

    known = [
        r.decision
        for item in session.items
        for r in (*item.decisions, *(w.recorded for w in item.withdrawn))
    ]
    number = 1 + sum(d.decision == "action" for d in known)
    return structs.replace(decision, action=f"{session.id}/{number}")


def _file_stem(identifier: str) -> str:
    """Return an id as part of a file's name: no separators, nothing hidden, not endless."""
    plain = re.sub(r"[^\w.-]+", "-", identifier).strip("-.")
    return plain[:80] or "unit"
