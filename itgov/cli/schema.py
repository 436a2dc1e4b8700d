"""`itgov schema`: the JSON Schema of a kind of file."""

from __future__ import annotations

from pathlib import Path

from itgov.cli.options import Parser, Stop, is_current, write_file
from itgov.cli.terminal import write
from itgov.rules.schemas import KINDS, schema_text

DESCRIPTION = """\
Print the JSON Schema of a kind of file, generated from the types that itgov reads it with.

Editors use it by the first line of a file:
  # yaml-language-server: $schema=../schema/portfolio.schema.json
"""


def run(arguments: list[str]) -> int:
    """Run the verb and return the exit code."""
    parser = Parser("itgov schema", DESCRIPTION)
    parser.add_argument(
        "kind", nargs="?", choices=list(KINDS), metavar="KIND", help=", ".join(KINDS)
    )
    parser.add_argument(
        "--output-dir", metavar="DIR", help="write all of them into DIR as KIND.schema.json"
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="write nothing; exit with 1 if those in DIR are not up to date",
    )
    options = parser.parse_args(arguments)
    if options.output_dir is not None:
        return _write_all(Path(options.output_dir), options.check)
    if options.kind is None:
        raise Stop(f"name a kind of file: {', '.join(KINDS)}")
    write(schema_text(options.kind))
    return 0


def _write_all(folder: Path, check: bool) -> int:
    again = f"itgov schema --output-dir {folder}"
    current = True
    for kind in KINDS:
        path = folder / f"{kind}.schema.json"
        text = schema_text(kind)
        if check:
            current = is_current(path, text, again) and current
        else:
            if not folder.is_dir():
                raise Stop(f"there is no folder `{folder}`")
            write_file(path, text)
    return 0 if current else 1
