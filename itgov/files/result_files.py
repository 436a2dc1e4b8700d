"""Results of other processes of this machine, handed over in files.

What comes through a pipe is cut short where its sender dies: whoever reads it waits for the rest for ever.
"""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from itgov.files.shared_work import Answer

_LARGE = 2_000
"""Bytes up to which a pipe takes a result at once."""


class _InFile(NamedTuple):
    """Stands for bytes that a process has left in a file."""

    path: str


class ResultFiles:
    """A folder that this user alone can read, until `close`; where none can be made results come by pipe."""

    def __init__(self) -> None:
        import tempfile

        try:
            self.folder = tempfile.mkdtemp(prefix="itgov-")
        except OSError:
            self.folder = ""

    def close(self) -> None:
        """Delete the folder and what is in it."""
        delete(self.folder)


def delete(folder: str) -> None:
    """Delete a folder of results."""
    import shutil

    if folder:
        shutil.rmtree(folder, ignore_errors=True)


def left(folder: str, result: Any) -> Any:
    """Leave a result in a file of a folder, where it is many bytes; return what is sent for it."""
    if not folder or not isinstance(result, bytes) or len(result) < _LARGE:
        return result
    import tempfile

    try:
        handle, path = tempfile.mkstemp(dir=folder)
        with os.fdopen(handle, "wb") as stream:
            stream.write(result)
    except OSError:  # the disk is full, say
        return result
    return _InFile(path)


class Handed:
    """What a process will answer, read from the file where it leaves that."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def exception(self) -> BaseException | None:
        """Wait, and return what the process raised, or that it is gone."""
        return self._answer.exception()

    def result(self) -> Any:
        """Return the answer.  Raises `ValueError` where its file cannot be read."""
        answer = self._answer.result()
        if not isinstance(answer, _InFile):
            return answer
        try:
            with open(answer.path, "rb") as stream:
                return stream.read()
        except OSError as error:
            raise ValueError(str(error)) from None
