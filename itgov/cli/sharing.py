"""Options on what shares the work of a verb: processes of this machine, or a cluster."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from itgov.cli.options import Parser

if TYPE_CHECKING:
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
