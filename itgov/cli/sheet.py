"""`itgov sheet`: what the business must fill in, out as a sheet and back in as edits."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from itgov.cli.figures import day_of, linked, open_repository
from itgov.cli.options import Parser, Stop, refuse_way_out, require_unit
from itgov.cli.terminal import ProgressBar, fail, say, wants_color, write
from itgov.files.save import digest, save
from itgov.files.undo import UndoHistory
from itgov.insight.flow import Flow

DESCRIPTION = """\
People without git: what the business must fill in, as a workbook or a CSV file.

  itgov sheet out FILE     write owners, measures, results, satisfaction to FILE.xlsx or FILE.csv
  itgov sheet in FILE      bring it back: show what would change, ask, and write it

A cell is refused, and the others are taken, where its value does not fit or where the file
has changed it as well since the sheet was written.

Exit codes: 0 every cell was taken; 1 some were refused; 2 the work could not be done.
"""
MAX_BYTES = 50 * 1024 * 1024
"""The largest file that is read."""


def run(arguments: list[str]) -> int:
    """Run the verb and return the exit code."""
    words = {"out": _out, "in": _in}
    if not arguments or arguments[0] not in words:
        parser = Parser("itgov sheet", DESCRIPTION)
        parser.add_argument("what", choices=list(words), metavar="out|in")
        parser.parse_args(arguments[:1])  # says what is wrong, or what there is
    return words[arguments[0]](arguments[1:])


def _parser(verb: str, text: str) -> Parser:
    parser = Parser(f"itgov sheet {verb}", text)
    parser.add_argument("file", metavar="FILE", help="an .xlsx workbook or a .csv file")
    parser.add_argument(
        "path", nargs="?", metavar="PATH", help="the repository (default: here, or above)"
    )
    parser.add_as_of("what counts as today (default: today)")
    return parser


# -- out ---------------------------------------------------------------------------------------


def _out(arguments: list[str]) -> int:
    parser = _parser("out", "Write a sheet to be filled in.")
    parser.add_argument("--unit", metavar="UNIT", help="only this business unit, by its id")
    parser.add_argument(
        "--missing", action="store_true", help="only rows in which something is missing"
    )
    parser.add_argument("--force", action="store_true", help="write over a file that is there")
    return _write_sheet(parser.parse_args(arguments))


def _write_sheet(options: argparse.Namespace) -> int:
    from itgov.sheets.layout import lay_out

    path = Path(options.file)
    workbook = _is_workbook(path)
    refuse_way_out(path)
    if path.exists() and not options.force:
        raise Stop(f"{path} exists already, and may be filled in; use another name, or --force")
    repository, _ = open_repository(options.path)
    portfolio = linked(repository, day_of(options))
    if options.unit is not None:
        require_unit(options.unit, portfolio.portfolio.units)
    sheet = lay_out(portfolio, options.unit, options.missing)
    if workbook:
        from itgov.sheets.workbook import write_workbook as made
    else:
        from itgov.sheets.flat import write_csv as made
    was = digest(path.read_bytes()) if path.exists() else None
    save(path.resolve().parent, path, made(sheet), was)
    counts = ", ".join(f"{name} {len(rows)}" for name, rows in sheet.rows.items() if rows)
    say(f"{path}: {f'rows: {counts}' if counts else 'nothing to fill in'}.")
    return 0


def _is_workbook(path: Path) -> bool:
    suffix = path.suffix.casefold()
    if suffix not in (".xlsx", ".csv"):
        raise Stop(f"`{path}` should end in .xlsx or .csv")
    return suffix == ".xlsx"


# -- in ----------------------------------------------------------------------------------------


def _in(arguments: list[str]) -> int:
    parser = _parser("in", "Bring a filled-in sheet back, as edits of the portfolio's files.")
    parser.add_argument("--dry-run", action="store_true", help="show what would change, no more")
    parser.add_argument("--yes", action="store_true", help="write without asking")
    parser.add_argument(
        "--all-or-nothing", action="store_true", help="write nothing if any cell is refused"
    )
    parser.add_argument(
        "--format", choices=["text", "json"], default="text", metavar="FORMAT", help="text, json"
    )
    return _take_sheet(parser.parse_args(arguments))


def _take_sheet(options: argparse.Namespace) -> int:
    from itgov.cli.effect import effect_of
    from itgov.importing.trouble import ImportRefused
    from itgov.sheets.account import Effect, as_json, as_text
    from itgov.sheets.taking import take_in

    path = Path(options.file)
    raw = _read(path)
    if _is_workbook(path):
        from itgov.sheets.workbook import read_workbook as read
    else:
        from itgov.sheets.flat import read_csv as read
    try:
        incoming = read(raw, path.as_posix())
    except ImportRefused as refused:
        raise Stop(str(refused)) from None
    repository, book = open_repository(options.path)
    with ProgressBar() as progress:
        flow = Flow(repository, progress=progress)
        before = flow.at(day_of(options), book)
        intake = take_in(before.linked, incoming)
        proposal = intake.proposal
        effect = Effect() if proposal.is_empty else effect_of(flow, before, proposal)
    code = 1 if intake.refused else 0
    wanted = not proposal.is_empty and not options.dry_run
    if wanted and options.all_or_nothing and intake.refused:
        wanted = False
        say("Nothing was written: some cells are refused, and --all-or-nothing was given.")
    is_text = options.format == "text"
    if is_text:
        sure = proposal.is_empty or (wanted and options.yes)
        write(as_text(intake, effect, wants_color(sys.stdout), taken=sure))
    if wanted and not options.yes:
        if not is_text or not _can_ask():
            if not is_text:
                write(as_json(intake, effect, written=False))
            return fail("nothing was written; check the changes, then add --yes")
        wanted = _agreed()
        say("" if wanted else "Nothing was written.")
    if wanted:
        changed = UndoHistory(repository.root).write(proposal)
        say(f"Written: {', '.join(changed)}.")
    if not is_text:
        write(as_json(intake, effect, written=wanted))
    return code


def _read(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise Stop(f"{path} has {size:,} bytes; the limit is {MAX_BYTES:,}")
        return path.read_bytes()
    except OSError as error:
        raise Stop(f"{path}: cannot be read: {error.strerror or error}") from error


def _can_ask() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _agreed() -> bool:
    sys.stderr.write("Write these changes? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().casefold() in ("y", "yes")
