"""Every face shows the end of one flow: none leaves out minutes, git or waivers."""

from __future__ import annotations

import csv
import datetime
import io
import json
from pathlib import Path

import pytest

from itgov.files.repository import find_repository
from itgov.insight.diff import compare
from itgov.insight.flow import Flow
from itgov.insight.trend import TrendQuery, measure_trend
from itgov.tui.background.reading import Loader
from itgov.tui.background.worker import warm
from itgov.tui.state.room import Room

from ..support.cli import Run
from ..support.git import GitRepo
from .conftest import RETAIL

DAY = datetime.date(2028, 6, 30)
AS_OF = ("--as-of", DAY.isoformat())
MINUTES = """\
review:
  id: 2028-01-20-retail
  date: 2028-01-20
  business_unit: retail
  chair: ann
items:
  - subject: {kind: investment, id: RET-1}
    title: Claims platform
    business_unit: retail
    decisions:
      - {decision: approve, by: ann, reason: It is mine}
      - {decision: escalate, by: ann, reason: Too slow}
      - {decision: action, by: ann, what: Ask again, owner: ann, due: 2028-02-01, action: 2028-01-20-retail/1}
"""
WAIVER = """\
    waivers:
      - {rule: VAL-001, reason: Being measured, until: 2028-12-10, approved_by: ann}
"""


@pytest.fixture
def governed(repo: GitRepo) -> GitRepo:
    """A portfolio of which minutes, git's history and a waiver each decide findings."""
    waived = RETAIL.replace("    stage: live\n", "    stage: live\n" + WAIVER)
    for day, owner in (("2027-02-01", "bob"), ("2027-09-01", "liz")):
        text = waived.replace("outcome_owner: ann", f"outcome_owner: {owner}")
        repo.commit(day, {"portfolios/retail.yaml": text})
    repo.commit(DAY.isoformat(), {"reviews/2028-01-20-retail.yaml": MINUTES})
    return repo


Marks = dict[tuple[str, bool], str]
"""Fingerprint and whether it is waived, with the rule."""


def checked(run: Run, root: Path, *options: str) -> Marks:
    _, out, err = run("check", root, "--format", "json", *AS_OF, *options)
    assert not err
    found = json.loads(out)["findings"]
    return {(f["fingerprint"], f["waived"]): f["rule"] for f in found}


def room_at(root: Path) -> tuple[Loader, Room]:
    loader = Loader(root, DAY)
    room = loader.load(lambda doing, done: None)
    assert isinstance(room, Room)
    return loader, room


def marks_of(room: Room) -> Marks:
    return {(f.fingerprint, f.waived): f.rule for f in room.findings}


def test_every_face_has_the_same_findings_and_scores(governed: GitRepo, run: Run) -> None:
    root = governed.root
    marks = checked(run, root)
    rules = set(marks.values())
    assert {"HIS-001", "SES-004"} <= rules  # git and minutes decided these
    assert any(waived for _, waived in marks)
    counts = {"waived": sum(w for _, w in marks), "all": len(marks)}

    _, room = room_at(root)
    assert marks_of(room) == marks
    scores = {u.id: u.score for u in room.governed.health.units}

    _, out, _ = run("health", root, "--format", "json", "--no-trend", *AS_OF)
    assert {u["id"]: u["score"] for u in json.loads(out)["units"]} == pytest.approx(scores, abs=0.1)

    repository = find_repository(root)
    for revisions in (None, "HEAD", "HEAD~1..HEAD"):  # to the work tree, and to a commit
        diff = compare(repository, revisions, DAY)
        assert diff.after.findings == counts["all"] - counts["waived"]
        assert {u.id: u.after and u.after.score for u in diff.units} == scores

    point = measure_trend(repository, Flow(repository).rules(), TrendQuery()).points[-1]
    assert point.as_of == DAY
    told = point.figures.findings
    assert told.waived == counts["waived"]
    assert told.error + told.warning + told.info == counts["all"] - counts["waived"]
    assert {u.id: u.score for u in point.figures.units} == scores

    assert checked(run, root, "--since", "HEAD") == {}
    before = checked(run, governed_copy(governed, "HEAD~1"))
    new = {m: r for m, r in marks.items() if m not in before and (m[0], False) not in before}
    assert checked(run, root, "--since", "HEAD~1") == new
    assert {"SES-004", "SES-007"} <= set(new.values())


def governed_copy(repo: GitRepo, revision: str) -> Path:
    """Return a clone whose work tree is at a revision."""
    there = repo.root.parent / "then"
    repo.git("clone", "-q", str(repo.root), str(there))
    GitRepo(there).git("checkout", "-q", repo.git("rev-parse", revision))
    return there


def filled(root: Path, run: Run, changes: dict[tuple[str, str], str]) -> Path:
    """Write the sheet of a repository, its cells filled in by id and field."""
    sheet = root.parent / "sheet.csv"
    assert run("sheet", "out", sheet, root, *AS_OF)[0] == 0
    rows = list(csv.reader(io.StringIO(sheet.read_text(encoding="utf-8-sig"))))
    _, _, identifier, _, field, _, new = range(len(rows[0]))
    for row in rows:
        row[new] = changes.pop((row[identifier], row[field]), row[new])
    assert not changes
    with sheet.open("w", encoding="utf-8-sig", newline="") as handle:
        csv.writer(handle).writerows(rows)
    return sheet


def test_a_sheet_without_changes_changes_no_finding(governed: GitRepo, run: Run) -> None:
    sheet = filled(governed.root, run, {})
    _, out, _ = run("sheet", "in", sheet, governed.root, "--yes", "--format", "json", *AS_OF)
    assert json.loads(out)["findings"] == {"mended": 0, "new": 0}


def test_what_a_sheet_announces_is_what_diff_then_says(governed: GitRepo, run: Run) -> None:
    cells = {
        ("RET-1", "outcome owner"): "Bob Baker (bob)",  # the third change that git sees
        ("RET-2", "outcome owner"): "Ann Archer (ann)",
        ("RET-2", "stage"): "stopped",
        ("LEN-1", "outcome owner"): "Tom Tiler (tom)",
    }
    sheet = filled(governed.root, run, cells)
    _, out, _ = run("sheet", "in", sheet, governed.root, "--yes", "--format", "json", *AS_OF)
    announced = json.loads(out)["findings"]
    diff = compare(find_repository(governed.root), None, DAY)
    assert announced == {"mended": len(diff.mended), "new": len(diff.introduced)}
    assert announced["mended"]
    assert announced["new"]


def test_what_the_background_judged_the_room_need_not_judge(
    governed: GitRepo, cache: Path, run: Run
) -> None:
    marks = checked(run, governed.root)
    warm(governed.root, DAY, lambda doing, done: None)
    loader, room = room_at(governed.root)
    assert loader._memory is not None
    assert loader._memory.judged.judged == 0
    assert marks_of(room) == marks


def test_uncommitted_edits_count_as_git_would_count_them(governed: GitRepo, cache: Path) -> None:
    text = (governed.root / "portfolios/retail.yaml").read_text()
    governed.write({"portfolios/retail.yaml": text.replace("owner: liz", "owner: bob")})
    warm(governed.root, DAY, lambda doing, done: None)
    loader, room = room_at(governed.root)
    assert loader._memory is not None
    assert loader._memory.judged.judged == 0
    said = [f.message for f in room.findings if f.rule == "HIS-001"]
    assert "has had 3 changes" in said[0]
