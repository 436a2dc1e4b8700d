"""Sharing work among the workers of an existing Dask cluster: the extra `cluster`.

Workers are given the same functions as processes of this machine, and send back msgpack bytes; whatever
else they send as a result is refused.  `distributed` itself pickles functions, arguments and errors, and
unpickles what a scheduler sends it: a scheduler is trusted as a shell is.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future
from contextlib import contextmanager
from functools import cache
from importlib import metadata
from threading import Lock
from typing import TYPE_CHECKING, Any

import msgspec

from itgov.files.shared_work import note
from itgov.model.errors import ItgovError
from itgov.model.text import plural

if TYPE_CHECKING:
    from distributed import Client

_ADDRESS = re.compile(r"(?:tcp|tls|ws|wss|ucx)://(?:\[[0-9A-Fa-f:.]+\]|[^\s/:@\[\]]+):[0-9]{1,5}")
TIMEOUT = 5
"""Seconds in which a scheduler has to answer."""

Program = dict[str, str]
"""What results depend on beside files and rules: this package's code, and versions."""


class ClusterError(ItgovError):
    """A cluster cannot be used; the text says why and what to do."""


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """Give an executor of all workers of the Dask cluster whose scheduler is at an address.

    Raises `ClusterError` where it cannot be reached, has no workers, or workers of another program.
    """
    if _ADDRESS.fullmatch(address) is None:
        raise ClusterError(f"`{address}` is not the address of a scheduler (use tcp://HOST:8786)")
    try:
        from distributed import Client, Security
    except ImportError:
        raise ClusterError(
            "`--scheduler` needs the extra `cluster`: pip install 'itgov[cluster]'"
        ) from None
    given = Security().get_connection_args("client")
    if address.startswith(("tls:", "wss:")) and given.get("ssl_context") is None:
        raise ClusterError(
            f"`{address}` needs TLS, and Dask's settings name no certificates: set"
            " DASK_DISTRIBUTED__COMM__TLS__CA_FILE, …__TLS__CLIENT__CERT and …__TLS__CLIENT__KEY"
        )
    if given.get("require_encryption") and not address.startswith(("tls:", "wss:")):
        raise ClusterError(
            f"Dask's settings require encryption, and `{address}` has none: use tls://HOST:8786"
        )
    import logging
    import warnings

    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)  # what it logs is told here, in this program's words
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                client = Client(address, timeout=TIMEOUT, set_as_default=False, name="itgov")
            except (OSError, ValueError, TypeError) as error:
                raise ClusterError(_unreachable(address, error)) from None
            with client:
                yield from _used(client, address)
    finally:
        logging.disable(before)


def _used(client: Client, address: str) -> Iterator[Executor]:
    workers = _workers(client)
    if not workers:
        raise ClusterError(
            f"the scheduler at `{address}` has no workers: start some, then try again"
        )
    _refuse_others(client)
    yield _Cluster(client)
    left = len(workers - _workers(client))
    if left:
        note(
            f"{left} of {plural(len(workers), 'worker')} left the cluster during the run: what they had in"
            " hand, if anything, was done again."
        )


def _workers(client: Client) -> set[str]:
    try:
        return set(client.scheduler_info().get("workers", ()))
    except OSError:  # the scheduler is gone, and with it all of them
        return set()


def _unreachable(address: str, error: Exception) -> str:
    if "Timed out" in str(error) or isinstance(error, TimeoutError):
        return f"no scheduler of a Dask cluster answers at `{address}` within {TIMEOUT} seconds"
    return f"the scheduler at `{address}` cannot be reached: {error}"


# -- the same program everywhere -----------------------------------------------------------


@cache
def program() -> Program:
    """Return what must be the same wherever work of one run is done."""
    from pathlib import Path

    import itgov
    from itgov.files.blake2 import blake2b

    top = Path(itgov.__file__).parent
    state = blake2b(digest_size=6)
    for path in sorted(top.rglob("*.py")):
        state.update(path.relative_to(top).as_posix().encode() + b"\0" + path.read_bytes())
    packages = ("PyYAML", "msgspec", "cel-expr-python", "google-re2", "jsonschema-rs")
    return {
        "itgov": f"{itgov.__version__} (code {state.hexdigest()})",
        "Python": f"{sys.version_info.major}.{sys.version_info.minor}",
        **{name: metadata.version(name) for name in packages},
    }


def _refuse_others(client: Client) -> None:
    """Raise `ClusterError` where a worker has another program than this one."""
    import itgov

    # asked of the standard library: another itgov may have none of these functions
    for worker, version in client.run(metadata.version, "itgov", on_error="return").items():
        if isinstance(version, metadata.PackageNotFoundError):
            raise ClusterError(
                f"the worker {worker} has no itgov: install itgov {itgov.__version__} there"
            )
        if version != itgov.__version__:
            raise ClusterError(
                _differs(worker, {"itgov": str(version)}, {"itgov": itgov.__version__})
            )
    for worker, theirs in client.run(program, on_error="return").items():
        if theirs != program():
            said = theirs if isinstance(theirs, dict) else {"itgov": str(theirs)}
            raise ClusterError(_differs(worker, said, program()))


def _differs(worker: str, theirs: Program, ours: Program) -> str:
    names = [name for name in ours if theirs.get(name) != ours[name]]
    there = ", ".join(f"{name} {theirs.get(name, 'missing')}" for name in names)
    here = ", ".join(f"{name} {ours[name]}" for name in names)
    return f"the worker {worker} has {there}, this machine {here}: install the same on both"


# -- work ----------------------------------------------------------------------------------


class _Cluster(Executor):
    """An executor whose work runs on the workers of a cluster and gives bytes."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._executor = client.get_executor(pure=False)
        self._sent: tuple[bytes, Any] = b"", None
        self.workers = len(_workers(client))
        """How many there were at the beginning."""
        self.lost = False
        """Whether nothing more is to be expected of the cluster."""

    def submit(self, work: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        """Begin work on a worker; bytes that come first are sent once for all work that begins with them.

        Raises `RuntimeError` where the cluster is gone.
        """
        import pickle

        if self.lost or self._client.status != "running":
            raise RuntimeError("the connection to the scheduler is lost")
        first, *others = given
        shared = None
        if isinstance(first, bytes) and len(first) >= _LARGE:
            shared, given = self._on_all(first), (None, *others)
        packed = pickle.dumps((work, given, named))
        return _Answer(self._executor.submit(_on_worker, program(), packed, shared), self)

    def look(self) -> None:
        """Note it where no worker is left: the scheduler would wait for some for ever."""
        self.lost = not _workers(self._client)

    def _on_all(self, data: bytes) -> Any:
        """Return what stands for bytes that every worker has."""
        if self._sent[0] is not data:
            try:
                self._sent = data, self._client.scatter(data, broadcast=True, hash=False)
            except OSError:  # no worker for as long as it waits: nothing more is sent
                self.lost = True
                raise
        return self._sent[1]


class _Answer(Future[bytes]):
    """What a worker will answer, refused where it is anything but bytes of the same program."""

    def __init__(self, answer: Future[Any], cluster: _Cluster) -> None:
        super().__init__()
        self._answer = answer
        self._cluster = cluster

    def exception(self, timeout: float | None = None) -> BaseException | None:
        while not self._cluster.lost:
            try:
                return self._answer.exception(_PATIENCE)
            except TimeoutError:
                self._cluster.look()
        if self._answer.done():
            return self._answer.exception()
        self._answer.cancel()
        raise CancelledError

    def cancel(self) -> bool:
        return self._answer.cancel()

    def result(self, timeout: float | None = None) -> bytes:
        data = self._answer.result(timeout)
        if not isinstance(data, bytes):
            raise ValueError("a worker sent no bytes")
        if data[:1] == _OTHER:  # one that came later than the others
            theirs = msgspec.msgpack.decode(data[1:], type=Program)
            raise ClusterError(_differs("that came last", theirs, program()))
        return data[1:]


_PATIENCE = 20
"""Seconds after which it is looked whether any worker is left."""
_LARGE = 50_000
"""Bytes that are not sent again with every slice of work."""
_DONE, _OTHER = b"\x01", b"\x02"
_one_at_a_time = Lock()


def _on_worker(ours: Program, packed: bytes, shared: bytes | None) -> bytes:
    """Do work sent by a program, where this one is the same; `shared` is what it begins with."""
    import pickle

    if program() != ours:
        return _OTHER + msgspec.msgpack.encode(program())
    # rules and the words in use belong to the process, and a worker may have several threads
    with _one_at_a_time:
        work, given, named = pickle.loads(packed)  # noqa: S301  a worker runs what it is sent
        if shared is not None:
            given = (shared, *given[1:])
        done: bytes = work(*given, **named)
    return _DONE + done
