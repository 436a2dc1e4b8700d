"""What was written can be undone and done again, and nobody's change is written over."""

from __future__ import annotations

from pathlib import Path

import pytest

from itgov.files.parallel import Stopped
from itgov.files.proposal import FileEdit, Proposal
from itgov.files.save import EditRefused
from itgov.files.undo import UndoHistory

BOTH = Proposal("Both", (FileEdit("a.yaml", b"a: 1\n", b"a: 2\n"), FileEdit("b.yaml", b"b", b"c")))
OTHER = Proposal("Only a", (FileEdit("a.yaml", b"a: 2\n", b"a: 3\n"),))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "a.yaml").write_bytes(b"a: 1\n")
    (tmp_path / "b.yaml").write_bytes(b"b")
    return tmp_path


def held(root: Path) -> tuple[bytes, bytes]:
    return (root / "a.yaml").read_bytes(), (root / "b.yaml").read_bytes()


def test_written_undone_and_done_again(root: Path) -> None:
    history = UndoHistory(root)
    assert history.write(BOTH) == ["a.yaml", "b.yaml"]
    history.write(OTHER)
    assert held(root) == (b"a: 3\n", b"c")
    assert (history.next_undo, history.next_redo) == ("Only a", None)
    assert history.undo() == OTHER
    assert history.undo() == BOTH
    assert history.undo() is None
    assert held(root) == (b"a: 1\n", b"b")
    assert history.next_redo == "Both"
    assert history.redo() == BOTH
    assert held(root) == (b"a: 2\n", b"c")


def test_a_new_write_ends_what_could_be_done_again(root: Path) -> None:
    history = UndoHistory(root)
    history.write(BOTH)
    history.undo()
    history.write(Proposal("New", (FileEdit("b.yaml", b"b", b"x"),)))
    assert history.redo() is None
    assert held(root) == (b"a: 1\n", b"x")


def test_nothing_is_written_if_one_file_was_changed(root: Path) -> None:
    (root / "b.yaml").write_bytes(b"theirs")
    with pytest.raises(
        EditRefused, match=r"nothing was written: b\.yaml was changed by somebody else"
    ):
        UndoHistory(root).write(BOTH)
    assert held(root) == (b"a: 1\n", b"theirs")


def test_what_was_changed_since_is_not_undone(root: Path) -> None:
    history = UndoHistory(root)
    history.write(BOTH)
    (root / "b.yaml").write_bytes(b"theirs")
    with pytest.raises(EditRefused, match="“Both” was not undone"):
        history.undo()
    assert held(root) == (b"a: 2\n", b"theirs")
    (root / "b.yaml").write_bytes(b"c")
    assert history.undo() == BOTH
    (root / "a.yaml").unlink()
    with pytest.raises(EditRefused, match="“Both” was not done again"):
        history.redo()
    assert not (root / "a.yaml").exists()


def test_a_later_file_that_cannot_be_written_takes_the_earlier_ones_back(root: Path) -> None:
    outside = Proposal("Out", (*BOTH.files, FileEdit("../new.yaml", None, b"x")))
    with pytest.raises(EditRefused, match="outside"):
        UndoHistory(root).write(outside)
    assert held(root) == (b"a: 1\n", b"b")
    assert not (root.parent / "new.yaml").exists()


def test_a_new_file_is_deleted_by_undoing_it(root: Path) -> None:
    history = UndoHistory(root)
    history.write(Proposal("Minutes", (FileEdit("reviews/q4.yaml", None, b"x\n"),)))
    assert (root / "reviews" / "q4.yaml").read_bytes() == b"x\n"
    history.undo()
    assert not (root / "reviews" / "q4.yaml").exists()
    history.redo()
    (root / "reviews" / "q4.yaml").write_bytes(b"theirs")
    with pytest.raises(EditRefused, match="changed"):
        history.undo()
    assert (root / "reviews" / "q4.yaml").read_bytes() == b"theirs"


def test_an_empty_proposal_writes_nothing_and_cannot_be_undone(root: Path) -> None:
    history = UndoHistory(root)
    assert history.write(Proposal("Nothing", (FileEdit("a.yaml", b"x", b"x"),))) == []
    assert history.next_undo is None


def test_a_write_that_is_stopped_half_way_puts_back_what_it_wrote(root: Path) -> None:
    history = UndoHistory(root)

    def stop_at_the_second(doing: str, done: float) -> None:
        if done:
            assert held(root) == (b"a: 2\n", b"b")  # one is written
            raise Stopped

    with pytest.raises(Stopped):
        history.write(BOTH, stop_at_the_second)
    assert held(root) == (b"a: 1\n", b"b")
    assert history.next_undo is None

    history.write(BOTH)
    with pytest.raises(Stopped):
        history.undo(stop_at_the_second)
    assert held(root) == (b"a: 2\n", b"c")
    assert history.next_undo == "Both"
