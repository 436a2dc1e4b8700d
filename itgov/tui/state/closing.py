"""Closing the session of a room: minutes, the days of its reviews, and a commit of just these."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from itgov.files.git import GitError
from itgov.files.git_commit import Committed, commit, may_commit
from itgov.model.minutes import Minutes
from itgov.model.person_names import called
from itgov.report.blocks import Block, Heading
from itgov.report.closing_words import commit_message
from itgov.report.minutes_document import minutes_document
from itgov.report.write_markdown import markdown
from itgov.report.write_terminal import terminal
from itgov.review.close import close, record_days
from itgov.review.closing import Closing, closing
from itgov.review.committing import ready
from itgov.review.standing import lost_edits
from itgov.review.types import Session
from itgov.tui.state.open_session import OpenSession
from itgov.tui.widgets.styled_text import Line, Role


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


def closing_of(meeting: OpenSession) -> Closing:
    """Return what closing the session would do."""
    room = meeting.room
    folder = room.repository.config.paths.reviews
    return closing(room.root, room.governed.linked, meeting.session, folder)


def minutes_text(meeting: OpenSession, minutes: Minutes) -> str:
    """Return minutes for people, as they stand beside their record."""
    return markdown(_document(meeting, minutes))


def minutes_preview(meeting: OpenSession, minutes: Minutes) -> list[Line]:
    """Return the lines of minutes as a terminal shows them."""
    lines: list[Line] = []
    for block in _document(meeting, minutes):
        role: Role = "strong" if isinstance(block, Heading) else ""
        lines += [((line, role),) for line in terminal([block]).splitlines()]
        lines.append(())
    return lines


def _document(meeting: OpenSession, minutes: Minutes) -> Iterable[Block]:
    room = meeting.room
    units = {i: u.name for i, u in room.portfolio.units.items()}
    return minutes_document(minutes, called(room.portfolio), units, room.name)


def close_session(meeting: OpenSession) -> Closed:
    """Write the minutes and close the session.  Raises one of `TROUBLE`."""
    room = meeting.room
    folder = room.repository.config.paths.reviews
    portfolio = room.portfolio
    with meeting.store.editing():
        lost = lost_edits(room.governed.linked, meeting.session)
        session, notes = record_days(meeting.store, meeting.session, room.governed.linked)
        session, minutes, written = close(
            meeting.store,
            session.id,
            folder,
            portfolio.minutes,
            told=lambda minutes: minutes_text(meeting, minutes),
            lost=lost,
        )
        notes += [edit.says for edit in lost]
    if session.id != meeting.session.id:
        notes.append(f"there are minutes of another session {meeting.session.id}")
    meeting.take_session(session)
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


def commit_session(meeting: OpenSession, closed: Closed) -> Committed:
    """Commit just what belongs to the session.  Raises `GitError`."""
    message = commit_message(closed.minutes, called(meeting.room.portfolio))
    return commit(meeting.room.root, closed.commit, message)
