"""The ids that git gives to what it stores, computed without git."""

from __future__ import annotations

import hashlib


def object_id(kind: bytes, data: bytes, digits: int = 40) -> str:
    """Return the id of an object of a kind (`blob`, `tree`), where ids have so many digits."""
    make = hashlib.sha256 if digits == 64 else hashlib.sha1
    state = make(kind + b" %d\0" % len(data), usedforsecurity=False)
    state.update(data)
    return state.hexdigest()


def blob_id(data: bytes, digits: int = 40) -> str:
    """Return the id that git gives to a file's content, where ids have so many digits."""
    return object_id(b"blob", data, digits)
