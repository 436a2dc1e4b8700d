"""What to copy of the selection; a letter or enter does it."""

from __future__ import annotations

from collections.abc import Sequence

from itgov.tui.copyable import Copyable
from itgov.tui.dialogs.picker import Picker, PickerColumn

_LETTERS = {
    "marked": "*", "id": "i", "message": "f", "finding-place": "l", "place": "p", "row": "r",
    "yaml": "Y",
}  # fmt: skip


def _size(thing: Copyable) -> str:
    lines = thing.text.count("\n")
    return f"{lines:,} lines" if lines > 1 else ""


COPY: tuple[PickerColumn[Copyable], ...] = (
    PickerColumn(
        "label",
        "what",
        16,
        cell=lambda t: ((f"{_LETTERS.get(t.id, ''):<1} ", "key"), (t.label, "strong")),
    ),
    PickerColumn("text", "text", 30, flex=1, cell=lambda t: t.text),
    PickerColumn("size", "size", 9, right=True, cell=lambda t: ((_size(t), "muted"),)),
)


def copy_menu(things: Sequence[Copyable], copy_keys: Sequence[str]) -> Picker[Copyable]:
    """Return the texts that can be copied, each beginning as it will be.

    The keys of copying copy the first, as `yy` does elsewhere.
    """
    rows = {thing.id: thing for thing in things}
    letters = {_LETTERS[i]: i for i in rows if i in _LETTERS}
    return Picker(
        "Copy", COPY, rows.__getitem__, lambda typed: list(rows), width=132,
        shortcuts=dict.fromkeys(copy_keys, things[0].id) | letters,
        keys=(("a letter or enter", "copy"), ("↑↓", "move"), ("esc", "cancel")),
    )  # fmt: skip
