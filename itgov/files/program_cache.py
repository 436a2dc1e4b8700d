"""What follows from the program and what it ships alone, kept where Python keeps the program's bytecode."""

from __future__ import annotations

import os
import sys
from typing import TypeVar

import itgov
from itgov.files.typed_cache import TypedCache

T = TypeVar("T")

_MOST = 32
"""Entries of one kind: those of a few states of the program."""


class ProgramCache(TypedCache[T]):
    """Values of the type `kind` by key, made of nothing that anybody but the program's author wrote.

    Compiled Python may be among them.  They are no results, so `ITGOV_CACHE` does not switch them off; `PYTHONDONTWRITEBYTECODE` does, as it
    does for bytecode.  Whoever can write into their folder can write other code there as well.
    """

    floors = ("model", "files", "rules")

    def __init__(self, name: str, kind: type[T]) -> None:
        super().__init__(name, kind)
        self.most_entries = _MOST
        self._base = None  # no secret of a user in the keys
        self.folder = os.path.join(_bytecode_folder(), name)

    def may_write(self) -> bool:
        """Say whether Python would keep bytecode, and its folder can be written or made."""
        at = self.folder
        while at is not None and not os.path.lexists(at):
            at = os.path.dirname(at)
        return (
            not sys.dont_write_bytecode and os.path.isdir(at or "") and os.access(at or "", os.W_OK)
        )

    def put(self, key: str, data: bytes) -> None:
        """Keep `data` under a key, where Python would keep bytecode."""
        if not sys.dont_write_bytecode:
            super().put(key, data)


def _bytecode_folder() -> str:
    here = os.path.dirname(os.path.abspath(itgov.__file__))
    if sys.pycache_prefix is not None:
        return os.path.join(sys.pycache_prefix, os.path.splitdrive(here)[1].lstrip(os.sep), "itgov")
    return os.path.join(here, "__pycache__")
