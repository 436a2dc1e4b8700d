"""Finding a unit, an investment, a person, a manager or a rule by a few letters, and going there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from itgov.tui.actions import ACTIONS, BY_ID, Context, why_not
from itgov.tui.dialogs.searcher import Searcher, marked
from itgov.tui.keymap import Keymap
from itgov.tui.state.fuzzy import Finder
from itgov.tui.state.room import Room
from itgov.tui.state.selection import Target
from itgov.tui.widgets.styled_text import Cell, Line
from itgov.tui.widgets.table import Column

Kind = Literal["unit", "investment", "service", "person", "manager", "rule", "action"]
_VIEW_OF: dict[Kind, tuple[str, str]] = {
    "unit": ("portfolio", "business_unit"),
    "investment": ("portfolio", "investment"),
    "service": ("portfolio", "investment"),
    "person": ("people", "person"),
    "manager": ("managers", "relationship_manager"),
}


class Spot(Struct, frozen=True):
    """Something that can be gone to."""

    kind: Kind
    id: str
    name: str
    more: str = ""

    @property
    def row(self) -> str:
        """Its id in a list, where a person may be both person and manager."""
        return f"{self.kind}:{self.id}"

    @property
    def target(self) -> Target:
        """Where it is shown."""
        if self.kind == "rule":
            return Target("findings", "rule", self.id, filter=f"rule:{self.id}")
        view, kind = _VIEW_OF[self.kind]
        return Target(view, kind, self.id)


class Spots:
    """Everything in a room that can be gone to, looked up by letters of id or name."""

    def __init__(self, room: Room) -> None:
        portfolio = room.portfolio
        self.room = room
        self.spots: list[Spot] = [
            Spot("unit", u.record.id, u.record.name or u.record.id)
            for u in portfolio.units.values()
        ]
        self.spots += [
            Spot("service" if i.entry.record.type == "service" else "investment", i.id, i.title, i.unit)
            for i in room.items.values()
        ]  # fmt: skip
        self.spots += [
            Spot("person", p.record.id, p.record.name, p.record.business_unit or "")
            for p in portfolio.people.values()
        ]
        self.spots += [
            Spot("manager", person, room.person(person), ", ".join(m.record.serves))
            for person, m in portfolio.managers.items()
        ]
        self.spots += [Spot("rule", r.id, r.summary or r.name, r.name) for r in room.rules.values()]
        self.by_row = {spot.row: spot for spot in self.spots}
        self._finder: Finder | None = None

    def find(self, typed: str) -> list[Spot]:
        """Return what fits the letters, best first."""
        if self._finder is None:
            self._finder = Finder([(s.id, s.name) for s in self.spots])
        return [self.spots[i] for i in self._finder.find(typed)]

    def exactly(self, typed: str) -> Spot | None:
        """Return what has this id or this name, if there is one."""
        wanted = typed.strip().casefold()
        for field in ("id", "name"):
            for spot in self.spots:
                if getattr(spot, field).casefold() == wanted:
                    return spot
        return None


class Jump(Searcher):
    """The list of everything that can be gone to."""

    TITLE = "Jump to"
    PLACEHOLDER = "letters of an id or a name"
    SIGN = "→"
    COLUMNS = (
        Column("kind", "kind", 10),
        Column("id", "id", 14, flex=2),
        Column("name", "name", 24, flex=5),
        Column("more", "", 12, flex=2, drop=1),
    )

    def __init__(self, spots: Spots, typed: str = "") -> None:
        super().__init__(typed)
        self.spots = spots

    def find(self, typed: str) -> Sequence[str]:
        """Return what fits."""
        return [spot.row for spot in self.spots.find(typed)]

    def cells(self, row: str) -> tuple[Cell, ...]:
        """Return kind, id, name and where it belongs."""
        spot = self.spots.by_row[row]
        return (
            ((spot.kind, "muted"),),
            marked(spot.id, self.typed, "accent"),
            marked(spot.name, self.typed),
            ((spot.more, "muted"),),
        )

    def count(self, shown: int) -> str:
        """Say how many there are, or that not all are listed."""
        every = len(self.spots.spots)
        return (
            f"{every:,}"
            if not self.typed
            else f"{'first ' if shown == 500 else ''}{shown:,} of {every:,}"
        )

    def keys(self) -> tuple[tuple[str, str], ...]:
        """Return the keys named at the foot."""
        return (("enter", "go there"), ("↑↓", "move"), ("esc", "leave"))


class Palette(Searcher):
    """Actions and places in one list; each action with its key."""

    TITLE = "Command palette"
    PLACEHOLDER = "a few letters of a command or of a place"
    COLUMNS = (
        Column("kind", "", 10),
        Column("name", "name", 30, flex=5),
        Column("key", "key", 14),
    )

    def __init__(self, keys: Keymap, context: Context, spots: Spots | None) -> None:
        super().__init__()
        self.keymap = keys
        self.spots = spots
        self.able = [a for a in ACTIONS if why_not(a, context) is None]
        self._finder = Finder([(a.label, a.id, *a.aliases, a.help) for a in self.able])

    def find(self, typed: str) -> Sequence[str]:
        """Return the actions that fit, then the places."""
        rows = [f"action:{self.able[i].id}" for i in self._finder.find(typed)]
        if self.spots is not None and typed.strip():
            places = [spot.row for spot in self.spots.find(typed)]
            exact = self.spots.exactly(typed)
            rows = [*places, *rows] if exact is not None else [*rows, *places]
        return rows

    def cells(self, row: str) -> tuple[Cell, ...]:
        """Return what it is, its name and its key."""
        kind, _, name = row.partition(":")
        if kind == "action":
            action = BY_ID[name]
            return (
                ((action.group, "muted"),),
                (*_line(marked(action.label, self.typed, "strong")), (f"  {action.help}", "muted")),
                ((self.keymap.all_shown(action), "key"),),
            )
        assert self.spots is not None
        spot = self.spots.by_row[row]
        label = marked(spot.name, self.typed)
        return (((spot.kind, "muted"),), (*_line(label), (f"  {spot.id}", "muted")), "")

    def keys(self) -> tuple[tuple[str, str], ...]:
        """Return the keys named at the foot."""
        return (("enter", "do it, or go there"), ("↑↓", "move"), ("esc", "leave"))


def _line(cell: Cell) -> Line:
    return ((cell, ""),) if isinstance(cell, str) else cell
