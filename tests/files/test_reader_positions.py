"""Every key and value stands where an editor says it stands."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ..support.examples import many

UNIT = """\
# a comment, with emoji 🚗 and CJK 自動車
business_unit:
  id: retail
  "name": 'Retail  banking'
investments:
- id: RET-001   # not indented under its key
  title: "A \\"quoted\\" 🚗: title"
  summary: |
    first line: with a colon

    third # no comment
  outcomes: [{id: a, measure: "x"}, {id: b,
      measure: y}]
  start:
  end: 2027-03-31
"""


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_positions_survive_line_ends_and_a_byte_order_mark(read_text, end, mark):
    seen = read_text((mark + UNIT.replace("\n", end)).encode())
    assert not seen.problems
    assert seen.key_at("business_unit") == (2, 1)
    assert seen.value_at("business_unit", "id") == (3, 7)
    assert seen.key_at("business_unit", "name") == (4, 3)
    assert seen.value_at("business_unit", "name") == (4, 11)
    assert seen.key_at("investments", 0) == (6, 3)
    assert seen.value_at("investments", 0, "title") == (7, 10)
    assert seen.value_at("investments", 0, "summary") == (8, 12)
    assert seen.key_at("investments", 0, "outcomes", 0) == (12, 14)
    assert seen.value_at("investments", 0, "outcomes", 0, "measure") == (12, 31)
    assert seen.value_at("investments", 0, "outcomes", 1, "id") == (12, 42)
    assert seen.value_at("investments", 0, "outcomes", 1, "measure") == (13, 16)
    assert seen.key_at("investments", 0, "start") == (14, 3)
    assert seen.value_at("investments", 0, "end") == (15, 8)
    assert seen.document.line_text(15) == "  end: 2027-03-31"
    assert seen.document.line_text(1) == "# a comment, with emoji 🚗 and CJK 自動車"
    assert seen.document.line_text(99) == ""


def test_columns_count_characters_not_bytes_or_cells(read_text):
    seen = read_text("{自: 🚗🚗, é: [ü, x]}\n")
    assert seen.key_at("自") == (1, 2)
    assert seen.value_at("自") == (1, 5)
    assert seen.key_at("é") == (1, 9)
    assert seen.value_at("é", 1) == (1, 16)


def test_a_tab_counts_as_one_column(read_text):
    seen = read_text("a: x\t\ty\t# z\nb:\tc\n")
    assert seen.data == {"a": "x\t\ty", "b": "c"}
    assert seen.value_at("b") == (2, 4)


def test_a_second_byte_order_mark_does_not_shift_columns(read_text):
    seen = read_text("\ufeff\ufeffa: 1\nb: 2\n")
    if seen.data is not None:
        assert seen.value_at("b") == (2, 4)
        start = seen.document.starts[seen.document.find(("a",))]
        assert seen.document.text[start] == "a"


SEPARATORS = ["\u0085", "\u2028", "\u2029"]
"""Line ends to YAML 1.1 and to libyaml, but neither to YAML 1.2 nor to any editor's line count."""


@pytest.mark.parametrize("char", SEPARATORS)
@pytest.mark.parametrize(
    "text",
    [
        "summary: hello{}outcome_owner: amara\n",
        "summary: hello {}outcome_owner: amara\n",
        "# a comment{}outcome_owner: amara\n",
        "summary: x # a comment{}outcome_owner: amara\n",
        "summary: [x]{}outcome_owner: amara\n",
        "summary: 'x'{}outcome_owner: amara\n",
    ],
)
def test_a_key_cannot_hide_in_the_middle_of_a_line(read_text, char, text):
    # whoever reviews the change sees a comment or a summary, and no key of that name
    seen = read_text(text.format(char))
    assert seen.data is None or "outcome_owner" not in seen.data


@pytest.mark.parametrize("char", SEPARATORS)
@pytest.mark.parametrize(
    "text",
    ["a: 'x {} y'\nb: 1\n", 'a: "x {} y"\nb: 1\n', "a: |\n  x {} y\nb: 1\n", "a: x {} y\nb: 1\n"],
)
def test_a_separator_inside_a_text_is_kept_or_refused(read_text, char, text):
    seen = read_text(text.format(char))
    if seen.problems:
        assert all(line <= 2 for _, line, _ in seen.places)
    else:
        assert seen.data["a"].rstrip("\n") == f"x {char} y"
        assert seen.document.position(seen.document.starts[2])[1] == 1


@pytest.mark.parametrize("char", SEPARATORS)
def test_a_separator_in_a_comment_does_not_shift_lines(read_text, char):
    seen = read_text(f"# one{char}# two\nb: 1\n")
    if not seen.problems:
        assert seen.key_at("b") == (2, 1)


def test_flow_in_flow_in_block(read_text):
    seen = read_text("a:\n  - {b: [1, {c: d}],\n     e: 'f'}\n  - - g\n    - h: i\n")
    assert seen.value_at("a", 0, "b", 1, "c") == (2, 17)
    assert seen.value_at("a", 0, "e") == (3, 9)
    assert seen.value_at("a", 1, 0) == (4, 7)
    assert seen.value_at("a", 1, 1, "h") == (5, 10)
    assert seen.document.find(("a", 2)) is None
    assert seen.document.find(("a", 0, "zzz")) is None
    assert seen.document.find(("a", 0, "e", "deeper")) is None


def test_places_of_keys_and_of_keys_with_values(read_text):
    seen = read_text("a: xyz  # c\n'b':\n  - 1\nc: {d: 1}\ne:\nf: |\n  g\n")
    document = seen.document

    def span(place: Any) -> tuple[int, int, int, int]:
        return place.line, place.column, place.end_line, place.end_column

    def entry(name: str) -> int:
        found = document.find((name,))
        assert found is not None
        return found

    assert span(document.key_place(entry("a"))) == (1, 1, 1, 2)
    assert span(document.entry_place(entry("a"))) == (1, 1, 1, 7)
    assert span(document.key_place(entry("b"))) == (2, 1, 2, 4)
    assert span(document.entry_place(entry("c"))) == (4, 1, 4, 10)
    assert span(document.entry_place(entry("f")))[:3] == (6, 1, 6)


@pytest.mark.parametrize("key", ['"a\\tb"', '"\\u0061"', "'it''s'"])
def test_the_place_of_a_quoted_key_covers_it_as_written(read_text, key):
    seen = read_text(f"{key}: 1\n")
    place = seen.document.key_place(1)
    assert (place.column, place.end_column) == (1, 1 + len(key))


# -- any document, laid out in any way -----------------------------------------------------

_WORDS = st.text(alphabet="abcxyz éß自🚗_.", min_size=1, max_size=8).filter(
    lambda s: s.strip() == s and s not in (".", "..")
)
_KEYS = st.text(alphabet="abcdefgh自é", min_size=1, max_size=6)
_TREES = st.recursive(
    _WORDS,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(_KEYS, inner, min_size=1, max_size=3)
    ),
    max_leaves=12,
)


class _Layout:
    """Writes a tree as YAML in a drawn layout, and notes where everything starts."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.lines = [""]
        self.keys: dict[tuple[str | int, ...], tuple[int, int]] = {}
        self.values: dict[tuple[str | int, ...], tuple[int, int]] = {}

    def here(self) -> tuple[int, int]:
        return len(self.lines), len(self.lines[-1]) + 1

    def put(self, text: str) -> None:
        self.lines[-1] += text

    def fresh(self) -> None:
        if self.draw(st.integers(0, 4)) == 0:
            self.put("  # 自 🚗: [")
        if self.draw(st.integers(0, 6)) == 0:
            self.lines.append("")
        self.lines.append("")

    def scalar(self, text: str) -> None:
        style = self.draw(st.sampled_from("'\"p"))
        if style == "p":
            self.put(text)
        else:
            self.put(style + text + style)

    def flow(self, tree: Any, route: tuple[str | int, ...]) -> None:
        self.values[route] = self.here()
        if isinstance(tree, str):
            self.scalar(tree)
            return
        pairs = list(tree.items()) if isinstance(tree, dict) else list(enumerate(tree))
        self.put("{" if isinstance(tree, dict) else "[")
        for number, (key, value) in enumerate(pairs):
            self.put(", " if number else self.draw(st.sampled_from(["", " "])))
            self.keys[(*route, key)] = self.here()
            if isinstance(key, str):
                self.scalar(key)
                self.put(": ")
            self.flow(value, (*route, key))
        self.put("}" if isinstance(tree, dict) else "]")

    def block(self, tree: Any, route: tuple[str | int, ...], indent: int) -> None:
        """Write a collection of which the first key or dash stands right here."""
        self.values[route] = self.here()
        pairs = list(tree.items()) if isinstance(tree, dict) else list(enumerate(tree))
        for number, (key, value) in enumerate(pairs):
            if number:
                self.fresh()
                self.put(" " * indent)
            at = (*route, key)
            if isinstance(key, str):
                self.keys[at] = self.here()
                self.scalar(key)
                self.put(":")
            else:
                self.put("-")
            if isinstance(value, str) or self.draw(st.booleans()):
                self.put(" ")
                if not isinstance(key, str):
                    self.keys[at] = self.here()
                self.flow(value, at)
                continue
            if not isinstance(key, str) and self.draw(st.booleans()):
                self.put(" ")
                inner = indent + 2
            else:
                self.fresh()
                inner = indent + self.draw(st.integers(1, 4))
                self.put(" " * inner)
            if not isinstance(key, str):
                self.keys[at] = self.here()
            self.block(value, at, inner)


@settings(max_examples=many(200))
@given(
    st.dictionaries(_KEYS, _TREES, min_size=1, max_size=4),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.data(),
)
def test_any_layout_of_any_document_reads_with_true_positions(read_text, tree, end, mark, data):
    layout = _Layout(data.draw)
    layout.block(tree, (), 0)
    text = ("\ufeff" if mark else "") + end.join(layout.lines) + end
    seen = read_text(text)
    assert not seen.problems
    assert seen.data == tree
    assert seen.document.sizes[0] == len(layout.keys) + 1
    for route, place in layout.keys.items():
        assert seen.key_at(*route) == place, route
    for route, place in layout.values.items():
        assert seen.value_at(*route) == place, route
