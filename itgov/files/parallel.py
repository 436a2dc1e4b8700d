"""Sharing pure work among the processor's cores, or an executor's workers.

Work on one file is a pure function with a small serialisable result, so it can be handed to
forked processes, which see everything read so far without a copy.  Where the system has no fork,
where other threads run (a copy of one thread alone may wait for ever on what another held), or
where a process fails, the work is done here: the result is the same, only later.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Executor as Executor  # noqa: PLC0414  given on to others
    from concurrent.futures import Future

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


_MOST_SLICES = 256
"""For an executor, which may have many workers."""

Tick = Callable[[float], None]
"""Told how much of the work at hand is done, 0 to 1."""
Progress = Callable[[str, float], None]
"""Told what is being done and how much of it is done, 0 to 1."""

Work = Callable[[Sequence[Item], Tick], Result]


class Stopped(Exception):
    """Raised by a `Progress` where nobody wants the work any more; nothing of it was kept."""


def untold(doing: str, done: float) -> None:
    """Tell nobody: the `Progress` of short work."""


def _silent(done: float) -> None:
    """Tell nobody."""


def share(
    work: Work[Item, Result],
    items: Sequence[Item],
    weights: Sequence[int],
    worth: int,
    tick: Tick = _silent,
    executor: Executor | None = None,
) -> list[Result]:
    """Return `work` of consecutive slices of `items`, in order; results must be picklable.

    Slices weigh about the same.  Below a total weight of `worth` everything is done here.  `tick`
    is told how much is done; with processes of this machine, of this process's slice alone.

    An `executor` of other processes that is handed in is given every slice; `work` and the items
    must be picklable then: a module's function of typed arguments, or a `functools.partial` of one.
    """
    total = sum(weights)
    if total < worth or len(items) < 2:
        return [work(items, tick)]
    if executor is not None:
        count = min(_MOST_SLICES, len(items), total // max(worth, 1) + 1)
        return _on(executor, work, _cut(items, weights, total, count), tick)
    count = min(cores(), len(items))
    slices = _cut(items, weights, total, count) if count > 1 and may_fork() else []
    return _in_processes(work, slices, tick) if len(slices) > 1 else [work(items, tick)]


def _on(
    executor: Executor, work: Work[Item, Result], slices: Sequence[Sequence[Item]], tick: Tick
) -> list[Result]:
    """Return the work of every slice, each done by an executor; here where that fails."""
    waiting = [_submitted(executor, work, part, _silent) for part in slices]
    results: list[Result] = []
    try:
        for future, part in zip(waiting, slices, strict=True):
            tick(len(results) / len(slices))
            results.append(_result(future, work, part))
    except BaseException:
        for future in waiting:
            if future is not None:
                future.cancel()
        raise
    return results


def _in_processes(
    work: Work[Item, Result], slices: Sequence[Sequence[Item]], tick: Tick
) -> list[Result]:
    """Return the work of every slice: the first is done here, each other in a forked process.

    The processes inherit work and items as they are in memory; only results are sent.
    """
    from concurrent.futures import ProcessPoolExecutor  # the modules cost 26 ms
    from multiprocessing import active_children, get_context
    from signal import SIG_BLOCK, SIG_SETMASK, pthread_sigmask

    before = active_children()

    def kill_workers() -> None:
        for child in active_children():
            if child not in before:
                child.kill()
                child.join()

    try:
        pool = ProcessPoolExecutor(len(slices) - 1, get_context("fork"), _as_worker, (work, slices))
    except (OSError, ImportError, NotImplementedError):  # a system without semaphores
        return [work(part, tick) for part in slices]
    try:
        # one that comes while a worker starts would be lost in it
        before_starting = pthread_sigmask(SIG_BLOCK, _ENDING)
        try:
            waiting = [_submitted(pool, _inherited_work, n) for n in range(1, len(slices))]
        finally:
            pthread_sigmask(SIG_SETMASK, before_starting)
        if None in waiting:  # of several processes that could not all be started
            kill_workers()
        results = [work(slices[0], tick)]
        for future, part in zip(waiting, slices[1:], strict=True):
            results.append(_result(future, work, part))
        return results
    except BaseException:  # an interrupt, most of all: nobody waits for what the workers do
        kill_workers()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


_ENDING = (2, 15)
"""SIGINT and SIGTERM: the module of their names is imported only where work is shared."""


_inherited: list[Any] = []
"""In a forked process: the work, and the slices of which it does some."""


def _as_worker(work: Work[Any, Any], slices: Sequence[Sequence[Any]]) -> None:
    import signal
    from threading import Thread

    _inherited[:] = work, slices
    for number in (signal.SIGINT, signal.SIGTERM):  # end silently, whatever the parent does then
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this worker when its parent is gone: a worker that waits for more work would stay."""
    from multiprocessing import parent_process
    from multiprocessing.connection import wait

    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _inherited_work(number: int) -> Any:
    work, slices = _inherited
    return work(slices[number], _silent)


def _submitted(executor: Executor, work: Callable[..., Any], *given: Any) -> Future[Any] | None:
    """Begin work; None where the executor takes none."""
    try:
        return executor.submit(work, *given)
    except (OSError, RuntimeError):  # no process to be had; a pool that is broken or closed
        return None


def _result(
    future: Future[Result] | None, work: Work[Item, Result], part: Sequence[Item]
) -> Result:
    """Return what a future has; where its process died or the result cannot be sent, do it here."""
    if future is not None and future.exception() is None:
        return future.result()
    return work(part, _silent)


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
