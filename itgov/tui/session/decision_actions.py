"""Decisions of a review session: what is asked, and what is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from itgov.report.review_words import done_of, verb_of
from itgov.tui.edits.asking import waits_for_answers

if TYPE_CHECKING:
    from itgov.files.proposal import Proposal
    from itgov.model.minutes import Decision, DecisionKind, Role
    from itgov.review.types import AgendaItem
    from itgov.tui.dialogs.form import Ask
    from itgov.tui.room_app import RoomApp
    from itgov.tui.session.session_actions import SessionActions
    from itgov.tui.state.open_session import OpenSession


class Decisions:
    """Deciding in a session."""

    def __init__(self, home: RoomApp, session_actions: SessionActions) -> None:
        self.home = home
        self.session_actions = session_actions

    # -- deciding --------------------------------------------------------------------------------

    def do_decide(self) -> None:
        """Show what can be decided on the item, by letters that mean nothing outside the dialog."""
        from itgov.tui.dialogs.decide import decisions_menu, offered

        found = self.session_actions.item()
        if found is None:
            return
        meeting, item = found
        dossier = meeting.dossier(meeting.session.items.index(item) + 1)
        menu = decisions_menu(dossier, offered(dossier, meeting.room.rules))
        self.home.ask(menu, self.home.carry_out)

    @waits_for_answers
    async def do_approve(self) -> None:
        """Approve the item."""
        await self._decide("approve")

    @waits_for_answers
    async def do_skip(self) -> None:
        """Skip the item: no decision."""
        await self._decide("skip")

    @waits_for_answers
    async def do_hold(self) -> None:
        """Hold the item: it comes back."""
        await self._ask("hold")

    @waits_for_answers
    async def do_challenge(self) -> None:
        """Challenge the item."""
        await self._ask("challenge")

    @waits_for_answers
    async def do_escalate(self) -> None:
        """Escalate the item: it stays visible until it is answered."""
        await self._ask("escalate")

    @waits_for_answers
    async def do_stop(self) -> None:
        """Stop the investment."""
        await self._ask("stop")

    @waits_for_answers
    async def do_note(self) -> None:
        """Write a note."""
        await self._ask("note")

    @waits_for_answers
    async def do_decide_waive(self) -> None:
        """Waive a finding of the item."""
        from itgov.tui.dialogs.decide import waivable
        from itgov.tui.dialogs.form import Ask
        from itgov.tui.edits.questions import WAIVER

        found = self.session_actions.item()
        if found is None:
            return
        meeting, item = found
        number = meeting.session.items.index(item) + 1
        rules = waivable(meeting.dossier(number), meeting.room.rules)
        if not rules:
            self.home.say("waive: no finding that can be waived", "warning")
            return
        await self._ask(
            "waive",
            Ask(id="rule", label="rule", kind="choice", choices=rules, value=rules[0]),
            *WAIVER,
        )

    @waits_for_answers
    async def do_decide_action(self) -> None:
        """Agree an action on the item."""
        await self._ask("action")

    @waits_for_answers
    async def do_done(self) -> None:
        """Say which of the item's open actions is done."""
        from itgov.model.minutes import Decision
        from itgov.tui.dialogs.picker import NAMES, Choice, choice_picker

        found = self.session_actions.item()
        if found is None:
            return
        meeting, item = found
        dossier = meeting.dossier(meeting.session.items.index(item) + 1)
        known = dossier.open_actions
        if not known:
            self.home.say("done: no open action", "warning")
            return
        choices = [
            Choice(name, f"{what} ({meeting.room.person(owner) or 'no owner'}, due {due or '?'})", (what or "", owner or "", name))
            for name, what, owner, due in known
        ]  # fmt: skip
        title = f"Done, of {item.title or item.subject.id}"
        name = await self.home.push_screen_wait(choice_picker(title, choices, NAMES))
        if name is not None:
            by = meeting.chair
            await self._record(meeting, item, Decision(decision="done", action=name, by=by))

    @waits_for_answers
    async def do_assign_owner(self) -> None:
        """Assign the outcome owner."""
        await self._assign("outcome_owner", "Outcome owner", managers_first=False)

    @waits_for_answers
    async def do_assign_manager(self) -> None:
        """Assign the relationship manager."""
        await self._assign("relationship_manager", "Relationship manager", managers_first=True)

    async def _assign(self, role: Role, words: str, *, managers_first: bool) -> None:
        from itgov.model.minutes import Decision
        from itgov.tui.dialogs.people import people, person_picker

        found = self.session_actions.item()
        if found is None:
            return
        meeting, item = found
        was = getattr(item.answerable, role)
        choices = people(meeting.room, item.business_unit, managers_first)
        picker = person_picker(f"{words} of {item.title}", choices, current=was)
        to = await self.home.push_screen_wait(picker)
        if to is not None:
            by = meeting.chair
            await self._record(
                meeting, item, Decision(decision="assign", role=role, to=to, was=was, by=by)
            )

    async def _decide(self, kind: DecisionKind) -> None:
        from itgov.model.minutes import Decision

        found = self.session_actions.item()
        if found is None:
            return
        meeting, item = found
        await self._record(meeting, item, Decision(decision=kind, by=meeting.chair))

    async def _ask(self, kind: DecisionKind, *asks: Ask) -> None:
        from itgov.model.minutes import Decision
        from itgov.tui.dialogs.form import Form
        from itgov.tui.dialogs.people import people
        from itgov.tui.edits.questions import ASKED
        from itgov.tui.state.open_session import dated

        found = self.session_actions.item()
        if found is None:
            return
        meeting, item = found
        choices = people(meeting.room, item.business_unit)
        title = f"{verb_of(kind, item.subject.kind).capitalize()}: {item.title or item.subject.id}"
        form = Form(title, asks or ASKED[kind], choices, meeting.room.today)
        given = await self.home.push_screen_wait(form)
        if given is not None:
            by = meeting.chair
            await self._record(meeting, item, dated(Decision(decision=kind), by, **given))

    async def _record(self, meeting: OpenSession, item: AgendaItem, decision: Decision) -> None:
        """Record a decision, its edit shown first; ask where somebody else was quicker.

        Where the file has changed since it was read, the edit is made anew on what it says now.
        """
        from itgov.tui.edits.questions import MADE_ANEW
        from itgov.tui.state.open_session import TROUBLE, ChangedMeanwhile, Overtaken

        home = self.home
        note = ""
        while True:
            try:
                warning = meeting.check(item, decision)
                proposal = meeting.proposal(item, decision)
                if proposal is not None and await home.updates.until_read():
                    if home.room is not None:
                        meeting.take(home.room)
                    continue
                if not await self._agreed(proposal, note):
                    home.say("nothing recorded")
                    return
                edited = meeting.decide(item, decision, proposal)
            except ChangedMeanwhile:
                note = MADE_ANEW
                await home.updates.read_now()
                if home.room is not None:
                    meeting.take(home.room)
                continue
            except Overtaken as overtaken:
                self.session_actions.show_others_records()
                home.say(str(overtaken), "warning")
                return
            except TROUBLE as problem:
                home.say(str(problem), "error")
                return
            break
        home.say(self._receipt(meeting, item, warning), "warning" if warning else "ok")
        self.session_actions.show_again()
        if edited:
            home.updates.reload()

    def _receipt(self, meeting: OpenSession, item: AgendaItem, warning: str | None) -> str:
        """Return what was recorded, what to warn of, and the keys that go on or take it back."""
        now = next(i for i in meeting.session.items if i.subject == item.subject)
        done = done_of(now.decisions[-1].decision, item.subject.kind)
        following, undo = (self.home.keys.shown(k) for k in ("item-after", "undo"))
        ways = [f"{following} next item" if following else "", f"{undo} undoes it" if undo else ""]
        said = [
            f"{done}: {item.title or item.subject.id}",
            warning or "",
            ", ".join(filter(None, ways)),
        ]
        return "; ".join(filter(None, said))

    async def _agreed(self, proposal: Proposal | None, note: str) -> bool:
        """Show an edit, if there is one; return whether it is to be written."""
        from itgov.tui.edits.shown_edit import ShownEdit

        room = self.home.room
        if proposal is None or proposal.is_empty or room is None:
            return True
        return await ShownEdit(self.home, room, proposal, note).agreed()

    def do_withdraw(self) -> None:
        """Take back what was recorded last on the item."""
        from itgov.tui.state.open_session import TROUBLE

        found = self.session_actions.item()
        if found is None:
            return
        meeting, item = found
        try:
            taken, stays = meeting.withdraw(item)
        except TROUBLE as problem:
            self.home.say(str(problem), "error")
            return
        where = ", ".join(taken.edited)
        left = f"; {stays}" if stays else f", and its edit of {where} undone"
        verb = verb_of(taken.decision, item.subject.kind)
        self.home.say(f"withdrawn: {verb}{left if where else ''}", "warning" if stays else "ok")
        self.session_actions.show_again()
        if where and not stays:
            self.home.updates.reload()
