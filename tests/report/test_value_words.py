"""The sentences on planned and realised money, for figures of every kind."""

from __future__ import annotations

import datetime
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itgov.insight.value_types import ValueFigures
from itgov.report.figures import per_one
from itgov.report.value_words import assumed_in, board_sentence, realised_words, value_words

DAY = datetime.date(2026, 11, 29)
UNTIL = datetime.date(2030, 3, 31)
BEFORE = datetime.date(2026, 8, 31)
AMOUNTS = st.integers(0, 900).map(float)


def figures(**known: float) -> ValueFigures:
    return ValueFigures(DAY, UNTIL, BEFORE, **known)


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (
            {"planned_to_date": 900, "realised_to_date": 500, "realised_confirmed": 200, "unmeasured_to_date": 100},
            "Of 900 promised by 29 November 2026, 500 was realised (200 confirmed by the business) and "
            "100 is not measured yet.",
        ),
        (
            {"planned_to_date": 260, "realised_to_date": 820, "early": 750, "unmeasured_to_date": 190},
            "Of 260 promised by 29 November 2026, 70 was realised and 190 is not measured yet. Another "
            "750 was realised before it was planned. Of the 820 realised in all, none is confirmed by the "
            "business.",
        ),
        (
            {"planned_to_date": 50, "realised_to_date": 190, "realised_confirmed": 190},
            "50 was promised by 29 November 2026. 190 was realised (all confirmed by the business).",
        ),
        (
            {"realised_to_date": 340, "early": 300, "unplanned": 40},
            "No money was promised by 29 November 2026. 300 was realised before it was planned and 40 was "
            "realised where no money is promised. Of the 340 realised in all, none is confirmed by the "
            "business.",
        ),
        ({}, "No money was promised by 29 November 2026, and none was realised."),
    ],
)  # fmt: skip
def test_what_came_is_said_of_what_was_promised_only_where_it_fits(known, said):
    assert board_sentence(figures(**known)) == f"{said} None is planned up to March 2030."


@pytest.mark.parametrize(
    ("expected", "assumed", "fading", "said"),
    [
        (90, 90, 0, "Of 100 planned up to March 2030, 90 is assumed; owners have forecast none."),
        (90, 60, 0, "Of 100 planned up to March 2030, owners forecast 30; another 60 is assumed."),
        (90, 0, 20, "Of 100 planned up to March 2030, owners expect 90; 20 of the plan is fading."),
        (120, 0, 0, "100 is planned up to March 2030; owners expect 120."),
        (
            0,
            0,
            100,
            "Of 100 planned up to March 2030, none is expected; 100 of the plan is fading.",
        ),
    ],
)
def test_what_is_assumed_is_no_word_of_an_owner(expected, assumed, fading, said):
    told = board_sentence(
        figures(
            planned_to_come=100,
            expected_to_come=expected,
            expected_assumed=assumed,
            fading_to_come=fading,
        )
    )
    assert told.endswith(said)


@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
def test_no_part_is_more_than_what_it_is_said_to_be_of(planned, on_plan, early, unmeasured, none):
    told = board_sentence(
        figures(
            planned_to_date=planned,
            realised_to_date=on_plan + early + none,
            early=early,
            unplanned=none,
            unmeasured_to_date=unmeasured,
        )
    )
    for amount in (planned, on_plan, early, unmeasured, none):
        assert not amount or f"{amount:.0f}" in told
    of = re.match(
        r"Of (\d+) promised by 29 November 2026, (\d+|none) was .*?(?:and (\d+) is not|\.)", told
    )
    if of:
        came, waits = (int(n) if n and n != "none" else 0 for n in of.group(2, 3))
        assert came + waits <= int(of.group(1))
    assert not re.search(r"\b0 ", told)


def test_the_grace_in_force_is_said_beside_what_is_judged():
    found = ValueFigures(DAY, UNTIL, DAY - datetime.timedelta(30), planned_to_date=220)
    found.judged.planned, found.judged.realised = 220, 70
    said = value_words(found)
    assert "Of the 220 from plans that began over 30 days ago, 70 (32%) was realised, each plan at most in full" in said  # fmt: skip


@pytest.mark.parametrize(
    ("plans", "due", "open_", "unknown", "said"),
    [
        (46, 46, 46, 0, ["All 46 dated plans begin on the due day and have no end date"]),
        (46, 28, 0, 1, ["Of 46 dated plans, 28 begin on the due day and 1 belongs to an item that ended on an unknown day"]),
        (1, 0, 1, 0, ["The one dated plan has no end date"]),
        (3, 0, 0, 0, []),
    ],
)  # fmt: skip
def test_what_is_assumed_of_plans_reads_as_a_sentence(plans, due, open_, unknown, said):
    found = figures(plans=plans, plans_from_due=due, plans_open=open_, end_unknown=unknown)
    assert list(assumed_in(found)) == said


def test_more_than_planned_is_not_of_it_and_little_is_not_nothing():
    assert realised_words(189_000, 48_500) == "189.0k realised, 48.5k planned"
    assert realised_words(340_000, 0) == "340.0k realised, none planned"
    assert realised_words(48_500, 189_000) == "48.5k realised of 189.0k planned"
    assert realised_words(0, 0) == "no value"
    assert (per_one(0.000128), per_one(0.0), per_one(0.005)) == ("<0.01", "0.00", "0.01")
