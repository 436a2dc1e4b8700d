"""What is wrong with a file as findings, and what a broken file may have lost."""

from __future__ import annotations

from itgov.files.load import ReadFile
from itgov.files.misfits import field_of
from itgov.files.problem import Problem
from itgov.model.builtins import BUILT_IN
from itgov.model.finding import Finding, Place, Subject
from itgov.model.types import OrganisationFile, UnitFile


def lost_by(file: ReadFile) -> tuple[bool, bool]:
    """Say whether a file may have defined people, or units and what is in them, that it lost."""
    routes = [p.route for p in file.problems]
    if file.content is None:
        name = file.document.path.rsplit("/", 1)[-1]
        named = name.startswith(("organisation.", "people."))
        return named or file.tells_people, not named
    twice = any(p.code == "YML-003" for p in file.problems)
    top_level = any(len(r) == 1 for r in routes)
    if isinstance(file.content, OrganisationFile):
        lost = any(r[:1] == ("people",) and len(r) <= 2 for r in routes)
        return lost or twice or top_level, False
    lost = any(r[:1] == ("investments",) and len(r) <= 4 for r in routes)
    return False, lost or twice or top_level


def unit_of(content: object) -> str | None:
    """Return the id of the unit that a file is about, or None."""
    if not isinstance(content, UnitFile):
        return None
    unit = content.business_unit
    return unit if isinstance(unit, str) else unit.id


def file_finding(file: ReadFile, problem: Problem) -> Finding:
    """Return a problem of a file as a finding, without its fingerprint."""
    document = file.document
    rule = BUILT_IN[problem.code]
    place = document.span(problem.start, problem.end)
    related: tuple[Place, ...] = ()
    if problem.other is not None:
        related = (document.span(problem.other, problem.other + 1),)
        if related[0].line == place.line and related[0].column == place.column:
            related = ()
    message = problem.message
    if problem.code == "YML-003" and related:
        message += f"; first on line {related[0].line}"
    return Finding(
        rule=problem.code, name=rule.name, severity=rule.severity, message=message,
        path=document.path, line=place.line, column=place.column,
        end_line=place.end_line, end_column=place.end_column,
        business_unit=unit_of(file.content),
        subject=problem.subject or Subject("file", document.path),
        field=field_of(problem.route),
        fix=problem.fix or rule.fix, related=related,
    )  # fmt: skip
