"""Processes of this machine that share work: forked where that is safe, else started afresh."""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from itgov.files.result_files import Handed, ResultFiles, delete, left
from itgov.files.shared_work import (
    Form,
    Tick,
    Work,
    done_elsewhere,
    done_here,
    note,
    packed_work,
    received,
    silent,
    submitted,
)

Item = TypeVar("Item")
Result = TypeVar("Result")

_NO_PROCESS = "No worker process could be started: all work was done in one process."


def _start_method() -> str:
    """Return how processes start that inherit nothing."""
    from multiprocessing import get_all_start_methods

    known = get_all_start_methods()  # the system's own comes first
    return known[0] if known[0] != "fork" or "forkserver" not in known else "forkserver"


_afresh: list[_Pool] = []
"""Processes that were started afresh: reading and judging use the same ones."""
# as the process ends the modules that they need go, which would print a traceback
atexit.register(_afresh.clear)


class _Pool:
    """Processes that are started when they are first given work."""

    def __init__(self, count: int, method: str, *inherited: Any) -> None:
        from concurrent.futures import ProcessPoolExecutor  # the modules cost 26 ms
        from multiprocessing import active_children, get_context

        self._others = active_children()
        if os.name == "posix":
            _start_tracker()
        self.executor = ProcessPoolExecutor(count, get_context(method), _as_worker, inherited)

    def kill(self) -> None:
        """End the processes, whatever they do."""
        from multiprocessing import active_children

        for child in active_children():
            if child not in self._others:
                child.kill()
                child.join()
        # its thread may otherwise close what Python writes to as it ends, which prints a traceback
        self.executor.shutdown(cancel_futures=True)


def _start_tracker() -> None:
    """Start the process of `multiprocessing` that every pool needs, with a standard error that it can use.

    It is given the number of `sys.stderr`; what stands for that while a screen is shown says -1, with
    which no process starts.
    """
    import sys
    from contextlib import redirect_stderr
    from multiprocessing.resource_tracker import ensure_running

    with redirect_stderr(sys.__stderr__):
        ensure_running()


def _pool(count: int, method: str, *inherited: Any) -> _Pool | None:
    try:
        return _Pool(count, method, *inherited)
    except (OSError, ImportError, NotImplementedError):  # a system without semaphores
        note(_NO_PROCESS)
        return None


def started_afresh(
    work: Work[Item, Result],
    slices: Sequence[Sequence[Item]],
    count: int,
    tick: Tick,
    form: Form[Result],
    rest: Callable[[], Result] | None,
) -> list[Result]:
    """Return the work of every slice: the first is done here, each other in one of `count` processes.

    Work and items are sent to them.
    """
    pool = _afresh.pop() if _afresh else _pool(count, _start_method())
    if pool is None:
        return [*(work(part, tick) for part in slices), *done_here(rest)]
    packed, files = packed_work(work), ResultFiles()
    try:
        with _Unheard():
            waiting = [
                submitted(pool.executor, _sent_work, files.folder, packed, part, form.encode)
                for part in slices[1:]
            ]
        results = [work(slices[0], tick)]
        last = done_here(rest)
        for future, part in zip(waiting, slices[1:], strict=True):
            results.append(received(Handed(future) if future else None, work, part, form))
        if any(future is None or future.exception() is not None for future in waiting):
            pool.kill()  # the next work starts others
        else:
            _afresh.append(pool)
        return [*results, *last]
    except BaseException:  # an interrupt, most of all: nobody waits for what the workers do
        pool.kill()
        raise
    finally:
        files.close()


class _Unheard:
    """Signals that end a process wait: one that comes while a worker starts would be lost in it."""

    def __enter__(self) -> None:
        import signal

        self._before = (
            signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
            if hasattr(signal, "pthread_sigmask")
            else None
        )

    def __exit__(self, *_: object) -> None:
        import signal

        if self._before is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, self._before)


def in_forks(
    work: Work[Item, Result],
    slices: Sequence[Sequence[Item]],
    tick: Tick,
    form: Form[Result] | None,
    rest: Callable[[], Result] | None,
) -> list[Result]:
    """Return the work of every slice: the first is done here, each other in a forked process.

    The processes inherit work and items as they are in memory; only results are sent.
    """
    encode = form.encode if form is not None else _as_it_is
    files = ResultFiles()
    pool = _pool(len(slices) - 1, "fork", work, slices, encode, files.folder)
    if pool is None:
        files.close()
        return [*(work(part, tick) for part in slices), *done_here(rest)]
    try:
        with _Unheard():
            waiting = [submitted(pool.executor, _inherited_work, n) for n in range(1, len(slices))]
        if None in waiting:  # of several processes that could not all be started
            pool.kill()
            note(_NO_PROCESS)
        results = [work(slices[0], tick)]
        last = done_here(rest)
        for future, part in zip(waiting, slices[1:], strict=True):
            results.append(received(Handed(future) if future else None, work, part, form))
        return [*results, *last]
    except BaseException:  # an interrupt, most of all: nobody waits for what the workers do
        pool.kill()
        raise
    finally:
        pool.executor.shutdown(cancel_futures=True)
        files.close()


_ENDING = (2, 15)
"""SIGINT and SIGTERM: the module of their names is imported only where work is shared."""


_inherited: list[Any] = []
"""In a forked process: the work, the slices of which it does some, how a result is sent, and the folder for it."""


def _as_it_is(result: Any) -> Any:
    return result


def _as_worker(*inherited: Any) -> None:
    import signal
    from threading import Thread

    _inherited[:] = inherited
    for number in (signal.SIGINT, signal.SIGTERM):  # end silently, whatever the parent does then
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this worker when its parent is gone: a worker that waits for more work would stay."""
    from multiprocessing import parent_process
    from multiprocessing.connection import wait

    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        delete(_inherited[-1] if _inherited else "")
        os._exit(1)


def _inherited_work(number: int) -> Any:
    work, slices, encode, folder = _inherited
    return left(folder, encode(work(slices[number], silent)))


def _sent_work(folder: str, *given: Any) -> Any:
    return left(folder, done_elsewhere(*given))
