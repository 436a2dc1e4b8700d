"""Undo: proposals written, undone and done again, never over somebody else's change."""

from __future__ import annotations

import itertools
from pathlib import Path

from msgspec import Struct

from itgov.files.parallel import Progress, Stopped, untold
from itgov.files.proposal import FileEdit, Proposal
from itgov.files.rebase import rebased
from itgov.files.save import ChangedMeanwhile, EditRefused, digest, remove, save

LIMIT = 200
"""How many written proposals can be undone."""
_turns = itertools.count(1)


def next_turn() -> int:
    """Return a number higher than that of anything done before in this process."""
    return next(_turns)


class _Swap(Struct, frozen=True):
    """What one file must hold for a step to be made, and what it holds after."""

    path: str
    was: bytes | None
    then: bytes | None


class UndoHistory:
    """What one process has written to the files under `root`, so that it can be undone."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._done: list[Proposal] = []
        self._undone: list[Proposal] = []
        self._turns: list[int] = []

    @property
    def last_turn(self) -> int:
        """The turn in which the last proposal that can be undone was written; 0 where there is none."""
        return self._turns[-1] if self._turns else 0

    @property
    def next_undo(self) -> str | None:
        """The title of what `undo` would take back, or None."""
        return self._done[-1].title if self._done else None

    @property
    def next_redo(self) -> str | None:
        """The title of what `redo` would do again, or None."""
        return self._undone[-1].title if self._undone else None

    def file_count(self, back: bool) -> int:
        """Return how many files `undo`, else `redo`, would write."""
        stack = self._done if back else self._undone
        return len(_changing(stack[-1])) if stack else 0

    def write(self, proposal: Proposal, progress: Progress = untold) -> list[str]:
        """Write a proposal's files, all or none; return the paths of those that changed.

        Where `progress` raises `Stopped`, what was written is put back.  Raise EditRefused where a
        file is no longer what the proposal was made from.
        """
        swaps = [_Swap(f.path, f.before, f.after) for f in _changing(proposal)]
        if not swaps:
            return []
        self._carry_out(swaps, "nothing was written", progress)
        self._done = [*self._done[-LIMIT + 1 :], proposal]
        self._turns = [*self._turns[-LIMIT + 1 :], next_turn()]
        self._undone = []
        return [s.path for s in swaps]

    def undo(self, progress: Progress = untold) -> Proposal | None:
        """Take the last written proposal back and return it; None where there is none.

        What was changed in other places of a file since stays.  Raise EditRefused, and change
        nothing, where the very lines, or lines beside them, were changed.
        """
        if not self._done:
            return None
        proposal = self._done[-1]
        swaps = [self._step(f.path, f.after, f.before) for f in reversed(_changing(proposal))]
        self._carry_out(swaps, f"“{proposal.title}” was not undone", progress)
        self._undone.append(self._done.pop())
        self._turns.pop()
        return proposal

    def redo(self, progress: Progress = untold) -> Proposal | None:
        """Write the last undone proposal again and return it; None where there is none.

        As with `undo`, what was changed in other places since stays.  Raise EditRefused otherwise.
        """
        if not self._undone:
            return None
        proposal = self._undone[-1]
        swaps = [self._step(f.path, f.before, f.after) for f in _changing(proposal)]
        self._carry_out(swaps, f"“{proposal.title}” was not done again", progress)
        self._done.append(self._undone.pop())
        self._turns.append(next_turn())
        return proposal

    # -- the files -----------------------------------------------------------------------------

    def _step(self, path: str, base: bytes | None, target: bytes | None) -> _Swap:
        """Return the step from one state of a file to another, on what the file holds now."""
        current = self._current(path)
        if base is not None and target is not None and current not in (None, base):
            assert current is not None
            made = rebased(base, target, current)
            if made is not None:
                return _Swap(path, current, made)
        return _Swap(path, base, target)

    def _carry_out(self, swaps: list[_Swap], otherwise: str, progress: Progress) -> None:
        for swap in swaps:  # look at all before the first is touched
            if self._current(swap.path) != swap.was:
                raise ChangedMeanwhile(
                    f"{otherwise}: {swap.path} was changed by somebody else meanwhile"
                )
        made: list[_Swap] = []
        try:
            for number, swap in enumerate(swaps):
                progress("Writing", number / len(swaps))
                self._put(swap)
                made.append(swap)
        except (EditRefused, Stopped) as error:
            left = self._restore(made)
            why = "stopped" if isinstance(error, Stopped) else str(error)
            if left:
                names = ", ".join(left)
                raise EditRefused(
                    f"{why}; {names} could not be put back and stay as written"
                ) from error
            if isinstance(error, Stopped):
                raise
            raise EditRefused(f"{why}; {otherwise}") from error

    def _restore(self, made: list[_Swap]) -> list[str]:
        """Put back what was written before a later file failed; return what could not be."""
        left = []
        for swap in reversed(made):
            try:
                self._put(_Swap(swap.path, swap.then, swap.was))
            except EditRefused:
                left.append(swap.path)
        return left

    def _put(self, swap: _Swap) -> None:
        path = self.root / swap.path
        was = None if swap.was is None else digest(swap.was)
        if swap.then is not None:
            save(self.root, path, swap.then, was)
        elif was is not None:
            remove(self.root, path, was)

    def _current(self, path: str) -> bytes | None:
        try:
            return (self.root / path).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise EditRefused(f"{path}: cannot be read: {error.strerror or error}") from error


def _changing(proposal: Proposal) -> list[FileEdit]:
    return [f for f in proposal.files if f.before != f.after]
