"""Git's objects read without a checkout."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from itgov.files.git import GitError
from itgov.files.git_history import History
from itgov.files.sources import WorkTree

from ..support.git import GitRepo, run_git


@pytest.fixture
def opened(repo) -> Iterator[History]:
    history = History(repo.root)
    yield history
    history.close()


def test_a_line_is_oldest_first_and_dates_are_utc(repo, opened):
    repo.commit("2026-02-01T01:30:00+05:00", title="Late in January, in London")
    line = opened.line(opened.resolve("HEAD"))
    assert [c.title for c in line] == ["Start", "Late in January, in London"]
    assert [str(c.date) for c in line] == ["2026-01-15", "2026-01-31"]


def test_a_merge_is_one_step_of_the_line(repo, opened):
    repo.git("checkout", "-q", "-b", "side")
    repo.commit("2026-02-01", {"portfolios/a.yaml": "business_unit: {id: a}\n"}, "On the side")
    repo.git("checkout", "-q", "main")
    repo.commit("2026-02-02", {"note.txt": "x"}, "On main")
    repo.git("merge", "-q", "--no-ff", "-m", "Merge", "side", date="2026-02-03")
    line = opened.line(opened.resolve("HEAD"))
    assert [c.title for c in line] == ["Start", "On main", "Merge"]


def test_what_a_revision_names(repo, opened):
    first = repo.git("rev-parse", "HEAD")
    repo.git("tag", "-a", "v1", "-m", "one")
    repo.git("checkout", "-q", "--detach")
    assert opened.resolve("v1").id == opened.resolve("HEAD").id == first
    for wrong in ("nope", "--all", "-n", "HEAD:portfolios", "a\0b", "v1..HEAD"):
        with pytest.raises(GitError, match="revision"):
            opened.resolve(wrong)


def test_tags_annotated_or_not_by_time_and_only_of_this_history(repo, opened):
    repo.git("tag", "z-first")
    repo.commit("2026-03-01")
    repo.git("tag", "-a", "a-second", "-m", "x")
    repo.git("tag", "tree-only", "HEAD^{tree}")
    repo.git("checkout", "-q", "--orphan", "other")
    repo.commit("2026-04-01")
    repo.git("tag", "elsewhere")
    repo.git("checkout", "-q", "main")
    tags = opened.tags(opened.resolve("HEAD"))
    assert [t.name for t in tags] == ["z-first", "a-second"]


def test_files_as_they_were_with_links_and_hidden_ones(repo, opened):
    repo.write(
        {
            "shared/real.yaml": "business_unit: {id: real}\n",
            "portfolios/.hidden.yaml": "x: 1\n",
            f"portfolios/{'d/' * 120}x.yaml": "business_unit: {id: deep}\n",
        }
    )
    for name, target in {
        "in.yaml": "../shared/real.yaml",
        "out.yaml": "../../etc/passwd",
        "absolute.yaml": "/etc/passwd",
        "loop.yaml": "loop.yaml",
        "folder": "../shared",
        "up": "..",
    }.items():
        (repo.root / "portfolios" / name).symlink_to(target)
    repo.commit("2026-02-01")
    snapshot = opened.snapshot(opened.resolve("HEAD"))
    files = {f.path: f for f in snapshot.files("portfolios")}
    assert files["portfolios/in.yaml"].data == b"business_unit: {id: real}\n"
    assert files["portfolios/folder/real.yaml"].problem is None
    for refused in ("out", "absolute", "loop"):
        assert files[f"portfolios/{refused}.yaml"].problem.code == "YML-011"
    assert "portfolios/.hidden.yaml" not in files
    assert files["portfolios/up"].problem.code == "YML-011"
    assert files[f"portfolios{'/d' * 101}"].problem.code == "YML-011"
    assert not any(path.startswith("portfolios/up/") for path in files)
    now = {f.path: f.problem is None for f in WorkTree(repo.root).files("portfolios")}
    assert {path: f.problem is None for path, f in files.items()} == now
    assert snapshot.file("portfolios/retail.yaml").data.startswith(b"business_unit")
    assert snapshot.file("portfolios/none.yaml") is None


def test_names_that_are_not_ascii(repo, opened):
    repo.commit("2026-02-01", {"portfolios/größe einheit.yaml": "business_unit: {id: g}\n"})
    paths = [f.path for f in opened.snapshot(opened.resolve("HEAD")).files("portfolios")]
    assert "portfolios/größe einheit.yaml" in paths


def test_identity_changes_with_the_files_and_with_nothing_else(repo, opened):
    def identity() -> str:
        return opened.snapshot(opened.resolve("HEAD")).identity("portfolios")

    before = identity()
    repo.commit("2026-02-01", {"readme.md": "x"})
    assert identity() == before
    repo.commit("2026-02-02", {"portfolios/x.yaml": "business_unit: {id: x}\n"})
    assert identity() != before


def test_a_folder_of_a_larger_repository(empty):
    empty.commit("2026-01-01", {"deep/down/portfolios/a.yaml": "business_unit: {id: a}\n"})
    history = History(empty.root / "deep" / "down")
    try:
        files = history.snapshot(history.resolve("HEAD")).files("portfolios")
    finally:
        history.close()
    assert [f.path for f in files] == ["portfolios/a.yaml"]


def test_sha256_repositories(tmp_path):
    root = tmp_path / "new"
    run_git(tmp_path, "init", "-q", "--object-format=sha256", "new", check=False)
    if not root.exists():
        pytest.skip("this git knows no SHA-256")
    repo = GitRepo(root)
    repo.commit("2026-01-01", {"portfolios/a.yaml": "business_unit: {id: a}\n"})
    history = History(root)
    try:
        files = history.snapshot(history.resolve("HEAD")).files("portfolios")
        assert len(history.resolve("HEAD").id) == 64
    finally:
        history.close()
    assert files[0].data == b"business_unit: {id: a}\n"


def test_an_object_that_is_not_what_its_name_says_is_not_used(repo, opened):
    blob = repo.git("rev-parse", "HEAD:portfolios/retail.yaml")
    path = repo.root / ".git" / "objects" / blob[:2] / blob[2:]
    other = repo.git("rev-parse", "HEAD:portfolios/lending.yaml")
    os.chmod(path, 0o644)
    path.write_bytes((repo.root / ".git" / "objects" / other[:2] / other[2:]).read_bytes())
    files = {f.path: f for f in opened.snapshot(opened.resolve("HEAD")).files("portfolios")}
    assert files["portfolios/retail.yaml"].problem.code == "YML-011"
    assert files["portfolios/lending.yaml"].problem is None


def test_replaced_objects_are_read_as_they_were(repo, opened):
    blob = repo.git("rev-parse", "HEAD:portfolios/retail.yaml")
    other = repo.git("rev-parse", "HEAD:portfolios/lending.yaml")
    repo.git("replace", blob, other)
    files = {f.path: f for f in opened.snapshot(opened.resolve("HEAD")).files("portfolios")}
    assert b"RET-1" in files["portfolios/retail.yaml"].data


def test_where_there_is_no_git(tmp_path: Path):
    with pytest.raises(GitError, match="not in a git repository"):
        History(tmp_path)


def test_where_there_is_no_commit(empty):
    history = History(empty.root)
    with pytest.raises(GitError, match="no commit yet"):
        history.resolve("HEAD")
    history.close()


def test_the_end_of_a_shallow_clone(repo, tmp_path):
    repo.commit("2026-02-01")
    repo.commit("2026-03-01")
    clone = tmp_path / "clone"
    repo.git("clone", "-q", "--depth", "2", f"file://{repo.root}", str(clone))
    history = History(clone)
    try:
        line = history.line(history.resolve("HEAD"))
        assert history.shallow
        assert [history.is_boundary(c) for c in line] == [True, False]
        with pytest.raises(GitError, match="shallow clone"):
            history.resolve("HEAD~2")
    finally:
        history.close()
