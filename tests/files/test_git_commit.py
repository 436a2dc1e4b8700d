"""Committing chosen files: exactly these, as they are, whatever else is staged or changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from itgov.files import git_commit
from itgov.files.git import GitError

from ..support.git import GitRepo


@pytest.mark.parametrize("few", [500, 1])
def test_just_these_files_are_committed_also_gone_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(git_commit, "_FEW", few)  # how many paths stand on the command line
    repo = GitRepo(tmp_path / "repo", ("Ann", "ann@example.org"))
    repo.commit(files=dict.fromkeys(("a", "b", "c", "gone", "other"), "1\n"))
    repo.write({"a": "2\n", "b": "2\n", "c": "2\n", "gone": None, "other": "2\n", "new [x]": "1\n"})
    repo.git("add", "b", "other", "gone")
    made = git_commit.commit(repo.root, ["a", "b", "gone", "new [x]"], "# These\n\nand why\n")
    assert made.note is None
    assert repo.git("show", "--no-renames", "--name-status", "--format=%s", "HEAD").split("\n") == [
        "# These", "", "M\ta", "M\tb", "D\tgone", "A\tnew [x]",
    ]  # fmt: skip
    assert repo.git("status", "--porcelain").split("\n") == [" M c", "M  other"]


def test_what_is_staged_otherwise_is_left_to_whoever_staged_it(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "repo", ("Ann", "ann@example.org"))
    head = repo.commit(files={"a": "1\n", "b": "1\n"})
    repo.write({"a": "2\n", "b": "2\n"})
    repo.git("add", "a", "b")
    repo.write({"a": "3\n"})
    with pytest.raises(GitError, match=r"^a has staged changes of its own"):
        git_commit.commit(repo.root, ["a", "b"], "Both\n")
    assert repo.git("rev-parse", "HEAD") == head
    assert repo.git("status", "--porcelain").split("\n") == ["MM a", "M  b"]
