"""Text that was written to harm a terminal is shown harmlessly in every view of figures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .conftest import OpenRoom, open_room

BAD = r"[/foo] [red]x \u202eevil \u200b\u2066 漢字 😀"
ORGANISATION = f"""
organisation: {{id: acme, name: "{BAD} Acme", currency: "{BAD}"}}
people:
  - {{id: boss, name: "{BAD} Boss", side: it}}
  - {{id: lena, name: "{BAD} Lena", side: business}}
relationship_managers:
  - person: lena
    title: "{BAD} title"
    serves: [north]
    represents: supplier
    reports_to: boss
    measured_by: [N-1/o]
"""
UNIT = f"""
business_unit:
  id: north
  name: "{BAD} North"
  relationship_manager: lena
  objectives: [{{id: o, statement: "{BAD} objective"}}]
investments:
  - id: N-1
    title: "{BAD} title"
    objective: o
    relationship_manager: "{BAD} unlisted"
    withheld: {{outcome_owner: "{BAD} why"}}
    spend: [{{year: 2026, budget: 1000, actual: 900}}]
    outcomes:
      - id: o
        statement: "{BAD} statement"
        measure: "{BAD} measure"
        unit: "{BAD}"
        baseline: 1
        target: 2
        due: 2026-01-01
        value: 5
        results: [{{date: 2026-02-02, actual: 1.5, value: 3, evidence: "{BAD}"}}]
"""
HEALTH = f"""
health:
  caps: [{{when: "true", at_most: 40, because: "{BAD} because"}}]
  dimensions:
    - {{id: a, title: "{BAD} dimension", weight: 1, rules: [OWN-001, REL-001, VAL-005]}}
"""


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenRoom]:
    """Return a room over a portfolio with hostile text wherever text can be."""
    root = tmp_path_factory.mktemp("hostile")
    (root / "portfolios").mkdir()
    (root / "rules").mkdir()
    (root / "portfolios" / "organisation.yaml").write_text(ORGANISATION)
    (root / "portfolios" / "north.yaml").write_text(UNIT)
    (root / "rules" / "health.yaml").write_text(HEALTH)
    yield from open_room(root)


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (("3",), "[/foo] [red]x"),
        (("3", "enter", "j", "enter"), "[/foo] [red]x"),
        (("3", "left_square_bracket", "enter", "l"), "score and poi"),
        (("4", "equals_sign", "j", "l", "j", "l"), "[/foo] [red]x"),
        (("4", "j", "tab"), "[/foo] [red]x"),
        (("4", "right_square_bracket", "right_square_bracket", "tab", "tab", "j"), "[/foo] [red]x"),
        (("5", "tab"), "[/foo] [red]x"),
        (("5", "j", "tab", "G"), "[/foo] [red]x"),
    ],
)
def test_hostile_text_is_shown_as_text(
    opened: OpenRoom, keys: tuple[str, ...], words: str, size: tuple[int, int]
) -> None:
    shown = opened.run(*keys, size=size)
    assert words in shown
    for char in "\x1b\u202e\u2066":
        assert char not in shown


@pytest.mark.parametrize("view", ["3", "4", "5"])
def test_a_filter_with_brackets_finds_the_text(opened: OpenRoom, view: str) -> None:
    shown = opened.run(view, "slash", "left_square_bracket", "slash", *"foo")
    assert "[/foo]" in shown
    count = shown.splitlines()[-2]  # the filter's line
    assert " of " in count
    assert " 0 of" not in count
