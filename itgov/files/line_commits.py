"""Which commit last changed a line of a file.

The lines of a commit are asked of `git blame`; those on disk are found again among them first, so that
the work tree is never handed to git.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher
from functools import cached_property
from pathlib import Path

from itgov.files.git import Git, GitError
from itgov.files.git_dir import find_git_dir, read_text

UNCOMMITTED = "uncommitted"
_HEADER = re.compile(r"([0-9a-f]{40}|[0-9a-f]{64}) \d+ (\d+)")
_DIGITS = 10
"""Of a commit's id, as everything that is explained names it."""
_MOST_COMPARED = 4_000_000
"""Pairs of lines up to which a changed stretch is compared; of a larger one nothing is committed."""
_ASKED_APART = 50
"""Stretches of lines up to which git is asked for these alone, and not for the whole file."""


class LineCommits:
    """Finds the commits of lines, each file once."""

    def __init__(
        self, root: Path, text_of: Callable[[str], str | None], commit: str | None
    ) -> None:
        """`text_of` gives a file as it was read; `commit` is where that was, None: on disk."""
        self.git = Git(root)
        self.text_of = text_of
        self.commit = commit
        self._known: dict[tuple[str, int], str | None] = {}

    def of(self, places: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str | None]:
        """Return the commit of each line of a path, its first ten digits; None: git does not know."""
        wanted: dict[str, set[int]] = {}
        for path, line in places:
            if (path, line) not in self._known:
                wanted.setdefault(path, set()).add(line)
        for path, lines in wanted.items():
            self._known |= {(path, n): None for n in lines}
            try:
                found = self._of_file(path, sorted(lines))
            except GitError:
                continue
            self._known |= {(path, n): commit for n, commit in found.items()}
        return self._known

    def _of_file(self, path: str, lines: Sequence[int]) -> dict[int, str]:
        if self.git.top is None:
            return {}
        revision = self.git.read("rev-parse", "--verify", self.commit or "HEAD").decode().strip()
        name = self.git.below_top(path)
        try:
            committed = self.git.read("cat-file", "blob", f"{revision}:{name}")
        except GitError:
            return dict.fromkeys(lines, UNCOMMITTED)
        text = self.text_of(path)
        if text is None:
            return {}
        before = committed.decode("utf-8", "replace")
        if "\r" in before.replace("\r\n", "\n"):
            return {}  # git counts lines otherwise
        there = _lines_in(before, text, lines)
        found = dict.fromkeys(lines, UNCOMMITTED)
        known = self._blamed(revision, name, sorted(there.values()))
        for line, other in there.items():
            commit = known.get(other)
            if commit is None:
                del found[line]
            else:
                found[line] = commit[:_DIGITS]
        return found

    def _blamed(self, revision: str, name: str, lines: Sequence[int]) -> dict[int, str]:
        """Return the commits of lines of a committed file; without those that a shallow clone cut."""
        if not lines:
            return {}
        stretches = _stretches(lines)
        ranges = [f"-L{first},{last}" for first, last in stretches]
        asked = ranges if len(ranges) <= _ASKED_APART else []
        printed = self.git.read(
            "-c", "blame.ignoreRevsFile=", "blame", "--porcelain", "--root", "--no-textconv", *asked, revision, "--", name
        ).decode("utf-8", "replace")  # fmt: skip
        found: dict[int, str] = {}
        commit = ""
        for line in printed.split("\n"):
            header = _HEADER.match(line)
            if line.startswith("\t"):
                continue
            if header is not None:
                commit = header[1]
                found[int(header[2])] = commit
        cut = self._cut_off
        return {n: c for n, c in found.items() if c not in cut}

    @cached_property
    def _cut_off(self) -> frozenset[str]:
        """The first commits of a shallow clone, which stand for all that was before them."""
        found = find_git_dir(str(self.git.folder))
        text = read_text(f"{found.common}/shallow") if found is not None else None
        return frozenset((text or "").split())


def _stretches(lines: Sequence[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for line in lines:
        if found and line == found[-1][1] + 1:
            found[-1] = (found[-1][0], line)
        else:
            found.append((line, line))
    return found


def _lines_in(committed: str, text: str, lines: Sequence[int]) -> dict[int, int]:
    """Return where lines of a text are in the committed one; without those that it does not have."""
    old, new = (_split(t) for t in (committed, text))
    if old == new:
        return {n: n for n in lines if n <= len(old)}
    same = 0
    while same < min(len(old), len(new)) and old[same] == new[same]:
        same += 1
    tail = 0
    while tail < min(len(old), len(new)) - same and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    found = {n: n for n in lines if n <= same}
    found |= {n: n - len(new) + len(old) for n in lines if len(new) - tail < n <= len(new)}
    if (len(old) - same - tail) * (len(new) - same - tail) > _MOST_COMPARED:
        return found
    middle = SequenceMatcher(None, old[same : len(old) - tail], new[same : len(new) - tail], False)
    for block in middle.get_matching_blocks():
        first = same + block.b + 1
        found |= {n: n - block.b + block.a for n in lines if first <= n < first + block.size}
    return found


def _split(text: str) -> list[str]:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
