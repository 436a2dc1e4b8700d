"""Sharing pure work among the processor's cores, or an executor's workers.

Work on one file is a pure function with a small serialisable result, so it can be handed to
forked processes, which see everything read so far without a copy.  Where the system has no fork,
or other threads run (a copy of one thread alone may wait for ever on what another held), processes
are started afresh and get the work sent, once there is enough of it to pay for that.  Where a process
fails, the work is done here: the result is the same, only later, and `take_notes` tells of it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from itgov.files.shared_work import (
    Form,
    Tick,
    Work,
    done_here,
    note,
    packed_work,
    received,
    sent,
    silent,
)

if TYPE_CHECKING:
    from concurrent.futures import Executor as Executor  # noqa: PLC0414  given on to others
    from concurrent.futures import Future

Item = TypeVar("Item")
Result = TypeVar("Result")

MOST_JOBS = 64
_jobs: list[int] = []


def use_jobs(count: int) -> None:
    """Let at most this many processes of this machine run at once, whatever `ITGOV_JOBS` says."""
    _jobs[:] = [count]


def cores() -> int:
    """Return how many processes may run at once: as `use_jobs` was told, else `ITGOV_JOBS`.

    Else one for each core; never more than `MOST_JOBS`.
    """
    if _jobs:
        return _jobs[0]
    wanted = os.environ.get("ITGOV_JOBS", "")
    digits = wanted.lstrip("0")
    if digits and wanted.isascii() and wanted.isdigit():
        if len(digits) <= len(str(MOST_JOBS)) and int(digits) <= MOST_JOBS:
            return int(digits)
        note(f"ITGOV_JOBS: at most {MOST_JOBS} processes are used, not `{wanted}`.")
        return MOST_JOBS
    if wanted:
        note(
            f"ITGOV_JOBS: `{wanted}` is not a number of processes (use 1 to {MOST_JOBS}): one for each core."
        )
    try:
        return min(len(os.sched_getaffinity(0)), MOST_JOBS)
    except AttributeError:  # macOS, Windows
        return min(os.cpu_count() or 1, MOST_JOBS)


def may_fork() -> bool:
    """Say whether the system can fork, and no other thread of this process stands in the way."""
    threads = sys.modules.get("threading")  # not imported: nobody has started one
    able = hasattr(os, "fork") and sys.platform != "darwin"  # whose own libraries may not be forked
    return able and (threads is None or threads.active_count() == 1)


_AFRESH = 5
"""How much more work pays for a process that is started afresh: it imports and compiles what a forked
one has."""
_FINER = 4
"""How many slices an executor is given for work that would pay for one more process here."""
_MOST_SLICES = 256
"""For an executor, which may have many workers."""
_MOST_WEIGHT = 2
"""How often `worth` a slice for an executor may weigh: more than `_MOST_SLICES` are cut where there is
much to do."""
_MOST_WAITING = 32
"""Slices that are with an executor at a time: memory does not grow with how much there is to do."""
_EACH_WAITING = 2
"""Parts, which are larger, for each of its workers: one that it does, and one that comes next."""

Progress = Callable[[str, float], None]
"""Told what is being done and how much of it is done, 0 to 1."""


class Stopped(Exception):
    """Raised by a `Progress` where nobody wants the work any more; nothing of it was kept."""


def untold(doing: str, done: float) -> None:
    """Tell nobody: the `Progress` of short work."""


def share(
    work: Work[Item, Result],
    items: Sequence[Item],
    weights: Sequence[int],
    worth: int,
    tick: Tick = silent,
    executor: Executor | None = None,
    form: Form[Result] | None = None,
    rest: Callable[[], Result] | None = None,
) -> list[Result]:
    """Return `work` of consecutive slices of `items`, in order, then the `rest`.

    The rest is done here, while other processes of this machine do their slices.

    Slices weigh about the same.  Below a total weight of `worth` everything is done here.  `tick`
    is told how much is done; with processes of this machine, of this process's slice alone.

    Without a `form`, results must be picklable, and only forked processes do the work.  With one, it
    is done where there is no fork, too, or by an `executor` that is handed in, which is given every
    slice: `work` and the items must be picklable then: a module's function of typed arguments, or a
    `functools.partial` of one.
    """
    total = sum(weights)
    if total < worth or len(items) < 2:
        return [work(items, tick), *done_here(rest)]
    if executor is not None and form is not None:
        least = total // (worth * _MOST_WEIGHT) + 1
        count = max(least, min(_MOST_SLICES, total * _FINER // worth + 1))
        slices = _cut(items, weights, total, min(count, len(items)))
        return [*_on(executor, work, slices, tick, form), *done_here(rest)]
    count = min(cores(), len(items))
    fork = may_fork()
    if count < 2 or not (fork or (form is not None and total >= worth * _AFRESH)):
        return [work(items, tick), *done_here(rest)]
    from itgov.files.worker_processes import in_forks, started_afresh  # small work needs none

    slices = _cut(items, weights, total, count)
    if len(slices) < 2:
        return [work(items, tick), *done_here(rest)]
    if fork or form is None:
        return in_forks(work, slices, tick, form, rest)
    return started_afresh(work, slices, count - 1, tick, form, rest)


def share_parts(
    work: Work[Item, Result],
    parts: Sequence[Sequence[Item]],
    tick: Tick,
    executor: Executor,
    form: Form[Result],
) -> Iterator[Result]:
    """Yield `work` of each part, done by an executor, few at a time; here where that fails."""
    workers = getattr(executor, "workers", None)  # which an executor of a cluster knows
    waiting = _MOST_WAITING if workers is None else min(_MOST_WAITING, _EACH_WAITING * workers)
    return _on(executor, work, parts, tick, form, waiting)


def _on(
    executor: Executor,
    work: Work[Item, Result],
    slices: Sequence[Sequence[Item]],
    tick: Tick,
    form: Form[Result],
    most_waiting: int = _MOST_WAITING,
) -> Iterator[Result]:
    """Yield the work of every slice, each done by an executor; here where that fails."""
    waiting: list[Future[bytes] | None] = []
    packed = packed_work(work)
    try:
        for done, part in enumerate(slices):
            ahead = slices[len(waiting) : done + most_waiting]
            waiting += [sent(executor, packed, one, form) for one in ahead]
            tick(done / len(slices))
            future, waiting[done] = waiting[done], None
            yield received(future, work, part, form)
    except BaseException:
        for future in waiting:
            if future is not None:
                future.cancel()
        raise


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
