"""Markdown: data inside it shown as they are, never obeyed; tables; code blocks.

GitHub and GitLab act on more than CommonMark: mentions (`@name`, which send mail), references
(`#1`, `!1`, `GH-1`, commit ids), bare addresses, emoji names, formulas.  They look for these after
backslashes and entities are resolved, so those need something between their letters.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence

from itgov.report.plain import cut, plain

_APART = "&#8203;"  # a zero-width space: nothing to see, and no longer a name or an address
_ACTIVE = re.compile(
    r"://|\bwww(?=\.)|\bGH-(?=\d)|:(?=[\w+-]+:)|\b(?=\d*[a-f])[0-9a-f]{7,40}\b"
    r"|[\\`*_{}\[\]()#!|~<>&@%^$]",
    re.IGNORECASE,
)
_STARTS = re.compile(r"[-+=]|\d+(?=\.)")
_REFERS = frozenset("#!~&%^*[{")
_INSTEAD = {
    "://": f":{_APART}//",
    ":": f":{_APART}",
    "@": f"@{_APART}",
    "<": "&lt;",
    ">": "&gt;",
    "|": "&#124;",  # a cell of a table sees through a backslash
    "$": "<span>$</span>",
}
_ENTITIES = {"&": "&amp;", "%": "%"}
_REFERRED = frozenset('"_[+-')


def escape(text: str, limit: int | None = None) -> str:
    """Return `text` as one line of Markdown that reads the same and does nothing.

    It holds in running text, in a cell of a table, in a list and in a heading.  It is cut to
    `limit` characters, not counting what escaping adds.
    """
    safe = _short(text, limit).strip()
    start = _STARTS.match(safe)
    marked = _ACTIVE.sub(_disarmed, safe)
    if start is None:
        return marked
    # A list, a rule or an underlined heading could begin here.
    at = start.end() if safe[0].isdigit() else 0
    return f"{marked[:at]}\\{marked[at:]}"


def code(text: str, limit: int | None = None) -> str:
    """Return `text` as a code span, or escaped where it holds what a code span cannot."""
    safe = _short(text, limit)
    if not safe.strip() or any(char in safe for char in "`|\\"):
        return escape(safe)
    return f"`{safe.strip()}`"


def code_block(text: str) -> str:
    """Return text of several lines as a code block that nothing inside can end."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text.rstrip()}\n{fence}\n"


def table(
    titles: Sequence[str], rows: Iterable[Iterable[str]], numbers: Container[int] = ()
) -> list[str]:
    """Return the lines of a table whose cells are escaped already."""
    return [*table_head(titles, numbers), *map(table_row, rows)]


def table_head(titles: Sequence[str], numbers: Container[int] = ()) -> list[str]:
    """Return the head of a table; the columns `numbers`, counted from 0, are aligned right."""
    marks = ("---:" if index in numbers else "---" for index in range(len(titles)))
    return [table_row(titles), table_row(marks)]


def table_row(cells: Iterable[str]) -> str:
    """Return a row of a table whose cells are escaped already."""
    return f"| {' | '.join(cells)} |"


def _short(text: str, limit: int | None) -> str:
    safe = plain(text)
    return safe if limit is None else cut(safe, limit)


def _disarmed(found: re.Match[str]) -> str:
    active = found.group()
    if active in _INSTEAD:
        return _INSTEAD[active]
    if len(active) > 1:
        # `www`, `GH-`, or what could be a commit's id, for which seven digits are enough.
        pieces = [active[at : at + 6] for at in range(0, len(active), 6)]
        return _APART.join(pieces) if len(pieces) > 1 else active + _APART
    after = found.string[found.end() : found.end() + 1]
    refers = active in _REFERS and (after.isalnum() or after in _REFERRED)
    harmless = _ENTITIES.get(active, f"\\{active}")
    return f"{harmless}{_APART}" if refers else harmless
