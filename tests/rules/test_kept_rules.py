"""What is kept of rule files and expressions is what they say."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from itgov.files.cache import write_kept
from itgov.files.shipped import standard_root
from itgov.files.sources import FileTree, RawFile, WorkTree
from itgov.rules import analysis, cel, kept_trees, pack_parts, pack_programs
from itgov.rules import book as books
from itgov.rules.analysis import conditions, message_expressions
from itgov.rules.batch import KindRules
from itgov.rules.book import load_rules
from itgov.rules.catalogue import RuleBook
from itgov.rules.compiled import CompiledRule
from itgov.rules.kept_rules import KeptPack
from itgov.rules.kept_trees import KeptTrees
from itgov.rules.language import SUBJECTS
from itgov.rules.syntax import Node, decode

OWN = """\
extends: standard
adjust: {VAL-004: {severity: info}}
rules:
  - id: OWN-101
    name: x
    summary: X
    severity: info
    for: investment
    assert: investment.custom.size() < 3 && investment.title != 'A' && 2 * 1.5 > 1
    message: "{investment.title}"
"""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ITGOV_CACHE", "on")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "itgov"


class Texts(FileTree):
    """Rule files that are nowhere on disk."""

    def __init__(self, **texts: str) -> None:
        self._files = [RawFile(f"rules/{n}.yaml", text.encode()) for n, text in texts.items()]

    def files(self, folder: str) -> list[RawFile]:
        return self._files


def told(book: RuleBook) -> tuple[object, ...]:
    """Return all that a book says, with where its rules stand."""
    rules = [(r.rule, r.document.path, r.route, r.shipped) for r in book.rules]
    places = {
        d.path: (d.keys, d.starts, d.values, d.ends, d.sizes) for d in book.documents.values()
    }
    return rules, places, book.info(), book.problems, book.health, book.unscored_at.keys(), book.own


PACK = WorkTree(standard_root())

SOURCES = {
    "the pack itself": Texts(
        **{
            f.path.split("/")[-1].removesuffix(".yaml"): f.data.decode()
            for f in PACK.files("rules")
        }
    ),
    "none": Texts(),
    "own": Texts(own=OWN),
    "wrong": Texts(own=OWN.replace("investment.title", "investment.titel")),
    "unsound": Texts(own=OWN, more="rules: [{id: 7}]\n"),
    "health": Texts(health="health: {dimensions: [{id: d, weight: 1, score: '0.5'}]}\n"),
    "blank": Texts(own=OWN, health="health:\n"),
}


@pytest.mark.parametrize("name", SOURCES)
def test_kept_rules_say_what_their_files_say(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    source = SOURCES[name]
    monkeypatch.setenv("ITGOV_CACHE", "off")
    fresh = told(load_rules(source))
    monkeypatch.setenv("ITGOV_CACHE", "on")
    assert told(load_rules(source)) == fresh
    write_kept()
    parsed: list[str] = []
    read = books.read
    monkeypatch.setattr(books, "read", lambda path, raw: (parsed.append(path), read(path, raw))[1])
    assert told(load_rules(source)) == fresh
    unsound = {"unsound": ["rules/more.yaml"]}
    assert parsed == unsound.get(name, [])  # these alone


@pytest.mark.parametrize("name", ["none", "own", "the pack itself"])
def test_the_standard_pack_is_kept_as_bytecode_is(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ITGOV_CACHE", "off")
    monkeypatch.setattr("sys.pycache_prefix", str(tmp_path / "bytecode"))
    source, parsed = SOURCES[name], list[str]()
    read = books.read
    monkeypatch.setattr(books, "read", lambda path, raw: (parsed.append(path), read(path, raw))[1])
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    fresh = told(load_rules(source))
    write_kept()
    assert not (tmp_path / "bytecode").exists()
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    assert told(load_rules(source)) == fresh
    write_kept()
    kept = min(
        p for p in (tmp_path / "bytecode").rglob("itgov/rules/*") if p.suffix != ".pyc"
    )  # the others are its parts
    parsed.clear()
    assert told(load_rules(source)) == fresh
    assert parsed == (["rules/own.yaml"] if name == "own" else [])
    kept.write_bytes(kept.read_bytes()[:-1])
    assert told(load_rules(source)) == fresh
    assert len(parsed) > 2, "what is damaged is read again"


@pytest.fixture
def kept_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """What follows from the standard pack, just kept, by the names of the parts."""
    monkeypatch.setenv("ITGOV_CACHE", "off")
    monkeypatch.setattr("sys.pycache_prefix", str(tmp_path / "bytecode"))
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    monkeypatch.setattr(pack_parts, "_known", [])
    for part in (analysis.READS, kept_trees.TREES, pack_programs.PROGRAMS):
        monkeypatch.setattr(part, "_key", "")
        monkeypatch.setattr(part, "_found", None)
    analysis.reads_of.cache_clear()
    cel.parse.cache_clear()
    load_rules(SOURCES["none"])
    write_kept()
    paths = (tmp_path / "bytecode").rglob("itgov/rules/*-*")
    return {path.name.split("-")[1]: path for path in paths if path.suffix != ".pyc"}


def parsed(text: str) -> object:
    """Return what the tree says that CEL gives."""
    return shape(decode(bytes(cel._parser().compile(text, disable_check=True).serialize())).root)


def shape(node: Node) -> object:
    """Return what a node says, wherever it stands in the bytes of its tree."""
    said = (node.kind, node.text, node.value, node.variable, node.accumulator)
    return said, [shape(a) for a in node.arguments]


def test_what_is_kept_of_the_standard_pack_is_what_follows_from_it(
    kept_parts: dict[str, Path],
) -> None:
    assert kept_parts.keys() == {"reads", "trees", "programs"}
    book = load_rules(SOURCES["none"])
    reads, trees = analysis.READS.recall(), kept_trees.TREES.recall()
    programs = pack_programs.PROGRAMS.recall()
    assert reads is not None
    assert trees is not None
    assert programs is not None
    texts = {t for r in book.rules for t in analysis.expressions_of_rule(r.rule)}
    texts |= set(analysis.expressions_of_health(book.health))
    assert {t: shape(tree.root) for t, tree in trees.items()} == {t: parsed(t) for t in texts}
    assert reads == {analysis.reading(r.rule): analysis.read_anew(r.rule) for r in book.rules}
    runtime = cel.Runtime(datetime.date(2026, 11, 23), ())
    rules = [CompiledRule(r.rule, runtime) for r in book.rules]
    for rule in rules:
        assert programs.telling[rule.told] == rule.telling(), rule.rule.id
        assert not rule.facts or programs.alone[rule.condition] == (rule.history is None)
    for kind in SUBJECTS:
        for blind in (False, True):
            own = KindRules(kind, [r for r in rules if r.rule.for_ == kind], blind)
            assert programs.answering[own.identity()] == own.answering(), kind


@pytest.mark.parametrize("part", ["reads", "trees", "programs"])
def test_a_part_that_is_lost_is_made_again(
    part: str, kept_parts: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = kept_parts[part].read_bytes()
    kept_parts[part].write_bytes(before[:-1])
    load_rules(SOURCES["none"])
    parts = {"reads": analysis.READS, "trees": kept_trees.TREES, "programs": pack_programs.PROGRAMS}
    assert parts[part].recall() is None
    write_kept()
    assert kept_parts[part].read_bytes() == before


def test_where_no_bytecode_can_be_written_nothing_is_made_ready_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ITGOV_CACHE", "off")
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    (tmp_path / "file").touch()
    monkeypatch.setattr("sys.pycache_prefix", str(tmp_path / "file" / "bytecode"))
    write_kept()  # what other tests left
    made: list[object] = []

    def write(pack: KeptPack) -> None:
        made.append(pack)

    monkeypatch.setattr(KeptPack, "write", write)
    load_rules(SOURCES["none"])
    write_kept()
    assert made == []
    monkeypatch.setattr("sys.pycache_prefix", str(tmp_path / "bytecode"))
    load_rules(SOURCES["none"])
    write_kept()
    assert len(made) == 1


def test_a_rule_that_is_edited_is_checked_again() -> None:
    assert load_rules(SOURCES["own"]).errors == []
    write_kept()
    assert {f.rule for f in load_rules(SOURCES["wrong"]).errors} == {"RUL-002"}


def test_what_was_kept_and_damaged_is_read_again(cache: Path) -> None:
    fresh = told(load_rules(SOURCES["own"]))
    write_kept()
    for entry in [*(cache / "rules").iterdir(), *(cache / "rules-checked").iterdir()]:
        entry.write_bytes(entry.read_bytes()[:-1])
    assert told(load_rules(SOURCES["own"])) == fresh


def test_kept_trees_are_those_that_parsing_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    book = load_rules(WorkTree(standard_root()), check=False)
    odd = [
        "b'\\xff' == b'a'",
        "18446744073709551615u > 1u",
        "-1.5e300 < 2",
        "[1, 'a', true, null]",
        "{'a': 1}.a",
    ]
    texts = {t for r in book.rules for t in [*conditions(r.rule), *message_expressions(r.rule)]}
    first = KeptTrees()
    parse = cel.parse.__wrapped__
    monkeypatch.setattr(cel, "_trees", KeptTrees())
    trees = {text: parse(text) for text in [*sorted(texts), *odd]}
    for text, tree in trees.items():
        first.keep(text, tree)
    write_kept()
    again = KeptTrees()
    assert {text: again.recall(text) for text in trees} == trees


def test_where_there_is_no_room_for_all_trees_those_in_use_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kept_trees, "MOST", 3)
    parse = cel.parse.__wrapped__
    monkeypatch.setattr(cel, "_trees", KeptTrees())
    trees = {text: parse(text) for text in ("1", "2", "3", "4", "5")}

    def run(*texts: str) -> list[str]:
        """Read expressions as one run does; return those that had to be parsed."""
        kept = KeptTrees()
        parsed = []
        for text in texts:
            if kept.recall(text) is None:
                parsed.append(text)
                kept.keep(text, trees[text])
        write_kept()
        return parsed

    assert run("1", "2", "3") == ["1", "2", "3"]
    assert run("3", "4") == ["4"]
    assert run("3", "4") == []
    assert run("1", "2", "3", "4", "5") == ["2", "5"]
    assert run("1", "2", "3", "4", "5") == ["4", "5"]
    assert run("1", "2", "3", "4", "5") == ["4", "5"], "no more than what has no room"
