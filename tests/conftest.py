"""What all tests share: a quiet terminal, and property tests that give the same answer twice."""

from __future__ import annotations

import compileall
import contextlib
import functools
import gc
import importlib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from msgspec import structs

from itgov.files import git_facts, shared_work
from itgov.files.git_facts import GitFacts, Log
from itgov.files.parallel import cores
from itgov.files.reader import read
from itgov.files.sources import FileTree, RawFile
from itgov.model.finding import Finding
from itgov.model.nobody import use_role_titles
from itgov.rules import book
from itgov.rules.catalogue import RuleBook
from itgov.rules.kept_rules import KeptPack
from itgov.rules.prepared_rules import PreparedRules

from .support.examples import PROFILE, many

TREE = Path(__file__).resolve().parent.parent

# Some hundred tests start itgov as a process of its own, which compiles the package where it may
# not keep what it compiled.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

for _profile in ("short", "long", "search"):
    settings.register_profile(
        _profile,
        derandomize=_profile != "search",  # a red CI is red at home as well
        deadline=None,  # a slow machine is no failure
        max_examples=many(100),
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )
settings.load_profile(PROFILE)


def pytest_xdist_auto_num_workers() -> int:
    """Start more processes than there are cores: many tests wait for a screen or a child."""
    return 2 * cores()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile a share of the package and of the tests in each of the processes that run them.

    What is compiled is kept on disk.  In a new checkout each process would compile all of it.
    """
    gc.disable()  # until all tests are collected: next to nothing of that is garbage
    worker = getattr(session.config, "workerinput", None)
    if worker is None:
        return
    share = slice(int(worker["workerid"][2:]), None, worker["workercount"])
    for path in sorted(TREE.glob("itgov/**/*.py"))[share]:
        compileall.compile_file(path, quiet=2)
    given = [TREE / argument.partition("::")[0] for argument in session.config.args]
    tests = {file for path in given for file in (path.rglob("test_*.py"), [path])[path.is_file()]}
    for path in sorted(tests)[share]:
        with contextlib.suppress(Exception, pytest.skip.Exception):  # collecting it says why
            importlib.import_module(".".join(path.relative_to(TREE).with_suffix("").parts))


def pytest_collection_finish() -> None:
    """Take what is there before the first test out of the garbage collector's scans.

    That is thousands of tests, which every full collection would look through again.
    """
    gc.freeze()
    gc.enable()
    gc.set_threshold(20_000, 20, 20)  # rooms are cleared away after each file of tests


@pytest.fixture(autouse=True)
def _quiet_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what the caller's shell or CI says about colours, git and caches out of the tests."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "ITGOV_DEBUG", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ITGOV_CACHE", "off")  # no answer comes from an earlier run, or stays behind
    for name in [n for n in os.environ if n.startswith("GIT_")]:
        monkeypatch.delenv(name)
    use_role_titles(())  # what is kept is known by the titles of the portfolio that was read last


@pytest.fixture(autouse=True)
def _nothing_left_to_say() -> Iterator[None]:
    """Take what was noted of workers that ended: a run of the command line in this process would say it."""
    yield
    shared_work.take_notes()


@pytest.fixture(scope="session", autouse=True)
def _tree_is_read_once() -> Iterator[None]:
    """Remember what was read of the standard rules and the sample: half of a short run's time.

    Reading is a pure function of path and bytes, and what is sound is not changed afterwards.
    """
    folders = ("rules", "portfolios")
    known = {p.read_bytes() for folder in folders for p in (TREE / folder).rglob("*.yaml")}
    remembered: dict[tuple[str, bytes, bool], Any] = {}

    def once(path: str, raw: bytes, *, cut_blocks: bool = False) -> Any:
        if raw not in known:
            return read(path, raw, cut_blocks=cut_blocks)
        found = remembered.get((path, raw, cut_blocks))
        if found is None:
            found = read(path, raw, cut_blocks=cut_blocks)
            remembered[path, raw, cut_blocks] = found
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("itgov.rules.book.read", once)
        patch.setattr("itgov.files.load.read", once)
        yield


@pytest.fixture(scope="session", autouse=True)
def _the_standard_pack_is_recalled_once() -> Iterator[None]:
    """Remember what was kept of the standard pack: most of loading a repository's own rules.

    It follows from the pack's files, and what the pack says is never changed.  Where a test keeps
    bytecode elsewhere, it is about what is kept there.
    """
    remembered: dict[tuple[tuple[str, bytes], ...], KeptPack] = {}

    def once(raws: Sequence[RawFile]) -> KeptPack:
        if os.environ.get("ITGOV_CACHE") != "off" or sys.pycache_prefix is not None:
            return KeptPack(raws)
        key = tuple((raw.path, raw.data) for raw in raws)
        found = remembered.get(key) or KeptPack(raws)
        if found._known is not None:
            remembered[key] = found
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("itgov.rules.book.KeptPack", once)
        yield


@pytest.fixture(scope="session", autouse=True)
def _history_of_the_tree_is_read_once() -> Iterator[None]:
    """Remember what git says of this checkout: half of a short run on the sample where it stands.

    It follows from the commit.  What tests make themselves is read each time.
    """
    extended = GitFacts._extended
    remembered: dict[tuple[str, ...], Log] = {}

    def once(self: GitFacts, head: str) -> Log:
        if self.repository.root.resolve() != TREE or os.environ.get("ITGOV_CACHE") != "off":
            return extended(self, head)
        key = (head, *self._identity)
        if key not in remembered:
            remembered[key] = extended(self, head)
        return git_facts._copy(remembered[key])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(GitFacts, "_extended", once)
        yield


@pytest.fixture(scope="session", autouse=True)
def _fields_of_types_are_listed_once() -> Iterator[None]:
    """Remember which fields a type has, for which msgspec evaluates its annotations each time."""
    fields = functools.cache(structs.fields)

    def of(record: Any) -> tuple[structs.FieldInfo, ...]:
        return fields(type(record) if isinstance(record, msgspec.Struct) else record)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("msgspec.structs.fields", of)
        yield


@pytest.fixture(scope="session", autouse=True)
def _the_standard_pack_is_joined_once() -> Iterator[None]:
    """Remember the rules of repositories without any of their own; nothing changes a book."""
    load = book.load_rules
    remembered: list[RuleBook] = []

    def once(source: FileTree, folders: Sequence[str] = ("rules",), check: bool = True) -> RuleBook:
        own = any(found for folder in folders for found in source.files(folder))
        if own or book.standard_root() != TREE or os.environ.get("ITGOV_CACHE") != "off":
            return load(source, folders, check)
        if not remembered:
            remembered.append(load(source, folders, check))
        return remembered[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("itgov.rules.book.load_rules", once)
        yield


@pytest.fixture(scope="session", autouse=True)
def _rule_files_are_checked_once() -> Iterator[None]:
    """Remember what is wrong with rule files: with the cache switched off each run would check them anew.

    It follows from the files alone, as the cache has it.
    """
    checked: dict[tuple[tuple[str, bytes], ...], list[Finding]] = {}
    check = book._checked

    def once(rules: Any, loader: Any) -> list[Finding]:
        if rules.problems or os.environ.get("ITGOV_CACHE") != "off":
            return check(rules, loader)
        key = tuple((r.path, r.data) for r in loader.raws)
        if key not in checked:
            checked[key] = check(rules, loader)
        return list(checked[key])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("itgov.rules.book._checked", once)
        yield


@pytest.fixture(scope="session", autouse=True)
def _rules_are_compiled_once() -> Iterator[None]:
    """Remember compiled rules between judgings: half of a small check's time.

    They are the same for the same rules, but for those that were found to need asking alone.
    """
    compiled: dict[tuple[bytes, bool], tuple[PreparedRules, list[set[int]]]] = {}

    def once(portfolio: Any, rules: Any, known: Any, blind: bool) -> PreparedRules:
        key = msgspec.msgpack.encode([(r.rule, r.shipped) for r in rules]), blind
        judging, alone = compiled.get(key, (None, []))
        if judging is None or alone != [r.alone for r in judging.rules.values()]:
            judging = PreparedRules(portfolio, rules, known, blind)
            compiled[key] = judging, [set(r.alone) for r in judging.rules.values()]
        judging.move_to(portfolio)
        return judging

    once.units = PreparedRules.units  # type: ignore[attr-defined]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("itgov.rules.judge.PreparedRules", once)
        patch.setattr("itgov.rules.caching_judge.PreparedRules", once)
        yield
