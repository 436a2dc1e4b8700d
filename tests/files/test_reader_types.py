"""Plain scalars by the YAML 1.2 core schema, and what counts as missing."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ..support.examples import many


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"),
        ("NO", "NO"),
        ("yes", "yes"),
        ("on", "on"),
        ("off", "off"),
        ("y", "y"),
        ("n", "n"),
        ("12:30", "12:30"),
        ("1:30:00", "1:30:00"),
        ("0777", 777),
        ("007", 7),
        ("0o17", 15),
        ("0O17", "0O17"),
        ("0o18", "0o18"),
        ("0x1F", 31),
        ("0xg", "0xg"),
        ("+0x1F", "+0x1F"),
        ("0b11", "0b11"),
        ("1e3", 1000.0),
        ("1E3", 1000.0),
        ("1e+3", 1000.0),
        ("1e", "1e"),
        ("1_000", "1_000"),
        ("1,000", "1,000"),
        (".5", 0.5),
        ("-.5", -0.5),
        ("5.", 5.0),
        (".", "."),
        ("..", ".."),
        ("+", "+"),
        ("+1", 1),
        ("-0", 0),
        ("--1", "--1"),
        ("1.2.3", "1.2.3"),
        ("1-2", "1-2"),
        ("true", True),
        ("True", True),
        ("TRUE", True),
        ("tRUE", "tRUE"),
        ("false", False),
        ("False", False),
        ("nULL", "nULL"),
        ("none", "none"),
        ("2026-03-31", "2026-03-31"),
        ("2026-03-31T10:00:00Z", "2026-03-31T10:00:00Z"),
        ("١٢", "١٢"),
        ("=", "="),
        ("9223372036854775807", 2**63 - 1),
        ("-9223372036854775808", -(2**63)),
        ("0x7fffffffffffffff", 2**63 - 1),
        ("1e-400", 0.0),
        ("'1'", "1"),
        ('"true"', "true"),
        ("'~'", "~"),
        ("''''", "'"),
        ('"\\u00e9\\x41"', "éA"),
    ],
)
def test_a_scalar_has_the_type_of_the_core_schema(read_text, written, meant):
    seen = read_text(f"a: {written}\nb: [{written}]\n" if "," not in written else f"a: {written}\n")
    assert not seen.problems
    assert seen.data["a"] == meant
    assert type(seen.data["a"]) is type(meant)
    if "b" in seen.data:
        assert seen.data["b"] == [meant]
        assert type(seen.data["b"][0]) is type(meant)


@pytest.mark.parametrize(
    "blank",
    ["", "~", "null", "Null", "NULL", "''", '""', "'  '", '"\\t\\n"', "[]", "{}", ">\n", "|\n\n"],
)
def test_a_blank_value_counts_as_missing(read_text, blank):
    seen = read_text(f"a: {blank}\nb: 1\n")
    assert not seen.problems
    assert seen.data == {"b": 1}
    assert seen.key_at("a") == (1, 1)


def test_a_mapping_of_blanks_counts_as_missing(read_text):
    assert read_text("a:\n  b:\n  c: ''\nd: [x]\n").data == {"d": ["x"]}


def test_blanks_of_custom_are_the_organisations_own_business(read_text):
    text = "custom: {a: ~, b: '', c: [], d: {e: ~}, f: ' '}\n"
    expected = {"a": None, "b": "", "c": [], "d": {"e": None}, "f": " "}
    assert read_text(text).data == {"custom": expected}


@pytest.mark.parametrize("blank", ["''", '" "', "'\t'"])
def test_a_blank_item_of_a_list_names_nothing(load, blank):
    # otherwise `business_changes: [""]` would satisfy a rule that asks for business changes
    file = load(
        "business_unit: {id: retail}\n"
        f"investments: [{{id: A, title: B, business_changes: [{blank}]}}]\n"
    )
    (investment,) = file.content.investments
    assert not investment.business_changes


@pytest.mark.parametrize(
    "number",
    [
        "9223372036854775808",
        "-9223372036854775809",
        "0x8000000000000000",
        "0x" + "f" * 5000,
        "0o" + "7" * 5000,
        "9" * 5000,
        "-" + "9" * 15_000,
        "1e400",
        "-1e400",
        "1e19",
        ".inf",
        "-.INF",
        "+.Inf",
        ".nan",
        ".NaN",
        "1e" + "9" * 1000,
    ],
)
def test_a_number_out_of_range_is_refused_at_its_place(read_text, number):
    seen = read_text(f"a: 1\nb:\n  - x\n  - {number}\nc: {number}\n")
    assert seen.places == [("YML-010", 4, 5), ("YML-010", 5, 4)]
    assert all(len(p.message) < 100 for p in seen.problems)
    assert seen.data["a"] == 1
    assert "c" not in seen.data


@settings(max_examples=many(200))
@given(st.floats(allow_nan=False, allow_infinity=False, max_value=9e18, min_value=-9e18))
def test_any_finite_float_in_range_reads_back(read_text, number):
    found = read_text(f"a: {number!r}\n").data["a"]
    assert math.isclose(found, number, rel_tol=0, abs_tol=0)


@settings(max_examples=many(200))
@given(st.integers(-(2**63), 2**63 - 1))
def test_any_integer_of_64_bits_reads_back(read_text, number):
    assert read_text(f"a: {number}\n").data == {"a": number}


@settings(max_examples=many(200))
@given(st.from_regex(r"[-+.0-9eExo_a-fA-F:]{1,12}", fullmatch=True))
def test_whatever_looks_like_a_number_is_one_or_a_text(read_text, written):
    seen = read_text(f"a: {written}\n")
    if seen.problems or seen.data is None:
        return
    value = seen.data.get("a")
    if isinstance(value, str):
        assert value == written
    elif value is not None:
        assert "_" not in written
        assert ":" not in written


@pytest.mark.parametrize("key", ["1", "null", "true", "1.0", "~", "2026-01-01", "<<", "no"])
def test_a_plain_key_is_the_text_that_stands_there(read_text, key):
    seen = read_text(f"{key}: a\n")
    assert seen.data == {key: "a"}
    assert not seen.problems


@pytest.mark.parametrize("key", ["[a]", "{a: b}", "? [a, b]\n", "? {a: b}\n"])
def test_a_key_that_is_no_text_is_refused(read_text, key):
    seen = read_text(f"x: 1\n{key}: b\ny: 2\n")
    assert [(c, line) for c, line, _ in seen.places] == [("YML-001", 2)]
    assert seen.data == {"x": 1, "y": 2}


def test_a_merge_key_merges_nothing(load):
    file = load(
        "business_unit: {id: retail}\n"
        "investments:\n"
        "  - &base {id: A, title: A, stage: live}\n"
        "  - <<: *base\n"
        "    id: B\n"
        "    title: B\n"
    )
    assert file.places == [("MOD-001", 4, 5)]
    assert file.content.investments[1].stage is None


def test_block_scalars_keep_and_fold_as_yaml_says(read_text):
    text = "a: |\n  one\n   two\n\nb: >-\n  one\n  two\n\n  three\nc: |2-\n   x\nd: |+\n  y\n\n"
    assert read_text(text).data == {
        "a": "one\n two\n",
        "b": "one two\nthree",
        "c": " x",
        "d": "y\n\n",
    }


def test_an_anchor_and_its_alias_are_the_same_value(read_text):
    seen = read_text("a: &people [x, y]\nb: *people\nc: {d: *people}\n")
    assert not seen.problems
    assert seen.data == {"a": ["x", "y"], "b": ["x", "y"], "c": {"d": ["x", "y"]}}
    assert seen.key_at("b") == (2, 1)


def test_the_non_specific_tag_is_refused_like_any_tag(read_text):
    # by the specification `! 12` is a text; without its tag it is a number: two ways to read it
    assert read_text("a: ! 12\n").codes == ["YML-005"]


def test_a_misspelt_key_without_a_value_is_told_beside_a_block_of_text(load):
    found = load(
        "business_unit: {id: u}\ninvestments:\n  - id: A\n    title: T\n    titel:\n    summary: |\n      text\n"
    )
    assert found.messages == "unknown key `titel`; did you mean `title`?"
    assert found.content.investments[0].summary == "text"
