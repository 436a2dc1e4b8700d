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

from itgov.files.git import GitError
from itgov.files.git_commit import Committed, commit, may_commit
from itgov.files.git_history import CommitDetails, commit_details
from itgov.files.proposal import Proposal
from itgov.files.save import ChangedMeanwhile, EditRefused
from itgov.model.minutes import Decision, ItemKind, ItemSubject, Minutes
from itgov.model.person_names import NotOnePerson, called, names_in
from itgov.report.minutes_document import minutes_document
from itgov.report.write_markdown import markdown
from itgov.review.agenda import build_agenda, make_item
from itgov.review.close import close, discard, record_days
from itgov.review.committing import message_of, ready
from itgov.review.consequences import Carrying, edits_of, proposal_of
from itgov.review.decide import DecisionRefused, Overtaken, conflict_of, same, standing_edit
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
from itgov.review.standing import edit_stands, lost_edits
from itgov.review.storage import StoreProblem
from itgov.review.store import NoSession, ReviewStore
from itgov.review.types import AgendaItem, Session
from itgov.tui.state.room import Room

TROUBLE = (StoreProblem, NoSession, DecisionRefused, EditRefused)
"""What any step may raise; the text is for people."""

_CHANGES = 8
"""Commits of which an item tells what they have changed."""
_WAIT = 2.0
"""Seconds for which the room waits for another process, so that it never hangs for long."""


class Closed(Struct, frozen=True):
    """What closing a session wrote, and what can be committed of it."""

    session: Session
    minutes: Minutes
    written: tuple[str, ...]
    notes: tuple[str, ...]
    commit: tuple[str, ...] = ()
    """Paths that a commit would take; none where git cannot."""
    why_not: str | None = None
    branch: str | None = None


class OpenSession:
    """The seat of this room in one open session."""

    def __init__(self, room: Room, name: str | None = None) -> None:
        """Sit down in a session, the only open one if none is named.  Raises one of `TROUBLE`."""
        self.store = ReviewStore(room.root, _WAIT)
        self.session = self.store.session(name)
        self.recorder = SessionRecorder(self.store, self.session.id, _hand())
        self._stamp = self.store.stamp()
        self._commits: dict[str, CommitDetails | None] = {}
        self._carried: list[tuple[ItemSubject, Carrying]] = []
        """The edits that this room has made with decisions, so that they can be taken back."""
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
        self._take(self.recorder.session())
        records = []
        for number, item in enumerate(self.session.items, start=1):
            if item.revision != before.get(number, 0) and item.decisions:
                last = item.decisions[-1]
                who = self.room.person(last.decision.by) or last.hand or "somebody"
                records.append(f"{who} has recorded `{last.decision.decision}` on item {number}")
        if self.session.state != "open":
            records.append(f"session {self.session.id} is {self.session.state}")
        return records

    def _take(self, session: Session) -> None:
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
        with self.store.editing(), Carrying(self.room.root, proposal) as carried:
            session = self.recorder.decide(
                item.subject,
                carried.noted(decision),
                people=self.room.portfolio.people,
                rules=self.room.rules,
                seen=item.revision,
                replace=replace,
                again=self._again(item, decision),
                edits=carried.edits,
                advance=False,  # what was decided stays on the screen until somebody goes on
            )
        self._take(session)
        if carried.edits:
            self._carried.append((item.subject, carried))
        return bool(carried.edits)

    def edited(self, proposal: Proposal, back: bool = False) -> None:
        """Keep that the room has edited files in the meeting, or has taken an edit back."""
        edits = edits_of(proposal, back)
        if edits and self.session.state == "open":
            self._take(self.recorder.edited(edits, proposal.scenario, back))

    def withdraw(self, item: AgendaItem) -> tuple[Decision, bool]:
        """Take back what was recorded last on an item; return it, and whether its edit stays.

        An edit that this room has made is taken back too, where nobody has changed the file since.
        """
        with self.store.editing():
            session, taken = self.recorder.withdraw(item.subject, item.revision)
            self._take(session)
            if not taken.decision.edited:
                return taken.decision, False
            known = [c for s, c in self._carried if s == item.subject]
            carried = known[-1] if known else None
            made = carried.decision if carried is not None else None
            if carried is None or carried.proposal is None or made is None:
                return taken.decision, True
            if not same(made, taken.decision):
                return taken.decision, True
            try:
                carried.undo_history.undo()
            except EditRefused:
                return taken.decision, True
            self.edited(carried.proposal, back=True)
            self._carried.remove((item.subject, carried))
        return taken.decision, False

    def go_to(self, number: int) -> None:
        """Go to an item; the time goes to the one that is left."""
        if number != self.session.at:
            self._take(self.recorder.go_to(number))

    def before(self, item: AgendaItem) -> None:
        """Go to the item before another."""
        number = self.session.items.index(item) + 1
        earlier = [n for n, _ in self.session.on_agenda if n < number]
        if not earlier:
            raise DecisionRefused("this is the first item")
        self.go_to(earlier[-1])

    def after(self, item: AgendaItem) -> None:
        """Go from an item to the next one on which nothing was said as a whole."""
        self._take(self.recorder.after(item.subject))

    def put(self, kind: ItemKind, identifier: str) -> AgendaItem:
        """Put something on the agenda, or back on it."""
        portfolio = self.room.portfolio
        entries = {i: item.entry for i, item in self.room.items.items()}
        subject = ItemSubject(kind=kind, id=identifier)
        unit = identifier if kind == "business_unit" else None
        item = make_item(portfolio, subject, unit, entries)
        item.marks = [mark_of(f) for f in self._dossiers.findings.get(subject, ())]
        self._take(self.recorder.add(item, "added in the meeting"))
        return item

    def drop(self, item: AgendaItem) -> None:
        """Take an item off the agenda."""
        self._take(self.recorder.drop(item.subject))

    def move(self, item: AgendaItem, to: int) -> None:
        """Give an item another place."""
        self._take(self.recorder.move(item.subject, to))

    # -- closing -----------------------------------------------------------------------------

    def discard(self) -> None:
        """Drop the session without minutes."""
        self._take(discard(self.store, self.session.id))

    def close(self) -> Closed:
        """Write the minutes and close the session.  Raises one of `TROUBLE`."""
        room = self.room
        folder = room.repository.config.paths.reviews
        portfolio = room.portfolio
        names = called(portfolio)
        units = {i: u.name for i, u in portfolio.units.items()}
        with self.store.editing():
            lost = lost_edits(room.governed.linked, self.session)
            session, notes = record_days(self.store, self.session, room.governed.linked)
            session, minutes, written = close(
                self.store,
                session.id,
                folder,
                portfolio.minutes,
                told=lambda minutes: markdown(minutes_document(minutes, names, units, room.name)),
                lost=lost,
            )
            notes += [edit.says for edit in lost]
        if session.id != self.session.id:
            notes.append(f"there are minutes of another session {self.session.id}")
        self._take(session)
        try:
            branch = may_commit(room.root)
            found = ready(room.root, session, written)
        except GitError as refused:
            return Closed(session, minutes, tuple(written), tuple(notes), why_not=str(refused))
        return Closed(
            session,
            minutes,
            tuple(written),
            (*notes, *found.left),
            tuple(found.paths),
            None,
            branch,
        )

    def commit(self, closed: Closed) -> Committed:
        """Commit just what belongs to the session.  Raises `GitError`."""
        message = message_of(closed.session, closed.minutes)
        return commit(self.room.root, closed.commit, message)


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


def _hand() -> str:
    """Return the name of the account at the keyboard, or nothing where it has none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


__all__ = [
    "TROUBLE",
    "ChangedMeanwhile",
    "Closed",
    "OpenSession",
    "Overtaken",
    "dated",
    "open_sessions",
]
