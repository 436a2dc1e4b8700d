"""What is hostile, broken or readable in two ways is refused, with its place."""

from __future__ import annotations

import pickle
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itgov.files import refusals
from itgov.files.reader import MAX_BYTES
from itgov.files.refusals import MAX_DEPTH
from itgov.model.builtins import BUILT_IN

from ..support.examples import many


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("a: [1, 2\nb: 3\n", None, None, "list"),
        ("a: {b: 1\n", 1, 4, "mapping"),
        ('a: 1\nb: "x\n', 2, 4, "quote"),
        ("a: 1\nb: c: d\n", 2, 5, "second `:`"),
        ("a:\n\tb: 1\n", 2, 1, "tab"),
        ("a: 1\nb: @x\n", 2, 4, "character"),
        ("a: 1\n  b: 2\n", 2, 4, "second `:`"),
        ("- a\nb: 1\n", 2, 1, "item"),
        ('a: "\\q"\n', 1, 5, "escape"),
        ("a: 1\nnonsense\nb: 2\n", None, None, "`key: value`"),
        ("%YAML 2.0\n---\na: 1\n", 1, 1, ""),
        ("a: ]\n", 1, 4, ""),
        ("- - a\n - b\n", 2, 2, ""),
    ],
)
def test_broken_syntax_is_said_in_words_at_its_place(read_text, text, line, column, words):
    seen = read_text(text)
    (problem,) = seen.problems
    assert problem.code == "YML-001"
    assert words in problem.message
    assert problem.fix
    assert seen.data is None
    if line is not None:
        assert seen.places == [("YML-001", line, column)]


@pytest.mark.parametrize("mark", ["<<<<<<< HEAD", "=======", ">>>>>>> theirs"])
def test_a_merge_that_was_not_finished_is_called_so_at_its_mark(read_text, mark):
    seen = read_text(f"business_unit:\n  id: retail\n{mark}\n  name: A\n")
    assert seen.places == [("YML-001", 3, 1)]
    assert "merge conflict" in seen.problems[0].message


def test_a_key_given_twice_names_both_places(read_text, join):
    text = "business_unit:\n  id: retail\n  name: A\n  'id': other\n"
    seen = read_text(text)
    assert seen.places == [("YML-003", 4, 3)]
    assert seen.document.position(seen.problems[0].other or 0) == (2, 3)
    assert seen.data["business_unit"]["id"] == "retail"
    (finding,) = join({"retail.yaml": text}).findings
    assert finding.message == "`id` is given twice; first on line 2"
    assert [(p.line, p.column) for p in finding.related] == [(2, 3)]


def test_every_duplicate_is_listed(read_text):
    text = "a: 1\na: 2\nb: {c: 1, c: 2, c: 3}\nd:\n- {e: 1, e: 2}\n"
    assert [(line, c) for _, line, c in read_text(text).places] == [
        (2, 1),
        (3, 11),
        (3, 17),
        (5, 10),
    ]


@pytest.mark.parametrize(
    "text", ["a: 1\n---\nb: 2\n", "a: 1\n---\n", "---\na: 1\n...\n---\nb: 1\n"]
)
def test_a_second_document_is_refused_at_its_marker(read_text, text):
    seen = read_text(text)
    assert seen.codes == ["YML-004"]
    _, line, column = seen.places[0]
    assert seen.document.line_text(line) == "---"
    assert column == 1
    assert line > 1


@pytest.mark.parametrize(
    "text", ["---\na: 1\n", "a: 1\n...\n", "%YAML 1.2\n---\na: 1\n", "--- {a: 1}\n"]
)
def test_the_markers_of_one_document_are_fine(read_text, text):
    seen = read_text(text)
    assert not seen.problems
    assert seen.data == {"a": 1}


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\nb: !!str 5\n",
        "a: 1\nb: !x\n",
        "a: 1\nb: !!python/object/apply:os.system [x]\n",
        "a: 1\nb: !<tag:yaml.org,2002:str> x\n",
        "a: 1\nb: !!null\n",
        "a: 1\nb: !!binary aGk=\n",
        "a: 1\nb: !!set {x}\n",
        "a: 1\nb: !!float .5\n",
    ],
)
def test_a_tag_is_refused_at_the_value(read_text, text):
    assert [(c, line) for c, line, _ in read_text(text).places] == [("YML-005", 2)]


def test_a_tag_on_a_key_or_inside_a_list_is_refused(read_text):
    assert read_text("!!str a: 1\n").codes == ["YML-005"]
    assert read_text("a: [x, !!int 3, {b: !y z}]\n").codes == ["YML-005", "YML-005"]


@pytest.mark.parametrize("char", ["\x00", "\x07", "\x0b", "\x0c", "\x1b", "\x7f", "\x80", "\x9b"])
def test_a_raw_control_character_is_refused_where_it_stands(read_text, char):
    assert read_text(f"a: 1\nb: é{char}x\n").places == [("YML-006", 2, 5)]
    assert read_text(f"a: 1\n# é{char}\n").places == [("YML-006", 2, 4)]


def test_every_raw_control_character_is_listed(read_text):
    assert read_text("a: \x07\nb: \x08\n").places == [("YML-006", 1, 4), ("YML-006", 2, 4)]


@pytest.mark.parametrize(
    "escape", ["\\0", "\\a", "\\b", "\\e[31m", "\\x1b", "\\u0007", "\\x7f", "\\u009b"]
)
def test_an_escaped_control_character_is_refused_at_its_text(read_text, escape):
    assert read_text(f'a: 1\nb: "é{escape}x"\n').places == [("YML-006", 2, 4)]
    assert read_text(f'"b{escape}": 1\n').places == [("YML-006", 1, 1)]
    assert read_text(f'a:\n  - "{escape}"\n').places == [("YML-006", 2, 5)]


def test_escapes_that_editors_write_are_fine(read_text):
    assert read_text('a: "x\\ty\\nz\\"\\\\\\u00e9"\n').data == {"a": 'x\ty\nz"\\é'}


@pytest.mark.parametrize(
    ("raw", "line", "column", "word"),
    [
        ("a: 1\nb: caf\u00e9\n".encode("latin-1"), 2, 7, "0xe9"),
        ("a: 1\nb: €\n".encode("cp1252"), 2, 4, "€"),
        (b"\xef\xbb\xbfa: 1\nb: \xe9\n", 2, 4, "0xe9"),
        ("a: é自".encode()[:-1], 1, 5, "0xe8"),
        ("é: 🚗x".encode()[:-2], 1, 4, "0xf0"),
        (b"\x80", 1, 1, "0x80"),
        (b"\xef\xbb", 1, 1, "0xef"),
        (b"a: \xed\xa0\x80\n", 1, 4, "0xed"),  # a lone surrogate
        (b"a: \xc0\xaf\n", 1, 4, "0xc0"),  # an overlong slash
        ("a: 1\n".encode("utf-16"), 1, 1, "UTF-16"),
        (b"\xfe\xff" + "a: 1\n".encode("utf-16-be"), 1, 1, "UTF-16"),
    ],
)
def test_another_encoding_is_refused_at_its_first_byte(read_text, raw, line, column, word):
    seen = read_text(raw)
    assert seen.places == [("YML-002", line, column)]
    assert word in seen.problems[0].message
    assert seen.data is None


@pytest.mark.parametrize(
    "raw", ["a: 1\n".encode("utf-16-le"), "a: 1\n".encode("utf-16-be"), "a: 1\n".encode("utf-32")]
)
def test_wide_characters_without_a_mark_are_refused(read_text, raw):
    seen = read_text(raw)
    assert seen.data is None
    assert set(seen.codes) <= {"YML-002", "YML-006"}
    assert seen.codes


@pytest.mark.parametrize(
    "text",
    ["", "\n\n", "# only a comment\n", "---\n", "---\n...\n", "\ufeff", "~\n", "null", "--- # x\n"],
)
def test_a_file_that_says_nothing_is_empty(load, text):
    assert load(text).places == [("MOD-006", 1, 1)]
    assert load(text).content is None


@pytest.mark.parametrize("text", ["{}\n", "people:\n", "people: []\n", "organisation: {}\n"])
def test_a_file_of_blanks_is_not_passed_over_in_silence(load, text):
    assert load(text, "portfolios/people.yaml").read.problems


@pytest.mark.parametrize(
    "text", ["# c\nx\n", "5\n", "[a, b]\n", "- a\n", "'text'\n", "true\n", "|\n  x\n"]
)
@pytest.mark.parametrize("path", ["portfolios/retail.yaml", "portfolios/organisation.yaml"])
def test_a_text_or_list_at_the_top_is_a_wrong_type(load, text, path):
    file = load(text, path)
    assert [code for code, _, _ in file.places] == ["MOD-003"]
    assert "should be a mapping" in file.messages
    assert file.content is None


# -- anchors and aliases -------------------------------------------------------------------


def test_a_billion_laughs_are_refused(read_text):
    text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)
    )
    seen = read_text(text)
    assert seen.codes == ["YML-007"]
    assert seen.data is None


def test_many_aliases_of_a_large_value_are_refused(read_text):
    text = f"a: &a [{', '.join('x' * 2000)}]\nb: [{', '.join(['*a'] * 2000)}]\n"
    assert read_text(text).codes == ["YML-007"]


@pytest.mark.parametrize(
    "text",
    [
        "a: &x [*x]\n",
        "a: &x {b: *x}\n",
        "&x a: *x\nb: &y [[*y]]\n",
        "&x [*x]\n",
        "a: &x {*x : b}\n",
    ],
)
def test_an_alias_that_contains_itself_is_refused(read_text, text):
    seen = read_text(text)
    if text.startswith("&x a"):
        assert [(c, line) for c, line, _ in seen.places] == [("YML-007", 2)]
    else:
        assert [(c, line) for c, line, _ in seen.places] == [("YML-007", 1)]


def test_an_alias_to_nothing_is_refused_at_its_place(read_text):
    assert read_text("a: 1\nb: *nobody\n").places == [("YML-007", 2, 4)]
    assert read_text("a: *later\nb: &later 1\n").places == [("YML-007", 1, 4)]


def test_an_anchor_given_twice_is_refused_in_words(read_text):
    seen = read_text("a: &x 1\nb: &x 2\n")
    assert seen.places == [("YML-007", 2, 4)]
    assert "anchor" in seen.problems[0].message


def test_a_chain_of_aliases_is_not_nested_deeper_than_allowed(read_text):
    text = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 300))
    seen = read_text(text)
    assert set(seen.codes) == {"YML-008"}


def test_a_large_file_without_aliases_is_no_bomb(read_text, monkeypatch):
    # an ampersand in a text makes the reader look for aliases; there are none
    monkeypatch.setattr(refusals, "MAX_EXPANDED", 1000)
    text = "a: 'R&D'\nb: [" + ", ".join(["x"] * 2000) + "]\n"
    assert read_text(text).codes == []


# -- nesting and size ----------------------------------------------------------------------

NESTED = {
    "flow lists": lambda n: "[" * n + "]" * n,
    "flow mappings": lambda n: "{a: " * n + "1" + "}" * n,
    "dashes": lambda n: "- " * n + "x",
    "question marks": lambda n: "? " * n + "x",
    "block mappings": lambda n: "".join(" " * i + "a:\n" for i in range(n - 1)) + " " * n + "a: 1",
    "block lists": lambda n: "".join(" " * i + "-\n" for i in range(n - 1)) + " " * n + "- 1",
    "block then flow": lambda n: "- " * (n // 2) + "[" * (n - n // 2) + "]" * (n - n // 2),
    "flow pairs": lambda n: "[a: " * (n // 2) + "1" + "]" * (n // 2),
}


@pytest.mark.parametrize("form", NESTED)
def test_a_hundred_levels_are_read_and_one_more_is_refused(read_text, form):
    write = NESTED[form]
    fine = read_text("# c\n" + write(MAX_DEPTH) + "\n")
    assert "YML-008" not in fine.codes
    deep = read_text("# c\n" + write(MAX_DEPTH + 2) + "\n")
    assert deep.codes == ["YML-008"] or form == "question marks"
    assert "YML-008" in deep.codes


def test_quotes_and_comments_full_of_brackets_are_not_nesting(read_text):
    text = f"a: '{'[' * 500}'\nb: 1 # {'{' * 500}\nc: |\n  {'[' * 500}\n"
    assert read_text(text).problems == []


def test_wide_indentation_is_not_nesting(read_text):
    text = "a:\n" + " " * 300 + "b: 1\n" + "c: |\n" + " " * 200 + "x\n"
    assert read_text(text).data == {"a": {"b": 1}, "c": "x\n"}


HOSTILE = {
    "brackets": "'[' * 200_000",
    "braces": "'{' * 200_000",
    "closed brackets": "'[' * 200_000 + ']' * 200_000",
    "flow pairs": "'[{a: ' * 100_000",
    "dashes": "'- ' * 100_000 + 'x'",
    "question marks": "'? ' * 100_000 + 'x'",
    "question marks and dashes": "'? - ' * 50_000 + 'x'",
    "growing indentation": "''.join(' ' * i + 'a:\\n' for i in range(5000))",
    "growing dashes": "''.join(' ' * i + '-\\n' for i in range(5000))",
    "dashes after a comment": "'# c\\n' + '- ' * 100_000 + 'x'",
    "dashes after CRLF": "'# c\\r\\n' + '- ' * 100_000 + 'x'",
    "dashes after a lone CR": "'# c\\r' + '- ' * 100_000 + 'x'",
    "dashes after NEL": "'# c\\x85' + '- ' * 100_000 + 'x'",
    "dashes after LS": "'# c\\u2028' + '- ' * 100_000 + 'x'",
    "dashes after PS": "'# c\\u2029' + '- ' * 100_000 + 'x'",
    "dashes after a byte order mark": "'\\ufeff' + '- ' * 100_000 + 'x'",
    "dashes after two byte order marks": "'\\ufeff\\ufeff' + '- ' * 100_000 + 'x'",
    "dashes after a key": "'a:\\n' + ' ' + '- ' * 100_000 + 'x'",
    "dashes after an explicit key": "'? a\\n: ' + '- ' * 100_000 + 'x'",
    "dashes after a directive": "'%YAML 1.2\\n---\\n' + '- ' * 100_000 + 'x'",
    "brackets with closing ones in double quotes": "'[\"]\", ' * 100_000",
    "brackets with closing ones in single quotes": "'[\\']\\', ' * 100_000",
    "brackets with closing ones in comments": "'[ #]\\n' * 100_000",
    "brackets with closing ones in keys": "'{\"}\": ' * 100_000",
    "brackets with many closing ones in one text": "('[' * 60 + '\"' + ']' * 60 + '\", ') * 2000",
    "aliases in aliases": "'a0: &a0 [x]\\n' + ''.join(f'a{n}: &a{n} [*a{n-1}]\\n' for n in range(1, 20_000))",
    "anchors on every level": "''.join(f'[&a{n} ' for n in range(60_000))",
    "many anchors": "''.join(f'- &a{n} x\\n' for n in range(50_000))",
    "many duplicate keys": "'a: 1\\n' * 50_000",
    "many long keys": "('k' * 2000 + ': 1\\n') * 100",
    "a plain text of many lines": "'a: ' + 'x\\n  ' * 100_000",
    "nothing but colons": "':' * 200_000",
    "nothing but quotes": "'\"' * 200_001",
    "nothing but commas": "'[' + ',' * 200_000",
    "nothing but exclamation marks": "'!' * 200_000",
    "nothing but percent signs": "'%' * 200_000",
    "nothing but bars": "'|' * 200_000",
}

_CHILD = """
from itgov.files.load import read_file
from itgov.files.sources import RawFile
found = read_file(RawFile("portfolios/x.yaml", ({text}).encode()))
document = found.document
for p in found.problems[:50]:
    line, column = document.position(p.start)
    assert 1 <= line <= len(document.lines), (p, line)
    assert 1 <= column <= len(document.line_text(line)) + 1, (p, column)
print(" ".join(sorted({{p.code for p in found.problems}})))
"""


@pytest.mark.parametrize("form", HOSTILE)
def test_a_hostile_file_does_not_bring_the_interpreter_down(form):
    done = subprocess.run(
        [sys.executable, "-c", _CHILD.format(text=HOSTILE[form])],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"exit {done.returncode}: {done.stderr[-500:]}"
    assert done.stdout.split(), "nothing was said against it"


@pytest.mark.parametrize("extra", [0, 1])
def test_the_size_limit_is_exact(read_text, extra):
    text = b"a: 1\n#" + b"x" * (MAX_BYTES - 6 + extra)
    seen = read_text(text)
    assert seen.codes == (["YML-009"] if extra else [])
    assert seen.data == (None if extra else {"a": 1})


# -- nothing ever raises -------------------------------------------------------------------

_YAMLISH = st.text(
    alphabet=st.sampled_from(
        list("abc:-?[]{},&*!|>'\"%@`#~<= \t\n\r\\0123456789.+exE_\u0085\u2028\ufeffé🚗\x07")
    ),
    max_size=60,
)


def _is_sound(seen):
    document = seen.document
    for problem in seen.problems:
        assert problem.code in BUILT_IN
        place = document.span(problem.start, problem.end)
        assert 1 <= place.line <= len(document.lines)
        assert 1 <= place.column <= len(document.line_text(place.line)) + 1
        assert place.end_line == place.line
        assert place.end_column > place.column
        if problem.other is not None:
            line, _ = document.position(problem.other)
            assert 1 <= line <= len(document.lines)
        assert problem.message
    assert len(document.keys) == len(document.starts) == len(document.values)
    assert len(document.keys) == len(document.ends) == len(document.sizes)


@settings(max_examples=many(200))
@given(_YAMLISH)
def test_no_text_makes_the_reader_raise(read_text, text):
    _is_sound(read_text(text))


@settings(max_examples=many(200))
@given(st.binary(max_size=60))
def test_no_bytes_make_the_reader_raise(read_text, raw):
    _is_sound(read_text(raw))


@settings(max_examples=many(100))
@given(st.lists(_YAMLISH.map(lambda s: s[:12]), min_size=1, max_size=6), st.data())
def test_no_portfolio_file_makes_loading_raise(load, pieces, data):
    skeleton = (
        "business_unit: {id: retail}\ninvestments:\n  - id: A\n    title: B\n    spend:\n"
        "      - {year: 2026, budget: 5}\n    outcomes: [{id: x}]\nengagements:\n  - date: 2026-01-01\n"
    )
    text = skeleton
    for piece in pieces:
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + piece + text[at:]
    file = load(text).read
    again = pickle.loads(pickle.dumps(file))
    assert again.content == file.content
    assert again.problems == file.problems
    for problem in file.problems:
        line, column = file.document.position(problem.start)
        assert 1 <= line <= len(file.document.lines)
        assert 1 <= column <= len(file.document.line_text(line)) + 1
    if file.content is None:
        assert file.problems
