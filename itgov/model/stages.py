"""The stages of what is over, and what becomes of its last day when the stage changes."""

from __future__ import annotations

import datetime
from typing import Literal, get_args

Over = Literal["retired", "stopped"]
OVER: tuple[Over, ...] = get_args(Over)
"""The stages of an investment or service that has ended."""


def ended_after(
    before: str | None, after: str, ended: datetime.date | None, day: datetime.date
) -> datetime.date | None:
    """Return the `ended` of a record whose stage goes from one to another on a day.

    A day that is recorded stays; what ends without one ends on that day.  What was over and is not
    any more has no last day; what was over before keeps what it says, a missing day too.
    """
    if after in OVER:
        return ended if before in OVER else ended or day
    return None if before in OVER else ended
