"""Whether a regular file of a repository is at a path; nothing is opened.

The answer that `check` remembers asks this before anything else is imported.
"""

from __future__ import annotations

import os
import stat


class RegularFiles:
    """The regular files inside one folder, a link counted where it stays inside."""

    def __init__(self, root: str) -> None:
        self.root = os.path.realpath(root)
        self._real_folders: dict[str, str] = {}

    def has(self, path: str) -> bool:
        """Say whether a regular file is at a path below the folder, and not in git's own."""
        folder, _, name = path.rpartition("/")
        try:
            if (real := self._real_folders.get(folder)) is None:
                real = os.path.realpath(os.path.join(self.root, folder))
                self._real_folders[folder] = real
            full = os.path.join(real, name)
            mode = os.lstat(full).st_mode
            if stat.S_ISLNK(mode):
                full = os.path.realpath(full)
                mode = os.lstat(full).st_mode
        except (OSError, ValueError):  # nothing there, or a name that no file can have
            return False
        return stat.S_ISREG(mode) and self.holds(full) and not self._in_git_folder(full)

    def holds(self, real: str) -> bool:
        """Say whether a path without links is the folder, or lies in it."""
        root = self.root.rstrip(os.sep)
        return real == root or real.startswith(root + os.sep)

    def _in_git_folder(self, real: str) -> bool:
        return ".git" in real[len(self.root) :].casefold().split(os.sep)
