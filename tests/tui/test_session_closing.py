"""Closing a review session in the room: shown first, then minutes and the commit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from itgov.model.minutes import Decision
from itgov.review.recorder import SessionRecorder
from itgov.review.store import ReviewStore

from .conftest import screen_text, settled
from .opened_session import APPROVE, OPEN, kept


def test_closing_writes_minutes_and_commits_just_its_own_files(
    room: Any, sample: Path, git: Callable[..., str]
) -> None:
    (sample / "notes.txt").write_text("mine\n")
    git("add", "notes.txt")
    room.run(sample, *OPEN, "j", "j", *APPROVE, "Z", "enter", "enter")
    names = git("show", "--name-only", "--format=%an", "HEAD").split()
    assert "reviews/2026-11-23-lending.yaml" in names
    assert "reviews/2026-11-23-lending.md" in names
    assert "notes.txt" not in names
    assert "notes.txt" in git("diff", "--cached", "--name-only")
    assert ReviewStore(sample).open_sessions() == []


def test_what_somebody_else_records_before_the_answer_is_shown_before_it_is_closed(
    room: Any, sample: Path
) -> None:
    seen: list[str] = []

    async def another(app: Any, pilot: Any) -> None:
        session = kept(sample)
        item = session.items[2]
        other = SessionRecorder(ReviewStore(sample), session.id, "dana")
        other.decide(
            item.subject, Decision(decision="challenge", reason="Hers"), seen=item.revision
        )
        await pilot.press("enter")
        await settled(app, pilot)
        seen.append(screen_text(app))
        await pilot.press("enter")

    room.run(sample, *OPEN, "j", "j", "j", *APPROVE, "Z", act=another)
    assert "Something was recorded or changed meanwhile" in seen[0]
    assert "2 of " in seen[0]
    assert ReviewStore(sample).open_sessions() == []


def test_what_would_be_committed_is_listed_and_left_alone_by_escape(
    room: Any, sample: Path, git: Callable[..., str]
) -> None:
    shown = room.run(sample, *OPEN, "j", "j", "enter", "s", *"No use", "enter", "y", "Z", "enter")
    for path in ("reviews/2026-11-23-lending.yaml", "reviews/2026-11-23-lending.md"):
        assert path in shown
    assert "portfolios/lending.yaml" in shown
    assert "Commit these files to main?" in shown
    assert git("log", "--format=%s") == "start"


def test_edits_made_in_the_meeting_go_into_its_commit_and_undone_ones_do_not(
    room: Any, sample: Path, git: Callable[..., str]
) -> None:
    stop = ("j", "j", "enter", "s", *"No use", "enter", "y")
    review = ("d", *"+60", "enter", "enter", "y")
    room.run(sample, *OPEN, *stop, *review, *review[:1], *"+90", *review[-3:], "u")
    room.run(sample, "8", "Z", "enter", "enter")
    changed = git("show", "--format=", "HEAD", "--", "portfolios/lending.yaml")
    assert "+    stage: stopped" in changed
    assert "2027-01-22" in changed
    assert git("status", "--short", "portfolios") == ""


def test_a_commit_takes_no_file_whose_edits_were_all_undone(
    room: Any, sample: Path, git: Callable[..., str]
) -> None:
    review = ("d", *"+60", "enter", "enter", "y")
    shown = room.run(sample, *OPEN, "j", "j", *review, "u", "8", "Z")
    assert "a commit to main would take 2 files" in shown
    assert "portfolios/lending.yaml" not in shown


def test_a_hook_that_refuses_is_shown_with_what_to_do(
    room: Any, sample: Path, git: Callable[..., str]
) -> None:
    hook = sample / ".git/hooks/pre-commit"
    hook.parent.mkdir()
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'not on Mondays' >&2\nexit 1\n")
    hook.chmod(0o755)
    shown = room.run(sample, *OPEN, *APPROVE, "Z", "enter", "enter")
    assert "Written, not committed" in shown
    assert "not on Mondays" in shown
    assert "itgov review close --session 2026-11-23-lending --commit" in shown
    assert (sample / "reviews/2026-11-23-lending.yaml").is_file()


def test_a_session_is_dropped_only_when_that_is_chosen(room: Any, sample: Path) -> None:
    room.run(sample, *OPEN, "Z", "escape")
    assert kept(sample).state == "open"
    room.run(sample, "8", "Z", "x")
    assert ReviewStore(sample).open_sessions() == []
    assert not (sample / "reviews").exists()


def test_a_session_with_records_is_dropped_only_when_that_is_said_twice(
    room: Any, sample: Path
) -> None:
    shown = room.run(sample, *OPEN, *APPROVE, "Z", "x")
    assert "1 record of this session will be lost" in shown
    assert "the session stays open" in room.run(sample, "8", "Z", "x", "n")
    assert kept(sample).recorded == 1
    room.run(sample, "8", "Z", "x", "y")
    assert ReviewStore(sample).open_sessions() == []


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_closing_shows_what_it_does_before_it_is_done(
    room: Any,
    sample: Path,
    golden: Any,
    git: Callable[..., str],
    size: tuple[int, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("itgov.review.recorder.seconds_between", lambda earlier, now: 0)
    keys = (*OPEN, *APPROVE, "j", "j", *APPROVE, "j", "enter", "i")
    shown = room.run(sample, *keys, "Z", size=size)
    golden(f"closing-{size[0]}x{size[1]}", shown)
    assert "2 of 6 items decided: 1 accepted, 1 approved" in shown
    assert "4 items without a decision come back, 1 of them skipped" in shown
    assert "chair: Stephen Harcourt" in shown
    assert "present: nobody named" in shown
    assert "a commit to main would take 3 files" in shown
    assert not (sample / "reviews").exists()

    shown = room.run(sample, "8", "Z", "p", size=size)
    assert "Minutes of 2026-11-23-lending, as they would be" in shown
    assert "Review of Lending, 2026-11-23" in shown
    assert "## Decisions" not in shown  # read on the screen, not as Markdown
    assert "\\(" not in shown
    assert "the session stays open" in room.run(sample, "8", "Z", "p", "enter", "escape")


def test_the_edits_that_closing_shows_are_those_that_it_makes(room: Any, sample: Path) -> None:
    place = sample / "portfolios/lending.yaml"
    shown = room.run(sample, *OPEN, "j", "j", *APPROVE, "Z", size=(120, 60))
    before = set(place.read_text(encoding="utf-8").splitlines())
    shown_after = room.run(sample, "8", "Z", "enter", "enter", "8")
    assert "1 of 6 items decided, Stephen Harcourt as chair" in shown_after
    added = set(place.read_text(encoding="utf-8").splitlines()) - before
    assert any("last_reviewed: 2026-11-23" in line for line in added)
    for line in added:
        assert f"+ {line}" in shown


def test_a_discarded_session_is_named_as_it_was(room: Any, sample: Path) -> None:
    shown = room.run(sample, *OPEN, *APPROVE, "Z", "x", "enter")
    assert "2026-11-23-lending was discarded" in shown
