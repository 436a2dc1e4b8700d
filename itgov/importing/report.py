"""What an import did, for people and for programs."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from itgov.importing.row_results import TableAccount
from itgov.importing.trouble import CellProblem
from itgov.model.text import plural

FileState = Literal["new", "changed", "unchanged", "refused"]


class ImportedFile(Struct):
    """A portfolio file and what became of it."""

    path: str
    state: FileState
    new: int = 0
    """Investments that were added."""
    updated: int = 0
    reason: str = ""
    """Why it was refused."""


class UpdatedInvestment(Struct):
    """An investment that was there, and the fields that changed."""

    id: str
    path: str
    fields: list[str]


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
    vanished: list[str] = []
    """Ids that an earlier import brought and that are not in these tables any more."""
    notes: list[str] = []
    investments: int = 0
    without_owner: int = 0
    without_manager: int = 0
    currency: str | None = None
    spend: int | float = 0
    spend_without_outcome: int | float = 0

    @property
    def is_complete(self) -> bool:
        """Whether every row of every table is accounted for."""
        return all(a.is_complete for a in self.accounts)

    @property
    def is_refused(self) -> bool:
        """Whether a file could not be written."""
        return any(f.state == "refused" for f in self.files)

    @property
    def left_out(self) -> list[CellProblem]:
        """The cells that were left out; `--strict` fails on them."""
        return [p for p in self.problems if p.left_out]

    def render_text(self, most: int = 20) -> str:
        """Return the summary as plain text, lists cut after `most` lines."""
        lines = [
            f"import by {self.mapping} into {self.target}"
            + (" (dry run: nothing was written)" if self.dry_run else "")
        ]
        for account in self.accounts:
            lines += account.lines()
        total = sum(a.rows for a in self.accounts)
        lines.append(
            f"{plural(total, 'row')}, "
            + (
                "all accounted for"
                if self.is_complete
                else "NOT ALL ACCOUNTED FOR: please report this"
            )
        )
        lines += _listed(
            f"{plural(len(self.problems), 'cell')} to check",
            [str(p) for p in self.problems],
            most,
        )
        lines.append(
            f"investments: {len(self.new):,} new, {len(self.updated):,} updated, "
            f"{self.unchanged:,} unchanged, in {plural(len(self.units), 'unit')}"
        )
        lines += _listed(
            "updated", [f"{u.id} ({u.path}): {', '.join(u.fields)}" for u in self.updated], most
        )
        lines += _listed(
            f"{len(self.vanished):,} no longer in these tables; nothing was deleted",
            self.vanished,
            most,
        )
        lines += _listed("to check", self.notes, most)
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
        return "\n".join(lines) + "\n"

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


def _listed(title: str, items: list[str], most: int) -> list[str]:
    if not items:
        return []
    more = [f"    … and {len(items) - most:,} more"] if len(items) > most else []
    return [f"{title}:", *(f"    {i}" for i in items[:most]), *more]
