"""Findings: grouped, filtered, explained at their line, and left for what they are about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .conftest import OpenRoom

SIZES = [(80, 24), (120, 40)]


def typed(text: str) -> list[str]:
    """Return the keys that type a text."""
    names = {" ": "space", ":": "colon", "=": "equals_sign", ">": "greater_than_sign", "-": "minus", "!": "exclamation_mark"}  # fmt: skip
    return [names.get(char, char) for char in text]


@pytest.mark.parametrize("size", SIZES)
def test_findings_are_grouped_by_rule_worst_first_and_the_rule_is_explained(
    opened: OpenRoom, golden: Callable[[str, str], None], size: tuple[int, int]
) -> None:
    golden(f"findings-{size[0]}x{size[1]}", opened.run("2", size=size))


@pytest.mark.parametrize("size", SIZES)
def test_a_finding_is_shown_at_its_line_with_a_caret(
    opened: OpenRoom, golden: Callable[[str, str], None], size: tuple[int, int]
) -> None:
    keys = ["2", *"jj", "enter", "j"]
    shown = opened.run(*keys, *(["enter"] if size[0] < 110 else []), size=size)
    golden(f"finding-{size[0]}x{size[1]}", shown)


def test_groups_are_counted_and_turn_from_rule_to_unit_to_owner_to_severity(
    opened: OpenRoom,
) -> None:
    assert "Findings by unit: " in opened.run("2", "b")
    owners = opened.run("2", "b", "b")
    assert "Findings by owner: " in owners
    assert "No owner" in owners
    assert "No investment" in owners
    severities = opened.run("2", "left_square_bracket")
    assert "Findings by severity: " in severities
    assert "▸ Errors" in severities


def test_grouping_again_keeps_the_cursor_on_its_finding(opened: OpenRoom) -> None:
    shown = opened.run("2", "enter", "j", "b")
    assert "Findings by unit" in shown
    assert "▌     E" in shown


def test_w_shows_waived_findings_with_their_reason(opened: OpenRoom) -> None:
    assert "5 waived hidden" in opened.run("2")
    shown = opened.run("2", "w", "slash", *typed("waived:yes"), "enter", "j")
    assert "5 of " in shown
    assert "waived:" in shown


def test_a_filter_on_waived_findings_shows_them_unasked(opened: OpenRoom) -> None:
    assert "5 of " in opened.run("2", "slash", *typed("waived:yes"))


def test_a_filter_opens_the_groups_of_what_it_finds(opened: OpenRoom) -> None:
    shown = opened.run("2", "slash", *typed("severity:error unit:people"))
    assert "4 of " in shown
    assert "▾ OWN-001" in shown
    assert "Rotas for branches" in shown


def test_a_filter_can_ask_what_gives_points_back(opened: OpenRoom) -> None:
    shown = opened.run("2", "slash", *typed("rule:VAL points:>0.5"), "enter", "j")
    assert "worth +" in shown


def test_everything_closes_and_opens_at_once(opened: OpenRoom) -> None:
    assert "▾" not in opened.run("2", "slash", *typed("error"), "enter", "minus")
    assert "▸" not in opened.run("2", "equals_sign")


def test_enter_goes_to_what_a_finding_is_about(opened: OpenRoom) -> None:
    keys = ["2", "slash", *typed("rule:OWN-001 id:OPS-017"), "enter", "j", "enter"]
    assert "▌ OPS-017" in opened.run(*keys)
    narrow = opened.run(*keys, size=(80, 24))
    assert "outcome-owner-named" in narrow
    assert "▌ OPS-017" in opened.run(*keys, "enter", size=(80, 24))
    person = opened.run("2", "slash", *typed("rule:OWN-012"), "enter", "j", "enter")
    assert "▌ Rosalind Keane" in person
    unit = opened.run("2", "slash", *typed("rule:REL-023"), "enter", "j", "enter")
    assert "▌ People and work" in unit


def test_escape_leads_from_the_explanation_back_to_the_finding(opened: OpenRoom) -> None:
    shown = opened.run("2", "enter", "j", "enter", "escape", size=(80, 24))
    assert "▌     E" in shown


def test_a_filter_set_while_reading_shows_the_list_again(opened: OpenRoom) -> None:
    keys = ["2", "enter", "j", "enter", "slash", *typed("error")]
    assert "Findings by rule: " in opened.run(*keys, "enter", size=(80, 24))
    assert "▌ " in opened.run(*keys, "enter", "j", size=(80, 24))


def test_x_shows_the_findings_on_what_is_selected_elsewhere(opened: OpenRoom) -> None:
    shown = opened.run("x")
    assert "/item:=LEN-001" in shown
    assert "7 of " in shown
    unit = opened.run("shift+tab", "j", "x")
    assert "/unit:=people" in unit
    assert "11 of " in unit


def test_a_rule_without_findings_is_explained_when_it_is_asked_for(room: Any, sample: Path) -> None:
    async def go(app: Any, pilot: Any) -> None:
        from itgov.tui.state.selection import Target

        assert await app.navigation.go_to(Target("findings", "rule", "VAL-002"))

    shown = room.run(sample, "2", act=go)
    assert "No finding of this rule is shown." in shown
    assert "VAL-002" in shown


def test_a_file_that_is_read_again_leaves_the_cursor_on_its_finding(
    room: Any, sample: Path
) -> None:
    place = sample / "portfolios" / "operations.yaml"

    async def change(app: Any, pilot: Any) -> None:
        place.write_text("# one line more\n" + place.read_text(encoding="utf-8"), encoding="utf-8")
        await pilot.press("R")

    keys = ["2", "slash", *typed("rule:OWN-001 id:OPS-017"), "enter", "j"]
    before = room.run(sample, *keys)
    after = room.run(sample, *keys, act=change)
    line = int(before.split("operations.yaml:")[1].split(":")[0])
    assert f"operations.yaml:{line + 1}:" in after
    assert "▌     E" in after


def test_hostile_text_is_shown_and_does_no_harm(room: Any, hostile: Path) -> None:
    for size in SIZES:
        for keys in (["equals_sign", "j"], ["b", "equals_sign", "j"], ["b", "b", "j", "enter", "j", "enter"]):  # fmt: skip
            shown = room.run(hostile, "2", *keys, size=size)
            assert "[/foo]" in shown
            assert all(line.isprintable() for line in shown.splitlines())
    broken = room.run(hostile, "2", "slash", *typed("rule:YML-006"), "enter", "j")
    assert "investments: <U+001B>[2J" in broken


def test_a_finding_that_nothing_can_be_shown_of_says_so(room: Any, hostile: Path) -> None:
    shown = room.run(hostile, "2", "slash", *typed("rule:YML-006"), "enter", "j", "enter")
    assert "nothing to open for portfolios/broken.yaml; e edits it at the line" in shown
