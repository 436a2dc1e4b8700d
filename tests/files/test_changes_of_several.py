"""Edits of several investments at once: what each becomes, and what refuses them all."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itgov.files import changes, investment_changes
from itgov.files.linked import Linked
from itgov.files.parallel import Stopped
from itgov.files.proposal import combine
from itgov.files.save import EditRefused
from itgov.model.finding import Subject
from itgov.model.text import plural

from .commented_portfolio import FILES

DAY = datetime.date(2026, 11, 23)
TRADE = """\
business_unit: {id: trade}
investments:
  - {id: TRA-001, title: Desk, stage: live, outcome_owner: amara.okafor}
  - id: TRA-002
    title: Ledger
    stage: approved
"""


@pytest.fixture(scope="module")
def two_units(join: Callable[..., Any]) -> Linked:
    return join({**FILES, "trade.yaml": TRADE}).linked


@given(
    ids=st.permutations(["RET-001", "RET-002", "TRA-001", "TRA-002"]).flatmap(
        lambda some: st.integers(2, 4).map(lambda n: some[:n])
    ),
    values=st.fixed_dictionaries(
        {"stage": st.sampled_from(["live", "stopped", "delivering"])},
        optional={
            "outcome_owner": st.sampled_from(["amara.okafor", "lena.fischer"]),
            "next_review": st.dates(datetime.date(2026, 1, 1), datetime.date(2027, 1, 1)),
        },
    ),
)
def test_values_given_to_several_leave_what_one_edit_after_the_other_leaves(
    two_units: Linked, ids: list[str], values: dict[str, Any]
) -> None:
    made = investment_changes.set_on_investments(two_units, ids, values)
    singly = [changes.set_fields(two_units, Subject("investment", i), values) for i in ids]
    wanted = combine(singly)
    after = {f.path: f.after for f in wanted.files}
    assert {f.path: f.after for f in made.files if f.before != f.after} == after
    left = sum(p.is_empty for p in singly)
    assert (f"{left:,} of {len(ids)} have" in made.note) is bool(left)
    if left < len(ids):
        assert f" of {plural(len(ids) - left, 'investment')} to " in made.title


def test_what_is_worked_out_for_several_can_be_stopped(two_units: Linked) -> None:
    def stop(doing: str, done: float) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        investment_changes.set_on_investments(
            two_units, ["RET-001", "TRA-001"], {"stage": "stopped"}, stop
        )


def test_one_of_several_that_is_nowhere_refuses_all(two_units: Linked) -> None:
    with pytest.raises(EditRefused, match="there is no investment `TRA-009`"):
        investment_changes.set_on_investments(two_units, ["TRA-001", "TRA-009"], {"stage": "live"})


ENDED = """\
business_unit: {id: retail}
investments:
  - {id: A, stage: live}
  - {id: B, stage: live, ended: 2026-10-01}
  - {id: C, stage: stopped, ended: 2026-09-30}
  - {id: D, stage: retired}
"""


@pytest.mark.parametrize(
    ("ids", "stage", "after", "title", "note"),
    [
        ("AB", "stopped", {"A": DAY, "B": datetime.date(2026, 10, 1)}, "2 investments to stopped", "`ended` written on 1 of 2; `ended` kept on 1 of 2"),
        ("CA", "stopped", {"C": datetime.date(2026, 9, 30), "A": DAY}, "1 investment to stopped, ended 2026-11-23", "1 of 2 are stopped already and stay as they are"),
        ("DA", "retired", {"D": None, "A": DAY}, "1 investment to retired, ended 2026-11-23", "1 of 2 are retired already and stay as they are; `ended` missing on 1 of 2"),
        ("A", "retired", {"A": DAY}, "A to retired, ended 2026-11-23", ""),
        ("B", "stopped", {"B": datetime.date(2026, 10, 1)}, "B to stopped", "`ended` kept"),
        ("C", "live", {"C": None}, "C to live", "`ended` removed"),
        ("CA", "live", {"C": None, "A": None}, "1 investment to live", "1 of 2 are live already and stay as they are; `ended` removed on 1 of 2"),
        ("CD", "retired", {"C": datetime.date(2026, 9, 30), "D": None}, "1 investment to retired", "1 of 2 are retired already and stay as they are; `ended` kept on 1 of 2; `ended` missing on 1 of 2"),
        ("D", "stopped", {"D": None}, "D to stopped", "`ended` missing"),
        ("B", "delivering", {"B": datetime.date(2026, 10, 1)}, "B to delivering", ""),
    ],
)  # fmt: skip
def test_a_stage_gives_or_takes_the_last_day_of_each_by_itself(
    join: Callable[..., Any], ids: str, stage: str, after: dict[str, Any], title: str, note: str
) -> None:
    linked = join({**FILES, "retail.yaml": ENDED}).linked
    made = investment_changes.set_stage(linked, list(ids), stage, DAY)
    assert (made.title, made.note) == (f"Set the stage of {title}", note)
    written = made.files[0].after
    assert written is not None
    text = written.decode()
    there = {
        e.record.id: e.record
        for e in join({**FILES, "retail.yaml": text}).linked.portfolio.investments()
    }
    assert {i: there[i].ended for i in after} == after
    assert {there[i].stage for i in ids} == {stage}


UNREADABLE = """\
business_unit: {id: retail}
investments:
  - {id: A, title: A, stage: live, ended: tomorrow}
  - {id: B, title: B, stage: stopped, ended: 31/12/2026}
  - {id: C, title: C, stage: live, ended: [2026]}
  - {id: D, title: D, stage: live, ended: null}
  - id: E
    title: E
    stage: live
    ended: |
      tomorrow
"""


@pytest.mark.parametrize(
    ("ids", "stage", "kept", "note"),
    [
        ("A", "stopped", ["ended: tomorrow"], "`ended` cannot be read and stays"),
        ("B", "live", ["ended: 31/12/2026"], "`ended` cannot be read and stays"),
        ("E", "retired", ["ended: |\n      tomorrow"], "`ended` cannot be read and stays"),
        ("D", "stopped", ["ended: 2026-11-23"], ""),
        ("ACDE", "stopped", ["ended: tomorrow", "ended: [2026]", "ended: 2026-11-23"], "`ended` cannot be read on 3 of 4 and stays; `ended` written on 1 of 4"),
        ("A", "proposed", ["ended: tomorrow"], ""),
    ],
)  # fmt: skip
def test_an_end_that_cannot_be_read_is_left_as_a_person_wrote_it(
    join: Callable[..., Any], ids: str, stage: str, kept: list[str], note: str
) -> None:
    linked = join({**FILES, "retail.yaml": UNREADABLE}).linked
    made = investment_changes.set_stage(linked, list(ids), stage, DAY)
    after = made.files[0].after
    assert after is not None
    assert [line for line in kept if line not in after.decode()] == []
    assert made.note == note


def test_what_is_in_a_file_that_cannot_be_read_is_not_just_nowhere(
    join: Callable[..., Any],
) -> None:
    linked = join({**FILES, "trade.yaml": TRADE + "  - {broken: ["}).linked
    said = r"there is no investment `TRA-001`.*; .*trade.yaml cannot be read, correct that first"
    with pytest.raises(EditRefused, match=said):
        investment_changes.set_stage(linked, ["TRA-001", "RET-001"], "live", DAY)
    with pytest.raises(EditRefused, match=said):
        changes.set_field(linked, Subject("investment", "TRA-001"), "stage", "live")
