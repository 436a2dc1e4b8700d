"""What an edit achieves is said before it is written, and is what `itgov diff` says afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from itgov.files.repository import find_repository
from itgov.insight.diff import compare
from itgov.report.diff_document import health_moves

from ..support.git import GitRepo
from .conftest import AS_OF, OpenRoom

REACH = ["slash", *"len-001", "enter"]
WITHOUT_OWNER = ["slash", *"owner:-", "enter", "asterisk", "o", *"hanvog", "enter"]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_the_dialog_names_findings_and_scores(opened: OpenRoom, size: tuple[int, int]) -> None:
    shown = " ".join(opened.run(*REACH, "o", *"hanvog", "enter", size=size).split())
    assert "New findings 1:" in shown
    assert "being worked out" not in shown


def test_what_is_said_before_is_what_diff_says_afterwards(room: Any, sample: Path) -> None:
    repo = GitRepo(sample)
    repo.commit("2026-11-20")
    before = room.run(sample, *WITHOUT_OWNER, size=(132, 60))
    receipt = room.run(sample, *WITHOUT_OWNER, "y", size=(200, 40))
    diff = compare(find_repository(sample), "HEAD", AS_OF)
    assert diff.mended
    assert f"Findings fixed {len(diff.mended)}:" in before
    assert f"{len(diff.mended)} findings fixed" in receipt or len(diff.mended) == 1
    for move in health_moves(diff)[:3]:
        assert move in before
    assert ("New findings" in before) is bool(diff.introduced)


def test_a_finding_that_is_fixed_is_named_with_the_score_that_it_moves(opened: OpenRoom) -> None:
    shown = opened.run(*REACH, "d", "enter", "enter")
    assert "Findings fixed 1: Review missed (LEN-001)" in shown
    assert "Score of Lending: 72.6 attention → 72.9 attention (+0.3)" in shown
