"""What closing a session would do, worked out before anything is written."""

from __future__ import annotations

import posixpath
from pathlib import Path

from msgspec import Struct

from itgov.files.git import GitError
from itgov.files.git_commit import may_commit
from itgov.files.linked import Linked
from itgov.files.proposal import Proposal
from itgov.files.save import EditRefused
from itgov.model.minutes import Minutes
from itgov.review.close import minutes_of
from itgov.review.committing import ready, uncommitted_scenarios, unsaved_scenarios
from itgov.review.consequences import reviewed
from itgov.review.standing import LostEdit, lost_edits
from itgov.review.types import Session


class Closing(Struct, frozen=True):
    """What closing a session would write, edit and commit."""

    minutes: Minutes
    """As they would be closed, without their seal."""
    days: Proposal
    """The edit of `last_reviewed` and `next_review` in the portfolio's files."""
    left: tuple[str, ...]
    """What would not be recorded, or not be committed, each a sentence."""
    lost: tuple[LostEdit, ...]
    """Recorded edits that no longer stand in the files."""
    written: tuple[str, ...]
    """Paths of the minutes, and of the version for people."""
    commit: tuple[str, ...]
    """Paths that a commit would take; none where git cannot."""
    branch: str | None = None
    """Where a commit would go; None for a detached HEAD."""
    why_not: str | None = None
    """Why git could not commit, if it could not."""

    def does_the_same(self, other: Closing) -> bool:
        """Say whether what another one closes, edits and leaves is the same, whenever it is done."""
        return self._does() == other._does()

    def _does(self) -> tuple[object, ...]:
        decisions = [(item.subject, item.decisions) for item in self.minutes.items]
        return decisions, self.days, self.left, self.lost, self.written, self.commit


def closing(
    root: Path, linked: Linked, session: Session, folder: str, *, days: bool = True
) -> Closing:
    """Return what closing a session would do; without `days` no investment's days are recorded.

    Where minutes of another session have its name, closing takes the next one that is free.
    """
    lost = lost_edits(linked, session, days=days)
    edit, left = Proposal("Nothing"), list[str]()
    if days:
        try:
            edit, left = reviewed(linked, session)
        except EditRefused as refused:
            left = [f"the day of the review cannot be recorded in the portfolio: {refused}"]
    left = [*left, *unread_words(linked), *unsaved_scenarios(linked, session)]
    record = posixpath.join(folder, f"{session.id}.yaml")
    written = (record, record.removesuffix(".yaml") + ".md")
    minutes = minutes_of(session, lost=lost)
    try:
        branch = may_commit(root)
        found = ready(root, session, written, edit)
        left += uncommitted_scenarios(root, linked, session)
    except GitError as refused:
        return Closing(minutes, edit, tuple(left), tuple(lost), written, (), why_not=str(refused))
    return Closing(
        minutes, edit, (*left, *found.left), tuple(lost), written, tuple(found.paths), branch
    )


def unread_words(linked: Linked) -> list[str]:
    """Say which files cannot be read, so that what they hold may be missing from the agenda."""
    files = ", ".join(sorted(linked.unread))
    return [f"cannot be read, and may hold what was not on the agenda: {files}"] if files else []
