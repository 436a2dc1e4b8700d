"""What the board is told: the same figures as the verbs, the right order, waivers that hold."""

from __future__ import annotations

import re
from math import floor, isclose

from itgov.files.repository import Repository
from itgov.insight.board import measure_board
from itgov.insight.board_types import BoardReport, TopFinding
from itgov.insight.flow import Flow
from itgov.insight.tenure_types import TenureReport
from itgov.model.reach import REACHES
from itgov.report.board.pack import board_pack
from itgov.report.health_document import health_document
from itgov.report.managers_document import managers_document
from itgov.report.write_html import html
from itgov.report.write_markdown import markdown, markdown_pack
from itgov.report.write_terminal import terminal
from itgov.rules.catalogue import RuleBook

from .conftest import SAMPLE, TODAY, board_of


def test_the_total_is_that_of_the_value_verb(book: RuleBook, sample: BoardReport) -> None:
    total = Flow(Repository(SAMPLE)).at(TODAY, book).value.total
    for reach in REACHES:
        assert isclose(sample.total.budget.of(reach), total.budget.of(reach))
        assert isclose(sample.total.actual.of(reach), total.actual.of(reach))
    assert sample.total.counts == total.counts
    assert sample.total.items == total.items
    assert total.value is not None
    assert sample.total.value is not None
    assert isclose(sample.total.value.realised_to_date, total.value.realised_to_date)
    assert isclose(sample.total.value.planned_to_date, total.value.planned_to_date)


def test_a_score_is_the_same_in_every_format(book: RuleBook, sample: BoardReport) -> None:
    health = Flow(Repository(SAMPLE)).at(TODAY, book).health
    pack = board_pack(sample)
    text = terminal(health_document(health, health.units, None))
    wikis = [markdown(health_document(health, health.units, None)), markdown_pack(pack)]
    page = html(pack)
    for unit in health.units:
        assert unit.score is not None
        shown = f"{floor(unit.score * 10 + 1e-6) / 10:.1f}"
        assert re.search(rf"(?m)^{unit.name} +{unit.band}.* {shown} ", text)
        for wiki in wikis:
            assert re.search(rf"\| {unit.name} \| \*\*{unit.band}\*\*.* \| {shown} \|", wiki)
        assert re.search(rf">{unit.name}</a>.*<strong>{unit.band}</strong></td>.*>{shown}<", page)


def test_a_scorecard_says_the_same_under_the_same_labels_in_the_verb_and_in_the_pack(
    book: RuleBook, sample: BoardReport
) -> None:
    report = Flow(Repository(SAMPLE)).at(TODAY, book).managers
    pack = markdown_pack(board_pack(sample))
    for card in report.managers:
        said = markdown(managers_document(report, [card], TenureReport({}, [], {})))
        page = pack.split(f"\n## {card.name}\n")[1].split("\n## ")[0]
        facts = [line for line in said.splitlines() if line.startswith("- ")]
        assert any(line.startswith("- In the business team: ") for line in facts)
        for line in facts[: facts.index(next(f for f in facts if f.startswith("- Value: ")))]:
            label, words = line.split(": ", 1)
            assert line in page or f"{label}: **{words}**" in page


def test_a_dimension_has_the_same_row_in_the_verb_and_in_the_pack(
    book: RuleBook, sample: BoardReport
) -> None:
    health = Flow(Repository(SAMPLE)).at(TODAY, book).health
    pack = markdown_pack(board_pack(sample))
    for unit in health.units:
        said = markdown(health_document(health, [unit], None, detail=True))
        page = pack.split(f"\n## {unit.name}: details\n")[1].split("\n## ")[0]
        head = next(line for line in said.splitlines() if line.startswith("| Dimension "))
        rows = said.split(head)[1].split("\n\n")[0].splitlines()[2:]
        assert [row.split(" | ")[0] for row in rows] == [f"| {d.title}" for d in unit.dimensions]
        assert all(row in page for row in (head, *rows))


def test_ten_findings_mandatory_rules_first_then_the_most_points_times_money(
    sample: BoardReport,
) -> None:
    assert len(sample.top) == 10
    assert sample.top[0].finding.line > 1
    assert not any(top.finding.waived for top in sample.top)
    mandatory = [top.finding.rule in ("OWN-001", "REL-001") for top in sample.top]
    assert mandatory == sorted(mandatory, reverse=True)
    assert sample.top[mandatory.count(True)].finding.rule == "REL-028"
    weights = [_weight(top, sample) for top in sample.top]
    assert weights[mandatory.count(True) :] == sorted(
        weights[mandatory.count(True) :], reverse=True
    )
    assert len({top.finding.fingerprint for top in sample.top}) == 10


def test_limited_to_one_unit_nothing_of_another_is_told(book: RuleBook) -> None:
    governed = Flow(Repository(SAMPLE)).at(TODAY, book)
    board = measure_board(governed, only=["retail"])
    assert [u.health.id for u in board.units] == ["retail"]
    assert {m.person for m in board.managers} == {"lena.fischer", "idris.bello"}
    assert board.total.budget == board.units[0].line.budget
    assert all(n.unit == "retail" for n in board.without)
    for top in board.top:
        assert set(top.units) <= {"Retail banking"}


def test_only_waivers_that_hold_are_in_force(book: RuleBook) -> None:
    good = {"rule": "VAL-004", "reason": "R", "until": "2026-11-23", "approved_by": "ann"}
    waivers = [
        good,
        {**good, "until": "2026-11-22"},
        {**good, "approved_by": "TBD"},
        {k: v for k, v in good.items() if k != "until"},
        {**good, "rule": "OWN-001"},
        {**good, "rule": "NO-999"},
    ]
    board = board_of(
        book,
        organisation={"organisation": {"id": "o"}, "people": [{"id": "ann", "name": "Ann"}]},
        a={
            "business_unit": {"id": "a"},
            "investments": [{"id": "A-1", "title": "T", "waivers": waivers}],
        },
    )
    assert [(w.subject, w.waiver.rule, w.approver) for w in board.waivers] == [
        ("A-1", "VAL-004", "Ann")
    ]
    assert board.waivers[0].place.path == "portfolios/a.yaml"


def test_who_answers_is_named_or_said_to_be_nobody(book: RuleBook) -> None:
    board = board_of(
        book,
        organisation={"people": [{"id": "ann", "name": "Ann"}]},
        a={
            "business_unit": {"id": "a", "relationship_manager": "ann", "head": "TBD"},
            "investments": [
                {"id": "A-1", "title": "T", "outcome_owner": "n/a"},
                {"id": "A-2", "title": "T", "relationship_manager": "zoe"},
            ],
        },
    )
    [unit] = board.units
    assert (unit.head, unit.manager) == (None, "Ann")
    assert [(i.owner, i.manager, i.inherited) for i in unit.items] == [
        (None, "Ann", True),
        (None, "zoe", False),
    ]
    assert "OWN-001" in {f.rule for f in unit.items[0].findings}


def _weight(top: TopFinding, sample: BoardReport) -> float:
    """Return the points that a finding costs times the spend of each unit that loses them."""
    mark = top.finding.fingerprint
    return sum(
        costly.uncapped * unit.line.budget.total
        for unit in sample.units
        for costly in unit.health.findings
        if costly.finding.fingerprint == mark
    )
