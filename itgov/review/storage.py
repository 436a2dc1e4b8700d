"""A storage for TinyDB that loses nothing that it has acknowledged.

What it writes is a file that plain TinyDB reads too: tables of documents, the first of which,
`itgov`, says what the file is and what the rest of it hashes to.

Every write goes to two copies, one after the other, each replaced in one step and forced to the
disk.  So at any instant at least one copy is whole, and once a write has returned, both are.  A
copy says what its content hashes to: one that was truncated or changed is known as such, the other one is used, and
that is said.  Where both are damaged nothing is read and nothing is overwritten.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from tinydb.storages import Storage

from itgov.files.atomic import write_all_atomic
from itgov.model.errors import ItgovError

VERSION = 2
FORMAT = "itgov-reviews"
Tables = dict[str, dict[str, Any]]
_HEAD = b'{"itgov": {"1": {"format": "itgov-reviews", "version": %d, "sum": "%s"}}'


class StoreProblem(ItgovError):
    """The review store cannot be used as it is; the text says why and what to do."""


class StoreDamaged(StoreProblem):
    """Neither copy of the store is whole; both are left as they are."""


class _Damage(Exception):
    """One copy differs from what was written."""


def _as_they_are(tables: Tables) -> Tables:
    """Bring tables to the next version where only what surrounds them has changed."""
    return tables


MIGRATIONS: dict[int, Callable[[Tables], Tables]] = {0: _as_they_are, 1: _as_they_are}
"""How the tables of each earlier version become those of the next.

0 is what plain TinyDB writes; 1 had the tables in an envelope that only itgov could read.
"""


class _Head(msgspec.Struct):
    """The only document of the table `itgov`."""

    format: str
    version: int
    sum: str


class _Envelope(_Head):
    """A whole file of version 1."""

    tables: msgspec.Raw


class TwoCopies(Storage):
    """The store's file at `path`, with a second copy beside it.

    `notes` gathers what had to be repaired while reading, in words for people.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.second = path.with_name(f"{path.stem}.last{path.suffix}")
        self.notes: list[str] = []
        self._damaged: list[tuple[Path, bytes]] = []
        """Copies that are not whole, with what they hold: kept aside when they are replaced."""
        self._old: tuple[int, bytes] | None = None

    # -- reading ---------------------------------------------------------------------------

    def read(self) -> Tables | None:
        """Return the tables, or None where there is no store yet.

        Raises `StoreDamaged` where neither copy is whole, and `StoreProblem`.
        """
        self._damaged, self._old = [], None
        whys = []
        for copy in (self.path, self.second):
            try:
                raw = copy.read_bytes()
            except FileNotFoundError:
                continue
            except OSError as error:
                raise StoreProblem(
                    f"cannot read {copy.parent.name}/{copy.name}: {error.strerror}; "
                    "check the file's permissions"
                ) from error
            try:
                tables = self._opened(raw)
            except _Damage as damage:
                self._damaged.append((copy, raw))
                whys.append(f"{copy.name} {damage}")
                continue
            if copy == self.second:
                why = whys[0] if whys else f"{self.path.name} is missing"
                self._note(f"{why}; nothing is lost; the last good copy, {copy.name}, is used")
            return tables
        if not whys:
            return None
        raise StoreDamaged(
            f"the review store is damaged ({'; '.join(whys)}) and there is no good copy of it; "
            f"nothing was changed. Bring {self.path.name} back from a backup, or move both files "
            "away to start again; the minutes of closed sessions are not affected"
        )

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def _opened(self, raw: bytes) -> Tables:
        """Return the tables of one copy, brought to this version.  Raises `_Damage`."""
        first, _, rest = raw.partition(b"\n")
        if first.startswith(b'{"format"'):
            return self._envelope(raw)
        if not first.startswith(b'{"itgov"'):
            return self._plain(raw)
        try:
            about = msgspec.json.decode(
                first.removesuffix(b",") + b"}", type=dict[str, dict[str, _Head]]
            )
            head = about["itgov"]["1"]
        except (msgspec.DecodeError, UnicodeDecodeError, KeyError):
            raise _Damage("was truncated or changed") from None
        return self._sound(head, rest.rstrip(b"\n"), raw, b"{")

    def _envelope(self, raw: bytes) -> Tables:
        try:
            envelope = msgspec.json.decode(raw, type=_Envelope)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise _Damage("was truncated or changed") from None
        return self._sound(envelope, bytes(envelope.tables), raw)

    def _sound(self, head: _Head, body: bytes, raw: bytes, before: bytes = b"") -> Tables:
        if head.format != FORMAT:
            raise _Damage("is not a review store")
        if head.version > VERSION:
            raise StoreProblem(
                f"the review store was written by a newer itgov (its version is "
                f"{head.version}, this itgov reads {VERSION}); use that newer itgov"
            )
        if _digest(body) != head.sum:
            raise _Damage("differs from what was written")
        return self._migrated(head.version, raw, _tables(before + body))

    def _plain(self, raw: bytes) -> Tables:
        tables = _tables(raw)
        if not tables:
            raise _Damage("is empty")
        return self._migrated(0, raw, tables)

    def _migrated(self, version: int, raw: bytes, tables: Tables) -> Tables:
        if version < VERSION:
            self._old = (version, raw)
        for step in range(version, VERSION):
            tables = MIGRATIONS[step](tables)
        return tables

    # -- writing ---------------------------------------------------------------------------

    def write(self, data: Tables) -> None:
        """Write both copies; on return both are on the disk.  Raises `StoreProblem`.

        What they replace is kept aside where it is damaged, or of an older version.  Nothing is
        changed where there is no room for all of it.
        """
        body = msgspec.json.encode(data)[1:]
        head = _HEAD % (VERSION, _digest(body).encode())
        raw = head + (b",\n" if data else b"\n") + body + b"\n"
        copies = [(copy, raw) for copy in (self.path, self.second)]
        aside = [(copy.with_name(f"{copy.name}.damaged"), was) for copy, was in self._damaged]
        if self._old is not None:
            version, was = self._old
            name = f"{self.path.stem}.v{version}{self.path.suffix}"
            aside.append((self.path.with_name(name), was))
        try:
            write_all_atomic([*aside, *copies])
        except OSError as error:
            raise StoreProblem(
                f"cannot write {self.path.name}: {error.strerror or error}; nothing new was "
                "recorded, and what was recorded before is kept"
            ) from error
        for copy, _ in self._damaged:
            self._note(f"the damaged {copy.name} is kept as {copy.name}.damaged")
        self._damaged, self._old = [], None


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _tables(body: bytes) -> Tables:
    try:
        return msgspec.json.decode(body, type=dict[str, dict[str, Any]])
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError):
        raise _Damage("was truncated or changed") from None
