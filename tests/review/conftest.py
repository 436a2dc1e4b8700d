"""A small repository with something to decide, a clock that is told the time, and sessions in it."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from itgov.model.minutes import Decision, ItemSubject, Reason
from itgov.review.agenda import Agenda
from itgov.review.recorder import SessionRecorder, start
from itgov.review.store import ReviewStore
from itgov.review.types import AgendaItem

from ..support.cli import Ran, run_cli
from ..support.git import GitRepo

PROJECT = Path(__file__).parent.parent.parent
TODAY = datetime.date(2026, 11, 23)

ORGANISATION = """\
organisation: {id: northwind, name: Northwind Mutual, currency: GBP}
people:
  - {id: amara.okafor, name: Amara Okafor, side: business}
  - {id: lena.fischer, name: Lena Fischer, side: business}
  - {id: tom.reyes, name: Tom Reyes, side: it}
  - {id: ines.sa, name: Inês Sá, side: business}
relationship_managers:
  - {person: lena.fischer, serves: [retail], represents: customer, position: bridge, position_since: 2024-01-01}
"""
RETAIL = """\
business_unit:
  id: retail
  name: Retail banking
  head: amara.okafor
  relationship_manager: lena.fischer
investments:
  - id: RET-001
    title: Claims platform
    stage: delivering
    outcome_owner: amara.okafor
    relationship_manager: lena.fischer
    delivery_lead: tom.reyes
    next_review: 2026-11-20   # agreed in spring
    spend:
      - {year: 2026, budget: 900000, actual: 310000}
  - id: RET-002
    title: Tape archive
    stage: live
    type: service
    spend:
      - {year: 2026, budget: 100000}
    outcomes:
      - {id: restore, statement: Records are found, measure: Hours to find one, unit: hours, baseline: 40, target: 2, due: 2026-06-30}
    waivers:
      - {rule: VAL-002, reason: Being measured, until: 2026-12-10, approved_by: amara.okafor}
engagements:
  - date: 2026-03-02
    kind: planning
    by: lena.fischer
    with: [amara.okafor]
    summary: Spring planning
    opportunities:
      - {id: kiosk, statement: Retire the kiosks, state: raised}
    actions:
      - {what: Confirm the branches, owner: amara.okafor, due: 2026-04-01}
"""


class FakeClock:
    """A clock that is told the time; `now` and `ticks` move apart as told."""

    def __init__(self) -> None:
        self.time = datetime.datetime(2026, 11, 23, 9, 0, tzinfo=datetime.UTC)
        self.tick = 1000.0

    def now(self) -> datetime.datetime:
        return self.time

    def ticks(self) -> float:
        return self.tick

    def pass_by(self, seconds: float) -> None:
        self.time += datetime.timedelta(seconds=seconds)
        self.tick += seconds


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A repository with one unit, two investments and something to decide."""
    root = tmp_path / "repo"
    (root / "portfolios").mkdir(parents=True)
    (root / "portfolios/organisation.yaml").write_text(ORGANISATION, encoding="utf-8")
    (root / "portfolios/retail.yaml").write_text(RETAIL, encoding="utf-8")
    return root


@pytest.fixture
def git(repo: Path) -> Callable[..., str]:
    """Make the repository one of git, and return a function that runs git in it."""
    made = GitRepo(repo, ("Priya Nair", "priya@example.org"))
    made.commit(title="Begin")
    return made.git


@pytest.fixture
def review(repo: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Return a function that runs `itgov review …` on the repository."""
    return lambda verb, *given: run_cli(capsys, "review", verb, *given, "--path", repo)


@pytest.fixture
def itgov(repo: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Return a function that runs another verb of `itgov` on the repository."""
    return lambda *given: run_cli(capsys, *given, repo)


def items(count: int) -> list[AgendaItem]:
    return [
        AgendaItem(
            subject=ItemSubject(kind="investment", id=f"A-{n}"),
            title=f"Thing {n}",
            business_unit="retail",
            reasons=[Reason(why="review-due", says="its review was due")],
        )
        for n in range(1, count + 1)
    ]


def subject(number: int) -> ItemSubject:
    return ItemSubject(kind="investment", id=f"A-{number}")


def note(text: str) -> Decision:
    return Decision(decision="note", reason=text)


@pytest.fixture
def store(tmp_path: Path) -> ReviewStore:
    root = tmp_path / "store"
    root.mkdir()
    return ReviewStore(root, wait=0.2)


@pytest.fixture
def recorder(store: ReviewStore, clock: FakeClock) -> SessionRecorder:
    """A seat in a session of three items, at nine o'clock."""
    session = start(store, Agenda(items(3), [], None), TODAY, "retail", clock=clock)
    return SessionRecorder(store, session.id, "priya", clock)


@pytest.fixture
def helpers() -> Any:
    """What tests of the store build sessions from."""
    import types

    return types.SimpleNamespace(
        items=items, subject=subject, note=note, TODAY=TODAY, PROJECT=PROJECT, start=start
    )


@pytest.fixture
def python() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Give a function that starts Python with a script of its own."""
    started: list[subprocess.Popen[bytes]] = []

    def run(script: str, *arguments: object) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-c", script, *map(str, arguments)],
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def opened(repo: Path, review: Callable[..., Any]) -> None:
    """A session on retail, chaired by Inês, with another unit beside it."""
    (repo / "portfolios/lending.yaml").write_text(
        "business_unit: {id: lending, name: Lending}\n"
        "investments:\n  - {id: LND-001, title: Scoring, stage: live}\n",
        encoding="utf-8",
    )
    started = review("start", "--unit", "retail", "--chair", "ines.sa", "--as-of", f"{TODAY}")
    assert started.code == 0, started.err
