"""From a path to a room: find the repository, read, link, judge.  Runs beside the room's screen."""

from __future__ import annotations

import datetime
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from itgov.model.errors import ItgovError
from itgov.model.finding import Place
from itgov.tui.state.room import Room

if TYPE_CHECKING:
    from itgov.files.parallel import Progress
    from itgov.files.proposal import Proposal
    from itgov.files.repository import Repository
    from itgov.files.sources import RawFile, Version, WorkTree
    from itgov.insight.diff_changes import Diff
    from itgov.insight.memory import Memory
    from itgov.rules.catalogue import RuleBook

WORTH_HELPING = 1_500_000
"""Bytes to parse from which a process beside the room pays for its start."""
WORTH_FREEZING = 2_000
"""Investments from which looking through all of them for cycles would be felt."""


class Trouble(Struct, frozen=True):
    """Why there is no room to show: what is wrong, where, and what to do.

    `empty` says that nothing is broken, there is no portfolio yet.
    """

    title: str
    lines: tuple[str, ...]
    advice: str
    empty: bool = False
    place: tuple[Path, Place] | None = None
    """The repository's folder, and the first place in it that is wrong."""


class EditsPolicy(ItgovError):
    """An edit changes by what is judged, so that it cannot be told what else it does."""


class _State(Struct, frozen=True):
    """All that a room follows from."""

    repository: Repository
    files: tuple[list[RawFile], ...]
    today: datetime.date
    git: str


class Loader:
    """Reads the repository at `path`, without one that of this folder, again and again.

    It keeps what it read and judged: what did not change is neither parsed nor judged again, and
    where nothing changed at all the room is the very same.  `helper` may fill the cache of what is
    parsed and judged from a process of its own, before much of it is done here.
    """

    def __init__(
        self,
        path: Path | None,
        today: datetime.date | None,
        helper: Callable[[Path, datetime.date, Progress], None] | None = None,
        *,
        sample: bool = False,
    ) -> None:
        self.path = path
        self.today = today
        self.helper = helper
        self.sample = sample
        """Whether the sample is wanted, whatever is there."""
        self.room: Room | None = None
        self._state: _State | None = None
        self._evidence: dict[str, bool] = {}
        self._book: tuple[list[RawFile], RuleBook] | None = None
        self._memory: Memory | None = None
        self._lock = Lock()

    def load(self, progress: Progress) -> Room | Trouble:
        """Return the room as the files are now, or why there is none."""
        with self._lock, gc_disabled():
            return self._load(progress)

    def settle(self) -> None:
        """Do what can wait: keep what was found for a later run, work out what other views show."""
        with self._lock:
            if self._memory is not None:
                self._memory.save()
                self._memory.get_ready()
            room = self.room
        if room is not None:
            with gc_disabled():
                room.work_out()
                freeze_large(room)

    def effect(self, room: Room, proposal: Proposal, progress: Progress) -> Diff:
        """Return what a proposal does to a room's findings and figures: what `itgov diff` says later.

        Only what the proposal changes is read and judged; what was found on it is used again when
        the room is read after the proposal is written.  Raises `ItgovError`.
        """
        from itgov.files.proposal import version_after
        from itgov.insight.diff import compare_governed
        from itgov.insight.flow import Flow
        from itgov.insight.memory import Memory

        repository = room.repository
        if any(repository.is_policy(file.path) for file in proposal.files):
            raise EditsPolicy("rules or settings change; all is judged again once it is written")
        after = version_after(repository, proposal)
        with self._lock, gc_disabled():
            if self._memory is None:
                self._memory = Memory()
            flow = Flow.remembering(self._memory, repository, progress)
            governed = flow.at(room.today, room.book, after)
            before = ("the files", repository.on_disk, room.governed)
            diff = compare_governed(before, ("the edit", after, governed))
        if room.book.health_errors:
            note = f"{room.book.health_path} has errors, so no score is known"
            diff = structs.replace(diff, units=(), notes=(*diff.notes, note))
        return diff

    def _load(self, progress: Progress) -> Room | Trouble:
        from itgov.files.repository import BrokenConfig, NoRepository

        try:
            return self._read(progress)
        except NoRepository as stop:
            return Trouble(
                "No portfolio here yet",
                (str(stop),),
                "Choose how to begin",
                empty=True,
            )
        except BrokenConfig as broken:
            places = [p.place(broken.document) for p in broken.problems]
            lines = tuple(
                f"{at.path}:{at.line}:{at.column}: {p.message}"
                for at, p in zip(places, broken.problems, strict=True)
            )
            return Trouble(
                "itgov.yaml cannot be used",
                lines,
                "Fix it: it is then read again.",
                place=(broken.root, places[0]),
            )
        except OSError as error:
            return Trouble(
                "The files cannot be read",
                (f"{error.filename or ''}: {error.strerror or error}",),
                "Fix it and press R.",
            )

    def _read(self, progress: Progress) -> Room | Trouble:
        from itgov.insight.flow import Flow
        from itgov.insight.memory import Memory

        repository, sample = self._find()
        version = repository.on_disk
        state = _state_of(repository, version, self.today or datetime.date.today(), sample)
        if self.room is not None and state == self._state and self._evidence_stands(version):
            return self.room
        book = self._rules(repository, version)
        if book.broken:
            wrong = book.errors
            return Trouble(
                "The rule files have errors, so nothing was enforced",
                tuple(f"{f.located()}: {f.message}" for f in wrong),
                "Fix them: they are then read again; `itgov rules check` lists them too.",
                place=(repository.root, wrong[0].place) if wrong else None,
            )
        if self._memory is None:
            self._memory = Memory()
            if self.helper is not None and self._memory.unread(version) > WORTH_HELPING:
                self.helper(repository.root, state.today, progress)
        governed = Flow.remembering(self._memory, repository, progress).at(
            state.today, book, version
        )
        room = Room(repository, governed, sample=sample, head=state.git)
        room.health_of  # noqa: B018 - what is shown first is worked out here, beside the screen
        self.room, self._state, self._evidence = room, state, version.source.asked
        freeze_large(room)
        return room

    def _evidence_stands(self, version: Version[WorkTree]) -> bool:
        """Say whether the files that results name as evidence are there, or not, as before."""
        return all(version.source.has_file(p) is known for p, known in self._evidence.items())

    def _find(self) -> tuple[Repository, bool]:
        from itgov.files.repository import Repository, find_repository
        from itgov.files.shipped import standard_root

        if self.sample:
            return Repository(standard_root()), True
        return find_repository(self.path or Path(".")), False

    def _rules(self, repository: Repository, version: Version[WorkTree]) -> RuleBook:
        from itgov.insight.flow import Flow

        if self._book is None or self._book[0] != version.rule_files:
            self._book = version.rule_files, Flow(repository).rules(version)
        return self._book[1]


def _state_of(
    repository: Repository, version: Version[WorkTree], today: datetime.date, sample: bool
) -> _State:
    from itgov.files.git_dir import find_git_dir

    files = (
        version.rule_files,
        version.portfolio_files,
        version.minutes_files,
        version.scenario_files,
    )
    git = find_git_dir(str(repository.root)) if not sample else None
    return _State(repository, files, today, git.state() if git is not None else "")


def freeze_large(room: Room, *, collect: bool = False) -> None:
    """Take a large room out of the garbage collector's scans, which would stop the screen.

    With all else that there is: what its views made of it, too.  Nothing in a `Room` may be in a
    reference cycle: a frozen one is never freed; `collect` frees those that there are, first.
    """
    if room.portfolio.investment_count >= WORTH_FREEZING:
        if collect:
            gc.collect()
        gc.freeze()


@contextmanager
def gc_disabled() -> Iterator[None]:
    """Turn the garbage collector off: it would double the time of reading, and find no cycle."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
