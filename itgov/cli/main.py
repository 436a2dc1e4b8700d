"""The command line: which verb, then one function of its own module.

Only the module of the verb that was typed is imported, so that each answers at once.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
from collections.abc import Sequence

import itgov
from itgov.cli.leaving import leave
from itgov.cli.runner import run

TYPE_CHECKING = False  # type checkers take it for true; `typing` would cost time
if TYPE_CHECKING:
    from types import ModuleType

VERBS = {
    "check": ("itgov.cli.check", "enforce the rules on a portfolio"),
    "rules": ("itgov.cli.rules", "list, explain, check and test rules"),
    "import": ("itgov.cli.imports", "import tables (CSV, XLSX) as YAML by a mapping"),
    "export": ("itgov.cli.export", "the portfolio as tables (CSV, XLSX, SQLite)"),
    "sheet": ("itgov.cli.sheet", "workbooks for people without git: write one, read it back"),
    "init": ("itgov.cli.init", "start a new portfolio repository"),
    "schema": ("itgov.cli.schema", "print the JSON Schema of a kind of file"),
    "health": ("itgov.cli.health", "how well IT and each business unit work together"),
    "value": ("itgov.cli.value", "value promised, realised and expected; line of sight"),
    "due": ("itgov.cli.due", "what comes due, of whom, and what is overdue"),
    "managers": ("itgov.cli.managers", "the relationship managers' scorecards"),
    "why": ("itgov.cli.why", "any figure taken apart: formula, inputs, what is assumed"),
    "what-if": ("itgov.cli.what_if", "what would follow from a scenario, before it is decided"),
    "trend": ("itgov.cli.trend", "the same figures over the git history, month by month"),
    "diff": ("itgov.cli.diff", "what changed in the portfolio between two git revisions"),
    "review": ("itgov.cli.review", "run a review meeting: agenda, decisions, minutes"),
    "keys": ("itgov.cli.keys", "the keys of the review room in force"),
    "serve": ("itgov.cli.serve", "the review room in a browser on this machine"),
    "report": ("itgov.cli.report", "the board pack: one HTML file, or Markdown for a wiki"),
    "cache": ("itgov.cli.cache", "what is kept from run to run: info, clear"),
}

REMEMBERED = ("check", "health", "value", "managers")
"""The verbs whose answers are kept."""

USAGE = """\
usage: itgov [PATH]
       itgov COMMAND [OPTION...]

Govern a portfolio of IT investments kept as YAML in git.

{verbs}

Without a command: the review room on the repository at PATH (default: here, or the nearest
folder above with portfolios/; where there is none, it offers to start one, to import or
to open the sample); a summary of it where there is no terminal.  --tour shows around.
`itgov COMMAND --help` explains a command.  --version prints the version.

Exit codes: 0 nothing at or above --fail-on; 1 something is; 2 the work could not be done.
"""


def command() -> None:
    """Run the command line as the program `itgov`, which ends with its exit code."""
    leave(main())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    # Nothing here makes cycles worth collecting; a run is over before memory matters.
    gc.disable()
    return run(lambda: _dispatch(arguments))


def _dispatch(arguments: list[str]) -> int:
    first = arguments[0] if arguments else None
    if first == "help" and arguments[1:]:
        return _dispatch([arguments[1], *arguments[2:], "--help"])
    if first in ("-h", "--help", "help"):
        verbs = "\n".join(f"  {verb:<10}{words}" for verb, (_, words) in VERBS.items())
        return _answer(USAGE.format(verbs=verbs))
    if first in ("-V", "--version"):
        return _answer(f"itgov {itgov.__version__}\n")
    if first in REMEMBERED:
        return _remembered(first, arguments[1:])
    if first in VERBS:
        return int(_module(VERBS[first][0]).run(arguments[1:]))
    if first is not None and not first.startswith("-") and not os.path.exists(first):
        from itgov.cli.options import say_none_done
        from itgov.cli.terminal import fail
        from itgov.model.text import did_you_mean

        say_none_done(arguments[1:])
        return fail(
            f"`{first}` is neither a command nor a folder{did_you_mean(first, VERBS, '.')} See `itgov --help`."
        )
    return int(_module("itgov.cli.room").run(arguments))


def _module(name: str) -> ModuleType:
    """Import the module of a verb."""
    from itgov.cli.lean_imports import import_msgspec

    import_msgspec()
    return importlib.import_module(name)


def _answer(text: str) -> int:
    from itgov.cli.terminal import write

    write(text)
    return 0


def _remembered(verb: str, arguments: list[str]) -> int:
    """Run a verb, or give the same answer as the last time if nothing has changed since."""
    from itgov.cli.remembered import RememberedAnswer

    remembered = RememberedAnswer(verb, arguments)
    known = remembered.recall()
    if known is not None:
        from itgov.cli.terminal import write_bytes

        code, output = known
        write_bytes(output)
        return code
    return int(_module(VERBS[verb][0]).run(arguments, remembered))
