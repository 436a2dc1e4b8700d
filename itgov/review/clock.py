"""The time of day, given in so that a session can be replayed."""

from __future__ import annotations

import datetime
import time
from typing import Protocol

LONGEST = 1800
"""Seconds after which nobody is taken to be still on the same item: a break, or a crash."""


class Clock(Protocol):
    """What a session asks of a clock."""

    def now(self) -> datetime.datetime:
        """Return the time in UTC; it may jump, and go backwards."""

    def ticks(self) -> float:
        """Return seconds that never go backwards within this process."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime.datetime:
        """Return the time in UTC."""
        return datetime.datetime.now(datetime.UTC)

    def ticks(self) -> float:
        """Return seconds that never go backwards."""
        return time.monotonic()


def stamp(moment: datetime.datetime) -> str:
    """Return a moment as sessions and minutes write it."""
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment_words(stamped: str) -> str:
    """Return a stamp as people read it: 2026-11-23 09:30 UTC; as it is where it is none."""
    try:
        moment = datetime.datetime.fromisoformat(stamped).astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        return stamped
    return moment.strftime("%Y-%m-%d %H:%M UTC")


def seconds_between(earlier: str | None, now: datetime.datetime) -> int:
    """Return the seconds since a stamp: never negative, and never more than a break."""
    if earlier is None:
        return 0
    try:
        then = datetime.datetime.fromisoformat(earlier)
    except ValueError:
        return 0
    return min(max(int((now - then).total_seconds()), 0), LONGEST)
