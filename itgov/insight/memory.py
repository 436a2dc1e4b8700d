"""What is remembered of the versions of a repository, also from run to run."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from itgov.files.cache import write_later
from itgov.files.cached_files import CachedReader
from itgov.files.document import Document
from itgov.files.typed_cache import TypedCache
from itgov.insight.governed import Extent
from itgov.insight.kept_links import Changed, KeptLinks
from itgov.rules.caching_judge import CachingJudge, rules_key

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable, Sequence

    from itgov.files.linked import Linked
    from itgov.files.load import ReadFile
    from itgov.files.parallel import Executor, Progress
    from itgov.files.sources import RawFile, Version, WithChanges, WorkTree
    from itgov.rules.catalogue import RuleBook
    from itgov.rules.verdicts import Judged


class Memory:
    """What is remembered of the versions of a repository.

    What each file says is kept by its content, and what was found on each business unit by all
    that it follows from.  The room's process in the background fills it with the same steps.
    `workers` and `executor` are as for `Flow`, `hold` as for `CachingJudge`.
    """

    def __init__(
        self, workers: bool = True, executor: Executor | None = None, *, hold: bool = True
    ) -> None:
        self.files = CachedReader(executor)
        self.judged = CachingJudge(workers, executor, hold=hold)
        self.links: HeldLinks | None = None
        """How the last version was linked; None where nothing of it is held."""
        self.holds = hold

    def read(self, version: Version[Any], progress: Progress | None) -> list[ReadFile]:
        """Read the portfolio files of a version that are not remembered."""
        return self.files.read(version.portfolio_files, progress)

    def unread(self, version: Version[Any]) -> int:
        """Return how many bytes of a version's portfolio files would have to be parsed."""
        return self.files.missing(version.portfolio_files)

    def save(self) -> None:
        """Keep for a later run what was read and found."""
        self.files.save()
        self.judged.save()

    def get_ready(self) -> None:
        """Work out what the next version is compared with."""
        if self.links is not None:
            self.links.kept()


class HeldLinks:
    """How a version was linked, in memory.

    `key` is that of all that it rests on but the portfolio files; `make` tells what is kept of it, once
    that is asked for.
    """

    def __init__(self, key: str, linked: Linked, make: Callable[[], KeptLinks | None]) -> None:
        self.key = key
        self.linked = linked
        self._make: Callable[[], KeptLinks | None] | None = make
        self._kept: KeptLinks | None = None

    def kept(self) -> KeptLinks | None:
        """Return what is kept of it; None where what follows of a change is not plain."""
        if self._make is not None:
            self._kept, self._make = self._make(), None
        return self._kept


class LinkMemory:
    """How the files on disk were linked by an earlier run, as of one day and by the rules of one book.

    `state` is all else that facts rest on: which repository it is, what git knows of it, how it is asked.
    """

    def __init__(
        self,
        memory: Memory,
        version: Version[WorkTree] | Version[WithChanges],
        book: RuleBook,
        day: datetime.date,
        state: Iterable[str],
    ) -> None:
        self._memory = memory
        self.version = version
        self._raw = {file.path: file for file in version.portfolio_files}
        self.files = {path: memory.files.id_of(raw) for path, raw in self._raw.items()}
        """The id of every portfolio file's content, by its path."""
        self._cache = TypedCache("links", KeptLinks)
        beside = [*version.minutes_files, *version.scenario_files]
        given = [part for raw in beside for part in (raw.path, raw.data, str(raw.problem))]
        self._key = self._cache.key("links", day.isoformat(), rules_key(book), *state, *given)
        self._make: Callable[[], KeptLinks | None] | None = None

    def changed(self) -> Changed | None:
        """Return what is to be linked again of files that changed; None where that is all, or not plain."""
        if any(raw.problem is not None for raw in self._raw.values()):
            return None
        held = self._memory.links
        if not self._memory.holds:
            kept = self._cache.recall(self._key)
        else:
            kept = held.kept() if held is not None and held.key == self._key else None
        if kept is None or any(
            self.version.source.has_file(p) != is_there for p, is_there in kept.looked_up.items()
        ):
            return None
        return kept.changed(self.files, self.read_one, lambda path: len(self._raw[path].data))

    def read_one(self, path: str) -> ReadFile:
        """Return what the file at a path says."""
        return self.read([path])[0]

    def read(self, paths: Iterable[str]) -> list[ReadFile]:
        """Return what the files at some paths say."""
        return self._memory.files.read_some([self._raw[path] for path in sorted(paths)])

    def judge(self, linked: Linked, book: RuleBook, changed: Changed) -> Judged | None:
        """Judge the units that were linked again, with what is kept of all others; None where it is not."""
        surroundings = changed.kept.surroundings
        return self._memory.judged.judge_among(linked, book, surroundings, changed.keys)

    def extent(self, linked: Linked, changed: Changed, beside: Sequence[RawFile]) -> Extent:
        """Return what was read, of the whole portfolio; `beside` are scenarios."""
        own = {raw.path: Document(raw.path, raw.data) for raw in [*self._raw.values(), *beside]}
        count = linked.portfolio.investment_count + changed.investments
        documents = {**own, **linked.documents}
        return Extent(linked.files, count, linked.unread, linked.hiding, documents)

    def completed(self, linked: Linked, changed: Changed) -> Linked | None:
        """Return the whole, of which some was linked again and judged just now, and hold it from now on.

        None where nothing of the whole is in memory.
        """
        held = self._memory.links
        if not self._memory.holds or held is None:
            return None
        beside = (*self.version.minutes_files, *self.version.scenario_files)
        stays = {*self.files, *(raw.path for raw in beside)}
        whole = changed.completed(linked, held.linked, stays)
        kept = changed.kept_now(
            whole,
            self.read_one,
            list(self.files.items()),
            self._memory.judged.keys.units,
            self._asked,
        )
        self._memory.links = HeldLinks(self._key, whole, lambda: kept)
        return whole

    def keep_later(self, linked: Linked, read: list[ReadFile]) -> None:
        """Keep how the whole was linked that was judged just now, once its answer is written.

        Where it stays in memory it is held there.
        """
        keys, files = self._memory.judged.keys, list(self.files.items())
        self._make = partial(
            KeptLinks.of, linked, read, files, keys.units, keys.surroundings, self._asked
        )
        if self._memory.holds:
            self._memory.links = HeldLinks(self._key, linked, self._make)
        else:
            write_later(self)

    def write(self) -> None:
        """Write down what is to be kept."""
        if self._make is not None:
            found, self._make = self._make(), None
            if found is not None:
                self._cache.keep(self._key, found)
                self._cache.tidy()

    @property
    def _asked(self) -> dict[str, bool]:
        return self.version.source.asked
