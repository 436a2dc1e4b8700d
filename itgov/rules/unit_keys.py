"""What is known of a business unit's findings before it is judged: all that they follow from.

What is found on a business unit follows from its records and facts, the text of its files, what
its rules can see around it, the people, the rules and the day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b
from typing import Any

import msgspec

from itgov.files.linked import Linked
from itgov.model.nobody import own_words
from itgov.model.portfolio import Portfolio, Source, UnitEntry
from itgov.rules.catalogue import RuleBook
from itgov.rules.judged_part import sources_of
from itgov.rules.prepared_rules import PreparedRules

_encoder = msgspec.msgpack.Encoder()


def rules_key(book: RuleBook) -> bytes:
    """Return what rules are known by: the same for books that judge alike."""
    judged = [(r.rule, r.shipped) for r in book.rules]
    return _encoder.encode([judged, list(book.info()), own_words()])


class UnitKeys:
    """Makes the keys of units; the text of a file that is as it was is not looked at again."""

    def __init__(self) -> None:
        self._texts: dict[str, tuple[bytes, bytes]] = {}

    def of(self, linked: Linked, judging: PreparedRules, rules: bytes) -> list[bytes | None]:
        """Return the key of each unit, then of the rest; None where nothing can be kept."""
        portfolio = linked.portfolio
        evidence = _try(_encoder.encode, [portfolio.evidence, portfolio.lost])
        common = [rules, portfolio.today.isoformat().encode(), evidence]
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
