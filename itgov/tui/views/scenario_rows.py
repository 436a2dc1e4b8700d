"""The columns of scenarios: each with what would follow, and the items that they change."""

from __future__ import annotations

from msgspec import Struct

from itgov.insight.items import Item
from itgov.insight.scenario_types import Weighed, YearMoney, YearValue
from itgov.model.fields import choices, field
from itgov.model.types import Investment
from itgov.report.figures import UNKNOWN
from itgov.tui.columns import ColumnOf, Columns
from itgov.tui.state.drafts import Draft
from itgov.tui.views.figures import money
from itgov.tui.views.formatting import named
from itgov.tui.widgets.styled_text import Cell


class ScenarioRow(Struct, frozen=True):
    """A scenario as a row; what would follow is None until it has been weighed."""

    draft: Draft
    money: tuple[YearMoney, ...]
    value: tuple[YearValue, ...]
    weighed: Weighed | None
    trouble: str = ""

    def title(self) -> Cell:
        """Its title, and whether its file does not say the same yet."""
        title = self.draft.record.title or self.draft.id
        return title if self.draft.is_saved else ((title, ""), (" *", "warning"))


def _findings(r: ScenarioRow) -> Cell:
    if r.weighed is None:
        return ((UNKNOWN, "muted"),)
    found = r.weighed.findings
    return (
        (f"{found.fixed} fixed", "ok" if found.fixed else "muted"),
        (f" {found.new} new", "error" if found.new else "muted"),
    )


def _amount(r: ScenarioRow, amount: float) -> Cell:
    """Return an amount; of what cannot be weighed none is known."""
    return ((UNKNOWN, "muted"),) if r.trouble else money(amount)


SCENARIOS: Columns[ScenarioRow] = Columns(
    ColumnOf("scenario", "scenario", 18, flex=1, cell=lambda r: r.title()),
    ColumnOf("freed", "freed", 7, right=True, cell=lambda r: _amount(r, sum(y.freed for y in r.money))),
    ColumnOf("added", "added", 7, right=True, drop=2, cell=lambda r: _amount(r, sum(y.added for y in r.money))),
    ColumnOf("lost", "value lost", 10, right=True, drop=1, cell=lambda r: _amount(r, sum(y.lost for y in r.value))),
    ColumnOf("findings", "findings", 14, right=True, drop=3, cell=_findings),
)  # fmt: skip


class ChangedItem(Struct, frozen=True):
    """An item as a row, and its changes in the selected scenario."""

    item: Item
    changes: str
    """What these do, in words; empty: nothing."""


def _changes(r: ChangedItem) -> Cell:
    return ((r.changes, "warning"),) if r.changes else ""


_STAGES = {stage: place for place, stage in enumerate(choices(Investment, "stage"))}

ITEMS: Columns[ChangedItem] = Columns(
    ColumnOf("id", "item", 9, cell=lambda r: r.item.id, sort=lambda r: r.item.id, find=lambda r: r.item.id.lower()),
    ColumnOf("title", "title", 14, flex=2, cell=lambda r: r.item.title, sort=lambda r: r.item.title.lower(), find=lambda r: r.item.title.lower()),
    ColumnOf("unit", "business unit", 14, flex=1, drop=4, cell=lambda r: r.item.unit_name, sort=lambda r: r.item.unit_name.lower(), find=lambda r: r.item.unit_name.lower()),
    ColumnOf("owner", field(Investment, "outcome_owner").label, 10, flex=1, drop=1, cell=lambda r: named(r.item.owner), sort=lambda r: (not r.item.owner, r.item.owner.lower()), find=lambda r: r.item.holder("outcome_owner")),
    ColumnOf("manager", "manager", 10, flex=1, drop=2, cell=lambda r: named(r.item.manager), sort=lambda r: (not r.item.manager, r.item.manager.lower()), find=lambda r: r.item.holder("relationship_manager")),
    ColumnOf("stage", "stage", 10, drop=5, cell=lambda r: r.item.stage, sort=lambda r: _STAGES.get(r.item.stage, -1), find=lambda r: r.item.stage),
    ColumnOf("spend", "spend", 7, right=True, drop=3, cell=lambda r: money(r.item.spend), sort=lambda r: -r.item.spend, find=lambda r: r.item.spend, holds="amount"),
    ColumnOf("change", "change", 14, flex=1, whole=18, cell=_changes, sort=lambda r: (not r.changes, -r.item.spend)),
)  # fmt: skip
CHANGE = [column.key for column in ITEMS.shown].index("change")
"""The place of the column that another key may fill."""
