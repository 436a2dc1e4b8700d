"""What is taken back in a meeting: the last thing first, decision or edit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from itgov.model.minutes import Decision
from itgov.review.recorder import SessionRecorder
from itgov.review.store import ReviewStore

from .conftest import settled
from .opened_session import APPROVE, OPEN, decisions, kept


def test_what_was_recorded_last_is_taken_back_by_one_key(room: Any, sample: Path) -> None:
    shown = room.run(sample, *OPEN, *APPROVE, "enter", "b")
    assert "withdrawn: accept" in shown
    assert decisions(sample)[0] == []


def test_a_decision_taken_back_takes_its_edit_back_unless_the_file_says_something_else_by_now(
    room: Any, sample: Path, git: Callable[..., str]
) -> None:
    place = sample / "portfolios/lending.yaml"
    before = place.read_text(encoding="utf-8")
    stop = ("j", "j", "enter", "s", *"No use", "enter", "y")
    act = ("enter", "t", *"Bring figures", "enter", *"hannah", "enter", "enter", "y")
    shown = room.run(sample, *OPEN, *stop, "enter", "b")
    assert "withdrawn: stop, and its edit of portfolios/lending.yaml undone" in shown
    assert place.read_text(encoding="utf-8") == before
    shown = room.run(sample, "8", *act, "enter", "b")
    assert "withdrawn: action, and its edit" in shown
    assert place.read_text(encoding="utf-8") == before

    room.run(sample, "8", *act)
    shown = room.run(sample, "8", "enter", "b")
    assert "withdrawn: action; its edit of portfolios/lending.yaml stays" in shown
    assert "Bring figures" in place.read_text(encoding="utf-8")


STOP = ("enter", "s", *"No use", "enter", "y")


def test_undo_takes_back_the_last_thing_decision_or_edit_wherever_the_cursor_is(
    room: Any, sample: Path
) -> None:
    place = sample / "portfolios/lending.yaml"
    before = place.read_text(encoding="utf-8")
    stage = ("t", *"live", "enter", "y")
    done = (*OPEN, *APPROVE, "j", "j", *STOP, *stage)
    shown = room.run(sample, *done, "2", "u")
    assert "undone: " in shown
    assert "stage: stopped" in place.read_text(encoding="utf-8")
    assert decisions(sample)[:3] == [["approve"], [], ["stop"]]

    shown = room.run(sample, "8", "u")
    assert "undone: stopped: Mortgage origination replacement; its edit of" in shown
    assert "stays: it was not made since the room was opened" in " ".join(shown.split())
    place.write_text(before, encoding="utf-8")

    shown = room.run(sample, "8", *STOP, "1", "u")
    assert "undone: stopped: Mortgage origination replacement" in shown
    assert place.read_text(encoding="utf-8") == before
    shown = room.run(sample, "7", "u")
    assert "undone: accepted: Martin Cole" in shown
    assert decisions(sample) == [[]] * 6
    assert "no decision or edit to undo" in room.run(sample, "u")


def test_help_says_what_undo_would_take_back(room: Any, sample: Path) -> None:
    shown = room.run(sample, *OPEN, *APPROVE, "1", "question_mark", *"undo")
    assert "Now: accepted: Martin Cole." in shown


def test_a_decision_that_gave_way_stands_again_when_the_later_one_is_undone(
    room: Any, sample: Path
) -> None:
    hold = ("enter", "h", *"Wait", "enter", "enter")
    room.run(sample, *OPEN, *APPROVE, *hold, "u")
    assert decisions(sample)[0] == ["approve"]


def test_edits_and_decisions_are_undone_in_the_order_in_which_they_were_made(
    room: Any, sample: Path
) -> None:
    place = sample / "portfolios/lending.yaml"
    before = place.read_text(encoding="utf-8")
    states = []

    async def undo(app: Any, pilot: Any) -> None:
        for _ in range(3):
            await pilot.press("u")
            await settled(app, pilot)
            edited = place.read_text(encoding="utf-8") != before
            states.append((app.context().undo, edited, kept(sample).recorded))

    stage = ("t", *"live", "enter", "y")
    room.run(sample, *OPEN, *APPROVE, "j", "j", *stage, *APPROVE, act=undo)
    assert [state[1:] for state in states] == [(True, 1), (False, 1), (False, 0)]
    assert "stage" in str(states[0][0])
    assert [state[0] for state in states[1:]] == ["accepted: Martin Cole", None]


def test_what_somebody_else_recorded_since_is_not_undone(room: Any, sample: Path) -> None:
    async def another(app: Any, pilot: Any) -> None:
        session = kept(sample)
        item = session.items[0]
        other = SessionRecorder(ReviewStore(sample), session.id, "dana")
        other.decide(item.subject, Decision(decision="note", reason="Hers"), seen=item.revision)
        await pilot.press("u")

    shown = room.run(sample, *OPEN, *APPROVE, act=another)
    assert "not undone: accepted: Martin Cole" in shown
    assert decisions(sample)[0] == ["approve", "note"]


def test_removing_an_item_asks_where_something_is_recorded_and_is_undone(
    room: Any, sample: Path
) -> None:
    shown = room.run(sample, *OPEN, *APPROVE, "delete")
    assert "Remove Martin Cole from the agenda?" in shown
    assert "accepted by Stephen Harcourt" in shown
    room.run(sample, "8", "delete", "n")
    assert decisions(sample)[0] == ["approve"]
    room.run(sample, "8", "delete", "y")
    assert kept(sample).items[0].dropped
    assert decisions(sample)[0] == []
    shown = room.run(sample, "8", "delete", "1", "u")
    assert "undone: removed from the agenda: Lending" in shown
    assert not kept(sample).items[1].dropped


def test_an_item_put_back_says_again_what_was_recorded_on_it_but_for_edits(
    room: Any, sample: Path
) -> None:
    stop = ["enter", "s", *"Late", "ctrl+s", "enter"]
    shown = room.run(sample, *OPEN, *APPROVE, "delete", "y", "u")
    assert "undone: removed from the agenda: Martin Cole" in shown
    assert decisions(sample)[0] == ["approve"]
    at = next(n for n, i in enumerate(kept(sample).items) if i.subject.kind == "investment")
    down = ["j"] * at
    note = ["enter", "n", *"Ask again", "ctrl+s"]
    shown = room.run(sample, "8", "g", *down, *note, *stop, "delete", "y", "u", size=(120, 40))
    assert decisions(sample)[at] == ["note"]
    assert "not recorded again, because it edits a file: stopped" in " ".join(shown.split())
