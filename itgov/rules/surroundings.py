"""What rules are given: their subjects, and the variables around these, with what is read of them.

CEL converts a whole map before the first look-up, so the subjects of a unit get only those people
and relationship managers whom the rules look up by what stands in the unit's records, and of each
record only the fields that a rule reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from itgov.model.portfolio import Portfolio
from itgov.rules.analysis import ITEM, MAPS, NOTHING, VALUE, Path, Reads, union
from itgov.rules.language import SubjectName
from itgov.rules.vocabulary import record_of, with_history

View = dict[str, Any]
"""A record with its facts, as an expression sees it."""

Asked = dict[str, set[str]]
"""By which texts each of the maps of people was looked up, also where nobody was found."""

MANY = 200
"""People and relationship managers who are given to CEL for all subjects of a unit alike."""

OF_UNIT: tuple[SubjectName, ...] = ("business_unit", "investment", "outcome", "engagement")
"""The kinds of subjects that lie in a unit."""


class Surroundings:
    """The variables of rules on one portfolio after another, by what the rules on each kind read.

    `blind` says that git knows nothing of any of these portfolios, and no rule will ask.
    """

    def __init__(
        self, portfolio: Portfolio, reads: Mapping[SubjectName, Reads], blind: bool = False
    ) -> None:
        everything = union(reads.values())
        self.in_units = union(r for kind, r in reads.items() if kind in OF_UNIT)
        self.beside_units = union(r for kind, r in reads.items() if kind not in OF_UNIT)
        self._history = not blind and bool(everything.history())
        self._fields = {kind: everything.fields(kind) for kind in _RECORDS}
        self._fields["outcome"] = everything.outcome_fields()
        self._unread: dict[tuple[str, int], Sequence[str]] = {}
        """The fields that no rule reads, by kind and how many a view has: with or without history."""
        self._around_outcome = reads.get("outcome", NOTHING).fields("investment")
        self._records: dict[str, Mapping[str, Any]] = {}
        self._place: dict[str, dict[str, int]] = {}
        self.move_to(portfolio)

    def move_to(self, portfolio: Portfolio) -> None:
        """Give the variables of another portfolio from now on."""
        self.portfolio = portfolio
        records: dict[str, Mapping[str, Any]] = {
            "people": portfolio.people,
            "relationship_managers": portfolio.managers,
        }
        for name, some in records.items():
            if self._records.get(name) is not some:  # which parts of one portfolio share
                self._place[name] = {key: n for n, key in enumerate(some)}
        self._records = records
        self._known: dict[str, dict[str, View]] = {m: {} for m in MAPS}
        self._organisation = self.view(portfolio.organisation, "organisation")

    @property
    def organisation_of_units(self) -> View:
        """What rules on units and on what lies in them see of the organisation."""
        organisation: View = self._common(self.in_units)["organisation"]
        return organisation

    def everybody_of_units(self, name: str) -> dict[str, View]:
        """Return everybody whom rules on units could look up in a map."""
        return self._everybody(name, self.in_units)

    def view(self, entry: Any, kind: str) -> View:
        """Return a subject as an expression sees it, without the fields that none reads."""
        found = with_history(kind, record_of(entry)) if self._history else record_of(entry)
        unread = self._unread.get((kind, len(found)))
        if unread is None:
            fields = self._fields[kind]
            unread = () if fields is None else tuple(found.keys() - fields)
            self._unread[kind, len(found)] = unread
        for name in unread:  # a few of many: a new mapping costs more
            del found[name]
        if kind == "investment":
            found["outcomes"] = [self.view(o, "outcome") for o in entry.outcomes]
        return found

    def around_outcome(self, investment: View) -> View:
        """Return an investment's view as rules on its outcomes need it.

        Without the other outcomes, unless one reads them: CEL converts all of it for each outcome.
        """
        fields = self._around_outcome
        if fields is None:
            return investment
        return {name: investment[name] for name in fields if name in investment}

    def beside(self) -> dict[str, Any]:
        """Return what surrounds the subjects of no unit: everybody who is looked up."""
        return {
            **self._common(self.beside_units),
            **{m: self._everybody(m, self.beside_units) for m in MAPS},
        }

    def of_unit(
        self, views: Mapping[SubjectName, list[View]], asked: Asked | None = None
    ) -> dict[str, Any]:
        """Return what surrounds the subjects of a unit.

        `views` are those of the subjects in it, by kind; of the outcomes, in their investments.
        `asked` is told who was looked up.
        """
        (own,) = views["business_unit"]
        common = self._common(self.in_units)
        roots: dict[str, Iterable[Any]] = {k: [v] for k, v in common.items()}
        roots |= views.items()
        roots["outcome"] = [o for v in views.get("investment", ()) for o in v["outcomes"]]
        return {**common, **self._given(self.in_units, roots, asked), "business_unit": own}

    def person_of_units(self, name: str, key: str) -> View | None:
        """Return somebody as rules on units see them in a map; None where the map has nobody."""
        return self._person(name, key) if key in self._records[name] else None

    def of_some(
        self, variables: dict[str, Any], kind: SubjectName, views: list[View]
    ) -> dict[str, Any]:
        """Return what CEL is given around some subjects of one kind, of all that surrounds their unit.

        Where many people are looked up for the unit, only those are left who are for these
        subjects: CEL converts all of them at each evaluation.
        """
        if sum(len(variables[m]) for m in MAPS) <= MANY:
            return variables
        roots: dict[str, Iterable[Any]] = {k: [v] for k, v in variables.items() if k not in MAPS}
        roots[kind] = views
        if kind == "investment":
            roots["outcome"] = [o for v in views for o in v["outcomes"]]
        reads = self.in_units if kind in OF_UNIT else self.beside_units
        return variables | self._given(reads, roots)

    def _given(
        self, reads: Reads, roots: dict[str, Iterable[Any]], asked: Asked | None = None
    ) -> dict[str, dict[str, View]]:
        """Return of each map whom expressions look up by what stands in some records, or all."""
        given = {m: self._everybody(m, reads) if m in reads.whole else {} for m in MAPS}
        roots = roots | {m: [given[m]] for m in MAPS}
        size = -1
        while size != (size := sum(map(len, given.values()))):
            for name in MAPS:
                if name not in reads.whole:
                    given[name] |= self._looked_up(name, reads, roots, asked)
            # a key may stand in the record of somebody who was looked up: `reports_to`
            roots = {m: [given[m]] for m in MAPS}
        # in the order of the files: found by a set's order, which differs from run to run, the
        # same surroundings would be known by another key, and a message could print them otherwise
        for name, found in given.items():
            place = self._place[name]
            given[name] = {key: found[key] for key in sorted(found, key=place.__getitem__)}
        return given

    def _common(self, reads: Reads) -> dict[str, Any]:
        fields, organisation = reads.fields("organisation"), self._organisation
        if fields is not None:
            organisation = {k: v for k, v in organisation.items() if k in fields}
        return {"organisation": organisation, "today": self.portfolio.today.isoformat()}

    def _looked_up(
        self,
        name: str,
        reads: Reads,
        roots: Mapping[str, Iterable[Any]],
        asked: Asked | None,
    ) -> dict[str, View]:
        """Return whom the keys name that rules look a map up by."""
        records = self._records[name]
        tried = asked.setdefault(name, set()) if asked is not None else set()
        found: dict[str, View] = {}
        for key in reads.keys.get(name, ()):
            for value in [key] if isinstance(key, str) else _values(key, roots):
                tried.add(value)
                if value in records and value not in found:
                    found[value] = self._person(name, value)
        return found

    def _everybody(self, name: str, reads: Reads) -> dict[str, View]:
        if name not in reads.whole and not reads.keys.get(name):
            return {}
        return {key: self._person(name, key) for key in self._records[name]}

    def _person(self, name: str, key: str) -> View:
        known = self._known[name]
        view = known.get(key)
        if view is None:
            view = known[key] = self.view(self._records[name][key], name)
        return view


_RECORDS = (*OF_UNIT, "organisation", "person", "relationship_manager", *MAPS)


def _values(path: Path, roots: Mapping[str, Iterable[Any]]) -> Iterator[str]:
    """Yield each text at a path below the records of its variable."""
    found: list[Any] = list(roots.get(path[0], ()))
    for step in path[1:]:
        below: list[Any] = []
        for value in found:
            if isinstance(value, dict):
                if step == ITEM:
                    below.extend(value)
                elif step == VALUE:
                    below.extend(value.values())
                elif step in value:
                    below.append(value[step])
            elif isinstance(value, list) and step in (ITEM, VALUE):
                below.extend(value)
        found = below
    return (v for v in found if isinstance(v, str))
