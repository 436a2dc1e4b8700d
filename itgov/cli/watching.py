"""`itgov check --watch`: again and again."""

from __future__ import annotations

import os
from collections.abc import Callable

from itgov.cli.runner import refuse, say_notes
from itgov.cli.terminal import say
from itgov.files.cache import write_kept
from itgov.files.file_names import is_of_an_editor, is_passed_over, is_read
from itgov.files.repository import Repository
from itgov.model.errors import ItgovError

_FIRST_ROUND = 50
"""Milliseconds after which the watcher answers though nothing changed."""


def watch(repository: Repository, again: Callable[[], int]) -> int:
    """Check with `again`, now and whenever a file changes, until interrupted; return the last exit code."""
    import signal
    import sys

    import watchfiles

    # A shell starts a command in the background with SIGINT ignored; SIGTERM is how others end it.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    places = [repository.root / f for f in repository.folders if (repository.root / f).is_dir()]
    code = 130  # interrupted before the first check was through
    ours = _filter(repository)
    first = True
    try:
        # The watcher starts before the first check, so that a save during it is not missed: the
        # first round comes after _FIRST_ROUND, with or without changes.
        for changes in watchfiles.watch(
            *places, repository.root, raise_interrupt=True, watch_filter=ours,
            rust_timeout=_FIRST_ROUND, yield_on_timeout=True,
        ):  # fmt: skip
            if not changes and not first:
                continue
            if not first and sys.stdout.isatty():
                sys.stdout.write("\x1b[2J\x1b[H")
            first = False
            code = _once_more(repository, again)
    except KeyboardInterrupt:
        pass
    return code


def _filter(repository: Repository) -> Callable[[object, str], bool]:
    root = os.path.realpath(repository.root)

    def ours(_change: object, path: str) -> bool:
        parts = os.path.relpath(os.path.realpath(path), root).split(os.sep)
        name, inside = parts[-1], not any(p.startswith(".") for p in parts[:-1])
        seen = is_read(name) or is_passed_over(name)
        return inside and seen and not is_of_an_editor(name)

    return ours


def _once_more(repository: Repository, again: Callable[[], int]) -> int:
    try:
        code = again()
    except ItgovError as error:
        code = refuse(error)
    say_notes()
    write_kept()
    say(f"Watching {repository.root}; ctrl+c ends.")
    return code
