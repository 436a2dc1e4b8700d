"""What two years of the sample's history show: a plan put off twice, handovers, a target that was lowered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ..support.cli import Run
from ..support.git import GitRepo
from ..support.sample_history import SAMPLE, sample_history

pytestmark = pytest.mark.slow

DAY = ("--as-of", "2026-11-23")


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    return sample_history(tmp_path_factory.mktemp("sample") / "northwind")


def tree(run: Run, root: Path, item: str) -> dict[str, Any]:
    told = run("value", root, "--tree", "--format", "json", *DAY).json["tree"]
    return next(i for unit in told for i in unit["items"] if i["id"] == item)


def tenure(run: Run, root: Path, person: str, item: str) -> dict[str, Any]:
    [card] = run("managers", person, root, "--format", "json", *DAY).json["managers"]
    return [t for t in card["tenure"] if t["subject"] == item][-1]


def test_the_history_ends_with_the_sample_itself(repo: GitRepo) -> None:
    for path in (SAMPLE / "portfolios").rglob("*.yaml"):
        assert (repo.root / path.relative_to(SAMPLE)).read_bytes() == path.read_bytes()
    assert repo.git("status", "--porcelain") == ""


def test_a_plan_that_was_put_off_twice_is_judged_by_what_was_approved(
    repo: GitRepo, run: Run
) -> None:
    item = tree(run, repo.root, "LEN-001")
    then = item["at_approval"]
    assert (then["basis"], then["changed"]) == ("business case", ["time-to-offer"])
    assert item["money"]["planned_to_date"] == 0
    days = 238  # from 31 March to 23 November 2026, both counted: 1.4m a year
    assert then["planned_to_date"] == pytest.approx(1_400_000 * days / 365, abs=0.01)
    assert then["judged"] == {"planned": then["planned_to_date"], "realised": 0}
    why = run("why", "LEN-001", "at_approval.planned_to_date", repo.root, *DAY).out
    assert "912,876.71" in why
    first = repo.git("rev-list", "--max-parents=0", "HEAD")
    assert first[:10] in why


def test_what_came_before_a_handover_stays_with_who_held_the_post(repo: GitRepo, run: Run) -> None:
    before = tenure(run, repo.root, "oliver.stanton", "DIG-011")
    after = tenure(run, repo.root, "idris.bello", "DIG-011")
    assert (before["to"], before["realised"]) == ("2026-06-30", 88_000)
    assert (after["from"], after["to"], after["source"]) == ("2026-07-01", None, "git")
    assert after["realised"] == 102_000
    days = 146  # from 1 July to 23 November 2026: 430,000 a year
    assert after["planned"] == pytest.approx(430_000 * days / 365)
    recorded = tenure(run, repo.root, "idris.bello", "RET-005")
    assert (recorded["from"], recorded["realised"]) == ("2026-02-05", 340_000)


def test_the_trend_of_a_manager_begins_with_their_time(repo: GitRepo, run: Run) -> None:
    told = run("trend", "--manager", "idris.bello", repo.root, "--format", "json")
    by_month = {p["label"]: p["manager"] for p in told.json["points"]}
    realised = {m: by_month[m]["realised_to_date"] for m in ("2026-02", "2026-11")}
    assert realised == {"2026-02": 0, "2026-11": 442_000}


def test_the_trend_shows_value_arriving(repo: GitRepo, run: Run) -> None:
    told = run("trend", repo.root, "--format", "json").json["points"]
    realised = {p["label"]: p["value"]["realised_to_date"] for p in told}
    assert realised["2024-07"] == 0
    assert realised["2025-06"] < realised["2025-12"] < realised["2026-06"] < realised["2026-11"]


def test_every_point_of_the_trend_has_the_spend_of_its_day(repo: GitRepo, run: Run) -> None:
    told = run("trend", repo.root, "--format", "json").json["points"]
    spent = [sum(p["actual"].values()) for p in told]
    assert spent == sorted(spent)
    assert 0 < spent[0] < spent[-1] / 3
    first = repo.git("rev-list", "--max-parents=0", "HEAD")
    then = repo.git("show", f"{first}:portfolios/claims.yaml")
    assert "- {year: 2025, budget: 1680000}\n" in then  # nothing was spent of it in July 2024


def test_the_difference_names_decisions_and_not_only_items(repo: GitRepo, run: Run) -> None:
    first = repo.git("rev-list", "--max-parents=0", "HEAD")
    told = " ".join(run("diff", f"{first}..HEAD", repo.root).out.split())
    assert "time-to-offer: due 2026-03-31 → 2027-03-31 (365 days later)" in told
    assert "three-apps: target 0 apps → 1 apps (+1)" in told
    assert "relationship manager Oliver Stanton → Idris Bello" in told
    assert "CLM-006 Claim payments within the hour stage proposed → approved" in told


def test_a_lowered_target_and_a_score_that_the_manager_entered_are_findings(
    repo: GitRepo, run: Run
) -> None:
    found = run("check", repo.root, "--select", "HIS", "--format", "json", *DAY).findings
    assert [(f["rule"], f["subject"]["id"]) for f in found] == [
        ("HIS-007", "DIG-010/three-apps"),
        ("HIS-016", "LEN-001"),
        ("HIS-014", "lending/2025-11-20"),
    ]


def test_every_stage_of_the_history_can_be_read(repo: GitRepo, run: Run) -> None:
    for point in run("trend", "--by", "commit", repo.root, "--format", "json").json["points"]:
        assert (point["state"], point["unread"], point["investments"]) == ("whole", [], 69)
