"""`itgov review close`, `minutes` and `verify`: the record of a session, and whether it still is."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from msgspec import Struct

from itgov.cli import figures
from itgov.cli.options import Parser, Stop, parse
from itgov.cli.review_common import Seat, add_common, answer, seat, show
from itgov.cli.terminal import say
from itgov.files.link import Linked
from itgov.files.repository import NoRepository
from itgov.model.minutes import Minutes
from itgov.model.portfolio import Portfolio
from itgov.report.plain import plain
from itgov.review.types import Session

_CLOSE = """\
Write the minutes of the open session to reviews/<date>-<unit>.yaml, with a Markdown version
beside it, and close it.  Items without a decision come back.

With --edit (the default) the session's day is recorded as last_reviewed on every investment
that was decided on.  With --commit exactly these files and the session's edits are
committed, never anything else that is staged or changed; on a terminal you are asked.

Exit codes: 0 closed; 2 it could not be closed.
"""


def run(verb: str, arguments: list[str]) -> int:
    """Run one of the verbs and return the exit code."""
    if verb == "close":
        return _close(arguments)
    return _minutes(arguments) if verb == "minutes" else _verify(arguments)


# -- close ---------------------------------------------------------------------------------


def _close(arguments: list[str]) -> int:
    parser = Parser("itgov review close", _CLOSE)
    parser.add_argument(
        "--commit",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="commit the minutes and the session's edits (default: ask on a terminal, else no)",
    )
    parser.add_argument("--message", metavar="TEXT", help="the commit's message")
    parser.add_argument(
        "--edit",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="record the day of the review on what was decided on (default: yes)",
    )
    parser.add_argument(
        "--discard", action="store_true", help="drop the session: no minutes, nothing recorded"
    )
    add_common(parser)
    options = parse(parser, arguments)
    return options if isinstance(options, int) else answer(lambda: _finish(options))


class _Commit(Struct):
    """How committing ended: the commit, or why there is none."""

    id: str | None = None
    branch: str | None = None
    refused: str | None = None


def _finish(options: argparse.Namespace) -> None:
    from itgov.review.close import close, discard, record_days, write_beside

    place = seat(options)
    session = place.session()
    if options.discard:
        discard(place.store, session.id)
        say(f"Session {session.id} was dropped; what it edited in the portfolio's files stays.")
        return
    linked = _read(place, session)
    earlier = linked.portfolio.minutes
    if options.edit:
        session, left = record_days(place.store, session, linked)
        for why in left:
            say(f"itgov: {why}")
    folder = place.repository.config.paths.reviews
    session, minutes, path = close(place.store, session.id, folder, earlier)
    beside = write_beside(place.store.root, path, _markdown(minutes, linked.portfolio))
    done = _commit(options, place, session, minutes, [path, beside])
    edited = list(dict.fromkeys(e.path for e in session.edits))

    def render(name: str, _: bool) -> str:
        if name == "json":
            from itgov.report import review_json

            return review_json.closed(
                session, minutes, path, beside, edited, done.id, done.branch, done.refused
            )
        lines = [
            f"Closed {plain(session.id)}: {session.decided} of {len(session.on_agenda)} items decided.",
            f"wrote {plain(path)}",
            f"wrote {plain(beside)}",
            *(f"edited {plain(name)}" for name in edited),
        ]
        if done.id is not None:
            where = f"on {plain(done.branch)}" if done.branch else "on no branch (HEAD is detached)"
            lines.append(f"committed {done.id[:10]} {where}")
        elif done.refused is not None:
            lines += ["not committed:", *(f"  {plain(s)}" for s in done.refused.split("\n"))]
        return "\n".join(lines) + "\n"

    show(options, place, render)


def _read(place: Seat, session: Session) -> Linked:
    """Return the portfolio, or just the minutes where there is none any more."""
    try:
        return figures.linked(place.repository, session.date)
    except NoRepository:
        from itgov.files.link import link
        from itgov.rules.govern import minutes_of

        say("No portfolio file is left: the minutes are written from what the session has kept.")
        return link([], session.date, minutes_of(place.repository))


def _commit(
    options: argparse.Namespace,
    place: Seat,
    session: Session,
    minutes: Minutes,
    written: Sequence[str],
) -> _Commit:
    from itgov.files.commit import NoCommit, commit, may_commit
    from itgov.review.committing import message_of, ready

    root = place.store.root
    asked = options.commit is None and sys.stdin is not None and sys.stdin.isatty()
    if options.commit is False or (options.commit is None and not asked):
        return _Commit()
    try:
        branch = may_commit(root)
        found = ready(root, session, written)
        for why in found.left:
            say(why)
        if asked and not _agreed(found.paths, branch):
            return _Commit()
        message = options.message or message_of(session, minutes)
        made = commit(root, found.paths, message)
    except NoCommit as refused:
        return _Commit(refused=str(refused))
    return _Commit(made.id, made.branch)


def _agreed(paths: Sequence[str], branch: str | None) -> bool:
    where = f"to {branch}" if branch else "to a detached HEAD, which no branch holds"
    say(f"Commit these {where}?\n" + "\n".join(f"  {path}" for path in paths))
    sys.stderr.write("[y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _markdown(minutes: Minutes, portfolio: Portfolio) -> str:
    from itgov.report.review_minutes import markdown

    names = {name: p.record.name for name, p in portfolio.people.items()}
    units = {name: u.record.name or name for name, u in portfolio.units.items()}
    whole = portfolio.organisation.record
    return markdown(minutes, names, units, whole.name or whole.id)


# -- minutes, verify -----------------------------------------------------------------------


def _minutes(arguments: list[str]) -> int:
    parser = Parser(
        "itgov review minutes",
        "Print the minutes of a closed session, or those that the open one would have.",
    )
    parser.add_argument("id", nargs="?", metavar="ID", help="which session (default: the open one)")
    add_common(parser, ("text", "json", "yaml"))
    options = parse(parser, arguments)
    return options if isinstance(options, int) else answer(lambda: _print_minutes(options))


def _print_minutes(options: argparse.Namespace) -> None:
    from itgov.model.text import did_you_mean
    from itgov.review.close import minutes_of, text_of

    place = seat(options)
    linked = figures.linked(place.repository, figures.day_of(options))
    closed = {m.record.review.id: m.record for m in linked.portfolio.minutes}
    name = options.id or options.session
    if name in closed:
        record = closed[name]
    else:
        known = {s.id: s for s in place.store.sessions() if s.state == "open"}
        if name is not None and name not in known:
            raise Stop(f"there are no minutes of `{name}`{did_you_mean(name, [*closed, *known])}")
        record = minutes_of(known[name] if name else place.session())

    def render(kind: str, _: bool) -> str:
        if kind == "json":
            from itgov.report import review_json

            return review_json.minutes(record)
        if kind == "yaml":
            return text_of(record)
        return _markdown(record, linked.portfolio)

    show(options, place, render)


def _verify(arguments: list[str]) -> int:
    parser = Parser(
        "itgov review verify",
        "Whether the minutes of any closed session were changed since, and where.\n\n"
        "Exit codes: 0 all are as they were closed; 1 some are not; 2 it could not be told.",
    )
    add_common(parser)
    options = parse(parser, arguments)
    if isinstance(options, int):
        return options
    sound = []
    code = answer(lambda: sound.append(_print_verified(options)))
    return code or (0 if sound and sound[0] else 1)


def _print_verified(options: argparse.Namespace) -> bool:
    from itgov.files.link import link
    from itgov.report import review_json, review_text
    from itgov.review.chain import verify
    from itgov.rules.govern import minutes_of

    place = seat(options)
    linked = link([], figures.day_of(options), minutes_of(place.repository))
    known = [
        (s.id, s.record, s.hash)
        for s in place.store.sessions()
        if s.state == "closed" and s.record is not None and s.hash is not None
    ]
    found = verify(linked, place.repository.config.paths.reviews, known)

    def render(name: str, _: bool) -> str:
        return review_json.verified(found) if name == "json" else review_text.verified(found)

    show(options, place, render)
    return not found.faults
