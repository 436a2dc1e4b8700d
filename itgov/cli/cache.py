"""`itgov cache`: what is kept from run to run, and taking it away."""

from __future__ import annotations

import argparse

from msgspec import Struct

from itgov.cli.figures import FORMATS, show, written
from itgov.cli.options import Parser, add_formats, run_action
from itgov.cli.terminal import say
from itgov.files.cache_contents import CacheContents, KindKept, cache_contents, clear_cache
from itgov.model.text import plural
from itgov.report.blocks import Block, Code, Column, Id, Para, Table
from itgov.report.json_text import json_text

DESCRIPTION = """\
What is kept from run to run in your cache folder, so that what has not changed is neither
read nor judged again.  It can be deleted at any time, and changes no answer.

  info     where it is, and how much of what it holds
  clear    delete all of it

`--no-cache` takes nothing from it and keeps nothing there in one run, ITGOV_CACHE=off in all.

Exit codes: 0 done; 2 it could not be.
"""


def run(arguments: list[str]) -> int:
    """Run the verb and return the exit code."""
    return run_action("itgov cache", DESCRIPTION, {"info": _info, "clear": _clear}, arguments)


def _clear(arguments: list[str]) -> int:
    Parser("itgov cache clear", "Delete all that is kept from run to run.").parse_args(arguments)
    gone = clear_cache()
    deleted = f"{plural(gone.entries, 'result')} deleted, {_megabytes(gone.bytes)} MB"
    say(f"{gone.folder}: {deleted if gone.entries else 'nothing was kept'}.")
    return 0


def _info(arguments: list[str]) -> int:
    parser = Parser("itgov cache info", "Where the cache is, and how much of what it holds.")
    add_formats(parser, FORMATS)
    options: argparse.Namespace = parser.parse_args(arguments)
    contents = cache_contents()

    def write_as(name: str, color: bool, width: int | None) -> str:
        if name == "json":
            return json_text(_Info(contents.folder, contents.unused or None, contents.kinds))
        return written(_document(contents), name, color, width)

    show(options, write_as)
    return 0


class _Info(Struct):
    folder: str
    unused: str | None
    kinds: list[KindKept]
    schema: int = 1


_COLUMNS = (
    Column("kind", "head"),
    Column("results", "number"),
    Column("MB", "number"),
    Column("what is kept"),
)


def _document(contents: CacheContents) -> list[Block]:
    rows = [
        (Id(k.kind), f"{k.entries:,}", _megabytes(k.bytes), k.holds or "what another version kept")
        for k in contents.kinds
    ]
    total = ("all", f"{contents.entries:,}", _megabytes(contents.bytes), "")
    why = contents.unused
    state = f" is not used: {why}." if why else " is the cache's folder."
    bound = f"Each kind has at most {_megabytes(contents.most_bytes)} MB; the least recently used go first."
    return [Para((Code(contents.folder), state)), Table(_COLUMNS, rows, foot=total), Para(bound)]


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f}"
