"""What is copied, byte by byte, and which way."""

from __future__ import annotations

import base64
import re
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itgov.tui.clipboard import (
    OSC52_LIMIT,
    CopyFailed,
    Tool,
    choose,
    native_tool,
    osc52,
    run_tool,
)
from itgov.tui.copy_actions import CopyActions

WORDS = "Grüße"
CODED = base64.b64encode(WORDS.encode()).decode()


def test_a_terminal_is_given_the_text_in_one_sequence() -> None:
    assert osc52(WORDS, {}) == f"\x1b]52;c;{CODED}\x07"


def test_tmux_is_given_it_for_itself_and_for_the_terminal_around_it() -> None:
    assert osc52(WORDS, {"TMUX": "/tmp/x,1,0"}) == (
        f"\x1b]52;c;{CODED}\x07\x1bPtmux;\x1b\x1b]52;c;{CODED}\x07\x1b\\"
    )


def test_screen_is_given_it_in_pieces_that_it_does_not_cut() -> None:
    sent = osc52("x" * 3000, {"STY": "1.pts"})
    pieces = re.findall(r"\x1bP(.*?)\x1b\\", sent, re.DOTALL)
    assert all(len(piece) <= 764 for piece in pieces)
    assert "".join(pieces) == osc52("x" * 3000, {})


@given(st.text())
def test_no_text_can_end_the_sequence_early(text: str) -> None:
    sent = osc52(text, {})
    assert re.fullmatch(r"\x1b\]52;c;[A-Za-z0-9+/=]*\x07", sent)


def test_too_much_for_a_terminal_is_said() -> None:
    osc52("x" * OSC52_LIMIT, {})
    with pytest.raises(CopyFailed, match="74,995 bytes are more than a terminal takes"):
        osc52("x" * (OSC52_LIMIT + 1), {})


@pytest.mark.parametrize(
    ("system", "release", "environment", "there", "found"),
    [
        ("darwin", "", {}, "pbcopy", "pbcopy"),
        ("linux", "", {"WAYLAND_DISPLAY": "w", "DISPLAY": ":0"}, "wl-copy xclip", "wl-copy"),
        ("linux", "", {"WAYLAND_DISPLAY": "w", "DISPLAY": ":0"}, "xclip", "xclip"),
        ("linux", "", {"DISPLAY": ":0"}, "xsel", "xsel"),
        ("linux", "", {}, "xclip xsel wl-copy", None),
        ("linux", "5.15-microsoft-standard-WSL2", {}, "clip.exe", "clip.exe"),
        ("win32", "10", {}, "clip.exe", "clip.exe"),
    ],
)
def test_the_tool_is_the_one_of_the_system(
    system: str, release: str, environment: dict[str, str], there: str, found: str | None
) -> None:
    tool = native_tool(environment, lambda n: n if n in there.split() else None, system, release)
    assert (tool.command[0] if tool else None) == found


def test_auto_takes_the_tool_here_and_the_terminal_over_ssh() -> None:
    tool = Tool(("xclip",))
    assert choose("auto", {}, tool) == tool
    assert choose("auto", {"SSH_TTY": "/dev/pts/1"}, tool) is None
    assert choose("auto", {}, None) is None
    assert choose("osc52", {}, tool) is None
    assert choose("native", {"SSH_TTY": "/dev/pts/1"}, tool) == tool
    with pytest.raises(CopyFailed, match="no clipboard tool found"):
        choose("native", {}, None)


def script(folder: Path, text: str) -> Tool:
    path = folder / "tool"
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return Tool((str(path),))


def test_a_tool_is_given_the_bytes_as_they_are(tmp_path: Path) -> None:
    run_tool(script(tmp_path, f'cat > "{tmp_path}/got"'), WORDS + "\n$(x) `y`\n")
    assert (tmp_path / "got").read_bytes() == (WORDS + "\n$(x) `y`\n").encode()


def test_a_tool_that_fails_is_named(tmp_path: Path) -> None:
    with pytest.raises(CopyFailed, match="ended with 3"):
        run_tool(script(tmp_path, "exit 3"), "x")
    with pytest.raises(CopyFailed, match="cannot be run"):
        run_tool(Tool((str(tmp_path / "none"),)), "x")
    with pytest.raises(CopyFailed, match="too many"):
        run_tool(Tool(("cat",)), "x" * 4_000_001)


# -- in the room -------------------------------------------------------------------------------


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []
    monkeypatch.setattr(CopyActions, "_give_terminal", lambda self, sent, _: found.append(sent))
    monkeypatch.setattr("itgov.tui.clipboard.native_tool", lambda: None)
    return found


def text_of(sent: list[str]) -> str:
    assert len(sent) == 1
    return base64.b64decode(sent[0].removeprefix("\x1b]52;c;").rstrip("\x07")).decode()


def test_yy_copies_the_id(room: Any, sample: Path, copied: list[str]) -> None:
    shown = room.run(sample, "slash", *"clm-001", "enter", "y", "y")
    assert text_of(copied) == "CLM-001"
    assert "copied: id" in shown


def test_the_place_is_one_that_an_editor_can_open(
    room: Any, sample: Path, copied: list[str]
) -> None:
    room.run(sample, "slash", *"clm-001", "enter", "y", "p")
    path, _, line = text_of(copied).rpartition(":")
    assert "CLM-001" in (sample / path).read_text(encoding="utf-8").splitlines()[int(line) - 1]


def test_yaml_is_copied_as_it_stands_with_its_comments(
    room: Any, sample: Path, copied: list[str]
) -> None:
    file = sample / "portfolios" / "claims.yaml"
    text = file.read_text(encoding="utf-8")
    text = text.replace("  - id: CLM-001", "  - id: CLM-001  # kept", 1)
    file.write_text(text, encoding="utf-8")
    room.run(sample, "slash", *"clm-001", "enter", "y", "Y")
    found = text_of(copied)
    assert found.startswith("id: CLM-001  # kept\ntitle: ")
    assert "\noutcomes:\n  - id: " in found
    assert "CLM-002" not in found


def test_a_row_is_copied_with_tabs(room: Any, sample: Path, copied: list[str]) -> None:
    room.run(sample, "slash", *"clm-001", "enter", "y", "down", "down", "enter")
    assert text_of(copied).startswith("CLM-001\tClaims handling platform\t")


def test_marked_rows_are_copied_together(room: Any, sample: Path, copied: list[str]) -> None:
    room.run(sample, "slash", *"clm-00", "enter", "space", "space", "y", "y")
    assert len(text_of(copied).splitlines()) == 2


def test_what_cannot_be_copied_is_shown_to_be_marked_by_hand(
    room: Any, sample: Path, copied: list[str]
) -> None:
    (sample / "itgov.yaml").write_text("clipboard: native\n", encoding="utf-8")
    shown = room.run(sample, "slash", *"clm-001", "enter", "y", "y")
    assert copied == []
    assert "Not copied: no clipboard tool found" in shown
    assert "│ CLM-001" in shown
