"""`check --since REV` shows what a revision did not have, and leaves the work tree alone."""

from __future__ import annotations

import pytest

UNIT = """\
business_unit: {id: u, name: Unit}
investments:
  - {id: A-1, title: Alpha, outcome_owner: ann}
  - {id: A-2, title: Beta}
"""
MORE = UNIT + "  - {id: A-3, title: Gamma, relationship_manager: tom}\n"
OF_OUTCOMES = """\
rules:
  - {id: X-001, name: target, for: outcome, require: [target], at: target, message: no target}
"""


@pytest.fixture
def there(repo, git):
    found = repo("rules: []\n", unit=UNIT)
    git(found.root, "init", "-q")
    git(found.root, "add", "-A")
    git(found.root, "commit", "-qm", "one")
    return found


def since(there, revision="HEAD", *more):
    ran = there.check("--since", revision, "--format", "json", *more)
    assert ran.code in (0, 1), ran.err
    return [(f["rule"], f["subject"]["id"]) for f in ran.findings]


def test_nothing_new(there):
    assert there.judge() != []
    assert since(there) == []
    assert there.check("--since", "HEAD").code == 0


def test_only_what_is_new(there):
    there.write("portfolios/unit.yaml", MORE)
    assert since(there) == [("OWN-001", "A-3")]
    assert there.check("--since", "HEAD").code == 1


def test_lines_that_moved_are_not_new(there):
    there.write("portfolios/unit.yaml", "# a\n\n" + UNIT)
    assert since(there) == []


def test_a_file_that_moved_is_not_new(there):
    (there.root / "portfolios/unit.yaml").unlink()
    there.write("portfolios/deep/other.yaml", UNIT)
    assert since(there) == []


def test_another_failure_of_the_same_rule_is_new(there):
    there.write("portfolios/unit.yaml", UNIT.replace("outcome_owner: ann", "outcome_owner: TBD"))
    assert since(there) == [("OWN-001", "A-1")]


def test_a_file_that_was_deleted(there):
    (there.root / "portfolios/unit.yaml").unlink()
    assert since(there) == [("REF-002", "tom")]


def test_a_file_that_was_broken_then(there, git):
    there.write("portfolios/unit.yaml", "a: [\n")
    git(there.root, "commit", "-qam", "broken")
    there.write("portfolios/unit.yaml", UNIT)
    assert ("OWN-001", "A-2") in since(there)
    assert since(there, "HEAD~1") == []


def test_of_two_unknown_people_the_new_one_is_shown(there, git):
    gates = "    gates: [{gate: a, approved_by: ghost}]\n"
    unit = "business_unit: {id: u}\ninvestments:\n  - id: A-1\n    title: T\n    outcome_owner: ann\n    relationship_manager: tom\n"
    there.write("portfolios/unit.yaml", unit + gates)
    git(there.root, "commit", "-qam", "two")
    there.write(
        "portfolios/unit.yaml", unit + gates.replace("[", "[{gate: b, approved_by: phantom}, ")
    )
    ran = there.check("--since", "HEAD", "--format", "json")
    assert [f["message"] for f in ran.findings] == ["there is no person `phantom`"]


def test_a_waiver_that_went_makes_its_finding_new(repo, git):
    rules = "rules: [{id: X-001, name: x, for: investment, assert: 'false', severity: error}]\n"
    unit = "business_unit: {id: u}\ninvestments:\n  - id: A-1\n    title: T\n    outcome_owner: ann\n    relationship_manager: tom\n"
    waivers = "    waivers: [{rule: X-001, reason: r, until: 2026-12-01, approved_by: bea}]\n"
    there = repo(rules, unit=unit + waivers)
    git(there.root, "init", "-q")
    git(there.root, "add", "-A")
    git(there.root, "commit", "-qm", "one")
    there.write("portfolios/unit.yaml", unit)
    assert since(there) == [("X-001", "A-1")]


def test_the_work_tree_and_the_index_stay_as_they_are(there, git):
    there.write("portfolios/unit.yaml", MORE)
    there.write("portfolios/new.yaml", "business_unit: {id: n}\n")
    git(there.root, "add", "portfolios/new.yaml")
    before = (git(there.root, "status", "--porcelain=v2"), (there.root / ".git/index").read_bytes(), git(there.root, "stash", "list"))  # fmt: skip
    since(there)
    after = (git(there.root, "status", "--porcelain=v2"), (there.root / ".git/index").read_bytes(), git(there.root, "stash", "list"))  # fmt: skip
    assert before == after


@pytest.mark.parametrize("revision", ["nope", "HEAD~9", "HEAD^{tree}", "", "HEAD~1..HEAD"])
def test_a_revision_that_is_not_there(there, revision):
    ran = there.check("--since", revision)
    assert (ran.code, ran.out) == (2, "")
    assert "revision" in ran.err


def test_a_revision_is_never_an_option_of_git(there, tmp_path):
    stolen = tmp_path / "stolen"
    ran = there.check(f"--since=--output={stolen}")
    assert (ran.code, ran.out) == (2, "")
    assert not stolen.exists()


def test_every_way_to_name_a_revision(there, git):
    git(there.root, "tag", "v1")
    git(there.root, "branch", "topic/a")
    there.write("portfolios/unit.yaml", MORE)
    for name in ("HEAD", "v1", "topic/a", "@", git(there.root, "rev-parse", "HEAD")):
        assert since(there, name) == [("OWN-001", "A-3")]


def test_outside_git(repo):
    ran = repo().check("--since", "HEAD")
    assert (ran.code, ran.out) == (2, "")
    assert "not in a git repository" in ran.err


def test_before_the_first_commit(repo, git):
    there = repo()
    git(there.root, "init", "-q")
    assert there.check("--since", "HEAD").code == 2


def test_a_portfolio_younger_than_the_revision_is_all_new(repo, git):
    there = repo(None, unit=None, organisation=None, readme="x")
    git(there.root, "init", "-q")
    git(there.root, "add", "-A")
    git(there.root, "commit", "-qm", "one")
    there.write("portfolios/unit.yaml", UNIT)
    assert len(since(there)) == len(there.judge()) > 0


def test_a_repository_below_the_top_of_git_with_other_letters(repo, git):
    there = repo(
        None,
        unit=None,
        organisation=None,
        **{"sub ü/portfolios/ü 1.yaml": UNIT, "sub ü/rules/a.yaml": "rules: []\n"},
    )
    git(there.root, "init", "-q")
    git(there.root, "add", "-A")
    git(there.root, "commit", "-qm", "one")
    ran = there.run("check", there.root / "sub ü", "--since", "HEAD", "--format", "json")
    assert (ran.code, ran.findings) == (0, [])


def test_a_folder_that_is_a_link_inside_the_repository_was_there_before(repo, git):
    there = repo("rules: []\n", unit=None, **{"data/unit.yaml": UNIT})
    (there.root / "portfolios/linked").symlink_to("../data")
    git(there.root, "init", "-q")
    git(there.root, "add", "-A")
    git(there.root, "commit", "-qm", "one")
    assert there.judge() != []
    assert since(there) == []


@pytest.fixture
def parted(there, git):
    """A branch `feature` with a commit of its own; what `main` had wrong is fixed on `main` since."""
    root = there.root
    git(root, "branch", "-M", "main")
    git(root, "checkout", "-qb", "feature")
    there.write("portfolios/other.yaml", "business_unit: {id: v, name: Other}\n")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "feature")
    git(root, "checkout", "-q", "main")
    there.write("portfolios/unit.yaml", "business_unit: {id: u, name: Unit}\n")
    git(root, "commit", "-qam", "fixed")
    git(root, "checkout", "-q", "feature")
    return there


@pytest.mark.parametrize(
    "revision", ["main", "main...HEAD", "main..HEAD", "main...", "main...feature"]
)
def test_a_branch_answers_for_what_it_adds_alone(parted, revision):
    assert since(parted, revision) == []
    parted.write("portfolios/unit.yaml", MORE)
    assert since(parted, revision) == [("OWN-001", "A-3")]


def test_another_branch_than_the_one_checked_out_is_refused(parted):
    ran = parted.check("--since", "HEAD...main")
    assert ran.code == 2
    assert "`main` is not in the history of what is checked out" in ran.err


def test_a_tag_does_not_pass_for_the_branch_of_its_name(parted, git):
    git(parted.root, "tag", "main", "feature")
    ran = parted.check("--since", "main")
    assert ran.code == 2
    assert "`main` is a tag and a branch: write `refs/heads/main` or `refs/tags/main`" in ran.err
    assert since(parted, "refs/heads/main") == []


def test_what_has_another_id_keeps_its_findings(there):
    there.write("portfolios/unit.yaml", UNIT.replace("A-2", "B-7"))
    assert since(there) == []


def test_an_outcome_with_another_id_keeps_its_findings(there, git):
    outcome = UNIT.replace(
        "outcome_owner: ann}", "outcome_owner: ann, outcomes: [{id: fast, measure: Days}]}"
    )
    there.write("rules/more.yaml", OF_OUTCOMES)
    there.write("portfolios/unit.yaml", outcome)
    git(there.root, "add", "-A")
    git(there.root, "commit", "-qm", "an outcome")
    known = [f for f in there.judge() if f["subject"]["kind"] == "outcome"]
    assert known
    there.write("portfolios/unit.yaml", outcome.replace("id: fast", "id: faster"))
    assert since(there) == []
    there.write(
        "portfolios/unit.yaml", outcome.replace("id: fast", "id: faster").replace("A-1", "A-7")
    )
    assert since(there) == []
    other = outcome.replace("id: fast, measure: Days", "id: faster, measure: Cost")
    there.write("portfolios/unit.yaml", other)
    assert {s for _, s in since(there)} == {"A-1/faster"}


def test_lines_that_were_merged_both_ways_say_with_what_was_compared(there, git):
    root = there.root
    git(root, "checkout", "-qb", "side")
    there.write("a.txt", "a")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "a")
    git(root, "checkout", "-qb", "other", "HEAD~1")
    there.write("b.txt", "b")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "b")
    git(root, "tag", "b")
    git(root, "merge", "-q", "--no-edit", "side")
    git(root, "checkout", "-q", "side")
    git(root, "merge", "-q", "--no-edit", "b")
    ran = there.check("--since", "other")
    assert ran.code == 0
    assert "parted at 2 commits" in ran.err


@pytest.mark.parametrize(
    ("left_out", "named"),
    [("blob:none", "portfolios/unit.yaml"), ("tree:0", "the list of a folder")],
)
@pytest.mark.parametrize("option", ["--since", "--policy"])
def test_what_a_partial_clone_lacks_ends_with_the_fetch_to_run(
    there, git, tmp_path, left_out, named, option
):
    there.write("portfolios/unit.yaml", MORE)
    git(there.root, "commit", "-qam", "two")
    git(there.root, "config", "uploadpack.allowFilter", "true")
    part = tmp_path / "part"
    git(tmp_path, "clone", "-q", f"--filter={left_out}", f"file://{there.root}", str(part))
    ran = there.run("check", part, option, "HEAD~1")
    assert ran.code == 2
    assert named in ran.err
    assert "git fetch --refetch --no-filter" in ran.err
