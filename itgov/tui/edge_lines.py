"""What stands on the lines at the edges of the room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from itgov.model.text import plural
from itgov.tui.actions import ACTIONS, BY_ID, VIEWS, Context, RoomAction, why_not
from itgov.tui.keymap import Keymap
from itgov.tui.widgets.bars import Piece
from itgov.tui.widgets.styled_text import fit

_ROOMY = 100
"""Columns from which the line of the filter names its history beside the words to go on with."""
_NAME = 16
"""Columns of a name, of a file or a branch, where there is hardly space for it."""

if TYPE_CHECKING:
    from itgov.files.git_branch import BranchState
    from itgov.tui.background.reading import Trouble
    from itgov.tui.state.room import Room
    from itgov.tui.widgets.styled_text import Role, Span


def banner_pieces(keys: Keymap, room: Room | None) -> tuple[Piece, ...]:
    """Return what stands over all that is shown: that it is the sample, or that files are broken."""
    if room is None:
        return ()
    if room.sample:
        words = "`itgov init DIR` starts your own"
        leave = keys.shown("quit")
        return (
            Piece(
                ((" ! the sample", "warning"), (": a made-up organisation, read-only", "")),
                shorter=(((" ! the sample", "warning"), (", read-only", "")),),
            ),
            Piece(((f"   {leave} ", "key"), (f"leaves; {words}", ""))),
        )
    if not room.unread:
        return ()
    return _unread_pieces(room, keys.shown("show-findings"))


def _unread_pieces(room: Room, key: str) -> tuple[Piece, ...]:
    """Return how many files cannot be read and where; at last just the key that shows the place."""
    first, count = room.unread[0], len(room.unread)
    files = "1 file" if count == 1 else f"{count:,} files"
    more = " …" if count > 1 else ""
    name = first.path.rpartition("/")[2]
    short = f" ! {files} not read"
    places = [
        f"{first.path}:{first.line}:{first.column}",
        f"{name}:{first.line}:{first.column}",
        f"{''.join(text for text, _ in fit(name, _NAME)).rstrip()}:{first.line}",
    ]
    return (
        Piece(
            ((f" ! {files} cannot be read", "error"), ("; the contents are missing: ", "")),
            "show-findings",
            shorter=(((short, "error"),),),
        ),
        Piece(
            ((places[0], "strong"), (more, "")),
            "show-findings",
            shorter=(
                *(((": ", ""), (p, "strong"), (more, "")) for p in places),
                ((f"  {key}", "key"),),
            ),
        ),
    )


def top_pieces(
    keys: Keymap,
    view: str,
    room: Room | None,
    trouble: Trouble | None,
    read_only: bool,
    branch: BranchState | None = None,
) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return the views by their keys, and whose portfolio it is, as of when, on which branch, with
    what findings."""
    left = [Piece(((" itgov ", "accent"),), shorter=(((" ", ""),),))]
    for name in VIEWS:
        action = BY_ID[f"show-{name}"]
        current = name == view
        key = keys.shown(action)
        tone: Role = "strong" if current else "muted"
        named: tuple[Span, ...] = ((f"{key} ", "key"), (f"{action.label} ", tone))
        left.append(
            Piece(
                ((f" {key} ", "key"), (f"{action.label} ", tone)),
                action.id,
                current,
                shorter=(named, named if current else ((f"{key} ", "key"),)),
            )
        )
    if room is None:
        return tuple(left), ()
    stale: tuple[Span, ...] = (("! files not usable", "error"),) if trouble is not None else ()
    counts = room.counts
    right = [
        Piece(((f" {room.name}", "muted"), ("  sample" if room.sample else "", "warning"))),
        Piece(((f"  as of {room.today} ", "muted"), ("read-only ", "warning") if read_only else ("", ""))),
        _branch_piece(branch),
        Piece((*stale, (f" {plural(counts['error'], 'error')}", "error"), (f" {plural(counts['warning'], 'warning')}", "warning"), (" ", ""))),
    ]  # fmt: skip
    return tuple(left), tuple(right)


_LEAVING = ("back", "quit")
"""Always named, at the right end of the last line."""


def _branch_piece(branch: BranchState | None) -> Piece:
    """Return the branch and how far it is from its upstream; a long name is cut, that never is."""
    if branch is None:
        return Piece(())
    if branch.branch is None:
        return Piece(((" detached HEAD ", "warning"),), "show-changes")
    name = "".join(text for text, _ in fit(branch.branch, _NAME)).rstrip()
    apart = "" if branch.is_level else f", {branch.distance}"
    return Piece(((f" {name}", "strong"), (f"{apart} ", "warning")), "show-changes")


def foot_pieces(keys: Keymap, context: Context) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return the keys of what can be done now, the most useful first, and those that leave."""
    wanted = sorted((a for a in ACTIONS if a.weight), key=lambda a: -a.weight)
    usable = (a for a in wanted if keys.of(a) and why_not(a, context) is None)
    leaving = (BY_ID[name] for name in _LEAVING)
    return (
        tuple(_foot_piece(keys, action, context) for action in usable),
        tuple(_foot_piece(keys, action, context) for action in leaving),
    )


def typing_pieces(offered: Sequence[str], at: int | None, width: int) -> tuple[Piece, ...]:
    """Return the keys of the line of the filter, and the words that it can go on as.

    `at` is which of them stands there.  Those that have no room are counted.
    """
    keys = [("enter", "keep"), ("esc", "clear")]
    if not offered or width >= _ROOMY:
        keys.append(("↑↓", "earlier"))
    shown = [Piece(((f" {key}", "key"), (f" {does} ", ""))) for key, does in keys]
    if not offered:
        return tuple(shown)
    shown.append(Piece(((" tab ", "key"),)))
    first = max((at or 0) - 2, 0)
    for number, word in enumerate(offered[first:], first):
        piece = Piece(((f" {word} ", "strong" if number == at else ""),), current=number == at)
        more = f" +{len(offered) - number - 1:,} more" if number + 1 < len(offered) else ""
        if sum(p.width for p in (*shown, piece)) + len(more) + 1 > width and number > first:
            shown.append(Piece(((f" +{len(offered) - number:,} more", "muted"),)))
            break
        shown.append(piece)
    return tuple(shown)


def _foot_piece(keys: Keymap, action: RoomAction, context: Context) -> Piece:
    label = "decide" if action.id == "open" and context.agenda else action.label
    return Piece(((f" {keys.shown(action)}", "key"), (f" {label} ", "")), action.id)
