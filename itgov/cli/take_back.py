"""`itgov import EXPORT`: an export taken back, into the repository that it came from or an empty one."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from itgov.cli.figures import day_of
from itgov.cli.options import Stop
from itgov.cli.terminal import ProgressBar, say, wants_color, write
from itgov.files.repository import Repository, find_repository, read_config
from itgov.files.repository_roots import root_above
from itgov.files.undo import UndoHistory
from itgov.importing.export.read import Exported, read_export
from itgov.importing.intake import Intake
from itgov.insight.flow import Flow
from itgov.model.text import plural

_SHOWN = 20
"""Most refused cells that are told of a new repository, without --all."""


def take_in(path: Path, options: argparse.Namespace) -> int:
    """Take an export in and return the exit code: 1 where cells are refused."""
    of_mappings = {
        "--answer": options.answer, "--sheet": options.sheet, "--whole": options.whole,
        "--gone": options.gone != "keep", "--anyway": options.anyway,
    }  # fmt: skip
    if given := [name for name, value in of_mappings.items() if value]:
        raise Stop(f"{path} is an export, and {given[0]} is for tables that a mapping reads")
    exported = read_export(path)
    target = Path(options.into)
    above = root_above(os.fspath(target)) if target.exists() else None
    if above is None:
        return _anew(Repository(target), exported, options)
    repository = find_repository(Path(above))
    if not repository.on_disk.portfolio_files:
        return _anew(repository, exported, options)
    return _back(repository, exported, options)


def _back(repository: Repository, exported: Exported, options: argparse.Namespace) -> int:
    """Bring what was edited into the repository that it came from."""
    from itgov.cli.effect import effect_of
    from itgov.importing.export.take_back import take_back
    from itgov.sheets.account import as_json, as_text

    with ProgressBar() as progress:
        flow = Flow(repository, progress=progress)
        day, book = day_of(options), flow.sound_rules()
        intake = take_back(flow.linked(day, book=book), exported)
        effect = effect_of(flow, book, day, intake.proposal)
    wanted = _is_wanted(intake, options)
    if options.format == "text":
        write(as_text(intake, effect, wants_color(sys.stdout), taken=wanted))
    if wanted and not intake.proposal.is_empty:
        changed = UndoHistory(repository.root).write(intake.proposal)
        say(f"Written: {', '.join(changed)}.")
    if options.format == "json":
        write(as_json(intake, effect, written=wanted and not intake.proposal.is_empty))
    return 1 if intake.refused else 0


def _anew(repository: Repository, exported: Exported, options: argparse.Namespace) -> int:
    """Write a new portfolio from what an export holds."""
    from itgov.importing.editor_schemas import write_schemas
    from itgov.importing.export.take_anew import take_anew
    from itgov.report.plain import plain
    from itgov.sheets.account import Effect, as_json

    root = repository.root
    folder = read_config(root, folders=False).paths.portfolios if root.is_dir() else "portfolios"
    intake = take_anew(exported, folder)
    if not intake.proposal.files:
        raise Stop(f"{exported.path}: the tables hold no record, so nothing was written")
    wanted = _is_wanted(intake, options)
    if wanted:
        root.mkdir(parents=True, exist_ok=True)
        UndoHistory(root).write(intake.proposal)
        if trouble := write_schemas(root):
            say(trouble)
    if options.format == "json":
        write(as_json(intake, Effect(), written=wanted))
    else:
        lines = [f"{f.path}  new" for f in intake.proposal.files]
        most = len(intake.refused) if options.all else _SHOWN
        lines += [f"not taken: {r.cell}: {r.why}" for r in intake.refused[:most]]
        if len(intake.refused) > most:
            lines.append(f"and {len(intake.refused) - most} more (--all lists them)")
        lines += [f"not in the tables: {note}" for note in intake.notes]
        how = "written" if wanted else "to write"
        lines.append(
            f"{plural(len(intake.taken), 'record')} {how} into "
            f"{plural(len(intake.proposal.files), 'file')}; {len(intake.refused)} refused"
            f"{f', {intake.lost} lost in the export' if intake.lost else ''}."
        )
        write("".join(f"{plain(line)}\n" for line in lines))
    return 1 if intake.refused or intake.lost else 0


def _is_wanted(intake: Intake, options: argparse.Namespace) -> bool:
    """Say whether the edits are to be written."""
    if options.strict and intake.refused:
        say("Nothing was written: some cells are refused, and --strict was given.")
        return False
    return not options.dry_run
