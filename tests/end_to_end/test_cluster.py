"""Work on a real Dask cluster of this machine's processes: the same bytes, whatever happens to workers."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import itgov

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None, reason="the extra `cluster` is not installed"
)  # importing it takes half a second, in every process that collects this file

TREE = Path(itgov.__file__).parents[1]
HELPER = TREE / "tests" / "support" / "local_cluster.py"
ENV = {**os.environ, "ITGOV_CACHE": "off", "PYTHONPATH": str(TREE), "ITGOV_JOBS": "1"}

# The sample is small: what would be done in this process is shared all the same.
PROGRAM = """
import sys
from itgov.files import load
from itgov.rules import judge
from itgov.cli.main import main
load.WORTH_SHARING = judge.WORTH_SHARING = 1
sys.exit(main())
"""


IN_PARTS = PROGRAM.replace(
    "load.WORTH", "from itgov.insight import flow_parts\nflow_parts.PART_BYTES = 1_000\nload.WORTH"
)


def run(*arguments: object, program: str = PROGRAM, **variables: str) -> tuple[int, bytes, str]:
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        env={**ENV, **variables}, capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr.decode()


@contextlib.contextmanager
def cluster(*arguments: int) -> Iterator[str]:
    with subprocess.Popen(
        [sys.executable, HELPER, *map(str, arguments)],
        env=ENV, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            yield process.stdout.readline().decode().strip()
        finally:
            process.stdin.close()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


@pytest.fixture(scope="module")
def three_workers() -> Iterator[str]:
    with cluster(3) as address:
        yield address


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """The sample, with a word of its own for nobody and a file that is no YAML."""
    shutil.copytree(TREE / "portfolios", tmp_path / "portfolios")
    (tmp_path / "itgov.yaml").write_text("placeholders: [Amara Okafor]\n", encoding="utf-8")
    (tmp_path / "portfolios" / "zz.yaml").write_text("a: [", encoding="utf-8")
    return tmp_path


VERBS = {
    "check": ("--format", "json"),
    "health": ("--format", "json", "--no-trend"),
    "value": ("--format", "json", "--filter", "spend:>0"),
    "report": ("--html", "-"),
}


@pytest.mark.slow
@pytest.mark.parametrize("verb", VERBS)
def test_a_cluster_prints_the_same_bytes(three_workers: str, sample: Path, verb: str) -> None:
    asked = (verb, sample, "--as-of", "2026-11-23", *VERBS[verb])
    alone = run(*asked)
    assert alone[0] in (0, 1)
    assert alone[1]
    assert run(*asked, "--scheduler", three_workers) == alone


@pytest.mark.slow
@pytest.mark.parametrize("at", [1, 3, 12], ids=["reading", "reading on", "judging"])
def test_a_worker_that_is_killed_in_the_middle_is_said_and_changes_no_byte(
    sample: Path, at: int
) -> None:
    asked = ("check", sample, "--as-of", "2026-11-23", "--format", "json")
    alone = run(*asked)
    with cluster(3, at) as address:
        code, out, said = run(*asked, "--scheduler", address)
    assert (code, out) == alone[:2]
    told = "1 of 3 workers left the cluster during the run: what they had in hand, if anything, was done again."
    assert said == f"{alone[2]}{told}\n"


@pytest.mark.slow
@pytest.mark.parametrize("at", [1, 4], ids=["the first part", "a later one"])
def test_a_worker_that_is_killed_between_parts_is_said_and_changes_no_byte(
    sample: Path, at: int
) -> None:
    (sample / "portfolios" / "zz.yaml").unlink()  # only the whole tells what it may have said
    asked = ("check", sample, "--as-of", "2026-11-23", "--format", "json")
    alone = run(*asked)
    with cluster(3, at) as address:
        code, out, said = run(*asked, "--scheduler", address, program=IN_PARTS)
    assert (code, out) == alone[:2]
    told = "1 of 3 workers left the cluster during the run: what they had in hand, if anything, was done again."
    assert said == f"{alone[2]}{told}\n"


@pytest.mark.slow
def test_parts_on_a_cluster_print_the_same_bytes_and_say_where_only_the_whole_tells(
    three_workers: str, sample: Path
) -> None:
    asked = ("check", sample, "--as-of", "2026-11-23", "--all")
    on = ("--scheduler", three_workers)
    assert b"zz.yaml" in run(*asked)[1]  # a file that cannot be read
    assert run(*asked, *on, program=IN_PARTS) == run(*asked)
    (sample / "portfolios" / "zz.yaml").unlink()
    assert run(*asked, *on, program=IN_PARTS) == run(*asked)
    rule = {"id": "ZZZ-001", "name": "sums", "summary": "Sums", "severity": "info", "for": "investment",
            "assert": "organisation.spend_total < 10.0", "message": "Sums"}  # fmt: skip
    (sample / "rules").mkdir()
    (sample / "rules" / "own.yaml").write_text(json.dumps({"extends": "standard", "rules": [rule]}))
    alone = run(*asked)
    why = "All was linked on this machine at once: rules on units read what follows from all of them.\n"
    code, out, said = run(*asked, *on, program=IN_PARTS)
    assert (code, out, said) == (*alone[:2], alone[2] + why)


def after_first_slice(then: str) -> str:
    """Return the program with something done once the cluster has been given its first slice."""
    return PROGRAM.replace(
        "load.WORTH",
        f"""
import os, signal
from itgov.files import shared_work
sent, done = shared_work.submitted, []
def submitted(*given):
    future = sent(*given)
    if not done:
        done.append(1)
        {then}
    return future
shared_work.submitted = submitted
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where tests run in the background
load.WORTH""",
    )


@pytest.mark.slow
def test_an_interrupt_ends_the_command_and_leaves_the_cluster_free(
    three_workers: str, sample: Path
) -> None:
    asked = ("check", sample, "--as-of", "2026-11-23", "--format", "json")
    done = subprocess.run(
        [sys.executable, "-c", after_first_slice("os.kill(os.getpid(), signal.SIGINT)"),
         *map(str, asked), "--scheduler", three_workers],
        env=ENV, capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")
    assert run(*asked, "--scheduler", three_workers) == run(*asked)


@pytest.mark.slow
def test_a_cluster_that_is_gone_in_the_middle_is_said_and_changes_no_byte(sample: Path) -> None:
    asked = ("check", sample, "--as-of", "2026-11-23", "--format", "json")
    alone = run(*asked)
    program = after_first_slice("os.kill(int(os.environ['ITGOV_TEST_SCHEDULER']), signal.SIGKILL)")
    with subprocess.Popen(
        [sys.executable, HELPER, "2"],
        env=ENV, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        address = process.stdout.readline().decode().strip()
        done = subprocess.run(
            [sys.executable, "-c", program, *map(str, asked), "--scheduler", address],
            env={**ENV, "ITGOV_TEST_SCHEDULER": str(process.pid)},
            capture_output=True, timeout=120, check=False,
        )  # fmt: skip
    assert (done.returncode, done.stdout) == alone[:2]
    assert b"done again" in done.stderr
    assert b"Traceback" not in done.stderr


def other_version(folder: Path) -> None:
    (folder / "itgov").mkdir(parents=True)
    (folder / "itgov" / "__init__.py").write_text('__version__ = "0.0.9"\n', encoding="utf-8")
    info = folder / "itgov-0.0.9.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: itgov\nVersion: 0.0.9\n", "utf-8")


def other_code(folder: Path) -> None:
    shutil.copytree(TREE / "itgov", folder / "itgov", ignore=shutil.ignore_patterns("__pycache__"))
    with open(folder / "itgov" / "rules" / "judge.py", "a", encoding="utf-8") as file:
        file.write("\n# another\n")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("other", "words"), [(other_version, "has itgov 0.0.9, this machine"), (other_code, "(code ")]
)
def test_a_worker_of_another_version_is_refused(sample, tmp_path_factory, other, words) -> None:
    folder = tmp_path_factory.mktemp("other")
    other(folder)
    with (
        cluster(0) as address,
        subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_worker", address, "--no-nanny", "--no-dashboard"],
            env={**ENV, "PYTHONPATH": str(folder)}, cwd=folder,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        ) as worker,
    ):  # fmt: skip
        try:
            for _ in range(60):  # until the worker has come
                code, out, said = run("check", sample, "--scheduler", address)
                assert (code, out) == (2, b"")
                if "has no workers" not in said:
                    break
                time.sleep(0.5)
        finally:
            worker.kill()
    assert said.startswith("itgov: the worker tcp://")
    assert words in said
    assert said.endswith(": install the same on both\n")


@pytest.mark.slow
def test_a_scheduler_that_nobody_answers_at_is_named(sample: Path) -> None:
    code, out, said = run("check", sample, "--scheduler", "tcp://127.0.0.1:9")
    assert (code, out) == (2, b"")
    assert said == (
        "itgov: no scheduler of a Dask cluster answers at `tcp://127.0.0.1:9` within 5 seconds\n"
    )
