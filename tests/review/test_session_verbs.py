"""A whole meeting from the command line: what is recorded, edited, closed and committed."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from itgov.files.load import read_minutes
from itgov.files.sources import RawFile
from itgov.model.minutes import Minutes

from ..support.git import GitRepo

DAY = ("--as-of", "2026-11-23")
RECORD = "reviews/2026-11-23-retail.yaml"


@pytest.fixture
def opened(review: Callable[..., Any]) -> None:
    """A session on retail, chaired by Inês."""
    started = review(
        "start", "--unit", "retail", "--chair", "ines.sa", "--present", "lena.fischer", *DAY
    )
    assert started.code == 0, started.err


def minutes(repo: Path, name: str = RECORD) -> Minutes:
    read = read_minutes(RawFile(name, (repo / name).read_bytes()))
    assert read.problems == []
    assert isinstance(read.content, Minutes)
    return read.content


def test_every_verb_answers_in_json(review: Callable[..., Any], opened: None) -> None:
    for arguments in (
        ("agenda",),
        ("agenda", "--unit", "retail", *DAY),
        ("status",),
        ("status", "--all"),
        ("go", "2"),
        ("go", "back"),
        ("decide", "RET-001", "approve"),
        ("minutes",),
        ("verify",),
        ("close", "--no-commit"),
        ("minutes", "2026-11-23-retail"),
        ("verify",),
    ):
        done = review(*arguments, "--format", "json")
        assert done.code == 0, (arguments, done.err)
        assert isinstance(json.loads(done.out), dict), arguments


def test_the_minutes_say_what_was_looked_at_decided_by_whom_why_and_what_is_due(
    repo: Path, review: Callable[..., Any], opened: None
) -> None:
    review("decide", "RET-001", "hold", "--reason", "No figures yet", "--until", "2027-01-15")
    review(
        "decide", "RET-001", "action", "--what", "Bring figures", "--owner", "tom.reyes",
        "--due", "2026-12-10",
    )  # fmt: skip
    closed = review("close", "--no-commit")
    assert closed.code == 0, closed.err
    record = minutes(repo)
    assert record.review.chair == "ines.sa"
    assert record.review.present == ["lena.fischer"]
    item = next(i for i in record.items if i.subject.id == "RET-001")
    assert item.answerable.outcome_owner == "amara.okafor"
    assert item.reasons
    hold, action = item.decisions
    assert (hold.decision, hold.by, hold.reason) == ("hold", "ines.sa", "No figures yet")
    assert (action.owner, action.due, action.action) == (
        "tom.reyes", datetime.date(2026, 12, 10), "2026-11-23-retail/1",
    )  # fmt: skip
    told = (repo / RECORD).with_suffix(".md").read_text(encoding="utf-8")
    assert "Held until 2027-01-15 by Inês Sá: No figures yet" in told
    assert "| Bring figures | Tom Reyes | 2026-12-10 | RET-001 |" in told
    assert "## Not decided: comes back" in told


def test_decisions_edit_the_files_at_once_and_show_it(
    repo: Path, review: Callable[..., Any], opened: None
) -> None:
    done = review("decide", "RET-002", "assign", "--owner", "amara.okafor")
    assert done.code == 0, done.err
    assert "+    outcome_owner: amara.okafor" in done.out
    done = review("decide", "RET-002", "stop", "--reason", "Nobody reads them")
    assert "+    ended: 2026-11-23" in done.out
    review(
        "decide", "RET-001", "waive", "--rule", "VAL-001", "--reason", "In work",
        "--until", "2027-02-01", "--approved-by", "ines.sa",
    )  # fmt: skip
    text = (repo / "portfolios/retail.yaml").read_text(encoding="utf-8")
    assert "stage: stopped" in text
    assert "    ended: 2026-11-23\n" in text
    assert "rule: VAL-001" in text
    assert "next_review: 2026-11-20   # agreed in spring" in text, "nothing else was touched"


def test_without_edit_only_the_record_is_made(
    repo: Path, review: Callable[..., Any], opened: None
) -> None:
    before = (repo / "portfolios/retail.yaml").read_bytes()
    review("decide", "RET-002", "stop", "--reason", "Nobody reads them", "--no-edit")
    review("close", "--no-edit", "--no-commit")
    assert (repo / "portfolios/retail.yaml").read_bytes() == before
    again = review("agenda", "--unit", "retail", "--format", "json", "--as-of", "2026-11-24").json
    tape = next(i for i in again["items"] if i["subject"]["id"] == "RET-002")
    assert "stopped" in {r["why"] for r in tape["reasons"]}, "it was to be stopped and is live"


def test_closing_records_the_day_of_the_review(
    repo: Path, review: Callable[..., Any], opened: None, itgov: Callable[..., Any]
) -> None:
    review("decide", "RET-001", "approve", "--next-review", "2027-02-20")
    review("decide", "RET-002", "approve")
    review("close", "--no-commit")
    text = (repo / "portfolios/retail.yaml").read_text(encoding="utf-8")
    assert text.count("last_reviewed: 2026-11-23") == 2
    assert "next_review: 2027-02-20   # agreed in spring" in text
    found = itgov("check", "--as-of", "2026-12-01", "--format", "json").json["findings"]
    assert "REV-001" not in {f["rule"] for f in found}


def test_a_decision_is_changed_only_by_saying_so(review: Callable[..., Any], opened: None) -> None:
    review("decide", "RET-001", "approve")
    second = review("decide", "RET-001", "challenge", "--reason", "On second thoughts")
    assert second.code == 2
    assert "ines.sa has recorded `approve`" in second.err
    assert "--replace" in second.err
    assert review(
        "decide", "RET-001", "challenge", "--reason", "On second thoughts", "--replace"
    ).code == 0  # fmt: skip
    stale = review("decide", "RET-001", "note", "--reason", "x", "--seen", "1")
    assert stale.code == 2
    assert "meanwhile" in stale.err
    taken = review("decide", "RET-001", "withdraw", "--format", "json").json
    assert taken["items"][0]["decisions"] == []


def test_an_item_is_found_by_number_or_id_and_unknown_ones_are_told(
    review: Callable[..., Any], opened: None
) -> None:
    assert review("decide", "1", "skip").code == 0
    unknown = review("decide", "RET-01", "approve")
    assert unknown.code == 2
    assert "did you mean `RET-001`?" in unknown.err
    assert review("decide", "99", "approve").code == 2


def test_an_outcome_owner_who_approves_their_own_investment_gains_by_it(
    review: Callable[..., Any], opened: None, itgov: Callable[..., Any]
) -> None:
    warned = review("decide", "RET-001", "approve", "--by", "amara.okafor")
    assert "amara.okafor is the outcome owner of Claims platform and approves it" in warned.err
    review("close", "--no-commit")
    found = itgov("check", *DAY, "--format", "json").json["findings"]
    by_rule = {f["rule"]: f["message"] for f in found}
    assert "approved by amara.okafor in 2026-11-23-retail" in by_rule["SES-002"]


def test_a_note_is_no_decision_anywhere(
    repo: Path, review: Callable[..., Any], opened: None, itgov: Callable[..., Any]
) -> None:
    git = GitRepo(repo)
    git.commit()
    review("decide", "RET-001", "note", "only a remark")
    review("decide", "RET-002", "skip")
    assert "0 of 4 items decided" in review("status").out
    assert "Closed 2026-11-23-retail: 0 of 4 items decided" in review("close", "--commit").out
    text = (repo / RECORD).with_suffix(".md").read_text()
    assert "0 of 4 items decided" in text
    assert "## Decisions" not in text
    assert "only a remark" in text.partition("## Not decided: comes back")[2]
    assert "0 of 4 items decided." in git.git("log", "-1", "--format=%B")
    itgov("report", "--markdown", str(repo / "board.md"), *DAY)
    assert "0 of 4 items decided" in (repo / "board.md").read_text()


def test_who_gains_is_warned_and_the_rules_say_so_afterwards(
    repo: Path, review: Callable[..., Any], opened: None, itgov: Callable[..., Any]
) -> None:
    warned = review("decide", "RET-001", "approve", "--by", "tom.reyes")
    assert warned.code == 0
    assert "tom.reyes leads the delivery" in warned.err
    review(
        "decide", "RET-001", "waive", "--rule", "VAL-001", "--reason", "In work", "--no-edit",
        "--until", "2027-02-01", "--approved-by", "amara.okafor",
    )  # fmt: skip
    review("decide", "lena.fischer", "approve")
    review("close", "--no-commit")
    rule = (
        "rules:\n- {id: ORG-001, name: decided, for: investment, severity: warning,\n"
        '   when: "investment.last_decision != null",\n'
        "   assert: \"investment.last_decision != 'approve' && investment.days_since_decision > 0\",\n"
        '   message: "{investment.last_decision} by {investment.last_decision_by}"}\n'
    )
    (repo / "rules").mkdir()
    (repo / "rules/own.yaml").write_text(f"extends: standard\n{rule}", encoding="utf-8")
    found = itgov("check", *DAY, "--format", "json").json["findings"]
    by_rule = {f["rule"]: f["message"] for f in found}
    assert by_rule["ORG-001"] == "approve by tom.reyes"
    assert "approved by tom.reyes in 2026-11-23-retail" in by_rule["SES-002"]
    assert "VAL-001 waived by amara.okafor in 2026-11-23-retail" in by_rule["SES-002"]
    assert "SES-003" not in by_rule, "somebody else chaired"
    earlier = itgov("check", "--as-of", "2026-11-22", "--format", "json").json["findings"]
    assert "SES-002" not in {f["rule"] for f in earlier}, "before its day a session says nothing"


def test_a_relationship_manager_does_not_chair_the_review_of_their_own_performance(
    review: Callable[..., Any], itgov: Callable[..., Any]
) -> None:
    review("start", "--unit", "retail", "--chair", "lena.fischer", *DAY)
    review("decide", "lena.fischer", "approve")
    review("close", "--no-commit")
    found = itgov("check", *DAY, "--format", "json").json["findings"]
    assert "SES-003" in {f["rule"] for f in found}


def test_an_escalation_is_visible_until_it_is_answered(
    review: Callable[..., Any], opened: None, itgov: Callable[..., Any]
) -> None:
    review("decide", "RET-001", "escalate", "--reason", "The board must say")
    review("decide", "retail", "escalate", "--reason", "And about the unit too")
    review("decide", "northwind", "escalate", "--reason", "And about the whole")
    review("close", "--no-commit")

    def rules_on(day: str) -> set[str]:
        found = itgov("check", "--as-of", day, "--format", "json").json["findings"]
        return {f["rule"] for f in found if f["rule"].startswith("SES")}

    assert rules_on("2026-12-23") == set()
    assert rules_on("2026-12-24") == {"SES-004", "SES-005", "SES-008"}


# -- what is not ours ----------------------------------------------------------------------


def test_the_portfolio_changed_or_gone_under_the_session_costs_no_decision(
    repo: Path, review: Callable[..., Any], opened: None
) -> None:
    path = repo / "portfolios/retail.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("RET-002", "RET-777"), encoding="utf-8")
    gone = review("decide", "RET-002", "stop", "--reason", "x")
    assert gone.code == 2
    assert "RET-002" in gone.err
    assert review("decide", "RET-002", "stop", "--reason", "x", "--no-edit").code == 0
    path.write_text("business_unit: {id: retail\n", encoding="utf-8")
    assert review("decide", "RET-001", "note", "--reason", "still here").code == 0
    for file in (repo / "portfolios").iterdir():
        file.unlink()
    closed = review("close", "--no-commit")
    assert closed.code == 0, closed.err
    assert {i.subject.id for i in minutes(repo).items if i.decisions} == {"RET-001", "RET-002"}


def test_an_edit_that_goes_with_a_decision_that_fails_is_taken_back(
    repo: Path, review: Callable[..., Any], opened: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from itgov.review import storage

    before = (repo / "portfolios/retail.yaml").read_bytes()

    def full(files: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage, "write_all_atomic", full)
    failed = review("decide", "RET-002", "assign", "--owner", "amara.okafor")
    assert failed.code == 2
    assert "No space left on device" in failed.err
    assert (repo / "portfolios/retail.yaml").read_bytes() == before


def test_minutes_are_never_written_over_and_take_the_next_free_name(
    repo: Path, review: Callable[..., Any], opened: None
) -> None:
    review(
        "decide", "RET-001", "action", "--what", "Bring figures", "--owner", "tom.reyes",
        "--due", "2026-12-10",
    )  # fmt: skip
    (repo / "reviews").mkdir()
    (repo / RECORD).write_text("somebody's own\n", encoding="utf-8")
    closed = review("close", "--no-commit")
    assert closed.code == 0, closed.err
    assert "there are minutes of another session 2026-11-23-retail" in closed.err
    assert (repo / RECORD).read_text() == "somebody's own\n"
    record = minutes(repo, "reviews/2026-11-23-retail-2.yaml")
    assert record.review.id == "2026-11-23-retail-2"
    agreed = [d.action for i in record.items for d in i.decisions if d.action]
    assert agreed == ["2026-11-23-retail-2/1"], "its actions are not taken for the other one's"


def test_a_file_for_people_that_is_somebody_elses_is_not_written_over(
    repo: Path, review: Callable[..., Any], opened: None
) -> None:
    (repo / "reviews").mkdir()
    told = (repo / RECORD).with_suffix(".md")
    told.write_text("my own notes\n", encoding="utf-8")
    refused = review("close", "--no-commit")
    assert refused.code == 2
    assert "2026-11-23-retail.md exists already" in refused.err
    assert told.read_text() == "my own notes\n"
    told.unlink()
    assert review("close", "--no-commit").code == 0
    assert review("verify").code == 0


def test_closing_that_was_killed_half_way_is_finished_by_closing_again(
    repo: Path, review: Callable[..., Any], opened: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from itgov.review import close, storage

    real = storage.TwoCopies.write

    def dies(self: Any, data: Any) -> None:
        raise KeyboardInterrupt

    review("decide", "RET-001", "approve")
    with monkeypatch.context() as patch:
        patch.setattr(storage.TwoCopies, "write", dies)
        review("close", "--no-commit", "--no-edit")
    assert (repo / RECORD).exists()
    assert real is storage.TwoCopies.write
    assert close is not None
    assert review("decide", "RET-002", "approve").code == 0
    closed = review("close", "--no-commit")
    assert closed.code == 0, closed.err
    assert sum(bool(i.decisions) for i in minutes(repo).items) == 2
    assert review("verify").code == 0


def test_hostile_words_reach_neither_terminal_nor_files(
    repo: Path, review: Callable[..., Any], opened: None, itgov: Callable[..., Any]
) -> None:
    nasty = "red \x1b[31malert\x07 <script>alert(1)</script> | ::error:: \u202e\nsecond: line"
    done = review("decide", "RET-001", "hold", "--reason", nasty)
    assert done.code == 0, done.err
    review("close", "--no-commit")
    assert "\x1b" not in done.out
    raw = (repo / RECORD).read_text(encoding="utf-8")
    assert "\x1b" not in raw
    assert "\x07" not in raw
    told = (repo / RECORD).with_suffix(".md").read_text(encoding="utf-8")
    assert "<script>" not in told
    assert review("verify").code == 0
    found = itgov("check", *DAY, "--format", "json").json["findings"]
    assert not [f for f in found if f["path"].startswith("reviews/")]


def test_discarding_leaves_no_minutes(repo: Path, review: Callable[..., Any], opened: None) -> None:
    assert review("close", "--discard").code == 0
    assert not (repo / "reviews").exists()
    assert review("status").out == "No review session is open.\n"
    again = review("start", "--unit", "retail", *DAY, "--format", "json").json
    assert again["session"]["id"] == "2026-11-23-retail"


def test_an_approval_in_a_session_is_the_decision_that_a_raised_budget_needs(
    repo: Path, review: Callable[..., Any], itgov: Callable[..., Any]
) -> None:
    made = GitRepo(repo)
    made.commit("2026-06-01")
    path = repo / "portfolios/retail.yaml"
    raised = path.read_text(encoding="utf-8").replace("budget: 900000", "budget: 1900000")
    path.write_text(raised, encoding="utf-8")
    made.commit("2026-11-20")

    def undecided() -> bool:
        found = itgov("check", *DAY, "--format", "json").json["findings"]
        said = [f["message"] for f in found if f["rule"].startswith("HIS-")]
        return any("Claims platform" in m and "without a recorded decision" in m for m in said)

    assert undecided()
    review("start", "--unit", "retail", "--chair", "ines.sa", *DAY)
    review("decide", "RET-001", "approve", "--no-edit")
    review("close", "--no-commit", "--no-edit")
    assert not undecided()
