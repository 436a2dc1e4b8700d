"""A review session in the room: opened by one key, kept after every key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from itgov.model.minutes import Decision
from itgov.review.recorder import SessionRecorder
from itgov.review.store import ReviewStore
from itgov.review.types import Session
from itgov.tui.actions import ACTIONS

from .conftest import AS_OF
from .opened_session import APPROVE, OPEN, decisions, kept


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_the_agenda_is_beside_everything_needed_to_decide(
    room: Any, sample: Path, golden: Any, size: tuple[int, int]
) -> None:
    golden(f"session-{size[0]}x{size[1]}", room.run(sample, *OPEN, "j", "j", size=size))


def test_the_points_at_stake_are_those_of_the_agenda(room: Any, sample: Path) -> None:
    shown = room.run(sample, "M", *"people", "enter", "enter", "enter", size=(120, 40))
    [row] = [line for line in shown.splitlines() if line.startswith("│▌")]
    [stake] = [line for line in shown.splitlines() if "at stake: " in line]
    assert row.removesuffix("│").split()[-2] == stake.split("at stake: ")[1].split()[0] == "0.9"


def test_without_a_session_the_view_says_how_to_open_one(room: Any, sample: Path) -> None:
    shown = room.run(sample, "8")
    assert "No review session is open." in shown
    assert "M open a session" in shown


def test_a_session_that_another_room_opened_is_named_where_this_room_sits_in_none(
    room: Any, sample: Path
) -> None:
    async def another(app: Any, pilot: Any) -> None:
        with ReviewStore(sample).starting() as (_, fresh):
            fresh.append(Session(id="2026-11-23-lending", date=AS_OF))
        await pilot.press("8")

    shown = room.run(sample, act=another)
    assert "No review session is open in this room." in shown
    assert "2026-11-23-lending" in shown


def test_a_decision_is_a_letter_of_the_dialog_and_stays_shown_until_somebody_goes_on(
    room: Any, sample: Path
) -> None:
    shown = room.run(sample, *OPEN, *APPROVE)
    assert "1. Martin Cole" in shown, "it is held on the screen"
    assert "accepted: Martin Cole; . next item, u undoes it" in shown
    assert "✓ accepted by Stephen Harcourt" in shown
    hold = ("enter", "h", *"No money yet", "enter", "enter")
    shown = room.run(sample, "8", "full_stop", *hold, "full_stop", "enter", "i", "full_stop")
    assert "2 of 6 items decided" in shown
    assert decisions(sample)[:4] == [["approve"], ["hold"], ["skip"], []]
    session = kept(sample)
    assert session.chair == "stephen.harcourt"
    assert session.items[1].decisions[0].decision.reason == "No money yet"
    assert session.at == 4


def test_what_was_decided_is_there_when_the_room_is_opened_again(room: Any, sample: Path) -> None:
    room.run(sample, *OPEN, *APPROVE, "full_stop")
    shown = room.run(sample, "8")
    assert "1 of 6 items decided" in shown
    assert kept(sample).at == 2


def test_a_reason_is_asked_for_until_there_is_one(room: Any, sample: Path) -> None:
    shown = room.run(sample, *OPEN, "enter", "c", "enter")
    assert "Enter a reason" in shown
    assert decisions(sample)[0] == []


def test_a_decision_that_edits_a_file_shows_the_edit_first(room: Any, sample: Path) -> None:
    place = sample / "portfolios/lending.yaml"
    before = place.read_text()
    keys = [*OPEN, "j", "j", "enter", "s", *"No benefits left", "enter"]
    shown = room.run(sample, *keys)
    assert "+     stage: stopped" in shown
    assert place.read_text() == before
    assert decisions(sample)[2] == []

    shown = room.run(sample, "8", "enter", "s", *"No benefits left", "enter", "y")
    assert "stage: stopped" in place.read_text()
    assert decisions(sample)[2] == ["stop"]
    assert "■ stopped" in shown
    assert "to be stopped" not in shown

    place.write_text(before)  # the edit is taken back by somebody, the decision is not
    assert "■ to be stopped" in room.run(sample, "8")


def test_a_note_decides_nothing(room: Any, sample: Path) -> None:
    room.run(sample, *OPEN, "enter", "n", *"Ask Bridget", "enter")
    noted = kept(sample).items[0].decisions[0].decision
    assert (noted.decision, noted.reason) == ("note", "Ask Bridget")


def test_an_owner_is_assigned_as_a_decision(room: Any, sample: Path) -> None:
    room.run(sample, *OPEN, "j", "j", "enter", "o", *"hannah", "enter", "y")
    recorded = kept(sample).items[2].decisions[0].decision
    assert (recorded.decision, recorded.to, recorded.was) == (
        "assign", "hannah.vogel", "bridget.lowell",
    )  # fmt: skip
    assert "outcome_owner: hannah.vogel" in (sample / "portfolios/lending.yaml").read_text()


def test_the_agenda_can_be_edited_in_the_meeting(room: Any, sample: Path) -> None:
    room.run(sample, *OPEN, "delete", "1", "slash", *"ret-001", "enter", "P")
    session = kept(sample)
    assert session.items[0].dropped
    assert session.items[-1].subject.id == "RET-001"


def test_what_somebody_else_records_is_told_and_never_overwritten(room: Any, sample: Path) -> None:
    async def another(app: Any, pilot: Any) -> None:
        session = kept(sample)
        item = session.items[0]
        other = SessionRecorder(ReviewStore(sample), session.id, "dana")
        other.decide(item.subject, Decision(decision="hold", reason="Hers"), seen=item.revision)
        await pilot.press(*APPROVE)

    shown = room.run(sample, *OPEN, act=another)
    assert "has recorded `hold`" in shown
    assert decisions(sample)[0] == ["hold"]


def test_who_changed_an_investment_last_is_told_by_git(
    room: Any, sample: Path, git: Callable[..., str]
) -> None:
    place = sample / "portfolios/lending.yaml"
    text = place.read_text(encoding="utf-8")
    raised = text.replace("stage: delivering", "stage: approved", 1)
    assert raised != text
    place.write_text(raised, encoding="utf-8")
    git("commit", "-q", "-a", "-m", "Back to [bold]planning[/]")
    shown = room.run(sample, *OPEN, "j", "j", size=(140, 100))
    assert "2026-11-01  Stephen: Back to [bold]planning[/]" in shown


def test_one_of_several_open_sessions_is_chosen(room: Any, sample: Path) -> None:
    from itgov.cli.main import main

    for unit in ("retail", "lending"):
        start = ["review", "start", "--unit", unit, "--as-of", "2026-11-23", "--path", str(sample)]
        assert main(start) == 0
    shown = room.run(sample, "M")
    assert "continue 2026-11-23-retail" in shown
    assert "open another session" in shown
    shown = room.run(sample, "M", "down", "enter", *APPROVE)
    assert "Lending: 1 of 6 items decided" in shown
    decided = {s.id: s.tally.decided for s in ReviewStore(sample).open_sessions()}
    assert decided == {"2026-11-23-retail": 0, "2026-11-23-lending": 1}


def test_a_damaged_store_is_recovered_and_said(room: Any, sample: Path) -> None:
    room.run(sample, *OPEN, *APPROVE)
    place = sample / ".itgov/reviews.json"
    place.write_bytes(place.read_bytes()[:40])
    room.run(sample, "8", "j", "enter", "h", *"Later", "enter", "enter")
    assert decisions(sample)[0] == ["approve"]
    assert decisions(sample)[1] == ["hold"]


def test_an_edit_that_somebody_elses_change_overtook_is_made_anew_and_shown_again(
    room: Any, sample: Path
) -> None:
    place = sample / "portfolios/lending.yaml"

    async def changed(app: Any, pilot: Any) -> None:
        place.write_text(place.read_text(encoding="utf-8") + "# theirs\n", encoding="utf-8")
        await pilot.press("y")

    keys = [*OPEN, "j", "j", "enter", "s", *"No use", "enter"]
    shown = room.run(sample, *keys, act=changed)
    assert "A file was changed by somebody else" in shown
    assert decisions(sample)[2] == []
    assert "stage: stopped" not in place.read_text(encoding="utf-8")

    room.run(sample, "8", "enter", "s", *"No use", "enter", "y")
    text = place.read_text(encoding="utf-8")
    assert "stage: stopped" in text
    assert text.endswith("# theirs\n")


def test_where_somebody_else_goes_does_not_move_whoever_is_about_to_decide(
    room: Any, sample: Path
) -> None:
    seen: list[int] = []

    async def another(app: Any, pilot: Any) -> None:
        session = kept(sample)
        other = SessionRecorder(ReviewStore(sample), session.id, "dana")
        other.move(session.items[4].subject, 1)
        other.go_to(4)
        app.session_actions.show_others_records()
        await pilot.pause()
        seen.append(kept(sample).at)
        await pilot.press(*APPROVE)

    before = room.run(sample, *OPEN)
    assert "1. Martin Cole" in before
    room.run(sample, "8", act=another)
    assert seen == [4], "drawing the agenda anew moves nobody else either"
    decided = {i.subject.id: len(i.decisions) for i in kept(sample).items}
    assert decided.pop("martin.cole") == 1
    assert set(decided.values()) == {0}


def test_a_relationship_manager_is_put_on_the_agenda_from_their_view(
    room: Any, sample: Path
) -> None:
    shown = room.run(sample, *OPEN, "5", "P")
    assert "added to the agenda:" in shown
    added = [i for i in kept(sample).items if "added" in {r.why for r in i.reasons}]
    assert [i.subject.kind for i in added] == ["relationship_manager"]


def test_an_action_is_said_to_be_done_by_one_key(room: Any, sample: Path) -> None:
    shown = room.run(sample, *OPEN, "j", size=(120, 60))
    assert "Open actions" in shown
    room.run(sample, "8", "enter", "d", "enter", "y")
    (done,) = (r.decision for i in kept(sample).items for r in i.decisions)
    assert done.decision == "done"
    assert done.action is not None
    assert done.action.startswith("lending/")
    assert "done: 2026-11-23" in (sample / "portfolios/lending.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_the_decisions_of_an_item_have_letters_and_fit_what_it_is_about(
    room: Any, sample: Path, golden: Any, size: tuple[int, int]
) -> None:
    shown = room.run(sample, *OPEN, "j", "j", "enter", size=size)
    golden(f"decide-{size[0]}x{size[1]}", shown)
    assert "s stop" in shown
    shown = room.run(sample, "8", "k", "k", "enter", size=size)
    assert "a accept" in shown
    assert " stop " not in shown


def test_no_letter_of_a_decision_is_one_of_the_list_and_case_cannot_be_mistaken() -> None:
    letters = [a.letter for a in ACTIONS if a.letter and a.id != "item-after"]
    assert len({letter.lower() for letter in letters}) == len(letters)
    moves = {key for a in ACTIONS if a.group == "Move" for key in a.keys if len(key) == 1}
    assert moves & set(letters) <= {"h"}  # goes left in the room; a list of one column has no left


def test_no_key_of_the_session_decides_without_the_dialog(room: Any, sample: Path) -> None:
    plain = [k for k in "aCcHXSiV" if k != "c"]
    room.run(sample, *OPEN, *plain, "backspace", "D", "full_stop", "enter", "enter", "enter", "A")
    assert kept(sample).recorded == 0
    assert len(kept(sample).on_agenda) == 6


def test_the_whole_portfolio_is_one_choice_and_proposed_where_no_unit_is_selected(
    room: Any, sample: Path
) -> None:
    shown = room.run(sample, "M", "enter", "enter", "enter")
    assert "items decided" in shown
    assert kept(sample).business_unit is None
    assert kept(sample).id == "2026-11-23-organisation"
