"""The one way in which files are written: whole or not at all.

Each content goes to a temporary file in the same folder, which then takes the file's name.  So a
reader, and whoever looks after a crash, finds the old content or the new one.  Only a file that has a
second hard link is written in place, so that both names keep one content: until that is through, the
whole new content is on the disk in the temporary file as well.

Imports next to nothing: the command line answers from its cache before anything else is loaded.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from contextlib import suppress

Name = str | os.PathLike[str]


def write_atomic(path: Name, raw: bytes, *, durable: bool = True) -> None:
    """Write a file in one step; raise OSError, with nothing changed, where that cannot be done.

    A symlink stays, and the file that it leads to is written.  A file that is there keeps its
    mode and its hard links, and its owner and group where the system allows; one that nobody may
    write is refused.
    With `durable` the content is on the disk, under its name, on return; what can be made again,
    such as a cache, need not wait for that.
    """
    write_all_atomic([(path, raw)], durable=durable)


def write_all_atomic(files: Sequence[tuple[Name, bytes]], *, durable: bool = True) -> None:
    """Write several files, in this order, once there is room for all of them; see `write_atomic`.

    Raise OSError with nothing changed where one cannot be written.  Only an error while the files
    take their names, or a crash just then, can leave the first of them new and the others old.
    """
    waiting: list[tuple[str, str, bool]] = []
    try:
        for path, raw in files:
            real = os.path.realpath(path)
            folder, name = os.path.split(real)
            temporary = _temporary(folder, name)
            kept = _kept(real)
            waiting.append((temporary, real, kept is not None and kept.st_nlink > 1))
            _write_temporary(temporary, raw, kept, durable)
        for temporary, real, is_linked in waiting:
            if is_linked:
                _overwrite(real, temporary, durable)
            else:
                os.replace(temporary, real)
        if durable:
            for folder in {os.path.dirname(real) for _, real, _ in waiting}:
                _sync_folder(folder)
    except BaseException:
        for temporary, _, _ in waiting:
            if os.path.lexists(temporary):
                os.unlink(temporary)
        raise


def write_new(path: Name, raw: bytes, *, durable: bool = True, mode: int = 0o666) -> None:
    """Write a file that is not there, in one step; see `write_atomic`.

    Its mode is `mode` less what the umask takes.
    Raise FileExistsError, and leave it as it is, where something has that name by then.
    """
    folder, name = os.path.split(path)
    temporary = _temporary(folder, name)
    try:
        _write_temporary(temporary, raw, None, durable, mode)
        try:
            os.link(temporary, path)
        except FileExistsError as error:
            raise FileExistsError(error.errno, error.strerror, os.fspath(path)) from None
        except OSError:  # a file system without a second name for a file
            with open(path, "xb"):
                pass
            os.replace(temporary, path)
        if durable:
            _sync_folder(folder or ".")
    finally:
        if os.path.lexists(temporary):
            os.unlink(temporary)


def _temporary(folder: str, name: str) -> str:
    return os.path.join(folder, f".{name[:50]}.{os.urandom(4).hex()}.tmp")


def _kept(path: str) -> os.stat_result | None:
    """Return whose a file is, and its mode; None where there is none.

    A new name for a file asks only whether the folder may be written, so that the file's own mode is
    asked here.
    """
    try:
        kept = os.stat(path)
    except FileNotFoundError:
        return None
    if not kept.st_mode & 0o222:
        raise PermissionError(errno.EACCES, "the file is read-only", path)
    return kept


def _write_temporary(
    path: str, raw: bytes, kept: os.stat_result | None, durable: bool, mode: int = 0o666
) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags, mode)  # less what the umask takes
    try:
        view = memoryview(raw)
        while view:
            view = view[os.write(handle, view) :]
        if durable:
            os.fsync(handle)
    finally:
        os.close(handle)
    if kept is not None:
        made = os.stat(path)
        if (made.st_uid, made.st_gid) != (kept.st_uid, kept.st_gid) and hasattr(os, "chown"):
            with suppress(PermissionError):  # only the superuser may give a file away
                os.chown(path, kept.st_uid, kept.st_gid)
        os.chmod(path, kept.st_mode & 0o777)


def _overwrite(path: str, temporary: str, durable: bool) -> None:
    """Write what a temporary file holds into a file that other names lead to as well."""
    with open(temporary, "rb") as source, open(path, "r+b") as target:
        target.write(source.read())
        target.truncate()
        target.flush()
        if durable:
            os.fsync(target.fileno())
    os.unlink(temporary)


def _sync_folder(folder: str) -> None:
    """Force the names in a folder to the disk."""
    if os.name == "nt":  # a folder cannot be opened there
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
