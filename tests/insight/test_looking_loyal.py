"""A table of attempts to look like the business's voice without being it, and what each does."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itgov.files.link import link
from itgov.files.load import read_file
from itgov.files.shipped import standard_root
from itgov.files.sources import RawFile, WorkTree
from itgov.insight.governed import Governed
from itgov.rules.book import load_rules
from itgov.rules.judge import WholeJudge

DAY = datetime.date(2026, 11, 23)
PEOPLE = [
    {"id": "ann", "name": "Ann", "side": "business", "business_unit": "u"},
    {"id": "bob", "name": "Bob", "side": "business", "business_unit": "u"},
    {"id": "ivy", "name": "Ivy", "side": "it"},
    {"id": "rm", "name": "Rena", "side": "business"},
    {"id": "other", "name": "Otto", "side": "business"},
]
MET = {"by": "rm", "with": ["ann"]}


BOOK = load_rules(WorkTree(standard_root()))
JUDGE = WholeJudge(workers=False)


def governed(
    manager: dict,
    engagements: list[dict],
    people: list[dict] = PEOPLE,
    managers: list[dict] | None = None,
    **unit: Any,
) -> Governed:
    organisation = {
        "organisation": {"id": "o"},
        "people": people,
        "relationship_managers": managers
        or [
            {"person": "rm", "serves": ["u"], "represents": "customer", **manager},
            {"person": "other", "serves": ["v"]},
        ],
    }
    item = {
        "id": "A", "title": "A", "stage": "live", "outcome_owner": "ann", "relationship_manager": "rm",
        "spend": [{"year": 2026, "budget": 100}], "outcomes": [{"id": "x", "measure": "m"}],
    }  # fmt: skip
    file = {
        "business_unit": {"id": "u", "head": "ann", "relationship_manager": "rm", **unit},
        "investments": [item],
        "engagements": engagements,
    }
    files = {"organisation": organisation, "u": file, "v": {"business_unit": {"id": "v"}}}
    read = [
        read_file(RawFile(f"portfolios/{n}.yaml", json.dumps(f).encode())) for n, f in files.items()
    ]
    linked = link(read, DAY)
    return Governed(BOOK, linked, JUDGE.judge(linked, BOOK))


def measured(found: Governed) -> float:
    score = next(u for u in found.health.units if u.id == "u").measured
    assert score is not None
    return score


def rules(found: Governed) -> set[str]:
    return {f.rule for f in found.judged.findings}


def sides(found: Governed, sign: str) -> list[str]:
    facts = found.linked.portfolio.managers["rm"].facts
    return [s.side for s in facts.signs if s.sign == sign]


SAYS = {"on": "2026-09-01", "says": "customer"}


@pytest.mark.parametrize(
    ("manager", "sign", "side", "rule"),
    [
        ({"reports_to": "ivy", "appraised_by": "ivy", "position": "bridge", "position_since": "2025-01-01"},
         "represents", ["customer"], "REL-030"),  # a declaration alone
        ({"represents_seen_by": [{**SAYS, "by": "rm"}]}, "seen-by-business", [], "REL-034"),
        ({"represents_seen_by": [{**SAYS, "by": "other"}]}, "seen-by-business", [], "REL-034"),
        ({"represents_seen_by": [{**SAYS, "by": "ivy"}]}, "seen-by-business", [], "REL-034"),
        ({"represents_seen_by": [{**SAYS, "by": "ann", "says": "supplier"}]},
         "seen-by-business", ["supplier"], "REL-029"),
        ({"represents": "supplier"}, "represents", ["supplier"], "REL-028"),
        ({"steps": [{"what": "w", "done": "2026-01-01", "confirmed_by": "rm"}]}, "steps", ["middle"], "REL-033"),
        ({"steps": [{"what": "w", "due": "2026-01-01"}]}, "steps", ["middle"], "REL-032"),
        ({"reports_to": "rm"}, "reports-to", [], "REL-012"),
    ],
)  # fmt: skip
def test_what_an_attempt_of_the_manager_does(
    manager: dict, sign: str, side: list[str], rule: str
) -> None:
    found = governed(manager, [{"date": "2026-10-01", **MET}])
    assert sides(found, sign) == side
    assert rule in rules(found)


@pytest.mark.parametrize(
    ("who", "rule"),
    [
        ({"by": "ivy", "with": ["ann"]}, "ENG-020"),
        ({"by": "rm", "with": ["ivy"]}, "ENG-004"),
        ({"by": "rm", "with": ["other"]}, "ENG-004"),
        ({"by": "rm", "with": ["rm"]}, "ENG-004"),
    ],
)
def test_a_meeting_of_one_side_is_named_and_lifts_nothing(who: dict, rule: str) -> None:
    alone = governed({}, [{"date": "2026-06-01", **MET}])
    score = {"satisfaction": {"score": 5, "by": "ann"}, "summary": "S"}
    found = governed({}, [{"date": "2026-06-01", **MET}, {"date": "2026-11-01", **who, **score}])
    assert rule in rules(found)
    assert measured(found) <= measured(alone)
    facts = found.linked.portfolio.units["u"].facts
    assert (facts.engagement_count, facts.satisfaction) == (1, None)


def test_what_is_said_in_the_name_of_somebody_who_had_left_counts_nowhere_and_is_named() -> None:
    late, gone = "2026-10-01", "2026-09-30"
    people = [{**p, "left": gone} if p["id"] == "ann" else p for p in PEOPLE]
    met = {"date": late, **MET, "satisfaction": {"score": 5, "by": "ann"}}
    manager = {
        "represents_seen_by": [{"on": late, "by": "ann", "says": "customer"}],
        "steps": [{"what": "w", "done": late, "confirmed_by": "ann"}],
    }
    found = governed(manager, [met], people=people)
    assert (sides(found, "seen-by-business"), sides(found, "steps")) == ([], ["middle"])
    facts = found.linked.portfolio.units["u"].facts
    assert (facts.engagement_count, facts.satisfaction) == (0, None)
    [named] = [f for f in found.judged.findings if f.rule == "DAT-022"]
    assert named.message == (
        "Ann left on 2026-09-30 and is named for a later day: an answer about rm (2026-10-01), "
        "a step of rm (2026-10-01), an engagement of u (2026-10-01)"
    )
    # on the day itself they were there
    assert "DAT-022" not in rules(governed(manager, [{**met, "date": gone}], people=[
        {**p, "left": late} if p["id"] == "ann" else p for p in PEOPLE
    ]))  # fmt: skip


def test_two_who_share_the_meetings_evenly_are_in_no_three_of_four() -> None:
    shared = [
        {"date": f"2026-0{month}-01", "by": person, "with": ["ann"]}
        for month, person in enumerate(("rm", "other", "rm", "other", "other"), 3)
    ]
    both = [
        {"person": "rm", "serves": ["u"]},
        {"person": "other", "serves": ["u"]},
    ]
    found = governed({}, shared, managers=both)
    assert sides(found, "takes-part") == ["supplier"]
    assert sides(governed({}, shared[:2], managers=both), "takes-part") == []


def test_a_level_that_one_side_gave_costs() -> None:
    met = [{"date": "2026-11-01", **MET}]
    both = governed({}, met, relationship_levels=[{"on": "2026-09-01", "business": 3, "it": 4}])
    one = governed({}, met, relationship_levels=[{"on": "2026-09-01", "it": 5}])
    assert measured(one) < measured(both)


ACTION = st.fixed_dictionaries(
    {"what": st.just("w")},
    optional={
        "owner": st.sampled_from(["ann", "TBD"]),
        "due": st.sampled_from(["2026-11-01", "2026-12-01"]),
        "done": st.sampled_from(["2026-10-01", "2026-12-01"]),
    },
)
ENGAGEMENT = st.fixed_dictionaries(
    {
        "date": st.sampled_from(
            ["2025-01-01", "2026-03-01", "2026-09-01", "2026-11-20", "2026-12-20"]
        )
    },
    optional={
        "summary": st.just("S"),
        "satisfaction": st.fixed_dictionaries(
            {"score": st.integers(1, 5)}, optional={"by": st.sampled_from(["ann", "ivy", "rm"])}
        ),
        "actions": st.lists(ACTION, max_size=2),
        "opportunities": st.just([{"id": "o", "state": "raised"}])
        | st.just([{"id": "o", "state": "dropped"}])
        | st.just([{"id": "o", "state": "realised", "investment": "A"}])
        | st.just([{"id": "o", "state": "pursued", "investment": "A"}]),
    },
)
PRESENT = st.sampled_from(
    [MET, MET, {"by": "ivy", "with": ["ann"]}, {"with": ["ann"]}, {"by": "rm"}, {"by": "rm", "with": ["ivy"]}]
)  # fmt: skip


@given(
    held=st.lists(st.tuples(ENGAGEMENT, PRESENT), max_size=3),
    missed=st.tuples(ENGAGEMENT, st.sampled_from([{"by": "ivy", "with": ["ann", "bob"]}, {"with": ["ann"]}])),
)  # fmt: skip
def test_a_meeting_that_the_manager_missed_never_lifts_health(held: list, missed: tuple) -> None:
    meetings = [{**engagement, **who} for engagement, who in held]
    before = measured(governed({}, meetings))
    after = measured(governed({}, [*meetings, {**missed[0], **missed[1]}]))
    assert after <= before + 1e-9
