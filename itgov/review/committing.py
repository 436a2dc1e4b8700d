"""What of a session is ready for a commit: its own files and edits, and nothing of anybody else's."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from itgov.files.git_commit import committed
from itgov.files.linked import Linked
from itgov.files.proposal import Proposal
from itgov.files.save import digest
from itgov.review.consequences import edits_of
from itgov.review.types import Edited, Session


class Ready(Struct):
    """The files that can be committed, and why others of the session cannot."""

    paths: list[str]
    left: list[str]
    """Each a sentence: a file that also holds what somebody else has changed, say."""


def ready(
    root: Path, session: Session, written: Sequence[str], planned: Proposal | None = None
) -> Ready:
    """Return what of a session can be committed whole, once a `planned` edit is written.

    A portfolio file that the session edited goes along where what HEAD lacks of it is nothing but
    these edits: it was as HEAD has it before the first, or before a later one where the others were
    committed meanwhile, and nobody has changed it in between or since.  One whose
    edits were all taken back holds nothing of the session, and of one that is as HEAD has it there is
    nothing to commit.
    """
    by_path: dict[str, list[Edited]] = {}
    for edit in session.edits:
        by_path.setdefault(edit.path, []).append(edit)
    then = {e.path: e for e in edits_of(planned)} if planned is not None else {}
    for path, edit in then.items():
        by_path.setdefault(path, []).append(edit)
    paths, left = list(written), []
    for path, edits in by_path.items():
        if path in paths:
            continue
        if path not in then and (_taken_back(root, path, edits) or _is_committed(root, path)):
            continue
        why = _foreign(root, path, edits, then.get(path))
        if why is None:
            paths.append(path)
        else:
            left.append(f"{path} {why}; commit it yourself")
    return Ready(paths, left)


def uncommitted_scenarios(root: Path, linked: Linked, session: Session) -> list[str]:
    """Say which scenarios that the session carried out stand in files that no commit has as they are."""
    edited = {edit.path for edit in session.edits}
    found = []
    for entry in linked.portfolio.scenarios:
        path = entry.source.path
        if entry.record.id not in session.scenarios or path in edited:
            continue
        if not _is_committed(root, path):
            found.append(f"{path}, which the minutes name, is not committed; commit it yourself")
    return found


def unsaved_scenarios(linked: Linked, session: Session) -> list[str]:
    """Say which scenarios that the session carried out have no file."""
    saved = {entry.record.id for entry in linked.portfolio.scenarios}
    return [
        f"the scenario {name}, which the minutes name, was never saved"
        for name in session.scenarios
        if name not in saved
    ]


def _taken_back(root: Path, path: str, edits: Sequence[Edited]) -> bool:
    """Say whether a file is as it was before the first of the session's edits, and nobody else's came between."""
    links = itertools.pairwise(edits)
    before = edits[0].before
    if edits[-1].after != before or any(a.after != b.before for a, b in links):
        return False
    try:
        return digest((root / path).read_bytes()) == before
    except FileNotFoundError:  # made in the session and taken back
        return digest(b"") == before
    except OSError:
        return False


def _is_committed(root: Path, path: str) -> bool:
    """Say whether a file is as HEAD has it, so that there is nothing to commit of it."""
    head = committed(root, path)
    if head is None:
        return False
    try:
        now = (root / path).read_bytes()
    except OSError:
        return False
    return head.replace(b"\r\n", b"\n") == now.replace(b"\r\n", b"\n")


def _foreign(root: Path, path: str, edits: Sequence[Edited], planned: Edited | None) -> str | None:
    """Return what a file holds beside the session's edits, or None where that is nothing.

    The last of them may be `planned`, and is not in the file yet.
    """
    try:
        now = digest((root / path).read_bytes())
    except OSError:
        return "is no longer there"
    if planned is not None and now == planned.before:
        now = planned.after
    head = committed(root, path)
    same = (
        () if head is None else (head, head.replace(b"\r\n", b"\n"), head.replace(b"\n", b"\r\n"))
    )
    known = [digest(raw) for raw in same]
    starts = [at for at, edit in enumerate(edits) if edit.before in known]
    first = starts[-1] if starts else 0  # those before are in HEAD, with whatever lay between
    left = edits[first:]
    if now != left[-1].after or any(a.after != b.before for a, b in itertools.pairwise(left)):
        return "also holds changes made during the session that are not the session's own"
    if head is None:
        return "was never committed, so the whole of it would be new"
    if not starts:
        return "had changes before the session that were not committed"
    return None
