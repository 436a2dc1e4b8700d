"""Of which day a table is: what its rows, the command, the mapping, its name or its file say."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from msgspec import Struct

from itgov.importing import mapping as m
from itgov.importing.draft import Draft
from itgov.importing.stated import Stated
from itgov.model.text import plural

DaySource = Literal["rows", "option", "mapping", "other rows", "name", "file"]
_WORDS: dict[DaySource, str] = {
    "rows": "as its rows say",
    "option": "as `--as-of` says",
    "mapping": "as the mapping says (`--as-of DAY` for another)",
    "other rows": "as its other rows say",
    "name": "as its name says",
    "file": "ASSUMED, the day on which the file was last changed; say its day with `--as-of`",
}
_IN_NAMES = (
    (r"(20\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)", (1, 2, 3)),
    (r"(?<!\d)(0[1-9]|[12]\d|3[01])[-_.](0[1-9]|1[0-2])[-_.](20\d\d)(?!\d)", (3, 2, 1)),
    (r"(20\d\d)[-_.](0[1-9]|1[0-2])(?![-_.]?\d)", (1, 2, 0)),
)
"""Days in the name of a file, as the groups of year, month and day; the end of the month without one."""


class TableDay(Struct, frozen=True):
    """The day of a file's rows, or of some of them, and what says so."""

    path: str
    day: datetime.date
    source: DaySource
    rows: int
    last: datetime.date | None = None
    """The latest day, where its rows are of several."""

    @property
    def is_assumed(self) -> bool:
        """Whether nothing but the file's own date says so."""
        return self.source == "file"

    def __str__(self) -> str:
        days = self.day.isoformat() if self.last is None else f"{self.day} to {self.last}"
        return f"{self.path}: {days}, {_WORDS[self.source]} ({plural(self.rows, 'row')})"


def stated_day(stated: Stated | None) -> datetime.date | None:
    """Return the day that a row states; of a year, its last."""
    value = stated.value if stated is not None else None
    if isinstance(value, int):
        return datetime.date(value, 12, 31)
    return value if isinstance(value, datetime.date) else None


def set_days(
    drafts: list[Draft], mapping: m.Mapping, as_of: datetime.date | None
) -> list[TableDay]:
    """Give each row its day, and return what said it, file by file.

    A row's own word comes first; then `as_of` (which also goes before a day that the mapping states
    for every table), the mapping's for the file, that of all other rows, the file's name, its date.
    """
    found: list[TableDay] = []
    by_file: dict[str, list[Draft]] = {}
    for draft in drafts:
        by_file.setdefault(draft.place.table.path, []).append(draft)
    changed = _last_change(by_file)
    for path, rows in by_file.items():
        undated = [d for d in rows if d.as_of is None or (as_of is not None and _is_constant(d))]
        dated = [d for d in rows if d not in undated] if len(undated) < len(rows) else []
        if dated:
            days = sorted({d.as_of for d in dated if d.as_of is not None})
            source: DaySource = "mapping" if all(map(_is_constant, dated)) else "rows"
            last = days[-1] if len(days) > 1 else None
            found.append(TableDay(path, days[0], source, len(dated), last))
        if undated:
            day, source = _told(path, dated, mapping, as_of) or (changed, "file")
            for draft in undated:
                draft.as_of, draft.is_assumed = day, source == "file"
            found.append(TableDay(path, day, source, len(undated)))
    return found


def _told(
    path: str, dated: list[Draft], mapping: m.Mapping, as_of: datetime.date | None
) -> tuple[datetime.date, DaySource] | None:
    name = Path(path).name
    said = [d for t in mapping.tables.values() for f, d in t.days.items() if f == name]
    others = {d.as_of for d in dated if d.as_of is not None}
    if as_of is not None:
        return as_of, "option"
    if said:
        return said[0], "mapping"
    if len(others) == 1:
        return others.pop(), "other rows"
    named = day_in_name(Path(path).stem)
    return (named, "name") if named is not None else None


def _is_constant(draft: Draft) -> bool:
    spec = draft.source.as_of
    return isinstance(spec, m.Spec) and spec.value is not None


def _last_change(paths: Iterable[str]) -> datetime.date:
    """Return one day for all files that say none: they are of one report until somebody says more."""
    return max((day_of_change(Path(p)) for p in paths), default=datetime.date.min)


def day_of_change(path: Path) -> datetime.date:
    """Return the day on which a file was last changed."""
    return datetime.datetime.fromtimestamp(path.stat().st_mtime).date()  # noqa: DTZ006


def day_in_name(stem: str) -> datetime.date | None:
    """Return the day that a file's name says, the last of a month without one."""
    for pattern, (year, month, day) in _IN_NAMES:
        for match in re.finditer(pattern, stem):
            y, mo = int(match[year]), int(match[month])
            after = datetime.date(y + mo // 12, mo % 12 + 1, 1)
            try:
                last = after - datetime.timedelta(days=1)
                return datetime.date(y, mo, int(match[day])) if day else last
            except ValueError:  # 31 April
                continue
    return None
