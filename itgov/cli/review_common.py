"""What the verbs of `itgov review` have in common: the repository, the session, the answer."""

from __future__ import annotations

import argparse
import datetime
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from msgspec import Struct

from itgov.cli import figures
from itgov.cli.options import Parser, Stop, require_unit
from itgov.cli.terminal import say, wants_color, write
from itgov.files.linked import Linked
from itgov.files.repository import NoRepository, Repository, find_repository, read_config
from itgov.insight.flow import Flow
from itgov.model.minutes import ItemSubject
from itgov.model.person_names import PersonNames
from itgov.model.text import did_you_mean, plural
from itgov.report.blocks import Block
from itgov.review.agenda import Agenda, build_agenda, find_item, make_item
from itgov.review.recorder import SessionRecorder
from itgov.review.store import FOLDER, NAME, NoSession, ReviewStore
from itgov.review.types import AgendaItem, Session


def add_common(
    parser: Parser, formats: tuple[str, ...] = ("text", "json"), *, unit: bool = True
) -> None:
    """Add the options that all these verbs have; without `unit` where a verb has its own."""
    which = parser.add_argument_group("which session, where several are open")
    which.add_argument("--session", metavar="ID", help="its id")
    if unit:
        which.add_argument("--unit", metavar="UNIT", help="the business unit that it is on")
    parser.add_argument(
        "--path", metavar="PATH", default=".", help="the repository (default: here)"
    )
    parser.add_argument(
        "--format",
        choices=formats,
        default=formats[0],
        metavar="FORMAT",
        help=f"{' or '.join(formats)} (default: {formats[0]})",
    )
    parser.add_as_of("the day of the session (default: today; an open session keeps its own)")
    parser.add_no_cache()


def hand() -> str:
    """Return the name of the account at the keyboard, or nothing where it has none."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def person_named(word: str, names: PersonNames) -> str:
    """Return the id of the person that an option names; say whom, where that is not the word.

    Raises `NotOnePerson`.
    """
    person = names.named(word)
    if person != word:
        say(f"itgov: `{word}` is {names.names.get(person, person)} ({person})")
    return person


class NotListed(Stop):
    """What was named is not on the agenda."""


class FoundAgenda(Struct):
    """An agenda, and the portfolio that it was made from."""

    agenda: Agenda
    linked: Linked


class Seat:
    """Where a command sits: its repository, the store there, and the session that is meant."""

    def __init__(self, repository: Repository, name: str | None, unit: str | None = None) -> None:
        self.repository = repository
        self.store = ReviewStore(repository.root)
        self.name = name
        self.unit = unit

    def session(self) -> Session:
        """Return the session that is meant.  Raises `NoSession` and `StoreProblem`."""
        if self.name is None and self.unit is not None:
            known = self.store.open_sessions()
            of_unit = [s for s in known if s.business_unit == self.unit]
            if not of_unit:
                units = [s.business_unit for s in known if s.business_unit is not None]
                raise NoSession(
                    f"no review session is open on `{self.unit}`{did_you_mean(self.unit, units)}"
                )
            return of_unit[0]
        return self.store.session(self.name)

    def recorder(self) -> SessionRecorder:
        """Return a seat in it."""
        return SessionRecorder(self.store, self.session().id, hand())

    def new_item(self, word: str, today: datetime.date) -> AgendaItem:
        """Return an item on a subject of the portfolio: an id, or `kind:id`.  Raises `Stop`."""
        portfolio = figures.linked(self.repository, today).portfolio
        entries = {e.record.id: e for e in portfolio.investments()}
        whole = portfolio.organisation.record.id
        subjects = [
            *(ItemSubject(kind="investment", id=name) for name in entries),
            *(ItemSubject(kind="business_unit", id=name) for name in portfolio.units),
            *(ItemSubject(kind="relationship_manager", id=name) for name in portfolio.managers),
            *(ItemSubject(kind="person", id=name) for name in portfolio.people),
            ItemSubject(kind="organisation", id=whole),
        ]
        for subject in subjects:
            if word in (subject.id, f"{subject.kind}:{subject.id}"):
                unit = subject.id if subject.kind == "business_unit" else None
                return make_item(portfolio, subject, unit, entries)
        raise Stop(f"there is no record `{word}`{did_you_mean(word, [s.id for s in subjects])}")


def seat(options: argparse.Namespace) -> Seat:
    """Return where a command sits.  Raises `NoRepository` and `BrokenConfig`.

    A session goes on where the folder of the portfolio is gone: its store is there.
    """
    here = Path(options.path)
    try:
        repository = find_repository(here)
    except NoRepository:
        start = Path(os.path.abspath(here))
        kept = (f for f in (start, *start.parents) if (f / FOLDER / NAME).is_file())
        root = next(kept, None)
        if root is None:
            raise
        repository = Repository(root, read_config(root))
    return Seat(repository, options.session, options.unit)


def portfolio_of(place: Seat, today: datetime.date) -> Linked:
    """Return the portfolio on a session's day, or just the minutes where there is none any more.

    What cannot be read of it is said.
    """
    try:
        linked = figures.linked(place.repository, today)
    except NoRepository:
        folder = place.repository.config.paths.portfolios
        say(
            f"itgov: no portfolio file is left in `{folder}/`; the session continues with the agenda it has"
        )
        return Flow(place.repository).minutes(today)
    broken = sorted(linked.unread)
    if broken:
        say(
            f"itgov: {', '.join(broken)} cannot be read, so its contents are missing; "
            "`itgov check` says why"
        )
    return linked


def governed_agenda(place: Seat, today: datetime.date, unit: str | None) -> FoundAgenda:
    """Return the agenda that a session would have.  Raises `Stop`, `NoRepository`, `BrokenRules`."""
    repository, book = figures.open_repository(str(place.repository.root))
    governed = figures.judged(repository, book, today)
    linked = governed.linked
    if unit is not None:
        require_unit(unit, linked.portfolio.units)
    health = governed.health
    figures.warn_of_unread(health.unread)
    return FoundAgenda(build_agenda(linked, governed.judged, health, unit), linked)


def one_item(session: Session, word: str) -> tuple[int, AgendaItem]:
    """Return the item meant by a number, an id or `kind:id`.  Raises `Stop`."""
    found = [n for n in find_item(session.items, word) if not session.item(n).dropped]
    if len(found) == 1:
        return found[0], session.item(found[0])
    if found:
        names = ", ".join(
            f"{session.item(n).subject.kind}:{session.item(n).subject.id} (item {n})" for n in found
        )
        raise Stop(f"`{word}` means several items; name one of: {names}")
    near = did_you_mean(word, [i.subject.id for _, i in session.on_agenda])
    count = len(session.on_agenda)
    raise NotListed(
        f"`{word}` is not on the agenda of {session.id}, which has {plural(count, 'item')}{near}"
    )


def answer(
    options: argparse.Namespace,
    place: Seat,
    as_json: Callable[[], str],
    document: Callable[[], Iterable[Block]],
    after: str = "",
) -> None:
    """Write the answer as JSON, or as a document with what follows it."""

    def write_as(name: str, color: bool) -> str:
        from itgov.report.write_terminal import terminal

        return as_json() if name == "json" else terminal(document(), color=color) + after

    show(options, place, write_as)


def show(options: argparse.Namespace, place: Seat, write_as: Callable[[str, bool], str]) -> None:
    """Say what the store had to repair, then write the answer."""
    for note in place.store.notes:
        say(f"itgov: {note}")
    color = options.format == "text" and wants_color(sys.stdout)
    write(write_as(options.format, color))
