"""Every field of every record is compared; nothing but a difference is."""

from __future__ import annotations

import datetime
import types
import typing
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from itgov.insight.diff_records import steps
from itgov.insight.diff_words import Words
from itgov.model import types as model
from itgov.model.portfolio import OrganisationEntry, Portfolio, Source
from itgov.model.unit_facts import OrganisationFacts

WORDS = Words(
    *[
        Portfolio(
            datetime.date(2026, 1, 1),
            OrganisationEntry(model.Organisation(id="o"), OrganisationFacts(), Source("", ())),
            {},
            {},
            {},
        )
    ]
    * 2
)
RECORDS = (
    model.Organisation, model.Person, model.RelationshipManager, model.BusinessUnit,
    model.Investment, model.Outcome, model.Engagement,
)  # fmt: skip


def plainest(kind: type[msgspec.Struct], number: int = 0) -> Any:
    """Return a record with only what is required."""
    values = {f.name: value(f.type, number) for f in msgspec.structs.fields(kind) if f.required}
    return kind(**values)


def value(hint: Any, number: int) -> Any:
    """Return the `number`-th value of a field's type."""
    origin = typing.get_origin(hint)
    if origin is typing.Annotated:
        return value(typing.get_args(hint)[0], number)
    if origin in (typing.Union, types.UnionType):
        return value(next(a for a in typing.get_args(hint) if a is not type(None)), number)
    if origin is typing.Literal:
        options = typing.get_args(hint)
        return options[number % len(options)]
    if origin is list:
        return [value(typing.get_args(hint)[0], number)]
    if origin is dict:
        return {"key": f"text {number}"}
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        made = plainest(hint, number)
        for field in msgspec.structs.fields(hint):
            made = msgspec.structs.replace(made, **{field.name: value(field.type, number)})
        return made
    simple = {str: f"text {number}", int: number + 1, float: number + 0.5, bool: bool(number % 2)}
    return simple.get(hint, datetime.date(2026, 1, number + 1))


@pytest.mark.parametrize("kind", RECORDS)
def test_every_field_that_differs_is_said(kind):
    for field in msgspec.structs.fields(kind):
        one, two = (
            msgspec.structs.replace(plainest(kind), **{field.name: value(field.type, n)})
            for n in (0, 1)
        )
        name = field.name.rstrip("_")
        for before, after in ((one, two), (two, one), (plainest(kind), two), (two, plainest(kind))):
            if getattr(before, field.name) == getattr(after, field.name):
                continue
            found = list(steps(before, after, WORDS))
            assert found, field.name
            assert all(s.field.split(".")[0] == name for s in found), field.name
            assert all(s.text and s.before != s.after for s in found)


@pytest.mark.parametrize("kind", RECORDS)
def test_equal_records_say_nothing(kind):
    full = value(kind, 3)
    assert list(steps(full, value(kind, 3), WORDS)) == []


items = st.lists(
    st.builds(
        model.Waiver,
        rule=st.sampled_from(["A-001", "B-001"]),
        reason=st.sampled_from([None, "one", "two"]),
    ),
    max_size=6,
)


@given(items, st.randoms(use_true_random=False))
def test_order_is_no_difference(waivers, chance):
    shuffled = list(waivers)
    chance.shuffle(shuffled)
    one = model.Investment(id="a", title="a", waivers=waivers)
    two = model.Investment(id="a", title="a", waivers=shuffled)
    assert list(steps(one, two, WORDS)) == []


@given(items, items)
def test_every_difference_of_two_lists_is_said_both_ways(old, new):
    one = model.Investment(id="a", title="a", waivers=old)
    two = model.Investment(id="a", title="a", waivers=new)
    there, back = list(steps(one, two, WORDS)), list(steps(two, one, WORDS))
    assert bool(there) == bool(back)
    assert bool(there) == (sorted(map(repr, old)) != sorted(map(repr, new)))
    assert len(there) == len(back)
