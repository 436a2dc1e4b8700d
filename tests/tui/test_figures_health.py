"""Health: what a unit scores and loses, what costs it, and how far that hangs on the weights."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .conftest import OpenRoom

SIZES = [(80, 24), (120, 40)]


@pytest.mark.parametrize("size", SIZES)
def test_units_stand_worst_first_with_what_the_first_one_loses_and_why(
    opened: OpenRoom, golden: Callable[[str, str], None], size: tuple[int, int]
) -> None:
    golden(f"health-{size[0]}x{size[1]}", opened.run("3", size=size))


@pytest.mark.parametrize("size", SIZES)
def test_a_dimension_shows_its_findings_only(
    opened: OpenRoom, golden: Callable[[str, str], None], size: tuple[int, int]
) -> None:
    keys = ("3", "j", "enter", "right_square_bracket", "right_square_bracket", "enter")
    golden(f"health-dimension-{size[0]}x{size[1]}", opened.run(*keys, size=size))


@pytest.mark.parametrize("size", SIZES)
def test_before_the_first_way_come_the_weights(
    opened: OpenRoom, golden: Callable[[str, str], None], size: tuple[int, int]
) -> None:
    keys = ("3", "left_square_bracket", "tab", "tab", "l")
    golden(f"health-weights-{size[0]}x{size[1]}", opened.run(*keys, size=size))


@pytest.mark.parametrize("down", range(8))
def test_what_is_lost_adds_up_to_what_is_missing(opened: OpenRoom, down: int) -> None:
    shown = opened.run("3", *"j" * down, size=(120, 48))
    start = shown.index("score and points lost")
    lines = shown[start : shown.index("sensitivity", start)].splitlines()[2:]
    found = []
    for line in lines:
        costs = re.search(r"(?<!\S)(\d+\.\d)(?= +\d+%| +(?:Capped|Would))", line[60:])
        found.append(float(costs[1]) if costs else 0.0)
    missing, parts = found[0], found[1:]
    score = float(re.search(r" (\d+\.\d) ", lines[0])[1])  # type: ignore[index]
    assert round(sum(parts), 1) == missing == round(100 - score, 1)


def test_a_unit_with_little_evidence_is_unknown_and_not_bad(room: Any, tmp_path: Path) -> None:
    write(tmp_path, UNIT)
    shown = room.run(tmp_path, "3", size=(170, 40))
    unit = next(line for line in shown.splitlines() if "▌ North" in line)
    assert "? insuff" in unit
    assert "55%" in unit
    everything = next(line for line in shown.splitlines() if "everything" in line)
    assert "too little evidence for a score" in everything
    assert not re.search(r"unknown +\S+ +0\.0", everything)
    assert "unknown: nothing recorded that counts" in shown
    assert "1 insufficient evidence" in shown


def test_the_count_of_units_in_every_band_stands_whole_at_80_columns(
    room: Any, sample: Path
) -> None:
    for number in range(100, 152):
        unit = f"business_unit: {{id: unit-{number}, name: Unit {number}}}\n"
        (sample / f"portfolios/unit-{number}.yaml").write_text(unit)
    shown = room.run(sample, "3", size=(80, 24))
    bands = "1 at risk, 3 attention, 4 healthy, 52 insufficient"
    assert f" 60 units: {bands} evidence ─" in shown
    narrowed = room.run(sample, "3", "slash", *"insuff", size=(80, 24))
    assert re.search(rf" 52 of 60 units: {bands}( evidence)? ─", narrowed)


def test_broken_health_is_said_with_its_place_and_what_to_do(room: Any, sample: Path) -> None:
    rules = sample / "rules"
    rules.mkdir()
    (rules / "health.yaml").write_text(
        "health:\n  dimensions:\n    - {id: a, weight: 1, score: unit.x}\n"
    )
    shown = room.run(sample, "3")
    assert "rules/health.yaml has errors" in shown
    assert "rules/health.yaml:3:" in shown
    assert "press R" in shown
    assert "Engagement health of" not in shown
    assert "Managers 8" in room.run(sample, "3", "tab", "5")


def test_health_that_was_mended_is_shown_after_reading_again(room: Any, sample: Path) -> None:
    rules = sample / "rules"
    rules.mkdir()
    (rules / "health.yaml").write_text(
        "health:\n  dimensions:\n    - {id: a, weight: 1, score: unit.x}\n"
    )

    async def mend(app: Any, pilot: Any) -> None:
        (rules / "health.yaml").unlink()
        await pilot.press("R")

    shown = room.run(sample, "3", act=mend)
    assert "Engagement health of 8 business units" in shown
    assert "is broken" not in shown


def test_a_filter_finds_findings_and_keeps_their_units(opened: OpenRoom) -> None:
    shown = opened.run("3", "slash", *"rule", "colon", *"ENG-001")
    assert "of 8 business units" in shown
    assert "Insurance claims" not in shown
    assert "VAL-008 " not in shown.split("with points lost")[1]


def test_a_filter_names_bands_and_points(opened: OpenRoom) -> None:
    shown = opened.run("3", "slash", *"band", "colon", *"risk")
    assert "1 of 8 business units" in shown
    shown = opened.run("3", "slash", *"points", "colon", "greater_than_sign", "2")
    assert (
        "People and workplace" not in shown.split("score and points lost")[0]
    )  # its cap gives nothing back


def test_enter_leads_from_unit_to_dimension_to_finding_to_its_subject(opened: OpenRoom) -> None:
    shown = opened.run("3", "enter", "enter", "enter")
    assert "PPL-004  Payroll" in shown
    assert "▌ PPL-004" in shown


def test_escape_comes_back_the_same_way_and_then_takes_the_filter(opened: OpenRoom) -> None:
    low = opened.run("3", "enter", "enter", size=(80, 24))
    assert "Engagement health of" not in low
    assert "Engagement health of" in opened.run(
        "3", "enter", "enter", "escape", "escape", size=(80, 24)
    )
    keys = ("3", "slash", *"lending", "enter", "enter", "escape")
    assert "of 8 business units" in opened.run(*keys)
    assert "health of 8 business units" in opened.run(*keys, "escape")


def test_the_cursor_stays_on_unit_dimension_and_finding_when_the_files_are_read_again(
    room: Any, sample: Path
) -> None:
    async def change(app: Any, pilot: Any) -> None:
        path = sample / "portfolios" / "lending.yaml"
        text = path.read_text()
        path.write_text(
            text.replace(
                "relationship_manager: martin.cole", "relationship_manager: lena.fischer", 1
            )
        )
        await pilot.press("R")

    keys = ("3", "j", "j", "tab", *"jjjj", "tab", "j", "j")
    before = room.run(sample, *keys)
    after = room.run(sample, *keys, act=change)
    assert cursors(before) == cursors(after)
    assert len(cursors(after)) == 3


def test_the_portfolio_without_units_says_so(room: Any, tmp_path: Path) -> None:
    write(tmp_path, "")
    assert "No business unit here" in room.run(
        tmp_path, "3", "tab", "enter", "enter", "right_square_bracket"
    )


def test_units_can_be_sorted_by_another_column(opened: OpenRoom) -> None:
    shown = opened.run("3", "less_than_sign")
    assert "business unit▲" in shown
    names = re.findall(r"(?m)^│[▌ ] (\S+ \S+)", shown.split("score and points lost")[0])[1:]
    assert names == sorted(names)


UNIT = """
business_unit: {id: north, name: North}
investments:
  - {id: N-1, title: A thing}
"""
ORGANISATION = "organisation: {id: acme, name: Acme, currency: GBP}\n"


def write(root: Path, unit: str) -> None:
    """Write a portfolio of one unit, or of none."""
    folder = root / "portfolios"
    folder.mkdir()
    (folder / "organisation.yaml").write_text(ORGANISATION)
    if unit:
        (folder / "north.yaml").write_text(unit)


def cursors(shown: str) -> list[str]:
    """Return the first words of the rows that have a cursor."""
    return re.findall(r"(?m)^│▌ +(?:\d\.)? *(?:\+\S+ +\S+ +)?(\w+[ -]?\w+)", shown)
