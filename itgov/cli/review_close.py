"""`itgov review close` and `minutes`: what closing does, and the record of a session."""

from __future__ import annotations

import argparse
import datetime
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from itgov.cli import figures
from itgov.cli.options import Parser, Stop
from itgov.cli.review_common import Seat, add_common, portfolio_of, seat, show
from itgov.cli.terminal import say
from itgov.files.proposal import Proposal
from itgov.model.minutes import Minutes
from itgov.model.person_names import called
from itgov.model.portfolio import Portfolio
from itgov.model.text import plural
from itgov.report.plain import plain
from itgov.review.closing import Closing
from itgov.review.types import Session

_CLOSE = """\
Write the minutes of the open session to reviews/<date>-<unit>.yaml, with a Markdown version
beside it, and close it.  Items without a decision come back.

With --edit (the default) the session's day is recorded as last_reviewed on every investment
that was decided on.  With --commit exactly these files and the session's edits are
committed, never anything else that is staged or changed; on a terminal you are asked.
Where git refuses, the session is closed all the same; --commit later, of the session that
was closed, commits what is left.

With --dry-run all this is shown, and nothing is written, edited or committed.

Exit codes: 0 done; 1 closed, but a recorded edit no longer stands in the files, or cannot be read
there; 2 it could not be closed, or git refused the commit that was asked for.
"""


def run(verb: str, arguments: list[str]) -> int:
    """Run one of the verbs and return the exit code."""
    if verb == "close":
        return _close(arguments)
    return _minutes(arguments)


# -- close ---------------------------------------------------------------------------------


def _close(arguments: list[str]) -> int:
    parser = Parser("itgov review close", _CLOSE)
    parser.add_argument("named", nargs="?", metavar="ID", help="in place of --session")
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
        "--discard", action="store_true", help="discard the session: no minutes, nothing recorded"
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="show what closing does, and do none of it"
    )
    add_common(parser)
    return _finish(parser.parse_args(arguments))


def _agreed_to_discard(session: Session) -> bool:
    """Ask on a terminal whether what is recorded is to be lost; elsewhere --discard is the answer."""
    if not session.recorded or sys.stdin is None or not sys.stdin.isatty():
        return True
    say(
        f"{plural(session.recorded, 'record')} of {session.id} will be lost: decisions, actions, notes."
    )
    sys.stderr.write("Discard them? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


class _Commit(Struct):
    """How committing ended: the commit, or why there is none."""

    id: str | None = None
    branch: str | None = None
    refused: str | None = None
    note: str | None = None


def _finish(options: argparse.Namespace) -> int:
    from itgov.review.close import close, discard, record_days
    from itgov.review.closing import closing, unread_words
    from itgov.review.store import NoSession

    options.session = options.session or options.named
    place = seat(options)
    try:
        session = place.session()
    except NoSession:
        left = _closed_last(place) if options.commit and options.session is None else None
        if left is None:
            raise
        session = left
    if options.dry_run and (options.discard or session.state != "open"):
        raise Stop("--dry-run shows what closing an open session does; nothing was done")
    if options.discard:
        if not _agreed_to_discard(session):
            say("The session stays open.")
            return 0
        discard(place.store, session.id)
        say(f"Session {session.id} was discarded; its edits in the portfolio's files stay.")
        return 0
    if session.state == "closed":
        return _again(options, place, session)
    with place.store.editing():
        linked = portfolio_of(place, session.date)
        folder = place.repository.config.paths.reviews
        planned = closing(place.store.root, linked, session, folder, days=options.edit)
        lost = planned.lost
        for edit in lost:
            say(f"itgov: {edit.says}")
        if options.dry_run:
            for why in planned.left:
                say(f"itgov: {why}")
            _show_planned(options, place, session, linked.portfolio, planned)
            return 1 if lost else 0
        left_out: list[str] = []
        if options.edit:
            session, left_out = record_days(place.store, session, linked)
        for why in (*unread_words(linked), *left_out):
            say(f"itgov: {why}")
        name = session.id
        session, minutes, written = close(
            place.store,
            name,
            folder,
            linked.portfolio.minutes,
            told=lambda minutes: _markdown(minutes, linked.portfolio),
            lost=lost,
        )
    if session.id != name:
        say(f"itgov: there are minutes of another session {name}; these are of {session.id}")
    names = called(linked.portfolio)
    done = _commit(options, place, session, minutes, written, names)
    days = planned.days if options.edit else None
    told = _told(options, place, session, minutes, written, done, days=days, names=names)
    return told or (1 if lost else 0)


def _show_planned(
    options: argparse.Namespace,
    place: Seat,
    session: Session,
    portfolio: Portfolio,
    planned: Closing,
) -> None:
    """Show what closing a session would do."""
    from itgov.report.closing_words import commit_words

    edited = list(
        dict.fromkeys([*(e.path for e in session.edits), *(f.path for f in planned.days.diff())])
    )

    def write_as(name: str, _: bool) -> str:
        if name == "json":
            from itgov.report import review_json

            return review_json.closed(
                session, planned.minutes, planned.written[0], planned.written[-1], edited,
                None, planned.branch, planned.why_not,
            )  # fmt: skip
        lines = [
            f"Closing {plain(session.id)} would write, edit and commit this; nothing was done.",
            *(f"  {words}" for words in _facts(planned.minutes, called(portfolio), planned.days)),
            *(f"would write {plain(path)}" for path in planned.written),
            commit_words(len(planned.commit), planned.branch, planned.why_not),
            *(f"  {plain(path)}" for path in planned.commit),
        ]
        return "\n".join(lines) + "\n"

    show(options, place, write_as)


def _facts(minutes: Minutes, names: Mapping[str, str], days: Proposal | None) -> Iterator[str]:
    """Yield what was decided and who was there, and the days of reviews as a diff."""
    from itgov.cli.review_decide import changes_of
    from itgov.report.closing_words import closing_words

    yield from closing_words(minutes, names)
    for file in changes_of(days) if days is not None else ():
        yield f"{plain(file.path)}, the days of the reviews:"
        yield from (f"  {line}" for line in file.diff)


def _closed_last(place: Seat) -> Session | None:
    """Return the session that was closed last on this machine, if any."""
    closed = [
        s
        for s in place.store.sessions()
        if s.state == "closed" and s.record is not None and place.unit in (None, s.business_unit)
    ]
    return max(closed, key=lambda s: s.closed or "", default=None)


def _again(options: argparse.Namespace, place: Seat, session: Session) -> int:
    """Commit what closing a session has written and could not commit."""
    from itgov.files.git_commit import committed

    portfolio = portfolio_of(place, session.date).portfolio
    record = next((m for m in portfolio.minutes if m.record.review.id == session.id), None)
    if record is None or session.record is None:
        raise Stop(f"the minutes of {session.id} are missing; see `itgov review verify`")
    if not options.commit:
        raise Stop(
            f"session {session.id} is closed already: its minutes are in {session.record}. "
            "Use --commit to commit them"
        )
    written = [session.record, session.record.removesuffix(".yaml") + ".md"]
    written = [path for path in written if (place.store.root / path).is_file()]
    edited = list(dict.fromkeys(e.path for e in session.edits))
    root = place.store.root
    if all(committed(root, p) == (root / p).read_bytes() for p in written):
        say(f"The minutes of {session.id} are committed already.")
        return 0
    session.edits = [
        e for e in session.edits
        if not (root / e.path).is_file() or committed(root, e.path) != (root / e.path).read_bytes()
    ]  # fmt: skip
    names = called(portfolio)
    done = _commit(options, place, session, record.record, written, names)
    return _told(options, place, session, record.record, written, done, edited, names=names)


def _told(
    options: argparse.Namespace,
    place: Seat,
    session: Session,
    minutes: Minutes,
    written: Sequence[str],
    done: _Commit,
    edits: Sequence[str] | None = None,
    *,
    days: Proposal | None = None,
    names: Mapping[str, str],
) -> int:
    """Say what was decided, written and committed; return 2 where a commit was asked for and refused."""
    edited = edits if edits is not None else list(dict.fromkeys(e.path for e in session.edits))

    def write_as(name: str, _: bool) -> str:
        if name == "json":
            from itgov.report import review_json

            return review_json.closed(
                session, minutes, written[0], written[-1], edited,
                done.id, done.branch, done.refused,
            )  # fmt: skip
        first, *more = _facts(minutes, names, days)
        lines = [
            f"Closed {plain(session.id)}: {first}.",
            *more,
            *(f"wrote {plain(path)}" for path in written),
            *(f"edited {plain(name)}" for name in edited),
        ]
        if done.id is not None:
            where = f"on {plain(done.branch)}" if done.branch else "on no branch (HEAD is detached)"
            lines.append(f"committed {done.id[:10]} {where}")
        elif done.refused is not None:
            lines += ["not committed:", *(f"  {plain(s)}" for s in done.refused.split("\n"))]
        return "\n".join(lines) + "\n"

    show(options, place, write_as)
    if done.note is not None:
        say(f"itgov: {done.note}")
    if done.refused is None or not has_git(place.store.root):
        return 0
    say(
        "The session is closed and its minutes are written; commit them later with "
        f"`itgov review close --session {session.id} --commit`"
    )
    return 2 if options.commit else 0


def has_git(root: Path) -> bool:
    """Say whether a folder lies in a git work tree."""
    from itgov.files.git import Git

    return Git(root).top is not None


def _commit(
    options: argparse.Namespace,
    place: Seat,
    session: Session,
    minutes: Minutes,
    written: Sequence[str],
    names: Mapping[str, str],
) -> _Commit:
    from itgov.files.git import GitError
    from itgov.files.git_commit import commit, may_commit
    from itgov.report.closing_words import commit_message
    from itgov.review.committing import ready

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
        message = options.message or commit_message(minutes, names)
        made = commit(root, found.paths, message)
    except GitError as refused:
        return _Commit(refused=str(refused))
    return _Commit(made.id, made.branch, note=made.note)


def _agreed(paths: Sequence[str], branch: str | None) -> bool:
    where = f"to {branch}" if branch else "to a detached HEAD, on no branch"
    say(f"Commit these {where}?\n" + "\n".join(f"  {path}" for path in paths))
    sys.stderr.write("[y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _markdown(minutes: Minutes, portfolio: Portfolio) -> str:
    from itgov.report.minutes_document import minutes_document
    from itgov.report.write_markdown import markdown

    names = called(portfolio)
    units = {name: u.name for name, u in portfolio.units.items()}
    whole = portfolio.organisation.record
    return markdown(minutes_document(minutes, names, units, whole.name or whole.id))


# -- minutes -------------------------------------------------------------------------------


def _minutes(arguments: list[str]) -> int:
    parser = Parser(
        "itgov review minutes",
        "Print the minutes of a closed session, or those that the open one would have.\n"
        "Without ID: of the open one, else of the one that was closed last.",
    )
    parser.add_argument("id", nargs="?", metavar="ID", help="which session")
    add_common(parser, ("text", "json", "yaml"))
    _print_minutes(parser.parse_args(arguments))
    return 0


def _print_minutes(options: argparse.Namespace) -> None:
    from itgov.model.derive_reviews import in_order
    from itgov.model.text import did_you_mean
    from itgov.review.close import minutes_of, text_of

    place = seat(options)
    linked = portfolio_of(place, figures.day_of(options))
    closed = {m.record.review.id: m.record for m in linked.portfolio.minutes}
    name = options.id or options.session
    if name is not None and name.endswith((".yaml", ".md")):  # the record's own path
        name = Path(name).stem
    opened = [s for s in place.store.open_sessions() if options.unit in (None, s.business_unit)]
    if name is None and not opened:
        ordered = in_order(linked.portfolio.minutes, datetime.date.max)
        ended = [m for m in ordered if options.unit in (None, m.review.business_unit)]
        name = ended[-1].review.id if ended else None
    if name in closed:
        record = closed[name]
    else:
        known = {s.id: s for s in opened}
        if name is not None and name not in known:
            raise Stop(f"there are no minutes of `{name}`{did_you_mean(name, [*closed, *known])}")
        from itgov.review.standing import lost_edits

        session = known[name] if name else place.session()
        record = minutes_of(session, lost=lost_edits(linked, session))

    def write_as(kind: str, _: bool) -> str:
        if kind == "json":
            from itgov.report import review_json

            return review_json.minutes(record)
        if kind == "yaml":
            return text_of(record)
        return _markdown(record, linked.portfolio)

    show(options, place, write_as)
