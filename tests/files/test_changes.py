"""Edits of a portfolio in people's words: what changes in the text, and what is refused."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from itgov.files import changes
from itgov.files.linked import Linked
from itgov.files.proposal import Proposal, changed_files, combine
from itgov.files.save import EditRefused
from itgov.model.finding import Subject

from .commented_portfolio import FILES, RETAIL

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
