"""Every value that does not fit is listed at its own place, and the rest of the file stays usable."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from itgov.files.places import locate
from itgov.model.portfolio import Source

HEAD = "business_unit: {id: retail}\ninvestments:\n  - id: R-1\n    title: T\n"


@pytest.mark.parametrize(
    ("line", "code", "column", "words"),
    [
        ("outcome_ower: a", "MOD-001", 5, "did you mean `outcome_owner`?"),
        ("'outcome_ower': a", "MOD-001", 5, "did you mean `outcome_owner`?"),
        ("outcomeOwner: a", "MOD-001", 5, "did you mean `outcome_owner`?"),
        ("Stage: live", "MOD-001", 5, "did you mean `stage`?"),
        ("zzz: 1", "MOD-001", 5, "unknown key `zzz`"),
        ("outcome_ower:", "MOD-001", 5, "did you mean `outcome_owner`?"),
        ("outcome_ower: ~", "MOD-001", 5, "did you mean `outcome_owner`?"),
        ("outcome_ower: ' '", "MOD-001", 5, "did you mean `outcome_owner`?"),
        ("outcome_ower: []", "MOD-001", 5, "did you mean `outcome_owner`?"),
        ("spend: [{year: 2026, bugdet: }]", "MOD-001", 26, "did you mean `budget`?"),
        ("'': 1", "MOD-001", 5, "unknown key"),
        ("stage: Live", "MOD-004", 12, "did you mean `live`?"),
        ("stage: done", "MOD-004", 12, "proposed, approved, delivering, live, retired, stopped"),
        ("stage: [live]", "MOD-004", 12, "not a list"),
        ("type: project", "MOD-004", 11, "investment, service"),
        ("confidence: amberred", "MOD-004", 17, "did you mean `amber-red`?"),
        ("outcome_owner: 5", "MOD-003", 20, "a text, not the number 5"),
        ("outcome_owner: true", "MOD-003", 20, "a text, not `true`"),
        ("outcome_owner: [a]", "MOD-003", 20, "a text, not a list"),
        ("outcome_owner: {id: a}", "MOD-003", 20, "a text, not a mapping"),
        ("spend: {year: 2026}", "MOD-003", 12, "a list, not a mapping"),
        ("spend: [2026]", "MOD-003", 13, "a mapping, not the number 2026"),
        ("spend: [[{year: 2026}]]", "MOD-003", 13, "a mapping, not a list"),
        ("spend: [{}]", "MOD-002", 13, "`year` is missing"),
        ("spend: [{budget: 5}]", "MOD-002", 13, "`year` is missing"),
        ("spend: [{year: '2026'}]", "MOD-003", 20, "a whole number"),
        ("spend: [{year: 2026.5}]", "MOD-003", 20, "a whole number"),
        ("spend: [{year: true}]", "MOD-003", 20, "a whole number"),
        ("spend: [{year: 1800}]", "MOD-004", 20, "at least 1900"),
        ("spend: [{year: 2300}]", "MOD-004", 20, "at most 2200"),
        ("spend: [{year: 2026, budget: 1_000}]", "MOD-003", 34, "a number, not `1_000`"),
        ("spend: [{year: 2026, budget: true}]", "MOD-003", 34, "a number, not `true`"),
        ("spend: [{year: 2026, budget: '5'}]", "MOD-003", 34, "a number"),
        ("start: 2026-02-30", "MOD-005", 12, "a date that exists"),
        ("start: 2026-2-3", "MOD-005", 12, "2026-2-3"),
        ("start: 03/02/2026", "MOD-005", 12, "03/02/2026"),
        ("start: 20260203", "MOD-005", 12, "20260203"),
        ("start: 2026-02-03T10:00:00", "MOD-005", 12, "a date"),
        ("start: 2026-W01-1", "MOD-005", 12, "2026-W01-1"),
        ("start: 2026-001", "MOD-005", 12, "2026-001"),
        ("start: 0000-01-01", "MOD-005", 12, "a date"),
        ("start: '２０２６-01-01'", "MOD-005", 12, "a date"),
        ("start: 2026", "MOD-005", 12, "a date"),
        ("start: true", "MOD-005", 12, "a date"),
        ("outcomes: [{statement: x}]", "MOD-002", 16, "`id` is missing"),
        ("outcomes: [{id: 5}]", "MOD-003", 21, "`id` should be a text"),
        ("outcomes: [{id: a, results: [{actual: 5}]}]", "MOD-002", 34, "`date` is missing"),
        ("outcomes: [{id: a, direction: left}]", "MOD-004", 35, "not `left`"),
        ("business_changes: [1]", "MOD-003", 24, "a text"),
        ("business_changes: x", "MOD-003", 23, "a list"),
        ("withheld: {spend: 5}", "MOD-003", 23, "a text"),
        ("withheld: [a]", "MOD-003", 15, "a mapping"),
        ("custom: [a]", "MOD-003", 13, "a mapping"),
        ("gates: [{on: 2026-01-01}]", "MOD-002", 13, "`gate` is missing"),
        ("waivers: [{reason: x}]", "MOD-002", 15, "`rule` is missing"),
        ("custom_field: x", "MOD-001", 5, "unknown key"),
    ],
)
def test_a_misfit_is_said_at_its_place_and_spares_its_record(load, line, code, column, words):
    file = load(HEAD + f"    {line}\n    summary: kept\n")
    assert file.places == [(code, 5, column)]
    assert words in file.messages
    (investment,) = file.content.investments
    assert (investment.id, investment.title, investment.summary) == ("R-1", "T", "kept")


@pytest.mark.parametrize(
    ("line", "year"), [("year: 2026.0", 2026), ("year: 2.026e3", 2026), ("year: 0x7EA", 2026)]
)
def test_a_whole_number_may_be_written_in_any_way(load, line, year):
    # 3 and 3.0 are the same number; at the worst it is a misfit of that row alone
    file = load(HEAD + f"    spend: [{{{line}}}, {{year: 2027}}]\n")
    assert file.content is not None
    years = [row.year for row in file.content.investments[0].spend]
    assert years == [year, 2027] or (years == [2027] and file.places == [("MOD-003", 5, 19)])


@pytest.mark.parametrize("level", ["3.0", "3e0"])
def test_whole_numbers_of_a_unit_may_be_written_in_any_way(load, level):
    file = load(
        "business_unit:\n  id: retail\n  engagement_cadence_days: 30.0\n"
        f"  relationship_levels: [{{on: 2026-01-01, it: {level}}}]\n"
        "investments: [{id: A, title: B}]\n"
    )
    assert file.content is not None
    assert [i.id for i in file.content.investments] == ["A"]
    assert all(line in (3, 4) for _, line, _ in file.places)


def test_all_misfits_of_a_file_are_listed_at_once(load):
    file = load(
        "business_unit:\n"
        "  id: retail\n"
        "  heed: a\n"
        "  engagement_cadence_days: 0\n"
        "investments:\n"
        "  - id: A\n"
        "    titel: B\n"
        "    stage: zzz\n"
        "    spend:\n"
        "      - {year: x}\n"
        "      - {year: 2026, budget: many}\n"
        "  - title: no id\n"
        "    start: soon\n"
        "engagements:\n"
        "  - kind: review\n"
        "  - date: 2026-01-01\n"
        "    satisfaction: {score: 6}\n"
    )
    assert file.places == [
        ("MOD-001", 3, 3),
        ("MOD-001", 7, 5),
        ("MOD-002", 6, 5),
        ("MOD-002", 12, 5),
        ("MOD-002", 15, 5),
        ("MOD-003", 10, 16),
        ("MOD-003", 11, 30),
        ("MOD-004", 4, 28),
        ("MOD-004", 8, 12),
        ("MOD-004", 17, 27),
        ("MOD-005", 13, 12),
    ]
    assert [i.id for i in file.content.investments] == ["A"]
    assert file.content.investments[0].title == "A"
    assert [e.date for e in file.content.engagements] == [datetime.date(2026, 1, 1)]
    assert file.content.business_unit.head is None


@pytest.mark.parametrize(
    ("text", "path", "places"),
    [
        ("business_unit: {name: Retail}\n", "portfolios/retail.yaml", [("MOD-002", 1, 16)]),
        ("business_unit: 5\n", "portfolios/retail.yaml", [("MOD-003", 1, 16)]),
        ("business_unit: [retail]\n", "portfolios/retail.yaml", [("MOD-003", 1, 16)]),
        ("business_unit:\n", "portfolios/retail.yaml", [("MOD-002", 1, 1)]),
        ("business_unit: ' '\n", "portfolios/retail.yaml", [("MOD-002", 1, 16)]),
        ("# c\ninvestments: [{id: A, title: B}]\n", "portfolios/retail.yaml", [("MOD-002", 2, 1)]),
        ("organisation: x\n", "portfolios/organisation.yaml", [("MOD-003", 1, 15)]),
        ("organisation: {name: X}\n", "portfolios/organisation.yaml", [("MOD-002", 1, 15)]),
        ("people: [{id: a}]\n", "portfolios/organisation.yaml", [("MOD-002", 1, 10)]),
        ("people: [{name: a}]\n", "portfolios/organisation.yaml", [("MOD-002", 1, 10)]),
        ("people: {a: {name: b}}\n", "portfolios/organisation.yaml", [("MOD-003", 1, 9)]),
        (
            "organisation: {id: o, fiscal_year_start: 13}\n",
            "portfolios/organisation.yaml",
            [("MOD-004", 1, 42)],
        ),
        (
            "relationship_managers: [{person: a, dedication: 80}]\n",
            "portfolios/organisation.yaml",
            [("MOD-004", 1, 49)],
        ),
    ],
)
def test_misfits_at_the_top_of_a_file(load, text, path, places):
    assert load(text, path).places == places


@pytest.mark.parametrize(
    "text", ["business_unit: {name: Retail}\n", "business_unit: 5\n", "business_unit:\n"]
)
def test_a_unit_without_an_id_is_one_mistake_and_one_finding(join, text):
    assert len(join({"retail.yaml": text}).findings) == 1


def test_a_part_of_a_unit_that_does_not_say_which_invents_no_unit(join):
    joined = join(
        {
            "organisation.yaml": "organisation: {id: o}\n",
            "retail.yaml": "business_unit: {id: retail}\n",
            "retail/engagements.yaml": "engagements: [{date: 2026-01-01}]\n",
        }
    )
    assert joined.rules == ["MOD-002"]
    assert "engagements" not in joined.portfolio.units


def test_positions_stay_true_after_items_of_lists_were_taken_out(join):
    joined = join(
        {
            "retail.yaml": "business_unit: {id: retail}\n"
            "investments:\n"
            "  - title: no id\n"
            "  - id: A\n"
            "    title: A\n"
            "    outcomes:\n"
            "      - measure: no id\n"
            "      - {id: x, results: [{actual: 1}, {date: 2026-01-01, actual: 2}]}\n"
            "      - 5\n"
            "      - id: y\n"
            "        due: soon\n"
            "        baseline: 1\n"
            "  - 7\n"
            "  - {id: B, title: B, outcomes: [{}, {id: z, target: 3}], outcome_owner: xy}\n"
        }
    )
    unit = joined.portfolio.units["retail"]
    first, second = unit.investments
    documents = joined.linked.documents

    def at(entry: Any, field: str | None = None) -> tuple[int, int]:
        place = locate(documents, entry.source, field)
        return place.line, place.column

    assert at(first) == (4, 5)
    assert at(first, "title") == (5, 5)
    assert at(first.outcomes[0]) == (8, 9)
    assert at(first.outcomes[0], "results") == (8, 17)
    assert at(first.outcomes[1]) == (10, 9)
    assert at(first.outcomes[1], "baseline") == (12, 9)
    assert at(first.outcomes[1], "due") == (11, 9)
    assert at(second) == (14, 5)
    assert at(second.outcomes[0], "target") == (14, 46)
    assert at(second, "outcome_owner") == (14, 59)
    # and so do those of references
    assert ("REF-001", "retail.yaml", 14, 74) in joined.places
    # … and of any item further down
    source = Source("portfolios/retail.yaml", ("investments", 0, "outcomes", 0, "results", 0))
    assert locate(documents, source, "actual").column == 59


def test_a_misfit_names_the_record_it_is_in(join):
    joined = join(
        {
            "organisation.yaml": "organisation: {id: o, nam: x}\npeople: [{id: p, name: P, side: x}]\n"
            "relationship_managers: [{person: p, position: x}]\n",
            "retail.yaml": "business_unit: {id: retail, nam: x}\n"
            "investments: [{id: A, title: A, stage: x, outcomes: [{id: o, due: x}]}]\n"
            "engagements: [{date: 2026-01-01, kind: x}, {date: 2026-01-02, kind: x}]\n",
        }
    )
    subjects = sorted((f.subject.kind, f.subject.id, f.field) for f in joined.findings)
    assert subjects == [
        ("business_unit", "retail", "nam"),
        ("engagement", "retail/2026-01-01", "kind"),
        ("engagement", "retail/2026-01-02", "kind"),
        ("investment", "A", "stage"),
        ("organisation", "o", "nam"),
        ("outcome", "A/o", "due"),
        ("person", "p", "side"),
        ("relationship_manager", "p", "position"),
    ]
