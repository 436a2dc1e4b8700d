"""The board is told what review sessions decided, and which of their actions stand open."""

from __future__ import annotations

import re
from typing import Any

from itgov.insight.board_types import BoardReport
from itgov.report.blocks import Lines
from itgov.report.board.pack import board_pack
from itgov.report.write_html import html as html_of
from itgov.report.write_markdown import markdown_pack
from itgov.rules.catalogue import RuleBook

from .conftest import Page, board_of

HOLD = {"decision": "hold", "by": "ann", "until": "2027-01-15", "reason": "Costs <b>again</b>"}
ACTION = {"decision": "action", "what": "Bring figures", "owner": "ann", "due": "2026-11-01"}
FILES = {
    "organisation": {"organisation": {"id": "o"}, "people": [{"id": "ann", "name": "Ann Archer"}]},
    "a": {"business_unit": {"id": "a"}, "investments": [{"id": "A-1", "title": "Tills"}]},
    "b": {"business_unit": {"id": "b"}, "investments": [{"id": "B-1", "title": "Loans"}]},
}


def held(day: str, *items: tuple[str, str, list[dict[str, Any]]]) -> dict[str, Any]:
    return {
        "review": {"id": f"{day}-all", "date": day},
        "items": [
            {
                "subject": {"kind": "investment", "id": identifier},
                "title": f"Title of {identifier}",
                "business_unit": unit,
                "decisions": decisions,
            }
            for identifier, unit, decisions in items
        ],
    }


def told(report: BoardReport, heading: str = "### Decisions taken") -> list[str]:
    """The pack's sections about decisions, the whole organisation's first."""
    return [part.split("\n#")[0] for part in markdown_pack(board_pack(report)).split(heading)[1:]]


def test_without_a_session_it_is_said(book: RuleBook) -> None:
    [summary] = told(board_of(book, **FILES))
    assert summary.strip() == "No review session has been closed since 2025-11-23."


def test_decisions_of_a_year_the_latest_first_with_their_place(book: RuleBook) -> None:
    approved = {"decision": "approve", "by": "nobody.known", "next_review": "2027-02-01"}
    skipped = [{"decision": "skip"}, {"decision": "note", "reason": "Ann was away"}]
    report = board_of(
        book,
        minutes=[
            held("2025-11-23", ("A-1", "a", [{"decision": "stop", "reason": "too old to tell"}])),
            held("2026-03-01", ("A-1", "a", [approved]), ("B-1", "b", skipped)),
            held("2026-10-01", ("B-1", "b", [HOLD, ACTION]), ("A-1", "a", [])),
            held("2026-11-24", ("A-1", "a", [{"decision": "stop", "reason": "in the future"}])),
        ],
        **FILES,
    )
    summary, of_a, of_b = told(report)
    assert "2 review sessions since 2025-11-23: 2 of 4 items decided." in summary
    rows = [line for line in summary.split("\n") if line.startswith(("| A-1", "| B-1"))]
    assert [row.split("|")[1].strip() for row in rows] == ["B-1 Title of B-1", "A-1 Title of A-1"]
    assert "Held until 2027-01-15 by Ann Archer: Costs &lt;b&gt;again&lt;/b&gt;" in rows[0]
    assert "`reviews/2026-10-01-all.yaml:1`" in rows[0]
    assert "Approved, next review 2027-02-01 by nobody.known" in rows[1]
    assert "in the future" not in summary
    assert "too old to tell" not in summary
    assert "Approved" in of_a
    assert "Held" not in of_a
    assert "Held" in of_b


def test_open_actions_of_any_age_the_first_due_first(book: RuleBook) -> None:
    later = ACTION | {"what": "Ask the bank", "due": "2027-01-01", "action": "2024-01-01-all/1"}
    minutes = [
        held("2024-01-01", ("A-1", "a", [later])),
        held("2026-10-01", ("B-1", "b", [ACTION | {"action": "2026-10-01-all/1"}])),
    ]
    summary, *_ = told(board_of(book, minutes=minutes, **FILES))
    assert "Actions agreed in review sessions and not done, 1 of them overdue." in summary
    rows = [line for line in summary.split("\n") if "Ann Archer" in line]
    assert [row.split("|")[1].strip() for row in rows] == ["Bring figures", "Ask the bank"]
    assert "**overdue** 2026-11-01" in rows[0]
    done = {"decision": "done", "action": "2026-10-01-all/1"}
    minutes.append(held("2026-11-01", ("B-1", "b", [done])))
    summary, *_ = told(board_of(book, minutes=minutes, **FILES))
    assert "Bring figures" not in summary


def test_limited_to_one_unit_only_its_own_are_told(book: RuleBook) -> None:
    minutes = [held("2026-10-01", ("B-1", "b", [HOLD]), ("A-1", "a", [HOLD, ACTION]))]
    report = board_of(book, minutes=minutes, only=["a"], **FILES)
    whole = markdown_pack(board_pack(report))
    assert "1 review session since 2025-11-23: 1 of 1 item decided." in whole
    assert "B-1" not in whole


def test_a_sentence_that_names_some_items_names_all_in_the_appendix(book: RuleBook) -> None:
    items = [{"id": f"A-{n}", "title": f"Till number {n}"} for n in range(6)]
    report = board_of(book, **FILES | {"a": {"business_unit": {"id": "a"}, "investments": items}})
    told = {
        (page.kind, page.id): [
            str(line)
            for block in page.blocks
            if isinstance(block, Lines)
            for line in block.lines
            if "Name an outcome owner for Till" in str(line)
        ]
        for page in board_pack(report).pages
    }
    [at_home] = told["unit", "a"]
    assert "Till number 3 and 2 more (" in at_home
    for page in (("annex", "asked"), ("detail", "a")):
        [whole] = told[page]
        assert all(f"Till number {n}" in whole for n in range(6))


def test_what_was_decided_is_text_in_html(book: RuleBook) -> None:
    minutes = [held("2026-10-01", ("A-1", "a", [HOLD]))]
    read = Page(html_of(board_pack(board_of(book, minutes=minutes, **FILES))))
    assert "Costs <b>again</b>" in read.text
    assert not read.of("b")


def test_a_day_in_a_sentence_is_written_as_pages_write_days(sample: BoardReport) -> None:
    text = markdown_pack(board_pack(sample)).split("\n## Words used\n")[0]
    _, pages = text.split("\n## ", 1)
    found = re.findall(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", pages)
    assert found == [str(sample.as_of)]  # under the title
    assert "was due on 11 June 2026" in pages
