"""What a branch adds: the findings that the state it began from does not have."""

from __future__ import annotations

from msgspec import Struct

from itgov.files.git import GitError
from itgov.files.git_history import Commit, History
from itgov.files.git_objects import not_here
from itgov.files.repository import NoRepository
from itgov.insight.diff import parse_range, under_new_ids
from itgov.insight.diff_identity import new_ids
from itgov.insight.flow import Flow
from itgov.insight.governed import Governed
from itgov.model.finding import Finding


class Since(Struct):
    """The findings that a revision does not have, and which commits it parted at."""

    findings: list[Finding]
    bases: list[Commit]
    """The first is the one that was compared with; lines merged into each other have several."""


def findings_since(flow: Flow, governed: Governed, revisions: str) -> Since:
    """Return the findings of a judged work tree that the state it parted from does not have.

    `revisions` is `REV`, `REV..HEAD` or `REV...HEAD`: HEAD's line of history and REV's are followed
    back to where they parted, so that what others have since changed at REV counts neither way.
    That state is judged by the same rules as of the same day.  Records that have other ids since
    keep their findings; one that was waived then and is not now is new.  What keeps records from being
    judged now is told though it did then: what the branch adds there is not known.  Raises `GitError`.
    """
    with History(flow.repository.root) as history:
        bases = _bases(history, revisions)
        base = bases[0]
        snapshot = history.snapshot(base)
        version = flow.repository.version(snapshot)
        try:
            earlier = flow.at(governed.linked.portfolio.today, governed.book, version)
        except NoRepository:
            return Since(list(governed.judged.findings), bases)  # the portfolio is younger
        if snapshot.submodules:
            raise GitError(
                f"`{min(snapshot.submodules)}` is a git submodule, whose files of then are in a repository of their own"
            )
        if snapshot.lacking:
            raise not_here(
                f"{len(snapshot.lacking):,} of the files at {base.id[:10]} "
                f"({min(snapshot.lacking)} among them)"
            )
    ids = new_ids(earlier.linked.portfolio, governed.linked.portfolio)
    known = under_new_ids(earlier.judged.findings, ids)
    marks = {(f.fingerprint, f.waived) for f in known} | {(f.fingerprint, True) for f in known}
    linked = governed.linked
    new = [
        f
        for f in governed.judged.findings
        if (f.fingerprint, f.waived) not in marks
        or (f.rule, f.place) in linked.hiding
        or f.path in linked.unread
    ]
    return Since(new, bases)


def _bases(history: History, revisions: str) -> list[Commit]:
    older, newer, _ = parse_range(revisions)
    head = history.resolve("HEAD")
    last = history.resolve(newer) if newer is not None else head
    if not history.contains(head, last):
        raise GitError(
            f"`{newer}` is not in the history of what is checked out: check it out, or compare two "
            f"revisions by `itgov diff {revisions}`"
        )
    return history.merge_bases(history.resolve(older), last)
