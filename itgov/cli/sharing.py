"""Where a verb's work is done, and where its repository is: this machine, a cluster, an address."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from itgov.cli.options import Parser, Stop

if TYPE_CHECKING:
    from itgov.cli.remembered import RememberedAnswer
    from itgov.files.parallel import Executor


def add_sharing(parser: Parser) -> None:
    """Add `--jobs` and `--scheduler`."""
    parser.add_argument(
        "--jobs",
        type=_jobs,
        metavar="N",
        help="share the work among at most N processes, where there is enough of it (default: one for"
        " each core)",
    )
    parser.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="share it among the workers of the Dask cluster whose scheduler is at ADDRESS"
        " (tcp://HOST:8786), which are trusted with this account",
    )


def _jobs(text: str) -> int:
    from itgov.files.parallel import MOST_JOBS

    if not (text.isascii() and text.isdigit() and len(text) < 3 and 1 <= int(text) <= MOST_JOBS):
        raise argparse.ArgumentTypeError(
            f"`{text}` is not a number of processes (use 1 to {MOST_JOBS})"
        )
    return int(text)


@contextmanager
def shared(options: argparse.Namespace) -> Iterator[Executor | None]:
    """Share work as these options say; give the executor that is to do it, where they name a cluster.

    Raises `ClusterError`.
    """
    if options.jobs is not None:
        from itgov.files.parallel import use_jobs

        use_jobs(options.jobs)
    if options.scheduler is None:
        yield None
        return
    from itgov.files.cluster import cluster

    with cluster(options.scheduler) as executor:
        yield executor


@contextmanager
def at_hand(
    options: argparse.Namespace, remembered: RememberedAnswer | None = None
) -> Iterator[RememberedAnswer | None]:
    """Put a copy of the repository in place of an address that `path`, or one of `paths`, names.

    Gives what may remember the answer: nothing where it depends on files elsewhere.
    Raises `RemoteError`, and `Stop` where an option needs the history or a folder.
    """
    several = "paths" in options
    paths: list[str] = options.paths if several else [options.path or "."]
    address = next((path for path in paths if "://" in path), None)
    if address is None:
        yield remembered
        return
    if len(paths) > 1:
        raise Stop(f"`{address}` is an address: it is checked as a whole and by itself")
    for name in ("since", "policy", "watch", "trend"):
        if getattr(options, name, None):
            raise Stop(f"--{name} needs a folder of this machine, and `{address}` is an address")
    from itgov.files.remote import local_copy

    with local_copy(address) as folder:
        if several:
            options.paths = [str(folder)]
        else:
            options.path = str(folder)
        yield None
