"""Any data in the place of a portfolio: all misfits are found, and nothing raises."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itgov.files.load import read_file, read_minutes
from itgov.files.sources import RawFile
from itgov.model.types import OrganisationFile, UnitFile

from ..support.examples import many

_MISFITS: tuple[tuple[str, str], ...] = (
    ("MOD-001", "unknwon: x"),
    ("MOD-001", "'oh dear': [1, {a: 2}]"),
    ("MOD-003", "outcome_owner: [x]"),
    ("MOD-003", "outcome_owner: 12"),
    ("MOD-003", "spend: nothing"),
    ("MOD-003", "spend: [{year: 2026}, 5]"),
    ("MOD-003", "spend: [{year: 2026, budget: x}, {year: 2027}]"),
    ("MOD-003", "spend: [{year: 2026.0x}]"),
    ("MOD-004", "stage: zzz"),
    ("MOD-004", "spend: [{year: 3000}, {year: 2026}]"),
    ("MOD-005", "start: 2026-02-30"),
    ("MOD-005", "start: 2026-W05-1"),
    ("MOD-005", "outcomes: [{id: a}, {id: b, due: later}]"),
    ("MOD-002", "outcomes: [{id: a}, {measure: b}, {id: c}]"),
    ("MOD-002", "waivers: [{reason: x}]"),
    ("MOD-002", "outcomes: [{id: a, results: [{actual: 1}, {date: 2026-01-01}]}]"),
)


def _sound(number: int) -> list[str]:
    return [
        f"  - id: I-{number}",
        f"    title: Title {number}",
        "    purpose: run",
        f"    business_changes: [change {number}]",
        f"    gates: [{{gate: g{number}, on: 2026-01-0{number % 9 + 1}}}]",
    ]


@settings(max_examples=many(120))
@given(st.lists(st.sets(st.integers(0, len(_MISFITS)), max_size=4), min_size=1, max_size=6))
def test_random_misfits_are_all_found_and_spare_the_rest(load, plan):
    lines = ["business_unit: {id: retail}", "investments:"]
    expected: list[tuple[str, int]] = []
    spared: set[int] = set()
    kept: list[int] = []
    for number, wrong in enumerate(plan):
        block = _sound(number)
        start = len(lines) + 1
        used: set[str] = set()
        for misfit in sorted(wrong):
            if misfit == len(_MISFITS):  # no id: the whole record goes
                block[0] = "  - type: service"
                expected.append(("MOD-002", start))
                continue
            code, text = _MISFITS[misfit]
            key = text.split(":")[0]
            if key in used:
                continue
            used.add(key)
            block.append(f"    {text}")
            expected.append((code, start + len(block) - 1))
        if len(_MISFITS) not in wrong:
            kept.append(number)
        if not wrong:
            spared.add(number)
        lines.extend(block)
    file = load("\n".join(lines) + "\n")
    assert sorted((code, line) for code, line, _ in file.places) == sorted(expected)
    assert [i.id for i in file.content.investments] == [f"I-{n}" for n in kept]
    clean = load("\n".join(["business_unit: {id: retail}", "investments:", *_all(len(plan))]))
    sound = {i.id: i for i in clean.content.investments}
    for investment in file.content.investments:
        fits = sound[investment.id]
        if int(investment.id[2:]) in spared:
            assert investment == fits
        assert investment.gates == fits.gates
        assert investment.business_changes == fits.business_changes
    # the places of what was kept are those of the file, not of what is left of it
    for index, number in enumerate(kept):
        found = file.read.document.find(("investments", index, "title"))
        at = file.read.document.values[found]
        assert file.read.document.text[at:].startswith(f"Title {number}\n")


def _all(count: int) -> list[str]:
    return [line for number in range(count) for line in _sound(number)]


_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-5, 3000)
    | st.floats(-5, 3000, allow_nan=False)
    | st.sampled_from(
        ["", " ", "x", "live", "2026-01-01", "2026-W01-1", "2026-13-01", "TBD", "~", "é🚗"]
    )
)
_FIELDS = sorted(
    {
        "id", "title", "name", "stage", "type", "start", "spend", "year", "budget", "outcomes", "results",
        "date", "actual", "waivers", "rule", "until", "withheld", "custom", "gates", "gate", "on", "people",
        "business_unit", "investments", "engagements", "organisation", "relationship_managers", "person",
        "objectives", "relationship_levels", "business", "it", "satisfaction", "score", "opportunities",
        "actions", "what", "experience", "area", "dedication", "vocabulary", "fiscal_year_start", "zzz",
    }
)  # fmt: skip
_ANYTHING = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_FIELDS), inner, max_size=5)
    ),
    max_leaves=25,
)


@settings(max_examples=many(200))
@given(
    st.dictionaries(
        st.sampled_from(["business_unit", "investments", "engagements", "people", "organisation",
                         "relationship_managers", "zzz"]),
        _ANYTHING,
        min_size=1,
    )
)  # fmt: skip
def test_no_data_make_fitting_raise_or_lose_a_file_in_silence(load, join, data):
    text = msgspec.json.encode(data).decode()
    file = load(text)
    places = file.places
    assert all(line == 1 and 1 <= column <= len(text) for _, line, column in places)
    # a mapping at the top always leaves something to go on with
    assert isinstance(file.content, OrganisationFile | UnitFile)
    assert "Expected `" not in file.messages
    assert "RFC3339" not in file.messages
    join({"retail.yaml": text, "organisation.yaml": "organisation: {id: o}\n"})


@pytest.mark.parametrize(
    ("read", "fix"),
    [
        (read_file, "Start it with `business_unit:` or `organisation:`."),
        (read_minutes, "Start it with `review:`."),
    ],
)
def test_a_file_that_is_no_mapping_says_what_its_own_kind_starts_with(read, fix):
    found = read(RawFile("a.yaml", b"- 1\n- 2\n"))
    assert [(p.code, p.fix) for p in found.problems] == [("MOD-003", fix)]
