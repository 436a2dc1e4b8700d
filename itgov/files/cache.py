"""Results kept from run to run by what they follow from, in the user's cache folder.

One file for each entry: a checksum and bytes, never anything that could run.  They are not compressed:
that takes longer than to write and read them as they are.  A key holds the program's own state, so
that a newer program reads nothing of an older one, and is made with a secret of this user, so that
nobody who writes a repository can know under which key its contents are kept, or make two of them meet
under one.  What is cut short, touched or of another shape counts as missing; a cache that cannot be
written is no reason to fail.  `ITGOV_CACHE=off` switches it off; the folder can be deleted at any time.  A folder inside a
repository is not used: whoever changes the repository could leave answers there.

The module itself imports nothing that costs time: `check` looks here before all else.
"""

from __future__ import annotations

import os
import sys
from functools import lru_cache

from itgov.files.atomic import write_atomic, write_new
from itgov.files.blake2 import blake2b

TYPE_CHECKING = False  # type checkers take it for true; `typing` would cost time
if TYPE_CHECKING:
    from typing import Protocol

    class Unwritten(Protocol):
        """Something that keeps results, and has not written them down yet."""

        def write(self) -> None:
            """Write them down."""


MAGIC = b"itgov-cache-3\n"
KINDS = {
    "answers": "whole answers of check, health, value and managers",
    "files": "what each portfolio file says",
    "places": "where in each file it says so",
    "judged": "what was found on each business unit",
    "links": "what ties business units together",
    "rules": "what each rule file says",
    "rules-checked": "what is wrong with the rules",
    "trees": "the parts of rules' expressions",
    "git-history": "what git knows of the files' changes",
    "trend": "the figures of each commit",
}
"""What is kept, by the names of its folders."""
_VARIABLE = "ITGOV_CACHE"
MOST_BYTES = 256 * 1024 * 1024
MOST_ENTRIES = 50_000
_LARGEST = 64 * 1024 * 1024
_MOST_WAITING = 4 * 1024 * 1024
"""Bytes that are held until they are written."""
_DAY = 86_400


def is_off() -> bool:
    """Say whether nothing is kept: it is switched off, or there is no place for it."""
    return bool(place()[1])


def switch_off() -> None:
    """Take and keep nothing from now on, in processes that this one starts either."""
    os.environ[_VARIABLE] = "off"


def place() -> tuple[str, str]:
    """Return the cache's folder, and why it is not used; empty where it is."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    folder = os.path.join(base, "itgov")
    if (switch := os.environ.get(_VARIABLE, "")).lower() in ("off", "0", "no"):
        return folder, f"{_VARIABLE}={switch}"
    if not os.path.isabs(base):
        return folder, "its folder is no absolute path"
    if _in_repository(folder):
        return folder, "its folder lies in a repository, whose authors could leave answers there"
    return folder, ""


class Cache:
    """Bytes by key in the folder `name` of the cache, one of `KINDS`; the least recently used go when it is full."""

    def __init__(self, name: str, most_entries: int = MOST_ENTRIES) -> None:
        assert name in KINDS  # `itgov cache info` says of each kind what it is
        base = _base()
        self._base = base
        self.folder = os.path.join(base, name) if base is not None else None
        """None where nothing is kept."""
        self.most_entries = most_entries
        self._waiting: dict[str, bytes] = {}
        self._is_due = False
        """Whether it is time to look whether the cache has outgrown its bounds."""
        self._waiting_bytes = 0

    floors: tuple[str, ...] = ("",)
    """The folders of the program whose files decide what is kept."""

    def key(self, *parts: str | bytes) -> str:
        """Return the key of what follows from `parts` and from the program itself, for this user."""
        state = blake2b(key=_secret(self._base), digest_size=20)
        for part in (_program(self.floors), *parts):
            data = part if isinstance(part, bytes) else part.encode("utf-8", "surrogateescape")
            state.update(b"%d:" % len(data))
            state.update(data)
        return state.hexdigest()

    def get(self, key: str) -> bytes | None:
        """Return what was kept under a key, or None."""
        if self.folder is None:
            return None
        if (waiting := self._waiting.get(key)) is not None:
            return waiting
        import time

        path = os.path.join(self.folder, key)
        try:
            with open(path, "rb") as handle:
                stored = handle.read(_LARGEST)
                age = time.time() - os.fstat(handle.fileno()).st_mtime
            if age > _DAY:
                os.utime(path)  # used: not among the first to go
        except OSError:
            return None
        head = len(MAGIC) + 16
        if stored[: len(MAGIC)] != MAGIC or stored[len(MAGIC) : head] != _checksum(stored[head:]):
            return None
        return stored[head:]

    def start_of(self, key: str, size: int) -> bytes:
        """Return the first bytes of what was kept under a key, unchecked: enough to see that it is of no use."""
        if self.folder is None:
            return b""
        try:
            with open(os.path.join(self.folder, key), "rb") as handle:
                return handle.read(len(MAGIC) + 16 + size)[len(MAGIC) + 16 :]
        except OSError:
            return b""

    def put(self, key: str, data: bytes) -> None:
        """Keep `data` under a key."""
        if (
            self.folder is None or len(data) > _LARGEST - 100
        ):  # what stands before it is read as well
            return
        try:
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
            path = os.path.join(self.folder, key)
            write_atomic(path, MAGIC + _checksum(data) + data, durable=False)
            # to look at all that is there takes longer than to write one entry: every 16th has it done
            self._is_due = self._is_due or key.startswith("0")
        except OSError:
            return

    def put_later(self, key: str, data: bytes) -> None:
        """Keep `data` under a key, in this process until `write` or `write_kept` is called, or much waits."""
        if self.folder is not None:
            self._waiting[key] = data
            self._waiting_bytes += len(data)
            write_later(self)
            if self._waiting_bytes > _MOST_WAITING:
                self._empty()

    def write(self) -> None:
        """Write down what waits for it: a person who waits for an answer has it by then."""
        self._empty()
        if self._is_due:
            self.tidy()

    def _empty(self) -> None:
        for key, data in self._waiting.items():
            self.put(key, data)
        self._waiting.clear()
        self._waiting_bytes = 0

    def tidy(self) -> None:
        """Delete what was used least recently, where the cache has outgrown its bounds."""
        if self.folder is None:
            return
        try:
            with os.scandir(self.folder) as entries:
                stats = [(e.stat(), e.path) for e in entries if e.is_file(follow_symlinks=False)]
            total, left = sum(s.st_size for s, _ in stats), len(stats)
            if total <= MOST_BYTES and left <= self.most_entries:
                return
            for stat, path in sorted(stats, key=lambda s: s[0].st_mtime_ns):
                if total <= MOST_BYTES * 0.8 and left <= self.most_entries * 0.8:
                    return
                os.unlink(path)
                total, left = total - stat.st_size, left - 1
        except OSError:
            return


_unwritten: list[Unwritten] = []


def write_later(kept: Unwritten) -> None:
    """Have something written down by `write_kept`."""
    if kept not in _unwritten:
        _unwritten.append(kept)


def write_kept() -> None:
    """Write down all that waits, once the output is written and nobody waits for it."""
    while _unwritten:
        _unwritten.pop().write()


def _base() -> str | None:
    folder, unused = place()
    return None if unused else folder


_asked: dict[str, bool] = {}


def _in_repository(folder: str) -> bool:
    """Say whether a folder lies in a git work tree or a portfolio repository, as named or by a link."""
    if folder not in _asked:
        above: set[str] = set()
        for start in (os.path.abspath(folder), os.path.realpath(folder)):
            at = start
            while at not in above:
                above.add(at)
                at = os.path.dirname(at)
        marks = (".git", "itgov.yaml", os.path.join("portfolios", "organisation.yaml"))
        _asked[folder] = any(os.path.lexists(os.path.join(a, m)) for a in above for m in marks)
    return _asked[folder]


_SECRET_BYTES = 32
_secrets: dict[str, bytes] = {}


def _secret(base: str | None) -> bytes:
    """Return the secret of a cache, made at first; where it cannot be kept, one of this process."""
    if base is None:
        return b""
    if base not in _secrets:
        _secrets[base] = _kept_secret(base) or os.urandom(_SECRET_BYTES)
    return _secrets[base]


def _kept_secret(base: str) -> bytes | None:
    """Return the secret that lies in a cache's folder, made if it is not there; None where it cannot be."""
    path = os.path.join(base, "secret")
    for _ in range(3):  # another process may make it or take it away meanwhile
        try:
            with open(path, "rb") as handle:
                known = handle.read(_SECRET_BYTES + 1)
            if len(known) == _SECRET_BYTES:
                return known
            os.unlink(path)
        except FileNotFoundError:
            pass
        except OSError:
            return None
        try:
            os.makedirs(base, mode=0o700, exist_ok=True)
            write_new(path, os.urandom(_SECRET_BYTES), durable=False, mode=0o600)
        except FileExistsError:
            pass
        except OSError:
            return None
    return None


@lru_cache
def _program(floors: tuple[str, ...]) -> str:
    """Return what tells one state of the program from another: version, Python, its own files in some
    folders, and the names of installed packages, which have their versions in them."""
    import itgov

    here = os.path.dirname(os.path.abspath(itgov.__file__))
    newest = max(_newest(os.path.join(here, floor)) for floor in floors)
    packages = sorted(
        name
        for folder in sys.path
        if folder.endswith("-packages") and os.path.isdir(folder)
        for name in os.listdir(folder)
        if name.endswith((".dist-info", ".egg-info"))
    )
    return "\0".join((itgov.__version__, sys.version, here, str(newest), *packages))


def _newest(folder: str) -> int:
    """Return when a file in a folder was last changed."""
    newest = 0
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                found = _newest(entry.path) if entry.name != "__pycache__" else 0
            else:
                found = entry.stat().st_mtime_ns
            newest = max(newest, found)
    return newest


def _checksum(data: bytes) -> bytes:
    return blake2b(data, digest_size=16).digest()
