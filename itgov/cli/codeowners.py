"""CODEOWNERS as `itgov init` makes it: who is asked to review a change to what."""

from __future__ import annotations

import os
import posixpath
import re

from itgov.cli.ci_place import Place
from itgov.files.repository import Config
from itgov.files.repository_roots import CONFIG
from itgov.model.portfolio import PersonEntry, Portfolio
from itgov.report.plain import is_harmless, plain

EMAIL = re.compile(r"[^\s@#<>\\]+@[^\s@#<>\\]+")
_PLACES = ("CODEOWNERS", ".github/CODEOWNERS", ".gitlab/CODEOWNERS", "docs/CODEOWNERS")
_MADE_BY = (
    "# Who is asked to review what: made by `itgov init` from the business units, their heads",
    "# and their relationship managers.  E-mail addresses work where the forge knows them as",
    "# those of a member who may write; @names and @groups work as well.",
)
_POLICY = "# The policy, people, minutes and this file: whoever answers for governance."


def codeowners_path(top: str) -> str:
    """Return the CODEOWNERS that a repository has, or where it would be made, from its top."""
    return next((p for p in _PLACES if os.path.lexists(os.path.join(top, p))), _PLACES[0])


def codeowners(portfolio: Portfolio, config: Config, place: Place, governance: str | None) -> str:
    """Return a CODEOWNERS: each unit's files belong to its head and its relationship managers."""
    policy = [f"{path} {governance or '@governance'}" for path in _policy_paths(config, place)]
    units: list[str] = []
    for unit in (u for u in portfolio.units.values() if u.paths):
        served = [
            m.record.person
            for m in portfolio.managers.values()
            if unit.record.id in m.record.serves
        ]
        named = [
            unit.record.head,
            unit.record.relationship_manager,
            *served,
            *unit.facts.relationship_managers,
        ]
        people = list(dict.fromkeys(p for p in named if p))
        owners = [e for p in people if (e := _email(portfolio.people.get(p)))]
        nameless = [p for p in people if not _email(portfolio.people.get(p))]
        units += ["", f"# {plain(unit.name)}"]
        units += (
            [f"# no e-mail address is recorded for {', '.join(map(plain, nameless))}"]
            if nameless
            else []
        )
        for pattern in _patterns(unit.paths, place):
            units.append(
                f"{pattern} {' '.join(dict.fromkeys(owners))}"
                if owners
                else f"# {pattern} no owner"
            )
    if governance is None:  # lines that are read, and hold once a name is put in
        return "\n".join([*_MADE_BY, "", _POLICY, *(f"# {line}" for line in policy), *units]) + "\n"
    # the last pattern that fits a file decides, so the policy comes after the units
    return "\n".join([*_MADE_BY, *units, "", _POLICY, *policy]) + "\n"


def lines_lacking(there: str, wanted: str) -> list[str]:
    """Return the lines of a CODEOWNERS whose pattern another one does not have, comments left out."""
    known = {_pattern_of(line) for line in there.splitlines()}
    return [
        line
        for line in wanted.splitlines()
        if line and not line.startswith("#") and _pattern_of(line) not in known
    ]


def _pattern_of(line: str) -> str:
    found = re.match(r"(?:\\.|[^\s\\])+", line)
    return found[0] if found else ""


def _policy_paths(config: Config, place: Place) -> list[str]:
    portfolios, rules = config.paths.portfolios, config.paths.rules
    inside = [
        CONFIG,
        f"{posixpath.normpath(rules)}/",
        *(f"{posixpath.normpath(pack)}/" for pack in config.rule_packs),
        f"{posixpath.normpath(portfolios)}/organisation.yaml",
        f"{posixpath.normpath(config.paths.reviews)}/",
    ]
    at_top = [".github/", ".gitlab-ci.yml", ".pre-commit-config.yaml", codeowners_path(place.top)]
    return [_escaped(f"/{place.below}{path}") for path in inside] + [f"/{p}" for p in at_top]


def _email(entry: PersonEntry | None) -> str | None:
    email = entry.record.email if entry is not None and entry.facts.is_active else None
    return email if email and EMAIL.fullmatch(email) and is_harmless(email) else None


def _patterns(paths: list[str], place: Place) -> list[str]:
    """Return the patterns for a unit's files: a folder of its own as a whole."""
    first = paths[0]
    folder = first.rsplit(".", 1)[0] + "/"
    inside = [p for p in paths if p.startswith(folder)]
    patterns = [
        first,
        *([folder] if inside or len(paths) == 1 else []),
        *(p for p in paths[1:] if p not in inside),
    ]
    return [_escaped(f"/{place.below}{p}") for p in patterns]


def _escaped(pattern: str) -> str:
    return re.sub(r"([\s\\#!*?\[\]])", r"\\\1", pattern)
