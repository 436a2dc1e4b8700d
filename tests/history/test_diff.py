"""`itgov diff` on real histories."""

from __future__ import annotations

import json

import pytest

from ..support.cli import Run
from ..support.git import GitRepo
from .conftest import ORGANISATION, RETAIL


@pytest.fixture
def changed(repo: GitRepo, run: Run):
    """Commit changed files in February and return what changed since January, as JSON."""

    def call(*arguments: str, **files: str | None) -> dict:
        repo.commit("2026-02-15", {f"portfolios/{n}.yaml": t for n, t in files.items()})
        code, out, err = run("diff", "HEAD~1..HEAD", repo.root, "--format", "json", *arguments)
        assert code == 0, err
        return json.loads(out)

    return call


def kinds(diff: dict) -> set[tuple[str, str, str]]:
    return {(c["kind"], c["subject"]["kind"], c["subject"]["id"]) for c in diff["changes"]}


def fields(diff: dict) -> dict[str, tuple]:
    return {f["field"]: (f["before"], f["after"]) for c in diff["changes"] for f in c["fields"]}


def texts(diff: dict) -> list[str]:
    return [t for c in diff["changes"] for t in (c["text"], *(f["text"] for f in c["fields"])) if t]


def test_comments_order_and_layout_are_no_change(changed):
    organisation = """\
# a comment
relationship_managers:
- position:   bridge
  serves: [lending, "retail"]
  represents: 'customer'
  person: liz
people:
  - {id: tom, name: Tom Tiler, side: it}
  - {id: liz, side: business, name: "Liz Lane"}
  - {id: bob, name: Bob Baker, side: business, business_unit: retail}
  - {id: ann, name: Ann Archer, side: business, business_unit: retail}
organisation: {currency: GBP, name: Acme, id: acme}
"""
    head, _, rest = RETAIL.partition("  - id: RET-1")
    claims, _, rest = rest.partition("  - id: RET-2")
    tills, _, engagements = rest.partition("engagements:\n")
    retail = f"engagements:\n{engagements}{head}  - id: RET-2{tills}  - id: RET-1{claims}"
    retail = retail.replace("{year: 2026, budget: 100000}", "{budget: 1.0e5, year: 2026}  # agreed")
    diff = changed(organisation=organisation, retail=retail)
    assert diff["after"]["unread"] == []
    assert diff["changes"] == []
    assert diff["findings"] == {"introduced": [], "mended": [], "waived": [], "gone": []}


def test_a_file_renamed_or_split_is_no_change(repo, run):
    head, _, engagements = RETAIL.partition("engagements:\n")
    repo.commit(
        "2026-02-01",
        {
            "portfolios/retail.yaml": None,
            "portfolios/r/unit.yaml": head,
            "portfolios/r/met.yaml": f"business_unit: retail\nengagements:\n{engagements}",
        },
    )
    code, out, _ = run("diff", "HEAD~1..HEAD", repo.root)
    assert code == 0
    assert "Nothing changed in the portfolio." in out


def test_investments_added_removed_stopped_moved_renumbered_renamed(changed):
    retail = RETAIL.replace("stage: delivering", "stage: stopped")
    head, _, rest = retail.partition("  - id: RET-2")
    tills, _, engagements = rest.partition("engagements:\n")
    diff = changed(
        retail=f"{head}  - {{id: RET-9, title: Kiosks, stage: proposed}}\nengagements:\n{engagements}",
        lending="business_unit: {id: lending, name: Lending}\ninvestments:\n  - id: RET-2"
        + tills
        + "  - {id: LEN-100, title: Loan Desk, stage: live}\n",
    )
    assert kinds(diff) == {
        ("added", "investment", "RET-9"),
        ("moved", "investment", "RET-2"),
        ("stopped", "investment", "RET-1"),
        ("renumbered", "investment", "LEN-100"),
        ("changed", "investment", "LEN-100"),
    }
    moved = next(c for c in diff["changes"] if c["kind"] == "moved")
    assert (moved["business_unit_before"], moved["business_unit"]) == ("retail", "lending")
    assert moved["text"] == "moved from Retail to Lending"
    assert moved["fields"] == []
    assert "renamed from Loan desk to Loan Desk" in texts(diff)
    assert not any("LEN-1" in json.dumps(f) for f in diff["findings"]["introduced"])


def test_people_are_called_by_their_names(changed):
    diff = changed(
        retail=RETAIL.replace("outcome_owner: ann", "outcome_owner: bob").replace(
            "head: ann", "head: bob"
        )
    )
    assert texts(diff) == ["head Ann Archer → Bob Baker", "outcome owner Ann Archer → Bob Baker"]
    assert fields(diff)["outcome_owner"] == ("ann", "bob")


def test_spend_dates_and_outcomes(changed):
    text = RETAIL.replace("budget: 100000}", "budget: 120000.5, actual: 10}")
    text = text.replace("end: 2027-03-31", "end: 2027-04-02").replace("target: 5", "target: 8")
    text = text.replace(
        "due: 2026-12-31}", "due: 2026-12-31, results: [{date: 2026-02-01, actual: 18}]}"
    )
    diff = changed(retail=text)
    assert texts(diff) == [
        "end 2027-03-31 → 2027-04-02 (2 days later)",
        "spend 2026: budget 100,000 GBP → 120,000.5 GBP (+20,000.5)",
        "spend 2026: actual nothing → 10 GBP",
        "outcome faster: target 5 days → 8 days (+3)",
        "outcome faster: result of 2026-02-01 added: 18 days, without evidence",
    ]
    assert fields(diff)["outcomes.faster.target"] == (5.0, 8.0)
    assert fields(diff)["spend.2026.budget"] == (100000.0, 120000.5)


def test_waivers_gates_and_lists(changed):
    more = """\
    waivers: [{rule: VAL-001, reason: Merger, until: 2026-06-30, approved_by: ann}]
    gates: [{gate: go-live, on: 2026-02-01, approved_by: ann}]
    business_changes: [Hand over at the counter]
    custom: {tower: Apps, size: 3}
    outcome_owner: bob
"""
    diff = changed(
        retail=RETAIL.replace("    title: Branch tills\n", f"    title: Branch tills\n{more}")
    )
    assert texts(diff) == [
        "outcome owner nobody → Bob Baker",
        "gate go-live added: passed on 2026-02-01, approved by Ann Archer",
        "business changes: added Hand over at the counter",
        "waiver of VAL-001 added: until 2026-06-30, approved by Ann Archer: Merger",
        "own field size: nothing → 3",
        "own field tower: nothing → Apps",
    ]
    assert [f["rule"] for f in diff["findings"]["waived"]] == ["VAL-001"]
    assert "OWN-001" in [f["rule"] for f in diff["findings"]["mended"]]


def test_what_an_import_notes_for_its_next_run_is_no_change(changed):
    before = RETAIL.replace(
        "    title: Branch tills\n",
        "    title: Branch tills\n    custom: {imported: {from: a, as_of: 2026-01-01}, size: 3}\n",
    )
    changed(retail=before)
    diff = changed(retail=before.replace("as_of: 2026-01-01", "as_of: 2026-02-01"))
    assert texts(diff) == []
    changed(retail=before)
    diff = changed(retail=before.replace("size: 3", "size: 4"))
    assert texts(diff) == ["own field size: 3 → 4"]


def test_people_managers_and_the_organisation(changed):
    text = ORGANISATION.replace("name: Acme", "name: Acme plc")
    text = text.replace(
        "{id: tom, name: Tom Tiler, side: it}",
        "{id: tom, name: Tom Tiler, side: it, left: 2026-02-01}",
    )
    text = text.replace(
        "  - {id: bob, name: Bob Baker, side: business, business_unit: retail}\n", ""
    )
    text = text.replace("people:\n", "people:\n  - {id: zoe, name: Zoe Zander, side: it}\n")
    text = text.replace("position: bridge", "position: embedded, dedication: 0.5").replace(
        "[retail, lending]", "[retail]"
    )
    diff = changed(organisation=text)
    assert kinds(diff) == {
        ("added", "person", "zoe"),
        ("removed", "person", "bob"),
        ("left", "person", "tom"),
        ("changed", "relationship_manager", "liz"),
        ("changed", "organisation", "acme"),
    }
    said = texts(diff)
    assert "left on 2026-02-01" in said
    assert "serves: removed Lending" in said
    assert "position bridge → embedded" in said
    assert "dedication nothing → 50%" in said
    assert "name Acme → Acme plc" in said


def test_units_added_removed_and_under_another_id(changed):
    diff = changed(
        lending=None,
        pensions="business_unit: {id: pensions, name: Pensions}\n",
        retail=RETAIL.replace("{id: retail, name: Retail,", "{id: branches, name: Branches,"),
        organisation=ORGANISATION.replace("[retail, lending]", "[branches]").replace(
            "business_unit: retail", "business_unit: branches"
        ),
    )
    assert {k for k in kinds(diff) if k[1] in ("business_unit", "investment")} == {
        ("added", "business_unit", "pensions"),
        ("removed", "business_unit", "lending"),
        ("removed", "investment", "LEN-1"),
        ("renumbered", "business_unit", "branches"),
    }
    assert diff["findings"]["introduced"] == [
        f for f in diff["findings"]["introduced"] if f["business_unit"] == "pensions"
    ]
    assert {f["business_unit"] for f in diff["findings"]["gone"]} == {"lending"}
    units = {u["id"]: u for u in diff["units"]}
    assert units["pensions"]["before"] is None
    assert units["lending"]["after"] is None
    assert units["branches"]["before"] is not None


def test_engagements(changed):
    more = RETAIL.replace("summary: First review}", "summary: First review in full}")
    more += "  - {date: 2026-01-10, kind: informal, by: liz, with: [bob]}\n"
    more += (
        "  - {date: 2026-02-01, kind: review, by: liz, with: [ann, bob], summary: Pilot moved}\n"
    )
    diff = changed(retail=more)
    assert sorted(k[0] for k in kinds(diff)) == ["added", "added", "changed"]
    assert "Liz Lane with Ann Archer, Bob Baker: Pilot moved" in texts(diff)
    assert "summary reworded: First review in full" in texts(diff)


def test_findings_introduced_mended_and_gone(changed):
    head, _, rest = RETAIL.partition("  - id: RET-2")
    engagements = rest[rest.index("engagements:") :]
    diff = changed(retail=head.replace("    outcome_owner: ann\n", "") + engagements)
    assert "OWN-001" in [f["rule"] for f in diff["findings"]["introduced"]]
    assert all(f["subject"]["id"].startswith("RET-1") for f in diff["findings"]["introduced"])
    gone = {f["subject"]["id"] for f in diff["findings"]["gone"]}
    assert gone == {"RET-2"}
    assert not any(f["subject"]["id"] == "RET-2" for f in diff["findings"]["mended"])


def test_both_sides_are_judged_by_the_newer_rules_as_of_the_newer_day(repo, run):
    rule = "rules:\n  - {id: LOC-001, name: summary, for: investment, require: [summary]}\n"
    repo.commit("2026-09-15", {"rules/own.yaml": rule})
    code, out, _ = run("diff", "HEAD~1..HEAD", repo.root, "--format", "json")
    diff = json.loads(out)
    assert code == 0
    assert diff["as_of"] == "2026-09-15"
    assert diff["findings"]["introduced"] == []
    assert diff["before"]["findings"] == diff["after"]["findings"]


def test_a_file_that_cannot_be_read_is_left_out_and_said(repo, run):
    repo.commit("2026-02-01", {"portfolios/retail.yaml": RETAIL + "  : [\n"}, "Broken")
    code, out, _ = run("diff", "HEAD~1..HEAD", repo.root, "--format", "json")
    diff = json.loads(out)
    assert code == 0
    assert diff["changes"] == []
    assert [f["rule"] for f in diff["findings"]["introduced"]] == ["YML-001"]
    assert diff["findings"]["mended"] == diff["findings"]["gone"] == []
    assert "portfolios/retail.yaml" in diff["notes"][0]
    assert diff["after"]["unread"][0].startswith("portfolios/retail.yaml:")
    assert [u["id"] for u in diff["units"]] == ["lending"]
    repo.commit("2026-03-01", {"portfolios/retail.yaml": RETAIL}, "Mended")
    code, out, _ = run("diff", "HEAD~1..HEAD", repo.root, "--format", "json")
    diff = json.loads(out)
    assert diff["changes"] == []
    assert [f["rule"] for f in diff["findings"]["mended"]] == ["YML-001"]
    assert diff["findings"]["introduced"] == []
    assert [u["id"] for u in diff["units"]] == ["lending"]  # retail may have been there
