"""The plan at approval taken apart: item by item, by the commit that told so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from msgspec import Struct

from itgov.insight.value_types import MoneyLine
from itgov.insight.why_paths import Entry, PathReader
from itgov.insight.why_types import Figure, Parts, WhyInput
from itgov.model.plan import PARTS
from itgov.model.plan_then import Basis, PlanThen, gone_of
from itgov.model.portfolio import InvestmentEntry, OrganisationEntry, Portfolio, UnitEntry
from itgov.model.types import Spend


class Line(Struct):
    """A line of money: its figures, and the items that it is of."""

    prefix: str
    line: MoneyLine
    owner: Entry
    items: Sequence[InvestmentEntry]
    counts_row: Callable[[Spend], bool]
    """Which rows of spend are in it."""


def gone_from(portfolio: Portfolio, owner: Entry) -> list[tuple[str, PlanThen]]:
    """Return the items, by id, that were deleted whole from a unit or the organisation."""
    match owner:
        case OrganisationEntry():
            return list(portfolio.plans_gone.items())
        case UnitEntry():
            return gone_of(portfolio, owner.record.id)
    return []


class ApprovalLines:
    """Takes the plan at approval of lines of money apart."""

    reader: PathReader

    def _silent(self, of: Line, inputs: Sequence[WhyInput]) -> list[str]:
        """Say how many items add nothing."""
        silent = len(of.items) - len(inputs)
        return [f"{silent:,} of {len(of.items):,} items add nothing"] if silent else []

    def _at_approval(self, of: Line) -> Iterator[Figure]:
        """Yield the plan as git knew it when items were approved."""
        then = of.line.at_approval
        yield Figure(
            f"{of.prefix}approval_unknown",
            then.unknown if then is not None else 0,
            "Number of items whose approval a shallow clone has cut off.",
            partial(self._cut_off, of),
        )
        if then is None or not then.items:
            return
        for name in ("planned_to_date", "planned_to_come", "changed", "deleted"):
            made = partial(self._then, of, name)
            yield self._approval_figure(of, name, getattr(then, name), made)
        made = partial(self._then, of, "changed", "first commit")
        value = then.changed_since_first_commit
        yield self._approval_figure(of, "changed_since_first_commit", value, made)
        for side in ("planned", "realised"):
            made = partial(self._then, of, f"judged_{side}")
            yield self._approval_figure(of, f"judged.{side}", getattr(then.judged, side), made)
        for basis in ("business_case", "approved", "first_commit"):
            made = partial(self._bases, of, basis.replace("_", " "))
            yield self._approval_figure(of, basis, getattr(then, basis), made)

        made = partial(self._gone_items, of)
        yield self._approval_figure(of, "deleted_items", then.deleted_items, made)
        for name, amount in (("planned", _planned_of), ("budget", _budget_of)):
            figure = f"deleted_items_{name}"
            made = partial(self._gone_money, of, amount)
            yield self._approval_figure(of, figure, getattr(then, figure), made)

        def ratio() -> Parts:
            name = f"{of.prefix}at_approval.judged"
            sides = (("realised", then.judged.realised), ("planned", then.judged.planned))
            above, below = (self.reader.derived(of.owner, f"{name}.{s}", v, s) for s, v in sides)
            return Parts("ratio", [above], [below])

        yield self._approval_figure(of, "realised_ratio", then.realised_ratio, ratio)

    def _approval_figure(
        self, of: Line, name: str, value: float | None, parts: Callable[[], Parts]
    ) -> Figure:
        return Figure(f"{of.prefix}at_approval.{name}", value, _APPROVAL_WORDS[name], parts)

    def _then(self, of: Line, name: str, basis: Basis | None = None) -> Parts:
        scale = 1 if name in ("changed", "deleted") else PARTS
        inputs = []
        for entry in of.items:
            then = entry.plan_then
            amount = getattr(then.sums, name) / scale if then is not None else 0
            if then is not None and amount and basis in (None, then.basis):
                says = f"{entry.record.id}: {name} at approval ({then.basis}, {then.on})"
                place = self.reader.place(entry, "outcomes")
                inputs.append(WhyInput(says, amount, place, then.commit))
        left_out = self._silent(of, inputs)
        for identifier, gone in self._gone(of):
            if basis in (None, gone.basis) and (amount := getattr(gone.sums, name) / scale):
                says = f"{identifier}, deleted: {name} at approval ({gone.basis}, {gone.on})"
                inputs.append(WhyInput(says, amount, commit=gone.commit))
        return Parts("sum", inputs, left_out=left_out)

    def _gone(self, of: Line) -> list[tuple[str, PlanThen]]:
        """Return the plans of items that were deleted whole, of the line of a unit or of everything."""
        return gone_from(self.reader.portfolio, of.owner) if not of.prefix else []

    def _gone_items(self, of: Line) -> Parts:
        found = [WhyInput(i, str(p.on), commit=p.commit) for i, p in self._gone(of)]
        return Parts("count", found)

    def _gone_money(self, of: Line, amount: Callable[[PlanThen], int]) -> Parts:
        found = [
            WhyInput(f"{i}, deleted", amount(p) / PARTS, commit=p.commit)
            for i, p in self._gone(of)
            if amount(p)
        ]
        return Parts("sum", found)

    def _cut_off(self, of: Line) -> Parts:
        found = [
            WhyInput(e.record.id, "not known", self.reader.place(e))
            for e in of.items
            if e.approval_cut
        ]
        return Parts("count", found)

    def _bases(self, of: Line, basis: str) -> Parts:
        found = [
            WhyInput(e.record.id, str(e.plan_then.on), self.reader.place(e), e.plan_then.commit)
            for e in of.items
            if e.plan_then is not None and e.plan_then.basis == basis
        ]
        found += [
            WhyInput(f"{i}, deleted", str(p.on), commit=p.commit)
            for i, p in self._gone(of)
            if p.basis == basis
        ]
        return Parts("count", found)


def _planned_of(then: PlanThen) -> int:
    return then.sums.planned_to_date


def _budget_of(then: PlanThen) -> int:
    return then.budget


_APPROVAL_WORDS = {
    "planned_to_date": "Money planned up to today when each item was approved, as git knew it.",
    "planned_to_come": "Money planned to come when each item was approved, as git knew it.",
    "judged.planned": "Planned money of plans at approval that are old enough to judge.",
    "judged.realised": "Realised money of these, each at most its own plan.",
    "realised_ratio": "Realised over planned money by the plan at approval.",
    "changed": "Number of outcomes whose plan is another today, deleted ones too.",
    "changed_since_first_commit": "Of `changed`, those of items whose first commit stands for their approval, which HIS-016 leaves out.",
    "deleted": "Number of outcomes that are not there any more, or promise nothing any more.",
    "business_case": "Number of items by the day of their business-case gate.",
    "approved": "Number of items by the commit that made them approved.",
    "first_commit": "Number of items by their first commit.",
    "deleted_items": "Number of items that were deleted whole; of a unit, those that were in its files last.",
    "deleted_items_planned": "Money that they planned up to today.",
    "deleted_items_budget": "Budget that they had last, up to the current fiscal year: in no figure of spend.",
}
