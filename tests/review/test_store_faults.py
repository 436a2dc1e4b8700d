"""The store through everything that can happen to it: nothing acknowledged is ever lost."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import random
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from tinydb import TinyDB

from itgov.review.recorder import SessionRecorder
from itgov.review.storage import StoreDamaged, StoreProblem
from itgov.review.store import ReviewStore

DECIDING = """
import sys
from pathlib import Path
from itgov.model.minutes import Decision, ItemSubject
from itgov.review.recorder import SessionRecorder
from itgov.review.store import ReviewStore
root, name, hand, first, last = sys.argv[1:]
recorder = SessionRecorder(ReviewStore(Path(root), wait=60), name, hand)
for number in range(int(first), int(last)):
    subject = ItemSubject(kind="investment", id=f"A-{number % 3 + 1}")
    recorder.decide(subject, Decision(decision="note", reason=f"{hand} {number}"))
    print(number, flush=True)
"""


def notes_in(store: ReviewStore) -> list[str]:
    """Return every note of the session, whoever has made it."""
    session = store.session()
    return [r.decision.reason or "" for item in session.items for r in item.decisions]


@pytest.mark.slow
def test_killed_at_random_instants_it_has_every_decision_that_was_acknowledged(
    store: ReviewStore, recorder: SessionRecorder, python: Callable[..., subprocess.Popen[bytes]]
) -> None:
    chance = random.Random(20261123)
    acknowledged: list[int] = []
    at = kills = 0
    while at < 1000:
        process = python(DECIDING, store.root, recorder.name, "a", at, 1000)
        assert process.stdout is not None
        enough = chance.randint(20, 120)
        for line in process.stdout:
            acknowledged.append(int(line))
            if len(acknowledged) - at >= enough:
                time.sleep(chance.random() / 100)  # somewhere inside one of the next decisions
                process.kill()
                break
        rest = process.stdout.read()
        process.wait()
        acknowledged += [int(line) for line in rest.split() if line]
        kills += process.returncode != 0
        kept = notes_in(store)
        assert {f"a {n}" for n in acknowledged} <= set(kept)
        # at each kill, at most the one that was not yet acknowledged is there besides
        assert len(kept) - len(acknowledged) <= kills
        at = max(int(text.split()[1]) for text in kept) + 1
    assert kills >= 8
    assert sorted(int(t.split()[1]) for t in notes_in(store)) == list(range(1000))
    assert store.notes == []


@pytest.mark.slow
def test_two_processes_deciding_at_once_lose_nothing_of_each_other(
    store: ReviewStore, recorder: SessionRecorder, python: Callable[..., subprocess.Popen[bytes]]
) -> None:
    both = [python(DECIDING, store.root, recorder.name, hand, 0, 60) for hand in ("a", "b")]
    for process in both:
        _, err = process.communicate(timeout=120)
        assert process.returncode == 0, err.decode()
    kept = notes_in(store)
    assert sorted(kept) == sorted(f"{hand} {n}" for hand in ("a", "b") for n in range(60))


@pytest.mark.slow
def test_cut_short_at_every_byte_it_is_recovered_from_the_last_good_copy_and_said_so(
    store: ReviewStore, recorder: SessionRecorder, helpers: Any
) -> None:
    recorder.decide(helpers.subject(1), helpers.note("kept"))
    whole = store.path.read_bytes()
    for length in range(len(whole) - 1):
        store.path.write_bytes(whole[:length])
        fresh = ReviewStore(store.root)
        assert notes_in(fresh) == ["kept"], f"cut at byte {length}"
        assert any("last good copy" in note for note in fresh.notes), f"cut at byte {length}"
    store.path.write_bytes(whole[: len(whole) // 2])
    recorder.decide(helpers.subject(2), helpers.note("on it goes"))
    assert sorted(notes_in(ReviewStore(store.root))) == ["kept", "on it goes"]
    aside = store.path.with_name("reviews.json.damaged")
    assert aside.read_bytes() == whole[: len(whole) // 2]


def test_the_second_copy_cut_short_at_every_byte_changes_nothing(
    store: ReviewStore, recorder: SessionRecorder, helpers: Any
) -> None:
    recorder.decide(helpers.subject(1), helpers.note("kept"))
    second = store.path.with_name("reviews.last.json")
    whole = second.read_bytes()
    for length in range(0, len(whole), 7):
        second.write_bytes(whole[:length])
        assert notes_in(ReviewStore(store.root)) == ["kept"]


def test_a_changed_byte_anywhere_is_noticed(
    store: ReviewStore, recorder: SessionRecorder, helpers: Any
) -> None:
    recorder.decide(helpers.subject(1), helpers.note("kept"))
    whole = store.path.read_bytes()
    chance = random.Random(7)
    for at in chance.sample(range(len(whole) - 2), 150):
        damaged = bytearray(whole)
        damaged[at] ^= 1 << chance.randrange(7)
        store.path.write_bytes(bytes(damaged))
        fresh = ReviewStore(store.root)
        if at == whole.index(b"2,"):  # the version's own digit: a newer program's, perhaps
            continue
        assert notes_in(fresh) == ["kept"], f"byte {at}"


@pytest.mark.parametrize("rest", [b"", b"{", b'{"format": "itgov-reviews", "ver', b"\x00" * 4000])
def test_with_both_copies_damaged_nothing_is_read_and_nothing_overwritten(
    store: ReviewStore, recorder: SessionRecorder, helpers: Any, rest: bytes
) -> None:
    copies = [store.path, store.path.with_name("reviews.last.json")]
    for copy in copies:
        copy.write_bytes(rest)
    with pytest.raises(StoreDamaged, match="no good copy"):
        ReviewStore(store.root).sessions()
    with pytest.raises(StoreDamaged):
        recorder.decide(helpers.subject(1), helpers.note("no"))
    assert [copy.read_bytes() for copy in copies] == [rest, rest]


def test_a_deleted_file_is_brought_back_by_the_other_copy(
    store: ReviewStore, recorder: SessionRecorder, helpers: Any
) -> None:
    recorder.decide(helpers.subject(1), helpers.note("kept"))
    store.path.unlink()
    fresh = ReviewStore(store.root)
    assert notes_in(fresh) == ["kept"]
    assert fresh.notes == [
        "reviews.json is missing; nothing is lost; the last good copy, reviews.last.json, is used"
    ]


@pytest.mark.parametrize("after", range(12))
def test_a_full_disk_is_said_and_what_was_recorded_stays(
    store: ReviewStore,
    recorder: SessionRecorder,
    helpers: Any,
    monkeypatch: pytest.MonkeyPatch,
    after: int,
) -> None:
    recorder.decide(helpers.subject(1), helpers.note("kept"))
    left = [after]
    real = {name: getattr(os, name) for name in ("write", "fsync", "replace", "open")}

    def failing(name: str) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            if left[0] == 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            left[0] -= 1
            return real[name](*arguments, **options)

        return call

    for name in real:
        monkeypatch.setattr(os, name, failing(name))
    failed = ""
    try:
        recorder.decide(helpers.subject(2), helpers.note("new"))
    except StoreProblem as problem:
        failed = str(problem)
    monkeypatch.undo()
    kept = notes_in(ReviewStore(store.root))
    assert "kept" in kept
    assert "No space left" in failed if failed else sorted(kept) == ["kept", "new"]
    assert not list(store.folder.glob(".*.tmp")), "nothing half written is left behind"


def test_a_full_disk_while_writing_records_nothing(
    store: ReviewStore, recorder: SessionRecorder, helpers: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = store.path.read_bytes()

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(StoreProblem, match="No space left on device; nothing new was recorded"):
        recorder.decide(helpers.subject(1), helpers.note("no room"))
    assert store.path.read_bytes() == before


def test_a_folder_that_cannot_be_written_is_said(
    store: ReviewStore, recorder: SessionRecorder, helpers: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(path: object, *arguments: Any, **options: Any) -> int:
        if str(path).startswith(str(store.folder)):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return int(opened(path, *arguments, **options))  # type: ignore[call-overload]

    opened = os.open
    monkeypatch.setattr(os, "open", denied)
    with pytest.raises(StoreProblem, match=r"Permission denied|busy"):
        recorder.decide(helpers.subject(1), helpers.note("no"))


def test_a_file_in_place_of_the_folder_is_said(tmp_path: Path, helpers: Any) -> None:
    (tmp_path / ".itgov").write_text("")
    store = ReviewStore(tmp_path, wait=0.1)
    assert store.sessions() == []
    with pytest.raises(StoreProblem, match=r"\.itgov/ cannot be used"), store.starting():
        pass


def test_a_lock_that_is_held_is_waited_for_and_then_said(
    store: ReviewStore, recorder: SessionRecorder, helpers: Any
) -> None:
    with FileLock(str(store.folder / "reviews.lock")):
        with pytest.raises(StoreProblem, match="another process is busy"):
            recorder.decide(helpers.subject(1), helpers.note("no"))
        assert notes_in(store) == [], "reading needs no lock"
    recorder.decide(helpers.subject(1), helpers.note("yes"))
    assert notes_in(store) == ["yes"]


@pytest.mark.skipif(os.name == "nt", reason="no such modes there")
def test_whoever_may_write_in_the_folder_may_take_turns_and_read(
    store: ReviewStore, recorder: SessionRecorder, helpers: Any
) -> None:
    store.folder.chmod(0o775)
    (store.folder / "reviews.lock").unlink()
    recorder.decide(helpers.subject(1), helpers.note("for the group"))
    assert (store.folder / "reviews.lock").stat().st_mode & 0o777 == 0o664
    assert store.path.stat().st_mode & 0o044, "others read what was decided, as any other file"


def test_a_folder_that_leads_out_of_the_repository_is_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    root = tmp_path / "root"
    root.mkdir()
    (root / ".itgov").symlink_to(outside)
    with pytest.raises(StoreProblem, match="leaves the repository"):
        ReviewStore(root).sessions()
    assert list(outside.iterdir()) == []


def test_a_file_of_plain_tinydb_is_taken_over_and_kept(
    store: ReviewStore, recorder: SessionRecorder, helpers: Any
) -> None:
    tables = json.loads(store.path.read_text())
    for copy in (store.path, store.path.with_name("reviews.last.json")):
        copy.unlink()
    old = TinyDB(store.path)
    for document in tables["sessions"].values():
        old.table("sessions").insert(document)
    old.close()
    before = store.path.read_bytes()
    assert store.session().id == recorder.name
    recorder.decide(helpers.subject(1), helpers.note("taken over"))
    assert notes_in(ReviewStore(store.root)) == ["taken over"]
    assert store.path.with_name("reviews.v0.json").read_bytes() == before


def test_plain_tinydb_reads_the_store(
    store: ReviewStore, recorder: SessionRecorder, helpers: Any
) -> None:
    recorder.decide(helpers.subject(1), helpers.note("for all to read"))
    before = store.path.read_bytes()
    with TinyDB(store.path, access_mode="r") as opened:
        assert opened.tables() == {"itgov", "sessions"}
        (session,) = opened.table("sessions").all()
    assert session["id"] == recorder.name
    assert session["items"][0]["decisions"][0]["decision"]["reason"] == "for all to read"
    assert store.path.read_bytes() == before


def test_what_another_program_has_written_into_the_store_is_not_taken_for_ours(
    store: ReviewStore, recorder: SessionRecorder, helpers: Any
) -> None:
    recorder.decide(helpers.subject(1), helpers.note("kept"))
    with TinyDB(store.path) as opened:
        opened.table("sessions").truncate()
    fresh = ReviewStore(store.root)
    assert notes_in(fresh) == ["kept"]
    assert "the last good copy, reviews.last.json, is used" in fresh.notes[0]


def test_a_store_of_the_first_version_is_brought_up_to_date_and_kept(
    store: ReviewStore, recorder: SessionRecorder, helpers: Any
) -> None:
    sessions = json.dumps(json.loads(store.path.read_text())["sessions"])
    tables = '{"sessions":' + sessions + "}"
    digest = hashlib.sha256(tables.encode()).hexdigest()
    old = f'{{"format": "itgov-reviews", "version": 1, "sum": "{digest}",\n"tables":{tables}}}\n'
    for copy in (store.path, store.path.with_name("reviews.last.json")):
        copy.write_text(old)
    recorder.decide(helpers.subject(1), helpers.note("brought over"))
    assert notes_in(ReviewStore(store.root)) == ["brought over"]
    assert store.path.with_name("reviews.v1.json").read_text() == old


def test_a_store_of_a_newer_program_is_left_alone(
    store: ReviewStore, recorder: SessionRecorder, helpers: Any
) -> None:
    raw = store.path.read_bytes().replace(b'"version": 2', b'"version": 9')
    store.path.write_bytes(raw)
    with pytest.raises(StoreProblem, match="written by a newer itgov"):
        recorder.decide(helpers.subject(1), helpers.note("no"))
    assert store.path.read_bytes() == raw


def test_the_store_names_no_place_on_this_machine_and_is_kept_out_of_git(
    store: ReviewStore, recorder: SessionRecorder
) -> None:
    assert str(store.root) not in store.path.read_text()
    assert (store.folder / ".gitignore").read_text().splitlines()[-1] == "*"
