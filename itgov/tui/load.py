"""From a path to a room: find the repository, read, link, judge.  Runs beside the room's screen."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from itgov.tui.room import Room

Progress = Callable[[str, float], None]


class Trouble(Struct, frozen=True):
    """Why there is no room to show: what is wrong, where, and what to do.

    `empty` says that nothing is broken, there is only nothing yet.
    """

    title: str
    lines: tuple[str, ...]
    advice: str
    empty: bool = False


def load(path: Path | None, today: datetime.date | None, progress: Progress) -> Room | Trouble:
    """Return the room of the repository at `path`; without a path here, else the sample."""
    from itgov.files.repository import BrokenConfig, NoRepository, Repository, find_repository
    from itgov.files.shipped import standard_root
    from itgov.rules.govern import govern, rules_of

    sample = False
    try:
        try:
            repository = find_repository(path or Path("."))
        except NoRepository:
            if path is not None:
                raise
            repository, sample = Repository(standard_root()), True
        book = rules_of(repository)
        if book.broken:
            lines = tuple(
                f"{f.path}:{f.line}:{f.column}: {f.message}"
                for f in book.problems
                if f.severity == "error"
            )
            return Trouble(
                "The rule files are broken, so nothing was enforced",
                lines,
                "Mend them and press R; `itgov rules check` lists them too.",
            )
        governed = govern(repository, book, today or datetime.date.today(), progress=progress)
    except NoRepository as stop:
        return Trouble(
            "No portfolio here",
            (str(stop),),
            "`itgov init` starts one with a unit to fill in; `itgov` outside any repository shows the sample.",
            empty=True,
        )
    except BrokenConfig as broken:
        lines = tuple(
            "{}:{}:{}: {}".format(
                broken.document.path, *broken.document.position(p.start), p.message
            )
            for p in broken.problems
        )
        return Trouble("itgov.yaml cannot be used", lines, "Mend it and press R.")
    except OSError as error:
        return Trouble(
            "The files cannot be read",
            (f"{error.filename or ''}: {error.strerror or error}",),
            "Mend that and press R.",
        )
    return Room(repository, book, governed, sample=sample, git=_in_git(repository.root))


def _in_git(root: Path) -> bool:
    """Say whether a folder lies in a git repository, without asking git."""
    here = root.resolve()
    return any((folder / ".git").exists() for folder in (here, *here.parents))
