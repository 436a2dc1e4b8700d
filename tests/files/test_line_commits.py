"""Which commit last changed a line: the same as `git blame` says, on disk too."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itgov.files.line_commits import UNCOMMITTED, LineCommits

from ..support.examples import many
from ..support.git import GitRepo

LINES = st.lists(st.sampled_from("abcd"), min_size=1, max_size=8, unique=True)


def blamed(repo: GitRepo, path: str) -> list[str]:
    """Return what git says of each line of the work tree."""
    found = []
    for line in repo.git("blame", "--line-porcelain", "--root", "--", path).splitlines():
        head = line.split(" ")
        if len(head[0]) == 40 and head[-1].isdigit() and len(head) in (3, 4):
            found.append(UNCOMMITTED if set(head[0]) == {"0"} else head[0][:10])
    return found


@settings(max_examples=many(10))
@given(versions=st.lists(LINES, min_size=2, max_size=4))
def test_each_line_has_the_commit_that_git_blames(
    versions: list[list[str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("r")
    repo = GitRepo(root / "repo")
    for day, lines in enumerate(versions[:-1], 1):
        repo.write({"sub/a b.yaml": "".join(f"{x}\n" for x in lines)})
        repo.git("add", "-A")
        repo.git("commit", "-q", "--allow-empty", "-m", "x", date=f"2026-01-{day:02d}")
    text = "".join(f"{x}\n" for x in versions[-1])
    repo.write({"sub/a b.yaml": text})
    wanted = [("a b.yaml", n) for n in range(1, len(versions[-1]) + 1)]
    found = LineCommits(repo.root / "sub", {"a b.yaml": text}.get, None).of(wanted)
    expected = blamed(repo, "sub/a b.yaml")
    # of lines that changed places, git may call another one the moved one
    assert sorted(c == UNCOMMITTED for c in expected) == sorted(
        found[w] == UNCOMMITTED for w in wanted
    )
    if versions[-1] == versions[-2]:
        assert [found[w] for w in wanted] == expected


def test_what_git_does_not_know_is_unknown_or_uncommitted(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "repo")
    repo.commit("2026-01-01", {"a.yaml": "one\ntwo\n"})
    second = repo.commit("2026-01-02", {"a.yaml": "one\nthree\n"})
    assert LineCommits(repo.root, {"b.yaml": "x"}.get, None).of([("b.yaml", 1)]) == {
        ("b.yaml", 1): UNCOMMITTED
    }
    repo.git("clone", "-q", "--depth", "1", f"file://{repo.root}", str(tmp_path / "shallow"))
    shallow = LineCommits(tmp_path / "shallow", {"a.yaml": "one\nthree\n"}.get, None)
    assert shallow.of([("a.yaml", 1), ("a.yaml", 2)]) == {("a.yaml", 1): None, ("a.yaml", 2): None}
    whole = LineCommits(repo.root, {"a.yaml": "one\nthree\n"}.get, None)
    assert whole.of([("a.yaml", 2)])["a.yaml", 2] == second[:10]
    (tmp_path / "none").mkdir()
    nowhere = LineCommits(tmp_path / "none", {"a.yaml": "x"}.get, None)
    assert nowhere.of([("a.yaml", 1)]) == {("a.yaml", 1): None}
