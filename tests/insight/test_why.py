"""`itgov why`: every figure has an explanation, and its inputs come to it."""

from __future__ import annotations

import datetime
import json
import re
from math import fsum
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itgov.cli.main import main
from itgov.files.repository import find_repository
from itgov.insight.board import measure_board
from itgov.insight.flow import Flow
from itgov.insight.governed import Governed
from itgov.insight.why import Why
from itgov.insight.why_types import Parts, WhySubject
from itgov.report.blocks import Lines, Words
from itgov.report.board.account import account_of
from itgov.report.board.asks import asks_of_board

from ..support.random_money import ITEMS, write_portfolio
from .test_signs_recomputed import LEFT, POSTS, UNIT
from .test_signs_recomputed import write as write_relationships

SAMPLE = Path(__file__).resolve().parents[2]
DAY = datetime.date(2026, 11, 23)
AS_OF = ["--as-of", str(DAY)]
Json = dict[str, Any]


def why_of(root: Path) -> Why:
    flow = Flow(find_repository(root), workers=False)
    return Why(flow.at(DAY, flow.sound_rules(), history=True))


@pytest.fixture(scope="module")
def sample() -> Why:
    return why_of(SAMPLE)


# -- what the inputs come to, computed here once more -------------------------------------------


def come_to(parts: Parts) -> Any:
    values = [i.value for i in parts.inputs if i.value is not None]
    numbers = [float(v) for v in values if isinstance(v, int | float)]
    if parts.how == "sum":
        return fsum(numbers)
    if parts.how == "count":
        return len(parts.inputs)
    if parts.how == "mean":
        return fsum(numbers) / len(numbers) if numbers else None
    if parts.how == "least":
        return min(numbers, default=None)
    if parts.how == "greatest":
        return max(map(str, values), default=None)
    if parts.how == "days since":
        days = [datetime.date.fromisoformat(str(v)) for v in values]
        return (DAY - max(days)).days if days else None
    whole = fsum(float(i.value) for i in parts.over if isinstance(i.value, int | float))
    return max(0.0, fsum(numbers)) / whole if whole > 0 else None


def subjects(why: Why) -> list[WhySubject]:
    portfolio = why.portfolio
    names = [
        portfolio.organisation.record.id,
        *portfolio.units,
        *portfolio.people,
        *(e.record.id for e in portfolio.investments()),
        *(f"{o.facts.investment}/{o.record.id}" for o in portfolio.outcomes()),
        *(e.id for unit in portfolio.units.values() for e in unit.engagements),
    ]
    return [why.subject(name) for name in names]


def check_all(why: Why) -> None:
    for subject in subjects(why):
        for figure in why.figures(subject).values():
            parts = figure.parts()
            assert figure.words.endswith("."), (subject.id, figure.name)
            for row in (*parts.inputs, *parts.over):
                if row.figure is not None:
                    assert row.of is not None
                    assert row.figure[0] == row.of.id
                    assert row.figure[1] in why.figures(why.of(row.of)), row.figure
            if parts.how == "words":
                continue
            found, value = come_to(parts), figure.value
            if isinstance(value, int | float) and isinstance(found, int | float):
                assert found == pytest.approx(value, abs=0.005), (subject.id, figure.name)
            elif found != 0 or value is not None:
                assert found == value, (subject.id, figure.name)


def test_the_inputs_of_every_figure_of_the_sample_come_to_it(sample: Why) -> None:
    check_all(sample)


@given(
    units=st.lists(st.lists(ITEMS, max_size=3), min_size=1, max_size=2),
    month=st.sampled_from([1, 4, 10]),
)
def test_the_inputs_of_random_money_come_to_it(
    units: list[list[Json]], month: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("p")
    write_portfolio(root, units, month)
    check_all(why_of(root))


@given(posts=st.tuples(POSTS, POSTS), units=st.tuples(UNIT, UNIT), left=LEFT)
def test_the_inputs_of_random_relationships_come_to_it(
    posts: tuple[Json, Json],
    units: tuple[Any, ...],
    left: Json,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    root = tmp_path_factory.mktemp("p")
    write_relationships(root, posts, units, left)
    check_all(why_of(root))


# -- every number of the documents ----------------------------------------------------------


NO_FIGURES = re.compile(r"(^|\.)((end_)?(line|column)|schema|year)$")
"""Numbers that are places, versions of a format, and what a row is named by."""


def numbers_in(value: Any, path: str = "") -> dict[str, float]:
    """Return every number by its path; rows of a list go by what tells them from others."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return {}
    if isinstance(value, int | float):
        return {} if NO_FIGURES.search(path) else {path: value}
    found: dict[str, float] = {}
    rows = value if isinstance(value, dict) else named_rows(value)
    for key, item in rows.items():
        found |= numbers_in(item, f"{path}.{key}" if path else str(key))
    return found


_TELLS_APART = ("id", "outcome", "subject", "business_unit", "investment", "person", "unit", "year")


def named_rows(rows: list[Any]) -> dict[str, Any]:
    """Return the rows of a list by what tells them from others, the second of the same as `x.2`."""
    found: dict[str, Any] = {}
    for number, row in enumerate(rows, 1):
        name = str(number)
        if isinstance(row, dict):
            known = (row[k] for k in _TELLS_APART if k in row)
            name = next((str(n) for n in known if isinstance(n, str | int)), name)
            if "rule" in row:
                name = f"{row['rule']}.{row['subject']['id']}"
        same = sum(re.fullmatch(rf"{re.escape(name)}(\.[0-9]+)?", n) is not None for n in found)
        found[f"{name}.{same + 1}" if same else name] = row
    return found


def document(verb: str, capfd: pytest.CaptureFixture[str], *options: str) -> Json:
    assert main([verb, str(SAMPLE), "--format", "json", *AS_OF, *options]) == 0
    found: Json = json.loads(capfd.readouterr().out)
    return found


def check_numbers(why: Why, subject: str, numbers: dict[str, float]) -> None:
    figures = why.figures(why.subject(subject))
    assert numbers
    for name, value in numbers.items():
        assert name in figures, (subject, name)
        shown = figures[name].value
        assert isinstance(shown, int | float), (subject, name)
        assert shown == pytest.approx(value, abs=1e-6), (subject, name)


def test_every_number_of_value_can_be_asked(sample: Why, capfd: pytest.CaptureFixture[str]) -> None:
    told = document("value", capfd)
    whole = numbers_in(told.pop("total")) | {"fiscal_year": told["fiscal_year"]}
    whole |= {"grace_days": told["grace_days"]}
    for name in ("to_date", "purposes", "objectives", "years"):
        rows = told[name]
        if name == "purposes":
            rows = [{**row, "id": row["id"] or "none"} for row in rows]
        whole |= numbers_in({name: rows})
    check_numbers(sample, "northwind", whole)
    for unit in told["units"]:
        check_numbers(sample, unit["id"], numbers_in(unit))
    for item in told["without_line_of_sight"]:
        check_numbers(
            sample, item["id"], {"budget_total": item["budget"], "actual_total": item["actual"]}
        )


def test_every_number_of_health_can_be_asked(
    sample: Why, capfd: pytest.CaptureFixture[str]
) -> None:
    told = document("health", capfd, "--no-trend")
    check_numbers(sample, "northwind", numbers_in({"settings": told["settings"]}))
    for unit in told["units"]:
        unit["next_steps"] = {str(n): row for n, row in enumerate(unit["next_steps"], 1)}
        unit["caps"] = {str(n): row for n, row in enumerate(unit["caps"], 1)}
        check_numbers(sample, unit["id"], numbers_in(unit))


def test_every_number_of_managers_can_be_asked(
    sample: Why, capfd: pytest.CaptureFixture[str]
) -> None:
    told = document("managers", capfd)
    names = ("uncovered", "uncovered_spend", "uncredited", "opportunities")
    check_numbers(sample, "northwind", numbers_in({name: told[name] for name in names}))
    for card in (*told["managers"], *told["others"]):
        card.pop("findings", None)
        card.pop("signs", None)
        check_numbers(sample, card["person"], numbers_in(card))


def test_every_number_of_the_tree_can_be_asked(
    sample: Why, capfd: pytest.CaptureFixture[str]
) -> None:
    for unit in document("value", capfd, "--tree")["tree"]:
        for item in unit["items"]:
            outcomes = item.pop("outcomes")
            costs = {f"{c['unit']}.{c['year']}": c["cost"] for c in item.pop("unit_costs")}
            own = item.pop("money") | {"budget_total": item.pop("budget")}
            own |= {"actual_total": item.pop("actual"), "spend_to_date": item["spend_to_date"]}
            own.pop("counted_share")  # of an item a mean; its outcomes have it each
            own |= {"unit_cost": costs, "at_approval": item["at_approval"]}
            check_numbers(sample, item["id"], numbers_in(own))
            for outcome in outcomes:
                results = {r["date"]: r for r in outcome.pop("results")}
                own = outcome.pop("money") | {"value_planned": outcome.pop("value")}
                own |= {k: outcome[k] for k in ("baseline", "target")} | {"results": results}
                check_numbers(sample, f"{item['id']}/{outcome['id']}", numbers_in(own))


@pytest.mark.parametrize("step", ["quarter", "year"])
def test_every_point_of_a_curve_can_be_asked(
    sample: Why, step: str, capfd: pytest.CaptureFixture[str]
) -> None:
    options = ["--of", "claims", "--of", "CLM-001", "--of", "CLM-001/claim-cycle-time"]
    whole = document("value", capfd, "--curve", step)["curves"]
    for curve in (*whole, *document("value", capfd, "--curve", step, *options)["curves"]):
        subject = sample.subject(curve["id"])
        figures = {f.name: f for f in sample.named(subject, "curve")}
        for point in curve["points"]:
            for name, value in numbers_in(point).items():
                figure = figures[f"curve.{point['label'].replace(' ', '-')}.{name}"]
                assert figure.value == pytest.approx(value, abs=1e-6)
                parts = figure.parts()
                if parts.how == "sum":
                    assert come_to(parts) == pytest.approx(value, abs=0.005)
                for row in parts.inputs:
                    if row.figure is not None and row.of is not None:
                        assert sample.named(sample.of(row.of), row.figure[1])


def test_how_many_findings_there_are_can_be_asked(
    sample: Why, capfd: pytest.CaptureFixture[str]
) -> None:
    main(["check", str(SAMPLE), "--format", "json", *AS_OF])
    told = json.loads(capfd.readouterr().out)["summary"]
    counts = {f"finding_count.{k}": told[k] for k in ("error", "warning", "info", "waived")}
    check_numbers(sample, "northwind", counts)


# -- the verb ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subject", "figure"),
    [
        ("retail", "planned_to_date"), ("RET-001", "spend_to_date"), ("RET-001", "spend_total"),
        ("RET-001/branch-wait", "progress"), ("lena.fischer", "planned_to_date"),
        ("northwind", "purposes.run.budget.met"), ("retail", "curve.2026.planned"),
    ],
)  # fmt: skip
def test_a_figure_that_no_rule_makes_asks_no_rule(subject: str, figure: str, sample: Why) -> None:
    found = sample.governed
    why = Why(Governed(found.book, found.linked, _no_verdicts))
    (made,) = why.named(why.subject(subject), figure)
    why.explain(why.subject(subject), made)
    (same,) = sample.named(sample.subject(subject), figure)
    assert (made.value, made.words) == (same.value, same.words)


def _no_verdicts() -> NoReturn:
    raise AssertionError("the rules were asked")


def test_how_many_more_a_page_of_the_pack_leaves_to_the_appendix_can_be_asked(sample: Why) -> None:
    report = measure_board(sample.governed)
    asked = 0
    for unit in report.units:
        subject = sample.subject(unit.health.id)
        known = [f for f in sample.named(subject, "board") if f.name.endswith(".more")]
        told = [
            n for _, lines in account_of(unit, report, 3) for line in lines for n in _more(line)
        ]
        assert sorted(told) == sorted(f.value for f in known if f.value)
        asked += len(told)
    assert asked > 5
    whole = sample.subject("northwind")
    lines = [line for b in asks_of_board(report) if isinstance(b, Lines) for line in b.lines]
    told = [n for line in lines for n in _more(line)]
    known = [f for f in sample.named(whole, "board.asks") if f.name.endswith(".more") and f.value]
    assert told == [f.value for f in known] != []


def _more(line: Words) -> list[int]:
    found = re.findall(r"(?:^|and )([0-9,]+) more", str(line))
    return [int(n.replace(",", "")) for n in found]
