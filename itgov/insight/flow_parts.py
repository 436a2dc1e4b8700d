"""A check of a portfolio part by part, so that no process has all of it in memory.

Files are linked and judged some at a time, as they lie beside each other.  Units that are tied to units of
another part are linked and judged once more, together.  What the facts beyond units take from each is
added up here, and it is looked whether rules on units saw of the whole what there is.
"""

from __future__ import annotations

import os
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from itgov.files.document import Document
from itgov.files.link import OWN_KINDS, UNKNOWN_CODES, link
from itgov.files.linked import SUGGESTIONS, Elsewhere, Linked
from itgov.files.load import ORGANISATION_KEYS, ReadFile, kind_of, read_file
from itgov.files.parallel import share_parts
from itgov.files.shared_work import note
from itgov.files.sources import FoundFile, RawFile, Version, WorkTree
from itgov.insight.governed import Extent
from itgov.insight.part import (
    PART_FOUND,
    PartFound,
    Setup,
    UnitFound,
    WholeNeeded,
    check_part,
)
from itgov.model.types import OrganisationFile
from itgov.model.unit_shares import derive_beyond
from itgov.rules.caching_judge import PeopleSeen, surroundings_of_units
from itgov.rules.judged_part import JudgedPart
from itgov.rules.verdicts import added_up

if TYPE_CHECKING:
    import datetime

    from itgov.files.parallel import Executor, Progress
    from itgov.model.portfolio import Evidence
    from itgov.rules.catalogue import RuleBook
    from itgov.rules.verdicts import Judged

PART_BYTES = 2_000_000
"""Bytes of files that are linked together, or as many as the organisation's own where these are more."""
_BUCKETS = 16
_EACH = 2**64 // _BUCKETS


class PartFiles(Sequence[RawFile]):
    """Files that are read when they are wanted, and sent to a worker as what they hold then."""

    def __init__(self, found: Sequence[FoundFile]) -> None:
        self.found = found

    def __len__(self) -> int:
        return len(self.found)

    def __getitem__(self, at: Any) -> Any:
        return self.found[at].read()

    def __iter__(self) -> Iterator[RawFile]:
        return (file.read() for file in self.found)

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (list(self),)


class LazyDocuments(Mapping[str, Document]):
    """The documents of found files, without positions: one at a time is in memory."""

    def __init__(self, files: Iterable[FoundFile], others: Mapping[str, Document]) -> None:
        self._files = {file.path: file for file in files}
        self._others = others
        self._last: Document | None = None

    def __getitem__(self, path: str) -> Document:
        if path in self._others:
            return self._others[path]
        if self._last is None or self._last.path != path:
            self._last = Document(path, self._files[path].read().data)
        return self._last

    def __iter__(self) -> Iterator[str]:
        yield from {**dict.fromkeys(self._files), **dict.fromkeys(self._others)}

    def __len__(self) -> int:
        return len(self._files.keys() | self._others.keys())


class PartsFlow:
    """Checks the files of one version on disk part by part, as of a day and by the rules of a book.

    `evidence` is what is known of its history.
    """

    def __init__(
        self,
        version: Version[WorkTree],
        day: datetime.date,
        book: RuleBook,
        evidence: Evidence | None,
        executor: Executor,
        progress: Progress | None,
    ) -> None:
        self.version = version
        self.day = day
        self.book = book
        self.evidence = evidence
        self.executor = executor
        self.progress = progress
        self.files = version.found_files
        self.missing: frozenset[str] = frozenset()
        self.organisation: list[ReadFile] = []
        self.setup: Setup | None = None

    def found(self, has_git: bool) -> tuple[Judged, Extent] | None:
        """Return how every rule ended, and what was read; None where the portfolio is small, or only the whole
        tells, which is said.

        `has_git` says whether git is to be asked for the history.
        """
        if sum(file.size for file in self.files) < 2 * PART_BYTES:
            return None
        try:
            if has_git:
                raise WholeNeeded("git is asked for its history")
            return self._found()
        except WholeNeeded as needed:
            note(f"All was linked on this machine at once: {needed}.")
            return None

    def _found(self) -> tuple[Judged, Extent]:
        version = self.version
        if version.minutes_files or version.scenario_files:
            raise WholeNeeded("minutes and scenarios may name anything")
        parts = self._parts()
        units = self._joined(parts)
        linked = self._linked(units)
        self._look_at_names(units, linked.unknown)
        setup = self._setup()
        judging = setup.prepared(linked.portfolio)
        surroundings = surroundings_of_units(judging)
        people = PeopleSeen(judging.surroundings)
        for part in parts:
            same = part.surroundings == surroundings and people.around(part.asked) == part.around
            if not same:
                raise WholeNeeded("rules on units read what follows from all of them")
        beside = judging.beside(linked.documents)
        packed = JudgedPart([one for unit in units for one in unit.findings], [], [])
        counts = added_up(each for unit in units for each in unit.unpacked_counts())
        judged = judging.conclude(linked, [packed, beside], counts)
        if version.source.listed(version.portfolios) != self.files:
            raise WholeNeeded("files changed while they were read")
        known = {path for unit in units for path in unit.paths}
        hiding = {
            (rule, place): fields
            for part in parts
            for rule, place, fields in part.hiding
            if place.path in known
        }
        extent = Extent(
            len(self.files),
            sum(unit.investments for unit in units),
            linked.unread,
            {**linked.hiding, **hiding},
            LazyDocuments(self.files, linked.documents),
        )
        return judged, extent

    # -- parts -----------------------------------------------------------------------------

    def _parts(self) -> list[PartFound]:
        """Check all parts; once more where a file is about the organisation that does not look like it."""
        about = {file.path for file in self.files if _is_organisational(file)}
        for _ in range(3):
            self.organisation = [read_file(f.read()) for f in self.files if f.path in about]
            about = {
                f.document.path
                for f in self.organisation
                if isinstance(f.content, OrganisationFile)
            }
            self.organisation = [f for f in self.organisation if f.document.path in about]
            if not about:
                raise WholeNeeded("no file is about the organisation")
            found = self._checked(
                _cut([f for f in self.files if f.path not in about], self._size())
            )
            others = {path for part in found for path in part.organisation}
            if not others:
                return found
            about |= others
        raise WholeNeeded("files about the organisation cannot be told from others")

    def _size(self) -> int:
        return max(PART_BYTES, sum(len(file.document.raw) for file in self.organisation))

    def _setup(self) -> Setup:
        if self.setup is None or self.setup.missing != self.missing:
            own = [RawFile(f.document.path, f.document.raw) for f in self.organisation]
            paths = frozenset(file.path for file in self.files)
            self.setup = Setup(
                os.urandom(16), own, self.day, self.book.health.grace_days, paths, self.missing,
                self.book.rules, dict(self.book.info()), self.evidence,
            )  # fmt: skip
        return self.setup

    def _checked(self, parts: list[list[FoundFile]]) -> list[PartFound]:
        """Check some parts, and those again of which evidence is no file of the repository."""
        found = self._sent(parts)
        if any(part.organisation for part in found):
            return found
        has_file = self.version.source.has_file
        named = {path for part in found for path in part.looked_up}
        gone = {path for path in named - self.missing if not has_file(path)}
        if gone:
            self.setup = None
            self.missing |= gone
            again = [at for at, part in enumerate(found) if not gone.isdisjoint(part.looked_up)]
            made = self._sent([parts[at] for at in again])
            for at, part in zip(again, made, strict=True):
                found[at] = part
        for part in found:
            part.looked_up.clear()  # which may be as many as there are results
        return found

    def _sent(self, parts: list[list[FoundFile]]) -> list[PartFound]:
        def tick(done: float) -> None:
            if self.progress is not None:
                self.progress("Checking", done)

        work = partial(check_part, self._setup())
        slices = [PartFiles(files) for files in parts]
        found = []
        for part in share_parts(work, slices, tick, self.executor, PART_FOUND):
            if part.why_whole:
                raise WholeNeeded(part.why_whole)
            found.append(part)
        return found

    # -- as one ----------------------------------------------------------------------------

    def _joined(self, parts: list[PartFound]) -> list[UnitFound]:
        """Return all units in their order; those that are tied to other parts are checked together."""
        owners = [(part, unit) for part in parts for unit in part.units]
        groups = _tied([unit.ties for _, unit in owners])
        apart = [group for group in groups if len({id(owners[at][0]) for at in group}) > 1]
        again = {at for group in apart for at in group}
        units = [unit for at, (_, unit) in enumerate(owners) if at not in again]
        if again:
            by_path = {file.path: file for file in self.files}
            grouped = [
                sorted({path for at in group for path in owners[at][1].paths}) for group in apart
            ]
            together = [[by_path[path] for path in paths] for paths in grouped]
            made = self._checked(_batches(together, self._size()))
            parts += made
            linked = [unit for part in made for unit in part.units]
            if {unit.id for unit in linked} != {owners[at][1].id for at in again}:
                raise WholeNeeded("files changed while they were read")
            units += linked
        place = {file.path: at for at, file in enumerate(self.files)}
        units.sort(key=lambda unit: (not unit.is_defined, place[unit.paths[0]]))
        if len({unit.id for unit in units}) != len(units):
            raise WholeNeeded("files changed while they were read")
        return units

    @staticmethod
    def _look_at_names(units: list[UnitFound], others: int) -> None:
        """Raise `WholeNeeded` where what names that are nobody's may mean is to be looked for among all."""
        counts = Counter[str]()
        for kind, count in (k for unit in units for f in unit.findings for k in f.kinds):
            counts[kind[0]] += count
        if any(counts[rule] for kind, rule in UNKNOWN_CODES.items() if kind not in OWN_KINDS):
            raise WholeNeeded("a name of a unit, an item or an outcome is nobody's")
        if others + sum(counts[UNKNOWN_CODES[kind]] for kind in OWN_KINDS) >= SUGGESTIONS:
            raise WholeNeeded(f"{SUGGESTIONS} names or more are nobody's")

    def _linked(self, units: list[UnitFound]) -> Linked:
        """Return the organisation with all that follows from the units."""
        version, own = self.version, self.organisation
        about = {file.document.path for file in own}
        paths = [file.path for file in self.files if file.path not in about]
        measured = [name for unit in units for name in unit.unpacked_share().measured]
        elsewhere = Elsewhere(
            paths, {"business_unit": [unit.id for unit in units], "outcome": measured}
        )
        linked = link(
            own, self.day, (), version.passed_over, version.source.has_file,
            self.book.health.grace_days, elsewhere,
        )  # fmt: skip
        portfolio = linked.portfolio
        lost = portfolio.lost
        if not portfolio.organisation.source.path or lost.people or lost.any_unit or lost.units:
            raise WholeNeeded("a file about the organisation cannot be read")
        if not linked.is_apart or linked.unread:
            raise WholeNeeded("a name of a unit or an outcome is nobody's")
        portfolio.evidence = self.evidence
        derive_beyond(portfolio, (unit.unpacked_share() for unit in units))
        return linked


def _is_organisational(file: FoundFile) -> bool:
    """Say whether a file looks as if it were about the organisation."""
    if kind_of(file.path, None) is OrganisationFile:
        return True
    data = b"\n" + file.read().data
    return any(f"\n{key}:".encode() in data for key in ORGANISATION_KEYS)


def _cut(files: Sequence[FoundFile], size: int) -> list[list[FoundFile]]:
    """Return files in parts of about a size, each of files that lie beside each other."""
    parts: list[list[FoundFile]] = [[]]
    held = 0
    for file in files:
        if parts[-1] and held + file.size > size:
            parts.append([])
            held = 0
        parts[-1].append(file)
        held += file.size
    return [part for part in parts if part]


def _batches(groups: Iterable[list[FoundFile]], size: int) -> list[list[FoundFile]]:
    """Return groups in parts of about a size; none is cut."""
    parts: list[list[FoundFile]] = [[]]
    held = 0
    for group in groups:
        own = sum(file.size for file in group)
        if parts[-1] and held + own > size:
            parts.append([])
            held = 0
        parts[-1] += group
        held += own
    return [sorted(part, key=lambda file: file.path) for part in parts]


def _tied(ties: Sequence[bytes]) -> list[list[int]]:
    """Return the places of all that share a tie with others, directly or through others, in groups.

    Ties are looked at some at a time: all of a large portfolio are no small amount.
    """
    leader = list(range(len(ties)))

    def first(at: int) -> int:
        while leader[at] != at:
            leader[at] = leader[leader[at]]
            at = leader[at]
        return at

    for bucket in range(_BUCKETS):
        digests, owners = array("Q"), array("I")
        for at, packed in enumerate(ties):
            own = array("Q")
            own.frombytes(packed)
            start = bisect_left(own, bucket * _EACH)
            some = own[start : bisect_left(own, (bucket + 1) * _EACH)]
            digests += some
            owners.extend([at] * len(some))
        shared = {one for one, other in pairwise(sorted(digests)) if one == other}
        known: dict[int, int] = {}
        for digest, at in zip(digests, owners, strict=True) if shared else ():
            if digest in shared:
                leader[first(at)] = first(known.setdefault(digest, at))
    groups: dict[int, list[int]] = {}
    for at in range(len(ties)):
        groups.setdefault(first(at), []).append(at)
    return [group for group in groups.values() if len(group) > 1]
