"""What is not committed in the room's repository, and the branch it is on, read beside the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from textual.app import App

from itgov.tui.background.measured_history import Beside

if TYPE_CHECKING:
    from itgov.files.changed_texts import ChangedText
    from itgov.files.git_branch import BranchState
    from itgov.files.git_changes import SeenFiles
    from itgov.insight.diff_bases import BaseKind, DiffBase
    from itgov.insight.diff_files import FileDiffs
    from itgov.tui.state.room import Room


_PATIENCE = 2.0
"""Seconds that a commit's message waits for what changed to be known in words."""


class FoundChanges(Struct):
    """What differs from a base: the files, and what could not be compared."""

    base: DiffBase
    files: dict[str, ChangedText]
    """By path, in order."""
    notes: tuple[str, ...] = ()


class WantedBase(Struct, frozen=True):
    """What is to be compared with, as it was chosen."""

    kind: BaseKind = "uncommitted"
    revision: str = ""


class Uncommitted:
    """Reads the branch with every room, and the changed files while somebody looks at them.

    `changed` is called when there is something else to show; `is_shown` says whether anybody looks.
    """

    def __init__(
        self, app: App[Any], changed: Callable[[], object], is_shown: Callable[[], bool]
    ) -> None:
        self._changed = changed
        self._is_shown = is_shown
        self.branch: BranchState | None = None
        self.wanted = WantedBase()
        self.found: FoundChanges | None = None
        self.trouble = ""
        """Why the changed files are not known."""
        self.diffs: FileDiffs | str | None = None
        """What changed in the portfolio's words, or why that cannot be told; None until it is known."""
        self._room: Room | None = None
        self._reads = False
        self._compared: tuple[Room, dict[str, ChangedText]] | None = None
        """Of what the words are, or are being worked out."""
        self._seen: SeenFiles | None = None
        self._waiting: list[asyncio.Future[None]] = []
        self._branch: Beside[BranchState | str | None] = Beside(app, "branch")
        self._files: Beside[FoundChanges | str] = Beside(app, "uncommitted")
        self._words: Beside[FileDiffs | str] = Beside(app, "words")

    @property
    def why_nothing(self) -> str:
        """Why there is nothing to commit; nothing where there is."""
        if self.wanted.kind != "uncommitted":
            return "the list is compared with an earlier state; compare with the last commit first"
        if self.found is None:
            return self.trouble
        return "" if self.found.files else "every file is as it was committed"

    def follow(self, room: Room) -> None:
        """Read the branch of a room's repository, and its changes where they are looked at."""
        self._room = room
        if not room.git:
            self.branch = None
            return
        self._branch.start(lambda *_: _branch_of(room), self._take_branch)
        if self._is_shown():
            self._read(room)

    def look(self, room: Room) -> None:
        """Read the changed files: somebody looks at them now."""
        self._room = room
        if room.git:
            self._read(room)

    def compare_with(self, wanted: WantedBase) -> None:
        """Compare with something else."""
        self.wanted, self.found, self.diffs, self.trouble = wanted, None, None, ""
        self._compared = None
        if self._room is not None and self._room.git:
            self._read(self._room)

    async def until_read(self) -> None:
        """Wait until the changed files are known, and for a moment for what changed in words."""
        end = monotonic() + _PATIENCE
        while self._is_reading and (self._reads or monotonic() < end):
            told: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(told)
            left = None if self._reads else end - monotonic()
            await asyncio.wait([told], timeout=left)

    @property
    def _is_reading(self) -> bool:
        if self._room is None or not self._room.git or self.trouble:
            return False
        return self._reads or (self._compared is not None and self.diffs is None)

    def _tell(self) -> None:
        self._changed()
        waiting, self._waiting = self._waiting, []
        for told in waiting:
            if not told.done():
                told.set_result(None)

    def stop(self) -> None:
        """Read nothing any longer."""
        for beside in (self._branch, self._files, self._words):
            beside.stop()

    def _take_branch(self, found: BranchState | str | None) -> None:
        self.branch = None if isinstance(found, str) else found
        self._changed()

    def _read(self, room: Room) -> None:
        from itgov.files.git_changes import SeenFiles

        seen = self._seen = self._seen or SeenFiles()
        wanted = self.wanted
        self._reads = True
        self._files.start(lambda *_: _read_changes(room, wanted, seen), self._take_files)

    def _take_files(self, found: FoundChanges | str) -> None:
        self._reads = False
        if isinstance(found, str):
            self.found, self.trouble, compared = None, found, None
        else:
            self.found, self.trouble = found, ""
            compared = (self._room, found.files) if self._room is not None and found.files else None
        if compared != self._compared:  # else the words are of just these contents
            self._compared, self.diffs = compared, None
            self._words.stop()
            if compared is not None and self.found is not None:
                self._word(compared[0], self.found)
        self._tell()

    def _word(self, room: Room, found: FoundChanges) -> None:
        from itgov.tui.background.history_jobs import compared_files

        base = found.base.commit or "HEAD"
        self._words.start(
            lambda progress, started: compared_files(room, base, progress, started),
            self._take_words,
        )

    def _take_words(self, found: FileDiffs | str) -> None:
        self.diffs = found
        self._tell()


def _branch_of(room: Room) -> BranchState | str | None:
    from itgov.files.git import GitError
    from itgov.files.git_branch import branch_state

    try:
        return branch_state(room.root)
    except GitError as error:
        return str(error)


def _read_changes(room: Room, wanted: WantedBase, seen: SeenFiles) -> FoundChanges | str:
    from itgov.files.changed_texts import changed_text
    from itgov.files.git import Git, GitError
    from itgov.files.git_changes import changed_files
    from itgov.files.git_objects import Objects
    from itgov.insight.diff_bases import diff_base

    try:
        minutes = room.portfolio.minutes
        base = diff_base(room.root, wanted.kind, room.today, minutes, wanted.revision)
        changed = changed_files(room.root, base.commit, seen)
        objects = Objects(Git(room.root))
        try:
            texts = {f.path: changed_text(room.root, f, objects) for f in changed.files}
        finally:
            objects.close()
    except GitError as error:
        return str(error)
    return FoundChanges(base, texts, changed.notes)
