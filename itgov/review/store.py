"""The store of review sessions: `.itgov/reviews.json`, shared by every process on a repository.

Each change is one step under a lock: read, change, write.  Reading needs no lock, for the file is
only ever replaced as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from filelock import FileLock, Timeout
from tinydb import TinyDB
from tinydb.table import Document, Table

from itgov.files.atomic import write_atomic
from itgov.model.errors import ItgovError
from itgov.review.storage import StoreDamaged, StoreProblem, Tables, TwoCopies
from itgov.review.types import Session

FOLDER = ".itgov"
NAME = "reviews.json"
WAIT = 10.0
"""Seconds for which a step waits for another process to finish its own."""
_IGNORED = b"# files of itgov on this machine\n*\n"


class NoSession(ItgovError):
    """There is no such session, or not just one; the text says what to do."""


class ReviewStore:
    """The review sessions of the repository at `root`."""

    def __init__(self, root: Path, wait: float = WAIT) -> None:
        self.folder = root / FOLDER
        self.path = self.folder / NAME
        self.root = root
        self.wait = wait
        self.notes: list[str] = []
        """What had to be repaired while reading, in words for people."""

    # -- reading ---------------------------------------------------------------------------

    def sessions(self) -> list[Session]:
        """Return every session, the oldest first.  Raises `StoreProblem`."""
        if not self.folder.is_dir():
            return []
        self._inside()
        storage = TwoCopies(self.path)
        found = [_session(d) for d in _table(storage).all()]
        self._heard(storage)
        return found

    def open_sessions(self) -> list[Session]:
        """Return the sessions that are open.  Raises `StoreProblem`."""
        return [s for s in self.sessions() if s.state == "open"]

    def session(self, name: str | None = None) -> Session:
        """Return the session of this id, or the only one that is open.

        Raises `NoSession` and `StoreProblem`.
        """
        known = self.sessions()
        if name is not None:
            for session in known:
                if session.id == name:
                    return session
            ids = ", ".join(s.id for s in known if s.state == "open") or "none"
            raise NoSession(f"there is no review session `{name}`; open: {ids}")
        found = [s for s in known if s.state == "open"]
        if not found:
            raise NoSession("no review session is open; start one with `itgov review start`")
        if len(found) > 1:
            ids = ", ".join(s.id for s in found)
            raise NoSession(
                f"several review sessions are open ({ids}); choose one with --session ID"
            )
        return found[0]

    def stamp(self) -> tuple[int, int] | None:
        """Return what differs after every change of the store, to be asked often; None: no store."""
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino

    # -- changing --------------------------------------------------------------------------

    @contextmanager
    def change(self, name: str) -> Iterator[Session]:
        """Give a session to be changed; what was changed is on the disk when this ends.

        Nothing is written where the block raises.  Raises `NoSession` and `StoreProblem`.
        """
        with self._locked() as storage:
            table = _table(storage)
            for document in table.all():
                if document["id"] == name:
                    session = _session(document)
                    yield session
                    session.revision += 1
                    self._save(table, document.doc_id, session)
                    return
            raise NoSession(f"there is no review session `{name}`")

    @contextmanager
    def starting(self) -> Iterator[tuple[list[Session], list[Session]]]:
        """Give the sessions known, and an empty list to put a new one into, under the lock."""
        with self._locked() as storage:
            table = _table(storage)
            documents = table.all()
            fresh: list[Session] = []
            yield [_session(d) for d in documents], fresh
            following = max((d.doc_id for d in documents), default=0) + 1
            for number, session in enumerate(fresh, start=following):
                self._save(table, number, session)

    def _save(self, table: Table, number: int, session: Session) -> None:
        table.upsert(Document(msgspec.to_builtins(session), doc_id=number))

    @contextmanager
    def editing(self) -> Iterator[None]:
        """Keep other sessions' edits of the portfolio away, from reading it to the decision.

        Who waits reads what the other one has written, so neither edit is refused nor lost.
        Raises `StoreProblem`.
        """
        with self._alone("edits.lock"):
            yield

    @contextmanager
    def _locked(self) -> Iterator[_Held]:
        with self._alone("reviews.lock"):
            storage = _Held(self.path)
            yield storage
            self._heard(storage)

    @contextmanager
    def _alone(self, name: str) -> Iterator[None]:
        self._inside()
        try:
            self.folder.mkdir(exist_ok=True)
            ignored = self.folder / ".gitignore"
            if not ignored.exists():
                write_atomic(ignored, _IGNORED)
            mode = self.folder.stat().st_mode & 0o666  # who may write there may take turns
            lock = FileLock(str(self.folder / name), timeout=self.wait, mode=mode)
            lock.acquire()
        except Timeout:
            raise StoreProblem(
                f"another process is busy with {FOLDER}/{NAME}, after {self.wait:g} seconds still; "
                "nothing was recorded, try again"
            ) from None
        except (OSError, NotImplementedError) as error:
            said = getattr(error, "strerror", None) or error
            raise StoreProblem(
                f"the folder {FOLDER}/ cannot be used: {said}; nothing was recorded. "
                "Make it writable, and try again"
            ) from error
        try:
            yield
        finally:
            lock.release()

    def _inside(self) -> None:
        if not self.folder.resolve().is_relative_to(self.root.resolve()):
            raise StoreProblem(f"{FOLDER}/ is a link that leaves the repository; nothing was read")

    def _heard(self, storage: TwoCopies) -> None:
        self.notes += [note for note in storage.notes if note not in self.notes]


class _Held(TwoCopies):
    """The store while nobody else can change it: it is read once."""

    _known: Tables | None = None

    def read(self) -> Tables | None:
        """Return the tables."""
        if self._known is None:
            self._known = super().read()
        return self._known

    def write(self, data: Tables) -> None:
        """Write both copies."""
        super().write(data)
        self._known = data


def _table(storage: TwoCopies) -> Table:
    return TinyDB(storage=lambda: storage).table("sessions", cache_size=0)


def _session(document: Any) -> Session:
    try:
        return msgspec.convert(dict(document), Session)
    except msgspec.ValidationError as error:
        raise StoreDamaged(
            f"the review store holds a session that cannot be read ({error}); nothing was changed"
        ) from None
