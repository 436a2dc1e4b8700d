"""Long work for the room in a process of its own, so that keys are answered meanwhile.

    python -m itgov.tui.background.worker JOB ROOT ARGUMENT...

It writes messages to its standard output: how far it is, then its result or why there is none.
This module never imports Textual.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal

import msgspec
from msgspec import Struct

if TYPE_CHECKING:
    from itgov.files.parallel import Progress


class Failed(Exception):
    """The work could not be done; the text says why, and is empty where it may be tried here."""


class ProcessMessage(Struct):
    """One message of the process: how far it is, its result, or why there is none."""

    kind: Literal["progress", "result", "error"]
    text: str = ""
    done: float = 0.0
    result: bytes = b""


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(ProcessMessage)


# -- the room's side -----------------------------------------------------------------------


class BackgroundJob:
    """One piece of work, to be run once; another thread may stop it."""

    def __init__(self, job: str, root: Path, *arguments: str) -> None:
        self.command = [sys.executable, "-P", "-m", __name__, job, str(root), *arguments]
        self._process: subprocess.Popen[bytes] | None = None
        self.stopped = False
        """Whether somebody stopped it."""

    def run(self, progress: Progress | None = None) -> bytes:
        """Do the work and return its result.  Raises `Failed`, also where it was stopped."""
        here = str(Path(__file__).resolve().parent.parent.parent)
        known = [here, *filter(None, [os.environ.get("PYTHONPATH")])]
        try:
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(known)},
                start_new_session=True,
            )
        except OSError as error:
            raise Failed from error
        try:
            if self.stopped:
                raise Failed
            assert self._process.stdout is not None
            return self._listen(self._process.stdout, progress)
        finally:
            self._end()
            if self._process.stdout is not None:
                self._process.stdout.close()
            self._process.wait()

    def _listen(self, pipe: IO[bytes], progress: Progress | None) -> bytes:
        while True:
            head = pipe.read(4)
            data = pipe.read(int.from_bytes(head, "big"))
            if len(head) < 4 or not data:
                raise Failed  # it ended without a word
            told = _decoder.decode(data)
            if told.kind == "result":
                return told.result
            if told.kind == "error":
                raise Failed(told.text)
            if progress is not None:
                progress(told.text, told.done)

    def stop(self) -> None:
        """End the work, and every process that it has started."""
        self.stopped = True
        self._end()

    def _end(self) -> None:
        process = self._process
        if process is None or process.poll() is not None:
            return
        with contextlib.suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)  # its own session: nothing else is in it
            else:
                process.kill()


# -- the process's side --------------------------------------------------------------------


def _send(told: ProcessMessage) -> None:
    data = _encoder.encode(told)
    sys.stdout.buffer.write(len(data).to_bytes(4, "big") + data)
    sys.stdout.buffer.flush()


class _Teller:
    """Says how far the work is, a few times a second."""

    def __init__(self) -> None:
        self.last = 0.0

    def __call__(self, doing: str, done: float) -> None:
        now = time.monotonic()
        if now - self.last >= 0.1:
            self.last = now
            _send(ProcessMessage("progress", doing, done))


def warm(root: Path, day: datetime.date, progress: Progress) -> bytes:
    """Read and judge a repository, so that the caches hold every parsed file and judged unit."""
    from itgov.files.repository import find_repository
    from itgov.insight.flow import Flow
    from itgov.insight.memory import Memory

    repository = find_repository(root)
    memory = Memory()
    flow = Flow.remembering(memory, repository, progress)
    flow.at(day, flow.rules(check=False))
    memory.save()
    return b"warm"


def trend(root: Path, by: str, progress: Progress) -> bytes:
    """Return the trend of a repository by its rules on disk, a `Trend` in msgpack."""
    from itgov.files.repository import find_repository
    from itgov.insight.flow import Flow
    from itgov.insight.trend import TrendQuery, measure_trend

    repository = find_repository(root)
    query = msgspec.convert({"by": by}, TrendQuery)
    return _encoder.encode(measure_trend(repository, Flow(repository).rules(), query, progress))


def diff(root: Path, older: str, newer: str, progress: Progress) -> bytes:
    """Compare two commits of a repository; return a `Diff` in msgpack."""
    from itgov.files.repository import find_repository
    from itgov.insight.diff import compare

    return _encoder.encode(compare(find_repository(root), f"{older}..{newer}", progress=progress))


def changes(root: Path, base: str, day: str, progress: Progress) -> bytes:
    """Compare a commit with the work tree as of a day; return `FileDiffs` in msgpack."""
    from itgov.files.repository import find_repository
    from itgov.insight.diff_files import compare_files

    as_of = datetime.date.fromisoformat(day)
    return _encoder.encode(compare_files(find_repository(root), base, as_of, progress))


def work(job: str, root: Path, arguments: list[str], progress: Progress) -> bytes:
    """Do a job by its name.  Raises `Failed` with the reason where it cannot be done."""
    from itgov.insight.flow import BrokenRules
    from itgov.model.errors import ItgovError

    try:
        if job == "warm":
            return warm(root, datetime.date.fromisoformat(arguments[0]), progress)
        if job == "trend":
            return trend(root, arguments[0], progress)
        if job == "changes":
            return changes(root, arguments[0], arguments[1], progress)
        return diff(root, arguments[0], arguments[1], progress)
    except BrokenRules as stop:
        raise Failed("the rule files of the newer state have errors") from stop
    except ItgovError as stop:
        raise Failed(str(stop)) from stop


def main(arguments: list[str]) -> int:
    """Do a job and write its messages; return the exit code."""
    import gc

    gc.disable()
    job, root, *rest = arguments
    if job != "warm" and hasattr(os, "nice"):
        os.nice(10)  # the user is not waiting for a trend or a difference
    try:
        _send(ProcessMessage("result", result=work(job, Path(root), rest, _Teller())))
    except Failed as failed:
        _send(ProcessMessage("error", str(failed) or "it failed"))
    except BrokenPipeError:  # the room is gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
