"""One item, whole: the tabs of the detail pane; and the key that narrows the list."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itgov.tui.views.item_tabs import TABS, yaml_spans

from ..support.git import GitRepo
from .conftest import OpenRoom

SIZES = [(80, 24), (120, 40)]
ROTAS = ["f", *"PPL-003", "enter"]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("tab", TABS)
def test_each_tab_says_its_name_and_what_belongs_to_it(
    opened: OpenRoom, size: tuple[int, int], tab: str
) -> None:
    turned = ["right_parenthesis"] * TABS.index(tab)
    entered = ["enter"] if size[0] < 100 else []
    seen = opened.run(*ROTAS, *entered, *turned, size=size)
    assert f"[{tab.capitalize()}]" in seen
    said = {
        "facts": "Idris Bello",
        "findings": "error No outcome owner",
        "value": "planned",
        "history": "No change known",
        "file": "id: PPL-003",
        "notes": "No decision or note in the minutes",
    }
    assert said[tab] in seen


def test_both_pairs_of_keys_turn_from_the_list_as_from_the_page(opened: OpenRoom) -> None:
    assert "[Findings]" in opened.run("right_square_bracket")
    assert "[Notes]" in opened.run("left_parenthesis")
    assert "[Facts]" in opened.run("enter", "right_parenthesis", "left_square_bracket")


def test_a_low_terminal_shows_the_page_alone_and_a_hundred_columns_beside(opened: OpenRoom) -> None:
    assert "[Facts]" in opened.run(size=(100, 30))
    assert "[Facts]" not in opened.run(size=(120, 22))
    alone = opened.run("enter", size=(120, 22))
    assert "[Facts]" in alone
    assert "Business units" not in alone


def test_findings_of_a_unit_stand_under_what_is_wrong(opened: OpenRoom) -> None:
    seen = opened.run("shift+tab", "j", "right_parenthesis")
    assert "No relationship manager (2)" in seen


def test_history_names_the_commits_that_changed_an_item(room: Any, sample: Path) -> None:
    repo = GitRepo(sample)
    repo.commit("2026-01-01", title="The first files")
    path = next(p for p in (sample / "portfolios").rglob("*.yaml") if "PPL-003" in p.read_text())
    path.write_text(path.read_text().replace("Rotas for branches", "Rotas of branches"))
    repo.commit("2026-03-01", title="Rename the rotas")
    seen = room.run(sample, *ROTAS, *["right_parenthesis"] * 3, size=(160, 40))
    assert "Rename the rotas" in seen
    assert "2026-03-01" in seen


def test_a_key_narrows_to_no_owner_or_manager_errors_overdue_and_back(opened: OpenRoom) -> None:
    first = opened.run("exclamation_mark")
    assert "All units, no owner or manager: 4 of 69" in first
    assert "PPL-003" in first
    assert "LEN-001" not in first
    assert "All units, errors: " in opened.run(*["exclamation_mark"] * 2)
    assert "All units, overdue: " in opened.run(*["exclamation_mark"] * 3)
    whole = "All units: 69"
    assert whole in opened.run(*["exclamation_mark"] * 4)
    assert whole in opened.run("exclamation_mark", "escape")


def test_going_to_an_item_that_is_not_listed_shows_all_again(opened: OpenRoom) -> None:
    seen = opened.run("exclamation_mark", "f", *"LEN-001", "enter")
    assert "▌ LEN-001" in seen
    assert "no owner or manager:" not in seen


@given(st.text(max_size=60))
def test_a_line_of_a_file_is_shown_as_it_is_whatever_its_colours(line: str) -> None:
    assert "".join(text for text, _ in yaml_spans(line)) == line


def test_no_line_of_figures_is_wrapped_in_the_narrowest_pane(opened: OpenRoom) -> None:
    rest = " +[│▂-▇]"
    keys = ["f", *"LEN-001", "enter"]
    facts = opened.run(*keys, size=(100, 90))
    assert re.search("year budget spent forecast" + rest, facts), facts
    value = opened.run(*keys, *["right_parenthesis"] * 2, size=(100, 90))
    assert re.search("planned realised expected" + rest, value), value
