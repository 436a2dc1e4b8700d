"""Closing a session: from what the store keeps to minutes in the repository, for good."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from msgspec import structs

from itgov.files.linked import Linked
from itgov.files.load import read_minutes
from itgov.files.save import EditRefused, digest, save
from itgov.files.sources import RawFile
from itgov.files.undo import UndoHistory
from itgov.files.write import clean, document, plain
from itgov.model.minutes import Answerable, Decision, EditStands, Minutes, MinutesItem, Review
from itgov.model.portfolio import MinutesEntry
from itgov.review.chain import heads, seal
from itgov.review.clock import Clock, SystemClock, stamp
from itgov.review.consequences import edits_of, reviewed
from itgov.review.decide import DecisionRefused
from itgov.review.seen import gathered
from itgov.review.standing import LostEdit
from itgov.review.store import ReviewStore
from itgov.review.types import Recorded, Session

HEADER = (
    "# yaml-language-server: $schema=../schema/review.schema.json\n"
    "# Minutes of a closed review session.  Do not edit them: `itgov review verify` reports it.\n"
)


def minutes_of(
    session: Session, closed: str | None = None, lost: Sequence[LostEdit] = ()
) -> Minutes:
    """Return the minutes of a session as they would be closed now, without a seal.

    `lost` are the recorded edits that are no longer in the files.
    """
    gone = {(edit.number, edit.at): edit.stands for edit in lost}
    items = [
        MinutesItem(
            subject=item.subject,
            title=item.title or None,
            business_unit=item.business_unit,
            points=_short(item.points),
            money=_short(item.money),
            # why the others were on the agenda is found anew when they come back
            answerable=item.answerable if item.decisions else Answerable(),
            reasons=item.reasons if item.decisions else [],
            decisions=[_signed(r, gone.get((number, at))) for at, r in enumerate(item.decisions)],
            seconds=item.seconds or None,
        )
        for number, item in session.on_agenda
    ]
    marks = dict.fromkeys(session.carried)
    for _, item in session.on_agenda:
        verdict = item.verdict
        if verdict is not None and verdict.decision != "skip":
            marks |= dict.fromkeys(item.marks)
    known: dict[str, str] = {}
    for mark in marks:  # a finding that was seen anew is as it was seen last
        known[mark.rpartition(" ")[2]] = mark
    return Minutes(
        review=Review(
            id=session.id,
            date=session.date,
            business_unit=session.business_unit,
            chair=session.chair,
            present=session.present,
            scenarios=session.scenarios,
            opened=session.opened or None,
            closed=closed,
        ),
        items=items,
        findings=gathered(known.values()),
    )


def _signed(recorded: Recorded, stands: EditStands | None) -> Decision:
    """Return a decision as minutes have it: with the account, where it names nobody.

    `stands` is what is wrong with its edit, if anything.
    """
    decision = structs.replace(recorded.decision, stands=stands or recorded.decision.stands)
    if decision.by is not None or not recorded.hand:
        return decision
    return structs.replace(decision, account=clean(recorded.hand))


def _short(number: float) -> float | None:
    """Return a number as people write it; nothing for none."""
    return (int(number) if number == int(number) else number) or None


def text_of(minutes: Minutes) -> str:
    """Return minutes as the text of their file."""
    return HEADER + document(plain(minutes))


def close(
    store: ReviewStore,
    name: str,
    folder: str,
    earlier: Iterable[MinutesEntry],
    *,
    told: Callable[[Minutes], str],
    lost: Sequence[LostEdit] = (),
    clock: Clock | None = None,
) -> tuple[Session, Minutes, list[str]]:
    """Write the minutes of a session into `folder` and close it; return it, them and their paths.

    `earlier` are the minutes of closed sessions, which these will follow; `told` gives the text of
    the version for people, which is written beside the record, `lost` the recorded edits that are no
    longer in the files.  Where the process is killed in
    between, closing again finds what it has left and finishes.  Where another session's minutes
    have its name, brought in from elsewhere, the session takes the next name that is free.
    Raises `Refused`, `EditRefused`, `NoSession` and `StoreProblem`.
    """
    moment = stamp((clock or SystemClock()).now())
    root = store.root
    with store.change(name) as session:
        if session.state != "open":
            raise DecisionRefused(f"session {session.id} is {session.state} already")
        known = list(earlier)
        _take_free_name(root, folder, session, known)
        path = posixpath.join(folder, f"{session.id}.yaml")
        others = [m for m in known if m.record.review.id != session.id]
        minutes = minutes_of(session, moment, lost)
        minutes = seal(minutes, heads(others), told(minutes))
        again = (root / path).is_file()
        _write(root, path, text_of(minutes))
        beside = write_beside(root, path, told(minutes), over=again)
        session.state = "closed"
        session.closed = moment
        session.record = path
        session.hash = minutes.seal.hash if minutes.seal is not None else None
        session.carried = []
        for item in session.items:  # the record has these from now on
            item.reasons, item.marks = [], []
    return session, minutes, [path, beside]


def _take_free_name(
    root: Path, folder: str, session: Session, known: Iterable[MinutesEntry]
) -> None:
    """Give a session another id where minutes of a different session have its own."""
    foreign = {m.record.review.id for m in known if m.record.review.opened != session.opened}
    first, number = session.id, 2
    while session.id in foreign or not _is_own(root, folder, session):
        session.id, number = f"{first}-{number}", number + 1
    if session.id == first:
        return
    for item in session.items:
        item.decisions = [
            structs.replace(r, decision=_renamed(r.decision, first, session.id))
            for r in item.decisions
        ]


def _renamed(decision: Decision, old: str, new: str) -> Decision:
    """Return a decision in which the session's own actions have its new name."""
    review, _, number = (decision.action or "").rpartition("/")
    return structs.replace(decision, action=f"{new}/{number}") if review == old else decision


def _is_own(root: Path, folder: str, session: Session) -> bool:
    """Say whether there is no file of the session's name, or just its own, left half done."""
    path = posixpath.join(folder, f"{session.id}.yaml")
    try:
        raw = (root / path).read_bytes()
    except FileNotFoundError:
        return True
    except OSError as error:
        raise EditRefused(f"{path}: cannot be read: {error.strerror or error}") from error
    left = read_minutes(RawFile(path, raw)).content
    return isinstance(left, Minutes) and (left.review.id, left.review.opened) == (
        session.id,
        session.opened,
    )


def record_days(store: ReviewStore, session: Session, linked: Linked) -> tuple[Session, list[str]]:
    """Record the session's day in the portfolio, on what it decided on; return what could not be.

    The files are edited at once, and the session keeps which.  Raises `StoreProblem`.
    """
    try:
        proposal, left = reviewed(linked, session)
        changed = UndoHistory(store.root).write(proposal)
    except EditRefused as refused:
        return session, [f"the day of the review was not recorded in the portfolio: {refused}"]
    if not changed:
        return session, left
    with store.change(session.id) as current:
        current.edits = [
            *current.edits,
            *edits_of(proposal),
        ]
    return current, left


def write_beside(root: Path, path: str, text: str, *, over: bool = True) -> str:
    """Write the version for people beside the record, and return its path.

    Raises `EditRefused` where a file is there already, unless `over` says that it may give way.
    """
    beside = path.removesuffix(".yaml") + ".md"
    target = root / beside
    was = digest(target.read_bytes()) if over and target.is_file() else None
    try:
        save(root, target, text.encode(), was)
    except EditRefused as refused:
        if was is None and target.is_file():
            raise EditRefused(
                f"{beside} exists already, and is not of these minutes; move it away first"
            ) from refused
        raise
    return beside


def discard(store: ReviewStore, name: str, clock: Clock | None = None) -> Session:
    """Drop an open session without minutes; its id is free again."""
    with store.change(name) as session:
        if session.state != "open":
            raise DecisionRefused(f"session {session.id} is {session.state} already")
        session.state = "discarded"
        session.id = f"{session.id} discarded {stamp((clock or SystemClock()).now())}"
        session.items, session.carried = [], []
    return session


def _write(root: Path, path: str, text: str) -> None:
    """Write the record, over nothing but what closing the same session has left half done."""
    target = root / path
    save(root, target, text.encode(), digest(target.read_bytes()) if target.is_file() else None)
