"""The `:` line: a command by its name, with completion, history and what was probably meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from textual import events

from itgov.model.fields import choices
from itgov.model.filter_completion import Completion
from itgov.model.text import did_you_mean
from itgov.model.types import Investment
from itgov.tui.actions import ACTIONS, BY_ID, Context, RoomAction, why_not
from itgov.tui.dialogs.jump import Spots
from itgov.tui.dialogs.picker import Picker, PickerColumn
from itgov.tui.keymap import Keymap, action_named
from itgov.tui.state.fuzzy import Finder
from itgov.tui.theme import THEME_NAMES
from itgov.tui.widgets.styled_text import Cell
from itgov.tui.widgets.typed_line import Completer, EarlierLines


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


class CommandLine(Picker[str]):
    """Where a command is typed; its answer is the line."""

    DEFAULT_CSS = """
    CommandLine > .box { width: 100%; max-height: 60%; padding: 0; }
    CommandLine .ask { dock: bottom; }
    CommandLine Table { max-height: 10; }
    CommandLine .keys { margin-top: 0; background: $head; }
    """

    def __init__(
        self,
        keys: Keymap,
        context: Context,
        spots: Spots | None,
        filters: Callable[[str], Sequence[Completion]],
        history: Sequence[str],
    ) -> None:
        columns = (
            PickerColumn("name", "command", 18, flex=1, cell=self._name_cell),
            PickerColumn("help", "what it does", 30, flex=4, cell=self._help_cell),
            PickerColumn("key", "key", 12, cell=self._key_cell),
        )
        super().__init__(
            "Command", columns, lambda row: row, self._completions, sign=":", width=1_000,
            placeholder="command",
            count=lambda shown, typed: "",
            keys=(("enter", "run"), ("tab", "complete"), ("↑↓", "history"), ("esc", "cancel")),
        )  # fmt: skip
        self.keymap = keys
        self.context = context
        self.spots = spots
        self.filters = filters
        self._earlier = EarlierLines(history)
        self._names = names()
        self._finder = Finder([(n,) for n in self._names])
        self._completer = Completer(self._completions)

    # -- what can be completed ---------------------------------------------------------------

    def _completions(self, typed: str) -> list[str]:
        """Return what the line could go on as."""
        name, blank, rest = typed.partition(" ")
        if not blank:
            found = [self._names[i] for i in self._finder.find(name)]
            begun = [n for n in found if n.startswith(name)]
            return sorted(begun, key=lambda n: n not in BY_ID) or found  # other names come last
        action = action_named(name)
        if action is None:
            return []
        return [f"{name} {value}" for value in self._values(action, rest.lstrip())]

    def _values(self, action: RoomAction, begun: str) -> list[str]:
        match action.argument:
            case "theme":
                known: Sequence[str] = THEME_NAMES
            case "filter":
                return [each.line for each in self.filters(begun)]
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

    def _name_cell(self, row: str) -> Cell:
        name, blank, argument = row.partition(" ")
        if blank:
            return argument
        return ((name, "strong" if self._why_not(name) is None else "muted"),)

    def _help_cell(self, row: str) -> Cell:
        name, blank, argument = row.partition(" ")
        action = action_named(name)
        if action is None:
            return ""
        if not blank:
            reason = self._why_not(name)
            return ((f"not now: {reason}" if reason is not None else action.help, "muted"),)
        if self.spots is None or action.argument not in ("target", "person"):
            return ""
        spot = next((s for s in self.spots.spots if s.id == argument), None)
        return ((spot.name, "muted"),) if spot is not None else ""

    def _key_cell(self, row: str) -> Cell:
        action = action_named(row)
        return ((self.keymap.all_shown(action), "key"),) if action is not None else ""

    def _why_not(self, name: str) -> str | None:
        action = action_named(name)
        return why_not(action, self.context) if action is not None else None

    # -- keys --------------------------------------------------------------------------------

    def least_height(self) -> int:
        """Return lines that the rows take though fewer are found."""
        return 3

    def refill(self, cursor: str | None = None) -> None:
        """Show what the line could go on as; what was wrong with it before is no matter now."""
        self.problem("")
        super().refill(cursor)

    def take_key(self, event: events.Key) -> bool:
        """Bring back what was entered before."""
        if event.key in ("up", "down"):
            line = self._earlier.step(self.input.value, -1 if event.key == "up" else 1)
            if line is not None:
                self._put(line)
            return True
        return super().take_key(event)

    def complete(self) -> None:
        """Fill in what the line could go on as, the next such at another tab."""
        line = self._completer.step(self.input.value)
        if line is None:
            return
        rows = self._completer.lines
        action = action_named(line)
        if len(rows) == 1 and action is not None and action.argument:
            line += " "
        self._put(line)
        self.show_rows(rows, line)

    def _put(self, text: str) -> None:
        with self.input.prevent(self.input.Changed):
            self.input.value = text
        self.input.cursor_position = len(text)
        self.typed = text
        self.refill()

    def enter(self) -> None:
        """Enter the line, or say what is wrong with it."""
        typed = self.input.value
        if not typed.strip(": "):
            self.dismiss(None)
            return
        command = parse(typed)
        if command.action is None:
            wrong = f"There is no command `{command.name}`{did_you_mean(command.name, self._names, '.')}"
        elif (reason := why_not(command.action, self.context)) is not None:
            wrong = f"{command.action.label}: {reason}"
        else:
            self.dismiss(typed.strip())
            return
        self.problem(wrong)

    def choose(self, row: str | None) -> None:
        """Fill in a row that was clicked."""
        if row is not None:
            self._put(row)
