"""What the expressions of `health.yaml` say of each business unit: scores and caps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import isfinite
from typing import Any

from msgspec import Struct

from itgov.files.document import Route
from itgov.insight.health_types import HealthProblem
from itgov.model.finding import Place
from itgov.model.portfolio import Portfolio, UnitEntry
from itgov.rules.analysis import MAPS, reads_of_health
from itgov.rules.catalogue import RuleBook
from itgov.rules.cel import CelError, EvaluationError, Program, Runtime, Scope, parse
from itgov.rules.language import Cap, Dimension
from itgov.rules.surroundings import Surroundings


class CapAnswer(Struct, frozen=True):
    """A cap that holds a unit; `unevaluated` says why where that could not be decided."""

    cap: Cap
    unevaluated: str | None = None


class _Compiled(Struct):
    program: Program | None
    problem: str | None


class HealthExpressions:
    """The expressions of `health.yaml`, compiled once and asked about each unit.

    What goes wrong is kept in `problems`, once for each expression and reason.
    """

    def __init__(self, portfolio: Portfolio, book: RuleBook) -> None:
        self.portfolio = portfolio
        self.book = book
        health = book.health
        scored = [d for d in health.dimensions if d.score]
        names = ["business_unit", "organisation", *MAPS, "today"]
        self._runtime = Runtime(portfolio.today, names) if scored or health.caps else None
        self._surroundings = Surroundings(portfolio, {"business_unit": reads_of_health(health)})
        self._scores = {d.id: self._compile(d.score or "") for d in scored}
        self._caps = [(cap, self._compile(cap.when)) for cap in health.caps]
        self._places: dict[str, Place] = {}
        self._problems: dict[tuple[str, str], tuple[Route, str, list[str]]] = {}

    def _compile(self, expression: str) -> _Compiled:
        assert self._runtime is not None
        try:
            return _Compiled(self._runtime.compile(expression), None)
        except CelError as error:
            return _Compiled(None, str(error))

    def scope(self, unit: UnitEntry) -> Scope | None:
        """Return the variables of a unit, to ask its scores and caps with."""
        if self._runtime is None:
            return None
        own = self._surroundings.view(unit, "business_unit")
        return self._runtime.scope(self._surroundings.of_unit({"business_unit": [own]}))

    def score(
        self, dimension: Dimension, unit: UnitEntry, scope: Scope | None
    ) -> tuple[float | None, str | None]:
        """Return a dimension's score of a unit, 0 to 1; else None and why it is unknown."""
        value, reason = _ask(self._scores[dimension.id], scope)
        route = self._route("dimensions", dimension, "score")
        what = f"the score of dimension `{dimension.id}`"
        if reason is not None:
            self._note(route, f"{what} could not be evaluated: {reason}", unit)
            return None, f"could not be evaluated: {reason}"
        if value is None:
            return None, "nothing recorded that counts"
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not isfinite(value):
            self._note(route, f"{what} is not a number", unit)
            return None, "its score is not a number"
        if not 0 <= value <= 1:
            edge = 0 if value < 0 else 1
            self._note(route, f"{what} is outside 0 to 1, so {edge} was used", unit)
        return min(max(float(value), 0.0), 1.0), None

    def caps(self, unit: UnitEntry, scope: Scope | None) -> list[CapAnswer]:
        """Return the caps that hold a unit, the lowest first; one that cannot be decided holds."""
        found = []
        for cap, compiled in self._caps:
            value, reason = _ask(compiled, scope)
            if reason is None and not isinstance(value, bool):
                reason = "it is neither true nor false"
            if reason is not None:
                words = (
                    f"the cap `{cap_words(cap)}` could not be evaluated, so it is applied: {reason}"
                )
                self._note(self._route("caps", cap, "when"), words, unit)
            if reason is not None or value:
                found.append(CapAnswer(cap, reason))
        return sorted(found, key=lambda answer: answer.cap.at_most)

    # -- what went wrong -------------------------------------------------------------------

    def _route(self, section: str, item: Any, field: str) -> Route:
        items: list[Any] = list(getattr(self.book.health, section))
        return ("health", section, next(i for i, x in enumerate(items) if x is item), field)

    def _note(self, route: Route, message: str, unit: UnitEntry) -> None:
        self._problems.setdefault((repr(route), message), (route, message, []))[2].append(
            unit.record.id
        )

    def problems(self) -> tuple[HealthProblem, ...]:
        """Return what went wrong so far, each with its place and the units it was met on."""
        return tuple(
            HealthProblem(f"{message} ({_on(units)})", self.place(route))
            for route, message, units in self._problems.values()
        )

    def place_of(self, dimension: Dimension) -> Place:
        """Return where a dimension's expression stands."""
        found = self._places.get(dimension.id)
        if found is None:
            route = self._route("dimensions", dimension, "score")
            found = self._places[dimension.id] = self.place(route)
        return found

    def place(self, route: Route) -> Place:
        """Return where something stands in the file that says how health is scored."""
        document = self.book.health_document
        entry = document.find(route) if document is not None else None
        if document is None or entry is None:
            return Place(self.book.health_path)
        return document.entry_place(entry)


def _ask(compiled: _Compiled, scope: Scope | None) -> tuple[Any, str | None]:
    if compiled.program is None or scope is None:
        return None, compiled.problem or "it is empty"
    try:
        return compiled.program.evaluate(scope), None
    except EvaluationError as error:
        return None, str(error)


def _on(units: list[str]) -> str:
    more = f" and {len(units) - 1:,} more" if len(units) > 1 else ""
    return f"unit {units[0]}{more}"


def cap_words(cap: Cap) -> str:
    """Return what a cap says beside the score."""
    return cap.because or " ".join(cap.when.split())


def fields_of(expression: str, known: Callable[[str], bool]) -> Iterable[str]:
    """Return the fields of a business unit that an expression asks about and `known` accepts."""
    try:
        nodes = parse(expression).root.walk()
    except CelError:
        return ()
    return (
        node.text
        for node in nodes
        if node.kind == "select" and node.arguments[0].text == "business_unit" and known(node.text)
    )
