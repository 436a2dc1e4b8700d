"""The chair's part of a review session, for the room's app: open it, hear others, close it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work

if TYPE_CHECKING:
    from itgov.review.types import Item
    from itgov.tui.app import ReviewRoom
    from itgov.tui.meeting import Meeting
    from itgov.tui.room import Room


class ChairActions:
    """Opening a session, hearing what others record in it, closing it."""

    meeting: Meeting | None = None

    @property
    def _seat(self) -> ReviewRoom:
        from itgov.tui.app import ReviewRoom

        assert isinstance(self, ReviewRoom)
        return self

    # -- what is there -------------------------------------------------------------------------

    def sit_down(self, room: Room) -> None:
        """Go on with the session that is open in the repository, if there is just one."""
        from itgov.tui.meeting import TROUBLE, Meeting, open_sessions

        if self.meeting is not None or room.sample or not (room.root / ".itgov").is_dir():
            return
        try:
            found = open_sessions(room.root)
            if len(found) == 1:
                self.meeting = Meeting(room, found[0].id)
                key = self._seat.keys.shown("show-session")
                self._seat.say(f"review session {found[0].id} is open; {key} goes on with it")
            for note in self.meeting.notes if self.meeting is not None else ():
                self._seat.say(note, "warning")
        except TROUBLE as problem:
            self._seat.say(str(problem), "error")

    def hear_news(self) -> None:
        """Show what others have recorded."""
        from itgov.tui.meeting import TROUBLE

        meeting = self.meeting
        if meeting is None:
            return
        try:
            news = meeting.look()
        except TROUBLE as problem:
            self._seat.say(str(problem), "error")
            return
        if news:
            self._seat.say("; ".join(news), "warning")
        if meeting.session.state != "open":
            self.meeting = None
        self._show_again()

    def be_on(self, number: int) -> None:
        """Be on an item of the agenda: the time is its own from now on."""
        from itgov.tui.meeting import TROUBLE

        if self.meeting is None:
            return
        try:
            self.meeting.go_to(number)
        except TROUBLE as problem:
            self._seat.say(str(problem), "error")

    def _show_again(self) -> None:
        seat = self._seat
        view = seat.view
        if seat.room is not None and view is not None:
            view.show(seat.room)
        seat.draw_bars()

    def _item(self) -> tuple[Meeting, Item] | None:
        from itgov.tui.views.session import SessionView

        view = self._seat.view
        if self.meeting is None or not isinstance(view, SessionView) or view.item is None:
            return None
        return self.meeting, view.item

    # -- opening ---------------------------------------------------------------------------------

    @work(exclusive=True, group="edit")
    async def do_meet(self) -> None:
        """Open a review session, or go on with the one that is open."""
        from itgov.tui.dialogs.form import Ask, Form
        from itgov.tui.edits import people
        from itgov.tui.meeting import TROUBLE, Meeting

        seat = self._seat
        room = seat.room
        if room is None:
            return
        if self.meeting is None:
            chosen = seat.selection()
            unit = chosen.unit if chosen is not None else None
            asks = (
                Ask(id="unit", label="business unit", kind="choice", choices=tuple(room.portfolio.units), value=unit or "", optional=True, help="empty: all of them"),
                Ask(id="chair", label="chair", kind="person", optional=True),
                Ask(id="present", label="present", kind="people", optional=True),
            )  # fmt: skip
            given = await seat.push_screen_wait(
                Form("Open a review session", asks, people(room, unit), room.today)
            )
            if given is None or seat.room is None:
                return
            present = [p for p in given["present"].split(",") if p]
            try:
                self.meeting = Meeting.begin(
                    seat.room, given["unit"] or None, given["chair"] or None, present
                )
            except TROUBLE as problem:
                seat.say(str(problem), "error")
                return
            seat.say(f"{len(self.meeting.session.items)} items on the agenda", "ok")
        await seat.show_view("session")
        self._show_again()

    # -- closing ---------------------------------------------------------------------------------

    @work(exclusive=True, group="edit")
    async def do_close_session(self) -> None:
        """Close the session: minutes, and a commit if that is wanted."""
        from itgov.tui.dialogs.picker import Choice, Picker
        from itgov.tui.meeting import TROUBLE, NoCommit

        seat, meeting = self._seat, self.meeting
        if meeting is None:
            return
        left = len(meeting.progress.left)
        come_back = f"; {left} without a decision come back" if left else ""
        choices = (
            Choice("close", ("write the minutes and close it" + come_back,), "close"),
            Choice("discard", ("drop it: no minutes",), "drop discard"),
        )
        how = await seat.push_screen_wait(Picker(f"Close {meeting.session.id}", choices))
        if how is None:
            return
        try:
            if how == "discard":
                meeting.discard()
                self.meeting = None
                seat.say(
                    f"{meeting.session.id} was dropped; what it edited in the files stays", "ok"
                )
                self._show_again()
                return
            closed = meeting.close()
        except TROUBLE as problem:
            seat.say(str(problem), "error")
            return
        self.meeting = None
        words = f"closed; wrote {', '.join(closed.written)}"
        if closed.notes:
            words += "; " + "; ".join(closed.notes)
        seat.say(words, "ok")
        seat.do_reload()
        self._show_again()
        if not closed.commit:
            if closed.why_not and seat.room is not None and seat.room.git:
                seat.say(f"{words}; not committed: {closed.why_not}", "warning")
            return
        where = f" on {closed.branch}" if closed.branch else " on a detached HEAD"
        choices = (
            Choice("yes", (f"commit {', '.join(closed.commit)}{where}",), "yes commit"),
            Choice("no", ("leave that to me",), "no leave"),
        )
        if (
            await seat.push_screen_wait(Picker("Commit just this session's files?", choices))
            != "yes"
        ):
            return
        try:
            seat.say(f"committed {meeting.commit(closed)[:10]}", "ok")
        except NoCommit as refused:
            seat.say(f"not committed: {refused}", "error")
        seat.do_reload()
