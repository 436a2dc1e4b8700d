"""Figures of earlier states of the files taken apart: of a trend's points, and of the sides of a diff."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial
from typing import Protocol

from msgspec import structs

from itgov.files.git import GitError
from itgov.insight.diff import Differ
from itgov.insight.diff_money import plans_moved
from itgov.insight.governed import Governed
from itgov.insight.past import PastState
from itgov.insight.why_paths import PathReader
from itgov.insight.why_subjects import NoFigure
from itgov.insight.why_types import Figure, Parts, WhyInput, WhySubject
from itgov.model.plan import PARTS, parts_of
from itgov.model.portfolio import InvestmentEntry

AT = "trend"
"""What the names of figures of earlier commits begin with: `trend.2026-10.score`."""
DIFF = "diff"
"""What the names of differences begin with: `diff.2027.budget`, `diff.before.score`."""
_SIDES = ("before", "after")
_Row = tuple[int, WhyInput]
"""An input of one of them, by its place."""


class Explainer(Protocol):
    """Takes the figures of one state of the files apart."""

    governed: Governed
    reader: PathReader

    def of_id(self, subject: WhySubject) -> WhySubject:
        """Return the same subject in this state.  Raises `NoFigure`."""

    def named(self, subject: WhySubject, word: str) -> list[Figure]:
        """Return the figures of a name, or of a part of one.  Raises `NoFigure`."""

    def parts_of(self, figure: Figure) -> Parts:
        """Return what a figure is made of, with the commit of each line."""

    def with_commits(self, inputs: Sequence[WhyInput]) -> list[WhyInput]:
        """Return inputs with the commit of each line, where git knows it."""


Explain = Callable[[Governed, str | None], Explainer]
"""Takes a judged state, and the commit that its files are of; None: they are on disk."""


class PastFigures:
    """Takes figures of earlier commits apart, each as that commit has it."""

    def __init__(self, state_at: Callable[[str], PastState], explain: Explain) -> None:
        self.state_at = state_at
        self.explain = explain
        self._known: dict[str, tuple[PastState, Explainer] | str] = {}

    def named(self, subject: WhySubject, word: str) -> list[Figure]:
        """Return the figures of `<label>.<figure>`, or of a label all.  Raises `NoFigure`."""
        parts = word.split(".")
        wrong = ""
        for length in range(1, len(parts) + 1):
            label = ".".join(parts[:length])
            found = self._at(label)
            if isinstance(found, str):
                wrong = wrong or found
                continue
            state, why = found
            figures = why.named(why.of_id(subject), ".".join(parts[length:]))
            said = f"{state.commit.id[:10]}, the files of {state.commit.date}, as of that day, by today's rules"
            return [at_state(why, f, f"{AT}.{label}.", said) for f in figures]
        raise NoFigure(f"`{AT}.{word}`: {wrong}")

    def _at(self, label: str) -> tuple[PastState, Explainer] | str:
        if label not in self._known:
            try:
                state = self.state_at(label)
                self._known[label] = state, self.explain(state.governed, state.commit.id)
            except GitError as error:
                self._known[label] = str(error)
        return self._known[label]


def at_state(why: Explainer, figure: Figure, prefix: str, said: str) -> Figure:
    """Return a figure of another state under a name of its own; what it is made of is asked there."""

    def parts() -> Parts:
        found = why.parts_of(figure)
        return structs.replace(
            found, inputs=_asked_there(found.inputs, prefix), over=_asked_there(found.over, prefix),
            assumed=[f"at {said}", *found.assumed],
        )  # fmt: skip

    return Figure(f"{prefix}{figure.name}", figure.value, figure.words, parts, elsewhere=True)


def _asked_there(inputs: Sequence[WhyInput], prefix: str) -> list[WhyInput]:
    return [
        structs.replace(i, figure=(i.figure[0], f"{prefix}{i.figure[1]}")) if i.figure else i
        for i in inputs
    ]


class DiffFigures:
    """Takes the money and planned value that moved between two states apart."""

    def __init__(self, differ: Differ, explain: Explain) -> None:
        self.differ = differ
        self.explain = explain

    @cached_property
    def sides(self) -> tuple[Explainer, Explainer]:
        """The older and the newer state."""
        before, after = self.differ.governed(history=True)
        commits = [
            side.commit.id if side.commit is not None else None for side in self.differ.sides
        ]
        return self.explain(before, commits[0]), self.explain(after, commits[1])

    @cached_property
    def _former(self) -> dict[str, str]:
        """The earlier ids of units that have another one now."""
        before, after = (side.governed for side in self.sides)
        return {new: old for old, new in self.differ.new_units(before, after).items()}

    def named(self, subject: WhySubject, word: str) -> list[Figure]:
        """Return the differences of a name; without one all of money.  Raises `NoFigure`."""
        side, _, rest = word.partition(".")
        if side in _SIDES:
            place = _SIDES.index(side)
            why, label = self.sides[place], self.differ.sides[place].label
            there = subject
            if side == "before" and subject.id in self._former:
                there = structs.replace(subject, id=self._former[subject.id])
            figures = why.named(why.of_id(there), rest)
            said = f"{label}, as of {why.reader.today}, by the newer rules"
            return [at_state(why, f, f"{DIFF}.{side}.", said) for f in figures]
        known = {f.name: f for f in self._moved(subject)}
        found = [f for name, f in known.items() if f".{word}." in f".{name}."]
        if not found:
            raise NoFigure(
                f"`{subject.id}` has no figure `{DIFF}.{word}` between "
                f"{self.differ.sides[0].label} and {self.differ.sides[1].label}"
            )
        return found

    def _moved(self, subject: WhySubject) -> Iterator[Figure]:
        budget = self._budgets(subject)
        planned = self._plans(subject)
        for year in sorted({*budget, *planned}):
            for name, rows, words in (
                ("budget", budget.get(year, []), "Budget"),
                ("planned", planned.get(year, []), "Planned value, each benefit once,"),
            ):
                said = f"{words} of fiscal year {year} in the newer state, less that in the older."
                value = sum(r.value for _, r in rows if isinstance(r.value, int | float))
                made = partial(self._parts, rows)
                yield Figure(f"{DIFF}.{year}.{name}", value, said, made, elsewhere=True)

    def _parts(self, rows: Sequence[_Row]) -> Parts:
        """Return amounts of both sides, each with the commit of its line there."""
        found = []
        for side, why in enumerate(self.sides):
            mine = [row for at, row in rows if at == side]
            found += why.with_commits(mine)
        return Parts("sum", found, assumed=self._between())

    def _between(self) -> list[str]:
        return [f"{s.label}: {said}" for s, said in zip(self.differ.sides, ("the older", "the newer"), strict=True)]  # fmt: skip

    def _units(self, subject: WhySubject) -> set[str] | None:
        if subject.kind != "business_unit":
            return None
        return {subject.id, self._former.get(subject.id, subject.id)}

    def _items(self, side: int, subject: WhySubject) -> Iterator[InvestmentEntry]:
        units = self._units(subject)
        for name, unit in self.sides[side].reader.portfolio.units.items():
            if units is None or name in units:
                for entry in unit.investments:
                    if subject.kind != "investment" or entry.record.id == subject.id:
                        yield entry

    def _budgets(self, subject: WhySubject) -> dict[int, list[_Row]]:
        """Return each row of budget of a year and item whose budget differs, by year."""
        rows: dict[tuple[int, str], list[tuple[int, _Row]]] = {}
        for side, sign in ((1, 1), (0, -1)):
            reader, label = self.sides[side].reader, self.differ.sides[side].label
            for entry in self._items(side, subject):
                for place, row in enumerate(entry.record.spend):
                    if row.budget:
                        says = f"{entry.record.id}: spend {row.year}: budget, {label}"
                        made = reader.input_of(entry, says, sign * row.budget, "spend", place, "budget")  # fmt: skip
                        rows.setdefault((row.year, entry.record.id), []).append((sign * parts_of(row.budget), (side, made)))  # fmt: skip
        return _differing(rows)

    def _plans(self, subject: WhySubject) -> dict[int, list[_Row]]:
        readers = [side.reader for side in self.sides]
        wanted = {id(e) for side in (0, 1) for item in self._items(side, subject) for e in item.outcomes}  # fmt: skip
        rows: dict[tuple[int, str], list[tuple[int, _Row]]] = {}
        older, newer = (r.portfolio for r in readers)
        units = self._units(subject)
        here = {id(o) for o in newer.outcomes()}
        for year, outcome, amount in plans_moved(older, newer, units):
            if not amount or id(outcome) not in wanted:
                continue
            side = int(id(outcome) in here)
            reader, label = readers[side], self.differ.sides[side].label
            name = reader.id_of(outcome)
            says = f"{name}: plan of {year}, {label}"
            made = reader.input_of(outcome, says, amount / PARTS, "value")
            rows.setdefault((year, name), []).append((amount, (side, made)))
        return _differing(rows)


def _differing(
    rows: dict[tuple[int, str], list[tuple[int, _Row]]],
) -> dict[int, list[_Row]]:
    """Return the inputs of what does not come to nothing, by year."""
    found: dict[int, list[_Row]] = {}
    for (year, _), pairs in rows.items():
        if sum(amount for amount, _ in pairs):
            found.setdefault(year, []).extend(made for _, made in pairs)
    return found
