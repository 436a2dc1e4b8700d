"""The log of a portfolio's changes, made from git's objects and kept from run to run.

A log is known by the commit that it ends with, so it never ages; a new commit costs its own step.
Each step looks only at the files that the commit changed, and each file content is parsed once
ever.  What cannot be read at a commit has not changed there.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from itgov.files.cached_files import ParsedFiles
from itgov.files.git import Git, GitError
from itgov.files.git_dir import GitDir, find_git_dir
from itgov.files.git_objects import AHEAD, Objects
from itgov.files.git_snapshot import Snapshot
from itgov.files.load import ReadFile
from itgov.files.object_ids import blob_id
from itgov.files.parallel import share
from itgov.files.repository import Repository
from itgov.files.shared_work import Tick
from itgov.files.sources import RawFile, Version, plain_folder
from itgov.files.typed_cache import TypedCache
from itgov.model.builtins import BUILT_IN
from itgov.model.change_log import UNCOMMITTED, Log, LoggedCommit, cut, records_of, step
from itgov.model.derive_history import derive_history
from itgov.model.nobody import own_words
from itgov.model.portfolio import Evidence, Portfolio
from itgov.model.types import OrganisationFile, UnitFile

if TYPE_CHECKING:
    from itgov.files.commit_folders import FolderFinder
    from itgov.files.git_history import Commit, History

_VERSION = "11"
_WORTH_SHARING = 400_000
"""Bytes of YAML to parse from which a second process pays for its start."""
_GUESSED_SIZE = 20_000
_AT_A_TIME = 5_000
"""Commits whose files are in memory together."""
_AHEAD_BYTES = 8_000_000
"""Bytes of files that are asked for ahead, as far as those before them tell."""


class _Said(Struct):
    """What one file content says, and whether all of it could be used."""

    sound: bool
    unit: UnitFile | None = None
    organisation: OrganisationFile | None = None

    @property
    def content(self) -> UnitFile | OrganisationFile | None:
        """What it says; None where not all of it could be used."""
        return self.unit or self.organisation


class GitFacts:
    """What git knows of a repository's portfolio, up to any commit and on disk."""

    def __init__(self, repository: Repository, git: GitDir) -> None:
        self.repository = repository
        self.git = git
        self.parsed = ParsedFiles()
        self._cache = TypedCache("git-history", Log)
        prefix = str(repository.root.resolve())[len(git.top) :]
        self.reach = git.reach
        """A text that changes when git is given more of the history, or less."""
        self._identity = (prefix, repository.config.paths.portfolios, self.reach)
        self._objects = Objects(Git(repository.root))
        self._logs: dict[str, Log] = {}
        self._places: dict[str, tuple[Log, int]] = {}
        self._said: dict[tuple[str, str], _Said] = {}
        self._disk: dict[tuple[str, str], str] = {}
        """By blob and path in the portfolio's folder, the files on disk."""
        self._read_disk: Callable[[str], ReadFile] | None = None

    def close(self) -> None:
        """End git's process."""
        self._objects.close()

    def prepare(self, commits: Sequence[str]) -> None:
        """Make the logs that are needed to tell of these commits, before others share them."""
        for commit in commits:
            self._at(commit)
        self.close()

    @property
    def is_elsewhere(self) -> bool:
        """Whether the portfolio's folder is a git repository of its own: a submodule."""
        root = self.repository.root
        inside = find_git_dir(str(root / self.repository.config.paths.portfolios))
        return inside is not None and inside.top != self.git.top

    # -- the facts ------------------------------------------------------------------------------

    def derive_at(self, portfolio: Portfolio, commit: str) -> None:
        """Fill in the facts of a portfolio as it was at a commit."""
        try:
            log, length = self._at(commit)
        except GitError as error:
            portfolio.evidence = Evidence("git failed", reason=str(error), partial=self.git.partial)
            return
        derive_history(portfolio, log, self._evidence(log), length)

    def derive_on_disk(
        self,
        portfolio: Portfolio,
        raw: Sequence[RawFile],
        read: Callable[[str], ReadFile],
        by_clock: bool = False,
    ) -> None:
        """Fill in the facts of the files on disk: what is not committed is the latest step.

        `raw` are all portfolio files, and `read` tells what the one at a path says; it is asked where git
        does not know that.  `by_clock` is as in `derive_history`.
        """
        try:
            head = self._head()
            if head is None:
                portfolio.evidence = Evidence("no commit")
                return
            listing, self._disk = _on_disk(self.repository, raw, len(head))
            self._read_disk = read  # what a commit has alike is not parsed again
            log = self.log(head)
            log = self._with_disk(log, listing, portfolio.today)
        except GitError as error:
            portfolio.evidence = Evidence("git failed", reason=str(error), partial=self.git.partial)
            return
        finally:
            self.close()
        derive_history(portfolio, log, self._evidence(log), by_clock=by_clock)

    def _head(self) -> str | None:
        head = self.git.head()
        if head is not None:
            return head
        try:
            from itgov.files.git_history import History

            return History(self.repository.root).resolve("HEAD").id
        except GitError as error:
            if "no commit yet" in str(error):
                return None
            raise

    def _evidence(self, log: Log) -> Evidence:
        return Evidence(
            shallow=self.git.shallow and log.first == 0,
            unread=log.unread,
            partial=self.git.partial,
        )

    # -- the log of a line -----------------------------------------------------------------

    def log(self, head: str) -> Log:
        """Return the log of the first-parent line that ends with a commit.  Raises `GitError`."""
        found = self._logs.get(head) or self._recall(head)
        if found is None:
            found = self._extended(head)
            self._cache.keep(self._key(head), found)
            self._cache.tidy()
        self._logs[head] = found
        return found

    def _at(self, commit: str) -> tuple[Log, int]:
        if commit not in self._places:
            log = self.log(commit) if not self._logs else self._on_a_known_line(commit)
            for index, logged in enumerate(log.commits):
                self._places.setdefault(logged.id, (log, index + 1))
        return self._places[commit]

    def _on_a_known_line(self, commit: str) -> Log:
        for log in self._logs.values():
            if any(c.id == commit for c in log.commits):
                return log
        return self.log(commit)

    def _key(self, head: str) -> str:
        # a log tells whom a post named, and which words are nobody's is for each repository to say
        return self._cache.key("log", _VERSION, head, *self._identity, *own_words())

    def _recall(self, head: str) -> Log | None:
        log = self._cache.recall(self._key(head))
        return log if log is not None and log.commits and log.commits[-1].id == head else None

    def _extended(self, head: str) -> Log:
        """Make a log from the longest one that is known of the same line."""
        # no module of these is wanted where the log is kept
        from itgov.files.commit_folders import FolderFinder
        from itgov.files.git_history import Commit, History

        history = History(self.repository.root)
        try:
            line = history.line(Commit(head, "", datetime.datetime(1970, 1, 1), ""))  # noqa: DTZ001
            log = self._longest(line)
            fresh = line[len(log.commits) :]
            listings = _listings(history, FolderFinder(history, self.repository.config), fresh)
            for start in range(0, len(fresh), _AT_A_TIME):
                some = listings[start : start + _AT_A_TIME]
                self._parse(log, some)
                for commit, listing in zip(fresh[start:], some, strict=False):
                    day = commit.date.toordinal()
                    log.commits.append(LoggedCommit(commit.id, day, commit.author, commit.email))
                    self._step(log, listing, len(log.commits) - 1)
                kept = {(blob, path) for path, blob in log.files.items()}
                self._said = {key: said for key, said in self._said.items() if key in kept}
            return log
        finally:
            history.close()

    def _longest(self, line: Sequence[Commit]) -> Log:
        ids = [c.id for c in line]
        best, length = Log([], None, {}, {}, []), 0
        for log in self._logs.values():
            same = 0
            for one, other in zip(log.commits, ids, strict=False):
                if one.id != other:
                    break
                same += 1
            if same == len(log.commits) and same > length:
                best, length = _copy(log), same
        for index in range(len(line) - 2, length - 1, -1):
            kept = self._recall(ids[index])
            if kept is not None and [c.id for c in kept.commits] == ids[: index + 1]:
                return kept
        return best

    # -- one step --------------------------------------------------------------------------

    def _step(self, log: Log, listing: dict[str, str | None], at: int) -> None:
        """Compare the files of a commit with the last sound content of each."""
        changed = _changed(log, listing)
        if not changed:
            return
        before, after = [], []
        is_certain = not log.unsound
        for path in changed:
            blob = listing.get(path)
            said = self._read(path, blob) if path in listing else None
            if said is not None and not said.sound:
                log.unread += 1
                if path not in log.files and path not in log.unsound:
                    log.unsound.append(path)
                continue
            if path in log.files:
                before.append(self._read(path, log.files.pop(path)).content)
            if path in log.unsound:
                log.unsound.remove(path)
            if said is not None and blob is not None:
                log.files[path] = blob
                after.append(said.content)
        step(log, records_of(before), records_of(after), at, is_certain)

    def _with_disk(self, log: Log, listing: dict[str, str | None], today: datetime.date) -> Log:
        if not _changed(log, listing):
            return log
        log = _copy(log)
        log.commits.append(LoggedCommit(UNCOMMITTED, today.toordinal()))
        self._step(log, listing, len(log.commits) - 1)
        return log

    # -- file contents ---------------------------------------------------------------------

    def _read(self, path: str, blob: str | None) -> _Said:
        if blob is None:
            return _Said(False)
        found = self._said.get((blob, path))
        if found is None:
            on_disk = self._disk.get((blob, path))
            if on_disk is not None and self._read_disk is not None:
                file = self._read_disk(on_disk)
            else:
                snapshot = Snapshot(self._objects, None)
                file = self.parsed.read(path, blob, partial(snapshot.read, path, blob))
            found = self._said[blob, path] = _said(file)
        return found

    def _parse(self, log: Log, listings: Sequence[dict[str, str | None]]) -> None:
        """Read every content that the steps will ask for, on several cores where there is much."""
        wanted: dict[tuple[str, str], None] = {}
        last: dict[str, str | None] = dict(log.files)
        for listing in listings:
            if listing is last:
                continue
            for path, blob in listing.items():
                if blob is not None and last.get(path) != blob:
                    wanted[blob, path] = None
            last = listing
        todo = [key for key in wanted if key not in self._said and key not in self._disk]
        if not todo:
            return
        self._objects.close()  # a worker must not share the pipes
        work = partial(_read_blobs, self.repository.root)
        parts = share(work, todo, [_GUESSED_SIZE] * len(todo), _WORTH_SHARING)
        said = (s for part in parts for s in _said_decoder.decode(part))
        self._said.update(zip(todo, said, strict=True))


def _read_blobs(root: Path, blobs: Sequence[tuple[str, str]], _tick: Tick) -> bytes:
    """Return what some file contents say, by blob and path: the work of one process."""
    parsed, objects = ParsedFiles(), Objects(Git(root))
    snapshot = Snapshot(objects, None)
    found: list[_Said] = []
    at_once = 1
    try:
        while len(found) < len(blobs):
            some = blobs[len(found) : len(found) + at_once]
            objects.ask_ahead(blob for blob, path in some if parsed.find(path, blob) is None)
            largest = max(1, objects.largest_ahead())
            for blob, path in some:
                load = partial(snapshot.read, path, blob)
                found.append(_said(parsed.read(path, blob, load)))
            at_once = min(2 * at_once, max(_AHEAD_BYTES // largest, 1), AHEAD)
    finally:
        objects.close()
    return _said_encoder.encode(found)


def _listings(
    history: History, sites: FolderFinder, line: Sequence[Commit]
) -> list[dict[str, str | None]]:
    """Return the portfolio files of each commit of a line, one listing for neighbours alike."""
    found: list[dict[str, str | None]] = []
    tree = None
    for last in range(len(line), 0, -AHEAD):
        some = line[max(last - AHEAD, 0) : last]
        history.objects.forget_trees()
        sites.ask_ahead(some)
        for commit in reversed(some):
            if commit.tree != tree:
                listing = _listing(sites.of(commit))
                found.append(found[-1] if found and found[-1] == listing else listing)
            else:
                found.append(found[-1])
            tree = commit.tree
    found.reverse()
    return found


def _listing(site: Version[Snapshot]) -> dict[str, str | None]:
    """Return the files of a site by their path in the portfolio's folder."""
    top = plain_folder(site.portfolios)
    return {_inside(path, top): blob for path, blob in site.source.listing(site.portfolios)}


def _on_disk(
    repository: Repository, raw: Sequence[RawFile], width: int
) -> tuple[dict[str, str | None], dict[tuple[str, str], str]]:
    """Return the blobs on disk by their path in the portfolio's folder, and the file of each blob."""
    top = plain_folder(repository.config.paths.portfolios)
    listing: dict[str, str | None] = {}
    files = {}
    for file in raw:
        path = _inside(file.path, top)
        blob = listing[path] = blob_id(file.data, width) if file.problem is None else None
        if blob is not None:
            files[blob, path] = file.path
    return listing, files


def _inside(path: str, top: str) -> str:
    """Return a path below a folder as text that can be kept, whatever its bytes."""
    return path[len(top) :].lstrip("/").encode("utf-8", "backslashreplace").decode()


def _changed(log: Log, listing: dict[str, str | None]) -> list[str]:
    gone = [path for path in log.files if path not in listing]
    come = [path for path, blob in listing.items() if blob is None or log.files.get(path) != blob]
    return [*gone, *come]


def _said(file: ReadFile) -> _Said:
    sound = file.content is not None and not any(
        BUILT_IN[p.code].severity == "error" for p in file.problems
    )
    content = file.content if sound else None
    return _Said(
        sound,
        content if isinstance(content, UnitFile) else None,
        content if isinstance(content, OrganisationFile) else None,
    )


def _copy(log: Log) -> Log:
    made = cut(log, len(log.commits))
    made.files, made.unsound, made.unread = dict(log.files), list(log.unsound), log.unread
    return made


_said_encoder = msgspec.msgpack.Encoder()
_said_decoder = msgspec.msgpack.Decoder(list[_Said])
