"""The `:` line: a command by its name, with completion, history and what was probably meant."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from textual import events
from textual.widgets import Input

from itgov.model.fields import choices
from itgov.model.text import did_you_mean
from itgov.model.types import Investment
from itgov.tui.actions import ACTIONS, Context, RoomAction, why_not
from itgov.tui.dialogs.jump import Spots
from itgov.tui.dialogs.searcher import Searcher
from itgov.tui.keymap import Keymap, action_named
from itgov.tui.state.fuzzy import Finder
from itgov.tui.theme import THEME_NAMES
from itgov.tui.widgets.styled_text import Cell, Line, Role
from itgov.tui.widgets.table import Column


class Command(Struct, frozen=True):
    """A line as typed: the action it names, and what stands after the name."""

    action: RoomAction | None
    name: str
    argument: str = ""


def parse(text: str) -> Command:
    """Return what a `:` line asks for; a colon before it is no matter."""
    name, _, rest = text.strip().removeprefix(":").lstrip().partition(" ")
    return Command(action_named(name.lower()), name, rest.strip())


def names() -> list[str]:
    """Return every name that a command has."""
    return [name for action in ACTIONS for name in (action.id, *action.aliases)]


class CommandLine(Searcher):
    """Where a command is typed; its answer is the line."""

    DEFAULT_CSS = """
    CommandLine > .box, CommandLine.-narrow > .box { width: 100%; max-width: 100%; height: auto;
      max-height: 60%; }
    CommandLine .ask { dock: bottom; }
    CommandLine Table { height: auto; max-height: 10; min-height: 3; }
    """
    TITLE = "Command"
    SIGN = ":"
    PLACEHOLDER = "a command; tab completes, ↑ brings back"
    EMPTY = "Nothing to complete."
    COLUMNS = (
        Column("name", "", 18, flex=1),
        Column("help", "", 30, flex=4),
        Column("key", "", 12),
    )

    def __init__(
        self,
        keys: Keymap,
        context: Context,
        spots: Spots | None,
        fields: Sequence[str],
        history: Sequence[str],
    ) -> None:
        super().__init__()
        self.keymap = keys
        self.context = context
        self.spots = spots
        self.fields = fields
        self.history = [*history, ""]
        self.at = len(history)
        self.problem = ""
        self._names = names()
        self._finder = Finder([(n,) for n in self._names])
        self._completing: tuple[list[str], int, str] | None = None

    # -- what can be completed ---------------------------------------------------------------

    def find(self, typed: str) -> Sequence[str]:
        """Return what the line could go on as."""
        name, blank, rest = typed.partition(" ")
        if not blank:
            found = [self._names[i] for i in self._finder.find(name)]
            begun = [n for n in found if n.startswith(name)]
            return begun or found
        action = action_named(name)
        if action is None:
            return []
        return [f"{name} {value}" for value in self._values(action, rest.strip())]

    def _values(self, action: RoomAction, begun: str) -> list[str]:
        match action.argument:
            case "theme":
                known: Sequence[str] = THEME_NAMES
            case "filter":
                head, _, last = begun.rpartition(" ")
                lead = f"{head} " if head else ""
                return [f"{lead}{f}:" for f in self.fields if last and f.startswith(last)]
            case "target":
                return [s.id for s in self.spots.find(begun)[:50]] if self.spots else []
            case "person":
                people = self.spots.find(begun) if self.spots else []
                return [s.id for s in people if s.kind == "person"][:50]
            case "stage" | "confidence" as field:
                known = choices(Investment, field)
            case _:
                return []
        return [value for value in known if value.startswith(begun)]

    def cells(self, row: str) -> tuple[Cell, ...]:
        """Return a completion, with what it means."""
        name, blank, rest = row.partition(" ")
        action = action_named(name)
        if action is None:
            return (row, "", "")
        if blank:
            spot = next((s for s in self.spots.spots if s.id == rest), None) if self.spots else None
            known = spot is not None and action.argument in ("target", "person")
            return (rest, ((spot.name, "muted"),), "") if known and spot else (rest, "", "")
        reason = why_not(action, self.context)
        said = f"not now: {reason}" if reason is not None else action.help
        role: Role = "muted" if reason is not None else "strong"
        return (((name, role),), ((said, "muted"),), ((self.keymap.all_shown(action), "key"),))

    def note(self, row: str | None) -> Line:
        """Say what is wrong with what was entered."""
        return ((self.problem, "error"),) if self.problem else ()

    def count(self, shown: int) -> str:
        """Nothing is counted here."""
        return ""

    def keys(self) -> tuple[tuple[str, str], ...]:
        """Return the keys named at the foot."""
        return (("enter", "do it"), ("tab", "complete"), ("↑↓", "history"), ("esc", "leave"))

    # -- keys --------------------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        """Forget what was wrong with the line before."""
        self.problem = ""
        if self._completing is not None and self.input.value != self._completing[2]:
            self._completing = None
        super().on_input_changed(event)

    def on_key(self, event: events.Key) -> None:
        """Bring back what was entered before."""
        if event.key in ("up", "down"):
            event.stop()
            event.prevent_default()
            self.remember(-1 if event.key == "up" else 1)
            return
        super().on_key(event)

    def remember(self, step: int) -> None:
        """Show the line before or after in the history."""
        if self.at == len(self.history) - 1:
            self.history[-1] = self.input.value
        self.at = max(0, min(self.at + step, len(self.history) - 1))
        self._put(self.history[self.at])

    def complete(self) -> None:
        """Fill in what the line could go on as, the next such at another tab."""
        if self._completing is None:
            rows = list(self.find(self.input.value))
            at = 0
        else:
            rows, at = self._completing[0], self._completing[1] + 1
        if not rows:
            return
        text = rows[at % len(rows)]
        action = action_named(text)
        if len(rows) == 1 and action is not None and action.argument:
            text += " "
        self._completing = (rows, at % len(rows), text)
        self._put(text)
        self.table.show(rows, self.cells, cursor=rows[at % len(rows)])

    def _put(self, text: str) -> None:
        with self.input.prevent(self.input.Changed):
            self.input.value = text
        self.input.cursor_position = len(text)
        self.typed = text
        self.problem = ""
        self.refill()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter the line, or say what is wrong with it."""
        event.stop()
        typed = self.input.value
        if not typed.strip(": "):
            self.dismiss(None)
            return
        command = parse(typed)
        if command.action is None:
            self.problem = f"There is no command `{command.name}`{did_you_mean(command.name, self._names, '.')}"
        elif (reason := why_not(command.action, self.context)) is not None:
            self.problem = f"{command.action.label}: {reason}"
        else:
            self.dismiss(typed.strip())
            return
        self._say_note()

    def choose(self, row: str) -> None:
        """Fill in a row that was clicked."""
        self._put(row)
