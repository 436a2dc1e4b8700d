"""Everything that can be gone to by a few letters of it: units, investments, people, managers, rules.

The palette lists the actions with them.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from itgov.tui.actions import ACTIONS, BY_ID, Context, why_not
from itgov.tui.dialogs.picker import Picker, PickerColumn
from itgov.tui.keymap import Keymap
from itgov.tui.state.fuzzy import Finder
from itgov.tui.state.room import Room
from itgov.tui.state.selection import Target

Kind = Literal["unit", "investment", "service", "person", "manager", "rule"]
MOST = 500
"""Places that are listed at once."""
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
            Spot("unit", u.record.id, u.name) for u in portfolio.units.values()
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
        return [self.spots[i] for i in self._finder.find(typed, MOST)]

    def rows(self, typed: str) -> list[str]:
        """Return the ids of the rows of what fits the letters."""
        return [spot.row for spot in self.find(typed)]

    def exactly(self, typed: str) -> Spot | None:
        """Return what has this id or this name, if there is one."""
        wanted = typed.strip().casefold()
        for field in ("id", "name"):
            for spot in self.spots:
                if getattr(spot, field).casefold() == wanted:
                    return spot
        return None


JUMP: tuple[PickerColumn[Spot], ...] = (
    PickerColumn("kind", "kind", 10, cell=lambda s: ((s.kind, "muted"),)),
    PickerColumn("id", "id", 14, flex=2, cell=lambda s: ((s.id, "accent"),), found=True),
    PickerColumn("name", "name", 24, flex=5, cell=lambda s: s.name, found=True),
    PickerColumn("more", "more", 12, flex=2, drop=1, cell=lambda s: ((s.more, "muted"),)),
)


def jump(spots: Spots, typed: str = "") -> Picker[Spot]:
    """Return the list of everything that can be gone to."""
    every = len(spots.spots)

    def count(shown: int, typed: str) -> str:
        if not typed:
            return f"{every:,}"
        return f"{'first ' if shown == MOST else ''}{shown:,} of {every:,}"

    return Picker(
        "Jump to", JUMP, spots.by_row.__getitem__, spots.rows, typed=typed, sign="→",
        placeholder="type to filter", count=count, width=132, tall=True,
        keys=(("enter", "open"), ("↑↓", "move"), ("esc", "cancel")),
    )  # fmt: skip


class PaletteRow(Struct, frozen=True):
    """An action or a place in the palette."""

    kind: str
    name: str
    more: str
    key: str = ""
    is_action: bool = False


PALETTE: tuple[PickerColumn[PaletteRow], ...] = (
    PickerColumn("kind", "kind", 10, cell=lambda r: ((r.kind, "muted"),)),
    PickerColumn(
        "name", "name", 30, flex=5, found=True,
        cell=lambda r: ((r.name, "strong" if r.is_action else ""), (f"  {r.more}", "muted")),
    ),
    PickerColumn("key", "key", 14, cell=lambda r: ((r.key, "key"),)),
)  # fmt: skip


def palette(keys: Keymap, context: Context, spots: Spots | None) -> Picker[PaletteRow]:
    """Return the list of actions and places; an action's id begins with `action:`."""
    able = [a for a in ACTIONS if why_not(a, context) is None]
    finder = Finder([(a.label, a.id) for a in able], [(*a.aliases, a.help) for a in able])

    def row(identifier: str) -> PaletteRow:
        kind, _, name = identifier.partition(":")
        if kind == "action":
            action = BY_ID[name]
            return PaletteRow(
                action.group, action.label, action.help, keys.all_shown(action), is_action=True
            )
        assert spots is not None
        spot = spots.by_row[identifier]
        return PaletteRow(spot.kind, spot.name, spot.id)

    def find(typed: str) -> list[str]:
        actions = [f"action:{able[i].id}" for i in finder.find(typed)]
        if spots is None or not typed.strip():
            return actions
        places = spots.rows(typed)
        return [*places, *actions] if spots.exactly(typed) is not None else [*actions, *places]

    return Picker(
        "Command palette", PALETTE, row, find, width=132, tall=True,
        placeholder="type to filter",
        keys=(("enter", "run or open"), ("↑↓", "move"), ("esc", "cancel")),
    )  # fmt: skip
