"""`itgov import`: real data in, from tables to YAML."""

from __future__ import annotations

import argparse
import datetime
import shlex
from pathlib import Path
from typing import get_args

import msgspec

from itgov.cli.import_dialogue import Ended, can_ask, converse, take_proposals, would_ask
from itgov.cli.options import Parser, Stop
from itgov.cli.terminal import say, write
from itgov.files.write import text
from itgov.importing.binding import detect
from itgov.importing.drafting import proved_draft
from itgov.importing.editor_schemas import write_schemas
from itgov.importing.export.read import format_of
from itgov.importing.interview import Interview
from itgov.importing.load import load_mapping, ready_mappings
from itgov.importing.next_year import Later, WhenGone
from itgov.importing.questions import lines
from itgov.importing.repeated import RepeatedImport, own_mapping
from itgov.importing.report import ImportReport
from itgov.importing.run import HowToImport, run_import
from itgov.importing.table_files import files_held
from itgov.importing.trouble import NoMappingFits

DESCRIPTION = """\
Bring CSV or XLSX tables into a portfolio repository, by a mapping that says which column is
which field.  A later import of the same portfolio updates in place and keeps what people added.

  itgov import projects.csv --into portfolio                    asks what the table does not say
  itgov import gmpp-2019.csv gmpp-2020.csv --into portfolio     a ready mapping is recognised
  itgov import --guess projects.csv > projects.mapping.yaml     a draft, to be corrected by hand
  itgov import --mapping projects.mapping.yaml projects.csv     the draft, once corrected
  itgov import exported.xlsx                                    what `itgov export` wrote, edited

TABLE is a file, a folder of files, or NAME=FILE to say which table of the mapping it is.
"""


def run(arguments: list[str]) -> int:
    """Run the verb and return the exit code."""
    parser = Parser("itgov import", DESCRIPTION)
    parser.add_argument("tables", nargs="*", metavar="TABLE")
    parser.add_argument(
        "--mapping",
        metavar="MAPPING",
        help="a mapping file, or the name of a ready one (default: recognise it)",
    )
    parser.add_argument(
        "--into", default=".", metavar="DIR", help="the repository to write to (default: here)"
    )
    parser.add_argument("--guess", metavar="FILE", help="draft a mapping for a table, on stdout")
    parser.add_argument(
        "--yes", action="store_true", help="without a mapping: take what is proposed, ask nothing"
    )
    parser.add_argument(
        "--answer",
        action="append",
        default=[],
        metavar="FIELD=ANSWER",
        help="without a mapping, or with --guess: answer a question beforehand",
    )
    parser.add_argument(
        "--sheet", metavar="NAME", help="without a mapping: the sheet of a workbook"
    )
    parser.add_argument("--list", action="store_true", help="list the ready mappings")
    parser.add_argument(
        "--dry-run", action="store_true", help="show what would be done and write nothing"
    )
    parser.add_argument(
        "--strict",
        action="store_true",
        help="stop at cells that cannot be read instead of leaving them out",
    )
    parser.add_argument(
        "--anyway",
        action="store_true",
        help="go on where nothing would be imported, or most of a column cannot be read",
    )
    parser.add_as_of(
        "the day of tables whose rows do not say theirs (default: the day in a file's name, else "
        "that of its last change); with an export, the day of the findings (default: today)"
    )
    parser.add_argument(
        "--gone",
        choices=get_args(WhenGone),
        default="keep",
        help="the stage of what an earlier table had and these do not (default: keep it, and mark it as gone)",
    )
    parser.add_argument(
        "--move",
        action="store_true",
        help="move what the tables have under another unit to that unit's file (default: it stays, and is listed)",
    )
    parser.add_argument(
        "--whole",
        action="store_true",
        help="these tables are the whole register: items of units that they do not name are gone, too",
    )
    parser.add_argument("--all", action="store_true", help="list every row and cell")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    options = parser.parse_args(arguments)
    if options.list:
        write("".join(f"{name}\n" for name in ready_mappings()))
        return 0
    if options.guess is not None:
        if options.tables or options.mapping:
            raise Stop(
                "--guess drafts a mapping for one table; name the other tables in a second run"
            )
        return _guess(Path(options.guess), options)
    if not options.tables:
        raise Stop("say which tables to import; see `itgov import --help`")
    mapping, target = options.mapping, Path(options.into)
    _refuse_sheet(options, mapping)
    if mapping is None and len(options.tables) == 1 and format_of(Path(options.tables[0])):
        from itgov.cli.take_back import take_in

        return take_in(Path(options.tables[0]), options)
    if mapping is None:
        with files_held():  # what it was tried on need not be read again
            try:
                mapping = detect(options.tables)
            except NoMappingFits as none:
                interview = _begun(options, target, none)
        if mapping is None:
            return _without_mapping(options, target, interview)
        _refuse_sheet(options, mapping)
        say(f"A mapping for these tables exists: `{mapping}`.")
    report = run_import(mapping, options.tables, target, _how(options, options.as_of))
    return _end(report, options, target)


def _refuse_sheet(options: argparse.Namespace, mapping: Path | str | None) -> None:
    """Stop where another sheet is named than a mapping reads, which says itself which one that is."""
    if not options.sheet or mapping is None:
        return
    tables = load_mapping(mapping).mapping.tables.values()
    if not any(table.sheet == options.sheet for table in tables):
        raise Stop(
            f"`--sheet` is for a workbook without a mapping, and `{mapping}` reads this one; write "
            f"`sheet: {text(options.sheet, True)}` under its `tables`"
        )


def _end(report: ImportReport, options: argparse.Namespace, target: Path) -> int:
    """Print what was done, and return the exit code for it."""
    if options.format == "json":
        write(msgspec.json.format(msgspec.json.encode(report)).decode() + "\n")
    else:
        write(report.render_text(None if options.all else 20))
    if not options.dry_run and (trouble := write_schemas(target)):
        say(trouble)
    return 2 if report.is_refused else int(not report.is_sound)


def _begun(options: argparse.Namespace, target: Path, none: NoMappingFits) -> Interview:
    """Return the questions of an import that no mapping is for, once the tables are read."""
    for problem in none.near:
        say(str(problem))
    named = [t for t in options.tables if "=" in t and not Path(t).exists()]
    if named:
        raise Stop(f"`{named[0]}` names a table of a mapping; say which with --mapping")
    interview = _interview(options, target)
    interview.open()
    return interview


def _without_mapping(options: argparse.Namespace, target: Path, interview: Interview) -> int:
    """Ask for what a mapping would say; without a terminal say what would be asked."""
    if options.yes or not can_ask():
        left = take_proposals(interview) if options.yes else interview.open()
        if left:
            would_ask(left)
            return 2
        planned = interview.plan()
    else:
        try:
            answered = converse(interview)
        except (Ended, KeyboardInterrupt) as ended:
            say("\nNothing was written.")
            if isinstance(ended, KeyboardInterrupt):
                raise
            return 2
        if answered is None:
            return 0
        planned = answered
    path = interview.write(planned)
    if not options.dry_run:
        say(f"The mapping is kept in {path}. The next table: {_again(target)}")
    return _end(planned.report, options, target)


def _how(options: argparse.Namespace, as_of: datetime.date | None = None) -> HowToImport:
    later = Later(options.gone, options.whole, options.move)
    return HowToImport(options.dry_run, options.strict, options.anyway, later, as_of)


def _interview(options: argparse.Namespace, target: Path) -> Interview:
    """Return the questions of an import: all, or what the mapping of an earlier one leaves."""
    files = [Path(t) for t in options.tables]
    how = _how(options)
    own = own_mapping(target, files)
    if own is None:
        return Interview(files, target, _answers(options), how=how)
    _refuse_sheet(options, own)
    say(f"These are tables that {own} reads: it was kept by an earlier import.")
    return RepeatedImport(own, files, target, _answers(options), how)


def _again(target: Path) -> str:
    into = "" if target == Path() else f" --into {shlex.quote(str(target))}"
    return f"itgov import FILE{into}"


def _answers(options: argparse.Namespace) -> dict[str, str]:
    found: dict[str, str] = {}
    for word in options.answer:
        field, equals, answer = word.partition("=")
        if not equals:
            raise Stop(f"`--answer {word}`: write FIELD=ANSWER, such as currency=EUR")
        found[field.strip()] = answer.strip()
    if options.sheet:
        found["sheet"] = options.sheet
    if options.as_of is not None:
        found["as_of"] = options.as_of.isoformat()
    return found


def _guess(path: Path, options: argparse.Namespace) -> int:
    """Print a draft; 2 where it leaves a question open without whose answer nothing is written."""
    drafted = proved_draft(path, sheet=options.sheet, answers=_answers(options))
    write(drafted.text)
    for question in drafted.unanswered:
        say("\n".join(lines(question)))
    if drafted.unanswered:
        say(
            "Answer this in the mapping, at `unanswered`; until then an import by it writes nothing."
        )
    return 2 if drafted.unanswered else int(not drafted.is_sound)
