"""Which folders are the roots of portfolio repositories, told by names alone.

The answer that `check` remembers asks this before anything else is imported.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from itgov.files.file_names import walk
from itgov.files.git_dir import find_git_dir

CONFIG = "itgov.yaml"
PORTFOLIOS = "portfolios"


def is_root(folder: str) -> bool:
    """Say whether a folder is one that a repository is looked for by."""
    return os.path.isfile(os.path.join(folder, CONFIG)) or os.path.isdir(
        os.path.join(folder, PORTFOLIOS)
    )


def upwards(start: str) -> Iterator[str]:
    """Yield a folder and those above it, up to the top of the git repository that it lies in."""
    git = find_git_dir(start)
    folder = os.path.abspath(start)
    while True:
        yield folder
        above = os.path.dirname(folder)
        if above == folder or (git is not None and os.path.realpath(folder) == git.top):
            return
        folder = above


def root_above(start: str) -> str | None:
    """Return the nearest root upwards from a folder, itself included, or None."""
    return next((folder for folder in upwards(start) if is_root(folder)), None)


def roots_below(root: str) -> Iterator[str]:
    """Yield the roots below a folder, but not in hidden ones, in other git repositories or in what
    package managers install."""
    for name, inner, _ in walk(root):
        inner[:] = [
            n
            for n in inner
            if not n.startswith(".")
            and n != "node_modules"
            and not os.path.lexists(os.path.join(name, n, ".git"))
        ]
        yield from (at for n in inner if is_root(at := os.path.join(name, n)))
