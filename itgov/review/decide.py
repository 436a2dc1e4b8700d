"""What a decision must say, and how it is recorded on an item."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Mapping, Sequence
from types import MappingProxyType

from msgspec import structs

from itgov.files.write import clean
from itgov.model.errors import ItgovError
from itgov.model.fields import fields_of, keys
from itgov.model.minutes import (
    VERDICTS,
    Decision,
    DecisionKind,
    Role,
    beneficiaries,
    gains_by_approval,
)
from itgov.model.rulebook import RuleInfo
from itgov.model.text import did_you_mean
from itgov.review.clock import moment_words
from itgov.review.types import AgendaItem, Recorded, Withdrawn

NEEDS: dict[DecisionKind, tuple[str, ...]] = {
    "approve": (),
    "hold": ("reason",),
    "challenge": ("reason",),
    "escalate": ("reason",),
    "stop": ("reason",),
    "skip": (),
    "waive": ("rule", "reason", "until", "approved_by"),
    "assign": ("role", "to"),
    "action": ("what", "owner", "due"),
    "done": ("action",),
    "note": ("reason",),
}
"""What each kind of decision cannot do without."""
_ALSO: dict[DecisionKind, tuple[str, ...]] = {
    "approve": ("reason", "next_review"),
    "hold": ("until", "next_review"),
    "challenge": ("next_review",),
    "escalate": ("next_review",),
    "skip": ("reason",),
    "assign": ("reason", "was"),
    "action": ("reason", "action"),
    "done": ("reason",),
}
NO_RULES: Mapping[str, RuleInfo] = MappingProxyType({})
_ALWAYS = ("decision", "by", "edited", "stands")
_PEOPLE = tuple(f.name for f in fields_of(Decision) if f.kind == "person" and not f.meaning.past)
_TEXTS = ("reason", "what", "rule", "action", *_PEOPLE)
_LONGEST = 2000


def with_people(decision: Decision, named: Callable[[str], str]) -> Decision:
    """Return a decision in which `named` has given the id for every word that names a person."""
    words = {name: getattr(decision, name) for name in _PEOPLE}
    return structs.replace(
        decision, **{name: named(word) for name, word in words.items() if (word or "").strip()}
    )


class DecisionRefused(ItgovError):
    """The decision cannot be recorded; the text says why and what to do."""


class Overtaken(DecisionRefused):
    """Somebody else has recorded something on the item meanwhile; `item` is how it stands now."""

    def __init__(self, text: str, item: AgendaItem) -> None:
        super().__init__(text)
        self.item = item


def checked(
    decision: Decision,
    item: AgendaItem,
    date: datetime.date,
    people: Collection[str],
    rules: Mapping[str, RuleInfo] = NO_RULES,
) -> Decision:
    """Return a decision with its texts cleaned.  Raises `Refused` where it says too little.

    `people` are the ids of everybody who can be named, `rules` the rules in force by
    their ids; where none are known, none can be wrong.
    """
    kind = decision.decision
    changes = {}
    for name in _TEXTS:
        value: str | None = getattr(decision, name)
        if value is not None:
            text = " ".join(clean(value).split()) if name != "reason" else clean(value).strip()
            if len(text) > _LONGEST:
                raise DecisionRefused(f"the {_said(name)} is longer than {_LONGEST:,} characters")
            changes[name] = text or None
    decision = structs.replace(decision, **changes)
    known = (*_ALWAYS, *NEEDS[kind], *_ALSO.get(kind, ()))
    for name in decision.__struct_fields__:
        if name not in known and getattr(decision, name) not in (None, []):
            raise DecisionRefused(f"`{kind}` takes no {_said(name)}")
    missing = [_said(n) for n in NEEDS[kind] if getattr(decision, n) is None]
    if missing:
        raise DecisionRefused(f"`{kind}` needs {' and '.join(missing)}")
    for name in _PEOPLE:
        who: str | None = getattr(decision, name)
        if people and who is not None and who not in people:
            raise DecisionRefused(f"there is no person `{who}`{did_you_mean(who, people)}")
    if kind == "waive" and rules and decision.rule not in rules:
        rule = decision.rule or ""
        raise DecisionRefused(f"there is no rule {rule} in force{did_you_mean(rule, rules)}")
    if kind == "waive" and rules and not rules[decision.rule or ""].waivable:
        raise DecisionRefused(f"{decision.rule} cannot be waived: its findings must be fixed")
    for name in keys(Decision, "day"):
        day: datetime.date | None = getattr(decision, name)
        if day is not None and day < date:
            raise DecisionRefused(f"the {_said(name)}, {day}, is before the session's day, {date}")
    refused = unfit(kind, item, decision.role)
    if refused is not None:
        raise DecisionRefused(refused)
    return decision


def unfit(kind: DecisionKind, item: AgendaItem, role: Role | None = None) -> str | None:
    """Return why a kind of decision cannot be taken on what an item is about, or None."""
    about = item.subject.kind
    if kind == "assign" and about not in ("investment", "business_unit"):
        return f"nobody can be assigned to {_a(item)}: only to an investment or a unit"
    if role == "outcome_owner" and about == "business_unit":
        return "a business unit has no outcome owner; its investments have"
    if kind == "stop" and about != "investment":
        return f"only an investment or a service can be stopped, not {_a(item)}"
    if kind == "waive" and about in ("person", "file"):
        return f"nothing can be waived for {_a(item)}"
    return None


def conflict_of(decision: Decision, item: AgendaItem) -> str | None:
    """Return what to warn of where whoever decides gains by it, or None."""
    gainers = beneficiaries(item.answerable)
    if decision.decision == "approve" and gains_by_approval(item.answerable, decision.by):
        lead = decision.by == item.answerable.delivery_lead
        post = "leads the delivery of" if lead else "is the outcome owner of"
        return f"{decision.by} {post} {item.title} and approves it: a finding of rule SES-002"
    about_self = item.subject.kind in ("relationship_manager", "person")
    if decision.decision in VERDICTS and about_self and decision.by == item.subject.id:
        return f"{decision.by} decides on their own performance: a finding of rule SES-003"
    if decision.decision == "waive" and decision.approved_by in gainers:
        return (
            f"{decision.approved_by} answers for {item.title} and approves its waiver: "
            "a finding of rule WVR-006"
        )
    return None


def standing_edit(item: AgendaItem, decision: Decision) -> str | None:
    """Return what to say of the edit that goes with the verdict which a decision replaces."""
    before = item.last()
    if before is None or decision.decision not in VERDICTS or not before.decision.edited:
        return None
    if before.decision.decision == decision.decision == "stop":
        return None
    return (
        f"the edit that `{before.decision.decision}` made in {', '.join(before.decision.edited)} "
        "stays; undo it by hand where it no longer applies"
    )


def record(
    item: AgendaItem,
    decision: Decision,
    at: str,
    hand: str,
    seen: int | None = None,
    replace: bool = False,
    again: bool = False,
) -> None:
    """Record a checked decision on an item; what was said of it as a whole before gives way.

    With `again`, so does the same decision: what it edited is no longer in the files, and is edited
    again.

    `seen` is the item's revision when whoever decides last saw it.  Raises `Overtaken` where
    something was recorded since, or something else said already, unless `replace` says that this
    is known.
    """
    standing = item.last()
    verdict = decision.decision in VERDICTS
    twin = next((r for r in item.decisions if same(r.decision, decision)), None)
    again = again and twin is not None
    if twin is not None and not verdict and not again:
        raise DecisionRefused(
            f"the same decision is recorded on {item.title} already, at {moment_words(twin.at)}"
        )
    if not replace and seen is not None and seen != item.revision and item.decisions:
        last = item.decisions[-1]
        raise Overtaken(f"{_who(last)} meanwhile; check it, or replace it", item)
    if not replace and seen is None and verdict and standing not in (None, twin if again else None):
        raise Overtaken(f"{_who(standing)}; to change it, use --replace", item)
    for before in (standing if verdict else None, twin if again else None):
        if before is not None and before in item.decisions:
            item.decisions = [r for r in item.decisions if r is not before]
            item.withdrawn = [*item.withdrawn, Withdrawn(before, at, hand)]
    if again and twin is not None and decision.decision == "action":  # it keeps its id
        decision = structs.replace(decision, action=twin.decision.action)
    kept = _kept_edit(standing, decision)
    if kept:
        decision = structs.replace(decision, edited=kept, stands=None)
    item.decisions = [*item.decisions, Recorded(decision, at, hand)]
    item.revision += 1


def _kept_edit(standing: Recorded | None, decision: Decision) -> list[str]:
    """Return the files that a stop has edited which another one replaces, and that still have it."""
    if standing is None or standing.decision.decision != "stop" or decision.stands != "yes":
        return []
    return standing.decision.edited


def withdraw(item: AgendaItem, at: str, hand: str, seen: int | None = None) -> Recorded:
    """Take back what was recorded last on an item, and return it.  Raises `Refused`."""
    if not item.decisions:
        raise DecisionRefused(f"no decision to undo on {item.title}")
    last = item.decisions[-1]
    if seen is not None and seen != item.revision:
        raise Overtaken(f"{_who(last)} meanwhile; look again", item)
    item.decisions = item.decisions[:-1]
    item.withdrawn = [*item.withdrawn, Withdrawn(last, at, hand)]
    item.revision += 1
    return last


def take_back(
    item: AgendaItem,
    before: Sequence[Recorded],
    after: Sequence[Recorded],
    at: str,
    hand: str,
) -> None:
    """Make an item say again what it said before a decision: one that gave way stands again.

    Raises `Overtaken` where it does not say what it said after the decision.
    """
    if list(after) != item.decisions:
        last = item.decisions[-1] if item.decisions else None
        raise Overtaken(
            f"{_who(last) if last is not None else 'it was withdrawn'} meanwhile; look again", item
        )
    gone = [r for r in after if r not in before]
    item.decisions = list(before)
    item.withdrawn = [*item.withdrawn, *(Withdrawn(r, at, hand) for r in gone)]
    item.revision += 1


def same(one: Decision, other: Decision) -> bool:
    """Say whether two decisions say the same, whatever was edited with them."""
    apart: dict[str, object] = {"edited": [], "stands": None, "was": None}
    if other.decision == "action":
        apart["action"] = None
    return structs.replace(one, **apart) == structs.replace(other, **apart)


def _who(recorded: Recorded) -> str:
    decision = recorded.decision
    by = decision.by or recorded.hand or "somebody"
    because = f" ({decision.reason})" if decision.reason else ""
    return f"{by} has recorded `{decision.decision}`{because} at {moment_words(recorded.at)}"


def _said(name: str) -> str:
    return {"to": "person", "due": "due day", "until": "end day"}.get(name, name.replace("_", " "))


def _a(item: AgendaItem) -> str:
    return f"{item.subject.kind.replace('_', ' ')} {item.subject.id}"
