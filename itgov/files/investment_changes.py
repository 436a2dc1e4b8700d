"""Edits of several investments at once: each file is edited once, and the whole is one proposal."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from itgov.files.additions import Values
from itgov.files.changes import called, clearing, is_unusable, set_fields, setting, title_of
from itgov.files.edit import Change
from itgov.files.linked import Linked
from itgov.files.new_values import check_references, checked_values
from itgov.files.parallel import Progress, untold
from itgov.files.proposal import FileEdit, Proposal, propose
from itgov.files.subjects import FoundRecord, investment_records
from itgov.files.write import Plain
from itgov.model.finding import Subject
from itgov.model.stages import OVER, ended_after
from itgov.model.text import plural
from itgov.model.types import Investment


def set_on_investments(
    linked: Linked, identifiers: Sequence[str], values: Values, progress: Progress = untold
) -> Proposal:
    """Propose the same values of some fields for several investments; each file is edited once.

    Those that have them already are counted in the proposal's note.  `progress` may raise to stop
    it.  Raises EditRefused.
    """
    if len(identifiers) == 1:
        return set_fields(linked, Subject("investment", identifiers[0]), values)
    checked: dict[str | None, dict[str, Plain]] = {}

    def changes_of(at: FoundRecord) -> list[Change]:
        unit = at.unit.record.id if at.unit is not None else None
        if unit not in checked:  # what a value may name depends on nothing but the unit
            checked[unit] = checked_values("investment", values, at.subject.id)
            check_references(linked.portfolio, "investment", checked[unit], at.unit)
        return [c for key, value in checked[unit].items() for c in setting(linked, at, key, value)]

    return _on_each(linked, investment_records(linked, identifiers), values, changes_of, progress)


def set_stage(
    linked: Linked,
    identifiers: Sequence[str],
    stage: str,
    day: datetime.date,
    progress: Progress = untold,
) -> Proposal:
    """Propose a stage of investments on a day, with what becomes of each one's `ended`.

    What is stopped or retired gets the day, unless one is recorded; what was and goes on loses it.
    The title names the day where all that change get it; the note counts those whose `ended` is
    written, kept, removed or missing, and those of which it cannot be read and stays.  `progress` may raise to stop it.  Raises EditRefused.
    """
    checked_values("investment", {"stage": stage}, identifiers[0])
    records = investment_records(linked, identifiers)
    days = Counter(_said_of_end(linked, at, stage, day) for at in records)
    values: dict[str, Plain] = {"stage": stage}
    if days[_WRITTEN] and days[_WRITTEN] == sum(_investment(at).stage != stage for at in records):
        del days[_WRITTEN]
        values["ended"] = day

    def changes_of(at: FoundRecord) -> list[Change]:
        made: list[Change] = []
        given, _ = with_ended(linked, at, {"stage": stage}, day)
        for key, value in given.items():
            made += clearing(linked, at, key) if value is None else setting(linked, at, key, value)
        return made

    proposal = _on_each(linked, records, values, changes_of, progress, f"are {stage}")
    of = f" on {{:,}} of {len(records):,}" if len(records) > 1 else ""
    said = [what.format(of.format(count)) for what, count in days.items() if what]
    return replace(proposal, note="; ".join(filter(None, (proposal.note, *said))))


def with_ended(
    linked: Linked, at: FoundRecord, values: Mapping[str, Any], day: datetime.date
) -> tuple[dict[str, Any], str]:
    """Return values that an investment gets on a day, with the `ended` that follows from another stage.

    Nothing follows where `values` have no stage, or an `ended` of their own; None takes it away.
    The note beside it says what becomes of an `ended` that does not change.
    """
    stage = values.get("stage")
    if not stage or "ended" in values:
        return dict(values), ""
    record, said = _investment(at), _said_of_end(linked, at, stage, day)
    if said not in (_WRITTEN, _REMOVED):
        return dict(values), said.format("")
    ended = ended_after(record.stage, stage, record.ended, day)
    return {**values, "ended": ended}, ""


_WRITTEN, _REMOVED = "`ended` written{}", "`ended` removed{}"


def _investment(at: FoundRecord) -> Investment:
    assert isinstance(at.record, Investment)
    return at.record


def _said_of_end(linked: Linked, at: FoundRecord, stage: str, day: datetime.date) -> str:
    """Return what a stage does to the `ended` of an investment; nothing where there is none to speak of.

    What a person wrote that cannot be read is neither overwritten nor taken away.
    """
    record = _investment(at)
    if (stage in OVER or record.stage in OVER) and is_unusable(linked, at, "ended"):
        return "`ended` cannot be read{} and stays"
    ended = ended_after(record.stage, stage, record.ended, day)
    if ended != record.ended:
        return _REMOVED if ended is None else _WRITTEN
    if stage in OVER and ended is None:
        return "`ended` missing{}"
    return "`ended` kept{}" if stage in OVER and record.stage != stage else ""


def _on_each(
    linked: Linked,
    records: Sequence[FoundRecord],
    values: Values,
    changes_of: Callable[[FoundRecord], list[Change]],
    progress: Progress,
    already: str = "",
) -> Proposal:
    """Return what changes of each of several investments, which is called after the values.

    `already` says what those are that nothing changes; else that they have the values.
    """
    changes: dict[str, list[Change]] = {}
    changed = 0
    for number, at in enumerate(records):
        progress("Editing", number / len(records) / 10)
        made = changes_of(at)
        if made:
            changes.setdefault(at.path, []).extend(made)
            changed += 1
    subject = records[0].subject
    several = plural(changed or len(records), "investment")
    of = several if len(records) > 1 else called(linked, subject)
    title = title_of(linked, of, subject, values)
    files: list[FileEdit] = []
    for number, (path, of_file) in enumerate(changes.items()):
        progress("Editing", 0.1 + 0.9 * number / len(changes))
        files += propose(title, path, linked.documents[path].raw, of_file).files
    left = len(records) - changed
    already = already or ("have it" if len(values) == 1 else "have all of it")
    note = ""
    if left and len(records) > 1:
        note = f"{left:,} of {len(records):,} {already} already and stay as they are"
    return Proposal(title, tuple(files), note=note)
