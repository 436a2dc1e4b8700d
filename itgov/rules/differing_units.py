"""Where versions of a portfolio differ: what is alike in all need be judged in none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import to_builtins
from msgspec.msgpack import Encoder

from itgov.model.portfolio import Portfolio
from itgov.rules.analysis import MAPS
from itgov.rules.prepared_rules import PreparedRules

_encoder = Encoder(enc_hook=repr)


def _encode(value: object) -> bytes:
    """Return a value as bytes; empty where it has no encoding, such as the name of a file."""
    try:
        return _encoder.encode(value)
    except UnicodeEncodeError:
        return b""
    except OverflowError:  # an integer of over 64 bits: amounts are in millionths
        return _encoder.encode(_small(to_builtins(value, enc_hook=repr)))


def _small(value: object) -> object:
    """Return plain data with integers of over 64 bits as text."""
    match value:
        case dict():
            return {key: _small(each) for key, each in value.items()}
        case list() | tuple():
            return [_small(each) for each in value]
        case int() if not -(2**63) <= value < 2**64:
            return str(value)
        case _:
            return value


def differing_units(versions: Sequence[Portfolio], prepared: PreparedRules) -> list[str]:
    """Return the units whose findings may differ between the first version and any other.

    The versions have the same units and the same files.
    """
    seen = [_Seen(version, prepared) for version in versions]
    units: dict[str, None] = {}
    for other in seen[1:]:
        units |= dict.fromkeys(_differing(seen[0], other, prepared))
    return list(units)


class _Seen:
    """What rules on units can see of a version, as bytes that can be compared."""

    def __init__(self, portfolio: Portfolio, prepared: PreparedRules) -> None:
        prepared.move_to(portfolio)
        around = prepared.surroundings
        self.units = {name: _encode(unit) for name, unit in portfolio.units.items()}
        self.organisation = _encode(around.organisation_of_units)
        self.people = {
            (kind, name): _encode(view)
            for kind in MAPS
            for name, view in around.everybody_of_units(kind).items()
        }


def _differing(one: _Seen, other: _Seen, prepared: PreparedRules) -> Iterator[str]:
    """Yield the units that differ, or whose rules may look somebody up who does.

    Rules look people up by ids that stand in the unit's records or in those of people found so: a unit
    is left out only where none of these ids stands in it.
    """
    reads = prepared.surroundings.in_units
    changed = {key for key, view in one.people.items() if other.people.get(key) != view}
    always = {k for keys in reads.keys.values() for k in keys if isinstance(k, str)}
    names = {name for _, name in changed}
    everywhere = (
        one.organisation != other.organisation
        or (bool(changed) and bool(reads.whole))
        or bool(names & always)
    )
    wanted = set(names)
    while names:  # who is looked up through somebody else's record
        ids = [_encode(name) for name in names]
        found = {k for k, view in one.people.items() if any(i in view for i in ids)}
        names = {name for _, name in found} - wanted
        wanted |= names
    ids = [_encode(name) for name in wanted]
    for name, unit in one.units.items():
        if everywhere or not unit or other.units[name] != unit or any(i in unit for i in ids):
            yield name
