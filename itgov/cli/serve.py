"""`itgov serve`: the review room in a browser on this machine."""

from __future__ import annotations

import argparse
import importlib.util
import os
from pathlib import Path

from itgov.cli.options import Parser
from itgov.cli.terminal import fail, say, write

DESCRIPTION = """\
Serve the review room to a browser on this machine, at an address that is printed.

Only this machine can reach it, and only with the token in the address: whoever has the
address can edit the portfolio as you can, unless --read-only is given.  With --once the address
works in the browser that opens it first, and in no other.  ctrl+c stops it.

PATH is a repository (default: here, or the nearest folder above with portfolios/; the
room offers to open the sample where there is none).

Exit codes: 0 ended by ctrl+c; 2 the room could not be served.
"""


def run(arguments: list[str]) -> int:
    """Run the verb and return the exit code."""
    parser = Parser("itgov serve", DESCRIPTION)
    parser.add_argument("path", nargs="?", metavar="PATH")
    parser.add_argument(
        "--port",
        type=_port,
        default=0,
        metavar="N",
        help="listen on this port (default: a free one)",
    )
    parser.add_as_of("judge as on this day (default: today)")
    parser.add_no_cache()
    parser.add_argument("--read-only", action="store_true", help="refuse every change")
    parser.add_argument(
        "--once",
        action="store_true",
        help="the address works in the browser that opens it first, and in no other",
    )
    options = parser.parse_args(arguments)
    if importlib.util.find_spec("textual_serve") is None:
        return fail("serving needs the extra `serve`: pip install 'itgov[serve]'")
    if options.path is not None and not os.path.exists(options.path):
        return fail(f"there is no file or folder `{options.path}`")
    return _serve(options)


def _serve(options: argparse.Namespace) -> int:
    from itgov.tui.serve import serve
    from itgov.tui.served import Served

    path = str(Path(options.path).absolute()) if options.path is not None else None
    try:
        serve(
            Served(path, options.as_of, options.read_only),
            options.port,
            _announce,
            once=options.once,
        )
    except KeyboardInterrupt:
        return 0
    except OSError as error:
        return fail(
            f"port {options.port} cannot be used: {error.strerror}; use --port 0 for a free one"
        )
    return 0


def _announce(address: str) -> None:
    write(f"{address}\n")
    say("The review room is at the address above; ctrl+c stops it.")


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) < 65536:
        return int(text)
    raise argparse.ArgumentTypeError(f"`{text}` is not a port (use a number from 0 to 65535)")
