"""What a decision edited and git took away: it is made again, and closing says what does not stand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ..support.git import GitRepo

DAY = ("--as-of", "2026-11-23")
RECORD = "reviews/2026-11-23-retail.md"
FILE = "portfolios/retail.yaml"
EDITS = {
    "assign": ("RET-002", "assign", "--owner", "amara.okafor", "--reason", "x"),
    "waive": (
        "RET-001", "waive", "--rule", "VAL-001", "--reason", "In work", "--until", "2027-02-01",
        "--approved-by", "ines.sa",
    ),
    "action": ("RET-001", "action", "Bring it", "--owner", "lena.fischer", "--due", "2026-12-10"),
    "stop": ("RET-001", "stop", "Too late"),
    "next-review": ("RET-001", "approve", "--next-review", "2027-02-20"),
}  # fmt: skip


@pytest.fixture
def git(repo: Path, review: Callable[..., Any]) -> GitRepo:
    """The repository, committed, with a session on retail that Inês chairs."""
    git = GitRepo(repo, ("Priya", "priya@example.org"))
    git.commit()
    assert review("start", "--unit", "retail", "--chair", "ines.sa", *DAY).code == 0
    return git


@pytest.mark.parametrize("kind", EDITS)
def test_a_decision_whose_edit_git_took_away_is_made_again(
    repo: Path, review: Callable[..., Any], git: GitRepo, kind: str
) -> None:
    assert review("decide", *EDITS[kind]).code == 0
    wanted = (repo / FILE).read_text()
    git.git("checkout", "-q", "--", "portfolios")
    assert (repo / FILE).read_text() != wanted
    again = review("decide", *EDITS[kind])
    assert again.code == 0, again.err
    assert (repo / FILE).read_text() == wanted
    assert review("decide", *EDITS[kind]).code == 2, "now it stands, and is recorded already"
    closed = review("close", "--no-commit", "--format", "json")
    assert closed.code == 0
    decisions = [d for i in closed.json["minutes"]["items"] for d in i.get("decisions", [])]
    assert len(decisions) == 1, "it is recorded once"


@pytest.mark.parametrize("kind", [k for k in EDITS if k != "next-review"])
def test_closing_says_which_recorded_edits_no_longer_stand(
    repo: Path, review: Callable[..., Any], git: GitRepo, kind: str
) -> None:
    review("decide", *EDITS[kind])
    review("decide", "RET-002", "hold", "No figures")
    git.git("checkout", "-q", "--", "portfolios")
    closed = review("close", "--no-commit")
    assert closed.code == 1
    said = f"what `{kind}` edited for {EDITS[kind][0]} is no longer in {FILE}"
    assert said in closed.err
    assert closed.err.count("no longer in") == 1
    assert (repo / RECORD).read_text().count("no longer in the files at closing") == 1
    assert review("verify").code == 0


def test_what_closing_writes_anew_is_not_lost(
    repo: Path, review: Callable[..., Any], git: GitRepo
) -> None:
    review("decide", *EDITS["next-review"])
    git.git("checkout", "-q", "--", "portfolios")
    assert review("close", "--no-commit").code == 0
    assert "next_review: 2027-02-20" in (repo / FILE).read_text()


def test_a_file_that_cannot_be_read_leaves_it_unknown(
    repo: Path, review: Callable[..., Any], git: GitRepo
) -> None:
    review("decide", *EDITS["assign"])
    (repo / FILE).write_text("a: [\n")
    closed = review("close", "--no-commit")
    assert closed.code == 1
    assert f"{FILE} cannot be read, so it is not known whether it stands" in closed.err
    assert "not known whether it is in the files" in (repo / RECORD).read_text()


def test_what_stands_under_another_value_of_the_same_session_is_not_lost(
    review: Callable[..., Any], git: GitRepo
) -> None:
    review("decide", "RET-002", "assign", "--owner", "ines.sa")
    review("decide", "RET-002", "assign", "--owner", "amara.okafor")
    assert review("close", "--no-commit").code == 0
