"""Every kind of record that the files can hold can be made and changed in the room."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from itgov.files.repository import find_repository
from itgov.insight.flow import Flow
from itgov.tui.dialogs.form import Form

from .conftest import AS_OF, OpenRoom, screen_text
from .test_edits import changed

REACH = ["slash", *"len-001", "enter"]
NAMES = {" ": "space", ".": "full_stop", "-": "minus", "+": "plus", ",": "comma", "/": "slash",
         ":": "colon", ";": "semicolon", "€": "euro_sign"}  # fmt: skip
SIZES = [(80, 24), (120, 40)]


def typed(text: str) -> list[str]:
    return [NAMES.get(c, c) for c in text]


def filled(app: Any, **answers: str) -> None:
    """Put answers into the form that is open."""
    from textual.widgets import Input

    for name, text in answers.items():
        app.screen.query_one(f"#ask-{name.replace('__', '-')}", Input).value = text


def new(kind: str) -> list[str]:
    return ["colon", *typed(f"new {kind}"), "enter"]


MADE: dict[str, tuple[dict[str, str], str]] = {
    "investment": ({"title": "Rates", "objective": ""}, "title: Rates"),
    "service": ({"id": "LEN-900", "title": "Desk"}, "type: service"),
    "outcome": ({"statement": "Faster offers", "due": "31 mar", "target": "5"}, "due: 2027-03-31"),
    "spend": ({"year": "2031", "budget": "1.2m"}, "{year: 2031, budget: 1200000}"),
    "engagement": ({"summary": "Met", "satisfaction__score": "4"}, "summary: Met"),
    "objective": ({"statement": "Grow green loans"}, "id: grow-green-loans"),
    "relationship level": ({"business": "3", "it": "4"}, '{"on": 2026-11-23, business: 3, it: 4}'),
    "result": (
        {"actual": "3", "confirmed_by": "", "value": "120k"},
        "{date: 2026-11-23, actual: 3, value: 120000",
    ),
    "opportunity": ({"statement": "One desk", "value": "40k"}, "state: raised"),
    "action": (
        {"what": "Call them", "owner": "stephen.harcourt", "due": "tomorrow"},
        "due: 2026-11-24",
    ),
    "relationship manager": (
        {"person": "hannah.vogel", "serves": "lending"},
        "person: hannah.vogel",
    ),
    "step": ({"what": "Sit with the team", "due": "end of year"}, "due: 2026-12-31"),
    "word of the business": ({"says": "customer"}, "says: customer"),
    "business unit": ({"name": "Legal"}, "name: Legal"),
    "person": ({"name": "Zoë Quist", "side": "business"}, "zoe.quist"),
}
"""What is typed for each kind, and a text that its file then has."""


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", MADE)
def test_a_record_is_made(room: Any, sample: Path, kind: str, size: tuple[int, int]) -> None:
    answers, written = MADE[kind]
    before = {p: p.read_text() for p in (sample / "portfolios").rglob("*.yaml")}
    shown: list[str] = []

    async def fill(app: Any, pilot: Any) -> None:
        if not isinstance(app.screen, Form):  # of which one
            await pilot.press("enter")
            await pilot.pause()
        filled(app, **answers)
        await pilot.press("ctrl+s")
        await pilot.pause()
        shown.append(
            app.screen.__class__.__name__ + str(app.screen.query(".problem").first().content)
        )
        await pilot.press("y")

    room.run(sample, *REACH, *new(kind), act=fill, size=size)
    after = {p: p.read_text() for p in (sample / "portfolios").rglob("*.yaml")}
    assert shown == ["Confirm"]
    added = [line for path, text in after.items() for line in changed(before.get(path, ""), text)]
    assert any(written in line for line in added), added
    assert not any(line.startswith("-") for line in added)
    governed = Flow(find_repository(sample)).at(AS_OF)
    assert not [f for f in governed.judged.findings if f.rule.startswith(("YML", "MOD", "REF"))]


@pytest.mark.parametrize("size", SIZES)
def test_a_form_fits_and_says_what_a_field_holds(
    room: Any, sample: Path, size: tuple[int, int]
) -> None:
    keys = [*REACH, *new("investment"), "up"]
    shown = room.run(sample, *keys, size=size)  # the last of many fields
    assert "review cadence days: Longest time between two reviews, in days." in shown
    assert "enter next/save" in shown


def test_what_does_not_fit_is_said_and_nothing_is_written(room: Any, sample: Path) -> None:
    place = sample / "portfolios/lending.yaml"
    raw = place.read_bytes()

    async def fill(app: Any, pilot: Any) -> None:
        filled(app, business="7")
        await pilot.press("ctrl+s")

    shown = room.run(sample, *REACH, *new("relationship level"), act=fill)
    assert "the business's level: `7` does not fit (The business side's level, 1 to 5)" in shown
    assert place.read_bytes() == raw


def test_a_number_says_between_what_it_lies(room: Any, sample: Path) -> None:
    shown = room.run(sample, *REACH, *new("relationship level"))
    assert "the business's level 1 to 5 (optional)" in shown


@pytest.mark.parametrize("kind", ["outcome", "opportunity", "objective"])
def test_a_record_without_its_statement_is_asked_for_it(room: Any, sample: Path, kind: str) -> None:
    async def fill(app: Any, pilot: Any) -> None:
        if not isinstance(app.screen, Form):  # of which one
            await pilot.press("enter")
            await pilot.pause()
        await pilot.press("ctrl+s")

    assert "Enter a statement" in room.run(sample, *REACH, *new(kind), act=fill)


def test_an_id_that_is_taken_is_refused(room: Any, sample: Path) -> None:
    async def fill(app: Any, pilot: Any) -> None:
        filled(app, id="LEN-001", title="Twice")
        await pilot.press("ctrl+s")

    shown = room.run(sample, *REACH, *new("investment"), act=fill)
    assert "there is an investment `LEN-001` already; choose another id" in shown


def test_a_kind_that_is_not_known_is_refused_with_those_that_are(room: Any, sample: Path) -> None:
    shown = " ".join(room.run(sample, *REACH, *new("tbd"), size=(200, 40)).split())
    assert "`tbd` cannot be made (use investment, service, outcome" in shown


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("picked", "answers", "written"),
    [
        ("", {"summary": "Another sentence."}, ["+     summary: Another sentence."]),
        ("outcomes", {"due": "31 mar 2028"}, ["due: 2028-03-31"]),
        ("spend 2024", {"actual": "1.9m"}, ["actual: 1900000"]),
    ],
)
def test_any_field_is_changed_on_its_own_line(
    room: Any, sample: Path, picked: str, answers: dict[str, str], written: list[str],
    size: tuple[int, int],
) -> None:  # fmt: skip
    place = sample / "portfolios/lending.yaml"
    before = place.read_text()

    async def fill(app: Any, pilot: Any) -> None:
        await pilot.press(*typed(picked), "enter")
        await pilot.pause()
        filled(app, **answers)
        await pilot.press("ctrl+s")
        await pilot.pause()
        await pilot.press("y")

    room.run(sample, *REACH, "ctrl+e", act=fill, size=size)
    lines = changed(before, place.read_text())
    assert sum(line[0] == "+" for line in lines) == 1
    assert sum(line[0] == "-" for line in lines) <= 1
    assert all(any(text in line for line in lines) for text in written), lines


def test_the_state_of_an_opportunity_is_changed(room: Any, sample: Path) -> None:
    files = {p: p.read_text() for p in (sample / "portfolios").rglob("*.yaml")}

    async def fill(app: Any, pilot: Any) -> None:
        await pilot.press(*typed("opportunities"), "enter")
        await pilot.pause()
        filled(app, state="dropped")
        await pilot.press("ctrl+s")
        await pilot.pause()
        await pilot.press("y")

    room.run(sample, *REACH, "ctrl+e", act=fill)
    lines = [line for p, text in files.items() for line in changed(text, p.read_text())]
    assert [line[0] for line in lines] == ["-", "+"]
    assert "state: dropped" in lines[1]


def test_the_last_day_follows_the_stage_where_any_field_is_changed(room: Any, sample: Path) -> None:
    place = sample / "portfolios/lending.yaml"
    before = place.read_text()

    async def fill(app: Any, pilot: Any) -> None:
        await pilot.press("enter")
        await pilot.pause()
        filled(app, stage="stopped")
        await pilot.press("ctrl+s")
        await pilot.pause()
        await pilot.press("y")

    room.run(sample, *REACH, "ctrl+e", act=fill)
    added = [line for line in changed(before, place.read_text()) if line[0] == "+"]
    assert [line[1:].strip() for line in added] == ["stage: stopped", f"ended: {AS_OF}"]


def test_a_last_day_that_cannot_be_read_stays_and_the_diff_says_so(room: Any, sample: Path) -> None:
    place = sample / "portfolios/lending.yaml"
    before = place.read_text().replace("    stage:", "    ended: tomorrow\n    stage:", 1)
    place.write_text(before)
    seen: list[str] = []

    async def fill(app: Any, pilot: Any) -> None:
        await pilot.press("enter")
        await pilot.pause()
        filled(app, stage="stopped")
        await pilot.press("ctrl+s")
        await pilot.pause()
        seen.append(screen_text(app))
        await pilot.press("y")

    room.run(sample, *REACH, "ctrl+e", act=fill)
    assert "`ended` cannot be read and stays" in seen[0]
    added = [line for line in changed(before, place.read_text()) if line[0] == "+"]
    assert [line[1:].strip() for line in added] == ["stage: stopped"]


def test_who_was_present_or_said_something_is_not_filled_in(room: Any, sample: Path) -> None:
    shown = room.run(sample, *REACH, *new("engagement"))
    assert "→ Martin Cole" in shown  # the manager, whose contact it is
    assert "→ Stephen Harcourt" not in shown
    assert "→ Stephen Harcourt" not in room.run(sample, *REACH, *new("word of the business"))


def test_a_person_whose_id_is_taken_is_refused_in_the_form(room: Any, sample: Path) -> None:
    shown = room.run(sample, "7", "ctrl+n", *typed("bridget lowell"), "ctrl+s")
    assert "Add a person" in shown
    assert "the id `bridget.lowell` belongs to Bridget Lowell" in " ".join(shown.split())
    assert "Insurance claims (claims) … 8 in all (optional)" in shown


def test_business_units_stand_in_forms_with_name_and_id_and_can_be_typed_by_either(
    opened: OpenRoom,
) -> None:
    empty = ["M", *["backspace"] * 9]
    by_id = opened.run(*empty, *typed("peo"), size=(80, 24))
    assert "→ People and workplace (people)" in by_id
    by_name = opened.run(*empty, *typed("Insurance"), size=(80, 24))
    assert "→ Insurance claims (claims)" in by_name
    long = opened.run(*empty, *typed("pens"), size=(80, 24))
    assert "→ Pensions and in…ents (pensions)" in long
    unknown = opened.run(*empty, *typed("zz"), "enter", size=(120, 40))
    assert "Lending (lending)" in unknown
    keys = (*REACH, *new("engagement"))
    assert "New engagement of Lending (lending)" in opened.run(*keys, size=(80, 24))
