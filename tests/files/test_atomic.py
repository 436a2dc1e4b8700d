"""A file is written whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from itgov.files.atomic import write_all_atomic, write_atomic, write_new


def test_a_file_is_replaced_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write_atomic(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_a_new_file_has_the_mode_that_the_umask_leaves(tmp_path: Path) -> None:
    (tmp_path / "made-by-python").write_bytes(b"")
    write_atomic(tmp_path / "a.txt", b"new", durable=False)
    usual = (tmp_path / "made-by-python").stat().st_mode
    assert (tmp_path / "a.txt").stat().st_mode == usual


def test_a_link_stays_and_what_it_leads_to_is_written(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "real.txt").write_bytes(b"old")
    (tmp_path / "link.txt").symlink_to("there/real.txt")
    write_atomic(tmp_path / "link.txt", b"new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "there" / "real.txt").read_bytes() == b"new"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["link.txt", "there"]


@pytest.mark.parametrize("text", [b"new", b"a longer text than before", b""])
def test_a_hard_link_keeps_both_names_alike(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "a.txt").write_bytes(b"old text")
    os.link(tmp_path / "a.txt", tmp_path / "b.txt")
    write_atomic(tmp_path / "a.txt", text)
    assert (tmp_path / "b.txt").read_bytes() == text
    assert (tmp_path / "a.txt").samefile(tmp_path / "b.txt")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.txt", "b.txt"]


def test_a_hard_link_is_left_as_it_was_where_there_is_no_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_bytes(b"old")
    os.link(tmp_path / "a.txt", tmp_path / "b.txt")

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_atomic(tmp_path / "a.txt", b"new")
    assert (tmp_path / "b.txt").read_bytes() == b"old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.txt", "b.txt"]


@pytest.mark.parametrize("after", range(4))
def test_where_one_of_several_cannot_be_written_none_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    paths = [tmp_path / "a.txt", tmp_path / "b.txt"]
    for path in paths:
        path.write_bytes(b"old")
    left = [after]

    def full(handle: int) -> None:
        if left[0] == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        left[0] -= 1

    monkeypatch.setattr(os, "fsync", full)
    if after < 3:  # two files and their folder
        with pytest.raises(OSError, match="No space left"):
            write_all_atomic([(path, b"new") for path in paths])
    else:
        write_all_atomic([(path, b"new") for path in paths])
    expected = b"old" if after < 2 else b"new"
    assert [path.read_bytes() for path in paths] == [expected, expected]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.txt", "b.txt"]


@pytest.mark.parametrize("links", [True, False], ids=["with hard links", "without"])
def test_a_new_file_never_takes_the_place_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:

        def refuse(*_: object) -> None:
            raise OSError(errno.EPERM, "Operation not permitted")

        monkeypatch.setattr(os, "link", refuse)
    (tmp_path / "theirs.txt").write_bytes(b"theirs")
    write_new(tmp_path / "a.txt", b"new")
    with pytest.raises(FileExistsError) as refused:
        write_new(tmp_path / "theirs.txt", b"new")
    assert refused.value.filename == str(tmp_path / "theirs.txt")
    found = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    assert found == {"a.txt": b"new", "theirs.txt": b"theirs"}


def test_a_file_that_nobody_may_write_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    path.chmod(0o444)
    with pytest.raises(PermissionError, match="the file is read-only"):
        write_atomic(path, b"new")
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root gives files away")
def test_a_file_keeps_its_owner_and_group(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    os.chown(path, 12345, 23456)
    path.chmod(0o640)
    write_atomic(path, b"new")
    kept = path.stat()
    assert (kept.st_uid, kept.st_gid, kept.st_mode & 0o777) == (12345, 23456, 0o640)
    assert path.read_bytes() == b"new"
