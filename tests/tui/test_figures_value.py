"""Line of sight: from spend to results, limited, opened, filtered and found again."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from itgov.cli.main import main
from itgov.model.filter_query import Query
from itgov.tui.background.reading import Loader
from itgov.tui.state.room import Room
from itgov.tui.views.value_cells import cells_of
from itgov.tui.views.value_columns import TREE, share
from itgov.tui.views.value_rows import TABS, UNLINKED, MoneyScope, ValueRows, rows_of
from itgov.tui.widgets.styled_text import text_of

from .conftest import AS_OF, OpenRoom

SIZES = [(80, 24), (120, 40)]


@pytest.mark.parametrize("size", SIZES)
def test_unlinked_spend_comes_first_with_the_money_by_how_far_it_reaches(
    opened: OpenRoom, golden: Callable[[str, str], None], size: tuple[int, int]
) -> None:
    golden(f"value-{size[0]}x{size[1]}", opened.run("4", size=size))


@pytest.mark.parametrize("size", SIZES)
def test_a_chain_opens_from_unit_to_result(
    opened: OpenRoom, golden: Callable[[str, str], None], size: tuple[int, int]
) -> None:
    keys = ("4", "slash", *"CLM-001", "enter", "j", "l", "l", "l")
    golden(f"value-chain-{size[0]}x{size[1]}", opened.run(*keys, size=size))


@pytest.mark.parametrize(
    ("tabs", "first", "row"),
    [
        (1, "[purpose]", "transform"),
        (2, "[objective]", "no objective ("),
        (3, "[year]", "2027"),
        (4, "[to date]", "to 2026"),
        (5, "[unit]", "Retail banking"),
    ],
)
def test_the_money_is_shown_by_another_figure_in_turn(
    opened: OpenRoom, tabs: int, first: str, row: str
) -> None:
    shown = opened.run("4", *["right_square_bracket"] * tabs, size=(200, 80))
    lines = shown.split("without an outcome")[0]
    assert first in lines
    assert row in lines


def refunded(sample: Path) -> None:
    """Have amounts of thousands of billions in the files, some of them given back."""
    for place in (sample / "portfolios").rglob("*.yaml"):
        text = re.sub(r"\b(budget|actual|value): (\d+)\b", r"\1: \g<2>000000", place.read_text())
        place.write_text(
            text.replace("budget: 5", "budget: -5").replace("actual: 12", "actual: -12")
        )


def test_no_amount_and_no_share_of_the_tree_is_cut(sample: Path) -> None:
    refunded(sample)
    loaded = Loader(sample, AS_OF).load(lambda doing, done: None)
    assert isinstance(loaded, Room)
    rows = ValueRows(loaded)
    widths = dict(zip([c.key for c in TREE.shown], rows.measured().widths, strict=True))
    scopes = [MoneyScope(tab, line) for tab in TABS for line in rows.lines(tab)]
    wider = []
    for scope in scopes:
        groups, _ = rows.groups(scope, Query())
        opened = {g.key for g in groups}
        for _ in range(2):  # the items of groups, and their outcomes
            opened |= {row.key for g in groups for row in rows_of(g, opened, g.items)}
        whole = sum(g.budget.total for g in groups if g.key != UNLINKED)
        for group in groups:
            for row in rows_of(group, opened, group.items):
                cells = cells_of(rows, row, group, scope, whole)
                wider += [
                    (c.key, text)
                    for c, cell in zip(TREE.shown, cells, strict=True)
                    if c.right and cell_len(text := text_of(cell)) > widths[c.key]
                ]
    assert wider == []


@pytest.mark.parametrize(
    ("amount", "whole", "shown"),
    [(999, 100, "999%"), (-999, 100, "-999%"), (1000, 100, "-"), (8e9, 1e7, "-"), (5, -5, "-"), (5, 0, "-")],
)  # fmt: skip
def test_a_share_of_what_cancels_out_is_unknown(amount: float, whole: float, shown: str) -> None:
    assert text_of(share(amount, whole)) == shown


def test_a_year_counts_only_its_own_money(opened: OpenRoom) -> None:
    keys = ("4", *["right_square_bracket"] * 3, "shift+tab", "j", "j")
    shown = opened.run(*keys, size=(160, 60))
    line = next(line for line in shown.splitlines() if "▌ 2025" in line)
    assert "60.0m" in line
    assert "2025: 60.0m GBP, 12% without an outcome" in shown
    item = next(line for line in shown.splitlines() if "OPS-010" in line)
    assert "5.1m" in item
    shown = opened.run(*keys, size=(200, 50))
    assert "Money by period: `itgov value --curve year`." in " ".join(shown.split())
    assert "Money over time is available for the total, for units, items and outcomes." in shown


def test_the_shares_of_the_units_are_of_what_is_shown(opened: OpenRoom) -> None:
    shown = opened.run("4", "shift+tab", "j", "enter")
    assert "Operations: 49.3m GBP, 45% without an outcome" in shown
    assert "Retail banking  10" not in shown
    assert (
        "Spend without an outcome" not in shown.split("without an outcome")[1].split("OPS-010")[0]
    )


def test_a_filter_opens_what_it_finds(opened: OpenRoom) -> None:
    shown = opened.run(
        "4", "slash", *"overdue", "colon", *"yes", "space", *"reach", "colon", *"target"
    )
    assert "1 of 69" in shown
    assert "PEN-001" in shown
    assert "! No result yet" in shown
    shown = opened.run("4", "slash", *"budget", "colon", "greater_than_sign", *"15m")
    assert "1 of 69" in shown
    assert "OPS-010" in shown


def test_nothing_found_is_said(opened: OpenRoom) -> None:
    shown = opened.run("4", "slash", *"zzzz", "enter")
    assert "No spend here." in shown


def test_enter_goes_to_the_investment_and_back(opened: OpenRoom) -> None:
    shown = opened.run("4", "j", "enter")
    assert "▌ OPS-010" in shown
    assert "Business units 8" in shown
    shown = opened.run("4", "j", "enter", "underscore")
    assert "Line of sight by" in shown
    assert re.search(r"▌ +OPS-010", shown)


def test_a_benefit_that_is_claimed_twice_is_named_where_it_is_not_counted(opened: OpenRoom) -> None:
    shown = opened.run("4", "slash", *"LEN-003", "enter", "j", "l", "l", size=(200, 50))
    assert "claimed twice" in shown
    assert "counted in LEN-002/broker-hours, not" in shown
    total = opened.run("4", size=(200, 60))
    assert "Claimed twice, counted once  2" in total
    assert "counted 70% in DIG-003/calls-avoided, 30% in OPS-001/first-answer" in total


def test_realised_value_stands_against_what_was_planned(opened: OpenRoom) -> None:
    shown = opened.run("4", size=(200, 50))
    assert "plans that began over 90 days ago, 7.2m (72%) was" in " ".join(shown.split())
    assert "Of 10.0m promised by 23 November 2026, 7.2m was realised" in " ".join(shown.split())
    assert "planned realised" in shown


def test_in_a_narrow_terminal_the_chain_in_full_has_the_screen_and_escape_gives_it_back(
    opened: OpenRoom,
) -> None:
    shown = opened.run("4", "j", "tab", size=(80, 24))
    assert "Name an outcome" in shown
    assert "Line of sight by" not in shown
    assert "Line of sight by" in opened.run("4", "j", "tab", "escape", size=(80, 24))


def test_the_cursor_stays_on_its_chain_when_the_files_are_read_again(
    room: Any, sample: Path
) -> None:
    async def change(app: Any, pilot: Any) -> None:
        path = sample / "portfolios" / "operations.yaml"
        path.write_text(path.read_text().replace("id: OPS-010", "id: OPS-910"))
        await pilot.press("R")

    shown = room.run(sample, "4", "j", "j", act=change)
    assert re.search(r"▌ +OPS-011", shown)
    assert "OPS-910" in shown


def test_everything_opens_and_closes_at_once(opened: OpenRoom) -> None:
    shown = opened.run("4", "equals_sign", "G", size=(120, 40))
    assert "▾ RET-" in shown or "▸ RET-" in shown or "Retail banking" in shown
    assert "OPS-010" not in opened.run("4", "minus")


def test_sorting_by_another_column_keeps_the_groups(opened: OpenRoom) -> None:
    shown = opened.run("4", "greater_than_sign", "greater_than_sign", "G", "l")
    assert "actual▲" in shown
    items = shown.split("Retail banking  10")[1]
    amounts = [float(m) for m in re.findall(r"RET-\d+[^│]* (\d+\.\d)m│", items)]
    assert amounts == sorted(amounts, reverse=True)


def test_a_portfolio_without_spend_or_units_says_so(room: Any, tmp_path: Path) -> None:
    write(tmp_path, "")
    shown = room.run(tmp_path, "4", "tab", "tab", "shift+tab", "enter", "right_square_bracket")
    assert "no spend recorded" in shown
    assert "No spend here." in shown


def test_withheld_spend_is_said_with_the_reason(room: Any, tmp_path: Path) -> None:
    write(tmp_path, ITEM.format(title="Secret") + "    withheld: {spend: Until the tender ends}\n")
    shown = room.run(tmp_path, "4", "j", size=(200, 40))
    assert "withheld: spend" in shown
    assert "Until the tender" in shown


ITEM = "  - id: N-1\n    title: {title}\n"


def write(root: Path, items: str) -> None:
    """Write a portfolio of one unit with some investments, or without any unit."""
    folder = root / "portfolios"
    folder.mkdir()
    (folder / "organisation.yaml").write_text(
        "organisation: {id: acme, name: Acme, currency: GBP}\n"
    )
    if items:
        (folder / "north.yaml").write_text(
            f"business_unit: {{id: north, name: North}}\ninvestments:\n{items}"
        )


def test_money_over_time_is_plotted_with_the_figures_of_the_verb(
    room: Any, sample: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    verb = ["value", str(sample), "--curve", "year", "--as-of", "2026-11-23"]
    keys = ("4", "slash", *"LEN-003", "enter", "j")
    for arguments, pressed in (
        ([], ("4",)),
        (["--of", "operations"], ("4", "shift+tab", "j")),
        (["--of", "LEN-003"], keys),
    ):
        assert main([*verb, *arguments]) == 0
        told = re.findall(r"(?m)^(20\d\d) +(.*)$", capfd.readouterr().out)
        shown = room.run(sample, *pressed, size=(200, 90))
        assert "Money over time by fiscal year" in shown
        assert "─realised, expected ╌planned" in shown
        assert re.search("[\u2801-\u28ff]{5}", shown)
        assert len(told) > 2
        for year, figures in told:
            planned, realised, _, _, expected, _, fading = figures.split()
            cells = [planned, *("0" if f == "-" else f for f in (realised, expected, fading))]
            assert f"{year} {' '.join(cells)}" in " ".join(shown.split())


def test_money_over_time_of_many_outcomes_follows_its_key(
    room: Any, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("itgov.tui.views.value_plot._AT_ONCE", 0)

    async def wait(app: Any, pilot: Any) -> None:
        await app.workers.wait_for_complete()
        await pilot.pause()

    shown = room.run(sample, "4", "shift+tab", "j", size=(200, 90), act=wait)
    assert "─realised, expected ╌planned" in shown
    assert "Adding up" not in shown


def test_without_planned_money_there_is_no_plot(opened: OpenRoom) -> None:
    shown = opened.run("4", "j", size=(200, 50))
    assert "OPS-010  Data centre hosting" in shown
    assert "No money was planned, realised or forecast." in shown


def test_money_over_time_turns_from_years_to_quarters_and_back(opened: OpenRoom) -> None:
    shown = opened.run("4", "p")
    assert "Money over time by fiscal quarter" in shown
    assert "2029 Q4" in shown
    again = opened.run("4", "p", "p")
    assert "Money over time by fiscal year" in again
    assert again == opened.run("4")
