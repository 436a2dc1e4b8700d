"""Edits in place change what was asked for and no other line; files are written safely."""

from __future__ import annotations

import difflib
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itgov.files.edit import Change, Insert, Remove, Set, apply
from itgov.files.reader import read
from itgov.files.save import EditRefused, digest, save
from itgov.files.write import FlowMapping

from ..support.examples import many

TEXT = """\
# yaml-language-server: $schema=x
business_unit:
  id: retail   # the id
investments:
  # the first
  - id: A   # who knows
    title: "Claims"
    outcome_owner: amara   # she knows
    summary: >-
      Lets a policy holder file and
      follow a claim
    confidence: amber
    spend:
      - {year: 2025, budget: 400000}   # agreed
      # a break
      - {year: 2027, budget: 900000}
    # more to come
    custom: {a: b}

  # the second
  - id: B
    title: Other
# about engagements
engagements:
  - {date: 2026-10-12, kind: review}
"""
ORDER = ("id", "title", "summary", "confidence", "confidence_on", "spend", "outcomes", "custom")
A = ("investments", 0)
B = ("investments", 1)


def changed(change: Change | list[Change], text: str = TEXT) -> list[str]:
    changes = change if isinstance(change, list) else [change]
    after = apply(text.encode(), changes, "retail.yaml").decode()
    lines = difflib.unified_diff(text.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in lines if line[:2] not in ("--", "++", "@@")]


def test_a_scalar_changes_on_its_line() -> None:
    assert changed(Set((*A, "confidence"), "red")) == [
        "-    confidence: amber",
        "+    confidence: red",
    ]


def test_a_new_key_goes_where_the_type_has_it() -> None:
    assert changed(Set((*A, "confidence_on"), "2026-01-01", ORDER)) == [
        '+    confidence_on: "2026-01-01"'
    ]
    after = apply(TEXT.encode(), [Set((*A, "confidence_on"), 1, ORDER)]).decode().splitlines()
    assert after[after.index("    confidence_on: 1") - 1] == "    confidence: amber"


def test_a_year_is_put_in_its_place_and_comments_stay() -> None:
    rows = (*A, "spend")
    year = FlowMapping({"year": 2026, "budget": 1})
    assert changed(Insert(rows, year, 1)) == ["+      - {year: 2026, budget: 1}"]
    assert changed([Set((*rows, 0, "budget"), 5), Set((*rows, 0, "actual"), 6)]) == [
        "-      - {year: 2025, budget: 400000}   # agreed",
        "+      - {year: 2025, budget: 5, actual: 6}   # agreed",
    ]


def test_a_long_text_is_folded() -> None:
    lines = changed(Set((*B, "summary"), "word " * 30 + "end", ORDER))
    assert lines[0] == "+    summary: >-"
    assert all(len(line) <= 99 for line in lines)


def test_an_investment_is_added_before_what_follows() -> None:
    after = apply(TEXT.encode(), [Insert(("investments",), {"id": "C", "title": "T"})]).decode()
    assert "    title: Other\n  - id: C\n    title: T\n# about engagements\n" in after


def test_a_key_is_taken_out() -> None:
    assert changed(Remove((*A, "confidence"))) == ["-    confidence: amber"]


def test_line_ends_and_byte_order_mark_stay() -> None:
    raw = b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode()
    after = apply(raw, [Set((*B, "outcomes"), [{"id": "x", "results": []}], ORDER)])
    assert after.startswith(b"\xef\xbb\xbf")
    assert after.count(b"\r\n") == after.count(b"\n")


def test_no_changes_is_the_same_bytes() -> None:
    raw = TEXT.encode()
    assert apply(raw, []) is raw


@pytest.mark.parametrize(
    ("text", "change", "says"),
    [
        ("b: 1\na: [1\n", Set(("a",), 1), "f.yaml:2: the file has problems"),
        ("- a\n", Set(("a",), 1), "the file has problems"),
        ("a: 1\n", Set(("b", "c"), 1), "cannot be edited"),
        ("a: 1\n", Insert(("a",), 1), "cannot be edited"),
        ("a: {b: 1}\n", Remove(("a", "c")), "cannot be edited"),
        ("x: &x {a: 1}\ny: *x\n", Set(("y", "a"), 2), "refuse|edit|change"),
    ],
)
def test_what_cannot_be_done_is_refused(text: str, change: Change, says: str) -> None:
    with pytest.raises(EditRefused, match=says):
        apply(text.encode(), [change], "f.yaml")


WORDS = st.one_of(
    st.text(max_size=120),
    st.text(alphabet=" ab:#-\n'\"\\{}[],&*!|>%@`?.0", max_size=60),
)


@settings(max_examples=many(200))
@given(WORDS, WORDS, st.integers(0, 2))
def test_whatever_is_set_is_read_back_or_refused(value: str, other: str, at: int) -> None:
    changes: list[Change] = [
        Set((*B, "summary"), value, ORDER),
        Set((*A, "custom", "note"), other),
        Set((*A, "title"), other),
        Insert((*A, "spend"), FlowMapping({"year": 2026, "budget": 1}), at),
    ]
    try:
        after = apply(TEXT.encode(), changes)
    except EditRefused:
        return
    _, data, problems = read("x", after.encode() if isinstance(after, str) else after)
    assert problems == []
    assert "# she knows" in after.decode()
    assert data["investments"][0]["outcome_owner"] == "amara"


# -- files ---------------------------------------------------------------------------------


def test_a_file_is_written_only_if_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "portfolios" / "a.yaml"
    assert save(tmp_path, path, b"a: 1\n", None)
    stamp = path.stat().st_mtime_ns, path.stat().st_ino
    assert not save(tmp_path, path, b"a: 1\n", digest(b"a: 1\n"))
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == stamp
    path.chmod(0o640)
    assert save(tmp_path, path, b"a: 2\n", digest(b"a: 1\n"))
    assert path.stat().st_mode & 0o777 == 0o640
    assert [p.name for p in path.parent.iterdir()] == ["a.yaml"]


def test_a_file_that_somebody_else_has_changed_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"theirs")
    for was in (digest(b"what was read"), None):
        with pytest.raises(EditRefused, match="somebody else"):
            save(tmp_path, path, b"ours", was)
    assert path.read_bytes() == b"theirs"


def test_nothing_is_written_outside(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "out.yaml").write_bytes(b"x")
    with pytest.raises(EditRefused, match="outside"):
        save(root, root / ".." / "new.yaml", b"y", None)
    os.symlink(tmp_path / "out.yaml", root / "link.yaml")
    with pytest.raises(EditRefused, match="outside"):
        save(root, root / "link.yaml", b"y", digest(b"x"))
    os.symlink(tmp_path, root / "portfolios")
    with pytest.raises(EditRefused, match="outside"):
        save(root, root / "portfolios" / "new.yaml", b"y", None)
    assert (tmp_path / "out.yaml").read_bytes() == b"x"


def test_a_link_that_stays_inside_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real.yaml").write_bytes(b"x")
    os.symlink("real.yaml", tmp_path / "link.yaml")
    assert save(tmp_path, tmp_path / "link.yaml", b"y", digest(b"x"))
    assert (tmp_path / "link.yaml").is_symlink()
    assert (tmp_path / "real.yaml").read_bytes() == b"y"


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "portfolios").write_bytes(b"a file, not a folder")
    with pytest.raises(EditRefused, match="cannot be written"):
        save(tmp_path, tmp_path / "portfolios" / "a.yaml", b"x", None)


KEYS = ("id", "title", "stage", "outcome_owner", "purpose")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "i:\n  - {id: A-7,\n     stage: live,  # why\n     purpose: run\n    }\n",
            "i:\n  - {id: A-7,\n     stage: live,  # why\n     outcome_owner: a.one,\n     purpose: run\n    }\n",
        ),
        (
            "i:\n  - {id: A-7,\n     stage: live # why\n    }\n",
            "i:\n  - {id: A-7,\n     stage: live, # why\n     outcome_owner: a.one\n    }\n",
        ),
        (
            "i:\r\n  - {id: A-7,\r\n     stage: live\r\n    }\r\n",
            "i:\r\n  - {id: A-7,\r\n     stage: live,\r\n     outcome_owner: a.one\r\n    }\r\n",
        ),
        (
            "i:\n  - {id: A-7, stage: live}\n",
            "i:\n  - {id: A-7, stage: live, outcome_owner: a.one}\n",
        ),
    ],
)
def test_in_braces_over_several_lines_a_new_key_gets_a_line_of_its_own(
    before: str, after: str
) -> None:
    change = Set(("i", 0, "outcome_owner"), "a.one", KEYS)
    assert apply(before.encode(), [change], "x.yaml").decode() == after


def test_in_braces_whose_last_line_has_a_comment_several_new_keys_are_put_in() -> None:
    before = "i:\n  - {id: A-7,\n     stage: live # why\n    }\n"
    changes = [
        Set(("i", 0, "outcome_owner"), "a.one", KEYS),
        Set(("i", 0, "purpose"), "run", KEYS),
    ]
    assert apply(before.encode(), changes, "x.yaml").decode() == (
        "i:\n  - {id: A-7,\n     stage: live, # why\n     outcome_owner: a.one,\n     purpose: run\n    }\n"
    )


@pytest.mark.parametrize(
    ("before", "change", "after"),
    [
        pytest.param(
            "i:\n  - id: A\r\n    stage: live\n    # x\n",
            Set(("i", 0, "purpose"), "run"),
            "i:\n  - id: A\r\n    stage: live\n    purpose: run\n    # x\n",
            id="a key below a line that ends otherwise",
        ),
        pytest.param(
            "a: 1\r\nb: 2\nc: 3\n", Remove(("b",)), "a: 1\r\nc: 3\n", id="a key is taken out"
        ),
        pytest.param(
            "a: 1\nb: 2\r\nc: 3\n", Remove(("b",)), "a: 1\nc: 3\n", id="a key with its own end"
        ),
        pytest.param(
            "x: {\r\n  a: 1,\n  b: 2,\n#c\n}\n",
            Remove(("x", "b")),
            "x: {\r\n  a: 1,\n#c\n}\n",
            id="a line in braces",
        ),
        pytest.param(
            "# " + "x" * 10_000 + "\na: 1\r\nb: 2\r\n",
            Set(("c",), 3),
            "# " + "x" * 10_000 + "\na: 1\r\nb: 2\r\nc: 3\r\n",
            id="line ends that begin far down",
        ),
    ],
)
def test_where_line_ends_are_mixed_each_line_keeps_its_own(
    before: str, change: Change, after: str
) -> None:
    assert apply(before.encode(), [change], "x.yaml").decode() == after


# -- forms of YAML that are seldom seen ------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "change", "after"),
    [
        pytest.param(
            "i:\n  -\n    id: A\n",
            Insert(("i",), {"id": "B", "title": "T"}),
            "i:\n  -\n    id: A\n  - id: B\n    title: T\n",
            id="an item after one whose dash is alone on its line",
        ),
        pytest.param(
            "i:\n  -  # the first\n\n    # A itself\n    id: A\n",
            Insert(("i",), "B", 0),
            "i:\n  - B\n  -  # the first\n\n    # A itself\n    id: A\n",
            id="an item before one whose dash is alone, with comments",
        ),
        pytest.param(
            "i:\n  -\n    id: A\n    title: T\n",
            Set(("i", 0, "stage"), "live"),
            "i:\n  -\n    id: A\n    title: T\n    stage: live\n",
            id="a key of an item whose dash is alone",
        ),
        pytest.param(
            "i:\n  -\n    title: T\n",
            Remove(("i", 0, "title")),
            "i:\n  -\n    {}\n",
            id="the last key of an item whose dash is alone",
        ),
        pytest.param(
            "i:\n- ? title\n  : T\n- id: B\n",
            Remove(("i", 0, "title")),
            "i:\n- {}\n- id: B\n",
            id="the last key of an item, with its question mark",
        ),
        pytest.param(
            "i:\n- ? title\n- id: B\n",
            Set(("i", 0, "title"), "T"),
            "i:\n- ? title\n  : T\n- id: B\n",
            id="the value of a key with a question mark and no colon",
        ),
        pytest.param(
            "? a # why\n:\n  - 1\nb: 2\n",
            Set(("a",), [{"x": [1]}]),
            "? a # why\n:\n  - x: [1]\nb: 2\n",
            id="the value of a key with a question mark",
        ),
        pytest.param(
            "? a\n: 1\nb: 2\n",
            Remove(("a",)),
            "b: 2\n",
            id="a key with a question mark",
        ),
        pytest.param(
            "i:\n  - - x\n",
            Insert(("i", 0), "z", 0),
            "i:\n  - - z\n    - x\n",
            id="an item of a list in a list",
        ),
        pytest.param(
            "a: # why\n  - 1\n",
            Set(("a",), {"x": {"z": 1}}),
            "a: # why\n  x:\n    z: 1\n",
            id="a comment between a key and its value",
        ),
        pytest.param(
            "a: old\t# why\n",
            Set(("a",), {"x": {"z": 1}}),
            "a:  # why\n  x:\n    z: 1\n",
            id="a tab before a comment, where none may stand",
        ),
        pytest.param(
            "a: {x: 1, # one\n    y: 2 # two\n   }\n",
            Remove(("a", "y")),
            "a: {x: 1, # one\n   }\n",
            id="the last of several lines in braces",
        ),
        pytest.param(
            "i: [&x A, *x]\n",
            Insert(("i",), "B"),
            "i: [&x A, *x, B]\n",
            id="an item after an alias",
        ),
        pytest.param(
            "a: |+\n  text\n\nb: 1\n",
            Set(("c",), 1, ("a", "c", "b")),
            "a: |+\n  text\n\nc: 1\nb: 1\n",
            id="a key after a text that keeps its blank lines",
        ),
    ],
)
def test_a_form_that_is_seldom_seen_is_edited_in_place(
    before: str, change: Change, after: str
) -> None:
    assert apply(before.encode(), [change], "x.yaml").decode() == after


@pytest.mark.parametrize(
    ("text", "change", "says"),
    [
        ("b: 1\nx: &x {a: 1}\ny: *x\n", Set(("y", "a"), 2), "f.yaml:3: .*`[*]x` is an alias"),
        ("b: 1\nx: &x {a: 1}\ny: *x\n", Set(("x", "a"), 2), "f.yaml:2: .*other places refer"),
        ("b: 1\nx: &x {a: 1}\ny: *x\n", Set(("x",), 2), "f.yaml:2: .*other places refer"),
        ("b: 1\nx: {}\n", Set(("x", "a", "b"), 2), "f.yaml:2: .*there is no `"),
        ("b: 1\nx: [1]\n", Set(("x", 0), 2), "f.yaml:2: .*an item of a list is not replaced"),
        ("b: 1\n", Remove(("b",)), "f.yaml:1: .*nothing else is in the file"),
        ("b: |\n  text", Set(("c",), 1), "f.yaml:1: .*would get a line end"),
    ],
)
def test_a_refusal_names_the_line_and_what_is_wrong(text: str, change: Change, says: str) -> None:
    with pytest.raises(EditRefused, match=says):
        apply(text.encode(), [change], "f.yaml")
