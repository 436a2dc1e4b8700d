"""The record of a closed session: who decided, its name, and its shape."""

from __future__ import annotations

import json
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


def minutes(repo: Path, name: str = RECORD) -> Minutes:
    read = read_minutes(RawFile(name, (repo / name).read_bytes()))
    assert read.problems == []
    assert isinstance(read.content, Minutes)
    return read.content


def test_where_nobody_is_named_the_minutes_say_which_account_recorded_it(
    repo: Path, review: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "priya")
    started = review("start", "--unit", "retail", *DAY)
    assert "The session has no chair" in started.err
    review("decide", "RET-001", "approve")
    review("close", "--no-commit")
    (decision,) = next(i for i in minutes(repo).items if i.subject.id == "RET-001").decisions
    assert (decision.by, decision.account) == (None, "priya")
    told = (repo / RECORD).with_suffix(".md").read_text(encoding="utf-8")
    assert "recorded by the account priya" in told


def test_its_minutes_fit_the_published_schema(repo: Path, review: Callable[..., Any]) -> None:
    import jsonschema

    from itgov.files.reader import read
    from itgov.rules.schemas import schema

    review("start", "--unit", "retail", *DAY)
    review("decide", "RET-001", "hold", "--reason", "x", "--until", "2027-01-15")
    review("close", "--no-commit")
    _, data, problems = read(RECORD, (repo / RECORD).read_bytes())
    assert problems == []
    plain = json.loads(msgspec.json.encode(data))
    jsonschema.Draft202012Validator(schema("review")).validate(plain)


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


def test_what_was_skipped_is_not_counted_as_decided(repo: Path, review: Callable[..., Any]) -> None:
    review("start", "--unit", "retail", "--chair", "ines.sa", *DAY)
    review("decide", "RET-001", "skip")
    review("decide", "RET-002", "approve")
    planned = review("close", "--dry-run")
    closed = review("close")
    assert "Closed 2026-11-23-retail: 1 of 4 items decided: 1 approved." in closed.out
    told = closed.out.splitlines()
    assert "3 items without a decision come back, 1 of them skipped" in told
    shown = [line.strip() for line in planned.out.splitlines()]
    facts = [line.strip() for line in told[1:] if not line.startswith(("wrote", "edited"))]
    assert [line for line in facts if line not in shown] == [], "said before as it is after"
    assert "1 of 4 items decided" in (repo / RECORD).with_suffix(".md").read_text("utf-8")
