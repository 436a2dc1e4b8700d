"""Judge: a portfolio by the rules of a book, on several cores where there is much to judge."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from itgov.files.linked import Linked
from itgov.files.parallel import Progress, share
from itgov.files.shared_work import Form, Tick
from itgov.model.portfolio import Portfolio
from itgov.rules.catalogue import RuleBook
from itgov.rules.judged_part import PART, UnitFiles
from itgov.rules.prepared_rules import PreparedRules
from itgov.rules.verdicts import Judged

if TYPE_CHECKING:
    from itgov.files.parallel import Executor

Result = TypeVar("Result")

WORTH_SHARING = 1_200
"""Investments from which a second process pays for its start."""


def judge(
    linked: Linked,
    book: RuleBook,
    workers: bool = True,
    progress: Progress | None = None,
) -> Judged:
    """Judge a linked portfolio by the rules of a book; as `WholeJudge` does many."""
    return WholeJudge(workers).judge(linked, book, progress)


class WholeJudge:
    """Judges whole portfolios, one after another, each as of its own day; rules are compiled once.

    Compiling the rules takes as long as judging a portfolio of the sample's size by them.
    `workers` allows other processes where there is much to judge; those of an `executor` where one
    is handed in.
    """

    def __init__(self, workers: bool = True, executor: Executor | None = None) -> None:
        self._workers = workers
        self._executor = executor
        self._ready: list[tuple[RuleBook, PreparedRules]] = []

    def judge(
        self,
        linked: Linked,
        book: RuleBook,
        progress: Progress | None = None,
    ) -> Judged:
        """Judge a linked portfolio by the rules of a book; the findings on its files are included.

        `progress` is told "Judging" and the share that is done.
        """
        judging = self._made_ready(linked.portfolio, book)
        units = [UnitFiles.of(u, linked.documents) for u in linked.portfolio.units.values()]
        beside = partial(judging.beside, linked.documents)
        parts = share_units(
            PreparedRules.units,
            judging,
            units,
            PART,
            progress,
            self._workers,
            self._executor,
            beside,
        )
        return judging.conclude(linked, parts)

    def judge_differing(
        self, versions: Sequence[Linked], book: RuleBook
    ) -> tuple[list[Judged], frozenset[str]]:
        """Judge versions of one portfolio where they differ from the first.

        Return how the rules ended in each, on those units and on what belongs to none, and the units.
        """
        from itgov.rules.differing_units import differing_units

        first = versions[0].portfolio
        judging = self._made_ready(first, book)
        units = differing_units([v.portfolio for v in versions], judging)
        found = []
        for version in versions:
            judging.move_to(version.portfolio)
            files = [UnitFiles.of(version.portfolio.units[u], version.documents) for u in units]
            parts = [judging.units(files, lambda done: None), judging.beside(version.documents)]
            found.append(judging.conclude(version, parts))
        return found, frozenset(units)

    def _made_ready(self, portfolio: Portfolio, book: RuleBook) -> PreparedRules:
        evidence = portfolio.evidence
        blind = evidence is None or evidence.blind is not None
        for known, ready in self._ready:
            if known is book and ready.blind == blind:
                ready.move_to(portfolio)
                return ready
        judging = PreparedRules(portfolio, book.rules, book.info(), blind)
        self._ready.append((book, judging))
        return judging


def share_units(
    work: Callable[[PreparedRules, Sequence[UnitFiles], Tick], Result],
    judging: PreparedRules,
    units: Sequence[UnitFiles],
    form: Form[Result],
    progress: Progress | None,
    workers: bool = True,
    executor: Executor | None = None,
    rest: Callable[[], Result] | None = None,
) -> list[Result]:
    """Return `work`, a module's function, on consecutive slices of units, then the rest, as `share` does it."""

    def tick(done: float) -> None:
        if progress is not None:
            progress("Judging", done)

    weights = [len(u.unit.investments) + 1 for u in units]
    worth = WORTH_SHARING if workers else sum(weights) + 1
    return share(partial(work, judging), units, weights, worth, tick, executor, form, rest)
