"""From a cell to one of a few words: ratings, directions, choices, yes and no."""

from __future__ import annotations

import re

from itgov.importing.cells import Cell
from itgov.importing.languages import plain_words, value_words
from itgov.importing.values import BadCell, key_of, one_line
from itgov.model.fields import choices
from itgov.model.types import Investment, Outcome

_CHANGE = re.compile(r"[→➔➜⇒]|[-=]>|>")
"""What stands between what something was rated and what it is rated: `Amber → Red`."""


def rating(cell: Cell) -> str:
    """Return one of the five ratings from green to red; none of a change from one to another."""
    if _CHANGE.search(one_line(cell)):
        raise BadCell("says two ratings, from one to another; add its meaning under `values:`")
    return _one_of(cell, value_words("confidence"), _either(choices(Investment, "confidence")))


def direction(cell: Cell) -> str:
    """Return which way is better, `up` or `down`."""
    return _one_of(cell, value_words("direction"), _either(choices(Outcome, "direction")))


def choice(cell: Cell, options: tuple[str, ...]) -> str:
    """Return one of the options, whatever the case of the cell."""
    return _one_of(cell, {o: o for o in options}, "one of " + ", ".join(options))


def truth(cell: Cell) -> bool:
    """Return true or false."""
    return _one_of(cell, value_words("truth"), "yes or no") == "yes"


def _either(options: tuple[str, ...]) -> str:
    return " or ".join([", ".join(options[:-1]), options[-1]])


def _one_of(cell: Cell, known: dict[str, str], words: str) -> str:
    text = one_line(cell)
    found = known.get(key_of(text)) or known.get(plain_words(text))
    if found is None:
        raise BadCell(f"is not {words}; add its meaning under `values:`")
    return found
