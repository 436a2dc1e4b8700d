"""`itgov review decide`: one decision on one item, with the edit of the portfolio that follows."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence

from itgov.cli import figures
from itgov.cli.options import Parser, Stop, as_of
from itgov.cli.review_common import (
    NotListed,
    Seat,
    add_common,
    answer,
    one_item,
    person_named,
    portfolio_of,
    seat,
)
from itgov.cli.terminal import say
from itgov.files.proposal import Proposal
from itgov.files.repository import NoRepository
from itgov.model.minutes import STEPS, VERDICTS, Decision, DecisionKind, Role
from itgov.model.person_names import names_in
from itgov.model.rulebook import RuleInfo
from itgov.model.text import did_you_mean
from itgov.report.plain import plain
from itgov.report.review_json import FileChange
from itgov.review.decide import NEEDS, NO_RULES, conflict_of, standing_edit
from itgov.review.types import AgendaItem, Session

DESCRIPTION = """\
Record a decision on an item of the open session.

ITEM is its number on the agenda, or the id of what it is about; an investment, unit or
manager of the session's unit that is not on the agenda is put on it.
  approve hold challenge escalate stop skip   the decision on the item; the last one counts
  waive      an exception: --rule --reason --until --approved-by
  assign     who answers for it: --owner or --manager
  action     what is to be done: --what --owner --due
  done       an action was done: --action ID
  note       a remark: --reason
  withdraw   take back what was recorded last

TEXT is the reason; of an action, what is to be done; of done, which action.

A second decision on an item that has one needs --replace.  Waive, assign, action, stop and
--next-review edit the portfolio's files at once, unless --no-edit says otherwise; what is
edited is shown.

Exit codes: 0 recorded; 2 it could not be, and nothing was.
"""
_WITHDRAW = "withdraw"
_KINDS = (*VERDICTS, *STEPS, _WITHDRAW)
_TEXT: dict[str, str] = {"action": "what", "done": "action"}
"""Which option a text without one is meant for; the reason for all others."""
_ROLES = {"owner": "owner", "outcome_owner": "owner", "manager": "manager", "relationship_manager": "manager"}  # fmt: skip
_WHY = "decided without being on the agenda"


def run(arguments: list[str]) -> int:
    """Run the verb and return the exit code."""
    parser = Parser("itgov review decide", DESCRIPTION)
    parser.add_argument("item", metavar="ITEM", help="its number or its id")
    parser.add_argument("kind", metavar="DECISION", help=", ".join(_KINDS))
    parser.add_argument("text", nargs="*", metavar="TEXT", help="in place of --reason")
    parser.add_argument("--by", help="who decides (default: the chair)", metavar="PERSON")
    parser.add_argument("--reason", "--note", metavar="TEXT", help="why; or the note itself")
    parser.add_argument("--until", type=as_of, metavar="DATE", help="hold or waive until this day")
    parser.add_argument("--rule", metavar="RULE", help="waive: which rule")
    parser.add_argument(
        "--approved-by", "--approver", help="waive: who approves it", metavar="PERSON"
    )
    parser.add_argument(
        "--owner", help="assign: the outcome owner; action: who does it", metavar="PERSON"
    )
    parser.add_argument("--manager", help="assign: the relationship manager", metavar="PERSON")
    parser.add_argument("--what", metavar="TEXT", help="action: what is to be done")
    parser.add_argument("--due", type=as_of, metavar="DATE", help="action: by when")
    parser.add_argument("--action", metavar="ID", help="done: which action")
    parser.add_argument(
        "--next-review", type=as_of, metavar="DATE", help="the day of its next review"
    )
    parser.add_argument(
        "--seen", type=int, metavar="N", help="the item's revision that this decision is made on"
    )
    parser.add_argument(
        "--replace", action="store_true", help="replace an earlier decision on the item"
    )
    parser.add_argument(
        "--edit",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="edit the portfolio's files at once (default: yes)",
    )
    add_common(parser)
    _decide(parser.parse_args(arguments))
    return 0


def _decide(options: argparse.Namespace) -> None:
    from itgov.report import review_document, review_json

    _understand(options)
    place = seat(options)
    session = place.session()
    item, listed = _item(options, place, session)
    edits: list[FileChange] = []
    if options.kind == _WITHDRAW:
        session, taken = place.recorder().withdraw(item.subject, options.seen)
        if taken.decision.edited:
            say(
                f"The edit of {', '.join(taken.decision.edited)} stays; undo it with git "
                "or by hand."
            )
    else:
        for decision in _decisions(options, session, item):
            session = _record(options, place, session, item, listed, decision, edits)
            listed = True
    number = next(n for n, i in session.on_agenda if i.subject == item.subject)
    shown = [number] if session.at == number else [number, session.at]
    answer(
        options,
        place,
        lambda: review_json.session(session, [number], place.store.notes, edits),
        lambda: review_document.agenda_document(session, shown),
        after=_diffs(edits),
    )


def _understand(options: argparse.Namespace) -> None:
    """Settle what the arguments mean; raise `Stop` where something is missing."""
    kind, words = options.kind, list(options.text)
    if kind.startswith("assign-"):
        kind, words = "assign", [kind.removeprefix("assign-"), *words]
    if kind not in _KINDS:
        near = did_you_mean(kind, _KINDS)
        raise Stop(f"there is no decision `{kind}`{near}; one of {', '.join(_KINDS)}")
    options.kind = kind
    if kind == "assign" and words and words[0].replace("-", "_") in _ROLES:
        _give(options, _ROLES[words[0].replace("-", "_")], words[1:])
    elif kind in (_WITHDRAW, "assign") and words:
        raise Stop(f"`{kind}` takes no text; see `itgov review decide --help`")
    elif words:
        _give(options, _TEXT.get(kind, "reason"), words)
    if kind == "assign" and options.owner is None and options.manager is None:
        raise Stop("assign: name a person with --owner or --manager")
    missing = [
        f"--{name.replace('_', '-')}"
        for name in (NEEDS[kind] if kind not in (_WITHDRAW, "assign") else ())
        if not str(getattr(options, name) or "").strip()
    ]
    if missing:
        named = " and ".join([", ".join(missing[:-1]), missing[-1]] if missing[1:] else missing)
        raise Stop(f"`{kind}` needs {named}")


def _give(options: argparse.Namespace, name: str, words: Sequence[str]) -> None:
    if getattr(options, name) is not None and words:
        raise Stop(f"`{' '.join(words)}` and --{name} are the same option; use one of them")
    setattr(options, name, " ".join(words) or getattr(options, name))


def _item(options: argparse.Namespace, place: Seat, session: Session) -> tuple[AgendaItem, bool]:
    """Return the item that is meant, and whether it is on the agenda already.  Raises `Stop`."""
    try:
        return one_item(session, options.item)[1], True
    except NotListed as problem:
        if options.kind == _WITHDRAW or session.state != "open":
            raise
        try:
            item = place.new_item(options.item, session.date)
        except (Stop, NoRepository):
            raise problem from None
    unit = session.business_unit
    if unit is not None and item.business_unit not in (unit, None):
        raise Stop(
            f"`{options.item}` belongs to {item.business_unit}, and {session.id} is on {unit}; put "
            f"it on the agenda first: `itgov review agenda --add {options.item} --why TEXT`"
        )
    return item, False


def _decisions(options: argparse.Namespace, session: Session, item: AgendaItem) -> list[Decision]:
    """Return what the options say, as decisions; assigning two people is two of them."""
    kind: DecisionKind = options.kind
    common = {"decision": kind, "by": options.by or session.chair, "reason": options.reason}
    if kind == "assign":
        named: list[tuple[Role, str | None]] = [
            ("outcome_owner", options.owner),
            ("relationship_manager", options.manager),
        ]
        return [
            Decision(**common, role=role, to=to, was=getattr(item.answerable, role))
            for role, to in named
            if to is not None
        ]
    given = {
        "until": options.until,
        "rule": options.rule,
        "approved_by": options.approved_by,
        "owner": options.owner,
        "what": options.what,
        "due": options.due,
        "action": options.action,
        "next_review": options.next_review,
        "to": options.manager,
    }
    return [Decision(**common, **given)]


def _record(
    options: argparse.Namespace,
    place: Seat,
    session: Session,
    item: AgendaItem,
    listed: bool,
    decision: Decision,
    shown: list[FileChange],
) -> Session:
    from itgov.review.consequences import Carrying, proposal_of
    from itgov.review.decide import checked, with_people
    from itgov.review.standing import edit_stands

    recorder = place.recorder()
    with place.store.editing():
        linked = portfolio_of(place, session.date)
        people, names = linked.portfolio.people, names_in(linked.portfolio)
        decision = with_people(decision, lambda word: person_named(word, names))
        stood = edit_stands(linked.portfolio, session, item, decision)
        again = options.edit and not stood
        rules: Mapping[str, RuleInfo] = NO_RULES
        if decision.decision == "waive":
            rules = figures.open_repository(str(place.repository.root))[1].info()
        if listed:
            recorder.check(
                item.subject,
                decision,
                people=people,
                rules=rules,
                seen=options.seen,
                replace=options.replace,
                again=again,
            )
        else:
            checked(decision, item, session.date, people, rules)
        conflict = conflict_of(decision, item)
        if conflict is not None:
            say(f"itgov: {conflict}")
        proposal = proposal_of(linked, session, item, decision) if options.edit else None
        with Carrying(place.repository.root, proposal) as carried:
            if not listed:
                recorder.add(item, _WHY)
            session = recorder.decide(
                item.subject,
                carried.noted(decision, stood),
                people=people,
                rules=rules,
                seen=options.seen if listed else None,
                replace=options.replace,
                again=again,
                edits=carried.edits,
            )
    if proposal is not None:
        shown += changes_of(proposal)
        if proposal.note:
            say(f"itgov: {proposal.note}")
    gave_way = standing_edit(item, decision)
    if gave_way is not None:
        say(f"itgov: {gave_way}")
    return session


def changes_of(proposal: Proposal) -> list[FileChange]:
    """Return what a proposal changes, as diffs to be shown."""
    found = []
    for file in proposal.diff():
        sign = {"added": "+", "removed": "-", "context": " ", "gap": "…"}
        found.append(
            FileChange(file.path, [plain(f"{sign[line.kind]}{line.text}") for line in file.lines])
        )
    return found


def _diffs(edits: Sequence[FileChange]) -> str:
    lines = []
    for file in edits:
        lines += ["", f"{plain(file.path)} was edited:", *(f"  {line}" for line in file.diff)]
    return "\n".join(lines) + "\n" if lines else ""
