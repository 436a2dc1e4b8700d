"""The pages before the appendix: sentences, their figures recomputed from the YAML alone."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from math import floor
from pathlib import Path
from typing import Any

import pytest
import yaml

from itgov.cli.main import main
from itgov.files.repository import Repository
from itgov.insight.board_types import BoardReport
from itgov.insight.flow import Flow
from itgov.report.board.account import account_of
from itgov.report.board.pack import board_pack
from itgov.report.write_html import html as html_of
from itgov.report.write_markdown import markdown_pack
from itgov.rules.catalogue import RuleBook

from .conftest import SAMPLE, TODAY, Page, board_of

pytestmark = pytest.mark.slow

NOBODY = {None, "", "TBD", "n/a", "vacant", "?"}


def said(amount: float) -> str:
    """An amount as pages write it, by an independent hand."""
    if floor(amount + 0.5) < 1000:
        return f"{floor(amount + 0.5)}"
    for size, letter in ((1e3, "k"), (1e6, "m")):
        if floor(amount / size * 10 + 0.5) / 10 < 1000:
            return f"{floor(amount / size * 10 + 0.5) / 10:.1f}{letter}"
    return f"{floor(amount / 1e9 * 10 + 0.5) / 10:.1f}bn"


def long(day: datetime.date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def plain(markdown: str) -> str:
    return re.sub(r"\\(.)", r"\1", markdown)


class Files:
    """The sample as PyYAML reads it."""

    def __init__(self) -> None:
        self.people: dict[str, Any] = {}
        self.units: dict[str, dict[str, Any]] = {}
        self.items: dict[str, list[dict[str, Any]]] = {}
        self.engagements: dict[str, list[dict[str, Any]]] = {}
        for path in sorted((SAMPLE / "portfolios").rglob("*.yaml")):
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
            self.people |= {p["id"]: p for p in content.get("people", ())}
            if "organisation" in content:
                self.month = content["organisation"].get("fiscal_year_start", 1)
            unit = content.get("business_unit")
            if unit is None:
                continue
            name = unit if isinstance(unit, str) else unit["id"]
            if isinstance(unit, dict):
                self.units[name] = unit
            self.items.setdefault(name, []).extend(content.get("investments", ()))
            self.engagements.setdefault(name, []).extend(content.get("engagements", ()))

    def first_day(self, year: int) -> datetime.date:
        return datetime.date(year, self.month, 1)

    def spent(self, item: dict[str, Any]) -> float:
        current = TODAY.year if self.first_day(TODAY.year) <= TODAY else TODAY.year - 1
        begins, ends = self.first_day(current), self.first_day(current + 1)
        part = ((TODAY - begins).days + 1) / (ends - begins).days
        found = 0.0
        for year in {row["year"] for row in item.get("spend", ()) if row["year"] <= current}:
            rows = [row for row in item["spend"] if row["year"] == year]
            actuals = [row["actual"] for row in rows if row.get("actual") is not None]
            budget = sum(row.get("budget") or 0 for row in rows)
            found += sum(actuals) if actuals else budget * (part if year == current else 1)
        return found

    def open_actions(self, unit: str) -> Iterator[dict[str, Any]]:
        for engagement in self.engagements[unit]:
            if engagement["date"] <= TODAY:
                for action in engagement.get("actions", ()):
                    if action.get("done") is None or action["done"] > TODAY:
                        yield action


@pytest.fixture(scope="module")
def files() -> Files:
    return Files()


@pytest.fixture(scope="module")
def pages(sample: BoardReport) -> dict[str, str]:
    """Each page by its title, as Markdown without its escapes."""
    parts = re.split(r"(?m)^## ", plain(markdown_pack(board_pack(sample))))[1:]
    return {part.split("\n")[0]: part for part in parts}


def section(page: str, heading: str) -> str:
    return page.split(f"\n### {heading}\n")[1].split("\n### ", maxsplit=1)[0]


# -- what a board and a unit's head may not be shown ---------------------------------------


def test_no_ids_of_rules_no_paths_no_severities_before_the_appendix(
    html: str, book: RuleBook
) -> None:
    pages = re.findall(r"<section.*?</section>", html, re.DOTALL)
    brief = [Page(p).text for p in pages if 'class="page brief"' in p]
    assert len(brief) == 10
    rules = re.compile("|".join(rf"\b{re.escape(i)}\b" for i in book.info()))
    for text in brief:
        assert not rules.search(text)
        assert not re.search(r"\.yaml|portfolios/|reviews/|\b(errors?|warnings?|severity)\b", text)
        assert "_" not in text
    assert rules.search(html)  # the appendix has them


def test_what_a_page_cuts_is_in_the_appendix(sample: BoardReport) -> None:
    text = plain(markdown_pack(board_pack(sample)))
    front, appendix = text.split("\n## All figures\n")
    for unit in sample.units:
        page = front.split(f"\n## {unit.health.name}\n")[1].split("\n## ")[0]
        details = appendix.split(f"\n## {unit.health.name}: details\n")[1].split("\n## ")[0]
        for heading, lines in account_of(unit, sample):
            told = page.split(f"\n### {heading}\n")[1].split("\n### ")[0]
            for line in lines:
                if line not in told:
                    assert f"### {heading}: in full" in details
                    assert line in details
    judged = Flow(Repository(SAMPLE)).at(TODAY, Flow(Repository(SAMPLE)).sound_rules())
    words = re.sub(r"[`*]", "", appendix)
    for finding in judged.judged.findings:
        if not finding.waived and finding.severity != "info":
            assert re.sub(r"[`*]", "", finding.message)[:60] in words


def test_the_words_of_the_pages_are_told(pages: dict[str, str]) -> None:
    words = pages["Words used"].casefold()
    for term in (
        "realised",
        "confirmed",
        "fading",
        "expected",
        "holding",
        "line of sight",
        "capped",
    ):
        assert f"- {term}" in words


# -- figures of the sample, from its YAML --------------------------------------------------


def test_what_a_unit_spent(files: Files, pages: dict[str, str]) -> None:
    for identifier, unit in files.units.items():
        items = files.items[identifier]
        spent = {i["title"]: files.spent(i) for i in items}
        told = section(pages[unit["name"]], "You spent")
        assert f"- {said(sum(spent.values()))} up to {long(TODAY)}" in told
        paid = [a for a in spent.values() if a]
        assert f"on {len(paid)} of {len(items)} investments and services" in told
        largest = max(spent, key=lambda title: spent[title])
        assert f"Most went to {largest} ({said(spent[largest])})" in told
        budget = sum(r.get("budget") or 0 for i in items for r in i.get("spend", ()))
        assert f"{said(budget)} is the budget of all years" in told


def test_every_outcome_is_counted_once(files: Files, pages: dict[str, str]) -> None:
    for identifier, unit in files.units.items():
        outcomes = [o for i in files.items[identifier] for o in i.get("outcomes", ())]
        told = section(pages[unit["name"]], "This changed")
        [counts] = re.findall(r"(?m)^- Of (\d+) outcomes?: (.*)\.$", told)
        groups = re.findall(r"(\d+) (?:improved|not improved|no result that counts|no line of sight)", counts[1])  # fmt: skip
        assert (int(counts[0]), sum(map(int, groups))) == (len(outcomes), len(outcomes))


def test_who_owes_which_action(files: Files, pages: dict[str, str]) -> None:
    for identifier, unit in files.units.items():
        page = pages[unit["name"]]
        for side, heading in (("business", "You owe these results"), ("it", "IT owes these")):
            owed = [
                a
                for a in files.open_actions(identifier)
                if files.people.get(a.get("owner"), {}).get("side") == side
            ]
            told = section(page, heading)
            owed.sort(key=lambda a: (a.get("due") or datetime.date.max, a["what"]))
            for action in owed[:3]:
                late = (TODAY - action["due"]).days
                days = f", {late} day{'s' if late > 1 else ''} late" if late > 0 else ""
                who = files.people[action["owner"]]["name"]
                assert f"due {long(action['due'])}{days}: {who}." in told
                assert action["what"][:60] in told
            if len(owed) > 3:
                assert f"{len(owed) - 3} more, in the appendix" in told


def test_what_it_has_to_deliver(files: Files, pages: dict[str, str]) -> None:
    for identifier, unit in files.units.items():
        due = [
            i
            for i in files.items[identifier]
            if i.get("stage") in ("approved", "delivering")
            and i.get("end") is not None
            and (i["end"] - TODAY).days <= 365
        ]
        told = section(pages[unit["name"]], "IT owes these")
        first = sorted(due, key=lambda i: (i["end"], i["id"]))[:3]
        assert re.findall(r"- (.*), to be delivered", told) == [i["title"] for i in first]


def test_posts_without_anybody(files: Files, pages: dict[str, str]) -> None:
    told = section(pages["Decisions asked of the board"], "Nobody is named")
    for identifier, unit in files.units.items():
        for post, words in (
            ("outcome_owner", "an outcome owner"),
            ("relationship_manager", "a relationship manager"),
        ):
            vacant = [i for i in files.items[identifier] if i.get(post) in NOBODY]
            if not vacant:
                assert not re.search(rf"Name {words} for .*\({unit['name']},", told)
                continue
            [names] = re.findall(rf"Name {words} for (.*) \({unit['name']}, ", told)
            assert set(names.split(", ")) == {i["title"] for i in vacant}
            assert section(pages[unit["name"]], "Decide this").count(f"Name {words} for ") == 1
        if unit.get("relationship_manager") in NOBODY:
            assert f"Name a relationship manager of {unit['name']} " in told


def test_exceptions_that_have_ended(files: Files, pages: dict[str, str]) -> None:
    ended = [
        (item["title"], waiver["until"])
        for items in files.items.values()
        for item in items
        for waiver in item.get("waivers", ())
        if waiver["until"] < TODAY
    ]
    assert ended
    told = section(pages["Decisions asked of the board"], "Exceptions that have ended")
    for title, until in ended:
        assert re.search(
            rf"- {title} \(.*: the exception from “.*” ended on {long(until)} \(", told
        )


def test_money_over_time_is_that_of_the_verb(
    pages: dict[str, str], files: Files, capfd: pytest.CaptureFixture[str]
) -> None:
    verb = ["value", str(SAMPLE), "--curve", "year", "--format", "markdown", "--as-of", str(TODAY)]
    for arguments, title in (
        ([], "Decisions asked of the board"),
        *((["--of", i], unit["name"]) for i, unit in files.units.items()),
    ):
        assert main([*verb, *arguments]) == 0
        rows = re.findall(r"(?m)^\| \*\*(\d+)\*\* \|(.*)\|$", plain(capfd.readouterr().out))
        told = re.findall(r"(?m)^\| \*\*(\d+)\*\* \|(.*)\|$", pages[title])
        assert len(told) == len(rows) > 3
        for (year, whole), (same, brief) in zip(rows, told, strict=True):
            planned, *approved, realised, _, unmeasured, expected, _, fading = whole.split("|")
            assert (same, brief.split("|")) == (
                year,
                [planned, *approved, realised, unmeasured, expected, fading],
            )


# -- decisions that the sample may not have ------------------------------------------------

PEOPLE = {
    "organisation": {"id": "o", "currency": "GBP"},
    "people": [{"id": "ann", "name": "Ann Archer", "side": "business"}],
}
UNIT = {
    "business_unit": {"id": "a", "name": "Alpha", "head": "ann", "relationship_manager": "ann"},
    "investments": [
        {
            "id": "A-1", "title": "Tills", "stage": "delivering", "end": "2026-11-01",
            "outcome_owner": "ann", "relationship_manager": "ann",
            "spend": [{"year": 2027, "budget": 5_000_000}],
            "outcomes": [
                {"id": "x", "statement": "Queues are shorter", "measure": "m", "baseline": 9,
                 "target": 1, "due": "2026-06-30", "value": 1_000_000}
            ],
        },
    ],
}  # fmt: skip


def board_pages(book: RuleBook, **files: Any) -> dict[str, str]:
    report = board_of(book, organisation=PEOPLE, a=UNIT, **files)
    parts = re.split(r"(?m)^## ", plain(markdown_pack(board_pack(report))))[1:]
    return {part.split("\n")[0]: part for part in parts}


def session(day: str, decision: dict[str, Any]) -> dict[str, Any]:
    subject = {"kind": "investment", "id": "A-1"}
    item = {"subject": subject, "title": "Tills", "business_unit": "a", "decisions": [decision]}
    return {"review": {"id": f"{day}-all", "date": day}, "items": [item]}


def test_an_escalation_is_asked_until_something_else_is_decided(book: RuleBook) -> None:
    escalated = session("2026-10-01", {"decision": "escalate", "by": "ann", "reason": "Too dear"})
    pages = board_pages(book, minutes=[escalated])
    sentence = "- Tills (Alpha), escalated on 1 October 2026 by Ann Archer: Too dear"
    assert sentence in section(
        pages["Decisions asked of the board"], "Escalated by review sessions"
    )
    assert sentence in section(pages["Alpha"], "Decide this")
    approved = session("2026-11-01", {"decision": "approve"})
    assert sentence not in board_pages(book, minutes=[escalated, approved])["Alpha"]


def test_a_scenario_is_asked_with_what_follows(book: RuleBook) -> None:
    changes = [{"stop": "A-1", "on": "2027-01-01"}]
    stop = {"id": "s", "title": "Stop the tills", "changes": changes}
    wrong = {"id": "w", "title": "Stop what is not there", "changes": [{"approve": "A-9"}]}
    pages = board_pages(book, scenarios=[stop, wrong])
    told = section(pages["Decisions asked of the board"], "Scenarios to choose or drop")
    # all of 2027's budget; a million a year from 2027-01-01 to the end of 2029
    assert "- Stop the tills (1 change): frees 5.0m of spend and adds 0; 3.0m of planned value is lost" in told  # fmt: skip
    assert "and 0 gained up to December 2029" in told
    assert "- Stop what is not there (1 change): cannot be weighed as it is; " in told
    assert "Stop the tills" in section(pages["Alpha"], "Decide this")
    assert "Stop what is not there" not in pages["Alpha"]
    review = {"id": "2026-11-01-all", "date": "2026-11-01", "scenarios": ["s"]}
    pages = board_pages(book, scenarios=[stop, wrong], minutes=[{"review": review, "items": []}])
    assert "Stop the tills" not in pages["Decisions asked of the board"]


def test_a_result_that_is_late_and_a_delivery_that_is_late(book: RuleBook) -> None:
    page = board_pages(book)["Alpha"]
    assert (
        "- A first result of Queues are shorter (Tills), due 30 June 2026, 146 days late: Ann Archer."
        in section(page, "You owe these results")
    )
    assert (
        "- Tills, to be delivered, due 1 November 2026, 22 days late: no delivery lead is named."
        in section(page, "IT owes these")
    )


def test_limited_to_a_unit_its_account_comes_first(tmp_path: Path) -> None:
    place = tmp_path / "b.md"
    assert (
        main(["report", str(SAMPLE), "--markdown", str(place), "--unit", "retail", "--as-of", str(TODAY)])
        == 0
    )  # fmt: skip
    titles = re.findall(r"(?m)^## (.*)$", place.read_text(encoding="utf-8"))
    assert titles[:3] == ["Retail banking", "Words used", "All figures"]
    assert "Decisions asked of the board" not in titles


def test_an_empty_unit_says_so(book: RuleBook) -> None:
    report = board_of(book, a={"business_unit": {"id": "a"}})
    told = html_of(board_pack(report))
    assert told.count("Nothing is recorded.") >= 2
    assert "No money was planned, realised or forecast." in told


def test_a_benefit_that_counts_with_another_unit_is_said_on_both_pages(book: RuleBook) -> None:
    same = {"id": "x", "measure": "Days", "unit": "d", "value": 365, "value_from": "2025-04-01"}
    came = {"date": "2026-03-31", "value": 200}
    mine = {"id": "A", "title": "Alpha", "stage": "live", "outcome_owner": "gone"}
    people = [{"id": "gone", "name": "Cyd", "side": "business", "left": "2026-06-30"}]
    report = board_of(
        book,
        organisation={"organisation": {"id": "o", "fiscal_year_start": 4}, "people": people},
        a={
            "business_unit": {"id": "a", "name": "First", "head": "gone"},
            "investments": [{**mine, "outcomes": [{**same, "results": [{**came, "value": 100}]}]}],
        },
        b={
            "business_unit": {"id": "b", "name": "Second"},
            "investments": [
                {**mine, "id": "B", "title": "Bravo", "outcomes": [{**same, "results": [came]}]}
            ],
        },
    )
    text = plain(markdown_pack(board_pack(report)))
    first, second = (text.split(f"\n## {u}\n")[1].split("\n## ")[0] for u in ("First", "Second"))
    twice = "left out: 602 planned to date, 100 realised, 1.2k to come"
    assert twice in first
    assert "its money counts with another outcome that claims the same" in first
    assert "still to come" not in first
    assert "left out" not in second
    assert "1.2k of the plan is still to come" in second
    # whoever left answers for nothing any more
    assert "account for Cyd (left)" in first
