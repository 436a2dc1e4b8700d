"""What is said beside a figure of planned and realised money: only what that figure rests on."""

from __future__ import annotations

from msgspec import structs

from itgov.insight.approval_types import Sides
from itgov.insight.value_types import ValueFigures

OF_CLAIMS = ("twice.planned", "twice.realised", "twice_to_come")
COUNTS = (
    "plans", "plans_from_due", "plans_open", "unforecast", "undated", "plans_stale", "end_unknown",
    "left_out",
)  # fmt: skip
_PLAN = ("plans", "plans_from_due", "plans_open", "end_unknown", "undated", "planned_undated")
_SPENT = ("spend_from_budget", "budget_after_end")
_CAME = ("left_out",)
_OF_RATIO = ("early", "unplanned")
_TOLD = (*_PLAN, *_SPENT, *_CAME, *_OF_RATIO, "plans_stale", "twice_to_come")
"""What is said beside money: assumptions of plans and spend, and money that counts elsewhere."""
_CONCERNS: dict[str, tuple[str, ...]] = {
    "planned_to_date": (*_PLAN, "twice.planned"),
    "realised_to_date": (*_CAME, "twice.realised"),
    "realised_confirmed": (*_CAME, "twice.realised"),
    "unmeasured_to_date": (*_PLAN, *_CAME, "plans_stale", "twice.planned"),
    "early": (*_PLAN, *_CAME),
    "unplanned": (*_PLAN, *_CAME),
    "judged.planned": (*_PLAN, "twice.planned"),
    "judged.realised": (*_PLAN, *_CAME, *_OF_RATIO, "twice.realised"),
    "held.planned": (*_PLAN, *_CAME, "plans_stale"),
    "held.realised": (*_PLAN, *_CAME, "plans_stale"),
    "planned_to_come": (*_PLAN, "twice_to_come"),
    "expected_to_come": (*_PLAN, *_CAME, "plans_stale", "twice_to_come"),
    "expected_assumed": (*_PLAN, *_CAME, "plans_stale", "twice_to_come"),
    "expected_unplanned": (),
    "fading_to_come": (*_PLAN, *_CAME, "plans_stale", "twice_to_come"),
    "realised_ratio": (*_PLAN, *_CAME, *_OF_RATIO, "twice.planned", "twice.realised"),
    "holding": (*_PLAN, *_CAME, "plans_stale"),
    "per_spend": (*_PLAN, *_CAME, *_OF_RATIO, *_SPENT, "twice.realised"),
    "spend_to_date": _SPENT,
    "spend_from_budget": ("budget_after_end",),
    "budget_after_end": (),
    "spend_promising": _SPENT,
    "spend_promising_none": _SPENT,
    "spend_stopped_without_value": _SPENT,
    "spend_stopped": _SPENT,
    "realised_stopped": (*_CAME, "twice.realised"),
    "planned_undated": (),
    **dict.fromkeys((*COUNTS, *OF_CLAIMS), ()),
}
"""By the name of a figure, what of that it rests on."""


def concerning(figures: ValueFigures, name: str) -> ValueFigures:
    """Return figures without what is said beside others than the one of this name."""
    kept = _CONCERNS[name]
    twice = figures.twice
    return structs.replace(
        figures,
        twice=Sides(
            planned=twice.planned if "twice.planned" in kept else 0,
            realised=twice.realised if "twice.realised" in kept else 0,
        ),
        **{field: 0 for field in _TOLD if field not in kept},
    )


def concerns(name: str, field: str) -> bool:
    """Say whether a figure rests on what a field says."""
    return field in _CONCERNS[name]
