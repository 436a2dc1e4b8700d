"""The review store in one process: what a decision costs, against what the disk itself costs.

python benchmarks/review.py ITEMS DECISIONS    prints seconds a decision, and of two forced writes
"""

from __future__ import annotations

import datetime
import os
import sys
import tempfile
import time
from pathlib import Path

from itgov.model.minutes import Decision, ItemSubject, Reason
from itgov.review.agenda import Agenda
from itgov.review.recorder import SessionRecorder, start
from itgov.review.store import ReviewStore
from itgov.review.types import AgendaItem

REASON = Reason(why="review-due", says="its review was due on 2026-11-20", rule="REV-001")


def main() -> None:
    """Measure, and print the two figures."""
    count, decisions = int(sys.argv[1]), int(sys.argv[2])
    with tempfile.TemporaryDirectory(prefix="itgov-benchmark-") as name:
        root = Path(name)
        items = [
            AgendaItem(
                subject=ItemSubject(kind="investment", id=f"A-{n}"),
                title=f"Investment number {n}",
                reasons=[REASON, REASON],
            )
            for n in range(count)
        ]
        store = ReviewStore(root)
        session = start(store, Agenda(items, [], None), datetime.date(2026, 11, 23))
        recorder = SessionRecorder(store, session.id)
        started = time.perf_counter()
        for number in range(decisions):
            decision = Decision(decision="note", reason=f"Note {number}")
            recorder.decide(items[number % count].subject, decision)
        each = (time.perf_counter() - started) / decisions
        raw = store.path.read_bytes()
        started = time.perf_counter()
        for _ in range(decisions):
            for copy in ("one", "two"):
                with open(root / copy, "wb") as handle:
                    handle.write(raw)
                    handle.flush()
                    os.fsync(handle.fileno())
        floor = (time.perf_counter() - started) / decisions
    print(each, floor)


if __name__ == "__main__":
    main()
