"""Who entered the business's words: git's author of answers, scores and confirmations."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..support.cli import Run
from ..support.git import GitRepo

DAY = "2026-11-23"
PEOPLE = """\
organisation: {id: acme}
people:
  - {id: ann, name: Ann Archer, side: business, business_unit: retail}
  - {id: liz, name: Liz Lane, email: liz@example.org, side: business}
relationship_managers:
  - {person: liz, serves: [retail]%s}
"""
RETAIL = """\
business_unit: {id: retail, relationship_manager: liz}
investments:
  - {id: R, title: R, outcomes: [{id: o, results: [{date: 2026-06-30, actual: 1%s}]}]}
engagements:
  - {date: 2026-06-01, by: liz, with: [ann]%s}
"""
ANSWER = ", represents_seen_by: [{on: 2026-09-01, by: ann, says: customer}]"
STEP = ", steps: [{what: A desk, done: 2026-03-01, confirmed_by: ann}]"
SCORE = ", satisfaction: {score: 5, by: ann}"
CONFIRMED = ", confirmed_by: ann"
ANN, LIZ = ("Ann Archer", "ann@x.org"), ("Liz Lane", "liz@x.org")
BY_ADDRESS = ("L.", "LIZ@example.org")


def files(person: str = "", result: str = "", engagement: str = "") -> dict[str, str | None]:
    return {
        "portfolios/organisation.yaml": PEOPLE % person,
        "portfolios/retail.yaml": RETAIL % (result, engagement),
    }


def commit(repo: GitRepo, who: tuple[str, str], day: str, said: dict[str, str | None]) -> None:
    repo.write(said)
    repo.git("add", "-A")
    name, email = who
    repo.git("-c", f"user.name={name}", "-c", f"user.email={email}", "commit", "-qm", "E", date=day)


def found(run: Run, root: Path) -> set[str]:
    ran = run("check", root, "--as-of", DAY, "--format", "json", "--select", "HIS")
    return {f["rule"] for f in ran.findings}


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ({"person": ANSWER}, "HIS-013"),
        ({"person": STEP}, "HIS-013"),
        ({"engagement": SCORE}, "HIS-014"),
        ({"result": CONFIRMED}, "HIS-015"),
    ],
)
def test_a_manager_who_types_the_businesss_answer_is_named(
    empty: GitRepo, run: Run, said: dict[str, str], rule: str
) -> None:
    commit(empty, ANN, "2026-01-15", files())
    commit(empty, BY_ADDRESS, "2026-09-02", files(**said))
    ran = run("check", empty.root, "--as-of", DAY, "--format", "json", "--select", rule)
    [named] = [f for f in ran.findings if f["rule"] == rule]
    assert "2026-09-02" in named["message"]


def test_the_business_may_enter_its_own_words_and_others_edit_around_them(
    empty: GitRepo, run: Run
) -> None:
    said = files(ANSWER + STEP, CONFIRMED, SCORE)
    commit(empty, ANN, "2026-09-02", said)
    around = {path: (text or "").replace("title: R", "title: S") for path, text in said.items()}
    around["portfolios/organisation.yaml"] = "# moved\n" + (
        said["portfolios/organisation.yaml"] or ""
    )
    commit(empty, LIZ, "2026-09-03", around)
    assert found(run, empty.root) & {"HIS-013", "HIS-014", "HIS-015"} == set()


def test_an_answer_that_the_manager_changes_is_the_managers(empty: GitRepo, run: Run) -> None:
    commit(empty, ANN, "2026-09-02", files(ANSWER.replace("customer", "supplier")))
    commit(empty, LIZ, "2026-09-03", files(ANSWER))
    assert "HIS-013" in found(run, empty.root)


def test_the_same_words_about_another_item_hide_nothing(empty: GitRepo, run: Run) -> None:
    """Neither committed by the business nor in files that are not committed."""
    said = files(result=CONFIRMED)
    commit(empty, ANN, "2026-01-15", files())
    commit(empty, LIZ, "2026-09-02", said)
    copied = (said["portfolios/retail.yaml"] or "").replace("retail", "claims")
    empty.write({"portfolios/claims.yaml": copied.replace("id: R,", "id: C,")})
    assert "HIS-015" in found(run, empty.root)
    commit(empty, ANN, "2026-09-03", {})
    assert "HIS-015" in found(run, empty.root)


def test_a_new_id_of_an_item_makes_nobody_the_author(empty: GitRepo, run: Run) -> None:
    said = files(result=CONFIRMED)
    commit(empty, ANN, "2026-09-02", said)
    renamed = {path: (text or "").replace("id: R,", "id: R/2,") for path, text in said.items()}
    commit(empty, LIZ, "2026-09-03", renamed)
    assert "HIS-015" not in found(run, empty.root)
    commit(empty, LIZ, "2026-09-04", files(result=", confirmed_by: ann, value: 1"))
    assert "HIS-015" in found(run, empty.root)


def test_a_new_id_of_a_person_makes_nobody_the_author(empty: GitRepo, run: Run) -> None:
    said = files(ANSWER, CONFIRMED, SCORE)
    commit(empty, ANN, "2026-09-02", said)
    renamed = {path: (text or "").replace("ann", "a.archer") for path, text in said.items()}
    commit(empty, LIZ, "2026-09-03", renamed)
    assert found(run, empty.root) & {"HIS-013", "HIS-014", "HIS-015"} == set()


def test_what_is_not_committed_is_not_asked_and_without_git_nobody_can_tell(
    empty: GitRepo, run: Run, tmp_path: Path
) -> None:
    commit(empty, LIZ, "2026-01-15", files())
    empty.write(files(ANSWER, CONFIRMED, SCORE))
    assert found(run, empty.root) & {"HIS-013", "HIS-014", "HIS-015"} == set()
    for path, text in files(ANSWER).items():
        (tmp_path / "plain" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "plain" / path).write_text(text or "")
    ran = run("check", tmp_path / "plain", "--as-of", DAY, "--format", "json", "--select", "HIS")
    [finding] = ran.findings
    assert (finding["rule"], finding["unevaluated"]) == ("HIS-000", True)


def test_a_scenario_leaves_what_git_knows_of_others_as_it_is(empty: GitRepo, run: Run) -> None:
    commit(empty, ANN, "2026-01-01", files())
    commit(empty, LIZ, "2026-10-01", files(person=ANSWER, engagement=SCORE))
    scenario = "scenario: {id: hold, title: Hold, changes: [{delay: R, months: 6}]}\n"
    empty.write({"scenarios/hold.yaml": scenario})
    assert found(run, empty.root) >= {"HIS-013", "HIS-014"}
    [told] = run("what-if", empty.root, "--as-of", DAY, "--format", "json").json["scenarios"]
    assert told["findings"] == {"fixed": 0, "new": 0}


def test_in_a_shallow_clone_the_first_commit_has_no_author(
    empty: GitRepo, run: Run, tmp_path: Path
) -> None:
    commit(empty, ANN, "2026-09-02", files(ANSWER))
    commit(empty, LIZ, "2026-09-03", {**files(ANSWER), "other.txt": "x"})
    clone = tmp_path / "clone"
    empty.git("clone", "-q", "--depth", "1", f"file://{empty.root}", str(clone))
    assert "HIS-013" not in found(run, clone)
    assert "HIS-000" in found(run, clone)
