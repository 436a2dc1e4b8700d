"""Values in the files that an import writes over, each with what stood there."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from itgov.files.edit import Change, Remove, Set
from itgov.importing.draft import RECORDED
from itgov.importing.existing import Known
from itgov.importing.trouble import shown


class Replaced(Struct, frozen=True):
    """A value of an investment that the tables say otherwise, or say to be withheld."""

    field: str
    was: str
    now: str
    """Blank where it was taken out."""
    is_same_report: bool
    """Whether the file has it of the same day, or of none: then somebody has changed it since."""

    def __str__(self) -> str:
        now = f"now `{shown(self.now)}`" if self.now else "now taken out"
        since = " (not by a newer report: changed since the last import?)"
        return f"{self.field}: was `{shown(self.was)}`, {now}{since if self.is_same_report else ''}"


def replaced(known: Known, changes: Sequence[Change], is_newer: bool) -> list[Replaced]:
    """Return the values that changes to an investment write over; lists and records are gone into."""
    found: list[Replaced] = []
    for change in changes:
        if not isinstance(change, (Set, Remove)) or change.route[2:4] == ("custom", RECORDED):
            continue
        before: object = known.record
        names: list[str] = []
        for step in change.route[2:]:
            if isinstance(before, list) and isinstance(step, int) and step < len(before):
                before = before[step]
                key = (
                    before.get("id") or before.get("year") or before.get("date")
                    if isinstance(before, dict)
                    else step
                )
                names.append(str(key))
            else:
                before = before.get(step) if isinstance(before, dict) else None
                names.append(str(step))
        if before in (None, "", [], {}):
            continue
        now = str(change.value) if isinstance(change, Set) else ""
        found.append(Replaced(" ".join(names), str(before), now, not is_newer))
    return found
