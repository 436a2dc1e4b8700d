"""Which session, unit or minutes a command means, and what `status` says of those that are open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

DAY = ("--as-of", "2026-11-23")


def test_where_several_sessions_are_open_the_unit_says_which(
    review: Callable[..., Any], opened: None
) -> None:
    assert review("start", "--unit", "lending", "--chair", "ines.sa", *DAY).code == 0
    assert "choose one with --session ID" in review("decide", "LND-001", "approve").err
    assert review("decide", "LND-001", "approve", "--unit", "lending").code == 0
    listed = review("agenda", "--unit", "lending", "--format", "json").json
    assert (listed["session"]["id"], listed["session"]["decided"]) == ("2026-11-23-lending", 1)
    wrong = review("close", "--unit", "lendin", "--no-commit")
    assert wrong.code == 2
    assert "no review session is open on `lendin`; did you mean `lending`?" in wrong.err
    assert review("close", "--unit", "lending", "--no-commit").code == 0
    status = review("status", "--format", "json").json
    assert [s["id"] for s in status["sessions"]] == ["2026-11-23-retail"]
    assert "Review of Lending" in review("minutes", "--unit", "lending").out


def test_a_unit_or_a_session_may_be_named_without_an_option(
    review: Callable[..., Any],
) -> None:
    started = review("start", "retail", "--chair", "ines.sa", *DAY, "--format", "json")
    assert started.json["session"]["business_unit"] == "retail"
    assert review("status", "2026-11-23-retail").code == 0
    assert review("close", "2026-11-23-retail", "--no-commit").code == 0
    assert "# Review of Retail" in review("minutes", "reviews/2026-11-23-retail.yaml").out
    twice = review("start", "retail", "--unit", "lending", *DAY)
    assert twice.code == 2
    assert "are two units" in twice.err


def test_status_has_one_shape_whether_no_session_is_open_or_one_or_several(
    review: Callable[..., Any], opened: None
) -> None:
    shapes = [set(review("status", "--format", "json").json)]
    review("start", "--unit", "lending", *DAY)
    shapes.append(set(review("status", "--format", "json").json))
    for unit in ("retail", "lending"):
        review("close", "--unit", unit, "--discard")
    none = review("status", "--format", "json").json
    assert (none["sessions"], none["session"], none["items"]) == ([], None, [])
    assert shapes == [set(none), set(none)]


def test_minutes_without_an_id_are_the_last_ones(review: Callable[..., Any], opened: None) -> None:
    assert "Not decided" in review("minutes").out, "those that the open one would have"
    review("decide", "RET-001", "hold", "Lease")
    review("close", "--no-commit")
    printed = review("minutes")
    assert printed.code == 0, printed.err
    assert "Held by Inês Sá: Lease" in printed.out
    assert "Seal" in printed.out


def test_of_one_days_sessions_the_follower_is_the_later_whatever_the_clock_said(
    repo: Path,
    review: Callable[..., Any],
    itgov: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import datetime

    from itgov.review.clock import SystemClock

    for hour, verdict in ((15, "hold"), (9, "approve")):
        moment = datetime.datetime(2026, 11, 23, hour, tzinfo=datetime.UTC)
        monkeypatch.setattr(SystemClock, "now", lambda self, at=moment: at)
        review("start", "--unit", "retail", "--chair", "ines.sa", *DAY)
        review("decide", "RET-001", verdict, "because", "--no-edit")
        assert review("close", "--no-commit", "--no-edit").code == 0
    after = review("agenda", "--unit", "retail", "--format", "json", "--as-of", "2026-11-24").json
    reasons = [r["why"] for i in after["items"] for r in i["reasons"]]
    assert "held" not in reasons, "the approval, closed at nine by a clock set back, came last"
    assert review("verify").code == 0
