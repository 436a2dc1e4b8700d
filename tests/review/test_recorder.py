"""SessionRecorder in a session: two people in it, where it stands, for how long, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from itgov.model.minutes import Decision
from itgov.review.clock import moment_words
from itgov.review.decide import DecisionRefused, Overtaken
from itgov.review.recorder import SessionRecorder
from itgov.review.store import NoSession, ReviewStore


def test_who_decides_on_what_another_has_decided_is_told_and_overwrites_nothing(
    store: ReviewStore, recorder: SessionRecorder, helpers: Any
) -> None:
    other = SessionRecorder(store, recorder.name, "tom")
    seen = other.session().item(1).revision
    recorder.decide(helpers.subject(1), Decision(decision="hold", by="amara", reason="Not yet"))
    with pytest.raises(Overtaken, match=r"amara has recorded `hold` \(Not yet\)") as told:
        other.decide(helpers.subject(1), Decision(decision="approve", by="tom"), seen=seen)
    assert told.value.item.verdict is not None
    assert store.session().item(1).verdict == Decision(
        decision="hold", by="amara", reason="Not yet"
    )
    after = other.decide(
        helpers.subject(1), Decision(decision="approve", by="tom"), seen=seen, replace=True
    )
    item = after.item(1)
    assert item.verdict is not None
    assert item.verdict.decision == "approve"
    assert [w.recorded.decision.decision for w in item.withdrawn] == ["hold"], "what gave way stays"


def test_notes_of_two_people_both_stay(
    store: ReviewStore, recorder: SessionRecorder, helpers: Any
) -> None:
    other = SessionRecorder(store, recorder.name, "tom")
    recorder.decide(helpers.subject(1), helpers.note("one"))
    other.decide(helpers.subject(1), helpers.note("two"))
    assert [(r.hand, r.decision.reason) for r in store.session().item(1).decisions] == [
        ("priya", "one"),
        ("tom", "two"),
    ]


# -- where it was, and for how long --------------------------------------------------------


def test_a_session_goes_on_where_it_was_on_another_terminal(
    store: ReviewStore, recorder: SessionRecorder, helpers: Any, clock: Any
) -> None:
    recorder.decide(helpers.subject(1), Decision(decision="approve"))
    again = SessionRecorder(ReviewStore(store.root), recorder.name, "priya", clock)
    assert again.session().at == 2
    assert again.back().at == 1


def test_time_goes_to_the_item_that_was_looked_at(
    recorder: SessionRecorder, helpers: Any, clock: Any
) -> None:
    clock.pass_by(60)
    recorder.decide(helpers.subject(1), Decision(decision="approve"))
    clock.pass_by(30)
    session = recorder.go_to(3)
    clock.pass_by(10)
    session = recorder.go_to(2)
    assert [i.seconds for i in session.items] == [60, 30, 10]


def test_a_clock_that_goes_back_takes_no_time_away(
    recorder: SessionRecorder, helpers: Any, clock: Any, store: ReviewStore
) -> None:
    import datetime

    recorder.go_to(1)
    clock.time -= datetime.timedelta(hours=5)
    clock.tick += 20
    assert recorder.go_to(2).items[0].seconds == 20, "within a process it does not matter"
    clock.time -= datetime.timedelta(hours=5)
    other = SessionRecorder(store, recorder.name, "tom", clock)
    assert other.go_to(3).items[1].seconds == 0


def test_a_night_is_no_time_spent_on_an_item(
    recorder: SessionRecorder, store: ReviewStore, clock: Any
) -> None:
    clock.pass_by(12 * 3600)
    morning = SessionRecorder(store, recorder.name, "priya", clock)
    assert morning.go_to(2).items[0].seconds <= 1800


def test_the_agenda_can_be_edited_and_numbers_stay_where_items_are_dropped(
    recorder: SessionRecorder, helpers: Any
) -> None:
    recorder.drop(helpers.subject(2))
    session = recorder.session()
    assert [n for n, _ in session.on_agenda] == [1, 3]
    recorder.decide(helpers.subject(1), Decision(decision="approve"))
    assert recorder.session().at == 3
    with pytest.raises(DecisionRefused, match="has decisions already"):
        recorder.drop(helpers.subject(1))
    moved = recorder.move(helpers.subject(3), 1)
    assert moved.items[0].subject == helpers.subject(3)
    assert moved.item(moved.at).subject == helpers.subject(3)


def test_what_is_taken_back_is_told_and_the_item_waits_again(
    recorder: SessionRecorder, helpers: Any
) -> None:
    recorder.decide(helpers.subject(1), Decision(decision="stop", reason="No use"))
    session, taken = recorder.withdraw(helpers.subject(1))
    assert taken.decision.reason == "No use"
    assert not session.item(1).is_decided
    with pytest.raises(DecisionRefused, match="no decision to undo"):
        recorder.withdraw(helpers.subject(1))


def test_one_open_session_for_each_unit(
    store: ReviewStore, recorder: SessionRecorder, helpers: Any
) -> None:
    from itgov.review.agenda import Agenda

    with pytest.raises(DecisionRefused, match="is open already, with 0 of 3 items decided"):
        helpers.start(store, Agenda([], [], None), helpers.TODAY, "retail")
    other = helpers.start(store, Agenda([], [], None), helpers.TODAY, "lending")
    with pytest.raises(NoSession, match="several review sessions are open"):
        store.session()
    assert store.session(other.id).business_unit == "lending"


@pytest.mark.parametrize(
    ("decision", "says"),
    [
        (Decision(decision="hold"), "`hold` needs reason"),
        (Decision(decision="waive", rule="VAL-004"), "needs reason and end day and approved by"),
        (Decision(decision="note", reason=" \n\t "), "`note` needs reason"),
        (Decision(decision="approve", what="x"), "`approve` takes no what"),
        (Decision(decision="note", reason="x" * 2001), "longer than 2,000"),
        (Decision(decision="approve", by="nobody"), "there is no person `nobody`"),
    ],
)
def test_a_decision_that_says_too_little_or_too_much_is_refused(
    recorder: SessionRecorder, helpers: Any, decision: Decision, says: str
) -> None:
    with pytest.raises(DecisionRefused, match=says):
        recorder.decide(helpers.subject(1), decision, people=["amara.okafor"])
    assert recorder.session().item(1).decisions == []


# -- taken back ----------------------------------------------------------------------------


@given(
    st.lists(
        st.tuples(st.integers(1, 3), st.sampled_from(["approve", "hold", "skip", "note"])),
        min_size=1,
        max_size=8,
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_taken_back_in_turn_every_item_says_what_it_said_before(
    store: ReviewStore, recorder: SessionRecorder, helpers: Any, done: list[tuple[int, Any]]
) -> None:
    start = states = [[list(i.decisions) for i in store.session().items]]
    for number, (at, kind) in enumerate(done):
        decision = Decision(decision=kind, reason=f"{number}")
        recorder.decide(helpers.subject(at), decision, replace=True, advance=False)
        states = [*states, [list(i.decisions) for i in store.session().items]]
    for (at, _), before, after in reversed(list(zip(done, states, states[1:], strict=False))):
        recorder.take_back(helpers.subject(at), before[at - 1], after[at - 1])
        assert [list(i.decisions) for i in store.session().items] == before
        with pytest.raises(Overtaken):
            recorder.take_back(helpers.subject(at), before[at - 1], after[at - 1])
    assert [[list(i.decisions) for i in store.session().items]] == start


@pytest.mark.parametrize(
    ("stamped", "words"),
    [
        ("2026-11-23T09:30:00Z", "2026-11-23 09:30 UTC"),
        ("yesterday", "yesterday"),
        ("9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59-14:00"),
    ],
)
def test_a_stamp_that_is_none_is_shown_as_it_is(stamped: str, words: str) -> None:
    assert moment_words(stamped) == words
