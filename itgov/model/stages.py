"""The stages of what is over, and what becomes of its last day when the stage changes."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from itgov.model.types import Investment

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


def with_ended(record: Investment, values: Mapping[str, Any], day: datetime.date) -> dict[str, Any]:
    """Return values that a record gets on a day, with the `ended` that follows from another stage.

    Nothing follows where `values` have no stage, or an `ended` of their own.  None takes it away.
    """
    stage = values.get("stage")
    if not stage or "ended" in values:
        return dict(values)
    ended = ended_after(record.stage, stage, record.ended, day)
    return {**values, **({"ended": ended} if ended != record.ended else {})}
