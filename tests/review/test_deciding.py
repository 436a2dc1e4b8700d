"""Deciding from the command line: the words that come naturally, and what the others are told."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

DAY = ("--as-of", "2026-11-23")
PROJECT = Path(__file__).parent.parent.parent


def decided(answer: Any) -> list[dict[str, Any]]:
    """Return what is recorded on the item of an answer, without what is null."""
    kept = [r["decision"] for r in answer.json["items"][0]["decisions"]]
    return [{k: v for k, v in d.items() if v not in (None, [])} for d in kept]


@pytest.mark.parametrize(
    ("arguments", "means"),
    [
        (("hold", "No figures yet"), {"decision": "hold", "reason": "No figures yet"}),
        (("hold", "No", "figures", "yet"), {"decision": "hold", "reason": "No figures yet"}),
        (
            ("hold", "--until", "2027-01-15", "Lease"),
            {"decision": "hold", "reason": "Lease", "until": "2027-01-15"},
        ),
        (("note", "--note", "Ask Tom"), {"decision": "note", "reason": "Ask Tom"}),
        (
            ("action", "Bring figures", "--owner", "tom.reyes", "--due", "2026-12-10"),
            {
                "decision": "action", "what": "Bring figures", "owner": "tom.reyes",
                "due": "2026-12-10", "action": "2026-11-23-retail/1",
            },
        ),
        (
            ("assign", "owner", "ines.sa"),
            {
                "decision": "assign", "role": "outcome_owner", "to": "ines.sa",
                "was": "amara.okafor",
            },
        ),
        (
            ("assign-manager", "ines.sa"),
            {
                "decision": "assign", "role": "relationship_manager", "to": "ines.sa",
                "was": "lena.fischer",
            },
        ),
        (
            (
                "waive", "--rule", "VAL-002", "--reason", "Measured", "--until", "2027-01-31",
                "--approver", "ines.sa",
            ),
            {
                "decision": "waive", "rule": "VAL-002", "reason": "Measured",
                "until": "2027-01-31", "approved_by": "ines.sa",
            },
        ),
    ],
)  # fmt: skip
def test_words_that_come_naturally_are_understood(
    review: Callable[..., Any],
    opened: None,
    arguments: tuple[str, ...],
    means: dict[str, Any],
) -> None:
    done = review("decide", "RET-001", *arguments, "--no-edit", "--format", "json")
    assert done.code == 0, done.err
    assert decided(done) == [{**means, "by": "ines.sa"}]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("aprove",), "there is no decision `aprove`; did you mean `approve`?"),
        (("hold",), "`hold` needs --reason"),
        (("hold", "--reason", "  "), "`hold` needs --reason"),
        (("waive", "Measured"), "`waive` needs --rule, --until and --approved-by"),
        (("action",), "`action` needs --what, --owner and --due"),
        (
            (
                "waive", "x", "--rule", "OWN-001", "--until", "2027-01-31", "--approver", "ines.sa",
            ),
            "OWN-001 cannot be waived: its findings must be fixed",
        ),
        (("assign", "ines.sa"), "`assign` takes no text"),
        (("assign",), "assign: name a person with --owner or --manager"),
        (("hold", "this", "--reason", "that"), "are the same option"),
        (("done", "9"), "there is no action `9`"),
        (("approve", "--by", "ines.as"), "`ines.as` is not a person in the organisation; did you mean `ines.sa`?"),
        (("assign", "--owner", "tbd"), "`tbd` is not a person"),
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_said_with_the_option_that_mends_it(
    review: Callable[..., Any], opened: None, arguments: tuple[str, ...], says: str
) -> None:
    refused = review("decide", "RET-001", *arguments)
    assert refused.code == 2
    assert says in refused.err
    assert review("status", "--format", "json").json["session"]["decided"] == 0


def test_who_is_present_may_be_written_with_blanks_commas_or_one_by_one(
    review: Callable[..., Any],
) -> None:
    for words in (
        ("--present", "lena.fischer", "tom.reyes"),
        ("--present", "lena.fischer,tom.reyes"),
        ("--present", "lena.fischer", "--present", "tom.reyes"),
    ):
        started = review("start", *words, *DAY, "--format", "json")
        assert started.json["session"]["present"] == ["lena.fischer", "tom.reyes"]
        review("close", "--discard")


def test_deciding_on_what_is_not_on_the_agenda_puts_it_there(
    repo: Path, review: Callable[..., Any], opened: None
) -> None:
    review("agenda", "--drop", "RET-002")
    done = review("decide", "RET-002", "approve", "--reason", "Fine", "--format", "json")
    assert done.code == 0, done.err
    (item,) = done.json["items"]
    assert (item["subject"]["id"], item["decisions"][0]["decision"]["reason"]) == (
        "RET-002", "Fine",
    )  # fmt: skip
    assert item["reasons"][-1]["why"] == "added"


def test_what_is_refused_is_not_put_on_the_agenda(review: Callable[..., Any], opened: None) -> None:
    review("agenda", "--drop", "RET-002")
    assert review("decide", "RET-002", "approve", "--by", "nobody.here").code == 2
    listed = review("agenda", "--format", "json").json["items"]
    assert "RET-002" not in {i["subject"]["id"] for i in listed}


def test_another_units_investment_is_put_on_the_agenda_only_on_purpose(
    review: Callable[..., Any], opened: None
) -> None:
    refused = review("decide", "LND-001", "approve")
    assert refused.code == 2
    assert "`itgov review agenda --add LND-001 --why TEXT`" in refused.err
    assert review("agenda", "--add", "LND-001", "--why", "It shares the platform").code == 0
    assert review("decide", "LND-001", "approve").code == 0


def test_an_id_that_looks_like_a_number_is_never_taken_for_another_item(
    repo: Path, review: Callable[..., Any]
) -> None:
    (repo / "portfolios/retail.yaml").write_text(
        "business_unit: {id: retail, name: Retail}\ninvestments:\n"
        '  - {id: "2", title: Two, stage: live, spend: [{year: 2026, budget: 9}]}\n'
        '  - {id: "1", title: One, stage: live, spend: [{year: 2026, budget: 5}]}\n',
        encoding="utf-8",
    )
    review("start", "--unit", "retail", "--chair", "ines.sa", *DAY)
    places = {
        i["subject"]["id"]: i["number"] for i in review("agenda", "--format", "json").json["items"]
    }
    other = next(name for name in ("1", "2") if str(places[name]) != name)
    refused = review("decide", other, "approve")
    assert refused.code == 2
    assert f"investment:{other} (item {places[other]})" in refused.err
    done = review("decide", f"investment:{other}", "approve", "--format", "json")
    assert done.json["items"][0]["subject"]["id"] == other


def test_a_manager_who_decides_on_their_own_performance_is_found(
    review: Callable[..., Any], opened: None, itgov: Callable[..., Any]
) -> None:
    done = review("decide", "lena.fischer", "approve", "--by", "lena.fischer")
    assert "lena.fischer decides on their own performance" in done.err
    review("close", "--no-commit")
    found = itgov("check", *DAY, "--format", "json").json["findings"]
    assert [f["subject"]["id"] for f in found if f["rule"] == "SES-003"] == ["lena.fischer"]


def test_an_edit_that_outlives_the_decision_it_was_made_with_is_said(
    repo: Path, review: Callable[..., Any], opened: None
) -> None:
    assert review("decide", "RET-001", "stop", "No use").code == 0
    changed = review("decide", "RET-001", "approve", "--replace")
    assert changed.code == 0
    assert "the edit that `stop` made in portfolios/retail.yaml stays" in changed.err


def test_the_same_step_is_recorded_once(review: Callable[..., Any], opened: None) -> None:
    agreed = ("action", "Bring figures", "--owner", "tom.reyes", "--due", "2026-12-10")
    assert review("decide", "RET-001", *agreed).code == 0
    again = review("decide", "RET-001", *agreed)
    assert again.code == 2
    assert "the same decision is recorded on Claims platform already" in again.err


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_an_action_whose_recording_was_cut_short_is_not_written_twice(
    repo: Path, review: Callable[..., Any], opened: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from itgov.review.recorder import SessionRecorder

    agreed = ("action", "Bring figures", "--owner", "tom.reyes", "--due", "2026-12-10")

    def dies(*_: Any, **__: Any) -> None:
        os._exit(9)  # as kill -9 would, after the edit and before the record

    child = os.fork()
    if not child:
        monkeypatch.setattr(SessionRecorder, "decide", dies)
        review("decide", "RET-001", *agreed)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    path = repo / "portfolios/retail.yaml"
    assert path.read_text(encoding="utf-8").count("Bring figures") == 1
    assert review("decide", "RET-001", *agreed).code == 0
    assert path.read_text(encoding="utf-8").count("Bring figures") == 1


def test_what_is_retired_is_not_made_stopped(
    repo: Path, review: Callable[..., Any], opened: None
) -> None:
    path = repo / "portfolios/retail.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("stage: live", "stage: retired"))
    assert review("decide", "RET-002", "stop", "No use any more").code == 0
    text = path.read_text(encoding="utf-8")
    assert "stage: retired" in text
    assert "ended:" not in text
    told = review("minutes").out
    assert ": stopped" in told
    assert "to be stopped" not in told.lower()
    path.write_text(text.replace("stage: retired", "stage: live"))
    closed = review("close", "--no-commit")
    assert closed.code == 1
    assert "what `stop` found for RET-002 is no longer in the files" in closed.err


def test_a_stop_with_another_reason_keeps_the_edit_of_the_first(
    repo: Path, review: Callable[..., Any], opened: None
) -> None:
    path = repo / "portfolios/retail.yaml"
    before = path.read_text(encoding="utf-8")
    assert review("decide", "RET-002", "stop", "No use").code == 0
    again = review("decide", "RET-002", "stop", "Replaced by RET-001", "--replace")
    assert again.code == 0
    assert "undo it by hand" not in again.err
    told = review("minutes").out
    assert "Stopped" in told
    assert "Replaced by RET-001" in told
    assert "to be stopped" not in told.lower()
    path.write_text(before, encoding="utf-8")
    closed = review("close", "--no-commit")
    assert closed.code == 1
    where = "portfolios/retail.yaml"
    assert f"what `stop` edited for RET-002 is no longer in {where}" in closed.err


def test_a_stop_keeps_the_last_day_that_is_recorded(
    repo: Path, review: Callable[..., Any], opened: None
) -> None:
    path = repo / "portfolios/retail.yaml"
    live = "stage: live\n    ended: 2026-10-01"
    path.write_text(path.read_text(encoding="utf-8").replace("stage: live", live))
    assert review("decide", "RET-002", "stop", "No use any more").code == 0
    text = path.read_text(encoding="utf-8")
    assert "stage: stopped" in text
    assert "ended: 2026-10-01" in text
    assert text.count("ended:") == 1
    review("close", "--no-commit")
    told = next((repo / "reviews").glob("*.md")).read_text(encoding="utf-8")
    assert ": stopped" in told
    assert "to be stopped" not in told.lower()


def test_days_that_cannot_be_read_are_left_and_said_at_a_stop_and_at_closing(
    repo: Path, review: Callable[..., Any], opened: None
) -> None:
    path = repo / "portfolios/retail.yaml"
    odd = "stage: live\n    ended: tomorrow\n    last_reviewed: last week"
    path.write_text(path.read_text(encoding="utf-8").replace("stage: live", odd))
    done = review("decide", "RET-002", "stop", "No use any more")
    assert (done.code, "`ended` cannot be read and stays" in done.err) == (0, True)
    closed = review("close", "--no-commit")
    assert "RET-002: `last_reviewed` cannot be read and stays: correct it" in closed.err
    text = path.read_text(encoding="utf-8")
    assert "stage: stopped" in text
    assert "ended: tomorrow" in text
    assert "last_reviewed: last week" in text


def test_the_session_goes_on_where_the_portfolio_is_gone_altogether(
    repo: Path, review: Callable[..., Any], opened: None
) -> None:
    for file in (repo / "portfolios").iterdir():
        file.unlink()
    (repo / "portfolios").rmdir()
    done = review("decide", "RET-001", "approve")
    assert done.code == 0, done.err
    assert "no portfolio file is left" in done.err
    assert review("close", "--no-commit").code == 0
    assert (repo / "reviews/2026-11-23-retail.yaml").is_file()


def test_a_file_that_cannot_be_read_is_named(
    repo: Path, review: Callable[..., Any], opened: None
) -> None:
    path = repo / "portfolios/retail.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "  : [", encoding="utf-8")
    assert "portfolios/retail.yaml cannot be read" in review("decide", "RET-001", "approve").err
    assert review("close", "--no-commit").code == 0


def test_what_turns_the_direction_of_a_line_is_visible_in_the_record(
    repo: Path, review: Callable[..., Any], opened: None
) -> None:
    review("decide", "RET-002", "stop", "paid \u202e000,01 \u2066x\u2069")
    review("close", "--no-commit")
    for path in (repo / "reviews").iterdir():
        raw = path.read_text(encoding="utf-8")
        assert not {"\u202e", "\u2066", "\u2069"} & set(raw), path.name
    assert "\\u202E000" in (repo / "reviews/2026-11-23-retail.yaml").read_text(encoding="utf-8")
    assert review("verify").code == 0


def test_three_processes_that_edit_the_same_file_at_once_lose_nothing(
    repo: Path, review: Callable[..., Any], opened: None
) -> None:
    script = (
        "import sys\nfrom itgov.cli.main import main\n"
        "for n in range(6):\n"
        "    code = main(['review', 'decide', 'RET-001', 'action', f'{sys.argv[1]} {n}',\n"
        "        '--owner', 'tom.reyes', '--due', '2026-12-10', '--path', sys.argv[2]])\n"
        "    if code: sys.exit(code)\n"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", script, hand, str(repo)],
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for hand in "abc"
    ]
    for process in running:
        _, err = process.communicate(timeout=120)
        assert process.returncode == 0, err.decode()
    agreed = {f"{hand} {n}" for hand in "abc" for n in range(6)}
    shown = review("agenda", "--item", "RET-001", "--format", "json").json["items"][0]
    kept = [r["decision"] for r in shown["decisions"]]
    assert {d["what"] for d in kept} == agreed
    assert len({d["action"] for d in kept}) == len(agreed), "each action has an id of its own"
    written = (repo / "portfolios/retail.yaml").read_text(encoding="utf-8")
    assert all(written.count(what) == 1 for what in agreed)


def test_a_business_unit_is_not_stopped(review: Callable[..., Any], opened: None) -> None:
    refused = review("decide", "retail", "stop", "--reason", "Enough", *DAY)
    assert refused.code == 2
    assert "only an investment or a service can be stopped, not business unit retail" in refused.err


def test_whom_the_beginning_of_a_name_means_is_said_and_its_id_recorded(
    repo: Path, review: Callable[..., Any], opened: None
) -> None:
    done = review("decide", "RET-002", "assign", "--owner", "Okaf", "--reason", "x")
    assert done.code == 0
    assert "`Okaf` is Amara Okafor (amara.okafor)" in done.err
    assert (
        "outcome_owner: amara.okafor"
        in (repo / "portfolios/retail.yaml").read_text().split("RET-002")[1]
    )
