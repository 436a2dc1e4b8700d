"""The editor: how it is told the line, what it is never given, and what comes of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itgov.model.finding import Place
from itgov.tui.external_editor import NoEditor, editor_argv, file_of

from ..support.git import GitRepo, run_git

FILE = Path("/repo/portfolios/a.yaml")


@pytest.mark.parametrize(
    ("editor", "wanted"),
    [
        ("vi", "vi +12 {}"),
        ("vim", "vim '+call cursor(12,5)' {}"),
        ("/usr/bin/nvim -p", "/usr/bin/nvim -p '+call cursor(12,5)' {}"),
        ("nano", "nano +12,5 {}"),
        ("emacs -nw", "emacs -nw +12:5 {}"),
        ("emacsclient -t", "emacsclient -t +12:5 {}"),
        ("micro", "micro +12:5 {}"),
        ("hx", "hx {}:12:5"),
        ("kak", "kak +12:5 {}"),
        ("code", "code --wait --goto {}:12:5"),
        ("code -w -n", "code -w -n --goto {}:12:5"),
        ("subl --wait", "subl --wait {}:12:5"),
        ("zed", "zed --wait {}:12:5"),
        ("gvim -f", "gvim -f '+call cursor(12,5)' {}"),
        ("my-own-editor", "my-own-editor +12 {}"),
        ("'/opt/an editor/ed it' -x", "'/opt/an editor/ed it' -x +12 {}"),
    ],
)
def test_each_editor_is_told_the_line_in_its_own_way(editor: str, wanted: str) -> None:
    import shlex

    argv = editor_argv({"EDITOR": editor}, FILE, 12, 5)
    assert argv == [part.replace("{}", str(FILE)) for part in shlex.split(wanted)]


def test_visual_comes_before_editor_and_a_blank_one_counts_as_none() -> None:
    assert editor_argv({"VISUAL": "vi", "EDITOR": "nano"}, FILE, 1)[0] == "vi"
    assert editor_argv({"VISUAL": "  ", "EDITOR": "nano"}, FILE, 1)[0] == "nano"


@pytest.mark.parametrize(
    ("environ", "said"), [({}, "no editor is set"), ({"EDITOR": "vi 'x"}, "never closed")]
)
def test_what_cannot_be_started_is_said_with_what_to_do(environ: dict[str, str], said: str) -> None:
    with pytest.raises(NoEditor, match=said):
        editor_argv(environ, FILE, 1)


@given(
    st.text(
        alphabet=st.characters(exclude_characters="\0/", exclude_categories=("Cs",)), min_size=1
    )
)
def test_a_file_is_one_argument_whatever_its_name(name: str) -> None:
    path = Path("/repo") / name
    assert editor_argv({"EDITOR": "vi"}, path, 3) == ["vi", "+3", str(path)]
    assert editor_argv({"EDITOR": "hx"}, path, 3, 4) == ["hx", f"{path}:3:4"]


def test_no_place_leads_out_of_the_repository(tmp_path: Path) -> None:
    root, outside = tmp_path / "repo", tmp_path / "secret.yaml"
    root.mkdir()
    outside.write_text("x")
    (root / "link.yaml").symlink_to(outside)
    (root / "own.yaml").write_text("x")
    assert file_of(root, Place("own.yaml")) == (root / "own.yaml").resolve()
    for path in ("link.yaml", "../secret.yaml", str(outside)):
        with pytest.raises(NoEditor, match="outside the repository"):
            file_of(root, Place(path))
    for path in ("gone.yaml", "a\0b", "own.yaml/x"):
        with pytest.raises(NoEditor, match="no longer exists"):
            file_of(root, Place(path))
    with pytest.raises(NoEditor, match="not a file"):
        file_of(root, Place("."))


def test_a_screen_that_no_editor_can_take_over_says_the_place(
    room: Any, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", "vi")
    shown = room.run(sample, "e")
    assert "no editor can be opened here; the place is portfolios/lending.yaml:" in shown


def test_without_an_editor_it_is_said_what_to_set(
    room: Any, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    assert "export EDITOR=nano" in room.run(sample, "e")


# -- on a real terminal, in a real repository ----------------------------------------------------

_EDITOR = """\
import pathlib, sys
line, path = sys.argv[1:]
assert sys.stdin.isatty() and sys.stdout.isatty()
lines = pathlib.Path(path).read_text(encoding="utf-8").splitlines(keepends=True)
at = int(line.removeprefix("+")) - 1
assert "id: OPS-017" in lines[at], lines[at]
at = next(n for n in range(at, len(lines)) if "title: Tape archive" in lines[n])
lines[at] = lines[at].replace("Tape archive", "Tape vault")
pathlib.Path(path).write_text("".join(lines), encoding="utf-8")
"""
_FAILING = "import sys; sys.exit(3)"


class Terminal:
    """The room in a terminal of tmux: keys in, what is on the screen out."""

    def __init__(self, socket: Path) -> None:
        self.socket = socket

    def tmux(self, *words: str) -> str:
        done = subprocess.run(
            ["tmux", "-S", str(self.socket), *words], capture_output=True, text=True, check=False
        )
        return done.stdout

    def start(self, root: Path, editor: str) -> None:
        environ = [f"VISUAL={editor}", "TERM=xterm-256color", f"PYTHONPATH={os.getcwd()}"]
        self.tmux(
            "-f", "/dev/null", "new-session", "-d", "-x", "120", "-y", "40", "env", *environ,
            sys.executable, "-m", "itgov", str(root), "--as-of", "2026-11-23",
        )  # fmt: skip

    def keys(self, *keys: str) -> None:
        for key in keys:
            self.tmux("send-keys", key)

    def wait_for(self, text: str) -> str:
        """Return the screen once a text is on it; the one of long after where it never is."""
        shown = ""
        for _ in range(3000):
            shown = self.tmux("capture-pane", "-p")
            if text in shown:
                break
            time.sleep(0.1)
        return shown


@pytest.fixture
def terminal(tmp_path: Path) -> Any:
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not installed, so there is no terminal to open an editor in")
    terminal = Terminal(tmp_path / "tmux")
    yield terminal
    terminal.tmux("kill-server")


@pytest.fixture
def repository(sample: Path) -> Path:
    GitRepo(sample).commit()
    return sample


@pytest.mark.slow
def test_the_editor_changes_a_line_and_the_room_shows_it_at_the_same_place(
    terminal: Terminal, repository: Path, tmp_path: Path
) -> None:
    script = tmp_path / "an editor.py"
    script.write_text(_EDITOR)
    terminal.start(repository, f"{sys.executable} '{script}'")
    assert "All units: 69" in terminal.wait_for("All units: 69")
    terminal.keys("/", "OPS-017", "Enter")
    terminal.wait_for("1 of 69")
    terminal.keys("e")
    shown = terminal.wait_for("Tape vault")
    assert "▌ OPS-017" in shown
    assert "Tape vault" in shown
    assert run_git(repository, "status", "--porcelain") == " M portfolios/operations.yaml"
    assert run_git(repository, "diff", "--numstat") == "1\t1\tportfolios/operations.yaml"
    terminal.keys("?", "Escape", "s")
    assert "Sort by" in terminal.wait_for("Sort by")


@pytest.mark.slow
def test_an_editor_that_fails_is_said_and_the_room_goes_on(
    terminal: Terminal, repository: Path, tmp_path: Path
) -> None:
    script = tmp_path / "fails.py"
    script.write_text(_FAILING)
    terminal.start(repository, f"{sys.executable} {script}")
    terminal.wait_for("All units: 69")
    terminal.keys("e")
    assert "ended with code 3" in terminal.wait_for("ended with code 3")
    assert run_git(repository, "status", "--porcelain") == ""


@pytest.mark.slow
def test_an_editor_that_is_not_there_is_said_and_the_room_goes_on(
    terminal: Terminal, repository: Path, tmp_path: Path
) -> None:
    terminal.start(repository, str(tmp_path / "no-such-editor"))
    terminal.wait_for("All units: 69")
    terminal.keys("e")
    assert "cannot be started: No such file" in terminal.wait_for("cannot be started")
    terminal.keys("2")
    assert "Findings by rule: " in terminal.wait_for("Findings by rule")
