"""Fiscal years: named after the calendar year in which they begin; days are proleptic ordinals."""

from __future__ import annotations

import datetime
from functools import lru_cache


def fiscal_year_of(day: datetime.date, start_month: int) -> int:
    """Return the fiscal year of a day, named after the calendar year in which it begins."""
    return day.year if day.month >= start_month else day.year - 1


@lru_cache(maxsize=2048)
def first_day(year: int, start_month: int) -> int:
    """Return the first day of a fiscal year as an ordinal; the calendar's ends are its bounds."""
    if year < datetime.MINYEAR:
        return 1
    if year > datetime.MAXYEAR:
        return datetime.date.max.toordinal() + 1
    return datetime.date(year, start_month, 1).toordinal()


def last_day(year: int, start_month: int) -> int:
    """Return the last day of a fiscal year as an ordinal."""
    return first_day(year + 1, start_month) - 1


def period_of(day: datetime.date, months: int, start_month: int) -> int:
    """Return the number of the fiscal period of `months` months, 3 or 12, that a day lies in."""
    return (day.year * 12 + day.month - start_month) // months


def first_of_period(period: int, months: int, start_month: int) -> int:
    """Return the first day of a numbered period as an ordinal; the calendar's ends are its bounds."""
    year, month = divmod(period * months + start_month - 1, 12)
    return first_day(year, month + 1)


def period_name(period: int, months: int) -> str:
    """Return what a numbered period is called: "2026", or "2026 Q3"."""
    year, place = divmod(period, 12 // months)
    return f"{year}" if months == 12 else f"{year} Q{place + 1}"


def a_year_before(day: int) -> int:
    """Return the first of the twelve months that end on a day: both are ordinals."""
    date = datetime.date.fromordinal(day)
    if date.year == datetime.MINYEAR:
        return 1
    if date.month == 2 and date.day == 29:
        return datetime.date(date.year - 1, 3, 1).toordinal()
    return date.replace(year=date.year - 1).toordinal() + 1
