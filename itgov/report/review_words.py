"""What a decision says, in words; the same on a screen, in minutes and in a commit message."""

from __future__ import annotations

from collections.abc import Mapping

from itgov.model.minutes import VERDICTS, Decision, DecisionKind, EditStands, ItemKind
from itgov.model.portfolio import InvestmentEntry
from itgov.model.text import plural
from itgov.report.plain import plain

DONE: Mapping[DecisionKind, str] = {
    "approve": "approved",
    "hold": "held",
    "challenge": "challenged",
    "escalate": "escalated",
    "stop": "to be stopped",
    "skip": "skipped",
    "waive": "waived",
    "assign": "assigned",
    "action": "action",
    "done": "done",
    "note": "note",
}

_NOT_THERE: Mapping[EditStands | None, str] = {
    "no": " (no longer in the files at closing)",
    "unknown": " (not known whether it is in the files: one could not be read at closing)",
}


def verb_of(kind: DecisionKind, about: ItemKind) -> str:
    """Return the verb of a decision: an investment is approved, a person or a unit accepted."""
    return "accept" if kind == "approve" and about != "investment" else kind


def is_over(entry: InvestmentEntry | None) -> bool:
    """Say whether what an item of the agenda is about has ended, by what the files say now."""
    return entry is not None and not entry.facts.is_active


def done_of(decision: Decision, about: ItemKind, over: bool | None = None) -> str:
    """Return what has become of an item by a decision on it.

    `over` says whether the item has ended by what the files say now; without it, it has where its
    stage said so already, or was edited with the decision and closing has found that edit.
    """
    kind = decision.decision
    if verb_of(kind, about) == "accept":
        return "accepted"
    if over is None:
        over = decision.stands == "yes" or (bool(decision.edited) and decision.stands is None)
    return "stopped" if kind == "stop" and over else DONE[kind]


def step_count(kind: DecisionKind, number: int) -> str:
    """Return how often something was recorded beside the decisions on items."""
    if kind == "done":
        return f"{plural(number, 'action')} done"
    return plural(number, {"waive": "waiver", "assign": "assignment"}.get(kind, kind))


def said(
    decision: Decision,
    names: Mapping[str, str] | None = None,
    about: ItemKind = "investment",
    over: bool | None = None,
) -> str:
    """Return a decision as a sentence part; `names` are people's names by id, `about` what it is on.

    `over` is that of `done_of`.
    """
    known = names or {}

    def person(identifier: str | None) -> str:
        return plain(known.get(identifier or "", identifier or "nobody"))

    kind = decision.decision
    words = done_of(decision, about, over)
    if kind == "waive":
        words = f"waived {plain(decision.rule or '')}"
        if decision.until is not None:
            words += f" until {decision.until}"
        words += f", approved by {person(decision.approved_by)}"
    elif kind == "assign":
        role = (decision.role or "").replace("_", " ")
        words = f"{role}: {person(decision.to)}"
        if decision.was is not None:
            words += f" (was {person(decision.was)})"
    elif kind == "action":
        words = (
            f"action for {person(decision.owner)}, due {decision.due}: {plain(decision.what or '')}"
        )
    elif kind == "done":
        words = f"done: action {plain(decision.action or '')}"
    elif decision.until is not None:
        words += f" until {decision.until}"
    if decision.next_review is not None:
        words += f", next review {decision.next_review}"
    words += _NOT_THERE.get(decision.stands, "")
    if decision.by is not None and kind in VERDICTS:
        words += f" by {person(decision.by)}"
    elif decision.account is not None and kind in VERDICTS:
        words += f" (recorded by the account {plain(decision.account)})"
    if decision.reason is not None:
        words += f": {plain(decision.reason)}"
    return words


def spent(seconds: int) -> str:
    """Return a time as people say it: 45 s, 12 min, 1 h 05 min."""
    if seconds < 60:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"


def spent_minutes(seconds: int) -> str:
    """Return a time for a title that changes while it is read: nothing under a minute."""
    return spent(seconds) if seconds >= 60 else ""
