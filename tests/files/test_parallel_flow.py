"""The whole flow, shared among processes, finds what it finds in one."""

from __future__ import annotations

import datetime
import multiprocessing
import os
import sys
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from itgov.files import load
from itgov.files.link import link
from itgov.files.load import read_files
from itgov.files.parallel import cores
from itgov.files.repository import Repository
from itgov.files.shipped import standard_root
from itgov.files.sources import RawFile
from itgov.insight.flow import Flow
from itgov.model.finding import Finding
from itgov.rules import judge

AS_OF = datetime.date(2026, 11, 23)

pytestmark = [
    pytest.mark.skipif(
        not hasattr(os, "fork"), reason="there is no fork here: all work is done in one process"
    ),
    # pytest-xdist runs threads; the children here only compute
    pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning"),
]


def portfolio(units: int, each: int) -> list[RawFile]:
    """A portfolio with files that are sound, that have misfits, and that cannot be read."""
    people = "".join(
        f"  - {{id: p{n}, name: P{n}, side: {'it' if n % 2 else 'business'}}}\n" for n in range(9)
    )
    files = [
        RawFile(
            "portfolios/organisation.yaml", f"organisation: {{id: o}}\npeople:\n{people}".encode()
        )
    ]
    for unit in range(units):
        lines = [
            "\ufeff" * (unit % 3 == 0) + f"business_unit: {{id: u{unit}, head: p{unit % 11}}}",
            "investments:",
        ]
        for number in range(each):
            lines += [
                f"  - id: U{unit}-{number}",
                f"    title: Töpfe 🚗 {number}",
                f"    outcome_owner: p{number + 6}",
                f"    stage: {'live' if number % 4 else 'lvie'}",
                f"    start: 2026-02-{number % 30 + 1:02}",
                f"    custom: {{a: {number}, b: [~, {{c: 1.5}}]}}",
                "    outcomes: [{measure: no id}, {id: x, baseline: 1, target: 2, results: [{date: 2026-01-01}]}]",
                f"    spend: [{{year: 2026, budget: {number * 1000}, actual: {number * 1100}}}, {{budget: 1}}]",
            ]
        lines.append(f"engagements: [{{date: 2026-10-0{unit % 9 + 1}, by: p{unit % 12}}}]")
        end = "\r\n" if unit % 2 else "\n"
        files.append(RawFile(f"portfolios/u{unit}.yaml", end.join(lines).encode()))
    files.append(RawFile("portfolios/x1.yaml", b"a: ["))
    files.append(RawFile("portfolios/x2.yaml", b"caf\xe9: 1"))
    files.append(RawFile("portfolios/x3.yaml", b""))
    files.append(
        RawFile(
            "portfolios/caf\udce9.yaml",
            b"business_unit: {id: cafe, zzz: 1}\ninvestments: [{id: C, title: C}]\n",
        )
    )
    return sorted(files, key=lambda f: f.path)


def read_with(monkeypatch, jobs, files):
    monkeypatch.setattr(load, "WORTH_SHARING", 1)
    monkeypatch.setenv("ITGOV_JOBS", str(jobs))
    return read_files(files)


@pytest.mark.parametrize("jobs", [2, 3, 5])
def test_reading_in_several_processes_reads_the_same(monkeypatch, jobs):
    files = portfolio(7, 9)
    alone = read_with(monkeypatch, 1, files)
    together = read_with(monkeypatch, jobs, files)
    assert len(alone) == len(together) == len(files)
    for one, other in zip(alone, together, strict=True):
        assert one.content == other.content
        assert one.problems == other.problems
        for slot in (
            "path",
            "raw",
            "text",
            "keys",
            "starts",
            "values",
            "ends",
            "sizes",
            "original_indexes",
            "lines",
        ):
            assert getattr(one.document, slot) == getattr(other.document, slot), slot
    first, second = link(alone, AS_OF), link(together, AS_OF)
    assert first.findings == second.findings
    assert first.portfolio == second.portfolio


def test_reading_goes_on_where_workers_die(monkeypatch):
    files = portfolio(4, 3)
    alone = read_with(monkeypatch, 1, files)
    parent = os.getpid()
    real = load.read_file

    def die(raw):
        if os.getpid() != parent:
            os._exit(9)
        return real(raw)

    monkeypatch.setattr(load, "read_file", die)
    together = read_with(monkeypatch, 3, files)
    assert [f.content for f in together] == [f.content for f in alone]


def test_progress_is_told_and_ends_within_bounds(monkeypatch):
    told: list[tuple[str, float]] = []
    monkeypatch.setenv("ITGOV_JOBS", "2")
    read_files(portfolio(3, 2), lambda what, done: told.append((what, done)))
    assert told
    assert all(what == "Reading" and 0 <= done <= 1 for what, done in told)


def written(root: Path, files: list[RawFile]) -> Repository:
    for file in files:
        full = Path(os.fsdecode(os.path.join(os.fsencode(root), os.fsencode(file.path))))
        full.parent.mkdir(exist_ok=True)
        full.write_bytes(file.data)
    return Repository(root)


BOOK = Flow(Repository(standard_root())).rules(check=False)


def found(repository: Repository, executor: Executor | None = None) -> tuple[list[Finding], object]:
    judged = Flow(repository, executor=executor).at(AS_OF, BOOK).judged
    return judged.findings, [(v.unit, v.kind, v.subjects, v.table) for v in judged.verdicts]


def found_alone(monkeypatch: pytest.MonkeyPatch, repository: Repository) -> Any:
    """Return what one process finds; from now on, everything is shared."""
    monkeypatch.setenv("ITGOV_JOBS", "1")
    alone = found(repository)
    assert len({f.fingerprint for f in alone[0]}) == len(alone[0])
    assert {f.rule[:3] for f in alone[0]} >= {"YML", "MOD", "REF", "OWN"}
    monkeypatch.setattr(load, "WORTH_SHARING", 1)
    monkeypatch.setattr(judge, "WORTH_SHARING", 1)
    return alone


def test_several_processes_find_the_same(monkeypatch, tmp_path):
    repository = written(tmp_path, [f for f in portfolio(6, 5) if f.path.isascii()])
    alone = found_alone(monkeypatch, repository)
    monkeypatch.setenv("ITGOV_JOBS", "3")
    assert cores() == 3
    assert found(repository) == alone


@pytest.mark.skipif(sys.platform == "darwin", reason="file names are UTF-8 there")
def test_a_file_name_that_is_no_utf_8_does_not_stop_several_processes(monkeypatch, tmp_path):
    repository = written(tmp_path, portfolio(3, 5))
    alone = found_alone(monkeypatch, repository)
    monkeypatch.setenv("ITGOV_JOBS", "3")
    assert found(repository) == alone


class Watched(ProcessPoolExecutor):
    """An executor that remembers what it was given."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.given: list[tuple[str, Future[Any]]] = []

    def submit(self, work: Any, *given: Any, **named: Any) -> Future[Any]:
        future = super().submit(work, *given, **named)
        self.given.append((given[-1].__qualname__, future))
        return future


@pytest.fixture(scope="module")
def spawned():
    with Watched(2, multiprocessing.get_context("spawn")) as executor:
        yield executor


def test_processes_that_inherit_nothing_find_the_same(monkeypatch, tmp_path, spawned):
    repository = written(tmp_path, [f for f in portfolio(4, 4) if f.path.isascii()])
    alone = found_alone(monkeypatch, repository)
    spawned.given.clear()
    assert found(repository, spawned) == alone
    assert {encode for encode, _ in spawned.given} == {"_packed", "as_bytes"}  # read and judged
    assert len(spawned.given) > 4
    assert not any(future.exception() for _, future in spawned.given)


@pytest.mark.skipif(sys.platform == "darwin", reason="file names are UTF-8 there")
def test_what_has_no_encoding_is_done_here(monkeypatch, tmp_path, spawned):
    repository = written(tmp_path, portfolio(3, 5))
    alone = found_alone(monkeypatch, repository)
    spawned.given.clear()
    assert found(repository, spawned) == alone
    failed = {type(future.exception()) for _, future in spawned.given}
    assert failed == {type(None), UnicodeEncodeError}
