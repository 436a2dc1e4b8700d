"""`itgov review`: a review meeting from the command line, from its agenda to its minutes."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable

from itgov.cli.figures import day_of
from itgov.cli.options import Parser, Stop
from itgov.cli.review_common import (
    Seat,
    add_common,
    answer,
    governed_agenda,
    one_item,
    person_named,
    seat,
    show,
)
from itgov.cli.terminal import fail, say, write
from itgov.model.person_names import names_in
from itgov.model.text import did_you_mean
from itgov.review.types import Session

VERBS = {
    "start": "open a session with an agenda of what needs a decision",
    "agenda": "show the agenda, or edit it; without a session, what it would be",
    "decide": "record a decision, an action or a note on an item",
    "go": "go to an item, or `back`",
    "status": "which sessions are open, and who decided what",
    "close": "write the minutes, and commit them if wanted",
    "minutes": "print the minutes of a session",
    "verify": "show whether closed minutes were changed, and where",
}

USAGE = """\
usage: itgov review COMMAND [OPTION...]

Run a review meeting: what needs a decision, what was decided, by whom, why, what is due.

{verbs}

`itgov review COMMAND --help` explains a command.

Exit codes: 0 done; 1 verify found a record that was changed; 2 the work could not be done.
"""


def run(arguments: list[str]) -> int:
    """Run the verb and return the exit code."""
    first = arguments[0] if arguments else "--help"
    if first in ("-h", "--help", "help"):
        lines = "\n".join(f"  {verb:<9}{words}" for verb, words in VERBS.items())
        write(USAGE.format(verbs=lines))
        return 0 if arguments else 2
    if first not in VERBS:
        near = did_you_mean(first, VERBS, ".")
        return fail(f"review: there is no command `{first}`{near} See `itgov review --help`.")
    if first == "verify":
        module = importlib.import_module("itgov.cli.review_verify")
        return int(module.run(arguments[1:]))
    if first in ("close", "minutes"):
        module = importlib.import_module("itgov.cli.review_close")
        return int(module.run(first, arguments[1:]))
    if first == "decide":
        module = importlib.import_module("itgov.cli.review_decide")
        return int(module.run(arguments[1:]))
    work: dict[str, Callable[[list[str]], int]] = {
        "start": _start,
        "agenda": _agenda,
        "go": _go,
        "status": _status,
    }
    return work[first](arguments[1:])


# -- start ---------------------------------------------------------------------------------


def _start(arguments: list[str]) -> int:
    parser = Parser("itgov review start", "Open a review session with an agenda.")
    parser.add_argument("named", nargs="?", metavar="UNIT", help="in place of --unit")
    parser.add_argument("--unit", metavar="UNIT", help="one business unit (default: all)")
    parser.add_argument(
        "--chair", metavar="PERSON", help="who chairs: an id, a name or its beginning"
    )
    parser.add_argument(
        "--present",
        nargs="+",
        action="extend",
        metavar="PERSON",
        default=[],
        help="who takes part, with blanks or commas between them",
    )
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N items")
    add_common(parser, unit=False)
    _open(parser.parse_args(arguments))
    return 0


def _open(options: argparse.Namespace) -> None:
    from itgov.report import review_document, review_json
    from itgov.review.recorder import start

    if options.named is not None and options.unit not in (None, options.named):
        raise Stop(f"`{options.named}` and --unit {options.unit} are two units; use one of them")
    options.unit = options.unit or options.named
    place = seat(options)
    options.present = [p for word in options.present for p in word.split(",") if p]
    found = governed_agenda(place, day_of(options), options.unit)
    if options.limit is not None:
        if options.limit < 1:
            raise Stop("`--limit` is at least 1")
        found.agenda.items = found.agenda.items[: options.limit]
    portfolio = found.linked.portfolio
    names = names_in(portfolio)
    options.chair = person_named(options.chair, names) if options.chair is not None else None
    options.present = [person_named(person, names) for person in options.present]
    taken = [m.record.review.id for m in portfolio.minutes]
    session = start(
        place.store,
        found.agenda,
        day_of(options),
        options.unit,
        options.chair,
        options.present,
        taken=taken,
    )
    if options.chair is None:
        say("The session has no chair: name who decides with `review decide --by PERSON`.")
    answer(
        options,
        place,
        lambda: review_json.session(session, notes=place.store.notes),
        lambda: review_document.agenda_document(session),
    )


# -- agenda --------------------------------------------------------------------------------


def _agenda(arguments: list[str]) -> int:
    description = (
        "Show the agenda of the open session, or edit it.  Where no session is open, show what\n"
        "the agenda of one would be."
    )
    parser = Parser("itgov review agenda", description)
    parser.add_argument(
        "--unit", metavar="UNIT", help="the session on this unit, or what its agenda would be"
    )
    parser.add_argument("--item", metavar="ITEM", help="only this item, with every reason")
    edit = parser.add_mutually_exclusive_group()
    edit.add_argument("--add", metavar="SUBJECT", help="an id, or kind:id, to put on the agenda")
    edit.add_argument("--drop", metavar="ITEM", help="an item to take off the agenda")
    edit.add_argument("--move", metavar="ITEM", help="an item to move to the place --to")
    parser.add_argument("--why", metavar="TEXT", help="with --add: the reason in words")
    parser.add_argument("--to", type=int, metavar="N", help="with --move: the place")
    add_common(parser, unit=False)
    _show_agenda(parser.parse_args(arguments))
    return 0


def _show_agenda(options: argparse.Namespace) -> None:
    from itgov.report import review_document, review_json

    place = seat(options)
    edits = options.add or options.drop or options.move
    if options.session is None and not edits and not options.item:
        known = [s for s in place.store.open_sessions() if options.unit in (None, s.business_unit)]
        if not known or (options.unit is not None and options.as_of is not None):
            found = governed_agenda(place, day_of(options), options.unit)
            items, since = found.agenda.items, found.agenda.since
            return answer(
                options,
                place,
                lambda: review_json.preview(items, place.store.notes),
                lambda: review_document.preview_document(items, options.unit, since),
            )
    session = place.session()
    if edits:
        session = _edit_agenda(options, place)
    only = [one_item(session, options.item)[0]] if options.item else None
    return answer(
        options,
        place,
        lambda: review_json.session(session, only, place.store.notes),
        lambda: review_document.agenda_document(session, only, detail=bool(options.item)),
    )


def _edit_agenda(options: argparse.Namespace, place: Seat) -> Session:
    session, recorder = place.session(), place.recorder()
    if options.drop:
        return recorder.drop(one_item(session, options.drop)[1].subject)
    if options.move:
        if options.to is None:
            raise Stop("--move needs --to: the place on the agenda, from 1")
        return recorder.move(one_item(session, options.move)[1].subject, options.to)
    if not (options.why or "").strip():
        raise Stop("--add needs --why: the reason in words")
    return recorder.add(place.new_item(options.add, session.date), options.why.strip())


# -- go, status ----------------------------------------------------------------------------


def _go(arguments: list[str]) -> int:
    parser = Parser("itgov review go", "Go to an item of the agenda, or `back` to the one before.")
    parser.add_argument("item", metavar="ITEM", help="its number, its id, or `back`")
    add_common(parser)
    _go_to(parser.parse_args(arguments))
    return 0


def _go_to(options: argparse.Namespace) -> None:
    from itgov.report import review_document, review_json

    place = seat(options)
    recorder = place.recorder()
    if options.item == "back":
        session = recorder.back()
    else:
        session = recorder.go_to(one_item(place.session(), options.item)[0])
    answer(
        options,
        place,
        lambda: review_json.session(session, [session.at], place.store.notes),
        lambda: review_document.agenda_document(session, [session.at], detail=True),
    )


def _status(arguments: list[str]) -> int:
    parser = Parser("itgov review status", "Which sessions are open, and who decided what.")
    parser.add_argument("named", nargs="?", metavar="ID", help="in place of --session")
    parser.add_argument("--all", action="store_true", help="closed and discarded ones as well")
    add_common(parser)
    _show_status(parser.parse_args(arguments))
    return 0


def _show_status(options: argparse.Namespace) -> None:
    from itgov.report import review_document, review_json
    from itgov.report.write_terminal import terminal

    options.session = options.session or options.named
    place = seat(options)
    known = [s for s in place.store.sessions() if options.all or s.state == "open"]
    named = options.session or options.unit
    only = place.session() if named or (len(known) == 1 and not options.all) else None

    def write_as(name: str, color: bool) -> str:
        if only is None:
            if name == "json":
                return review_json.status(known, None, (), place.store.notes)
            return terminal(review_document.sessions_document(known))
        touched = [n for n, i in only.on_agenda if i.decisions or n == only.at]
        if name == "json":
            return review_json.status(known, only, touched, place.store.notes)
        return terminal(review_document.agenda_document(only, touched), color=color)

    show(options, place, write_as)
