"""What the changes view says of all files, of one, and of one change in it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from itgov.files.changed_texts import ChangedText
from itgov.files.proposal import diff_of
from itgov.files.repository import Repository
from itgov.insight.diff_changes import Diff
from itgov.insight.diff_files import FileDiffs
from itgov.model.text import plural
from itgov.tui.background.uncommitted import FoundChanges
from itgov.tui.dialogs.notes import text_line
from itgov.tui.views.changes_rows import HunkRow
from itgov.tui.views.diff_lines import changed_lines, diff_lines
from itgov.tui.widgets.styled_text import Line

MOST = 2_000
"""Lines of a text that are shown."""
_STAGED = {"no": "not staged", "yes": "staged", "partly": "staged, and changed since"}
_KINDS = {
    "binary": "The file is binary: its content is not shown.",
    "large": "The file is too large: its content is not shown.",
    "unread": "The file, or what git has of it, cannot be read here: its content is not shown.",
}
_POLICY = (
    "Rules and settings are compared as text only: both states of the portfolio are judged by them as "
    "they are now."
)
NO_GIT: tuple[Line, ...] = (
    (("No changes to show", "strong"),),
    (),
    (("This folder is not in a git repository.", ""),),
    (("`git init`, `git add` and `git commit` start its history; R reads again.", "accent"),),
)
SAMPLE: tuple[Line, ...] = (
    (("The sample has no changes", "strong"),),
    (),
    (("Start your own with `itgov init`; what is not committed is shown here.", "accent"),),
)
READING: tuple[Line, ...] = ((("Comparing the files …", "muted"),),)


def whole_page(found: FoundChanges, diffs: FileDiffs | str | None) -> Iterator[Line]:
    """Yield what is said of all files together."""
    counts: dict[str, int] = {}
    for text in found.files.values():
        counts[text.file.state] = counts.get(text.file.state, 0) + 1
    told = ", ".join(f"{count:,} {state}" for state, count in counts.items())
    files = plural(len(found.files), "file")
    yield ((f"{files}: {told}" if told else "No file differs", "strong"),)
    yield from ((("! ", "warning"), (note, "")) for note in found.notes)
    if not found.files:
        return
    yield ()
    if isinstance(diffs, str):
        yield (("In the portfolio's words: ", "warning"), (diffs, ""))
    elif diffs is None:
        yield (("The portfolio is being compared …", "muted"),)
    else:
        yield from diff_lines(diffs.diff)


def file_page(
    text: ChangedText, diffs: FileDiffs | Diff | str | None, repository: Repository
) -> Iterator[Line]:
    """Yield what is said of one file: what it is, what changed in the portfolio, and as text."""
    file = text.file
    head: list[str] = [file.state]
    if file.staged != "no" or file.blob is not None:
        head.append(_STAGED[file.staged])
    yield ((", ".join(head), "strong"),)
    if file.was is not None:
        yield (("was  ", "muted"), (file.was, ""))
    if file.note:
        yield (("! ", "warning"), (file.note, ""))
    yield ()
    if any(repository.is_policy(path) for path in file.paths):
        yield ((_POLICY, "warning"),)
    elif not any(repository.is_portfolio(path) for path in file.paths):
        yield (("Not a portfolio file: compared as text only.", "muted"),)
    elif isinstance(diffs, str):
        yield (("In the portfolio's words: ", "warning"), (diffs, ""))
    elif diffs is None:
        yield (("The portfolio is being compared …", "muted"),)
    else:
        part = diffs.of(*file.paths) if isinstance(diffs, FileDiffs) else diffs
        yield from changed_lines(part, whole=False)
    yield ()
    yield from text_lines(text)


def text_lines(text: ChangedText) -> Iterator[Line]:
    """Yield the text diff of a file, or why there is none."""
    if text.kind != "text":
        yield ((_KINDS[text.kind], "warning"),)
        return
    if not text.hunks:
        if text.file.state in ("new", "deleted"):
            said = "The file is empty."
        elif text.before == text.after and text.file.state == "renamed":
            said = "The text is the same."
        else:
            said = "Only line endings or the mode of the file differ."
        yield ((said, "muted"),)
        return
    yield (("Text", "strong"), (f"  +{text.added:,} -{text.removed:,}", "muted"))
    lines = diff_of(text.before or b"", text.after or b"", found=text.hunks)
    yield from (text_line(line) for line in islice(lines, MOST))
    left = sum(1 for _ in lines)
    if left:
        yield ((f"! {left:,} more lines are not shown here", "warning"),)


def hunk_page(row: HunkRow, key: str) -> Iterator[Line]:
    """Yield one change: whose it is, and its lines before and after."""
    hunk = row.hunk
    name = f"{row.record} {row.field}".strip() or "Change"
    yield ((name, "strong"), (f"  line {row.line:,}", "muted"))
    if key:
        yield ((f"{key} reverts this change", "accent"),)
    yield ()
    for at, line in islice(enumerate(hunk.removed, hunk.old + 1), MOST):
        yield ((f"{at:>6} - ", "removed"), (_text(line), "removed"))
    for at, line in islice(enumerate(hunk.added, hunk.new + 1), MOST):
        yield ((f"{at:>6} + ", "added"), (_text(line), "added"))
    left = sum(max(len(part) - MOST, 0) for part in (hunk.removed, hunk.added))
    if left:
        yield ((f"! {left:,} more lines are not shown here", "warning"),)


def _text(line: bytes) -> str:
    return line.decode("utf-8", errors="replace").rstrip("\r\n")
