"""`itgov init`: a new portfolio repository, or what an existing one still lacks."""

from __future__ import annotations

import datetime
import os
import posixpath
import re
import shlex
from pathlib import Path
from typing import NamedTuple

from itgov.cli.names import (
    as_said,
    ascii_of,
    currency_given,
    name_given,
    name_of,
    quoted,
    slug,
    unit_given,
)
from itgov.cli.options import Parser, Stop
from itgov.cli.terminal import say, write
from itgov.files.atomic import write_new
from itgov.files.repository import CONFIG, BrokenConfig, Config, read_config
from itgov.files.sources import RawFile, WithChanges, WorkTree
from itgov.model.portfolio import PersonEntry, Portfolio
from itgov.report.markdown_escape import escape
from itgov.report.plain import is_harmless, plain
from itgov.rules.schemas import KINDS, schema_text

DESCRIPTION = """\
Start a portfolio repository in DIR (default: here): an organisation with one business unit,
rules, configuration, a pre-commit hook, a GitHub workflow, a GitLab job and a CODEOWNERS.

Nothing is ever overwritten: what is there is kept, and only what is missing is written.
In a repository that has a portfolio already, CODEOWNERS is made from its units.

Exit codes: 0 done; 2 it could not be.
"""

_TEMPLATES = Path(__file__).parent / "templates"
_PLACES_OF_CODEOWNERS = (
    "CODEOWNERS",
    ".github/CODEOWNERS",
    ".gitlab/CODEOWNERS",
    "docs/CODEOWNERS",
)
_HANDLE = re.compile(r"@[A-Za-z0-9][\w.-]*(?:/[\w.-]+)*", re.ASCII)
_EMAIL = re.compile(r"[^\s@#<>\\]+@[^\s@#<>\\]+")


class Choices(NamedTuple):
    """What the new repository is to be called, and the day it starts on."""

    name: str
    currency: str
    unit: str
    today: datetime.date
    governance: str | None = None
    """Who owns the policy, as a forge names them; None where nobody was named."""


def run(arguments: list[str]) -> int:
    """Run the verb and return the exit code."""
    options = _parser().parse_args(arguments)
    root = Path(options.directory)
    try:
        name = options.name if options.name is not None else name_of(root)
        choices = Choices(
            name_given(name),
            currency_given(options.currency),
            unit_given(options.unit),
            datetime.date.today(),
            _handle(options.governance),
        )
        return start(root, choices)
    except BrokenConfig as broken:
        raise Stop(
            f"`{root / broken.document.path}` cannot be used, so nothing was written: {broken}"
        ) from None
    except OSError as error:
        raise Stop(f"cannot use `{error.filename or root}`: {error.strerror}") from None


def _parser() -> Parser:
    parser = Parser("itgov init", DESCRIPTION)
    parser.add_argument(
        "directory",
        nargs="?",
        default=".",
        metavar="DIR",
        help="where (default: here); made if missing",
    )
    parser.add_argument(
        "--name", metavar="NAME", help="the organisation's name (default: the folder's)"
    )
    parser.add_argument(
        "--currency",
        default="GBP",
        metavar="CUR",
        help="ISO 4217 code of every amount (default: GBP)",
    )
    parser.add_argument(
        "--unit",
        default="retail",
        metavar="ID",
        help="id of the first business unit (default: retail)",
    )
    parser.add_argument(
        "--governance",
        metavar="HANDLE",
        help="who owns rules, settings, workflows and minutes in CODEOWNERS: @user, @organisation/team "
        "or an e-mail address",
    )
    return parser


def _handle(text: str | None) -> str | None:
    if text is None or _HANDLE.fullmatch(text) or (_EMAIL.fullmatch(text) and is_harmless(text)):
        return text
    raise Stop(
        f"--governance: `{plain(text)}` is no handle; write @user, @organisation/team or an e-mail address"
    )


def start(root: Path, choices: Choices) -> int:
    """Write what `root` lacks, say what was written and what was kept, and return the exit code."""
    if os.path.lexists(root) and not root.is_dir():
        raise Stop(f"`{root}` is not a folder; name a folder, or a new one")
    config = read_config(root, folders=False) if root.is_dir() else Config()
    for folder in (config.paths.portfolios, config.paths.rules):
        _refuse_way_out(root, f"{folder}/any.yaml")
    fresh = not WorkTree(root).files(config.paths.portfolios)
    wanted = _wanted(root, config, choices, fresh)
    missing = {path: text for path, text in wanted.items() if not _is_there(root, path)}
    for path in missing:
        _refuse_way_out(root, path)
    written: list[str] = []
    try:
        for path, text in missing.items():
            _write_new(root / path, text)
            written.append(path)
    except OSError as error:
        so_far = f"; written so far: {', '.join(written)}" if written else "; nothing was written"
        raise Stop(f"cannot write `{root / path}`: {error.strerror}{so_far}") from None
    kept = [path for path in wanted if path not in missing]
    write(
        "".join(f"wrote {plain(p)}\n" for p in written)
        + "".join(f"kept  {plain(p)}\n" for p in kept)
    )
    say(_next_steps(root, written, choices, fresh))
    return 0


def _next_steps(root: Path, written: list[str], choices: Choices, fresh: bool) -> str:
    """Return what to say at the end: commands to try, and what still needs a person."""
    if not written:
        return "All files exist already: nothing was written."
    top = _top_of_git(root)
    steps = ["\nNext:"]
    if os.path.realpath(root) != os.path.realpath("."):
        steps.append(f"  cd {shlex.quote(str(root))}")
    if top is None:
        steps.append("  git init")
    steps.append("  itgov check")
    if fresh:
        steps.append("  itgov rules list")
        steps.append(
            "Then replace the people and the investment with your own, or import real data: "
            "itgov import --help"
        )
    if "CODEOWNERS" in written:
        steps.append(
            "CODEOWNERS names people by e-mail address: check that your forge has these addresses."
        )
        if choices.governance is None:
            steps.append(
                "The policy has no owner yet: put whoever answers for governance into CODEOWNERS, or "
                "run this with --governance @HANDLE in a new folder."
            )
    if top is not None and not os.path.samefile(top, root):
        prefix = os.path.relpath(os.path.realpath(root), top).replace(os.sep, "/")
        steps.append(
            f"The portfolio is in a subfolder: in CI and in the hook write `itgov check {prefix}` and "
            f"`itgov rules check {prefix}`, and put `/{prefix}` before the paths of CODEOWNERS."
        )
        steps.append(
            "CI and CODEOWNERS are read at the top of a git repository only: "
            f"move what was written for them to {top}."
        )
    return "\n".join(steps)


def _top_of_git(root: Path) -> Path | None:
    real = Path(os.path.realpath(root))
    return next((folder for folder in (real, *real.parents) if (folder / ".git").exists()), None)


# -- what belongs in a repository ------------------------------------------------------------


def _wanted(root: Path, config: Config, choices: Choices, fresh: bool) -> dict[str, str]:
    """Return the text of every file that the repository should have, by path."""
    words = _words(config, choices)
    portfolios, rules = _folders(config)
    wanted: dict[str, str] = {}
    if fresh:
        wanted[f"{portfolios}/organisation.yaml"] = _filled("organisation.yaml", words)
        wanted[f"{portfolios}/{choices.unit}.yaml"] = _filled("unit.yaml", words)
    if fresh and not WorkTree(root).files(rules):
        wanted[f"{rules}/organisation.yaml"] = _filled("rules.yaml", words)
    wanted["itgov.yaml"] = _filled("itgov.yaml", words)
    wanted[".pre-commit-config.yaml"] = _filled("pre-commit.yaml", words)
    wanted[".github/workflows/itgov.yml"] = _filled("github.yaml", words)
    wanted[".gitlab-ci.yml"] = _filled("gitlab.yaml", words)
    wanted[_place_of_codeowners(root)] = _codeowners(root, config, choices, wanted if fresh else {})
    wanted[".gitignore"] = _filled("gitignore", words)
    wanted["README.md"] = _filled("readme.md", words)
    for kind in KINDS:
        wanted[f"schema/{kind}.schema.json"] = schema_text(kind)
    return wanted


def _folders(config: Config) -> tuple[str, str]:
    """Return the folders of the portfolio files and of the rule files."""
    return posixpath.normpath(config.paths.portfolios), posixpath.normpath(config.paths.rules)


def _filled(template: str, words: dict[str, str]) -> str:
    text = (_TEMPLATES / template).read_text(encoding="utf-8")
    return re.sub(r"<<(\w+)>>", lambda found: words[found[1]], text)


def _words(config: Config, choices: Choices) -> dict[str, str]:
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
        "unit_name": quoted(as_said(choices.unit)),
        "prefix": prefix,
        "portfolios_folder": portfolios,
        "rules_folder": rules,
        "portfolios_schema": posixpath.relpath("schema", portfolios),
        "rules_schema": posixpath.relpath("schema", rules),
        "rules_pattern": quoted(rf"^(itgov\.yaml|{re.escape(rules)}/.*)$"),
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


# -- who reviews what ----------------------------------------------------------------------


def _place_of_codeowners(root: Path) -> str:
    return next((p for p in _PLACES_OF_CODEOWNERS if _is_there(root, p)), "CODEOWNERS")


def _codeowners(root: Path, config: Config, choices: Choices, fresh: dict[str, str]) -> str:
    """Return a CODEOWNERS: each unit's files belong to its head and its relationship managers."""
    portfolio = _portfolio(root, config, choices, fresh)
    portfolios, rules = _folders(config)
    lines = [
        "# Who is asked to review what: made by `itgov init` from the business units, their heads",
        "# and their relationship managers.  E-mail addresses work where the forge knows them as",
        "# those of a member who may write; @names and @groups work as well.",
        "",
        "# The policy, people, minutes and this file: whoever answers for governance.",
    ]
    owned = [
        f"/{CONFIG}",
        f"/{rules}/",
        *(f"/{posixpath.normpath(pack)}/" for pack in config.rule_packs),
        f"/{portfolios}/organisation.yaml",
        f"/{posixpath.normpath(config.paths.reviews)}/",
        "/.github/",
        "/.gitlab-ci.yml",
        "/.pre-commit-config.yaml",
        f"/{_place_of_codeowners(root)}",
    ]
    policy = [f"{path} {choices.governance or '@governance'}" for path in owned]
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
        for pattern in _patterns(unit.paths):
            units.append(
                f"{pattern} {' '.join(dict.fromkeys(owners))}"
                if owners
                else f"# {pattern} no owner"
            )
    if choices.governance is None:  # lines that are read, and hold once a name is put in
        return "\n".join([*lines, *(f"# {line}" for line in policy), *units]) + "\n"
    # the last pattern that fits a file decides, so the policy comes after the units
    return "\n".join([*lines[:3], *units, "", lines[-1], *policy]) + "\n"


def _portfolio(root: Path, config: Config, choices: Choices, fresh: dict[str, str]) -> Portfolio:
    from itgov.files.repository import Repository
    from itgov.insight.flow import Flow

    repository = Repository(root, config)
    files = [RawFile(path, text.encode()) for path, text in fresh.items()]
    version = repository.version(WithChanges(repository.tree, files))
    return Flow(repository).linked(choices.today, version, empty=True).portfolio


def _email(entry: PersonEntry | None) -> str | None:
    email = entry.record.email if entry is not None and entry.facts.is_active else None
    return email if email and _EMAIL.fullmatch(email) and is_harmless(email) else None


def _patterns(paths: list[str]) -> list[str]:
    """Return the patterns for a unit's files: a folder of its own as a whole."""
    first = paths[0]
    folder = first.rsplit(".", 1)[0] + "/"
    inside = [p for p in paths if p.startswith(folder)]
    patterns = [
        first,
        *([folder] if inside or len(paths) == 1 else []),
        *(p for p in paths[1:] if p not in inside),
    ]
    return ["/" + re.sub(r"([\s\\#!*?\[\]])", r"\\\1", p) for p in patterns]


# -- writing -------------------------------------------------------------------------------


def _is_there(root: Path, path: str) -> bool:
    return os.path.lexists(root / path)


def _refuse_way_out(root: Path, path: str) -> None:
    """Raise `Stop` where the way to a new file is blocked or leads out of the folder."""
    real_root = os.path.realpath(root)
    at = root
    for part in Path(path).parts[:-1]:
        at = at / part
        if not os.path.lexists(at):
            return
        if os.path.commonpath([real_root, os.path.realpath(at)]) != real_root:
            raise Stop(f"`{at}` is a link that leaves `{root}`, so nothing was written")
        if not at.is_dir():
            raise Stop(f"`{at}` is a file where a folder is needed, so nothing was written")


def _write_new(path: Path, text: str) -> None:
    """Write a file that is not there; one that appears in the meantime is an error, not lost."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_new(path, text.encode())
