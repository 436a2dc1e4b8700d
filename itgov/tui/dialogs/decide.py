"""What can be decided on an item of the agenda; a letter or enter does it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from itgov.model.minutes import DecisionKind, Role
from itgov.model.rulebook import RuleInfo
from itgov.report.review_words import done_of, is_over, verb_of
from itgov.review.decide import unfit
from itgov.review.dossier import Dossier
from itgov.tui.actions import ACTIONS, BY_ID, RoomAction
from itgov.tui.dialogs.picker import Picker, PickerColumn
from itgov.tui.keymap import show_key

_STEPS: dict[str, tuple[DecisionKind, Role | None]] = {
    "decide-waive": ("waive", None),
    "assign-owner": ("assign", "outcome_owner"),
    "assign-manager": ("assign", "relationship_manager"),
    "decide-action": ("action", None),
    "done": ("done", None),
    "note": ("note", None),
}
"""The actions that decide nothing on the item as a whole, and what each records."""
_FIRST = "item-after"
"""The row that the cursor is on: enter pressed twice decides nothing."""


def offered(dossier: Dossier, rules: Mapping[str, RuleInfo]) -> list[RoomAction]:
    """Return what fits an item: nobody is stopped, and nothing is waived that cannot be."""
    item, found = dossier.item, []
    for action in ACTIONS:
        if not action.letter:
            continue
        kind, role = _STEPS.get(action.id, (action.verdict, None))
        if kind is not None and unfit(kind, item, role) is not None:
            continue
        if kind == "waive" and not waivable(dossier, rules):
            continue
        if kind == "done" and not dossier.open_actions:
            continue
        if action.id == "withdraw" and not item.decisions:
            continue
        found.append(action)
    return sorted(found, key=lambda a: a.id != _FIRST)


def waivable(dossier: Dossier, rules: Mapping[str, RuleInfo]) -> tuple[str, ...]:
    """Return the rules of an item's findings that can be waived."""
    standing = dict.fromkeys(f.rule for f in dossier.findings if not f.waived)
    return tuple(r for r in standing if r in rules and rules[r].waivable)


def decisions_menu(dossier: Dossier, actions: Sequence[RoomAction]) -> Picker[RoomAction]:
    """Return the actions by letters that mean nothing outside this dialog."""
    item = dossier.item
    about = item.subject.kind

    def label(action: RoomAction) -> str:
        return verb_of(action.verdict, about) if action.verdict is not None else action.label

    columns: tuple[PickerColumn[RoomAction], ...] = (
        PickerColumn(
            "label",
            "decision",
            18,
            cell=lambda a: ((f"{show_key(a.letter):<1} ", "key"), (label(a), "strong")),
        ),
        PickerColumn("help", "what it does", 30, flex=1, cell=lambda a: a.help),
    )
    verdict = item.verdict
    stands = f" ({done_of(verdict, about, is_over(dossier.entry))})" if verdict is not None else ""
    ids = [a.id for a in actions]
    return Picker(
        f"Decide: {item.title or item.subject.id}{stands}", columns, BY_ID.__getitem__,
        lambda typed: ids, width=100, shortcuts={show_key(a.letter): a.id for a in actions},
        keys=(("a letter or enter", "choose"), ("↑↓", "move"), ("esc", "cancel")),
    )  # fmt: skip
