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
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from itgov.files.file_findings import units_of_path
from itgov.files.link import link
from itgov.files.linked import SUGGESTIONS, Elsewhere, Linked
from itgov.files.linker import UNKNOWN_CODES
from itgov.files.load import ReadFile, read_file, read_minutes, read_scenario
from itgov.files.parallel import share_parts
from itgov.files.shared_work import note
from itgov.files.sources import FoundFile, RawFile, Version, WorkTree
from itgov.insight.governed import Extent
from itgov.insight.part import (
    NEAR_FOUND,
    PART_FOUND,
    PartFound,
    Setup,
    UnitFound,
    WholeNeeded,
    check_part,
    find_near,
    unknown_names,
)
from itgov.insight.part_files import LazyDocuments, PartFiles, batches, cut, is_organisational
from itgov.model.fields import Kind, named_in
from itgov.model.portfolio import Lost
from itgov.model.scenario import ScenarioFile
from itgov.model.text import nearest
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
_OF_PARTS: frozenset[Kind] = frozenset(["investment", "outcome"])
_BUCKETS = 16
_EACH = 2**64 // _BUCKETS


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
        self.parts: list[list[FoundFile]] = []
        self.together: list[list[str]] = []
        """Paths of the files of units that are tied to each other."""
        self.name = os.urandom(16)
        self.missing: frozenset[str] = frozenset()
        self.lost = Lost()
        self.scenarios = [read_scenario(raw) for raw in version.scenario_files]
        self.names = _named_in_scenarios(self.scenarios)
        self.ids: dict[Kind, list[str]] = {}
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
        parts = self._parts()
        units = self._joined(parts)
        linked, units = self._linked(parts, units)
        judging = self._setup().prepared(linked.portfolio)
        surroundings = surroundings_of_units(judging, Lost())
        people = PeopleSeen(judging.surroundings)
        for part in parts:
            same = part.surroundings == surroundings and people.around(part.asked) == part.around
            if not same:
                raise WholeNeeded("rules on units read what follows from all of them")
        beside = judging.beside(linked.documents)
        findings = [one for unit in units for one in unit.findings]
        findings += [one for part in parts for one in part.findings]
        packed = JudgedPart(findings, [], [])
        counts = added_up(each for unit in units for each in unit.unpacked_counts())
        judged = judging.conclude(linked, [packed, beside], counts)
        if self.version.source.listed(self.version.portfolios) != self.files:
            raise WholeNeeded("files changed while they were read")
        hiding = {(rule, at): fields for part in parts for rule, at, fields in part.hiding}
        unread = {path for part in parts for path in part.unread}
        extent = Extent(
            len(self.files),
            sum(unit.investments for unit in units),
            [*(file.path for file in self.files if file.path in unread), *linked.unread],
            {**linked.hiding, **hiding},
            LazyDocuments(self.files, linked.documents),
        )
        return judged, extent

    # -- parts -----------------------------------------------------------------------------

    def _parts(self) -> list[PartFound]:
        """Check all parts; once more where a file is about the organisation that does not look like it."""
        about = {file.path for file in self.files if is_organisational(file)}
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
            self.setup = None
            self.parts = cut([f for f in self.files if f.path not in about], self._size())
            found = self._checked(self.parts)
            others = {path for part in found for path in part.organisation}
            if not others:
                return found
            about |= others
        raise WholeNeeded("files about the organisation cannot be told from others")

    def _size(self) -> int:
        return max(PART_BYTES, sum(len(file.document.raw) for file in self.organisation))

    def _setup(self) -> Setup:
        if self.setup is None:
            own = [RawFile(f.document.path, f.document.raw) for f in self.organisation]
            paths = frozenset(file.path for file in self.files)
            self.setup = Setup(
                os.urandom(16), self.name, own, list(self.version.minutes_files), self.day,
                self.book.health.grace_days, paths, self.missing, self.lost, self.names, self.ids,
                self.book.rules, dict(self.book.info()), self.evidence,
            )  # fmt: skip
        return self.setup

    def _checked(self, parts: list[list[FoundFile]]) -> list[PartFound]:
        """Check some parts, and those again that what is known of all changes.

        These are parts of which evidence is no file of the repository, and to which what files of others may
        have said that cannot be read would be something.
        """
        found = self._sent(parts)
        if any(part.organisation for part in found):
            return found
        has_file = self.version.source.has_file
        named = {path for part in found for path in part.looked_up}
        gone = {path for path in named - self.missing if not has_file(path)}
        lost = Lost.of_all([self.lost, *(part.lost for part in found)])
        if gone or lost != self.lost:
            self.setup = None
            self.missing |= gone
            self.lost = lost
            again = [
                at
                for at, part in enumerate(found)
                if not gone.isdisjoint(part.looked_up) or part.is_blind_to(lost)
            ]
            made = self._sent([parts[at] for at in again])
            for at, part in zip(again, made, strict=True):
                found[at] = part
        for part in found:
            part.looked_up.clear()  # which may be as many as there are results
        return found

    def _sent(self, parts: list[list[FoundFile]]) -> list[PartFound]:
        work, slices, found = partial(check_part, self._setup()), _slices(parts), []
        for part in share_parts(work, slices, self._tick, self.executor, PART_FOUND):
            if part.why_whole:
                raise WholeNeeded(part.why_whole)
            found.append(part)
        return found

    def _tick(self, done: float) -> None:
        if self.progress is not None:
            self.progress("Checking", done)

    # -- as one ----------------------------------------------------------------------------

    def _joined(self, parts: list[PartFound]) -> list[UnitFound]:
        """Return all units in their order; those that are tied to other parts are checked together."""
        owners = [(part, unit) for part in parts for unit in part.units]
        units = [unit for _, unit in owners]
        ids = {unit.id for unit in units}
        groups = _tied([unit.all_ties(ids) for unit in units])
        self.together = [
            sorted({path for at in group for path in units[at].paths}) for group in groups
        ]
        apart = [
            paths
            for group, paths in zip(groups, self.together, strict=True)
            if len({id(owners[at][0]) for at in group}) > 1
        ]
        return self._again(apart, parts, units)

    def _again(
        self, groups: list[list[str]], parts: list[PartFound], units: list[UnitFound]
    ) -> list[UnitFound]:
        """Check the files of some groups of units once more; return all units, in their order."""
        by_path = {file.path: file for file in self.files}
        files = [[by_path[path] for path in paths] for paths in groups]
        made = self._checked(batches(files, self._size())) if files else []
        again = {path for paths in groups for path in paths}
        fresh = [unit for part in made for unit in part.units]
        if {path for unit in fresh for path in unit.paths} != again:
            raise WholeNeeded("files changed while they were read")
        parts += made
        units = [*(unit for unit in units if again.isdisjoint(unit.paths)), *fresh]
        place = {file.path: at for at, file in enumerate(self.files)}
        units.sort(key=lambda unit: (not unit.is_defined, place[unit.paths[0]]))
        if len({unit.id for unit in units}) != len(units):
            raise WholeNeeded("files changed while they were read")
        return units

    # -- names -----------------------------------------------------------------------------

    def _linked(
        self, parts: list[PartFound], units: list[UnitFound]
    ) -> tuple[Linked, list[UnitFound]]:
        """Return the organisation with all that follows from the units, and these.

        What names that are nobody's may mean is looked for among all.
        """
        known = {path for unit in units for path in unit.paths}
        ids = {unit.id for unit in units}
        homeless = {path for part in parts for path in part.homeless} - known
        if any(not ids.isdisjoint(units_of_path(path)) for path in homeless):
            raise WholeNeeded("a file may be of a business unit of another part")
        linked = self._link(parts, units)
        own = dict.fromkeys(name for unit in units for name in unit.unknown)
        names = [*own, *(n for n in unknown_names(linked.findings) if n not in own)]
        self._look_at(units, names, linked.unknown)
        if names:
            self.ids = self._near([n for n in names if n[0] != "business_unit"])
            self.ids["business_unit"] = [unit.id for unit in units if unit.is_defined]
            self.setup = None
            groups = {path: paths for paths in self.together for path in paths}
            again = [groups.get(unit.paths[0], unit.paths) for unit in units if unit.unknown]
            groups_again = [list(paths) for paths in dict.fromkeys(map(tuple, again))]
            units = self._again(groups_again, parts, units)
            linked = self._link(parts, units)
        return linked, units

    @staticmethod
    def _look_at(
        units: Sequence[UnitFound], names: Sequence[tuple[Kind, str]], others: int
    ) -> None:
        """Raise `WholeNeeded` where it is not plain what names may mean that are nobody's."""
        counts = Counter[str]()
        for kind, count in (k for unit in units for f in unit.findings for k in f.kinds):
            counts[kind[0]] += count
        if others + sum(counts[rule] for rule in UNKNOWN_CODES.values()) >= SUGGESTIONS:
            raise WholeNeeded(f"{SUGGESTIONS} names or more are nobody's")
        # a unit that no file defines is one that later files may mean
        undefined = {("business_unit", unit.id) for unit in units if not unit.is_defined}
        meant = {n for unit in units for n in unit.unknown if n[0] == "business_unit"}
        if meant and undefined and (meant != undefined or len(undefined) > 1):
            raise WholeNeeded("a name of a business unit is nobody's")
        if counts["REF-006"] and any(kind == "outcome" for kind, _ in names):
            raise WholeNeeded("an id is defined twice, and a name of an outcome is nobody's")

    def _near(self, names: list[tuple[Kind, str]]) -> dict[Kind, list[str]]:
        """Return ids that some names may mean, of each the nearest of all, in the order of the files."""
        found: list[list[str]] = [[] for _ in names]
        if names:
            work, slices = partial(find_near, names, self._setup()), _slices(self.parts)
            for part in share_parts(work, slices, self._tick, self.executor, NEAR_FOUND):
                for at, (_, name) in enumerate(names):
                    found[at] = nearest(name, [*found[at], *part.near[at]])
        ids: dict[Kind, list[str]] = {}
        for (kind, _), near in zip(names, found, strict=True):
            ids.setdefault(kind, []).extend(near)
        return ids

    def _link(self, parts: Sequence[PartFound], units: Sequence[UnitFound]) -> Linked:
        """Return the organisation with all that follows from the units."""
        version, own = self.version, self.organisation
        about = {file.document.path for file in own}
        paths = [file.path for file in self.files if file.path not in about]
        known: dict[Kind, list[str]] = {
            "business_unit": [unit.id for unit in units],
            "investment": list(self.ids.get("investment", ())),
            "outcome": [name for unit in units for name in unit.unpacked_share().measured],
        }
        known["outcome"] += self.ids.get("outcome", ())
        for kind, name in (each for part in parts for each in part.known):
            known[kind].append(name)
        linked = link(
            own, self.day, [*map(read_minutes, version.minutes_files), *self.scenarios],
            version.passed_over, version.source.has_file, self.book.health.grace_days,
            Elsewhere(paths, known, lost=self.lost),
        )  # fmt: skip
        portfolio = linked.portfolio
        if not portfolio.organisation.source.path:
            raise WholeNeeded("no file has the organisation's own record")
        portfolio.evidence = self.evidence
        derive_beyond(portfolio, (unit.unpacked_share() for unit in units))
        return linked


def _slices(parts: Iterable[Sequence[FoundFile]]) -> list[PartFiles]:
    return [PartFiles(files) for files in parts]


def _named_in_scenarios(scenarios: Iterable[ReadFile]) -> dict[Kind, list[str]]:
    """Return what scenarios name that parts define."""
    found: dict[Kind, dict[str, None]] = {}
    for file in scenarios:
        if isinstance(file.content, ScenarioFile):
            named = named_in(file.content.scenario)
            for kind in _OF_PARTS & named.keys():
                found.setdefault(kind, {}).update(dict.fromkeys(named[kind]))
    return {kind: list(names) for kind, names in found.items()}


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
