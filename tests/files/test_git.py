"""A git revision gives the same files as the work tree did when it was committed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from itgov.files.git import Git as GitRunner
from itgov.files.git import GitError
from itgov.files.git_history import History
from itgov.files.git_snapshot import Snapshot
from itgov.files.sources import WorkTree

from ..support.git import GitRepo


class Git(GitRepo):
    __call__ = GitRepo.git

    def put(self, path: str, text: str = "") -> None:
        full = self.root / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_bytes((text or f"# {path}\n").encode())


@pytest.fixture
def git(tmp_path: Path) -> Git:
    return Git(tmp_path / "repository")


_open: list[History] = []


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    while _open:
        _open.pop().close()


def snapshot(root: Path, revision: str) -> Snapshot:
    """Return the files of a revision."""
    _open.append(History(root))
    return _open[-1].snapshot(_open[-1].resolve(revision))


def same(root: Path, revision: str = "HEAD", folder: str = "portfolios") -> list[str]:
    """Assert that the revision gives what the work tree gives; return the paths."""
    then = [(f.path, f.data, f.problem is None) for f in snapshot(root, revision).files(folder)]
    now = [(f.path, f.data, f.problem is None) for f in WorkTree(root).files(folder)]
    assert then == now
    return [path for path, _, _ in then]


def test_a_revision_lists_what_the_work_tree_lists(git):
    for path in (
        "portfolios/organisation.yaml",
        "portfolios/b.yml",
        "portfolios/retail.yaml",
        "portfolios/retail/a b/ü 🚗.yaml",
        "portfolios/retail-2.yaml",
        "portfolios/.hidden.yaml",
        "portfolios/.dir/x.yaml",
        "portfolios/readme.md",
        "portfolios/x.yaml/inner.yaml",
        "portfolios2/x.yaml",
        "x.yaml",
    ):
        git.put(path)
    git.put('portfolios/"quoted\\".yaml')
    git.put("portfolios/two\nlines.yaml")
    git.commit()
    assert len(same(git.root)) == 8


@pytest.mark.parametrize("folder", ["portfolios/", "./portfolios", "portfolios//", ".", ""])
def test_a_folder_may_be_written_in_any_way(git, folder):
    git.put("portfolios/a.yaml")
    git.commit()
    assert same(git.root, folder=folder) == ["portfolios/a.yaml"]


def test_a_folder_that_was_not_there_has_no_files(git):
    git.put("portfolios/a.yaml")
    git.commit()
    assert snapshot(git.root, "HEAD").files("nowhere") == []
    [refused] = snapshot(git.root, "HEAD").files("portfolios/a.yaml")
    assert "no folder where one is expected" in refused.problem.message
    assert snapshot(git.root, "HEAD").file("nowhere.yaml") is None


def test_the_bytes_are_those_of_the_revision_to_the_last_one(git):
    git.put("portfolios/a.yaml", "\ufeffa: 1\r\nb: é\n\n")
    git.put("portfolios/empty.yaml", "x")
    (git.root / "portfolios/empty.yaml").write_bytes(b"")
    (git.root / "portfolios/raw.yaml").write_bytes(bytes(range(256)))
    git.commit()
    same(git.root)
    (git.root / "portfolios/a.yaml").write_text("changed")
    found = {f.path: f.data for f in snapshot(git.root, "HEAD").files("portfolios")}
    assert found["portfolios/a.yaml"] == "\ufeffa: 1\r\nb: é\n\n".encode()
    assert found["portfolios/empty.yaml"] == b""
    assert found["portfolios/raw.yaml"] == bytes(range(256))


def test_the_work_tree_is_never_touched_and_never_looked_at(git):
    git.put("portfolios/a.yaml", "a: 1\n")
    git.put("portfolios/gone.yaml")
    git.commit()
    (git.root / "portfolios/gone.yaml").unlink()
    git.put("portfolios/a.yaml", "a: 2\n")
    git.put("portfolios/new.yaml")
    before = git("status", "--porcelain")
    found = snapshot(git.root, "HEAD")
    assert [f.path for f in found.files("portfolios")] == [
        "portfolios/a.yaml",
        "portfolios/gone.yaml",
    ]
    one = found.file("portfolios/a.yaml")
    assert one is not None
    assert one.data == b"a: 1\n"
    assert git("status", "--porcelain") == before


def test_a_renamed_file_is_where_it_was(git):
    git.put("portfolios/old.yaml", "a: 1\n")
    git.commit()
    git("mv", "portfolios/old.yaml", "portfolios/new.yaml")
    git.commit()
    assert [f.path for f in snapshot(git.root, "HEAD~1").files("portfolios")] == [
        "portfolios/old.yaml"
    ]
    assert [f.path for f in snapshot(git.root, "HEAD").files("portfolios")] == [
        "portfolios/new.yaml"
    ]


@pytest.mark.parametrize("name", ["HEAD", "main", "v1", "v1^{commit}", "@", "HEAD^{}"])
def test_any_name_of_a_revision_will_do(git, name):
    git.put("portfolios/a.yaml")
    commit = git.commit()
    git("tag", "-a", "-m", "x", "v1")
    assert snapshot(git.root, name).commit == commit
    assert snapshot(git.root, commit[:8]).commit == commit


def test_a_repository_in_a_subfolder_of_a_larger_one(git):
    git.put("teams/it/portfolios/a.yaml")
    git.put("teams/it/portfolios/sub/b.yaml")
    git.put("portfolios/other.yaml")
    git.put("teams/it-2/portfolios/c.yaml")
    git.commit()
    assert same(git.root / "teams/it") == ["portfolios/a.yaml", "portfolios/sub/b.yaml"]
    assert snapshot(git.root / "teams/it", "HEAD").file("portfolios/a.yaml") is not None


def test_a_subfolder_that_the_revision_does_not_have_yet(git):
    git.put("a.txt")
    git.commit()
    git.put("teams/it/portfolios/a.yaml")
    assert snapshot(git.root / "teams/it", "HEAD").files("portfolios") == []


@pytest.mark.skipif(sys.platform == "win32", reason="links are POSIX's")
class TestLinks:
    def test_file_links_are_followed(self, git):
        git.put("portfolios/a.yaml", "a: 1\n")
        git.put("shared/s.yaml", "s: 1\n")
        (git.root / "portfolios/link.yaml").symlink_to("a.yaml")
        (git.root / "portfolios/out.yaml").symlink_to("../shared/s.yaml")
        (git.root / "portfolios/twice.yaml").symlink_to("link.yaml")
        git.commit()
        assert len(same(git.root)) == 4

    def test_folder_links_are_followed(self, git):
        git.put("shared/s.yaml", "s: 1\n")
        git.put("shared/sub/t.yaml", "t: 1\n")
        git.put("portfolios/a.yaml", "a: 1\n")
        (git.root / "portfolios/shared").symlink_to("../shared")
        (git.root / "portfolios/via.yaml").symlink_to("shared/sub/t.yaml")
        git.commit()
        assert len(same(git.root)) == 4

    def test_the_portfolio_folder_may_be_a_link(self, git):
        git.put("data/a.yaml")
        (git.root / "portfolios").symlink_to("data")
        git.commit()
        assert same(git.root) == ["portfolios/a.yaml"]

    def test_links_that_leave_are_refused(self, git, tmp_path):
        (tmp_path / "secret.yaml").write_text("secret: 1\n")
        (tmp_path / "secrets").mkdir()
        git.put("portfolios/a.yaml")
        (git.root / "portfolios/abs.yaml").symlink_to(tmp_path / "secret.yaml")
        (git.root / "portfolios/up.yaml").symlink_to("../../secret.yaml")
        (git.root / "portfolios/dangling.yaml").symlink_to("nowhere.yaml")
        (git.root / "portfolios/loop.yaml").symlink_to("pool.yaml")
        (git.root / "portfolios/pool.yaml").symlink_to("loop.yaml")
        git.commit()
        found = {f.path: f.problem for f in snapshot(git.root, "HEAD").files("portfolios")}
        assert found.pop("portfolios/a.yaml") is None
        assert len(found) == 5
        assert all(problem is not None and problem.code == "YML-011" for problem in found.values())

    def test_a_link_out_of_the_subfolder_is_refused_in_both(self, git):
        git.put("secret/s.yaml", "s: 1\n")
        git.put("team/portfolios/a.yaml", "a: 1\n")
        (git.root / "team/portfolios/link.yaml").symlink_to("../../secret/s.yaml")
        git.commit()
        assert len(same(git.root / "team")) == 2


def test_a_submodule_cannot_be_read_and_is_named(git, tmp_path):
    other = Git(tmp_path / "other")
    other.put("x.yaml")
    other.commit()
    git.put("portfolios/a.yaml")
    git(
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
        str(other.root),
        "portfolios/sub",
    )
    git.commit()
    read, lost = snapshot(git.root, "HEAD").files("portfolios")
    assert (read.path, read.problem) == ("portfolios/a.yaml", None)
    assert (lost.path, lost.problem.code) == ("portfolios/sub", "YML-011")
    assert "submodule" in lost.problem.message


def test_a_shallow_clone_has_its_tip_and_says_what_it_lacks(git, tmp_path):
    git.put("portfolios/a.yaml", "a: 1\n")
    first = git.commit()
    git.put("portfolios/a.yaml", "a: 2\n")
    git.commit()
    clone = tmp_path / "clone"
    git("clone", "--quiet", "--depth=1", f"file://{git.root}", str(clone))
    assert [f.data for f in snapshot(clone, "HEAD").files("portfolios")] == [b"a: 2\n"]
    with pytest.raises(GitError, match="no revision"):
        snapshot(clone, "HEAD~1")
    with pytest.raises(GitError):
        snapshot(clone, first)


@pytest.mark.parametrize(
    "name",
    ["nope", "", " ", "HEAD~99", "HEAD:portfolios", "HEAD^{tree}", "HEAD..HEAD", "^HEAD", "--all", "--not",
     "-n", "--upload-pack=x", "--output=stolen", "-", "--", "HEAD\n", "HEAD\0", "é", "\udce9", "$(touch x)", "HEAD -- x"],
)  # fmt: skip
def test_what_is_no_revision_is_said_in_words(git, name):
    git.put("portfolios/a.yaml")
    git.commit()
    with pytest.raises(GitError) as raised:
        snapshot(git.root, name)
    said = str(raised.value)
    assert "revision" in said
    assert "fatal" not in said
    assert git("status", "--porcelain") == ""


def test_a_repository_without_any_commit_has_no_revision(git):
    with pytest.raises(GitError, match="no commit yet"):
        snapshot(git.root, "HEAD")


def test_outside_git_is_said_in_words(tmp_path):
    with pytest.raises(GitError, match="not in a git repository"):
        snapshot(tmp_path, "HEAD")


def test_without_git_is_said_in_words(git, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitError, match="not installed"):
        snapshot(git.root, "HEAD")


def test_the_surrounding_git_environment_does_not_lead_astray(git, tmp_path, monkeypatch):
    # as in a hook, where git sets these for its own repository
    git.put("portfolios/a.yaml")
    commit = git.commit()
    other = Git(tmp_path / "other")
    monkeypatch.setenv("GIT_DIR", str(other.root / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.root))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.root / ".git/index"))
    assert snapshot(git.root, "HEAD").commit == commit


@pytest.mark.parametrize("name", [b"tr ", b"caf\xe9", b"a\nb", "é🚗".encode()])
def test_the_repository_may_lie_in_any_folder(tmp_path, name):
    try:
        git = Git(Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name))))
    except OSError:
        pytest.skip("this file system does not take such a name")
    git.put("portfolios/a.yaml")
    git.commit()
    assert same(git.root) == ["portfolios/a.yaml"]


def test_a_work_tree_added_beside_the_repository(git, tmp_path):
    git.put("portfolios/a.yaml")
    git.commit()
    git("worktree", "add", "--quiet", str(tmp_path / "beside"))
    assert same(tmp_path / "beside") == ["portfolios/a.yaml"]


def test_many_files_come_back_in_order(git):
    for number in range(300):
        git.put(f"portfolios/u{number:03}.yaml", f"n: {number}\n" * (number % 7))
    git.commit()
    assert len(same(git.root)) == 300


def test_a_file_that_a_partial_clone_lacks_is_told_and_the_others_are_read(git, tmp_path):
    git.put("portfolios/a.yaml", "a: 1\n")
    git.put("portfolios/b.yaml", "b: 1\n")
    git.commit()
    git("config", "uploadpack.allowFilter", "true")
    clone = Git(tmp_path / "clone")
    git(
        "clone",
        "-q",
        "--no-checkout",
        "--filter=blob:none",
        f"file://{git.root}",
        str(clone.root / "in"),
    )
    partial = Git(clone.root / "in")
    partial("cat-file", "blob", "HEAD:portfolios/b.yaml")  # fetches this one
    found = {f.path: f for f in snapshot(partial.root, "HEAD").files("portfolios")}
    assert found["portfolios/b.yaml"].data == b"b: 1\n"
    problem = found["portfolios/a.yaml"].problem
    assert problem is not None
    assert problem.message.startswith("git does not have this file here")
    assert "git fetch --refetch --no-filter" in problem.message


def test_a_folder_that_is_a_link_out_of_the_repository_is_refused(git, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    git.put("a.txt")
    (git.root / "portfolios").symlink_to("../elsewhere")
    git.commit()
    assert same(git.root) == ["portfolios"]


def test_what_the_caller_configures_is_heard(git, monkeypatch):
    # containers name a `safe.directory` in this way
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "itgov.test")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "heard")
    assert GitRunner(git.root).read("config", "itgov.test") == b"heard\n"
