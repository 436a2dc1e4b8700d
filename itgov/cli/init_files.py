"""The text of every file that a portfolio repository should have."""

from __future__ import annotations

import datetime
import os
import posixpath
import re
from pathlib import Path
from typing import NamedTuple

from itgov.cli.ci_place import Place
from itgov.cli.codeowners import codeowners, codeowners_path, lines_lacking
from itgov.cli.names import as_said, ascii_of, quoted, slug
from itgov.files.git_dir import read_text
from itgov.files.repository import Config
from itgov.files.sources import RawFile, WithChanges, WorkTree
from itgov.model.portfolio import Portfolio
from itgov.report.markdown_escape import escape
from itgov.rules.schemas import KINDS, schema_text

_TEMPLATES = Path(__file__).parent / "templates"
_WORKFLOW = ".github/workflows/itgov.yml"
_FOR_FORGES = {
    ".pre-commit-config.yaml": "pre-commit.yaml",
    _WORKFLOW: "github.yaml",
    ".gitlab-ci.yml": "gitlab.yaml",
}
"""What is read at the top of the git repository only, and its template."""


class Choices(NamedTuple):
    """What the new repository is to be called, and the day it starts on."""

    name: str
    currency: str
    unit: str
    today: datetime.date
    governance: str | None = None
    """Who owns the policy, as a forge names them; None where nobody was named."""
    unit_name: str | None = None
    """What the first business unit is called; None where that follows from its id."""


class Wanted(NamedTuple):
    """The text of every file that a repository should have, by path."""

    portfolio: dict[str, str]
    """From the portfolio's folder."""
    forge: dict[str, str]
    """From the top of the git repository."""


def wanted_files(place: Place, config: Config, choices: Choices, fresh: bool) -> Wanted:
    """Return what belongs in the repository; `fresh` where it has no portfolio yet."""
    words = _words(config, choices, place)
    portfolios, rules = _folders(config)
    texts: dict[str, str] = {}
    if fresh:
        texts[f"{portfolios}/organisation.yaml"] = _filled("organisation.yaml", words)
        texts[f"{portfolios}/{choices.unit}.yaml"] = _filled("unit.yaml", words)
    if fresh and not WorkTree(place.root).files(rules):
        texts[f"{rules}/organisation.yaml"] = _filled("rules.yaml", words)
    texts["itgov.yaml"] = _filled("settings.yaml", words)
    portfolio = _portfolio(place.root, config, choices, texts if fresh else {})
    forge = {
        _own_name(path, place): _filled(template, words) for path, template in _FOR_FORGES.items()
    }
    owners = codeowners(portfolio, config, place, choices.governance)
    forge[codeowners_path(place.top)] = owners
    texts[".gitignore"] = _filled("gitignore", words)
    texts["README.md"] = _filled("readme.md", words)
    for kind in KINDS:
        texts[f"schema/{kind}.schema.json"] = schema_text(kind)
    return Wanted(texts, forge)


def _own_name(path: str, place: Place) -> str:
    """Return the name of a file at the top: another for a workflow that is there for something else."""
    there = read_text(os.path.join(place.top, path)) if path == _WORKFLOW else None
    if there is None or not place.slug or _speaks_of(there, place):
        return path
    return f"{posixpath.dirname(path)}/itgov-{place.slug}.yml"


def lacking_in(path: str, there: str, wanted: str, place: Place) -> str:
    """Return what a file at the top lacks of what it should say of the portfolio; often nothing."""
    if posixpath.basename(path) == "CODEOWNERS":
        return "\n".join(lines_lacking(there, wanted))
    if _speaks_of(there, place):
        return _lacking_commands(path, there, wanted)
    head = wanted.find("  - repo:") if path == ".pre-commit-config.yaml" else 0
    return wanted[head:].rstrip("\n")


_HOOK = re.compile(r"^      - id: (itgov-\w+)\n(?:        .*\n?)+", re.MULTILINE)


def _lacking_commands(path: str, there: str, wanted: str) -> str:
    """Return the hooks, or the commands, that a file which runs itgov lacks of what it should run."""
    if path == ".pre-commit-config.yaml":
        blocks = [
            hook[0].rstrip("\n")
            for hook in _HOOK.finditer(wanted)
            if hook[1] not in there
            and not ((run := re.search(r"entry: (itgov \w+)", hook[0])) and run[1] in there)
        ]
        return "\n".join(blocks)
    if "itgov rules test" in there:
        return ""
    lines = [line.strip().removeprefix("- ") for line in wanted.splitlines()]
    return "\n".join(line for line in lines if line.startswith("itgov rules "))


def _speaks_of(text: str, place: Place) -> bool:
    """Whether a file runs itgov, and names the portfolio's folder where that is not the top."""
    named = rf"(?<![\w/.-]){re.escape(place.prefix)}(?![\w.-])"
    return re.search(r"\bitgov\b", text) is not None and (
        not place.prefix or re.search(named, text) is not None
    )


_REPORTS = {
    "markdown": "itgov.md",
    "sarif": "itgov.sarif",
    "junit": "itgov-junit.xml",
    "code_quality": "gl-code-quality-report.json",
}


def _folders(config: Config) -> tuple[str, str]:
    """Return the folders of the portfolio files and of the rule files."""
    return posixpath.normpath(config.paths.portfolios), posixpath.normpath(config.paths.rules)


def _filled(template: str, words: dict[str, str]) -> str:
    text = (_TEMPLATES / template).read_text(encoding="utf-8")
    return re.sub(r"<<(\w+)>>", lambda found: words[found[1]], text)


def _words(config: Config, choices: Choices, place: Place) -> dict[str, str]:
    """Return what the templates leave open; every date follows from today."""
    today = choices.today
    start, due, end = _days(today, -75), _days(today, 240), _days(today, 330)
    prefix = re.sub(r"[^A-Z]", "", ascii_of(choices.unit).upper())[:3] or "INV"
    portfolios, rules = _folders(config)
    return {
        "organisation_id": quoted(slug(choices.name)),
        "organisation_name": quoted(choices.name),
        "organisation_markdown": escape(choices.name),
        "currency": quoted(choices.currency),
        "unit_id": quoted(choices.unit),
        "unit_file": choices.unit,
        "unit_name": quoted(choices.unit_name or as_said(choices.unit)),
        "prefix": prefix,
        "portfolios_folder": portfolios,
        "rules_folder": rules,
        "portfolios_schema": posixpath.relpath("schema", portfolios),
        "rules_schema": posixpath.relpath("schema", rules),
        "rules_pattern": quoted(
            rf"^{re.escape(place.below)}(itgov\.yaml|{re.escape(rules)}/.*)$"
        ),
        "at": place.argument(),
        "name": f"itgov {place.prefix}" if place.prefix else "itgov",
        "job": f"itgov-{place.slug}" if place.slug else "itgov",
        "below": place.below,
        "codeowners": place.up + codeowners_path(place.top),
        **{key: place.output(name) for key, name in _REPORTS.items()},
        "position_since": _days(today, -120),
        "native_by": _days(today, 600),
        "gate_on": _days(today, -90),
        "start": start,
        "due": due,
        "end": end,
        "last_engagement": _days(today, -7),
        "next_review": _days(today, 83),
        "action_due": _days(today, 21),
        "spend": _spend(int(start[:4]), today.year, int(end[:4])),
    }  # fmt: skip


def _days(today: datetime.date, count: int) -> str:
    try:
        return (today + datetime.timedelta(days=count)).isoformat()
    except OverflowError:  # a clock at the end of time
        return today.isoformat()


def _spend(first: int, this: int, last: int) -> str:
    rows = []
    for year in range(first, last + 1):
        spent = (
            ", actual: 60000"
            if year < this
            else ", actual: 45000, forecast: 118000"
            if year == this
            else ""
        )
        budget = 60000 if year < this else 120000
        rows.append(f"      - {{year: {year}, budget: {budget}{spent}}}")
    return "\n".join(rows)


def _portfolio(root: Path, config: Config, choices: Choices, fresh: dict[str, str]) -> Portfolio:
    from itgov.files.repository import Repository
    from itgov.insight.flow import Flow

    repository = Repository(root, config)
    files = [RawFile(path, text.encode()) for path, text in fresh.items()]
    version = repository.version(WithChanges(repository.tree, files))
    return Flow(repository).linked(choices.today, version, empty=True).portfolio
