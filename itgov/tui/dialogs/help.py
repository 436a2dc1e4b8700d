"""Every key, searchable; enter carries the action out."""

from __future__ import annotations

from msgspec import Struct

from itgov.tui.actions import ACTIONS, GROUPS, Context, RoomAction, why_not
from itgov.tui.dialogs.picker import Picker, PickerColumn
from itgov.tui.keymap import Keymap
from itgov.tui.state.fuzzy import Finder
from itgov.tui.widgets.styled_text import Role


class HelpRow(Struct, frozen=True):
    """An action with its keys, and why it cannot be carried out now."""

    action: RoomAction
    keys: str
    why_not: str | None
    doing: str | None = None
    """What it would do now, where that is not the same each time."""

    def role(self, usual: Role) -> Role:
        """Return the usual role, muted where the action cannot be carried out."""
        return usual if self.why_not is None else "muted"

    @property
    def help(self) -> str:
        """What it does, or why it cannot now."""
        return self.action.help if self.why_not is None else f"not now: {self.why_not}"

    @property
    def note(self) -> str:
        """What it does in full, why it cannot now, and its names."""
        names = ", ".join(f":{name}" for name in (self.action.id, *self.action.aliases))
        why = f" Not now: {self.why_not}." if self.why_not is not None else ""
        doing = f" Now: {self.doing}." if self.doing is not None else ""
        return f"{self.action.help}{doing}{why} ({names})"


HELP: tuple[PickerColumn[HelpRow], ...] = (
    PickerColumn("keys", "keys", 13, cell=lambda r: ((r.keys, r.role("key")),)),
    PickerColumn(
        "label",
        "action",
        18,
        cell=lambda r: ((r.action.label, r.role("strong")),),
        found=True,
    ),
    PickerColumn(
        "help", "what it does", 30, flex=6, cell=lambda r: ((r.help, r.role("")),), found=True
    ),
    PickerColumn("group", "group", 7, drop=1, cell=lambda r: ((r.action.group, "muted"),)),
)


def help_on_keys(keys: Keymap, context: Context) -> Picker[HelpRow]:
    """Return the list of all actions, those of the view at hand first."""
    ordered = sorted(ACTIONS, key=lambda a: (context.view not in a.views, GROUPS.index(a.group)))
    doing = {"undo": context.undo, "redo": context.redo}
    rows = {
        a.id: HelpRow(a, keys.all_shown(a), why_not(a, context), doing.get(a.id)) for a in ordered
    }
    finder = Finder(
        [(row.keys, *row.keys.split(), row.action.label, row.action.id) for row in rows.values()],
        [(*row.action.aliases, row.action.help) for row in rows.values()],
    )
    return Picker(
        "Keys", HELP, rows.__getitem__, lambda typed: [ordered[i].id for i in finder.find(typed)],
        sign="?", placeholder="type to filter", width=132, tall=True,
        note=lambda row: row.note, able=lambda row: row.why_not is None,
        keys=(("enter", "run"), ("↑↓", "move"), ("esc", "cancel")),
    )  # fmt: skip
