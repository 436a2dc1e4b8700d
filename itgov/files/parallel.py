"""Sharing pure work among the processor's cores.

Work on one file is a pure function with a small serialisable result, so it can be handed to
forked processes, which see everything read so far without a copy.  Where the system has no fork,
where other threads run (a copy of one thread alone may wait for ever on what another held), or
where a process fails, the work is done here: the result is the same, only later.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def cores() -> int:
    """Return how many processes may run at once; `ITGOV_JOBS` overrides it."""
    wanted = os.environ.get("ITGOV_JOBS", "")
    if wanted.isascii() and wanted.isdigit() and int(wanted) > 0:
        return min(int(wanted), 64)
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS, Windows
        return os.cpu_count() or 1


def may_fork() -> bool:
    """Say whether the system can fork, and no other thread of this process stands in the way."""
    threads = sys.modules.get("threading")  # not imported: nobody has started one
    return hasattr(os, "fork") and (threads is None or threads.active_count() == 1)


Tick = Callable[[float], None]
"""Told how much of the work at hand is done, 0 to 1."""

Work = Callable[[Sequence[Item], Tick], Result]


def _silent(done: float) -> None:
    """Tell nobody."""


def share(
    work: Work[Item, Result],
    items: Sequence[Item],
    weights: Sequence[int],
    worth: int,
    tick: Tick = _silent,
) -> list[Result]:
    """Return `work` of consecutive slices of `items`, in order; results must be picklable.

    Slices weigh about the same.  Below a total weight of `worth` everything is done here.  `tick`
    is told of this process's slice, which stands for all.
    """
    total = sum(weights)
    count = min(cores(), len(items))
    if total < worth or count < 2 or not may_fork():
        return [work(items, tick)]
    slices = _cut(items, weights, total, count)
    children = [_start(work, part) for part in slices[1:]]
    try:
        results = [work(slices[0], tick)]
    except BaseException:
        for child in children:
            if child is not None:
                _finish(child)
        raise
    for child, part in zip(children, slices[1:], strict=True):
        found = _finish(child) if child is not None else None
        # The bytes come from a child of this very process, over a pipe of its own.
        results.append(pickle.loads(found) if found else work(part, tick))  # noqa: S301
    return results


def _cut(
    items: Sequence[Item], weights: Sequence[int], total: int, count: int
) -> list[Sequence[Item]]:
    slices: list[Sequence[Item]] = []
    start, carried = 0, 0
    for index, weight in enumerate(weights):
        carried += weight
        if carried * count >= total * (len(slices) + 1) and len(slices) < count - 1:
            slices.append(items[start : index + 1])
            start = index + 1
    slices.append(items[start:])
    return [s for s in slices if s]


def _start(work: Work[Item, Result], part: Sequence[Item]) -> tuple[int, int] | None:
    """Begin the work in a process of its own; None where the system gives none."""
    try:
        reader, writer = os.pipe()
    except OSError:
        return None
    try:
        child = os.fork()
    except OSError:
        os.close(reader)
        os.close(writer)
        return None
    if child:
        os.close(writer)
        return child, reader
    status = 1
    try:
        os.close(reader)
        data = pickle.dumps(work(part, _silent), protocol=pickle.HIGHEST_PROTOCOL)
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(data)
        status = 0
    finally:
        os._exit(status)  # no exit handlers: they belong to the parent


def _finish(child: tuple[int, int]) -> bytes | None:
    """Return what a process sent, or None where it failed."""
    pid, reader = child
    with os.fdopen(reader, "rb") as pipe:
        data = pipe.read()
    _, status = os.waitpid(pid, 0)
    return data if status == 0 else None
