"""A Dask cluster of several processes on this machine: `python local_cluster.py WORKERS [KILL_AT]`.

Prints the scheduler's address, and ends with its standard input.  The worker that is given the task
number KILL_AT is killed while it has it in hand, once.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from distributed import LocalCluster
from distributed.diagnostics.plugin import SchedulerPlugin


class Killer(SchedulerPlugin):
    """Kills the worker that is given one of the tasks."""

    def __init__(self, cluster: LocalCluster, at: int) -> None:
        self.cluster, self.at, self.given = cluster, at, 0

    def transition(self, key: Any, start: str, finish: str, *args: Any, **named: Any) -> None:
        if finish != "processing":
            return
        self.given += 1
        if self.given == self.at:
            worker = self.cluster.scheduler.tasks[key].processing_on
            nannies = self.cluster.workers.values()
            [pid] = [n.process.pid for n in nannies if n.worker_address == worker.address]
            os.kill(pid, signal.SIGKILL)


def main() -> None:
    workers, *kill_at = map(int, sys.argv[1:])
    with LocalCluster(
        n_workers=workers, threads_per_worker=2, processes=True, dashboard_address=None
    ) as cluster:
        if kill_at:
            cluster.scheduler.add_plugin(Killer(cluster, *kill_at))
        sys.stdout.write(f"{cluster.scheduler_address}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
