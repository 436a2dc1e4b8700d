"""`check` asked again: remembered answers are never stale, and `--watch` looks again on save."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from ..support.cli import run_cli

pytestmark = pytest.mark.slow

PROJECT = Path(__file__).parent.parent.parent
BARE = "business_unit: {id: u, name: Unit}\ninvestments:\n  - {id: A-1, title: Alpha}\n"


# -- remembered answers --------------------------------------------------------------------


@pytest.fixture
def ask(capsys, monkeypatch, tmp_path):
    """Run `check` with a memory of its own, as if this process had not run anything yet."""
    monkeypatch.setenv("ITGOV_CACHE", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def run(*arguments, cwd=PROJECT):
        monkeypatch.chdir(cwd)
        monkeypatch.setattr("itgov.cli.terminal._said", [])
        return run_cli(capsys, "check", *arguments)

    return run


def test_the_same_question_has_the_same_answer(repo, ask, process, monkeypatch):
    there = repo("rules: []\n", unit=BARE)
    first = ask(there.root)
    assert first.code == 1
    monkeypatch.setattr("itgov.cli.check.run", lambda *_: pytest.fail("it was not remembered"))
    assert ask(there.root) == first
    ran = process("check", there.root)
    assert (ran.returncode, ran.stdout.decode(), ran.stderr.decode()) == first


@pytest.mark.parametrize("where", ["cache", "linked"])
@pytest.mark.parametrize("mark", [".git/HEAD", "itgov.yaml", "portfolios/organisation.yaml"])
def test_a_cache_inside_a_repository_is_not_used(
    repo, ask, monkeypatch, tmp_path, where, mark, capsys
):
    there = repo("rules: []\n", unit=BARE)
    outer = tmp_path / "other"
    (outer / mark).parent.mkdir(parents=True)
    (outer / mark).write_text("ref: refs/heads/main\n")
    (outer / "cache").mkdir()
    (tmp_path / "linked").symlink_to(outer / "cache")
    monkeypatch.chdir(there.root)
    cache = outer / "cache" if where == "cache" else tmp_path / "linked"
    monkeypatch.setenv("ITGOV_CACHE", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    assert run_cli(capsys, "check", there.root).code == 1
    assert list((outer / "cache").iterdir()) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("portfolios/unit.yaml", BARE.replace("Alpha", "Beta")),
        ("portfolios/deep/new.yaml", BARE.replace("id: u", "id: v").replace("A-1", "B-1")),
        ("rules/own.yaml", "rules: [{id: X-001, name: x, for: investment, assert: 'false'}]\n"),
        ("itgov.yaml", "paths: {portfolios: other}\n"),
        ("portfolios/organisation.yaml", ""),
        ("rules/own.yaml", "rules: [\n"),
    ],
)
def test_any_file_that_changes_changes_the_answer(repo, ask, path, text):
    there = repo("rules: []\n", unit=BARE)
    first = ask(there.root)
    there.write(path, text)
    changed = ask(there.root)
    assert changed != first
    assert changed == ask(there.root)


def test_a_link_that_leads_elsewhere_now(repo, ask, tmp_path):
    good, bad = repo("rules: []\n"), repo("rules: []\n", unit=BARE)
    link = tmp_path / "current"
    link.symlink_to(good.root)
    assert ask(link)[0] == 0
    link.unlink()
    link.symlink_to(bad.root)
    assert ask(link)[0] == 1


@pytest.mark.parametrize("sign", ["portfolios/unit.yaml", "itgov.yaml"])
def test_a_repository_that_begins_nearer_now(repo, ask, sign):
    there = repo("rules: []\n")
    inner = there.root / "inner"
    (inner / "notes").mkdir(parents=True)
    first = ask(cwd=inner)
    there.write(f"inner/{sign}", BARE if sign.endswith("unit.yaml") else "fail_on: never\n")
    assert ask(cwd=inner) != first


def test_a_path_that_is_gone(repo, ask):
    there = repo("rules: []\n", **{"portfolios/notes.txt": "x"})
    notes = there.root / "portfolios/notes.txt"
    ask(notes)
    notes.unlink()
    assert ask(notes)[0] == 2


def test_what_was_said_is_said_again(repo, ask):
    health = "health: {dimensions: [{id: d, weight: 1, score: business_unit.nope}]}\n"
    own = "rules: [{id: X-001, name: x, for: investment, assert: 'true'}]\n"
    there = repo({"rules/health.yaml": health, "rules/own.yaml": own})
    first = ask(there.root)
    assert first[2] != ""
    assert ask(there.root) == first


def test_options_and_colours_are_part_of_the_question(repo, ask, monkeypatch):
    there = repo("rules: []\n", unit=BARE)
    seen = set()
    for color in ("", "1"):
        monkeypatch.setenv("FORCE_COLOR", color)
        for more in ([], ["--format", "json"], ["--statistics"], ["--as-of", "2025-01-01"]):
            seen.add(ask(there.root, *more).out)
    assert len(seen) == 7  # JSON has no colours


@pytest.mark.parametrize("damage", [b"", b"itgov-answer-1\n", b"\x00" * 500, None])
def test_a_damaged_memory_is_no_answer(repo, ask, tmp_path, damage):
    there = repo("rules: []\n", unit=BARE)
    first = ask(there.root)
    for path in (tmp_path / "cache").rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes()[:-20] if damage is None else damage)
    assert ask(there.root) == first


def test_a_cache_that_cannot_be_written_is_no_reason_to_fail(repo, process, tmp_path):
    (tmp_path / "cache").write_text("a file")
    there = repo("rules: []\n", unit=BARE)
    environment = {"ITGOV_CACHE": "", "XDG_CACHE_HOME": str(tmp_path / "cache")}
    ran = process("check", there.root, environment=environment)
    assert (ran.returncode, ran.stderr) == (1, b"")


# -- watching ------------------------------------------------------------------------------


class Watched:
    """A `check --watch` in the background, with the signals ignored that a shell ignores there."""

    def __init__(self, root: Path, folder: Path, program: Sequence[str]) -> None:
        self.out, self.err = folder / "out", folder / "err"
        command = "trap '' INT TERM; exec \"$@\""
        itgov = [sys.executable, *program, "check", str(root), "--watch"]
        with self.out.open("wb") as out, self.err.open("wb") as err:
            self.process = subprocess.Popen(
                ["bash", "-c", command, "bash", *itgov],
                stdout=out,
                stderr=err,
                env={**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONUNBUFFERED": "1"},
            )

    def wait_for(self, condition, seconds: float = 120) -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if condition(self.out.read_text(), self.err.read_text()):
                return True
            time.sleep(0.1)
        return False

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)


@pytest.fixture
def watch(tmp_path_factory):
    started: list[Watched] = []

    def start(root, *program):
        folder = tmp_path_factory.mktemp("watched")
        started.append(Watched(root, folder, program or ("-m", "itgov")))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.process.kill()
        one.process.wait(20)


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_watch_looks_again_on_every_save_and_survives_broken_files(repo, watch):
    there = repo("rules: []\n")
    unit = there.root / "portfolios/unit.yaml"
    running = watch(there.root)
    assert running.wait_for(lambda out, err: "All good" in out and "Watching" in err)

    unit.write_text(BARE)
    assert running.wait_for(lambda out, _: "OWN-001" in out)
    beside = unit.with_name("unit.yaml~")  # as editors save
    beside.write_text(BARE.replace("Alpha", "Gamma"))
    os.replace(beside, unit)
    assert running.wait_for(lambda out, _: "Gamma" in out)
    unit.write_text("a: [\n")
    assert running.wait_for(lambda out, _: "YML-001" in out)
    there.write("rules/own.yaml", "x: y\n")
    assert running.wait_for(lambda _, err: "rules/own.yaml:1:1: error[MOD-001]" in err)
    there.write("itgov.yaml", "nope: 1\n")
    assert running.wait_for(lambda _, err: "itgov.yaml:1:1" in err)
    assert running.process.poll() is None
    assert running.end(signal.SIGINT) == 2
    assert "Traceback" not in running.err.read_text()


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_watch_works_below_a_hidden_folder(watch, tmp_path):
    root = tmp_path / ".worktrees" / "topic"
    (root / "portfolios").mkdir(parents=True)
    unit = root / "portfolios/unit.yaml"
    unit.write_text(BARE)
    running = watch(root)
    assert running.wait_for(lambda out, err: "Alpha" in out and "Watching" in err)
    unit.write_text(BARE.replace("Alpha", "Gamma"))
    assert running.wait_for(lambda out, _: "Gamma" in out)
    assert running.end(signal.SIGTERM) == 1
    assert "Traceback" not in running.err.read_text()


SAVED_MEANWHILE = """
import sys
from pathlib import Path
from itgov.cli import check as verb
from itgov.cli.main import main

check, unit, text = verb.check, Path(sys.argv[1]), sys.argv[2]

def check_then_save(*arguments, **named):
    verb.check = check
    answer = check(*arguments, **named)
    unit.write_text(text)
    return answer

verb.check = check_then_save
sys.exit(main(sys.argv[3:]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_watch_sees_a_save_made_during_its_first_check(repo, watch):
    there = repo("rules: []\n")
    unit = there.root / "portfolios/unit.yaml"
    running = watch(there.root, "-c", SAVED_MEANWHILE, str(unit), BARE)
    assert running.wait_for(lambda out, _: "All good" in out and "Alpha" in out, 60)
    assert running.end(signal.SIGTERM) == 1
