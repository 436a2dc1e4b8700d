"""What the cells of a column look like: dates, amounts, words, and how a mapping would say so."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial

from msgspec import Struct, structs

from itgov.files.write import text
from itgov.importing import dates
from itgov.importing import values as v
from itgov.importing.cells import Cell
from itgov.importing.languages import other_phrases, plain_words
from itgov.importing.layout import Sign
from itgov.importing.tables import SourceTable, header_key
from itgov.importing.trouble import shown
from itgov.importing.units import says_unit, unit_in_name
from itgov.model.people_in_text import people_in

Test = Callable[[Cell], object]
"""Reads a cell as something, and raises BadCell where it is not that."""

ENOUGH = 0.8
"""Share of a column's filled cells that must read as something for the column to be that."""

MOST = 0.6
"""The same for a column whose name says already that it holds dates or amounts."""

_FORMATS = (
    *("DD.MM.YYYY", "DD/MM/YYYY", "MM/DD/YYYY", "DD-MM-YYYY", "MM-DD-YYYY", "DD.MM.YY", "DD/MM/YY"),
    *("MM/DD/YY", "MMM-YY", "MMM YYYY", "MMMM YYYY", "MM.YYYY", "MM/YYYY"),
)
_LONGEST_DATE = 40
_LIKE_A_DATE = re.compile(
    r"^\s*(?:\d{1,2}[./-](?:\d{1,2}[./-])?\d{2,4}\b|[^\W\d_]{3,10}\.?[\s-]+\d{2,4}\s*$)"
)
"""What may be one in the formats that have to be said."""
_NAME = re.compile(r"(?:[^\W\d_][\w.'’-]*\s+){1,4}[^\W\d_][\w.'’-]*")
"""A name of at least two words."""


class ColumnLook(Struct):
    """A column and what its cells look like."""

    name: str
    cells: list[Cell]
    rows: int
    taken: bool = False
    template: str = ""
    """How a mapping reads it, where it is several columns of the file in one."""
    headings: int = 0
    """How many headings stand above the rows, where it holds these."""
    faults: int = 0
    """Cells that hold no value: failed formulas."""
    formats: str = ""
    """The date format that its cells are read in, where it must be said."""
    sign: Callable[[], Sign] | None = None
    """Tells from the whole table how a column separates decimals, where its cells leave it open."""
    is_by_semicolon: bool = False
    """Whether `;` separates the cells of the table, as where the comma separates decimals."""
    texts: list[str] = []
    kinds: list[tuple[Cell, int]] = []
    plain: list[tuple[float, str]] | None = None
    """Its amounts that do not say their unit themselves, once that was asked."""
    shares: dict[Test, float] = {}
    """Which shares of its cells readers accept, once that was asked."""
    dated: tuple[list[str] | None, ...] = ()
    told: tuple[str | None, ...] = ()
    """How it does, once that was asked."""
    places: list[int] = []
    """In which row, from 0, each filled cell stands."""
    counts: int | None = None
    """What a row of units under the header says that its amounts count."""
    scale: int | None = None
    """What its amounts count, where that was asked of this column and not of all."""

    @property
    def key(self) -> str:
        """The name, for comparing."""
        return key_words(self.name)

    @property
    def words(self) -> list[str]:
        """The filled cells as text on one line."""
        if not self.texts:
            self.texts = [v.one_line(c) for c in self.cells]
        return self.texts

    def by_row(self) -> Iterator[tuple[int, Cell]]:
        """Yield each filled cell with its row."""
        return zip(self.places or range(len(self.cells)), self.cells, strict=True)

    @property
    def is_unique(self) -> bool:
        """Whether every row has a value of its own."""
        return len(self.cells) == self.rows and len({w.casefold() for w in self.words}) == self.rows

    def counted(self) -> list[tuple[Cell, int]]:
        """Return each different cell that says something, and how often it stands there."""
        if not self.kinds:
            self.kinds = _counted(self.cells)
        return self.kinds

    def share(self, reads: Test) -> float:
        """Return the share of filled cells that a reader accepts; 0 below MOST."""
        if reads not in self.shares:
            self.shares[reads] = _share(self.counted(), reads)
        return self.shares[reads]

    def reads_all(self, reads: Test) -> bool:
        """Say whether a reader accepts every filled cell."""
        return all(is_read(cell, reads) for cell, _ in self.counted())

    def again(self) -> ColumnLook:
        """Return the column with what was told of its cells, and nothing that was chosen of it."""
        return structs.replace(self, taken=False, formats="", scale=None)

    def let_go(self) -> None:
        """Forget the cells, and what was told of each."""
        self.cells, self.texts, self.kinds, self.places = [], [], [], []
        self.plain = None

    def comment(self) -> str:
        """Return what a person wants to know of the column."""
        examples = ", ".join(f"`{shown(w)[:40]}`" for w in list(dict.fromkeys(self.words))[:3])
        return f"{len(self.cells)} of {self.rows} filled" + (f": {examples}" if examples else "")


def column_look(table: SourceTable, name: str) -> ColumnLook:
    """Return a column of a table and what its cells look like."""
    cells = table.column_cells(name)
    texts = list(map(v.one_line, cells))
    places = [row for row, text in enumerate(texts) if text]
    at = table.position(name)
    faults = sum(f.at == at for f in table.faults)
    return ColumnLook(
        name,
        [cells[p] for p in places],
        len(cells),
        faults=faults,
        texts=[texts[p] for p in places],
        places=places,
        sign=partial(table.decimal_sign, name),
        is_by_semicolon=table.is_by_semicolon,
        counts=table.scale(name),
    )


def key_words(name: str) -> str:
    """Return the words of a column's name, in small letters."""
    return re.sub(r"[_\W]+", " ", header_key(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)))


def share_of(cells: list[Cell], reads: Test) -> float:
    """Return the share of cells that a reader accepts, placeholders aside; 0 below MOST."""
    return _share(_counted(cells), reads)


def _counted(cells: list[Cell]) -> list[tuple[Cell, int]]:
    if all(type(c) is str for c in cells):
        found: Iterable[tuple[Cell, int]] = Counter(cells).items()
    else:  # 1, 1.0 and true are equal, and not the same
        found = [(c, times) for (_, c), times in Counter((type(c), c) for c in cells).items()]
    return [(cell, times) for cell, times in found if not v.is_placeholder(v.one_line(cell))]


def _share(counted: list[tuple[Cell, int]], reads: Test) -> float:
    total = good = sum(times for _, times in counted)
    for cell, times in counted:
        if not is_read(cell, reads):
            good -= times
            if good < MOST * total:
                return 0.0
    return good / total if total else 0.0


def is_read(cell: Cell, reads: Test) -> bool:
    """Say whether a reader accepts a cell."""
    try:
        reads(cell)
    except v.BadCell:
        return False
    return True


def wordy(cell: Cell) -> None:
    """Accept a cell that holds words."""
    if not isinstance(cell, str) or not re.search(r"[^\W\d_]{2}", cell):
        raise v.BadCell("is no text")


def lettered(cell: Cell) -> None:
    """Accept a cell that holds a letter: a title may be short."""
    if not isinstance(cell, str) or not re.search(r"[^\W\d_]", cell):
        raise v.BadCell("is no text")


def personal(cell: Cell) -> None:
    """Accept a cell that holds a name, or says that nobody is named."""
    if people_in(v.one_line(cell)):
        wordy(cell)


def are_people(column: ColumnLook) -> bool:
    """Say whether most cells of a column name people, and no units or posts."""
    counted = column.counted()
    people = sum(times for cell, times in counted if _is_person(v.one_line(cell)))
    return people > MOST * sum(times for _, times in counted)


def _is_person(word: str) -> bool:
    if "@" in word:
        return True
    named = people_in(word)
    if not named or plain_words(word) in other_phrases("unit_words"):
        return False
    return all(p is not None and _NAME.fullmatch(p.name) for p in named)


def is_prose(column: ColumnLook, may_describe: bool = False) -> bool:
    """Say whether a column holds sentences about something, and not a short text for it.

    A name of remarks says so already, unless it `may_describe`.
    """
    if not may_describe and plain_words(column.name) in other_phrases("remarks"):
        return True
    long = sum(len(w.split()) > 12 or w.endswith(".") for w in column.words)
    return long * 3 > len(column.words)


def is_score(column: ColumnLook) -> bool:
    """Say whether a column holds marks from 0 to 10, and no money."""
    counted = column.counted()
    has_several = len(counted) > 1 or any(times > 1 for _, times in counted)
    return has_several and all(re.fullmatch(r"\d|10", v.one_line(c)) for c, _ in counted)


def date_formats(column: ColumnLook) -> list[str] | None:
    """Return the formats in which a column can be read, the likeliest first; None for none."""
    if not column.dated:
        column.dated = (_date_formats(column.counted()),)
    return column.dated[0]


def _date_formats(counted: list[tuple[Cell, int]]) -> list[str] | None:
    total = possible = sum(times for _, times in counted)
    unclear: list[tuple[Cell, int]] = []
    for cell, times in counted:
        if _is_date("", cell):
            continue
        if isinstance(cell, str) and _LIKE_A_DATE.search(cell):
            unclear.append((cell, times))
            continue
        possible -= times
        if possible < MOST * total:
            return None
    clear = possible - sum(times for _, times in unclear)
    if total and clear >= MOST * total:
        return [""]
    if not total:
        return None
    shares = {
        f: (clear + sum(times for cell, times in unclear if _is_date(f, cell))) / total
        for f in _FORMATS
    }
    fitting = sorted((f for f in _FORMATS if shares[f] >= MOST), key=lambda f: -shares[f])
    return [f for f in fitting if shares[f] == shares[fitting[0]]] or None


def _is_date(wanted: str, cell: Cell) -> bool:
    if isinstance(cell, str):
        text = v.one_line(cell)
        if not wanted and (len(text) > _LONGEST_DATE or not dates.may_be_clear_date(text)):
            return False
        if wanted and not dates.date_pattern(wanted).match(text):
            return False
    try:
        read_date(wanted, cell)
    except v.BadCell:
        return False
    return True


def decimal_of(column: ColumnLook) -> str | None:
    """Return how a column separates decimals; None where it holds no amounts."""
    if not column.told:
        shares = {".": column.share(money_reader("."))}
        comma = money_reader(",")
        if shares["."] < 1:
            shares[","] = column.share(comma)
        else:  # it is no better; where it is as good the column says which
            shares[","] = float(column.reads_all(comma))
        best = max(shares, key=lambda d: shares[d])
        holds_amounts = shares[best] >= MOST
        if holds_amounts and shares["."] == shares[","] and column.sign is not None:
            best = column.sign().decimal
        column.told = (best if holds_amounts else None,)
    return column.told[0]


def _scale(column: ColumnLook) -> int:
    if column.scale is not None:
        return column.scale
    scale = unit_in_name(column.name)
    return 1 if scale != 1 and column.words and all(map(says_unit, column.words)) else scale


def has_scale(column: ColumnLook) -> bool:
    """Say whether a column's name or cells say that its amounts are in thousands or millions."""
    return says_scale(column) or any(map(says_unit, column.words))


def says_scale(column: ColumnLook) -> bool:
    """Say whether a column's name, or the row under it, says what its amounts count."""
    return column.counts is not None or unit_in_name(column.name) != 1


def money_spec(column: ColumnLook, where: str = "") -> str:
    """Return how a mapping reads a column of amounts, with the scale that its name says.

    `where` is a condition on its rows.
    """
    scale = _scale(column)
    name = text(column.name, True)
    said = f", scale: {scale}" if scale != 1 or column.scale is not None else ""
    said += f", where: {where}" if where else ""
    return f"{{column: {name}{said}}}" if said else name


def date_spec(column: ColumnLook) -> str:
    """Return how a mapping reads a column of dates, with its format where it has to be said."""
    name = text(column.name, True)
    return f"{{column: {name}, formats: [{column.formats}]}}" if column.formats else name


def fiscal_year_spec(column: ColumnLook) -> str:
    """Return how a mapping reads the fiscal year of a column of dates."""
    formats = f", formats: [{column.formats}]" if column.formats else ""
    return f"{{column: {text(column.name, True)}, as: fiscal_year{formats}}}"


def name_of(column: ColumnLook, flow: bool = False) -> str:
    """Return a column's name as YAML; of several in one how they are read."""
    if column.template:
        return f"{{template: {text(column.template, True)}}}"
    return text(column.name, flow)


def custom_spec(column: ColumnLook, is_money: bool = False) -> str:
    """Return how a mapping keeps a column that has no field of ours."""
    name = text(column.name, True)
    scale, sign = _scale(column), decimal_of(column) or "."
    is_kept = is_money and decimal_of(column) is not None
    is_money = is_money or scale != 1 or any(c in "".join(column.words[:20]) for c in "£$€")
    if is_kept or (is_money and column.share(money_reader(sign)) == 1):
        return f"{{column: {name}, as: money{f', scale: {scale}' if scale != 1 or column.scale else ''}}}"
    if column.share(v.number) == 1 and not is_code(column):
        return f"{{column: {name}, as: number}}"
    return name_of(column)


def is_code(column: ColumnLook) -> bool:
    """Say whether a column's name says that its numbers are names of something."""
    return bool(re.search(r"\bid\b|code|number|\bno\b", column.key))


def read_date(wanted: str, cell: Cell) -> datetime.date:
    """Read a cell as a date in one format; without one, in those that are clear."""
    return dates.date(cell, [wanted] if wanted else [])


@cache
def date_reader(wanted: str) -> Test:
    """Return what reads a cell as a date in one format."""
    return partial(read_date, wanted)


@cache
def money_reader(decimal: str) -> Test:
    """Return what reads a cell as an amount."""
    return partial(read_money, decimal)


def read_money(decimal: str, cell: Cell) -> int | float:
    """Read a cell as an amount."""
    if isinstance(cell, str) and not v.may_be_amount(cell):
        raise v.BadCell("is not an amount")
    return v.money(cell, decimal)
