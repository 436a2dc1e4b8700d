"""What is written is read back as it was, by readers of YAML 1.1 and 1.2."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from itgov.files import write
from itgov.files.reader import read
from itgov.model.types import Investment, Result, Spend

from ..support.examples import many

AWKWARD = [
    *("yes", "no", "on", "off", "y", "n", "12:30", "0777", "0x1f", "0o7", "1e5", "1_000"),
    *("2020-01-01", ".inf", ".nan", "~", "null", "=", "<<", "---", "...", "-", "?", ":"),
    *("#a", "a:b", "a#b", "1.5", "+1", "?a", "-a", ":a"),
]
TEXTS = st.one_of(
    st.text(max_size=300),
    st.text(
        alphabet=" ab:#-\n\t'\"\\{}[],&*!|>%@`?.0129eExyn~=<\r\x85\u2028\u2029é£\xa0\ufeff",
        max_size=250,
    ),
    st.sampled_from(AWKWARD),
)
KEYS = TEXTS.map(lambda s: write.clean(s)[:60])
SCALARS = st.one_of(
    TEXTS,
    st.integers(-(10**15), 10**15),
    st.floats(allow_nan=False, min_value=-1e18, max_value=1e18),
    st.booleans(),
    st.dates(min_value=datetime.date(1000, 1, 1)),
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4),
        st.dictionaries(KEYS, inner, min_size=1, max_size=4),
        st.dictionaries(KEYS, inner, min_size=1, max_size=3).map(write.FlowMapping),
    ),
    max_leaves=8,
)


def said(value: Any) -> Any:
    """A value as a reader gives it: dates as text, control characters gone."""
    if isinstance(value, str):
        return write.clean(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, dict):
        return {k: said(v) for k, v in value.items()}
    return [said(v) for v in value] if isinstance(value, list) else value


@settings(max_examples=many(400))
@given(VALUES)
def test_round_trip(value: Any) -> None:
    text = write.document({"custom": {"v": value, "w": [value, {"x": value}]}})
    _, data, problems = read("x.yaml", text.encode())
    assert problems == []
    assert data["custom"] == {"v": said(value), "w": [said(value), {"x": said(value)}]}
    old = yaml.load(text, yaml.CSafeLoader)  # a reader of YAML 1.1
    assert said(old)["custom"]["v"] == said(value)


@pytest.mark.parametrize("text", ["plain", "two words", "a:b", "a#b", "it's", "£5 – café", "a, b"])
def test_no_quotes_where_none_are_needed(text: str) -> None:
    assert write.text(text) == text


@pytest.mark.parametrize(
    "text", [*AWKWARD[:25], "1.5", "+1", "a: b", "a #b", " a", "a ", "", "@a", "%a"]
)
def test_quotes_where_they_are_needed(text: str) -> None:
    assert write.text(text)[0] in "'\""


def test_a_record_reads_well() -> None:
    record = Investment(
        id="A-1",
        title="Claims: the platform",
        summary="Lets a policy holder file and follow a claim without calling " * 2 + "anybody",
        start=datetime.date(2025, 4, 1),
        spend=[Spend(year=2025, budget=400000, actual=1.5)],
        custom={"tbm_tower": "Applications", "note": "One.\nTwo."},
    )
    assert write.document({"investments": [write.plain(record)]}, "portfolio") == (
        "# yaml-language-server: $schema=../schema/portfolio.schema.json\n"
        "investments:\n"
        "  - id: A-1\n"
        '    title: "Claims: the platform"\n'
        "    summary: >-\n"
        "      Lets a policy holder file and follow a claim without calling Lets a policy holder "
        "file and\n"
        "      follow a claim without calling anybody\n"
        "    start: 2025-04-01\n"
        "    spend:\n"
        "      - {year: 2025, budget: 400000, actual: 1.5}\n"
        "    custom:\n"
        "      tbm_tower: Applications\n"
        "      note: |-\n"
        "        One.\n"
        "        Two.\n"
    )


def test_results_stand_on_one_line() -> None:
    result = Result(date=datetime.date(2026, 6, 30), actual=12.5, evidence="https://example.org/q")
    line = write.scalar(write.plain(result))
    assert line == '{date: 2026-06-30, actual: 12.5, evidence: "https://example.org/q"}'
