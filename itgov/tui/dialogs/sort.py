"""The column to sort by; a digit or enter chooses it."""

from __future__ import annotations

from collections.abc import Mapping

from itgov.tui.dialogs.picker import Choice, Picker, PickerColumn


class SortChoice(Choice, frozen=True):
    """A column to sort by."""

    digit: str = ""
    note: str = ""


SORT: tuple[PickerColumn[SortChoice], ...] = (
    PickerColumn(
        "name", "column", 12, flex=1, cell=lambda c: ((f"{c.digit:<1} ", "key"), (c.name, ""))
    ),
    PickerColumn("note", "order", 11, cell=lambda c: ((c.note, "muted"),)),
)


def sort_menu(titles: Mapping[str, str], current: str, down: bool) -> Picker[SortChoice]:
    """Return the columns by their titles; choosing the current one turns the order around."""
    turn = "▼ downwards" if down else "▲ upwards"
    rows = {
        key: SortChoice(
            key, title, digit=str(place) if place < 10 else "", note=turn if key == current else ""
        )
        for place, (key, title) in enumerate(titles.items(), 1)
    }
    return Picker(
        "Sort by", SORT, rows.__getitem__, lambda typed: list(rows), current=current, width=48,
        shortcuts={row.digit: key for key, row in rows.items() if row.digit},
        keys=(("enter or a digit", "choose"), ("esc", "cancel")),
    )  # fmt: skip
