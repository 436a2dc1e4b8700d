"""`itgov init`: a new portfolio repository, or what an existing one still lacks."""

from __future__ import annotations

import datetime
import os
import posixpath
import re
import shlex
from pathlib import Path

from itgov.cli.ci_place import Place, place_of
from itgov.cli.codeowners import EMAIL
from itgov.cli.init_files import Choices, lacking_in, wanted_files
from itgov.cli.names import currency_given, name_given, unit_given
from itgov.cli.options import Parser, Stop
from itgov.cli.terminal import say, write
from itgov.files.atomic import write_new
from itgov.files.git_dir import read_text
from itgov.files.repository import BrokenConfig, Config, read_config
from itgov.files.sources import WorkTree
from itgov.report.plain import is_harmless, plain
from itgov.report.start_names import name_of_folder

DESCRIPTION = """\
Start a portfolio repository in DIR (default: here): an organisation with one business unit,
rules, configuration, a pre-commit hook, a GitHub workflow, a GitLab job and a CODEOWNERS.

Nothing is ever overwritten: what is there is kept, and only what is missing is written.
In a repository that has a portfolio already, CODEOWNERS is made from its units.
In a subfolder of a git repository, what CI, hooks and reviews read is written at the top of it.

Exit codes: 0 done; 2 it could not be.
"""

_HANDLE = re.compile(r"@[A-Za-z0-9][\w.-]*(?:/[\w.-]+)*", re.ASCII)


def run(arguments: list[str]) -> int:
    """Run the verb and return the exit code."""
    options = _parser().parse_args(arguments)
    root = Path(options.directory)
    try:
        name = options.name if options.name is not None else name_of_folder(root)
        choices = Choices(
            name_given(name),
            currency_given(options.currency),
            unit_given(options.unit),
            datetime.date.today(),
            _handle(options.governance),
            name_given(options.unit_name, "--unit-name") if options.unit_name else None,
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
        "--unit-name", metavar="NAME", help="name of that unit (default: made of its id)"
    )
    parser.add_argument(
        "--governance",
        metavar="HANDLE",
        help="who owns rules, settings, workflows and minutes in CODEOWNERS: @user, @organisation/team "
        "or an e-mail address",
    )
    return parser


def _handle(text: str | None) -> str | None:
    if text is None or _HANDLE.fullmatch(text) or (EMAIL.fullmatch(text) and is_harmless(text)):
        return text
    raise Stop(
        f"--governance: `{plain(text)}` is no handle; write @user, @organisation/team or an e-mail address"
    )


def start(root: Path, choices: Choices) -> int:
    """Write what `root` lacks, say what was written and what was kept, and return the exit code.

    What a forge or a hook reads goes to the top of the git repository.
    """
    if os.path.lexists(root) and not root.is_dir():
        raise Stop(f"`{root}` is not a folder; name a folder, or a new one")
    config = read_config(root, folders=False) if root.is_dir() else Config()
    for folder in (config.paths.portfolios, config.paths.rules):
        _refuse_way_out(root, f"{folder}/any.yaml")
    fresh = not WorkTree(root).files(config.paths.portfolios)
    place = place_of(root)
    wanted = wanted_files(place, config, choices, fresh)
    forge = wanted.forge if place.is_plain else {}
    texts = wanted.portfolio | {place.up + path: text for path, text in forge.items()}
    missing = {path: text for path, text in texts.items() if not os.path.lexists(place.full(path))}
    for path in missing:
        if path in wanted.portfolio:
            _refuse_way_out(root, path)
        else:
            _refuse_way_out(Path(place.top), path.removeprefix(place.up))
    written: list[str] = []
    try:
        for path, text in missing.items():
            _write_new(place.full(path), text)
            written.append(path)
    except OSError as error:
        so_far = f"; written so far: {', '.join(written)}" if written else "; nothing was written"
        raise Stop(f"cannot write `{place.full(path)}`: {error.strerror}{so_far}") from None
    kept = [path for path in texts if path not in missing]
    write(
        "".join(f"wrote {plain(p)}\n" for p in written)
        + "".join(f"kept  {plain(p)}\n" for p in kept)
    )
    steps = _next_steps(root, written, choices, fresh, place)
    say("\n".join([*steps, *_to_add(place, forge, written), *_left_over(place, wanted.forge)]))
    return 0


def _next_steps(
    root: Path, written: list[str], choices: Choices, fresh: bool, place: Place
) -> list[str]:
    """Return what to say at the end: commands to try, and what still needs a person."""
    if not written:
        return ["All files exist already: nothing was written."]
    steps = ["\nNext:"]
    if os.path.realpath(root) != os.path.realpath("."):
        steps.append(f"  cd {shlex.quote(str(root))}")
    if not place.in_git:
        steps.append("  git init")
        steps.append('  git add -A && git commit -m "Start"')
    steps.append("  itgov check")
    if fresh:
        steps.append("  itgov rules list")
        steps.append(
            "Then replace the people and the investment with your own, or import real data: "
            "itgov import --help"
        )
    if any(posixpath.basename(path) == "CODEOWNERS" for path in written):
        steps.append(
            "CODEOWNERS names people by e-mail address: check that your forge has these addresses."
        )
        if choices.governance is None:
            steps.append(
                "The policy has no owner yet: put whoever answers for governance into CODEOWNERS, or "
                "run this with --governance @HANDLE in a new folder."
            )
    if place.prefix and place.is_plain:
        steps.append(
            "The portfolio is in a subfolder: CI, hook and CODEOWNERS are read at the top of the git "
            f"repository only, so they are in {plain(place.top)}, with `{place.prefix}` in them."
        )
    return steps


def _to_add(place: Place, forge: dict[str, str], written: list[str]) -> list[str]:
    """Return what to put into the files at the top that were there and say nothing of the portfolio."""
    if not place.is_plain:
        return [
            f"No files for CI, hook and CODEOWNERS were written: `{plain(place.prefix)}` does not mean "
            "itself in all of them. Rename the folder (letters, digits, `.`, `_`, `-`) and run this again."
        ]
    said: list[str] = []
    for path, text in forge.items():
        if place.up + path not in written:
            there = read_text(os.path.join(place.top, path)) or ""
            lacking = lacking_in(path, there, text, place)
            if lacking:
                said += [
                    f"\nAdd to {plain(os.path.join(place.top, path))}, which was kept:",
                    lacking,
                ]
    return said


def _left_over(place: Place, forge: dict[str, str]) -> list[str]:
    """Return a word on files of the portfolio's folder that nobody reads there."""
    if not place.prefix:
        return []
    unread = [path for path in forge if os.path.lexists(place.root / path)]
    return [
        f"No forge reads `{plain(place.below + path)}`: delete it, or move what is your own to the top."
        for path in unread
    ]


# -- writing -------------------------------------------------------------------------------


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
