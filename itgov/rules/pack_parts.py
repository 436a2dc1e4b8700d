"""What follows from the expressions of the standard pack, each part of it read when it is first asked for.

`itgov.rules.kept_rules` keeps the parts as bytecode is kept, and says which pack is in force.  All
that is looked up in a part is a pure function of the text under which it stands.
"""

from __future__ import annotations

from typing import Generic, Protocol, TypeVar

from itgov.files.program_cache import ProgramCache

T = TypeVar("T")


class Pack(Protocol):
    """The standard pack as it is kept."""

    key: str

    def renew(self) -> None:
        """Have all of it written down again once the run is over."""


class PackPart(Generic[T]):
    """The part `name`, of the type `kind`."""

    def __init__(self, name: str, kind: type[T]) -> None:
        self._name, self._kind = name, kind
        self._found: T | None = None
        self._key = ""

    def recall(self) -> T | None:
        """Return the part, or None where it is not kept."""
        for pack in _known:
            if pack.key != self._key:
                self._key = pack.key
                cache = ProgramCache("rules", self._kind)
                self._found = cache.recall(f"{self._key}-{self._name}")
                if self._found is None:
                    pack.renew()
        return self._found

    def keep(self, key: str, value: T) -> None:
        """Keep the part of the pack with this key."""
        ProgramCache("rules", self._kind).keep(f"{key}-{self._name}", value)


_known: list[Pack] = []


def know_pack(pack: Pack) -> None:
    """Have the parts of a pack that is kept looked up from now on in this process."""
    _known[:] = [pack]
