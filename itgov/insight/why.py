"""Any figure taken apart: of a unit, an item, an outcome, a person or the organisation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, partial

from msgspec import structs

from itgov.files.line_commits import LineCommits
from itgov.insight.governed import Governed
from itgov.insight.past import Earlier
from itgov.insight.tenure import measure_tenure
from itgov.insight.trend_points import Point
from itgov.insight.unread import unread
from itgov.insight.why_board import BOARD, BoardFigures
from itgov.insight.why_curve import PREFIX as CURVE
from itgov.insight.why_curve import curve_figures
from itgov.insight.why_facts import fact_figures
from itgov.insight.why_findings import FindingFigures
from itgov.insight.why_free import FREE, FreeFigures
from itgov.insight.why_health import HealthFigures
from itgov.insight.why_managers import ManagerFigures
from itgov.insight.why_money import MoneyReader
from itgov.insight.why_past import AT, DIFF, DiffFigures, PastFigures
from itgov.insight.why_paths import Entry, PathReader
from itgov.insight.why_recorded import cost_figures, recorded_figures
from itgov.insight.why_rules import RuleShares
from itgov.insight.why_sources import SOURCES
from itgov.insight.why_subjects import NoFigure, Subjects
from itgov.insight.why_types import Explanation, Figure, Parts, WhyInput, WhySubject, largest
from itgov.insight.why_value import ValueLines
from itgov.model.finding import Subject
from itgov.model.portfolio import (
    InvestmentEntry,
    ManagerEntry,
    OrganisationEntry,
    OutcomeEntry,
    PersonEntry,
    UnitEntry,
)
from itgov.model.tenure import HELD_ROLES
from itgov.model.text import did_you_mean

NOT_ASKED = "git not asked"
"""What stands for the commit of a line after the first ones."""


class _Source:
    """Figures of a subject that are made together, when the first of them is wanted."""

    def __init__(self, make: Callable[[], Iterable[Figure]], *, judged: bool = False) -> None:
        self.make = make
        self.judged = judged
        """Whether that needs the verdicts of the rules."""

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """Each figure by its name; of several of one name, the first."""
        found: dict[str, Figure] = {}
        for figure in self.make():
            found.setdefault(figure.name, figure)
        return found


class Why:
    """Takes the figures of a judged portfolio apart."""

    def __init__(
        self,
        governed: Governed,
        before: Point | None = None,
        history: Earlier | None = None,
        commit: str | None = None,
    ) -> None:
        self.governed = governed
        self.before = before
        """The scores of an earlier day, where they were measured."""
        self.history = history
        """What gives earlier states of the files; None: there are no figures of them."""
        self.commit = commit
        """The commit that the files are of; None: they are on disk."""
        self.portfolio = governed.linked.portfolio
        book = governed.book
        own = None if book.health_shipped else book.health_document
        self.reader = PathReader(governed.linked, SOURCES, own)
        self.subjects = Subjects(self.reader)
        self._sources: dict[WhySubject, list[_Source]] = {}
        self._slow: dict[tuple[WhySubject, str], dict[str, Figure]] = {}

    def subject(self, word: str) -> WhySubject:
        """Return the subject of an id, or of a name.  Raises `NoFigure`."""
        return self.subjects.named(word)

    def of(self, subject: Subject) -> WhySubject:
        """Return the subject that a finding or a row names.  Raises `NoFigure`."""
        return self.subjects.of(subject)

    # -- figures ---------------------------------------------------------------------------

    def figures(self, subject: WhySubject) -> dict[str, Figure]:
        """Return every figure of a subject by its name."""
        found: dict[str, Figure] = {}
        for source in self._sources_of(subject):
            found |= {n: f for n, f in source.figures.items() if n not in found}
        return found

    def _sources_of(self, subject: WhySubject) -> list[_Source]:
        found = self._sources.get(subject)
        if found is None:
            found = [s for e in self.subjects.entries(subject) for s in self._of(e)]
            if subject.kind == "scenario":
                found.append(_Source(partial(self._of_scenario, subject.id), judged=True))
            self._sources[subject] = found
        return found

    def _exact(self, subject: WhySubject, name: str, *, judged: bool) -> Figure | None:
        """Return the figure of just this name, of sources that need verdicts or of the others."""
        for source in self._sources_of(subject):
            if source.judged is judged and (figure := source.figures.get(name)) is not None:
                return figure
        return None

    def _of_scenario(self, identifier: str) -> Iterator[Figure]:
        entry = self.subjects.scenario(identifier)
        if entry is not None and not self._health_errors:
            from itgov.insight.scenario import CannotWeigh
            from itgov.insight.why_scenario import ScenarioFigures

            try:
                figures = ScenarioFigures(self.reader, self.governed, entry)
            except CannotWeigh as cannot:
                raise NoFigure(str(cannot)) from None
            yield from figures.figures()

    @cached_property
    def _free(self) -> FreeFigures:
        return FreeFigures(self.reader)

    def _board(self, entry: Entry) -> Iterator[Figure]:
        if not self.governed.book.health_errors:
            yield from self._pack.of(entry)

    @cached_property
    def _pack(self) -> BoardFigures:
        return BoardFigures(self.reader, self.governed)

    def _curve(self, entry: Entry) -> Iterator[Figure]:
        if isinstance(entry, OrganisationEntry | UnitEntry | InvestmentEntry | OutcomeEntry):
            yield from curve_figures(self.reader, self._money, entry)

    def _of(self, entry: Entry) -> Iterator[_Source]:
        sound = not self.governed.book.health_errors
        match entry:
            case OutcomeEntry():
                yield _Source(partial(self._money.of_outcome, entry))
            case InvestmentEntry():
                yield _Source(partial(self._money.of_item, entry))
                yield _Source(partial(self._lines.of_item, entry))
                yield _Source(partial(cost_figures, self.reader, entry))
            case UnitEntry():
                yield _Source(partial(self._lines.of_unit, entry))
                if sound:
                    yield _Source(lambda: self._health.of_unit(entry), judged=True)
            case ManagerEntry():
                yield _Source(lambda: self._managers.of_manager(entry), judged=True)
                yield _Source(lambda: self._managers.of_person(entry.record.person))
            case PersonEntry():
                yield _Source(lambda: self._managers.of_person(entry.record.id))
            case OrganisationEntry():
                yield _Source(partial(self._lines.of_whole, entry))
                if sound:
                    yield _Source(lambda: self._health.of_whole(entry), judged=True)
                yield _Source(lambda: self._managers.of_whole(entry), judged=True)
        if isinstance(entry, OrganisationEntry | UnitEntry | InvestmentEntry):
            yield _Source(lambda: self._findings.of(entry), judged=True)
        yield _Source(partial(fact_figures, self.reader, entry))
        yield _Source(partial(recorded_figures, self.reader, entry))

    @cached_property
    def _money(self) -> MoneyReader:
        return MoneyReader(self.reader)

    @cached_property
    def _findings(self) -> FindingFigures:
        return FindingFigures(self.governed.judged.findings)

    @cached_property
    def _health(self) -> HealthFigures:
        return HealthFigures(
            self.reader, self.governed.health, RuleShares(self.governed), self.before
        )

    @cached_property
    def _managers(self) -> ManagerFigures:
        governed = self.governed
        tenure = measure_tenure(governed.linked, HELD_ROLES)
        return ManagerFigures(self.reader, self._lines, governed, tenure)

    @cached_property
    def _lines(self) -> ValueLines:
        return ValueLines(self.reader, self._money, self.governed)

    def named(self, subject: WhySubject, word: str) -> list[Figure]:
        """Return the figure of a name; without one, all whose names have the word as a part.

        Raises `NoFigure` where there is none.
        """
        group, _, rest = word.partition(".")
        if (figure := self._exact(subject, word, judged=False)) is not None:
            return [figure]
        if group == DIFF and self._diff is not None:
            return self._diff.named(subject, rest)
        slow = self._slowly_made(subject, group)
        if (figure := slow.get(word) or self._exact(subject, word, judged=True)) is not None:
            return [figure]
        if group == AT and self._past is not None and rest:
            return self._past.named(subject, rest)
        figures = slow or self.figures(subject)
        if not word:
            return list(figures.values())
        part = f".{word}."
        found = [f for name, f in figures.items() if part in f".{name}."]
        if not found:
            broken = "".join(f" ({said})" for said in self._health_errors)
            near = did_you_mean(word, figures, ".")
            raise NoFigure(
                f"`{subject.id}` has no figure `{word}`{broken}{near} "
                f"`itgov why {subject.id}` lists them."
            )
        return found

    def _slowly_made(self, subject: WhySubject, group: str) -> dict[str, Figure]:
        """Return figures that are many, and slow to make of 10,000 investments."""
        known = {CURVE: self._curve, FREE: self._free.of, BOARD: self._board}
        of_entry = known.get(group)
        if of_entry is None:
            return {}
        if (subject, group) not in self._slow:
            made = (f for entry in self.subjects.entries(subject) for f in of_entry(entry))
            self._slow[subject, group] = {f.name: f for f in made}
        return self._slow[subject, group]

    @cached_property
    def _past(self) -> PastFigures | None:
        at = self.history.state_at if self.history is not None else None
        return PastFigures(at, self._of_state) if at is not None else None

    @cached_property
    def _diff(self) -> DiffFigures | None:
        differ = self.history.differ if self.history is not None else None
        return DiffFigures(differ(), self._of_state) if differ is not None else None

    def _of_state(self, governed: Governed, commit: str | None) -> Why:
        return Why(governed, None, self.history, commit)

    def of_id(self, subject: WhySubject) -> WhySubject:
        """Return a subject of another state of the files in this one.  Raises `NoFigure`."""
        return self.subjects.same(subject)

    def explain(self, subject: WhySubject, figure: Figure, most: int | None = None) -> Explanation:
        """Return a figure taken apart, with the commit that last changed each line.

        With `most`, git is asked for so many lines only: of thousands it takes seconds.
        """
        name, value, words = figure.name, figure.value, figure.words
        parts = self.parts_of(figure, most)
        return Explanation(self.portfolio.today, subject, name, value, words, parts)

    def parts_of(self, figure: Figure, most: int | None = None) -> Parts:
        """Return what a figure is made of, with the commit of each line where git knows it."""
        parts = figure.parts()
        if figure.elsewhere:
            return parts
        sides = [parts.inputs, parts.over]
        if most is not None:
            sides = [largest(side, parts.how) for side in sides]
        inputs, over = (self.with_commits(side, most) for side in sides)
        return structs.replace(parts, inputs=inputs, over=over)

    def with_commits(self, inputs: Sequence[WhyInput], most: int | None = None) -> list[WhyInput]:
        """Return inputs with the commit of each line; what can be asked further has none."""
        evidence = self.portfolio.evidence
        if self.history is None or (evidence is not None and evidence.blind is not None):
            return list(inputs)
        asked = [i for i in inputs[:most] if i.place is not None and _lacks_commit(i)]
        known = self._line_commits.of(
            (i.place.path, i.place.line) for i in asked if i.place is not None
        )
        return [
            structs.replace(i, commit=known.get((i.place.path, i.place.line), NOT_ASKED))
            if i.place is not None and _lacks_commit(i)
            else i
            for i in inputs
        ]

    @cached_property
    def _line_commits(self) -> LineCommits:
        assert self.history is not None
        return LineCommits(self.history.root, self._text_of, self.commit)

    def _text_of(self, path: str) -> str | None:
        """Return a file as it was read: of the portfolio, or health.yaml."""
        document = self.governed.linked.documents.get(path)
        if document is None and self.reader.health is not None and self.reader.health.path == path:
            document = self.reader.health
        return document.text if document is not None else None

    def unread(self, subject: WhySubject) -> list[str]:
        """Say what may be missing from figures of a subject because it could not be read.

        What stands in other units' files is in none of a unit's, nor of its items'.
        """
        linked = self.governed.linked
        mine = self.subjects.unit_of(subject)
        others = {
            path
            for name, unit in self.portfolio.units.items()
            if mine is not None and name != mine
            for path in unit.paths
        }
        if mine is not None:
            others -= set(self.portfolio.units[mine].paths)
        found = [
            f"{p.path}:{p.line}: something here cannot be used and is in no figure"
            for p in unread(linked)
            if p.path not in others
        ]
        return [*found, *self._health_errors]

    @property
    def _health_errors(self) -> list[str]:
        book = self.governed.book
        said = f"{book.health_path} has errors: there are no figures of health"
        return [said] if book.health_errors else []


def _lacks_commit(row: WhyInput) -> bool:
    return row.commit is None and row.figure is None
