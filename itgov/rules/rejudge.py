"""Judging one state of a portfolio after another: only what may have changed is judged again.

What is found on a business unit follows from its records and facts, the text of its files, what
its rules can see around it, the people, the rules and the day.  It is kept under a digest of all of
these, so it is right whatever changed, and whoever changed it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b
from typing import Any

import msgspec

from itgov.files.linked import Linked
from itgov.files.parallel import Tick, share
from itgov.files.typed_cache import TypedCache
from itgov.model.portfolio import Source, UnitEntry
from itgov.rules.around import Around
from itgov.rules.book import RuleBook
from itgov.rules.judge import WORTH_SHARING, Judging, Part, expressions_of
from itgov.rules.language import SUBJECTS
from itgov.rules.pastitems import PastItem
from itgov.rules.template import TemplateError, parse
from itgov.rules.unknown import conclude
from itgov.rules.verdicts import Judged

_encoder = msgspec.msgpack.Encoder()
_part_decoder = msgspec.msgpack.Decoder(Part)


class Rejudge:
    """Judges as `itgov.rules.judge.judge` does, and remembers what it found of each unit.

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
        self._judging: tuple[bytes, Judging] | None = None

    def judge(
        self,
        linked: Linked,
        book: RuleBook,
        progress: Callable[[str, float], None] | None = None,
    ) -> Judged:
        """Judge a linked portfolio by the rules of a book; `progress` is told "Judging"."""
        if self._parts is None:
            self._parts = self._recalled()
        rules = _encoder.encode([[(r.rule, r.shipped) for r in book.rules], list(book.info())])
        units = list(linked.portfolio.units.values())
        keys = self._keys(linked, book, rules)
        parts: list[bytes | Part | None] = [
            self._parts.get(key) if key is not None else None for key in keys
        ]
        missing = [i for i, part in enumerate(parts) if part is None]
        if missing:
            judging = self._made_ready(linked, book, rules)
            found = _judge_units(judging, [units[i] for i in missing if i < len(units)], progress)
            self.judged += len(found)
            if missing[-1] == len(units):
                found.append(_packed(judging.whole()))
            for i, made in zip(missing, found, strict=True):
                parts[i] = made
        self._parts = {
            key: part
            for key, part in zip(keys, parts, strict=True)
            if key is not None and isinstance(part, bytes)
        }
        findings, verdicts = list(linked.findings), []
        for part in parts:
            known = _part_decoder.decode(part) if isinstance(part, bytes) else part
            assert known is not None
            findings.extend(known.findings)
            verdicts.extend(known.verdicts)
        order = {k: [r.rule.id for r in book.rules if r.rule.for_ == k] for k in SUBJECTS}
        readers = [r.rule.id for r in book.rules if PastItem(r.rule).words]
        return conclude(linked, order, readers, findings, verdicts)

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
                _part_decoder.decode(part)
        except (msgspec.DecodeError, ValueError):
            return {}
        self._saved = frozenset(parts)
        return parts

    def _made_ready(self, linked: Linked, book: RuleBook, rules: bytes) -> Judging:
        if self._judging is not None and self._judging[0] == rules:
            self._judging[1].move_to(linked)
        else:
            self._judging = rules, Judging(linked.portfolio, linked.documents, book, blind=False)
        return self._judging[1]

    # -- what a finding follows from -------------------------------------------------------

    def _keys(self, linked: Linked, book: RuleBook, rules: bytes) -> list[bytes | None]:
        """Return the key of each unit, then of the whole; None where nothing can be kept."""
        portfolio = linked.portfolio
        sources = expressions_of(book)
        words = frozenset(re.findall(r"\w+", " ".join(sources))) | {"id"}
        around = Around(portfolio, words, sources)
        asked = _asked(book)
        people = _try(_encoder.encode, [p.record for p in portfolio.people.values()])
        evidence = _try(_encoder.encode, portfolio.evidence)
        common = [rules, people, portfolio.today.isoformat().encode(), evidence]
        keys = []
        for unit in portfolio.units.values():
            said = _try(_encoder.encode, [unit, asked.of(around.of_unit(unit))])
            keys.append(_digest([*common, said, *self._said(linked, _sources(unit))]))
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


class _Asked(msgspec.Struct):
    """Which fields rules read of what surrounds a subject; None where that is not plain."""

    organisation: frozenset[str] | None
    people: frozenset[str] | None
    relationship_managers: frozenset[str] | None
    known: dict[int, dict[str, Any]] = {}
    """What was made of the view of a person, whom many units share; views live as long as this."""

    def of(self, around: dict[str, Any]) -> list[object]:
        """Return what rules can see around a unit, without the fields that none reads."""
        return [
            _only(around["organisation"], self.organisation),
            *(
                {key: self._shared(view, fields) for key, view in around[name].items()}
                for name, fields in (
                    ("people", self.people),
                    ("relationship_managers", self.relationship_managers),
                )
            ),
        ]

    def _shared(self, view: dict[str, Any], fields: frozenset[str] | None) -> dict[str, Any]:
        found = self.known.get(id(view))
        if found is None:
            found = self.known[id(view)] = _only(view, fields)
        return found


def _only(view: dict[str, Any], fields: frozenset[str] | None) -> dict[str, Any]:
    return view if fields is None else {k: v for k, v in view.items() if k in fields}


_WITHOUT_UNIT = ("organisation", "person", "relationship_manager")
"""Kinds of subjects that are judged with the whole, not with a unit."""


def _asked(book: RuleBook) -> _Asked:
    texts = []
    for loaded in book.rules:
        rule = loaded.rule
        if rule.for_ in _WITHOUT_UNIT:
            continue
        texts += [t for t in (rule.when, rule.assert_) if t]
        try:
            texts += [p.text for p in parse(rule.message or "") if p.expression]
        except TemplateError:
            texts.append(rule.message or "")
    text = "\n".join(texts)
    return _Asked(
        fields_read(text, "organisation", False),
        fields_read(text, "people", True),
        fields_read(text, "relationship_managers", True),
    )


_STRING = re.compile(
    r"""\b[rR]'(?!'')[^'\n]*'|\b[rR]"(?!"")[^"\n]*"|'(?!'')(?:\\.|[^'\\\n])*'|"(?!"")(?:\\.|[^"\\\n])*\""""
)
_FIELD = re.compile(r"\s*\.\s*(\w+)(?!\w|\s*\()")
_IN = re.compile(r"\bin\s*\Z")


def fields_read(text: str, name: str, by_key: bool) -> frozenset[str] | None:
    """Return the fields that expressions read of a variable, or None where all may be read.

    With `by_key` it is a map, `people[…].side`; to ask whether it has a key reads no field.
    """
    text = _STRING.sub("0", text)
    if "//" in text or "'" in text or '"' in text:  # a comment, or a string of another kind
        return None
    found: set[str] = set()
    for match in re.finditer(rf"\b{name}\b", text):
        before = text[max(0, match.start() - 40) : match.start()]
        if before.rstrip().endswith("."):
            continue  # a field of something else
        at = match.end()
        if by_key:
            if text[at : at + 1] != "[":
                if _IN.search(before) and not text[at:].lstrip().startswith((".", "[")):
                    continue
                return None
            at = _closing(text, at)
        field = _FIELD.match(text, at) if at else None
        if field is None:
            return None
        found.add(field[1])
    return frozenset(found)


def _closing(text: str, at: int) -> int:
    """Return the place after the bracket that closes the one at `at`; 0 where that is not plain."""
    depth = 0
    for place in range(at, len(text)):
        if text[place] == "?":
            return 0
        depth += (text[place] == "[") - (text[place] == "]")
        if not depth:
            return place + 1
    return 0


def _judge_units(
    judging: Judging,
    units: Sequence[UnitEntry],
    progress: Callable[[str, float], None] | None,
) -> list[bytes | Part]:
    def told(done: float) -> None:
        if progress is not None:
            progress("Judging", done)

    def work(part: Sequence[UnitEntry], tick: Tick) -> list[bytes | Part]:
        found = []
        for index, unit in enumerate(part):
            tick(index / len(part))
            found.append(_packed(judging.units([unit], lambda done: None)))
        return found

    if not units:
        return []
    weights = [len(u.investments) + 1 for u in units]
    return [p for part in share(work, units, weights, WORTH_SHARING, told) for p in part]


def _packed(part: Part) -> bytes | Part:
    try:
        return _encoder.encode(part)
    except UnicodeEncodeError:  # a file name that is no UTF-8
        return part


def _sources(unit: UnitEntry) -> list[Source]:
    inner = [e.source for e in unit.investments] + [e.source for e in unit.engagements]
    return [unit.source, *inner]


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
