"""A whole meeting on a terminal, slips of the hand among its keys: the minutes say what was meant."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from itgov.files.load import read_minutes
from itgov.files.sources import RawFile
from itgov.model.minutes import Minutes
from itgov.review.store import ReviewStore

from ..support.cli import run_cli
from ..support.git import GitRepo
from ..support.tmux import HAS_TMUX, TmuxRoom
from .test_terminal import on_a_pty

RECORD = "reviews/2026-11-23-lending.yaml"
ENTER, ESCAPE, DELETE = b"\r", b"\x1b", b"\x1b[3~"
BEGIN = [b"M", b"lending", ENTER, b"harcourt", ENTER, b"hannah", ENTER]
WRONG_KEYS = [
    b"a", b"S", b"8", b"X", ESCAPE, b"D", b"V", ESCAPE, b"H", b"\x7f", ENTER, ENTER, b"k",
]  # fmt: skip
"""What decided by itself once, each left again where it leads elsewhere now, and enter pressed twice:
they decide nothing."""
ACCEPTED_BY_MISTAKE = [ENTER, b"a", b"u"]
HELD = [ENTER, b"h", b"No date agreed", ENTER, ENTER]
NOTED = [b".", ENTER, b"n", b"Ask Bridget", ENTER]
STOPPED_BY_MISTAKE = [b"j", ENTER, b"s", b"Wrong one", ENTER, ENTER, b"1", b"u", b"8"]
APPROVED = [ENTER, b"a"]
REMOVED_BY_MISTAKE = [b"j", DELETE, b"u"]
NOT_CLOSED_YET = [b"Z", ESCAPE]
CLOSED_AND_COMMITTED = [b"Z", b"p", ENTER, ENTER, ENTER]


@pytest.mark.slow
def test_slips_of_the_hand_do_not_reach_the_record(
    sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    git = GitRepo(sample, ("Stephen", "s@example.org"))
    git.commit("2026-11-01", title="start")
    keys = [
        *BEGIN, *WRONG_KEYS, *ACCEPTED_BY_MISTAKE, *HELD, *NOTED, *STOPPED_BY_MISTAKE, *APPROVED,
        *REMOVED_BY_MISTAKE, *NOT_CLOSED_YET, *CLOSED_AND_COMMITTED, b"q",
    ]  # fmt: skip
    on_a_pty(sample, keys)

    assert ReviewStore(sample).open_sessions() == []
    minutes: Any = read_minutes(RawFile(RECORD, (sample / RECORD).read_bytes())).content
    assert isinstance(minutes, Minutes)
    assert minutes.review.chair == "stephen.harcourt"
    assert minutes.review.present == ["hannah.vogel"]
    assert len(minutes.items) == 6
    said = [[(d.decision, d.reason, d.by) for d in i.decisions] for i in minutes.items]
    assert said[:3] == [
        [("hold", "No date agreed", "stephen.harcourt")],
        [("note", "Ask Bridget", "stephen.harcourt")],
        [("approve", None, "stephen.harcourt")],
    ]
    assert said[3:] == [[], [], []]
    changed = git.git("diff", "HEAD~1", "HEAD", "--", "portfolios")
    lines = [s for s in changed.splitlines() if s[:1] in "+-" and s[:3] not in ("+++", "---")]
    assert lines == ["-    last_reviewed: 2026-03-12", "+    last_reviewed: 2026-11-23"]
    assert git.git("status", "--short", "portfolios", "reviews") == ""
    assert "2 of 6 items decided: 1 held, 1 approved." in git.git("log", "-1", "--format=%b")
    told = (sample / RECORD).with_suffix(".md").read_text(encoding="utf-8")
    assert "2 of 6 items decided in" in told
    assert "Martin Cole \\(martin.cole\\): held" in told
    assert run_cli(capsys, "review", "verify", "--path", sample).code == 0


@pytest.fixture
def server() -> Iterator[str]:
    """Return the name of a tmux server of this test's own, which is gone afterwards."""
    name = f"itgov-{os.getpid()}"
    yield name
    subprocess.run(["tmux", "-L", name, "kill-server"], capture_output=True, check=False)


def decide(room: TmuxRoom, item: str, letter: str, reason: str = "") -> None:
    """Open the decisions on the item that the room is on, and take one."""
    room.press("Enter")
    room.until(f"Decide: {item}")
    room.press(letter)
    if reason:
        room.until("reason")
        room.type(reason)
        room.until(reason)


@pytest.mark.slow
@pytest.mark.skipif(not HAS_TMUX, reason="tmux is not installed")
def test_a_broken_line_and_a_second_room_leave_the_record_as_it_was_meant(
    sample: Path, server: str
) -> None:
    git = GitRepo(sample, ("Stephen", "s@example.org"))
    git.commit("2026-11-01", title="start")
    room = TmuxRoom(server, "chair", sample, (100, 30))
    room.press("M")
    room.until("Open a review session")
    for answer in ("lending", "harcourt", "hannah"):
        room.type(answer)
        room.press("Enter")
    room.until("0 of 6 items decided")
    room.press("a", "h", "H")  # without the dialog these decide nothing
    decide(room, "Martin Cole", "a")
    room.until("1 of 6 items decided")
    room.press("u")  # a slip
    room.until("0 of 6 items decided")
    decide(room, "Martin Cole", "h", "No date agreed")
    room.press("C-s")
    room.until("1 of 6 items decided")
    room.press(".")
    decide(room, "Lending", "c", "Who answers for")  # never finished
    room.break_line()

    room = TmuxRoom(server, "again", sample, (80, 24))
    room.press("8")
    room.until("1 of 6 items decided")
    other = TmuxRoom(server, "other", sample, (120, 40))
    other.press("8")
    other.until("1 of 6 items decided")
    other.press("g", "j", "j")
    decide(other, "Mortgage origination replacement", "e", "The board decides")
    other.press("C-s")
    other.until("2 of 6 items decided")
    room.until("2 of 6 items decided")  # what the other room recorded is seen without a key
    other.leave()

    room.press("g", "j", "j", "j")
    decide(room, "Broker portal", "a")
    room.until("3 of 6 items decided")
    room.press("Z")
    room.until("Close 2026-11-23-lending?")
    room.press("Enter")
    room.until("Commit these files to")
    room.press("Enter")
    room.until("No review session is open")
    room.leave()

    minutes: Any = read_minutes(RawFile(RECORD, (sample / RECORD).read_bytes())).content
    said = [[(d.decision, d.reason) for d in item.decisions] for item in minutes.items]
    assert said == [
        [("hold", "No date agreed")], [], [("escalate", "The board decides")], [("approve", None)], [], [],
    ]  # fmt: skip
    assert git.git("status", "--short", "portfolios", "reviews") == ""
    assert "3 of 6 items decided: 1 held, 1 escalated, 1 approved." in git.git(
        "log", "-1", "--format=%b"
    )
