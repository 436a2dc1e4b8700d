"""Linking and judging a part of a portfolio by itself: a pure function of its files and a setup.

What is tied to files of other parts (`itgov.model.ties`) comes out otherwise than in the whole, which
`itgov.insight.flow_parts` sees to.
"""

from __future__ import annotations

import datetime
import gc
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import partial
from typing import Any, NamedTuple, TypeVar

import msgspec
from msgspec import Struct

from itgov.files.blake2 import blake2b
from itgov.files.file_findings import unit_of, units_of_path
from itgov.files.link import link, link_organisation
from itgov.files.linked import Elsewhere, Linked
from itgov.files.linker import OWN_KINDS, UNKNOWN_CODES, Linker
from itgov.files.load import ReadFile, read_file, read_minutes
from itgov.files.shared_work import Form, Tick
from itgov.files.sources import RawFile
from itgov.model.fields import Kind
from itgov.model.finding import Finding, Place
from itgov.model.findings import PackedFindings
from itgov.model.one_form import one_form
from itgov.model.portfolio import Evidence, Lost, Portfolio, UnitEntry
from itgov.model.rulebook import RuleInfo
from itgov.model.text import nearest
from itgov.model.ties import tie, ties_of_unit
from itgov.model.types import BusinessUnit, OrganisationFile, UnitFile
from itgov.model.unit_shares import UnitShare
from itgov.rules.caching_judge import PeopleSeen, surroundings_of_units
from itgov.rules.catalogue import LoadedRule
from itgov.rules.judged_part import UnitFiles
from itgov.rules.prepared_rules import PreparedRules
from itgov.rules.verdicts import Counts, by_file

T = TypeVar("T")
_NO_ENCODING = "a text or an amount has no encoding"
TIE_BYTES = 8
"""Of a digest of each tie: two that are alike tie more together than need be, which does no harm."""


class Setup(Struct):
    """What every part is linked and judged with."""

    name: bytes
    """Tells it from all others."""
    check: bytes
    """Tells the check that it is of, whose rules are compiled once."""
    organisation: list[RawFile]
    """The files about the organisation."""
    minutes: list[RawFile]
    """Of closed review sessions."""
    day: datetime.date
    grace_days: int
    paths: frozenset[str]
    """Of all portfolio files."""
    missing: frozenset[str]
    """Paths that evidence names, and that are no files of the repository; all others are taken for such."""
    lost: Lost
    """What other parts' files may have said that could not be read."""
    names: dict[Kind, list[str]]
    """Names that are looked for in every part."""
    ids: dict[Kind, list[str]]
    """Ids of other parts that one of the files linked now may mean."""
    rules: list[LoadedRule]
    known: dict[str, RuleInfo]
    evidence: Evidence | None

    def prepared(self, portfolio: Portfolio) -> PreparedRules:
        """Return the rules, made ready for a portfolio."""
        blind = self.evidence is None or self.evidence.blind is not None
        return PreparedRules(portfolio, self.rules, self.known, blind)


class WholeNeeded(Exception):
    """Raised where only linking all files at once can tell; the text says why."""


class UnitFound(Struct, array_like=True):
    """One business unit of a part."""

    id: str
    is_defined: bool
    """Whether a file has its own record."""
    paths: list[str]
    """The first is that of its own record, where it has one."""
    investments: int
    ties: bytes
    """A number for each, sorted: of an `array` of "Q"."""
    share: bytes
    """Its `UnitShare`, packed: of many units few are wanted at a time."""
    findings: list[PackedFindings]
    counts: bytes
    """Its verdicts, counted, packed too."""
    unknown: list[tuple[Kind, str]]
    """What it names of other units that is nobody's here."""
    may_be: list[str]
    """The ids of other units that its files may be of, wherever these are."""

    def all_ties(self, units: Set[str]) -> bytes:
        """Return its ties, also those to units that its files may be of, where there are such among all."""
        meant = [tie("business_unit", name) for name in self.may_be if name in units]
        return _digests(meant, self.ties) if meant else self.ties

    def unpacked_counts(self) -> list[Counts]:
        """Return its verdicts, counted.  Raises `WholeNeeded` where the bytes are none."""
        return _unpacked(_counts, self.counts)

    def unpacked_share(self) -> UnitShare:
        """Return its share.  Raises `WholeNeeded` where the bytes are none."""
        return _unpacked(_share, self.share)


class PartFound(Struct, array_like=True):
    """What was found in a part."""

    paths: list[str]
    units: list[UnitFound]
    unread: list[str]
    """Paths of files of which nothing could be read."""
    homeless: list[str]
    """Paths of files that name no business unit, and whose path tells none of this part."""
    findings: list[PackedFindings]
    """On files of no unit."""
    known: list[tuple[Kind, str]]
    """What is defined of the names that are looked for."""
    hiding: list[tuple[str, Place, frozenset[str]]]
    lost: Lost
    """What files may have said that could not be read, as far as it was known here."""
    unknown: int
    """Number of names that are nobody's here."""
    looked_up: list[str]
    """Paths that evidence names."""
    organisation: list[str]
    """Paths of files that are about the organisation, though they were not taken for such."""
    surroundings: bytes
    """A digest of what rules on units saw of the whole."""
    asked: dict[str, list[str]]
    """Whom they looked up."""
    around: bytes
    """A digest of what they saw of these."""
    why_whole: str
    """Why only the whole can tell; empty where this part can."""

    @classmethod
    def nothing(cls, paths: list[str], why_whole: str) -> PartFound:
        """Return what is said of a part of which only the whole can tell."""
        return cls(
            paths, [], [], [], [], [], [], Lost(), 0, [], [], b"", {}, b"", why_whole
        )  # fmt: skip

    def is_blind_to(self, lost: Lost) -> bool:
        """Say whether this part may come out otherwise where as much as this may be lost."""
        mine = self.lost
        if (mine.people, mine.any_unit) != (lost.people, lost.any_unit):
            return True
        more = lost.units - mine.units
        own = any(unit.id in more for unit in self.units)
        return own or (bool(more) and bool(self.unknown) and not mine.of_units())


def check_part(setup: Setup, files: Sequence[RawFile], tick: Tick) -> PartFound:
    """Link and judge some portfolio files, without all others."""
    # looking for circles among all that stays until the end takes two thirds of the time
    was_on = gc.isenabled()
    gc.disable()
    try:
        return _checked(setup, files, tick)
    except (UnicodeEncodeError, OverflowError):  # a file's name; an amount of over 64 bits
        return PartFound.nothing([raw.path for raw in files], _NO_ENCODING)
    finally:
        if was_on:
            gc.enable()


def _checked(setup: Setup, files: Sequence[RawFile], tick: Tick) -> PartFound:
    ready = _ready(setup)
    judging = ready.judging
    read = [read_file(raw) for raw in files]
    tick(0.3)
    evidence = _Evidence(setup.missing)
    elsewhere = Elsewhere(setup.paths, setup.ids, ready.organisation, ready.organisation.lost)
    linked = link(read, setup.day, (), (), evidence.is_there, setup.grace_days, elsewhere)
    portfolio = linked.portfolio
    portfolio.evidence = setup.evidence
    tick(0.5)
    found = PartFound.nothing([raw.path for raw in files], "")
    found.looked_up = [*ready.looked_up, *evidence.looked_up]
    found.organisation = [f.document.path for f in read if isinstance(f.content, OrganisationFile)]
    if found.organisation:
        return found
    judging.move_to(portfolio)
    placed = {path for unit in portfolio.units.values() for path in unit.paths}
    units = (f.document.path for f in read if isinstance(f.content, UnitFile))
    found.unread, found.homeless = linked.unread, [path for path in units if path not in placed]
    found.known = list(_known(linked, setup.names))
    found.unknown = linked.unknown
    found.lost = Lost.of_all([portfolio.lost])
    found.hiding = [(rule, at, fields) for (rule, at), fields in linked.hiding.items()]
    asked: dict[str, set[str]] = {}
    linking = {some[0].path: some for some in by_file(linked.findings)}
    beside = [linking[p] for p in (*found.unread, *found.homeless) if p in linking]
    found.findings = [PackedFindings.of(some) for some in beside]
    contents = {f.document.path: f for f in read}
    for unit, share in zip(portfolio.units.values(), portfolio.shares, strict=True):
        told = [contents[path] for path in unit.paths]
        some = [linking[path] for path in unit.paths if path in linking]
        part, people = judging.unit_apart(UnitFiles.of(unit, linked.documents))
        for name, keys in people.items():
            asked.setdefault(name, set()).update(keys)
        findings = [PackedFindings.of(each) for each in (*some, *part.fresh) if each]
        is_defined = any(_defines(file, unit) for file in told)
        found.units.append(
            UnitFound(
                unit.record.id, is_defined, unit.paths, len(unit.investments), _ties(unit, told),
                _encoder.encode(share), findings, _encoder.encode(judging.counted(part)),
                [(kind, name) for each in some for kind, name in unknown_names(each)],
                _told_by_paths(unit, told),
            )
        )  # fmt: skip
    found.asked = {name: sorted(keys) for name, keys in sorted(asked.items())}
    surroundings = surroundings_of_units(judging, Lost())
    around = PeopleSeen(judging.surroundings).around(found.asked)
    if surroundings is None or around is None:
        found.why_whole = _NO_ENCODING
    else:
        found.surroundings, found.around = surroundings, around
    return found


def unknown_names(findings: Iterable[Finding]) -> Iterator[tuple[Kind, str]]:
    """Yield what findings of linking say is nobody's, of what other units define."""
    for finding in findings:
        kind = _KIND_OF.get(finding.rule)
        if kind is not None and finding.names is not None:
            yield kind, finding.names


def _known(linked: Linked, names: Mapping[Kind, Iterable[str]]) -> Iterator[tuple[Kind, str]]:
    for kind, some in names.items() if names else ():
        ids = _ids(linked.portfolio)[kind]
        for name in some:
            yield from (
                (kind, each) for each in dict.fromkeys((name, one_form(name))) if each in ids
            )


def _ids(portfolio: Portfolio) -> dict[Kind, dict[str, None]]:
    items = list(portfolio.investments())
    outcomes = (f"{e.record.id}/{o.record.id}" for e in items for o in e.outcomes)
    return {
        "investment": {e.record.id: None for e in items},
        "outcome": dict.fromkeys(outcomes),
    }


def _defines(file: ReadFile, unit: UnitEntry) -> bool:
    content = file.content
    own = content.business_unit if isinstance(content, UnitFile) else None
    return isinstance(own, BusinessUnit) and own.id == unit.record.id


def _ties(unit: UnitEntry, files: Iterable[ReadFile]) -> bytes:
    contents = ((f.content, f.named) for f in files if isinstance(f.content, UnitFile))
    return _digests(ties_of_unit(unit.record.id, contents))


def _digests(ties: Iterable[str], others: bytes = b"") -> bytes:
    """Return a number for each tie, as `UnitFound.ties` has them, with others."""
    found = array("Q")
    found.frombytes(others)
    for text in ties:
        digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=TIE_BYTES).digest()
        found.append(int.from_bytes(digest, "big"))
    return array("Q", sorted(found)).tobytes()


def _told_by_paths(unit: UnitEntry, files: Iterable[ReadFile]) -> list[str]:
    """Return other units that the paths of files may mean which name none: another part may have one."""
    nameless = [f.document.path for f in files if unit_of(f.content) == ""]
    told = dict.fromkeys(known for path in nameless for known in units_of_path(path))
    return [known for known in told if known != unit.record.id]


class NearFound(Struct, array_like=True):
    """What is near some names in a part."""

    paths: list[str]
    near: list[list[str]]
    """Of each name, the ids that are near it, in the order of the files."""


def find_near(
    names: Sequence[tuple[Kind, str]], setup: Setup, files: Sequence[RawFile], tick: Tick
) -> NearFound:
    """Look for what names that are nobody's may mean in some portfolio files."""
    organisation = _ready(setup).organisation
    read = [read_file(raw) for raw in files]
    linker = Linker(read, [], setup.day, Elsewhere([], {}, organisation, organisation.lost))
    linker.organisation()
    linker.units()
    near = []
    for at, (kind, name) in enumerate(names):
        tick(at / len(names))
        near.append(nearest(name, linker.defined[kind]))
    return NearFound([raw.path for raw in files], near)


# -- in a worker ---------------------------------------------------------------------------


class _Ready(NamedTuple):
    """What is made of a setup: once for all parts."""

    organisation: Portfolio
    looked_up: list[str]
    """Paths that the organisation's evidence names."""
    judging: PreparedRules


_last: tuple[Setup, _Ready] | None = None


def _ready(setup: Setup) -> _Ready:
    """Return the organisation, linked, and the rules, compiled: both take longer than a small part takes."""
    global _last  # noqa: PLW0603
    if _last is None or _last[0].name != setup.name:
        own, evidence = [read_file(raw) for raw in setup.organisation], _Evidence(setup.missing)
        minutes = [read_minutes(raw) for raw in setup.minutes]
        organisation = link_organisation(
            own, setup.day, minutes, setup.paths, evidence.is_there, setup.grace_days
        )
        organisation.evidence = setup.evidence
        organisation.lost = Lost.of_all([organisation.lost, setup.lost])
        is_same = _last is not None and _last[0].check == setup.check
        judging = _last[1].judging if _last and is_same else setup.prepared(organisation)
        _last = setup, _Ready(organisation, list(evidence.looked_up), judging)
    return _last[1]


class _Evidence:
    """Says which paths are files of the repository, and notes which it was asked for."""

    def __init__(self, missing: frozenset[str]) -> None:
        self._missing = missing
        self.looked_up: dict[str, None] = {}

    def is_there(self, path: str) -> bool:
        self.looked_up[path] = None
        return path not in self._missing


def _fits(files: Sequence[Any], found: PartFound | NearFound) -> bool:
    return [raw.path for raw in files] == found.paths


def _unpacked(decoder: msgspec.msgpack.Decoder[T], packed: bytes) -> T:
    try:
        return decoder.decode(packed)
    except ValueError:  # msgspec's errors are such
        raise WholeNeeded("a worker sent what is no result") from None


def _packed(found: PartFound | NearFound) -> bytes:
    return _encoder.encode(found)


_KIND_OF = {rule: kind for kind, rule in UNKNOWN_CODES.items() if kind not in OWN_KINDS}
_encoder = msgspec.msgpack.Encoder()
_share = msgspec.msgpack.Decoder(UnitShare)
_counts = msgspec.msgpack.Decoder(list[Counts])
PART_FOUND: Form[PartFound] = Form(_packed, partial(msgspec.msgpack.decode, type=PartFound), _fits)
NEAR_FOUND: Form[NearFound] = Form(_packed, partial(msgspec.msgpack.decode, type=NearFound), _fits)
