"""`--filter` on the command line: what it finds, what it covers, what it refuses."""

from __future__ import annotations

import datetime
import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from itgov.files.repository import find_repository
from itgov.insight.flow import Flow
from itgov.insight.governed import Governed
from itgov.insight.value import measure_value, value_tree
from itgov.model.filtered import Filtered, FoundItems

from ..support.cli import run_cli

PROJECT = Path(__file__).parent.parent.parent
AS_OF = ("--as-of", "2026-11-23")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Any:
    return lambda *arguments: run_cli(capsys, *arguments, *AS_OF)


def test_check_shows_the_findings_on_what_the_filter_finds(run: Any) -> None:
    ran = run("check", PROJECT, "--filter", "owner:-", "--format", "json")
    found = json.loads(ran.out)
    assert {f["subject"]["id"].partition("/")[0] for f in found["findings"]} == {
        "OPS-017",
        "PPL-003",
    }
    assert found["filtered"] == {
        "filter": "owner:-",
        "items": 2,
        "of": found["summary"]["investments"],
    }
    assert ran.code == 1
    assert "Filter: 2 of 69 items; " in ran.err
    assert "on other items, or on no item, left out" in ran.err


def test_check_says_what_share_its_verdict_covers(run: Any) -> None:
    assert (
        "in 2 of 69 investments (filter `owner:-`)"
        in run("check", PROJECT, "--filter", "owner:-").out
    )
    none = run("check", PROJECT, "--filter", "id:none-such")
    assert none.out.startswith("Nothing checked: the filter finds 0 of 69 investments")
    assert none.code == 2


@pytest.mark.parametrize("verb", ["check", "value"])
@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("review:<2026-13", "--filter: `2026-13` is not a date"),
        ("spend:>abc", "--filter: `abc` is not an amount"),
        ("onwer:amara", "--filter: There is no field `onwer`; did you mean `owner`?"),
        ("o:amara", "--filter: `o` may be owner, "),
        ("", "names nothing to find"),
        ("or", "names nothing to find"),
        ("stage:", "names nothing to find"),
    ],
)
def test_a_filter_that_cannot_be_meant_is_refused(
    run: Any, verb: str, text: str, problem: str
) -> None:
    ran = run(verb, PROJECT, "--filter", text)
    assert (ran.code, ran.out) == (2, "")
    assert problem in ran.err


def test_what_a_filter_would_hide_silently_is_refused(run: Any) -> None:
    for verb, *options in (["check", "--statistics"], ["check", "--policy", "HEAD"], ["value", "--curve", "year"]):  # fmt: skip
        ran = run(verb, PROJECT, "--filter", "stage:live", *options)
        assert (ran.code, ran.out) == (2, "")
        assert "--filter" in ran.err


def test_value_says_what_share_its_figures_cover(run: Any) -> None:
    for more in ((), ("--tree",)):
        assert (
            "2 of 69 items: filter `owner:-`"
            in run("value", PROJECT, "--filter", "owner:-", *more).out
        )
    found = json.loads(run("value", PROJECT, "--filter", "owner:-", "--format", "json").out)
    assert found["filtered"] == {"filter": "owner:-", "items": 2, "of": 69}
    assert found["total"]["items"] == 2
    assert "filtered" not in json.loads(run("value", PROJECT, "--format", "json").out)


@pytest.fixture(scope="module")
def governed() -> Governed:
    return Flow(find_repository(PROJECT)).at(datetime.date(2026, 11, 23))


@given(data=st.data())
def test_figures_of_two_parts_add_up_to_those_of_all(governed: Governed, data: Any) -> None:
    linked = governed.linked
    ids = [entry.record.id for entry in linked.portfolio.investments()]
    some = frozenset(data.draw(st.lists(st.sampled_from(ids), unique=True)))
    parts = [
        FoundItems(Filtered("x", len(chosen), len(ids)), chosen)
        for chosen in (some, frozenset(ids) - some)
    ]
    whole, one, two = measure_value(linked), *(measure_value(linked, part) for part in parts)
    assert one.total.items == len(some)
    assert one.total.items + two.total.items == whole.total.items
    for sums in ("budget", "actual"):
        found = [sum(structs.astuple(getattr(r.total, sums))) for r in (one, two, whole)]
        assert found[0] + found[1] == pytest.approx(found[2])
    assert {n.id for n in one.without} == {n.id for n in whole.without if n.id in some}
    assert {u.id for u in one.units} == {
        unit.record.id
        for unit in linked.portfolio.units.values()
        if some & {e.record.id for e in unit.investments}
    }
    trees = [
        {u.id: (u.budget, [i.id for i in u.items]) for u in value_tree(linked, None, part)}
        for part in parts
    ]
    for unit in value_tree(linked):
        budgets, items = zip(*(tree.get(unit.id, (0, [])) for tree in trees), strict=True)
        assert sum(budgets) == pytest.approx(unit.budget)
        assert sorted(itertools.chain(*items)) == sorted(i.id for i in unit.items)


def test_the_share_is_of_the_unit_that_is_asked_for(run: Any, tmp_path: Path) -> None:
    tree = run("value", PROJECT, "--tree", "--unit", "operations", "--filter", "owner:-")
    assert "1 of 12 items: filter" in tree.out
    ran = run(
        "export",
        PROJECT,
        "--unit",
        "operations",
        "--filter",
        "owner:-",
        "--output",
        tmp_path / "t.xlsx",
    )
    assert "Filter: 1 of 12 items of `operations`." in ran.err
