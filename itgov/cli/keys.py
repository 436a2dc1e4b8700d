"""`itgov keys`: the keys of the review room in force, and what is wrong with what was asked for."""

from __future__ import annotations

import argparse
from pathlib import Path

from itgov.cli.options import Parser, Stop, is_current, write_file
from itgov.cli.terminal import say, write
from itgov.files.repository import NoRepository, Repository, find_repository
from itgov.files.userconfig import read_user_config
from itgov.tui import keytable
from itgov.tui.keymap import keymap

DESCRIPTION = """\
Print the keys of the review room: the defaults, what itgov.yaml of the repository at PATH
changes (default: here, if there is one), and what your own configuration changes over that.

Your own is $XDG_CONFIG_HOME/itgov/config.yaml (~/.config/itgov/config.yaml).

Exit codes: 0 all keys are as asked for; 1 something asked for cannot be; 2 a file is broken,
or the work could not be done.
"""


def run(arguments: list[str]) -> int:
    """Run the verb and return the exit code."""
    parser = Parser("itgov keys", DESCRIPTION)
    parser.add_argument("path", nargs="?", metavar="PATH")
    parser.add_argument("--format", choices=("text", "json", "markdown"), default="text")
    parser.add_argument("--output", metavar="FILE", help="write to FILE instead of stdout")
    parser.add_argument(
        "--check",
        action="store_true",
        help="with --output: write nothing; exit with 1 if FILE is not up to date",
    )
    parser.add_argument(
        "--defaults", action="store_true", help="the default keys, without any changes"
    )
    options = parser.parse_args(arguments)
    return _keys(options)


def _keys(options: argparse.Namespace) -> int:
    if options.check and options.output is None:
        raise Stop("--check needs --output FILE: the file to compare with")
    if options.defaults:
        keys, user = keymap(), None
    else:
        user = read_user_config()
        keys = keytable.in_force(_repository(options.path), user)
    broken = user.problems if user is not None else ()
    problems = (*broken, *keys.problems)
    if options.format == "json":
        text = keytable.json(keys, problems)
    else:
        text = keytable.markdown(keys) if options.format == "markdown" else keytable.text(keys)
    for problem in problems:
        say(problem)
    if options.check:
        if not is_current(Path(options.output), text, f"itgov keys --output {options.output}"):
            return 1
    elif options.output is not None:
        write_file(Path(options.output), text)
    else:
        write(text)
    return 2 if broken else 1 if problems else 0


def _repository(path: str | None) -> Repository | None:
    try:
        return find_repository(Path(path or "."))
    except NoRepository:
        if path is not None:
            raise
        return None
