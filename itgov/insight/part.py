"""Linking and judging a part of a portfolio by itself: a pure function of its files and a setup.

What is tied to files of other parts (`itgov.model.ties`) comes out otherwise than in the whole, which
`itgov.insight.flow_parts` sees to.
"""

from __future__ import annotations

import datetime
import gc
from array import array
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from itgov.files.blake2 import blake2b
from itgov.files.file_findings import units_of_path
from itgov.files.link import link
from itgov.files.linked import Elsewhere, Linked
from itgov.files.load import ReadFile, read_file
from itgov.files.shared_work import Form, Tick
from itgov.files.sources import RawFile
from itgov.model.finding import Place
from itgov.model.findings import PackedFindings
from itgov.model.portfolio import Evidence, Portfolio, UnitEntry
from itgov.model.rulebook import RuleInfo
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
    organisation: list[RawFile]
    """The files about the organisation."""
    day: datetime.date
    grace_days: int
    paths: frozenset[str]
    """Of all portfolio files."""
    missing: frozenset[str]
    """Paths that evidence names, and that are no files of the repository; all others are taken for such."""
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
    hiding: list[tuple[str, Place, frozenset[str]]]
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


def check_part(setup: Setup, files: Sequence[RawFile], tick: Tick) -> PartFound:
    """Link and judge some portfolio files, without all others."""
    # looking for circles among all that stays until the end takes two thirds of the time
    was_on = gc.isenabled()
    gc.disable()
    try:
        return _checked(setup, files, tick)
    except (UnicodeEncodeError, OverflowError):  # a file's name; an amount of over 64 bits
        paths = [raw.path for raw in files]
        return PartFound(paths, [], [], [], [], b"", {}, b"", _NO_ENCODING)
    finally:
        if was_on:
            gc.enable()


def _checked(setup: Setup, files: Sequence[RawFile], tick: Tick) -> PartFound:
    own, judging = _ready(setup)
    read = [read_file(raw) for raw in files]
    tick(0.3)
    looked_up: dict[str, None] = {}

    def has_file(path: str) -> bool:
        looked_up[path] = None
        return path not in setup.missing

    about = frozenset(file.document.path for file in own)
    both = sorted([*own, *read], key=lambda file: file.document.path)
    elsewhere = Elsewhere(setup.paths, {}, about)
    linked = link(both, setup.day, (), (), has_file, setup.grace_days, elsewhere)
    portfolio = linked.portfolio
    portfolio.evidence = setup.evidence
    tick(0.5)
    others = [f.document.path for f in read if isinstance(f.content, OrganisationFile)]
    found = PartFound(
        [raw.path for raw in files], [], [], list(looked_up), others, b"", {}, b"",
        why_whole(linked, read),
    )  # fmt: skip
    if others or found.why_whole:
        return found
    judging.move_to(portfolio)
    found.hiding = [
        (rule, place, fields)
        for (rule, place), fields in linked.hiding.items()
        if place.path not in about
    ]
    asked: dict[str, set[str]] = {}
    linking = {some[0].path: some for some in by_file(linked.findings)}
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
            )
        )  # fmt: skip
    found.asked = {name: sorted(keys) for name, keys in sorted(asked.items())}
    surroundings = surroundings_of_units(judging)
    around = PeopleSeen(judging.surroundings).around(found.asked)
    if surroundings is None or around is None:
        found.why_whole = _NO_ENCODING
    else:
        found.surroundings, found.around = surroundings, around
    return found


def why_whole(linked: Linked, read: Iterable[ReadFile]) -> str:
    """Return why linking some files says less than linking all; empty where it does not."""
    portfolio = linked.portfolio
    lost = portfolio.lost
    if linked.unread or lost.people or lost.units or lost.any_unit:
        return "a file, or a record of one, cannot be read"
    ids = [u.record.id for u in portfolio.units.values()]
    ids += [e.record.id for e in portfolio.investments()]
    if not all(map(str.isascii, ids)):
        return "an id of a unit or an item has letters beyond ASCII"
    placed = {path for unit in portfolio.units.values() for path in unit.paths}
    units = (f for f in read if isinstance(f.content, UnitFile))
    if not all(f.document.path in placed for f in units):
        return "a file names no business unit"
    return ""


def _defines(file: ReadFile, unit: UnitEntry) -> bool:
    content = file.content
    own = content.business_unit if isinstance(content, UnitFile) else None
    return isinstance(own, BusinessUnit) and own.id == unit.record.id


def _ties(unit: UnitEntry, files: Iterable[ReadFile]) -> bytes:
    contents = [
        (file.document.path, file.content, file.named)
        for file in files
        if isinstance(file.content, UnitFile)
    ]
    ties = ties_of_unit(unit.record.id, ((content, named) for _, content, named in contents))
    for path, content, _ in contents:
        if content.business_unit == "":  # another part may have a unit that its path tells
            ties |= {tie("business_unit", known): None for known in units_of_path(path)}
    encoded = (text.encode("utf-8", "surrogatepass") for text in ties)
    digests = (blake2b(text, digest_size=TIE_BYTES).digest() for text in encoded)
    return array("Q", sorted(int.from_bytes(digest, "big") for digest in digests)).tobytes()


# -- in a worker ---------------------------------------------------------------------------

_last: tuple[bytes, tuple[list[ReadFile], PreparedRules]] | None = None


def _ready(setup: Setup) -> tuple[list[ReadFile], PreparedRules]:
    """Return the files about the organisation, read, and the rules, compiled: once for all parts."""
    global _last  # noqa: PLW0603  rules take longer to compile than a small part takes
    if _last is None or _last[0] != setup.name:
        own = [read_file(raw) for raw in setup.organisation]
        portfolio = link(own, setup.day).portfolio
        portfolio.evidence = setup.evidence
        _last = setup.name, (own, setup.prepared(portfolio))
    return _last[1]


def _fits(files: Sequence[Any], found: PartFound) -> bool:
    return [raw.path for raw in files] == found.paths


def _unpacked(decoder: msgspec.msgpack.Decoder[T], packed: bytes) -> T:
    try:
        return decoder.decode(packed)
    except ValueError:  # msgspec's errors are such
        raise WholeNeeded("a worker sent what is no result") from None


def _packed(found: PartFound) -> bytes:
    return _encoder.encode(found)


_encoder = msgspec.msgpack.Encoder()
_share = msgspec.msgpack.Decoder(UnitShare)
_counts = msgspec.msgpack.Decoder(list[Counts])
PART_FOUND: Form[PartFound] = Form(_packed, partial(msgspec.msgpack.decode, type=PartFound), _fits)
