"""Which files the changes of a portfolio are in."""

# No postponed annotations here: msgspec would compile each of them anew at every start.

import datetime
from collections.abc import Iterator, Sequence

from msgspec import Struct, structs

from itgov.files.parallel import Progress
from itgov.files.repository import Repository
from itgov.insight.diff import open_sides
from itgov.insight.diff_changes import Diff, End
from itgov.model.finding import Subject
from itgov.model.portfolio import Portfolio


class FileDiffs(Struct, frozen=True):
    """A comparison of two states of a portfolio, and the files that each changed subject is in."""

    diff: Diff
    paths: dict[str, tuple[Subject, ...]]
    """The subjects with a record in a file on either side, by its path."""

    def of(self, *paths: str) -> Diff:
        """Return the part of the comparison that is about some files: what changed, and findings."""
        subjects = {s for path in paths for s in self.paths.get(path, ())}
        whole = self.diff
        return structs.replace(
            whole,
            changes=tuple(c for c in whole.changes if c.subject in subjects),
            introduced=tuple(f for f in whole.introduced if f.path in paths),
            mended=tuple(f for f in whole.mended if f.path in paths),
            waived=tuple(f for f in whole.waived if f.path in paths),
            gone=tuple(f for f in whole.gone if f.path in paths),
            units=(),
            money=(),
            notes=(),
            before=_end_of(whole.before, paths),
            after=_end_of(whole.after, paths),
        )


def compare_files(
    repository: Repository, base: str, day: datetime.date, progress: Progress | None = None
) -> FileDiffs:
    """Return what differs between a commit and the work tree, as `compare` does, by files.

    Raises as `compare` does.
    """
    from itgov.insight.flow import Flow
    from itgov.insight.memory import Memory

    memory = Memory()
    differ = open_sides(repository, base, day, flow=Flow.remembering(memory, repository, progress))
    diff = differ.diff()
    memory.save()
    wanted = {c.subject for c in diff.changes}
    paths: dict[str, dict[Subject, None]] = {}
    for portfolio in differ.portfolios:
        for subject, path in _records(portfolio):
            if subject in wanted:
                paths.setdefault(path, {})[subject] = None
    return FileDiffs(diff, {path: tuple(found) for path, found in paths.items()})


def _end_of(end: End, paths: Sequence[str]) -> End:
    return structs.replace(
        end, unread=tuple(u for u in end.unread if u.startswith(tuple(f"{p}:" for p in paths)))
    )


def _records(portfolio: Portfolio) -> Iterator[tuple[Subject, str]]:
    """Yield every subject that a comparison names, with the file that its record is in."""
    whole = portfolio.organisation
    yield Subject("organisation", whole.record.id), whole.source.path
    for unit in portfolio.units.values():
        yield Subject("business_unit", unit.record.id), unit.source.path
        for item in unit.investments:
            yield Subject("investment", item.record.id), item.source.path
        for met in unit.engagements:
            yield Subject("engagement", met.id), met.source.path
    for identifier, person in portfolio.people.items():
        yield Subject("person", identifier), person.source.path
    for identifier, manager in portfolio.managers.items():
        yield Subject("relationship_manager", identifier), manager.source.path
