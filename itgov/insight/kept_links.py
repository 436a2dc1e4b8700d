"""What linking told of a portfolio, kept: where few files changed, only units tied to them are linked again.

The facts and findings of all others are as they were: `itgov.model.ties` says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from itgov.files.file_findings import unit_of
from itgov.files.linked import SUGGESTIONS, Elsewhere, Linked
from itgov.files.load import ReadFile
from itgov.model.derive import Roles, UnitTotals, derive_organisation, roles_in, totals_of
from itgov.model.fields import named_in
from itgov.model.finding import Finding, Place
from itgov.model.one_form import one_form
from itgov.model.people_facts import PersonFacts, RelationshipManagerFacts
from itgov.model.portfolio import Portfolio
from itgov.model.ties import (
    named_by,
    people_named,
    tie,
    tied_to,
    ties_of_file,
    ties_of_manager,
    ties_of_names,
)
from itgov.model.types import OrganisationFile, UnitFile

MANY_CHANGED = 10
"""Changed files from which everything is linked anew, and kept."""


class KeptUnit(Struct, array_like=True):
    """One business unit."""

    totals: UnitTotals
    paths: list[str]
    ties: list[str]
    people: list[str]
    """Everybody whom it names."""
    roles: dict[str, Roles]
    key: bytes
    """What was found on it is kept under this."""


class KeptManager(Struct, array_like=True):
    """One relationship manager."""

    ties: list[str]
    facts: RelationshipManagerFacts


class KeptLinks(Struct, array_like=True):
    """A portfolio as it was linked."""

    files: list[tuple[str, str]]
    """Path and id of the content of every portfolio file."""
    organisation: list[str]
    """Paths of the files about the organisation."""
    units: list[KeptUnit]
    people: dict[str, PersonFacts]
    managers: dict[str, KeptManager]
    scenarios: list[str]
    """The ties of all scenarios."""
    surroundings: bytes
    """A digest of what rules on units see of the whole."""
    looked_up: dict[str, bool]
    """Paths that evidence names, and whether a file was there."""
    findings: list[Finding]
    """What linking found."""
    unknown: int
    """How many names are nobody's."""
    hiding: list[tuple[str, Place, frozenset[str]]]

    @classmethod
    def of(
        cls,
        linked: Linked,
        read: Sequence[ReadFile],
        files: list[tuple[str, str]],
        keys: Sequence[bytes | None],
        surroundings: bytes | None,
        looked_up: Mapping[str, bool],
    ) -> KeptLinks | None:
        """Take a portfolio that was linked and judged; None where what follows of a change is not plain.

        `keys` are those of its units' results.
        """
        portfolio = linked.portfolio
        read_units = {f.document.path: f for f in read if isinstance(f.content, UnitFile)}
        placed = {path for unit in portfolio.units.values() for path in unit.paths}
        is_whole = linked.is_apart and not linked.unread and read_units.keys() == placed
        if surroundings is None or not is_whole or not portfolio.organisation.source.path:
            return None
        units = []
        for unit, key in zip(portfolio.units.values(), keys, strict=True):
            if key is None:
                return None
            ties, people = _told([read_units[path] for path in unit.paths])
            ties[tie("business_unit", unit.record.id)] = None  # a file may say it by its path alone
            told = list(ties), list(people), roles_in(unit)
            units.append(KeptUnit(totals_of(unit), unit.paths, *told, key))
        return cls(
            files,
            [f.document.path for f in read if isinstance(f.content, OrganisationFile)],
            units,
            {name: person.facts for name, person in portfolio.people.items()},
            {n: KeptManager(ties_of_manager(m.record), m.facts) for n, m in portfolio.managers.items()},
            [t for s in portfolio.scenarios for t in ties_of_names(named_in(s.record))],
            surroundings,
            dict(looked_up),
            linked.findings,
            linked.unknown,
            [(rule, place, fields) for (rule, place), fields in linked.hiding.items()],
        )  # fmt: skip

    def changed(
        self,
        files: Mapping[str, str],
        read: Callable[[str], ReadFile],
        size_of: Callable[[str], int],
    ) -> Changed | None:
        """Return what is to be linked again, given every file's path and the id of its content.

        None where that is all, or not plain: files came, went or are about the organisation, many changed,
        or most are tied together.
        """
        known = dict(self.files)
        if files.keys() != known.keys():
            return None
        edited = [path for path, content in files.items() if content != known[path]]
        homes = {path: at for at, unit in enumerate(self.units) for path in unit.paths}
        if len(edited) >= MANY_CHANGED or not homes.keys() >= set(edited):
            return None
        ties: set[str] = set()
        people: set[str] = set()
        for path in edited:
            file, unit = read(path), self.units[homes[path]]
            if not isinstance(file.content, UnitFile) or unit_of(file.content) != unit.totals.unit:
                return None
            now, named = _told([file])
            ties.update(unit.ties, now)
            people.update(named)
        of_units = [unit.ties for unit in self.units]
        changing = tied_to(ties, of_units)
        if not ties.isdisjoint(self.scenarios):
            return None
        people.update(*(self.units[at].people for at in changing))
        managers = {
            name
            for name, manager in self.managers.items()
            if one_form(name) in people or not ties.isdisjoint(manager.ties)
        }
        names = {one_form(name) for name in managers}
        around = {t for name in managers for t in self.managers[name].ties}
        for unit in self.units:
            if not names.isdisjoint(unit.people) or not around.isdisjoint(unit.ties):
                ties.update(unit.ties)
        units = tied_to(ties, of_units)
        paths = {path for at in units for path in self.units[at].paths}
        if 2 * sum(map(size_of, paths)) > sum(map(size_of, homes)):
            return None
        return Changed(self, paths.union(self.organisation), units, managers, people, ties)


def _told(files: Iterable[ReadFile]) -> tuple[dict[str, None], dict[str, None]]:
    """Return the ties of a unit's files, and everybody whom they name."""
    ties: dict[str, None] = {}
    people: dict[str, None] = {}
    for file in files:
        if isinstance(file.content, UnitFile):
            ties |= dict.fromkeys(ties_of_file(file.content, file.named or {}))
            people |= dict.fromkeys(people_named(file.named or {}))
    return ties, people


class Changed(Struct):
    """What is linked again of a portfolio of which few files changed, and what stays as it was kept."""

    kept: KeptLinks
    paths: set[str]
    """The files to link: those of the units, and of the organisation."""
    units: list[int]
    """The places of the units to link among all."""
    managers: set[str]
    """The relationship managers whose facts may change."""
    people: set[str]
    """Everybody whom units name, now or before, whose own facts may change."""
    ties: set[str]
    """The ties of the units to link."""

    def elsewhere(self) -> Elsewhere:
        """Return what is known of the files that are not linked: their paths, and ids that the organisation's name."""
        left = {t for m in self.kept.managers.values() for t in m.ties} - self.ties
        outcomes = [named for t in left if (named := named_by(t, "outcome")) is not None]
        units = [unit.totals.unit for unit in self.kept.units]
        paths = [path for path, _ in self.kept.files if path not in self.paths]
        return Elsewhere(paths, {"business_unit": units, "outcome": outcomes})

    @property
    def keys(self) -> list[bytes | None]:
        """Of all units in their order, under what is kept which was found; None for those to judge."""
        again = set(self.units)
        return [None if at in again else unit.key for at, unit in enumerate(self.kept.units)]

    @property
    def investments(self) -> int:
        """How many investments the units have that stay as they were."""
        again = set(self.units)
        units = enumerate(self.kept.units)
        return sum(u.totals.investment_count for at, u in units if at not in again)

    def join(
        self, linked: Linked, files: Mapping[str, str], beside: Sequence[str]
    ) -> Linked | None:
        """Give what was linked the facts and the findings of the rest; None where it does not fit that.

        Its portfolio has the organisation, everybody and the units that were linked again, with facts as
        of the whole portfolio.  `beside` are the paths of scenarios.
        """
        kept, portfolio = self.kept, linked.portfolio
        told = [(unit.record.id, unit.paths) for unit in portfolio.units.values()]
        units = [kept.units[at] for at in self.units]
        is_same = told == [(unit.totals.unit, unit.paths) for unit in units]
        is_plain = linked.is_apart and not linked.unread
        is_plain = is_plain and kept.unknown + linked.unknown < SUGGESTIONS
        if not (is_same and is_plain and self._complete(portfolio)):
            return None
        stays = {*files, *beside} - linked.documents.keys()
        return replace(
            linked,
            findings=[*linked.findings, *(f for f in kept.findings if f.path in stays)],
            hiding={**linked.hiding, **dict(self._hiding(stays))},
            files=len(files),
        )

    def _complete(self, portfolio: Portfolio) -> bool:
        kept = self.kept
        if portfolio.people.keys() != kept.people.keys():
            return False
        if portfolio.managers.keys() != kept.managers.keys():
            return False
        for name, person in portfolio.people.items():
            was = kept.people[name]
            if one_form(name) in self.people and (
                was.named_after_left or person.facts.named_after_left
            ):
                return False  # of which the first are named
            person.facts = was
        for unit in (kept.units[at] for at in self.units):
            for name, roles in unit.roles.items():
                if name in portfolio.people:
                    roles.add_to(portfolio.people[name].facts, -1)
        for entry in portfolio.units.values():
            for name, roles in roles_in(entry).items():
                if name in portfolio.people:
                    roles.add_to(portfolio.people[name].facts)
        for name, manager in portfolio.managers.items():
            if name not in self.managers:
                manager.facts = kept.managers[name].facts
        now = {name: totals_of(unit) for name, unit in portfolio.units.items()}
        whole = [now.get(unit.totals.unit, unit.totals) for unit in kept.units]
        derive_organisation(portfolio, whole)
        return True

    def _hiding(self, stays: set[str]) -> Iterator[tuple[tuple[str, Place], frozenset[str]]]:
        for rule, place, fields in self.kept.hiding:
            if place.path in stays:
                yield (rule, place), fields
