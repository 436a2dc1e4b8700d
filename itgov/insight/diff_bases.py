"""What a work tree may be compared with: HEAD, or where the portfolio stood at an earlier moment."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, get_args

from msgspec import Struct

from itgov.files.git import GitError
from itgov.files.git_history import Commit, History
from itgov.insight.trend_periods import named_days
from itgov.model.portfolio import MinutesEntry

BaseKind = Literal["uncommitted", "last-commit", "yesterday", "review", "revision"]
BASE_KINDS: tuple[BaseKind, ...] = get_args(BaseKind)


class DiffBase(Struct, frozen=True):
    """What is compared with: `commit` is its id, None for HEAD, and `label` says it in words."""

    label: str = "not committed"
    commit: str | None = None


def diff_base(
    root: Path,
    kind: BaseKind,
    today: datetime.date,
    minutes: Sequence[MinutesEntry] = (),
    revision: str = "",
) -> DiffBase:
    """Return the commit that a kind of base means on a day.

    `revision` is a revision of git, or a day: how things stood at its end.  Raises `GitError`.
    """
    if kind == "uncommitted":
        return DiffBase()
    with History(root) as history:
        head = history.resolve("HEAD")
        if kind == "last-commit":
            line = history.line(head)
            if len(line) < 2:
                raise GitError("the last commit is the first that git has here; none is before it")
            return DiffBase(f"the last commit, {_named(head)}, and since", line[-2].id)
        if kind == "yesterday":
            return _day(history, head, today - datetime.timedelta(days=1))
        if kind == "review":
            return _review(history, head, minutes)
        if (days := named_days(revision.strip())) is not None:
            return _day(history, head, days[1])
        found = history.resolve(revision)
        return DiffBase(f"since {revision.strip()}, {_named(found)}", found.id)


def _day(history: History, head: Commit, day: datetime.date) -> DiffBase:
    found = next((c for c in reversed(history.line(head)) if c.date <= day), None)
    if found is None:
        raise GitError(f"git has no commit of {day} or before here")
    return DiffBase(f"since the end of {day}, {_named(found)}", found.id)


def _review(history: History, head: Commit, minutes: Sequence[MinutesEntry]) -> DiffBase:
    """Return the last commit of the newest minutes; where there is none yet, the last of their day."""
    newest = max(minutes, key=lambda m: (m.record.review.date, m.source.path), default=None)
    if newest is None:
        raise GitError("no review session has been closed here yet")
    path = history.git.below_top(newest.source.path)
    told = history.git.read("rev-list", "-n", "1", head.id, "--", path).decode().strip()
    if not told:
        day = newest.record.review.date
        base = _day(history, head, day)
        return DiffBase(
            f"{base.label} (the minutes {newest.record.review.id} are not committed)", base.commit
        )
    return DiffBase(
        f"since the review {newest.record.review.id}, {_named(history.resolve(told))}", told
    )


def _named(commit: Commit) -> str:
    return f"{commit.id[:7]} of {commit.date}"
