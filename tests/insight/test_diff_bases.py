"""What a work tree can be compared with, and what each choice means."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from itgov.files.git import GitError
from itgov.insight.diff_bases import BaseKind, diff_base
from itgov.model.minutes import Minutes, Review
from itgov.model.portfolio import MinutesEntry, Source

from ..support.git import GitRepo

TODAY = datetime.date(2026, 11, 23)


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return GitRepo(tmp_path / "repo")


def minutes(identifier: str, day: datetime.date) -> MinutesEntry:
    record = Minutes(review=Review(id=identifier, date=day))
    return MinutesEntry(record, Source(f"reviews/{identifier}.yaml", ()))


def test_each_choice_means_a_commit(repo: GitRepo) -> None:
    first = repo.commit("2026-11-01", {"a": "1"})
    review = repo.commit("2026-11-20", {"reviews/r.yaml": "x"})
    yesterday = repo.commit("2026-11-22", {"a": "2"})
    repo.commit("2026-11-23", {"a": "3"})
    held = [minutes("r", datetime.date(2026, 11, 19)), minutes("q", datetime.date(2026, 11, 2))]
    wanted: dict[tuple[BaseKind, str], str | None] = {
        ("uncommitted", ""): None, ("last-commit", ""): yesterday, ("yesterday", ""): yesterday,
        ("review", ""): review, ("revision", "HEAD~3"): first, ("revision", "2026-11-21"): review,
    }  # fmt: skip
    for (kind, typed), commit in wanted.items():
        assert diff_base(repo.root, kind, TODAY, held, typed).commit == commit
    later = [*held, minutes("s", datetime.date(2026, 11, 22))]
    found = diff_base(repo.root, "review", TODAY, later)
    assert found.commit == yesterday
    assert "the minutes s are not committed" in found.label


@pytest.mark.parametrize(
    ("kind", "typed", "says"),
    [
        ("last-commit", "", "none is before it"),
        ("yesterday", "", "no commit of 2026-11-22 or before"),
        ("review", "", "no review session has been closed"),
        ("revision", "nothing", "no revision `nothing`"),
        ("revision", "--all", "is not a revision"),
    ],
)
def test_what_is_not_there_is_said(repo: GitRepo, kind: BaseKind, typed: str, says: str) -> None:
    repo.commit("2026-11-23", {"a": "1"})
    with pytest.raises(GitError, match=says):
        diff_base(repo.root, kind, TODAY, [], typed)
