"""The message that is proposed for a commit of some files, in the portfolio's words."""

from __future__ import annotations

from collections.abc import Sequence

from itgov.files.git_changes import ChangedFile
from itgov.insight.diff_changes import Diff
from itgov.model.text import plural
from itgov.report.blocks import Change
from itgov.report.diff_document import changes, headline
from itgov.report.plain import plain

WIDTH = 72
"""Columns of a first line that git's tools show whole."""
_MOST = 40


def proposed_message(files: Sequence[ChangedFile], diff: Diff | None) -> str:
    """Return the message for a commit of files: what changed in them, as `diff` says it.

    The first line is at most 72 characters long.  Where nothing of the portfolio changed, or that is
    not known, the files are named.
    """
    told = [c for _, subjects in (changes(diff) if diff is not None else ()) for c in subjects]
    lines = list(
        dict.fromkeys(f"{_named(c)}: {'; '.join(c.said)}" if c.said else _named(c) for c in told)
    )
    whole = len(lines) == 1
    if len(lines) == 1:
        first = _of_one(told[0])
        whole = first == lines[0]
    elif lines and diff is not None:
        first = headline(diff).removesuffix(".").partition("; findings")[0]
    else:
        first = f"{_verb(files)} {files[0].path}"
        if len(files) > 1:
            first += f" and {plural(len(files) - 1, 'other file')}"
        whole = len(files) == 1
    if lines or len(files) > 1:
        lines += [f"{f.path}: {f.state}" for f in files if not told or f.state != "modified"]
    body = [f"- {plain(line)}" for line in lines[1 if whole and told else 0 :]]
    if len(body) > _MOST:
        body = [*body[:_MOST], f"and {len(body) - _MOST:,} more"]
    return "\n".join([_cut(plain(first)), *(["", *body] if body else []), ""])


def _named(change: Change) -> str:
    return f"{change.id} {change.label}".strip()


def _of_one(change: Change) -> str:
    """Return what happened to one subject, with as much of it as a first line holds."""
    for name in (_named(change), change.id or change.label):
        for count in range(len(change.said), 0, -1):
            line = f"{name}: {'; '.join(change.said[:count])}"
            if len(line) <= WIDTH:
                return line
    return _named(change)


def _verb(files: Sequence[ChangedFile]) -> str:
    states = {f.state for f in files}
    return {"new": "Add", "deleted": "Remove", "renamed": "Rename"}.get(
        next(iter(states)) if len(states) == 1 else "", "Edit"
    )


def _cut(line: str) -> str:
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…"
