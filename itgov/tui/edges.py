"""What stands on the first line of the room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from itgov.tui.actions import BY_ID, VIEWS
from itgov.tui.keymap import Keymap
from itgov.tui.widgets.bars import Piece

if TYPE_CHECKING:
    from itgov.tui.load import Trouble
    from itgov.tui.room import Room


def top_pieces(
    keys: Keymap, view: str, room: Room | None, trouble: Trouble | None
) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return the views by their keys, and whose portfolio it is, as of when, with what findings."""
    left = [Piece(((" itgov ", "accent"),))]
    for name in VIEWS:
        action = BY_ID[f"show-{name}"]
        current = name == view
        left.append(
            Piece(
                (
                    (f" {keys.shown(action)} ", "key"),
                    (f"{action.label} ", "strong" if current else "muted"),
                ),
                action.id,
                current,
            )
        )
    if room is None:
        return tuple(left), ()
    stale = (("  ! files not usable", "error"),) if trouble is not None else ()
    counts = room.counts_of(room.findings)
    right = [
        Piece(((f" {room.name}", "muted"), ("  sample" if room.sample else "", "warning"))),
        Piece(((f"  as of {room.today}", "muted"), *stale)),
        Piece(((f"  {counts['error']:,}E", "error"), (f" {counts['warning']:,}W", "warning"), (" ", ""))),
    ]  # fmt: skip
    return tuple(left), tuple(right)
