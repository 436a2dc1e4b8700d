"""Whatever the files hold is shown, harmlessly, on every screen: found by what there is in the tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from itgov.tui.actions import BY_ID

from .conftest import OpenRoom, views_there

NASTY = (
    "[/foo] [bold]x[/] [@click=app.quit]q[/] "
    "\\u202Edlrow\\u2066 \\u200B\\u00AD\\u3164 "
    "👩‍👩‍👧 🇬🇧 e\\u0301 北風銀行 العربية "
    "##[add-mask] ::stop:: " + "Wxyz" * 60
)
ROW = '"' + NASTY + '"'

ORGANISATION = f"""\
organisation:
  id: acme
  name: {ROW}
  currency: GBP
  vocabulary: {{relationship_manager: {ROW}, outcome_owner: {ROW}}}
people:
  - {{id: "a[/b]", name: {ROW}, email: {ROW}, side: business, business_unit: "u[/x]"}}
  - {{id: "it", name: {ROW}, side: it, left: 2025-01-01}}
relationship_managers:
  - person: "it"
    title: {ROW}
    serves: ["u[/x]"]
    represents: middle
    position: bridge
    measured_by: ["I-1/o"]
    experience: [{{area: services, perspective: customer, summary: {ROW}, evidence: {ROW}}}]
"""
UNIT = f"""\
business_unit:
  id: "u[/x]"
  name: {ROW}
  head: "a[/b]"
  relationship_manager: "it"
  objectives: [{{id: "ob", statement: {ROW}}}]
investments:
  - id: "I[/1]"
    title: {ROW}
    summary: {ROW}
    stage: delivering
    outcome_owner: "a[/b]"
    relationship_manager: {ROW}
    sponsor: {ROW}
    delivery_lead: "it"
    objective: ob
    confidence: red
    confidence_by: {ROW}
    gates: [{{gate: {ROW}, on: 2025-02-10, approved_by: {ROW}}}]
    business_changes: [{ROW}]
    spend: [{{year: 2026, budget: 1000}}]
    outcomes:
      - id: "o"
        statement: {ROW}
        measure: {ROW}
        unit: {ROW}
        baseline: 1
        target: 2
        due: 2026-12-31
        results: [{{date: 2026-06-30, actual: 2, evidence: {ROW}}}]
    waivers: [{{rule: VAL-004, reason: {ROW}, until: 2027-01-31, approved_by: {ROW}}}]
    custom: {{{ROW[:60]}": {ROW}}}
  - {{id: "I-2", title: {ROW}, outcome_owner: nobody.here}}
engagements:
  - date: 2026-10-12
    kind: review
    by: "it"
    with: ["a[/b]"]
    summary: {ROW}
    opportunities: [{{id: "k[/]", statement: {ROW}, state: pursued}}]
    actions: [{{what: {ROW}, owner: "a[/b]", due: 2026-11-15}}]
"""
SHOWN = {name: [*BY_ID[f"show-{name}"].keys] for name in views_there()}
PLACES = {
    **SHOWN,
    **{f"{name}, in full": [*keys, "enter", "G"] for name, keys in SHOWN.items()},
    **{f"{name}, other pane": [*keys, "tab", "j", "enter"] for name, keys in SHOWN.items()},
    **{f"{name}, filtered": [*keys, "slash", *"wxyz", "enter"] for name, keys in SHOWN.items()},
    **{f"{name}, copy": [*keys, "y"] for name, keys in SHOWN.items()},
    "jump": ["f"],
    "jump, found": ["f", *"wxyz"],
    "palette": ["ctrl+p", *"wxyz"],
    "command": ["colon", *"go", "space", *"i"],
    "said": ["colon", *"go", "space", "left_square_bracket", "slash", "right_square_bracket", "enter"],
}  # fmt: skip
DANGER = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\u00ad\u3164]"
)


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    return write_hostile(tmp_path)


@pytest.fixture(scope="module", params=[(80, 24), (160, 45)], ids=str)
def hostile_room(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OpenRoom]:
    room = OpenRoom(write_hostile(tmp_path_factory.mktemp("hostile")), request.param)
    yield room
    room.close()


def write_hostile(tmp_path: Path) -> Path:
    (tmp_path / "portfolios").mkdir()
    (tmp_path / "portfolios" / "organisation.yaml").write_text(ORGANISATION, encoding="utf-8")
    (tmp_path / "portfolios" / "unit.yaml").write_text(UNIT, encoding="utf-8")
    # The reader refuses escapes of control characters: what it says of them is shown as well.
    bad = UNIT.replace("u[/x]", "u2").replace("dlrow", "\\e[31m\\a\\x9b")
    (tmp_path / "portfolios" / "refused[bold].yaml").write_text(bad, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("place", list(PLACES))
def test_hostile_text_is_shown_as_it_is_written_and_does_nothing(
    hostile_room: OpenRoom, place: str
) -> None:
    text = hostile_room.run(*PLACES[place])
    assert "itgov" in text or "╭" in text
    found = DANGER.search(text)
    assert found is None, f"U+{ord(found[0]):04X} is shown" if found else ""


def test_brackets_are_letters(room: Any, hostile: Path) -> None:
    assert "[/foo] [bold]x[/]" in room.run(hostile, size=(200, 50))


def test_the_views_that_are_there_were_looked_for_in_the_right_place() -> None:
    assert "portfolio" in SHOWN


@pytest.mark.parametrize(
    "keys",
    ["keys: {'[/foo]\\e[31m': x}", "keys: {down: '[/x]\\u202E'}", "theme: '[/x]'", "keys: [x"],
)
def test_a_hostile_configuration_is_reported_harmlessly(
    room: Any, sample: Path, no_settings: Path, keys: str
) -> None:
    no_settings.parent.mkdir()
    no_settings.write_text(keys.replace("'", '"') + "\n", encoding="utf-8")
    text = room.run(sample)
    assert "settings not used" in text
    assert DANGER.search(text) is None
