"""A whole meeting on a terminal, slips of the hand among its keys: the minutes say what was meant."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from itgov.files.load import read_minutes
from itgov.files.sources import RawFile
from itgov.model.minutes import Minutes
from itgov.review.store import ReviewStore

from ..support.cli import run_cli
from ..support.git import GitRepo
from .test_terminal import on_a_pty

RECORD = "reviews/2026-11-23-lending.yaml"
ENTER, ESCAPE, DELETE = b"\r", b"\x1b", b"\x1b[3~"
BEGIN = [b"M", b"lending", ENTER, b"harcourt", ENTER, b"hannah", ENTER]
WRONG_KEYS = [b"a", b"S", b"X", b"D", b"V", b"H", b"\x7f", ENTER, ENTER, b"k"]
"""What decided by itself once, and enter pressed twice: they decide nothing."""
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
    assert "2 of 6 items decided." in git.git("log", "-1", "--format=%b")
    told = (sample / RECORD).with_suffix(".md").read_text(encoding="utf-8")
    assert "2 of 6 items decided in" in told
    assert "Martin Cole \\(martin.cole\\): held" in told
    assert run_cli(capsys, "review", "verify", "--path", sample).code == 0
