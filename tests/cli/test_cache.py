"""`itgov cache` says what is kept and deletes it; `--no-cache` takes and keeps nothing."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from itgov.files.cache import MAGIC
from itgov.insight import flow

from ..support.cli import Run, run_cli
from ..support.git import GitRepo

UNIT = """\
business_unit: {id: retail, name: Retail}
investments: [{id: RET-001, title: Branch tills}]
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ITGOV_CACHE", "on")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(flow, "WORTH_KEEPING", 0)
    repo = GitRepo(tmp_path / "top")
    organisation = "organisation: {id: x, name: X, currency: EUR}\n"
    files = {"portfolios/retail.yaml": UNIT, "portfolios/organisation.yaml": organisation}
    repo.commit("2026-01-15", files)
    return repo.root


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Run:
    return partial(run_cli, capsys)


def info(cli: Run) -> dict[str, Any]:
    found: dict[str, Any] = cli("cache", "info", "--format", "json").json
    return found


def files_below(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


def test_all_that_verbs_keep_is_told_and_deleted(cli: Run, root: Path, tmp_path: Path) -> None:
    for verb in ("check", "health", "trend"):
        cli(verb, root)
    place = tmp_path / "cache" / "itgov"
    found = info(cli)
    assert found["folder"] == str(place)
    assert found["unused"] is None
    kept = files_below(place) - {place / "secret"}
    assert sum(k["entries"] for k in found["kinds"]) == len(kept) > 5
    assert sum(k["bytes"] for k in found["kinds"]) == sum(p.stat().st_size for p in kept)
    assert all(k["holds"] for k in found["kinds"])
    told = cli("cache", "info").out.splitlines()
    assert next(line for line in told if line.startswith("all")).split()[1] == str(len(kept))
    said = cli("cache", "clear").err
    assert f"{len(kept)} results deleted" in said
    assert files_below(place) == {place / "secret"}
    assert "nothing was kept" in cli("cache", "clear").err


def test_clearing_leaves_what_is_not_the_caches(cli: Run, root: Path, tmp_path: Path) -> None:
    place = tmp_path / "cache" / "itgov"
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a").write_bytes(MAGIC)
    (place / "notes").mkdir(parents=True)
    (place / "notes" / "mine.txt").write_text("mine")
    (place / "files").symlink_to(outside)
    (
        place / "rules"
    ).mkdir()  # as where the folder is this program's own: XDG_CACHE_HOME may be anything
    (place / "rules" / "check.py").write_text("mine")
    (place / "older").mkdir()
    (place / "older" / "entry").write_bytes(b"itgov-cache-1\nolder")
    (place / "older" / "link").symlink_to(outside / "a")
    assert [k for k in info(cli)["kinds"] if k["entries"]] == [
        {"kind": "older", "holds": "", "entries": 1, "bytes": 19}
    ]
    assert "what another version kept" in cli("cache", "info").out
    cli("cache", "clear")
    assert (outside / "a").exists()
    assert (place / "notes" / "mine.txt").exists()
    assert (place / "rules" / "check.py").exists()
    assert not (place / "older" / "entry").exists()


def test_why_a_cache_is_not_used_is_told(
    cli: Run, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ITGOV_CACHE", "no")
    assert info(cli)["unused"] == "ITGOV_CACHE=no"
    monkeypatch.setenv("ITGOV_CACHE", "on")
    monkeypatch.setenv("XDG_CACHE_HOME", str(root / "cache"))
    assert "repository" in info(cli)["unused"]
    assert "is not used: its folder lies in a repository" in cli("cache", "info").out
    monkeypatch.setenv("XDG_CACHE_HOME", "cache")
    assert "absolute" in info(cli)["unused"]


@pytest.mark.parametrize("verb", ["check", "health", "value", "due", "trend", "diff"])
def test_no_cache_takes_and_keeps_nothing(
    cli: Run, verb: str, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "cache" / "itgov"
    arguments = [verb, root, "--no-cache", "--format", "json"]
    first = cli(*arguments)
    assert not place.exists()
    monkeypatch.setenv("ITGOV_CACHE", "on")
    kept = cli(*arguments[:2], "--format", "json")
    assert (kept.code, kept.out) == (first.code, first.out)
    for path in files_below(place):  # none of it can be taken unseen
        path.write_bytes(b"damaged")
    before = {path: path.stat().st_mtime_ns for path in files_below(place)}
    again = cli(*arguments)
    assert (again.code, again.out) == (first.code, first.out)
    assert {path: path.stat().st_mtime_ns for path in files_below(place)} == before


@pytest.mark.parametrize("arguments", [[], ["look"], ["clear", "all"]])
def test_what_the_cache_cannot_do_ends_with_2(cli: Run, arguments: list[str], root: Path) -> None:
    ran = cli("cache", *arguments)
    assert ran.code == 2
    assert "itgov cache" in ran.err
