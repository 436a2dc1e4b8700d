"""A review session as the room runs it: the seat in it, and what goes with each decision.

The store is the truth: every step is on the disk before it is shown, and what others record
meanwhile is seen at the next look.  Nothing here knows Textual.
"""

from __future__ import annotations

import datetime
import getpass
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct, structs

from itgov.files.git_history import CommitDetails, commit_details
from itgov.files.proposal import Proposal
from itgov.files.save import ChangedMeanwhile, EditRefused
from itgov.files.undo import next_turn
from itgov.model.minutes import Decision, ItemKind, ItemSubject
from itgov.model.person_names import NotOnePerson, names_in
from itgov.report.review_words import done_of
from itgov.review.agenda import build_agenda, make_item
from itgov.review.close import discard
from itgov.review.consequences import Carrying, edits_of, proposal_of
from itgov.review.decide import DecisionRefused, Overtaken, conflict_of, standing_edit
from itgov.review.dossier import (
    Changed,
    Dossier,
    Dossiers,
    SessionProgress,
    changes_of,
    progress_of,
)
from itgov.review.recorder import SessionRecorder, start
from itgov.review.seen import mark_of
from itgov.review.standing import edit_stands
from itgov.review.storage import StoreProblem
from itgov.review.store import NoSession, ReviewStore
from itgov.review.types import AgendaItem, Recorded, Session
from itgov.tui.state.room import Room

TROUBLE = (StoreProblem, NoSession, DecisionRefused, EditRefused)
"""What any step may raise; the text is for people."""

_CHANGES = 8
"""Commits of which an item tells what they have changed."""
_WAIT = 2.0
"""Seconds for which the room waits for another process, so that it never hangs for long."""


class Made(Struct, frozen=True):
    """Something that this room did in the session, so that it can be taken back."""

    subject: ItemSubject
    says: str
    """What was done, in words."""
    turn: int
    """When it was done, among all that can be undone."""
    before: tuple[Recorded, ...] = ()
    after: tuple[Recorded, ...] = ()
    """What was recorded on the item before and after."""
    carried: Carrying | None = None
    """The edit that went with it."""
    dropped: bool = False
    """Whether the item was taken off the agenda."""


class OpenSession:
    """The seat of this room in one open session."""

    def __init__(self, room: Room, name: str | None = None) -> None:
        """Sit down in a session, the only open one if none is named.  Raises one of `TROUBLE`."""
        self.store = ReviewStore(room.root, _WAIT)
        self.session = self.store.session(name)
        self.recorder = SessionRecorder(self.store, self.session.id, _hand())
        self._stamp = self.store.stamp()
        self._commits: dict[str, CommitDetails | None] = {}
        self._made: list[Made] = []
        """What this room has done, the last one at the end."""
        self.take(room)

    @classmethod
    def begin(
        cls, room: Room, unit: str | None, chair: str | None, present: Sequence[str]
    ) -> OpenSession:
        """Open a session with an agenda of what needs a decision.  Raises one of `TROUBLE`."""
        governed = room.governed
        health = room.health
        if health is None:
            raise DecisionRefused(
                f"{room.book.health_path} has errors, so the agenda cannot be ordered; fix it first"
            )
        agenda = build_agenda(governed.linked, governed.judged, health, unit)
        store = ReviewStore(room.root, _WAIT)
        taken = [m.record.review.id for m in room.portfolio.minutes]
        session = start(store, agenda, room.today, unit, chair, present, taken=taken)
        return cls(room, session.id)

    def take(self, room: Room) -> None:
        """Use another state of the portfolio."""
        self.room = room
        self._dossiers = Dossiers(room.governed.linked, room.governed.judged)

    @property
    def chair(self) -> str | None:
        """The id that the chair has today."""
        chair = self.session.chair
        try:
            return names_in(self.room.portfolio).named(chair) if chair is not None else None
        except NotOnePerson:
            return chair

    # -- looking -----------------------------------------------------------------------------

    def has_changed(self) -> bool:
        """Say whether the store was changed, by whomever, since it was last looked at."""
        return self.store.stamp() != self._stamp

    def reload(self) -> list[str]:
        """Read the session again; return what others have recorded meanwhile, in words."""
        before = {n: i.revision for n, i in enumerate(self.session.items, start=1)}
        self.take_session(self.recorder.session())
        records = []
        for number, item in enumerate(self.session.items, start=1):
            if item.revision != before.get(number, 0) and item.decisions:
                last = item.decisions[-1]
                who = self.room.person(last.decision.by) or last.hand or "somebody"
                done = done_of(last.decision, item.subject.kind)
                records.append(f"item {number} {done} by {who}: {item.title or item.subject.id}")
        if self.session.state != "open":
            records.append(f"session {self.session.id} is {self.session.state}")
        return records

    def take_session(self, session: Session) -> None:
        """Use the session as it is kept now."""
        self.session = session
        self._stamp = self.store.stamp()

    def dossier(self, number: int) -> Dossier:
        """Return everything that is needed to decide on an item."""
        return self._dossiers.of(self.session, number)

    def changes(self, dossier: Dossier) -> list[tuple[Changed, CommitDetails | None]]:
        """Return what git knows of an investment's last changes, and what each commit says."""
        changed = changes_of(dossier.entry) if dossier.entry is not None else []
        changed = changed[:_CHANGES]
        asked = [c.commit for c in changed if c.commit not in self._commits]
        if asked:
            self._commits |= dict.fromkeys(asked) | commit_details(self.room.root, asked)
        return [(c, self._commits.get(c.commit)) for c in changed]

    @property
    def progress(self) -> SessionProgress:
        """How far the session has come."""
        return progress_of(self.session)

    @property
    def notes(self) -> list[str]:
        """What had to be repaired in the store."""
        return self.store.notes

    # -- deciding ----------------------------------------------------------------------------

    def proposal(self, item: AgendaItem, decision: Decision) -> Proposal | None:
        """Return the edit that follows from a decision.  Raises one of `TROUBLE`."""
        return proposal_of(self.room.governed.linked, self.session, item, decision)

    def check(self, item: AgendaItem, decision: Decision, replace: bool = False) -> str | None:
        """Raise what recording would raise; return what to warn of, if anything."""
        self.recorder.check(
            item.subject, decision, people=self.room.portfolio.people, rules=self.room.rules,
            seen=item.revision, replace=replace, again=self._again(item, decision),
        )  # fmt: skip
        said = (conflict_of(decision, item), standing_edit(item, decision))
        return "; ".join(s for s in said if s is not None) or None

    def _again(self, item: AgendaItem, decision: Decision) -> bool:
        """Say whether what a decision edits is not in the files, so that it is edited once more."""
        return not edit_stands(self.room.portfolio, self.session, item, decision)

    def decide(
        self,
        item: AgendaItem,
        decision: Decision,
        proposal: Proposal | None = None,
        replace: bool = False,
    ) -> bool:
        """Record a decision, with its edit; return whether a file was edited.

        Raises `Overtaken` where somebody else has recorded something on the item since it was
        shown, and any of `TROUBLE`.
        """
        again = self._again(item, decision)
        with self.store.editing(), Carrying(self.room.root, proposal) as carried:
            session = self.recorder.decide(
                item.subject,
                carried.noted(decision, stood=not again),
                people=self.room.portfolio.people,
                rules=self.room.rules,
                seen=item.revision,
                replace=replace,
                again=again,
                edits=carried.edits,
                advance=False,  # what was decided stays on the screen until somebody goes on
            )
        self.take_session(session)
        now = next(i for i in session.items if i.subject == item.subject)
        self._made.append(
            Made(
                item.subject,
                _called(carried.decision or decision, item),
                next_turn(),
                tuple(item.decisions),
                tuple(now.decisions),
                carried if carried.edits else None,
            )
        )
        return bool(carried.edits)

    @property
    def last_made(self) -> Made | None:
        """What can be taken back next: what this room did last, else what this account recorded last.

        Of the latter, from before the room was opened, an edit stays in its file.
        """
        if self._made:
            return self._made[-1]
        hand = self.recorder.hand
        own = [
            (i.decisions[-1].at, number == self.session.at, number)
            for number, i in self.session.on_agenda
            if i.decisions and i.decisions[-1].hand == hand
        ]
        if not own:
            return None
        item = self.session.item(max(own)[-1])  # of one second, where the session stands
        said = tuple(item.decisions)
        return Made(item.subject, _called(said[-1].decision, item), 0, said[:-1], said)

    def take_back(self, made: Made) -> str | None:
        """Take back what was done; return what is left of it, if anything.  Raises one of `TROUBLE`.

        A verdict that gave way stands again.  Where the edit that went with it cannot be undone, it
        stays, and that is returned.  What cannot be taken back is not offered again.
        """
        self._made = [m for m in self._made if m is not made]
        with self.store.editing():
            if made.dropped:
                return self._put_back(made)
            self.take_session(self.recorder.take_back(made.subject, made.before, made.after))
            edited = [p for r in made.after if r not in made.before for p in r.decision.edited]
            return self._edit_back(made.carried, edited)

    def _put_back(self, made: Made) -> str | None:
        """Put an item back on the agenda with what was recorded on it; return what is not again.

        The edits that went with decisions were undone, and nobody has seen them as they would be now.
        """
        self.take_session(self.recorder.put_back(made.subject))
        again = tuple(r for r in made.before if not r.decision.edited)
        if again:
            self.take_session(self.recorder.take_back(made.subject, again, ()))
        about = made.subject.kind
        gone = [done_of(r.decision, about) for r in made.before if r.decision.edited]
        return f"not recorded again, because it edits a file: {', '.join(gone)}" if gone else None

    def _edit_back(self, carried: Carrying | None, edited: Sequence[str]) -> str | None:
        """Undo the edit of a decision that no longer stands; return why it stays, or None."""
        if not edited:
            return None
        stays = f"its edit of {', '.join(edited)} stays"
        if carried is None or carried.proposal is None:
            return f"{stays}: it was not made since the room was opened"
        try:
            carried.undo_history.undo()
        except EditRefused as refused:
            return f"{stays}: {refused}"
        self.edited(carried.proposal, back=True)
        return None

    def edited(self, proposal: Proposal, back: bool = False) -> None:
        """Keep that the room has edited files in the meeting, or has taken an edit back."""
        edits = edits_of(proposal, back)
        if edits and self.session.state == "open":
            self.take_session(self.recorder.edited(edits, proposal.scenario, back))

    def withdraw(self, item: AgendaItem) -> tuple[Decision, str | None]:
        """Take back what was recorded last on an item; return it, and why its edit stays, if it does.

        An edit that this room has made is taken back too, where nobody has changed the file since.
        """
        with self.store.editing():
            session, taken = self.recorder.withdraw(item.subject, item.revision)
            self.take_session(session)
            known = [m for m in self._made if m.subject == item.subject and taken in m.after[-1:]]
            self._made = [m for m in self._made if m not in known]
            carried = known[-1].carried if known else None
            return taken.decision, self._edit_back(carried, taken.decision.edited)

    def go_to(self, number: int) -> None:
        """Go to an item; the time goes to the one that is left."""
        if number != self.session.at:
            self.take_session(self.recorder.go_to(number))

    def before(self, item: AgendaItem) -> None:
        """Go to the item before another."""
        number = self.session.items.index(item) + 1
        earlier = [n for n, _ in self.session.on_agenda if n < number]
        if not earlier:
            raise DecisionRefused("this is the first item")
        self.go_to(earlier[-1])

    def after(self, item: AgendaItem) -> None:
        """Go from an item to the next one on which nothing was said as a whole."""
        self.take_session(self.recorder.after(item.subject))

    def put(self, kind: ItemKind, identifier: str) -> AgendaItem:
        """Put something on the agenda, or back on it."""
        portfolio = self.room.portfolio
        entries = {i: item.entry for i, item in self.room.items.items()}
        subject = ItemSubject(kind=kind, id=identifier)
        unit = identifier if kind == "business_unit" else None
        item = make_item(portfolio, subject, unit, entries)
        item.marks = [mark_of(f) for f in self._dossiers.findings.get(subject, ())]
        self.take_session(self.recorder.add(item, "added in the meeting"))
        return item

    def drop(self, item: AgendaItem) -> None:
        """Take an item off the agenda, after what `item` says of decisions on it was withdrawn."""
        self.take_session(self.recorder.drop(item.subject))
        says = f"removed from the agenda: {item.title or item.subject.id}"
        said = tuple(item.decisions)
        self._made.append(Made(item.subject, says, next_turn(), said, dropped=True))

    def move(self, item: AgendaItem, to: int) -> None:
        """Give an item another place."""
        self.take_session(self.recorder.move(item.subject, to))

    # -- closing -----------------------------------------------------------------------------

    def discard(self) -> None:
        """Drop the session without minutes."""
        self.take_session(discard(self.store, self.session.id))


def open_sessions(root: Path) -> list[Session]:
    """Return the sessions that are open in a repository.  Raises `StoreProblem`."""
    return ReviewStore(root, _WAIT).open_sessions()


def dated(decision: Decision, by: str | None, **given: str) -> Decision:
    """Return a decision with what was answered: empty answers left out, days as days."""
    days = ("until", "due", "next_review")
    values: dict[str, object] = {
        k: datetime.date.fromisoformat(v) if k in days else v for k, v in given.items() if v
    }
    return structs.replace(
        decision, by=given.get("by") or by, **{k: v for k, v in values.items() if k != "by"}
    )


def _called(decision: Decision, item: AgendaItem) -> str:
    done = done_of(decision, item.subject.kind)
    return f"{done}: {item.title or item.subject.id}"


def _hand() -> str:
    """Return the name of the account at the keyboard, or nothing where it has none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


__all__ = [
    "TROUBLE",
    "ChangedMeanwhile",
    "OpenSession",
    "Overtaken",
    "dated",
    "open_sessions",
]
