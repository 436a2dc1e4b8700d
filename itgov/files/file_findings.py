"""Problems of a file as findings, whose record a part of a file is, and what a broken file lost."""

from __future__ import annotations

from collections.abc import Callable, Container
from operator import itemgetter
from typing import TYPE_CHECKING

from itgov.files.document import Route
from itgov.files.load import ReadFile
from itgov.files.problem import Problem, field_of
from itgov.model.builtins import BUILT_IN
from itgov.model.fields import fields_of
from itgov.model.finding import Finding, Subject
from itgov.model.portfolio import Lost
from itgov.model.types import Investment, OrganisationFile, UnitFile

if TYPE_CHECKING:
    from itgov.files.load import Content


def lost_records(file: ReadFile) -> Lost:
    """Return what a broken file may have said that could not be read.

    Its own words tell, and its name only where nothing of it can be made out.
    """
    routes = [p.route for p in file.problems]
    if file.content is None:
        about, _, unit = file.mentions.partition(" ")
        if unit:
            return Lost(units=frozenset([unit]))
        name = file.document.path.rsplit("/", 1)[-1]
        of_people = name.startswith(("organisation.", "people."))
        if not about:  # nothing of it can be made out: its name is all there is
            return Lost(people=of_people, any_unit=True)
        return Lost(people=about == "people", any_unit=about == "unit" or not of_people)
    twice = any(p.code == "YML-003" for p in file.problems)
    top_level = any(len(r) == 1 for r in routes)
    if isinstance(file.content, OrganisationFile):
        lost = any(r[:1] == ("people",) and len(r) <= 2 for r in routes)
        return Lost(people=lost or twice or top_level)
    lost = any(r[:1] == ("investments",) and len(r) <= 4 for r in routes)
    unit_id = unit_of(file.content)
    if not (lost or twice or top_level):
        return Lost()
    return Lost(units=frozenset([unit_id])) if unit_id else Lost(any_unit=True)


def hides(problem: Problem) -> frozenset[str] | None:
    """Return which mandatory roles a problem keeps rules from judging: none named means whole records.

    None where it is about a value that stands for itself.
    """
    if BUILT_IN[problem.code].severity != "error" or problem.code[:3] not in ("YML", "MOD"):
        return None
    route = problem.route
    own = route[2:3] if route[:1] == ("investments",) else ()
    if problem.code.startswith("YML") or len(route) <= 1 or own in (("id",), ("title",)):
        return frozenset()
    if route[:1] == ("investments",) and not own:
        return frozenset()
    roles = frozenset(f.key for f in fields_of(Investment) if f.meaning.mandatory)
    return roles & frozenset(own) or None


def unusable_values(file: ReadFile) -> list[tuple[int, frozenset[str]]]:
    """Return where values of a file could not be used, in order, and the keys that lead to each."""
    found = [
        (p.start, frozenset(step for step in p.route if isinstance(step, str)))
        for p in file.problems
        if p.route and (p.code.startswith("MOD-") or p.code == "YML-010")
    ]
    return sorted(found, key=itemgetter(0))


def unit_of(content: Content | None) -> str | None:
    """Return the id of the unit that a file is about, or None."""
    if content is None or isinstance(content, OrganisationFile):
        return None
    if not isinstance(content, UnitFile):
        review = getattr(content, "review", None)  # a scenario is about no unit
        return review.business_unit if review is not None else None
    unit = content.business_unit
    return unit if isinstance(unit, str) else unit.id


def file_finding(file: ReadFile, problem: Problem) -> Finding:
    """Return a problem of a file as a finding, without its fingerprint."""
    related = problem.related(file.document)
    message = problem.message
    if problem.code == "YML-003" and related:
        message += f"; first on line {related[0].line}"
    return Finding.of(
        BUILT_IN[problem.code],
        problem.subject or Subject("file", file.document.path),
        problem.place(file.document),
        message,
        business_unit=unit_of(file.content),
        field=field_of(problem.route),
        fix=problem.fix or None,
        related=related,
    )


def owner_of(
    content: Content | None,
    file: Subject,
    route: Route,
    organisation: str,
    engagement: Callable[[int], str],
) -> tuple[Subject, str | None]:
    """Return whose record a route of a file leads to, and the id of its unit.

    `file` is the subject of what is nobody's record; `engagement` tells an engagement's id by its
    place in the file.
    """
    unit = unit_of(content)
    top = route[0] if route else ""
    if isinstance(content, UnitFile):
        if top == "investments" and isinstance(route[1], int):
            investment = content.investments[route[1]]
            if route[2:3] == ("outcomes",) and isinstance(route[3], int):
                outcome = investment.outcomes[route[3]]
                return Subject("outcome", f"{investment.id}/{outcome.id}"), unit
            return Subject("investment", investment.id), unit
        if top == "engagements" and isinstance(route[1], int):
            return Subject("engagement", engagement(route[1])), unit
        return Subject("business_unit", unit or ""), unit
    if isinstance(content, OrganisationFile):
        if top == "people" and isinstance(route[1], int):
            person = content.people[route[1]]
            return Subject("person", person.id), person.business_unit
        if top == "relationship_managers" and isinstance(route[1], int):
            person_id = content.relationship_managers[route[1]].person
            return Subject("relationship_manager", person_id), None
        return Subject("organisation", organisation), None
    return file, unit


def unit_by_path(path: str, units: Container[str]) -> str | None:
    """Return the unit that a file which names none can only belong to, or None."""
    told = units_of_path(path)
    for known in told:
        if known in units:
            return known
    return told[-1] if path.count("/") <= 1 else None


def units_of_path(path: str) -> list[str]:
    """Return the units that a file's path may tell, the likeliest first: its folder's name, and its own."""
    *folders, name = path.split("/")
    return [*folders[-1:], name.rsplit(".", 1)[0]]
