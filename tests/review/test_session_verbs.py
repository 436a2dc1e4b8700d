"""A whole meeting from the command line: what is recorded, edited, closed and committed."""

from __future__ import annotations

import datetime
import json
import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from itgov.files.load import read_minutes
from itgov.files.sources import RawFile
from itgov.model.minutes import Minutes

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
    review("decide", "RET-002", "stop", "--reason", "Nobody reads them")
    review(
        "decide", "RET-001", "waive", "--rule", "VAL-001", "--reason", "In work",
        "--until", "2027-02-01", "--approved-by", "ines.sa",
    )  # fmt: skip
    text = (repo / "portfolios/retail.yaml").read_text(encoding="utf-8")
    assert "stage: stopped" in text
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
    review("close", "--no-commit")

    def rules_on(day: str) -> set[str]:
        found = itgov("check", "--as-of", day, "--format", "json").json["findings"]
        return {f["rule"] for f in found if f["rule"].startswith("SES")}

    assert rules_on("2026-12-23") == set()
    assert rules_on("2026-12-24") == {"SES-004", "SES-005"}


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

    def full(path: object, raw: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage, "_write_whole", full)
    failed = review("decide", "RET-002", "assign", "--owner", "amara.okafor")
    assert failed.code == 2
    assert "No space left on device" in failed.err
    assert (repo / "portfolios/retail.yaml").read_bytes() == before


def test_minutes_are_never_written_over(
    repo: Path, review: Callable[..., Any], opened: None
) -> None:
    (repo / "reviews").mkdir()
    (repo / RECORD).write_text("somebody's own\n", encoding="utf-8")
    refused = review("close", "--no-commit")
    assert refused.code == 2
    assert "never overwritten" in refused.err
    assert (repo / RECORD).read_text() == "somebody's own\n"
    assert review("status", "--format", "json").json["session"]["state"] == "open"


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


def test_a_unit_with_an_odd_id_gets_a_file_inside_the_folder(
    repo: Path, review: Callable[..., Any]
) -> None:
    (repo / "portfolios/odd.yaml").write_text(
        'business_unit: {id: "../../x y", name: Odd}\n', encoding="utf-8"
    )
    started = review("start", "--unit", "../../x y", *DAY, "--format", "json")
    assert started.code == 0, started.err
    closed = review("close", "--no-commit", "--format", "json").json
    assert closed["record"] == "reviews/2026-11-23-x-y.yaml"
    assert (repo / closed["record"]).is_file()


# -- git -----------------------------------------------------------------------------------


def test_the_commit_holds_the_session_and_nothing_else(
    repo: Path, review: Callable[..., Any], git: Callable[..., str]
) -> None:
    (repo / "staged.txt").write_text("mine")
    git("add", "staged.txt")
    (repo / "portfolios/organisation.yaml").write_text(
        (repo / "portfolios/organisation.yaml").read_text(encoding="utf-8") + "# mine\n",
        encoding="utf-8",
    )
    review("start", "--unit", "retail", "--chair", "ines.sa", *DAY)
    review("decide", "RET-002", "assign", "--owner", "amara.okafor")
    review("decide", "RET-001", "approve")
    closed = review("close", "--commit", "--format", "json").json
    assert closed["commit"] == git("rev-parse", "HEAD").strip()
    assert closed["branch"] == "main"
    changed = git("show", "--name-only", "--format=%an <%ae>", "HEAD").split("\n")
    assert changed[0] == "Priya Nair <priya@example.org>"
    assert sorted(filter(None, changed[1:])) == [
        "portfolios/retail.yaml", "reviews/2026-11-23-retail.md", RECORD,
    ]  # fmt: skip
    assert git("status", "--short").split("\n")[:2] == [
        " M portfolios/organisation.yaml", "A  staged.txt",
    ]  # fmt: skip
    assert "Review of retail, 2026-11-23" in git("log", "-1", "--format=%s")


def test_a_file_with_somebody_elses_changes_is_left_to_them(
    repo: Path, review: Callable[..., Any], git: Callable[..., str]
) -> None:
    path = repo / "portfolios/retail.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    review("start", "--unit", "retail", *DAY)
    review("decide", "RET-002", "assign", "--owner", "amara.okafor")
    closed = review("close", "--commit")
    assert "had changes before the session" in closed.err
    assert "portfolios/retail.yaml" not in git("show", "--name-only", "--format=", "HEAD")
    assert RECORD in git("show", "--name-only", "--format=", "HEAD")
    assert "# mine" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("state", ["MERGE_HEAD", "rebase-merge", "CHERRY_PICK_HEAD"])
def test_in_the_middle_of_a_merge_or_rebase_nothing_is_committed_and_all_is_written(
    repo: Path, review: Callable[..., Any], git: Callable[..., str], state: str
) -> None:
    before = git("rev-parse", "HEAD")
    if state == "rebase-merge":
        (repo / ".git" / state).mkdir()
    else:
        (repo / ".git" / state).write_text(before)
    review("start", "--unit", "retail", *DAY)
    review("decide", "RET-001", "approve")
    closed = review("close", "--commit")
    assert closed.code == 0
    assert "git is in the middle of" in closed.out
    assert (repo / RECORD).is_file()
    assert git("rev-parse", "HEAD") == before


def test_a_detached_head_is_committed_to_and_said(
    repo: Path, review: Callable[..., Any], git: Callable[..., str]
) -> None:
    git("checkout", "-q", "--detach")
    review("start", "--unit", "retail", *DAY)
    closed = review("close", "--commit")
    assert "on no branch (HEAD is detached)" in closed.out


def test_a_hook_that_refuses_is_quoted_and_nothing_is_lost(
    repo: Path, review: Callable[..., Any], git: Callable[..., str]
) -> None:
    hook = repo / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nprintf 'no \\033[31mcommits\\033[0m on Mondays\\n' >&2\nexit 1\n")
    hook.chmod(hook.stat().st_mode | stat.S_IXUSR)
    review("start", "--unit", "retail", *DAY)
    review("decide", "RET-001", "approve")
    closed = review("close", "--commit")
    assert closed.code == 0
    assert "commits" in closed.out
    assert "on Mondays" in closed.out
    assert "\x1b" not in closed.out
    assert (repo / RECORD).is_file()
    assert git("diff", "--cached", "--name-only") == "", "nothing is left staged"
    assert "??" in git("status", "--short")


def test_without_an_identity_git_says_how_to_give_one(
    repo: Path,
    review: Callable[..., Any],
    git: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    git("config", "--unset", "user.name")
    git("config", "--unset", "user.email")
    git("config", "user.useConfigOnly", "true")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    review("start", "--unit", "retail", *DAY)
    closed = review("close", "--commit")
    assert "git does not know who you are" in closed.out


def test_without_git_it_works_and_says_that_nothing_was_committed(
    repo: Path, review: Callable[..., Any], opened: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(repo.parent))
    closed = review("close", "--commit")
    assert closed.code == 0
    assert "not in a git repository" in closed.out
    assert (repo / RECORD).is_file()


def test_a_first_commit_can_be_the_minutes(repo: Path, review: Callable[..., Any]) -> None:
    for arguments in (
        ("init", "-q", "-b", "main"),
        ("config", "user.name", "Priya"),
        ("config", "user.email", "p@example.org"),
        ("config", "commit.gpgsign", "false"),
    ):
        subprocess.run(["git", "-C", str(repo), *arguments], check=True)
    review("start", "--unit", "retail", *DAY)
    closed = review("close", "--commit", "--format", "json").json
    assert closed["not_committed"] is None
    listed = subprocess.run(
        ["git", "-C", str(repo), "ls-tree", "-r", "--name-only", "HEAD"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert listed.stdout.split() == ["reviews/2026-11-23-retail.md", RECORD]


def test_discarding_leaves_no_minutes(repo: Path, review: Callable[..., Any], opened: None) -> None:
    assert review("close", "--discard").code == 0
    assert not (repo / "reviews").exists()
    assert review("status").out == "No review session is open.\n"
    again = review("start", "--unit", "retail", *DAY, "--format", "json").json
    assert again["session"]["id"] == "2026-11-23-retail"


def test_its_minutes_fit_the_published_schema(
    repo: Path, review: Callable[..., Any], opened: None
) -> None:
    import jsonschema

    from itgov.files.reader import read
    from itgov.rules.schemas import schema

    review("decide", "RET-001", "hold", "--reason", "x", "--until", "2027-01-15")
    review("close", "--no-commit")
    _, data, problems = read(RECORD, (repo / RECORD).read_bytes())
    assert problems == []
    plain = json.loads(msgspec.json.encode(data))
    jsonschema.Draft202012Validator(schema("review")).validate(plain)


def test_an_approval_in_a_session_is_the_decision_that_a_raised_budget_needs(
    repo: Path, review: Callable[..., Any], itgov: Callable[..., Any]
) -> None:
    def git(day: str, *arguments: str) -> None:
        dates = {"GIT_AUTHOR_DATE": f"{day}T12:00:00Z", "GIT_COMMITTER_DATE": f"{day}T12:00:00Z"}
        who = ["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(
            ["git", "-C", str(repo), *who, *arguments], env={**os.environ, **dates}, check=True
        )

    git("2026-06-01", "init", "-q", "-b", "main")
    git("2026-06-01", "add", "-A")
    git("2026-06-01", "commit", "-q", "-m", "Begin")
    path = repo / "portfolios/retail.yaml"
    raised = path.read_text(encoding="utf-8").replace("budget: 900000", "budget: 1900000")
    path.write_text(raised, encoding="utf-8")
    git("2026-11-20", "commit", "-q", "-a", "-m", "More money")

    def undecided() -> bool:
        found = itgov("check", *DAY, "--format", "json").json["findings"]
        said = [f["message"] for f in found if f["rule"].startswith("HIS-")]
        return any("Claims platform" in m and "without a recorded decision" in m for m in said)

    assert undecided()
    review("start", "--unit", "retail", "--chair", "ines.sa", *DAY)
    review("decide", "RET-001", "approve", "--no-edit")
    review("close", "--no-commit", "--no-edit")
    assert not undecided()
