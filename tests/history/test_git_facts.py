"""What git knows becomes facts that rules ask for: each fact, each rule, and what cannot be told."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from .conftest import LENDING, ORGANISATION, RETAIL, Repo, Run

TODAY = "2028-06-30"
"""Over two years after the first commit, so that git knows the whole window."""


def found(run: Run, root: Path, *options: str, day: str = TODAY) -> dict[str, dict]:
    """Return the findings of rules on history, by rule and subject."""
    code, out, err = run(
        "check", root, "--format", "json", "--select", "HIS", "--as-of", day, *options
    )
    assert code == 0, err  # none of these fails a build by itself
    return {f"{f['rule']} {f['subject']['id']}": f for f in json.loads(out)["findings"]}


def edited(*changes: tuple[str, str], text: str = RETAIL) -> dict[str, str | None]:
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return {"portfolios/retail.yaml": text}


OWNER = "outcome_owner: ann"
TARGET = ("target: 5", "target: 12")
ANN_TO_BOB = (OWNER, "outcome_owner: bob")
ANN_TO_LIZ = (OWNER, "outcome_owner: liz")
GATE = "    gates: [{gate: re-plan, on: DAY, approved_by: ann}]\n"


def gate(day: str) -> tuple[str, str]:
    return ("    stage: delivering\n", "    stage: delivering\n" + GATE.replace("DAY", day))


# -- what is seen --------------------------------------------------------------------------


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
        assert found(run, repo.root, day="2028-05-03") == {}
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
    assert "rated green 4 times again, for 546 days" in said["message"]
    repo.commit("2027-06-01", rated("amber", "2027-06-01"))
    assert found(run, repo.root) == {}


def test_a_rating_that_git_has_known_for_two_years_is_judged_by_what_it_saw(tmp_path, run):
    rating = "    confidence: green\n    confidence_on: 2026-01-01\n"
    [text] = edited(("    end: 2027-03-31\n", "    end: 2027-03-31\n" + rating)).values()
    repo = Repo(tmp_path / "rated")
    files = {"portfolios/organisation.yaml": ORGANISATION, "portfolios/retail.yaml": text}
    repo.commit("2026-01-01", files)
    assert "HIS-010" in only_unknown(found(run, repo.root, day="2027-12-31"))
    assert found(run, repo.root, day="2028-01-01") == {}


# -- what cannot be told -------------------------------------------------------------------


def only_unknown(said: dict[str, dict]) -> str:
    assert list(said) == ["HIS-000 acme"]
    finding = said["HIS-000 acme"]
    assert (finding["severity"], finding["unevaluated"]) == ("info", True)
    assert finding["path"] == "portfolios/organisation.yaml"
    return f"{finding['message']} | {finding['fix']}"


def test_without_git_it_is_said_once_and_nothing_passes(repo, run):
    shutil.rmtree(repo.root / ".git")
    said = only_unknown(found(run, repo.root))
    assert "10 rules on history" in said or "9 rules on history" in said
    assert "2 business units, 3 investments and 1 outcome" in said
    assert "not in a git repository" in said
    _, out, _ = run("check", repo.root, "--as-of", TODAY, "--statistics")
    row = next(line for line in out.splitlines() if line.startswith("HIS-001 "))
    assert row.split()[3:] == ["0", "0", "3", "0", "3", "0"]  # 3 not evaluated, none passed, of 3


def test_who_asks_for_one_such_rule_is_told_that_it_was_not_judged(repo, run):
    shutil.rmtree(repo.root / ".git")
    for option, rules, told in (
        ("--select", "HIS-007", 1),
        ("--select", "OWN-001", 0),
        ("--ignore", "HIS", 0),
        ("--ignore", "HIS-007", 1),
    ):
        _, out, _ = run("check", repo.root, option, rules, "--format", "json")
        findings = json.loads(out)["findings"]
        assert sum(f["rule"] == "HIS-000" for f in findings) == told, (option, rules)


def test_a_repository_without_a_commit_and_one_of_somebody_else_around_it(repo, run, empty):
    inside = empty.root / "deep" / "portfolios"
    inside.mkdir(parents=True)
    (inside / "organisation.yaml").write_text(ORGANISATION, encoding="utf-8")
    (inside / "retail.yaml").write_text(RETAIL, encoding="utf-8")
    assert "no commit has the portfolio yet" in only_unknown(found(run, inside.parent))
    (empty.root / "other").write_text("x", encoding="utf-8")
    empty.git("add", "other")
    empty.git("commit", "-qm", "Other")
    assert "no commit has the portfolio yet" in only_unknown(found(run, inside.parent))


def test_a_history_that_is_too_short_fails_on_what_it_saw_and_passes_nothing(repo, run):
    repo.commit("2026-02-01", edited(TARGET, ANN_TO_BOB))
    repo.commit("2026-03-01", edited(TARGET, ANN_TO_LIZ))
    said = found(run, repo.root, day="2026-04-01")
    assert set(said) == {"HIS-000 acme", "HIS-001 RET-1", "HIS-007 RET-1/faster"}
    assert "git knows 76 days of the portfolio, since 2026-01-15" in said["HIS-000 acme"]["message"]
    _, out, _ = run("check", repo.root, "--as-of", "2026-04-01", "--statistics")
    rows = {line.split()[0]: line.split()[3:] for line in out.splitlines() if line[:3] == "HIS"}
    assert rows["HIS-001"] == ["1", "0", "2", "0", "3", "0"]  # one fails, two cannot be judged


def test_what_began_within_the_known_history_is_known_whole(repo, run):
    new = "  - {id: RET-9, title: New, stage: live, outcome_owner: ann, start: START}\n"
    retail = RETAIL.replace("engagements:", new + "engagements:")
    repo.commit("2026-03-01", {"portfolios/retail.yaml": retail.replace("START", "2026-03-20")})
    unit = "business_unit: {id: retail"
    said = found(run, repo.root, day="2026-04-01")["HIS-000 acme"]["message"]
    assert "3 investments" in said  # and not the fourth
    repo.commit("2026-03-02", {"portfolios/retail.yaml": retail.replace("START", "2019-01-01")})
    said = found(run, repo.root, day="2026-04-01")["HIS-000 acme"]["message"]
    assert "4 investments" in said, "it began long before it was entered"
    assert unit in retail


def test_a_shallow_clone_says_so_and_how_to_mend_it(repo, run, tmp_path):
    repo.commit("2028-01-01", edited(ANN_TO_BOB))
    repo.commit("2028-06-01", edited(ANN_TO_LIZ))
    clone = tmp_path / "clone"
    source = f"file://{repo.root}"
    subprocess.run(["git", "clone", "-q", "--depth", "1", source, clone], check=True)
    said = only_unknown(found(run, clone))
    assert "shallow clone, whose history begins with the commit of 2028-06-01" in said
    assert "git fetch --unshallow" in said
    assert "fetch-depth: 0" in said
    subprocess.run(["git", "-C", clone, "fetch", "-q", "--unshallow"], check=True)
    assert list(found(run, clone)) == ["HIS-001 RET-1"]


def test_the_remembered_answer_knows_of_head_and_of_a_fetch(repo, run, tmp_path, cache):
    repo.commit("2028-01-01", edited(ANN_TO_BOB))
    repo.commit("2028-06-01", edited(ANN_TO_LIZ))
    clone = tmp_path / "clone"
    source = f"file://{repo.root}"
    subprocess.run(["git", "clone", "-q", "--depth", "1", source, clone], check=True)
    for _ in range(2):
        assert "HIS-000 acme" in found(run, clone)
    subprocess.run(["git", "-C", clone, "fetch", "-q", "--unshallow"], check=True)
    for _ in range(2):
        assert list(found(run, clone)) == ["HIS-001 RET-1"]
    repo.commit("2028-06-02", edited(TARGET))
    assert "HIS-007 RET-1/faster" in found(run, repo.root)
    repo.git("reset", "-q", "--soft", "HEAD~1")  # the same files, and another HEAD
    assert "(uncommitted)" in found(run, repo.root)["HIS-007 RET-1/faster"]["message"]


def test_a_waiver_holds_and_is_not_called_unused_where_nobody_could_judge(repo, run):
    waiver = "    waivers:\n      - {rule: HIS-006, reason: Agreed, until: 2028-12-31, approved_by: tom}\n"
    end = ("    end: 2027-03-31\n", "    end: 2027-09-30\n" + waiver)
    repo.commit("2028-05-04", edited(end))
    assert found(run, repo.root)["HIS-006 RET-1"]["waived"]
    shutil.rmtree(repo.root / ".git")
    _, out, _ = run("check", repo.root, "--select", "WVR", "--as-of", TODAY, "--format", "json")
    assert json.loads(out)["findings"] == []


# -- where it is asked ---------------------------------------------------------------------


OWN_RULE = """\
rules:
  - id: OUR-001
    name: ours
    for: {kind}
    {rule}
    message: "{message}"
    examples: {{passes: [], fails: []}}
"""


def own(repo: Repo, kind: str, rule: str, message: str = "x") -> None:
    text = OWN_RULE.format(kind=kind, rule=rule, message=message)
    repo.write({"rules/own.yaml": text})


LIVE = "investment.stage == 'live'"  # of RET-2 and LEN-1, and not of RET-1
NOT_LIVE = "investment.stage != 'live'"
CALM = "investment.sponsor_changes < 9"  # nobody knows


@pytest.mark.parametrize(
    ("rule", "fails", "unknown"),
    [
        (f"assert: {CALM}", 0, 3),
        (f"assert: {LIVE} && {CALM}", 1, 2),
        (f"assert: {CALM} && {NOT_LIVE}", 2, 1),
        (f"assert: {LIVE} || {CALM}", 0, 1),
        (f"assert: '{LIVE} ? {CALM} : false'".replace("'live'", "''live''"), 1, 2),
        ("assert: investment.sponsor_changes == null || investment.sponsor_changes > 9", 0, 0),
        (f"when: {LIVE}\n    assert: {CALM}", 0, 2),
        (f"when: {CALM}\n    assert: 'false'", 0, 3),
        ("assert: investment.days_since_change.end > 3", 0, 3),
        ("assert: investment.outcomes.all(o, !o.target_changed_silently)", 0, 1),
    ],
)
@pytest.mark.parametrize("git", [True, False])
def test_logic_with_what_nobody_knows(repo, run, rule, fails, unknown, git):
    """What is surely false fails, what is surely true passes, and the rest is not judged."""
    own(repo, "investment", rule)
    if not git:
        shutil.rmtree(repo.root / ".git")
    _, out, _ = run("check", repo.root, "--as-of", "2026-01-20", "--format", "json")
    findings = json.loads(out)["findings"]
    assert sum(f["rule"] == "OUR-001" for f in findings) == fails
    said = [f["message"] for f in findings if f["rule"] == "HIS-000"]
    assert len(said) == (unknown > 0)
    noun = "investment" if unknown == 1 else "investments"
    assert all(f"(OUR-001) could not be judged on {unknown} {noun}:" in m for m in said)


def test_ages_and_commits_of_each_field_are_open_to_rules(repo, run):
    commit = repo.commit("2027-05-04", edited(("title: Branch tills", "title: Tills")))
    own(
        repo,
        "investment",
        "when: investment.id == 'RET-2'\n    assert: investment.days_since_change.title > 100",
        "{investment.changed_by.title} {investment.days_since_change.title}",
    )
    _, out, err = run(
        "check", repo.root, "--select", "OUR", "--format", "json", "--as-of", "2027-05-10"
    )
    assert [f["message"] for f in json.loads(out)["findings"]] == [f"{commit[:10]} 6"], err


def test_a_rule_that_names_no_such_field_or_requires_one_is_refused(repo, run):
    own(repo, "investment", "assert: investment.days_since_change.ende > 100")
    code, out, _ = run("rules", "check", repo.root)
    assert code == 2 or "did you mean `end`" in out
    assert "did you mean `end`" in out
    own(repo, "investment", "require: [history_days]")
    _, out, _ = run("rules", "check", repo.root)
    assert "nothing to require" in out


def test_health_may_ask_what_git_knows(repo, run):
    repo.write(
        {
            "rules/health.yaml": "health:\n  enough_evidence: 0\n  dimensions:\n    - id: stays\n      weight: 1\n"
            '      score: "business_unit.head_changes == null ? dyn(null) : business_unit.head_changes == 0 ? 1.0 : 0.0"\n'
        }
    )
    repo.commit("2027-05-04", edited(("head: ann", "head: bob")))
    scores = {}
    for day in (TODAY, "2026-03-01"):
        _, out, _ = run("health", repo.root, "--format", "json", "--as-of", day)
        scores[day] = {u["id"]: u["score"] for u in json.loads(out)["units"]}
    assert scores[TODAY] == {"retail": 0, "lending": 100}
    assert set(scores["2026-03-01"].values()) == {None}


def test_trend_tells_what_check_tells_at_each_commit_on_its_day(repo, run):
    repo.commit("2026-06-01", edited(TARGET))
    repo.commit("2027-01-01", edited(TARGET, ANN_TO_BOB))
    repo.commit("2028-05-01", edited(ANN_TO_BOB))
    _, out, _ = run("trend", repo.root, "--by", "commit", "--format", "json")
    points = json.loads(out)["points"]
    assert len(points) == 4
    for point in points:
        repo.git("checkout", "-q", point["commit"])
        _, out, _ = run("check", repo.root, "--format", "json", "--as-of", point["as_of"])
        summary = json.loads(out)["summary"]
        assert point["findings"] == {k: summary[k] for k in ("error", "warning", "info", "waived")}


def test_since_a_revision_only_a_new_silent_change_is_told(repo, run):
    repo.commit("2027-05-04", edited(TARGET))
    repo.write(edited(TARGET, ("baseline: 20", "baseline: 30")))
    assert list(found(run, repo.root, "--since", "HEAD")) == ["HIS-008 RET-1/faster"]


def test_diff_introduces_the_silent_change_that_it_shows(repo, run):
    repo.commit("2027-05-04", edited(TARGET))
    _, out, _ = run("diff", "HEAD~1..HEAD", repo.root, "--format", "json", "--as-of", TODAY)
    introduced = [f["rule"] for f in json.loads(out)["findings"]["introduced"]]
    assert introduced == ["HIS-007"]
