"""Rows that are sums of other rows, and so no records: totals, subtotals, groups above their rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from msgspec import Struct

from itgov.importing.cells import Cell, CellRow, count_filled, is_blank
from itgov.importing.layout import decimal_sign, is_word
from itgov.importing.trouble import rows_text, shown
from itgov.importing.values import BadCell, money, one_line, own_power

_TOTAL = re.compile(
    r"(?:grand|sub|overall|column|net|eind)?[\s-]*(?:total|totals|totaal|totaux)\b.{0,60}"
    r"|sum(?: of)?(?: all)?\b.{0,30}|(?:suma|soma)\b.{0,40}|somme\b.{0,40}|ensemble"
    r"|(?:zwischen|gesamt|end)?summe\b.{0,40}|(?:ins)?gesamt\b.{0,40}|sous[\s-]total\b.{0,40}"
    r"|(?:(?:carried|brought) forward|[uü]bertrag|[aà] reporter)\b.{0,40}"
    r"|.{1,60}\b(?:sub)?(?:total|totals|gesamt|summe)",
    re.IGNORECASE,
)

_HINTS = ("tot", "sum", "som", "ensemble", "gesamt", "forward", "bertrag", "reporter")
"""Of these every such text has one in it."""

_BARE = re.compile(
    r"(?:grand|sub|overall|net)?[\s-]*totals?|(?:sum(?:me)?|somme|suma)|(?:zwischen|gesamt|end)summe"
    r"|(?:ins)?gesamt|sous[\s-]total|total (?:g[eé]n[eé]ral|general|geral)|(?:sub|eind)?totaal|soma|gesamtergebnis",
    re.IGNORECASE,
)
"""A text that says nothing but that it is a total."""

_DIGIT = re.compile(r"\d")


class NoRecord(Struct, frozen=True):
    """Why a row is no record."""

    number: int
    reason: str
    is_sure: bool
    """Whether it holds no money of its own."""
    is_said: bool = False
    """Whether a word says that it is a total."""


class Sums:
    """The rows of a table that are sums of other rows, for whatever columns are its keys."""

    def __init__(self, rows: list[CellRow], counts: dict[int, int]) -> None:
        """Begin with the rows; `counts` is what the amounts of each column count.

        That is for cells that say another unit themselves.
        """
        self.rows, self.counts = rows, counts
        self.filled = {row.number: count_filled(row.cells) for row in rows}
        self.labels = {row.number: label for row in rows if (label := _label(row.cells))}
        self.above = _groups_above(rows, counts, self.labels)

    def no_records(self, keys: Sequence[Collection[int]] = ()) -> tuple[dict[int, NoRecord], str]:
        """Return the rows that are sums of others, by number, and what to say of those that are none.

        A row with texts of its own, such as an id, a title and a unit, is an investment, also where
        it is as large as the rows under it.  A row that fills all columns of one of `keys` has an
        id, and is no total where it does not say so.
        """
        above = self.above
        said = ""
        texts = {row.number: row.cells for row in self.rows} if above else {}
        dropped: list[int] = []
        if any(not r.is_said and _texts(texts[r.number]) >= _OWN for r in above):
            dropped = [r.number for r in above if not r.is_said]
            above = [r for r in above if r.is_said]
        found = {row.number: row for row in above}
        rest = [row for row in self.rows if row.number not in found] if found else self.rows
        found |= {row.number: row for row in self._totals(rest, keys)}
        if own := [n for n in dropped if n not in found]:
            said = (
                f"rows as large as the sum of the rows under them, but with texts of their own or beside "
                f"such, are read as investments: rows {rows_text(own)}; if they are groups, their money "
                "counts twice"
            )
        return found, said

    def _totals(self, rows: list[CellRow], keys: Sequence[Collection[int]]) -> list[NoRecord]:
        """Return the rows that are sums of other rows: by their words, by their figures, or both.

        A row that says so in words is one where its figures are the sum of rows above it, or where
        it has much fewer cells than the others; a row without words only where its figures are.
        """
        labels, counts = self.labels, self.counts
        filled = [self.filled[r.number] for r in rows]
        usual = sorted(filled)[len(filled) // 2] if filled else 0
        few = {
            r.number
            for r, count in zip(rows, filled, strict=True)
            if count * 2 <= usual and not any(_fills(r.cells, columns) for columns in keys)
        }
        few |= {
            r.number
            for above, r, count in zip(rows, rows[1:], filled[1:], strict=False)
            if count < usual and _only_names_group(r.cells, above.cells)
        }
        bare = {n for n, label in labels.items() if _BARE.fullmatch(label)}
        if not few and not labels:
            return []
        signs = _signs(
            rows,
            {c for r in rows if r.number in few or r.number in labels for c in _numeric(r.cells)},
        )
        found: list[NoRecord] = []
        whole: dict[int, float] = {}
        since: dict[int, float] = {}
        counted: dict[int, bool] = {}  # whether a column holds anything but years
        summed = since_rows = with_figures = 0
        for row, count in zip(rows, filled, strict=True):
            figures = _figures(row.cells, signs, counts)
            label = labels.get(row.number, "")
            if summed and (label or row.number in few):
                sums = [
                    (a, [part[c] for part in (whole, since) if c in part])
                    for c, a in figures.items()
                ]
                meets = [any(_same(a, s) for s in candidates) for a, candidates in sums]
                years = [not counted.get(c, True) for c in figures]
                if all(years):  # a column of amounts that all look like years
                    years = [False] * len(years)
                is_sum = any(m and not y for m, y in zip(meets, years, strict=True)) and all(
                    m or y for m, y in zip(meets, years, strict=True)
                )
                has_few = count * 3 <= usual * 2
                is_alone = row.number in bare and sum(map(is_word, row.cells)) == 1
                has_words = any(map(is_word, row.cells))
                enough = with_figures if has_words else summed
                least = 2 if found and not has_words else int(not has_words or since_rows == 0)
                if (is_sum and (label or (enough > 1 and least + since_rows > 1))) or (
                    label and (has_few or is_alone)
                ):
                    said = f"a total, `{shown(label)}`" if label else "a total without a word"
                    wrong = "" if is_sum or not figures else _mismatch(sums, years)
                    found.append(NoRecord(row.number, f"{said}{wrong}", is_sum or not figures))
                    since.clear()
                    since_rows = 0
                    continue
            summed += 1
            since_rows += 1
            with_figures += bool(figures)
            for column, amount in figures.items():
                whole[column] = whole.get(column, 0) + amount
                since[column] = since.get(column, 0) + amount
                is_year = amount.is_integer() and 1900 <= amount <= 2200
                counted[column] = counted.get(column, False) or not is_year
        return found


def _label(cells: list[Cell]) -> str:
    """Return the text of a row that says that it is a total."""
    joined = "\n".join(c for c in cells if type(c) is str).casefold()
    if not any(hint in joined for hint in _HINTS):
        return ""
    for cell in cells:
        if type(cell) is str and len(cell) <= 120 and _TOTAL.fullmatch(text := one_line(cell)):
            return text.rstrip(":")
    return ""


def _only_names_group(cells: list[Cell], above: list[Cell]) -> bool:
    """Say whether the only text of a row is one of several of the row above, such as their unit."""
    group = -1
    for at, cell in enumerate(cells):  # of nearly every row the first word is its own
        if is_word(cell):
            if group >= 0 or at >= len(above) or above[at] != cell:
                return False
            group = at
    return group >= 0 and _texts(above) > 1


def _fills(cells: list[Cell], columns: Collection[int]) -> bool:
    return all(at < len(cells) and not is_blank(cells[at]) for at in columns)


def _numeric(cells: list[Cell]) -> list[int]:
    """Return where in a row a figure may stand."""
    return [at for at, cell in enumerate(cells) if _may_be_figure(cell)]


def _may_be_figure(cell: Cell) -> bool:
    if isinstance(cell, str):
        return len(cell) <= 40 and _DIGIT.search(cell) is not None
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)


def _signs(rows: list[CellRow], columns: set[int]) -> dict[int, str]:
    """Return what separates decimals in each of the columns."""
    return {
        at: decimal_sign("", [r.cells[at] for r in rows if at < len(r.cells)]).decimal
        for at in sorted(columns)
    }


def _figures(cells: list[Cell], signs: dict[int, str], counts: dict[int, int]) -> dict[int, float]:
    """Return the amounts of a row, by column, in what the column counts."""
    found: dict[int, float] = {}
    for at, sign in signs.items():
        if at >= len(cells) or not _may_be_figure(cell := cells[at]):
            continue
        if isinstance(cell, (int, float)):
            found[at] = float(cell)
            continue
        for decimal in (sign, "," if sign == "." else "."):
            try:
                unit = counts.get(at, 1) if own_power(str(cell)) is not None else 1
                found[at] = float(money(cell, decimal)) / unit
            except BadCell:
                continue
            break
    return found


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= max(0.011, abs(one) * 1e-6)


def _mismatch(sums: list[tuple[float, list[float]]], years: list[bool]) -> str:
    """Say by which figures a total differs from the rows that it stands under."""
    wrong = [
        f"{a:,.12g}, but the rows above sum to {' or '.join(f'{s:,.12g}' for s in dict.fromkeys(found))}"
        for (a, found), is_year in zip(sums, years, strict=True)
        if found and not is_year and not any(_same(a, s) for s in found)
    ]
    return f", which says {'; '.join(wrong)}" if wrong else ""


# -- groups above their rows ---------------------------------------------------------------


_LEAST_NESTED, _MOST_NESTED = 6, 1_000
"""Rows of a table in which groups in groups are looked for."""

_OWN = 3
"""Texts of a row that is an investment of its own: its id, title and unit."""

_SAMPLE = 50
"""Rows whose cells say which columns hold figures."""


def _texts(cells: list[Cell]) -> int:
    return sum(map(is_word, cells))


def _groups_above(
    rows: list[CellRow], counts: dict[int, int], labels: dict[int, str]
) -> list[NoRecord]:
    """Return the rows that are sums of the rows under them, as a pivot table has its groups.

    Only where the whole table is made so: each row is a group or in one, and the figures of every
    column agree. A total of all rows that stands above them is one, too.
    """
    whole = [r for r in rows if not _BARE.fullmatch(labels.get(r.number, ""))]
    on_top = rows[:1] if rows[:1] != whole[:1] else []
    if len(whole) + len(on_top) < 3:
        return []
    named = [*on_top, *whole]
    first = named[:_SAMPLE]
    signs = _signs(first, {c for r in first for c in _numeric(r.cells)})
    sample = [_figures(r.cells, signs, counts) for r in first]
    columns = [
        c
        for c in signs
        if all(c in f for f in sample)
        and not all(f[c].is_integer() and 1900 <= f[c] <= 2200 for f in sample)
        and any(f[c] for f in sample)
    ]
    read: list[list[float]] = []

    def figures(at: int) -> list[float]:
        while len(read) <= at:
            found = _figures(named[len(read)].cells, signs, counts)
            read.append([found.get(c, 0.0) for c in columns])
        return read[at]

    groups = _groups(figures, len(named)) if columns else []
    is_nested = not groups
    if columns and is_nested and _LEAST_NESTED <= len(named) <= _MOST_NESTED:
        groups = _nested_groups([figures(at) for at in range(len(named))])
    filled = [_filled(figures, at, count) for at, count in groups]
    if not any(count > 1 for count in filled):  # one row beside zeros is as large by chance
        return []
    if len(groups) == 1 and not on_top and filled[0] < 3:
        return []
    has_total = bool(on_top) or len(whole) < len(rows)
    unsure = set() if has_total or not is_nested else _doubtful(groups, len(named))
    return [
        NoRecord(
            named[at].number,
            f"the sum of the {count:,} row{'s' if count > 1 else ''} under it, "
            f"`{shown(_first_text(named[at].cells))}`"
            f"{_UNSURE if at in unsure else ''}",
            at not in unsure,
            at == 0 and bool(on_top),
        )
        for at, count in groups
    ]


def _filled(figures: Callable[[int], list[float]], at: int, count: int) -> int:
    """Return how many of the rows under a group hold figures that are not zero."""
    return sum(any(figures(row)) for row in range(at + 1, at + 1 + count))


def _groups(figures: Callable[[int], list[float]], rows: int) -> list[tuple[int, int]]:
    """Return each group and how many rows are in it; nothing where not every row is in one."""
    found: list[tuple[int, int]] = []
    at = 0
    while at < rows:
        wanted = figures(at)
        sums = [0.0] * len(wanted)
        for end in range(at + 1, rows):
            sums = [s + f for s, f in zip(sums, figures(end), strict=True)]
            if all(map(_same, wanted, sums)):
                break
            if end - at > _SAMPLE and any(
                abs(s) > 10 * abs(w) for s, w in zip(sums, wanted, strict=True)
            ):
                return []
        else:
            return []
        found.append((at, end - at))
        at = end + 1
        while at < rows and not any(figures(at)) and (at + 1 == rows or any(figures(at + 1))):
            found[-1] = (found[-1][0], found[-1][1] + 1)  # a row of nothing, last in its group
            at += 1
    return found


def _nested_groups(figures: list[list[float]]) -> list[tuple[int, int]]:
    """Return the same where groups have groups in them: each with how many rows it is the sum of."""
    after = [at + 1 for at in range(len(figures))]
    found: dict[int, int] = {}
    for at in range(len(figures) - 2, -1, -1):
        wanted = figures[at]
        sums = [0.0] * len(wanted)
        end, count = at + 1, 0
        while end < len(figures):
            sums = [s + f for s, f in zip(sums, figures[end], strict=True)]
            end, count = after[end], count + 1
            if all(map(_same, wanted, sums)):
                after[at], found[at] = end, count
                break
    top = 0
    while top < len(figures):
        if top not in found:
            return []
        top = after[top]
    return sorted(found.items())


def _doubtful(groups: list[tuple[int, int]], rows: int) -> set[int]:
    """Return the groups that may as well be rows of the group above, and by chance as large.

    Each ends where its topmost group ends and holds nothing but groups, which may stand beside that.
    """
    counts, after, parent = dict(groups), list(range(1, rows + 1)), list(range(rows))
    has_rows: set[int] = set()
    for at in range(rows - 1, -1, -1):
        for _ in range(counts.get(at, 0)):
            parent[after[at]] = at
            if after[at] not in counts:
                has_rows.add(at)
            after[at] = after[after[at]]
    found: set[int] = set()
    for at in range(rows):
        if parent[at] != at and at in counts and at not in has_rows:
            top = parent[parent[at]]
            if after[at] == after[top]:
                found.add(at)
        parent[at] = parent[parent[at]]  # those above are done, and say the topmost
    return found


_UNSURE = ", or a row of the group above it"


def _first_text(cells: list[Cell]) -> str:
    return next((one_line(c) for c in cells if is_word(c)), "")
