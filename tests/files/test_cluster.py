"""What a cluster may send back, and what is said where it cannot be used; no cluster is needed."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from concurrent.futures import CancelledError, Future
from pathlib import Path
from typing import Any

import msgspec
import pytest

import itgov
from itgov.files import cluster, load
from itgov.files.cluster import ClusterError
from itgov.files.parallel import share
from itgov.files.shared_work import take_notes
from itgov.files.sources import RawFile


def answer(sent: Any) -> cluster._Answer:
    future: Future[Any] = Future()
    future.set_result(sent)
    return cluster._Answer(future, Lying(None))


class Lying(cluster._Cluster):
    """A cluster whose workers send whatever they like."""

    def __init__(self, sent: Any) -> None:
        self.sent, self.lost, self._client = sent, False, None

    def submit(self, *given: Any, **named: Any) -> Any:
        return answer(self.sent)


ran: list[str] = []


class Malicious:
    def __reduce__(self) -> Any:
        return ran.append, ("here",)


@pytest.mark.parametrize(
    "sent",
    [
        [load.ReadFile], {"a": 1}, None, b"", b"\x01", b"\x01junk", b"\x01" + pickle.dumps(Malicious()),
        b"\x01" + msgspec.msgpack.encode([{"path": "x"}]), b"\x01" + msgspec.msgpack.encode([]),
    ],
    ids=repr,
)  # fmt: skip
def test_what_is_no_result_is_said_and_its_work_done_here(sent: Any) -> None:
    files = [RawFile(f"portfolios/u{n}.yaml", b"business_unit: {id: u%d}" % n) for n in range(4)]
    take_notes()
    parts = share(load._read_slice, files, [1] * 4, 1, executor=Lying(sent), form=load.FILES)
    found = [f.content for part in parts for f in part]
    assert found == [load.read_file(f).content for f in files]
    assert ran == []
    assert take_notes() == ["A worker sent what is no result: its work was done again."]


def test_where_no_worker_is_left_nobody_waits_for_ever(monkeypatch) -> None:
    monkeypatch.setattr(cluster, "_PATIENCE", 0.01)
    left = [{"a"}, {"a"}, set[str]()]
    monkeypatch.setattr(cluster, "_workers", lambda client: left.pop(0))
    gone = Lying(None)
    for _ in range(3):  # the second and third wait no more
        with pytest.raises(CancelledError):
            cluster._Answer(Future(), gone).exception()
    assert left == []


def test_a_worker_of_another_version_that_came_late_is_refused() -> None:
    theirs = {**cluster.program(), "itgov": "0.0.9"}
    sent = cluster._on_worker(theirs, b"never unpacked", None)
    with pytest.raises(ClusterError, match="install the same on both"):
        answer(sent).result()


@pytest.mark.parametrize(
    "address", ["", "nonsense", "host:8786", "tcp://host", "tcp://:8786", "file:///etc/passwd:1", "tcp://a b:1"]
)  # fmt: skip
def test_what_is_no_address_is_named(address: str) -> None:
    with (
        pytest.raises(ClusterError, match="is not the address of a scheduler"),
        cluster.cluster(address),
    ):
        pass


@pytest.mark.parametrize(
    ("address", "settings", "words"),
    [
        ("tls://127.0.0.1:8786", {}, "needs TLS, and Dask's settings name no certificates"),
        ("tcp://127.0.0.1:8786", {"distributed.comm.require-encryption": True}, "require encryption"),
    ],
)  # fmt: skip
def test_what_would_not_be_encrypted_as_agreed_is_refused(address, settings, words) -> None:
    dask = pytest.importorskip("dask")
    with (
        dask.config.set(settings),
        pytest.raises(ClusterError, match=words),
        cluster.cluster(address),
    ):
        pass


def test_without_the_extra_the_command_that_installs_it_is_said() -> None:
    program = """
import sys
sys.modules["distributed"] = None
from itgov.cli.main import main
sys.exit(main())
"""
    tree = Path(itgov.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", program, "check", tree, "--scheduler", "tcp://127.0.0.1:8786"],
        env={**os.environ, "PYTHONPATH": str(tree)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "itgov: `--scheduler` needs the extra `cluster`: pip install 'itgov[cluster]'\n"
    )
