"""The chain of seals: what was changed since it was closed is found, and where."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from itgov.files.load import read_minutes
from itgov.files.sources import RawFile
from itgov.model.minutes import Decision, ItemSubject, Minutes, MinutesItem, Reason, Review
from itgov.review.chain import canonical, is_whole, seal
from itgov.review.close import text_of

from ..support.examples import many

DAYS = ("2026-09-01", "2026-10-01", "2026-11-01")


_held: list[Path] = []
"""The repository with the three sessions."""


@pytest.fixture
def closed(
    repo: Path, review: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> list[Path]:
    """Three closed sessions, each following the one before; held once, and copied from then on."""
    if not _held:
        for day in DAYS:
            review("start", "--unit", "retail", "--chair", "ines.sa", "--as-of", day)
            review("decide", "1", "hold", "--reason", f"Not on {day}", "--no-edit")
            done = review("close", "--no-commit", "--no-edit")
            assert done.code == 0, done.err
        _held.append(tmp_path_factory.mktemp("held") / "repo")
        shutil.copytree(repo, _held[0])
    else:
        shutil.rmtree(repo)
        shutil.copytree(_held[0], repo)
    return [repo / f"reviews/{day}-retail.yaml" for day in DAYS]


def verified(review: Callable[..., Any]) -> tuple[int, list[tuple[str, int, str]]]:
    done = review("verify", "--format", "json")
    faults = [(f["path"], f["line"], f["message"]) for f in done.json["faults"]]
    return done.code, faults


def forget(repo: Path) -> None:
    """Verify as on another machine, which has only the files."""
    shutil.rmtree(repo / ".itgov")


def change(path: Path, old: str, new: str) -> int:
    """Replace a text once and return the line it was on."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_untouched_records_are_sound(review: Callable[..., Any], closed: list[Path]) -> None:
    assert verified(review) == (0, [])
    assert "3 closed sessions are as they were closed" in review("verify").out


def test_each_follows_the_one_before(closed: list[Path]) -> None:
    seals = []
    for path in closed:
        read = read_minutes(RawFile(path.name, path.read_bytes())).content
        assert isinstance(read, Minutes)
        assert read.seal is not None
        seals.append(read.seal)
    assert seals[0].follows == []
    assert seals[1].follows == [seals[0].hash]
    assert seals[2].follows == [seals[1].hash]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("Not on 2026-10-01", "Never", "item 1"),
        ("decision: hold", "decision: approve", "item 1"),
        ("chair: ines.sa", "chair: tom.reyes", "who took part"),
        ("date: 2026-10-01", "date: 2026-10-02", "who took part"),
    ],
)
def test_a_changed_value_is_found_in_its_item(
    repo: Path, review: Callable[..., Any], closed: list[Path], old: str, new: str, says: str
) -> None:
    line = change(closed[1], old, new)
    forget(repo)
    code, faults = verified(review)
    assert code == 1
    path, at, message = faults[0]
    assert path == "reviews/2026-10-01-retail.yaml"
    assert says in message
    assert at <= line, "the place is the start of the part that holds the change"


def test_a_reformat_and_a_comment_change_nothing(
    repo: Path, review: Callable[..., Any], closed: list[Path]
) -> None:
    text = closed[0].read_text(encoding="utf-8")
    text = text.replace("chair: ines.sa", 'chair:   "ines.sa"   # the head of claims')
    closed[0].write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert verified(review) == (0, [])


def test_an_unknown_key_counts_as_a_change(review: Callable[..., Any], closed: list[Path]) -> None:
    change(closed[0], "  chair:", "  approved: yes\n  chair:")
    code, faults = verified(review)
    assert code == 1
    assert "unknown key `approved`" in faults[0][2]


def test_a_deleted_record_in_the_middle_is_missed_by_its_follower(
    repo: Path, review: Callable[..., Any], closed: list[Path]
) -> None:
    closed[1].unlink()
    forget(repo)
    code, faults = verified(review)
    assert code == 1
    assert faults[0][0] == "reviews/2026-11-01-retail.yaml"
    assert "follows minutes that are not here" in faults[0][2]


def test_the_last_record_deleted_is_missed_where_it_was_closed(
    review: Callable[..., Any], closed: list[Path]
) -> None:
    closed[2].unlink()
    code, faults = verified(review)
    assert code == 1
    assert "closed on this machine, are missing" in faults[0][2]


def test_changed_and_sealed_anew_is_told_by_the_follower(
    repo: Path, review: Callable[..., Any], closed: list[Path]
) -> None:
    read = read_minutes(RawFile("x", closed[1].read_bytes())).content
    assert isinstance(read, Minutes)
    assert read.seal is not None
    forged = structs.replace(read, review=structs.replace(read.review, chair="tom.reyes"))
    closed[1].write_text(text_of(seal(forged, read.seal.follows)), encoding="utf-8")
    forget(repo)
    code, faults = verified(review)
    assert code == 1
    assert faults[0][0] == "reviews/2026-11-01-retail.yaml"
    assert "changed and sealed again" in faults[0][2]


def test_a_renamed_and_a_doubled_record_are_told(
    repo: Path, review: Callable[..., Any], closed: list[Path], itgov: Callable[..., Any]
) -> None:
    closed[0].rename(closed[0].with_name("2026-08-01-retail.yaml"))
    code, faults = verified(review)
    assert code == 1
    assert "are in a file of another name" in faults[0][2]
    shutil.copy(closed[1], closed[1].with_name("2026-12-01-retail.yaml"))
    found = itgov("check", "--as-of", "2026-11-23", "--format", "json").json["findings"]
    twice = [f for f in found if f["rule"] == "REF-006"]
    assert [f["path"] for f in twice] == ["reviews/2026-12-01-retail.yaml"]
    assert verified(review)[0] == 1


def test_two_branches_that_both_closed_sessions_are_sound_and_joined_by_the_next(
    repo: Path, review: Callable[..., Any], closed: list[Path], tmp_path: Path
) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    shutil.copytree(repo, ours)
    (repo / "portfolios/lending.yaml").write_text(
        "business_unit: {id: lending, name: Lending}\n", encoding="utf-8"
    )
    review("start", "--unit", "lending", "--as-of", "2026-11-10")
    review("close", "--no-commit")
    shutil.copytree(repo, theirs)
    (repo / "reviews/2026-11-10-lending.yaml").unlink()
    review("start", "--unit", "retail", "--as-of", "2026-11-12")
    review("close", "--no-commit")
    shutil.copy(theirs / "reviews/2026-11-10-lending.yaml", repo / "reviews")  # the merge
    forget(repo)
    merged = review("verify", "--format", "json").json
    assert merged["sound"] is True
    assert merged["heads"] == ["2026-11-10-lending", "2026-11-12-retail"]
    assert "both end the chain" in merged["notes"][0]
    review("start", "--unit", "retail", "--as-of", "2026-11-20")
    review("close", "--no-commit")
    joined = review("verify", "--format", "json").json
    assert joined["sound"] is True
    assert joined["heads"] == ["2026-11-20-retail"]
    assert joined["notes"] == []


def test_a_session_of_an_earlier_day_may_be_closed_later_and_is_noted(
    repo: Path, review: Callable[..., Any], closed: list[Path]
) -> None:
    review("start", "--unit", "retail", "--as-of", "2026-08-01")
    review("close", "--no-commit")
    found = review("verify", "--format", "json")
    assert found.code == 0
    assert (
        "2026-08-01-retail follows 2026-11-01-retail, which is dated later"
        in found.json["notes"][0]
    )


def test_a_broken_record_hides_nothing_of_the_others(
    review: Callable[..., Any], closed: list[Path], itgov: Callable[..., Any]
) -> None:
    closed[0].write_text("review: {id: [", encoding="utf-8")
    change(closed[1], "decision: hold", "decison: hold")
    change(closed[2], "by: ines.sa", "by: ines.as")
    checked = itgov("check", "--as-of", "2026-11-23", "--format", "json")
    places = {
        (f["rule"], f["path"]) for f in checked.json["findings"] if f["path"].startswith("reviews/")
    }
    assert ("YML-001", "reviews/2026-09-01-retail.yaml") in places
    assert ("MOD-001", "reviews/2026-10-01-retail.yaml") in places
    assert ("REF-001", "reviews/2026-11-01-retail.yaml") in places
    others = [f for f in checked.json["findings"] if f["path"].startswith("portfolios/")]
    assert others, "the portfolio's own findings are there as ever"
    assert verified(review)[0] == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n",
        "[]\n",
        "review:\n",
        "items: []\n",
        "review: {id: x}\n",
        "review: 7\n",
        "x: 1\n",
    ],
)
def test_a_record_of_the_wrong_shape_is_said_at_its_place(
    repo: Path, review: Callable[..., Any], itgov: Callable[..., Any], text: str
) -> None:
    (repo / "reviews").mkdir()
    (repo / "reviews/x.yaml").write_text(text, encoding="utf-8")
    checked = itgov("check", "--as-of", "2026-11-23", "--format", "json")
    found = [f for f in checked.json["findings"] if f["path"] == "reviews/x.yaml"]
    assert found
    assert all(re.match("MOD-00[1-6]", f["rule"]) for f in found)
    assert verified(review)[0] == 1
    assert review("start", "--unit", "retail", "--as-of", "2026-11-23").code == 0


def test_check_remembers_no_answer_from_before_the_minutes(
    repo: Path,
    review: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    itgov: Callable[..., Any],
) -> None:
    from itgov.cli.remembered import digest_of, places_of
    from itgov.files.repository import find_repository

    places = places_of(find_repository(repo))
    before = digest_of(places)
    review("start", "--unit", "retail", "--as-of", "2026-11-23")
    review("close", "--no-commit", "--no-edit")
    assert digest_of(places) != before


# -- canonical bytes -----------------------------------------------------------------------

texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf", "Cn", "Co", "Zl", "Zp"]),
    min_size=1,
    max_size=30,
).filter(lambda t: t == t.strip() and t.isprintable() and t != "")
decisions = st.builds(
    Decision,
    decision=st.sampled_from(["hold", "approve", "note", "escalate"]),
    by=texts | st.none(),
    reason=texts | st.none(),
    until=st.dates() | st.none(),
)
items = st.builds(
    MinutesItem,
    subject=st.builds(ItemSubject, kind=st.just("investment"), id=texts),
    title=texts | st.none(),
    points=st.floats(0, 100) | st.none(),
    money=st.integers(0, 10**12) | st.none(),
    reasons=st.lists(st.builds(Reason, why=st.just("added"), says=texts), max_size=2),
    decisions=st.lists(decisions, max_size=3),
    seconds=st.integers(0, 9999) | st.none(),
)
records = st.builds(
    Minutes,
    review=st.builds(Review, id=texts, date=st.dates(), chair=texts | st.none()),
    items=st.lists(items, max_size=4),
)


@given(records)
@settings(max_examples=many(150))
def test_what_is_written_and_read_again_is_what_was_sealed(record: Minutes) -> None:
    sealed = seal(record, ["0" * 64])
    read = read_minutes(RawFile("reviews/x.yaml", text_of(sealed).encode()))
    assert read.problems == []
    assert isinstance(read.content, Minutes)
    assert is_whole(read.content)
    assert canonical(read.content) == canonical(sealed)


@given(records, records)
@settings(max_examples=many(150))
def test_two_records_that_mean_different_things_have_different_seals(
    one: Minutes, other: Minutes
) -> None:
    first, second = seal(one, []).seal, seal(other, []).seal
    assert first is not None
    assert second is not None
    assert (first.hash == second.hash) == (canonical(one) == canonical(other))
