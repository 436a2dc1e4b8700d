"""Which files differ from a commit: as git itself says, with nothing run that git is told to run."""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

import pytest

from itgov.files.changed_texts import current
from itgov.files.git_branch import branch_state
from itgov.files.git_changes import ChangedFile, SeenFiles, changed_files
from itgov.files.git_commit import commit

from ..support.git import GitRepo

TEXT = "".join(f"line {n}\n" for n in range(20))


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    made = GitRepo(tmp_path / "repo", ("Ann", "ann@example.org"))
    made.git("symbolic-ref", "HEAD", "refs/heads/main")
    return made


def found(repo: GitRepo, base: str | None = None, below: str = "") -> dict[str, ChangedFile]:
    return {f.path: f for f in changed_files(repo.root / below, base).files}


def test_every_kind_of_change_is_told_with_whether_it_is_staged(repo: GitRepo) -> None:
    names = ["same", "edited", "staged", "both", "gone", "old name", "undone"]
    repo.commit(files={**{n: f"{n}\n{TEXT}" for n in names}, ".gitignore": "*.tmp\n"})
    for name in ("edited", "staged", "both", "undone"):
        repo.write({name: f"{name} now\n{TEXT}"})
    repo.git("add", "staged", "both", "undone")
    repo.write({"both": f"both again\n{TEXT}", "undone": f"undone\n{TEXT}", "gone": None})
    repo.write({"new": "new\n", "x.tmp": "ignored", "two\nlines\x1b[31m": "odd\n"})
    (repo.root / "old name").rename(repo.root / "new name")
    told = found(repo)
    assert {p: (f.state, f.staged) for p, f in told.items()} == {
        "edited": ("modified", "no"), "staged": ("modified", "yes"), "both": ("modified", "partly"),
        "undone": ("modified", "partly"), "gone": ("deleted", "no"), "new": ("new", "no"),
        "new name": ("renamed", "no"), "two\nlines\x1b[31m": ("new", "no"),
    }  # fmt: skip
    assert told["new name"].was == "old name"
    assert "only git's index differs" in told["undone"].note


@pytest.mark.parametrize("born", [True, False])
def test_what_was_only_announced_is_not_staged_and_can_be_committed(
    repo: GitRepo, born: bool
) -> None:
    if born:
        repo.commit(files={"a": "a\n"})
    repo.write({"announced": "new\n", "empty": "", "announced and gone": "new\n", "staged": ""})
    repo.git("add", "-N", "announced", "empty", "announced and gone")
    repo.git("add", "staged")
    repo.write({"announced and gone": None})
    assert {p: (f.state, f.staged) for p, f in found(repo).items()} == {
        "announced": ("new", "no"), "empty": ("new", "no"), "staged": ("new", "yes"),
        "announced and gone": ("modified", "partly"),
    }  # fmt: skip
    commit(repo.root, ["announced"], "Add it")
    assert repo.git("show", "HEAD:announced") == "new"


def test_before_the_first_commit_everything_is_new(repo: GitRepo) -> None:
    repo.write({"a": "a\n", "b": "b\n"})
    repo.git("add", "a")
    assert {p: (f.state, f.staged) for p, f in found(repo).items()} == {
        "a": ("new", "yes"), "b": ("new", "no"),
    }  # fmt: skip
    state = branch_state(repo.root)
    assert state is not None
    assert state.says == "main, no commit yet"


def test_only_what_lies_below_the_root_counts_and_another_commit_may_be_the_base(
    repo: GitRepo,
) -> None:
    first = repo.commit(files={"sub/a": "1\n", "sub/b": "1\n", "other": "1\n"})
    repo.commit(files={"sub/a": "2\n", "other": "2\n"})
    repo.write({"sub/b": "2\n", "other": "3\n"})
    assert list(found(repo, below="sub")) == ["b"]
    assert list(found(repo, first, below="sub")) == ["a", "b"]


@pytest.mark.skipif(sys.platform == "win32", reason="a filter of the shell")
def test_no_filter_is_run_and_what_git_converts_is_named(repo: GitRepo, tmp_path: Path) -> None:
    repo.commit(files={"a.dat": "one\n", "b.txt": "one\n", ".gitattributes": ""})
    ran = tmp_path / "ran"
    repo.git("config", "filter.odd.clean", f"touch {ran}; cat")
    repo.git("config", "core.fsmonitor", f"touch {ran}")
    repo.write({".gitattributes": "*.dat filter=odd\n", "a.dat": "two\n", "b.txt": "two\n"})
    changed = changed_files(repo.root)
    assert [f.path for f in changed.files] == [".gitattributes", "b.txt"]
    assert "a.dat" in changed.notes[0]
    assert not ran.exists()


def test_line_ends_that_git_converts_are_no_change(repo: GitRepo) -> None:
    repo.commit(files={"a.txt": "one\ntwo\n", "b.txt": "one\n", ".gitattributes": "a.txt text\n"})
    repo.write({"a.txt": "one\r\ntwo\r\n", "b.txt": "one\r\n"})
    assert list(found(repo)) == ["b.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="links")
def test_links_are_told_and_never_followed(repo: GitRepo, tmp_path: Path) -> None:
    repo.commit(files={"folder/a": "1\n", "b": "1\n"})
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a").write_text("1\n")
    (repo.root / "folder/a").unlink()
    (repo.root / "folder").rmdir()
    (repo.root / "folder").symlink_to(outside)
    (repo.root / "b").unlink()
    (repo.root / "b").symlink_to("nowhere")
    told = found(repo)
    assert told["folder/a"].state == "deleted"
    assert told["b"].is_link
    (outside / "a").write_text("secret\n")
    assert current(repo.root, "folder/a") is None
    assert current(repo.root, "b") == b"nowhere"


def test_a_disk_on_which_modes_mean_nothing_changes_no_file(repo: GitRepo) -> None:
    repo.commit(files={"a": "1\n"})
    (repo.root / "a").chmod(0o755)
    assert found(repo)["a"].state == "modified"
    repo.git("config", "core.fileMode", "false")
    assert found(repo) == {}


def test_a_file_changed_in_the_same_moment_is_seen(repo: GitRepo) -> None:
    repo.commit(files={"a": "1\n"})
    seen = SeenFiles()
    for text in ("2\n", "1\n", "3\n"):
        repo.write({"a": text})
        os.utime(repo.root / "a", (1_000_000_000, 1_000_000_000))
        changed = changed_files(repo.root, seen=seen).files
        assert bool(changed) is (text != "1\n")


def test_random_edits_are_told_as_git_tells_them(repo: GitRepo) -> None:
    """The oracle is `git status`, in a repository that names nothing to run."""
    made = random.Random(7)
    names = [f"{folder}{n}" for folder in ("", "x/", "x/y/") for n in range(4)]
    repo.commit(files={name: f"{name}\n" for name in names})
    for _ in range(8):
        for name in made.sample(names, 5):
            path = repo.root / name
            action = made.choice(["edit", "delete", "add", "restore", "commit"])
            if action == "edit" or (action == "add" and not path.exists()):
                repo.write({name: f"{made.randint(0, 3)}\n"})
            elif action == "delete" and path.exists():
                path.unlink()
            elif action == "restore":
                repo.git("checkout", "-q", "HEAD", "--", name, check=False)
            if action in ("add", "commit"):
                repo.git("add", "-A", "--", name, check=False)
            if action == "commit" and made.random() < 0.3:
                repo.git("commit", "-qm", "x", check=False)
        status = repo.git("status", "--porcelain", "-z", "-uall", "--no-renames").split("\0")
        wanted = {line[3:]: line[:2] for line in status if line}
        told = {p: f for f in changed_files(repo.root).files for p in f.paths}
        assert told.keys() == wanted.keys()
        for path, letters in wanted.items():
            file = told[path]
            if file.state == "renamed" or len([line for line in status if line[3:] == path]) > 1:
                continue  # git was asked without renames; or it was taken out and made anew
            index, tree = letters
            assert file.state == _STATES[index if tree == " " else tree if index != "A" else index]
            assert file.staged == ("no" if index in " ?" else "yes" if tree == " " else "partly")


_STATES = {"?": "new", "A": "new", "M": "modified", "D": "deleted"}
"""By git's letter."""


def test_the_branch_and_its_distance_in_words(repo: GitRepo, tmp_path: Path) -> None:
    def says() -> str:
        state = branch_state(repo.root)
        assert state is not None
        return state.says

    head = repo.commit(files={"a": "1\n"})
    assert says() == "main, no upstream"
    other = tmp_path / "other.git"
    repo.git("clone", "-q", "--bare", ".", str(other))
    repo.git("remote", "add", "origin", str(other))
    repo.git("fetch", "-q", "origin")
    repo.git("branch", "-q", "-u", "origin/main")
    assert says() == "main, level with upstream"
    repo.commit(files={"a": "2\n"})
    repo.commit(files={"a": "3\n"})
    repo.git("push", "-q", "origin", "main")
    repo.git("reset", "-q", "--hard", head)
    repo.commit(files={"a": "4\n"})
    assert says() == "main, 1 ahead, 2 behind"
    repo.git("update-ref", "-d", "refs/remotes/origin/main")
    assert says() == "main, upstream gone"
    repo.git("checkout", "-q", "--detach")
    assert says().startswith("detached HEAD at ")
    assert branch_state(tmp_path) is None
