"""The one flow that every face shows the end of: read, link, look back into git, judge, measure.

The command line, the review room, its process in the background, sheets, diff and trend differ in
which version of the repository they take, and in what they remember while they read and judge.
Nobody else calls `link` or judges: a contract in pyproject.toml says so.
"""

from __future__ import annotations

import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Protocol

from itgov.files.cache import is_off
from itgov.files.link import link
from itgov.files.linked import Linked
from itgov.files.load import ReadFile, ReadOnce, read_minutes, read_scenario
from itgov.files.repository import NoRepository, Repository
from itgov.files.sources import Version, WithChanges, WorkTree
from itgov.insight.governed import Governed
from itgov.model.errors import ItgovError
from itgov.model.finding import Finding
from itgov.model.portfolio import Evidence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from itgov.files.git_facts import GitFacts
    from itgov.files.parallel import Executor, Progress
    from itgov.insight.memory import LinkMemory, Memory
    from itgov.rules.catalogue import RuleBook
    from itgov.rules.verdicts import Judged


WORTH_KEEPING = 400_000
"""Bytes of portfolio files from which a later run gains more than keeping results costs this one."""


class BrokenRules(ItgovError):
    """Rule files, or how health is scored, cannot be used: what follows from them was not done."""

    def __init__(self, summary: str, errors: list[Finding]) -> None:
        super().__init__(summary)
        self.errors = errors

    @property
    def details(self) -> list[str]:
        """Each error with its place, and how to fix it."""
        return [_told(f) for f in self.errors]


def refuse_broken_rules(book: RuleBook) -> None:
    """Raise `BrokenRules` where nothing can be enforced by a book."""
    if book.broken:
        errors = book.errors
        raise BrokenRules(
            "the rule files are broken, so nothing was enforced "
            f"({len(errors)} to fix; `itgov rules check` lists them)",
            errors,
        )


def refuse_broken_health(book: RuleBook) -> None:
    """Raise `BrokenRules` where health cannot be scored by a book."""
    if errors := book.health_errors:
        raise BrokenRules(
            f"{book.health_path} has errors, so nothing was measured ({len(errors)} to fix)", errors
        )


def _told(finding: Finding) -> str:
    f = finding
    fix = f"\n  fix: {f.fix}" if f.fix else ""
    return f"{f.located()}: {f.severity}[{f.rule}] {f.message}{fix}"


class Reader(Protocol):
    """Reads the portfolio files of a version, sorted by path."""

    def read(self, version: Version[Any], progress: Progress | None) -> list[ReadFile]:
        """Return what each file says and what is wrong with it."""


class Judge(Protocol):
    """Judges a portfolio by the rules of a book."""

    def judge(self, linked: Linked, book: RuleBook, progress: Progress | None) -> Judged:
        """Return how every rule ended on every subject."""


class Flow:
    """Takes versions of a repository, on disk unless said otherwise, through all the steps.

    What the reader, the judge and git have told of one version is used for the next; where there is
    much to read, what an earlier run kept as well; it is kept for a later one by `write_kept`.
    """

    def __init__(
        self,
        repository: Repository,
        *,
        reader: Reader | None = None,
        judge: Judge | None = None,
        workers: bool = True,
        executor: Executor | None = None,
        progress: Progress | None = None,
        by_clock: bool = False,
    ) -> None:
        self.repository = repository
        self._reader = reader
        self.workers = workers
        """Whether other processes may judge."""
        self.executor = executor
        """What gives these processes; None for forks of this one."""
        self.progress = progress
        self._by_clock = by_clock
        """Whether days as of which files on disk are judged are the clock's."""
        self._judge = judge
        self._memory: Memory | None = None

    @classmethod
    def remembering(
        cls, memory: Memory, repository: Repository, progress: Progress | None = None
    ) -> Flow:
        """Return a flow that uses what is remembered, and adds to it."""
        flow = cls(repository, reader=memory, judge=memory.judged, progress=progress)
        flow._memory = memory
        return flow

    def rules(self, version: Version[Any] | None = None, *, check: bool = True) -> RuleBook:
        """Return the rules in force at a version; without `check`, expressions are not checked."""
        from itgov.rules.book import load_rules

        version = version or self.repository.on_disk
        return load_rules(version.source, version.rules, check)

    def sound_rules(self) -> RuleBook:
        """Return the rules in force on disk.  Raises `BrokenRules` where nothing can be enforced."""
        book = self.rules()
        refuse_broken_rules(book)
        return book

    def linked(
        self,
        day: datetime.date,
        version: Version[Any] | None = None,
        book: RuleBook | None = None,
        *,
        empty: bool = False,
        history: bool = False,
    ) -> Linked:
        """Read and link, for what follows from the records and from no rule.

        The grace is that of a book's health, else of the version's.  Git is asked with `history`.
        Raises `NoRepository` where there is no portfolio file, unless `empty` allows for that.
        """
        version = version or self.repository.on_disk
        if book is not None:
            grace_days = book.health.grace_days
        else:
            from itgov.rules.book import read_grace_days

            grace_days = read_grace_days(version.rule_files)
        linked, read = self._linked(day, version, grace_days, empty)
        if history:
            self._look_back(linked, version, read)
        return linked

    def minutes(self, day: datetime.date, version: Version[Any] | None = None) -> Linked:
        """Read and link the minutes of closed review sessions alone, without the portfolio."""
        return link([], day, _minutes(version or self.repository.on_disk))

    def at(
        self,
        day: datetime.date,
        book: RuleBook | None = None,
        version: Version[Any] | None = None,
        *,
        empty: bool = False,
        history: bool = False,
        when_asked: bool = False,
        findings_only: bool = False,
        parts: bool = False,
    ) -> Governed:
        """Read, link, look back and judge by the rules of a book, or of the version, as of a day.

        Git is asked where a rule reads what only git knows, and with `history`.  With `when_asked`
        nothing is judged before `Governed.judged` is asked for; with `findings_only` what an earlier run
        linked on disk is not linked before `Governed.linked` is; with `parts` an executor checks a large
        portfolio part by part, and verdicts are only counted: for findings and tallies, no figures.
        Raises `NoRepository` where there is no portfolio file, unless `empty` allows for that:
        nothing checked is never green.
        """
        version = version or self.repository.on_disk
        book = book or self.rules(version)
        history = history or asks_for_history(book)
        if parts and (found := self._in_parts(day, book, version, history)) is not None:
            return found
        links = None if when_asked else self._links(day, book, version, history, findings_only)
        if links and (few := self._few_changed(day, book, history, links)) is not None:
            return few
        linked, read = self._linked(day, version, book.health.grace_days, empty)
        if history:
            self._look_back(linked, version, read)
        judge = partial(self.judge.judge, linked, book, self.progress)
        found = Governed(book, linked, judge if when_asked else judge())
        if links is not None:
            links.keep_later(linked, read)
        return found

    def _in_parts(
        self, day: datetime.date, book: RuleBook, version: Version[Any], history: bool
    ) -> Governed | None:
        """Check the files on disk part by part by an executor; None where they are few, or where only the whole tells."""
        on_disk = isinstance(version.source, WorkTree)
        if self.executor is None or self._judge is not None or not on_disk:
            return None
        from itgov.insight.flow_parts import PartsFlow

        evidence = Evidence("no git") if history else None
        flow = PartsFlow(version, day, book, evidence, self.executor, self.progress)
        found = flow.found(has_git=history and self.git is not None)
        if found is None:
            return None

        def linked_whole() -> Linked:
            return self.at(day, book, version, history=history, when_asked=True).linked

        return Governed(book, linked_whole, *found)

    def _links(
        self, day: datetime.date, book: RuleBook, version: Version[Any], history: bool, kept: bool
    ) -> LinkMemory | None:
        """Return how files on disk, edited or not, were linked before: as it is held, else as it was `kept`."""
        if kept:
            self._reader_of(version)
        memory = self._memory
        on_disk = isinstance(version.source, WorkTree | WithChanges)
        if memory is None or not (on_disk and (kept or memory.holds)):
            return None
        from itgov.insight.memory import LinkMemory

        git = self.git
        paths = (str(self.repository.root.resolve()), *map(str, self.repository.config.paths.all))
        asked = (str(book.health.grace_days), str(history), str(self._by_clock))
        state = git.git.state() if git is not None and history else ""
        return LinkMemory(memory, version, book, day, (*paths, *asked, state))

    def _few_changed(
        self, day: datetime.date, book: RuleBook, history: bool, links: LinkMemory
    ) -> Governed | None:
        """Link and judge what is tied to the files that changed; None where that is no less than all."""
        changed = links.changed()
        if changed is None:
            return None
        version, read = links.version, links.read(changed.paths)
        minutes, scenarios = _minutes(version), version.scenario_files
        has_file, grace_days = version.source.has_file, book.health.grace_days
        linked = link(
            read, day, minutes, version.passed_over, has_file, grace_days, changed.elsewhere()
        )
        if history:
            self._look_back(linked, version, links.read_one)
        whole = changed.join(linked, links.files, [s.path for s in scenarios])
        judged = links.judge(whole, book, changed) if whole is not None else None
        if whole is None or judged is None:
            return None

        if (completed := links.completed(whole, changed)) is not None:
            return Governed(book, completed, judged)

        def linked_whole() -> Linked:
            return self.at(day, book, version, history=history, when_asked=True).linked

        return Governed(book, linked_whole, judged, links.extent(whole, changed, scenarios))

    def unjudged(self, day: datetime.date, book: RuleBook) -> Linked:
        """Read, link and look back for what rules of a book ask, as of a day; judge nothing.

        Raises `NoRepository` where there is no portfolio file.
        """
        version = self.repository.on_disk
        linked, read = self._linked(day, version, book.health.grace_days, empty=False)
        if asks_for_history(book):
            self._look_back(linked, version, read)
        return linked

    @cached_property
    def judge(self) -> Judge:
        """What judges; by default the whole portfolio, by rules that are compiled once."""
        if self._judge is not None:
            return self._judge
        if self._memory is not None:
            return self._memory.judged
        from itgov.rules.judge import WholeJudge

        return WholeJudge(self.workers, self.executor)

    @cached_property
    def git(self) -> GitFacts | None:
        """What git knows of the portfolio's changes, or None where there is no git repository."""
        from itgov.files.git_dir import find_git_dir

        folder = find_git_dir(str(self.repository.root))
        if folder is None:
            return None
        from itgov.files.git_facts import GitFacts

        return GitFacts(self.repository, folder)

    def _linked(
        self, day: datetime.date, version: Version[Any], grace_days: int, empty: bool
    ) -> tuple[Linked, list[ReadFile]]:
        read = self._reader_of(version).read(version, self.progress)
        if not read and not empty:
            raise NoRepository(
                f"no portfolio file found in `{version.portfolios}/`; start one with `itgov init`"
            )
        beside, has_file = [*_minutes(version), *_scenarios(version)], version.source.has_file
        return link(read, day, beside, version.passed_over, has_file, grace_days), read

    def _reader_of(self, version: Version[Any]) -> Reader:
        """Return what reads; of the first version it depends on the size whether results are kept."""
        if self._reader is None:
            size = sum(len(file.data) for file in version.portfolio_files)
            if size < WORTH_KEEPING or is_off():
                self._reader = _PlainReader(self.executor)
            else:
                from itgov.insight.memory import Memory

                self._reader = self._memory = Memory(self.workers, self.executor, hold=False)
        return self._reader

    def _look_back(
        self,
        linked: Linked,
        version: Version[Any],
        read: list[ReadFile] | Callable[[str], ReadFile],
    ) -> None:
        """Fill in what git knows; files that no commit has are the latest step of its history.

        `read` is what the portfolio files say, or tells it of the one at a path.
        """
        git, commit = self.git, version.source.commit
        if git is None:
            linked.portfolio.evidence = Evidence("no git")
        elif git.is_elsewhere:
            linked.portfolio.evidence = Evidence("submodule")
        elif commit is None:
            said = read if callable(read) else {f.document.path: f for f in read}.__getitem__
            git.derive_on_disk(linked.portfolio, version.portfolio_files, said, self._by_clock)
        else:
            git.derive_at(linked.portfolio, commit)
            git.close()


def _minutes(version: Version[Any]) -> list[ReadFile]:
    return [read_minutes(raw) for raw in version.minutes_files]


def _scenarios(version: Version[Any]) -> list[ReadFile]:
    return [read_scenario(raw) for raw in version.scenario_files]


def asks_for_history(book: RuleBook) -> bool:
    """Say whether any rule in force, or how health is scored, reads what only git can tell."""
    from itgov.rules.analysis import reads_of_health

    # one that does is enough: what the others read need not be worked out for it
    return any(r.reads.history() for r in book.rules) or bool(
        reads_of_health(book.health).history()
    )


class ApartJudge:
    """Judges versions of a portfolio only where they differ; rules are compiled once."""

    def __init__(self) -> None:
        from itgov.rules.judge import WholeJudge

        self._judge = WholeJudge(workers=False)

    def judge(
        self, versions: Sequence[Linked], book: RuleBook
    ) -> tuple[list[Governed], frozenset[str]]:
        """Return the versions, each judged where it differs, and the units that were judged."""
        found, units = self._judge.judge_differing(versions, book)
        pairs = zip(versions, found, strict=True)
        return [Governed(book, linked, judged) for linked, judged in pairs], units


class _PlainReader:
    """Parses every file, but once where two versions have it alike."""

    def __init__(self, executor: Executor | None) -> None:
        self._files = ReadOnce(executor)

    def read(self, version: Version[Any], progress: Progress | None) -> list[ReadFile]:
        return self._files.read(version.portfolio_files, progress)
