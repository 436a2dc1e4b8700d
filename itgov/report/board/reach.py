"""Money by line of sight, as a page shows it."""

from __future__ import annotations

from itgov.insight.value_types import Buckets, ReachCounts
from itgov.model.facts import REACH_WORDS, REACHES
from itgov.report.blocks import Chart, Column, Sign, Table, Words
from itgov.report.figures import money, part


def reach_table(
    budget: Buckets, spent: Buckets, caption: str, title: str, counts: ReachCounts | None = None
) -> Table:
    """Return a budget and the money spent as a table with stacked bars; `counts` are its items."""
    titles = (*(("Items",) if counts is not None else ()), "Budget", "Share", "Spent", "Share")
    rows: list[tuple[Words, ...]] = []
    words, items = [], 0
    for reach in REACHES:
        b, s = budget.of(reach), spent.of(reach)
        shares = part(b, budget.total), part(s, spent.total)
        count = getattr(counts, reach) if counts is not None else 0
        items += count
        counted = (f"{count:,}",) if counts is not None else ()
        rows.append(
            (Sign(reach), REACH_WORDS[reach], *counted, money(b), shares[0], money(s), shares[1])
        )
        words.append(f"{reach} {shares[0]} of the budget and {shares[1]} of the spend")
    whole = (f"{items:,}",) if counts is not None else ()
    numbers = [Column(t, "number") for t in titles]
    return Table(
        [Column("Reach", "short"), Column("Status", "wide"), *numbers],
        rows,
        caption=caption,
        foot=("all", "", *whole, money(budget.total), "", money(spent.total), ""),
        chart=Chart(
            "reaches",
            title,
            f"Two stacked bars, budget and spent: {'; '.join(words)}.",
            stacks=(("Budget", budget), ("Spent", spent)),
        ),
    )
