"""`itgov init` where it cannot or may not write."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from itgov.cli import init
from itgov.cli.main import main

from ..support.folders import files_of


def refused(capfd: pytest.CaptureFixture[str], *arguments: str) -> str:
    capfd.readouterr()
    assert main(["init", *arguments]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert "Traceback" not in err
    assert "internal error" not in err
    return err


def test_a_file_is_no_place(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert "is not a folder" in refused(capfd, str(tmp_path / "file"))
    assert "file" in refused(capfd, str(tmp_path / "file" / "below"))
    assert (tmp_path / "file").read_text(encoding="utf-8") == "x"


def test_a_file_where_a_folder_is_needed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "portfolios").write_text("x", encoding="utf-8")
    assert "is a file where a folder is needed" in refused(capfd, str(tmp_path))
    assert set(files_of(tmp_path)) == {"portfolios"}


@pytest.mark.parametrize("folder", ["portfolios", "rules", ".github", "schema"])
def test_a_link_that_leaves_is_not_followed(
    tmp_path: Path, folder: str, capfd: pytest.CaptureFixture[str]
) -> None:
    outside, root = tmp_path / "outside", tmp_path / "root"
    outside.mkdir()
    root.mkdir()
    (root / folder).symlink_to(outside, target_is_directory=True)
    assert "is a link that leaves" in refused(capfd, str(root))
    assert files_of(outside) == {}
    assert files_of(root) == {}


def test_a_dangling_link_is_kept(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "README.md").symlink_to(tmp_path / "nowhere.md")
    assert main(["init", str(tmp_path)]) == 0
    assert "kept  README.md" in capfd.readouterr().out
    assert not (tmp_path / "nowhere.md").exists()


def test_a_link_in_a_circle(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    refused(capfd, str(tmp_path / "loop"))


def test_a_folder_that_cannot_be_written(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    if os.geteuid() != 0:
        tmp_path.chmod(0o500)
        target = str(tmp_path)
    else:  # root may write everywhere but where the system itself says no
        target = "/proc/itgov-init"
    try:
        assert "cannot" in refused(capfd, target)
    finally:
        tmp_path.chmod(0o700)


def test_a_full_disk_says_what_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    real = init._write_new

    def full(path: Path, text: str) -> None:
        if path.name == "itgov.yaml":
            raise OSError(28, "No space left on device", str(path))
        real(path, text)

    monkeypatch.setattr(init, "_write_new", full)
    err = refused(capfd, str(tmp_path))
    assert "No space left on device" in err
    assert "portfolios/organisation.yaml" in err


def test_a_broken_configuration_stops_it(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "itgov.yaml").write_text("fial_on: error\n", encoding="utf-8")
    assert "itgov.yaml" in refused(capfd, str(tmp_path))
    assert set(files_of(tmp_path)) == {"itgov.yaml"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("--name", " "),
        ("--name", "a\x1b[31m"),
        ("--name", "a\nb: c"),
        ("--name", "x" * 201),
        ("--name", "a\udcff"),
        ("--currency", "pounds"),
        ("--currency", "€"),
        ("--unit", ""),
        ("--unit", "../up"),
        ("--unit", "a/b"),
        ("--unit", ".hidden"),
        ("--unit", "organisation"),
        ("--unit", "People"),
        ("--unit", "a b"),
        ("--bogus",),
        ("one", "two"),
    ],
)
def test_bad_words_are_refused_before_anything_is_written(
    tmp_path: Path,
    arguments: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    refused(capfd, *arguments)
    assert files_of(tmp_path) == {}


def test_it_starts_without_what_only_checking_needs() -> None:
    code = "import sys, itgov.cli.init; print(*sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"cel_expr_python", "tabulate", "openpyxl", "watchfiles", "textual"} & set(loaded)
