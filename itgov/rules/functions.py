"""The functions of rules that are ours, as CEL calls them and as Python does (`itgov.rules.in_python`)."""

from __future__ import annotations

import datetime
import math


def days_since(today: datetime.date, day: str | None) -> int | None:
    """Return the days from a date to today; None of None.  Raises `ValueError` where it is no date."""
    return None if day is None else (today - _date(day)).days


def days_between(first: str | None, last: str | None) -> int | None:
    """Return the days from one date to another; None where one is None.  Raises `ValueError`."""
    return None if first is None or last is None else (_date(last) - _date(first)).days


def amount(value: float | None) -> str | None:
    """Return a number as people write it: 1,200,000 or 12.50; None of None."""
    if value is None or not math.isfinite(value):
        return None if value is None else str(value)
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"


def _date(text: object) -> datetime.date:
    try:
        return datetime.date.fromisoformat(str(text)[:10])
    except ValueError:
        raise ValueError(f"`{text}` is not a date") from None
