"""`itgov [PATH]`: the review room in a terminal, a summary anywhere else."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

from itgov.cli.options import Parser
from itgov.cli.terminal import fail

DESCRIPTION = """\
Open the review room on a portfolio repository: its business units, investments, findings, health,
line of sight, managers and history, by keyboard.  ? lists the keys.

PATH is a repository (default: here, or the nearest folder above with portfolios/).  Where there is
no portfolio, the room offers to start one, to import a table, or to open the sample.  Without a
terminal, or with --plain, a summary is printed instead, of the sample where there is no portfolio.
"""


def run(arguments: list[str]) -> int:
    """Run without a verb and return the exit code: 0 unless the work could not be done."""
    parser = Parser("itgov", DESCRIPTION)
    parser.add_argument("path", nargs="?", metavar="PATH")
    parser.add_as_of("judge as on this day (default: today)")
    parser.add_no_cache()
    parser.add_argument(
        "--plain", action="store_true", help="print the summary, whether in a terminal or not"
    )
    parser.add_argument("--read-only", action="store_true", help="refuse every change")
    parser.add_argument(
        "--tour", action="store_true", help="open the sample and be shown around it, in six steps"
    )
    parser.add_argument("--no-mouse", action="store_true", help="do not use the mouse")
    options = parser.parse_args(arguments)
    if options.tour and options.path is not None:
        return fail("--tour is on the sample; leave the path out")
    if options.tour and (options.plain or not has_screen()):
        return fail("--tour needs a terminal; `itgov --plain` prints a summary")
    if options.plain or not has_screen():
        from itgov.cli.home import summarise

        return summarise(options.path, options.as_of)
    os.environ.setdefault("TEXTUAL_FPS", "120")  # few keys are drawn more than once
    os.environ.setdefault("ESCDELAY", "25")  # Textual waits 100 ms whether more follows an escape
    from itgov.tui.app import ReviewRoom
    from itgov.tui.terminal_gone import leave_when_terminated, leave_with_the_terminal

    gc.freeze()  # what was imported stays: it need not be looked through
    gc.enable()
    if not os.environ.get("NO_COLOR"):
        os.environ.pop(
            "NO_COLOR", None
        )  # set to nothing it asks for nothing; Textual's greys differ
    room = ReviewRoom(
        Path(options.path) if options.path is not None else None,
        options.as_of,
        no_color=bool(os.environ.get("NO_COLOR")),
        watching=True,
        read_only=options.read_only,
        tour=options.tour,
    )
    leave_with_the_terminal(room)
    leave_when_terminated(room)
    return room.exit_code(room.run(mouse=not options.no_mouse))


def has_screen() -> bool:
    """Say whether there is a terminal that can show the room, and somebody to press keys."""
    streams = (sys.stdin, sys.stdout, sys.stderr)  # Textual draws on standard error
    if any(stream is None or not stream.isatty() for stream in streams):
        return False
    return os.environ.get("TERM", "") not in ("", "dumb")
