"""Edits of a portfolio in people's words: what changes in the text, and what is refused."""

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
from itgov.files.proposal import Proposal, changed_files, combine
from itgov.files.save import EditRefused
from itgov.model.finding import Subject
from itgov.model.text import plural

ORGANISATION = """\
organisation: {id: northwind, name: Northwind}
people:
  - {id: amara.okafor, name: Amara Okafor, side: business}
  - {id: lena.fischer, name: Lena Fischer, side: it}
relationship_managers:
  - person: lena.fischer
    serves: [retail]
"""
RETAIL = """\
# the retail side
business_unit:
  id: retail
  head: amara.okafor   # since 2024
investments:
  # the first
  - id: RET-001
    title: "Claims"
    stage: delivering
    outcome_owner:   # who?
    outcomes:
      - id: cycle
        measure: Days
        results:
          - {date: 2026-01-31, actual: 9}
          # a gap
          - {date: 2026-06-30, actual: 7}
      - {id: calls, results: []}
    waivers: []
    custom: {tower: Apps}

  - {id: RET-002, title: Kiosks}
engagements:
  - date: 2026-01-10
    kind: review
    opportunities:
      - {id: kiosk, state: raised}
    actions:
      - {what: Count the kiosks, owner: lena.fischer}
  - date: 2026-03-10
"""
FILES = {"organisation.yaml": ORGANISATION, "retail.yaml": RETAIL}
CLAIMS = Subject("investment", "RET-001")
KIOSKS = Subject("investment", "RET-002")
CYCLE = Subject("outcome", "RET-001/cycle")
UNIT = Subject("business_unit", "retail")
DAY = datetime.date(2026, 11, 23)


@pytest.fixture
def linked(join: Callable[..., Any]) -> Linked:
    return join(FILES).linked


def shown(proposal: Proposal) -> list[str]:
    """The lines that a proposal changes, as `-` and `+`."""
    signs = {"added": "+", "removed": "-"}
    return [
        signs[line.kind] + line.text
        for file in proposal.diff()
        for line in file.lines
        if line.kind in signs
    ]


def test_a_person_is_named_and_the_comment_stays(linked: Linked) -> None:
    proposal = changes.set_field(linked, CLAIMS, "outcome_owner", "amara.okafor")
    assert proposal.title == "Set the outcome owner of RET-001 to Amara Okafor"
    assert shown(proposal) == [
        "-    outcome_owner:   # who?",
        "+    outcome_owner: amara.okafor   # who?",
    ]


@pytest.mark.parametrize(
    ("subject", "field", "value", "line"),
    [
        (CLAIMS, "title", "Complaints", '+    title: "Complaints"'),
        (CLAIMS, "next_review", DAY, "+    next_review: 2026-11-23"),
        (CLAIMS, "next_review", "2026-11-23", "+    next_review: 2026-11-23"),
        (CLAIMS, "custom.tower", "Data", "+    custom: {tower: Data}"),
        (CLAIMS, "custom.note", "new", "+    custom: {tower: Apps, note: new}"),
        (KIOSKS, "stage", "live", "+  - {id: RET-002, title: Kiosks, stage: live}"),
        (KIOSKS, "custom.note", "x", "+  - {id: RET-002, title: Kiosks, custom: {note: x}}"),
        (CYCLE, "target", 5.0, "+        target: 5"),
        (CYCLE, "measure", "Median days", "+        measure: Median days"),
        (UNIT, "relationship_manager", "lena.fischer", "+  relationship_manager: lena.fischer"),
        (UNIT, "head", "lena.fischer", "+  head: lena.fischer   # since 2024"),
        (Subject("organisation", "northwind"), "currency", "GBP",
         "+organisation: {id: northwind, name: Northwind, currency: GBP}"),
        (Subject("relationship_manager", "lena.fischer"), "dedication", 0.5, "+    dedication: 0.5"),
        (Subject("person", "lena.fischer"), "left", DAY,
         "+  - {id: lena.fischer, name: Lena Fischer, side: it, left: 2026-11-23}"),
        (Subject("engagement", "retail/2026-03-10"), "summary", "Met", "+    summary: Met"),
    ],
)  # fmt: skip
def test_a_field_is_set_on_its_line(
    linked: Linked, subject: Subject, field: str, value: Any, line: str
) -> None:
    lines = shown(changes.set_field(linked, subject, field, value))
    assert [text for text in lines if text[0] == "+"] == [line]
    assert len(lines) <= 2


def test_confidence_is_said_by_somebody_on_a_day(linked: Linked) -> None:
    values = {"confidence": "amber", "confidence_by": "amara.okafor", "confidence_on": DAY}
    assert shown(changes.set_fields(linked, CLAIMS, values)) == [
        "+    confidence: amber",
        "+    confidence_by: amara.okafor",
        "+    confidence_on: 2026-11-23",
    ]


def test_what_is_so_already_changes_nothing(linked: Linked) -> None:
    assert changes.set_field(linked, CLAIMS, "stage", "delivering").is_empty
    assert changes.clear_field(linked, CLAIMS, "sponsor").is_empty


def test_a_field_is_cleared_with_its_line(linked: Linked) -> None:
    assert shown(changes.clear_field(linked, CLAIMS, "stage")) == ["-    stage: delivering"]
    assert shown(changes.clear_field(linked, CLAIMS, "custom.tower")) == [
        "-    custom: {tower: Apps}",
        "+    custom: {}",
    ]


def test_a_waiver_stands_where_the_rules_look_for_it(linked: Linked) -> None:
    given = ("VAL-004", "Being re-measured", DAY, "amara.okafor")
    for subject in (CLAIMS, CYCLE):
        assert shown(changes.add_waiver(linked, subject, *given)) == [
            "-    waivers: []",
            "+    waivers:",
            "+      - rule: VAL-004",
            "+        reason: Being re-measured",
            "+        until: 2026-11-23",
            "+        approved_by: amara.okafor",
        ]
    for subject in (UNIT, Subject("engagement", "retail/2026-03-10")):
        lines = shown(changes.add_waiver(linked, subject, *given))
        assert lines[0] == "+  waivers:"
    with pytest.raises(EditRefused, match="cannot have a waiver"):
        changes.add_waiver(linked, Subject("person", "lena.fischer"), *given)


def test_a_waiver_that_is_there_is_renewed(join: Callable[..., Any]) -> None:
    text = RETAIL.replace("waivers: []", "waivers: [{rule: VAL-004, reason: So}]")
    linked = join({**FILES, "retail.yaml": text}).linked
    assert shown(changes.add_waiver(linked, CYCLE, "VAL-004", "So", DAY, "amara.okafor"))[1:] == [
        "+    waivers: [{rule: VAL-004, reason: So, until: 2026-11-23, approved_by: amara.okafor}]"
    ]


def test_an_engagement_goes_where_its_day_belongs(linked: Linked) -> None:
    between = {"date": datetime.date(2026, 2, 1), "kind": "review", "with": ["amara.okafor"]}
    lines = changed_files(changes.add_engagement(linked, "retail", between))[0].data.decode()
    assert (
        "owner: lena.fischer}\n  - date: 2026-02-01\n    kind: review\n    with: [amara.okafor]\n"
        "  - date: 2026-03-10\n" in lines
    )


def test_an_engagement_goes_into_the_file_that_has_its_neighbours(join: Callable[..., Any]) -> None:
    files = {
        **FILES,
        "retail/2025.yaml": "business_unit: retail\nengagements:\n- {date: 2025-12-01}\n",
        "digital.yaml": "business_unit: {id: digital}\n",
    }
    linked = join(files).linked
    early = changes.add_engagement(linked, "retail", {"date": datetime.date(2025, 11, 1)})
    assert early.files[0].path == "portfolios/retail/2025.yaml"
    assert shown(early) == ["+- {date: 2025-11-01}"]  # as its neighbour
    first = changes.add_engagement(linked, "digital", {"date": DAY})
    assert shown(first) == ["+engagements:", "+  - date: 2026-11-23"]


def test_actions_of_an_engagement(linked: Linked) -> None:
    here = "retail/2026-01-10"
    assert shown(changes.mark_done(linked, here, 0, DAY))[1:] == [
        "+      - {what: Count the kiosks, owner: lena.fischer, done: 2026-11-23}"
    ]
    assert shown(changes.add_action(linked, here, {"what": "Ask", "owner": "amara.okafor"})) == [
        "+      - {what: Ask, owner: amara.okafor}"
    ]
    score = {"score": 4, "by": "amara.okafor"}
    assert shown(changes.set_field(linked, Subject("engagement", here), "satisfaction", score)) == [
        "+    satisfaction: {score: 4, by: amara.okafor}"
    ]


def test_results_keep_the_order_of_days(linked: Linked) -> None:
    middle = changes.add_result(linked, CYCLE.id, {"date": datetime.date(2026, 3, 31), "actual": 8})
    assert shown(middle) == ["+          - {date: 2026-03-31, actual: 8}"]
    after = changed_files(middle)[0].data.decode().splitlines()
    assert after[after.index("          - {date: 2026-03-31, actual: 8}") + 1].strip() == "# a gap"
    flow = changes.add_result(linked, "RET-001/calls", {"date": DAY, "actual": 1.5})
    assert shown(flow)[1:] == ["+      - {id: calls, results: [{date: 2026-11-23, actual: 1.5}]}"]
    with pytest.raises(EditRefused, match="has a result of 2026-06-30 already"):
        changes.add_result(linked, CYCLE.id, {"date": datetime.date(2026, 6, 30), "actual": 8})


@pytest.mark.parametrize(
    ("subject", "field", "value", "says"),
    [
        (CLAIMS, "stage", "delivring", "`stage` should be one of proposed, .*did you mean `deliv"),
        (CLAIMS, "outcome_owner", "amara.okafr", "no person `amara.okafr`; did you mean `amara.ok"),
        (CLAIMS, "outcome_owner", "amara okafor", "did you mean `amara.okafor`"),
        (CLAIMS, "outcome_owner", "TBD", "is a placeholder"),
        (CLAIMS, "next_review", "soon", "`next_review` should be a date"),
        (CLAIMS, "next_review", "2026-02-30", "a date that exists"),
        (CLAIMS, "outcome_ownr", "x", "no field `outcome_ownr`; did you mean `outcome_owner`"),
        (CLAIMS, "id", "RET-009", "never changes"),
        (CLAIMS, "title", " ", "blank"),
        (CLAIMS, "title", "bell \x07", "control characters"),
        (CYCLE, "target", "many", "`target` should be a number"),
        (CYCLE, "target", float("nan"), "not a finite number"),
        (UNIT, "engagement_cadence_days", 0, "at least 1"),
        (Subject("investment", "RET-01"), "stage", "live", "no investment `RET-01`; did you mean"),
        (Subject("outcome", "RET-001/cycl"), "unit", "d", "did you mean `RET-001/cycle`"),
        (Subject("business_unit", "retial"), "head", "x", "did you mean `retail`"),
        (Subject("engagement", "retail/2026-01-11"), "kind", "review", "no engagement"),
        (Subject("waiver", "x"), "until", "x", "not edited"),
    ],
)
def test_what_does_not_fit_is_refused_and_says_why(
    linked: Linked, subject: Subject, field: str, value: Any, says: str
) -> None:
    with pytest.raises(EditRefused, match=says):
        changes.set_field(linked, subject, field, value)


def test_what_must_be_there_is_not_cleared(linked: Linked) -> None:
    with pytest.raises(EditRefused, match="`title` is required"):
        changes.clear_field(linked, CLAIMS, "title")


def test_records_behind_one_that_does_not_fit_are_still_found(join: Callable[..., Any]) -> None:
    text = RETAIL.replace("  # the first\n", "  - {title: no id}\n")
    linked = join({**FILES, "retail.yaml": text}).linked
    proposal = changes.set_field(linked, CLAIMS, "stage", "live")
    assert shown(proposal) == ["-    stage: delivering", "+    stage: live"]


def test_a_unit_known_only_by_its_id_has_no_record_to_edit(join: Callable[..., Any]) -> None:
    linked = join({**FILES, "x.yaml": "business_unit: ghost\n"}).linked
    with pytest.raises(EditRefused, match="no file has the record of the business unit ghost"):
        changes.set_field(linked, Subject("business_unit", "ghost"), "head", "amara.okafor")


def test_proposals_made_side_by_side_are_combined(linked: Linked) -> None:
    day = datetime.date(2026, 2, 1)
    given = ("reason", DAY, "amara.okafor")
    both = combine(
        [
            changes.add_engagement(linked, "retail", {"date": day}),
            changes.set_field(linked, Subject("engagement", "retail/2026-03-10"), "kind", "review"),
            changes.add_waiver(linked, CLAIMS, "VAL-004", *given),
            changes.add_waiver(linked, CLAIMS, "VAL-005", *given),
            changes.set_field(linked, Subject("organisation", "northwind"), "currency", "GBP"),
            changes.set_field(linked, CLAIMS, "stage", "delivering"),
        ]
    )
    assert both.title == "5 edits"
    assert [f.path for f in both.files] == [
        "portfolios/retail.yaml",
        "portfolios/organisation.yaml",
    ]
    after = both.files[0].after.decode()
    assert after.endswith("  - date: 2026-02-01\n  - date: 2026-03-10\n    kind: review\n")
    assert after.count("- rule: VAL-00") == 2


def test_proposals_made_one_after_the_other_are_combined(join: Callable[..., Any]) -> None:
    first = changes.set_field(join(FILES).linked, CLAIMS, "stage", "live")
    files = {**FILES, "retail.yaml": changed_files(first)[0].data}
    second = changes.set_field(join(files).linked, KIOSKS, "stage", "live")
    whole = combine([first, second], "Both are live")
    assert whole.title == "Both are live"
    assert len(shown(whole)) == 4
    other = changes.set_field(
        join({**FILES, "retail.yaml": RETAIL + "# new\n"}).linked, KIOSKS, "stage", "live"
    )
    with pytest.raises(EditRefused, match="different states"):
        combine([first, other])


def test_a_diff_has_the_lines_numbers_on_both_sides(linked: Linked) -> None:
    [file] = changes.set_field(linked, CYCLE, "baseline", 21).diff(context=1)
    assert file.path == "portfolios/retail.yaml"
    assert (file.added, file.removed) == (1, 0)
    assert [(line.kind, line.text.strip(), line.old, line.new) for line in file.lines] == [
        ("gap", "", None, None),
        ("context", "measure: Days", 13, 13),
        ("added", "baseline: 21", None, 14),
        ("context", "results:", 14, 15),
    ]


# -- several at once -------------------------------------------------------------------------

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
        ("AB", "stopped", {"A": DAY, "B": datetime.date(2026, 10, 1)}, "2 investments to stopped, ended 2026-11-23", "`ended` kept on 1 of 2"),
        ("A", "retired", {"A": DAY}, "A to retired, ended 2026-11-23", ""),
        ("B", "stopped", {"B": datetime.date(2026, 10, 1)}, "B to stopped", "`ended` kept"),
        ("C", "live", {"C": None}, "C to live", "`ended` removed"),
        ("CA", "live", {"C": None, "A": None}, "1 investment to live", "1 of 2 have it already and stay as they are; `ended` removed on 1 of 2"),
        ("CD", "retired", {"C": datetime.date(2026, 9, 30), "D": None}, "1 investment to retired", "1 of 2 have it already and stay as they are; `ended` kept on 1 of 2"),
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
