"""An executor that does everything in this process, on copies of what it is given: a cluster of nobody."""

from __future__ import annotations

import contextlib
import pickle
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from typing import Any


class InlineExecutor(Executor):
    def submit(self, work: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        work, given, named = pickle.loads(pickle.dumps((work, given, named)))
        try:
            future.set_result(work(*given, **named))
        except UnicodeEncodeError as error:  # a result that cannot be sent
            future.set_exception(error)
        return future


@contextlib.contextmanager
def shared_inline(options: object) -> Iterator[Executor]:
    """Stand in for `itgov.cli.sharing.shared`."""
    yield InlineExecutor()
