"""A person, a unit or an investment that got another id is the same one."""

from __future__ import annotations

import json

import pytest

from .conftest import LENDING, ORGANISATION, RETAIL
from .silent_changes import found


def under(old: str, new: str, *, formerly: bool = False, name: str = "Ann Archer"):
    """Return the files with a person's id changed wherever it stands."""
    mark = f", formerly: [{old}]" if formerly else ""
    people = ORGANISATION.replace("{id: ann, name: Ann Archer", f"{{id: {new}, name: {name}{mark}")
    retail = RETAIL.replace("head: ann", f"head: {new}").replace(
        "outcome_owner: ann", f"outcome_owner: {new}"
    )
    retail = retail.replace("with: [ann]", f"with: [{new}]")
    return {"portfolios/organisation.yaml": people, "portfolios/retail.yaml": retail}


def changes(run, repo, revisions="HEAD~1..HEAD"):
    code, out, err = run("diff", revisions, repo.root, "--format", "json")
    assert code == 0, err
    return {
        (c["kind"], c["subject"]["id"]): [s["field"] for s in c["fields"]]
        for c in json.loads(out)["changes"]
    }


def test_a_person_whose_id_changes_twice_is_no_change_of_owner(repo, run):
    repo.commit("2027-02-01", under("ann", "aarcher"))
    repo.commit("2027-09-01", under("aarcher", "u12345"))
    assert found(run, repo.root) == {}
    assert changes(run, repo) == {("renumbered", "u12345"): []}


def test_a_person_with_another_name_too_is_told_by_what_they_were_formerly(repo, run):
    repo.commit("2027-02-01", under("ann", "ann.b", formerly=True, name="Ann Bell"))
    repo.commit("2027-09-01", under("ann.b", "ann.c", formerly=True, name="Ann Carr"))
    assert found(run, repo.root) == {}
    assert changes(run, repo) == {
        ("renumbered", "ann.c"): [],
        ("changed", "ann.c"): ["name", "formerly", "formerly"],
    }


def test_another_person_of_another_name_is_a_change_of_owner(repo, run):
    repo.commit("2027-02-01", under("ann", "una", name="Una Unger"))
    repo.commit("2027-09-01", under("una", "una.2", name="Vera Unger"))
    assert "HIS-001 RET-1" in found(run, repo.root)


def test_a_unit_with_another_id_moves_nobody(repo, run):
    files = {
        "portfolios/organisation.yaml": ORGANISATION.replace(
            "business_unit: retail", "business_unit: shops"
        ).replace("[retail,", "[shops,"),
        "portfolios/retail.yaml": RETAIL.replace("id: retail", "id: shops"),
        "portfolios/lending.yaml": LENDING,
    }
    repo.commit("2027-02-01", files)
    assert set(changes(run, repo)) == {("renumbered", "shops")}


@pytest.mark.parametrize(
    "person",
    [
        "{id: bob, name: Bob Baker, side: business, formerly: [ann]}",
        "{id: bob, name: Bob, formerly: [x1]}\n  - {id: eve, name: Eve, formerly: [x1]}",
    ],
)
def test_an_earlier_id_is_one_persons_alone(repo, run, person):
    people = ORGANISATION.replace(
        "{id: bob, name: Bob Baker, side: business, business_unit: retail}", person
    )
    repo.write({"portfolios/organisation.yaml": people})
    _, out, _ = run("check", repo.root, "--select", "REF")
    assert "REF-006" in out or "earlier id" in out


def test_who_is_named_by_an_earlier_id_is_said(repo, run):
    people = ORGANISATION.replace(
        "{id: ann, name: Ann Archer", "{id: ann.archer, name: Ann Archer, formerly: [ann]"
    )
    repo.write({"portfolios/organisation.yaml": people})
    _, out, _ = run("check", repo.root, "--select", "REF")
    assert "there is no person `ann`; that person's id is now `ann.archer`" in out
