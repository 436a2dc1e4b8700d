"""Where HEAD is: its branch, and how far that is from its upstream."""

from __future__ import annotations

import os
import re
from pathlib import Path

from msgspec import Struct

from itgov.files.git import Git, GitError

_TRACK = re.compile(r"(ahead|behind) (\d+)")


class BranchState(Struct, frozen=True):
    """The branch that is checked out, as git's own references say; nothing is fetched.

    `branch` is None for a detached HEAD, `head` where there is no commit yet, and `upstream` where
    the branch has none.  `gone` says that the upstream is configured and not there.
    """

    branch: str | None
    head: str | None
    upstream: str | None = None
    ahead: int = 0
    behind: int = 0
    gone: bool = False

    @property
    def says(self) -> str:
        """The state in words: "main, 2 ahead, 1 behind"."""
        if self.branch is None:
            return f"detached HEAD at {(self.head or '')[:7]}"
        return f"{self.branch}, {self.distance}"

    @property
    def is_level(self) -> bool:
        """Whether the branch and its upstream name the same commit."""
        return self.upstream is not None and not (self.gone or self.ahead or self.behind)

    @property
    def distance(self) -> str:
        """How far the branch is from its upstream, in words."""
        if self.head is None:
            return "no commit yet"
        if self.upstream is None:
            return "no upstream"
        if self.gone:
            return "upstream gone"
        apart = [f"{n:,} {way}" for n, way in ((self.ahead, "ahead"), (self.behind, "behind")) if n]
        return ", ".join(apart) or "level with upstream"


def branch_state(root: Path) -> BranchState | None:
    """Return where HEAD is in the repository around a folder; None where there is no git."""
    git = Git(root)
    if git.top is None:
        return None
    head = head_of(git)
    try:
        ref = _line(git.read("symbolic-ref", "--quiet", "HEAD"))
    except GitError:
        return BranchState(None, head)
    name = ref.removeprefix("refs/heads/")
    form = "--format=%(upstream)%00%(upstream:short)%00%(upstream:track,nobracket)"
    told = _line(git.read("for-each-ref", form, "--", ref)) if head is not None else ""
    upstream, short, track = (*told.split("\0"), "", "", "")[:3]
    if not upstream:
        return BranchState(name, head)
    counts = {way: int(count) for way, count in _TRACK.findall(track)}
    return BranchState(
        name, head, short or upstream, counts.get("ahead", 0), counts.get("behind", 0), track == "gone"
    )  # fmt: skip


def head_of(git: Git) -> str | None:
    """Return the commit that HEAD names, or None where there is none yet.  Raises `GitError`."""
    if git.top is None:
        raise GitError(f"`{git.folder}` is not in a git repository")
    try:
        return _line(git.read("rev-parse", "--verify", "--quiet", "HEAD^{commit}"))
    except GitError:
        return None


def _line(told: bytes) -> str:
    return os.fsdecode(told).split("\n", 1)[0]
