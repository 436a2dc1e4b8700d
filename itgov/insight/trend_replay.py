"""Judging one portfolio after another by the same rules, which are compiled once.

Compiling the rules takes as long as judging a portfolio of the sample's size by them, and a trend
judges hundreds.  Only the day and the records differ from one to the next.
"""

from __future__ import annotations

from collections.abc import Callable

from itgov.files.linked import Linked
from itgov.rules.book import RuleBook
from itgov.rules.judge import Judging
from itgov.rules.verdicts import Judged


class Replay:
    """Rules made ready once for many portfolios, each with its own as-of date."""

    def __init__(self) -> None:
        self._ready: list[tuple[RuleBook, Judging]] = []

    def judge(
        self, linked: Linked, book: RuleBook, progress: Callable[[str, float], None] | None = None
    ) -> Judged:
        """Judge a linked portfolio; the same as `itgov.rules.judge.judge`."""
        judging = self._made_ready(linked, book)
        units = list(linked.portfolio.units.values())
        parts = [judging.units(units, lambda done: None), judging.beside()]
        return judging.conclude(linked, parts)

    def _made_ready(self, linked: Linked, book: RuleBook) -> Judging:
        for known, judging in self._ready:
            if known is book:
                judging.move_to(linked)
                return judging
        judging = Judging(linked.portfolio, linked.documents, book, blind=False)
        self._ready.append((book, judging))
        return judging
