"""Where a forge, git hooks and CODEOWNERS are read: at the top of the git repository."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path
from typing import NamedTuple

from itgov.files.git_dir import find_git_dir, prefix_of

_PLAIN = re.compile(r"[\w.@+][\w.@+ /-]*")


class Place(NamedTuple):
    """A portfolio's folder, and the folder whose files a forge reads."""

    root: Path
    top: str
    """The top of the git repository, as an absolute path; the folder itself without one."""
    prefix: str
    """The folder's path below `top`, with forward slashes; empty at the top."""
    in_git: bool

    @property
    def up(self) -> str:
        """The way from the folder to `top`: empty, or ending in a slash."""
        return "../" * (self.prefix.count("/") + 1) if self.prefix else ""

    @property
    def below(self) -> str:
        """What stands before a path of the portfolio in a file at `top`."""
        return f"{self.prefix}/" if self.prefix else ""

    @property
    def is_plain(self) -> bool:
        """Whether the prefix means itself in YAML, in a shell and in a forge's expressions."""
        return not self.prefix or _PLAIN.fullmatch(self.prefix) is not None

    @property
    def slug(self) -> str:
        """What tells the portfolio's jobs and reports from those of another: empty at the top."""
        return re.sub(r"\W+", "-", self.prefix.lower()).strip("-")

    def full(self, path: str) -> Path:
        """Return where a path from the folder leads, which may not be there yet; `up` leads to `top`."""
        if self.up and path.startswith(self.up):
            return Path(self.top, path.removeprefix(self.up))
        return self.root / path

    def argument(self) -> str:
        """Return what a command at `top` needs to find the portfolio: a space and the path, or nothing."""
        return f" {shlex.quote(self.prefix)}" if self.prefix else ""

    def output(self, name: str) -> str:
        """Return the path of a file in the portfolio's folder, for a shell at `top`."""
        return shlex.quote(self.below + name)


def place_of(root: Path) -> Place:
    """Return where the files for a forge belong for a portfolio in `root`, which need not be there."""
    found = find_git_dir(os.fspath(root))
    if found is None:
        return Place(root, os.path.realpath(root), "", in_git=False)
    return Place(root, found.top, prefix_of(root), in_git=True)
