"""What a change to a repository may try so that `itgov check` ends green: one module per kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from ...support.git import GitRepo


class Dodge(NamedTuple):
    """A change on top of what `itgov init --unit claims` writes, and how a command must end.

    The repository has one commit on `main` (its id is `{base}` in the command); the change is made
    in the work tree and not committed unless it does so itself.  The command runs in the
    repository's folder; `--as-of` is given to `check` where it has none.
    """

    what: str
    change: Callable[[GitRepo], None]
    command: Sequence[str]
    code: int
    says: Sequence[str] = ()
    """Words that stand in what it prints, messages included."""
    never: Sequence[str] = ()
    """Words that do not."""
    leaves: tuple[str, str] | None = None
    """A file, and words that it holds when the command has ended."""


def replace(path: str, old: str, new: str) -> Callable[[GitRepo], None]:
    """Return a change that puts `new` where `old` stands in a file."""

    def change(repo: GitRepo) -> None:
        file: Path = repo.root / path
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{path} does not hold {old!r}"
        file.write_text(text.replace(old, new), encoding="utf-8")

    return change


def write(files: dict[str, str | None]) -> Callable[[GitRepo], None]:
    """Return a change that writes files, or deletes those without a text."""
    return lambda repo: repo.write(files)


def both(*changes: Callable[[GitRepo], None]) -> Callable[[GitRepo], None]:
    """Return changes one after another as one."""

    def change(repo: GitRepo) -> None:
        for each in changes:
            each(repo)

    return change


NO_OWNER = replace(
    "portfolios/claims.yaml", "    outcome_owner: nadia.rahman", "    outcome_owner:"
)
"""The change that a dodge tries to hide: the one investment has lost its outcome owner."""
