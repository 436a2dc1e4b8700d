"""Dates at the ends of the calendar: no verb fails, and what they plan near the day is exact."""

from __future__ import annotations

import pytest

from ..support.cli import run_cli

ORGANISATION = """\
organisation: {id: org, name: Org, currency: GBP, fiscal_year_start: 4}
people:
  - {id: amara, name: Amara, side: business}
  - {id: lena, name: Lena, side: business}
relationship_managers:
  - {person: lena, serves: [u], position: bridge, position_since: DAY, native_by: DAY}
"""
UNIT = """\
business_unit:
  id: u
  name: U
  relationship_manager: lena
  held: [{role: relationship_manager, person: amara, from: DAY, to: DAY}]
investments:
  - id: A-1
    title: A
    stage: live
    outcome_owner: amara
    start: DAY
    end: DAY
    next_review: DAY
    outcomes:
      - {id: due, measure: M, value: 100, due: DAY}
      - {id: from, measure: N, value: 100, value_from: DAY, results: [{date: DAY, from: DAY, value: 5}]}
      - {id: until, measure: O, value: 365, value_from: 2026-04-01, value_until: DAY}
    waivers: [{rule: VAL-004, reason: Because, until: DAY, approved_by: amara}]
engagements:
  - {date: DAY, by: lena, with: [amara], summary: Talk, actions: [{what: A, owner: amara, due: DAY}]}
"""
VERBS = (
    ["check"], ["health"], ["managers"], ["why", "u"], ["value", "--tree"], ["value", "--curve", "quarter"],
    ["due", "--all"], ["due", "--format", "ics"],
)  # fmt: skip


@pytest.mark.parametrize("day", ["0001-01-01", "1900-01-01", "9996-01-01", "9999-12-31"])
def test_a_far_date_ends_no_verb(tmp_path, capsys, day):
    folder = tmp_path / "portfolios"
    folder.mkdir()
    (folder / "organisation.yaml").write_text(ORGANISATION.replace("DAY", day))
    (folder / "u.yaml").write_text(UNIT.replace("DAY", day))
    for verb in VERBS:
        ran = run_cli(capsys, *verb, tmp_path, "--as-of", "2026-11-23")
        assert ran.code in (0, 1), ran
    value = run_cli(
        capsys, "value", tmp_path, "--as-of", "2026-11-23", "--tree", "--format", "json"
    )
    money = {o["id"]: o["money"] for o in value.json["tree"][0]["items"][0]["outcomes"]}
    if day > "2026":
        assert money["until"]["planned_to_date"] == 237  # from 1 April, one a day
        assert money["due"]["planned_to_date"] == money["from"]["planned_to_date"] == 0
    else:
        assert money["until"]["planned_to_date"] == 0


@pytest.mark.parametrize("today", ["0001-01-01", "9998-12-31", "9999-12-31"])
def test_a_far_as_of_day_ends_no_curve(tmp_path, capsys, today):
    folder = tmp_path / "portfolios"
    folder.mkdir()
    (folder / "organisation.yaml").write_text(ORGANISATION.replace("DAY", "2026-01-01"))
    (folder / "u.yaml").write_text(UNIT.replace("DAY", "2026-01-01"))
    for step in ("quarter", "year"):
        ran = run_cli(capsys, "value", tmp_path, "--curve", step, "--as-of", today)
        assert ran.code == 0, ran
