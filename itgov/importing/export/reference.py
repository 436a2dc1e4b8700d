"""The tables of an export and their columns as a page of Markdown, made from their declarations."""

from __future__ import annotations

from itgov.importing.export.computed import all_tables
from itgov.importing.export.tables import ColumnKind, Table

START = """\
# The tables of an export

Made by `itgov export --tables`. [How to use them](export.md).

**Key** tells the rows of a table apart; **refers to** is the table whose key a column holds. Names are
those of [the files](files.md). Tables marked *computed* follow from the files and are not taken back.
"""
_WORDS: dict[ColumnKind, str] = {
    "text": "text", "number": "number", "whole": "whole number", "day": "date",
    "truth": "true or false",
}  # fmt: skip


def reference() -> str:
    """Return the page."""
    return START + "".join(_section(table) for table in all_tables().values())


def _section(table: Table) -> str:
    computed = "" if table.is_taken_back else " *(computed)*"
    lines = ["", f"## {table.name}", "", f"{table.says}{computed}", ""]
    if table.key:
        lines += [f"Key: {', '.join(f'`{name}`' for name in table.key)}.", ""]
    else:
        lines += ["A row names the one record that it belongs to.", ""]
    lines += ["| column | type | what it holds | refers to |", "|---|---|---|---|"]
    for c in table.columns:
        other = f"[{c.references}](#{c.references})" if c.references else ""
        says = c.says.replace("<", "&lt;").replace("|", "\\|") if "`" not in c.says else c.says
        lines.append(f"| `{c.name}` | {_WORDS[c.kind]} | {says} | {other} |")
    return "\n".join([*lines, ""])
