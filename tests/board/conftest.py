"""Portfolios for the board pack, and a reader of its HTML that misses nothing."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from itgov.files.link import link
from itgov.files.load import read_file, read_minutes, read_scenario
from itgov.files.repository import Repository
from itgov.files.sources import RawFile
from itgov.insight.board import measure_board
from itgov.insight.board_types import BoardReport
from itgov.insight.flow import Flow
from itgov.insight.governed import Governed
from itgov.report.board.pack import board_pack
from itgov.report.write_html import html as html_of
from itgov.rules.catalogue import RuleBook
from itgov.rules.judge import judge

SAMPLE = Path(__file__).resolve().parents[2]
TODAY = datetime.date(2026, 11, 23)
VOID = {"meta", "wbr", "br", "hr", "img", "link", "stop", "rect", "path", "circle"}


def board_of(
    book: RuleBook,
    *,
    minutes: Sequence[Any] = (),
    scenarios: Sequence[Any] = (),
    only: Sequence[str] = (),
    **files: Any,
) -> BoardReport:
    # JSON is YAML, and says exactly what is meant
    raw = [RawFile(f"portfolios/{n}.yaml", json.dumps(u).encode()) for n, u in files.items()]
    held = [RawFile(f"reviews/{m['review']['id']}.yaml", json.dumps(m).encode()) for m in minutes]
    weighed = [
        RawFile(f"scenarios/{i}.yaml", json.dumps({"scenario": s}).encode())
        for i, s in enumerate(scenarios)
    ]
    beside = [*(read_minutes(r) for r in held), *(read_scenario(r) for r in weighed)]
    linked = link([read_file(r) for r in raw], TODAY, beside)
    return measure_board(Governed(book, linked, judge(linked, book)), only=only)


def board_with(book: RuleBook, text: str, url: str) -> BoardReport:
    """Return the board pack of a portfolio whose every text is the same one."""
    person = {"id": "p", "name": text, "side": "it"}
    outcome = {
        "id": text, "statement": text, "measure": text, "unit": text, "baseline": 1, "target": 2, "value": 5,
        "due": "2026-01-01",
        "results": [{"date": "2026-01-01", "actual": 2, "value": 1, "evidence": url}],
    }  # fmt: skip
    waiver = {"rule": "VAL-004", "reason": text, "until": "2027-01-01", "approved_by": "p"}
    items = [
        {
            "id": text, "title": text, "outcome_owner": "p", "relationship_manager": text,
            "spend": [{"year": 2026, "budget": 100, "actual": 50}], "outcomes": [outcome],
            "waivers": [waiver, waiver | {"until": "2026-01-01"}],
            "stage": "delivering", "end": "2026-11-01", "delivery_lead": "p",
        },
        {"id": "other", "title": text, "spend": [{"year": 2026, "budget": 70}]},
    ]  # fmt: skip
    action = {"what": text, "due": "2026-10-01", "owner": "p"}
    session = {
        "review": {"id": "2026-10-01-all", "date": "2026-10-01"},
        "items": [
            {
                "subject": {"kind": "investment", "id": "other"},
                "title": text, "business_unit": text,
                "decisions": [{"decision": "escalate", "by": "p", "reason": text}],
            }
        ],
    }  # fmt: skip
    changes = [{"stop": "other", "on": "2027-01-01"}]
    return board_of(
        book,
        minutes=[session],
        scenarios=[{"id": "s", "title": text, "changes": changes}],
        organisation={
            "organisation": {"id": "o", "name": text, "currency": text},
            "people": [person],
            "relationship_managers": [
                {"person": "p", "title": text, "serves": [text], "measured_by": [f"{text}/x", text]}
            ],
        },
        unit={
            "business_unit": {"id": text, "name": text, "head": text, "relationship_manager": "p"},
            "investments": items,
            "engagements": [{"date": "2026-09-01", "actions": [action]}],
        },
    )


class Page(HTMLParser):
    """Every element of a document with its attributes, its way from the root and its text."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.ways: list[tuple[str, ...]] = []
        self.styles: list[str] = []
        self.comments: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert not self._open, self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, attrs)
        self.elements.append((tag, dict(attrs)))
        self.ways.append(tuple(self._open))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.ways.append(tuple(self._open))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self._open.pop() == tag, tag

    def handle_data(self, data: str) -> None:
        where = self._open[-1] if self._open else ""
        (self.styles.append(data) if where == "style" else self.texts.append((where, data)))

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def of(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag in tags]

    def order(self, *tags: str) -> list[str]:
        return [tag for tag, _ in self.elements if tag in tags]

    def text_of(self, tag: str) -> list[str]:
        return [data for where, data in self.texts if where == tag]

    @property
    def text(self) -> str:
        return " ".join(data for _, data in self.texts)


@pytest.fixture(scope="session")
def book() -> RuleBook:
    return Flow(Repository(SAMPLE)).rules()


@pytest.fixture(scope="session")
def sample(book: RuleBook) -> BoardReport:
    governed = Flow(Repository(SAMPLE)).at(TODAY, book)
    return measure_board(governed)


@pytest.fixture(scope="session")
def html(sample: BoardReport) -> str:
    return html_of(board_pack(sample))
