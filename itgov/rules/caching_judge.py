"""Judging one state of a portfolio after another: only what may have changed is judged again.

What is found on a business unit is kept under a digest of all that it follows from (`unit_keys`), so
it is right whatever changed, and whoever changed it.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from itgov.files.linked import Linked
from itgov.files.parallel import Progress, Tick
from itgov.files.typed_cache import TypedCache
from itgov.rules.catalogue import RuleBook
from itgov.rules.judge import share_units
from itgov.rules.judged_part import JudgedPart, UnitFiles, packed, unpacked
from itgov.rules.prepared_rules import PreparedRules
from itgov.rules.unit_keys import UnitKeys, rules_key
from itgov.rules.verdicts import Judged


class CachingJudge:
    """Judges as `itgov.rules.judge.judge` does, and remembers what it found on each unit.

    `name` says whose portfolio it is; what an earlier run kept under it is used as well.
    """

    def __init__(self, name: str) -> None:
        self.judged = 0
        """How many business units were judged, rather than remembered."""
        self._cache = TypedCache[dict[bytes, bytes]]("judged", dict[bytes, bytes])
        self._name = self._cache.key("parts", name)
        self._parts: dict[bytes, bytes] | None = None
        self._saved: frozenset[bytes] = frozenset()
        self._keys = UnitKeys()
        self._judging: PreparedRules | None = None
        self._rules = b""

    def judge(
        self,
        linked: Linked,
        book: RuleBook,
        progress: Progress | None = None,
    ) -> Judged:
        """Judge a linked portfolio by the rules of a book; `progress` is told "Judging"."""
        if self._parts is None:
            self._parts = self._recalled()
        judging = self._made_ready(linked, book)
        keys = self._keys.of(linked, judging, self._rules)
        parts: list[bytes | JudgedPart | None] = [
            self._parts.get(key) if key is not None else None for key in keys
        ]
        missing = [i for i, part in enumerate(parts) if part is None]
        if missing:
            units = list(linked.portfolio.units.values())
            files = [UnitFiles.of(units[i], linked.documents) for i in missing if i < len(units)]
            slices = share_units(_judge_each, judging, files, progress)
            found = [part for parts in slices for part in parts]
            self.judged += len(found)
            if missing[-1] == len(units):
                found.append(packed(judging.beside(linked.documents)))
            for i, made in zip(missing, found, strict=True):
                parts[i] = made
        self._parts = {
            key: part
            for key, part in zip(keys, parts, strict=True)
            if key is not None and isinstance(part, bytes)
        }
        return judging.conclude(linked, [unpacked(p) for p in parts if p is not None])

    def save(self) -> None:
        """Keep for a later run what was found, where that is not kept already."""
        parts = self._parts
        if parts and frozenset(parts) != self._saved:
            self._saved = frozenset(parts)
            self._cache.keep(self._name, parts)
            self._cache.tidy()

    def _recalled(self) -> dict[bytes, bytes]:
        parts = self._cache.recall(self._name)
        if parts is None:
            return {}
        try:
            for part in parts.values():
                unpacked(part)
        except (msgspec.DecodeError, ValueError):
            return {}
        self._saved = frozenset(parts)
        return parts

    def _made_ready(self, linked: Linked, book: RuleBook) -> PreparedRules:
        rules = rules_key(book)
        if self._judging is None or self._rules != rules:
            self._judging = PreparedRules(linked.portfolio, book.rules, book.info(), blind=False)
            self._rules = rules
        else:
            self._judging.move_to(linked.portfolio)
        return self._judging


def _judge_each(
    judging: PreparedRules, units: Sequence[UnitFiles], tick: Tick
) -> list[bytes | JudgedPart]:
    """Return what was found on each unit by itself."""
    found = []
    for index, unit in enumerate(units):
        tick(index / len(units))
        found.append(packed(judging.units([unit], lambda done: None)))
    return found
