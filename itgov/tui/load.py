"""From a path to a room: find the repository, read, link, judge.  Runs beside the room's screen."""

from __future__ import annotations

import datetime
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from msgspec import Struct

from itgov.model.finding import Place
from itgov.tui.room import Room

if TYPE_CHECKING:
    from itgov.files.cached_files import CachedReader
    from itgov.files.repository import Repository
    from itgov.files.sources import RawFile
    from itgov.rules.book import RuleBook
    from itgov.rules.rejudge import Rejudge

Progress = Callable[[str, float], None]

WORTH_HELPING = 1_500_000
"""Bytes to parse from which a process beside the room pays for its start."""
WORTH_FREEZING = 2_000
"""Investments from which looking through all of them for cycles would be felt."""


class Trouble(Struct, frozen=True):
    """Why there is no room to show: what is wrong, where, and what to do.

    `empty` says that nothing is broken, there is only nothing yet.
    """

    title: str
    lines: tuple[str, ...]
    advice: str
    empty: bool = False
    place: tuple[Path, Place] | None = None
    """The repository's folder, and the first place in it that is wrong."""


class _State(Struct, frozen=True):
    """All that a room follows from."""

    repository: Repository
    rules: list[RawFile]
    files: list[RawFile]
    minutes: list[RawFile]
    today: datetime.date
    git: str


class Loader:
    """Reads the repository at `path`, without one here or else the sample, again and again.

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
        self._book: tuple[list[RawFile], RuleBook] | None = None
        self._reader: CachedReader | None = None
        self._rejudge: Rejudge | None = None
        self._lock = Lock()

    def load(self, progress: Progress) -> Room | Trouble:
        """Return the room as the files are now, or why there is none."""
        with self._lock, _undisturbed():
            return self._load(progress)

    def settle(self) -> None:
        """Do what can wait: keep what was found for a later run, work out what other views show."""
        with self._lock:
            if self._rejudge is not None:
                self._rejudge.save()
            room = self.room
        if room is not None:
            with _undisturbed():
                room.work_out()
            _keep(room)

    def _load(self, progress: Progress) -> Room | Trouble:
        from itgov.files.repository import BrokenConfig, NoRepository

        try:
            return self._read(progress)
        except NoRepository as stop:
            return Trouble(
                "No portfolio here",
                (str(stop),),
                "An empty repository: nothing is wrong, there is only nothing yet.",
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
                "Mend it: it is read again then.",
                place=(broken.root, places[0]),
            )
        except OSError as error:
            return Trouble(
                "The files cannot be read",
                (f"{error.filename or ''}: {error.strerror or error}",),
                "Mend that and press R.",
            )

    def _read(self, progress: Progress) -> Room | Trouble:
        from itgov.files.cached_files import CachedReader
        from itgov.files.link import link
        from itgov.files.load import read_minutes
        from itgov.files.repository import NoRepository
        from itgov.rules.govern import Governed, look_back
        from itgov.rules.rejudge import Rejudge

        repository, sample = self._find()
        state = _state_of(repository, self.today or datetime.date.today(), sample)
        if self.room is not None and state == self._state:
            return self.room
        book = self._rules(repository, state)
        if book.broken:
            wrong = [f for f in book.problems if f.severity == "error"]
            return Trouble(
                "The rule files are broken, so nothing was enforced",
                tuple(f"{f.path}:{f.line}:{f.column}: {f.message}" for f in wrong),
                "Mend them: they are read again then; `itgov rules check` lists them too.",
                place=(repository.root, wrong[0].place) if wrong else None,
            )
        if not state.files:
            folder = repository.config.paths.portfolios
            raise NoRepository(
                f"no portfolio file found in `{folder}/`; start one with `itgov init`"
            )
        if self._reader is None or self._rejudge is None:
            self._reader, self._rejudge = CachedReader(), Rejudge(str(repository.root.resolve()))
            if self.helper is not None and self._reader.missing(state.files) > WORTH_HELPING:
                self.helper(repository.root, state.today, progress)
        read = self._reader.read(state.files, progress)
        minutes = [read_minutes(raw) for raw in state.minutes]
        linked = link(read, state.today, minutes)
        look_back(repository, book, linked, None, state.files, read)
        judged = self._rejudge.judge(linked, book, progress)
        governed = Governed(linked, judged, len(state.files))
        room = Room(repository, book, governed, sample=sample, head=state.git)
        room.health_of  # noqa: B018 - what is shown first is worked out here, beside the screen
        self.room, self._state = room, state
        _keep(room)
        return room

    def _find(self) -> tuple[Repository, bool]:
        from itgov.files.repository import NoRepository, Repository, find_repository
        from itgov.files.shipped import standard_root

        if self.sample:
            return Repository(standard_root()), True
        try:
            return find_repository(self.path or Path(".")), False
        except NoRepository:
            if self.path is not None or self.room is not None:
                raise  # figures of another organisation in the place of one's own mislead
            return Repository(standard_root()), True

    def _rules(self, repository: Repository, state: _State) -> RuleBook:
        from itgov.rules.govern import rules_of

        if self._book is None or self._book[0] != state.rules:
            self._book = state.rules, rules_of(repository)
        return self._book[1]


def _state_of(repository: Repository, today: datetime.date, sample: bool) -> _State:
    from itgov.files.git_dir import find_git_dir

    tree = repository.tree
    rules = [file for folder in repository.rule_folders for file in tree.files(folder)]
    git = find_git_dir(str(repository.root)) if not sample else None
    return _State(
        repository,
        rules,
        tree.files(repository.config.paths.portfolios),
        tree.files(repository.config.paths.reviews),
        today,
        git.state() if git is not None else "",
    )


def _keep(room: Room) -> None:
    """Spare the room the collector's looks: none of it is part of a cycle."""
    if room.portfolio.investment_count >= WORTH_FREEZING:
        gc.freeze()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Look for no cycles while much is made that has none: it doubles the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
