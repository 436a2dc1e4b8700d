"""Taking a change back, or making it again, where others have changed the file in other places."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from itgov.files.rebase import rebased

BASE = b"a: 1\nb: 2\nc: 3\nd: 4\ne: 5\n"


def test_both_changes_are_there_where_they_are_apart() -> None:
    target, current = BASE.replace(b"b: 2", b"b: 20"), b"# hers\n" + BASE.replace(b"e: 5\n", b"")
    assert rebased(BASE, target, current) == b"# hers\na: 1\nb: 20\nc: 3\nd: 4\n"


def test_a_line_that_both_change_or_that_stands_beside_is_for_a_person() -> None:
    target = BASE.replace(b"b: 2", b"b: 20")
    assert rebased(BASE, target, BASE.replace(b"b: 2", b"b: 3")) is None
    assert rebased(BASE, target, BASE.replace(b"c: 3", b"c: 4")) is None
    assert rebased(BASE, target, BASE.replace(b"c: 3\n", b"x: 9\nc: 3\n")) is None


def test_what_would_be_no_sound_file_is_not_made() -> None:
    base = b"a: 1\nb: 2\nc: 3\nd: 4\n"
    target, current = b"a: 1\nx: 0\nb: 2\nc: 3\nd: 4\n", b"a: 1\nb: 2\nc: 3\nd: 4\nx: 9\n"
    assert rebased(base, target, current) is None  # a key given twice


LINES = st.lists(st.sampled_from("abcdefgh"), max_size=8, unique=True)


def _text(keys: list[str]) -> bytes:
    return "".join(f"{k}: {k}\n" for k in keys).encode()


@given(LINES, LINES)
def test_on_the_base_itself_it_is_the_target(base: list[str], target: list[str]) -> None:
    assert rebased(_text(base), _text(target), _text(base)) == _text(target)


@given(LINES, st.data())
def test_nobodys_line_is_lost(base: list[str], data: st.DataObject) -> None:
    """Lines that one side puts in are there after, lines that one side takes out are not."""
    ours = [k for k in base if data.draw(st.booleans())]
    theirs = [*base, *(k.upper() for k in data.draw(LINES))]
    made = rebased(_text(base), _text(ours), _text(theirs))
    if made is not None:
        keys = [line.split(":")[0] for line in made.decode().splitlines()]
        assert sorted(keys) == sorted([*ours, *(k for k in theirs if k not in base)])
