"""Judging one portfolio after another by the same rules, which are compiled once.

Compiling the rules takes as long as judging a portfolio of the sample's size by them, and a trend
judges hundreds.  Only the day and the records differ from one to the next.
"""

from __future__ import annotations

from itgov.files.linked import Linked
from itgov.rules.book import RuleBook
from itgov.rules.judge import Judging
from itgov.rules.unknown import conclude
from itgov.rules.verdicts import Judged


class Replay:
    """The rules of a book made ready for many portfolios, each with its own as-of date."""

    def __init__(self, book: RuleBook) -> None:
        self.book = book
        self._judging: Judging | None = None

    def judge(self, linked: Linked) -> Judged:
        """Judge a linked portfolio; the same as `itgov.rules.judge.judge`."""
        judging = self._moved_to(linked)
        findings, verdicts = list(linked.findings), []
        units = list(linked.portfolio.units.values())
        for part in (judging.units(units, lambda done: None), judging.whole()):
            findings.extend(part.findings)
            verdicts.extend(part.verdicts)
        return conclude(linked, judging.order, judging.readers, findings, verdicts)

    def _moved_to(self, linked: Linked) -> Judging:
        if self._judging is None:
            self._judging = Judging(linked.portfolio, linked.documents, self.book, blind=False)
        else:
            self._judging.move_to(linked)
        return self._judging
