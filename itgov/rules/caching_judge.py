"""Judging one state of a portfolio after another: only what may have changed is judged again.

What is found on a business unit follows from its records and facts, the text of its files, the rules,
the day, and what its rules see of the organisation and of the people whom they look up.  It is kept
under a digest of all of these but the last, with whom the rules looked up and a digest of what they saw
of them: with the same records they look up the same people, so it is right whatever changed, and
whoever changed it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from itgov.files.blake2 import blake2b
from itgov.files.linked import Linked
from itgov.files.parallel import Progress
from itgov.files.shared_work import Tick
from itgov.files.typed_cache import TypedCache
from itgov.model.nobody import own_words
from itgov.model.portfolio import Lost, Portfolio, Source, UnitEntry
from itgov.rules.analysis import MAPS
from itgov.rules.catalogue import RuleBook
from itgov.rules.judge import share_units
from itgov.rules.judged_part import UNITS_APART, JudgedPart, UnitApart, UnitFiles, sources_of
from itgov.rules.prepared_rules import PreparedRules
from itgov.rules.surroundings import Surroundings
from itgov.rules.verdicts import Judged

if TYPE_CHECKING:
    from itgov.files.parallel import Executor

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(UnitApart)


def rules_key(book: RuleBook) -> bytes:
    """Return what rules are known by: the same for books that judge alike."""
    judged = [(r.rule, r.shipped) for r in book.rules]
    return _encoder.encode([judged, list(book.info()), own_words()])


class Keys(NamedTuple):
    """Under which keys is kept what is found on a portfolio; None where nothing can be kept."""

    surroundings: bytes | None
    """A digest of what rules on units see of the whole, people aside."""
    units: list[bytes | None]
    beside: bytes | None


class CachingJudge:
    """Judges as `itgov.rules.judge.judge` does, and remembers what it found on each unit.

    What an earlier run kept is used as well.  `workers` and `executor` are as for `WholeJudge`.
    Without `hold` what can be kept on disk is not held in memory: for a process that judges once.
    """

    def __init__(
        self, workers: bool = True, executor: Executor | None = None, *, hold: bool = True
    ) -> None:
        self.judged = 0
        """How many business units were judged, rather than remembered."""
        self._workers = workers
        self._executor = executor
        self._cache = TypedCache("judged", UnitApart)
        self._hold = hold or self._cache.folder is None
        self._parts: dict[bytes, bytes] = {}
        """By its key, what was found on each unit of the last state, packed."""
        self._texts: dict[str, tuple[bytes, bytes]] = {}
        self._judging: PreparedRules | None = None
        self._rules = b""
        self.keys = Keys(None, [], None)
        """Those of the portfolio that was judged last."""

    def judge(
        self,
        linked: Linked,
        book: RuleBook,
        progress: Progress | None = None,
    ) -> Judged:
        """Judge a linked portfolio by the rules of a book; `progress` is told "Judging"."""
        judging = self._made_ready(linked, book)
        keys = self.keys = self._keys(linked, judging)
        people = PeopleSeen(judging.surroundings)
        return judging.conclude(linked, self._found(linked, judging, keys, people, progress))

    def judge_among(
        self,
        linked: Linked,
        book: RuleBook,
        surroundings: bytes,
        others: Sequence[bytes | None],
        progress: Progress | None = None,
    ) -> Judged | None:
        """Judge some units of a portfolio, and take what is kept of all others.

        `others` are keys in the order of all units: None stands for the next that `linked` has, which is
        otherwise as the whole.  None where something is not kept, or where rules on units see other
        `surroundings` than they did then.
        """
        judging = self._made_ready(linked, book)
        keys = self._keys(linked, judging)
        if keys.surroundings != surroundings:
            return None
        people = PeopleSeen(judging.surroundings)
        kept = [self._known(key, people) for key in others]
        if any(key is not None and one is None for key, one in zip(others, kept, strict=True)):
            return None
        stays = {key: self._parts[key] for key in others if key in self._parts}
        found = iter(self._found(linked, judging, keys, people, progress))
        parts = [one.part if one is not None else next(found) for one in kept]
        self._parts |= stays
        own = iter(keys.units)
        every = [
            key if one is not None else next(own) for key, one in zip(others, kept, strict=True)
        ]
        self.keys = Keys(surroundings, every, keys.beside)
        return judging.conclude(linked, [*parts, *found])

    def _found(
        self,
        linked: Linked,
        judging: PreparedRules,
        keys: Keys,
        people: PeopleSeen,
        progress: Progress | None,
    ) -> list[JudgedPart]:
        """Return what was found on each unit, in their order, and beside them."""
        units, own, beside = list(linked.portfolio.units.values()), keys.units, keys.beside
        known: list[UnitApart | None] = [self._known(key, people) for key in own]
        kept = {key: self._parts[key] for key in own if key is not None and key in self._parts}
        missing = [i for i, found in enumerate(known) if found is None]
        files = [UnitFiles.of(units[i], linked.documents) for i in missing]
        slices = share_units(
            _judge_each, judging, files, UNITS_APART, progress, self._workers, self._executor
        )
        self.judged += len(missing)
        for i, made in zip(missing, (m for some in slices for m in some), strict=True):
            known[i] = self._keep(own[i], made, kept)
        rest = self._known(beside, people)
        if rest is None:
            part = judging.beside(linked.documents)
            rest = self._keep(beside, UnitApart({}, people.around({}) or b"", part), kept)
        elif beside is not None and beside in self._parts:
            kept[beside] = self._parts[beside]
        self._parts = kept
        return [*(found.part for found in known if found is not None), rest.part]

    def save(self) -> None:
        """Keep for a later run what was found."""
        self._cache.write()

    def _known(self, key: bytes | None, people: PeopleSeen) -> UnitApart | None:
        """Return what was found before under a key, where its people are as they were."""
        if key is None:
            return None
        if (packed := self._parts.get(key)) is not None:
            found: UnitApart | None = _decoder.decode(packed)
        elif (packed := self._cache.get(key.hex())) is not None:
            try:
                found = _decoder.decode(packed)
            except ValueError:  # msgspec's errors are such
                return None
        else:
            return None
        if found is None or people.around(found.asked) != found.around:
            return None
        if self._hold:
            self._parts[key] = packed
        return found

    def _keep(self, key: bytes | None, made: UnitApart, kept: dict[bytes, bytes]) -> UnitApart:
        """Keep what was just found under a key, and return it."""
        packed = _try(_packed, made) if key is not None and made.around else None
        if key is not None and packed is not None:  # None: a file name that is no UTF-8
            if self._hold:
                kept[key] = packed
            self._cache.put_later(key.hex(), packed)
        return made

    def _made_ready(self, linked: Linked, book: RuleBook) -> PreparedRules:
        portfolio, rules = linked.portfolio, rules_key(book)
        blind = portfolio.evidence is None or portfolio.evidence.blind is not None
        judging = self._judging
        if judging is None or self._rules != rules or judging.blind != blind:
            judging = self._judging = PreparedRules(portfolio, book.rules, book.info(), blind)
            self._rules = rules
        else:
            judging.move_to(portfolio)
        return judging

    # -- what a finding follows from -------------------------------------------------------

    def _keys(self, linked: Linked, judging: PreparedRules) -> Keys:
        """Return under which keys is kept what is found."""
        portfolio = linked.portfolio
        common = surroundings_of_units(judging, portfolio.lost)
        shared = _digest([self._cache.key("unit").encode(), self._rules, common])
        keys = [
            _digest(
                [
                    shared,
                    _try(_encoder.encode, [unit, _approvers(unit, portfolio)]),
                    *self._said(linked, sources_of(unit)),
                ]
            )
            for unit in portfolio.units.values()
        ]
        organisation, managers = portfolio.organisation, list(portfolio.managers.values())
        everybody = list(portfolio.people.values())
        said = _try(_encoder.encode, [organisation, everybody, managers])
        at = [p.source for p in everybody] + [m.source for m in managers]
        beside = _digest([shared, b"", said, *self._said(linked, [organisation.source, *at])])
        return Keys(shared, keys, beside)

    def _said(self, linked: Linked, sources: Iterable[Source]) -> list[bytes | None]:
        """Return digests of the files that some sources lie in: findings have lines in them."""
        found: list[bytes | None] = []
        lost = linked.portfolio.lost.values
        for path in dict.fromkeys(s.path for s in sources):
            document = linked.documents.get(path)
            raw = document.raw if document is not None else b""
            known = self._texts.get(path)
            if known is None or (known[0] is not raw and known[0] != raw):
                known = self._texts[path] = raw, blake2b(raw, digest_size=20).digest()
            unusable = repr([(at, sorted(keys)) for at, keys in lost.get(path, ())])
            found += [known[1], _try(str.encode, path), _try(str.encode, unusable)]
        return found


def surroundings_of_units(judging: PreparedRules, lost: Lost) -> bytes | None:
    """Return a digest of what rules on units see of the whole, people whom they look up aside; None where
    something has no encoding.

    `lost` is what files that could not be read may have said, as far as it is to be told apart.
    """
    portfolio, around = judging.portfolio, judging.surroundings
    maps = [m for m in MAPS if m in around.in_units.whole]
    evidence = [portfolio.evidence, lost.people, sorted(lost.units), lost.any_unit]
    return _digest(
        [
            portfolio.today.isoformat().encode(),
            _try(_encoder.encode, evidence),
            _try(_encoder.encode, around.organisation_of_units),
            *(_try(_encoder.encode, around.everybody_of_units(m)) for m in maps),
        ]
    )


class PeopleSeen:
    """What rules on units see of the people whom they look up, as digests."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._known: dict[tuple[str, str], bytes] = {}

    def around(self, asked: Mapping[str, Sequence[str]]) -> bytes | None:
        """Return a digest of all who were asked for; None where somebody has no encoding."""
        return _digest([self._of(name, key) for name, keys in asked.items() for key in keys])

    def _of(self, name: str, key: str) -> bytes | None:
        known = self._known.get((name, key))
        if known is None:
            view = self._surroundings.person_of_units(name, key)
            encoded = _try(_encoder.encode, view)
            if encoded is None:
                return None
            known = self._known[name, key] = encoded
        return known


def _judge_each(judging: PreparedRules, units: Sequence[UnitFiles], tick: Tick) -> list[UnitApart]:
    """Return what was found on each unit by itself."""
    people = PeopleSeen(judging.surroundings)
    found = []
    for index, unit in enumerate(units):
        tick(index / len(units))
        part, asked = judging.unit_apart(unit)
        names = {name: sorted(keys) for name, keys in sorted(asked.items())}
        found.append(UnitApart(names, people.around(names) or b"", part))
    return found


def _packed(made: UnitApart) -> bytes:
    return _encoder.encode(made.small())


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
    except (UnicodeEncodeError, OverflowError):  # half a surrogate; an amount of over 64 bits
        return None


def _digest(parts: Sequence[bytes | None]) -> bytes | None:
    joined: list[bytes] = []
    for part in parts:
        if part is None:
            return None
        joined += (b"%d:" % len(part), part)
    return blake2b(b"".join(joined), digest_size=20).digest()
