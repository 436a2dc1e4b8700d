"""What comes onto an agenda, why, and in which order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

DAY = ("--as-of", "2026-11-23")


def reasons(answer: Any) -> dict[str, set[str]]:
    """Return the kinds of reasons of each item, by its subject's id."""
    return {i["subject"]["id"]: {r["why"] for r in i["reasons"]} for i in answer["items"]}


def preview(review: Callable[..., Any], *arguments: object) -> Any:
    return review("agenda", "--format", "json", *DAY, *arguments).json


def test_everything_that_needs_a_decision_is_on_it(review: Callable[..., Any]) -> None:
    found = reasons(preview(review))
    assert {"review-due", "new-finding"} <= found["RET-001"]
    assert {"outcome-due", "waiver-ending", "new-finding"} <= found["RET-002"]
    assert {"action-overdue", "quiet-opportunity"} <= found["retail"]
    assert "long-in-position" in found["lena.fischer"]


def test_what_weighs_most_comes_first(review: Callable[..., Any]) -> None:
    items = preview(review)["items"]
    asked = [{r.get("rule") for r in i["reasons"]} for i in items]
    keys = [
        (not rules & {"OWN-001", "REL-001"}, -round(i["points"], 1), -i["money"])
        for i, rules in zip(items, asked, strict=True)
    ]
    assert keys == sorted(keys)
    assert not keys[0][0]
    assert keys[-1][0]
    assert [i["number"] for i in items] == list(range(1, len(items) + 1))


def test_a_reason_says_what_a_person_needs_to_know(review: Callable[..., Any]) -> None:
    out = review("agenda", *DAY).out
    assert "review due: its review was due on 2026-11-20" in out
    assert "outcome due: outcome restore was due on 2026-06-30 and has no result" in out
    assert "waiver ending: its waiver of VAL-002 ends on 2026-12-10" in out
    assert "Confirm the branches (amara.okafor) was due on 2026-04-01" in out
    assert "Retire the kiosks: raised, and not mentioned for 266 days" in out


def test_another_units_items_stay_off(repo: Path, review: Callable[..., Any]) -> None:
    (repo / "portfolios/lending.yaml").write_text(
        "business_unit: {id: lending, name: Lending}\n"
        "investments:\n  - {id: LND-001, title: Scoring, next_review: 2026-01-01}\n",
        encoding="utf-8",
    )
    of_lending = reasons(preview(review, "--unit", "lending"))
    assert set(of_lending) == {"LND-001", "lending"}
    assert "LND-001" not in reasons(preview(review, "--unit", "retail"))
    unknown = review("agenda", "--unit", "lendin", *DAY)
    assert unknown.code == 2
    assert "did you mean `lending`?" in unknown.err


def decided(review: Callable[..., Any], item: str, *arguments: object) -> None:
    assert review("start", "--unit", "retail", "--chair", "ines.sa", *DAY).code == 0
    done = review("decide", item, *arguments)
    assert done.code == 0, done.err
    closed = review("close", "--no-commit")
    assert closed.code == 0, closed.err


def again(review: Callable[..., Any], day: str) -> dict[str, set[str]]:
    return reasons(review("agenda", "--unit", "retail", "--format", "json", "--as-of", day).json)


def test_what_was_looked_at_is_not_new_the_next_time(review: Callable[..., Any]) -> None:
    decided(review, "RET-002", "approve", "--next-review", "2027-02-20")
    found = again(review, "2026-11-24")
    assert "new-finding" not in found.get("RET-002", set())
    assert "new-finding" in found["RET-001"], "nobody reached that one"


def test_what_became_worse_comes_back(repo: Path, review: Callable[..., Any]) -> None:
    decided(review, "lena.fischer", "approve")
    (repo / "rules").mkdir()
    (repo / "rules/own.yaml").write_text(
        "extends: standard\nadjust:\n  REL-022: {severity: error}\n", encoding="utf-8"
    )
    said = review("agenda", "--unit", "retail", "--format", "json", "--as-of", "2026-11-24").json
    lena = next(i for i in said["items"] if i["subject"]["id"] == "lena.fischer")
    worse = [r for r in lena["reasons"] if r["why"] == "worse-finding"]
    assert [r["rule"] for r in worse] == ["REL-022"]
    assert "an error now" in worse[0]["says"]


@pytest.mark.parametrize(
    ("verdict", "why"), [("challenge", "challenged"), ("escalate", "escalated"), ("hold", "held")]
)
def test_a_decision_that_is_not_the_end_comes_back(
    review: Callable[..., Any], verdict: str, why: str
) -> None:
    decided(review, "RET-001", verdict, "--reason", "Show the figures")
    assert why in again(review, "2027-01-10")["RET-001"]
    assert review("start", "--unit", "retail", "--as-of", "2027-01-10").code == 0
    assert review("decide", "RET-001", "approve").code == 0
    assert review("close", "--no-commit").code == 0
    assert why not in again(review, "2027-01-11").get("RET-001", set())


def test_a_hold_comes_back_on_its_day_and_not_before(review: Callable[..., Any]) -> None:
    decided(
        review, "RET-001", "hold", "--reason", "Lease", "--until", "2027-01-15",
        "--next-review", "2027-06-01",
    )  # fmt: skip
    assert "held" not in again(review, "2027-01-14").get("RET-001", set())
    assert "held" in again(review, "2027-01-15")["RET-001"]


def test_an_action_comes_back_once_it_is_overdue_and_ends_when_it_is_done(
    review: Callable[..., Any],
) -> None:
    decided(
        review, "lena.fischer", "action", "--what", "Agree a day", "--owner", "ines.sa",
        "--due", "2026-12-01",
    )  # fmt: skip
    assert "action-overdue" not in again(review, "2026-12-01").get("lena.fischer", set())
    assert "action-overdue" in again(review, "2026-12-02")["lena.fischer"]
    assert review("start", "--unit", "retail", "--as-of", "2026-12-02").code == 0
    unknown = review("decide", "lena.fischer", "done", "--action", "2026-11-23-retail/7")
    assert unknown.code == 2
    assert "open: 2026-11-23-retail/1" in unknown.err
    assert review("decide", "lena.fischer", "done", "--action", "2026-11-23-retail/1").code == 0
    assert review("close", "--no-commit").code == 0
    assert "action-overdue" not in again(review, "2026-12-03").get("lena.fischer", set())


def test_an_action_of_an_engagement_is_done_by_its_id(
    repo: Path, review: Callable[..., Any]
) -> None:
    assert "action retail/2026-03-02/1" in review("agenda", "--unit", "retail", *DAY).out
    decided(review, "retail", "done", "retail/2026-03-02/1")
    written = (repo / "portfolios/retail.yaml").read_text(encoding="utf-8")
    assert "due: 2026-04-01, done: 2026-11-23" in written
    assert "action-overdue" not in again(review, "2026-11-24").get("retail", set())
    review("start", "--unit", "retail", "--as-of", "2026-11-24")
    twice = review("decide", "retail", "done", "retail/2026-03-02/1")
    assert twice.code == 2
    assert "there is no action" in twice.err


def test_the_agenda_is_edited_before_and_during_the_session(review: Callable[..., Any]) -> None:
    assert review("start", "--unit", "retail", *DAY).code == 0
    dropped = review("agenda", "--drop", "RET-002")
    assert dropped.code == 0
    assert "RET-002" not in dropped.out
    no_reason = review("agenda", "--add", "ines.sa")
    assert no_reason.code == 2
    assert "--why" in no_reason.err
    added = review("agenda", "--add", "ines.sa", "--why", "Asks for a word", "--format", "json")
    last = added.json["items"][-1]
    assert (last["subject"]["kind"], last["title"]) == ("person", "Inês Sá")
    first = review("agenda", "--move", "ines.sa", "--to", "1", "--format", "json").json["items"][0]
    assert first["subject"]["id"] == "ines.sa"
    unknown = review("agenda", "--add", "RET-O01", "--why", "x")
    assert unknown.code == 2
    assert "did you mean `RET-001`?" in unknown.err


def test_the_dossier_of_an_item_holds_what_is_needed_to_decide(
    repo: Path, review: Callable[..., Any]
) -> None:
    import datetime

    from itgov.files.repository import find_repository
    from itgov.insight.flow import Flow
    from itgov.review.dossier import Dossiers, progress_of
    from itgov.review.store import ReviewStore

    decided(review, "RET-001", "challenge", "--reason", "Show the figures")
    assert review("start", "--unit", "retail", "--as-of", "2026-11-30").code == 0
    repository = find_repository(repo)
    governed = Flow(repository).at(datetime.date(2026, 11, 30))
    session = ReviewStore(repo).session()
    number = next(n for n, i in session.on_agenda if i.subject.id == "RET-001")
    dossier = Dossiers(governed.linked, governed.judged).of(session, number)
    assert dossier.entry is not None
    assert dossier.entry.facts.line_of_sight == "none"
    assert dossier.last is not None
    assert dossier.last.verdict.reason == "Show the figures"
    assert "VAL-001" in {f.rule for f in dossier.findings}
    progress = progress_of(session)
    assert (progress.tally.decided, len(progress.left)) == (0, progress.tally.items)
