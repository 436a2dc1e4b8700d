"""Who held a post, as commits named them; and `held` against what git knows."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from itgov.files.repository import find_repository
from itgov.insight.flow import Flow
from itgov.model.tenure import Tenures

from ..support.cli import Run
from ..support.git import GitRepo
from .conftest import ORGANISATION, RETAIL
from .silent_changes import edited, found
from .test_same_person import under

OWNED = ("outcome_owner: ann", "outcome_owner: bob")
SERVED = ("title: Claims platform\n", "title: Claims platform\n    held: HELD\n")
Told = list[tuple[str | None, str | None, str | None, str]]


def held(*rows: str) -> tuple[str, str]:
    return SERVED[0], SERVED[1].replace("HELD", f"[{', '.join(rows)}]")


def told(root: Path, role: str, day: str = "2028-06-30", item: str = "RET-1") -> Told:
    flow = Flow(find_repository(root))
    portfolio = flow.at(datetime.date.fromisoformat(day)).linked.portfolio
    unit = portfolio.units["retail"]
    entry = next(e for e in unit.investments if e.record.id == item)
    spans = Tenures(portfolio).of_item(entry, unit, role)  # type: ignore[arg-type]
    return [
        (s.person, s.from_ and str(s.from_), s.to and str(s.to), s.gap or s.source) for s in spans
    ]


def test_a_commit_that_names_another_ends_a_tenure(repo: GitRepo) -> None:
    repo.commit("2027-03-01", edited(OWNED))
    assert told(repo.root, "outcome_owner") == [
        ("ann", None, "2026-01-14", "assumed"),
        ("ann", "2026-01-15", "2027-02-28", "git"),
        ("bob", "2027-03-01", None, "git"),
    ]
    assert told(repo.root, "outcome_owner", "2027-02-01") == [
        ("ann", None, "2026-01-14", "assumed"),
        ("ann", "2026-01-15", None, "git"),
    ]


def test_a_blank_is_vacant_and_an_uncommitted_change_begins_today(repo: GitRepo) -> None:
    repo.commit("2027-03-01", edited(("    outcome_owner: ann\n", "")))
    repo.commit("2027-04-01", edited(OWNED))
    repo.write(edited())
    assert told(repo.root, "outcome_owner") == [
        ("ann", None, "2026-01-14", "assumed"),
        ("ann", "2026-01-15", "2027-02-28", "git"),
        (None, "2027-03-01", "2027-03-31", "vacant"),
        ("bob", "2027-04-01", "2028-06-29", "git"),
        ("ann", "2028-06-30", None, "git"),
    ]


def test_another_id_is_the_same_person(repo: GitRepo) -> None:
    repo.commit("2027-02-01", under("ann", "aarcher"))
    repo.commit("2027-09-01", under("aarcher", "u12345"))
    assert told(repo.root, "outcome_owner") == [
        ("u12345", None, "2026-01-14", "assumed"),
        ("u12345", "2026-01-15", None, "git"),
    ]
    repo.commit("2027-10-01", edited(("outcome_owner: ann", "outcome_owner: liz")))
    repo.commit("2027-11-01", edited(("outcome_owner: ann", "outcome_owner: u12345")))
    assert told(repo.root, "outcome_owner")[1:] == [
        ("u12345", "2026-01-15", "2027-09-30", "git"),
        ("liz", "2027-10-01", "2027-10-31", "git"),
        ("u12345", "2027-11-01", None, "git"),
    ]


def test_an_item_that_named_nobody_was_its_units(repo: GitRepo) -> None:
    item, unit = (
        "    relationship_manager: liz\n    spend:\n      - {year: 2026, budget: 50000}",
        "head: ann, relationship_manager: liz",
    )
    without = (item, item.replace("    relationship_manager: liz\n", ""))
    repo.commit("2027-03-01", edited(without))
    repo.commit("2027-05-01", edited(without, (unit, unit.replace("liz", "bob"))))
    repo.commit("2027-07-01", edited((unit, unit.replace("liz", "bob"))))
    assert told(repo.root, "relationship_manager", item="RET-2")[1:] == [
        ("liz", "2026-01-15", "2027-04-30", "git"),
        ("bob", "2027-05-01", "2027-06-30", "git"),
        ("liz", "2027-07-01", None, "git"),
    ]


def test_held_is_told_before_git_and_git_after_it(repo: GitRepo) -> None:
    rows = "{role: outcome_owner, person: bob, from: 2025-01-01, to: 2026-02-10}"
    repo.commit("2027-03-01", edited(OWNED, held(rows)))
    assert told(repo.root, "outcome_owner") == [
        (None, None, "2024-12-31", "not recorded"),
        ("bob", "2025-01-01", "2026-02-10", "held"),
        ("ann", "2026-02-11", "2027-02-28", "git"),
        ("bob", "2027-03-01", None, "git"),
    ]


@pytest.mark.parametrize(
    ("last", "says"),
    [
        ("2026-02-14", None),
        ("2026-02-15", "git names ann, from 2026-01-15 to 2026-02-15"),
        ("2027-06-30", "git names ann, from 2026-01-15 to 2027-02-28"),
    ],
)
def test_held_against_git_names_both(repo: GitRepo, run: Run, last: str, says: str | None) -> None:
    repo.commit("2027-03-01", edited(OWNED))
    row = f"{{role: outcome_owner, person: bob, from: 2025-01-01, to: {last}}}"
    repo.commit("2027-12-01", edited(OWNED, held(row)))
    said = found(run, repo.root, day="2027-12-31").get("HIS-011 RET-1")
    assert (said is None) == (says is None)
    if said is not None and says is not None:
        assert "of Claims platform to bob" in said["message"]
        assert says in said["message"]


def test_a_units_held_is_compared_too_but_not_a_blank_or_the_same_person(
    repo: GitRepo, run: Run
) -> None:
    row = "held: [{role: relationship_manager, person: PERSON, from: 2025-01-01, to: 2027-01-31}]"
    there = "relationship_manager: liz}"
    for person, rules in (
        ("tom", {"HIS-011 RET-1", "HIS-011 RET-2", "HIS-012 retail"}),
        ("liz", set()),
    ):
        change = (there, f"relationship_manager: liz, {row.replace('PERSON', person)}}}")
        repo.commit("2027-12-01", edited(change))
        assert set(found(run, repo.root)) == rules
    people = ORGANISATION.replace("{id: liz,", "{id: liz, formerly: [l.lane],")
    change = (there, f"relationship_manager: liz, {row.replace('PERSON', 'l.lane')}}}")
    repo.commit("2027-12-02", {"portfolios/organisation.yaml": people, **edited(change)})
    assert set(found(run, repo.root)) == set()
    assert RETAIL.count("relationship_manager: liz") == 3
