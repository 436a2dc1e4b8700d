"""Opens a review session, shows what others record in it, closes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from itgov.model.text import plural
from itgov.tui.edits.asking import waits_for_answers

if TYPE_CHECKING:
    from itgov.files.proposal import Proposal
    from itgov.review.types import AgendaItem, Session
    from itgov.tui.room_app import RoomApp
    from itgov.tui.state.closing import Closed
    from itgov.tui.state.open_session import OpenSession
    from itgov.tui.state.room import Room
    from itgov.tui.widgets.styled_text import Line

_WHOLE = "all units"
"""What a session on the whole portfolio is called where a unit is asked for."""


class SessionActions:
    """Opens a session, shows what others record in it, closes it."""

    def __init__(self, home: RoomApp) -> None:
        self.home = home
        self.meeting: OpenSession | None = None
        """The session that is open in the room, if any."""

    # -- what is there -------------------------------------------------------------------------

    def continue_session(self, room: Room) -> None:
        """Go on with the session that is open in the repository, if there is just one; else say so."""
        if self.meeting is not None or room.sample or not (room.root / ".itgov").is_dir():
            return
        from itgov.tui.state.open_session import TROUBLE, OpenSession, open_sessions

        try:
            found = open_sessions(room.root)
            if len(found) == 1:
                self.meeting = OpenSession(room, found[0].id)
                key = self.home.keys.shown("show-session")
                self.home.say(f"review session {found[0].id} is open; {key} continues it")
            elif found:
                key = self.home.keys.shown("meet")
                self.home.say(f"{len(found)} review sessions are open; {key} chooses one of them")
            for note in self.meeting.notes if self.meeting is not None else ():
                self.home.say(note, "warning")
        except TROUBLE as problem:
            self.home.say(str(problem), "error")

    def store_stamp(self) -> tuple[int, int] | None:
        """Return what differs after every change of the sessions kept in the repository."""
        from itgov.review.store import ReviewStore

        room = self.home.room
        return ReviewStore(room.root).stamp() if room is not None and not room.sample else None

    def waiting(self) -> list[Session]:
        """Return the sessions that are open in the repository, whichever room opened them."""
        from itgov.tui.state.open_session import TROUBLE, open_sessions

        room = self.home.room
        if room is None or self.store_stamp() is None:
            return []
        try:
            return open_sessions(room.root)
        except TROUBLE as problem:
            self.home.say(str(problem), "error")
            return []

    def show_others_records(self) -> None:
        """Show what others have recorded."""
        from itgov.tui.state.open_session import TROUBLE

        meeting = self.meeting
        if meeting is None:
            return
        try:
            records = meeting.reload()
        except TROUBLE as problem:
            self.home.say(str(problem), "error")
            return
        if records:
            self.home.say("; ".join(records), "warning")
        if meeting.session.state != "open":
            self.meeting = None
        self.show_again()

    def go_to_item(self, number: int) -> None:
        """Be on an item of the agenda: the time is its own from now on."""
        from itgov.tui.state.open_session import TROUBLE

        if self.meeting is None:
            return
        try:
            self.meeting.go_to(number)
        except TROUBLE as problem:
            self.home.say(str(problem), "error")

    def show_again(self) -> None:
        """Show what the session has come to."""
        home = self.home
        view = home.navigation.view
        if home.room is not None and view is not None:
            view.show(home.room)
        home.draw_bars()

    def item(self) -> tuple[OpenSession, AgendaItem] | None:
        """Return the session and the item that the cursor is on."""
        from itgov.tui.views.session import SessionView

        view = self.home.navigation.view
        if self.meeting is None or not isinstance(view, SessionView) or view.item is None:
            return None
        return self.meeting, view.item

    def note_edit(self, proposal: Proposal, back: bool = False) -> None:
        """Let the session keep that the room has edited a file, so that its commit takes it."""
        from itgov.tui.state.open_session import TROUBLE

        if self.meeting is None:
            return
        try:
            self.meeting.edited(proposal, back)
        except TROUBLE as problem:
            self.home.say(str(problem), "error")

    # -- opening ---------------------------------------------------------------------------------

    @waits_for_answers
    async def do_meet(self) -> None:
        """Open a review session, or go on with one that is open."""
        from itgov.tui.state.open_session import TROUBLE, OpenSession

        home = self.home
        if home.room is None:
            return
        try:
            if self.meeting is None or home.navigation.view_name == "session":
                which = await self._which()
                if which is None:
                    return
                if which and (self.meeting is None or self.meeting.session.id != which):
                    self.meeting = OpenSession(home.room, which)
                elif not which and not await self._begin_meeting():
                    return
        except TROUBLE as problem:
            home.say(str(problem), "error")
            return
        await home.navigation.show_view("session")
        self.show_again()

    async def _which(self) -> str | None:
        """Ask which of the open sessions is meant; nothing for a new one, None to leave it."""
        from itgov.tui.dialogs.picker import NAMES, Choice, choice_picker
        from itgov.tui.state.open_session import open_sessions

        room = self.home.room
        found = open_sessions(room.root) if room is not None else []
        if not found:
            return ""
        choices = [
            Choice(
                s.id,
                f"continue {s.id}: {s.tally.says}",
                (s.id, s.business_unit or ""),
            )
            for s in found
        ]
        choices.append(Choice("", "open another session", ("new",)))
        current = self.meeting.session.id if self.meeting is not None else found[0].id
        return await self.home.push_screen_wait(
            choice_picker("Open review sessions", choices, NAMES, current=current)
        )

    def _unit_at_hand(self) -> str | None:
        """Return the unit that is shown or selected; None where all of them are."""
        from itgov.tui.views.portfolio import PortfolioView

        view = self.home.navigation.view
        if isinstance(view, PortfolioView):  # an item of all units is selected there too
            return view.unit
        chosen = self.home.navigation.selection()
        return chosen.unit if chosen is not None else None

    async def _begin_meeting(self) -> bool:
        """Open a new session; return whether it was.  Raises one of `TROUBLE`."""
        from itgov.tui.dialogs.form import Ask, Form
        from itgov.tui.dialogs.people import people
        from itgov.tui.state.open_session import OpenSession

        home = self.home
        room = home.room
        if room is None:
            return False
        unit = self._unit_at_hand()
        asks = (
            Ask(id="unit", label="business unit", kind="choice", choices=(_WHOLE, *room.portfolio.units), names=room.unit_labels, value=unit or _WHOLE),
            Ask(id="chair", label="chair", kind="person", optional=True),
            Ask(id="present", label="present", kind="people", optional=True),
        )  # fmt: skip
        given = await home.push_screen_wait(
            Form("Open a review session", asks, people(room, unit), room.today)
        )
        if given is None or home.room is None:
            return False
        present = [p for p in given["present"].split(",") if p]
        self.meeting = OpenSession.begin(
            home.room,
            None if given["unit"] == _WHOLE else given["unit"],
            given["chair"] or None,
            present,
        )
        count = len(self.meeting.session.items)
        key = home.keys.shown("put")
        nothing = f"no item needs a decision; {key} adds the selected item to the agenda"
        home.say(f"{plural(count, 'item')} on the agenda" if count else nothing, "ok")
        return True

    # -- closing ---------------------------------------------------------------------------------

    @waits_for_answers
    async def do_close_session(self) -> None:
        """Close the session: minutes, and a commit if that is wanted."""
        from itgov.tui.state.closing import close_session
        from itgov.tui.state.open_session import TROUBLE

        home, meeting = self.home, self.meeting
        if meeting is None:
            return
        try:
            await home.updates.until_read()  # what was just edited is among what closing does
            if home.room is not None:
                meeting.take(home.room)
            meeting.reload()
            how = await self._how_to_close(meeting)
            if how is None:
                home.say("the session stays open")
                return
            if how == "discard":
                if not await self._agreed_to_discard(meeting):
                    home.say("the session stays open")
                    return
                name = meeting.session.id  # what is kept of it has another
                meeting.discard()
                self.meeting = None
                home.say(f"{name} was discarded; its edits of files stay", "ok")
                self.show_again()
                return
            closed = close_session(meeting)
        except TROUBLE as problem:
            home.say(str(problem), "error")
            return
        self.meeting = None
        home.say(f"closed; wrote {', '.join(closed.written)}", "ok")
        home.updates.reload()
        self.show_again()
        await self._offer_commit(meeting, closed)

    async def _how_to_close(self, meeting: OpenSession) -> str | None:
        """Show what closing does, and the minutes if that is wanted; return the answer.

        What has changed meanwhile is shown before it is done.
        """
        from itgov.tui.dialogs.closing import CHANGED_MEANWHILE, ClosingDialog
        from itgov.tui.dialogs.notes import Notes
        from itgov.tui.state.closing import closing_of, minutes_preview
        from itgov.tui.views.session_page import names_of

        found, names = closing_of(meeting), names_of(meeting.room)
        note = ""
        while True:
            dialog = ClosingDialog(found, names, git=meeting.room.git, note=note)
            answer: str | None = await self.home.push_screen_wait(dialog)
            if answer == "close":
                if self.home.room is not None:
                    meeting.take(self.home.room)
                meeting.reload()
                shown, found = found, closing_of(meeting)
                if not found.does_the_same(shown):
                    note = CHANGED_MEANWHILE
                    continue
            if answer != "minutes":
                return answer
            told = minutes_preview(meeting, found.minutes)
            title = f"Minutes of {meeting.session.id}, as they would be"
            await self.home.push_screen_wait(Notes(title, told))

    async def _agreed_to_discard(self, meeting: OpenSession) -> bool:
        """Ask whether what is recorded is to be lost; where nothing is, there is nothing to ask."""
        from itgov.tui.dialogs.notes import Notes

        meeting.reload()
        count = meeting.session.recorded
        if not count:
            return True
        lines: list[Line] = [
            ((f"{plural(count, 'record')} of this session will be lost: decisions, actions, notes.", "warning"),),
            (("No minutes are written. Edits of files stay.", ""),),
        ]  # fmt: skip
        title = f"Discard {meeting.session.id}?"
        wanted: bool | None = await self.home.push_screen_wait(Notes(title, lines, yes="discard"))
        return bool(wanted)

    async def _offer_commit(self, meeting: OpenSession, closed: Closed) -> None:
        """Show what was written, and commit just that if it is wanted."""
        from itgov.files.git import GitError
        from itgov.tui.dialogs.notes import session_closed
        from itgov.tui.state.closing import commit_session

        home = self.home
        git = home.room is not None and home.room.git
        notes = list(closed.notes)
        if git and closed.why_not:
            notes.append(closed.why_not)
        if not git and not notes:
            return
        where = f" to {closed.branch}" if closed.branch else " to a detached HEAD"
        title = f"{closed.session.id} is closed"
        ready = closed.commit if git else ()
        if not await home.push_screen_wait(
            session_closed(title, closed.written, ready, where, notes)
        ):
            return
        try:
            made = commit_session(meeting, closed)
        except GitError as refused:
            again = f"commit later with `itgov review close --session {closed.session.id} --commit`"
            home.say(f"not committed: {refused}", "error")
            await home.push_screen_wait(
                session_closed(title, closed.written, (), "", [str(refused), "", again])
            )
            return
        home.say(f"committed {made.id[:10]}" + (f"; {made.note}" if made.note else ""), "ok")
        home.updates.reload()
