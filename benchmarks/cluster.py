"""A hundred times the usual size, on a Dask cluster of this machine."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from measure import family, heading, run_once, skip, tell
from portfolio import write_portfolio
from programs import compose, itgov
from results import TREE
from sizes import size_of

WORKERS = 2
_START = TREE / "tests" / "support" / "local_cluster.py"


class _Cluster(NamedTuple):
    address: str
    pid: int


def part_cluster(work: Path, base: int) -> None:
    """Measure the usual size and a hundred times as much, each once, and compare them."""
    if importlib.util.find_spec("distributed") is None:
        heading("A cluster")
        skip("a check on a cluster", "not installed; `pip install 'itgov[cluster]'`")
        return
    each = [_measure(work / f"size-{size}", size) / size for size in (base, base * 100)]
    tell("one investment, ratio to one of the smaller size", each[1] / each[0], "x", 1.2)


def _measure(folder: Path, size: int) -> float:
    """Measure one size; return the seconds of a cold check by the cluster."""
    measured = size_of(size, "few")
    written = write_portfolio(folder, measured)
    heading(
        f"{size:,} investments in {measured.files:,} files, {written / 1e6:,.1f} MB, each measured once",
        size,
    )
    limit = run_once(compose(folder))
    tell("libyaml composes the files", limit.seconds, "s")
    with _cluster() as cluster:
        ran = run_once(itgov("check", folder, "--scheduler", cluster.address))
        workers = _most_memory(cluster.pid)
    tell(f"cold, few findings, a cluster of {WORKERS} workers", ran.seconds, "s")
    tell("  ratio", ran.seconds / limit.seconds, "x")
    tell("  memory of itgov itself", ran.mebibytes, "MiB")
    if workers is None:
        skip("memory of the largest worker", "this system does not tell")
    else:
        tell("  memory of the largest worker", workers, "MiB")
    shutil.rmtree(folder)
    return ran.seconds


@contextmanager
def _cluster() -> Iterator[_Cluster]:
    """Start workers, each a process with one thread for each core, and end them."""
    with subprocess.Popen(
        [sys.executable, str(_START), str(WORKERS)],
        env={**os.environ, "PYTHONPATH": str(TREE)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield _Cluster(process.stdout.readline().strip(), process.pid)
        process.stdin.close()
        process.wait()


def _most_memory(pid: int) -> float | None:
    """Return the most memory that any process that one has started has held, in MiB."""
    most = [_peak(child) for child in family(pid)[1:]]
    return max((m for m in most if m), default=None)


def _peak(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    return next((int(n.split()[1]) for n in text.splitlines() if n.startswith("VmHWM:")), 0) / 1024
