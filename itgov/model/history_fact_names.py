"""The names of all facts that only git can tell, for a start that has no use for their types."""

from __future__ import annotations

HISTORY_FACTS = frozenset(
    [
        "baseline_change",
        "baseline_changed_silently",
        "budget_raise",
        "budget_raised_silently",
        "changed_by",
        "confidence_repeats",
        "confidence_repeats_seen",
        "confidence_unchanged_days",
        "confidence_unchanged_days_seen",
        "days_since_change",
        "end_move",
        "end_moved_silently",
        "head_changes",
        "head_changes_seen",
        "held_contradicted_seen",
        "held_contradiction",
        "history_days",
        "outcome_owner_changes",
        "outcome_owner_changes_seen",
        "plan_change",
        "plan_changed_seen",
        "relationship_manager_changes",
        "relationship_manager_changes_seen",
        "sponsor_changes",
        "sponsor_changes_seen",
        "target_change",
        "target_changed_silently",
        "target_jump",
        "target_jump_seen",
        "typed_by_manager",
        "typed_by_manager_seen",
    ]
)
"""No other fact or field of any record has such a name."""
