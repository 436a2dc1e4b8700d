"""`itgov sheet`: what the business must fill in, out as a sheet and back in as edits."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from itgov.cli.figures import day_of, linked, open_repository
from itgov.cli.options import Parser, Stop, refuse_way_out, require_unit, run_action
from itgov.cli.terminal import ProgressBar, fail, say, wants_color, write
from itgov.files.linked import Linked
from itgov.files.proposal import Proposal
from itgov.files.repository import Repository, read_config, refuse_nested
from itgov.files.repository_roots import root_above
from itgov.files.save import digest, save
from itgov.files.undo import UndoHistory
from itgov.insight.flow import Flow
from itgov.report.plain import plain
from itgov.rules.catalogue import RuleBook

if TYPE_CHECKING:
    from itgov.sheets.incoming import Incoming
    from itgov.sheets.layout import Sheet

DESCRIPTION = """\
People without git: what the business must fill in, as a workbook or a CSV file.

  itgov sheet out FILE           write what can be filled in to FILE.xlsx or FILE.csv
  itgov sheet out --blank FILE   write a template for a new portfolio
  itgov sheet in FILE            bring it back: show what would change, ask, and write it
  itgov sheet in FILE FOLDER     make a new portfolio of a template

A cell is refused, and the others are taken, where its value does not fit or where the file
has changed it as well since the sheet was written.  New names become people, new rows records;
a row that is gone deletes nothing.

Exit codes: 0 every cell was taken; 1 some were refused; 2 the work could not be done.
"""
_OTHERS = (".ods", ".fods", ".xls", ".xlsb", ".xlsm", ".numbers", ".sxc")
"""Files of spreadsheets that are not read."""
MAX_BYTES = 50 * 1024 * 1024
"""The largest file that is read."""


def run(arguments: list[str]) -> int:
    """Run the verb and return the exit code."""
    return run_action("itgov sheet", DESCRIPTION, {"out": _out, "in": _in}, arguments)


def _parser(verb: str, text: str) -> Parser:
    parser = Parser(f"itgov sheet {verb}", text)
    parser.add_argument("file", metavar="FILE", help="an .xlsx workbook or a .csv file")
    parser.add_argument(
        "path", nargs="?", metavar="PATH", help="the repository (default: here, or above)"
    )
    parser.add_as_of("what counts as today (default: today)")
    parser.add_no_cache()
    return parser


# -- out ---------------------------------------------------------------------------------------


def _out(arguments: list[str]) -> int:
    parser = _parser("out", "Write a sheet to be filled in.")
    parser.add_argument("--unit", metavar="UNIT", help="only this business unit, by its id")
    parser.add_argument(
        "--missing", action="store_true", help="only rows in which something is missing"
    )
    parser.add_argument(
        "--blank", action="store_true", help="a template for a new portfolio, which needs no PATH"
    )
    parser.add_argument("--force", action="store_true", help="write over a file that is there")
    return _write_sheet(parser.parse_args(arguments))


def _write_sheet(options: argparse.Namespace) -> int:
    path = Path(options.file)
    workbook = _is_workbook(path)
    refuse_way_out(path)
    if path.exists() and not options.force:
        raise Stop(f"{path} exists already, and may be filled in; use another name, or --force")
    sheet = _blank(options, workbook) if options.blank else _of_portfolio(options)
    if workbook:
        from itgov.sheets.write_workbook import write_workbook as made
    else:
        from itgov.sheets.flat import write_csv as made
    was = digest(path.read_bytes()) if path.exists() else None
    save(path.resolve().parent, path, made(sheet), was)
    if options.blank:
        say(f"{path}: a blank template. Fill it in, then `itgov sheet in {path} FOLDER`.")
        return 0
    counts = ", ".join(f"{name} {len(rows)}" for name, rows in sheet.rows.items() if rows)
    say(f"{path}: {f'rows: {counts}' if counts else 'nothing to fill in'}.")
    if sheet.twice:
        say(f"Left out, since the files have their id twice: {plain(', '.join(sheet.twice))}.")
    return 0


def _blank(options: argparse.Namespace, workbook: bool) -> Sheet:
    from itgov.sheets.template import template

    if options.unit is not None or options.missing or options.path is not None:
        raise Stop("--blank takes no PATH, --unit or --missing: the template is of no portfolio")
    if not workbook:
        raise Stop("--blank writes a workbook; name a file that ends in .xlsx")
    return template(day_of(options))


def _of_portfolio(options: argparse.Namespace) -> Sheet:
    from itgov.sheets.layout import lay_out

    repository, _ = open_repository(options.path)
    portfolio = linked(repository, day_of(options))
    if options.unit is not None:
        require_unit(options.unit, portfolio.portfolio.units)
    return lay_out(portfolio, options.unit, options.missing)


def _is_workbook(path: Path) -> bool:
    suffix = path.suffix.casefold()
    if suffix in _OTHERS:
        raise Stop(f"`{path}`: save it as .xlsx (Excel workbook) or .csv first")
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
    from itgov.files.proposal import version_after
    from itgov.sheets.account import as_json, as_text
    from itgov.sheets.taking import take_in

    incoming = _incoming(Path(options.file))
    repository, book = _target(options.path, incoming.is_template)
    day = day_of(options)
    with ProgressBar() as progress:
        flow = Flow(repository, progress=progress)

        def linked_after(proposal: Proposal) -> Linked:
            return flow.linked(day, version_after(repository, proposal), book)

        before = flow.linked(day, book=book, empty=incoming.is_template)
        is_new = not before.documents
        intake = take_in(before, incoming, linked_after, repository.config.paths.portfolios)
        proposal = intake.proposal
        effect = effect_of(flow, book, day, proposal)
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
        if is_new:
            say(f"Next: `itgov init {options.path or '.'}` adds settings, hooks and CI.")
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


def _incoming(path: Path) -> Incoming:
    from itgov.importing.trouble import ImportRefused

    if _is_workbook(path):
        from itgov.sheets.read_workbook import read_workbook as read
    else:
        from itgov.sheets.flat import read_csv as read
    try:
        return read(_read(path), path.as_posix())
    except ImportRefused as refused:
        raise Stop(str(refused)) from None


def _target(path: str | None, is_template: bool) -> tuple[Repository, RuleBook]:
    """Return the repository that a sheet goes into; a template may begin one."""
    folder = Path(path or ".")
    if not is_template or root_above(os.fspath(folder)) is not None:
        return open_repository(path)
    if folder.exists() and not folder.is_dir():
        raise Stop(f"`{folder}` is not a folder; name a folder, or a new one")
    config = read_config(folder, folders=False)
    refuse_nested(folder, config.paths)
    repository = Repository(folder, config)
    return repository, Flow(repository).sound_rules()


def _can_ask() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _agreed() -> bool:
    sys.stderr.write("Write these changes? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().casefold() in ("y", "yes")
