"""Many files become one portfolio; what does not fit together is said where it stands."""

from __future__ import annotations

import pytest

from itgov.files.places import locate
from itgov.model.builtins import BUILT_IN

from .small_portfolio import ORGANISATION, RETAIL, SOUND


def test_a_sound_portfolio_has_no_findings(join):
    joined = join(SOUND)
    assert joined.findings == []
    portfolio = joined.portfolio
    assert portfolio.organisation.record.name == "Northwind"
    assert list(portfolio.people) == ["amara.okafor", "lena.fischer", "tom.reyes"]
    assert list(portfolio.managers) == ["lena.fischer"]
    assert [i.record.id for i in portfolio.units["retail"].investments] == ["RET-001"]
    assert [e.id for e in portfolio.units["retail"].engagements] == ["retail/2026-10-12"]


def test_nothing_at_all_links_to_an_empty_portfolio(join):
    joined = join({})
    assert joined.findings == []
    assert joined.portfolio.units == {}


@pytest.mark.parametrize(
    ("file", "old", "new", "place", "words", "subject", "field"),
    [
        ("retail.yaml", "head: amara.okafor", "head: amara.okafr", ("REF-001", 4, 9),
         "no person `amara.okafr`; did you mean `amara.okafor`?", ("business_unit", "retail"), "head"),
        ("retail.yaml", "  relationship_manager: lena.fischer\n  obj", "  relationship_manager: nobody\n  obj",
         ("REF-001", 5, 25), "no person `nobody`", ("business_unit", "retail"), "relationship_manager"),
        ("retail.yaml", "outcome_owner: amara.okafor", "outcome_owner: 'Amara Okafor'", ("REF-001", 11, 20),
         "did you mean `amara.okafor`?", ("investment", "RET-001"), "outcome_owner"),
        ("retail.yaml", "    relationship_manager: lena.fischer", "    relationship_manager: x.y", ("REF-001", 12, 27),
         "no person `x.y`", ("investment", "RET-001"), "relationship_manager"),
        ("retail.yaml", "sponsor: amara.okafor", "sponsor: AMARA.OKAFOR", ("REF-001", 13, 14),
         "did you mean `amara.okafor`?", ("investment", "RET-001"), "sponsor"),
        ("retail.yaml", "delivery_lead: tom.reyes", "delivery_lead: tim.reyes", ("REF-001", 14, 20),
         "did you mean `tom.reyes`?", ("investment", "RET-001"), "delivery_lead"),
        ("retail.yaml", "confidence_by: tom.reyes", "confidence_by: zz", ("REF-001", 15, 20),
         "no person `zz`", ("investment", "RET-001"), "confidence_by"),
        ("retail.yaml", "objective: faster-claims", "objective: faster-claim", ("REF-004", 16, 16),
         "no objective `faster-claim`; did you mean `faster-claims`?", ("investment", "RET-001"), "objective"),
        ("retail.yaml", "case, approved_by: amara.okafor", "case, approved_by: zz", ("REF-001", 17, 48),
         "no person `zz`", ("investment", "RET-001"), "gates.approved_by"),
        ("retail.yaml", "VAL-004, approved_by: amara.okafor", "VAL-004, approved_by: zz", ("REF-001", 21, 38),
         "no person `zz`", ("investment", "RET-001"), "waivers.approved_by"),
        ("retail.yaml", "by: lena.fischer\n    with", "by: zz\n    with", ("REF-001", 24, 9),
         "no person `zz`", ("engagement", "retail/2026-10-12"), "by"),
        ("retail.yaml", "with: [amara.okafor]", "with: [amara.okafor, zz]", ("REF-001", 25, 26),
         "no person `zz`", ("engagement", "retail/2026-10-12"), "with"),
        ("retail.yaml", "4, by: amara.okafor", "4, by: zz", ("REF-001", 26, 34),
         "no person `zz`", ("engagement", "retail/2026-10-12"), "satisfaction.by"),
        ("retail.yaml", "investment: RET-001}", "investment: RET-01}", ("REF-005", 27, 45),
         "no investment `RET-01`; did you mean `RET-001`?", ("engagement", "retail/2026-10-12"),
         "opportunities.investment"),
        ("retail.yaml", "owner: amara.okafor}]", "owner: zz}]", ("REF-001", 28, 38),
         "no person `zz`", ("engagement", "retail/2026-10-12"), "actions.owner"),
        ("organisation.yaml", "business_unit: retail", "business_unit: retial", ("REF-002", 3, 68),
         "no business unit `retial`; did you mean `retail`?", ("person", "amara.okafor"), "business_unit"),
        ("organisation.yaml", "serves: [retail]", "serves: [retail, zz]", ("REF-002", 8, 22),
         "no business unit `zz`", ("relationship_manager", "lena.fischer"), "serves"),
        ("organisation.yaml", "reports_to: amara.okafor", "reports_to: zz", ("REF-001", 9, 17),
         "no person `zz`", ("relationship_manager", "lena.fischer"), "reports_to"),
        ("organisation.yaml", "[RET-001/cycle-time]", "[RET-001/cycletime]", ("REF-003", 10, 19),
         "did you mean `RET-001/cycle-time`?", ("relationship_manager", "lena.fischer"), "measured_by"),
        ("organisation.yaml", "[RET-001/cycle-time]", "[RET-001]", ("REF-003", 10, 19),
         "no outcome `RET-001`", ("relationship_manager", "lena.fischer"), "measured_by"),
    ],
)  # fmt: skip
def test_a_reference_to_nobody_is_said_where_it_stands(
    join, file, old, new, place, words, subject, field
):
    files = dict(SOUND)
    assert files[file].count(old) == 1
    files[file] = files[file].replace(old, new)
    joined = join(files)
    (finding,) = joined.findings
    assert (finding.rule, finding.line, finding.column) == place
    assert finding.path == f"portfolios/{file}"
    assert words in finding.message
    assert (finding.subject.kind, finding.subject.id) == subject
    assert finding.field == field
    assert finding.severity == "error"
    assert finding.name == BUILT_IN[finding.rule].name
    assert finding.fix
    assert finding.end_line == finding.line
    assert finding.end_column > finding.column
    if subject[0] != "person":  # theirs is whatever their record says
        assert finding.business_unit == ("retail" if file == "retail.yaml" else None)


@pytest.mark.parametrize("name", ["TBD", "tbc", "n/a", "?", "<vacant>", "to be confirmed", "x"])
@pytest.mark.parametrize("field", ["outcome_owner", "relationship_manager"])
def test_a_placeholder_for_one_of_the_two_people_is_left_to_its_mandatory_rule(join, name, field):
    text = f"business_unit: {{id: r}}\ninvestments: [{{id: A, title: B, {field}: '{name}'}}]\n"
    assert join({"organisation.yaml": ORGANISATION, "r.yaml": text}).rules == ["REF-002"] * 2 + [
        "REF-003"
    ]


@pytest.mark.parametrize(
    ("file", "text", "field"),
    [
        (
            "retail.yaml",
            "business_unit:\n  id: retail\n  waivers:\n    - {rule: A-001, approved_by: zz}\n",
            "retail",
        ),
        (
            "organisation.yaml",
            "organisation:\n  id: o\n  waivers:\n    - {rule: A-001, approved_by: zz}\n",
            "o",
        ),
        (
            "organisation.yaml",
            "people: [{id: l, name: L}]\nrelationship_managers:\n- person: l\n  waivers: [{rule: A-001, approved_by: zz}]\n",
            "l",
        ),
    ],
)
def test_the_approver_of_any_waiver_must_be_somebody(join, file, text, field):
    (finding,) = join({file: text}).findings
    assert (finding.rule, finding.line, finding.subject.id) == ("REF-001", 4, field)


# -- twice ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "kind", "identifier", "line", "related"),
    [
        ("people: [{id: a, name: A}, {id: b, name: B}]\n", "people:\n- {id: c, name: C}\n- {id: b, name: B}\n",
         "person", "b", 3, (1, 33)),
        ("organisation: {id: o}\n", "organisation:\n  id: p\n", "organisation", "p", 2, (1, 20)),
        ("people: [{id: a, name: A}]\nrelationship_managers: [{person: a}]\n",
         "relationship_managers:\n- title: x\n  person: a\n", "relationship manager", "a", 3, (2, 34)),
        ("business_unit: {id: u}\n", "business_unit:\n  name: x\n  id: u\n", "business unit", "u", 3, (1, 21)),
        ("business_unit: {id: u}\ninvestments: [{id: A, title: A}]\n",
         "business_unit: u\ninvestments:\n- title: B\n  id: A\n", "investment", "A", 4, (2, 20)),
    ],
)  # fmt: skip
def test_an_id_used_in_two_files_names_both_places(
    join, first, second, kind, identifier, line, related
):
    joined = join({"a.yaml": first, "b.yaml": second})
    (finding,) = joined.findings
    assert (finding.rule, finding.path, finding.line) == ("REF-006", "portfolios/b.yaml", line)
    assert finding.message.startswith(
        f"{kind} `{identifier}` is already defined in portfolios/a.yaml:"
    )
    (other,) = finding.related
    assert (other.path, other.line, other.column) == ("portfolios/a.yaml", *related)
    assert finding.message.endswith(f":{other.line}")


def test_an_id_used_twice_in_one_file(join):
    text = (
        "business_unit: {id: u, objectives: [{id: o}, {id: o}]}\n"
        "investments:\n"
        "- {id: A, title: first, outcomes: [{id: x}, {id: x}]}\n"
        "- {id: A, title: second}\n"
        "- {id: B, title: other, outcomes: [{id: x}]}\n"
    )
    joined = join({"u.yaml": text})
    assert joined.places == [
        ("REF-006", "u.yaml", 1, 51),
        ("REF-006", "u.yaml", 3, 50),
        ("REF-006", "u.yaml", 4, 8),
    ]
    unit = joined.portfolio.units["u"]
    assert [i.record.title for i in unit.investments] == ["first", "other"]
    assert [len(i.outcomes) for i in unit.investments] == [1, 1]


def test_an_opportunity_is_named_once_in_an_engagement_and_again_in_the_next(join):
    text = (
        "business_unit: {id: u}\nengagements:\n"
        "- {date: 2026-01-01, opportunities: [{id: k}, {id: k}]}\n"
        "- {date: 2026-02-01, opportunities: [{id: k}]}\n"
    )
    assert join({"u.yaml": text}).places == [("REF-006", "u.yaml", 3, 52)]


def test_the_same_outcome_or_objective_id_elsewhere_is_fine(join):
    files = {
        name: f"business_unit: {{id: {name}, objectives: [{{id: o}}]}}\n"
        f"investments: [{{id: {name}-1, title: T, outcomes: [{{id: x}}], objective: o}}]\n"
        for name in ("u", "v")
    }
    assert join({f"{n}.yaml": t for n, t in files.items()}).findings == []


def test_ids_with_slashes_are_told_apart(join):
    files = {
        "a": "business_unit: {id: a, objectives: [{id: b/c}]}\n"
        "engagements: [{date: 2026-01-01, opportunities: [{id: 2026-01-02/x}]}]\n",
        "b": "business_unit: {id: a/b, objectives: [{id: c}]}\n",
        "c": "business_unit: {id: a/2026-01-01}\n"
        "engagements: [{date: 2026-01-02, opportunities: [{id: x}]}]\n",
    }
    assert join({f"{n}.yaml": t for n, t in files.items()}).findings == []


def test_a_unit_described_twice_keeps_all_investments_and_knows_both_files(join):
    joined = join(
        {
            "a.yaml": "business_unit: {id: u, name: First}\ninvestments: [{id: A, title: A}]\n",
            "b.yaml": "business_unit: {id: u, name: Second}\ninvestments: [{id: B, title: B}]\n",
        }
    )
    unit = joined.portfolio.units["u"]
    assert unit.record.name == "First"
    assert [i.record.id for i in unit.investments] == ["A", "B"]
    assert unit.paths == ["portfolios/a.yaml", "portfolios/b.yaml"]


# -- one unit in many files ----------------------------------------------------------------


def test_a_unit_may_be_split_over_many_files_in_any_order(join):
    files = {
        "retail/1.yaml": "business_unit: retail\ninvestments: [{id: R-1, title: A}]\n",
        "retail/2.yaml": "business_unit: retail\nengagements: [{date: 2026-01-01}]\n",
        "retail.yaml": "business_unit: {id: retail, name: Retail}\ninvestments: [{id: R-2, title: B}]\n",
    }
    for order in (list(files), list(reversed(files))):
        joined = join({name: files[name] for name in order})
        assert joined.findings == []
        unit = joined.portfolio.units["retail"]
        assert unit.record.name == "Retail"
        assert sorted(i.record.id for i in unit.investments) == ["R-1", "R-2"]
        assert unit.paths[0] == "portfolios/retail.yaml"
        assert sorted(unit.paths) == sorted(f"portfolios/{n}" for n in files)
        for entry in unit.investments:
            assert locate(joined.linked.documents, entry.source, "id").line == 2


def test_a_part_of_an_unknown_unit_is_said_once_and_still_read(join):
    joined = join(
        {
            "retail.yaml": "business_unit: {id: retail}\n",
            "x.yaml": "business_unit: retial\ninvestments: [{id: A, title: B, outcome_owner: zed}]\n",
        }
    )
    assert joined.places == [("REF-001", "x.yaml", 2, 48), ("REF-002", "x.yaml", 1, 16)]
    assert "did you mean `retail`?" in joined.findings[0].message


def test_several_engagements_of_one_day_are_told_apart(join):
    joined = join(
        {
            "u.yaml": "business_unit: {id: u}\nengagements:\n"
            "- {date: 2026-01-01}\n- {date: 2026-01-01, by: zz}\n",
            "u/2.yaml": "business_unit: u\nengagements: [{date: 2026-01-01}]\n",
        }
    )
    entries = joined.portfolio.units["u"].engagements
    assert [e.id for e in entries] == ["u/2026-01-01", "u/2026-01-01#2", "u/2026-01-01#3"]
    # and a finding is about the one that it is about
    assert [f.subject.id for f in joined.findings] == ["u/2026-01-01#2"]


# -- a broken file -------------------------------------------------------------------------

BROKEN = {
    "syntax": "people: [\n",
    "encoding": b"people: [{id: caf\xe9, name: x}]\n",
    "empty": "# nothing\n",
    "a list": "- people\n",
    "a tag": "people: !x []\n",
    "two documents": "people: []\n---\npeople: []\n",
}


@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize("name", ["organisation.yaml", "people.yaml", "sub/organisation.yml"])
def test_a_broken_organisation_file_is_one_finding_not_hundreds(join, kind, name):
    joined = join({name: BROKEN[kind], "retail.yaml": RETAIL})
    (finding,) = joined.findings
    assert finding.path == f"portfolios/{name}"
    assert [i.record.id for i in joined.portfolio.units["retail"].investments] == ["RET-001"]


@pytest.mark.parametrize(
    "people",
    [
        "people: {amara.okafor: {name: A}, lena.fischer: {name: L}, tom.reyes: {name: T}}\n",
        "people: amara.okafor, lena.fischer, tom.reyes\n",
        "people: []\npeople: [{id: amara.okafor, name: A}, {id: lena.fischer, name: L}]\n",
        "peopel: [{id: amara.okafor, name: A}, {id: lena.fischer, name: L}]\n",
    ],
)
def test_people_that_cannot_be_read_are_one_finding_not_hundreds(join, people):
    joined = join({"organisation.yaml": "organisation: {id: o}\n" + people, "retail.yaml": RETAIL})
    assert [f.path for f in joined.findings] == ["portfolios/organisation.yaml"]


def test_a_broken_file_of_people_by_any_name_is_one_finding_not_hundreds(join):
    joined = join(
        {
            "organisation.yaml": "organisation: {id: o}\n",
            "staff.yaml": "people: [",
            "retail.yaml": RETAIL,
        }
    )
    assert [f.path for f in joined.findings] == ["portfolios/staff.yaml"]


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_unit_file_is_one_finding(join, kind):
    joined = join({"organisation.yaml": ORGANISATION, "retail.yaml": BROKEN[kind]})
    (finding,) = joined.findings
    assert finding.path == "portfolios/retail.yaml"


def test_a_broken_unit_file_hides_nothing_of_the_others(join):
    others = {
        "ops.yaml": "business_unit: {id: ops, head: zz, objectives: [{id: one}]}\n"
        "investments: [{id: O-1, title: T, outcome_owner: amara.okafr, objective: onne}, {id: O-1, title: U}]\n"
        "engagements: [{date: 2026-01-01, by: yy}]\n",
    }
    whole = join({"organisation.yaml": ORGANISATION, "retail.yaml": RETAIL, **others})
    broken = join({"organisation.yaml": ORGANISATION, "retail.yaml": "a: [", **others})
    assert [p for p in whole.places if p[1] == "ops.yaml"] == [
        p for p in broken.places if p[1] == "ops.yaml"
    ]
    assert [p for p in broken.places if p[1] != "ops.yaml"] == [("YML-001", "retail.yaml", 1, 5)]


def test_a_broken_organisation_hides_nothing_that_is_not_about_people(join):
    files = {
        **SOUND,
        "ops.yaml": "business_unit: {id: ops}\ninvestments: [{id: O, title: T, objective: x}]\n",
    }
    files["organisation.yaml"] = "a: ["
    assert join(files).places == [
        ("REF-004", "ops.yaml", 2, 44),
        ("YML-001", "organisation.yaml", 1, 5),
    ]


def test_findings_of_a_file_that_cannot_be_read_are_about_the_file(join):
    (finding,) = join({"retail.yaml": "a: ["}).findings
    assert (finding.subject.kind, finding.subject.id) == ("file", "portfolios/retail.yaml")
    assert finding.business_unit is None
    assert finding.field is None
