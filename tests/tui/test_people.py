"""People: who answers for what, and who does so no more."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .conftest import OpenRoom

SIZES = [(80, 24), (120, 40)]


@pytest.mark.parametrize("size", SIZES)
def test_who_left_or_is_nobody_and_holds_a_role_comes_first(
    opened: OpenRoom, golden: Callable[[str, str], None], size: tuple[int, int]
) -> None:
    golden(f"people-{size[0]}x{size[1]}", opened.run("7", size=size))


@pytest.mark.parametrize("size", SIZES)
def test_a_person_is_shown_with_all_they_answer_for(
    opened: OpenRoom, golden: Callable[[str, str], None], size: tuple[int, int]
) -> None:
    keys = ["7", "slash", *"eastwood", "enter", "enter"]
    golden(f"person-{size[0]}x{size[1]}", opened.run(*keys, size=size))


def test_enter_leads_into_what_a_person_owns_and_on_to_the_investment(opened: OpenRoom) -> None:
    for size in SIZES:
        shown = opened.run("7", "enter", "enter", size=size)
        assert "▌ OPS-016 Bulk print" in " ".join(shown.split())
        back = opened.run("7", "enter", "escape", size=size)
        assert "People 49, 1 placeholder" in back


def test_a_filter_may_ask_for_who_has_overdue_actions(opened: OpenRoom) -> None:
    shown = opened.run("7", "slash", *"overdue", "colon", "greater_than_sign", "1")
    assert "Paul Eastwood" in shown
    assert "Ben Okoro" not in shown


def test_the_findings_of_a_person_are_a_key_away(opened: OpenRoom) -> None:
    shown = opened.run("7", "slash", *"lowell", "enter", "x")
    assert "/person:=bridget.lowell" in shown
    assert "9 of " in shown


def test_people_are_sorted_by_what_they_own(opened: OpenRoom) -> None:
    shown = opened.run("7", "s", *"jj", "enter", "g")
    assert "owns▲" in shown
    assert shown.index("Alastair Munro") < shown.index("Leila Haddad")


def test_the_editor_would_open_at_the_field_that_names_the_person(room: Any, sample: Path) -> None:
    places: list[str] = []

    async def look(app: Any, pilot: Any) -> None:
        place = app.navigation.selection().place
        places.append(f"{place.path}:{place.line}")

    room.run(sample, "7", "j", "enter", act=look)
    path, _, line = places[0].rpartition(":")
    text = (sample / path).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    assert text.strip() == "outcome_owner: TBD"


def test_hostile_text_is_shown_and_does_no_harm(room: Any, hostile: Path) -> None:
    for size in SIZES:
        for keys in ([], ["enter"], ["j", "enter", "tab"]):
            shown = room.run(hostile, "7", *keys, size=size)
            assert "[/foo]" in shown
            assert all(line.isprintable() for line in shown.splitlines())


def test_an_organisation_without_people_says_so(room: Any, tmp_path: Path) -> None:
    (tmp_path / "portfolios").mkdir()
    (tmp_path / "portfolios" / "a.yaml").write_text("business_unit: {id: a}\n")
    assert "No people." in room.run(tmp_path, "7")


def test_somebody_who_left_the_post_has_what_came_in_their_time(opened: OpenRoom) -> None:
    shown = opened.run("7", "/", *"helen marsh", "enter", "tab", "G", size=(140, 60))
    assert "Time in the post" in shown
    assert re.search(r"People and workplace +no\s+start", shown)


def test_people_of_one_name_are_told_apart_by_their_ids(room: Any, sample: Path) -> None:
    organisation = sample / "portfolios/organisation.yaml"
    text = organisation.read_text(encoding="utf-8")
    other = "people:\n  - {id: b.lowell, name: Bridget Lowell, side: business}\n"
    organisation.write_text(text.replace("people:\n", other, 1), encoding="utf-8")
    wide = {"size": (120, 40)}
    shown = room.run(sample, "slash", *'owner:="bridget lowell"', "enter", "j", "o", *"lowell", **wide)  # fmt: skip
    assert "Bridget Lowell (b.lowell)" in shown
    assert "Bridget Lowell (bridget." in shown
    shown = room.run(sample, ":", *"owner b.lowell", "enter", **wide)
    assert "to Bridget Lowell (b.lowell)" in shown
    keys = [":", *"new relationship manager", "enter", *"Lowell", "comma", *" Bridget", "enter"]
    shown = room.run(sample, *keys, **wide)
    assert "Lowell, Bridget: which person?" in shown


def test_who_reports_to_somebody_and_whom_they_appraise_are_listed_apart(
    room: Any, sample: Path
) -> None:
    keys = ["7", "slash", *"amara", "enter", "enter"]
    shown = room.run(sample, *keys, size=(120, 60))
    assert "Line manager of  2" in shown
    assert "Appraiser of  2" in shown
    assert "│  appraiser " in shown
