"""What conditions written out in Python call: CEL's operations, where Python is known to do the same.

Anything else raises: `Undecided`, or what Python itself raises.  CEL is asked then.  Values are as
expressions see them: None, truths, numbers, texts, lists, and mappings with texts as keys.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

_EXACT = 1 << 53
"""Up to here a whole number has a fraction that is equal to it."""
_WHOLE = 1 << 63
_LARGEST = 1 << 52
"""Up to here a fraction is cut to a whole number without a doubt."""

LONGEST = 100_000
"""Characters up to which texts are joined, at most: CEL counts what an expression builds."""


class Undecided(Exception):
    """Python does not know how CEL answers."""


UNDECIDED = (Undecided, LookupError, TypeError, ValueError, ArithmeticError, AttributeError)
"""What is raised where CEL has to be asked."""


def ask() -> NoReturn:
    """Raise `Undecided`."""
    raise Undecided


def truth(value: Any) -> bool:
    """Return a value that is true or false."""
    if value is True or value is False:
        return bool(value)
    raise Undecided


def equal(first: Any, second: Any) -> bool:
    """Say whether two values are equal, as `==` does; lists and mappings are left to CEL."""
    one, other = first.__class__, second.__class__
    if one is other and (one is str or one is float or one is int or one is bool):
        return bool(first == second)
    if first is None or second is None or one is str or other is str or bool in (one, other):
        return False if one is not other else first is second
    _comparable(first, second)
    return bool(first == second)


def less(first: Any, second: Any) -> bool:
    """Say whether one value is less than another, as `<` does."""
    if first.__class__ is not second.__class__ or first.__class__ not in (str, float, int):
        _comparable(first, second)
    return bool(first < second)


def at_most(first: Any, second: Any) -> bool:
    """Say whether one value is no more than another, as `<=` does."""
    if first.__class__ is not second.__class__ or first.__class__ not in (str, float, int):
        _comparable(first, second)
    return bool(first <= second)


def _comparable(first: Any, second: Any) -> None:
    """Refuse anything but a whole and a fractional number of which both are exact."""
    for value in (first, second):
        if value.__class__ is int:
            if not -_EXACT <= value <= _EXACT:
                raise Undecided
        elif value.__class__ is not float:
            raise Undecided


def within(value: Any, among: Any) -> bool:
    """Say whether a text is in a list or is a key of a mapping, as `in` does."""
    if value.__class__ is not str or among.__class__ not in (dict, list):
        raise Undecided
    return value in among


def at(value: Any, key: Any) -> Any:
    """Return what a mapping has under a text, or a list at a place, as `[]` does."""
    if value.__class__ is list and key.__class__ is int and key >= 0:
        return value[key]
    if value.__class__ is not dict or key.__class__ is not str:
        raise Undecided
    return value[key]


def has(value: Any, field: str) -> bool:
    """Say whether a mapping has a field."""
    if value.__class__ is not dict:
        raise Undecided
    return field in value


def number(value: Any) -> Any:
    """Return a number that CEL can hold."""
    if value.__class__ is float or (value.__class__ is int and -_WHOLE <= value < _WHOLE):
        return value
    raise Undecided


def number_or_null(value: Any) -> Any:
    """Return a number that CEL can hold, or None."""
    return None if value is None else number(value)


def is_exact(value: object) -> bool:
    """Say whether no other number than this is equal to it, be it a whole or a fractional one.

    As a fraction, 2**53 is equal to 2**53 + 1 in CEL.
    """
    return value.__class__ in (int, float) and -_EXACT < value < _EXACT


def plus(first: Any, second: Any, longest: int) -> Any:
    """Return the sum of two numbers, or two texts as one of at most so many characters, as `+` does."""
    if first.__class__ is str and second.__class__ is str:
        if len(first) + len(second) > longest:
            raise Undecided
        return first + second
    return number(number(first) + number(second))


def in_words(value: Any) -> str:
    """Return a text, or a whole number as a text, as `string` does."""
    if value.__class__ is int:
        return str(number(value))
    return text(value)


def whole(value: Any) -> int:
    """Return a number without its fraction, as `int` does."""
    if value.__class__ is int or (value.__class__ is float and -_LARGEST < value < _LARGEST):
        return int(value)
    raise Undecided


def fraction(value: Any) -> float:
    """Return a number as `double` does."""
    return float(number(value))


def text(value: Any) -> str:
    """Return a value that is a text."""
    if value.__class__ is not str:
        raise Undecided
    return str(value)


def text_or_null(value: Any) -> str | None:
    """Return a value that is a text, or None."""
    return None if value is None else text(value)


def _items(values: Any, most: int) -> Any:
    if values.__class__ not in (list, dict) or len(values) > most:
        raise Undecided
    return values


def _ordered(values: Any, most: int) -> list[Any]:
    """Return the items of a list; the keys of a mapping CEL takes in an order of its own."""
    found: list[Any] = _items(values, most)
    if found.__class__ is not list:
        raise Undecided
    return found


def every(values: Any, holds: Callable[[Any], bool], most: int) -> bool:
    """Say whether something holds for all of at most so many items, as `all` does."""
    return all(map(holds, _items(values, most)))


def some(values: Any, holds: Callable[[Any], bool], most: int) -> bool:
    """Say whether something holds for any of at most so many items, as `exists` does."""
    return any(map(holds, _items(values, most)))


def one(values: Any, holds: Callable[[Any], bool], most: int) -> bool:
    """Say whether something holds for just one of at most so many items, as `exists_one` does."""
    return sum(map(holds, _items(values, most))) == 1


def kept(values: Any, holds: Callable[[Any], bool], most: int) -> list[Any]:
    """Return those of at most so many items for which something holds, as `filter` does."""
    return [v for v in _ordered(values, most) if holds(v)]


def made(values: Any, make: Callable[[Any], Any], most: int) -> list[Any]:
    """Return what is made of each of at most so many items, as `map` does."""
    return [make(v) for v in _ordered(values, most)]
