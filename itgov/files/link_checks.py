"""What does not fit together in linked records, beside references: each check is a pure function."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from itgov.files.document import Document, Route
from itgov.files.linked import Elsewhere
from itgov.model.drawn_texts import drawn
from itgov.model.fields import Kind
from itgov.model.finding import Place
from itgov.model.one_form import characters_apart
from itgov.model.portfolio import InvestmentEntry, ManagerEntry, PersonEntry, Portfolio, Source
from itgov.model.reach import is_link, names_file, path_inside
from itgov.model.types import Experience, Result

Documents: TypeAlias = Mapping[str, Document]
Known: TypeAlias = dict[str, Collection[str]]
"""By what a field can name, the ids that are there."""


class Misfit(NamedTuple):
    """What does not fit, and where: not a finding yet, which also says whose record it is in."""

    code: str
    message: str
    path: str
    route: Route
    related: tuple[Place, ...] = ()


def naming_only(
    named: Mapping[str, Mapping[Kind, Collection[str]] | None], known: Mapping[str, Collection[str]]
) -> frozenset[str]:
    """Return the files that name only what is known, by their paths and `ReadFile.named`."""
    return frozenset(
        path
        for path, names in named.items()
        if names is not None
        and all(
            all(map(ids.__contains__, each))
            for kind, each in names.items()
            if (ids := known.get(kind)) is not None
        )
    )


def known_ids(
    portfolio: Portfolio, defined: Mapping[str, Mapping[str, Source]], elsewhere: Elsewhere
) -> Known:
    """Return all ids that records can name, by what is `defined` in the files that are linked and in others."""
    ids = {kind: defined.get(kind, {}) for kind in ("investment", "outcome")}
    known: Known = {"person": portfolio.people, "business_unit": portfolio.units, **ids}
    return known | {k: dict.fromkeys([*names, *known[k]]) for k, names in elsewhere.ids.items()}


def id_within(owner: str, identifier: str) -> str:
    """Return what tells an id from the same one of another owner: ids may have any characters in them."""
    return f"{len(owner)}:{owner}/{identifier}"


def look_alike_ids(
    defined: Mapping[str, Mapping[str, Source]], documents: Documents
) -> Iterator[Misfit]:
    """Yield people, units and investments whose ids no reader can tell apart."""
    for kind in ("person", "business_unit", "investment"):
        known = defined.get(kind, {})
        for identifier, other in _look_alikes(known):
            source, first = known[identifier], known[other]
            place = documents[first.path].place((*first.route, "id"))
            yield Misfit(
                "REF-008",
                f"`{identifier}` looks like `{other}` in {place.path}:{place.line}, and is "
                f"{characters_apart(identifier, other)}",
                source.path,
                (*source.route, "id"),
                (place,),
            )


def _look_alikes(ids: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield each id that looks like another one, and that one; an id of ASCII letters is the other."""
    if all(map(str.isascii, ids)):
        return
    first: dict[str, str] = {}
    for identifier in sorted(ids, key=lambda i: not i.isascii()):
        if identifier.isascii():
            first.setdefault(identifier.lower(), identifier)
        elif (other := first.setdefault(drawn(identifier), identifier)) != identifier:
            yield identifier, other


def earlier_ids(
    entries: Mapping[str, PersonEntry] | Mapping[str, InvestmentEntry],
    what: str,
    documents: Documents,
) -> Iterator[Misfit]:
    """Yield earlier ids of people or of investments that are somebody's now, or are claimed twice."""
    renamed = [e for e in entries.values() if e.record.formerly]
    if not renamed:
        return
    claimed = {name: e.source for name, e in entries.items()}
    for entry in renamed:
        source = entry.source
        for index, old in enumerate(entry.record.formerly):
            first = claimed.setdefault(old, source)
            if first is source and old != entry.record.id:
                continue
            place = documents[first.path].place((*first.route, "id"))
            said = f"the earlier id `{old}` is also that of the {what} in {place.path}:{place.line}"
            route = (*source.route, "formerly", index)
            yield Misfit("REF-006", said, source.path, route, (place,))


def missing_evidence(
    portfolio: Portfolio,
    managers: Mapping[str, ManagerEntry],
    own: frozenset[str],
    has_file: Callable[[str], bool],
) -> Iterator[Misfit]:
    """Find which evidence is a file of the repository, and yield what is said to be one and is not.

    `managers` are the relationship managers whose experience is looked at; `own` are the portfolio's files:
    what is to be shown says it itself.
    """
    known: dict[str, bool] = {}
    lists: list[tuple[Source, str, Sequence[Result | Experience]]] = [
        (o.source, "results", o.record.results) for o in portfolio.outcomes() if o.record.results
    ]
    lists += [(m.source, "experience", m.record.experience) for m in managers.values()]
    for source, key, records in lists:
        for index, record in enumerate(records):
            evidence = record.evidence
            if evidence is None or is_link(evidence):
                continue
            if (there := known.get(evidence)) is None:
                path = path_inside(evidence)
                there = path is not None and path not in own and has_file(path)
                known[evidence] = there
            if there or not names_file(evidence):
                continue
            path, said = path_inside(evidence), "is not a file of the repository"
            if evidence.casefold().startswith(("http://", "https://")):
                said = "is a placeholder and no link to anything"
            elif path is None:
                said = "is no path inside the repository"
            elif path in own:
                said = "is a portfolio file, which is no evidence of what portfolio files say"
            route = (*source.route, key, index, "evidence")
            yield Misfit("REF-007", f"`{evidence}` {said}", source.path, route)
    portfolio.evidence_files = frozenset(e for e, there in known.items() if there)


def plans_given_twice(portfolio: Portfolio) -> Iterator[Misfit]:
    """Yield outcomes whose plan is given in both ways."""
    for outcome in portfolio.outcomes():
        if outcome.record.profile and outcome.record.value is not None:
            said = "`value` and `profile` are both given; `profile` is counted"
            source = outcome.source
            yield Misfit("MOD-007", said, source.path, (*source.route, "value"))
