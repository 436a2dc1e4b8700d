"""Which files of the work tree are read, and which are refused with a reason."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from itgov.files.load import read_file, read_files
from itgov.files.sources import RawFile, WithChanges, WorkTree

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes are POSIX's")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    base = tmp_path / "repository"
    (base / "portfolios").mkdir(parents=True)
    return base


def put(root: Path, *paths: str) -> None:
    for path in paths:
        full = root / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_text(f"# {path}\n")


def listing(root: Path, folder: str = "portfolios") -> dict[str, str]:
    """Path of each file, and why it is refused (or nothing)."""
    files = WorkTree(root).files(folder)
    paths = [f.path for f in files]
    assert paths == sorted(paths)
    assert len(paths) == len(set(paths))
    assert all(f.problem is None or f.problem.code == "YML-011" for f in files)
    return {f.path: f.problem.message if f.problem else "" for f in files}


def test_both_suffixes_nested_folders_and_nothing_hidden(root):
    put(
        root,
        "portfolios/organisation.yaml",
        "portfolios/b.yml",
        "portfolios/retail/a/deep.yaml",
        "portfolios/retail.yaml",
        "portfolios/.hidden.yaml",
        "portfolios/.git/x.yaml",
        "portfolios/.yaml",
        "portfolios/readme.md",
        "portfolios/x.yaml.bak",
        "portfolios/x.json",
        "other/y.yaml",
    )
    assert listing(root) == dict.fromkeys(
        [
            "portfolios/b.yml",
            "portfolios/organisation.yaml",
            "portfolios/retail.yaml",
            "portfolios/retail/a/deep.yaml",
        ],
        "",
    )


@pytest.mark.parametrize(
    "folder", ["portfolios/", "./portfolios", "portfolios/.", "portfolios//", "./portfolios/"]
)
def test_a_folder_may_be_written_in_any_way(root, folder):
    put(root, "portfolios/a.yaml", "portfolios/sub/b.yaml")
    assert list(listing(root, folder)) == ["portfolios/a.yaml", "portfolios/sub/b.yaml"]


@pytest.mark.parametrize("folder", [".", "", "./"])
def test_the_folder_may_be_the_root_itself(root, folder):
    put(root, "portfolios/a.yaml", "b.yaml")
    assert list(listing(root, folder)) == ["b.yaml", "portfolios/a.yaml"]


def test_a_folder_that_is_not_there_has_no_files_and_one_that_is_a_file_says_so(root):
    put(root, "file.yaml")
    assert listing(root, "nowhere") == {}
    assert listing(root, "file.yaml") == {"file.yaml": "this is no folder"}


def test_links_inside_the_repository_are_followed(root):
    put(root, "portfolios/a.yaml", "shared/s.yaml", "shared/text.txt")
    (root / "portfolios/file.yaml").symlink_to("../shared/s.yaml")
    (root / "portfolios/text.yaml").symlink_to("../shared/text.txt")
    (root / "portfolios/folder").symlink_to("../shared")
    (root / "portfolios/again.yaml").symlink_to("file.yaml")
    found = {f.path: f.data for f in WorkTree(root).files("portfolios")}
    assert found == {
        "portfolios/a.yaml": b"# portfolios/a.yaml\n",
        "portfolios/again.yaml": b"# shared/s.yaml\n",
        "portfolios/file.yaml": b"# shared/s.yaml\n",
        "portfolios/folder/s.yaml": b"# shared/s.yaml\n",
        "portfolios/text.yaml": b"# shared/text.txt\n",
    }


def test_a_link_that_leaves_the_repository_is_refused(root, tmp_path):
    put(root, "portfolios/a.yaml")
    put(tmp_path, "secret/s.yaml", "repository-2/t.yaml")
    (root / "portfolios/file.yaml").symlink_to(tmp_path / "secret/s.yaml")
    (root / "portfolios/up.yaml").symlink_to("../../secret/s.yaml")
    (root / "portfolios/folder").symlink_to(tmp_path / "secret")
    (root / "portfolios/sibling").symlink_to(tmp_path / "repository-2")
    (root / "portfolios/hop").symlink_to("folder")
    found = listing(root)
    assert found.pop("portfolios/a.yaml") == ""
    assert len(found) == 5
    assert all("leaves the repository" in why for why in found.values())
    assert b"secret" not in b"".join(f.data for f in WorkTree(root).files("portfolios"))


def test_the_portfolio_folder_itself_may_not_leave(root, tmp_path):
    put(tmp_path, "elsewhere/a.yaml")
    (root / "outside").symlink_to(tmp_path / "elsewhere")
    assert "leaves the repository" in listing(root, "outside")["outside"]


def test_a_repository_may_itself_be_reached_by_a_link(root, tmp_path):
    put(root, "portfolios/a.yaml")
    (tmp_path / "link").symlink_to(root)
    assert listing(tmp_path / "link") == {"portfolios/a.yaml": ""}


@pytest.mark.parametrize("name", ["loop.yaml", "loop"])
def test_a_link_to_itself_is_refused_and_the_rest_read(root, name):
    put(root, "portfolios/a.yaml", "portfolios/z.yaml")
    (root / "portfolios" / name).symlink_to(name)
    found = listing(root)
    assert found["portfolios/a.yaml"] == found["portfolios/z.yaml"] == ""
    if name.endswith(".yaml"):
        assert "link" in found["portfolios/loop.yaml"]


def test_two_links_to_each_other_are_refused_and_the_rest_read(root):
    put(root, "portfolios/a.yaml")
    (root / "portfolios/b.yaml").symlink_to("c.yaml")
    (root / "portfolios/c.yaml").symlink_to("b.yaml")
    found = listing(root)
    assert found.pop("portfolios/a.yaml") == ""
    assert sorted(found) == ["portfolios/b.yaml", "portfolios/c.yaml"]
    assert all("link" in why for why in found.values())


@pytest.mark.parametrize("target", [".", "..", "../retail", "retail"])
def test_a_link_to_a_folder_above_does_not_go_round_for_ever(root, target):
    put(root, "portfolios/a.yaml", "portfolios/retail/b.yaml")
    (root / "portfolios/retail/up").symlink_to(
        root / "portfolios/retail" if target == "retail" else target
    )
    found = listing(root)
    assert found["portfolios/a.yaml"] == found["portfolios/retail/b.yaml"] == ""
    assert "link" in found["portfolios/retail/up"]
    assert len(found) == 3


def test_a_link_to_the_root_does_not_go_round_for_ever(root):
    put(root, "portfolios/a.yaml", "b.yaml")
    (root / "portfolios/root").symlink_to("..")
    found = listing(root)
    assert found["portfolios/a.yaml"] == ""
    assert "link" in found["portfolios/root"]
    assert len(found) == 2


def test_links_that_multiply_are_not_walked_through_every_combination(root):
    # each of 12 folders holds two links to the next: 4,096 ways to one file
    folder = root / "shared"
    for level in range(12):
        (folder / f"d{level}").mkdir(parents=True)
        for name in "xy":
            (folder / f"d{level}" / name).symlink_to(f"../d{level + 1}")
    (folder / "d12").mkdir()
    put(root, "shared/d12/one.yaml", "portfolios/a.yaml")
    (root / "portfolios/in").symlink_to("../shared/d0")
    assert len(WorkTree(root).files("portfolios")) < 100


def test_a_dangling_link_is_said_and_a_dangling_folder_is_nothing(root):
    (root / "portfolios/a.yaml").symlink_to("nowhere.yaml")
    (root / "portfolios/b").symlink_to("nowhere")
    assert list(listing(root)) == ["portfolios/a.yaml"]
    assert "nowhere" in listing(root)["portfolios/a.yaml"]


def test_a_pipe_is_refused_and_never_waited_for(root):
    os.mkfifo(root / "portfolios/pipe.yaml")
    (root / "portfolios/link.yaml").symlink_to("pipe.yaml")
    found = listing(root)
    assert sorted(found) == ["portfolios/link.yaml", "portfolios/pipe.yaml"]
    assert all(found.values())


def test_a_folder_named_like_a_file_is_a_folder(root):
    put(root, "portfolios/x.yaml/inner.yaml")
    assert listing(root) == {"portfolios/x.yaml/inner.yaml": ""}


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 0)() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_said_and_the_rest_read(root):
    put(root, "portfolios/a.yaml", "portfolios/b.yaml", "portfolios/c/d.yaml")
    (root / "portfolios/a.yaml").chmod(0)
    (root / "portfolios/c").chmod(0)
    try:
        found = listing(root)
    finally:
        (root / "portfolios/c").chmod(0o700)
    assert "cannot be read" in found["portfolios/a.yaml"]
    assert "cannot be read" in found["portfolios/c"]
    assert found["portfolios/b.yaml"] == ""


def test_a_file_that_cannot_be_opened_is_said_and_the_rest_read(root, monkeypatch):
    put(root, "portfolios/a.yaml", "portfolios/b.yaml")
    real = open

    def refuse(path, *rest):
        if str(path).endswith("a.yaml"):
            raise PermissionError(13, "Permission denied")
        return real(path, *rest)

    monkeypatch.setattr("builtins.open", refuse)
    found = listing(root)
    assert "Permission denied" in found["portfolios/a.yaml"]
    assert found["portfolios/b.yaml"] == ""


def test_a_name_that_is_no_utf_8_is_read_like_any_other(root):
    name = b"caf\xe9.yaml"
    try:
        with open(os.path.join(os.fsencode(root / "portfolios"), name), "wb") as file:
            file.write(b"business_unit: {id: cafe}\nzzz: 1\n")
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    (raw,) = WorkTree(root).files("portfolios")
    found = read_file(raw)
    assert [p.code for p in found.problems] == ["MOD-001"]


def test_one_file_can_be_had_by_its_path(root):
    put(root, "itgov.yaml")
    tree = WorkTree(root)
    found = tree.file("itgov.yaml")
    assert found is not None
    assert found.data == b"# itgov.yaml\n"
    assert tree.file("nothing.yaml") is None
    (root / "link.yaml").symlink_to("/etc/hostname")
    refused = tree.file("link.yaml")
    assert refused is not None
    assert refused.problem is not None


def test_every_refusal_becomes_a_finding_of_its_own_file(root):
    put(root, "portfolios/b.yaml")
    (root / "portfolios/a.yaml").symlink_to("nowhere.yaml")
    first, second = read_files(WorkTree(root).files("portfolios"))
    assert [p.code for p in first.problems] == ["YML-011"]
    assert first.content is None
    assert [p.code for p in second.problems] == ["MOD-006"]


def test_a_new_file_that_is_not_saved_is_among_those_of_its_folder(tmp_path: Path) -> None:
    put(tmp_path, "units/a.yaml")
    new = [
        RawFile("units/b.yaml", b"new"),
        RawFile("c.yml", b"new"),
        RawFile("units/notes.md", b""),
    ]
    source = WithChanges(WorkTree(tmp_path), new)
    assert [f.path for f in source.files("units")] == ["units/a.yaml", "units/b.yaml"]
    assert [f.path for f in source.files(".")] == ["c.yml", "units/a.yaml", "units/b.yaml"]
