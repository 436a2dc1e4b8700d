"""Noticing that files were changed by somebody else: an editor, a pull, another room."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from msgspec import Struct

from itgov.files.file_names import is_of_an_editor, is_passed_over, is_read, walk
from itgov.files.git_dir import find_git_dir
from itgov.files.repository import Paths, Repository
from itgov.files.repository_roots import CONFIG
from itgov.files.sources import plain_folder

STEP = 200
"""Milliseconds between two looks at what the system has told."""
DEBOUNCE = 1_000
"""Milliseconds after which changes are told of, though more keep coming."""
FIRST_LOOK = 1_000
"""Milliseconds after which it is asked whether something changed before the watch began."""
_GIT = ("HEAD", "packed-refs", os.path.join("logs", "HEAD"))


class Places(Struct, frozen=True):
    """What to look at: the folders of a repository, and the files that tell of git's HEAD."""

    root: str
    folders: tuple[str, ...]
    heads: tuple[str, ...] = ()

    def wants(self, path: str) -> bool:
        """Say whether a change at a path may change what the room shows."""
        if path in self.heads or path == os.path.join(self.root, CONFIG):
            return True
        if not any(path == f or path.startswith(f + os.sep) for f in self.folders):
            return False
        name = os.path.basename(path)
        if is_read(name) or (is_passed_over(name) and not is_of_an_editor(name)):
            return True
        return not name.startswith(".") and (os.path.isdir(path) or "." not in name)

    def watched(self) -> list[str]:
        """Return every folder to watch.

        Files are watched by their folders, for editors put a new file in the place of the old one.
        """
        found = [self.root, *(os.path.dirname(head) for head in self.heads)]
        for top in self.folders:
            for folder, inner, _ in walk(top):
                inner[:] = [name for name in inner if not name.startswith(".")]
                found.append(folder)
        return [folder for folder in dict.fromkeys(found) if os.path.isdir(folder)]


def places_of(repository: Repository) -> Places:
    """Return what to look at for a repository."""
    root = os.path.realpath(repository.root)
    git = find_git_dir(root)
    heads = [os.path.join(git.own, name) for name in _GIT] if git is not None else []
    if git is not None and git.common != git.own:
        heads.append(os.path.join(git.common, "packed-refs"))
    return Places(root, _folders(root, repository.folders), tuple(heads))


def places_at(path: Path) -> Places:
    """Return what to look at where there is no repository yet, or its `itgov.yaml` is broken."""
    root = os.path.realpath(path if path.is_dir() else path.parent)
    usual = Paths()
    return Places(root, _folders(root, [usual.portfolios, usual.rules]))


def _folders(root: str, named: Iterable[str]) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(os.path.realpath(os.path.join(root, plain_folder(n))) for n in named)
    )


class Watch:
    """A thread that calls `changed` when files have changed, and `failed` where it cannot tell.

    `changed` is called once in any case, for what changed before the watch began.
    """

    def __init__(
        self,
        places: Places,
        changed: Callable[[], object],
        failed: Callable[[str], object],
    ) -> None:
        self.places = places
        self._changed = changed
        self._failed = failed
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """Watch no more; a thread that still sleeps ends by itself."""
        self._stop.set()

    def _run(self) -> None:
        from watchfiles import Change, watch

        def wanted(_: Change, path: str) -> bool:
            return self.places.wants(path)

        try:
            while not self._stop.is_set():
                folders = self.places.watched()
                told = False
                for changes in watch(
                    *folders, watch_filter=wanted, debounce=DEBOUNCE, step=STEP,
                    rust_timeout=FIRST_LOOK, yield_on_timeout=True, stop_event=self._stop,
                    raise_interrupt=False, recursive=False, ignore_permission_denied=True,
                ):  # fmt: skip
                    if not changes and told:
                        continue
                    told = True
                    self._changed()
                    if self.places.watched() != folders:
                        break  # a folder came or went
                else:
                    return
        except (OSError, RuntimeError) as error:  # what the system's own notices raise
            self._failed(str(error))
