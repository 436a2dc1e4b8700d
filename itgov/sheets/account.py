"""What became of a sheet, written down: as text and as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from itgov.files.proposal import DiffLine, FileDiff
from itgov.importing.intake import Intake, RefusedCell, Taken
from itgov.model.text import plural
from itgov.report.json_text import json_text
from itgov.report.plain import plain
from itgov.report.text import paint

SCHEMA = 1
_SIGNS = {"added": "+", "removed": "-", "context": " "}


class Effect(Struct, frozen=True):
    """How many findings of the rules the edits end, and how many they bring."""

    mended: int = 0
    new: int = 0


class _File(Struct):
    path: str
    added: int
    removed: int
    diff: list[str]


class _Report(Struct):
    schema: int
    written: bool
    taken: Sequence[Taken]
    refused: Sequence[RefusedCell]
    blanked: Sequence[str]
    notes: Sequence[str]
    unchanged: int
    files: list[_File]
    findings: Effect


def as_text(intake: Intake, effect: Effect, color: bool = False, *, taken: bool = True) -> str:
    """Return the diff of each file, the cells that were not taken, and a summary.

    `taken` is False where it is not said yet that anything will be written.
    """
    lines: list[str] = []
    for file in intake.proposal.diff(context=1):
        lines += _diff(file, color)
    if intake.refused:
        lines += [f"Not taken, {plural(len(intake.refused), 'cell')}:"]
        lines += [f"  {plain(r.cell)}: {plain(r.why)}" for r in intake.refused]
        lines.append("")
    lines += [f"Note: {plain(note)}" for note in intake.notes]
    if intake.blanked:
        shown = ", ".join(intake.blanked[:8]) + (" …" if len(intake.blanked) > 8 else "")
        lines.append(
            f"Note: {plural(len(intake.blanked), 'cell')} blanked ({shown}): no value was "
            "deleted; write (clear) to delete one"
        )
    files = len(intake.proposal.diff())
    how = "taken" if taken else "to take"
    told = f"{plural(len(intake.taken), 'cell')} {how} into {plural(files, 'file')}"
    parts = [told, f"{len(intake.refused)} refused", f"{intake.unchanged} unchanged"]
    if effect.mended:
        parts.append(f"fixes {plural(effect.mended, 'finding')}")
    if effect.new:
        parts.append(f"adds {plural(effect.new, 'new finding')}")
    return "\n".join([*lines, "; ".join(parts) + ".", ""])


def as_json(intake: Intake, effect: Effect, written: bool) -> str:
    """Return the same for programs."""
    diffs = intake.proposal.diff(context=1)
    return json_text(
        _Report(
            SCHEMA,
            written,
            intake.taken,
            intake.refused,
            intake.blanked,
            intake.notes,
            intake.unchanged,
            [_File(f.path, f.added, f.removed, _lines(f)) for f in diffs],
            effect,
        )
    )


def _lines(file: FileDiff) -> list[str]:
    return ["…" if d.kind == "gap" else _SIGNS[d.kind] + d.text for d in file.lines]


def _diff(file: FileDiff, color: bool) -> list[str]:
    head = f"{plain(file.path)}  +{file.added} -{file.removed}"
    return [head, *(_line(line, color) for line in file.lines), ""]


def _line(line: DiffLine, color: bool) -> str:
    if line.kind == "gap":
        return "      …"
    number = line.new if line.new is not None else line.old
    indent = len(line.text) - len(line.text.lstrip(" "))
    text = f"{number:>5} {_SIGNS[line.kind]}{' ' * indent}{plain(line.text[indent:])}"
    colours = paint(color)
    start = {"added": colours.good, "removed": colours.severity["error"]}.get(line.kind, "")
    return f"{start}{text}{colours.off}" if start else text
