"""`itgov export`: the portfolio as flat tables, for spreadsheets, databases and BI tools."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from itgov.cli.figures import day_of, judged, open_repository
from itgov.cli.filtering import add_filter, found_items
from itgov.cli.options import Parser, Stop, refuse_way_out, require_unit
from itgov.cli.terminal import say, write
from itgov.insight.flow import refuse_broken_health
from itgov.model.text import plural

if TYPE_CHECKING:
    from itgov.importing.export.read import ExportFormat

DESCRIPTION = """\
The portfolio as flat tables: investments, spend, outcomes, results, people, relationship
managers, engagements, findings, health and what belongs to them.

  itgov export --format csv --output FOLDER     a CSV file for each table
  itgov export --format xlsx --output FILE      a workbook with a page for each table
  itgov export --format sqlite --output FILE    a database with keys and references

Keys are ids, dates are like 2026-03-31, amounts are plain numbers.  `itgov import` takes any of
them back, edited or not.  An earlier export is replaced; anything else there is not.

Exit codes: 0 everything is in the tables; 1 something could not be, and is named; 2 nothing
was written.
"""
_ENDINGS: dict[str, ExportFormat] = {
    ".xlsx": "xlsx",
    ".sqlite": "sqlite",
    ".sqlite3": "sqlite",
    ".db": "sqlite",
    "": "csv",
}


def run(arguments: list[str]) -> int:
    """Run the verb and return the exit code."""
    parser = Parser("itgov export", DESCRIPTION)
    parser.add_argument(
        "path", nargs="?", metavar="PATH", help="the repository (default: here, or above)"
    )
    parser.add_argument(
        "--format",
        choices=["csv", "xlsx", "sqlite"],
        metavar="FORMAT",
        help="csv, xlsx or sqlite (default: told by the ending of --output)",
    )
    parser.add_argument("--output", metavar="FILE", help="the file, or for CSV the folder")
    parser.add_argument(
        "--tables", action="store_true", help="print every table and column as Markdown, no more"
    )
    parser.add_argument("--unit", metavar="UNIT", help="only this business unit, by its id")
    add_filter(parser)
    parser.add_as_of("findings and health of this day (default: today)")
    parser.add_no_cache()
    options = parser.parse_args(arguments)
    if options.tables:
        from itgov.importing.export.reference import reference

        write(reference())
        return 0
    if options.output is None:
        raise Stop("say where to: --output FOLDER, FILE.xlsx or FILE.sqlite")
    if options.output == "-":
        raise Stop("tables are several files or pages and do not go to stdout; name a place")
    output = Path(options.output)
    chosen: ExportFormat | None = options.format or _ENDINGS.get(output.suffix.casefold())
    if chosen is None:
        raise Stop(f"`{output}`: its ending tells no format; add --format csv, xlsx or sqlite")
    from itgov.files.output_paths import why_not_beside
    from itgov.importing.export.out import refuse_what_is_there, write_export

    refuse_way_out(output)
    repository, book = open_repository(options.path)
    refuse_broken_health(book)
    if (why := why_not_beside(repository, output)) is not None:
        raise Stop(why)
    refuse_what_is_there(chosen, output)
    governed = judged(repository, book, day_of(options))
    if options.unit is not None:
        require_unit(options.unit, governed.linked.portfolio.units)
    units = [options.unit] if options.unit is not None else []
    found = found_items(governed, options.filter, units)
    export = write_export(governed, repository.on_disk, chosen, output, options.unit, found)
    if found is not None:
        of = f" of `{options.unit}`" if units else ""
        say(
            f"Filter: {found.told.share}{of}. Units, people, engagements, findings on no item and health "
            "are not filtered."
        )
    filled = [f"{name} {count:,}" for name, count in export.rows.items() if count]
    say(f"{output}: rows: {', '.join(filled)}.")
    if kinds := export.not_held:
        told = ", ".join(f"{what} {count:,}" for what, count in kinds.items())
        say(f"Not in the tables, as `left_out` lists: {told}.")
    for each in export.lost[:20]:
        say(f"  not in the tables: {each.what} at {each.where}: {each.why}")
    if len(export.lost) > 20:
        say(f"  and {len(export.lost) - 20} more: see the table `left_out`")
    if not export.lost:
        return 0
    say(
        f"{plural(len(export.lost), 'thing')} could not be exported. `itgov check` says what is wrong."
    )
    return 1
