"""The ten jobs of docs/room.md: their keys do what is promised, and are no more than promised."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from ..support.git import GitRepo
from .conftest import PROJECT, copy_sample
from .test_new_records import typed

MOST = 12
"""Keys that a job takes at the most, but for names that are typed."""
SHOWN = {"↓": "down", "↑": "up", "esc": "escape"}


class Job(Struct, frozen=True):
    """A row of the table: what is wanted, the keys with what is typed between them, and their number."""

    name: str
    keys: tuple[str, ...]
    typing: tuple[str, ...]
    most: int

    @property
    def presses(self) -> list[str]:
        """Every key press, the letters of what is typed too."""
        every: list[str] = []
        for key in self.keys:
            words = key[1:-1] if key in self.typing else key
            is_named = key not in self.typing and (key in SHOWN or len(key) > 1)
            every += [SHOWN.get(key, key)] if is_named else typed(words)
        return every

    @property
    def counted(self) -> int:
        """How many keys it takes, but for what is typed."""
        return len(self.keys) - len(self.typing)


def jobs() -> list[Job]:
    """Return the rows of the table in docs/room.md."""
    text = (PROJECT / "docs/room.md").read_text(encoding="utf-8")
    table = text.partition("## Ten jobs")[2].partition("\n## ")[0]
    found = []
    for name, keys, most in re.findall(r"^\| ([A-Z].*?) \| (.+?) \| (\d+) \|", table, re.MULTILINE):
        parts = re.findall(r"`([^`]+)`|\*([^*]+)\*", keys)
        found.append(
            Job(
                name,
                tuple(key or f"*{words}*" for key, words in parts),
                tuple(f"*{words}*" for _, words in parts if words),
                int(most),
            )
        )
    return found


JOBS = {job.name: job for job in jobs()}


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    """Return the sample in git, committed three weeks ago."""
    made = GitRepo(copy_sample(tmp_path), ("Stephen", "s@example.org"))
    made.commit("2026-11-01", title="start")
    return made


def test_there_are_ten_jobs_none_of_more_than_twelve_keys() -> None:
    assert len(JOBS) == 10
    for job in JOBS.values():
        assert job.counted <= job.most <= MOST, job


@pytest.fixture
def done(
    room: Any, repo: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], str]:
    """Return what does a job in the room on the sample, in a folder of its own; the screen comes back."""
    monkeypatch.chdir(tmp_path)

    def do(name: str, *before: str) -> str:
        return str(room.run(repo.root, *before, *JOBS[name].presses, size=(120, 40)))

    return do


def lending(repo: GitRepo) -> str:
    return (repo.root / "portfolios/lending.yaml").read_text(encoding="utf-8")


def test_the_unhealthiest_unit_and_why(done: Callable[[str], str]) -> None:
    shown = done("The unhealthiest unit, and why")
    assert "│▌ People and workplace" in shown
    assert "○ at risk 49.0" in " ".join(shown.split())
    assert "Capped at 49: Nobody speaks for this unit, +23.4 points without it" in shown


def test_all_without_an_owner_or_a_manager(done: Callable[[str], str]) -> None:
    shown = done("All items without an owner or a manager")
    assert "All units, no owner or manager: 4 of 69" in shown
    assert [i in shown for i in ("OPS-017", "PPL-002", "PPL-003", "PPL-004")] == [True] * 4


def test_naming_an_owner_and_undoing_it(done: Callable[[str], str], repo: GitRepo) -> None:
    shown = done("Name an outcome owner")
    assert "Set the outcome owner of OPS-017 to Hannah Vogel; 1 finding fixed" in shown
    assert "outcome_owner: hannah.vogel" in repo.git("diff")
    shown = done(
        "Undo", *JOBS["Name an outcome owner"].presses[:1], *"o", *"lena", "enter", "enter"
    )
    assert "undone: Set the outcome owner of" in shown
    assert "+    outcome_owner: lena.fischer" not in repo.git("diff")


def test_a_whole_review_to_committed_minutes(done: Callable[[str], str], repo: GitRepo) -> None:
    done("A whole review, to committed minutes")
    names = repo.git("show", "--name-only", "--format=%s", "HEAD").splitlines()
    assert [n for n in names if n.startswith("reviews/") and n.endswith((".yaml", ".md"))]
    minutes = next(n for n in names if n.endswith(".yaml") and n.startswith("reviews/"))
    assert "decision: approve" in (repo.root / minutes).read_text(encoding="utf-8")
    assert repo.git("status", "--short", "--", "portfolios", "reviews") == ""


def test_a_new_outcome_with_a_result(done: Callable[[str], str], repo: GitRepo) -> None:
    shown = done("A new outcome with a result")
    added = [line for line in repo.git("diff").splitlines() if line.startswith("+ ")]
    told = " ".join(" ".join(added).replace("+", " ").split())
    assert "id: offers-in-a-day" in told
    assert "statement: Offers in a day" in told
    assert "{date: 2026-11-23, actual: 4}" in told, shown


def test_what_changed_since_yesterday(done: Callable[[str], str], repo: GitRepo) -> None:
    changed = lending(repo).replace("confidence: amber-red", "confidence: red", 1)
    assert changed != lending(repo)
    (repo.root / "portfolios/lending.yaml").write_text(changed, encoding="utf-8")
    shown = done("What changed since yesterday")
    assert "portfolios/lending.yaml" in shown
    assert "amber-red → red" in " ".join(shown.split())


def test_what_comes_due_this_quarter(done: Callable[[str], str]) -> None:
    shown = done("What comes due this quarter")
    assert "Due this quarter, to 2026-12-31: 39 of 69" in shown
    assert "DIG-020" in shown


def test_stopping_one_thing_shows_what_follows(done: Callable[[str], str], repo: GitRepo) -> None:
    shown = done("Stop one thing, and see what follows")
    assert "OPS-010" in shown
    assert "stop on 2026-12-01" in shown
    assert "freed" in shown
    assert repo.git("status", "--short", "--", "portfolios", "scenarios") == "", (
        "nothing is written"
    )


def test_handing_the_table_to_somebody(done: Callable[[str], str], tmp_path: Path) -> None:
    assert "wrote portfolio-items-2026-11-23.csv; 69 rows" in done("Hand the table to somebody")
    [written] = tmp_path.glob("*.csv")
    lines = written.read_text(encoding="utf-8-sig").splitlines()
    assert any(line.startswith("LEN-001,") for line in lines)
    assert sum("," in line for line in lines) >= 70
