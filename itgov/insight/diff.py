"""Diff: what changed in a portfolio between two git revisions, or up to the work tree.

Both states are judged by the newer one's rules as of one day, so that neither time nor a new rule
looks like a change of the portfolio.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct, structs

from itgov.files.commit_folders import FolderFinder
from itgov.files.git import GitError
from itgov.files.git_history import Commit, History
from itgov.files.parallel import Progress
from itgov.files.repository import NoRepository, Repository
from itgov.files.sources import Version
from itgov.insight.diff_changes import Diff, End, ScoreBand, SubjectChange, UnitMove
from itgov.insight.diff_identity import NewIds
from itgov.insight.diff_money import money_moved
from itgov.insight.diff_portfolios import Comparison, State
from itgov.insight.flow import Flow, refuse_broken_rules
from itgov.insight.governed import Governed
from itgov.insight.health_types import UnitHealth
from itgov.model.finding import Finding, Subject
from itgov.model.portfolio import Portfolio
from itgov.rules.catalogue import RuleBook
from itgov.rules.verdicts import finish

WORK_TREE = "work tree"


class _Side(Struct):
    """One state: what it is called, and the commit and the version that it is."""

    label: str
    commit: Commit | None
    version: Version[Any]


class _Judged(Struct):
    """One state, judged and measured."""

    state: State
    governed: Governed

    @property
    def findings(self) -> Sequence[Finding]:
        return self.governed.judged.findings


def parse_range(text: str | None) -> tuple[str, str | None, bool]:
    """Return the older revision, the newer one (None: the work tree), and whether to compare with
    where the two parted (`A...B`)."""
    if text is None:
        return "HEAD", None, False
    for dots in ("...", ".."):
        if dots in text:
            older, _, newer = text.partition(dots)
            return older or "HEAD", newer or "HEAD", dots == "..."
    return text, None, False


def compare(
    repository: Repository,
    revisions: str | None,
    as_of: datetime.date | None = None,
    unit: str | None = None,
    progress: Progress | None = None,
) -> Diff:
    """Return what changed between two revisions: `A..B`, `A...B`, `A` (to the work tree) or None
    (from HEAD to the work tree).

    Raises `GitError`, `NoRepository` where neither state has a portfolio, and `BrokenRules`.
    """
    return open_sides(repository, revisions, as_of, unit, progress).diff()


def open_sides(
    repository: Repository,
    revisions: str | None,
    as_of: datetime.date | None = None,
    unit: str | None = None,
    progress: Progress | None = None,
    flow: Flow | None = None,
) -> Differ:
    """Return two states as `compare` takes them, read and not yet judged; `flow` judges them."""
    older, newer, parted = parse_range(revisions)
    history = History(repository.root)
    try:
        first = history.resolve(older)
        last = history.resolve(newer) if newer is not None else None
        if parted and last is not None:
            first, *others = history.merge_bases(first, last)
            older = f"where {older} and {newer} parted"
            if others:
                older += f", git's first of {len(others) + 1} such commits"
        sites = FolderFinder(history, repository.config)
        if last is None or newer is None:
            after = _Side(WORK_TREE, None, repository.on_disk)
            sites.remember(after.version.portfolio_files, after.version.portfolios)
        else:
            after = _Side(newer, last, sites.of(last))
        before = _Side(older, first, sites.of(first))
        flow = flow or Flow(repository, progress=progress)
        book = flow.rules(after.version)
        before.version.load()
        after.version.load()
    finally:
        history.close()
    if not before.version.portfolio_files and not after.version.portfolio_files:
        raise NoRepository(f"neither {before.label} nor {after.label} has a portfolio file")
    refuse_broken_rules(book)
    day = as_of or (last.date if last is not None else datetime.date.today())
    return Differ(flow, before, after, book, day, unit)


def compare_versions(
    flow: Flow,
    before: tuple[str, Version[Any]],
    after: tuple[str, Version[Any]],
    book: RuleBook,
    day: datetime.date,
) -> Diff:
    """Return what differs between two named versions of the files, neither of which is a commit.

    Both are judged by a book as of a day, as `compare` judges revisions.
    """
    older, newer = (_Side(label, None, version) for label, version in (before, after))
    return Differ(flow, older, newer, book, day, None).diff()


def compare_governed(
    before: tuple[str, Version[Any], Governed], after: tuple[str, Version[Any], Governed]
) -> Diff:
    """Return what differs between two named versions that are judged already, by the same rules
    as of the same day, as `compare_versions` does."""
    sides, judged = [], []
    for label, version, governed in (before, after):
        sides.append(_Side(label, None, version))
        judged.append(_of_version(version, governed))
    return _difference((sides[0], sides[1]), (judged[0], judged[1]), None)


class Differ:
    """Judges two states alike and says what differs."""

    def __init__(
        self,
        flow: Flow,
        before: _Side,
        after: _Side,
        book: RuleBook,
        day: datetime.date,
        unit: str | None,
    ) -> None:
        self.flow = flow
        self.sides = (before, after)
        self.book = book
        self.day = day
        self.unit = unit
        self.portfolios: tuple[Portfolio, ...] = ()
        """The two that `diff` has compared, the older first."""

    def diff(self) -> Diff:
        """Return everything that differs."""
        before, after = (self._judged(side) for side in self.sides)
        self.portfolios = before.state.portfolio, after.state.portfolio
        return _difference(self.sides, (before, after), self.unit)

    def governed(self, *, history: bool = False) -> tuple[Governed, Governed]:
        """Return both states judged, the older first; git is asked with `history`."""
        older, newer = (
            self.flow.at(self.day, self.book, side.version, empty=True, history=history)
            for side in self.sides
        )
        return older, newer

    def new_units(self, before: Governed, after: Governed) -> dict[str, str]:
        """Return the units whose ids are others now, by their earlier ids."""
        states = (State(g.linked.portfolio, set(), set()) for g in (before, after))
        return Comparison(*states).renamed

    def _judged(self, side: _Side) -> _Judged:
        found = self.flow.at(self.day, self.book, side.version, empty=True)
        return _of_version(side.version, found)


def _of_version(version: Version[Any], found: Governed) -> _Judged:
    paths = {f.path for f in version.portfolio_files}
    state = State(found.linked.portfolio, paths, paths.intersection(found.linked.unread))
    return _Judged(state, found)


def _difference(
    sides: tuple[_Side, _Side], judged: tuple[_Judged, _Judged], unit: str | None
) -> Diff:
    """Return everything that differs between two states, in one business unit or all."""
    before, after = judged
    comparison = Comparison(before.state, after.state)
    changes = comparison.changes()
    names = comparison.words.units
    renamed = comparison.renamed
    units = {u for pair in renamed.items() if unit in pair for u in pair} | {unit}
    if unit is not None and not units & names.keys():
        from itgov.model.text import did_you_mean

        raise GitError(f"there is no business unit `{unit}`{did_you_mean(unit, names)}")
    introduced, mended, waived, gone = _findings(before, after, comparison, changes)

    def mine(findings: Sequence[Finding]) -> tuple[Finding, ...]:
        return tuple(f for f in findings if unit is None or f.business_unit in units)

    def about(change: SubjectChange) -> bool:
        return unit is None or bool({change.unit, change.unit_before} & units)

    earlier = {u.id: u for u in before.governed.health.units}
    former = {new: old for old, new in renamed.items()}
    moves = []
    for health in after.governed.health.units:
        was = earlier.pop(former.get(health.id, health.id), None)
        if was is None and before.state.hides(health.place.path):
            continue  # nobody can tell whether it was there
        moves.append(UnitMove(health.id, health.name, _score(was), _score(health)))
    moves += [
        UnitMove(u.id, u.name, _score(u), None)
        for u in earlier.values()
        if not after.state.hides(u.place.path)
    ]
    return Diff(
        before=_end(sides[0], before),
        after=_end(sides[1], after),
        as_of=after.governed.linked.portfolio.today,
        currency=comparison.words.currency,
        unit=unit,
        unit_names=names,
        changes=tuple(c for c in changes if about(c)),
        introduced=mine(introduced),
        mended=mine(mended),
        waived=mine(waived),
        gone=mine(gone),
        units=tuple(m for m in moves if unit is None or m.id in units),
        notes=tuple(_notes(sides, before, after)),
        money=money_moved(
            before.state.portfolio,
            after.state.portfolio,
            None if unit is None else units,
        ),
    )


def _score(health: UnitHealth | None) -> ScoreBand | None:
    return ScoreBand(health.score, health.band) if health is not None else None


def _findings(
    before: _Judged, after: _Judged, comparison: Comparison, changes: Sequence[SubjectChange]
) -> tuple[list[Finding], list[Finding], list[Finding], list[Finding]]:
    """Return the findings introduced, fixed, waived since, and gone with what was removed."""
    earlier = under_new_ids(before.findings, comparison.ids)
    was = {f.fingerprint for f in earlier if not f.waived}
    standing = {f.fingerprint for f in after.findings if not f.waived}
    excused = {f.fingerprint for f in after.findings if f.waived}
    may_tell = _teller(before.state, after.state)
    introduced = [
        f
        for f in after.findings
        if not f.waived and f.fingerprint not in was and may_tell(f, before.state)
    ]
    waived = [f for f in after.findings if f.waived and f.fingerprint in was]
    removed = {c.subject for c in changes if c.kind == "removed"}
    mended: list[Finding] = []
    gone: list[Finding] = []
    for finding in earlier:
        mark = finding.fingerprint
        if finding.waived or mark in standing or mark in excused:
            continue
        if not may_tell(finding, after.state):
            continue
        (gone if _holders(finding) & removed else mended).append(finding)
    return introduced, mended, waived, gone


def _teller(before: State, after: State) -> Callable[[Finding, State], bool]:
    """Return whether a finding that the other state lacks is a difference.

    What an unread file says there cannot be told, nor what is said of the whole without it.
    """
    unreadable = before.unreadable | after.unreadable
    people = any(p.rsplit("/", 1)[-1].startswith(("organisation.", "people.")) for p in unreadable)

    def may_tell(finding: Finding, other: State) -> bool:
        if not unreadable or finding.rule.startswith(("YML-", "MOD-")):
            return True
        if people or finding.rule.startswith("REF-") or other.hides(finding.path):
            return False
        return finding.subject.kind in ("investment", "outcome", "engagement")

    return may_tell


def under_new_ids(findings: Sequence[Finding], ids: NewIds) -> Sequence[Finding]:
    """Return findings with the ids that their subjects have now, and the fingerprints of these."""
    if not ids:
        return findings
    renamed = []
    for f in findings:
        subject = Subject(f.subject.kind, ids.of_subject(f.subject.kind, f.subject.id))
        renamed.append(structs.replace(f, subject=subject))
    return finish(renamed)


def _holders(finding: Finding) -> set[Subject]:
    """Return the subject of a finding, and what it is a part of."""
    kind, identifier = finding.subject.kind, finding.subject.id
    first = identifier.split("/")[0]
    found = {finding.subject}
    if kind in ("outcome", "waiver"):
        found.add(Subject("investment", first))
    if finding.business_unit is not None:
        found.add(Subject("business_unit", finding.business_unit))
    return found


def _end(side: _Side, found: _Judged) -> End:
    commit = side.commit
    units = found.governed.linked.portfolio.units.values()
    return End(
        label=side.label,
        commit=commit.id if commit is not None else None,
        date=commit.date if commit is not None else None,
        title=commit.title if commit is not None else None,
        investments=found.governed.linked.portfolio.investment_count,
        budget=sum(u.facts.budget_total for u in units),
        findings=sum(not f.waived for f in found.findings),
        unread=tuple(_unread(found.governed.linked.findings)),
    )


def _unread(findings: Sequence[Finding]) -> list[str]:
    """Return the first thing wrong in each file of which something could not be used."""
    found: dict[str, str] = {}
    for f in findings:
        if f.severity == "error" and f.rule.startswith(("YML-", "MOD-")):
            found.setdefault(f.path, f"{f.located()}: {f.rule}: {f.message}")
    return list(found.values())


def _notes(sides: tuple[_Side, _Side], before: _Judged, after: _Judged) -> list[str]:
    notes = []
    alike = before.state.unreadable == after.state.unreadable
    for side, found in zip(sides, (before, after), strict=True):
        if not side.version.portfolio_files:
            notes.append(f"There is no portfolio file at {side.label}.")
        if found.state.unreadable and not (alike and found is after):
            where = "" if alike else f"At {side.label}, "
            files = ", ".join(sorted(found.state.unreadable))
            says = "could not be read; the contents are left out of the comparison."
            notes.append(f"{where}{files} {says}")
    return notes
