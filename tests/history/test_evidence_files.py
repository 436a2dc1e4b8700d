"""Evidence that is a path: the file must be there, in every version that is looked at."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import pytest

from itgov.files.repository import Repository
from itgov.files.sources import RawFile, WithChanges
from itgov.insight.flow import Flow
from itgov.insight.memory import Memory
from itgov.model.reach import is_evidence, names_file, path_inside

from ..support.git import GitRepo
from .conftest import Run, points

DAY = datetime.date(2026, 11, 23)
UNIT = """\
business_unit: {id: retail, name: Retail}
investments:
  - id: RET-001
    title: Branch tills
    spend: [{year: 2026, budget: 100}]
    outcomes:
      - {id: x, measure: m, baseline: 2, target: 1, results: [{date: 2026-01-01, actual: 1, evidence: EVIDENCE}]}
"""


def portfolio(root: Path, evidence: str) -> Path:
    (root / "portfolios").mkdir(parents=True, exist_ok=True)
    text = UNIT.replace("EVIDENCE", f"'{evidence}'")
    (root / "portfolios" / "retail.yaml").write_text(text)
    return root


def found(root: Path) -> tuple[str, list[str]]:
    """Return how far the outcome reaches, and the findings on its evidence."""
    linked = Flow(Repository(root)).linked(DAY)
    reach = next(linked.portfolio.outcomes()).facts.line_of_sight
    return reach, [f"{f.rule} {f.line}:{f.column}" for f in linked.findings]


AT = "REF-007 7:103"


@pytest.mark.parametrize(
    ("evidence", "wanted"),
    [
        ("https://example.org/q2", ("met", [])),
        ("HTTP://intranet/q2", ("met", [])),
        ("proof/q2.pdf", ("met", [])),
        ("./proof//q2.pdf", ("met", [])),
        ("proof/q3.pdf", ("result", [AT])),
        ("portfolios/retail.yaml", ("result", [AT])),
        ("proof", ("result", [])),
        ("proof/", ("result", [AT])),
        ("seen in the ledger", ("result", [])),
        ("https://", ("result", [AT])),
        ("ftp://example.org/q2", ("result", [AT])),
        ("../outside.pdf", ("result", [AT])),
        ("proof/../../outside.pdf", ("result", [AT])),
        ("ABSOLUTE/outside.pdf", ("result", [AT])),
        (".git/config", ("result", [AT])),
        ("proof/.GIT/config", ("result", [AT])),
        ("proof/out.pdf", ("result", [AT])),
        ("proof/in.pdf", ("met", [])),
        ("proof/up/outside.pdf", ("result", [AT])),
        ("proof/git/config", ("result", [AT])),
        ("proof/fifo.pdf", ("result", [AT])),
        (f"proof/{'x' * 5000}.pdf", ("result", [AT])),
    ],
)
def test_only_a_file_inside_the_repository_is_evidence(
    tmp_path: Path, evidence: str, wanted: tuple[str, list[str]]
) -> None:
    root = tmp_path / "repo"
    proof = root / "proof"
    proof.mkdir(parents=True)
    GitRepo(root)
    (tmp_path / "outside.pdf").write_text("x")
    (proof / "q2.pdf").write_text("x")
    (proof / "out.pdf").symlink_to(tmp_path / "outside.pdf")
    (proof / "in.pdf").symlink_to("q2.pdf")
    (proof / "up").symlink_to(tmp_path)
    (proof / "git").symlink_to(root / ".git")
    os.mkfifo(proof / "fifo.pdf")
    assert found(portfolio(root, evidence.replace("ABSOLUTE", str(tmp_path)))) == wanted


def test_a_commit_that_only_adds_the_file_changes_its_figures(
    empty: GitRepo, run: Run, cache: Path
) -> None:
    portfolio(empty.root, "proof/q2.pdf")
    empty.commit("2026-02-01")
    empty.commit("2026-03-01", {"proof/q2.pdf": "x"})
    empty.commit("2026-04-01", {"proof/q2.pdf": None})
    for _ in range(2):  # measured, then remembered
        shown = points(run, empty.root, "--by", "month")
        reached = [[r for r, b in p["budget"].items() if b] for p in shown.values()]
        assert reached == [["result"], ["met"], ["result"]]


def test_what_was_judged_before_a_file_came_is_judged_again(tmp_path: Path, cache: Path) -> None:
    root = portfolio(tmp_path / "repo", "proof/q2.pdf")
    (root / "proof").mkdir()
    repository = Repository(root)
    memory = Memory()

    def said() -> list[str]:
        flow = Flow.remembering(memory, repository)
        judged = flow.at(DAY, flow.rules()).judged
        memory.save()
        return [f.rule for f in judged.findings if f.rule in ("REF-007", "VAL-009")]

    assert said() == ["VAL-009", "REF-007"]
    (root / "proof" / "q2.pdf").write_text("x")
    assert said() == []
    (root / "proof" / "q2.pdf").unlink()
    assert said() == ["VAL-009", "REF-007"]
    version = repository.version(WithChanges(repository.tree, [RawFile("proof/q2.pdf", b"x")]))
    assert not Flow(repository).linked(DAY, version).findings


def test_the_room_sees_a_file_that_came_when_it_reads_again(tmp_path: Path) -> None:
    from itgov.tui.background.reading import Loader

    root = portfolio(tmp_path / "repo", "proof/q2.pdf")
    (root / "proof").mkdir()
    loader = Loader(root, DAY)
    first = loader.load(lambda doing, done: None)
    assert loader.load(lambda doing, done: None) is first
    (root / "proof" / "q2.pdf").write_text("x")
    again = loader.load(lambda doing, done: None)
    assert next(again.portfolio.outcomes()).facts.line_of_sight == "met"


def test_words_are_told_from_paths() -> None:
    for words in ("x", "n/a", "TBD", "Board paper of 3 May", "see minutes and/or mail", "v2.1"):
        assert not names_file(words), words
    for path in ("q2.pdf", "evidence/q2", "docs/Q2 report.pdf", "C:\\q2.pdf", "www.example.org/q2"):
        assert names_file(path), path
        assert is_evidence(path, None)
        assert not is_evidence(path, frozenset())
    for outside in ("/etc/passwd", "../x", "a/../x", "C:\\q2.pdf", "a\x00b", ".git/x", ".", ""):
        assert path_inside(outside) is None, outside
