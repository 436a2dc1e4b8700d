"""A portfolio that was judged, with the figures that are made of it when they are asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from itgov.files.document import Document
from itgov.files.linked import Linked
from itgov.model.finding import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from itgov.insight.health_types import HealthReport
    from itgov.insight.manager_types import ManagersReport
    from itgov.insight.tenure_types import TenureReport
    from itgov.insight.value_types import ValueReport
    from itgov.rules.catalogue import RuleBook
    from itgov.rules.verdicts import Judged


class Extent(Struct, frozen=True):
    """What was read for a check: how much, of which files, and what of them could not be used."""

    files: int
    """Number of portfolio files."""
    investments: int
    unread: Collection[str]
    hiding: Mapping[tuple[str, Place], frozenset[str]]
    documents: Mapping[str, Document]
    """All files that findings can be in, by their paths."""

    @classmethod
    def of(cls, linked: Linked) -> Extent:
        """Return that of a portfolio that was linked whole."""
        count = linked.portfolio.investment_count
        return cls(linked.files, count, linked.unread, linked.hiding, linked.documents)

    def line(self, path: str, number: int) -> str:
        """Return the text of a line of a file; empty where it has none."""
        document = self.documents.get(path)
        return document.line_text(number) if document is not None else ""


class Governed(Struct, dict=True):
    """A portfolio, judged by the rules of a book; its figures are made when first asked for."""

    book: RuleBook
    portfolio: Linked | Callable[[], Linked]
    """What was linked, or what links once that is asked for."""
    verdicts: Judged | Callable[[], Judged]
    """How every rule ended on every subject, or what judges once that is asked for."""
    known_extent: Extent | None = None
    """What was read, where the portfolio was not linked whole."""

    @cached_property
    def linked(self) -> Linked:
        """The portfolio, and the documents that it was read from."""
        return self.portfolio() if callable(self.portfolio) else self.portfolio

    @cached_property
    def extent(self) -> Extent:
        """What was read."""
        return self.known_extent or Extent.of(self.linked)

    @cached_property
    def judged(self) -> Judged:
        """How every rule ended on every subject."""
        return self.verdicts() if callable(self.verdicts) else self.verdicts

    @cached_property
    def health(self) -> HealthReport:
        """Engagement health of every business unit."""
        from itgov.insight.health import measure_health

        return measure_health(self.linked, self.judged, self.book)

    @cached_property
    def value(self) -> ValueReport:
        """Line of sight from spend to value."""
        from itgov.insight.value import measure_value

        return measure_value(self.linked)

    @cached_property
    def managers(self) -> ManagersReport:
        """The relationship managers' scorecards."""
        from itgov.insight.managers import measure_managers

        return measure_managers(self.linked, self.judged)

    @cached_property
    def tenure(self) -> TenureReport:
        """What came in the time of every relationship manager, past ones too."""
        from itgov.insight.tenure import measure_tenure

        return measure_tenure(self.linked)
