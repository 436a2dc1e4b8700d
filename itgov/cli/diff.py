"""`itgov diff`: what changed in the portfolio between two git revisions."""

from __future__ import annotations

import sys
from pathlib import Path

from itgov.cli.options import Parser, Stop, add_formats, outputs_of, write_outputs
from itgov.cli.terminal import ProgressBar, wants_color
from itgov.files.repository import find_repository
from itgov.insight.diff_changes import Diff

FORMATS = ("text", "markdown", "json")

DESCRIPTION = """\
What changed in the portfolio, in its own words: investments added, stopped, moved, owners
changed, spend, dates and outcomes, findings introduced and fixed, health before and after.
Comments, order and layout make no difference.

  itgov diff                 from HEAD to the work tree
  itgov diff REV             from REV to the work tree
  itgov diff REV1..REV2      from REV1 to REV2
  itgov diff REV1...REV2     from their common ancestor to REV2: the changes of a pull request

Both states are judged by the newer one's rules, as of the newer commit's day (of today, for
the work tree).  --format markdown is made to be a comment on a pull request.

Exit codes: 0, whatever changed; 2 the work could not be done: no git repository, no such
revision, no portfolio on either side, a broken rule file, a bad argument.
"""


def _parser() -> Parser:
    parser = Parser("itgov diff", DESCRIPTION)
    parser.add_argument(
        "revisions", nargs="?", metavar="REV1..REV2", help="what to compare (default: HEAD)"
    )
    parser.add_argument("path", nargs="?", default=".", metavar="PATH", help="the repository")
    parser.add_argument("--unit", metavar="ID", help="only this business unit")
    parser.add_as_of("judge both as on this day")
    parser.add_no_cache()
    add_formats(parser, FORMATS)
    return parser


def run(arguments: list[str]) -> int:
    """Run the verb and return the exit code."""
    options = _parser().parse_args(arguments)
    from itgov.insight.diff import compare

    outputs = outputs_of(options)
    path = Path(options.path)
    if not path.exists():
        raise Stop(
            f"there is no file or folder `{path}`; two revisions are written "
            f"{options.revisions}..{path}"
        )
    repository = find_repository(path)
    with ProgressBar() as progress:
        diff = compare(repository, options.revisions, options.as_of, options.unit, progress)
    write_outputs(outputs, lambda name, stdout: _render(diff, name, stdout))
    return 0


def _render(diff: Diff, name: str, stdout: bool) -> str:
    if name == "json":
        from itgov.report.diff_json import render as as_json

        return as_json(diff)
    from itgov.cli.figures import written
    from itgov.report.diff_document import diff_document

    color = stdout and name == "text" and wants_color(sys.stdout)
    return written(diff_document(diff), name, color, None, comment=True)
