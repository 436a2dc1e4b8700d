"""Scenarios: made with single keys on items, weighed, saved and carried out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from itgov.review.store import ReviewStore

from ..support.cli import run_cli
from .conftest import OpenRoom

SIZES = [(80, 24), (120, 40)]
FIRST = ["S", "Q", *"Spring", "enter"]
"""A scenario; the cursor is on OPS-010, which spends most."""
FILE = "scenarios/spring.yaml"


@pytest.mark.parametrize("size", SIZES)
def test_what_would_follow_stands_beside_the_items(
    opened: OpenRoom, golden: Any, size: tuple[int, int]
) -> None:
    keys = [*FIRST, "O", "j", "j", "F"]
    golden(f"scenarios-changed-{size[0]}x{size[1]}", opened.run(*keys, size=size))


def test_a_scenario_is_saved_as_a_file(room: Any, sample: Path) -> None:
    shown = room.run(sample, *FIRST, "O", "j", "j", "F", "F", "ctrl+w", "enter")
    text = (sample / FILE).read_text(encoding="utf-8")
    assert '- {stop: OPS-010, "on": 2026-12-01}' in text
    assert "- {delay: LEN-001, months: 12}" in text
    assert "not saved; ctrl+w saves it" not in shown


def test_money_is_asked_for_and_a_slip_is_told(room: Any, sample: Path) -> None:
    keys = [*FIRST, "dollar_sign", "enter", *"lots", "enter"]
    assert "is not an amount (use 400k)" in room.run(sample, *keys)
    keys = [*FIRST, "dollar_sign", "enter", *"6m", "enter", "ctrl+w", "enter"]
    room.run(sample, *keys)
    text = (sample / FILE).read_text(encoding="utf-8")
    assert "- {spend: OPS-010, year: 2027, budget: 6000000}" in text


def test_what_cannot_be_done_is_refused_and_changes_nothing(opened: OpenRoom) -> None:
    shown = opened.run(*FIRST, "percent_sign")
    assert "only a proposed item can be approved" in shown
    assert "0 changed" in shown
    for key in ("O", "r", "ctrl+w", "ctrl+x"):
        assert "no scenario is selected" in opened.run("S", "tab", key), key


def test_the_footer_offers_what_a_scenario_is_needed_for_only_with_one(opened: OpenRoom) -> None:
    assert "carry out" not in opened.run("S")
    assert "carry out" in opened.run(*FIRST, size=(120, 40))


def test_changes_of_an_item_are_taken_out(opened: OpenRoom) -> None:
    assert "1 changed" in opened.run(*FIRST, "O")
    assert "0 changed" in opened.run(*FIRST, "O", "r")


def test_carrying_out_is_an_edit_that_is_shown_and_undone(room: Any, sample: Path) -> None:
    path = sample / "portfolios" / "operations.yaml"
    before = path.read_text(encoding="utf-8")
    shown = room.run(sample, *FIRST, "O", "ctrl+x", size=(120, 40))
    assert "Carry out the scenario spring" in shown
    assert path.read_text(encoding="utf-8") == before
    room.run(sample, *FIRST, "O", "ctrl+x", "enter", size=(120, 40))
    after = path.read_text(encoding="utf-8")
    assert "    ended: 2026-11-30\n" in after
    changed = set(after.splitlines()) ^ set(before.splitlines())
    assert len(changed) == 3  # the day, and the spend of a year: both lines of it
    room.run(sample, *FIRST, "F", "F", "ctrl+x", "escape", "u", size=(120, 40))
    assert path.read_text(encoding="utf-8") == after


def test_a_file_with_comments_keeps_them(room: Any, sample: Path) -> None:
    (sample / "scenarios").mkdir()
    text = (
        "scenario:\n  id: spring\n  changes:\n"
        '    - {stop: OPS-010, "on": 2027-01-01}  # agreed with the board\n'
    )
    (sample / FILE).write_text(text, encoding="utf-8")
    room.run(sample, "S", "j", "j", "F", "ctrl+w", "enter")
    found = (sample / FILE).read_text(encoding="utf-8")
    assert found.startswith(text)
    assert "- {delay: LEN-001, months: 6}\n" in found


def test_the_minutes_of_a_session_name_what_was_carried_out(
    room: Any, sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chaired = ["M", *"lending", "enter", *"harcourt", "enter", "enter"]
    room.run(sample, *chaired, *FIRST, "O", "ctrl+x", "enter", size=(120, 40))
    assert ReviewStore(sample).session().scenarios == ["spring"]
    shown = room.run(sample, "8", "Z", size=(120, 40))
    assert "the scenario spring, which the minutes name, was never saved" in shown
    (sample / "scenarios").mkdir()
    (sample / FILE).write_text("scenario: {id: spring}\n", encoding="utf-8")
    assert "never saved" not in room.run(sample, "8", "Z", size=(120, 40))
    assert run_cli(capsys, "review", "close", "--path", sample).code == 0
    told = run_cli(capsys, "review", "minutes", "--path", sample)
    assert "Scenarios carried out: spring" in told.out.replace("`", "")
    assert run_cli(capsys, "review", "verify", "--path", sample).code == 0


def test_what_is_undone_was_not_carried_out(room: Any, sample: Path) -> None:
    chaired = ["M", *"lending", "enter", *"harcourt", "enter", "enter"]
    room.run(sample, *chaired, *FIRST, "O", "ctrl+x", "enter", "u", size=(120, 40))
    assert ReviewStore(sample).session().scenarios == []


def test_the_page_of_an_item_draws_what_depends_on_what(room: Any, sample: Path) -> None:
    for name, item, needed in (("lending", "LEN-006", "RET-001"), ("retail", "RET-001", "LEN-006")):
        path = sample / "portfolios" / f"{name}.yaml"
        text = path.read_text(encoding="utf-8")
        added = f"  - id: {item}\n    depends_on: [{needed}]\n"
        path.write_text(text.replace(f"  - id: {item}\n", added), encoding="utf-8")
    shown = room.run(sample, "f", *"LEN-006", "enter", size=(200, 50))
    assert "depends on      ← RET-001 Branch appointment booking  circle" in shown
    assert "needed by       → RET-001 Branch appointment booking  circle" in shown


def test_leaving_asks_while_a_scenario_is_not_saved(opened: OpenRoom) -> None:
    assert "Not saved: spring" in opened.run(*FIRST, "O", "q")
    assert "1 changed" in opened.run(*FIRST, "O", "q", "escape")
