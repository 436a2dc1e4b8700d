"""What an import did, for people and for programs."""

from __future__ import annotations

import datetime
from typing import Literal

from msgspec import Struct

from itgov.importing.draft import Conflict
from itgov.importing.near_names import PerhapsSame
from itgov.importing.replaced import Replaced
from itgov.importing.row_results import TableAccount
from itgov.importing.table_day import TableDay
from itgov.importing.totals import ColumnTotal
from itgov.importing.trouble import CellProblem, shown
from itgov.importing.unread_money import UnreadMoney
from itgov.model.text import plural

FileState = Literal["new", "changed", "unchanged", "refused"]


class ImportedFile(Struct):
    """A portfolio file and what became of it."""

    path: str
    state: FileState
    new: int = 0
    """Investments that were added."""
    updated: int = 0
    marked: int = 0
    """Investments that were marked as gone."""
    reason: str = ""
    """Why it was refused."""


class UpdatedInvestment(Struct):
    """An investment that was there, and the fields that changed."""

    id: str
    path: str
    fields: list[str]
    replaced: list[Replaced] = []
    """The values that stood there, with what is written over them."""


class GoneInvestment(Struct, frozen=True):
    """An investment that an earlier import brought and that is not in the tables any more."""

    id: str
    unit: str
    since: datetime.date
    """The day of the first table without it."""
    spend: int | float
    is_new: bool
    """Whether it was not marked before."""

    def __str__(self) -> str:
        return f"{shown(self.id)} ({self.unit}): since {self.since}, {self.spend:,}"


class ImportReport(Struct):
    """The summary of an import: every row, file and investment accounted for."""

    mapping: str
    target: str
    dry_run: bool
    accounts: list[TableAccount] = []
    problems: list[CellProblem] = []
    files: list[ImportedFile] = []
    units: list[str] = []
    new: list[str] = []
    """Ids of the investments that were added."""
    updated: list[UpdatedInvestment] = []
    unchanged: int = 0
    gone: list[GoneInvestment] = []
    """What an earlier import, or an earlier one of these tables, brought and the later do not have."""
    when_gone: str = "keep"
    """What became of their stage."""
    missing_same_day: list[str] = []
    """Ids that are missing in tables of the day on which they were imported: not marked."""
    not_judged: dict[str, int] = {}
    """Investments of units that the tables do not speak of, by unit."""
    notes: list[str] = []
    investments: int = 0
    without_owner: int = 0
    without_manager: int = 0
    currency: str | None = None
    spend: int | float = 0
    spend_without_outcome: int | float = 0
    totals: list[ColumnTotal] = []
    """What each column of money sums to, and what became of it."""
    unread_money: list[UnreadMoney] = []
    """Columns that may hold money and that the mapping reads for nothing."""
    unaccounted: float = 0
    """By how much the investments hold more or less than the totals say; 0 always."""
    conflicts: list[Conflict] = []
    """What rows of one report say differently of one investment."""
    days: list[TableDay] = []
    """Of which day each file is, and what says so."""
    perhaps_same: list[PerhapsSame] = []
    """New investments that are perhaps old ones under another name or id."""
    moved: list[str] = []
    """Investments that were moved to the file of another unit."""
    kept: list[str] = []
    """Amounts that the newest tables leave blank, by investment."""
    older: list[str] = []
    """Investments of which newer values are there, so that only what was missing is filled in."""

    @property
    def is_complete(self) -> bool:
        """Whether every row of every table is accounted for."""
        return all(a.is_complete for a in self.accounts)

    @property
    def is_refused(self) -> bool:
        """Whether a file could not be written."""
        return any(f.state == "refused" for f in self.files)

    @property
    def is_sound(self) -> bool:
        """Whether all money was imported, perhaps none twice, and nothing contradicts it.

        Rows may contradict each other, or the files, where no newer report says otherwise.
        """
        return (
            not self.conflicts
            and not self.perhaps_same
            and not self.unaccounted
            and not any(a.has_rows_too_wide for a in self.accounts)
            and not any(r.is_same_report for u in self.updated for r in u.replaced)
            and all(t.is_sound for t in self.totals)
        )

    @property
    def left_out(self) -> list[CellProblem]:
        """The cells that were left out; `--strict` fails on them."""
        return [p for p in self.problems if p.left_out]

    def render_text(self, most: int | None = 20) -> str:
        """Return the summary as plain text, lists cut after `most` lines; None for all."""
        lines = [
            f"import by {self.mapping} into {self.target}"
            + (" (dry run: nothing was written)" if self.dry_run else "")
        ]
        for account in self.accounts:
            lines += account.lines(most)
        lines += listed("of which day", [str(day) for day in self.days], most)
        total = sum(a.rows for a in self.accounts)
        lines.append(
            f"{plural(total, 'row')}, "
            + (
                "all accounted for"
                if self.is_complete
                else "NOT ALL ACCOUNTED FOR: please report this"
            )
        )
        lines += listed(
            f"{plural(len(self.problems), 'cell')} to check",
            [str(p) for p in self.problems],
            most,
        )
        lines.append(
            f"investments: {len(self.new):,} new, {len(self.updated):,} updated, "
            f"{self.unchanged:,} unchanged, in {plural(len(self.units), 'unit')}"
        )
        lines += listed(
            "updated", [f"{u.id} ({u.path}): {', '.join(u.fields)}" for u in self.updated], most
        )
        lines += listed(
            "values in the files that were replaced",
            [f"{shown(u.id)}: {r}" for u in self.updated for r in u.replaced],
            most,
        )
        lines += listed("moved to the unit that the tables have them under", self.moved, most)
        lines += self._missing(most)
        twice = sum(p.spend for p in self.perhaps_same)
        lines += listed(
            f"{plural(len(self.perhaps_same), 'investment')} perhaps the same as one that these tables do not "
            f"have any more; then {self.currency or ''} {twice:,} count twice",
            [str(pair) for pair in self.perhaps_same],
            most,
        )
        lines += listed(
            f"{plural(len(self.older), 'investment')} of an older table than what is there; only what "
            "was missing is filled in",
            self.older,
            most,
        )
        lines += listed(
            f"{plural(len(self.kept), 'investment')} with amounts that the newest table leaves blank; they "
            "stay, marked with the day of the table that has them",
            self.kept,
            most,
        )
        lines += listed("to check", self.notes, most)
        states = {
            s: [f for f in self.files if f.state == s]
            for s in ("new", "changed", "unchanged", "refused")
        }
        lines.append(
            "files: "
            + ", ".join(f"{len(fs):,} {s}" for s, fs in states.items() if fs or s != "refused")
        )
        lines += [f"    refused: {f.reason}" for f in states["refused"]]
        lines += self._truth()
        lines += listed(
            f"{plural(len(self.conflicts), 'value')} of rows that contradict another row of the "
            "same report and key",
            [str(c) for c in self.conflicts],
            most,
        )
        lines += total_lines(self.totals, self.unaccounted, self.currency, most)
        lines += listed(
            "columns that the mapping does not read, and that may hold money (sums of the cells as they "
            "stand)",
            [str(column) for column in self.unread_money],
            most,
        )
        return "\n".join(lines) + "\n"

    def _missing(self, most: int | None) -> list[str]:
        currency = f"{self.currency} " if self.currency else ""
        spend = sum(g.spend for g in self.gone)
        before = sum(not g.is_new for g in self.gone)
        stage = (
            "marked as gone in the files, their stage is as it was (`--gone retired` changes it)"
        )
        if self.when_gone != "keep":
            stage = (
                f"marked as gone in the files and {self.when_gone} since that day, as `--gone` asks"
            )
        marked = f", {before:,} of them as before" if before else ""
        lines = listed(
            f"{len(self.gone):,} not in these tables any more: {currency}{spend:,}; {stage}{marked}",
            [str(g) for g in self.gone],
            most,
        )
        lines += listed(
            f"{len(self.missing_same_day):,} not in these tables, which are of the day on which they were "
            "imported: not marked; if these tables are later, say so with `--as-of`",
            self.missing_same_day,
            most,
        )
        others = [f"{unit}: {count:,}" for unit, count in sorted(self.not_judged.items())]
        count = plural(sum(self.not_judged.values()), "investment")
        return lines + listed(
            f"{count} of units that these tables do not speak of: not marked as gone (`--whole` says that "
            "the tables are the whole register)",
            others,
            most,
        )

    def _truth(self) -> list[str]:
        count = self.investments
        share = f" ({self.spend_without_outcome / self.spend:.0%})" if self.spend else ""
        currency = f"{self.currency} " if self.currency else ""
        return [
            f"no outcome owner: {self.without_owner:,} of {plural(count, 'investment')}; "
            f"no relationship manager: {self.without_manager:,}",
            f"spend {currency}{self.spend:,.0f}, of which "
            f"{currency}{self.spend_without_outcome:,.0f}{share} has no outcome",
        ]


def total_lines(
    totals: list[ColumnTotal], unaccounted: float, currency: str | None, most: int | None = 20
) -> list[str]:
    """Return control totals as lines of text."""
    if not totals:
        return ["control totals: the mapping reads no column of money"]
    lines = [f"control totals{f' in {currency}' if currency else ''}:"]
    for total in totals:
        lines += [f"    {line}" for line in total.lines(None if most is None else 12)]
    if unaccounted:
        lines.append(
            f"    THE FIGURES DO NOT MEET: the investments hold {unaccounted:,} more than was "
            "imported: please report this"
        )
    return lines


def listed(title: str, items: list[str], most: int | None) -> list[str]:
    """Return a list with its title, cut after `most` items; nothing where it is empty."""
    if not items:
        return []
    cut = most is not None and len(items) > most
    more = [f"    … and {len(items) - (most or 0):,} more: `--all` lists them"] if cut else []
    return [f"{title}:", *(f"    {i}" for i in items[:most]), *more]
