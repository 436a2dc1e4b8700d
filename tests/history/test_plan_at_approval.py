"""The plan of money at approval, as git knew it, beside today's."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ..support.git import GitRepo
from .conftest import ORGANISATION

DAY = "2027-12-31"
PATH = "portfolios/retail.yaml"


def unit(*outcomes: str, stage: str = "live", more: str = "") -> dict[str, str]:
    listed = "".join(f"  - {{{o}}}\n" for o in outcomes)
    head = f"- id: A\n  title: Platform\n  stage: {stage}\n{more}"
    text = f"business_unit: {{id: retail}}\ninvestments:\n{head}  outcomes:\n{listed}"
    return {PATH: text}


def start(repo: GitRepo, day: str, files: dict[str, str]) -> None:
    repo.commit(day, {"portfolios/organisation.yaml": ORGANISATION, **files})


@pytest.fixture
def told(run: Any) -> Any:
    def of(repo: GitRepo, day: str = DAY) -> dict[str, Any]:
        result = run("value", repo.root, "--tree", "--as-of", day, "--format", "json")
        assert result.code == 0, result
        found: dict[str, Any] = json.loads(result.out)
        return found

    return of


RESULT = "results: [{date: 2027-12-31, value: 100}]"
WAS = f"id: x, measure: m, value: 365, value_from: 2027-01-01, {RESULT}"


def test_a_plan_that_is_cut_and_put_off_after_approval_shows(empty, told):
    start(empty, "2026-01-10", unit(WAS, stage="proposed"))
    empty.commit("2026-03-01", unit(WAS, stage="approved"))
    now = f"id: x, measure: m, value: 100, value_from: 2027-07-01, {RESULT}"
    empty.commit("2026-09-01", unit(now))
    found = told(empty)
    [item] = found["tree"][0]["items"]
    then = item["at_approval"]
    assert (then["basis"], then["on"], then["changed"], then["deleted"]) == (
        "approved", "2026-03-01", ["x"], [],
    )  # fmt: skip
    assert then["planned_to_date"] == 365
    assert then["judged"] == {"planned": 365, "realised": 100}
    assert item["money"]["planned_to_date"] == pytest.approx(100 * 184 / 365, abs=0.01)
    total = found["total"]
    assert total["realised_ratio"] == 1
    assert total["at_approval"]["realised_ratio"] == pytest.approx(100 / 365)
    assert (total["at_approval"]["changed"], total["at_approval"]["approved"]) == (1, 1)


def test_an_approval_in_a_later_commit_is_none_yet_where_another_file_is_not_committed(empty, told):
    start(empty, "2026-01-10", unit(WAS, stage="proposed"))
    empty.commit("2027-09-01", unit(WAS, stage="approved"))
    committed = told(empty, "2027-06-30")
    empty.write({"portfolios/claims.yaml": "business_unit: {id: claims}\n"})
    for found in (committed, told(empty, "2027-06-30")):
        [item] = next(u for u in found["tree"] if u["id"] == "retail")["items"]
        assert item["at_approval"] is None


def test_a_plan_that_is_deleted_shows_and_one_that_is_renamed_does_not(empty, told):
    other = "id: y, measure: n, value: 730, value_from: 2027-01-01"
    start(empty, "2026-01-10", unit(WAS, other))
    empty.commit("2026-06-01", unit(WAS.replace("id: x", "id: renamed")))
    then = told(empty)["tree"][0]["items"][0]["at_approval"]
    assert (then["basis"], then["changed"], then["deleted"]) == ("first commit", ["y"], ["y"])
    assert then["judged"] == {"planned": 365 + 730, "realised": 100}
    # what promises nothing any more is deleted as well
    empty.commit("2026-07-01", unit(f"id: renamed, measure: m, {RESULT}"))
    then = told(empty)["tree"][0]["items"][0]["at_approval"]
    assert then["deleted"] == ["renamed", "y"]
    # as of a day before, neither has happened
    before = told(empty, "2026-05-31")["tree"][0]["items"][0]["at_approval"]
    assert (before["basis"], before["planned_to_come"]) == ("first commit", (365 + 730) * 3)


def test_an_item_that_is_deleted_whole_stays_in_the_plan_at_approval_of_its_unit(
    empty, told, run, curves
):
    other = unit(WAS)[PATH] + (
        "- id: B\n  title: Gone\n  stage: live\n"
        "  outcomes:\n  - {id: y, value: 730, value_from: 2027-01-01}\n"
    )
    start(empty, "2026-01-10", {PATH: other})
    empty.commit("2027-02-01", unit(WAS))
    found = told(empty)
    then = found["total"]["at_approval"]
    assert then["judged"] == {"planned": 365 + 730, "realised": 100}
    assert (then["deleted_items"], then["deleted_items_planned"], then["deleted"]) == (1, 730, 1)
    assert found["units"][0]["at_approval"] == then
    assert then["changed_since_first_commit"] == then["changed"] == 1
    said = " ".join(run("value", empty.root, "--as-of", DAY).out.split())
    assert "among these 730 to date of 1 item deleted as a whole" in said
    assert "changed plans dated by the first commit, which are in no finding: 1" in said
    [curve] = curves(empty, "retail")
    assert [p["planned_at_approval"] for p in curve["points"]][:1] == [365 + 730]
    unit_why = run("why", "retail", "at_approval.planned_to_date", empty.root, "--as-of", DAY).out
    assert "B, deleted: planned_to_date" in unit_why
    why = run("why", "acme", "at_approval.planned_to_date", empty.root, "--as-of", DAY).out
    assert "B, deleted: planned_to_date" in why
    assert "Left out" not in why
    # the pack's first page says the same as the verb
    pack = run("report", empty.root, "--markdown", "-", "--as-of", DAY).out
    front, page = pack.split("\n## retail\n")[:2]
    assert "among these 730 to date of 1 item deleted as a whole" in front
    assert "deleted as a whole" not in page.split("\n## ")[0]
    # whoever held its post has no card that shows it, and that is said
    cards = run("managers", empty.root, "--as-of", DAY, "liz").out
    assert "1 item deleted as a whole, 730 of whose plan at approval" in " ".join(cards.split())
    # what was stopped before it was deleted plans no more than until then
    stopped = other.replace("title: Gone\n  stage: live", "title: Gone\n  stage: stopped")
    empty.commit("2027-07-01", {PATH: stopped})
    empty.commit("2027-07-02", unit(WAS))
    then = told(empty)["total"]["at_approval"]
    assert then["deleted_items_planned"] == 730 * 182 / 365


def test_the_budget_of_an_item_that_is_deleted_is_told(empty, told, run):
    spend = (
        "  spend: [{year: 2026, budget: 500}, {year: 2027, budget: 70}, {year: 2028, budget: 9}]\n"
    )
    sunk = f"- id: B\n  title: Sunk\n  stage: delivering\n{spend}"
    asked = f"- id: C\n  title: Asked\n  stage: proposed\n{spend}"
    start(empty, "2026-01-10", {PATH: unit(WAS)[PATH] + sunk + asked})
    empty.commit("2026-06-01", {PATH: unit(WAS)[PATH] + sunk.replace("id: B", "id: B2") + asked})
    assert told(empty)["total"]["at_approval"]["deleted_items"] == 0  # it has another id
    empty.commit("2027-02-01", unit(WAS))
    found = told(empty)
    for line in (found["total"], found["units"][0]):
        then = line["at_approval"]
        assert (then["deleted_items"], then["deleted_items_budget"], then["deleted"]) == (1, 570, 0)
    said = " ".join(run("value", empty.root, "--as-of", DAY).out.split())
    assert "of 1 item deleted as a whole, in no figure of spend: 570" in said
    why = run("why", "retail", "at_approval.deleted_items_budget", empty.root, "--as-of", DAY).out
    assert "B2, deleted" in why
    assert told(empty, "2027-01-31")["total"]["at_approval"]["deleted_items"] == 0


@pytest.mark.parametrize("committed", [False, True])
def test_an_item_in_a_file_that_cannot_be_read_was_not_deleted(empty, told, committed):
    other = {"portfolios/claims.yaml": "business_unit: {id: claims}\n"}
    start(empty, "2026-01-10", {**unit(WAS), **other})
    broken = {PATH: unit(WAS)[PATH] + "x: [\n"}
    if committed:
        empty.commit("2026-06-01", broken)
    else:
        empty.write(broken)
    found = told(empty)
    assert found["unread"]
    assert (found["total"]["at_approval"] or {"deleted_items": 0})["deleted_items"] == 0


def test_a_plan_that_is_another_than_at_approval_is_found(empty, run):
    start(empty, "2026-01-10", unit(WAS, stage="proposed"))
    empty.commit("2026-03-01", unit(WAS, stage="approved"))

    def found() -> list[str]:
        told = run("check", empty.root, "--select", "HIS-016", "--format", "json", "--as-of", DAY)
        return [f["message"] for f in told.findings if f["rule"] == "HIS-016"]

    assert found() == []
    for month in ("04", "07", "10"):  # put off every quarter
        empty.commit(f"2026-{month}-01", unit(WAS.replace("2027-01-01", f"2027-{month}-01")))
    [said] = found()
    assert said.startswith("Platform plans other money than on 2026-03-01, when it was approved (")
    assert said.endswith("): x was re-dated, changed, added or deleted")


def test_the_gate_of_the_business_case_says_which_plan_counts(empty, told):
    gate = "  gates: [{gate: Business case, on: 2026-06-30}]\n"
    start(empty, "2026-01-10", unit(WAS, stage="proposed"))
    empty.commit("2026-03-01", unit(WAS.replace("365", "500"), stage="approved"))
    empty.commit("2026-06-30", unit(WAS.replace("365", "730"), more=gate))
    empty.commit("2026-07-10", unit(WAS.replace("365", "100"), more=gate))
    then = told(empty)["tree"][0]["items"][0]["at_approval"]
    assert (then["basis"], then["on"], then["planned_to_date"]) == (
        "business case", "2026-06-30", 730,
    )  # fmt: skip
    # a gate before git knows the item says nothing
    early = gate.replace("2026-06-30", "2025-06-30")
    empty.commit("2026-07-11", unit(WAS.replace("365", "100"), more=early))
    assert told(empty)["tree"][0]["items"][0]["at_approval"]["basis"] == "approved"


def test_what_is_only_proposed_has_no_plan_at_approval(empty, told):
    start(empty, "2026-01-10", unit(WAS, stage="proposed"))
    found = told(empty)
    assert found["tree"][0]["items"][0]["at_approval"] is None
    assert found["total"]["at_approval"] is None


def test_without_git_the_plan_at_approval_is_not_known_and_it_is_said(tmp_path, run):
    for path, text in {"portfolios/organisation.yaml": ORGANISATION, **unit(WAS)}.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    said = run("value", tmp_path, "--as-of", DAY).out
    assert "Plans at approval: not known, git has no history of these files" in said
    front = run("report", tmp_path, "--markdown", "-", "--as-of", DAY).out.split("### Business")[0]
    assert "Plans at approval: not known, git has no history of these files" in front


def test_without_a_recorded_day_an_item_ended_with_the_commit_that_stopped_it(empty, told):
    plan = "id: x, value: 365, value_from: 2027-01-01"
    start(empty, "2026-01-10", unit(plan))
    empty.commit("2027-01-10", unit(plan, stage="stopped"))
    [item] = told(empty)["tree"][0]["items"]
    assert (item["money"]["planned_to_date"], item["end_unknown"]) == (10, False)
    assert item["outcomes"][0]["plan_until"] == "2027-01-10"


def test_an_item_that_git_knows_only_as_stopped_ended_on_an_unknown_day(empty, told):
    start(empty, "2027-01-10", unit("id: x, value: 365, value_from: 2027-01-01", stage="stopped"))
    [item] = told(empty)["tree"][0]["items"]
    assert (item["money"]["planned_to_date"], item["end_unknown"]) == (365, True)


def test_the_words_say_what_was_changed_since_approval(empty, run):
    start(empty, "2026-01-10", unit(WAS))
    empty.commit("2026-09-01", unit(WAS.replace("365", "100")))
    said = " ".join(run("value", empty.root, "--as-of", DAY).out.split())
    assert "Of the 100 from plans that began over 90 days ago, 100 (100%) was realised" in said
    assert (
        "Plan at approval: 365 to date and 1.1k to come; 27% of what is due by now by that plan was "
        "realised, 100 of 365. 1 plan changed since. Approval dated for 1 item by the first commit"
    ) in said
    tree = run("value", empty.root, "--tree", "--as-of", DAY).out
    assert "at approval (2026-01-10, first commit) 365 to date" in tree


@pytest.fixture
def curves(run: Any) -> Any:
    def of(repo: GitRepo, *names: str, day: str = DAY) -> list[dict[str, Any]]:
        chosen = [part for name in names for part in ("--of", name)]
        arguments = ("value", repo.root, "--curve", "year", *chosen, "--as-of", day)
        result = run(*arguments, "--format", "json")
        assert result.code == 0, result
        found: list[dict[str, Any]] = json.loads(result.out)["curves"]
        return found

    return of


def test_the_plan_at_approval_is_a_second_line_over_time(empty, run, told, curves):
    start(empty, "2026-01-10", unit(WAS, stage="proposed"))
    empty.commit("2026-03-01", unit(WAS, stage="approved"))
    now = f"id: x, measure: m, value: 100, value_from: 2028-01-01, {RESULT}"
    empty.commit("2026-09-01", unit(now))
    whole = curves(empty)[0]
    for curve in (whole, *curves(empty, "retail", "A", "A/x")):
        then = {p["label"]: p["planned_at_approval"] for p in curve["points"]}
        planned = {p["label"]: p["planned"] for p in curve["points"]}
        assert then == dict.fromkeys(("2027", "2028", "2029", "2030"), 365)
        assert planned == {"2027": 0, "2028": 100, "2029": 100, "2030": 100}
        assert (curve["changed"], curve["approval_unknown"]) == (1, 0)
    at_approval = told(empty)["total"]["at_approval"]
    assert sum(p["planned_at_approval"] for p in whole["points"]) == pytest.approx(
        at_approval["planned_to_date"] + at_approval["planned_to_come"]
    )
    text = run("value", empty.root, "--curve", "year", "--as-of", DAY).out
    assert "planned  at approval  realised" in text
    assert "the plan as git knew it then; 1 plan changed since" in text
    place = empty.root / "b.html"
    assert run("report", empty.root, "--html", place, "--as-of", DAY).code == 0
    page = place.read_text(encoding="utf-8")
    assert page.count('class="then"') == 4  # the line and its name, of the whole and of the unit
    assert "1 plan changed since" in page


def test_there_is_no_second_line_where_no_plan_changed_or_git_knows_none(empty, run, curves):
    start(empty, "2026-01-10", unit(WAS))
    [curve] = curves(empty)
    assert {p["planned_at_approval"] for p in curve["points"]} == {None}
    assert "at approval" not in run("value", empty.root, "--curve", "year", "--as-of", DAY).out
    # as of a day on which git did not know it
    [before] = curves(empty, day="2026-01-01")
    assert (before["changed"], before["approval_unknown"]) == (0, 1)


def test_an_outcome_and_then_its_item_that_are_renamed_keep_one_plan(empty, told):
    start(empty, "2026-01-10", unit(WAS))
    renamed = WAS.replace("id: x", "id: renamed")
    empty.commit("2026-02-10", unit(renamed))
    empty.commit("2026-03-10", {PATH: unit(renamed)[PATH].replace("- id: A\n", "- id: B\n")})
    then = told(empty)["tree"][0]["items"][0]["at_approval"]
    assert (then["planned_to_date"], then["changed"], then["deleted"]) == (365, [], [])


def test_a_gate_that_is_yet_to_come_hides_no_plan_that_was_cut(empty, told):
    gate = "  gates: [{gate: Business case, on: 2028-06-30}]\n"
    start(empty, "2026-01-10", unit(WAS, more=gate))
    empty.commit("2026-07-10", unit(WAS.replace("365", "100"), more=gate))
    then = told(empty)["tree"][0]["items"][0]["at_approval"]
    assert (then["basis"], then["planned_to_date"], then["changed"]) == ("first commit", 365, ["x"])


def test_in_a_shallow_clone_the_first_commit_there_is_is_no_approval(empty, run, told, tmp_path):
    start(empty, "2026-01-10", unit(WAS))
    empty.commit("2026-05-10", unit(WAS.replace("365", "730")))
    empty.commit("2026-07-10", unit(WAS.replace("365", "100")))
    clone = tmp_path / "clone"
    empty.git("clone", "-q", "--depth", "2", f"file://{empty.root}", str(clone))
    found = json.loads(run("value", clone, "--as-of", DAY, "--format", "json").out)["total"]
    assert (found["at_approval"], found["approval_unknown"]) == (None, 1)
    said = " ".join(run("value", clone, "--as-of", DAY).out.split())
    assert "Plan at approval of 1 item: not known; this is a shallow clone" in said
    assert "Plan at approval: " not in said
    whole = told(empty)["total"]
    assert (whole["at_approval"]["planned_to_date"], whole["approval_unknown"]) == (365, 0)


def test_budget_after_an_end_that_only_git_knows_is_told_apart(empty, told):
    spend = "  spend: [{year: 2026, budget: 365}, {year: 2027, budget: 365}]\n"
    live = f"- id: B\n  title: Sunk\n  stage: live\n{spend}"
    start(empty, "2026-01-10", {PATH: unit(WAS)[PATH] + live})
    empty.commit("2026-07-01", {PATH: unit(WAS)[PATH] + live.replace("live", "stopped")})
    then = told(empty, "2027-12-31")["units"][0]
    said = live.replace("stage: live", "stage: stopped\n  ended: 2026-07-01")
    empty.commit("2026-07-02", {PATH: unit(WAS)[PATH] + said})
    assert then["budget_after_end"] == told(empty, "2027-12-31")["units"][0]["budget_after_end"]
    assert 365 < then["budget_after_end"] < 730
