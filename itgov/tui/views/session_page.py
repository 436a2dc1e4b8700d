"""An item of the agenda in full: why it is there, what was said, and what it is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from itgov.files.git_history import CommitDetails
from itgov.model.minutes import tally
from itgov.model.portfolio import InvestmentEntry
from itgov.report.figures import lost, money
from itgov.report.review_words import done_of, is_over, said, spent_minutes
from itgov.review.dossier import Changed, Dossier
from itgov.review.types import AgendaItem, Session
from itgov.tui.state.room import Room
from itgov.tui.views.formatting import SEVERITY_ROLES, finding_line
from itgov.tui.views.item_page import heading, item_lines, unit_lines
from itgov.tui.views.item_tabs import history_lines
from itgov.tui.widgets.styled_text import Cell, Line, Role, Span

_SIGNS: dict[str, tuple[str, Role]] = {
    "approve": ("✓", "ok"), "hold": ("‖", "warning"), "challenge": ("?", "warning"),
    "escalate": ("↑", "error"), "stop": ("■", "error"), "skip": ("»", "muted"),
}  # fmt: skip


def decision_of(item: AgendaItem, entry: InvestmentEntry | None) -> Cell:
    """Return what was decided on an item, with its sign; what was recorded beside a decision, else."""
    verdict = item.verdict
    if verdict is None:
        kinds = dict.fromkeys(done_of(r.decision, item.subject.kind) for r in item.decisions)
        return ((", ".join(kinds), "muted"),) if kinds else ""
    sign, role = _SIGNS.get(verdict.decision, ("", ""))
    done = done_of(verdict, item.subject.kind, is_over(entry))
    return ((f"{sign} {done}".strip(), role),)


def reasons_of(item: AgendaItem) -> str:
    """Return why an item is on the agenda, in a few words."""
    kinds = dict.fromkeys(r.why.replace("_", " ").replace("-", " ") for r in item.reasons)
    return ", ".join(kinds)


def no_session_lines(room: Room, key: str, waiting: Sequence[Session]) -> list[Line]:
    """Return what to do where no session is open in this room; `waiting` are open in the repository."""
    if waiting:
        what = "continue one of them, or open another session on the whole portfolio or one business unit."
        lines: list[Line] = [
            (("No review session is open in this room.", "strong"),),
            (),
            heading("Open sessions", f"{len(waiting)}"),
            *(((f"  {s.id}", ""), (f"  {s.tally.says}", "muted")) for s in waiting),
        ]
    else:
        what = (
            "open a session, on the whole portfolio or one business unit, with an agenda of items that "
            "need a decision: mandatory rules, then most points."
        )
        lines = [(("No review session is open.", "strong"),)]
    kept = (
        "A session is saved after every key: it continues after a crash, on another terminal, or after a "
        "lost connection. Closing it writes minutes into the repository."
    )
    lines += [(), ((f"{key} ", "key"), (what, "")), (), ((kept, "muted"),)]
    minutes = sorted(room.portfolio.minutes, key=lambda m: m.record.review.date, reverse=True)
    if minutes:
        lines += [(), heading("Closed sessions", f"{len(minutes)}")]
        for entry in minutes[:20]:
            review, items = entry.as_now.review, entry.record.items
            chair = f", {room.person(review.chair)} as chair" if review.chair else ""
            lines.append(
                ((f"  {review.date}  {review.business_unit or 'all units'}", ""), (f"  {tally(i.decisions for i in items).says}{chair}", "muted"))
            )  # fmt: skip
    return lines


Changes = Sequence[tuple[Changed, CommitDetails | None]]


def dossier_lines(room: Room, dossier: Dossier, changes: Changes = ()) -> list[Line]:
    """Return everything that is needed to decide on an item; `changes` is what git knows of it."""
    item = dossier.item
    lines: list[Line] = [heading("Why it is here")]
    for reason in item.reasons:
        role: Role = SEVERITY_ROLES[reason.severity] if reason.severity is not None else "warning"
        lines.append((("  • ", role), (reason.says, "")))
    if item.points or item.money:
        stake = (
            f"{lost(item.points)} points of health, {money(item.money)} {room.currency} of spend"
        )
        lines.append((("  at stake: ", "muted"), (stake, "")))
    lines += _decisions(room, dossier)
    lines += _earlier(room, dossier)
    listed = room.items.get(item.subject.id)
    if dossier.entry is not None and listed is not None:
        lines += [(), heading(f"{listed.id}  {listed.title}")]
        lines += item_lines(room, listed)
        told = history_lines(changes)
        lines += [(), *told] if told else []
        return lines
    if dossier.findings:
        lines += [(), heading("Findings")]
        for finding in dossier.findings:
            lines.append(finding_line(finding))
            lines.append(((f"    {finding.path}:{finding.line}", "muted"),))
    if dossier.unit is not None and item.subject.kind == "business_unit":
        lines += [(), *unit_lines(room, dossier.unit)]
    return lines


def names_of(room: Room) -> dict[str, str]:
    """Return people's names by id."""
    return {i: p.name for i, p in room.portfolio.people.items()}


def _decisions(room: Room, dossier: Dossier) -> Iterator[Line]:
    item = dossier.item
    if not item.decisions:
        return
    yield ()
    yield heading("Decisions", spent_minutes(item.seconds))
    for recorded in item.decisions:
        words = said(recorded.decision, names_of(room), item.subject.kind, is_over(dossier.entry))
        edited: Sequence[str] = recorded.decision.edited
        note = f"  edited {', '.join(edited)}" if edited else ""
        sign, role = _SIGNS.get(recorded.decision.decision, ("•", ""))
        yield ((f"  {sign} ", role), (words, ""), (note, "muted"))


def _earlier(room: Room, dossier: Dossier) -> Iterator[Line]:
    names = names_of(room)
    if dossier.last is not None:
        review = dossier.last.minutes.review
        yield ()
        yield heading("Last time", f"{review.date}, {review.id}")
        about = dossier.item.subject.kind
        told = said(dossier.last.verdict, names, about, is_over(dossier.entry))
        yield (("  ", ""), (told, ""))
    known = dossier.open_actions
    if known:
        yield ()
        yield heading("Open actions", f"{len(known):,}")
        for name, what, owner, due in known:
            late = due is not None and due < room.today
            mark: Span = ("  overdue ", "error") if late else ("  ", "")
            who = f" ({room.person(owner) or 'no owner'}, {f'due {due}' if due else 'no date'})"
            yield (mark, (what or "", ""), (who, ""), (f"  {name}", "muted"))
