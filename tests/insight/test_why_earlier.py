"""`itgov why` of scenarios, differences and points of a trend: every number has an explanation."""

from __future__ import annotations

import datetime
import json
import re
import shutil
from collections.abc import Callable
from typing import Any

import pytest
from msgspec import Struct

from itgov.cli.main import main
from itgov.files.repository import find_repository
from itgov.insight.board import measure_board
from itgov.insight.flow import Flow
from itgov.insight.past import earlier_states
from itgov.insight.scenario_types import Weighed
from itgov.insight.why import Why
from itgov.insight.why_subjects import NoFigure
from itgov.insight.why_types import WhySubject
from itgov.model.finding import Finding

from ..support.git import GitRepo
from ..support.sample_history import SAMPLE, sample_history
from .test_why import come_to, numbers_in

pytestmark = pytest.mark.slow

DAY = datetime.date(2026, 11, 23)
SINCE = "HEAD~6"
Json = dict[str, Any]
Told = Callable[..., Json]


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    repo = sample_history(tmp_path_factory.mktemp("sample") / "northwind")
    shutil.copytree(SAMPLE / "scenarios", repo.root / "scenarios")
    path = repo.root / "portfolios/lending.yaml"
    text = path.read_text(encoding="utf-8")
    changed = text.replace("budget: ", "budget: 1", 1).replace("value: ", "value: 1", 1)
    assert changed != text
    path.write_text(changed, encoding="utf-8")
    return repo


@pytest.fixture(scope="module")
def why(repo: GitRepo) -> Why:
    repository = find_repository(repo.root)
    flow = Flow(repository, workers=False)
    book = flow.sound_rules()
    history = earlier_states(repository, book, SINCE, DAY)
    return Why(flow.at(DAY, book, history=True), None, history)


@pytest.fixture
def told(repo: GitRepo, capfd: pytest.CaptureFixture[str]) -> Told:
    def tell(verb: str, *words: str) -> Json:
        assert main([verb, *words, "--format", "json"]) == 0
        found: Json = json.loads(capfd.readouterr().out)
        return found

    return tell


def check(why: Why, subject: WhySubject, name: str, value: float) -> None:
    """Look a figure up by the name it has in JSON, compare it, and add its inputs up again."""
    figures = {f.name: f for f in why.named(subject, name)}
    assert name in figures, (subject.id, name)
    figure = figures[name]
    assert figure.value == pytest.approx(value, abs=1e-6), (subject.id, name)
    parts = figure.parts()
    if parts.how in ("sum", "count", "ratio", "mean") and (parts.inputs or value):
        assert come_to(parts) == pytest.approx(value, abs=0.005), (subject.id, name)
    for row in (*parts.inputs, *parts.over):
        if row.figure is not None and row.of is not None:
            assert row.figure[0] == row.of.id
            assert why.named(why.of(row.of), row.figure[1])


def test_every_number_of_a_scenario_can_be_asked(why: Why, repo: GitRepo, told: Told) -> None:
    document = told("what-if", str(repo.root), "--as-of", str(DAY))
    assert len(document["scenarios"]) == 2
    kinds: set[str] = set()  # a scenario may move nobody's health or load
    for scenario in document["scenarios"]:
        subject = why.subject(scenario["id"])
        for change in scenario["changes"]:
            del change["change"]  # as the file says it
        numbers = numbers_in(scenario)
        kinds |= {n.partition(".")[0] for n in numbers}
        for name, value in numbers.items():
            check(why, subject, name, value)
        for total in ("freed", "added", "lost", "gained"):
            kind = "money" if total in ("freed", "added") else "value"
            check(why, subject, total, sum(row[total] for row in scenario[kind]))
    assert kinds >= {"money", "value", "health", "managers"}


def test_an_input_of_a_scenario_names_the_line_and_the_change(why: Why, repo: GitRepo) -> None:
    [figure] = why.named(why.subject("scenario:app-later"), "money.2026.freed")
    parts = figure.parts()
    [row] = parts.inputs
    assert row.place is not None
    line = (repo.root / row.place.path).read_text(encoding="utf-8").splitlines()[row.place.line - 1]
    assert "year: 2026" in line
    [said] = [s for s in parts.assumed if s.startswith("DIG-010")]
    at = re.search(r"\((.+):(\d+)\)$", said)
    assert at is not None
    text = (repo.root / at[1]).read_text(encoding="utf-8").splitlines()[int(at[2]) - 1]
    assert "delay: DIG-010" in text


def test_every_number_of_what_could_be_stopped_can_be_asked(
    why: Why, repo: GitRepo, told: Told
) -> None:
    asked = ("--free", "5m", "--year", "2027", "--as-of", str(DAY))
    document = told("what-if", str(repo.root), *asked)
    whole = why.subject("northwind")
    check(why, whole, "free.2027.without_spend", document["without_spend"])
    assert document["ranked"]
    for row in document["ranked"]:
        for name, value in numbers_in(row).items():
            check(why, why.subject(row["investment"]), f"free.2027.{name}", value)
    for row in document["not_ranked"]:
        check(why, why.subject(row["investment"]), "free.2027.freed", row["freed"])


_NAMES = {"investments": "items", "budget": "budget_total", "findings": "finding_count.open"}
"""Figures of one side of a difference, by their names as any day's."""


def test_every_number_of_a_difference_can_be_asked(why: Why, repo: GitRepo, told: Told) -> None:
    document = told("diff", SINCE, str(repo.root), "--as-of", str(DAY))
    whole = why.subject("northwind")
    assert any(row["budget"] for row in document["money"])
    assert any(row["planned"] for row in document["money"])
    for name, value in numbers_in({"money": document["money"]}).items():
        check(why, whole, f"diff.{name.removeprefix('money.')}", value)
    for side in ("before", "after"):
        numbers = numbers_in(document[side])
        assert numbers.keys() == _NAMES.keys()
        for name, value in numbers.items():
            check(why, whole, f"diff.{side}.{_NAMES[name]}", value)
        for unit in document["units"]:
            for name, value in numbers_in(unit[side]).items():
                check(why, why.subject(unit["id"]), f"diff.{side}.{name}", value)
    of_unit = told("diff", SINCE, str(repo.root), "--unit", "lending", "--as-of", str(DAY))
    for name, value in numbers_in({"money": of_unit["money"]}).items():
        check(why, why.subject("lending"), f"diff.{name.removeprefix('money.')}", value)


def as_named_today(name: str) -> str:
    """Return the name that a figure of a point of a trend has as any day's figure."""
    if name == "investments":
        return "items"
    if name == "level":
        return "levels"
    return re.sub(r"^value\.", "", re.sub(r"^findings\.", "finding_count.", name))


def test_every_number_of_a_trend_can_be_asked(why: Why, repo: GitRepo, told: Told) -> None:
    document = told("trend", str(repo.root), "--since", "2026-10", "--manager", "idris")
    whole, person = why.subject("northwind"), why.subject("idris.bello")
    assert document["points"]
    for point in document["points"]:
        at = f"trend.{point['label']}"
        manager, units = point.pop("manager"), point.pop("units")
        assert manager is not None
        for subject, row in ((whole, point), (person, manager)):
            for name, value in numbers_in(row).items():
                check(why, subject, f"{at}.{as_named_today(name)}", value)
        for row in units:
            for name, value in numbers_in(row).items():
                check(why, why.subject(row["id"]), f"{at}.{as_named_today(name)}", value)


def test_an_earlier_figure_says_of_which_commit_it_is(why: Why, repo: GitRepo) -> None:
    commit = repo.git("rev-parse", "HEAD~2").strip()[:10]
    [figure] = why.named(why.subject("retail"), f"trend.{commit}.score")
    parts = figure.parts()
    assert any(commit in said for said in parts.assumed)
    [row] = [i for i in parts.inputs if i.says == "measured"]
    assert row.figure == ("retail", f"trend.{commit}.measured")


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        ("trend.nosuch.score", "nosuch"),
        ("trend.2019-01.score", "2019-01"),
        ("diff.nosuch", "nosuch"),
    ],
)
def test_a_point_that_is_not_there_is_refused(why: Why, figure: str, said: str) -> None:
    with pytest.raises(NoFigure, match=said):
        why.named(why.subject("retail"), figure)


@pytest.mark.parametrize("of", ["lending", "LEN-001", "LEN-001/time-to-offer", "northwind"])
def test_the_plan_at_approval_of_a_curve_can_be_asked(
    why: Why, repo: GitRepo, told: Told, of: str
) -> None:
    options = () if of == "northwind" else ("--of", of)
    for step in ("quarter", "year"):
        day = ("--as-of", str(DAY))
        [curve] = told("value", str(repo.root), "--curve", step, *options, *day)["curves"]
        assert any(point["planned_at_approval"] for point in curve["points"])
        for point in curve["points"]:
            name = f"curve.{point['label'].replace(' ', '-')}.planned_at_approval"
            check(why, why.subject(of), name, point["planned_at_approval"])


def leaves(value: Any, path: str = "") -> dict[str, float]:
    """Return every number of typed results by its path; rows of a list by their number from 1."""
    if isinstance(value, bool):
        return {}
    if isinstance(value, int | float):
        return {path: value}
    if isinstance(value, Finding | Weighed):
        return {}  # each has figures of its own
    rows: dict[str, Any] = {}
    if isinstance(value, Struct):
        rows = {f: getattr(value, f) for f in value.__struct_fields__}
    elif isinstance(value, list | tuple):
        rows = {str(n): row for n, row in enumerate(value, 1)}
    found: dict[str, float] = {}
    for name, row in rows.items():
        found |= leaves(row, f"{path}.{name}")
    return found


def test_every_number_that_only_the_board_pack_has_can_be_asked(why: Why) -> None:
    report = measure_board(why.governed)
    whole = why.subject("northwind")
    assert report.asks.vacancies
    assert report.asks.attention
    for name, value in leaves(report.asks, "board.asks").items():
        check(why, whole, name, value)
    for name, value in leaves(report.top, "board.top").items():
        check(why, whole, name, value)
    for name in ("sessions", "items", "decided"):
        check(why, whole, f"board.decisions.{name}", getattr(report.decisions, name))
    assert leaves(report.counts) == {}
    for severity, count in report.counts.items():
        check(why, whole, f"finding_count.{severity}", count)
    for unit in report.units:
        subject = why.subject(unit.health.id)
        for name, value in leaves(unit.asks, "board.asks").items():
            check(why, subject, name, value)
        check(why, subject, "engagement_count", unit.engagements)
        check(why, subject, "engagements_not_counted", unit.engagements_not_counted)
        outcomes = [o.reach for item in unit.items for o in item.node.outcomes]
        check(why, subject, "board.outcomes.all", len(outcomes))
        check(why, subject, "board.outcomes.met", outcomes.count("met"))
        improved = outcomes.count("met") + outcomes.count("moved")
        check(why, subject, "board.outcomes.improved", improved)
