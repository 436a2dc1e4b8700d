"""What is hostile, broken or readable in two ways is refused, with its place."""

from __future__ import annotations

import pytest


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
