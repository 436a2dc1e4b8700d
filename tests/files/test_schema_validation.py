"""Data validated in parts has the errors that it has as a whole, and what is wrong is counted."""

from __future__ import annotations

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itgov.files import schema_validation
from itgov.files.schema_validation import is_date, schema_errors, strict_schema
from itgov.model.types import UnitFile

from ..support.examples import many

WHOLE = jsonschema_rs.Draft202012Validator(
    strict_schema(UnitFile), validate_formats=True, formats={"date": is_date}
)


def all_errors(errors):
    """Return route and kind of errors; of alternatives, of the one that is no matter of type."""
    found = []
    for error in errors:
        here = tuple(error.instance_path)
        fitting = [
            branch
            for branch in (error.kind.context if error.kind.name == "anyOf" else [])
            if not any(e.kind.name == "type" and tuple(e.instance_path) == here for e in branch)
        ]
        if fitting:
            found += all_errors(fitting[0])
        else:
            found.append((here, error.kind.name, getattr(error.kind, "property", None)))
    return found


anything = st.sampled_from([1, "x", {}, [], [1], {"id": 3}, {"id": "x", "on": "2026-02-30"}])
dates = st.sampled_from(["2026-01-01", "tomorrow", 3])


def lists(items):
    return st.lists(st.one_of(items, anything), max_size=7)


def records(**fields):
    return st.fixed_dictionaries({}, optional=fields | {"unknown": lists(anything)})


outcomes = records(
    id=st.just("o"), due=dates, results=lists(records(date=dates, actual=st.just(1)))
)
units = records(
    business_unit=st.one_of(
        st.just("x"),
        anything,
        records(id=st.just("x"), relationship_levels=lists(records(on=dates, business=st.just(9)))),
    ),
    investments=lists(
        records(
            id=st.just("A"),
            title=st.just("T"),
            outcomes=lists(outcomes),
            spend=lists(records(year=st.just("x"))),
        )
    ),
    engagements=lists(records(date=dates, **{"with": lists(st.just("a"))})),
)


@settings(max_examples=many(300))
@given(units, st.integers(1, 4))
def test_parts_have_the_errors_of_the_whole(data, largest):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema_validation, "LARGEST", largest)
        found = [
            (here, error.kind.name, getattr(error.kind, "property", None))
            for here, error in schema_errors(data, UnitFile)
        ]
    assert sorted(found, key=str) == sorted(all_errors(WHOLE.iter_errors(data)), key=str)


def test_thousands_of_items_without_an_id_are_told_and_counted_and_the_others_kept(load):
    file = load(
        "business_unit: {id: retail}\ninvestments:\n"
        + "- {}\n" * 1_500
        + "- {id: A, title: B, outcomes: [{}, {id: o, due: soon}]}\n"
        + "- {}\n" * 1_500
    )
    (investment,) = file.content.investments
    assert (investment.id, [o.id for o in investment.outcomes]) == ("A", ["o"])
    said = [p.message for p in file.read.problems if p.code == "MOD-002"]
    assert said[0] == "`id` is missing in an item of `investments`"
    assert said[-1] == "and 5,901 more of MOD-002 in this file"
    assert [p.code for p in file.read.problems if p.code != "MOD-002"] == ["MOD-005"]


@pytest.mark.parametrize("count", [1, 150])
def test_a_blank_item_of_a_list_is_told(load, count):
    file = load("business_unit: {id: retail}\ninvestments:\n" + "-\n" * count)
    told = [p for p in file.read.problems if p.code == "MOD-008"]
    assert file.read.document.position(told[0].start) == (3, 2)
    assert len(told) == min(count, 101)
    if count > 100:
        assert told[-1].message == "and 50 more of MOD-008 in this file"
