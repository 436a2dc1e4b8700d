"""The roadmap: dates along an axis, what is due, what waits for what, and the same edits as elsewhere."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .conftest import OpenRoom, open_room

SIZES = [(80, 24), (100, 30), (120, 40)]


@pytest.mark.parametrize("size", SIZES)
def test_items_stand_along_quarters_with_every_sign_explained(
    opened: OpenRoom, golden: Any, size: tuple[int, int]
) -> None:
    golden(f"roadmap-{size[0]}x{size[1]}", opened.run("0", size=size))


@pytest.mark.parametrize("size", SIZES)
def test_what_comes_due_this_quarter_takes_two_keys(
    opened: OpenRoom, golden: Any, size: tuple[int, int]
) -> None:
    shown = opened.run("0", "exclamation_mark", "g", size=size)
    golden(f"roadmap-due-{size[0]}x{size[1]}", shown)


@pytest.mark.parametrize(("size", "has_room"), [((80, 24), False), ((100, 30), True)])
def test_the_order_is_said_before_how_the_axis_moves(
    opened: OpenRoom, size: tuple[int, int], has_room: bool
) -> None:
    shown = opened.run("0", "slash", *"unit:retail stage:live", "enter", size=size)
    border = next(line for line in shown.splitlines() if "/unit:retail stage:live" in line)
    assert border.rstrip("━┛╯─ ").endswith("sorted by start")
    assert ("h earlier  l later" in border) is has_room


def test_a_long_filter_is_cut_in_its_middle_and_the_order_is_said(opened: OpenRoom) -> None:
    long = "stage:live manager:denise owner:e title:a budget>0"
    shown = opened.run("0", "slash", *long, "enter", size=(80, 24))
    border = next(line for line in shown.splitlines() if "/stage:live" in line)
    assert "…" in border
    assert "budget>0  by fiscal quarter  sorted by start" in border


def test_years_by_objective(opened: OpenRoom, golden: Any) -> None:
    golden("roadmap-years-120x40", opened.run("0", "p", "b"))


UNIT = """\
business_unit:
  id: u
  name: Unit
  objectives: [{id: grow, statement: "Grow [bold]well[/]"}]
investments:
  - {id: A-1, title: First of all, start: 2026-10-01, end: 2027-06-30, depends_on: [B-1, S-1], objective: grow}
  - {id: B-1, title: Second, start: 2026-01-01, end: 2026-12-31, next_review: 2026-11-20}
  - {id: C-1, title: Third, start: 2026-12-01, end: 2026-02-01}
  - {id: D-1, title: Fourth, stage: approved}
  - {id: E-1, title: Fifth, start: 2026-02-01, stage: live, depends_on: [A-1]}
  - {id: F-1, title: Sixth, start: 2027-01-01, end: 9999-12-31}
  - {id: S-1, title: Seventh, type: service, start: 0001-01-01, end: 2026-12-01}
engagements:
  - date: 2026-11-02
    actions: [{what: Agree on the pilot, owner: ann, due: 2026-12-01}, {what: Later, due: 2027-03-01}]
"""


def write_small(root: Path) -> Path:
    folder = root / "small" / "portfolios"
    folder.mkdir(parents=True)
    (folder / "organisation.yaml").write_text(
        "organisation: {id: o, name: Org}\npeople: [{id: ann, name: Ann Lee, side: business}]\n",
        encoding="utf-8",
    )
    (folder / "u.yaml").write_text(UNIT, encoding="utf-8")
    return folder.parent


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return write_small(tmp_path)


@pytest.fixture(scope="module")
def opened_small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenRoom]:
    """Return one room over it for the tests that only look."""
    yield from open_room(write_small(tmp_path_factory.mktemp("opened")))


def lines(shown: str) -> dict[str, str]:
    """Return the list's lines of a screen by the id that they begin with."""
    found: dict[str, str] = {}
    for line in shown.splitlines():
        words = line.strip("│▌ ").split()
        if words and words[0] in ("←", "→", "←!", "→!", "↔", "↔!", "▾", "▸"):
            words = words[1:]
        if words and words[0][1:] == "-1":
            found.setdefault(words[0], line)
    return found


def test_what_cannot_be_drawn_is_said_in_a_group_of_its_own(opened_small: OpenRoom) -> None:
    shown = opened_small.run("0")
    assert "Roadmap: 7 by business unit, 1 without dates, 1 with the end before the start" in shown
    assert "▾  No dates  1" in shown
    by_id = lines(shown)
    assert list(by_id)[-1] == "D-1"
    assert "x" * 10 in by_id["C-1"]
    assert "it ends before its start" in opened_small.run("0", "slash", *"third", "enter")


def test_far_and_open_ends_go_on_beyond_the_axis(opened_small: OpenRoom) -> None:
    by_id = lines(opened_small.run("0"))
    assert by_id["F-1"].rstrip("│ ").endswith("━›")
    assert by_id["E-1"].rstrip("│ ").endswith("╌")
    assert "‹━" in by_id["S-1"]


def test_overdue_has_a_letter_and_a_sign(opened_small: OpenRoom) -> None:
    by_id = lines(opened_small.run("0"))
    assert "R! 2026-11-20" in by_id["B-1"]
    assert "━R!" in by_id["B-1"] or "!R" in by_id["B-1"]
    assert "1 overdue" in opened_small.run("0")


def test_the_selected_ones_dependencies_are_marked_and_listed(opened_small: OpenRoom) -> None:
    shown = opened_small.run("0", "slash", *"first", "enter", "escape")
    by_id = lines(shown)
    assert "←! B-1" in by_id["B-1"]
    assert "←! S-1" in by_id["S-1"]
    assert "→! E-1" in by_id["E-1"]
    assert by_id["A-1"].count("D") == 2
    assert "B-1 Second  ! B-1 ends 2026-12-31, after A-1 starts (2026-10-01)" in shown
    assert "S-1 ends 2026-12-01, before A-1 ends (2027-06-30)" in shown
    assert "needed by" in shown


def test_what_is_due_of_no_item_stands_in_its_units_group(opened_small: OpenRoom) -> None:
    shown = opened_small.run("0", "exclamation_mark", "g")
    assert "Due this quarter, to 2026-12-31: 1 of 7 by business unit" in shown
    assert "Unit  1 overdue, 1 other date" in shown, "all of them"
    assert "action: Agree on the pilot  u/2026-11-02, Ann Lee" in shown
    assert "Later" not in shown
    assert "1 date of units and managers not listed" in opened_small.run(
        "0", "exclamation_mark", "b"
    )
    shown = opened_small.run("0", "exclamation_mark", "exclamation_mark")
    assert "Overdue: 1 of 7" in shown
    assert "B-1" in shown


def test_an_action_alone_keeps_its_unit_in_the_list(room: Any, small: Path) -> None:
    path = small / "portfolios" / "u.yaml"
    path.write_text(UNIT.replace(", next_review: 2026-11-20", ""), encoding="utf-8")
    shown = room.run(small, "0", "exclamation_mark", "g")
    assert "0 of 7" in shown
    assert "Unit  0, 1 other date" in shown
    assert "Agree on the pilot" in shown


def heading(shown: str) -> str:
    return next(line for line in shown.splitlines() if "next due" in line)


def test_the_axis_moves_by_periods_and_comes_back(opened_small: OpenRoom) -> None:
    assert "2026 Q3 2026 Q4" in heading(opened_small.run("0"))
    assert "2027 Q1 2027 Q2" in heading(opened_small.run("0", "l", "right"))
    assert "2026 Q2 2026 Q3" in heading(opened_small.run("0", "h"))
    assert "2026 Q3 2026 Q4" in heading(opened_small.run("0", "h", "left", "left", "escape"))
    assert "2025    2026" in heading(opened_small.run("0", "p"))
    assert "2026 Q3" in heading(opened_small.run("0", "p", "l", "p"))


def test_groups_close_and_are_gone_through(opened_small: OpenRoom) -> None:
    shown = opened_small.run("0", "g", "enter")
    assert "▸  Unit  6" in shown
    assert "A-1" not in lines(shown)
    assert len(lines(opened_small.run("0", "minus"))) == 0
    assert len(lines(opened_small.run("0", "minus", "equals_sign"))) == 7
    by_objective = opened_small.run("0", "b")
    assert "Grow [bold]well[/] (Unit)  1" in by_objective
    assert "No objective  5" in by_objective
    assert "▾  Unit" not in opened_small.run("0", "b", "b")


def test_a_filter_finds_days_and_enter_opens_the_items_page(opened_small: OpenRoom) -> None:
    shown = opened_small.run("0", "slash", *"start:2027", "enter")
    assert list(lines(shown)) == ["F-1"]
    shown = opened_small.run("0", "slash", *"sixth", "enter", "enter")
    assert "[Facts]" in shown
    assert "F-1  Sixth" in shown


def test_the_selected_and_the_marked_rows_are_edited(room: Any, small: Path) -> None:
    path = small / "portfolios" / "u.yaml"
    keys = ["0", "slash", *"second", "enter"]
    room.run(small, *keys, "colon", *"set-review 2027-01-15", "enter", "enter")
    assert "next_review: 2027-01-15" in path.read_text(encoding="utf-8")
    room.run(small, "0", "asterisk", "colon", *"set-review 2027-02-01", "enter", "enter")
    assert path.read_text(encoding="utf-8").count("next_review: 2027-02-01") == 7


def test_a_cursor_move_draws_only_its_rows_and_the_page(room: Any, sample: Path) -> None:
    drawn: list[int] = []

    async def act(app: Any, pilot: Any) -> None:
        view = app.navigation.view
        strip = view.table._make_strip

        def counted(*arguments: Any) -> Any:
            drawn.append(1)
            return strip(*arguments)

        view.table._make_strip = counted
        view.table._strip.cache_clear()
        await pilot.press("j")

    room.run(sample, "0", act=act)
    assert len(drawn) <= 4


def test_the_table_that_is_written_has_the_dates_in_words(room: Any, small: Path) -> None:
    target = small / "roadmap.csv"
    room.run(small, "0", "colon", *f"write-table {target}", "enter")
    rows = list(csv.DictReader(target.read_text(encoding="utf-8-sig").splitlines()))
    second = next(row for row in rows if row["id"] == "B-1")
    assert (second["level"], second["start"], second["end"]) == ("2", "2026-01-01", "2026-12-31")
    assert second["dates"] == "2026-11-20 next review, overdue"
    first = next(row for row in rows if row["id"] == "A-1")
    assert "2026-10-01 B-1 ends 2026-12-31, after A-1 starts (2026-10-01);" in first["dates"]


def test_what_is_over_is_never_overdue(room: Any, small: Path) -> None:
    path = small / "portfolios" / "u.yaml"
    text = UNIT.replace("next_review: 2026-11-20}", "next_review: 2026-11-20, stage: retired}")
    path.write_text(text, encoding="utf-8")
    shown = room.run(small, "0", "exclamation_mark", "exclamation_mark")
    assert "Overdue: 0 of 7" in shown
    assert "Nothing here is overdue." in shown
    assert "overdue: 0 of 7" in room.run(small, *["exclamation_mark"] * 3)
    assert "days overdue" not in room.run(small, "slash", *"second", "enter")
