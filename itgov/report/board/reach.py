"""Money by line of sight, as a page shows it."""

from __future__ import annotations

from itgov.insight.value_types import Buckets
from itgov.model.reach import GROUP_OF, REACH_GROUPS, REACH_WORDS, Reach
from itgov.report.blocks import Chart, Column, Sign, Table, Words
from itgov.report.figures import money, part
from itgov.report.value_document import WHOLE_ITEMS


def reach_table(budget: Buckets, whole: Buckets, spent: Buckets, caption: str, title: str) -> Table:
    """Return a budget and the money spent as a table with stacked bars, in the groups of boards.

    `whole` is the budget of the items all of whose outcomes reach a step.
    """
    rows: list[tuple[Words, ...]] = []
    words = []
    for group in REACH_GROUPS:
        b, s = budget.sum(*group.reaches), spent.sum(*group.reaches)
        shares = part(b, budget.total), part(s, spent.total)
        rows.append(
            (
                Sign(group.key, group.title),
                "; ".join(REACH_WORDS[reach].lower() for reach in group.reaches),
                money(b),
                shares[0],
                money(whole.of(group.reaches[0])),
                money(s),
                shares[1],
            )
        )
        words.append(
            f"{group.title} {shares[0]} of the budget and {shares[1]} of the recorded actual"
        )
    numbers = [Column(t, "number") for t in ("Budget", "Share", "Whole items", "Actual", "Share")]
    return Table(
        [Column("Line of sight", "wide"), Column("The chain ends at", "wide"), *numbers],
        rows,
        caption=f"{caption} {WHOLE_ITEMS}",
        foot=("all", "", money(budget.total), "", "", money(spent.total), ""),
        chart=Chart(
            "reaches",
            title,
            f"Two stacked bars, budget and recorded actual: {'; '.join(words)}.",
            stacks=(("Budget", budget), ("Actual", spent)),
        ),
    )


def reach_sign(reach: Reach) -> Sign:
    """Return how far something reaches, with the sign of its group."""
    return Sign(GROUP_OF[reach].key, REACH_WORDS[reach])
