"""`itgov due --format ics`: what is due as a calendar that other programs subscribe to (RFC 5545)."""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from collections.abc import Iterator

from itgov.insight.due_types import DUE_WORDS, DueReport, PlacedDue
from itgov.model.text import plural
from itgov.report.plain import plain

_LISTS = (("actions",), ("steps",), ("waivers",))
"""Lists of a record whose rows stay where they are when one of them is done."""
_LINE = 75
"""Bytes of a line; longer ones go on in the next, after a blank."""


def due_calendar(report: DueReport) -> str:
    """Return an event of one day for each thing that is due.

    An event keeps its identity when its day or its words change in a calendar that is read again:
    it is told by what is due of what, and by its place in the record where there are several.  The
    calendar says up to which day it goes and what it leaves out.
    """
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//itgov//due//EN",
        f"X-WR-CALNAME:{_text(f'Due: {report.organisation}')}",
        f"X-WR-CALDESC:{_text(_limits(report))}",
    ]  # fmt: skip
    seen: Counter[str] = Counter()
    for placed in report.dues:
        due = placed.due
        place = due.source.route[-1:] if due.source.route[-2:-1] in _LISTS else ()
        same = f"{due.kind}\n{due.subject.kind}\n{due.subject.id}\n{place}"
        seen[same] += 1
        name = hashlib.sha1(f"{same}\n{seen[same]}".encode()).hexdigest()
        lines += [
            "BEGIN:VEVENT", f"UID:{name}@itgov", f"DTSTAMP:{_day(report.as_of)}T000000Z",
            f"DTSTART;VALUE=DATE:{_day(due.day)}", f"SUMMARY:{_text(_summary(placed))}",
            f"DESCRIPTION:{_text(_description(placed))}", "TRANSP:TRANSPARENT", "END:VEVENT",
        ]  # fmt: skip
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _limits(report: DueReport) -> str:
    """Return up to which day the calendar goes, and what is not in it."""
    until = f"up to {report.until}" if report.until is not None else "all days"
    later = f", {report.later:,} later not listed" if report.later else ""
    unread = f", {plural(len(report.unread), 'place')} could not be read" if report.unread else ""
    return f"As of {report.as_of}, {until}{later}{unread}"


def _day(day: datetime.date) -> str:
    return day.isoformat().replace("-", "")


def _summary(placed: PlacedDue) -> str:
    due = placed.due
    return f"{DUE_WORDS[due.kind].capitalize()}: {due.what} ({due.subject.id})"


def _description(placed: PlacedDue) -> str:
    due, at = placed.due, placed.place
    who = placed.name or "nobody"
    unit = f", {placed.unit_name}" if placed.unit_name else ""
    late = "Overdue. " if due.late else ""
    return f"{late}Asked: {who}{unit}. {at.path}:{at.line}"


def _text(words: str) -> str:
    """Return text as a value of a calendar's line: harmless, and with its separators escaped."""
    words = plain(words).replace("\\", "\\\\")
    return words.replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> Iterator[str]:
    """Yield a line in parts of at most 75 bytes, none of which cuts a character."""
    part = ""
    for letter in line:
        if len((part + letter).encode()) > _LINE:
            yield part
            part = " "
        part += letter
    yield part
