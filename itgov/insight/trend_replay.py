"""Judging one portfolio after another by the same rules, which are compiled once.

Compiling the rules takes as long as judging a portfolio of the sample's size by them, and a trend
judges hundreds.  Only the day and the records differ from one to the next.
"""

from __future__ import annotations

import datetime
import sys
from copy import copy

from msgspec import structs

from itgov.files.link import Linked
from itgov.model.portfolio import Portfolio
from itgov.rules.around import Around
from itgov.rules.book import RuleBook
from itgov.rules.judge import Judging
from itgov.rules.language import SUBJECTS
from itgov.rules.verdicts import Judged, finish


def _hold_none() -> None:
    """Make None immortal before Python 3.12, which does so itself.

    For every null that an expression yields, cel-expr-python 0.1.3 gives back a reference to None
    that it never took.  One check has references to spare; some hundred do not, and Python aborts.
    """
    if sys.implementation.name == "cpython" and sys.version_info < (3, 12):
        import ctypes

        count = ctypes.c_ssize_t.from_address(id(None))
        if count.value < 1 << 29:
            count.value += 1 << 30


class _Clock(datetime.date):
    """The as-of date that compiled rules ask: it can be moved to another day."""

    now: datetime.date

    def __sub__(self, other: object) -> datetime.timedelta:  # type: ignore[override]
        assert isinstance(other, datetime.date)
        return self.now - other


class Replay:
    """The rules of a book made ready for many portfolios, each with its own as-of date."""

    def __init__(self, book: RuleBook) -> None:
        _hold_none()
        self.book = book
        self._clock = _Clock(2000, 1, 1)
        self._judging: Judging | None = None

    def judge(self, linked: Linked) -> Judged:
        """Judge a linked portfolio; the same as `itgov.rules.judge.judge`."""
        judging = self._moved_to(linked)
        findings, verdicts = list(linked.findings), []
        units = list(linked.portfolio.units.values())
        for part in (judging.units(units, lambda done: None), judging.whole()):
            findings.extend(part.findings)
            verdicts.extend(part.verdicts)
        order = {kind: [p.rule.id for p in judging.programs[kind]] for kind in SUBJECTS}
        return Judged(finish(findings), order, verdicts)

    def _moved_to(self, linked: Linked) -> Judging:
        portfolio: Portfolio = linked.portfolio
        judging = self._judging
        self._clock.now = portfolio.today
        if judging is None:
            around_the_clock = structs.replace(portfolio, today=self._clock)
            judging = self._judging = Judging(around_the_clock, linked.documents, self.book)
        judging.portfolio = portfolio
        judging.documents = linked.documents
        judging.around = _moved(judging.around, portfolio)
        return judging


def _moved(around: Around, portfolio: Portfolio) -> Around:
    """Return what surrounds the subjects of another portfolio.

    What the rules need of it was found out once; to read them all again takes as long as to judge.
    """
    moved = copy(around)
    moved.portfolio = portfolio
    moved._people = moved._managers = None
    moved.organisation = moved._view(portfolio.organisation)
    return moved
