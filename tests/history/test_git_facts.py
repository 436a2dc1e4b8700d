"""What git knows becomes facts that rules ask for: each fact, each rule, and what cannot be told."""

from __future__ import annotations

import pytest

from ..support.git import GitRepo
from .conftest import LENDING, ORGANISATION, RETAIL
from .silent_changes import (
    ANN_TO_BOB,
    ANN_TO_LIZ,
    OWNER,
    TARGET,
    TODAY,
    edited,
    found,
    gate,
    only_unknown,
)


def test_an_outcome_owner_who_changes_twice_in_two_years_is_churn(repo, run):
    repo.commit("2027-02-01", edited(ANN_TO_BOB))
    assert found(run, repo.root) == {}
    repo.commit("2027-09-01", edited(ANN_TO_LIZ))
    assert list(found(run, repo.root)) == ["HIS-001 RET-1"]
    said = found(run, repo.root)["HIS-001 RET-1"]
    assert said["message"].endswith("has had 2 changes of outcome owner within 24 months")
    assert (said["path"], said["line"]) == ("portfolios/retail.yaml", 6)
    # the first change leaves the window, and the rule holds again
    assert found(run, repo.root, day="2029-02-02") == {}


def test_a_vacancy_between_two_names_is_one_change_and_a_placeholder_is_nobody(repo, run):
    repo.commit("2027-02-01", edited((OWNER, "outcome_owner: TBD")))
    repo.commit("2027-03-01", edited(ANN_TO_BOB))
    assert found(run, repo.root) == {}
    repo.commit("2027-04-01", edited(("    outcome_owner: ann\n", "")))
    repo.commit("2027-05-01", edited(ANN_TO_LIZ))
    assert list(found(run, repo.root)) == ["HIS-001 RET-1"]


def test_sponsors_and_relationship_managers_are_counted_too_also_of_the_unit(repo, run):
    def people(who: str) -> dict[str, str | None]:
        return edited(
            ("head: ann, relationship_manager: liz", f"head: ann, relationship_manager: {who}"),
            (
                "    relationship_manager: liz",
                f"    relationship_manager: {who}\n    sponsor: {who}",
            ),
        )

    repo.commit("2026-08-01", people("ann"))
    repo.commit("2027-08-01", people("bob"))
    repo.commit("2028-02-01", people("tom"))
    assert set(found(run, repo.root)) == {"HIS-002 RET-1", "HIS-003 RET-1", "HIS-004 retail"}


@pytest.mark.parametrize(
    ("change", "rule", "before", "after"),
    [
        (("budget: 100000", "budget: 150000"), "HIS-005 RET-1", "100,000", "150,000"),
        (("end: 2027-03-31", "end: 2027-09-30"), "HIS-006 RET-1", "2027-03-31", "2027-09-30"),
        (TARGET, "HIS-007 RET-1/faster", "5", "12"),
        (("baseline: 20", "baseline: 40.5"), "HIS-008 RET-1/faster", "20", "40.5"),
    ],
)
class TestWithoutADecision:
    def test_it_is_told_with_day_commit_and_values(self, repo, run, change, rule, before, after):
        commit = repo.commit("2027-05-04", edited(change))
        said = found(run, repo.root)
        assert list(said) == [rule]
        told = f"from {before} to {after} on 2027-05-04 ({commit[:10]}) without a recorded decision"
        assert said[rule]["message"].endswith(told)

    def test_before_it_is_committed_as_well(self, repo, run, change, rule, before, after):
        repo.write(edited(change))
        assert f"on {TODAY} (uncommitted)" in found(run, repo.root)[rule]["message"]

    @pytest.mark.parametrize("day", ["2027-04-03", "2027-05-04", "2027-06-04"])
    def test_a_gate_within_a_month_is_the_decision(
        self, repo, run, change, rule, before, after, day
    ):
        repo.commit("2027-05-04", edited(change))
        repo.commit("2028-01-01", edited(change, gate(day)))  # recorded late, dated then
        assert found(run, repo.root) == {}

    def test_a_gate_of_another_time_is_not(self, repo, run, change, rule, before, after):
        repo.commit("2027-05-04", edited(change))
        repo.commit("2028-01-01", edited(change, gate("2027-06-05")))
        assert list(found(run, repo.root)) == [rule]

    def test_a_gate_in_the_same_commit_is_the_decision(
        self, repo, run, change, rule, before, after
    ):
        repo.commit("2027-05-04", edited(change, gate("2026-12-01")))
        assert found(run, repo.root) == {}

    def test_taken_back_it_is_forgiven(self, repo, run, change, rule, before, after):
        repo.commit("2027-05-04", edited(change))
        repo.commit("2027-05-20", edited())
        assert found(run, repo.root) == {}

    def test_while_it_is_only_proposed_it_is_planning(self, repo, run, change, rule, before, after):
        proposed = ("stage: delivering", "stage: proposed")
        repo.commit("2027-01-01", edited(proposed))
        repo.commit("2027-05-04", edited(change, proposed))
        repo.commit("2027-06-01", edited(change))
        assert found(run, repo.root) == {}

    def test_after_two_years_it_is_history(self, repo, run, change, rule, before, after):
        repo.commit("2027-05-04", edited(change))
        assert rule in found(run, repo.root, day="2029-05-03")
        assert found(run, repo.root, day="2029-05-04") == {}

    def test_a_day_before_it_does_not_know_of_it(self, repo, run, change, rule, before, after):
        repo.commit("2028-05-04", edited(change))
        earlier = found(run, repo.root, day="2028-05-03")
        assert list(earlier) == ["HIS-000 acme"]
        assert "1 commit is dated after 2028-05-03" in earlier["HIS-000 acme"]["message"]
        assert list(found(run, repo.root, day="2028-05-04")) == [rule]

    def test_it_is_seen_across_a_merge(self, repo, run, change, rule, before, after):
        repo.git("checkout", "-q", "-b", "side")
        repo.commit("2027-05-02", edited(change))
        repo.git("checkout", "-q", "main")
        repo.git("merge", "-q", "--no-ff", "-m", "Merge", "side", date="2027-05-08")
        merge = repo.git("rev-parse", "HEAD")[:10]
        assert f"on 2027-05-08 ({merge})" in found(run, repo.root)[rule]["message"]

    def test_a_record_that_moves_to_another_file_does_not_hide_it(
        self, repo, run, change, rule, before, after
    ):
        files = edited(change)
        files["portfolios/high-street/all.yaml"] = files.pop("portfolios/retail.yaml")
        repo.commit("2027-05-04", {**files, "portfolios/retail.yaml": None})
        assert list(found(run, repo.root)) == [rule]

    def test_to_delete_it_and_bring_it_back_does_not_hide_it(
        self, repo, run, change, rule, before, after
    ):
        repo.commit("2027-05-02", {"portfolios/retail.yaml": "business_unit: {id: retail}\n"})
        repo.commit("2027-05-04", edited(change))
        assert list(found(run, repo.root)) == [rule]

    def test_another_id_does_not_hide_it(self, repo, run, change, rule, before, after):
        repo.commit("2027-05-04", edited(change, ("id: RET-1", "id: R-100")))
        assert list(found(run, repo.root)) == [rule.replace("RET-1", "R-100")]

    def test_what_could_not_be_read_has_not_changed(self, repo, run, change, rule, before, after):
        repo.commit("2027-05-02", {"portfolios/retail.yaml": RETAIL + "  - [broken\n"})
        repo.commit("2027-05-03", edited())
        assert found(run, repo.root) == {}
        repo.commit("2027-05-04", {"portfolios/retail.yaml": "\x00"})
        repo.commit("2027-05-05", edited(change))
        assert "on 2027-05-05" in found(run, repo.root)[rule]["message"]

    def test_layout_and_line_ends_are_no_change(self, repo, run, change, rule, before, after):
        same = "# first\n" + RETAIL.replace(", ", ",  ")
        repo.commit("2027-05-04", {"portfolios/retail.yaml": same})
        (repo.root / "portfolios/retail.yaml").write_bytes(same.replace("\n", "\r\n").encode())
        assert found(run, repo.root) == {}


def test_a_further_year_is_no_raise_for_a_service_and_one_for_an_investment(repo, run):
    more = ("budget: 50000}\n", "budget: 50000}\n      - {year: 2027, budget: 50000}\n")
    service = ("title: Branch tills", "title: Branch tills\n    type: service")
    repo.commit("2027-01-01", edited(service))
    repo.commit("2027-05-04", edited(service, more))
    assert found(run, repo.root) == {}
    repo.commit("2027-06-04", edited(service, more, ("2026, budget: 50000", "2026, budget: 60000")))
    assert list(found(run, repo.root)) == ["HIS-005 RET-2"]
    lending = LENDING.replace("live}", "live, spend: [{year: 2026, budget: 1}]}")
    repo.commit("2027-07-01", {"portfolios/lending.yaml": lending})
    more_years = lending.replace("budget: 1}", "budget: 1}, {year: 2027, budget: 1}")
    repo.commit("2027-08-01", {"portfolios/lending.yaml": more_years})
    assert "from 1 to 2" in found(run, repo.root)["HIS-005 LEN-1"]["message"]


def test_what_was_first_given_was_not_changed(repo, run):
    repo.commit("2027-01-01", edited(("baseline: 20, target: 5, ", "")))
    repo.commit("2027-02-01", edited())
    assert found(run, repo.root) == {}
    lending = LENDING.replace("live}", "live, end: 2029-01-01, spend: [{year: 2026, budget: 1}]}")
    repo.commit("2027-03-01", {"portfolios/lending.yaml": lending})
    assert found(run, repo.root) == {}


def test_a_target_that_jumps_tenfold_is_told_even_where_it_was_decided(repo, run):
    repo.commit("2027-05-04", edited(("target: 5", "target: 0.5"), gate("2027-05-04")))
    said = found(run, repo.root)
    assert list(said) == ["HIS-009 RET-1/faster"]
    assert "became 10 times larger or smaller" in said["HIS-009 RET-1/faster"]["message"]


def test_a_rating_that_is_given_again_and_again_is_frozen(repo, run):
    def rated(colour: str, day: str) -> dict[str, str | None]:
        rating = f"    confidence: {colour}\n    confidence_on: {day}\n"
        return edited(("    end: 2027-03-31\n", "    end: 2027-03-31\n" + rating))

    repo.commit("2027-01-01", rated("green", "2027-01-01"))
    for month in (2, 3, 4):
        repo.commit(f"2027-0{month}-01", rated("green", f"2027-0{month}-01"))
    assert found(run, repo.root) == {}
    repo.commit("2027-05-01", rated("green", "2027-05-01"))
    said = found(run, repo.root)["HIS-010 RET-1"]
    assert said["severity"] == "info"
    assert "rated green again 4 times without a change, over 546 days" in said["message"]
    repo.commit("2027-06-01", rated("amber", "2027-06-01"))
    assert found(run, repo.root) == {}


def test_a_rating_that_git_has_known_for_two_years_is_judged_by_what_it_saw(tmp_path, run):
    rating = "    confidence: green\n    confidence_on: 2026-01-01\n"
    [text] = edited(("    end: 2027-03-31\n", "    end: 2027-03-31\n" + rating)).values()
    repo = GitRepo(tmp_path / "rated")
    files = {"portfolios/organisation.yaml": ORGANISATION, "portfolios/retail.yaml": text}
    repo.commit("2026-01-01", files)
    assert "HIS-010" in only_unknown(found(run, repo.root, day="2027-12-31"))
    assert found(run, repo.root, day="2028-01-01") == {}
