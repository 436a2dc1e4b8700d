"""What `itgov review verify` tells beyond the chain: by git's history, and of the text for people."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from itgov.files.load import read_minutes
from itgov.files.sources import RawFile
from itgov.model.minutes import Minutes
from itgov.review.chain import seal
from itgov.review.close import text_of

DAYS = ("2026-09-01", "2026-10-01")
LAST = "reviews/2026-10-01-retail.yaml"


@pytest.fixture
def elsewhere(repo: Path, review: Callable[..., Any], git: Callable[..., str]) -> Path:
    """The repository as on another machine, with two sessions closed and committed."""
    for day in DAYS:
        review("start", "--unit", "retail", "--chair", "ines.sa", "--as-of", day)
        review("decide", "RET-001", "hold", f"Not on {day}", "--no-edit")
        closed = review("close", "--commit", "--no-edit")
        assert closed.code == 0, closed.err
    shutil.rmtree(repo / ".itgov")
    return repo


def faults(review: Callable[..., Any]) -> list[tuple[str, str]]:
    done = review("verify", "--format", "json")
    assert done.code == (1 if done.json["faults"] else 0)
    return [(f["path"], f["message"]) for f in done.json["faults"]]


def test_what_was_committed_and_left_alone_is_sound(
    elsewhere: Path, review: Callable[..., Any]
) -> None:
    assert faults(review) == []


def test_the_last_record_deleted_is_told_by_git(
    elsewhere: Path, review: Callable[..., Any], git: Callable[..., str]
) -> None:
    (elsewhere / LAST).unlink()
    for committed in (False, True):
        if committed:
            git("commit", "-q", "-a", "-m", "Tidy up")
        ((path, said),) = faults(review)
        assert path == LAST
        assert "the minutes of 2026-10-01-retail, committed on" in said
        assert "by Priya Nair" in said


def test_the_last_record_changed_and_sealed_anew_is_told_by_git(
    elsewhere: Path, review: Callable[..., Any], git: Callable[..., str]
) -> None:
    path = elsewhere / LAST
    record = read_minutes(RawFile(LAST, path.read_bytes())).content
    assert isinstance(record, Minutes)
    assert record.seal is not None
    forged = structs.replace(record, review=structs.replace(record.review, chair="tom.reyes"))
    path.write_text(text_of(seal(forged, record.seal.follows)), encoding="utf-8")
    git("commit", "-q", "-a", "-m", "A correction")
    ((where, said),) = faults(review)
    assert where == LAST
    assert "are not here as they were closed" in said


def test_a_record_that_is_moved_or_laid_out_anew_is_sound_for_git(
    elsewhere: Path, review: Callable[..., Any], git: Callable[..., str]
) -> None:
    (elsewhere / "reviews/old").mkdir()
    for end in ("yaml", "md"):
        name = f"2026-09-01-retail.{end}"
        (elsewhere / "reviews" / name).rename(elsewhere / "reviews/old" / name)
    path = elsewhere / LAST
    path.write_text(path.read_text(encoding="utf-8") + "# read twice\n", encoding="utf-8")
    git("add", "-A")
    git("commit", "-q", "-m", "Order")
    assert faults(review) == []


def test_the_text_for_people_is_held_to_what_was_closed(
    elsewhere: Path, review: Callable[..., Any]
) -> None:
    told = (elsewhere / LAST).with_suffix(".md")
    text = told.read_text(encoding="utf-8")
    told.write_bytes(text.replace("\n", "\r\n").replace("  \r", "\r").encode())
    assert faults(review) == [], "the ends of lines do not count"
    told.write_text(text.replace("Not on", "Gladly on"), encoding="utf-8")
    name = "reviews/2026-10-01-retail.md"
    assert faults(review) == [
        (name, "changed since it was closed: this differs from what was written")
    ]
    told.unlink()
    assert faults(review) == [(name, "the Markdown version of 2026-10-01-retail is missing")]


def test_the_parts_of_a_seal_are_held_to_it_too(
    elsewhere: Path, review: Callable[..., Any]
) -> None:
    path = elsewhere / LAST
    text = path.read_text(encoding="utf-8")
    at = text.index("parts: ") + len("parts: ")
    path.write_text(text[:at] + "000000000000" + text[at + 12 :], encoding="utf-8")
    ((where, said),) = faults(review)
    assert where == LAST
    assert "the parts of the seal" in said
