"""Everything that the review room shows of one portfolio on one day, ready to be looked up.

A `Room` is made anew whenever the files change and is never changed itself: a view that holds ids
finds the same things in the next one.  Nothing here knows Textual.
"""

from __future__ import annotations

import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from itgov.files.repository import Repository
from itgov.insight.attention import Attention
from itgov.insight.due import all_dues
from itgov.insight.due_types import Due
from itgov.insight.governed import Governed
from itgov.insight.health_types import HealthReport, UnitHealth
from itgov.insight.items import ITEM_FIELDS, FindingCounts, counts_of, items_of, name_of
from itgov.insight.manager_types import ManagersReport
from itgov.insight.tenure_types import TenureReport
from itgov.insight.unread import unread
from itgov.insight.value import value_tree
from itgov.insight.value_types import UnitNode, ValueReport
from itgov.model.finding import Finding, Place
from itgov.model.portfolio import Portfolio
from itgov.model.rulebook import RuleInfo
from itgov.tui.state.row_filter import RowFilter

if TYPE_CHECKING:
    from itgov.insight.trend_points import Trend


class Room:
    """A governed portfolio with its figures, looked up by id.

    `sample` says that it is the shipped sample, which is not to be written to.  `head` tells one
    state of its git history from another, and is empty where there is none.
    """

    def __init__(
        self,
        repository: Repository,
        governed: Governed,
        *,
        sample: bool = False,
        head: str = "",
    ) -> None:
        self.repository = repository
        self.book = governed.book
        self.governed = governed
        self.sample = sample
        self.head = head
        self.git = bool(head)
        self.findings = governed.judged.findings
        self.scores_of: dict[str, tuple[float | None, ...]] = {}
        """Health scores of each unit by month of the git history; `take_trend` brings them."""
        self.months: tuple[str, ...] = ()
        """The months of these."""
        self.findings_of_unit: dict[str | None, list[Finding]] = {}
        for f in self.findings:
            self.findings_of_unit.setdefault(f.business_unit, []).append(f)
        self._counts_in: dict[str | None, FindingCounts] = {}
        self.items = items_of(self.portfolio, self.findings)

    @property
    def portfolio(self) -> Portfolio:
        """The linked portfolio."""
        return self.governed.linked.portfolio

    @property
    def root(self) -> Path:
        """The repository's folder."""
        return self.repository.root

    @property
    def today(self) -> datetime.date:
        """The as-of date."""
        return self.portfolio.today

    @property
    def name(self) -> str:
        """The organisation's name."""
        record = self.portfolio.organisation.record
        return record.name or record.id

    @property
    def currency(self) -> str:
        """The currency of every amount, or nothing."""
        return self.portfolio.organisation.record.currency or ""

    def person(self, identifier: str | None) -> str:
        """Return a person's name, the id where nobody has it, or nothing."""
        return name_of(identifier, self.portfolio.people)

    def unit_name(self, identifier: str) -> str:
        """Return the name of a business unit, or its id where it has none or is not there."""
        entry = self.portfolio.units.get(identifier)
        return entry.name if entry is not None else identifier

    def unit_label(self, identifier: str) -> str:
        """Return a business unit's name with its id: "Retail banking (retail)"."""
        name = self.unit_name(identifier)
        return name if name == identifier else f"{name} ({identifier})"

    @property
    def unit_labels(self) -> dict[str, str]:
        """The names of the business units with their ids, by id."""
        return {identifier: self.unit_label(identifier) for identifier in self.portfolio.units}

    # -- figures, each worked out when it is first looked at ----------------------------------

    @property
    def health(self) -> HealthReport | None:
        """Engagement health of every unit; None where `health.yaml` is broken."""
        if self.book.health_errors:
            return None
        return self.governed.health

    @cached_property
    def health_of(self) -> dict[str, UnitHealth]:
        """Engagement health by unit."""
        return {u.id: u for u in self.health.units} if self.health is not None else {}

    @cached_property
    def attention(self) -> Attention:
        """The order of what needs attention."""
        return Attention(self.portfolio, self.health)

    @property
    def value(self) -> ValueReport:
        """Line of sight."""
        return self.governed.value

    @cached_property
    def tree(self) -> dict[str, UnitNode]:
        """Spend, outcome and result of every unit."""
        return {node.id: node for node in value_tree(self.governed.linked)}

    @property
    def managers(self) -> ManagersReport:
        """The relationship managers' scorecards."""
        return self.governed.managers

    @property
    def tenure(self) -> TenureReport:
        """What came in the time of every relationship manager."""
        return self.governed.tenure

    @cached_property
    def item_filter(self) -> RowFilter[str]:
        """What finds items by a filter, by id."""
        return RowFilter((i.id, ITEM_FIELDS.searchable(i, i.text)) for i in self.items.values())

    @cached_property
    def dues(self) -> list[Due]:
        """All that is due, the first due first."""
        return all_dues(self.portfolio)

    @cached_property
    def rules(self) -> dict[str, RuleInfo]:
        """Every rule by id, those of the files themselves among them."""
        return dict(self.book.info())

    def work_out(self) -> None:
        """Work out every figure now, so that nobody waits for one when a view is first shown."""
        _ = (self.health_of, self.value, self.tree, self.managers, self.tenure, self.rules)

    def take_trend(self, trend: Trend) -> None:
        """Take each unit's scores from a trend: the one thing that arrives after all others."""
        found: dict[str, list[float | None]] = {}
        for point in trend.points:
            for unit in point.figures.units:
                found.setdefault(unit.id, [])
        for point in trend.points:
            at = {unit.id: unit.score for unit in point.figures.units}
            for identifier, scores in found.items():
                scores.append(at.get(identifier))
        self.scores_of = {identifier: tuple(scores) for identifier, scores in found.items()}
        self.months = tuple(point.label for point in trend.points)

    @cached_property
    def counts(self) -> FindingCounts:
        """How many findings there are in all."""
        return counts_of(self.findings)

    def counts_in(self, unit: str | None) -> FindingCounts:
        """Return how many findings there are on a business unit, or on none."""
        if unit not in self._counts_in:
            self._counts_in[unit] = counts_of(self.findings_of_unit.get(unit, ()))
        return self._counts_in[unit]

    @cached_property
    def unread(self) -> tuple[Place, ...]:
        """The first place in each file of which something could not be used."""
        return unread(self.governed.linked)

    # -- places ------------------------------------------------------------------------------

    def line_text(self, path: str, line: int) -> str:
        """Return a line of a portfolio file, or nothing where it is not known."""
        document = self.governed.linked.documents.get(path)
        return document.line_text(line) if document is not None else ""
