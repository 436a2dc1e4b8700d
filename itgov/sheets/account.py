"""What became of a sheet, written down: as text and as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from itgov.files.proposal import DiffLine, FileDiff
from itgov.importing.intake import Added, Intake, Moved, RefusedCell, Taken
from itgov.insight.diff_changes import YearMoved
from itgov.model.text import plural
from itgov.report.diff_document import year_moved
from itgov.report.json_text import json_text
from itgov.report.plain import plain
from itgov.report.text import paint
from itgov.sheets.state import short

SCHEMA = 1
_SIGNS = {"added": "+", "removed": "-", "context": " "}


class Findings(Struct, frozen=True):
    """How many findings of the rules the edits end, and how many they bring."""

    mended: int = 0
    new: int = 0


class Effect(Struct, frozen=True):
    """What `itgov diff` will say of the edits: findings they end and bring, money they move."""

    findings: Findings = Findings()
    money: Sequence[YearMoved] = ()
    """By how much budget and planned value differ, by fiscal year."""
    currency: str = ""


class _File(Struct):
    path: str
    added: int
    removed: int
    diff: list[str]


class _Report(Struct):
    schema: int
    written: bool
    taken: Sequence[Taken]
    added: Sequence[Added]
    refused: Sequence[RefusedCell]
    blanked: Sequence[str]
    moved: Sequence[Moved]
    notes: Sequence[str]
    unchanged: int
    files: list[_File]
    findings: Findings
    money: Sequence[YearMoved]
    currency: str


def as_text(intake: Intake, effect: Effect, color: bool = False, *, taken: bool = True) -> str:
    """Return the diff of each file, the cells that were not taken, and a summary.

    `taken` is False where it is not said yet that anything will be written.
    """
    lines: list[str] = []
    for file in intake.proposal.diff(context=1):
        lines += _diff(file, color)
    if intake.added:
        lines += [f"New, {plural(len(intake.added), 'record')}:"]
        lines += [f"  {plain(a.cell)}: {_new(a)}" for a in intake.added]
        lines.append("")
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
    if intake.moved:
        shown = ", ".join(
            f"{m.cell} from {_value(m.was)} to {_value(m.now)}" for m in intake.moved[:8]
        )
        more = f" and {len(intake.moved) - 8:,} more" if intake.moved[8:] else ""
        lines.append(
            f"Note: the files have changed {plural(len(intake.moved), 'value')} since the sheet was "
            f"written, and keep them: {plain(shown)}{more}"
        )
    files = len(intake.proposal.diff())
    how = "taken" if taken else "to take"
    told = f"{plural(len(intake.taken), 'cell')} {how} into {plural(files, 'file')}"
    parts = [told, f"{len(intake.refused)} refused", f"{intake.unchanged} unchanged"]
    if effect.findings.mended:
        parts.append(f"fixes {plural(effect.findings.mended, 'finding')}")
    if effect.findings.new:
        parts.append(f"adds {plural(effect.findings.new, 'new finding')}")
    text = "; ".join(parts) + "."
    money = [f"{year_moved(year)} {effect.currency}".rstrip() for year in effect.money]
    return "\n".join([*lines, text, *money, ""])


def _new(added: Added) -> str:
    name = f" ({plain(added.name)})" if added.name and added.name != added.id else ""
    return f"{added.what.replace('_', ' ')} {plain(added.id)}{name}"


def _value(text: str) -> str:
    return f"`{short(text)}`" if text else "nothing"


def as_json(intake: Intake, effect: Effect, written: bool) -> str:
    """Return the same for programs."""
    diffs = intake.proposal.diff(context=1)
    return json_text(
        _Report(
            SCHEMA,
            written,
            intake.taken,
            intake.added,
            intake.refused,
            intake.blanked,
            intake.moved,
            intake.notes,
            intake.unchanged,
            [_File(f.path, f.added, f.removed, _lines(f)) for f in diffs],
            effect.findings,
            effect.money,
            effect.currency,
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
