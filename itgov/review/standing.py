"""Whether what a recorded decision edited is still in the portfolio's files."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from itgov.model.minutes import VERDICTS, Decision, EditStands
from itgov.model.person_names import NotOnePerson, names_in
from itgov.model.portfolio import Portfolio
from itgov.model.stages import OVER
from itgov.model.types import Action, Waiver

if TYPE_CHECKING:
    from itgov.files.linked import Linked
    from itgov.review.types import AgendaItem, Session


class LostEdit(Struct, frozen=True):
    """A recorded edit of a session that is not in the files, or of which that cannot be told."""

    number: int
    """Of the item on the agenda, from 1."""
    at: int
    """Which of the item's decisions, from 0."""
    item: AgendaItem
    decision: Decision
    stands: EditStands

    @property
    def says(self) -> str:
        """What is wrong, in a sentence."""
        found = "edited" if self.decision.edited else "found"
        where = f"what `{self.decision.decision}` {found} for {self.item.subject.id}"
        files = ", ".join(self.decision.edited) or "the files"
        if self.stands == "unknown":
            return f"{where}: {files} cannot be read, so it is not known whether it stands"
        return f"{where} is no longer in {files}: decide it again, or correct the file"


def edit_stands(
    portfolio: Portfolio, session: Session, item: AgendaItem, decision: Decision
) -> bool:
    """Say whether the portfolio holds what a decision edits; one that edits nothing stands."""
    kind, record = decision.decision, _record(portfolio, item)
    if kind == "waive":
        waivers: list[Waiver] = getattr(record, "waivers", [])
        return any((w.rule, w.until) == (decision.rule, decision.until) for w in waivers)
    if kind == "assign":
        now = getattr(record, decision.role or "", None)
        return now is not None and _same(portfolio, now, decision.to)
    if kind in ("action", "done"):
        return _action_stands(portfolio, session, item, decision)
    if kind not in VERDICTS or item.subject.kind != "investment":
        return True
    if kind == "stop" and getattr(record, "stage", None) not in OVER:
        return False
    planned = getattr(record, "next_review", None)
    return decision.next_review in (None, planned)


def lost_edits(linked: Linked, session: Session, days: bool = True) -> list[LostEdit]:
    """Return the recorded edits that do not stand any more, in the order of the agenda.

    Of several people named for one role the last one counts.  With `days`, closing writes an
    earlier day of the next review anew: that is not lost.
    """
    found = []
    for number, item in session.on_agenda:
        last = {r.decision.role: at for at, r in enumerate(item.decisions) if r.decision.role}
        for at, recorded in enumerate(item.decisions):
            decision = recorded.decision
            kept = decision.edited or decision.stands
            if not kept or (decision.role and last[decision.role] != at):
                continue
            if _is_unread(linked, item, decision):
                found.append(LostEdit(number, at, item, decision, "unknown"))
            elif not edit_stands(
                linked.portfolio, session, item, _written(linked, item, decision, days)
            ):
                found.append(LostEdit(number, at, item, decision, "no"))
    return found


def _is_unread(linked: Linked, item: AgendaItem, decision: Decision) -> bool:
    """Say whether what a decision edited, or found, may be in a file that cannot be read."""
    if decision.edited:
        return any(path in linked.unread for path in decision.edited)
    return bool(linked.unread) and _record(linked.portfolio, item) is None


def _written(linked: Linked, item: AgendaItem, decision: Decision, days: bool) -> Decision:
    """Return a decision without the day of the next review where closing writes that anew."""
    from msgspec import structs

    planned: datetime.date | None = getattr(_record(linked.portfolio, item), "next_review", None)
    again = days and decision.next_review is not None
    if again and (planned is None or planned < (decision.next_review or planned)):
        return structs.replace(decision, next_review=None)
    return decision


def _record(portfolio: Portfolio, item: AgendaItem) -> object | None:
    kind, name = item.subject.kind, item.subject.id
    if kind == "investment":
        return next((e.record for e in portfolio.investments() if e.record.id == name), None)
    if kind == "business_unit":
        return portfolio.units[name].record if name in portfolio.units else None
    if kind == "relationship_manager":
        return portfolio.managers[name].record if name in portfolio.managers else None
    return portfolio.organisation.record if kind == "organisation" else None


def _same(portfolio: Portfolio, one: str, other: str | None) -> bool:
    """Say whether two ids are one person's, of whom one may be an earlier id."""
    if one == other or other is None:
        return one == other
    try:
        return names_in(portfolio).named(other) == one
    except NotOnePerson:
        return False


def _action_stands(
    portfolio: Portfolio, session: Session, item: AgendaItem, decision: Decision
) -> bool:
    """Say whether an engagement of the unit holds an action; of `done`, whether its day is there."""
    unit = portfolio.units.get(item.business_unit or "")
    if decision.decision == "action":
        actions = _actions(portfolio, item.business_unit)
        return unit is None or any(
            (a.what, a.due) == (decision.what, decision.due) for a in actions
        )
    entry, _, number = (decision.action or "").rpartition("/")
    for unit in portfolio.units.values():
        for engagement in unit.engagements:
            if engagement.id == entry and number.isdigit():
                known = engagement.record.actions
                return int(number) <= len(known) and known[int(number) - 1].done is not None
    agreed = _agreed(portfolio, session, decision.action)
    return agreed is None or any(
        (a.what, a.due) == (agreed.what, agreed.due) and a.done is not None
        for name in portfolio.units
        for a in _actions(portfolio, name)
    )


def _actions(portfolio: Portfolio, unit: str | None) -> list[Action]:
    known = portfolio.units.get(unit or "")
    return [a for e in known.engagements for a in e.record.actions] if known is not None else []


def _agreed(portfolio: Portfolio, session: Session, name: str | None) -> Decision | None:
    """Return the action of this id that this session, or a closed one, agreed."""
    known = [r.decision for item in session.items for r in item.decisions]
    known += [d for m in portfolio.minutes for item in m.record.items for d in item.decisions]
    return next((d for d in known if d.decision == "action" and d.action == name), None)
