"""Writing a user's files: only over what was read, and never outside the repository."""

from __future__ import annotations

import hashlib
from pathlib import Path

from itgov.files.atomic import write_atomic
from itgov.model.errors import ItgovError


class EditRefused(ItgovError):
    """The edit could not be made without harm; the text says why.  Nothing was written."""


class ChangedMeanwhile(EditRefused):
    """A file is no longer what the edit was made from; made anew, the edit may go through."""


def digest(raw: bytes) -> str:
    """Return the hash by which a file is known to be what was read."""
    return hashlib.sha256(raw).hexdigest()


def save(root: Path, path: Path, raw: bytes, was: str | None) -> bool:
    """Write a file in one step, only if it changes; return whether it did.

    `was` is the digest of what was read, None where the file is to be new.  Raise EditRefused
    where it has changed since, or lies outside `root`, itself or through a symlink.
    """
    real, base = path.resolve(), root.resolve()
    if not real.is_relative_to(base):
        raise EditRefused(f"{path}: lies outside {root}; nothing was written")
    try:
        current = real.read_bytes() if real.exists() else None
        if (digest(current) if current is not None else None) != was:
            raise ChangedMeanwhile(
                f"{path}: was changed by somebody else meanwhile; nothing was written to it, try again"
            )
        if current == raw:
            return False
        real.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(real, raw)
    except OSError as error:
        raise EditRefused(f"{path}: cannot be written: {error.strerror or error}") from error
    return True


def remove(root: Path, path: Path, was: str) -> None:
    """Delete a file that is still what its digest says; raise EditRefused where it is not."""
    real = path.resolve()
    if not real.is_relative_to(root.resolve()):
        raise EditRefused(f"{path}: lies outside {root}; nothing was deleted")
    try:
        if not real.exists() or digest(real.read_bytes()) != was:
            raise ChangedMeanwhile(
                f"{path}: was changed by somebody else meanwhile; it was not deleted"
            )
        real.unlink()
    except OSError as error:
        raise EditRefused(f"{path}: cannot be deleted: {error.strerror or error}") from error
