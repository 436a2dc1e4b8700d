"""Judging one state of a portfolio after another: only what may have changed is judged again.

What is found on a business unit follows from its records and facts, the text of its files, what
its rules can see around it, the people, the rules and the day.  It is kept under a digest of all of
these, so it is right whatever changed, and whoever changed it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b
from typing import Any

import msgspec

from itgov.files.linked import Linked
from itgov.files.parallel import Progress, Tick
from itgov.files.typed_cache import TypedCache
from itgov.model.nobody import own_words
from itgov.model.portfolio import Portfolio, Source, UnitEntry
from itgov.rules.catalogue import RuleBook
from itgov.rules.judge import share_units
from itgov.rules.judged_part import JudgedPart, UnitFiles, packed, sources_of, unpacked
from itgov.rules.prepared_rules import PreparedRules
from itgov.rules.verdicts import Judged

_encoder = msgspec.msgpack.Encoder()


def rules_key(book: RuleBook) -> bytes:
    """Return what rules are known by: the same for books that judge alike."""
    judged = [(r.rule, r.shipped) for r in book.rules]
    return _encoder.encode([judged, list(book.info()), own_words()])


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
        self._texts: dict[str, tuple[bytes, bytes]] = {}
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
        keys = self._keys(linked, judging)
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

    # -- what a finding follows from -------------------------------------------------------

    def _keys(self, linked: Linked, judging: PreparedRules) -> list[bytes | None]:
        """Return the key of each unit, then of the rest; None where nothing can be kept."""
        portfolio = linked.portfolio
        evidence = _try(_encoder.encode, [portfolio.evidence, portfolio.lost])
        common = [self._rules, portfolio.today.isoformat().encode(), evidence]
        keys = []
        for unit in portfolio.units.values():
            around = judging.surroundings.of_unit(unit, judging.views(judging.subjects(unit)))
            del around["business_unit"]  # it is in the unit itself
            said = _try(_encoder.encode, [unit, around, _approvers(unit, portfolio)])
            keys.append(_digest([*common, said, *self._said(linked, sources_of(unit))]))
        organisation, managers = portfolio.organisation, list(portfolio.managers.values())
        everybody = list(portfolio.people.values())
        said = _try(_encoder.encode, [organisation, everybody, managers])
        at = [p.source for p in everybody] + [m.source for m in managers]
        keys.append(_digest([*common, said, *self._said(linked, [organisation.source, *at])]))
        return keys

    def _said(self, linked: Linked, sources: Iterable[Source]) -> list[bytes | None]:
        """Return digests of the files that some sources lie in: findings have lines in them."""
        found: list[bytes | None] = []
        for path in dict.fromkeys(s.path for s in sources):
            document = linked.documents.get(path)
            raw = document.raw if document is not None else b""
            known = self._texts.get(path)
            if known is None or (known[0] is not raw and known[0] != raw):
                known = self._texts[path] = raw, blake2b(raw, digest_size=20).digest()
            found += [known[1], _try(str.encode, path)]
        return found


def _judge_each(
    judging: PreparedRules, units: Sequence[UnitFiles], tick: Tick
) -> list[bytes | JudgedPart]:
    """Return what was found on each unit by itself."""
    found = []
    for index, unit in enumerate(units):
        tick(index / len(units))
        found.append(packed(judging.units([unit], lambda done: None)))
    return found


def _approvers(unit: UnitEntry, portfolio: Portfolio) -> list[object]:
    """Return what decides whether a waiver's approver is somebody, and how they are called."""
    waivers = list(unit.record.waivers)
    waivers += [w for e in unit.investments for w in e.record.waivers]
    people = portfolio.people
    names = [
        people[w.approved_by].record.name if w.approved_by in people else None for w in waivers
    ]
    return [*names, not people]


def _try(encode: Callable[[Any], bytes], value: Any) -> bytes | None:
    try:
        return encode(value)
    except UnicodeEncodeError:
        return None


def _digest(parts: Sequence[bytes | None]) -> bytes | None:
    state = blake2b(digest_size=20)
    for part in parts:
        if part is None:
            return None
        state.update(b"%d:" % len(part))
        state.update(part)
    return state.digest()
