"""Every key, searchable; enter carries the action out.  And the palette: the same with places."""

from __future__ import annotations

from collections.abc import Sequence

from itgov.tui.actions import ACTIONS, BY_ID, GROUPS, Context, why_not
from itgov.tui.dialogs.searcher import Searcher, marked
from itgov.tui.keymap import Keymap
from itgov.tui.state.fuzzy import Finder
from itgov.tui.widgets.styled_text import Cell, Line
from itgov.tui.widgets.table import Column


class Help(Searcher):
    """The list of all actions, those that cannot work now with the reason."""

    TITLE = "Keys"
    PLACEHOLDER = "type to find an action or a key"
    SIGN = "?"
    COLUMNS = (
        Column("keys", "keys", 13),
        Column("label", "what it does", 18),
        Column("help", "", 30, flex=6),
        Column("group", "group", 7, drop=1),
    )

    def __init__(self, keys: Keymap, context: Context) -> None:
        super().__init__()
        self.keymap = keys
        self.reasons = {a.id: why_not(a, context) for a in ACTIONS}
        self.actions = sorted(  # what only the view at hand can do comes first
            ACTIONS, key=lambda a: (context.view not in a.views, GROUPS.index(a.group))
        )
        self._finder = Finder(
            [
                (keys.all_shown(a), *keys.all_shown(a).split(), a.label, a.id, *a.aliases, a.help)
                for a in self.actions
            ]
        )

    def find(self, typed: str) -> Sequence[str]:
        """Return the actions that fit; a key typed alone finds its own action first."""
        return [self.actions[i].id for i in self._finder.find(typed)]

    def cells(self, row: str) -> tuple[Cell, ...]:
        """Return keys, label, help or the reason why not, and group."""
        action, reason = BY_ID[row], self.reasons[row]
        keys = self.keymap.all_shown(action)
        if reason is not None:
            return (
                ((keys, "muted"),),
                ((action.label, "muted"),),
                ((f"not now: {reason}", "muted"),),
                ((action.group, "muted"),),
            )
        return (
            ((keys, "key"),),
            marked(action.label, self.typed, "strong"),
            marked(action.help, self.typed) if self.typed else action.help,
            ((action.group, "muted"),),
        )

    def note(self, row: str | None) -> Line:
        """Say in full what the action does, and why it cannot now."""
        if row is None:
            return ()
        action, reason = BY_ID[row], self.reasons[row]
        names = ", ".join(f":{name}" for name in (action.id, *action.aliases))
        why = f" Not now: {reason}." if reason is not None else ""
        return ((f"{action.help}{why} ({names})", "muted"),)

    def choose(self, row: str) -> None:
        """Carry an action out if that can be."""
        if self.reasons[row] is None:
            self.dismiss(row)

    def keys(self) -> tuple[tuple[str, str], ...]:
        """Return the keys named at the foot."""
        return (("enter", "do it"), ("↑↓", "move"), ("esc", "leave"))
