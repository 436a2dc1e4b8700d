"""What a decision changes in the portfolio's own files, at once and no more than that."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from msgspec import structs

from itgov.files import changes
from itgov.files.changes import is_unusable
from itgov.files.investment_changes import with_ended
from itgov.files.linked import Linked
from itgov.files.proposal import Proposal, combine
from itgov.files.save import EditRefused, digest
from itgov.files.subjects import find_record
from itgov.files.undo import UndoHistory
from itgov.files.write import Plain
from itgov.model.derive_reviews import in_order, open_actions
from itgov.model.finding import Subject
from itgov.model.minutes import VERDICTS, Decision
from itgov.model.portfolio import InvestmentEntry, UnitEntry
from itgov.model.stages import OVER
from itgov.model.types import Action, Engagement
from itgov.review.decide import DecisionRefused
from itgov.review.promises import all_promises
from itgov.review.types import AgendaItem, Edited, Session


def proposal_of(
    linked: Linked, session: Session, item: AgendaItem, decision: Decision
) -> Proposal | None:
    """Return the edit that follows from a decision, or None where none does.

    A waiver stands on its record, a person in the role assigned, `stopped` as the stage with the
    session's day as its end, unless one is recorded; an action in an engagement of the unit; the day of the next review on
    the investment.  Raises
    `EditRefused` where the record is no longer there or cannot be edited.
    """
    kind = decision.decision
    subject = Subject(item.subject.kind, item.subject.id)
    if kind == "waive" and decision.rule and decision.until and decision.reason:
        who = decision.approved_by or ""
        return changes.add_waiver(
            linked, subject, decision.rule, decision.reason, decision.until, who
        )
    if kind == "assign" and decision.role is not None:
        return changes.set_field(linked, subject, decision.role, decision.to)
    if kind == "action":
        return _action(linked, session, item, decision)
    if kind == "done":
        return _done(linked, session, decision)
    if kind in VERDICTS and subject.kind == "investment":
        return _of_verdict(linked, session.date, subject, decision)
    return None


def _of_verdict(
    linked: Linked, day: datetime.date, subject: Subject, decision: Decision
) -> Proposal | None:
    values: dict[str, Plain] = {}
    said = []
    if decision.decision == "stop":
        at = find_record(linked, subject)
        if getattr(at.record, "stage", None) not in OVER:
            values, note = with_ended(linked, at, {"stage": "stopped"}, day)
            said.append(note)
    if decision.next_review is not None:
        values["next_review"] = decision.next_review
        if is_unusable(linked, find_record(linked, subject), "last_reviewed"):
            said.append(_STAYS.format("last_reviewed"))
        else:
            values["last_reviewed"] = day
    if not values:
        return None
    return structs.replace(
        changes.set_fields(linked, subject, values), note="; ".join(filter(None, said))
    )


_STAYS = "`{}` cannot be read and stays"
"""What a person wrote and no type takes is not overwritten by what follows from a decision."""


def reviewed(linked: Linked, session: Session) -> tuple[Proposal, list[str]]:
    """Return the edit that records the session's day on every investment that it decided on.

    `last_reviewed` is the session's day; `next_review` follows from the cadence where one is
    agreed and the decision names no day of its own.  What cannot be edited is left as it is, and
    said.
    """
    entries = {e.record.id: e for e in linked.portfolio.investments()}
    made, left = [], []
    for _, item in session.on_agenda:
        verdict = item.verdict
        entry = entries.get(item.subject.id)
        if verdict is None or verdict.decision == "skip" or item.subject.kind != "investment":
            continue
        if entry is None:
            left.append(f"{item.subject.id} is no longer in the portfolio: its day is not recorded")
            continue
        try:
            proposal, stays = _review_days(linked, session, entry, verdict)
            made.append(proposal)
            left += [f"{item.subject.id}: {_STAYS.format(key)}: correct it" for key in stays]
            if "next_review" not in stays and not _has_next(session, entry, verdict):
                planned = entry.record.next_review
                lacks = (
                    "has no next review"
                    if planned is None
                    else f"has its next review on {planned}, which is past"
                )
                left.append(
                    f"{item.subject.id} {lacks}: agree one with the decision, or write `next_review` "
                    "into its file"
                )
        except EditRefused as refused:
            left.append(str(refused))
    return combine(made, f"Record the review of {session.date}"), left


def _has_next(session: Session, entry: InvestmentEntry, verdict: Decision) -> bool:
    """Say whether it is known when an item is looked at again, or need not be."""
    planned = entry.record.next_review
    if planned is not None and planned <= session.date:
        planned = None
    agreed = verdict.next_review or planned or entry.facts.review_cadence_days
    return agreed is not None or verdict.decision == "stop" or not entry.facts.is_active


def _review_days(
    linked: Linked, session: Session, entry: InvestmentEntry, verdict: Decision
) -> tuple[Proposal, list[str]]:
    """Return the edit of an item's days, and those that follow but cannot be read, which stay."""
    values: dict[str, Plain] = {}
    known = entry.record.last_reviewed
    if known is None or known < session.date:
        values["last_reviewed"] = session.date
    following = verdict.next_review
    cadence = entry.facts.review_cadence_days
    if following is None and cadence is not None and verdict.decision != "stop":
        following = session.date + datetime.timedelta(cadence)
    if following is not None and (entry.record.next_review or session.date) < following:
        values["next_review"] = following
    subject = Subject("investment", entry.record.id)
    at = find_record(linked, subject)
    agreed = {"next_review": verdict.next_review is not None}
    stays = [k for k in values if not agreed.get(k) and is_unusable(linked, at, k)]
    values = {key: value for key, value in values.items() if key not in stays}
    if not values:
        return Proposal("Nothing"), stays
    return changes.set_fields(linked, subject, values), stays


def _action(
    linked: Linked, session: Session, item: AgendaItem, decision: Decision
) -> Proposal | None:
    unit = linked.portfolio.units.get(item.business_unit or "")
    if unit is None:
        return None
    action = Action(what=decision.what or "", owner=decision.owner, due=decision.due)
    summary = f"Review session {session.id}"
    for entry in unit.engagements:
        record = entry.record
        if record.date == session.date and record.summary == summary:
            if action in record.actions:  # left by an attempt that was cut short
                return None
            return changes.add_action(linked, entry.id, action)
    there = [p for p in (session.chair, *session.present) if p is not None]
    leads = unit.record.relationship_manager
    by = leads if leads in there else session.chair
    engagement = Engagement(
        date=session.date,
        kind="review",
        by=by,
        with_=[p for p in dict.fromkeys(there) if p != by],
        summary=summary,
        actions=[action],
    )
    return changes.add_engagement(linked, unit.record.id, engagement)


def _agreed(linked: Linked, session: Session) -> Iterator[tuple[str | None, Decision]]:
    for minutes in linked.portfolio.minutes:
        for item in minutes.record.items:
            yield from ((item.business_unit, d) for d in item.decisions)
    for own in session.items:
        yield from ((own.business_unit, r.decision) for r in own.decisions)


def _done(linked: Linked, session: Session, decision: Decision) -> Proposal | None:
    for unit, agreed in _agreed(linked, session):
        if agreed.decision == "action" and agreed.action == decision.action:
            home = linked.portfolio.units.get(unit or "")
            return _mark(linked, home, agreed, session) if home is not None else None
    standing = list(all_promises(linked.portfolio))
    for promise in standing:
        if promise.id == decision.action:
            return changes.mark_done(linked, promise.engagement, promise.index, session.date)
    ordered = in_order(linked.portfolio.minutes, session.date)
    names = [a.id for a in open_actions(ordered, linked.portfolio)]
    names += [p.id for p in standing if session.business_unit in (None, p.unit)]
    raise DecisionRefused(
        f"there is no action `{decision.action}`; open: {', '.join(names) or 'none'}"
    )


def _mark(linked: Linked, unit: UnitEntry, agreed: Decision, session: Session) -> Proposal | None:
    for entry in unit.engagements:
        for index, action in enumerate(entry.record.actions):
            if (action.what, action.due) == (agreed.what, agreed.due) and action.done is None:
                return changes.mark_done(linked, entry.id, index, session.date)
    return None


def edits_of(proposal: Proposal, back: bool = False) -> list[Edited]:
    """Return what a written proposal has changed, or one taken back, as the session keeps it."""
    found = []
    for file in proposal.files:
        before, after = digest(file.before or b""), digest(file.after or b"")
        if before != after:
            found.append(Edited(file.path, *((after, before) if back else (before, after))))
    return found


class Carrying:
    """The edit that goes with a decision: written first, and taken back if the decision fails."""

    def __init__(self, root: Path, proposal: Proposal | None) -> None:
        self.undo_history = UndoHistory(root)
        self.proposal = proposal
        self.edits: list[Edited] = []
        self.decision: Decision | None = None
        """The decision that the edit went with, as it was noted."""

    def __enter__(self) -> Carrying:
        """Write the edit.  Raises `EditRefused`."""
        if self.proposal is not None:
            self.undo_history.write(self.proposal)
            self.edits = edits_of(self.proposal)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the edit back where what it goes with was not recorded."""
        if error is not None and self.edits:
            self.undo_history.undo()

    def noted(self, decision: Decision, stood: bool = False) -> Decision:
        """Return the decision with the files that were edited with it.

        `stood` says that the files had what it decides before: of a stop that is kept.
        """
        if self.edits:
            decision = structs.replace(decision, edited=[e.path for e in self.edits])
        elif stood and decision.decision == "stop":
            decision = structs.replace(decision, stands="yes")
        self.decision = decision
        return decision
