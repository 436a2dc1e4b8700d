"""The changes view: uncommitted files, what changed in each, committing and reverting."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.screen import ModalScreen

from itgov.tui.background.worker import BackgroundJob, Failed
from itgov.tui.widgets.bars import FootBar

from ..support.git import GitRepo
from .conftest import SIZES, OpenRoom, copy_sample, screen_text, settled, until

LENDING = "portfolios/lending.yaml"
ODD = "two\nlines\x1b[31m[red].txt"


@pytest.fixture(scope="module", autouse=True)
def _compared_here() -> Iterator[None]:
    """Compare in the room's own process: to start one for each room takes a second."""

    def run(*_: Any) -> bytes:
        raise Failed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BackgroundJob, "run", run)
        yield


class Changed(GitRepo):
    """The sample in git, with changes of every kind that are not committed."""

    def __init__(self, folder: Path) -> None:
        super().__init__(copy_sample(folder), ("Ann", "ann@example.org"))
        self.git("symbolic-ref", "HEAD", "refs/heads/main")
        self.first = self.commit("2026-11-10", title="First state")

    def change(self) -> None:
        """Make the changes."""
        self.edit("confidence: amber-red", "confidence: red")
        self.edit("target: 6\n", "target: 7\n")
        self.edit("dedication: 0.8", "dedication: 0.7", "portfolios/organisation.yaml")
        self.write({ODD: "odd\n", "portfolios/digital/payments.yaml": None})
        (self.root / "data.bin").write_bytes(b"a\0b")
        self.git("mv", "portfolios/retail.yaml", "portfolios/branches.yaml")

    def edit(self, old: str, new: str, path: str = LENDING) -> None:
        text = self.text(path)
        assert old in text
        self.write({path: text.replace(old, new, 1)})

    def text(self, path: str = LENDING) -> str:
        return (self.root / path).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenRoom]:
    repo = Changed(tmp_path_factory.mktemp("changes"))
    repo.change()
    found = OpenRoom(repo.root)
    found.first = repo.first  # type: ignore[attr-defined]
    yield found
    found.close()


@pytest.fixture
def repo(tmp_path: Path) -> Changed:
    return Changed(tmp_path)


said: list[str] = []
"""What the last room has said."""


def then(*keys: str) -> Any:
    """Return what presses keys once the changes are listed; a commit is waited for."""

    async def act(app: Any, pilot: Any) -> None:
        app.base.query_one(FootBar).hush()
        await pilot.press(*keys)
        await settled(app, pilot)

        def idle() -> bool:
            waiting = [w for w in app.workers if w.group == "edit" and not w.is_finished]
            return not waiting or isinstance(app.screen, ModalScreen)

        await until(idle, pilot)
        await settled(app, pilot)
        said[:] = ["".join(text for text, _ in line) for line in app.base.query_one(FootBar).spoken]

    return act


SCREENS = {
    "changes": [],
    "changes-one": [*["j"] * 4, "enter", "j"],
    "changes-commit": ["C"],
    "changes-revert": [*["j"] * 4, "enter", "j", "D"],
    "changes-compare": ["H"],
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", SCREENS)
def test_the_screens(opened: OpenRoom, golden: Any, name: str, size: tuple[int, int]) -> None:
    opened.size = size
    text = opened.run("9", act=then("home", *SCREENS[name]))
    first: str = opened.first[:10]  # type: ignore[attr-defined]
    golden(f"{name}-{size[0]}x{size[1]}", text.replace(first, "c0ffee0000"))


def test_a_filter_finds_files_by_who_changed_in_them(opened: OpenRoom) -> None:
    opened.size = (120, 40)
    shown = opened.run("9", act=then("slash", *"len-001", "enter"))
    assert "lending.yaml" in shown
    assert "data.bin" not in shown


def test_in_a_small_terminal_panes_are_gone_into_and_left_again(opened: OpenRoom) -> None:
    opened.size = (80, 24)
    keys = ["home", *["j"] * 4, "enter", "enter"]
    assert "LEN-001 confidence  line 32" in opened.run("9", act=then(*keys))
    page = opened.run("9", act=then(*keys, "D"))
    assert "Revert confidence of LEN-001" in page, "what the page shows is what is reverted"
    assert "2 changes in lending.yaml" in opened.run("9", act=then(*keys, "escape"))
    assert "Files 6: not committed" in opened.run("9", act=then(*keys, "escape", "escape"))


def test_one_change_is_reverted_and_the_other_stays_until_it_is_undone(
    room: Any, repo: Changed
) -> None:
    before = repo.text()
    repo.change()
    changed = repo.text()

    async def act(app: Any, pilot: Any) -> None:
        await then(*["j"] * 4, "enter", "D", "enter")(app, pilot)
        assert "1 change in lending.yaml" in screen_text(app)
        assert any("Revert confidence of LEN-001" in words for words in said)
        assert repo.text() == before.replace("target: 6\n", "target: 7\n", 1)
        await then("u")(app, pilot)

    room.run(repo.root, "9", act=act)
    assert repo.text() == changed


def test_whole_files_come_back_and_what_is_new_goes_and_all_of_it_is_undone(
    room: Any, repo: Changed
) -> None:
    repo.change()

    def names() -> set[str]:
        return {p.name for p in repo.root.rglob("*") if p.is_file() and ".git" not in p.parts}

    changed = names()

    async def act(app: Any, pilot: Any) -> None:
        await then("asterisk", "D", "enter")(app, pilot)
        assert "data.bin" not in names()
        assert {"retail.yaml", "payments.yaml"} <= names()
        assert repo.git("show", f"HEAD:{LENDING}") == repo.text().removesuffix("\n")
        await then("u")(app, pilot)

    room.run(repo.root, "9", act=act)
    assert names() == changed


def test_marked_files_are_committed_with_the_proposed_message_and_others_are_not(
    room: Any, repo: Changed
) -> None:
    repo.change()
    room.run(repo.root, "9", act=then(*["j"] * 4, "space", "C", "enter"))
    assert any("to main" in words for words in said)
    assert repo.git("show", "--name-only", "--format=%an", "HEAD").split() == ["Ann", LENDING]
    message = repo.git("log", "-1", "--format=%B")
    assert message.startswith(
        "LEN-001 Mortgage origination replacement: confidence amber-red → red"
    )
    assert "target 6 days → 7 days" in message
    assert "R  portfolios/retail.yaml -> portfolios/branches.yaml" in repo.git("status", "--short")


def test_all_files_are_committed_and_a_message_may_be_typed(room: Any, repo: Changed) -> None:
    repo.change()
    shown = room.run(
        repo.root, "9", act=then("C", "ctrl+u", *"autumn", "space", *"review", "enter")
    )
    assert repo.git("log", "-1", "--format=%s") == "autumn review"
    assert repo.git("status", "--porcelain") == ""
    assert "No file differs" in shown


def test_a_new_file_without_a_line_is_said_to_be_empty(room: Any, repo: Changed) -> None:
    (repo.root / "portfolios" / "digital" / ".note").touch()
    shown = room.run(repo.root, "9", act=then("j"))
    assert "The file is empty" in shown
    assert "line endings" not in shown


def test_from_the_page_of_all_files_escape_goes_back_to_the_files(room: Any, repo: Changed) -> None:
    repo.change()
    shown = room.run(repo.root, "9", "enter", "escape", size=(80, 24))
    assert "Files 6: not committed" in shown


@pytest.mark.skipif(sys.platform == "win32", reason="a hook of the shell")
def test_what_keeps_a_commit_from_being_made_is_said_in_words(repo: Changed) -> None:
    repo.change()
    opened = OpenRoom(repo.root)
    try:
        hook = repo.root / ".git/hooks/pre-commit"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text("#!/bin/sh\necho the hook says no\nexit 1\n")
        hook.chmod(0o755)
        assert "the hook says no" in opened.run("9", act=then("C", "enter"))
        hook.unlink()
        (repo.root / ".git/MERGE_HEAD").write_text(repo.first)
        opened.run("9", act=then("C"))
        assert "git is in the middle of a merge" in said[-1]
        (repo.root / ".git/MERGE_HEAD").unlink()
        (repo.root / ".git/index.lock").touch()
        opened.run("9", act=then("C"))
        assert "another git command is running" in said[-1]
        (repo.root / ".git/index.lock").unlink()
        repo.git("checkout", "-q", "--detach")
        shown = opened.run("9", act=then("R", "C"))
        assert "detached HEAD" in shown
        assert "Commit 6 files to a detached HEAD?" in shown
        assert "no branch will hold the commit" in shown
        repo.git("add", LENDING)
        repo.edit("target: 7\n", "target: 8\n")
        opened.run("9", act=then("R", "C"))
        assert "was changed since it was staged" in said[-1]
        assert repo.git("rev-parse", "HEAD") == repo.first
    finally:
        opened.close()


def test_a_file_that_changed_behind_the_dialog_is_not_committed(repo: Changed) -> None:
    repo.edit("target: 6\n", "target: 7\n")
    opened = OpenRoom(repo.root)

    async def meanwhile(app: Any, pilot: Any) -> None:
        await then("C")(app, pilot)
        repo.edit("target: 7\n", "target: 9\n")
        await then("enter")(app, pilot)

    try:
        opened.run("9", act=meanwhile)
        assert "was changed meanwhile" in said[-1]
        assert repo.git("rev-parse", "HEAD") == repo.first
    finally:
        opened.close()


def test_a_broken_file_is_shown_as_text_and_said_and_repaired_by_a_revert(
    room: Any, repo: Changed
) -> None:
    before = repo.text()
    repo.edit("    stage:", "   stage: [")
    shown = room.run(repo.root, "9", act=then("j"), size=(120, 60))
    assert "could not be read" in shown or "Partly read" in shown
    assert "stage: [" in shown
    room.run(repo.root, "9", act=then("j", "D", "enter"))
    assert repo.text() == before


def test_what_is_compared_with_can_be_chosen_or_typed(room: Any, repo: Changed) -> None:
    repo.edit("dedication: 0.8", "dedication: 0.7", "portfolios/organisation.yaml")
    repo.commit("2026-11-20", title="Second state")
    repo.edit("target: 6\n", "target: 7\n")
    shown = room.run(repo.root, "9", act=then("H", "down", "enter", "C"))
    assert "Files 2: the last commit," in shown
    assert "dedication 80% → 70%" in shown
    assert "compare with the last commit first" in said[-1]
    shown = room.run(repo.root, "9", act=then("colon", *"compare-with nothing", "enter"))
    assert "there is no revision `nothing`" in shown


def test_without_git_and_in_the_sample_it_is_said(
    room: Any, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = room.run(sample, "9", act=then("C"))
    assert "This folder is not in a git repository." in shown
    assert "commit: this is not a git repository" in said[-1]
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    assert "The sample has no changes" in room.run(None, "B", act=then("9"))


def test_read_only_nothing_is_committed_or_reverted(room: Any, repo: Changed) -> None:
    repo.change()
    shown = room.run(repo.root, "9", act=then("C"), read_only=True)
    assert "commit: the room was opened read-only" in said[-1]
    assert LENDING in shown


STEPS: list[tuple[tuple[str, ...], str]] = [
    (("9",), "No file differs"),
    ((), "days → 7 days"),  # another program's edit is seen by itself
    (("f",), "Jump to"),
    (("LEN-002", "Enter"), "▌ LEN-002"),
    (("t",), "tage of"),
    (("stopped", "Enter"), "enter write"),
    (("Enter",), "undoes it"),
    (("9",), "1 stopped, 1 changed"),
    (("j", "Enter"), "3 changes in lending.yaml"),
    (("D",), "Revert outcomes time-to-offer target of LEN-001"),
    (("Enter",), "2 changes in lending.yaml"),
    (("u",), "3 changes in lending.yaml"),
    (("C",), "Commit 1 file to main?"),
    (("Enter",), "committed"),
    ((), "No file differs"),
    (("H",), "The end of yesterday"),
    (("Down", "Enter"), "the last commit,"),
    ((), "1 stopped, 1 changed"),
]
"""Keys, and what is shown then."""


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
def test_a_day_of_changes_in_a_real_terminal(repo: Changed, tmp_path: Path) -> None:
    """An edit beside another program's, one of them reverted and taken back, and a commit of both."""
    tmux = ["tmux", "-L", f"itgov-{os.getpid()}", "-f", "/dev/null"]

    def run(*arguments: str) -> str:
        return subprocess.run(
            [*tmux, *arguments], capture_output=True, text=True, check=True
        ).stdout

    def until_shown(words: str) -> None:
        end = time.monotonic() + 300
        while words not in run("capture-pane", "-p"):
            assert time.monotonic() < end, run("capture-pane", "-p")
            time.sleep(0.1)

    command = f"{sys.executable} -m itgov {repo.root} --as-of 2026-11-23"
    try:
        run("new-session", "-d", "-x", "100", "-y", "30", f"XDG_CONFIG_HOME={tmp_path} {command}")
        until_shown("Business units 8")
        for keys, shown in STEPS:
            if keys:
                run("send-keys", *keys)
            if shown == "days → 7 days":
                repo.edit("target: 6\n", "target: 7\n")
            until_shown(shown)
    finally:
        subprocess.run([*tmux, "kill-server"], check=False, capture_output=True)
    assert repo.git("rev-list", "--count", "HEAD") == "2"
    assert repo.git("status", "--porcelain") == ""
    message = repo.git("log", "-1", "--format=%B")
    assert message.startswith("Investments: 1 stopped, 1 changed\n")
    assert "target: 7" in repo.git("show", f"HEAD:{LENDING}")
