"""Which commits a trend looks at: all of a line, those with tags, or the last of each month."""

from __future__ import annotations

import datetime
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Sequence

from msgspec import Struct

from itgov.files.git import GitError
from itgov.files.git_history import Commit, History
from itgov.insight.trend_points import Period


class TrendStop(Struct, frozen=True):
    """A point to measure: its label, its commit, and whether an earlier period made the commit."""

    label: str
    commit: Commit
    carried: bool = False


class Span(Struct, frozen=True):
    """The stretch of history to look at.  A bound is a day or a commit; both count as inside."""

    head: Commit
    since_day: datetime.date | None = None
    since: Commit | None = None
    until_day: datetime.date | None = None


def span_of(history: History, since: str | None, until: str | None) -> Span:
    """Return the stretch between two bounds, each a date, a month or a revision.

    Raises `GitError`.
    """
    last = named_days(until)
    head = history.resolve("HEAD" if until is None or last is not None else until)
    first = named_days(since)
    start = history.resolve(since) if since is not None and first is None else None
    if start is not None and not history.contains(head, start):
        raise GitError(f"`{since}` is not in the history of `{until or 'HEAD'}`")
    return Span(head, first[0] if first else None, start, last[1] if last else None)


def stops_of(history: History, by: Period, span: Span) -> list[TrendStop]:
    """Return the points of a stretch of history, oldest first.  Raises `GitError` if none."""
    if by == "tag":
        found = _tags(history, span)
    else:
        line = history.line(span.head)
        found = _months(line, span) if by == "month" else _commits(history, line, span)
    if not found:
        what = "tag" if by == "tag" else "commit"
        raise GitError(f"there is no {what} in this part of the history")
    return found


def _commits(history: History, line: Sequence[Commit], span: Span) -> list[TrendStop]:
    if span.since is not None:
        at = next((i for i, c in enumerate(line) if c.id == span.since.id), None)
        line = line[at:] if at is not None else history.line(span.head, after=span.since)
    return [TrendStop(c.id[:10], c) for c in line if _within(c, span)]


def _tags(history: History, span: Span) -> list[TrendStop]:
    before: set[str] = set()
    if span.since is not None:
        before = {t.commit.id for t in history.tags(span.since)} - {span.since.id}
    return [
        TrendStop(tag.name, tag.commit)
        for tag in history.tags(span.head)
        if tag.commit.id not in before and _within(tag.commit, span)
    ]


def _months(line: Sequence[Commit], span: Span) -> list[TrendStop]:
    """Return, for each month, the last commit of the line up to its end."""
    first = span.since_day or (span.since or min(line, key=lambda c: c.time)).date
    last = span.until_day or span.head.date
    # clocks differ, so dates need not ascend: the last commit that was there by a day is wanted
    earliest: list[datetime.date] = []
    for commit in reversed(line):
        earliest.append(min(commit.date, earliest[-1]) if earliest else commit.date)
    earliest.reverse()
    found = []
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        end = min(datetime.date(year, month, monthrange(year, month)[1]), last)
        at = bisect_right(earliest, end) - 1
        if at >= 0:
            commit = line[at]
            carried = (commit.date.year, commit.date.month) != (year, month)
            found.append(TrendStop(f"{year:04d}-{month:02d}", commit, carried))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return found


def _within(commit: Commit, span: Span) -> bool:
    return (span.since_day is None or commit.date >= span.since_day) and (
        span.until_day is None or commit.date <= span.until_day
    )


def is_day(text: str) -> bool:
    """Say whether a bound is a date or a month, which are never looked up as revisions."""
    return named_days(text) is not None


def named_days(text: str | None) -> tuple[datetime.date, datetime.date] | None:
    """Return the first and last day that a text names: a date, or a month like 2026-03."""
    if text is None:
        return None
    try:
        if len(text) == 10 and text[4] == text[7] == "-":
            day = datetime.date.fromisoformat(text)
            return day, day
        if len(text) == 7 and text[4] == "-":
            day = datetime.date.fromisoformat(f"{text}-01")
            return day, day.replace(day=monthrange(day.year, day.month)[1])
    except ValueError:
        return None
    return None
