"""Files that are made to do harm are refused: aliases, nesting, size; and nothing ever raises."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itgov.files import refusals
from itgov.files.load import FILES
from itgov.files.reader import MAX_BYTES
from itgov.files.refusals import MAX_DEPTH
from itgov.model.builtins import BUILT_IN

from ..support.examples import many


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
for form, text in {{{texts}}}.items():
    print(form, end=": ", flush=True)
    found = read_file(RawFile("portfolios/x.yaml", text.encode()))
    document = found.document
    for p in found.problems[:50]:
        line, column = document.position(p.start)
        assert 1 <= line <= len(document.lines), (p, line)
        assert 1 <= column <= len(document.line_text(line)) + 1, (p, column)
    print(*sorted({{p.code for p in found.problems}}), flush=True)
"""


def test_no_hostile_file_brings_the_interpreter_down():
    texts = ", ".join(f"{form!r}: {text}" for form, text in HOSTILE.items())
    done = subprocess.run(
        [sys.executable, "-c", _CHILD.format(texts=texts)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"exit {done.returncode}: {done.stdout[-80:]} {done.stderr[-500:]}"
    said = dict(line.split(": ", 1) for line in done.stdout.splitlines())
    assert said.keys() == HOSTILE.keys()
    assert all(said.values()), "nothing was said against one"


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
    [again] = FILES.decode(FILES.encode([file]))
    assert again.content == file.content
    assert again.problems == file.problems
    for problem in file.problems:
        line, column = file.document.position(problem.start)
        assert 1 <= line <= len(file.document.lines)
        assert 1 <= column <= len(file.document.line_text(line)) + 1
    if file.content is None:
        assert file.problems
