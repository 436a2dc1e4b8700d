"""A slice of work on its way to another process and its result on the way back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, TypeVar

from itgov.model.nobody import use_words_of, words_in_use

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

Item = TypeVar("Item")
Result = TypeVar("Result")

Tick = Callable[[float], None]
"""Told how much of the work at hand is done, 0 to 1."""
Work = Callable[[Sequence[Item], Tick], Result]


def silent(done: float) -> None:
    """Tell nobody."""


class Form(NamedTuple, Generic[Result]):
    """How a result crosses from another process: as bytes of which nothing can run."""

    encode: Callable[[Result], bytes]
    """A module's function.  Raises `UnicodeEncodeError` where a text has no encoding."""
    decode: Callable[[bytes], Result]
    """Raises `ValueError` where the bytes are no such result."""
    fits: Callable[[Sequence[Any], Result], bool] = lambda part, result: True
    """Says whether a result can be that of these items."""


def done_here(rest: Callable[[], Result] | None) -> list[Result]:
    """Return what is left to do beside slices of work, done; nothing where there is none."""
    return [] if rest is None else [rest()]


_notes: list[str] = []


def note(text: str) -> None:
    """Keep a line for whoever runs the command: how the work was shared otherwise than asked for."""
    if text not in _notes:
        _notes.append(text)


def take_notes() -> list[str]:
    """Return what is to be said of how work was shared, and forget it."""
    found = _notes[:]
    _notes.clear()
    return found


def packed_work(work: Work[Any, Any]) -> bytes:
    """Return work, and what it needs of this process, for processes that inherit nothing."""
    import pickle

    return pickle.dumps((work, words_in_use()))


def sent(
    executor: Executor, packed: bytes, part: Sequence[Any], form: Form[Any]
) -> Future[bytes] | None:
    """Begin packed work on a slice in a process that inherits nothing, as `submitted` does."""
    return submitted(executor, done_elsewhere, packed, part, form.encode)


_last: tuple[bytes, Work[Any, Any]] | None = None


def done_elsewhere(packed: bytes, part: Sequence[Item], encode: Callable[[Result], bytes]) -> bytes:
    """Do a slice of work in a process that inherits nothing."""
    global _last  # noqa: PLW0603  of many slices the work is unpacked once
    if _last is None or _last[0] != packed:
        import pickle

        work, words = pickle.loads(packed)  # noqa: S301  from the process that started this one
        use_words_of(words)
        _last = packed, work
    return encode(_last[1](part, silent))


class Answer(Protocol):
    """What another process will answer; every `Future` is one."""

    def exception(self) -> BaseException | None:
        """Wait, and return what the process raised, or that it is gone."""

    def result(self) -> Any:
        """Return the answer.  Raises `ValueError` where it cannot be had."""


def submitted(executor: Executor, work: Callable[..., Any], *given: Any) -> Future[Any] | None:
    """Begin work; None where the executor takes none."""
    try:
        return executor.submit(work, *given)
    except (OSError, RuntimeError):  # no process to be had; a pool that is broken or closed
        return None


def received(
    future: Answer | None,
    work: Work[Item, Result],
    part: Sequence[Item],
    form: Form[Result] | None,
) -> Result:
    """Return what a future has; where its process died or the result cannot be sent, do it here."""
    from concurrent.futures import BrokenExecutor, CancelledError

    if future is not None:
        try:
            failed = future.exception()
        except CancelledError as cancelled:
            failed = cancelled
        if failed is None:
            try:
                answer: Any = future.result()
                result: Result = form.decode(answer) if form is not None else answer
                if form is None or form.fits(part, result):
                    return result
            except ValueError:  # msgspec's errors are such
                pass
            note("A worker sent what is no result: its work was done again.")
        elif isinstance(failed, (BrokenExecutor, CancelledError)):
            note("A worker process ended before its work was done: the work was done again.")
        elif not isinstance(failed, (UnicodeEncodeError, OverflowError)):  # which have no encoding
            again = work(part, silent)  # raises what it raised there, if it is the work's own fault
            note(f"A worker failed ({type(failed).__name__}): its work was done again.")
            return again
    return work(part, silent)
