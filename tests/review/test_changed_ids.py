"""A person whose id changed is the same person in minutes, which stay as they were sealed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

DAY = ("--as-of", "2026-11-23")
LATER = ("--as-of", "2026-11-24")
PEOPLE = "portfolios/organisation.yaml"


def renamed(repo: Path, old: str, new: str) -> None:
    """Give somebody another id everywhere but in minutes."""
    for file in (repo / "portfolios").glob("*.yaml"):
        text = file.read_text().replace(old, new)
        text = text.replace(f"id: {new},", f"id: {new}, formerly: [{old}],")
        file.write_text(text)


def test_minutes_are_sound_and_speak_of_the_same_person(
    repo: Path, review: Callable[..., Any], itgov: Callable[..., Any]
) -> None:
    review("start", "--unit", "retail", "--chair", "lena.fischer", *DAY)
    review("decide", "lena.fischer", "approve")
    review("decide", "RET-001", "approve", "--by", "amara.okafor")
    review("close", "--no-commit")
    renamed(repo, "lena.fischer", "l.fischer")
    renamed(repo, "amara.okafor", "a.okafor")
    found = itgov("check", *LATER, "--format", "json").json["findings"]
    assert [f for f in found if f["rule"].startswith("REF-")] == []
    by_rule = {f["rule"]: f["message"] for f in found}
    assert "Lena Fischer chaired the session" in by_rule["SES-003"]
    assert "approved by a.okafor" in by_rule["SES-002"]
    assert "Chair: Lena Fischer" in review("minutes").out
    assert "by Amara Okafor" in review("minutes").out
    assert review("verify").code == 0


def test_a_session_goes_on_under_the_new_id_of_its_chair(
    repo: Path, review: Callable[..., Any], itgov: Callable[..., Any]
) -> None:
    review("start", "--unit", "retail", "--chair", "ines.sa", *DAY)
    renamed(repo, "ines.sa", "i.sa")
    done = review("decide", "RET-001", "hold", "No figures")
    assert done.code == 0
    assert "`ines.sa` is Inês Sá (i.sa)" in done.err
    assert review("close", "--no-commit").code == 0
    found = itgov("check", *LATER, "--format", "json").json["findings"]
    assert [f for f in found if f["rule"].startswith("REF-")] == []
