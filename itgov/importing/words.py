"""From a cell to one of a few words: ratings, directions, choices, yes and no."""

from __future__ import annotations

from itgov.importing.cells import Cell
from itgov.importing.values import BadCell, key_of, one_line
from itgov.model.fields import choices
from itgov.model.types import Investment, Outcome

_BETWEEN = {
    "amber-green": (("amber", "green"), ("green", "amber"), ("a", "g"), ("g", "a")),
    "amber-red": (("amber", "red"), ("red", "amber"), ("a", "r"), ("r", "a")),
}
RATINGS = {
    **dict.fromkeys(("green", "g"), "green"),
    **dict.fromkeys(("amber", "a", "yellow"), "amber"),
    **dict.fromkeys(("red", "r"), "red"),
    **{
        f"{one}{joint}{other}": rating
        for rating, pairs in _BETWEEN.items()
        for one, other in pairs
        for joint in ("-", "/", " ", " / ", " - ")
    },
}
"""What stands for each rating."""
_UP = "up, higher, more, increase, increasing, over, over target, above, maximise, ↑"
_DOWN = "down, lower, less, decrease, decreasing, under, under target, below, minimise, ↓"
DIRECTIONS = dict.fromkeys(_UP.split(", "), "up") | dict.fromkeys(_DOWN.split(", "), "down")
"""What stands for each direction."""
_TRUTH = {
    **dict.fromkeys(("true", "yes", "y", "1", "x", "✓"), True),
    **dict.fromkeys(("false", "no", "n", "0"), False),
}


def rating(cell: Cell) -> str:
    """Return one of the five ratings from green to red."""
    return _one_of(cell, RATINGS, _either(choices(Investment, "confidence")))


def direction(cell: Cell) -> str:
    """Return which way is better, `up` or `down`."""
    return _one_of(cell, DIRECTIONS, _either(choices(Outcome, "direction")))


def choice(cell: Cell, options: tuple[str, ...]) -> str:
    """Return one of the options, whatever the case of the cell."""
    return _one_of(cell, {o: o for o in options}, "one of " + ", ".join(options))


def truth(cell: Cell) -> bool:
    """Return true or false."""
    found = _TRUTH.get(key_of(one_line(cell)))
    if found is None:
        raise BadCell("is not yes or no")
    return found


def _either(options: tuple[str, ...]) -> str:
    return " or ".join([", ".join(options[:-1]), options[-1]])


def _one_of(cell: Cell, known: dict[str, str], words: str) -> str:
    found = known.get(key_of(one_line(cell)))
    if found is None:
        raise BadCell(f"is not {words}; add its meaning under `values:`")
    return found
