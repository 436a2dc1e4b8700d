"""`check PATH`: a repository from anywhere in it, and only what was asked for."""

from __future__ import annotations

import os
import sys

import pytest

BARE = "business_unit: {{id: {0}}}\ninvestments:\n  - {{id: {0}-1, title: Alpha}}\n"


@pytest.fixture
def there(repo):
    return repo(
        None,
        unit=BARE.format("u"),
        **{"portfolios/deep/v.yaml": BARE.format("v"), "docs/a.md": "x"},
    )


def paths_of(ran):
    assert ran.code == 1, ran.err
    return {f["path"] for f in ran.findings}


ALL = {"portfolios/organisation.yaml", "portfolios/unit.yaml", "portfolios/deep/v.yaml"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([""], ALL),
        (["portfolios"], ALL),
        (["portfolios/unit.yaml"], {"portfolios/unit.yaml"}),
        (["portfolios/deep"], {"portfolios/deep/v.yaml"}),
        (["portfolios/deep/../unit.yaml"], {"portfolios/unit.yaml"}),
        (
            ["portfolios/unit.yaml", "portfolios/deep/v.yaml"],
            ALL - {"portfolios/organisation.yaml"},
        ),
        (["portfolios/unit.yaml", "portfolios"], ALL),
        (["portfolios/unit.yaml", ""], ALL),
    ],
)
def test_only_what_was_asked_for_is_shown(there, given, expected):
    found = there.run("check", *(there.root / g for g in given), "--format", "json")
    assert paths_of(found) == expected
    assert found.json["summary"]["files"] == 3  # the whole was read: references need it


@pytest.mark.parametrize("here", ["", "portfolios", "portfolios/deep", "docs"])
def test_without_a_path_the_nearest_repository_is_checked_whole(there, monkeypatch, here):
    monkeypatch.chdir(there.root / here)
    assert paths_of(there.run("check", "--format", "json")) == ALL


def test_paths_are_read_from_where_one_stands(there, monkeypatch):
    monkeypatch.chdir(there.root / "portfolios")
    for given, expected in (
        ("unit.yaml", {"portfolios/unit.yaml"}),
        ("..", ALL),
        ("deep", {"portfolios/deep/v.yaml"}),
    ):
        assert paths_of(there.run("check", given, "--format", "json")) == expected


@pytest.mark.parametrize("given", ["nope", "portfolios/nope.yaml"])
def test_what_is_not_there(there, given):
    ran = there.run("check", there.root / given)
    assert (ran.code, ran.out) == (2, "")
    assert "there is no file or folder" in ran.err


def test_outside_any_repository(repo, tmp_path):
    ran = repo(None).run("check", tmp_path)
    assert (ran.code, ran.out) == (2, "")


def test_a_portfolio_below_is_named(there, tmp_path, monkeypatch):
    (tmp_path / "mono").mkdir()
    there.root.rename(tmp_path / "mono" / "gov")
    monkeypatch.chdir(tmp_path / "mono")
    ran = there.run("check")
    assert (ran.code, ran.out) == (2, "")
    assert "There is one below: name `gov`" in ran.err


@pytest.mark.parametrize("first", ["", "portfolios", "portfolios/unit.yaml"])
@pytest.mark.parametrize("second", ["", "portfolios/unit.yaml"])
def test_two_repositories_are_refused_never_half_checked(there, repo, first, second):
    other = repo(None, unit=BARE.format("w"))
    ran = there.run("check", there.root / first, other.root / second)
    assert (ran.code, ran.out) == (2, "")
    assert "one repository at a time" in ran.err


@pytest.mark.parametrize("given", ["docs", "docs/a.md"])
def test_a_path_without_any_portfolio_file_is_not_green(there, given):
    # nothing of it was checked
    assert there.run("check", there.root / given).code == 2


def test_a_link_to_the_repository(there, tmp_path, monkeypatch):
    link = tmp_path / "link"
    link.symlink_to(there.root)
    assert paths_of(there.run("check", link, "--format", "json")) == ALL
    assert paths_of(there.run("check", link / "portfolios/unit.yaml", "--format", "json")) == {
        "portfolios/unit.yaml"
    }
    monkeypatch.chdir(link)
    assert paths_of(there.run("check", ".", "--format", "json")) == ALL


def test_names_with_spaces_and_other_letters(repo):
    there = repo(None, unit=None, **{"portfolios/mein ordner/ünit 自.yaml": BARE.format("u")})
    found = there.run("check", there.root / "portfolios/mein ordner", "--format", "json")
    assert paths_of(found) == {"portfolios/mein ordner/ünit 自.yaml"}


@pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes only there")
def test_a_file_name_that_is_not_utf_8(repo, process, tmp_path):
    there = repo(None)
    folder = os.fsencode(str(there.root / "portfolios"))
    with open(folder + b"/bad\xff.yaml", "wb") as handle:
        handle.write(BARE.format("b").encode())
    names = ["text", "json", "sarif", "junit", "github", "gitlab", "markdown"]
    files = [part for n in names for part in ("--format", n, "--output", tmp_path / n)]
    ran = process("check", there.root, *files, "--format", "json")
    assert ran.returncode == 1
    for written in [ran.stdout, *((tmp_path / n).read_bytes() for n in names)]:
        assert b"bad" in written
        assert written.decode("utf-8")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
@pytest.mark.parametrize("cache", ["off", ""])
def test_a_pipe_among_the_files_is_a_finding_and_no_hang(repo, process, tmp_path, cache):
    there = repo(None)
    os.mkfifo(there.root / "portfolios/pipe.yaml")
    environment = {"ITGOV_CACHE": cache, "XDG_CACHE_HOME": str(tmp_path)}
    ran = process("check", there.root, "--format", "json", environment=environment, timeout=30)
    assert ran.returncode == 1
    assert b"YML-011" in ran.stdout
