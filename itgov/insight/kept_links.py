"""What linking told of a portfolio, kept: where few files changed, only units tied to them are linked again.

The facts and findings of all others are as they were: `itgov.model.ties` says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from itgov.files.file_findings import lost_records, unit_of
from itgov.files.linked import SUGGESTIONS, Elsewhere, Linked, file_by_file
from itgov.files.linker import UNKNOWN_CODES
from itgov.files.load import ReadFile
from itgov.model.claims import claims_of, same_measure
from itgov.model.fields import named_in
from itgov.model.finding import Finding, Place
from itgov.model.portfolio import Lost, UnitEntry, held_by
from itgov.model.ties import tied_to, ties_of_names, ties_of_unit
from itgov.model.types import OrganisationFile, UnitFile
from itgov.model.unit_shares import UnitShare, derive_beyond

MANY_CHANGED = 10
"""Changed files from which everything is linked anew, and kept."""


class KeptUnit(Struct, array_like=True):
    """One business unit."""

    share: UnitShare
    paths: list[str]
    ties: list[str]
    key: bytes
    """What was found on it is kept under this."""
    lost: Lost
    """What its files may have said that could not be read."""

    @classmethod
    def of(
        cls, unit: UnitEntry, share: UnitShare, key: bytes, read: Callable[[str], ReadFile]
    ) -> KeptUnit:
        """Take a unit that was linked and judged; `read` tells what the file at a path says."""
        files = [read(path) for path in unit.paths]
        lost = Lost.of_all(map(lost_records, files))
        return cls(share, unit.paths, list(_ties(unit.record.id, files)), key, lost)

    @property
    def id(self) -> str:
        """The unit's id."""
        return self.share.totals.unit


class KeptLinks(Struct, array_like=True):
    """A portfolio as it was linked."""

    files: list[tuple[str, str]]
    """Path and id of the content of every portfolio file."""
    organisation: list[str]
    """Paths of the files about the organisation."""
    units: list[KeptUnit]
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
        for unit, share, key in zip(portfolio.units.values(), portfolio.shares, keys, strict=True):
            if key is None:
                return None
            units.append(KeptUnit.of(unit, share, key, read_units.__getitem__))
        return cls(
            files,
            [f.document.path for f in read if isinstance(f.content, OrganisationFile)],
            units,
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
        for path in edited:
            file, unit = read(path), self.units[homes[path]]
            if not isinstance(file.content, UnitFile) or unit_of(file.content) != unit.id:
                return None
            ties.update(unit.ties, _ties(unit.id, [file]))
        units = tied_to(ties, [unit.ties for unit in self.units])
        if not ties.isdisjoint(self.scenarios):
            return None
        paths = {path for at in units for path in self.units[at].paths}
        if 2 * sum(map(size_of, paths)) > sum(map(size_of, homes)):
            return None
        return Changed(self, paths.union(self.organisation), units)


def _ties(unit: str, files: Iterable[ReadFile]) -> dict[str, None]:
    contents = ((file.content, file.named) for file in files)
    return ties_of_unit(unit, ((c, named) for c, named in contents if isinstance(c, UnitFile)))


class Changed(Struct):
    """What is linked again of a portfolio of which few files changed, and what stays as it was kept."""

    kept: KeptLinks
    paths: set[str]
    """The files to link: those of the units, and of the organisation."""
    units: list[int]
    """The places of the units to link among all."""

    def elsewhere(self) -> Elsewhere:
        """Return what is known of the files that are not linked: their paths, and ids that the organisation's name."""
        again = set(self.units)
        units = [unit.id for unit in self.kept.units]
        others = [unit for at, unit in enumerate(self.kept.units) if at not in again]
        outcomes = [name for unit in others for name in unit.share.measured]
        paths = [path for path, _ in self.kept.files if path not in self.paths]
        lost = Lost.of_all(unit.lost for unit in others)
        return Elsewhere(paths, {"business_unit": units, "outcome": outcomes}, lost=lost)

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
        return sum(u.share.totals.investment_count for at, u in units if at not in again)

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
        is_same = told == [(unit.id, unit.paths) for unit in units]
        is_plain = linked.is_apart and not linked.unread
        is_plain = is_plain and kept.unknown + linked.unknown < SUGGESTIONS
        if not (is_same and is_plain):
            return None
        now = {share.totals.unit: share for share in portfolio.shares}
        derive_beyond(portfolio, [now.get(unit.id, unit.share) for unit in kept.units])
        stays = {*files, *beside} - linked.documents.keys()
        return replace(
            linked,
            findings=[*linked.findings, *(f for f in kept.findings if f.path in stays)],
            hiding={**linked.hiding, **dict(self._hiding(stays))},
            files=len(files),
        )

    def completed(self, linked: Linked, before: Linked, files: set[str]) -> Linked:
        """Give what was linked and joined the units that stay as they were `before`.

        It then has all that linking the whole tells; what was linked before is left as it is.
        `files` are the paths of all that is read: of portfolio files, minutes and scenarios.
        """
        old, new = before.portfolio, linked.portfolio
        gone = {
            name
            for identifier in new.units
            for entry in held_by(old.units[identifier])
            for name in (f"u:{entry.record.id}", f"i:{entry.record.id}")
        }
        stays = {path: at for path, at in old.lost.values.items() if path not in linked.documents}
        now = {share.totals.unit: share for share in new.shares}
        portfolio = replace(
            new,
            units={name: new.units.get(name, unit) for name, unit in old.units.items()},
            scenarios=old.scenarios,  # which are as they were, and were not linked again
            named={**{n: of for n, of in old.named.items() if n not in gone}, **new.named},
            lost=Lost.of_all([new.lost], {**stays, **new.lost.values}),
            shares=[now.get(share.totals.unit, share) for share in old.shares],
            evidence_files=(old.evidence_files or frozenset())
            | (new.evidence_files or frozenset()),
        )
        there = {entry.record.id for entry in portfolio.investments()}
        gone_whole = {n: then for n, then in new.plans_gone.items() if n not in there}
        portfolio.plans_gone = gone_whole  # which items of units that stay seemed to be
        if old.claims or new.claims:
            outcomes = list(portfolio.outcomes())
            portfolio.claims = claims_of(outcomes, same_measure(outcomes))
        documents = {
            p: known for p, known in before.documents.items() if p in files
        } | linked.documents
        findings = file_by_file(linked.findings, documents)
        return replace(linked, portfolio=portfolio, documents=documents, findings=findings)

    def kept_now(
        self,
        linked: Linked,
        read: Callable[[str], ReadFile],
        files: list[tuple[str, str]],
        keys: Sequence[bytes | None],
        looked_up: Mapping[str, bool],
    ) -> KeptLinks | None:
        """Return how the completed whole is linked now, as `KeptLinks.of` does."""
        portfolio, units = linked.portfolio, list(self.kept.units)
        for at in self.units:
            key, unit = keys[at], portfolio.units[units[at].id]
            if key is None:
                return None
            units[at] = KeptUnit.of(unit, portfolio.shares[at], key, read)
        return replace(
            self.kept,
            files=files,
            units=units,
            looked_up={**self.kept.looked_up, **looked_up},
            findings=linked.findings,
            unknown=sum(f.rule in UNKNOWN_CODES.values() for f in linked.findings),
            hiding=[(rule, place, fields) for (rule, place), fields in linked.hiding.items()],
        )

    def _hiding(self, stays: set[str]) -> Iterator[tuple[tuple[str, Place], frozenset[str]]]:
        for rule, place, fields in self.kept.hiding:
            if place.path in stays:
                yield (rule, place), fields
